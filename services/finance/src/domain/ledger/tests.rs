//! What must hold whatever happens to a grant.

use proptest::prelude::*;

use super::*;
use vouchers::Costs;

fn amount(ore: i64) -> Amount {
    Amount::new(Ore::new(ore)).unwrap()
}

fn grant() -> Slug {
    Slug::parse("grant", "sala-2025").unwrap()
}

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 6, 30).unwrap()
}

fn costs(staff: i64, other: i64) -> Costs {
    Costs {
        grant: grant(),
        party: Slug::parse("party", "sala").unwrap(),
        day: day(),
        by_kind: vec![(CostKind::Staff, amount(staff)), (CostKind::Other, amount(other))],
    }
}

type Event = fn(&Costs) -> Voucher;

const EVENTS: [Event; 4] =
    [vouchers::reserve, vouchers::release, vouchers::post, vouchers::correct];

fn events() -> impl Strategy<Value = Vec<(usize, i64, i64)>> {
    prop::collection::vec((0..EVENTS.len(), 1_i64..200, 1_i64..200), 0..60)
}

proptest! {
    #[test]
    fn whatever_happens_no_account_is_overdrawn_and_the_postings_fold_to_the_balances(
        granted in 1_i64..1000, events in events()
    ) {
        let opening = vouchers::open(&grant(), day(), amount(granted));
        let mut balances = Balances::opened(amount(granted));
        let mut postings = opening.postings().to_vec();
        for (event, staff, other) in events {
            let voucher = EVENTS[event](&costs(staff, other));
            if let Ok(after) = balances.after(&grant(), &voucher) {
                balances = after;
                postings.extend_from_slice(voucher.postings());
            }
            prop_assert_eq!(balances.granted(), Some(Ore::new(granted)));
        }
        let of = |account| {
            Ore::sum(postings.iter().filter(|p| p.account == account).map(|p| p.amount)).unwrap()
        };
        prop_assert_eq!(Ore::sum(postings.iter().map(|p| p.amount)), Some(Ore::ZERO));
        prop_assert_eq!(of(Account::Left), balances.left);
        prop_assert_eq!(of(Account::Reserved), balances.reserved);
        prop_assert_eq!(of(Account::Requisitioned), balances.requisitioned);
        prop_assert_eq!(of(Account::Initiatives), balances.requisitioned);
        prop_assert_eq!(of(Account::Payable), Ore::new(-balances.requisitioned.get()));
        prop_assert_eq!(of(Account::Board), Ore::new(-granted));
    }
}

#[test]
fn more_than_what_is_left_is_refused_with_what_is_left() {
    let reserve = |staff, other| vouchers::reserve(&costs(staff, other));
    let balances = Balances::opened(amount(100)).after(&grant(), &reserve(40, 30)).unwrap();
    let refusal = balances.after(&grant(), &reserve(30, 1)).unwrap_err();
    let expected =
        Overdrawn { account: Account::Left, asked: Ore::new(31), available: Ore::new(30) };
    assert_eq!(refusal, expected);
    assert!(balances.after(&grant(), &reserve(20, 10)).is_ok());
}

#[test]
fn a_sub_project_takes_its_money_from_the_grant_above() {
    let child = Slug::parse("grant", "sala-2025-unga").unwrap();
    let voucher = vouchers::allot(&grant(), &child, day(), amount(60));
    let parent = Balances::opened(amount(100)).after(&grant(), &voucher).unwrap();
    assert_eq!((parent.left, parent.allotted), (Ore::new(40), Ore::new(60)));
    assert_eq!(Balances::default().after(&child, &voucher), Ok(Balances::opened(amount(60))));
}

#[test]
fn a_voucher_that_does_not_balance_is_never_made() {
    let unbalanced = vec![vouchers::of_year(Account::Bank, day(), Ore::new(1))];
    assert!(std::panic::catch_unwind(|| Voucher::new(unbalanced)).is_err());
}

#[test]
fn no_line_of_a_voucher_is_in_a_closed_year() {
    let party = Slug::parse("party", "sala").unwrap();
    let of_two_years = Voucher::new(
        [NaiveDate::from_ymd_opt(2026, 1, 1).unwrap(), day()]
            .into_iter()
            .flat_map(|day| vouchers::pay(&party, day, Ore::new(1)).postings().to_vec())
            .collect(),
    );
    for (closed_through, refused) in
        [(None, None), (Some(2024), None), (Some(2025), Some(2025)), (Some(2026), Some(2025))]
    {
        let refusal = of_two_years.check_years(closed_through).err();
        assert_eq!(refusal, refused.map(YearClosed), "{closed_through:?}");
    }
}

#[test]
fn an_amount_is_at_least_one_ore_and_at_most_the_largest() {
    let beyond = Ore::new(LARGEST_AMOUNT.get() + 1);
    for (ore, expected) in [
        (Ore::new(-1), Some(AmountFault::NotPositive(Ore::new(-1)))),
        (Ore::ZERO, Some(AmountFault::NotPositive(Ore::ZERO))),
        (Ore::new(1), None),
        (LARGEST_AMOUNT, None),
        (beyond, Some(AmountFault::TooLarge(beyond))),
    ] {
        assert_eq!(Amount::new(ore).err(), expected, "{ore}");
    }
}

#[test]
fn accounts_read_back_from_their_codes() {
    for account in Account::ALL {
        assert_eq!(Account::from_code(account.code()), Some(*account));
    }
}
