//! The calls that are passed on at the same time: so many in all, and of one account an
//! eighth of them, so that a partner whose system calls without end stops itself alone.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use values::name::AccountName;

/// All places.
#[derive(Clone)]
pub(crate) struct Places(Arc<Shared>);

struct Shared {
    in_all: usize,
    of_one: usize,
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    in_all: usize,
    by_account: HashMap<AccountName, usize>,
}

/// One place, until it is dropped.
pub(crate) struct Place {
    places: Places,
    account: AccountName,
}

impl Places {
    /// So many in all.
    pub(crate) fn new(in_all: usize) -> Self {
        let of_one = in_all.div_ceil(8);
        Self(Arc::new(Shared { in_all, of_one, taken: Mutex::default() }))
    }

    /// A place for an account; none when all are taken, or all of its own.
    pub(crate) fn take(&self, account: &AccountName) -> Option<Place> {
        let Shared { in_all, of_one, .. } = *self.0;
        let mut taken = self.taken();
        let own = taken.by_account.get(account).copied().unwrap_or_default();
        if taken.in_all >= in_all || own >= of_one {
            return None;
        }
        taken.in_all += 1;
        taken.by_account.insert(account.clone(), own + 1);
        Some(Place { places: self.clone(), account: account.clone() })
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.0.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.taken();
        taken.in_all -= 1;
        if let Some(own) = taken.by_account.get_mut(&self.account) {
            *own -= 1;
            if *own == 0 {
                taken.by_account.remove(&self.account);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_account_takes_its_own_places_and_leaves_the_others_theirs() {
        let account = |id: &str| AccountName::parse("", &format!("federations/f/accounts/{id}"));
        let (one, other) = (account("one").unwrap(), account("other").unwrap());
        let places = Places::new(16);
        let mut held: Vec<Place> = std::iter::from_fn(|| places.take(&one)).collect();
        assert_eq!(held.len(), 2);
        assert!(places.take(&other).is_some());
        held.pop();
        assert!(places.take(&one).is_some(), "a place that was left can be taken");
        drop(held);
        assert_eq!(places.taken().in_all, 0);
        assert!(places.taken().by_account.is_empty());
    }

    #[test]
    fn there_are_no_more_places_than_in_all() {
        let account = |number: usize| {
            AccountName::parse("", &format!("federations/f/accounts/number-{number}")).unwrap()
        };
        let places = Places::new(16);
        let held: Vec<Place> = (0..30).filter_map(|number| places.take(&account(number))).collect();
        assert_eq!(held.len(), 16);
    }
}
