//! The check of the whole database: the journal's chain, and that each role is what the
//! journal last said of it.

use std::collections::BTreeMap;

use platform::{Database, journal};
use prost::Message as _;
use values::name::RoleGrantName;

use crate::{rpc::convert, store};

/// Every problem of the database, one line each; none when all is well.
///
/// # Errors
/// When the database cannot be read.
pub(crate) async fn verify(database: &Database) -> anyhow::Result<Vec<String>> {
    let mut problems = journal::verify(database).await?;
    let picture = database.snapshot().await?;
    let recorded: BTreeMap<String, Vec<u8>> =
        journal::latest_payloads(&picture, RoleGrantName::COLLECTION).await?.into_iter().collect();
    let kept: BTreeMap<String, Vec<u8>> = store::role_grant::all(&picture)
        .await?
        .iter()
        .map(|granted| {
            let payload = convert::role_grant::render(granted).encode_to_vec();
            (granted.name.to_string(), payload)
        })
        .collect();
    picture.rollback().await?;
    for (name, payload) in &recorded {
        match kept.get(name) {
            Some(kept) if kept == payload => {}
            Some(_) => problems.push(format!("{name} is not what the journal says it is")),
            None => problems.push(format!("{name} is in the journal and in no table")),
        }
    }
    // Those taken over from the time before roles had entries of their own begin so.
    let is_older = |name: &str| name.rsplit('/').next().is_some_and(is_taken_over);
    let unrecorded = kept.keys().filter(|name| !recorded.contains_key(*name) && !is_older(name));
    problems.extend(unrecorded.map(|name| format!("{name} is in no entry of the journal")));
    Ok(problems)
}

fn is_taken_over(id: &str) -> bool {
    let number = id.strip_prefix("first-");
    number.is_some_and(|number| number.len() < 10 && number.bytes().all(|it| it.is_ascii_digit()))
}
