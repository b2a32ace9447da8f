//! The principals of callers: who an account is, with the roles that hold today.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use chrono::NaiveDate;
use platform::{Clock, Database, Failure, Principal};
use values::name::AccountName;

use crate::{
    domain::account::{Account, AccountKind},
    store::{self, account::Caller},
    token::Bearer,
};

/// Roles that were taken back by another process are gone for tokens within this time;
/// by this process, and for people at a browser, at once.
const REMEMBERED_SECONDS: i64 = 15;

/// Principals that were read lately.
#[derive(Default)]
struct Known {
    /// By account.
    principals: HashMap<AccountName, Remembered>,
    /// How often something was forgotten: what was read before is not remembered after.
    forgotten: u64,
}

#[derive(Clone)]
struct Remembered {
    principal: Principal,
    kind: AccountKind,
    /// The second the account was enabled in; the first of all when it was never disabled.
    enabled: i64,
    /// The day its roles hold on.
    day: NaiveDate,
    /// The second it is read anew.
    expires: i64,
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

    /// The principal of an account that calls with a token: a system, or whomever the
    /// operator made a token for. People sign in at a browser.
    ///
    /// # Errors
    /// `Unauthenticated` when the account is no more, was enabled or got another secret after
    /// the token was issued, or is a person's.
    pub(crate) async fn with_token(&self, bearer: &Bearer) -> Result<Principal, Failure> {
        let Bearer { account, is_operators, issued } = bearer;
        let Remembered { principal, kind, enabled, day: _, expires: _ } =
            self.remembered(account).await?;
        if *issued < enabled {
            return Err(Failure::Unauthenticated);
        }
        match kind {
            AccountKind::System => Ok(principal),
            AccountKind::Person if *is_operators => Ok(principal),
            AccountKind::Person => Err(Failure::Unauthenticated),
        }
    }

    async fn remembered(&self, name: &AccountName) -> Result<Remembered, Failure> {
        let (now, today) = (self.clock.now().timestamp(), self.clock.today());
        let forgotten = {
            let known = self.known();
            let found = known.principals.get(name);
            if let Some(found) = found.filter(|found| found.expires > now && found.day == today) {
                return Ok(found.clone());
            }
            known.forgotten
        };
        let Caller { account, enabled_at } = self.read(name, today).await?;
        let (kind, expires) = (account.kind, now + REMEMBERED_SECONDS);
        let enabled = enabled_at.map_or(i64::MIN, |at| at.timestamp());
        let principal = principal("api", account);
        let read = Remembered { principal, kind, enabled, day: today, expires };
        let mut known = self.known();
        known.principals.retain(|_, remembered| remembered.expires > now);
        if known.forgotten == forgotten {
            known.principals.insert(name.clone(), read.clone());
        }
        Ok(read)
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
        let Caller { account, enabled_at: _ } = self.read(name, self.clock.today()).await?;
        let display_name = account.display_name.clone();
        Ok((principal("web", account), display_name))
    }

    /// Reads an account's roles anew at its next call.
    pub(crate) fn forget(&self, name: &AccountName) {
        let mut known = self.known();
        known.principals.remove(name);
        known.forgotten += 1;
    }

    async fn read(&self, name: &AccountName, today: NaiveDate) -> Result<Caller, Failure> {
        let found = store::account::find_caller(&self.database.read, name, today).await?;
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

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use platform::{Journal, testing::SqliteHome};

    use super::*;
    use crate::Migrator;

    #[tokio::test]
    async fn a_persons_token_is_taken_from_the_operator_alone() {
        let home = SqliteHome::new();
        let database = home.open().await;
        database.migrate::<Migrator>().await.unwrap();
        let clock = Clock::fixed("2025-06-10T10:00:00Z".parse().unwrap());
        let callers = Callers::new(database.clone(), clock);
        for (id, kind) in [("person", AccountKind::Person), ("system", AccountKind::System)] {
            let name = AccountName::parse("", &format!("federations/f/accounts/{id}")).unwrap();
            let account = Account {
                name: name.clone(),
                display_name: id.to_owned(),
                kind,
                party: None,
                grants: Vec::new(),
            };
            store::account::insert(&database.write, &account, "").await.unwrap();
            for is_operators in [true, false] {
                let bearer = Bearer { account: name.clone(), is_operators, issued: 0 };
                let is_taken = callers.with_token(&bearer).await.is_ok();
                assert_eq!(is_taken, is_operators || kind == AccountKind::System, "{bearer:?}");
            }
        }
    }

    #[tokio::test]
    async fn a_token_from_before_the_account_was_enabled_is_refused_also_by_memory() {
        for is_renewed in [false, true] {
            let home = SqliteHome::new();
            let database = home.open().await;
            database.migrate::<Migrator>().await.unwrap();
            let at: DateTime<Utc> = "2025-06-10T10:00:00.700Z".parse().unwrap();
            let callers = Callers::new(database.clone(), Clock::fixed(at));
            let name = AccountName::parse("", "federations/f/accounts/system").unwrap();
            let account = Account {
                name: name.clone(),
                display_name: "system".to_owned(),
                kind: AccountKind::System,
                party: None,
                grants: Vec::new(),
            };
            store::account::insert(&database.write, &account, "").await.unwrap();
            match is_renewed {
                true => {
                    let journal = Journal::new(database, Clock::fixed(at));
                    crate::account::renew(&journal, &name, &"another".into()).await.unwrap();
                }
                false => store::account::enable(&database.write, &name, at).await.unwrap(),
            }
            let at = at.timestamp();
            for (issued, is_good) in [(at - 1, false), (at, true), (at - 1, false)] {
                let bearer = Bearer { account: name.clone(), is_operators: false, issued };
                let is_taken = callers.with_token(&bearer).await.is_ok();
                assert_eq!(is_taken, is_good, "{issued}, renewed: {is_renewed}");
            }
        }
    }
}
