//! Where each figure of a report comes from, and what its sums cover.

use chrono::NaiveDate;
use values::Ore;
use values::name::{ReportTemplateName, ReportingPeriodName};

use super::*;
use crate::domain::definition::load;
use crate::domain::narrative::parse_cell;
use crate::domain::reported_figures::Counts;
use crate::domain::template;

const TEMPLATE: &str = include_str!("../../../templates/half-year-report-1.toml");

fn slug(text: &str) -> Slug {
    Slug::parse("", text).unwrap()
}

fn cell(text: &str) -> Cell {
    parse_cell(text).unwrap()
}

fn definitions() -> Definitions {
    load(include_str!("../../../definitions/figures.toml")).unwrap()
}

fn reported(counts: &[(&str, u32)]) -> Records {
    let counts = counts.iter().map(|(text, count)| (cell(text), *count));
    Records::Reported(Counts::recorded(counts.collect()))
}

fn derived(counts: &[(&str, Option<u32>)]) -> Records {
    let content = |count: Option<u32>| match count {
        Some(count) => Content::Known(Value::Number(Quantity::count(count))),
        None => Content::Hidden,
    };
    Records::Derived(counts.iter().map(|(text, count)| (cell(text), content(*count))).collect())
}

fn stated(cells: &[(&str, &str)]) -> Figures {
    cells.iter().map(|(text, value)| (cell(text), Value::parse(value).unwrap())).collect()
}

fn content(subject: Subject) -> report::Content {
    report::Content {
        template: ReportTemplateName::new(slug("f"), slug("half-year-report-1")),
        period: ReportingPeriodName::new(slug("f"), slug("2025h1")),
        subject,
        title: "Delårsrapport".to_owned(),
        dnr: String::new(),
        plan_version: String::new(),
        goals: Vec::new(),
        derived: BTreeSet::new(),
        stated: BTreeMap::new(),
    }
}

fn compiled(content: &report::Content, teams: Vec<(&str, Records)>) -> Compiled {
    compiled_with(content, teams, BTreeMap::new())
}

/// With what is told of all derived teams together.
fn compiled_with(
    content: &report::Content,
    teams: Vec<(&str, Records)>,
    derived_sums: BTreeMap<Cell, Content>,
) -> Compiled {
    let team = |(id, now)| (id, now, Records::Missing);
    compared(content, teams.into_iter().map(team).collect(), derived_sums)
}

/// With the records of the period before.
fn compared(
    content: &report::Content,
    teams: Vec<(&str, Records, Records)>,
    derived_sums: BTreeMap<Cell, Content>,
) -> Compiled {
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let template = template::load(TEMPLATE).unwrap();
    let team = |(id, now, before)| (slug(id), TeamRecords { now, before });
    compile(Inputs {
        definitions: &definitions(),
        template: &template,
        content,
        period: Period::new("", day("2025-01-01"), day("2025-06-30")).unwrap(),
        teams: teams.into_iter().map(team).collect(),
        derived_sums,
        derived_sums_before: BTreeMap::new(),
        stated_before: &BTreeMap::new(),
        money: BTreeMap::new(),
        total_money: Some(Money { granted: Ore::new(1_384_150_000), ..Money::default() }),
        plan: None,
        threshold: Threshold::DEFAULT,
        hidden: &BTreeSet::new(),
    })
}

fn shown(compiled: &Compiled, subject: &str, text: &str) -> Option<String> {
    match compiled.subjects[subject].get(&cell(text))?.content {
        Content::Known(value) => Some(value.plain()),
        Content::Hidden => Some("hidden".to_owned()),
    }
}

#[test]
fn a_sum_tells_how_many_teams_it_covers_and_a_missing_team_is_not_0() {
    let teams = vec![
        ("fns", reported(&[("participants", 10), ("queue", 2)])),
        ("sala", reported(&[("participants", 5)])),
        ("surahammar", Records::Missing),
    ];
    let compiled = compiled(&content(Subject::Federation), teams);
    let Source::Sum(covered) = compiled.subjects[WHOLE][&cell("participants")].source else {
        panic!("no sum");
    };
    assert_eq!((covered.covered, covered.teams, covered.derived), (2, 3, None));
    assert_eq!(shown(&compiled, WHOLE, "participants").as_deref(), Some("15"));
    assert_eq!(shown(&compiled, WHOLE, "queue").as_deref(), Some("2"));
    assert_eq!(shown(&compiled, "surahammar", "participants"), None);
    assert_eq!(shown(&compiled, WHOLE, "exits"), None);
}

#[test]
fn a_sum_is_compared_with_that_of_the_same_teams_alone() {
    let both = |participants, queue| reported(&[("participants", participants), ("queue", queue)]);
    let teams = vec![
        ("fns", both(10, 2), both(8, 3)),
        ("sala", reported(&[("participants", 5)]), both(4, 9)),
        ("surahammar", Records::Missing, Records::Missing),
    ];
    let report = compared(&content(Subject::Federation), teams, BTreeMap::new()).report(Vec::new());
    let before = |id: &str, text| report.subjects[id].before.get(&cell(text)).map(Value::plain);
    assert_eq!(before(WHOLE, "participants").as_deref(), Some("12"));
    assert_eq!(before(WHOLE, "queue"), None, "Sala has no queue now");
    assert_eq!(before("sala", "queue").as_deref(), Some("9"));
}

#[test]
fn a_sum_over_both_kinds_has_two_parts_and_a_hidden_one_none() {
    let teams = vec![
        ("fns", reported(&[("participants", 10), ("queue", 9)])),
        ("sala", derived(&[("participants", Some(7)), ("queue", None)])),
    ];
    let compiled = compiled(&content(Subject::Federation), teams);
    let of = |text| compiled.subjects[WHOLE][&cell(text)].source;
    let count = |count| Some(Quantity::count(count));
    let mixed = Covered { covered: 2, teams: 2, reported: count(10), derived: count(7) };
    assert_eq!(of("participants"), Source::Sum(mixed));
    let hidden = Covered { covered: 2, teams: 2, reported: None, derived: None };
    assert_eq!(of("queue"), Source::Sum(hidden));
    assert_eq!(shown(&compiled, WHOLE, "queue").as_deref(), Some("hidden"));
    assert_eq!(shown(&compiled, "sala", "queue").as_deref(), Some("hidden"));
    let checked = compiled.report(Vec::new());
    assert_eq!(checked.subjects["sala"].figures.get(&cell("queue")), None);
}

#[test]
fn what_is_told_of_all_derived_teams_stands_where_that_of_one_is_hidden() {
    let teams = || {
        vec![
            ("fns", reported(&[("participants", 10), ("queue", 9)])),
            ("sala", derived(&[("participants", Some(7)), ("queue", None)])),
            ("surahammar", derived(&[("participants", None), ("queue", None)])),
        ]
    };
    let mut content = content(Subject::Federation);
    content.derived = [slug("sala"), slug("surahammar")].into();
    let known = Content::Known(Value::Number(Quantity::count(11)));
    let told = [(cell("participants"), known), (cell("queue"), Content::Hidden)];
    let told = BTreeMap::from(told);
    let compiled = compiled_with(&content, teams(), told.clone());
    let count = |count| Some(Quantity::count(count));
    let mixed = Covered { covered: 3, teams: 3, reported: count(10), derived: count(11) };
    assert_eq!(compiled.subjects[WHOLE][&cell("participants")].source, Source::Sum(mixed));
    assert_eq!(shown(&compiled, WHOLE, "participants").as_deref(), Some("21"));
    assert_eq!(shown(&compiled, WHOLE, "queue").as_deref(), Some("hidden"));

    // What a report states of one of them is not what was counted.
    content.stated.insert("sala".to_owned(), stated(&[("participants", "8")]));
    let compiled = compiled_with(&content, teams(), told);
    assert_eq!(shown(&compiled, WHOLE, "participants").as_deref(), Some("hidden"));
}

#[test]
fn parts_are_summed_when_each_team_with_the_whole_divides_it_so() {
    let fns = [("participants", 10), ("participants.woman", 4), ("participants.man", 6)];
    let by_age = [("participants_by_age.under_30", 3), ("participants_by_age.over_30", 7)];
    let fns: Vec<_> = fns.into_iter().chain(by_age).collect();
    let sala = [("participants", 5), ("participants.woman", 5)];
    let teams = vec![("fns", reported(&fns)), ("sala", reported(&sala))];
    let compiled = compiled(&content(Subject::Federation), teams);
    assert_eq!(shown(&compiled, WHOLE, "participants.woman").as_deref(), Some("9"));
    assert_eq!(shown(&compiled, WHOLE, "participants.man").as_deref(), Some("6"));
    assert_eq!(shown(&compiled, WHOLE, "participants_by_age.under_30"), None);
}

#[test]
fn what_the_report_states_stands_beside_and_money_is_in_whole_tkr() {
    let mut content = content(Subject::Federation);
    content.stated.insert(WHOLE.to_owned(), stated(&[("participants", "16")]));
    content.stated.insert("fns".to_owned(), stated(&[("ongoing_at_start", "4")]));
    let compiled = compiled(&content, vec![("fns", reported(&[("participants", 15)]))]);
    assert_eq!(compiled.subjects[WHOLE][&cell("participants")].source, Source::Stated);
    assert_eq!(shown(&compiled, WHOLE, "ongoing_at_start").as_deref(), Some("4"));
    assert_eq!(shown(&compiled, WHOLE, "granted_tkr").as_deref(), Some("13842"));
    assert!(compiled.report(Vec::new()).subjects[WHOLE].is_whole);
}

#[test]
fn a_report_on_an_area_has_the_areas_figures_alone() {
    let teams = vec![
        ("fns", reported(&[("participants", 10)])),
        ("sala", reported(&[("participants", 5)])),
    ];
    let compiled = compiled(&content(Subject::Area(slug("norra"))), teams);
    assert_eq!(compiled.subjects.keys().collect::<Vec<_>>(), ["norra"]);
    assert_eq!(shown(&compiled, "norra", "participants").as_deref(), Some("15"));
    assert!(!compiled.report(Vec::new()).subjects["norra"].is_whole);
}
