//! The check of the whole database: the journal's chain, that the tables are what the
//! journal says they are, and the chains of the read logs.

mod along;
mod journalled;
mod people;
mod read_log;

use std::collections::BTreeMap;
use std::fmt::Display;

use platform::{
    Database, db::OpenTransaction, journal, journalled::Recorded, journalled::verify::differences,
};
use prost::Message;
use sea_orm::DbErr;
use values::Slug;

use crate::{
    domain::import::Organisation,
    keyring::Keyring,
    rpc::{self, to_proto},
    store::{self},
};

/// Where the journal has what is compared by its payload.
const UNASKED: Recorded = Recorded { created_sequence: 0, sequence: 0 };

const COLLECTIONS: [&str; 6] =
    ["parties", "areas", "municipalities", "teams", "bandings", "tableLayouts"];

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
    for collection in COLLECTIONS {
        recorded.extend(journal::latest_payloads(&picture, collection).await?);
    }
    problems.extend(differences(&recorded, &tables));
    people::check(&picture, keyring, &mut problems).await?;
    read_log::check(&picture, &mut problems).await?;
    problems.extend(journalled::problems(&picture).await?);
    picture.rollback().await?;
    Ok(problems)
}

type Resources = BTreeMap<String, Vec<u8>>;

/// Everything in the tables, by name, as the journal would record it.
async fn tables(
    picture: &OpenTransaction,
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
        match indexed(picture, &federation, problems).await {
            Ok(resources) => tables.extend(resources),
            Err(DbErr::Type(what)) => {
                problems
                    .push(format!("a table of {federation} has a row that no one wrote: {what}"));
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(tables)
}

/// What the tables that index the journal lead to, by name. A row that says something
/// else than what it leads to is a problem.
async fn indexed(
    picture: &OpenTransaction,
    federation: &Slug,
    problems: &mut Vec<String>,
) -> Result<Resources, DbErr> {
    let mut resources = Resources::new();
    let mut differing = Vec::new();
    for (name, record) in store::banding::all(picture, federation).await? {
        let written = rpc::banding::row(&name.to_string(), &record.payload, UNASKED);
        let fits = written.is_ok_and(|(_, divides, _)| divides == record.dimension);
        differing.extend((!fits).then(|| name.to_string()));
        resources.insert(name.to_string(), record.payload);
    }
    for (name, payload) in store::table_layout::all(picture, federation).await? {
        let fits = rpc::table_layout::row(&name.to_string(), &payload, UNASKED).is_ok();
        differing.extend((!fits).then(|| name.to_string()));
        resources.insert(name.to_string(), payload);
    }
    let differs = |name| format!("the row of {name} is not what the journal makes of it");
    problems.extend(differing.into_iter().map(differs));
    Ok(resources)
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
