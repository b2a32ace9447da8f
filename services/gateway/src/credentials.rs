//! Passwords and client secrets: hashing them, and checking them within limits.
//!
//! Checking is slow and takes memory on purpose (Argon2), so only few run at a
//! time, whatever is sent; and after too many failures on one account the next is
//! tried a little later. Nobody is locked out: a stranger could do that to anybody.

use std::sync::Arc;

use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use platform::Failure;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use values::{Slug, name::AccountName};

use crate::{
    State,
    domain::account::AccountKind,
    store::{self, session::Attempts},
};

/// Secrets checked at the same time: each takes 19 MiB and a processor.
const CHECKS_AT_ONCE: usize = 2;
/// How long a check waits for its turn before the caller is told to come back.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(10);
/// Failures on one account within the window after which it has to pause between them.
const FAILURES_ALLOWED: i64 = 10;
/// The window that failures are counted in.
const WINDOW_SECONDS: i64 = 15 * 60;
/// The pause after each further failure: no guesser gets far, and whoever is kept waiting
/// by one is let in soon after.
const PAUSE_SECONDS: i64 = 5;

/// The places of those whose secrets are checked.
#[derive(Clone)]
pub(crate) struct Checks(Arc<Semaphore>);

/// A place among them. It is taken until the check is over, also when nobody waits for
/// its outcome any more.
pub(crate) struct Turn(#[expect(dead_code, reason = "it is held")] OwnedSemaphorePermit);

impl Default for Checks {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(CHECKS_AT_ONCE)))
    }
}

impl Checks {
    /// Waits for a place.
    ///
    /// # Errors
    /// That there are too many.
    pub(crate) async fn turn(&self) -> Result<Turn, Refusal> {
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.0).acquire_owned()).await;
        let Ok(Ok(turn)) = turn else {
            return Err(Refusal::TooManyAttempts { retry_after: PATIENCE.as_secs() });
        };
        Ok(Turn(turn))
    }
}

/// Why credentials were not taken.
#[derive(Debug)]
pub enum Refusal {
    /// No such account, or another secret: the two look alike.
    WrongCredentials,
    /// Too many attempts lately.
    TooManyAttempts {
        /// Seconds to wait.
        retry_after: u64,
    },
    /// A fault of ours.
    Failed(Failure),
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Refusal::Failed(failure)
    }
}

impl From<sea_orm::DbErr> for Refusal {
    fn from(error: sea_orm::DbErr) -> Self {
        Refusal::Failed(error.into())
    }
}

/// The account that an id and a secret stand for.
///
/// # Errors
/// Wrong credentials, too many attempts, or a fault of ours.
pub(crate) async fn authenticate(
    state: &State,
    id: &str,
    secret: &str,
    kind: AccountKind,
) -> Result<AccountName, Refusal> {
    let secret = SecretString::from(secret);
    let turn = state.checks.turn().await?;
    let Some(id) = read_id(id) else {
        matches(turn, secret, None).await?;
        return Err(Refusal::WrongCredentials);
    };
    note(state, &id).await?;
    let read = &state.journal.database().read;
    let found = store::account::credentials(read, id.as_str(), kind).await?;
    let found = found.filter(|found| !found.secret_hash.is_empty());
    let hash = found.as_ref().map(|found| found.secret_hash.clone());
    let is_right = matches(turn, secret, hash).await?;
    let Some(found) = found.filter(|_| is_right) else {
        tracing::info!("a sign-in failed");
        return Err(Refusal::WrongCredentials);
    };
    let write = &state.journal.database().write;
    store::session::forget_attempts(write, id.as_str()).await?;
    Ok(found.account)
}

/// What is typed as an id; none for what cannot be one, and is no account's: nothing of
/// it is kept.
pub(crate) fn read_id(typed: &str) -> Option<Slug> {
    Slug::parse("id", &typed.trim().to_lowercase()).ok()
}

/// Notes an attempt on an id, within the limits.
async fn note(state: &State, id: &Slug) -> Result<(), Refusal> {
    let database = state.journal.database();
    let now = state.clock.now().timestamp();
    let window = now - WINDOW_SECONDS;
    let Attempts { count, last_s } =
        store::session::attempts(&database.read, id.as_str(), window).await?;
    let again_s = last_s + PAUSE_SECONDS;
    if count >= FAILURES_ALLOWED && now < again_s {
        tracing::warn!("an account has to pause after too many failed sign-ins");
        return Err(Refusal::TooManyAttempts { retry_after: again_s.abs_diff(now) });
    }
    // Noted before the check, so that many at once cannot all pass the limit.
    Ok(store::session::note_attempt(&database.write, id.as_str(), now, window).await?)
}

/// Hashes a password or a client secret; off the threads that serve calls, for
/// it is slow on purpose. What is held is let go when it is done.
pub(crate) async fn hash(
    secret: &SecretString,
    held: impl Send + 'static,
) -> Result<String, Failure> {
    let secret = secret.clone();
    let hashed = tokio::task::spawn_blocking(move || {
        let hash = Argon2::default().hash_password(secret.expose_secret().as_bytes());
        drop(held);
        hash.map(|hash| hash.to_string())
    });
    let hash = hashed.await.map_err(anyhow::Error::from)?;
    hash.map_err(|error| Failure::Internal(anyhow::anyhow!("the secret cannot be hashed: {error}")))
}

/// Compares a secret with a hash. Without a hash it takes the same time and
/// fails, so that nobody learns from the clock which accounts exist.
async fn matches(turn: Turn, secret: SecretString, hash: Option<String>) -> Result<bool, Failure> {
    let compared = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        let exists = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
        let Ok(parsed) = PasswordHash::new(&hash) else {
            return false;
        };
        let secret = secret.expose_secret().as_bytes();
        Argon2::default().verify_password(secret, &parsed).is_ok() && exists
    });
    Ok(compared.await.map_err(anyhow::Error::from)?)
}

/// A hash of the default cost that belongs to no account.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c2Ftb3JkbmEtbm9ib2R5$Fc5e0gzLQ2lcCwAZJzeUkYkM0tRuG7R5QjW9nSTzhlY";

#[cfg(test)]
mod tests;
