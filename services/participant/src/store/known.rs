//! What was known when: a sequence of the journal, the hash there, and the time.

use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use values::Slug;

use super::query;

/// A moment of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Known {
    /// The sequence.
    pub(crate) sequence: i64,
    /// The hash of the row at it.
    pub(crate) head_hash: Vec<u8>,
    /// When it was recorded, in microseconds.
    pub(crate) recorded_at_us: i64,
}

/// The moment of a sequence, or the last one when there are fewer; none when nothing is
/// recorded.
pub(crate) async fn at(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    sequence: i64,
) -> Result<Option<Known>, DbErr> {
    let sql = "SELECT sequence, hash, recorded_at_us FROM journal \
               WHERE federation_id = $1 AND sequence <= $2 ORDER BY sequence DESC LIMIT 1";
    let values = vec![federation.as_str().into(), sequence.into()];
    let rows = query(connection, sql.to_owned(), values).await?;
    rows.first().map(known).transpose()
}

/// The last moment before a time; none when nothing was recorded then.
///
/// Times follow sequences, so that it is found by halving.
pub(crate) async fn before(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    time_us: i64,
) -> Result<Option<Known>, DbErr> {
    let (mut found, mut least) = (None, 0);
    let mut most = at(connection, federation, i64::MAX).await?.map_or(0, |last| last.sequence);
    while least < most {
        let middle = least + (most - least + 1) / 2;
        match at(connection, federation, middle).await? {
            Some(known) if known.recorded_at_us < time_us => {
                least = middle;
                found = Some(known);
            }
            Some(_) | None => most = middle - 1,
        }
    }
    Ok(found)
}

fn known(row: &QueryResult) -> Result<Known, DbErr> {
    Ok(Known {
        sequence: row.try_get("", "sequence")?,
        head_hash: row.try_get("", "hash")?,
        recorded_at_us: row.try_get("", "recorded_at_us")?,
    })
}
