//! What is decided on a book is decided as if each before it had been kept.

use chrono::{DateTime, NaiveDate, Utc};
use values::{Ore, Period, name::AccountName};

use super::*;
use crate::domain::{
    cost_line::{CostKind, CostLine, CostLines},
    grant::GrantPeriod,
    ledger::Amount,
    requisition::{
        self, Action, ClaimFacts, ClaimFault, ClaimParts, PartyFact, Request, State, Step,
        StepFacts, StepRefusal,
    },
};

fn slug(id: &str) -> Slug {
    Slug::parse("id", id).unwrap()
}

fn name(id: &str) -> RequisitionName {
    RequisitionName::new(slug("f"), slug(id))
}

fn grant() -> GrantName {
    GrantName::new(slug("f"), slug("sala-2025"))
}

fn party() -> PartyName {
    PartyName::new(slug("f"), slug("sala"))
}

fn actor(id: &str) -> AccountName {
    AccountName::new(slug("f"), slug(id))
}

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, month, day).unwrap()
}

fn time() -> DateTime<Utc> {
    "2025-07-01T10:00:00Z".parse().unwrap()
}

fn month_end(month: u32) -> NaiveDate {
    let next = day(month, 1) + chrono::Months::new(1);
    next.pred_opt().unwrap()
}

/// A book with a grant of 1000 öre and nothing on it.
fn book() -> Book {
    let amount = Amount::new(Ore::new(1000)).unwrap();
    let days = Period::new("period", day(1, 1), day(12, 31)).unwrap();
    let on_grant =
        OnGrant { period: GrantPeriod::new(days).unwrap(), balances: Balances::opened(amount) };
    Book::read(Known {
        federation: slug("f"),
        requisitions: HashMap::new(),
        grants: [(grant(), on_grant)].into(),
        claimed: HashMap::new(),
        requisitioned: HashMap::new(),
        recovered: HashMap::new(),
        closed_through: None,
    })
}

/// Drafts a claim for a month.
fn draft(book: &mut Book, sequence: i64, id: &str, month: u32, ore: i64) {
    let line = CostLine::new(CostKind::Other, String::new(), 0, Ore::new(ore)).unwrap();
    let parts = ClaimParts {
        name: Some(name(id)),
        grant: Some(grant()),
        party: Some(party()),
        corrects: None,
        organisation_number: None,
        period: Some(Period::new("period", day(month, 1), month_end(month)).unwrap()),
        cost_lines: Some(CostLines::new(vec![line]).unwrap()),
        payment_reference: Some(String::new()),
        dnr: Some(String::new()),
        forecast_rest: None,
        synthetic: true,
    };
    let is_taken = book.requisition(&name(id)).is_some();
    let (grant, claimed) = (book.grant_fact(&grant()), book.claimed(&grant(), &party()));
    let party = &PartyFact::Known(None);
    let facts = ClaimFacts { party, grant, claimed, corrected: None };
    let after = requisition::draft(parts, is_taken, facts, actor("anna"), time()).unwrap();
    book.enter(Change { sequence, before: None, after, voucher: None });
}

fn step(
    book: &mut Book,
    sequence: i64,
    id: &str,
    action: Action,
    by: &str,
) -> Result<(), StepRefusal> {
    let standing = book.requisition(&name(id)).unwrap().clone();
    let facts = StepFacts {
        etag: &standing.etag(),
        grant: book.on_grant(&grant()).unwrap(),
        claimed: book.claimed(&grant(), &party()),
        earlier_requisitioned: book.requisitioned(&grant(), &party()),
        corrected: None,
        closed_through: None,
        today: day(7, 1),
    };
    let request = Request::new(action, "because".to_owned(), None).unwrap();
    let (after, voucher) = requisition::take(standing.clone(), facts, request, actor(by), time())?;
    book.enter(Change { sequence, before: Some(standing.state()), after, voucher });
    Ok(())
}

#[test]
fn a_step_sees_the_name_the_money_and_the_costs_of_what_was_decided_before_it() {
    let mut book = book();
    draft(&mut book, 1, "r1", 1, 700);
    draft(&mut book, 2, "r2", 1, 100);
    draft(&mut book, 3, "r3", 2, 301);
    step(&mut book, 4, "r1", Action::Submit, "anna").unwrap();
    let twice = step(&mut book, 5, "r2", Action::Submit, "anna");
    let before =
        ClaimFault::ClaimedBefore { line: 0, requisition: name("r1"), kind: CostKind::Other };
    assert_eq!(twice, Err(StepRefusal::Faulty(vec![before])));
    let overdrawn = step(&mut book, 5, "r3", Action::Submit, "anna");
    let left = StepRefusal::GrantOverdrawn { asked: Ore::new(301), left: Ore::new(300) };
    assert_eq!(overdrawn, Err(left));

    step(&mut book, 5, "r1", Action::Return, "bo").unwrap();
    step(&mut book, 6, "r2", Action::Submit, "anna").unwrap();
    step(&mut book, 7, "r3", Action::Submit, "anna").unwrap();
    assert_eq!(book.on_grant(&grant()).unwrap().balances.reserved, Ore::new(401));
    assert_eq!(book.claimed(&grant(), &party()).len(), 2);
}

#[test]
fn what_was_drafted_is_kept_with_its_steps_and_what_was_there_with_those_it_took() {
    let mut first = book();
    draft(&mut first, 1, "r1", 1, 100);
    step(&mut first, 2, "r1", Action::Submit, "anna").unwrap();
    let mut second =
        Book { drafted: Vec::new(), vouchers: Vec::new(), stepped: HashMap::new(), ..first };
    step(&mut second, 3, "r1", Action::Review, "bo").unwrap();
    draft(&mut second, 4, "r2", 2, 50);
    step(&mut second, 5, "r1", Action::Approve, "cecilia").unwrap();
    step(&mut second, 6, "r2", Action::Submit, "anna").unwrap();
    let submitted = second.requisition(&name("r2")).unwrap().record();
    assert_eq!(submitted.earlier_requisitioned, Ore::new(100));

    let kept = second.into_kept();
    let states = |requisition: &Requisition| {
        requisition.steps().iter().map(|step: &Step| step.state).collect::<Vec<_>>()
    };
    let (sequence, drafted) = &kept.drafted[0];
    assert_eq!((kept.drafted.len(), *sequence), (1, 4));
    assert_eq!(states(drafted), [State::Draft, State::Submitted]);
    let (before, stepped) = &kept.stepped[0];
    assert_eq!((kept.stepped.len(), *before), (1, 2));
    assert_eq!(states(stepped)[*before..], [State::Reviewed, State::Approved]);
    let posted: Vec<i64> = kept.vouchers.iter().map(|(sequence, _)| *sequence).collect();
    assert_eq!(posted, [5, 6]);
}
