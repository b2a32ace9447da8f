//! Recomputes the whole chain, to prove that nothing recorded was changed, removed or put
//! in between. It cannot prove that nothing is missing at the end: whoever can write to
//! the database can shorten a journal and move its head back. Only what was told of the
//! head elsewhere contradicts that, as the documents of published releases do.

use super::{
    chain::{self, Link},
    store::{self, Head, Row},
};
use crate::Database;

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
    let link = Link {
        previous: &row.previous_hash,
        federation,
        sequence,
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
    if row.hash != chain::hash(&link) {
        problem("its hash does not fit its content");
    }
    problems
}
