//! Later decisions on grants: in the order of their days, each recorded once.

use super::*;
use crate::domain::grant::amend::{AmendmentFault, AmendmentParts};

/// Another amount for the whole year, decided on a day.
fn later(grant: &str, ore: i64, dnr: &str, decided: NaiveDate) -> AmendmentRow {
    AmendmentRow {
        name: Some(GrantName::new(slug("f"), slug(grant))),
        parts: AmendmentParts {
            period: GrantPeriod::new(Period::year(2025).unwrap()).ok(),
            amount: Amount::new(Ore::new(ore)).ok(),
            dnr: Some(dnr.to_owned()),
            decision_date: Some(decided),
            deciding_body: Some("Styrelsen".to_owned()),
            reason: Some("Fler platser".to_owned()),
        },
    }
}

fn sub_project(id: &str, above: &str, ore: i64, decided: NaiveDate) -> DecisionParts {
    DecisionParts {
        parent: Some(GrantName::new(slug("f"), slug(above))),
        decision_date: Some(decided),
        ..grant(id, "sala", ore)
    }
}

fn outside() -> Outside {
    Outside { today: day(12, 31), ..super::outside() }
}

fn run(rows: Rows, record: &Record) -> Result<Plan, Vec<(Place, RowFault)>> {
    plan(rows, record, &outside(), &importer(), DateTime::UNIX_EPOCH)
}

/// The rows of [`rows`] with a grant that gets more, and then less.
fn amended_rows() -> Rows {
    Rows {
        grant_amendments: vec![
            later("g1", 900, "2025/9", day(9, 1)),
            later("g1", 1500, "2025/4", day(4, 1)),
        ],
        ..rows()
    }
}

/// Each decision of a plan, by the id of its grant, with what is granted by it and what
/// is left by then.
fn decided(plan: &Plan) -> Vec<(&str, i64, i64)> {
    let grants = plan.grants.iter();
    grants
        .map(|(grant, _)| {
            let (decision, left) = (&grant.decision, grant.balances.left.get());
            (decision.name.id.as_str(), decision.amount.ore().get(), left)
        })
        .collect()
}

#[test]
fn decisions_are_recorded_in_the_order_of_their_days_and_before_the_requisitions() {
    let plan = run(amended_rows(), &Record::default()).unwrap();
    let expected = [("g1", 1000, 1000), ("g2", 500, 500), ("g1", 1500, 1500), ("g1", 900, 900)];
    assert_eq!(decided(&plan), expected);
    let causes: Vec<usize> = plan.vouchers.iter().map(|(cause, _)| *cause).collect();
    assert_eq!(causes, [6, 7]);
    // What is claimed is checked against what was decided last.
    let mut rows = amended_rows();
    rows.requisitions = vec![requisition("r1", "g1", "sala", 901)];
    let overdrawn = RowFault::GrantOverdrawn { asked: Ore::new(901), left: Ore::new(900) };
    assert_eq!(run(rows, &Record::default()), Err(vec![(Place::Requisition(0), overdrawn)]));
}

#[test]
fn a_sub_project_gets_what_a_decision_before_it_has_added_above_it() {
    let with = |sub_decided, amendments| {
        let mut rows = Rows { grant_amendments: amendments, ..Rows::default() };
        rows.recipients = vec![recipient("sala", Some("sala"))];
        rows.grants = vec![sub_project("s1", "g1", 1200, sub_decided), grant("g1", "sala", 1000)];
        run(rows, &Record::default())
    };
    let more = || later("g1", 1500, "2025/4", day(4, 1));
    let plan = with(day(5, 1), vec![more()]).unwrap();
    assert_eq!(decided(&plan), [("g1", 1000, 1000), ("g1", 1500, 1500), ("s1", 1200, 1200)]);
    // Decided before, it finds what there was.
    let overdrawn = RowFault::GrantOverdrawn { asked: Ore::new(1200), left: Ore::new(1000) };
    let early = with(day(3, 1), vec![more()]);
    assert_eq!(early, Err(vec![(Place::Grant(0), overdrawn)]));
    // Above it no less can be granted than what it has got, and nothing is added to it
    // that is not there.
    let less = later("g1", 1199, "2025/6", day(6, 1));
    let much = later("s1", 1501, "2025/7", day(7, 1));
    let refused = with(day(5, 1), vec![more(), less, much]);
    let below = RowFault::GrantBelowClaimed { asked: Ore::new(1199), least: Ore::new(1200) };
    let overdrawn = RowFault::GrantOverdrawn { asked: Ore::new(301), left: Ore::new(300) };
    let expected = vec![(Place::GrantAmendment(1), below), (Place::GrantAmendment(2), overdrawn)];
    assert_eq!(refused, Err(expected));
}

#[test]
fn of_one_day_the_grant_comes_before_its_sub_projects_wherever_its_row_stands() {
    let decided_on = NaiveDate::from_ymd_opt(2024, 11, 28).unwrap();
    let mut rows = Rows { recipients: vec![recipient("sala", Some("sala"))], ..Rows::default() };
    rows.grants = vec![sub_project("s1", "g1", 600, decided_on), grant("g1", "sala", 1000)];
    let plan = run(rows.clone(), &Record::default()).unwrap();
    assert_eq!(decided(&plan), [("g1", 1000, 1000), ("s1", 600, 600)]);
    rows.grants.push(sub_project("s2", "g1", 401, decided_on));
    let overdrawn = RowFault::GrantOverdrawn { asked: Ore::new(401), left: Ore::new(400) };
    assert_eq!(run(rows, &Record::default()), Err(vec![(Place::Grant(2), overdrawn)]));
}

#[test]
fn days_that_a_requisition_or_a_sub_project_has_stay_with_the_grant() {
    let half = GrantPeriod::new(Period::new("period", day(1, 1), day(5, 31)).unwrap()).ok();
    let mut shorter = later("g1", 1000, "2025/4", day(4, 1));
    shorter.parts.period = half;
    let mut record = recorded();
    let held = Held { name: "r1".to_owned(), period: Period::year(2025).unwrap() };
    record.held.insert(GrantName::new(slug("f"), slug("g1")), vec![held.clone()]);
    let alone = Rows { grant_amendments: vec![shorter.clone()], ..Rows::default() };
    let left_out = |held| {
        let period = half.unwrap().days();
        RowFault::Amendment(AmendmentFault::PeriodLeavesOut { period, held })
    };
    let expected = vec![(Place::GrantAmendment(0), left_out(held))];
    assert_eq!(run(alone, &record), Err(expected));

    let mut rows = Rows { grant_amendments: vec![shorter], ..rows() };
    rows.requisitions.clear();
    rows.grants.push(sub_project("s1", "g1", 1, day(2, 1)));
    let of_rows =
        Held { name: "federations/f/grants/s1".to_owned(), period: Period::year(2025).unwrap() };
    let expected = vec![(Place::GrantAmendment(0), left_out(of_rows))];
    assert_eq!(run(rows, &Record::default()), Err(expected));
}

#[test]
fn a_decision_that_is_there_is_known_by_its_number_and_day() {
    let plan = run(amended_rows(), &Record::default()).unwrap();
    let mut record = recorded();
    for (grant, _) in plan.grants {
        let name = grant.decision.name.clone();
        let balances = record.grants[&name].balances;
        record.grants.insert(name, Grant { balances, ..grant });
    }
    assert_eq!(run(amended_rows(), &record), Ok(Plan::default()));

    let mut rows = amended_rows();
    rows.grant_amendments[1].parts.amount = Amount::new(Ore::new(1501)).ok();
    rows.grant_amendments.push(later("g1", 900, "2025/9", day(9, 1)));
    let (four, nine) = ("2025/4".to_owned(), "2025/9".to_owned());
    let expected = vec![
        (Place::GrantAmendment(1), RowFault::AmendmentDiffers { dnr: four, day: day(4, 1) }),
        (Place::GrantAmendment(2), RowFault::AmendmentTwice { dnr: nine, day: day(9, 1) }),
    ];
    assert_eq!(run(rows, &record), Err(expected));
}

#[test]
fn what_is_wrong_with_a_later_decision_is_told_at_its_row() {
    let mut rows = amended_rows();
    rows.grants[1].amount = None;
    rows.grant_amendments = vec![
        later("none", 1, "1", day(4, 1)),
        // Its grant cannot be read, which is told by the reader.
        later("g2", 1, "1", day(4, 1)),
        later("g1", 2000, "2", NaiveDate::from_ymd_opt(2026, 1, 1).unwrap()),
    ];
    let unknown = RowFault::GrantUnknown(GrantName::new(slug("f"), slug("none")));
    let future = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
    let future = RowFault::Amendment(AmendmentFault::DecisionDateInFuture(future));
    let found = run(rows, &Record::default()).unwrap_err();
    let expected = [(Place::GrantAmendment(0), unknown), (Place::GrantAmendment(2), future)];
    let of_amendments = |(place, _): &&_| matches!(place, Place::GrantAmendment(_));
    let found: Vec<_> = found.iter().filter(of_amendments).cloned().collect();
    assert_eq!(found, expected);

    let record = Record { closed_through: Some(2025), ..recorded() };
    let rows =
        Rows { grant_amendments: vec![later("g1", 2000, "1", day(4, 1))], ..Rows::default() };
    let closed = vec![(Place::GrantAmendment(0), RowFault::YearClosed(2025))];
    assert_eq!(run(rows, &record), Err(closed));
}
