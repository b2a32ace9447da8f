//! Chapters and totals over teams that reported, did not, or reported
//! otherwise than the rest.

use chrono::DateTime;
use values::{Period, Slug};

use super::*;
use crate::domain::definition::{Cell, TOTAL, load};

type SentCells<'a> = &'a [(&'a str, &'a str, u32)];

fn name(id: &str) -> TeamName {
    TeamName::parse("team", &format!("federations/vastmanland/teams/{id}")).unwrap()
}

fn team(id: &str, display_name: &str) -> Team {
    Team {
        name: name(id),
        display_name: display_name.to_owned(),
        municipality_display_names: Vec::new(),
    }
}

fn figures(cells: SentCells<'_>) -> ReportedFigures {
    let cell =
        |(figure, category, count): &(&str, &str, u32)| (Cell::new(figure, category), *count);
    ReportedFigures {
        counts: Counts::recorded(cells.iter().map(cell).collect()),
        report_time: DateTime::UNIX_EPOCH,
        reporter: "federations/vastmanland/accounts/lead".to_owned(),
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn report(reported: &[(&str, SentCells<'_>)], reader: &Reader, today: &str) -> HalfYearReport {
    let definitions = load(include_str!("../../../definitions/figures.toml")).unwrap();
    let span = Period::new("period", day("2025-01-01"), day("2025-06-30")).unwrap();
    let period = ReportingPeriod::new(span, day("2025-07-01")).unwrap();
    let teams = vec![team("a", "Team Östra"), team("b", "Team Åsen"), team("c", "Team Sala")];
    let reported = reported.iter().map(|(id, cells)| (name(id), figures(cells))).collect();
    compile(&definitions, period, teams, reported, reader, day(today))
}

fn total<'a>(report: &'a HalfYearReport, figure: &str) -> &'a FigureTotal {
    report.totals.iter().find(|total| total.figure == figure).unwrap()
}

#[test]
fn a_team_without_figures_is_not_reported_and_overdue_after_the_due_date() {
    let on_the_day = report(&[], &Reader::WholeFederation, "2025-07-01");
    assert!(on_the_day.chapters.iter().all(|chapter| chapter.status == Status::NotReported));
    let the_day_after = report(&[], &Reader::WholeFederation, "2025-07-02");
    assert!(the_day_after.chapters.iter().all(|chapter| chapter.status == Status::Overdue));
}

#[test]
fn a_figure_that_nobody_reports_has_no_total_and_covers_no_team() {
    let report = report(&[], &Reader::WholeFederation, "2025-07-01");
    assert_eq!(report.totals.len(), 4);
    for total in &report.totals {
        assert_eq!((total.total, total.teams_covered.len(), total.team_count), (None, 0, 3));
        assert!(total.categories.is_empty() && !total.categories_differ);
    }
}

#[test]
fn chapters_stand_in_swedish_order() {
    let report = report(&[], &Reader::WholeFederation, "2025-07-01");
    let names: Vec<_> =
        report.chapters.iter().map(|chapter| chapter.team.display_name.as_str()).collect();
    assert_eq!(names, ["Team Sala", "Team Åsen", "Team Östra"]);
}

#[test]
fn a_total_sums_the_teams_that_report_it_and_names_them() {
    let report = report(
        &[
            (
                "a",
                &[
                    ("participants", TOTAL, 15),
                    ("participants", "woman", 4),
                    ("participants", "man", 11),
                ],
            ),
            (
                "b",
                &[
                    ("participants", TOTAL, 30),
                    ("participants", "woman", 17),
                    ("participants", "man", 13),
                ],
            ),
        ],
        &Reader::WholeFederation,
        "2025-07-01",
    );
    let participants = total(&report, "participants");
    assert_eq!(participants.total, Some(45));
    assert_eq!(participants.teams_covered, [name("a"), name("b")]);
    assert_eq!(participants.team_count, 3);
    assert!(!participants.categories_differ);
    let sums: Vec<_> = participants
        .categories
        .iter()
        .map(|category| (category.category.as_str(), category.count, category.team_count))
        .collect();
    assert_eq!(sums, [("woman", 21, 2), ("man", 24, 2)]);
    assert_eq!(total(&report, "queue").total, None);
}

#[test]
fn a_total_over_teams_that_report_different_categories_says_so() {
    let report = report(
        &[
            ("a", &[("exits", TOTAL, 6), ("exits", "work", 2), ("exits", "other", 4)]),
            ("b", &[("exits", TOTAL, 1), ("exits", "medical_rehabilitation", 1)]),
        ],
        &Reader::WholeFederation,
        "2025-07-01",
    );
    let exits = total(&report, "exits");
    assert_eq!(exits.total, Some(7));
    assert!(exits.categories_differ);
    assert!(exits.categories.iter().all(|category| category.team_count == 1));
}

#[test]
fn a_partition_that_one_team_lacks_makes_the_categories_differ() {
    let report = report(
        &[
            ("a", &[("participants", TOTAL, 3), ("participants_by_age", "under_30", 3)]),
            ("b", &[("participants", TOTAL, 4)]),
        ],
        &Reader::WholeFederation,
        "2025-07-01",
    );
    assert!(total(&report, "participants").categories_differ);
}

#[test]
fn parts_without_a_total_are_in_no_sum_but_in_the_teams_own_chapter() {
    let report = report(
        &[("a", &[("exits", TOTAL, 2), ("exits", "work", 2)]), ("b", &[("exits", "work", 5)])],
        &Reader::WholeFederation,
        "2025-07-01",
    );
    let exits = total(&report, "exits");
    assert_eq!((exits.total, exits.teams_covered.as_slice()), (Some(2), [name("a")].as_slice()));
    assert_eq!((exits.categories[0].count, exits.categories[0].team_count), (2, 1));
    let chapter = report.chapters.iter().find(|chapter| chapter.team.name == name("b")).unwrap();
    let Status::Reported(figures, findings) = &chapter.status else { panic!("it reported") };
    assert_eq!(figures.counts.get(&Cell::new("exits", "work")), Some(5));
    assert!(findings.is_empty());
}

#[test]
fn a_chapter_carries_its_findings() {
    let report = report(
        &[("a", &[("exits", TOTAL, 2), ("exits", "work", 1)])],
        &Reader::WholeFederation,
        "2025-07-01",
    );
    let chapter = report.chapters.iter().find(|chapter| chapter.team.name == name("a")).unwrap();
    let Status::Reported(_, findings) = &chapter.status else { panic!("it reported") };
    assert_eq!(findings.len(), 1);
}

#[test]
fn a_team_lead_reads_the_own_chapter_and_the_same_totals() {
    let reported: &[(&str, SentCells<'_>)] =
        &[("a", &[("queue", TOTAL, 6)]), ("b", &[("queue", TOTAL, 1)])];
    let all = report(reported, &Reader::WholeFederation, "2025-07-01");
    let own = report(reported, &Reader::Teams([name("a")].into()), "2025-07-01");
    let teams: Vec<_> = own.chapters.iter().map(|chapter| &chapter.team.name).collect();
    assert_eq!(teams, [&name("a")]);
    assert_eq!(own.totals, all.totals);
}

#[test]
fn figures_of_a_team_the_organisation_does_not_have_are_in_no_total() {
    let unknown =
        TeamName::new(Slug::parse("id", "vastmanland").unwrap(), Slug::parse("id", "z").unwrap());
    let report = report(
        &[("a", &[("queue", TOTAL, 6)]), (unknown.id.as_str(), &[("queue", TOTAL, 100)])],
        &Reader::WholeFederation,
        "2025-07-01",
    );
    assert_eq!(total(&report, "queue").total, Some(6));
    assert_eq!(report.chapters.len(), 3);
}

#[test]
fn the_sum_of_the_largest_counts_fits() {
    let most: SentCells<'_> = &[("queue", TOTAL, 1_000_000_000)];
    let report =
        report(&[("a", most), ("b", most), ("c", most)], &Reader::WholeFederation, "2025-07-01");
    assert_eq!(total(&report, "queue").total, Some(3_000_000_000));
}

#[test]
fn a_report_is_named_after_its_period() {
    let period = "federations/vastmanland/reportingPeriods/2025h1";
    let name = parse_name("name", &format!("{period}/halfYearReport")).unwrap();
    assert_eq!(name.to_string(), period);
    for other in [period, "halfYearReport", "federations/x/teams/sala/halfYearReport"] {
        assert_eq!(parse_name("name", other).unwrap_err().reason, "NAME_MALFORMED");
    }
}
