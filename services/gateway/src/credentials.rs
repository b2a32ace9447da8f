//! Passwords and client secrets: hashing them, and checking them within limits.
//!
//! Checking is slow and takes memory on purpose (Argon2), so only few run at a
//! time, and failures of one account are counted before the next is tried.

use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use platform::Failure;
use secrecy::{ExposeSecret as _, SecretString};
use values::{Slug, name::AccountName};

use crate::{
    State,
    domain::account::AccountKind,
    store::{self, account::Credentials},
};

/// Secrets checked at the same time: each takes 19 MiB and a processor.
pub(crate) const CHECKS_AT_ONCE: usize = 2;
/// How long a check waits for its turn before the caller is told to come back.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(10);
/// Attempts on one account within the window before it has to wait.
const ATTEMPTS_ALLOWED: i64 = 10;
/// The window that attempts are counted in.
const WINDOW_SECONDS: i64 = 15 * 60;

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

/// An attempt to sign in that may be made.
pub(crate) struct Attempt<'a> {
    /// The id as typed.
    pub(crate) id: Slug,
    /// Whom it stands for.
    pub(crate) found: Option<Credentials>,
    /// The place among the few that are checked at a time.
    _turn: tokio::sync::SemaphorePermit<'a>,
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
    let attempt = match attempt(state, id, kind).await {
        Ok(attempt) => attempt,
        Err(Refusal::WrongCredentials) => {
            matches(secret, None).await?;
            return Err(Refusal::WrongCredentials);
        }
        Err(refusal) => return Err(refusal),
    };
    let found = attempt.found.filter(|found| !found.secret_hash.is_empty());
    let hash = found.as_ref().map(|found| found.secret_hash.clone());
    let is_right = matches(secret, hash).await?;
    let Some(found) = found.filter(|_| is_right) else {
        tracing::info!("a sign-in failed");
        return Err(Refusal::WrongCredentials);
    };
    let write = &state.journal.database().write;
    store::session::forget_attempts(write, attempt.id.as_str()).await?;
    Ok(found.account)
}

/// Notes an attempt on an id, within the limits.
///
/// # Errors
/// Wrong credentials for what cannot be an id, too many attempts, or a fault of ours.
pub(crate) async fn attempt<'a>(
    state: &'a State,
    id: &str,
    kind: AccountKind,
) -> Result<Attempt<'a>, Refusal> {
    let turn = tokio::time::timeout(PATIENCE, state.checks.acquire()).await;
    let Ok(Ok(turn)) = turn else {
        return Err(Refusal::TooManyAttempts { retry_after: PATIENCE.as_secs() });
    };
    // What cannot be an id is no account's; nothing of it is kept.
    let Ok(id) = Slug::parse("id", &id.trim().to_lowercase()) else {
        return Err(Refusal::WrongCredentials);
    };
    let database = state.journal.database();
    let now = state.clock.now().timestamp();
    let window = now - WINDOW_SECONDS;
    let attempts = store::session::attempts(&database.read, id.as_str(), window).await?;
    if attempts >= ATTEMPTS_ALLOWED {
        tracing::warn!("an account is closed for a while after too many failed sign-ins");
        return Err(Refusal::TooManyAttempts { retry_after: WINDOW_SECONDS.unsigned_abs() });
    }
    // Noted before the check, so that many at once cannot all pass the limit.
    store::session::note_attempt(&database.write, id.as_str(), now, window).await?;
    let found = store::account::credentials(&database.read, id.as_str(), kind).await?;
    Ok(Attempt { id, found, _turn: turn })
}

/// Hashes a password or a client secret; off the threads that serve calls, for
/// it is slow on purpose.
pub(crate) async fn hash(secret: &SecretString) -> Result<String, Failure> {
    let secret = secret.clone();
    let hashed = tokio::task::spawn_blocking(move || {
        Argon2::default()
            .hash_password(secret.expose_secret().as_bytes())
            .map(|hash| hash.to_string())
    });
    let hash = hashed.await.map_err(anyhow::Error::from)?;
    hash.map_err(|error| Failure::Internal(anyhow::anyhow!("the secret cannot be hashed: {error}")))
}

/// Compares a secret with a hash. Without a hash it takes the same time and
/// fails, so that nobody learns from the clock which accounts exist.
async fn matches(secret: SecretString, hash: Option<String>) -> Result<bool, Failure> {
    let compared = tokio::task::spawn_blocking(move || {
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
