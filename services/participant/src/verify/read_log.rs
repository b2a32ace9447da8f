//! That each party's read log is whole: numbered without gaps, chained, and ended where
//! its head says.

use platform::db::OpenTransaction;
use values::name::PartyName;

use crate::{
    read_log::{BEGINNING, hash},
    store::{
        self,
        read_log::{Head, Row},
    },
};

/// Rows read at a time.
const STRETCH: i64 = 1000;

/// Adds a line for each problem.
pub(super) async fn check(
    picture: &OpenTransaction,
    problems: &mut Vec<String>,
) -> anyhow::Result<()> {
    for (party, head) in store::read_log::heads(picture).await? {
        let mut end = Head { number: 0, hash: BEGINNING.to_vec() };
        loop {
            let rows = store::read_log::after(picture, &party, end.number, STRETCH).await?;
            let Some(last) = rows.last() else {
                break;
            };
            let next = Head { number: last.number, hash: last.hash.clone() };
            problems.extend(broken(&party, &end, &rows));
            end = next;
        }
        if end != head {
            problems.push(format!("the read log of {party} does not end where its head says"));
        }
    }
    Ok(())
}

/// The first row that does not follow from the one before.
fn broken(party: &PartyName, before: &Head, rows: &[Row]) -> Option<String> {
    let mut end = before.clone();
    for row in rows {
        let follows = row.number == end.number + 1
            && row.previous_hash == end.hash
            && row.hash == hash(party, row);
        if !follows {
            return Some(format!("the read log of {party} is broken at {}", row.number));
        }
        end = Head { number: row.number, hash: row.hash.clone() };
    }
    None
}
