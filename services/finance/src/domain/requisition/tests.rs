//! The rules of a requisition's way, case by case, and what holds however it
//! goes.

mod content;

use chrono::{DateTime, NaiveDate};
use proptest::prelude::*;
use values::{
    Ore, Period, Slug,
    name::{GrantName, PartyName, RequisitionName},
};

use super::*;
use crate::domain::{
    cost_line::{CostKind, CostLine, CostLines},
    grant::GrantPeriod,
    ledger::{Amount, Balances, Voucher, vouchers},
};

fn slug(id: &str) -> Slug {
    Slug::parse("id", id).unwrap()
}

fn account(id: &str) -> AccountName {
    AccountName::new(slug("f"), slug(id))
}

fn name(id: &str) -> RequisitionName {
    RequisitionName::new(slug("f"), slug(id))
}

fn period(first: (u32, u32), last: (u32, u32)) -> Period {
    let day = |(month, day)| NaiveDate::from_ymd_opt(2025, month, day).unwrap();
    Period::new("period", day(first), day(last)).unwrap()
}

fn claim(lines: &[(CostKind, i64)]) -> Claim {
    let line = |(kind, ore): &(CostKind, i64)| {
        let fte_percent = i32::from(*kind == CostKind::Staff) * 100;
        CostLine::new(*kind, String::new(), fte_percent, Ore::new(*ore)).unwrap()
    };
    Claim {
        name: name("r1"),
        grant: GrantName::new(slug("f"), slug("sala-2025")),
        party: PartyName::new(slug("f"), slug("sala")),
        corrects: None,
        organisation_number: None,
        period: period((1, 1), (6, 30)),
        cost_lines: CostLines::new(lines.iter().map(line).collect()).unwrap(),
        payment_reference: String::new(),
        dnr: String::new(),
        forecast_rest: None,
        synthetic: false,
    }
}

fn parts(claim: &Claim) -> ClaimParts {
    ClaimParts {
        name: Some(claim.name.clone()),
        grant: Some(claim.grant.clone()),
        party: Some(claim.party.clone()),
        corrects: claim.corrects.clone(),
        organisation_number: claim.organisation_number.clone(),
        period: Some(claim.period),
        cost_lines: Some(claim.cost_lines.clone()),
        payment_reference: Some(claim.payment_reference.clone()),
        dnr: Some(claim.dnr.clone()),
        forecast_rest: claim.forecast_rest,
        synthetic: claim.synthetic,
    }
}

fn on_grant_for(period: Period) -> GrantFact {
    GrantFact::Known(GrantPeriod::new(period).unwrap())
}

fn granted(ore: i64) -> Balances {
    Balances::opened(Amount::new(Ore::new(ore)).unwrap())
}

fn claimed(id: &str, state: State, kind: CostKind, period: Period) -> ClaimedCost {
    let amount = Amount::new(Ore::new(100)).unwrap();
    let recovered = Ore::ZERO;
    ClaimedCost { requisition: name(id), corrects: None, state, kind, amount, period, recovered }
}

/// A requisition that has come as far as these steps.
fn at(steps: &[(State, &str)]) -> Requisition {
    let steps = steps.iter().map(|(state, actor)| Step {
        state: *state,
        actor: account(actor),
        time: DateTime::UNIX_EPOCH,
        comment: String::new(),
    });
    let claim = claim(&[(CostKind::Staff, 100)]);
    let first = Step { state: State::Draft, ..steps.clone().next().unwrap() };
    let mut record = Requisition::begun(claim, first, Ore::ZERO).record().clone();
    record.steps = steps.collect();
    record.revision = i32::try_from(record.steps.len()).unwrap();
    Requisition::kept(record).unwrap()
}

fn facts(balances: Balances) -> StepFacts<'static> {
    let period = GrantPeriod::new(period((1, 1), (12, 31))).unwrap();
    StepFacts {
        etag: "1",
        grant: OnGrant { period, balances },
        claimed: &[],
        earlier_requisitioned: Ore::ZERO,
        corrected: None,
        closed_through: None,
        today: NaiveDate::from_ymd_opt(2025, 7, 1).unwrap(),
    }
}

fn paid_on(month: u32, day: u32) -> Payment {
    let day = NaiveDate::from_ymd_opt(2025, month, day).unwrap();
    Payment { day, bank_reference: "BGC 1".to_owned() }
}

fn ask(
    requisition: &Requisition,
    action: Action,
    actor: &str,
    balances: Balances,
    claimed: &[ClaimedCost],
) -> Result<(Requisition, Option<Voucher>), StepRefusal> {
    let etag = requisition.etag();
    let facts = StepFacts { etag: &etag, claimed, ..facts(balances) };
    let payment = (action == Action::Pay).then(|| paid_on(7, 1));
    let request = Request::new(action, "because".to_owned(), payment).unwrap();
    take(requisition.clone(), facts, request, account(actor), DateTime::UNIX_EPOCH)
}

fn reserved(ore: i64) -> Balances {
    let amount = Amount::new(Ore::new(ore)).unwrap();
    Balances { left: Ore::new(1000 - ore), reserved: amount.ore(), ..Balances::default() }
}

#[test]
fn a_claim_is_checked_against_party_grant_and_days_all_at_once() {
    let claim = claim(&[(CostKind::Staff, 1)]);
    let facts = ClaimFacts {
        party: &PartyFact::Unknown,
        grant: GrantFact::Unknown,
        claimed: &[],
        corrected: None,
    };
    let expected = [
        ClaimFault::PartyUnknown(claim.party.clone()),
        ClaimFault::GrantUnknown(claim.grant.clone()),
    ];
    assert_eq!(claim_faults(&parts(&claim), facts), expected);

    let facts = ClaimFacts {
        party: &PartyFact::Known(None),
        grant: on_grant_for(period((2, 1), (12, 31))),
        ..facts
    };
    let expected = [ClaimFault::PeriodOutsideGrant {
        period: period((1, 1), (6, 30)),
        grant_period: period((2, 1), (12, 31)),
    }];
    assert_eq!(claim_faults(&parts(&claim), facts), expected);
}

#[test]
fn a_cost_is_claimed_before_when_a_live_requisition_shares_its_kind_and_a_day() {
    let claim = claim(&[(CostKind::Staff, 1), (CostKind::Premises, 1), (CostKind::Premises, 2)]);
    let spring = period((1, 1), (6, 30));
    for (other, line) in [
        (claimed("r0", State::Submitted, CostKind::Staff, spring), Some(0)),
        (claimed("r0", State::Paid, CostKind::Premises, period((6, 30), (7, 31))), Some(1)),
        (claimed("r0", State::Draft, CostKind::Staff, spring), None),
        (claimed("r0", State::Withdrawn, CostKind::Staff, spring), None),
        (claimed("r0", State::Paid, CostKind::Training, spring), None),
        (claimed("r0", State::Paid, CostKind::Staff, period((7, 1), (7, 31))), None),
        (claimed("r1", State::Submitted, CostKind::Staff, spring), None),
    ] {
        let facts = ClaimFacts {
            party: &PartyFact::Known(None),
            grant: on_grant_for(period((1, 1), (12, 31))),
            claimed: std::slice::from_ref(&other),
            corrected: None,
        };
        let expected: Vec<_> = line
            .map(|line| ClaimFault::ClaimedBefore {
                line,
                requisition: name("r0"),
                kind: other.kind,
            })
            .into_iter()
            .collect();
        assert_eq!(claim_faults(&parts(&claim), facts), expected, "{other:?}");
    }
}

#[test]
fn a_draft_begins_with_one_step_and_never_over_another_requisition() {
    let facts = ClaimFacts {
        party: &PartyFact::Known(None),
        grant: on_grant_for(period((1, 1), (12, 31))),
        claimed: &[],
        corrected: None,
    };
    let claim = claim(&[(CostKind::Staff, 1)]);
    let run = |parts: ClaimParts, is_taken| {
        draft(parts, is_taken, facts, account("anna"), DateTime::UNIX_EPOCH)
    };
    let drafted = run(parts(&claim), false).unwrap();
    assert_eq!((drafted.state(), drafted.etag().as_str()), (State::Draft, "1"));
    assert_eq!(run(parts(&claim), true), Err(DraftRefusal::Taken));
    let unreadable = ClaimParts { cost_lines: None, ..parts(&claim) };
    assert_eq!(run(unreadable, false), Err(DraftRefusal::Faulty(vec![])));
}

#[test]
fn who_submitted_never_approves_and_the_two_approvals_are_two_peoples() {
    use State::{Draft, Returned, Reviewed, Submitted};
    let submitted = at(&[(Draft, "anna"), (Submitted, "anna")]);
    let resubmitted = at(&[(Draft, "a"), (Submitted, "anna"), (Returned, "b"), (Submitted, "c")]);
    let reviewed = at(&[(Draft, "anna"), (Submitted, "anna"), (Reviewed, "bo")]);
    for (requisition, action, actor, refusal) in [
        (&submitted, Action::Review, "anna", Some(StepRefusal::OwnApproval)),
        (&submitted, Action::Review, "bo", None),
        (&resubmitted, Action::Review, "anna", Some(StepRefusal::OwnApproval)),
        (&reviewed, Action::Approve, "anna", Some(StepRefusal::OwnApproval)),
        (&reviewed, Action::Approve, "bo", Some(StepRefusal::SameApprover)),
        (&reviewed, Action::Approve, "cecilia", None),
    ] {
        let result = ask(requisition, action, actor, reserved(100), &[]);
        assert_eq!(result.err(), refusal, "{action:?} by {actor}");
    }
}

#[test]
fn a_step_on_another_version_is_stale_before_anything_else_is_said() {
    let submitted = at(&[(State::Draft, "anna"), (State::Submitted, "anna")]);
    let facts = facts(reserved(100));
    let request = Request::new(Action::Pay, String::new(), Some(paid_on(7, 1))).unwrap();
    let result = take(submitted, facts, request, account("anna"), DateTime::UNIX_EPOCH);
    assert_eq!(result, Err(StepRefusal::Stale));
}

#[test]
fn a_step_needs_a_comment_where_somebody_must_know_why() {
    for action in Action::ALL {
        let needs = matches!(action, Action::Return | Action::Reject);
        let fault = Request::new(*action, " ".to_owned(), Some(paid_on(7, 1))).err();
        assert_eq!(fault, needs.then_some(RequestFault::CommentMissing), "{action:?}");
    }
    let unpaid = Request::new(Action::Pay, String::new(), None);
    assert_eq!(unpaid, Err(RequestFault::PaymentMissing));
}

#[test]
fn a_submission_takes_what_is_left_and_no_more() {
    let draft = at(&[(State::Draft, "anna")]);
    let (submitted, voucher) = ask(&draft, Action::Submit, "anna", granted(100), &[]).unwrap();
    assert_eq!(submitted.state(), State::Submitted);
    assert_eq!(voucher, Some(vouchers::reserve(&draft.claim().costs())));
    let refusal = ask(&draft, Action::Submit, "anna", granted(99), &[]).unwrap_err();
    let expected = StepRefusal::GrantOverdrawn { asked: Ore::new(100), left: Ore::new(99) };
    assert_eq!(refusal, expected);
}

#[test]
fn a_submission_tells_what_was_requisitioned_before_it() {
    let draft = at(&[(State::Draft, "anna")]);
    let facts = StepFacts { earlier_requisitioned: Ore::new(700), ..facts(granted(100)) };
    let request = Request::new(Action::Submit, String::new(), None).unwrap();
    let taken = take(draft, facts, request, account("anna"), DateTime::UNIX_EPOCH);
    assert_eq!(taken.unwrap().0.record().earlier_requisitioned, Ore::new(700));
}

#[test]
fn a_submission_is_for_whole_days_of_the_grant_as_it_is_by_then() {
    let draft = at(&[(State::Draft, "anna")]);
    let on = |days: Period| {
        let grant_period = GrantPeriod::new(days).unwrap();
        let grant = OnGrant { period: grant_period, balances: granted(100) };
        let request = Request::new(Action::Submit, String::new(), None).unwrap();
        let facts = StepFacts { grant, ..facts(granted(100)) };
        take(draft.clone(), facts, request, account("anna"), DateTime::UNIX_EPOCH)
    };
    let (whole, spring) = (period((1, 1), (12, 31)), period((2, 1), (12, 31)));
    assert!(on(whole).is_ok());
    let outside =
        ClaimFault::PeriodOutsideGrant { period: period((1, 1), (6, 30)), grant_period: spring };
    assert_eq!(on(spring), Err(StepRefusal::Faulty(vec![outside])));
}

#[test]
fn a_payment_has_come_and_is_posted_on_its_day_in_an_open_year() {
    let steps = [(State::Draft, "anna"), (State::Submitted, "anna"), (State::Approved, "cecilia")];
    let approved = at(&steps);
    let pay = |payment: Payment, closed_through| {
        let facts = StepFacts { etag: "3", closed_through, ..facts(granted(1)) };
        let request = Request::new(Action::Pay, String::new(), Some(payment)).unwrap();
        take(approved.clone(), facts, request, account("bo"), DateTime::UNIX_EPOCH)
    };
    let future = paid_on(7, 2);
    assert_eq!(pay(future.clone(), None), Err(StepRefusal::PaymentDateInFuture(future.day)));
    assert_eq!(pay(paid_on(6, 30), Some(2025)), Err(StepRefusal::YearClosed(2025)));
    let (paid, voucher) = pay(paid_on(6, 30), Some(2024)).unwrap();
    assert_eq!(paid.record().payment, Some(paid_on(6, 30)));
    let party = &paid.claim().party.id;
    assert_eq!(voucher, Some(vouchers::pay(party, paid_on(6, 30).day, Ore::new(100))));
    assert!(pay(paid_on(7, 1), None).is_ok());
}

#[test]
fn nothing_is_reserved_released_or_approved_in_a_closed_year() {
    let submitted = at(&[(State::Draft, "anna"), (State::Submitted, "anna")]);
    let reviewed =
        at(&[(State::Draft, "anna"), (State::Submitted, "anna"), (State::Reviewed, "bo")]);
    for (requisition, action) in [
        (at(&[(State::Draft, "anna")]), Action::Submit),
        (submitted, Action::Reject),
        (reviewed, Action::Approve),
    ] {
        let etag = requisition.etag();
        let closed_through = Some(2025);
        let facts = StepFacts { etag: &etag, closed_through, ..facts(reserved(100)) };
        let request = Request::new(action, "because".to_owned(), None).unwrap();
        let refused = take(requisition, facts, request, account("david"), DateTime::UNIX_EPOCH);
        assert_eq!(refused, Err(StepRefusal::YearClosed(2025)), "{action:?}");
    }
}

#[test]
fn a_cost_that_another_claimed_meanwhile_is_refused_at_submission() {
    let draft = at(&[(State::Draft, "anna")]);
    let other = claimed("r2", State::Submitted, CostKind::Staff, period((6, 1), (6, 30)));
    let refusal = ask(&draft, Action::Submit, "anna", granted(500), &[other]).unwrap_err();
    let before =
        ClaimFault::ClaimedBefore { line: 0, requisition: name("r2"), kind: CostKind::Staff };
    assert_eq!(refusal, StepRefusal::Faulty(vec![before]));
}

#[test]
fn a_release_of_what_was_never_reserved_is_a_broken_ledger_not_an_overdrawn_grant() {
    let submitted = at(&[(State::Draft, "anna"), (State::Submitted, "anna")]);
    let refusal = ask(&submitted, Action::Reject, "bo", granted(500), &[]).unwrap_err();
    assert_eq!(refusal, StepRefusal::LedgerBroken);
}

fn walks() -> impl Strategy<Value = Vec<(Action, &'static str)>> {
    let actor = prop_oneof![Just("anna"), Just("bo"), Just("cecilia")];
    prop::collection::vec((prop::sample::select(Action::ALL), actor), 0..40)
}

proptest! {
    #[test]
    fn however_it_goes_the_money_stands_where_the_state_says(walk in walks()) {
        let mut requisition = at(&[(State::Draft, "anna")]);
        let mut balances = granted(150);
        for (action, actor) in walk {
            let Ok((after, voucher)) = ask(&requisition, action, actor, balances, &[]) else {
                continue;
            };
            if let Some(voucher) = voucher {
                balances = balances.after(&after.claim().grant.id, &voucher).unwrap();
            }
            prop_assert_eq!(after.steps().len(), requisition.steps().len() + 1);
            requisition = after;
            let held = |holds: bool| Ore::new(i64::from(holds) * 100);
            prop_assert_eq!(balances.reserved, held(requisition.state().reserves()));
            prop_assert_eq!(balances.requisitioned, held(requisition.state().has_posted()));
        }
    }

    #[test]
    fn nothing_is_posted_without_four_eyes(walk in walks()) {
        let mut requisition = at(&[(State::Draft, "anna")]);
        for (action, actor) in walk {
            let state = requisition.state();
            let balances = if state.reserves() { reserved(100) } else { granted(1000) };
            if let Ok((after, _)) = ask(&requisition, action, actor, balances, &[]) {
                requisition = after;
            }
        }
        if requisition.state().has_posted() {
            let actors_of = |state: State| -> Vec<&AccountName> {
                let steps = requisition.steps().iter();
                steps.filter(|step| step.state == state).map(|step| &step.actor).collect()
            };
            let approver = actors_of(State::Approved)[0];
            let reviewer = *actors_of(State::Reviewed).last().unwrap();
            prop_assert_ne!(approver, reviewer);
            for submitter in actors_of(State::Submitted) {
                prop_assert_ne!(submitter, approver);
                prop_assert_ne!(submitter, reviewer);
            }
        }
    }
}
