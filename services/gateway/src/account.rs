//! Creating accounts on the word of the installation's operator: the way to the first
//! one, and to the administrators of the parties.

use platform::{Draft, Failure, Journal, Write, clock::day_in_sweden};
use prost::Message as _;
use secrecy::ExposeSecret as _;
use sha2::{Digest as _, Sha256};
use values::{Slug, name::AccountName};

use crate::{
    credentials,
    domain::account::{self, Account, NewAccount, first_roles},
    rpc::convert,
    store,
};

/// Creates an account, on the word of the installation's operator.
///
/// # Errors
/// All faults of the account; `Exists` when it is there; or the database's.
pub async fn create(journal: &Journal, new: NewAccount) -> Result<Account, Failure> {
    let checked = account::create(&new, new.secret.expose_secret().chars().count())?;
    let secret_hash = credentials::hash(&new.secret).await?;
    let payload = convert::account::render(&checked, &[]).encode_to_vec();
    let operator = format!("federations/{}/accounts/operator", checked.name.federation);
    let write = Write {
        federation: checked.name.federation.clone(),
        actor: operator.clone(),
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

/// The id of one of an account's first roles: the same whenever it is asked for, and no
/// other account's.
fn role_grant_id(account: &AccountName, number: usize) -> Slug {
    let digest = hex::encode(Sha256::digest(format!("{account}/{number}")));
    Slug::parse("role_grant", &format!("first-{}", &digest[..24])).expect("hex digits are plain")
}
