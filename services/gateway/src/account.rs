//! Creating accounts, and the principals of their callers.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use platform::{Clock, Database, Draft, Failure, Journal, Principal, Write};
use prost::Message as _;
use secrecy::ExposeSecret as _;
use sha2::{Digest as _, Sha256};
use values::{RoleGrant, Scope, name::AccountName};

use crate::{
    credentials,
    domain::account::{self, Account, NewAccount},
    store,
};

/// Roles that were taken back are gone everywhere within this time.
const REMEMBERED_SECONDS: i64 = 15;

/// Creates an account, on the word of the installation's operator.
///
/// # Errors
/// All faults of the account; `Exists` when it is there; or the database's.
pub async fn create(journal: &Journal, new: NewAccount) -> Result<Account, Failure> {
    let checked = account::create(&new, new.secret.expose_secret().chars().count())?;
    let secret_hash = credentials::hash(&new.secret).await?;
    let payload = to_proto(&checked).encode_to_vec();
    let write = Write {
        federation: checked.name.federation.clone(),
        actor: format!("federations/{}/accounts/operator", checked.name.federation),
        client: "operator".to_owned(),
        rpc: "account.create",
        // Never a repetition: an account that is there is told, not answered
        // as if its new secret had been taken.
        request_id: format!("account/{}", uuid::Uuid::now_v7()),
        request_hash: Sha256::digest(&payload).into(),
        validate_only: false,
    };
    let saved = checked.clone();
    journal
        .write(write, move |transaction, _step| {
            let (account, secret_hash, payload) =
                (saved.clone(), secret_hash.clone(), payload.clone());
            Box::pin(async move {
                if store::account::is_taken(transaction, account.name.id.as_str()).await? {
                    return Err(Failure::Exists { name: account.name.to_string() });
                }
                store::account::insert(transaction, &account, &secret_hash).await?;
                Ok(vec![Draft {
                    kind: "account.created",
                    subject: account.name.to_string(),
                    payload,
                }])
            })
        })
        .await?;
    Ok(checked)
}

/// An account as the contract shows it.
#[must_use]
pub fn to_proto(account: &Account) -> proto::gateway::Account {
    proto::gateway::Account {
        name: account.name.to_string(),
        display_name: account.display_name.clone(),
        role_grants: account
            .grants
            .iter()
            .map(|grant| grant_to_proto(&account.name, grant))
            .collect(),
    }
}

fn grant_to_proto(name: &AccountName, grant: &RoleGrant) -> proto::gateway::RoleGrant {
    let federation = &name.federation;
    let scope = match &grant.scope {
        Scope::Federation => format!("federations/{federation}"),
        Scope::Area(id) => format!("federations/{federation}/areas/{id}"),
        Scope::Party(id) => format!("federations/{federation}/parties/{id}"),
        Scope::Team(id) => format!("federations/{federation}/teams/{id}"),
        Scope::PartyTeam { party, team } => {
            format!("federations/{federation}/parties/{party}/teams/{team}")
        }
    };
    let role = format!("ROLE_{}", grant.role.code().to_uppercase());
    let role = proto::common::Role::from_str_name(&role).unwrap_or_default();
    proto::gateway::RoleGrant { role: role.into(), scope }
}

/// By account and way in: the principal, and the second it is read anew.
type Known = HashMap<(AccountName, &'static str), (Principal, i64)>;

/// The principals of accounts that called lately.
pub(crate) struct Callers {
    database: Database,
    clock: Clock,
    known: Mutex<Known>,
}

impl Callers {
    pub(crate) fn new(database: Database, clock: Clock) -> Self {
        Self { database, clock, known: Mutex::default() }
    }

    /// The principal of an account that comes by one of the ways in, with its
    /// roles as they stand.
    ///
    /// # Errors
    /// `Unauthenticated` when the account is no more.
    pub(crate) async fn principal(
        &self,
        name: &AccountName,
        way: &'static str,
    ) -> Result<Principal, Failure> {
        let now = self.clock.now().timestamp();
        let key = (name.clone(), way);
        if let Some((principal, expires)) = self.known().get(&key)
            && *expires > now
        {
            return Ok(principal.clone());
        }
        let account = store::account::find(&self.database.read, name)
            .await?
            .ok_or(Failure::Unauthenticated)?;
        let principal = Principal {
            federation: name.federation.clone(),
            account: name.clone(),
            // A request id is unique to a caller's own system, not to all.
            client: format!("{way}/{}", name.id),
            grants: account.grants,
        };
        let mut known = self.known();
        known.retain(|_, (_, expires)| *expires > now);
        known.insert(key, (principal.clone(), now + REMEMBERED_SECONDS));
        Ok(principal)
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
