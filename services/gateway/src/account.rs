//! What the installation's operator does with accounts: creates the first one and those
//! of the parties' administrators, and takes away what nobody else may.

use std::sync::Arc;

use chrono::NaiveDate;
use futures::future::BoxFuture;
use platform::{Draft, Failure, Journal, Step, Write, clock::day_in_sweden, journal::Transaction};
use prost::Message as _;
use sea_orm::{ConnectionTrait, DbErr};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use values::{RoleGrant, Slug, name::AccountName};

use crate::{
    credentials,
    domain::{
        account::{self, Account, AccountKind, NewAccount, first_roles},
        role_grant::{self, Granted, Revocation},
    },
    invitation::Invitation,
    rpc::convert,
    store,
};

/// Creates an account, on the word of the installation's operator.
///
/// # Errors
/// All faults of the account; `Exists` when it is there; or the database's.
pub async fn create(journal: &Journal, new: NewAccount) -> Result<Account, Failure> {
    let checked = account::create(&new, new.secret.expose_secret().chars().count())?;
    let secret_hash = credentials::hash(&new.secret, ()).await?;
    let payload = convert::account::render(&checked, &[]).encode_to_vec();
    let operator = operator(&checked.name);
    let write = write("account.create", &checked.name, &payload);
    let saved = checked.clone();
    journal
        .write(write, move |transaction, step| {
            let (account, secret_hash, payload) =
                (saved.clone(), secret_hash.clone(), payload.clone());
            let id = |number| role_grant_id(&account.name, number);
            let roles = first_roles(&account, day_in_sweden(step.now), &operator, step.now, id);
            Box::pin(async move {
                if store::account::is_taken(transaction, account.name.id.as_str()).await? {
                    return Err(Failure::Exists { name: account.name.to_string() });
                }
                store::account::insert(transaction, &account, &secret_hash).await?;
                let subject = account.name.to_string();
                let mut drafts = vec![Draft { kind: "account.created", subject, payload }];
                for role in &roles {
                    store::role_grant::insert(transaction, role).await?;
                    drafts.push(convert::role_grant::draft("role.granted", role));
                }
                Ok(drafts)
            })
        })
        .await?;
    Ok(checked)
}

/// What signs an account in from now on.
#[derive(Debug)]
pub enum Renewed {
    /// A system: the secret that was given.
    Secret,
    /// A person: a code that a new password is chosen with. The one before holds until then.
    Code(SecretString),
}

/// Gives a system another secret, or a person a code. A system's tokens from before are
/// refused: whoever had the secret that is replaced may have taken one.
///
/// # Errors
/// `NotFound` when there is no such account or it was disabled; or the database's.
pub async fn renew(
    journal: &Journal,
    name: &AccountName,
    secret: &SecretString,
) -> Result<Renewed, Failure> {
    let (now, today) = (journal.clock().now(), journal.clock().today());
    match enabled(&journal.database().read, name, today).await?.kind {
        AccountKind::System => {
            let secret_hash = credentials::hash(secret, ()).await?;
            change(journal, "account.secret_renewed", name, move |transaction, account| {
                let secret_hash = secret_hash.clone();
                Box::pin(async move {
                    store::account::end_tokens(transaction, &account, now).await?;
                    store::account::set_secret(transaction, &account, &secret_hash).await
                })
            })
            .await?;
            Ok(Renewed::Secret)
        }
        AccountKind::Person => {
            let Invitation { code, expires: _, kept } = Invitation::new(now)?;
            change(journal, "account.invited", name, move |transaction, account| {
                let kept = kept.clone();
                Box::pin(async move { kept.save(transaction, &account).await })
            })
            .await?;
            Ok(Renewed::Code(code.into()))
        }
    }
}

/// Closes an account, until the operator opens it: its sessions end, no code and no secret opens it, and its
/// tokens are refused. Its roles stay where they stand, and give nobody anything.
///
/// # Errors
/// `NotFound` when there is no such account or it was disabled; or the database's.
pub async fn disable(journal: &Journal, name: &AccountName) -> Result<(), Failure> {
    let at = journal.clock().now();
    change(journal, "account.disabled", name, move |transaction, account| {
        Box::pin(async move {
            store::account::disable(transaction, &account, at).await?;
            store::invitation::remove(transaction, &account).await?;
            store::session::remove_all_of(transaction, &account).await
        })
    })
    .await
}

/// Opens an account that was disabled, as new: a system with another secret, a person with
/// a code. What opened it before stays closed, and a token that was issued before stays
/// refused; its roles hold as far as they stand.
///
/// # Errors
/// `NotFound` when there is no such account, `ACCOUNT_NOT_DISABLED`, or the database's.
pub async fn enable(
    journal: &Journal,
    name: &AccountName,
    secret: &SecretString,
) -> Result<Renewed, Failure> {
    let (now, today) = (journal.clock().now(), journal.clock().today());
    let (secret_hash, invitation) =
        match disabled(&journal.database().read, name, today).await?.kind {
            AccountKind::System => (credentials::hash(secret, ()).await?, None),
            AccountKind::Person => (String::new(), Some(Invitation::new(now)?)),
        };
    let kept = invitation.as_ref().map(|invitation| invitation.kept.clone());
    change_from(
        Standing::Disabled,
        journal,
        "account.enabled",
        name,
        move |transaction, account| {
            let (secret_hash, kept) = (secret_hash.clone(), kept.clone());
            Box::pin(async move {
                store::account::enable(transaction, &account, now).await?;
                store::account::set_secret(transaction, &account, &secret_hash).await?;
                match kept {
                    Some(kept) => kept.save(transaction, &account).await,
                    None => Ok(()),
                }
            })
        },
    )
    .await?;
    Ok(match invitation {
        Some(Invitation { code, expires: _, kept: _ }) => Renewed::Code(code.into()),
        None => Renewed::Secret,
    })
}

/// How an account stands before it is changed.
#[derive(Debug, Clone, Copy)]
enum Standing {
    Enabled,
    Disabled,
}

/// Changes an account that was not disabled, and records it.
async fn change(
    journal: &Journal,
    kind: &'static str,
    name: &AccountName,
    save: impl Fn(&Transaction, AccountName) -> BoxFuture<'_, Result<(), DbErr>> + Send + Sync + 'static,
) -> Result<(), Failure> {
    change_from(Standing::Enabled, journal, kind, name, save).await
}

async fn change_from(
    standing: Standing,
    journal: &Journal,
    kind: &'static str,
    name: &AccountName,
    save: impl Fn(&Transaction, AccountName) -> BoxFuture<'_, Result<(), DbErr>> + Send + Sync + 'static,
) -> Result<(), Failure> {
    let write = write(kind, name, name.to_string().as_bytes());
    let (name, save) = (name.clone(), Arc::new(save));
    let step = journal.write(write, move |transaction, step| {
        let (name, save) = (name.clone(), Arc::clone(&save));
        Box::pin(async move {
            let today = day_in_sweden(step.now);
            let account = match standing {
                Standing::Enabled => enabled(transaction, &name, today).await?,
                Standing::Disabled => disabled(transaction, &name, today).await?,
            };
            save(transaction, name.clone()).await?;
            let payload = convert::account::render(&account, &[]).encode_to_vec();
            Ok(vec![Draft { kind, subject: name.to_string(), payload }])
        })
    });
    step.await.map(|_| ())
}

async fn enabled(
    connection: &impl ConnectionTrait,
    name: &AccountName,
    today: NaiveDate,
) -> Result<Account, Failure> {
    let found = store::account::find_enabled(connection, name, today).await?;
    found.ok_or_else(|| Failure::not_found(name))
}

async fn disabled(
    connection: &impl ConnectionTrait,
    name: &AccountName,
    today: NaiveDate,
) -> Result<Account, Failure> {
    let found = store::account::find(connection, name, today).await?;
    let account = found.ok_or_else(|| Failure::not_found(name))?;
    match store::account::find_enabled(connection, name, today).await? {
        Some(_) => Err(Failure::refused("ACCOUNT_NOT_DISABLED").with("account", &name.id)),
        None => Ok(account),
    }
}

/// Takes a role back from an account, whoever granted it and however often.
///
/// # Errors
/// `ROLE_GRANT_OVER` when the account does not hold it; or the database's.
pub async fn revoke(
    journal: &Journal,
    account: &AccountName,
    role: &RoleGrant,
    reason: &str,
) -> Result<(), Failure> {
    let payload = format!("{account} {} {} {reason}", role.role.code(), role.scope);
    let write = write("role.revoke", account, payload.as_bytes());
    let (account, role, reason) = (account.clone(), role.clone(), reason.to_owned());
    let step = journal.write(write, move |transaction, step| {
        let (account, role) = (account.clone(), role.clone());
        let revoker = operator(&account);
        let revocation = Revocation { revoker, at: step.now, reason: reason.clone() };
        Box::pin(async move { take_back(transaction, step, &account, &role, revocation).await })
    });
    step.await.map(|_| ())
}

async fn take_back(
    transaction: &Transaction,
    step: Step,
    account: &AccountName,
    role: &RoleGrant,
    revocation: Revocation,
) -> Result<Vec<Draft>, Failure> {
    let today = day_in_sweden(step.now);
    let held = store::role_grant::of_accounts(transaction, &account.federation, [account]).await?;
    let mut drafts = Vec::new();
    for granted in held.into_iter().filter(|granted: &Granted| granted.grant.role == *role) {
        if let Ok(revoked) = role_grant::revoke(granted, today, revocation.clone()) {
            store::role_grant::revoke(transaction, &revoked.name, &revocation).await?;
            drafts.push(convert::role_grant::draft("role.revoked", &revoked));
        }
    }
    if drafts.is_empty() {
        return Err(Failure::refused("ROLE_GRANT_OVER"));
    }
    Ok(drafts)
}

fn operator(account: &AccountName) -> String {
    format!("federations/{}/accounts/operator", account.federation)
}

/// A write on the operator's word. Never a repetition: an account that is there is told,
/// not answered as if its new secret had been taken.
fn write(rpc: &'static str, account: &AccountName, content: &[u8]) -> Write {
    Write {
        federation: account.federation.clone(),
        actor: operator(account),
        client: "operator".to_owned(),
        rpc,
        request_id: format!("account/{}", uuid::Uuid::now_v7()),
        request_hash: Sha256::digest(content).into(),
        validate_only: false,
    }
}

/// The id of one of an account's first roles: the same whenever it is asked for, and no
/// other account's.
fn role_grant_id(account: &AccountName, number: usize) -> Slug {
    let digest = hex::encode(Sha256::digest(format!("{account}/{number}")));
    Slug::parse("role_grant", &format!("first-{}", &digest[..24])).expect("hex digits are plain")
}
