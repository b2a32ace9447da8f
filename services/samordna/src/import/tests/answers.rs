//! What the services' complaints mean for the rows.

use proto::common::Fact;

use super::{
    fake::fault,
    files::{
        FIGURES, GRANTS, LINES, MUNICIPALITIES, PARTIES, REQUISITIONS, TEAMS, answer, brief, plan,
        with,
    },
};
use crate::import::{RowFault, Section};

#[test]
fn what_the_organisation_says_is_told_at_the_cell_it_came_from() {
    let parties = "a;A;1;region;\nb;B;121212-1212;region;\n";
    let plan = plan(&[
        ("parties.csv", &with(PARTIES, parties)),
        ("municipalities.csv", &with(MUNICIPALITIES, "1981;Sala;\n")),
        ("teams.csv", &with(TEAMS, "sala;Sala;1981 1999\n")),
    ]);
    let said = answer(vec![
        fault("parties[1].organisation_number", "ORGANISATION_NUMBER_CHECK_DIGIT"),
        fault("teams[0].municipalities[1]", "MUNICIPALITY_UNKNOWN"),
        fault("parent", "OTHER_FEDERATION"),
    ]);
    assert_eq!(
        plan.faults(&[(Section::Organisation, said)]).iter().map(brief).collect::<Vec<_>>(),
        [
            ("", 0, "parent", "OTHER_FEDERATION"),
            ("parties.csv", 3, "organisation_number", "ORGANISATION_NUMBER_CHECK_DIGIT"),
            ("teams.csv", 2, "municipalities", "MUNICIPALITY_UNKNOWN"),
        ]
    );
}

#[test]
fn what_finance_says_is_told_at_the_cell_it_came_from() {
    let plan = plan(&[
        ("requisitions.csv", &with(REQUISITIONS, "q;g;a;2025-01-01;2026-06-30;\n")),
        ("requisition-lines.csv", &with(LINES, "q;staff;;50;1\nq;other;;;-5\n")),
    ]);
    let said = answer(vec![
        fault("requisitions[0].cost_lines[1].amount_ore", "AMOUNT_NOT_POSITIVE"),
        fault("requisitions[0].cost_lines[0]", "CLAIMED_BEFORE"),
        fault("requisitions[0].period.last_day", "PERIOD_OUTSIDE_GRANT"),
        fault("requisitions[0]", "GRANT_OVERDRAWN"),
    ]);
    assert_eq!(
        plan.faults(&[(Section::Finance, said)]).iter().map(brief).collect::<Vec<_>>(),
        [
            ("requisitions.csv", 2, "last_day", "PERIOD_OUTSIDE_GRANT"),
            ("requisitions.csv", 2, "requisition", "GRANT_OVERDRAWN"),
            ("requisition-lines.csv", 2, "kind", "CLAIMED_BEFORE"),
            ("requisition-lines.csv", 3, "amount_kronor", "AMOUNT_NOT_POSITIVE"),
        ]
    );
}

#[test]
fn what_reporting_says_is_told_at_every_row_it_came_from() {
    let rows = "x;h;exits;total;1\nsala;h;exits;total;1\nx;h;exits;work;1\n";
    let plan = plan(&[("reported-figures.csv", &with(FIGURES, rows))]);
    let said = answer(vec![
        fault("reported_figures[0].name", "TEAM_UNKNOWN"),
        fault("reported_figures[1].name", "PERIOD_UNKNOWN"),
        fault("reported_figures[1].counts[0]", "CATEGORY_UNKNOWN"),
    ]);
    assert_eq!(
        plan.faults(&[(Section::Reporting, said)]).iter().map(brief).collect::<Vec<_>>(),
        [
            ("reported-figures.csv", 2, "team", "TEAM_UNKNOWN"),
            ("reported-figures.csv", 3, "category", "CATEGORY_UNKNOWN"),
            ("reported-figures.csv", 3, "period", "PERIOD_UNKNOWN"),
            ("reported-figures.csv", 4, "team", "TEAM_UNKNOWN"),
        ]
    );
}

#[test]
fn an_id_is_told_as_it_stands_in_the_file_and_an_amount_in_ore() {
    let grants = with(GRANTS, "g;r;2025-01-01;2025-12-31;-100,50;1;2025-01-01;S\n");
    let plan = plan(&[("grants.csv", &grants), ("teams.csv", &with(TEAMS, "t;T;1981 1999\n"))]);
    let with_value = |field, reason, value: &str| {
        let mut said = fault(field, reason);
        said.facts.push(Fact { key: "value".to_owned(), value: value.to_owned() });
        said
    };
    let amount = with_value("grants[0].amount_ore", "AMOUNT_NOT_POSITIVE", "-10050");
    let name = "federations/f/municipalities/1999";
    let served = with_value("teams[0].municipalities[1]", "MUNICIPALITY_UNKNOWN", name);
    let faults = plan.faults(&[
        (Section::Organisation, answer(vec![served])),
        (Section::Finance, answer(vec![amount])),
    ]);
    let values: Vec<_> = faults.iter().map(|fault| fault.facts[0].1.as_str()).collect();
    assert_eq!(values, ["1999", "-10050"]);
}

#[test]
fn of_a_period_that_reaches_outside_its_grant_the_day_outside_is_blamed() {
    for (days, column) in
        [("2025-02-01;2026-06-30", "last_day"), ("2024-12-01;2025-06-30", "first_day")]
    {
        let row = format!("q;g;a;{days};\n");
        let plan = plan(&[
            ("requisitions.csv", &with(REQUISITIONS, &row)),
            ("requisition-lines.csv", &with(LINES, "q;other;;;1\n")),
        ]);
        let mut outside = fault("requisitions[0].period", "PERIOD_OUTSIDE_GRANT");
        let grant = [("grant_first_day", "2025-01-01"), ("grant_last_day", "2025-12-31")];
        outside.facts.extend(
            grant.map(|(key, value)| Fact { key: key.to_owned(), value: value.to_owned() }),
        );
        let faults = plan.faults(&[(Section::Finance, answer(vec![outside]))]);
        assert_eq!(faults[0].column, column);
    }
}

#[test]
fn an_organisation_number_is_never_shown() {
    let plan = plan(&[("parties.csv", &with(PARTIES, "a;A;121212-1212;region;\n"))]);
    let mut number = fault("parties[0].organisation_number", "ORGANISATION_NUMBER_MALFORMED");
    number.facts.push(Fact { key: "value".to_owned(), value: "121212-1212".to_owned() });
    let faults = plan.faults(&[(Section::Organisation, answer(vec![number]))]);
    assert_eq!((&faults[0].value, &faults[0].facts), (&None, &vec![]));
}

#[test]
fn one_bad_row_raises_no_follow_on_faults() {
    let plan = plan(&[
        ("parties.csv", &with(PARTIES, "a;;999900-0137;region;\nb;B;1\n")),
        ("municipalities.csv", &with(MUNICIPALITIES, "1981;;\n1982\n")),
        ("teams.csv", &with(TEAMS, "sala;Sala;1981 1982\n")),
        ("grants.csv", &with(GRANTS, "g;r;2025-01-01;2025-12-31;x;1;2025-01-01;S\n")),
        ("requisitions.csv", &with(REQUISITIONS, "q;g;a;2025-01-01;2025-06-30;\n")),
        ("requisition-lines.csv", &with(LINES, "q;staff\n")),
    ]);
    let told: Vec<RowFault> = plan.faults(&[]);
    let expected =
        ["parties/a", "parties/b", "teams/sala", "municipalities/1981", "municipalities/1982"];
    assert_eq!(plan.expected_names(), expected.map(|name| format!("federations/f/{name}")));
    let follow_ons = [
        (
            Section::Organisation,
            answer(vec![
                fault("parties[0].display_name", "TEXT_MISSING"),
                fault("parties[0]", "DIFFERS_FROM_RECORD"),
                fault("teams[0].municipalities[0]", "MUNICIPALITY_UNKNOWN"),
                fault("teams[0].municipalities[1]", "MUNICIPALITY_UNKNOWN"),
            ]),
        ),
        (
            Section::Finance,
            answer(vec![
                fault("grants[0].amount_ore", "AMOUNT_NOT_POSITIVE"),
                fault("requisitions[0].grant", "GRANT_UNKNOWN"),
                fault("requisitions[0].cost_lines", "COST_LINES_MISSING"),
                fault("requisitions[0]", "GRANT_OVERDRAWN"),
            ]),
        ),
    ];
    assert_eq!(plan.faults(&follow_ons), told);
    // A reference to something that no file defines is news all the same.
    let news =
        [(Section::Finance, answer(vec![fault("grants[0].recipient", "RECIPIENT_UNKNOWN")]))];
    assert_eq!(plan.faults(&news).len(), told.len() + 1);
}

#[test]
fn a_bad_cost_line_excuses_its_own_requisition_and_no_other() {
    let requisition = |id| format!("{id};g;a;2025-01-01;2025-06-30;\n");
    let requisitions = ["short", "bad", "none"].map(requisition).concat();
    let plan = plan(&[
        ("requisitions.csv", &with(REQUISITIONS, &requisitions)),
        ("requisition-lines.csv", &with(LINES, "short;staff\nbad;other;;;x\n")),
    ]);
    let told = plan.faults(&[]).len();
    let whole = |number: usize| {
        [
            fault(&format!("requisitions[{number}].cost_lines"), "COST_LINES_MISSING"),
            fault(&format!("requisitions[{number}]"), "DIFFERS_FROM_RECORD"),
        ]
    };
    let faults = answer([whole(0), whole(1), whole(2)].concat());
    let faults = plan.faults(&[(Section::Finance, faults)]);
    let news: Vec<_> = faults.iter().map(brief).take(faults.len() - told).collect();
    assert_eq!(
        news,
        [
            ("requisitions.csv", 4, "requisition", "COST_LINES_MISSING"),
            ("requisitions.csv", 4, "requisition", "DIFFERS_FROM_RECORD"),
        ]
    );
}

#[test]
fn a_fault_that_looks_like_a_follow_on_still_stops_an_import_without_other_faults() {
    let municipalities = with(MUNICIPALITIES, "1981;Sala;\n");
    let teams = with(TEAMS, "sala;Sala;1981\n");
    let plan = plan(&[("municipalities.csv", &municipalities), ("teams.csv", &teams)]);
    let faults = answer(vec![fault("teams[0].municipalities[0]", "MUNICIPALITY_UNKNOWN")]);
    assert_eq!(plan.faults(&[(Section::Organisation, faults)]).len(), 1);
}

#[test]
fn an_unreadable_column_silences_only_what_hangs_on_it() {
    let plan = plan(&[
        ("parties.csv", "party;name;organisation_number;kind\na;A;1;region\n"),
        ("requisitions.csv", &with(REQUISITIONS, "q;g;a;2025-01-01;2025-06-30;\n")),
        ("requisition-lines.csv", &with(LINES, "q;staff;;50;1\n")),
    ]);
    let organisation = answer(vec![
        fault("parties[0].display_name", "TEXT_MISSING"),
        fault("parties[0].organisation_number", "ORGANISATION_NUMBER_MALFORMED"),
    ]);
    let faults = plan.faults(&[(Section::Organisation, organisation)]);
    assert_eq!(
        faults.iter().map(brief).collect::<Vec<_>>(),
        [
            ("parties.csv", 1, "", "COLUMN_UNKNOWN"),
            ("parties.csv", 1, "display_name", "COLUMN_MISSING"),
            ("parties.csv", 2, "organisation_number", "ORGANISATION_NUMBER_MALFORMED"),
        ]
    );
}
