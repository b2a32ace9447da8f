//! Opening, limits, outlook and close, by hand and by property.

use std::collections::BTreeMap;

use chrono::Datelike as _;
use proptest::prelude::*;
use values::{
    Slug,
    name::{RecoveryName, RequisitionName},
};

use super::{
    close::{CloseFacts, CloseRefusal, Undecided, close},
    outlook::{OutlookFacts, compute},
    *,
};
use crate::domain::ledger::{Account, vouchers::year::YearBalance};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn year(number: i32) -> BudgetYear {
    BudgetYear::new(number).unwrap()
}

fn federation() -> Slug {
    Slug::parse("federation", "f").unwrap()
}

fn decision(on: &str) -> BoardDecisionParts {
    BoardDecisionParts {
        dnr: Some("2024/17".to_owned()),
        decision_date: Some(day(on)),
        deciding_body: Some("Styrelsen".to_owned()),
    }
}

fn to_open(number: i32, equity: i64) -> OpenParts {
    OpenParts {
        name: Some(FinancialYearName::of(&federation(), number)),
        year: Some(year(number)),
        opening_equity: Some(Ore::new(equity)),
        opening: decision("2024-11-28"),
        synthetic: false,
    }
}

fn facts() -> OpenFacts {
    OpenFacts { is_taken: false, first_year: None, closed_through: None, today: day("2025-07-01") }
}

fn opened(number: i32, equity: i64) -> FinancialYear {
    open(to_open(number, equity), facts()).unwrap().0
}

#[test]
fn only_the_first_year_is_opened_with_an_equity_from_elsewhere() {
    let first = |year, equity| Some(FirstYear { year, opening_equity: Ore::new(equity) });
    let carried = |first_year| Some(OpenRefusal::EquityIsCarriedOver { first_year });
    for (number, equity, first_year, refusal) in [
        (2025, 500, None, None),
        (2025, -500, None, None),
        (2026, 500, first(2025, 0), carried(2025)),
        (2026, 0, first(2025, 500), None),
        // What the earlier year ends with would come on top of the later one's.
        (2024, 0, first(2025, 500), carried(2025)),
        (2024, 0, first(2025, 0), None),
    ] {
        let facts = OpenFacts { first_year, ..facts() };
        assert_eq!(open(to_open(number, equity), facts).err(), refusal, "{number} {equity}");
    }
}

#[test]
fn a_year_is_not_opened_twice_nor_before_a_closed_one_nor_by_a_decision_to_come() {
    let closed = OpenFacts { closed_through: Some(2025), ..facts() };
    let expected = OpenRefusal::LaterYearClosed { closed_through: 2025 };
    assert_eq!(open(to_open(2024, 0), closed).err(), Some(expected));
    assert!(open(to_open(2026, 0), closed).is_ok());
    let taken = OpenFacts { is_taken: true, ..closed };
    assert_eq!(open(to_open(2025, 0), taken).err(), Some(OpenRefusal::Taken));
    let early = OpenFacts { today: day("2024-11-27"), ..taken };
    let expected = OpenRefusal::Faulty(vec![InFuture(day("2024-11-28"))]);
    assert_eq!(open(to_open(2025, 0), early).err(), Some(expected));
}

fn limit(above_percent: i32, state_reduction_percent: i32) -> EquityLimit {
    EquityLimit { above_percent, state_reduction_percent, consequence: String::new() }
}

#[test]
fn limits_rise_and_are_not_too_many() {
    for (limits, fault) in [
        (vec![], None),
        (vec![limit(20, 0), limit(30, 50)], None),
        (vec![limit(20, 0), limit(30, 0), limit(30, 50)], Some(LimitsFault::NotRising(2))),
        ((0..21).map(|above| limit(above, 0)).collect(), Some(LimitsFault::TooMany(21))),
    ] {
        assert_eq!(EquityLimits::new(limits).err(), fault);
    }
}

#[test]
fn limits_are_entered_whole_over_the_version_last_seen() {
    let limits = EquityLimits::new(vec![limit(20, 0)]).unwrap();
    let after = set_policy(opened(2025, 0), "1", limits.clone()).unwrap();
    assert_eq!((after.etag(), &after.limits), ("2".to_owned(), &limits));
    assert_eq!(set_policy(after, "1", EquityLimits::default()), Err(Stale));
}

#[test]
fn the_outlook_says_what_each_limit_means() {
    let limits = EquityLimits::new(vec![limit(10, 0), limit(20, 25), limit(40, 100)]).unwrap();
    let ore = Ore::new;
    let facts = OutlookFacts {
        opening_equity: ore(1_500),
        contributions: ore(10_000),
        state_part: ore(5_000),
        initiatives: ore(4_000),
        initiatives_forecast: ore(7_500),
        initiatives_own_forecast: ore(8_000),
        unspent: ore(500),
        own_costs: ore(600),
        own_costs_forecast: ore(1_255),
        limits: &limits,
    };
    let outlook = compute(&facts).unwrap();
    assert_eq!((outlook.closing_equity, outlook.closing_equity_percent), (ore(2_745), 27));
    let of_limits: Vec<_> = outlook
        .limits
        .iter()
        .map(|limit| (limit.limit_ore.get(), limit.above.get(), limit.state_reduction.get()))
        .collect();
    assert_eq!(of_limits, [(1_000, 1_745, 0), (2_000, 745, 1_250), (4_000, -1_255, 0)]);
    assert_eq!(outlook.passed_limit, Some(1));

    // What is at a limit has not passed it.
    let at = OutlookFacts { opening_equity: ore(1_500 - 745), ..facts };
    let outlook = compute(&at).unwrap();
    let second = &outlook.limits[1];
    assert_eq!((second.above, second.state_reduction), (ore(0), ore(0)));
    assert_eq!(outlook.passed_limit, Some(0));

    let none = OutlookFacts { contributions: ore(0), state_part: ore(0), ..facts };
    let outlook = compute(&none).unwrap();
    assert_eq!((outlook.closing_equity, outlook.closing_equity_percent), (ore(-7_255), 0));
    assert_eq!(outlook.passed_limit, None);
}

fn close_facts(balances: &[YearBalance]) -> CloseFacts<'_> {
    CloseFacts {
        etag: "1",
        today: day("2026-03-01"),
        earlier_open: None,
        requisitions: None,
        recoveries: None,
        balances,
        grants: Vec::new(),
        next_is_open: false,
    }
}

#[test]
fn a_close_is_refused_in_the_order_of_the_contract() {
    let requisition = RequisitionName::parse("name", "federations/f/requisitions/r1").unwrap();
    let recovery = RecoveryName::parse("name", "federations/f/recoveries/r1").unwrap();
    let requisitions = Undecided { count: 2, first: requisition };
    let recoveries = Undecided { count: 1, first: recovery };
    let closed = close(opened(2025, 0), decision("2026-02-27"), close_facts(&[])).unwrap().year;
    let wrong = CloseFacts {
        etag: "old",
        today: day("2025-12-31"),
        earlier_open: Some(2024),
        requisitions: Some(requisitions.clone()),
        recoveries: Some(recoveries.clone()),
        ..close_facts(&[])
    };
    let seen = CloseFacts { etag: "2", ..wrong.clone() };
    let over = CloseFacts { today: day("2026-03-01"), ..seen.clone() };
    let alone = CloseFacts { earlier_open: None, ..over.clone() };
    let decided = CloseFacts { requisitions: None, ..alone.clone() };
    let settled = CloseFacts { recoveries: None, ..decided.clone() };
    for (facts, refusal) in [
        (wrong, CloseRefusal::Stale),
        (seen, CloseRefusal::NotOver(day("2025-12-31"))),
        (over, CloseRefusal::EarlierYearOpen(2024)),
        (alone, CloseRefusal::RequisitionsUndecided(requisitions)),
        (decided, CloseRefusal::RecoveriesUndecided(recoveries)),
        (settled, CloseRefusal::YearClosed(2025)),
    ] {
        assert_eq!(close(closed.clone(), decision("2025-12-31"), facts), Err(refusal));
    }
    let early = CloseFacts { today: day("2026-02-26"), ..close_facts(&[]) };
    let expected = CloseRefusal::Faulty(vec![InFuture(day("2026-02-27"))]);
    assert_eq!(close(opened(2025, 0), decision("2026-02-27"), early), Err(expected));
}

/// What a ledger says after some contributions, payments and costs, the accounts
/// in the order given; they sum to 0.
fn balances(
    opening: i64,
    agreed: &[i64],
    paid: &[i64],
    approved: &[i64],
    own: i64,
) -> Vec<YearBalance> {
    let line = |account, party: Option<usize>, ore| YearBalance {
        account,
        party: party.map(|number| Slug::parse("party", &format!("p{number}")).unwrap()),
        balance: Ore::new(ore),
    };
    let mut lines = Vec::new();
    for (number, (agreed, paid)) in agreed.iter().zip(paid).enumerate() {
        lines.push(line(Account::Contributions, Some(number), -agreed));
        lines.push(line(Account::Receivable, Some(number), agreed - paid));
    }
    for (number, approved) in approved.iter().enumerate() {
        lines.push(line(Account::Payable, Some(number), -approved));
        lines.push(line(Account::Initiatives, Some(number), *approved));
    }
    lines.push(line(Account::Bank, None, opening + paid.iter().sum::<i64>() - own));
    lines.push(line(Account::OwnCosts, None, own));
    lines.push(line(Account::Equity, None, -opening));
    lines
}

#[test]
fn a_closed_year_tells_its_result_and_the_next_begins_with_what_was_left() {
    let balances = balances(1_000, &[600, 400], &[600, 100], &[700, 50], 120);
    let closed =
        close(opened(2025, 1_000), decision("2026-02-27"), close_facts(&balances)).unwrap();
    let closing = closed.year.closing.clone().unwrap();
    let told = (closing.contributions, closing.initiatives, closing.own_costs, closing.result());
    assert_eq!(told, (Ore::new(1_000), Ore::new(750), Ore::new(120), Some(Ore::new(130))));
    let carried = (closing.closing_equity, closing.unpaid, closing.outstanding);
    assert_eq!(carried, (Ore::new(1_130), Ore::new(750), Ore::new(300)));
    let begins: Vec<_> = closed
        .voucher
        .postings()
        .iter()
        .filter(|posting| posting.day == day("2026-01-01"))
        .map(|posting| (posting.account, posting.amount.get()))
        .collect();
    let expected = [
        (Account::Receivable, 300),
        (Account::Payable, -700),
        (Account::Payable, -50),
        (Account::Bank, 1_580),
        (Account::Equity, -1_130),
    ];
    assert_eq!(begins, expected);
    let next = closed.next.unwrap();
    assert_eq!((next.year.number(), next.opening_equity, next.opening), (2026, Ore::ZERO, None));
}

#[test]
fn a_next_year_that_is_open_already_is_not_opened_again() {
    let facts = CloseFacts { next_is_open: true, ..close_facts(&[]) };
    assert_eq!(close(opened(2025, 0), decision("2026-02-27"), facts).unwrap().next, None);
}

proptest! {
    #[test]
    fn equity_is_what_there_was_and_came_in_less_the_costs_and_each_year_sums_to_zero(
        opening in -1_000_000_i64..1_000_000,
        agreed in prop::collection::vec(0_i64..1_000_000, 1..8),
        approved in prop::collection::vec(0_i64..1_000_000, 0..8),
        own in -1_000_i64..1_000_000,
        share_paid in 0_i64..=100,
    ) {
        let paid: Vec<i64> = agreed.iter().map(|agreed| agreed * share_paid / 100).collect();
        let balances = balances(opening, &agreed, &paid, &approved, own);
        let closed =
            close(opened(2025, opening), decision("2026-02-27"), close_facts(&balances)).unwrap();
        let expected = opening + agreed.iter().sum::<i64>() - approved.iter().sum::<i64>() - own;
        prop_assert_eq!(closed.year.closing.unwrap().closing_equity, Ore::new(expected));

        // After the close, the year has no result left, and the next begins where
        // it ended, party by party.
        let mut after = BTreeMap::<(i32, Account, Option<Slug>), i64>::new();
        for line in &balances {
            *after.entry((2025, line.account, line.party.clone())).or_default() +=
                line.balance.get();
        }
        for posting in closed.voucher.postings() {
            let key = (posting.day.year(), posting.account, posting.party.clone());
            *after.entry(key).or_default() += posting.amount.get();
        }
        after.retain(|_, balance| *balance != 0);
        for number in [2025, 2026] {
            let of_year = after.iter().filter(|((year, ..), _)| *year == number);
            prop_assert_eq!(of_year.map(|(_, balance)| balance).sum::<i64>(), 0);
        }
        let of = |number: i32| -> Vec<_> {
            let of_year = after.iter().filter(move |((year, ..), _)| *year == number);
            of_year.map(|((_, account, party), balance)| (*account, party.clone(), *balance)).collect()
        };
        prop_assert_eq!(of(2025), of(2026));
    }
}
