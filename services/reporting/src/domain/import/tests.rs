//! What an import creates, replaces, leaves and refuses.

use chrono::NaiveDate;
use values::Period;

use super::*;
use crate::domain::definition::Cell;

const HOME: &str = "vastmanland";

fn slug(text: &str) -> Slug {
    Slug::parse("id", text).unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn period(due_date: &str) -> ReportingPeriod {
    let span = Period::new("period", day("2025-01-01"), day("2025-06-30")).unwrap();
    ReportingPeriod::new(span, day(due_date)).unwrap()
}

fn period_name() -> ReportingPeriodName {
    ReportingPeriodName::new(slug(HOME), slug("2025h1"))
}

fn name(team: &str) -> ReportedFiguresName {
    ReportedFiguresName { federation: slug(HOME), period: slug("2025h1"), team: slug(team) }
}

fn team(id: &str) -> TeamName {
    TeamName::new(slug(HOME), slug(id))
}

fn queue(count: u32) -> Counts {
    Counts::recorded([(Cell::new("queue", "total"), count)].into())
}

fn row<N, T>(name: N, content: T) -> Row<N, T> {
    Row { name: Ok(name), content: Ok(content) }
}

fn whole() -> Rows {
    Rows {
        periods: vec![row(period_name(), period("2025-07-15"))],
        figures: vec![row(name("sala"), queue(6))],
        expected_names: Vec::new(),
    }
}

fn known() -> Known {
    Known {
        periods: [(period_name(), period("2025-07-15"))].into(),
        figures: [(name("sala"), queue(6))].into(),
        teams: [team("sala")].into(),
    }
}

fn only_teams() -> Known {
    Known { teams: [team("sala")].into(), ..Known::default() }
}

fn expect(result: Result<Changes, Faults>, expected: &[(&str, &str)]) {
    let faults = result.unwrap_err().into_vec();
    let told: Vec<_> = faults.iter().map(|fault| (fault.field.as_str(), fault.reason)).collect();
    assert_eq!(told, expected);
}

#[test]
fn figures_may_be_for_a_period_of_the_same_request() {
    let changes = import(&slug(HOME), whole(), &only_teams(), ExpectedNames::Checked).unwrap();
    assert_eq!((changes.periods.len(), changes.new_figures.len()), (1, 1));
    assert!(changes.replaced_figures.is_empty());
}

#[test]
fn the_same_content_changes_nothing() {
    let changes = import(&slug(HOME), whole(), &known(), ExpectedNames::Checked).unwrap();
    assert_eq!(changes, Changes::default());
}

#[test]
fn figures_that_differ_are_replaced_and_a_period_that_differs_is_a_fault() {
    let mut rows = whole();
    rows.figures[0].content = Ok(queue(7));
    let changes = import(&slug(HOME), rows.clone(), &known(), ExpectedNames::Checked).unwrap();
    assert_eq!(changes.replaced_figures, [(name("sala"), queue(7))].into());
    assert!(changes.new_figures.is_empty());
    rows.periods[0].content = Ok(period("2025-07-16"));
    expect(
        import(&slug(HOME), rows, &known(), ExpectedNames::Checked),
        &[("reporting_periods[0]", "DIFFERS_FROM_RECORD")],
    );
}

#[test]
fn an_expected_team_is_believed_in_a_dry_run_only() {
    let mut rows = whole();
    rows.figures.push(row(name("fns"), queue(1)));
    rows.expected_names = vec![Ok(team("fns")), Ok(team("sala"))];
    let dry = import(&slug(HOME), rows.clone(), &only_teams(), ExpectedNames::Believed).unwrap();
    assert_eq!(dry.new_figures.len(), 2);
    expect(
        import(&slug(HOME), rows, &only_teams(), ExpectedNames::Checked),
        &[("expected_names[0]", "EXPECTED_NAME_MISSING")],
    );
}

#[test]
fn every_fault_of_every_row_is_told_in_the_order_of_the_request() {
    let mut rows = whole();
    rows.periods.push(row(period_name(), period("2025-07-15")));
    rows.periods.push(Row {
        name: Ok(ReportingPeriodName::new(slug(HOME), slug("2025h2"))),
        content: Err(Fault::new("due_date", "DATE_MISSING").into()),
    });
    let other = ReportedFiguresName { federation: slug("sormland"), ..name("sala") };
    rows.figures.push(row(other, queue(1)));
    rows.figures.push(row(name("sala"), queue(6)));
    let unknown = ReportedFiguresName { period: slug("2024h1"), ..name("vasteras") };
    rows.figures.push(row(unknown, queue(1)));
    let of_bad_row = ReportedFiguresName { period: slug("2025h2"), ..name("sala") };
    rows.figures.push(Row {
        name: Ok(of_bad_row),
        content: Err(Fault::new("counts[0].count", "COUNT_NEGATIVE").into()),
    });
    rows.expected_names.push(Err(Fault::new("name", "NAME_MALFORMED")));
    expect(
        import(&slug(HOME), rows, &only_teams(), ExpectedNames::Checked),
        &[
            ("reporting_periods[1].name", "NAME_TWICE"),
            ("reporting_periods[2].due_date", "DATE_MISSING"),
            ("expected_names[0]", "NAME_MALFORMED"),
            ("reported_figures[1].name", "OTHER_FEDERATION"),
            ("reported_figures[2].name", "NAME_TWICE"),
            ("reported_figures[3].name", "PERIOD_UNKNOWN"),
            ("reported_figures[3].name", "TEAM_UNKNOWN"),
            ("reported_figures[4].counts[0].count", "COUNT_NEGATIVE"),
        ],
    );
}
