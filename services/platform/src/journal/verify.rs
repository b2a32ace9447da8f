//! Recomputes the whole chain, to prove that nothing recorded was changed, removed or put
//! in between. It cannot prove that nothing is missing at the end: whoever can write to
//! the database can shorten a journal and move its head back, or change a row and make the
//! chain anew from there on. Only what was told of the head elsewhere contradicts that, as
//! the documents of published releases do: a [`Claim`].

use values::Slug;

use super::{
    chain::{self, Link},
    store::{self, Head, Row},
};
use crate::Database;

/// What was told of where a federation's journal was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Who tells it: `federations/{federation}/releases/{release}`.
    pub by: String,
    /// Whose journal.
    pub federation: Slug,
    /// Where it was.
    pub head: Head,
}

/// The claims that the journals of a service contradict, one line each: somebody has
/// rewritten or shortened what was recorded when they were made.
///
/// # Errors
/// When the database cannot be read.
pub async fn contradicted(
    database: &Database,
    service: &str,
    claims: &[Claim],
) -> anyhow::Result<Vec<String>> {
    let picture = database.snapshot().await?;
    let mut problems = Vec::new();
    for Claim { by, federation, head } in claims {
        let Head { sequence, hash } = head;
        let now = match store::head_at(&picture, federation, *sequence).await? {
            Some(now) if now == *head => continue,
            Some(now) => format!(
                "it has {} there now, so what was recorded up to there was changed afterwards",
                hex::encode(now.hash)
            ),
            None => "it ends before that now, so its end was taken away".to_owned(),
        };
        problems.push(format!(
            "{by} says that the journal of {service} had the hash {} at sequence {sequence}: {now}",
            hex::encode(hash)
        ));
    }
    picture.rollback().await?;
    Ok(problems)
}

const ROWS_AT_ONCE: i64 = 1000;

/// Every problem of the journals in a database, one line each; none when all is
/// well.
///
/// # Errors
/// When the database cannot be read.
pub async fn verify(database: &Database) -> anyhow::Result<Vec<String>> {
    let picture = database.snapshot().await?;
    let mut problems = Vec::new();
    for (federation, head) in store::heads(&picture).await? {
        let mut last = Head { sequence: 0, hash: chain::START.to_vec() };
        loop {
            let rows = store::stretch(&picture, &federation, last.sequence, ROWS_AT_ONCE).await?;
            for row in &rows {
                problems.extend(check(&federation, &last, row));
                last = Head { sequence: row.entry.sequence, hash: row.hash.clone() };
            }
            if rows.is_empty() {
                break;
            }
        }
        if last != head {
            let (end, says) = (last.sequence, head.sequence);
            problems.push(format!(
                "journal of {federation} ends at {end}, but its head says {says} or another hash"
            ));
        }
    }
    picture.rollback().await?;
    Ok(problems)
}

fn check(federation: &str, last: &Head, row: &Row) -> Vec<String> {
    let sequence = row.entry.sequence;
    let mut problems = Vec::new();
    let mut problem =
        |what: &str| problems.push(format!("journal of {federation}, sequence {sequence}: {what}"));
    if sequence != last.sequence + 1 {
        problem("a row is missing before it");
    }
    if row.previous_hash != last.hash {
        problem("it does not follow on the row before");
    }
    if row.commitment != chain::commitment(&row.salt, &row.entry.payload) {
        problem("its payload is not the one recorded");
    }
    if row.hash != hash_of(federation, row) {
        problem("its hash does not fit its content");
    }
    problems
}

/// The hash that a row must have.
pub(super) fn hash_of(federation: &str, row: &Row) -> [u8; 32] {
    let link = Link {
        previous: &row.previous_hash,
        federation,
        sequence: row.entry.sequence,
        recorded_at_us: row.entry.recorded_at.timestamp_micros(),
        actor: &row.entry.actor,
        client: &row.client,
        rpc: &row.rpc,
        request_id: &row.request_id,
        item: row.item,
        request_hash: &row.request_hash,
        kind: &row.entry.kind,
        subject: &row.entry.subject,
        commitment: &row.commitment,
    };
    chain::hash(&link)
}
