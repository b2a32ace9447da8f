//! Who may claim back what, and what it does to the ledger.

use values::{Period, Slug, name::GrantName};

use super::*;
use crate::domain::{
    cost_line::CostLine,
    grant::GrantPeriod,
    ledger::{Account, Amount, Balances},
    requisition::{self, ByKind, Claim, RecoveredCost},
};

fn slug(id: &str) -> Slug {
    Slug::parse("id", id).unwrap()
}

fn actor(id: &str) -> AccountName {
    AccountName::new(slug("f"), slug(id))
}

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, month, day).unwrap()
}

fn lines(costs: &[(CostKind, i64)]) -> CostLines {
    let line = |(kind, ore): &(CostKind, i64)| {
        CostLine::new(*kind, String::new(), 0, Ore::new(*ore)).unwrap()
    };
    CostLines::new(costs.iter().map(line).collect()).unwrap()
}

fn requisition(state: requisition::State) -> Requisition {
    begun(state, None)
}

fn begun(state: requisition::State, corrects: Option<RequisitionName>) -> Requisition {
    let claim = Claim {
        name: RequisitionName::new(slug("f"), slug("r1")),
        grant: GrantName::new(slug("f"), slug("sala-2025")),
        party: PartyName::new(slug("f"), slug("sala")),
        corrects,
        organisation_number: None,
        period: Period::new("period", day(1, 1), day(6, 30)).unwrap(),
        cost_lines: lines(&[(CostKind::Premises, 300), (CostKind::Training, 100)]),
        payment_reference: String::new(),
        dnr: String::new(),
        forecast_rest: None,
        synthetic: false,
    };
    let (actor, time) = (actor("anna"), DateTime::UNIX_EPOCH);
    let step = requisition::Step { state, actor, time, comment: String::new() };
    Requisition::begun(claim, step, Ore::ZERO)
}

fn parts(costs: &[(CostKind, i64)]) -> RecoveryParts {
    RecoveryParts {
        name: Some(RecoveryName::new(slug("f"), slug("v1"))),
        requisition: Some(RequisitionName::new(slug("f"), slug("r1"))),
        cost_lines: Some(lines(costs)),
        reason: Some("Dubbelt betald hyra".to_owned()),
        dnr: Some("2025/31".to_owned()),
    }
}

fn run(
    parts: RecoveryParts,
    requisition: Option<&Requisition>,
    recovered: &[RecoveredCost],
) -> Result<Recovery, ProposeRefusal> {
    let recovered = requisition.map(|requisition| Corrected { requisition, recovered });
    let facts = ProposeFacts { is_taken: false, recovered, claimed: &[] };
    propose(parts, facts, actor("bo"), DateTime::UNIX_EPOCH)
}

fn proposed(ore: i64) -> Recovery {
    let paid = requisition(requisition::State::Paid);
    run(parts(&[(CostKind::Premises, ore)]), Some(&paid), &[]).unwrap()
}

/// Premises that a recovery takes.
fn recovered(id: &str, ore: i64) -> RecoveredCost {
    RecoveredCost {
        recovery: RecoveryName::new(slug("f"), slug(id)),
        kind: CostKind::Premises,
        amount: Amount::new(Ore::new(ore)).unwrap(),
    }
}

fn decided(
    recovery: Recovery,
    by: &str,
    stands: i64,
    closed_through: Option<i32>,
) -> Result<(Recovery, Voucher), StepRefusal> {
    let others = (stands < 300).then(|| recovered("v0", 300 - stands));
    decided_beside(recovery, by, others.as_slice(), closed_through)
}

fn decided_beside(
    recovery: Recovery,
    by: &str,
    others: &[RecoveredCost],
    closed_through: Option<i32>,
) -> Result<(Recovery, Voucher), StepRefusal> {
    let paid = requisition(requisition::State::Paid);
    // It does not stand in its own way; others do.
    let itself = recovered("v1", recovery.proposal().cost_lines.total().ore().get());
    let recovered = [others, &[itself]].concat();
    let facts = DecideFacts {
        etag: "1",
        recovered: Corrected { requisition: &paid, recovered: &recovered },
        claimed: &[],
        grant: OnGrant {
            period: GrantPeriod::new(Period::year(2025).unwrap()).unwrap(),
            balances: Balances { requisitioned: Ore::new(400), ..Balances::default() },
        },
        closed_through,
        today: NaiveDate::from_ymd_opt(2026, 4, 2).unwrap(),
    };
    decide(recovery, facts, String::new(), actor(by), DateTime::UNIX_EPOCH)
}

#[test]
fn only_what_was_paid_and_still_stands_can_be_recovered() {
    let paid = requisition(requisition::State::Paid);
    let unknown = run(parts(&[(CostKind::Premises, 1)]), None, &[]);
    let name = RequisitionName::new(slug("f"), slug("r1"));
    let expected = ProposeRefusal::Faulty(vec![RecoveryFault::RequisitionUnknown(name)]);
    assert_eq!(unknown, Err(expected));
    let approved = requisition(requisition::State::Approved);
    let unpaid = run(parts(&[(CostKind::Premises, 1)]), Some(&approved), &[]);
    assert_eq!(unpaid, Err(ProposeRefusal::NotPaid));
    let original = RequisitionName::new(slug("f"), slug("r0"));
    let correction = begun(requisition::State::Paid, Some(original));
    let of_correction = run(parts(&[(CostKind::Premises, 1)]), Some(&correction), &[]);
    assert_eq!(of_correction, Err(ProposeRefusal::NotPaid));
    let twice = run(parts(&[(CostKind::Premises, 1), (CostKind::Premises, 1)]), Some(&paid), &[]);
    let fault = RecoveryFault::KindTwice { line: 1, kind: CostKind::Premises };
    assert_eq!(twice, Err(ProposeRefusal::Faulty(vec![fault])));

    let earlier = recovered("v0", 250);
    let earlier = std::slice::from_ref(&earlier);
    assert!(run(parts(&[(CostKind::Premises, 50)]), Some(&paid), earlier).is_ok());
    let much = run(parts(&[(CostKind::Premises, 51)]), Some(&paid), earlier);
    let possible =
        ByKind::from([(CostKind::Premises, Ore::new(50)), (CostKind::Training, Ore::new(100))]);
    let too_large = |line, kind, ore| {
        let (asked, possible) = (Ore::new(ore), possible.clone());
        TooLarge { line, kind, asked, possible }
    };
    let premises = too_large(0, CostKind::Premises, 51);
    assert_eq!(much, Err(ProposeRefusal::TooLarge(vec![premises.clone()])));
    let more = parts(&[(CostKind::Premises, 51), (CostKind::Training, 101)]);
    let both = vec![premises, too_large(1, CostKind::Training, 101)];
    assert_eq!(run(more, Some(&paid), earlier), Err(ProposeRefusal::TooLarge(both)));
}

#[test]
fn another_person_decides_what_still_stands() {
    let own = decided(proposed(300), "bo", 300, None);
    assert_eq!(own, Err(StepRefusal::OwnApproval));
    let less = decided(proposed(300), "cecilia", 299, None);
    assert!(matches!(less, Err(StepRefusal::TooLarge(_))), "{less:?}");
    // Each kind of which less stands is told.
    let paid = requisition(requisition::State::Paid);
    let whole = parts(&[(CostKind::Training, 100), (CostKind::Premises, 300)]);
    let others = [CostKind::Training, CostKind::Premises]
        .map(|kind| RecoveredCost { kind, ..recovered("v0", 1) });
    let both = decided_beside(run(whole, Some(&paid), &[]).unwrap(), "cecilia", &others, None);
    let Err(StepRefusal::TooLarge(found)) = both else { panic!("{both:?}") };
    let found: Vec<_> = found.iter().map(|it| (it.line, it.kind, it.asked.get())).collect();
    assert_eq!(found, [(1, CostKind::Premises, 300), (0, CostKind::Training, 100)]);
    let (after, _) = decided(proposed(300), "cecilia", 300, None).unwrap();
    assert_eq!((after.state(), after.etag().as_str()), (State::Decided, "2"));
    let stale = cancel(after.clone(), "1", "x".to_owned(), actor("bo"), DateTime::UNIX_EPOCH);
    assert_eq!(stale, Err(StepRefusal::Stale));
    let late = cancel(after, "2", "x".to_owned(), actor("bo"), DateTime::UNIX_EPOCH);
    assert_eq!(late, Err(StepRefusal::StateForbids(State::Decided)));
}

#[test]
fn the_amount_is_the_grants_while_its_year_is_open_and_lessens_later_costs_afterwards() {
    let (_, open) = decided(proposed(300), "cecilia", 300, Some(2024)).unwrap();
    let accounts: Vec<_> =
        open.postings().iter().map(|it| (it.account, it.amount.get(), it.day)).collect();
    let expected = [
        (Account::Requisitioned, -300),
        (Account::Left, 300),
        (Account::Initiatives, -300),
        (Account::Receivable, 300),
    ];
    assert_eq!(accounts, expected.map(|(account, ore)| (account, ore, day(6, 30))));

    let (_, closed) = decided(proposed(300), "cecilia", 300, Some(2025)).unwrap();
    let accounts: Vec<_> =
        closed.postings().iter().map(|it| (it.account, it.amount.get())).collect();
    assert_eq!(accounts, [(Account::Initiatives, -300), (Account::Receivable, 300)]);
    assert!(closed.postings().iter().all(|posting| posting.day.year() == 2026));
    let refused = decided(proposed(300), "cecilia", 300, Some(2026));
    assert_eq!(refused, Err(StepRefusal::YearClosed(2026)));
}

#[test]
fn what_has_come_back_is_settled_once_on_a_day_in_an_open_year() {
    let (owed, _) = decided(proposed(300), "cecilia", 300, None).unwrap();
    let pay = |recovery: &Recovery, on: NaiveDate, closed_through| {
        let etag = recovery.etag();
        let facts = SettleFacts { etag: &etag, closed_through, today: day(9, 1) };
        let settlement = Payment { day: on, bank_reference: "BGC 9".to_owned() };
        let time = DateTime::UNIX_EPOCH;
        settle(recovery.clone(), facts, settlement, String::new(), actor("bo"), time)
    };
    let future = pay(&owed, day(9, 2), None);
    assert_eq!(future, Err(StepRefusal::SettlementDateInFuture(day(9, 2))));
    assert_eq!(pay(&owed, day(9, 1), Some(2025)), Err(StepRefusal::YearClosed(2025)));
    let (settled, voucher) = pay(&owed, day(8, 31), None).unwrap();
    assert_eq!(voucher, vouchers::settle(&slug("sala"), day(8, 31), Ore::new(300)));
    assert_eq!(settled.settlement().unwrap().bank_reference, "BGC 9");
    let twice = pay(&settled, day(8, 31), None);
    assert_eq!(twice, Err(StepRefusal::StateForbids(State::Settled)));
    let unasked = pay(&proposed(1), day(8, 31), None);
    assert_eq!(unasked, Err(StepRefusal::StateForbids(State::Proposed)));
}

#[test]
fn states_read_back_from_their_codes() {
    for state in State::ALL {
        assert_eq!(State::from_code(state.code()), Some(*state));
    }
}
