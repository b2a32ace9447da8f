//! A report's way: every step from every state, four eyes, and explanations.

use super::*;

fn account(id: &str) -> AccountName {
    AccountName::parse("", &format!("federations/f/accounts/{id}")).unwrap()
}

fn slug(text: &str) -> Slug {
    Slug::parse("", text).unwrap()
}

fn draft() -> Report {
    let content = Content {
        template: ReportTemplateName::new(slug("f"), slug("status-report-1")),
        period: ReportingPeriodName::new(slug("f"), slug("2025h1")),
        subject: Subject::Area(slug("norra")),
        title: "Lägesrapport".to_owned(),
        dnr: String::new(),
        plan_version: String::new(),
        goals: Vec::new(),
        derived: BTreeSet::new(),
        stated: BTreeMap::new(),
    };
    let step = Step {
        state: State::Draft,
        account: account("anna"),
        time: DateTime::UNIX_EPOCH,
        reason: String::new(),
        newest_table: None,
    };
    Report { content, steps: vec![step], explanations: BTreeMap::new(), revision: 1 }
}

fn in_state(state: State) -> Report {
    let mut report = draft();
    let step = Step { state, ..report.steps[0].clone() };
    report.steps.push(step);
    report
}

fn by(report: Report, action: Action, id: &str) -> Result<Report, StepRefusal> {
    let etag = report.etag();
    take(report, &etag, action, account(id), DateTime::UNIX_EPOCH)
}

fn submit() -> Action {
    let table = "federations/f/releasedTables/7";
    Action::Submit { newest_table: Some(ReleasedTableName::parse("", table).unwrap()) }
}

fn explanation() -> Explanation {
    Explanation {
        check: "flow".to_owned(),
        text: "Två kom tillbaka.".to_owned(),
        account: account("anna"),
        time: DateTime::UNIX_EPOCH,
    }
}

#[test]
fn each_step_begins_where_it_may_and_nowhere_else() {
    let accept = || Action::Accept { findings: Vec::new() };
    let give_back = || Action::Return { reason: "Skriv om.".to_owned() };
    for (action, from) in [
        (submit(), &[State::Draft, State::Returned][..]),
        (give_back(), &[State::Submitted, State::Accepted]),
        (accept(), &[State::Submitted]),
        (Action::Publish, &[State::Accepted]),
    ] {
        for state in State::ALL {
            let taken = by(in_state(state), action.clone(), "bo");
            if from.contains(&state) {
                assert_eq!(taken.unwrap().state(), action.state());
            } else {
                assert_eq!(taken, Err(StepRefusal::StateForbids(state)));
            }
        }
    }
}

#[test]
fn whoever_submitted_ever_does_not_accept() {
    let submitted = by(draft(), submit(), "anna").unwrap();
    let accept = || Action::Accept { findings: Vec::new() };
    assert_eq!(by(submitted.clone(), accept(), "anna"), Err(StepRefusal::FourEyes));
    let reason = "Skriv om.".to_owned();
    let returned = by(submitted, Action::Return { reason }, "bo").unwrap();
    assert_eq!(returned.steps.last().unwrap().reason, "Skriv om.");
    let again = by(returned, submit(), "bo").unwrap();
    for id in ["anna", "bo"] {
        assert_eq!(by(again.clone(), accept(), id), Err(StepRefusal::FourEyes));
    }
    assert_eq!(by(again, accept(), "cilla").unwrap().state(), State::Accepted);
}

#[test]
fn a_report_keeps_the_tables_that_it_was_handed_in_with_until_it_is_returned_or_published() {
    let Action::Submit { newest_table } = submit() else { unreachable!() };
    assert_eq!(draft().newest_table(), None);
    let submitted = by(draft(), submit(), "anna").unwrap();
    assert_eq!(submitted.newest_table(), newest_table.as_ref());
    let accepted = by(submitted, Action::Accept { findings: Vec::new() }, "bo").unwrap();
    assert_eq!(accepted.newest_table(), newest_table.as_ref());
    let published = by(accepted.clone(), Action::Publish, "bo").unwrap();
    assert_eq!(published.newest_table(), None);
    let returned = by(accepted, Action::Return { reason: String::new() }, "bo").unwrap();
    assert_eq!(returned.newest_table(), None);
    let again = by(returned, Action::Submit { newest_table: None }, "anna").unwrap();
    assert_eq!(again.newest_table(), None, "the last time counts");
}

#[test]
fn an_old_version_is_told_before_anything_else() {
    let taken = take(draft(), "0", Action::Publish, account("anna"), DateTime::UNIX_EPOCH);
    assert_eq!(taken, Err(StepRefusal::Stale));
}

#[test]
fn a_report_is_accepted_when_each_finding_is_explained_and_names_those_that_are_not() {
    let submitted = by(draft(), submit(), "anna").unwrap();
    let accept = || Action::Accept { findings: vec!["one".to_owned(), "two".to_owned()] };
    let one = explain(submitted, "one", explanation(), true).unwrap();
    let open = StepRefusal::FindingsOpen(vec!["two".to_owned()]);
    assert_eq!(by(one.clone(), accept(), "bo"), Err(open));
    let both = explain(one, "two", explanation(), true).unwrap();
    let accepted = by(both, accept(), "bo").unwrap();
    let forbids = ExplainRefusal::StateForbids(State::Accepted);
    assert_eq!(explain(accepted.clone(), "one", explanation(), true), Err(forbids));
    assert_eq!(withdraw(accepted, "one"), Err(WithdrawRefusal::StateForbids(State::Accepted)));
}

#[test]
fn only_what_is_found_is_explained_and_only_what_is_explained_is_taken_back() {
    let unknown = explain(draft(), "one", explanation(), false);
    assert_eq!(unknown, Err(ExplainRefusal::FindingUnknown));
    assert_eq!(withdraw(draft(), "one"), Err(WithdrawRefusal::ExplanationUnknown));
    let explained = explain(draft(), "one", explanation(), true).unwrap();
    let withdrawn = withdraw(explained, "one").unwrap();
    assert_eq!((withdrawn.explanations.len(), withdrawn.revision), (0, 3));
}

#[test]
fn a_finding_of_a_published_report_is_explained_and_the_report_stays_published() {
    let published = in_state(State::Published);
    let unknown = explain(published.clone(), "late", explanation(), false);
    assert_eq!(unknown, Err(ExplainRefusal::FindingUnknown));
    let explained = explain(published.clone(), "late", explanation(), true).unwrap();
    assert_eq!(explained.steps, published.steps, "a correction takes no step of its own");
    assert_eq!(explained.explanations.get("late"), Some(&explanation()));
    assert_ne!(explained.etag(), published.etag());
    let withdrawn = withdraw(explained, "late").unwrap();
    assert_eq!((withdrawn.state(), withdrawn.explanations.len()), (State::Published, 0));
}

#[test]
fn a_subject_reads_back_and_one_of_another_federation_is_refused() {
    let home = slug("f");
    for text in ["federations/f", "federations/f/areas/norra", "federations/f/teams/sala"] {
        assert_eq!(Subject::parse("subject", &home, text).unwrap().name(&home), text);
    }
    for text in ["", "federations/g", "federations/g/teams/sala", "federations/f/parties/sala"] {
        let fault = Subject::parse("subject", &home, text).unwrap_err();
        assert_eq!(fault.reason, "NAME_MALFORMED", "{text}");
    }
}
