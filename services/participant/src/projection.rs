//! The tables as the journal makes them: what they are checked against, and made of again.
//!
//! Two things the journal does not hold: the keys of people, each wrapped for its party;
//! and what was known of a case, or of how a follow-up ended, while that was sealed under
//! a key that is destroyed since, as by a disposal. Of those the tables have the only copy.

pub(crate) mod along;
mod entries;
pub(crate) mod people;

use std::collections::BTreeMap;

use platform::journalled::{Recorded, verify::made};
use sea_orm::{ConnectionTrait, DbErr};

/// The rows of a table that is an index over names of a collection, each by its name; and
/// a line for each that cannot be made.
pub(crate) async fn table<R>(
    connection: &impl ConnectionTrait,
    collection: &str,
    row: impl Fn(&str, &[u8], Recorded) -> anyhow::Result<R>,
) -> Result<(BTreeMap<String, R>, Vec<String>), DbErr> {
    made(connection, collection, |name, payload, at| row(name, payload, at).map(Some)).await
}
