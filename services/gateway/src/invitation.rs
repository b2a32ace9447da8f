//! First sign-ins: an administrator hands out a code, the person chooses a password
//! with it, once. The code is shown to the one who asked for it, and only its hash is
//! kept, beside the journal.

use chrono::{DateTime, Duration, Utc};
use platform::{Draft, Failure, Journal, Write, journal::Transaction};
use prost::Message as _;
use rand::TryRng as _;
use sea_orm::DbErr;
use secrecy::SecretString;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use values::name::AccountName;

use crate::{
    State,
    credentials::{self, Refusal},
    domain::account::{AccountKind, check_password},
    store,
};

/// A code can be used for a week.
const LASTS: Duration = Duration::days(7);
/// Letters and digits that are not mixed up when read aloud.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// A code as it is handed out.
pub(crate) struct Invitation {
    pub(crate) code: String,
    pub(crate) expires: DateTime<Utc>,
    /// What is kept of it.
    pub(crate) kept: Kept,
}

/// What is kept of a code.
#[derive(Clone)]
pub(crate) struct Kept {
    hash: String,
    expires_at_s: i64,
}

impl Invitation {
    /// A new code, which opens nothing until it is kept.
    ///
    /// # Errors
    /// When there are no random bytes.
    pub(crate) fn new(now: DateTime<Utc>) -> Result<Self, Failure> {
        let code = random_code()?;
        let expires = now + LASTS;
        let kept = Kept { hash: hash_of(&code), expires_at_s: expires.timestamp() };
        Ok(Self { code, expires, kept })
    }

    /// True when this is the code that is kept: not when the request was a repetition,
    /// whose first answer told another.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(crate) async fn is_kept(
        &self,
        journal: &Journal,
        account: &AccountName,
    ) -> Result<bool, Failure> {
        let now = journal.clock().now().timestamp();
        let kept = store::invitation::find(&journal.database().write, account, now).await?;
        Ok(kept.is_some_and(|kept| kept == self.kept.hash))
    }
}

impl Kept {
    /// Keeps it, with what records it; the account's former code opens nothing any more.
    pub(crate) async fn save(
        &self,
        transaction: &Transaction,
        account: &AccountName,
    ) -> Result<(), DbErr> {
        store::invitation::replace(transaction, account, &self.hash, self.expires_at_s).await
    }
}

/// Chooses a password with a code. All sessions of the account end.
///
/// # Errors
/// Wrong credentials, too many attempts, a password that is too short, or a fault of ours.
pub(crate) async fn accept(
    state: &State,
    username: &str,
    code: &str,
    password: &str,
) -> Result<(), Refusal> {
    // No attempt is counted: a code cannot be guessed, and whoever guesses at somebody's
    // password must not keep them from their first sign-in.
    let Some(id) = credentials::read_id(username) else {
        return Err(Refusal::WrongCredentials);
    };
    let database = state.journal.database();
    let found = store::account::credentials(&database.read, id.as_str(), AccountKind::Person);
    let Some(found) = found.await? else {
        return Err(Refusal::WrongCredentials);
    };
    let now = state.clock.now().timestamp();
    let kept = store::invitation::find(&database.read, &found.account, now).await?;
    let sent = hash_of(code);
    let Some(kept) = kept.filter(|kept| bool::from(kept.as_bytes().ct_eq(sent.as_bytes()))) else {
        return Err(Refusal::WrongCredentials);
    };
    check_password("password", password.chars().count()).map_err(Failure::from)?;
    let turn = state.checks.turn().await?;
    let secret_hash = credentials::hash(&SecretString::from(password), turn).await?;
    choose(&state.journal, found.account, kept, secret_hash).await?;
    store::session::forget_attempts(&database.write, id.as_str()).await?;
    Ok(())
}

async fn choose(
    journal: &Journal,
    account: AccountName,
    code_hash: String,
    secret_hash: String,
) -> Result<(), Refusal> {
    let payload = proto::gateway::Account { name: account.to_string(), ..Default::default() };
    let payload = payload.encode_to_vec();
    let write = Write {
        federation: account.federation.clone(),
        actor: account.to_string(),
        client: format!("web/{}", account.id),
        rpc: "account.choose_password",
        request_id: format!("password/{}", uuid::Uuid::now_v7()),
        request_hash: Sha256::digest(&payload).into(),
        validate_only: false,
    };
    let step = journal.write(write, move |transaction, _step| {
        let (account, payload) = (account.clone(), payload.clone());
        let (code_hash, secret_hash) = (code_hash.clone(), secret_hash.clone());
        Box::pin(async move {
            if !store::invitation::use_up(transaction, &account, &code_hash).await? {
                return Err(Failure::Unauthenticated);
            }
            store::account::set_secret(transaction, &account, &secret_hash).await?;
            store::session::remove_all_of(transaction, &account).await?;
            let subject = account.to_string();
            Ok(vec![Draft { kind: "account.password_chosen", subject, payload }])
        })
    });
    match step.await {
        Ok(_) => Ok(()),
        Err(Failure::Unauthenticated) => Err(Refusal::WrongCredentials),
        Err(failure) => Err(failure.into()),
    }
}

/// 80 random bits, in groups of four.
fn random_code() -> Result<String, Failure> {
    let mut bytes = [0_u8; 16];
    rand::rngs::SysRng.try_fill_bytes(&mut bytes).map_err(anyhow::Error::from)?;
    let letters: Vec<char> =
        bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    Ok(groups.join("-"))
}

/// The hash of a code as typed: with or without hyphens, in capitals or not.
fn hash_of(code: &str) -> String {
    let plain: String = code
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    hex::encode(Sha256::digest(plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_the_same_however_it_is_typed() {
        let code = random_code().unwrap();
        assert_eq!((code.len(), code.matches('-').count()), (19, 3));
        let typed = format!(" {} ", code.replace('-', "").to_uppercase());
        assert_eq!(hash_of(&code), hash_of(&typed));
        assert_ne!(random_code().unwrap(), code);
    }
}
