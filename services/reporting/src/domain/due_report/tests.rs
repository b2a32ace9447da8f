//! What is due, from whom, and how late it is.

use values::{Period, name::AccountName};

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn slug(text: &str) -> Slug {
    Slug::parse("", text).unwrap()
}

fn team(id: &str) -> Subject {
    Subject::Team(slug(id))
}

fn facts(before: Option<Schedule>, teams: &[&str]) -> ScheduleFacts {
    let days = Period::new("", day("2025-01-01"), day("2025-06-30")).unwrap();
    let period = ReportingPeriod::new(days, day("2025-07-15")).ok();
    let subjects = teams.iter().map(|id| team(id)).collect();
    ScheduleFacts { period, template: Some(vec![About::Area, About::Team]), before, subjects }
}

fn scheduled(due_date: &str, teams: &[&str]) -> Schedule {
    let subjects = teams.iter().map(|id| team(id)).collect();
    Schedule { about: About::Team, due_date: day(due_date), subjects }
}

#[test]
fn said_again_a_report_is_due_from_those_who_came_and_those_who_were() {
    let first = schedule(About::Team, None, facts(None, &["fns", "sala"]));
    assert_eq!(first, Ok(scheduled("2025-07-15", &["fns", "sala"])));
    let before = Some(scheduled("2025-08-01", &["fns", "sala"]));
    let again = schedule(About::Team, None, facts(before.clone(), &["sala", "surahammar"]));
    assert_eq!(again, Ok(scheduled("2025-08-01", &["fns", "sala", "surahammar"])));
    let moved = schedule(About::Team, Some(day("2025-07-01")), facts(before, &[]));
    assert_eq!(moved, Ok(scheduled("2025-07-01", &["fns", "sala"])));
}

#[test]
fn nothing_is_due_of_no_period_from_nobody_from_others_or_before_the_period_ends() {
    let missing = ScheduleFacts { period: None, ..facts(None, &["sala"]) };
    assert_eq!(schedule(About::Team, None, missing), Err(Refusal::PeriodMissing));
    let reason = |about, due_date, facts| match schedule(about, due_date, facts) {
        Err(Refusal::Faulty(fault)) => fault.reason,
        Err(Refusal::PeriodMissing | Refusal::TemplateMissing) | Ok(_) => "",
    };
    let unknown = ScheduleFacts { template: None, ..facts(None, &["sala"]) };
    assert_eq!(schedule(About::Team, None, unknown), Err(Refusal::TemplateMissing));
    let other_kind = reason(About::Federation, None, facts(None, &["sala"]));
    assert_eq!(other_kind, "REPORT_SUBJECT_OF_OTHER_KIND");
    let before = || Some(scheduled("2025-07-15", &["sala"]));
    assert_eq!(reason(About::Area, None, facts(before(), &[])), "SCHEDULE_ABOUT_STAYS");
    assert_eq!(reason(About::Team, None, facts(None, &[])), "SCHEDULE_EMPTY");
    let early = Some(day("2025-06-30"));
    assert_eq!(reason(About::Team, early, facts(None, &["sala"])), "DUE_DATE_TOO_EARLY");
}

#[test]
fn a_report_is_late_from_the_day_after_until_it_is_sent_in_for_good() {
    let name = ScheduleName { federation: slug("f"), period: slug("2025h1"), template: slug("t") };
    let schedules = [(name, scheduled("2025-07-15", &["sala"]))];
    for (state, outstanding) in [
        (State::Missing, true),
        (State::FiguresReported, true),
        (State::Draft, true),
        (State::Submitted, false),
        (State::Returned, true),
        (State::Accepted, false),
        (State::Published, false),
    ] {
        let reports = States::from([((slug("t"), team("sala")), state)]);
        let progress = Progress { reports, teams_reported: BTreeSet::from([slug("sala")]) };
        let late_on = |today| {
            let due = &due_reports(&schedules, &progress, day(today))[0];
            (due.is_late, due.days_left)
        };
        assert_eq!(late_on("2025-07-15"), (false, 0), "{state:?}");
        assert_eq!(late_on("2025-07-16"), (outstanding, -1), "{state:?}");
    }
    let mut progress = Progress::default();
    let due = due_reports(&schedules, &progress, day("2025-07-01"));
    assert_eq!((due[0].state, due[0].days_left), (State::Missing, 14));
    progress.teams_reported.insert(slug("sala"));
    let due = due_reports(&schedules, &progress, day("2025-07-01"));
    assert_eq!(due[0].state, State::FiguresReported);
}

#[test]
fn of_several_reports_on_the_same_the_one_that_has_come_furthest_counts() {
    let report = |state| {
        let step = report::Step {
            state,
            account: AccountName::new(slug("f"), slug("a")),
            time: "2025-07-01T10:00:00Z".parse().unwrap(),
            reason: String::new(),
            newest_table: None,
        };
        let content = Content {
            template: ReportTemplateName::new(slug("f"), slug("t")),
            period: ReportingPeriodName::new(slug("f"), slug("2025h1")),
            subject: team("sala"),
            title: String::new(),
            dnr: String::new(),
            plan_version: String::new(),
            goals: Vec::new(),
            derived: BTreeSet::new(),
            stated: BTreeMap::new(),
        };
        Report { content, steps: vec![step], explanations: BTreeMap::new(), revision: 1 }
    };
    use report::State as Stands;
    for (those, furthest) in [
        (vec![Stands::Draft], State::Draft),
        (vec![Stands::Draft, Stands::Published, Stands::Accepted], State::Published),
        (vec![Stands::Submitted, Stands::Returned, Stands::Draft], State::Submitted),
    ] {
        let progress = Progress::new(those.into_iter().map(report), BTreeSet::new());
        assert_eq!(progress.of(&slug("t"), &team("sala")), furthest);
        assert_eq!(progress.of(&slug("other"), &team("sala")), State::Missing);
    }
}

#[test]
fn names_read_back() {
    let text = "federations/f/reportSchedules/2025h1.status-report-1";
    assert_eq!(ScheduleName::parse("name", text).unwrap().to_string(), text);
    assert!(ScheduleName::parse("name", "federations/f/reportSchedules/2025h1").is_err());
}
