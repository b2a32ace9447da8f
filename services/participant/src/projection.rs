//! The tables as the journal makes them: what they are checked against, and made of again.
//!
//! Two things the journal does not hold: the keys of people, each wrapped for its party;
//! and what was known of a case, or of how a follow-up ended, while that was sealed under
//! a key that is destroyed since, as by a disposal. Of those the tables have the only copy.

pub(crate) mod along;
mod entries;
pub(crate) mod people;

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DbErr};

use crate::store::{
    journalled::Recorded,
    verify::{Journalled, journalled},
};

/// The rows of a table that is an index over names of a collection, each by its name; and
/// a line for each that cannot be made.
pub(crate) async fn table<R>(
    connection: &impl ConnectionTrait,
    collection: &str,
    row: impl Fn(&str, &[u8], Recorded) -> anyhow::Result<R>,
) -> Result<(BTreeMap<String, R>, Vec<String>), DbErr> {
    let (mut rows, mut problems) = (BTreeMap::new(), Vec::new());
    for Journalled { name, recorded, payload } in journalled(connection, collection).await? {
        match row(&name, &payload, recorded) {
            Ok(row) => {
                rows.insert(name, row);
            }
            Err(error) => problems.push(format!("{name} cannot be read in the journal: {error}")),
        }
    }
    Ok((rows, problems))
}
