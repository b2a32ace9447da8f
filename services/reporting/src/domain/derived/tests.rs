//! Counts of tables in the cells of figures.

use super::*;
use crate::domain::definition::{self, Definitions};

const SHIPPED: &str = include_str!("../../../definitions/derived.toml");

fn definitions() -> Definitions {
    definition::load(include_str!("../../../definitions/figures.toml")).unwrap()
}

fn shipped() -> Crosswalk {
    load(&definitions(), SHIPPED).unwrap()
}

fn cell(text: &str) -> Cell {
    crate::domain::narrative::parse_cell(text).unwrap()
}

fn at(subject: &str, text: &str) -> Place {
    Place { subject: subject.to_owned(), cell: cell(text) }
}

/// Participants by sex: two teams, one of whose counts are hidden.
fn by_sex() -> Answered {
    let rows: [(&str, &str, Option<i64>); 9] = [
        ("a", "SEX_WOMAN", Some(12)),
        ("a", "SEX_MAN", Some(8)),
        ("a", "", Some(20)),
        ("b", "SEX_WOMAN", None),
        ("b", "SEX_MAN", None),
        ("b", "", Some(9)),
        ("", "SEX_WOMAN", None),
        ("", "SEX_MAN", None),
        ("", "", Some(29)),
    ];
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let number = |(team, key, value): (&str, &str, Option<i64>)| {
        ((some(team), some(key), 0), Told { value, commitment: vec![1] })
    };
    let layout = Slug::parse("", "figures-1-participants-by-sex").unwrap();
    Answered { layout, numbers: rows.into_iter().map(number).collect() }
}

fn teams(ids: &[&str]) -> BTreeSet<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

#[test]
fn each_count_goes_to_its_cell_and_what_is_hidden_stays_hidden() {
    let cells = cells(&shipped(), &[by_sex()], &teams(&["a", "b"]), "x");
    let value = |place: Place| cells[&place].value;
    assert!(!cells.contains_key(&at("a", "participants")), "the total is of another table");
    assert_eq!(value(at("a", "participants.woman")), Some(12));
    assert_eq!(value(at("b", "participants.man")), None, "hidden, and not 0");
    assert_eq!(value(at("x", "participants.woman")), None);
    assert_eq!(value(at("a", "new_participants")), Some(0), "left out is nobody");
    assert_eq!(cells[&at("a", "participants.woman")].commitment, [1]);
    assert!(!cells.contains_key(&at("a", "queue")), "a table that was not asked for tells nothing");
}

#[test]
fn the_sum_over_some_of_the_teams_is_hidden_when_one_of_them_is() {
    let of = |ids: &[&str]| cells(&shipped(), &[by_sex()], &teams(ids), "x");
    let only_a = of(&["a"]);
    assert_eq!(only_a[&at("x", "participants.woman")].value, Some(12));
    assert!(!only_a.contains_key(&at("b", "participants.woman")));
    let only_b = of(&["b"]);
    assert_eq!(only_b[&at("x", "participants.woman")].value, None);
}

#[test]
fn what_makes_a_stock_is_told_beside_it() {
    let numbers = [(0, 20), (1, 9), (2, 11)].map(|(column, value)| {
        let value = Some(value);
        ((Some("a".to_owned()), None, column), Told { value, commitment: Vec::new() })
    });
    let layout = Slug::parse("", "figures-1-participants").unwrap();
    let answered = Answered { layout, numbers: numbers.into() };
    let found = components(&shipped(), std::slice::from_ref(&answered), &teams(&["a"]), "x");
    assert_eq!(found[&(at("a", "participants"), Component::Opening)], Some(9));
    assert_eq!(found[&(at("a", "participants"), Component::Inflow)], Some(11));
    assert!(!found.contains_key(&(at("a", "participants"), Component::Outflow)));
    let cells = cells(&shipped(), &[answered], &teams(&["a"]), "x");
    assert_eq!(cells[&at("a", "participants")].value, Some(20));
}

#[test]
fn the_shipped_crosswalk_fills_every_figure_and_partition_of_the_definitions() {
    let definitions = definitions();
    let crosswalk = shipped();
    let columns: Vec<&Column> = crosswalk.tables.iter().flat_map(|t| &t.columns).collect();
    for figure in definitions.figures() {
        assert!(columns.iter().any(|column| column.total.as_ref() == Some(&figure.code)));
        for partition in &figure.partitions {
            let reported_as = Some(&partition.reported_as);
            assert!(columns.iter().any(|column| column.categories.as_ref() == reported_as));
        }
    }
}

#[test]
fn a_crosswalk_that_does_not_fit_is_refused_with_each_fault_and_its_place() {
    let replaced = |from: &str, to: &str| -> Vec<(String, &str)> {
        let faults = load(&definitions(), &SHIPPED.replacen(from, to, 1)).unwrap_err().into_vec();
        faults.into_iter().map(|fault| (fault.field, fault.reason)).collect()
    };
    for (from, to, field, reason) in [
        (
            "measure = \"new\"",
            "measure = \"people\"",
            "tables[0].columns[1].measure",
            "TEMPLATE_MEASURE_UNKNOWN",
        ),
        ("cut = \"sex\"", "cut = \"colour\"", "tables[0].cut", "TEMPLATE_CUT_UNKNOWN"),
        ("cut = \"sex\"", "cut = \"team\"", "tables[0].cut", "TEMPLATE_CUT_UNKNOWN"),
        (
            "banding = \"figures-1-age\"",
            "banding = \"ages\"",
            "tables[1].banding",
            "TEMPLATE_BANDING_UNKNOWN",
        ),
        ("codes = \"SEX_\"\n", "", "tables[0].cut", "TEMPLATE_CATEGORIES_MISSING"),
        (
            "total = \"queue\"",
            "total = \"people\"",
            "tables[4].columns[0].total",
            "TEMPLATE_TABLE_CELL_UNKNOWN",
        ),
        (
            "total = \"queue\"",
            "total = \"exits\"",
            "tables[4].columns[0].total",
            "TEMPLATE_CELL_TWICE",
        ),
        ("layout = \"figures-1-queue\"", "layout = \"Q\"", "tables[4].layout", "ID_MALFORMED"),
        (
            "partition = \"participants_by_sex\"",
            "partition = \"by_colour\"",
            "list.cuts[0].partition",
            "TEMPLATE_TABLE_CELL_UNKNOWN",
        ),
        ("version = 1", "number = 1", "", "TEMPLATE_UNREADABLE"),
    ] {
        assert_eq!(replaced(from, to), [(field.to_owned(), reason)], "{to}");
    }
}

#[test]
fn a_list_has_the_rows_of_its_teams_in_words() {
    let crosswalk = shipped();
    let [sex, age] = crosswalk.list.as_ref().unwrap().cuts.as_slice() else {
        panic!("it has two cuts")
    };
    assert_eq!((sex.word("SEX_WOMAN"), age.word("over-30")), ("Kvinnor", "30 år och äldre"));
    assert_eq!((sex.word("SEX_"), age.word("")), ("", ""), "of whom it is not known");
    let alike = |team: &str| Alike { team: team.to_owned(), keys: Vec::new(), people: 7 };
    let rows = rows_of(&[alike("a"), alike("b")], &BTreeSet::from(["b", "c"]));
    assert_eq!(rows, [alike("b")]);
}
