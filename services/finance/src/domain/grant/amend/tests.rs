//! What a new decision may change, and what it must leave room for.

use proptest::prelude::*;
use values::{
    Slug,
    name::{GrantName, RecipientName},
};

use super::*;
use crate::domain::{
    grant::{self, CreateFacts, Decision, DecisionParts, ParentFact},
    ledger::Balances,
};

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, month, day).unwrap()
}

fn days(first: NaiveDate, last: NaiveDate) -> GrantPeriod {
    GrantPeriod::new(Period::new("period", first, last).unwrap()).unwrap()
}

fn year() -> GrantPeriod {
    GrantPeriod::new(Period::year(2025).unwrap()).unwrap()
}

fn amount(ore: i64) -> Amount {
    Amount::new(Ore::new(ore)).unwrap()
}

fn actor() -> AccountName {
    let slug = |id| Slug::parse("id", id).unwrap();
    AccountName::new(slug("f"), slug("kansli"))
}

/// A grant of 1000 öre, with so much of it claimed.
fn granted(claimed_ore: i64) -> Grant {
    let parts = DecisionParts {
        name: GrantName::parse("name", "federations/f/grants/sala-2025").ok(),
        recipient: RecipientName::parse("name", "federations/f/recipients/sala").ok(),
        parent: None,
        period: Some(year()),
        amount: Some(amount(1000)),
        dnr: Some("2024/17".to_owned()),
        decision_date: Some(day(1, 10)),
        deciding_body: Some("Styrelsen".to_owned()),
        synthetic: false,
    };
    let facts = CreateFacts {
        is_taken: false,
        recipient_is_known: true,
        parent: ParentFact::Unknown,
        closed_through: None,
        today: day(1, 10),
    };
    let (grant, _) = grant::create(parts, facts, actor(), DateTime::UNIX_EPOCH).unwrap();
    let balances = Balances {
        left: Ore::new(1000 - claimed_ore),
        reserved: Ore::new(claimed_ore),
        ..Balances::default()
    };
    Grant { balances, ..grant }
}

fn sub_project(claimed_ore: i64) -> Grant {
    let grant = granted(claimed_ore);
    let parent = GrantName::parse("name", "federations/f/grants/above").ok();
    Grant { decision: Decision { parent, ..grant.decision.clone() }, ..grant }
}

fn above(left_ore: i64) -> Parent {
    let balances =
        Balances { left: Ore::new(left_ore), allotted: Ore::new(1000), ..Balances::default() };
    Parent { is_sub_project: false, period: year(), balances }
}

fn to(ore: i64) -> AmendmentParts {
    AmendmentParts {
        period: Some(year()),
        amount: Some(amount(ore)),
        dnr: Some("2025/3".to_owned()),
        decision_date: Some(day(5, 20)),
        deciding_body: Some("Styrelsen".to_owned()),
        reason: Some("Fler deltagare".to_owned()),
    }
}

fn facts() -> AmendFacts<'static> {
    AmendFacts { etag: "1", parent: None, held: &[], closed_through: None, today: day(5, 20) }
}

fn run(
    grant: Grant,
    parts: AmendmentParts,
    facts: AmendFacts<'_>,
) -> Result<(Grant, Voucher), AmendRefusal> {
    amend(grant, parts, facts, actor(), DateTime::UNIX_EPOCH)
}

#[test]
fn a_new_decision_stands_and_the_one_before_it_stays() {
    let (after, voucher) = run(granted(400), to(1500), facts()).unwrap();
    assert_eq!((after.decision.amount, after.decision.dnr.as_str()), (amount(1500), "2025/3"));
    assert_eq!((after.balances.left, after.balances.reserved), (Ore::new(1100), Ore::new(400)));
    assert_eq!(after.etag(), "2");
    assert_eq!(after.first_decision(), granted(400).decision);
    assert_eq!(voucher, vouchers::amend(&after.decision.name.id, None, day(1, 1), Ore::new(500)));
    let stale = run(after, to(1500), facts());
    assert_eq!(stale, Err(AmendRefusal::Stale));
}

#[test]
fn less_than_what_is_claimed_is_refused_with_the_least_there_can_be() {
    assert!(run(granted(400), to(400), facts()).is_ok());
    let expected = AmendRefusal::BelowClaimed { asked: Ore::new(399), least: Ore::new(400) };
    assert_eq!(run(granted(400), to(399), facts()), Err(expected));
}

#[test]
fn a_sub_project_gets_more_from_the_grant_above_and_gives_back_what_it_has_left() {
    let facts = AmendFacts { parent: Some(above(500)), ..facts() };
    let above_id = Slug::parse("id", "above").unwrap();
    for (ore, left, allotted) in [(1500, 0, 1500), (1000, 500, 1000), (600, 900, 600)] {
        let (after, voucher) = run(sub_project(400), to(ore), facts).unwrap();
        let parent = above(500).balances.after(&above_id, &voucher).unwrap();
        assert_eq!((parent.left, parent.allotted), (Ore::new(left), Ore::new(allotted)));
        assert_eq!(after.balances.left, Ore::new(ore - 400));
    }
    let expected = AmendRefusal::GrantOverdrawn { asked: Ore::new(501), left: Ore::new(500) };
    assert_eq!(run(sub_project(400), to(1501), facts), Err(expected));
}

#[test]
fn the_days_cover_what_is_claimed_and_stay_within_the_year_and_the_grant_above() {
    let held = [
        Held { name: "r1".to_owned(), period: days(day(1, 1), day(3, 31)).days() },
        Held { name: "r2".to_owned(), period: days(day(4, 1), day(6, 30)).days() },
    ];
    let parent = Parent { period: days(day(1, 1), day(6, 30)), ..above(500) };
    let facts = AmendFacts { held: &held, parent: Some(parent), ..facts() };
    let autumn = days(day(4, 1), day(12, 31));
    let parts = AmendmentParts { period: Some(autumn), amount: None, ..to(1000) };
    let expected = vec![
        AmendmentFault::PeriodOutsideParent {
            period: autumn.days(),
            parent_period: parent.period.days(),
        },
        AmendmentFault::PeriodLeavesOut { period: autumn.days(), held: held[0].clone() },
    ];
    assert_eq!(run(sub_project(400), parts, facts), Err(AmendRefusal::Faulty(expected)));

    // A day is enough.
    let shorter = days(day(1, 1), day(6, 29));
    let parts = AmendmentParts { period: Some(shorter), ..to(1000) };
    let left_out =
        AmendmentFault::PeriodLeavesOut { period: shorter.days(), held: held[1].clone() };
    let refused = run(sub_project(400), parts, facts);
    assert_eq!(refused, Err(AmendRefusal::Faulty(vec![left_out])));

    let next = GrantPeriod::new(Period::year(2026).unwrap()).unwrap();
    let parts = AmendmentParts { period: Some(next), ..to(1000) };
    let expected = vec![AmendmentFault::PeriodOutsideYear { period: next.days(), year: 2025 }];
    let facts = AmendFacts { held: &[], parent: None, ..facts };
    assert_eq!(run(granted(400), parts, facts), Err(AmendRefusal::Faulty(expected)));
}

#[test]
fn a_decision_is_taken_on_a_day_that_has_come_and_not_before_the_last_one() {
    let decided =
        |on| run(granted(0), AmendmentParts { decision_date: Some(on), ..to(1) }, facts());
    let future = vec![AmendmentFault::DecisionDateInFuture(day(5, 21))];
    assert_eq!(decided(day(5, 21)), Err(AmendRefusal::Faulty(future)));
    let earlier =
        vec![AmendmentFault::DecisionDateTooEarly { day: day(1, 9), earliest: day(1, 10) }];
    assert_eq!(decided(day(1, 9)), Err(AmendRefusal::Faulty(earlier)));
    assert!(decided(day(1, 10)).is_ok());
}

#[test]
fn nothing_is_decided_on_a_closed_year() {
    let facts = AmendFacts { closed_through: Some(2025), ..facts() };
    assert_eq!(run(granted(0), to(2000), facts), Err(AmendRefusal::YearClosed(2025)));
}

proptest! {
    #[test]
    fn however_often_it_is_decided_anew_no_money_comes_from_nowhere(
        amounts in prop::collection::vec(1_i64..3000, 1..20),
        claimed in 0_i64..1000,
    ) {
        let mut grant = sub_project(claimed);
        let mut parent = above(500);
        let above_id = Slug::parse("id", "above").unwrap();
        for ore in amounts {
            let etag = grant.etag();
            let facts = AmendFacts { etag: &etag, parent: Some(parent), ..facts() };
            let Ok((after, voucher)) = run(grant.clone(), to(ore), facts) else { continue };
            parent.balances = parent.balances.after(&above_id, &voucher).unwrap();
            grant = after;
            prop_assert_eq!(parent.balances.granted(), Some(Ore::new(1500)));
            prop_assert_eq!(grant.balances.granted(), Some(grant.decision.amount.ore()));
            prop_assert_eq!(parent.balances.allotted, grant.decision.amount.ore());
        }
    }
}
