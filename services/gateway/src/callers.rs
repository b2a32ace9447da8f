//! The principals of callers: who an account is, with the roles that hold today.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use chrono::NaiveDate;
use platform::{Clock, Database, Failure, Principal};
use values::name::AccountName;

use crate::{domain::account::Account, store};

/// Roles that were taken back by another process are gone for tokens within this time;
/// by this process, and for people at a browser, at once.
const REMEMBERED_SECONDS: i64 = 15;

/// Principals that were read lately.
#[derive(Default)]
struct Known {
    /// By account: the principal, the day its roles hold on, the second it is read anew.
    principals: HashMap<AccountName, (Principal, NaiveDate, i64)>,
    /// How often something was forgotten: what was read before is not remembered after.
    forgotten: u64,
}

/// Makes principals; remembers those of systems that called lately.
pub(crate) struct Callers {
    database: Database,
    clock: Clock,
    known: Mutex<Known>,
}

impl Callers {
    pub(crate) fn new(database: Database, clock: Clock) -> Self {
        Self { database, clock, known: Mutex::default() }
    }

    /// The principal of an account that calls with a token.
    ///
    /// # Errors
    /// `Unauthenticated` when the account is no more.
    pub(crate) async fn with_token(&self, name: &AccountName) -> Result<Principal, Failure> {
        let (now, today) = (self.clock.now().timestamp(), self.clock.today());
        let forgotten = {
            let known = self.known();
            if let Some((principal, day, expires)) = known.principals.get(name)
                && *expires > now
                && *day == today
            {
                return Ok(principal.clone());
            }
            known.forgotten
        };
        let principal = principal("api", self.read(name, today).await?);
        let mut known = self.known();
        known.principals.retain(|_, (_, _, expires)| *expires > now);
        if known.forgotten == forgotten {
            let remembered = (principal.clone(), today, now + REMEMBERED_SECONDS);
            known.principals.insert(name.clone(), remembered);
        }
        Ok(principal)
    }

    /// The principal of somebody at a browser, and the name people read. A session is
    /// read from the database with each request, and so are the roles.
    ///
    /// # Errors
    /// `Unauthenticated` when the account is no more.
    pub(crate) async fn in_session(
        &self,
        name: &AccountName,
    ) -> Result<(Principal, String), Failure> {
        let account = self.read(name, self.clock.today()).await?;
        let display_name = account.display_name.clone();
        Ok((principal("web", account), display_name))
    }

    /// Reads an account's roles anew at its next call.
    pub(crate) fn forget(&self, name: &AccountName) {
        let mut known = self.known();
        known.principals.remove(name);
        known.forgotten += 1;
    }

    async fn read(&self, name: &AccountName, today: NaiveDate) -> Result<Account, Failure> {
        let found = store::account::find(&self.database.read, name, today).await?;
        found.ok_or(Failure::Unauthenticated)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn principal(way: &str, account: Account) -> Principal {
    let Account { name, display_name: _, kind: _, party: _, grants } = account;
    Principal {
        federation: name.federation.clone(),
        // A request id is unique to a caller's own system, not to all.
        client: format!("{way}/{}", name.id),
        account: name,
        grants,
    }
}
