//! The check of the whole database: the journal's chain, that the tables are what the
//! journal says they are, and the chains of the read logs.

mod people;
mod read_log;

use std::collections::BTreeMap;
use std::fmt::Display;

use platform::{Database, journal};
use prost::Message;
use sea_orm::{DatabaseTransaction, DbErr};

use crate::{domain::import::Organisation, keyring::Keyring, rpc::to_proto, store};

/// Every problem of the database, one line each; none when all is well. Without a
/// keyring, records of people cannot be checked, and that is a problem where there are
/// any.
///
/// # Errors
/// When the database cannot be read.
pub async fn verify(database: &Database, keyring: Option<&Keyring>) -> anyhow::Result<Vec<String>> {
    let mut problems = journal::verify(database).await?;
    let picture = database.snapshot().await?;
    let tables = tables(&picture, &mut problems).await?;
    let mut recorded: BTreeMap<_, _> =
        store::verify::federation_payloads(&picture).await?.into_iter().collect();
    for collection in ["parties", "areas", "municipalities", "teams"] {
        recorded.extend(journal::latest_payloads(&picture, collection).await?);
    }
    problems.extend(differences(&recorded, &tables));
    people::check(&picture, keyring, &mut problems).await?;
    read_log::check(&picture, &mut problems).await?;
    picture.rollback().await?;
    Ok(problems)
}

type Resources = BTreeMap<String, Vec<u8>>;

/// Everything in the tables, by name, as the journal would record it.
async fn tables(
    picture: &DatabaseTransaction,
    problems: &mut Vec<String>,
) -> anyhow::Result<Resources> {
    let mut tables = Resources::new();
    for federation in store::verify::federations(picture).await? {
        match store::import::load(picture, &federation).await {
            Ok(organisation) => tables.extend(resources(&organisation)),
            Err(DbErr::Type(what)) => {
                problems
                    .push(format!("a table of {federation} has a row that no one wrote: {what}"));
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(tables)
}

fn resources(all: &Organisation) -> Resources {
    let mut resources = rendered(&all.federations, to_proto::federation);
    resources.extend(rendered(&all.parties, to_proto::party));
    resources.extend(rendered(&all.areas, to_proto::area));
    resources.extend(rendered(&all.municipalities, to_proto::municipality));
    resources.extend(rendered(&all.teams, to_proto::team));
    resources
}

fn rendered<N: Display, T, M: Message>(
    items: &BTreeMap<N, T>,
    to_proto: impl Fn(&N, &T) -> M,
) -> Resources {
    let entry = |(name, item)| (N::to_string(name), to_proto(name, item).encode_to_vec());
    items.iter().map(entry).collect()
}

fn differences(recorded: &Resources, tables: &Resources) -> Vec<String> {
    let mut problems = Vec::new();
    for (name, payload) in recorded {
        match tables.get(name) {
            None => problems.push(format!("{name} is in the journal and not in its table")),
            Some(row) if row == payload => {}
            Some(_) => problems.push(format!("{name} is not in its table as the journal has it")),
        }
    }
    let unrecorded = tables.keys().filter(|name| !recorded.contains_key(*name));
    problems
        .extend(unrecorded.map(|name| format!("{name} is in its table and not in the journal")));
    problems
}
