//! What an import creates, what it leaves alone, and every fault it names.

use chrono::DateTime;
use values::{Period, Slug};

mod amendments;

use super::*;
use crate::domain::{
    cost_line::{CostKind, CostLine, CostLines},
    grant::{DecisionFault, GrantPeriod},
    ledger::{Account, Amount},
    recipient::{RecipientFault, RecipientKind},
    requisition::ClaimFault,
};

fn slug(id: &str) -> Slug {
    Slug::parse("id", id).unwrap()
}

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, month, day).unwrap()
}

fn recipient(id: &str, team: Option<&str>) -> RecipientParts {
    let team = team.map(|team| TeamName::new(slug("f"), slug(team)));
    RecipientParts {
        name: Some(RecipientName::new(slug("f"), slug(id))),
        display_name: Some(id.to_owned()),
        kind: Some(team.map_or(RecipientKind::Resource, RecipientKind::Team)),
    }
}

fn grant(id: &str, recipient: &str, ore: i64) -> DecisionParts {
    DecisionParts {
        name: Some(GrantName::new(slug("f"), slug(id))),
        recipient: Some(RecipientName::new(slug("f"), slug(recipient))),
        parent: None,
        period: GrantPeriod::new(Period::year(2025).unwrap()).ok(),
        amount: Amount::new(Ore::new(ore)).ok(),
        dnr: Some("1".to_owned()),
        decision_date: NaiveDate::from_ymd_opt(2024, 11, 28),
        deciding_body: Some("Styrelsen".to_owned()),
        synthetic: true,
    }
}

fn requisition(id: &str, grant: &str, party: &str, ore: i64) -> ClaimParts {
    let line = CostLine::new(CostKind::Other, String::new(), 0, Ore::new(ore)).unwrap();
    ClaimParts {
        name: Some(RequisitionName::new(slug("f"), slug(id))),
        grant: Some(GrantName::new(slug("f"), slug(grant))),
        party: Some(PartyName::new(slug("f"), slug(party))),
        corrects: None,
        organisation_number: None,
        period: Period::new("period", day(1, 1), day(6, 30)).ok(),
        cost_lines: CostLines::new(vec![line]).ok(),
        payment_reference: Some(String::new()),
        dnr: Some(String::new()),
        forecast_rest: None,
        synthetic: true,
    }
}

fn rows() -> Rows {
    Rows {
        recipients: vec![recipient("sala", Some("sala")), recipient("psykiatri", None)],
        grants: vec![grant("g1", "sala", 1000), grant("g2", "psykiatri", 500)],
        requisitions: vec![
            requisition("r1", "g1", "sala", 600),
            requisition("r2", "g2", "region", 500),
        ],
        ..Rows::default()
    }
}

fn outside() -> Outside {
    let party = |id: String| PartyName::new(slug("f"), slug(&id));
    Outside {
        teams: HashSet::from([TeamName::new(slug("f"), slug("sala"))]),
        parties: ["sala", "region"]
            .map(str::to_owned)
            .into_iter()
            .chain((0..9).map(|number| format!("p{number}")))
            .map(|id| (party(id), None))
            .collect(),
        today: day(7, 1),
        ..Outside::default()
    }
}

fn importer() -> AccountName {
    AccountName::new(slug("f"), slug("admin"))
}

fn run(rows: Rows, record: &Record) -> Result<Plan, Vec<(Place, RowFault)>> {
    plan(rows, record, &outside(), &importer(), DateTime::UNIX_EPOCH)
}

/// The record as it is after the rows of [`rows`] have been taken in.
fn recorded() -> Record {
    let plan = run(rows(), &Record::default()).unwrap();
    let mut record = Record::default();
    let named = |recipient: Recipient| (recipient.name.clone(), recipient);
    record.recipients = plan.recipients.into_iter().map(named).collect();
    for (mut grant, _) in plan.grants {
        let id = grant.decision.name.id.clone();
        for (_, voucher) in &plan.vouchers {
            grant.balances = grant.balances.after(&id, voucher).unwrap();
        }
        record.grants.insert(grant.decision.name.clone(), grant);
    }
    for requisition in plan.requisitions {
        let claim = requisition.claim().clone();
        let key = (claim.grant.clone(), claim.party.clone());
        let costs = claim.costs_in(requisition.state());
        record.claimed.entry(key).or_default().extend(costs);
        record.requisitions.insert(claim.name.clone(), claim);
    }
    record
}

#[test]
fn rows_may_refer_to_each_other_and_requisitions_arrive_submitted() {
    let plan = run(rows(), &Record::default()).unwrap();
    assert_eq!((plan.recipients.len(), plan.grants.len()), (2, 2));
    let steps: Vec<_> = plan.requisitions.iter().map(Requisition::last_step).collect();
    assert!(steps.iter().all(|step| step.state == State::Submitted && step.actor == importer()));
    let causes: Vec<_> = plan
        .vouchers
        .iter()
        .map(|(cause, voucher)| {
            (*cause, voucher.postings()[1].account, voucher.postings()[1].amount.get())
        })
        .collect();
    let reserve = Account::Reserved;
    assert_eq!(causes, [(4, reserve, 600), (5, reserve, 500)]);
    let opened: Vec<_> = plan.grants.iter().map(|(_, opening)| &opening.postings()[1]).collect();
    let opened: Vec<_> = opened.iter().map(|line| (line.account, line.amount.get())).collect();
    assert_eq!(opened, [(Account::Left, 1000), (Account::Left, 500)]);
}

#[test]
fn a_correction_is_not_imported_and_takes_nothing_of_its_grant() {
    let mut rows = rows();
    rows.requisitions[0].corrects = Some(RequisitionName::new(slug("f"), slug("r0")));
    let faults = run(rows, &Record::default()).unwrap_err();
    assert_eq!(faults, [(Place::Requisition(0), RowFault::CorrectionNotImported)]);
}

#[test]
fn the_same_rows_again_change_nothing() {
    assert_eq!(run(rows(), &recorded()), Ok(Plan::default()));
}

#[test]
fn a_row_with_other_content_than_the_record_is_refused() {
    let mut rows = rows();
    rows.recipients[1].display_name = Some("psyk".to_owned());
    rows.grants[0].dnr = Some("2".to_owned());
    rows.requisitions[1].payment_reference = Some("bg 1-1".to_owned());
    let differs = |name| RowFault::DiffersFromRecord(format!("federations/f/{name}"));
    let expected = vec![
        (Place::Recipient(1), differs("recipients/psykiatri")),
        (Place::Grant(0), differs("grants/g1")),
        (Place::Requisition(1), differs("requisitions/r2")),
    ];
    assert_eq!(run(rows, &recorded()), Err(expected));
}

#[test]
fn every_row_that_does_not_fit_its_grant_is_named_in_the_order_of_the_rows() {
    let mut rows = rows();
    rows.requisitions = [600, 500, 300, 101, 100, 1]
        .into_iter()
        .enumerate()
        .map(|(index, ore)| requisition(&format!("r{index}"), "g1", &format!("p{index}"), ore))
        .collect();
    let overdrawn = |index, asked, left| {
        let (asked, left) = (Ore::new(asked), Ore::new(left));
        (Place::Requisition(index), RowFault::GrantOverdrawn { asked, left })
    };
    let expected = vec![overdrawn(1, 500, 400), overdrawn(3, 101, 100), overdrawn(5, 1, 0)];
    assert_eq!(run(rows, &Record::default()), Err(expected));
}

#[test]
fn what_is_reserved_already_counts_against_the_rows() {
    let mut rows = rows();
    rows.requisitions = vec![requisition("r9", "g1", "p1", 401)];
    let fault = RowFault::GrantOverdrawn { asked: Ore::new(401), left: Ore::new(400) };
    assert_eq!(run(rows, &recorded()), Err(vec![(Place::Requisition(0), fault)]));
}

#[test]
fn a_cost_claimed_twice_is_named_within_the_rows_and_against_the_record() {
    let claimed = |requisition: &str| {
        RowFault::Claim(ClaimFault::ClaimedBefore {
            line: 0,
            requisition: RequisitionName::new(slug("f"), slug(requisition)),
            kind: CostKind::Other,
        })
    };
    let mut twice = rows();
    twice.requisitions.push(requisition("r3", "g1", "sala", 1));
    let expected = vec![(Place::Requisition(2), claimed("r1"))];
    assert_eq!(run(twice, &Record::default()), Err(expected));

    let mut again = Rows::default();
    again.requisitions.push(requisition("r3", "g1", "sala", 1));
    let expected = vec![(Place::Requisition(0), claimed("r1"))];
    assert_eq!(run(again, &recorded()), Err(expected));
}

#[test]
fn unknown_references_and_names_that_come_twice_are_named_all_at_once() {
    let mut rows = rows();
    rows.recipients.push(recipient("koping", Some("koping")));
    rows.recipients.push(recipient("sala", Some("sala")));
    rows.grants.push(grant("g3", "nobody", 1));
    rows.grants.push(grant("g1", "sala", 1));
    rows.requisitions.push(requisition("r3", "g9", "nobody", 1));
    rows.requisitions.push(requisition("r1", "g1", "sala", 600));
    let nobody = RecipientName::new(slug("f"), slug("nobody"));
    let party = ClaimFault::PartyUnknown(PartyName::new(slug("f"), slug("nobody")));
    let unknown_grant = ClaimFault::GrantUnknown(GrantName::new(slug("f"), slug("g9")));
    let koping = TeamName::new(slug("f"), slug("koping"));
    let recipient_unknown = DecisionFault::RecipientUnknown(nobody);
    let twice = |name| RowFault::NameTwice(format!("federations/f/{name}"));
    let expected = vec![
        (Place::Recipient(2), RowFault::Recipient(RecipientFault::TeamUnknown(koping))),
        (Place::Recipient(3), twice("recipients/sala")),
        (Place::Grant(2), RowFault::Decision(recipient_unknown)),
        (Place::Grant(3), twice("grants/g1")),
        (Place::Requisition(2), RowFault::Claim(party)),
        (Place::Requisition(2), RowFault::Claim(unknown_grant)),
        (Place::Requisition(3), twice("requisitions/r1")),
    ];
    assert_eq!(run(rows, &Record::default()), Err(expected));
}

#[test]
fn what_could_be_read_of_a_row_is_checked_and_can_be_referred_to() {
    let mut rows = rows();
    rows.recipients[0] = RecipientParts { display_name: None, ..recipient("sala", Some("koping")) };
    rows.grants[0].amount = None;
    rows.grants[1] = DecisionParts { period: None, ..grant("g2", "nobody", 500) };
    rows.requisitions[0] =
        ClaimParts { payment_reference: None, ..requisition("r1", "g1", "nobody", 5000) };
    rows.requisitions[1] =
        ClaimParts { payment_reference: None, ..requisition("r2", "g2", "region", 501) };
    let nobody = RecipientName::new(slug("f"), slug("nobody"));
    let koping = TeamName::new(slug("f"), slug("koping"));
    let party = ClaimFault::PartyUnknown(PartyName::new(slug("f"), slug("nobody")));
    let overdrawn = RowFault::GrantOverdrawn { asked: Ore::new(501), left: Ore::new(500) };
    let recipient_unknown = DecisionFault::RecipientUnknown(nobody);
    let expected = vec![
        (Place::Recipient(0), RowFault::Recipient(RecipientFault::TeamUnknown(koping))),
        (Place::Grant(1), RowFault::Decision(recipient_unknown)),
        (Place::Requisition(0), RowFault::Claim(party)),
        (Place::Requisition(1), overdrawn),
    ];
    assert_eq!(run(rows, &Record::default()), Err(expected));
}

#[test]
fn a_row_that_cannot_be_read_creates_nothing_even_when_nothing_else_is_wrong() {
    let mut unreadable = rows();
    unreadable.requisitions[0].payment_reference = None;
    let plan = run(unreadable, &Record::default()).unwrap();
    assert_eq!(plan.requisitions.len(), 1, "the reader tells of the other");
}

#[test]
fn a_sub_project_takes_its_money_from_the_grant_above_before_the_requisitions_do() {
    let with_sub_project = |sub_ore: i64| {
        let mut rows = rows();
        let parent = rows.grants[0].name.clone();
        rows.grants.push(DecisionParts { parent, ..grant("g3", "sala", sub_ore) });
        rows
    };
    let fits = run(with_sub_project(400), &Record::default()).unwrap();
    assert_eq!(fits.grants.len(), 3);
    let overdrawn = run(with_sub_project(401), &Record::default());
    let (asked, left) = (Ore::new(600), Ore::new(599));
    let expected = vec![(Place::Requisition(0), RowFault::GrantOverdrawn { asked, left })];
    assert_eq!(overdrawn, Err(expected));
    let (asked, left) = (Ore::new(1001), Ore::new(1000));
    let overdrawn = run(with_sub_project(1001), &Record::default());
    let expected = vec![(Place::Grant(2), RowFault::GrantOverdrawn { asked, left })];
    assert_eq!(overdrawn, Err(expected));
}

#[test]
fn a_grant_that_was_decided_anew_is_unchanged_by_its_first_and_its_present_decision() {
    let mut record = recorded();
    let name = rows().grants[0].name.clone().unwrap();
    let amended = record.grants.get_mut(&name).unwrap();
    let mut version = amended.versions[0].clone();
    version.amount = Amount::new(Ore::new(2000)).unwrap();
    amended.decision.amount = version.amount;
    amended.versions.push(version);
    for (ore, is_unchanged) in [(1000, true), (2000, true), (1500, false)] {
        let row = grant("g1", "sala", ore);
        let rows = Rows { grants: vec![row], ..Rows::default() };
        let expected = RowFault::DiffersFromRecord(name.to_string());
        let expected = (!is_unchanged).then(|| vec![(Place::Grant(0), expected)]);
        assert_eq!(run(rows, &record).err(), expected, "{ore}");
    }
}

#[test]
fn nothing_is_granted_in_a_closed_year() {
    let record = Record { closed_through: Some(2025), ..Record::default() };
    let rows = Rows { grants: rows().grants, recipients: rows().recipients, ..Rows::default() };
    let closed = |index| (Place::Grant(index), RowFault::YearClosed(2025));
    assert_eq!(run(rows, &record), Err(vec![closed(0), closed(1)]));
}
