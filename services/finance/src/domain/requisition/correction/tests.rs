//! What a correction may take back, and what holds however much is taken back by
//! corrections and recoveries.

use chrono::{DateTime, NaiveDate};
use proptest::prelude::*;
use values::{
    Period, Slug,
    name::{AccountName, GrantName, PartyName},
};

use super::*;
use crate::domain::{
    cost_line::CostLine,
    grant::GrantPeriod,
    ledger::{Balances, Voucher, vouchers},
    recovery::{self, DecideFacts, ProposeFacts, Recovery, RecoveryParts},
    requisition::{
        Action, Claim, ClaimFacts, ClaimFault, GrantFact, OnGrant, PartyFact, Request, Step,
        StepFacts, StepRefusal, claim_faults, take,
    },
};

fn slug(id: &str) -> Slug {
    Slug::parse("id", id).unwrap()
}

fn name(id: &str) -> RequisitionName {
    RequisitionName::new(slug("f"), slug(id))
}

fn actor(id: &str) -> AccountName {
    AccountName::new(slug("f"), slug(id))
}

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, month, day).unwrap()
}

fn lines(costs: &[(CostKind, i64)]) -> CostLines {
    let line = |(kind, ore): &(CostKind, i64)| {
        let fte_percent = i32::from(*kind == CostKind::Staff) * 100;
        CostLine::new(*kind, String::new(), fte_percent, Ore::new(*ore)).unwrap()
    };
    CostLines::new(costs.iter().map(line).collect()).unwrap()
}

fn claim(id: &str, corrects: Option<&str>, costs: &[(CostKind, i64)]) -> Claim {
    Claim {
        name: name(id),
        grant: GrantName::new(slug("f"), slug("sala-2025")),
        party: PartyName::new(slug("f"), slug("sala")),
        corrects: corrects.map(name),
        organisation_number: None,
        period: Period::new("period", day(1, 1), day(6, 30)).unwrap(),
        cost_lines: lines(costs),
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
        organisation_number: None,
        period: Some(claim.period),
        cost_lines: Some(claim.cost_lines.clone()),
        payment_reference: Some(String::new()),
        dnr: Some(String::new()),
        forecast_rest: None,
        synthetic: false,
    }
}

/// A requisition that begins in a state.
fn begun(claim: Claim, state: State) -> Requisition {
    let step =
        Step { state, actor: actor("anna"), time: DateTime::UNIX_EPOCH, comment: String::new() };
    Requisition::begun(claim, step, Ore::ZERO)
}

const BOTH: [(CostKind, i64); 2] = [(CostKind::Staff, 300), (CostKind::Premises, 100)];

fn original() -> Requisition {
    begun(claim("r1", None, &BOTH), State::Paid)
}

fn faults(
    correction: &Claim,
    original: Option<&Requisition>,
    claimed: &[ClaimedCost],
) -> Vec<ClaimFault> {
    let facts = ClaimFacts {
        party: &PartyFact::Known(None),
        grant: GrantFact::Known(GrantPeriod::new(Period::year(2025).unwrap()).unwrap()),
        claimed,
        corrected: original.map(|requisition| Corrected { requisition, recovered: &[] }),
    };
    claim_faults(&parts(correction), facts)
}

#[test]
fn a_correction_points_at_what_stands_for_the_same_grant_party_and_days() {
    let correction = claim("k1", Some("r1"), &[(CostKind::Staff, 300)]);
    assert_eq!(faults(&correction, Some(&original()), &[]), []);
    let one = |fault| vec![ClaimFault::Correction(fault)];
    assert_eq!(faults(&correction, None, &[]), one(CorrectionFault::Unknown(name("r1"))));
    let submitted = begun(original().claim().clone(), State::Submitted);
    let expected = one(CorrectionFault::NotApproved(State::Submitted));
    assert_eq!(faults(&correction, Some(&submitted), &[]), expected);
    let nested = begun(claim("r1", Some("r0"), &BOTH), State::Approved);
    let expected = one(CorrectionFault::OfCorrection(name("r1")));
    assert_eq!(faults(&correction, Some(&nested), &[]), expected);

    let moved = Claim {
        party: PartyName::new(slug("f"), slug("koping")),
        period: Period::new("period", day(1, 1), day(3, 31)).unwrap(),
        ..correction
    };
    let differs = |field, expected: &str| {
        ClaimFault::Correction(CorrectionFault::Differs { field, expected: expected.to_owned() })
    };
    let expected = [
        differs("party", "federations/f/parties/sala"),
        differs("period", "2025-01-01–2025-06-30"),
    ];
    assert_eq!(faults(&moved, Some(&original()), &[]), expected);
}

#[test]
fn a_kind_that_was_not_claimed_cannot_be_taken_back_nor_more_than_was() {
    let other = claim("k1", Some("r1"), &[(CostKind::Staff, 1), (CostKind::Training, 1)]);
    let unbalanced = CorrectionFault::Unbalanced { line: 1, kind: CostKind::Training };
    let expected = [ClaimFault::Correction(unbalanced)];
    assert_eq!(faults(&other, Some(&original()), &[]), expected);

    let pending: Vec<_> =
        claim("k0", Some("r1"), &[(CostKind::Staff, 200)]).costs_in(State::Submitted).collect();
    let much = claim("k1", Some("r1"), &[(CostKind::Premises, 100), (CostKind::Staff, 101)]);
    let possible =
        ByKind::from([(CostKind::Staff, Ore::new(100)), (CostKind::Premises, Ore::new(100))]);
    let too_large = |line, kind, ore| {
        let (asked, possible) = (Ore::new(ore), possible.clone());
        let found = TooLarge { line, kind, asked, possible };
        ClaimFault::Correction(CorrectionFault::TooLarge(found))
    };
    let expected = [too_large(1, CostKind::Staff, 101)];
    assert_eq!(faults(&much, Some(&original()), &pending), expected);
    let more = claim("k1", Some("r1"), &[(CostKind::Premises, 102), (CostKind::Staff, 101)]);
    let expected = [too_large(1, CostKind::Staff, 101), too_large(0, CostKind::Premises, 102)];
    assert_eq!(faults(&more, Some(&original()), &pending), expected);
    // What was withdrawn takes nothing back.
    let withdrawn: Vec<_> =
        claim("k0", Some("r1"), &[(CostKind::Staff, 200)]).costs_in(State::Withdrawn).collect();
    assert_eq!(faults(&much, Some(&original()), &withdrawn), []);
}

#[test]
fn a_cost_that_was_taken_back_whole_can_be_claimed_again() {
    let again = claim("r2", None, &[(CostKind::Staff, 50)]);
    let of = |id: &str, corrects, ore, state| -> Vec<ClaimedCost> {
        claim(id, corrects, &[(CostKind::Staff, ore)]).costs_in(state).collect()
    };
    for (taken_back, state, is_claimed) in [
        (300, State::Approved, false),
        (300, State::Paid, false),
        (299, State::Approved, true),
        (300, State::Reviewed, true),
    ] {
        let mut claimed = of("r1", None, 300, State::Paid);
        claimed.extend(of("k1", Some("r1"), taken_back, state));
        let found = faults(&again, None, &claimed);
        assert_eq!(found.len(), usize::from(is_claimed), "{taken_back} {state:?} {found:?}");
    }
}

#[test]
fn a_cost_that_was_recovered_whole_or_with_corrections_can_be_claimed_again() {
    let again = claim("r2", None, &[(CostKind::Staff, 50)]);
    for (recovered, taken_back, is_claimed) in
        [(0, 0, true), (299, 0, true), (300, 0, false), (100, 199, true), (100, 200, false)]
    {
        let lines = [(CostKind::Staff, 200), (CostKind::Staff, 100)];
        let mut claimed: Vec<_> = claim("r1", None, &lines).costs_in(State::Paid).collect();
        for cost in &mut claimed {
            cost.recovered = Ore::new(recovered);
        }
        if taken_back > 0 {
            let correction = claim("k1", Some("r1"), &[(CostKind::Staff, taken_back)]);
            claimed.extend(correction.costs_in(State::Approved));
        }
        let found = faults(&again, None, &claimed);
        assert_eq!(found.len(), usize::from(is_claimed), "{recovered} {taken_back} {found:?}");
    }
}

#[test]
fn a_correction_reserves_nothing_and_gives_the_amount_back_to_the_grant() {
    let original = original();
    let corrected = Corrected { requisition: &original, recovered: &[] };
    let grant = OnGrant {
        period: GrantPeriod::new(Period::year(2025).unwrap()).unwrap(),
        balances: Balances { requisitioned: Ore::new(400), ..Balances::default() },
    };
    let ask = |requisition: &Requisition, action, by: &str, closed_through| {
        let facts = StepFacts {
            etag: &requisition.etag(),
            grant,
            claimed: &[],
            earlier_requisitioned: Ore::ZERO,
            corrected: Some(corrected),
            closed_through,
            today: day(7, 1),
        };
        let request = Request::new(action, String::new(), None).unwrap();
        take(requisition.clone(), facts, request, actor(by), DateTime::UNIX_EPOCH)
    };
    let draft = begun(claim("k1", Some("r1"), &[(CostKind::Staff, 300)]), State::Draft);
    // Its approval would be refused.
    let closed = ask(&draft, Action::Submit, "anna", Some(2025));
    assert_eq!(closed, Err(StepRefusal::YearClosed(2025)));
    let (submitted, voucher) = ask(&draft, Action::Submit, "anna", Some(2024)).unwrap();
    assert_eq!(voucher, None);
    let (reviewed, _) = ask(&submitted, Action::Review, "bo", None).unwrap();
    let closed = ask(&reviewed, Action::Approve, "cecilia", Some(2025));
    assert_eq!(closed, Err(StepRefusal::YearClosed(2025)));
    let (approved, voucher) = ask(&reviewed, Action::Approve, "cecilia", None).unwrap();
    let voucher = voucher.unwrap();
    assert_eq!(voucher, vouchers::correct(&approved.claim().costs()));
    let after = grant.balances.after(&slug("sala-2025"), &voucher).unwrap();
    assert_eq!((after.left, after.requisitioned), (Ore::new(300), Ore::new(100)));
    assert_eq!(approved.claim().amount(), Ore::new(-300));
}

/// What was approved or paid, net of corrections.
fn net(claimed: &[ClaimedCost]) -> i64 {
    let posted = claimed.iter().filter(|cost| cost.state.has_posted());
    posted.map(|cost| cost.amount.ore().get() * if cost.corrects.is_some() { -1 } else { 1 }).sum()
}

/// What is tried: correct or recover so much of a kind, and whether it is given
/// up before it is decided.
type Try = (bool, CostKind, i64, bool);

fn tries() -> impl Strategy<Value = Vec<Try>> {
    let kind = prop::sample::select(vec![CostKind::Staff, CostKind::Premises, CostKind::Other]);
    prop::collection::vec((any::<bool>(), kind, 1_i64..200, any::<bool>()), 0..30)
}

struct Story {
    original: Requisition,
    grant: OnGrant,
    claimed: Vec<ClaimedCost>,
    recovered: Vec<RecoveredCost>,
    owed: i64,
}

impl Story {
    fn corrected(&self) -> Corrected<'_> {
        Corrected { requisition: &self.original, recovered: &self.recovered }
    }

    fn post(&mut self, voucher: &Voucher) {
        let balances = self.grant.balances.after(&slug("sala-2025"), voucher);
        self.grant.balances = balances.expect("a decision never overdraws");
    }

    fn correct(&mut self, number: usize, kind: CostKind, ore: i64, is_given_up: bool) {
        let correction = claim(&format!("k{number}"), Some("r1"), &[(kind, ore)]);
        let facts = ClaimFacts {
            party: &PartyFact::Known(None),
            grant: GrantFact::Known(self.grant.period),
            claimed: &self.claimed,
            corrected: Some(self.corrected()),
        };
        if !claim_faults(&parts(&correction), facts).is_empty() {
            return;
        }
        let mut standing = begun(correction, State::Draft);
        let last = if is_given_up { Action::Reject } else { Action::Approve };
        let way = [(Action::Submit, "anna"), (Action::Review, "bo"), (last, "cecilia")];
        for (action, by) in way {
            let facts = StepFacts {
                etag: &standing.etag(),
                grant: self.grant,
                claimed: &self.claimed,
                earlier_requisitioned: Ore::ZERO,
                corrected: Some(self.corrected()),
                closed_through: None,
                today: day(7, 1),
            };
            let request = Request::new(action, "because".to_owned(), None).unwrap();
            let taken = take(standing.clone(), facts, request, actor(by), DateTime::UNIX_EPOCH);
            let (after, voucher) = taken.expect("nothing else has come between");
            self.claimed.retain(|cost| cost.requisition != after.claim().name);
            if after.state().is_live() {
                self.claimed.extend(after.claim().costs_in(after.state()));
            }
            if let Some(voucher) = voucher {
                self.post(&voucher);
            }
            standing = after;
        }
    }

    fn recover(&mut self, number: usize, kind: CostKind, ore: i64, is_given_up: bool) {
        let id = RecoveryName::new(slug("f"), slug(&format!("v{number}")));
        let parts = RecoveryParts {
            name: Some(id.clone()),
            requisition: Some(name("r1")),
            cost_lines: Some(lines(&[(kind, ore)])),
            reason: Some("because".to_owned()),
            dnr: Some("1".to_owned()),
        };
        let recovered = Some(self.corrected());
        let facts = ProposeFacts { is_taken: false, recovered, claimed: &self.claimed };
        let proposed = recovery::propose(parts, facts, actor("bo"), DateTime::UNIX_EPOCH);
        let Ok(proposed) = proposed else { return };
        if is_given_up {
            return;
        }
        let facts = DecideFacts {
            etag: "1",
            recovered: self.corrected(),
            claimed: &self.claimed,
            grant: self.grant,
            closed_through: None,
            today: day(7, 1),
        };
        let decided: (Recovery, Voucher) = recovery::decide(
            proposed,
            facts,
            String::new(),
            actor("cecilia"),
            DateTime::UNIX_EPOCH,
        )
        .expect("it was possible a moment ago");
        self.post(&decided.1);
        let amount = Amount::new(Ore::new(ore)).unwrap();
        self.recovered.push(RecoveredCost { recovery: id, kind, amount });
        self.owed += ore;
    }
}

proptest! {
    #[test]
    fn however_much_is_taken_back_nothing_falls_below_zero_and_the_sums_hold(tries in tries()) {
        let original = original();
        let claimed = original.claim().costs_in(State::Paid).collect();
        let period = GrantPeriod::new(Period::year(2025).unwrap()).unwrap();
        let balances = Balances {
            left: Ore::new(600),
            requisitioned: Ore::new(400),
            ..Balances::default()
        };
        let grant = OnGrant { period, balances };
        let mut story = Story { original, grant, claimed, recovered: Vec::new(), owed: 0 };
        for (number, (corrects, kind, ore, is_given_up)) in tries.into_iter().enumerate() {
            match corrects {
                true => story.correct(number, kind, ore, is_given_up),
                false => story.recover(number, kind, ore, is_given_up),
            }
            let stands = standing(story.corrected(), &story.claimed, None);
            let sum: i64 = stands.values().map(|ore| ore.get()).sum();
            let balances = story.grant.balances;
            prop_assert!(stands.values().all(|ore| *ore >= Ore::ZERO));
            prop_assert_eq!(Ore::new(sum), balances.requisitioned);
            prop_assert_eq!(balances.granted(), Some(Ore::new(1000)));
            let net = net(&story.claimed);
            prop_assert_eq!(net - story.owed, balances.requisitioned.get());
        }
    }
}
