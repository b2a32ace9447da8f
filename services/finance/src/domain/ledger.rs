//! The ledger of a grant: double entry over four accounts, append-only.
//!
//! A grant is opened from the board's account to what is left; a submitted
//! requisition moves its amount to what is reserved; the second approval moves
//! it on to what is requisitioned; a requisition that goes back releases it.
//! Every movement is two postings that sum to zero, and no account of a grant
//! but the board's ever falls below zero.

use chrono::NaiveDate;
use values::{Ore, Period, Slug};

/// The largest amount of a grant, a requisition or a cost line: ten billion
/// kronor. Sums of many stay far from the edge of what 64 bits hold.
pub const LARGEST_AMOUNT: Ore = Ore::new(1_000_000_000_000_000);

/// An amount from 1 öre to [`LARGEST_AMOUNT`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(Ore);

/// Why an amount is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AmountFault {
    /// Nothing, or less.
    NotPositive(Ore),
    /// More than [`LARGEST_AMOUNT`].
    TooLarge(Ore),
}

impl Amount {
    /// Checks the limits.
    ///
    /// # Errors
    /// The limit that is passed.
    pub fn new(ore: Ore) -> Result<Self, AmountFault> {
        if ore <= Ore::ZERO {
            return Err(AmountFault::NotPositive(ore));
        }
        if ore > LARGEST_AMOUNT {
            return Err(AmountFault::TooLarge(ore));
        }
        Ok(Self(ore))
    }

    /// The amount in öre.
    #[must_use]
    pub const fn ore(self) -> Ore {
        self.0
    }
}

/// The accounts of a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Account {
    /// Where the money comes from: minus what the board granted.
    Board,
    /// What can still be claimed.
    Left,
    /// Claimed and not yet decided.
    Reserved,
    /// Approved.
    Requisitioned,
}

impl Account {
    /// Every account.
    pub const ALL: &'static [Account] =
        &[Account::Board, Account::Left, Account::Reserved, Account::Requisitioned];

    /// The code it is stored as.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Account::Board => "board",
            Account::Left => "left",
            Account::Reserved => "reserved",
            Account::Requisitioned => "requisitioned",
        }
    }

    /// The account of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Account> {
        Account::ALL.iter().copied().find(|account| account.code() == code)
    }
}

/// One line of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Posting {
    /// The account it changes.
    pub account: Account,
    /// By how much; negative when it takes.
    pub amount: Ore,
}

/// What can happen to the money of a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Movement {
    /// The board grants.
    Open,
    /// A requisition is submitted.
    Reserve,
    /// A requisition that had reserved goes back.
    Release,
    /// A requisition gets its second approval.
    Post,
}

impl Movement {
    /// The accounts the money moves from and to.
    #[must_use]
    pub const fn route(self) -> (Account, Account) {
        match self {
            Movement::Open => (Account::Board, Account::Left),
            Movement::Reserve => (Account::Left, Account::Reserved),
            Movement::Release => (Account::Reserved, Account::Left),
            Movement::Post => (Account::Reserved, Account::Requisitioned),
        }
    }

    /// The two postings of it.
    #[must_use]
    pub fn postings(self, amount: Amount) -> [Posting; 2] {
        let (from, to) = self.route();
        let taken = Ore::new(-amount.ore().get());
        [Posting { account: from, amount: taken }, Posting { account: to, amount: amount.ore() }]
    }
}

/// A movement on one grant, as it goes into the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// The grant's id.
    pub grant: Slug,
    /// The id of the requisition that causes it; none when a grant is opened.
    pub requisition: Option<Slug>,
    /// The day it counts on: the last day of the requisition's period, or the
    /// first day of the grant's.
    pub effective_day: NaiveDate,
    /// What happens.
    pub movement: Movement,
    /// How much moves.
    pub amount: Amount,
}

impl Transfer {
    /// The opening of a grant.
    #[must_use]
    pub fn open(grant: Slug, period: Period, amount: Amount) -> Self {
        Self {
            grant,
            requisition: None,
            effective_day: period.first_day(),
            movement: Movement::Open,
            amount,
        }
    }
}

/// An account that has less than is asked of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overdrawn {
    /// The account.
    pub account: Account,
    /// What was asked.
    pub asked: Ore,
    /// What there is.
    pub available: Ore,
}

/// What stands on a grant's accounts. None is ever below zero, and the three
/// sum to what was granted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Balances {
    left: Ore,
    reserved: Ore,
    requisitioned: Ore,
}

impl Balances {
    /// The balances of a grant that has just been opened.
    #[must_use]
    pub fn opened(granted: Amount) -> Self {
        Self { left: granted.ore(), reserved: Ore::ZERO, requisitioned: Ore::ZERO }
    }

    /// Balances as they were kept: `None` when one is below zero or the three
    /// do not sum to what was granted.
    #[must_use]
    pub fn kept(granted: Amount, left: Ore, reserved: Ore, requisitioned: Ore) -> Option<Self> {
        let parts = [left, reserved, requisitioned];
        let is_whole = Ore::sum(parts) == Some(granted.ore());
        let none_is_negative = parts.iter().all(|part| *part >= Ore::ZERO);
        (is_whole && none_is_negative).then_some(Self { left, reserved, requisitioned })
    }

    /// What can still be claimed.
    #[must_use]
    pub fn left(self) -> Ore {
        self.left
    }

    /// Claimed and not yet decided.
    #[must_use]
    pub fn reserved(self) -> Ore {
        self.reserved
    }

    /// Approved.
    #[must_use]
    pub fn requisitioned(self) -> Ore {
        self.requisitioned
    }

    /// The balances after a movement.
    ///
    /// # Errors
    /// The account that has too little; for [`Movement::Reserve`] that is what
    /// is left of the grant, for the others a broken ledger.
    pub fn after(self, movement: Movement, amount: Amount) -> Result<Self, Overdrawn> {
        let mut balances = self;
        for posting in movement.postings(amount) {
            let balance = match posting.account {
                Account::Board => continue,
                Account::Left => &mut balances.left,
                Account::Reserved => &mut balances.reserved,
                Account::Requisitioned => &mut balances.requisitioned,
            };
            let sum =
                balance.plus(posting.amount).filter(|sum| *sum >= Ore::ZERO).ok_or(Overdrawn {
                    account: posting.account,
                    asked: amount.ore(),
                    available: *balance,
                })?;
            *balance = sum;
        }
        Ok(balances)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn amount(ore: i64) -> Amount {
        Amount::new(Ore::new(ore)).unwrap()
    }

    fn movements() -> impl Strategy<Value = Vec<(Movement, i64)>> {
        let movement =
            prop_oneof![Just(Movement::Reserve), Just(Movement::Release), Just(Movement::Post)];
        prop::collection::vec((movement, 1_i64..400), 0..60)
    }

    proptest! {
        #[test]
        fn whatever_happens_no_account_is_overdrawn_and_the_parts_are_what_was_granted(
            granted in 1_i64..1000, movements in movements()
        ) {
            let granted = amount(granted);
            let mut balances = Balances::opened(granted);
            for (movement, ore) in movements {
                balances = balances.after(movement, amount(ore)).unwrap_or(balances);
                let kept = Balances::kept(
                    granted, balances.left, balances.reserved, balances.requisitioned,
                );
                prop_assert_eq!(kept, Some(balances));
            }
        }

        #[test]
        fn the_postings_of_a_ledger_sum_to_zero_and_fold_to_the_balances(
            granted in 1_i64..1000, movements in movements()
        ) {
            let granted = amount(granted);
            let mut balances = Balances::opened(granted);
            let mut postings = Movement::Open.postings(granted).to_vec();
            for (movement, ore) in movements {
                if let Ok(after) = balances.after(movement, amount(ore)) {
                    balances = after;
                    postings.extend(movement.postings(amount(ore)));
                }
            }
            let of = |account| {
                Ore::sum(postings.iter().filter(|p| p.account == account).map(|p| p.amount))
            };
            prop_assert_eq!(Ore::sum(postings.iter().map(|p| p.amount)), Some(Ore::ZERO));
            prop_assert_eq!(of(Account::Left), Some(balances.left));
            prop_assert_eq!(of(Account::Reserved), Some(balances.reserved));
            prop_assert_eq!(of(Account::Requisitioned), Some(balances.requisitioned));
            prop_assert_eq!(of(Account::Board), Some(Ore::new(-granted.ore().get())));
        }
    }

    #[test]
    fn more_than_what_is_left_is_refused_with_what_is_left() {
        let balances = Balances::opened(amount(100)).after(Movement::Reserve, amount(70)).unwrap();
        let refusal = balances.after(Movement::Reserve, amount(31)).unwrap_err();
        let expected =
            Overdrawn { account: Account::Left, asked: Ore::new(31), available: Ore::new(30) };
        assert_eq!(refusal, expected);
        assert!(balances.after(Movement::Reserve, amount(30)).is_ok());
    }

    #[test]
    fn an_amount_is_at_least_one_ore_and_at_most_the_largest() {
        for (ore, expected) in [
            (-1, Some(AmountFault::NotPositive(Ore::new(-1)))),
            (0, Some(AmountFault::NotPositive(Ore::ZERO))),
            (1, None),
            (LARGEST_AMOUNT.get(), None),
            (
                LARGEST_AMOUNT.get() + 1,
                Some(AmountFault::TooLarge(Ore::new(LARGEST_AMOUNT.get() + 1))),
            ),
        ] {
            assert_eq!(Amount::new(Ore::new(ore)).err(), expected, "{ore}");
        }
    }

    #[test]
    fn accounts_read_back_from_their_codes() {
        for account in Account::ALL {
            assert_eq!(Account::from_code(account.code()), Some(*account));
        }
    }
}
