//! Documents that have the same bytes whenever they are made.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::{any, proptest};

use super::*;
use crate::domain::definition;
use crate::domain::derived;
use crate::domain::half_year::HalfYear;
use crate::domain::protection::Place;

const WHOLE: &str = "federations/x";

fn definitions() -> Definitions {
    definition::load(include_str!("../../../definitions/figures.toml")).unwrap()
}

fn cell(text: &str) -> Cell {
    crate::domain::narrative::parse_cell(text).unwrap()
}

fn half_year() -> HalfYear {
    HalfYear::new(2025, 1).unwrap()
}

fn recorded(team: &str) -> Recorded {
    let name = format!("federations/x/reportingPeriods/2025h1/reportedFigures/{team}");
    Recorded { name, sequence: 7, hash: vec![0xab; 32] }
}

fn team(id: &str) -> String {
    format!("federations/x/teams/{id}")
}

/// Teams a and b have reported, c is counted from records.
fn counted(women: i64, men: i64) -> Counted {
    let of = |id: &str, women, men| {
        let cells = [
            ("participants", women + men),
            ("participants.woman", women),
            ("participants.man", men),
        ];
        let counts = cells.iter().map(|(text, count)| (cell(text), *count)).collect();
        (team(id), (recorded(id), counts))
    };
    let told = |value| derived::Told { value, commitment: vec![9; 32] };
    let at = |subject: String, text: &str| Place { subject, cell: cell(text) };
    let counted = Counted {
        whole: WHOLE.to_owned(),
        teams: 4,
        reported: BTreeMap::from([of("a", women, men), of("b", 20, 30)]),
        stated: BTreeMap::new(),
        derived: BTreeMap::from([
            (at(team("c"), "participants"), told(Some(12))),
            (at(team("c"), "participants.woman"), told(None)),
            (at(WHOLE.to_owned(), "participants"), told(Some(12))),
            (at(WHOLE.to_owned(), "participants.woman"), told(None)),
        ]),
        sums: BTreeSet::new(),
    };
    counted.summed(&definitions())
}

fn document(figures: Vec<Figure>) -> Document {
    let day = |text: &str| text.parse().unwrap();
    let slug = |text| Slug::parse("", text).unwrap();
    let labels = labels(&definitions(), &[], &figures);
    Document {
        name: "federations/x/releases/2025h1-1".to_owned(),
        report: "federations/x/reports/2025h1".to_owned(),
        restates: String::new(),
        title: "Delårsrapport".to_owned(),
        dnr: "12/2025".to_owned(),
        federation_display_name: "Förbundet".to_owned(),
        reporting_period: ReportingPeriodName::new(slug("x"), slug("2025h1")),
        period: Period::new("", day("2025-01-01"), day("2025-06-30")).unwrap(),
        publish_time: "2025-08-01T10:00:00Z".parse().unwrap(),
        threshold: 5,
        definitions_version: 1,
        template: String::new(),
        stamps: vec![Stamp {
            service: "reporting".to_owned(),
            sequence: 9,
            head_hash: vec![1; 32],
        }],
        subjects: Vec::new(),
        labels,
        figures,
        funding: Vec::new(),
        chapters: Vec::new(),
        explanations: Vec::new(),
        changes: Vec::new(),
        list: None,
    }
}

fn told<'a>(figures: &'a [Figure], subject: &str, text: &str, source: Source) -> &'a Figure {
    let of = |figure: &&Figure| {
        figure.subject == subject && figure.cell == cell(text) && figure.source == source
    };
    figures.iter().find(of).unwrap()
}

#[test]
fn a_sum_of_both_kinds_stands_beside_its_two_subtotals() {
    let hidden = BTreeSet::from([Place { subject: team("a"), cell: cell("participants.man") }]);
    let figures = compiled(&definitions(), &counted(10, 3), &hidden, &[1; 32]);
    for (source, count) in [(Source::Reported, 63), (Source::Derived, 12), (Source::Mixed, 75)] {
        assert_eq!(told(&figures, WHOLE, "participants", source).told, Told::Count(count));
    }
    let women = told(&figures, WHOLE, "participants.woman", Source::Mixed);
    assert_eq!(women.told, Told::Hidden, "one of its parts is");
    let men = told(&figures, &team("a"), "participants.man", Source::Reported);
    assert_eq!((&men.told, men.commitment.as_slice()), (&Told::Hidden, [].as_slice()));
    assert_eq!(figures[0].subject, WHOLE, "the whole comes first");
    let shown = told(&figures, &team("a"), "participants.woman", Source::Reported);
    let version = record_version(&recorded("a"), &cell("participants.woman"), 10);
    let expected = disclosure::commitment::leaf(&salt(&[1; 32], &version), &version);
    assert_eq!(shown.commitment, expected);
}

#[test]
fn a_sum_tells_how_many_teams_it_covers_and_is_shown_only_where_each_divides_it() {
    let figures = compiled(&definitions(), &counted(10, 6), &BTreeSet::new(), &[1; 32]);
    let covered = |text, source| {
        let Covered { teams_covered, team_count } = told(&figures, WHOLE, text, source).covered?;
        Some((teams_covered, team_count))
    };
    assert_eq!(covered("participants", Source::Reported), Some((2, 4)));
    assert_eq!(covered("participants", Source::Mixed), Some((3, 4)));
    assert_eq!(told(&figures, &team("a"), "participants", Source::Reported).covered, None);

    let mut undivided = counted(10, 6);
    undivided.derived.retain(|place, _| place.cell == cell("participants"));
    let women = |figures: &[Figure]| {
        let of = |figure: &&Figure| figure.cell == cell("participants.woman");
        figures.iter().filter(of).map(|figure| figure.subject.clone()).collect::<Vec<_>>()
    };
    let undivided = undivided.summed(&definitions());
    let figures = compiled(&definitions(), &undivided, &BTreeSet::new(), &[1; 32]);
    assert_eq!(women(&figures), [team("a"), team("b")], "c does not say how many are women");
    let nothing = (Vec::new(), BTreeMap::new());
    let publication = undivided.publication((8, half_year()), &BTreeSet::new(), nothing);
    assert!(!publication.summed.contains(&cell("participants.woman")));
}

#[test]
fn what_is_stated_of_the_whole_stands_beside_the_sum() {
    let mut counted = counted(10, 6);
    let stated = BTreeMap::from([(cell("participants"), 70)]);
    counted.stated.insert(WHOLE.to_owned(), (recorded("report"), stated));
    let figures = compiled(&definitions(), &counted, &BTreeSet::new(), &[1; 32]);
    for (source, count) in [(Source::Reported, 66), (Source::Stated, 70), (Source::Mixed, 78)] {
        assert_eq!(told(&figures, WHOLE, "participants", source).told, Told::Count(count));
    }
    let nothing = (Vec::new(), BTreeMap::new());
    let teams = counted.publication((8, half_year()), &BTreeSet::new(), nothing).teams;
    assert!(!teams.contains_key(WHOLE), "the sum counts people, what is stated does not");
    let proofs = evidence("r", &counted, &figures, &[1; 32]).written();
    assert!(proofs.contains("reportedFigures/report\\nparticipants\\ntotal\\n70"), "{proofs}");

    let few = BTreeMap::from([(cell("participants"), 4)]);
    counted.stated.insert(WHOLE.to_owned(), (recorded("report"), few));
    let place = Place { subject: WHOLE.to_owned(), cell: cell("participants") };
    assert_eq!(counted.few_stated(disclosure::Threshold::DEFAULT), BTreeSet::from([place]));
}

#[test]
fn releases_of_reports_with_the_same_id_are_numbered_together() {
    let slug = |text: &str| Slug::parse("", text).unwrap();
    let taken = ["2025h1-1", "2025h1-2", "2025h1-b-7", "2025h2-9"].map(slug);
    assert_eq!(next_id(&slug("2025h1"), &taken), Some(slug("2025h1-3")));
    assert_eq!(next_id(&slug("2025h1-b"), &taken), Some(slug("2025h1-b-8")));
    assert_eq!(next_id(&slug("halvar"), &taken), Some(slug("halvar-1")));
}

#[test]
fn a_report_is_published_once_and_not_without_figures() {
    assert_eq!(publish(None, true), Ok(()));
    assert_eq!(publish(None, false), Err(Refusal::WithoutFigures));
    let before = Err(Refusal::Published("2025h1-1".to_owned()));
    assert_eq!(publish(Some("2025h1-1"), true), before);
}

proptest! {
    #[test]
    fn the_same_report_has_the_same_bytes_and_another_has_others(
        women in 0_i64..500,
        men in 0_i64..500,
        more in 1_i64..9,
        seed in any::<Seed>(),
    ) {
        let made = |men| {
            let figures = compiled(&definitions(), &counted(women, men), &BTreeSet::new(), &seed);
            document(figures).bytes()
        };
        let bytes = made(men);
        assert_eq!(bytes, made(men));
        assert_ne!(hash(&bytes), hash(&made(men + more)));
        let parsed: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(serde_json::to_vec(&parsed).unwrap(), bytes, "canonical to others as well");
        assert_eq!(parsed["labels"][0]["text_sv"], "Deltagare under perioden");
    }

    #[test]
    fn a_commitment_holds_every_part_of_what_it_is_made_of(
        count in 0_i64..1000,
        seed in any::<Seed>(),
    ) {
        let of = |seed: &Seed, recorded: &Recorded, text: &str, count| {
            commitment(seed, &cell(text), [(recorded, count)])
        };
        let own = of(&seed, &recorded("a"), "queue", count);
        assert_eq!(own, of(&seed, &recorded("a"), "queue", count));
        let mut other_seed = seed;
        other_seed[0] ^= 1;
        let later = Recorded { sequence: 8, ..recorded("a") };
        for other in [
            of(&seed, &recorded("a"), "queue", count + 1),
            of(&seed, &recorded("a"), "exits", count),
            of(&seed, &recorded("b"), "queue", count),
            of(&seed, &later, "queue", count),
            of(&other_seed, &recorded("a"), "queue", count),
        ] {
            assert_ne!(own, other);
        }
    }
}

#[test]
fn what_is_counted_from_records_is_told_of_a_team_and_not_what_somebody_stated_beside_it() {
    let mut counted = counted(10, 10);
    let typed = BTreeMap::from([(cell("participants"), 99), (cell("exits"), 8)]);
    counted.stated = BTreeMap::from([(team("c"), (recorded("c"), typed))]);
    let figures = compiled(&definitions(), &counted, &BTreeSet::new(), &[1; 32]);
    let told = told_of_team(&document(figures), &team("c"));
    let expected = [("exits", Some(8)), ("participants", Some(12)), ("participants.woman", None)];
    let expected = expected.map(|(text, count)| (cell(text), count));
    assert_eq!(told, Counts::from(expected));
}

/// What a release of the next half-year tells, with these counts of team c from records and
/// what is stated of it, and what is hidden of it.
fn beside(
    cells: &[(&str, i64)],
    stated: &[(&str, i64)],
    (hidden, before): (&BTreeSet<Place>, &HiddenBefore),
) -> Vec<Figure> {
    let template = include_str!("../../../tests/it/data/half-year-report.toml");
    let relations = crate::domain::template::load(template).unwrap().relations;
    let told = |value| derived::Told { value: Some(value), commitment: vec![9; 32] };
    let of = |(text, count): &(&str, i64)| {
        [team("c"), WHOLE.to_owned()]
            .map(|subject| (Place { subject, cell: cell(text) }, told(*count)))
    };
    let mut counted = Counted { derived: cells.iter().flat_map(of).collect(), ..counted(10, 10) };
    let stated: BTreeMap<Cell, i64> =
        stated.iter().map(|(text, count)| (cell(text), *count)).collect();
    counted.stated.insert(team("c"), (recorded("c"), stated));
    let counted = counted.summed(&definitions());
    let more = counted.hidden_beside((&definitions(), &relations), hidden, before);
    compiled(&definitions(), &counted.hiding_derived(&more), &(hidden | &more), &[1; 32])
}

#[test]
fn a_hidden_end_is_not_told_by_what_is_counted_from_records_of_the_next_half_year() {
    let came = [("new_participants", 8), ("new_participants.woman", 8)];
    let left = [("exits", 9), ("exits.work", 9), ("ongoing_at_end", 19)];
    let cells = [&came[..], &left[..], &[("participants", 28), ("ongoing_at_start", 20)]].concat();
    let end = Place { subject: team("c"), cell: cell("ongoing_at_end") };
    let before = HiddenBefore { all: BTreeSet::from([end]), derived: BTreeSet::new() };
    let figures = beside(&cells, &[], (&BTreeSet::new(), &before));
    for (text, _) in cells.iter().filter(|(text, _)| *text != "participants") {
        for subject in [team("c"), WHOLE.to_owned()] {
            let figure = told(&figures, &subject, text, Source::Derived);
            assert_eq!((&figure.told, figure.commitment.len()), (&Told::Hidden, 0), "{text}");
        }
    }
    let all = told(&figures, &team("c"), "participants", Source::Derived);
    assert_eq!(all.told, Told::Count(28), "nobody can say how many of them are new");
    let nothing = (&BTreeSet::new(), &HiddenBefore::default());
    let figures = beside(&cells, &[], nothing);
    assert!(figures.iter().all(|figure| figure.told != Told::Hidden));
}

#[test]
fn what_is_hidden_of_a_statement_is_not_told_by_the_same_figure_from_records() {
    let queue = [("queue", 20)];
    let flow = [("queue_at_start", 3), ("referrals", 26), ("left_queue", 9)];
    let stated = [&queue[..], &flow[..]].concat();
    let hidden = ["queue", "queue_at_start"].map(|text| (team("c"), text));
    let hidden = hidden.map(|(subject, text)| Place { subject, cell: cell(text) });
    let figures = beside(&queue, &stated, (&BTreeSet::from(hidden), &HiddenBefore::default()));
    for source in [Source::Stated, Source::Derived] {
        assert_eq!(told(&figures, &team("c"), "queue", source).told, Told::Hidden, "20 + 9 − 26");
    }
}

#[test]
fn an_end_that_the_next_half_year_counts_as_its_beginning_is_found() {
    let cells = [("ongoing_at_start", 20), ("participants", 28)];
    let nothing = (&BTreeSet::new(), &HiddenBefore::default());
    let told = document(beside(&cells, &[("queue_at_start", 9)], nothing));
    let openings = ["ongoing", "queue"].map(|figure| {
        let end = if figure == "queue" { figure } else { "ongoing_at_end" };
        (cell(&format!("{figure}_at_start")), cell(end))
    });
    let end = Place { subject: team("c"), cell: cell("ongoing_at_end") };
    let found = ends_counted(&told, &BTreeMap::from(openings));
    assert_eq!(found, BTreeSet::from([end]), "the queue is stated, and the ledger knows it");
}
