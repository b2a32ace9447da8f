//! How many streams each account has open. One takes memory and a connection for as long
//! as its caller likes, where a call is over in a minute.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use values::name::AccountName;

use crate::Failure;

/// Streams that one account may have open of a service in a process.
const MOST: usize = 8;
/// When to come back for a stream that was one too many.
const COME_BACK: Duration = Duration::from_secs(5);

/// The streams of a service that are open; cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Streams(Arc<Mutex<HashMap<AccountName, usize>>>);

/// The right to have one stream open, until it is dropped.
pub struct Seat {
    streams: Streams,
    account: AccountName,
}

impl Streams {
    /// A seat for one more stream of an account.
    pub(crate) fn take(&self, account: &AccountName) -> Result<Seat, Failure> {
        let mut open = self.open();
        let count = open.entry(account.clone()).or_default();
        if *count == MOST {
            return Err(Failure::TooManyStreams { most: MOST, retry_after: COME_BACK });
        }
        *count += 1;
        Ok(Seat { streams: self.clone(), account: account.clone() })
    }

    fn open(&self) -> MutexGuard<'_, HashMap<AccountName, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut open = self.streams.open();
        if let Some(count) = open.get_mut(&self.account) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.account);
            }
        }
    }
}
