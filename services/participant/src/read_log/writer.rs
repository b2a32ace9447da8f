//! The writer of the log: takes everything that waits, enters it in one transaction,
//! commits once, and then lets each answer leave.

use std::collections::BTreeMap;

use platform::{Clock, Database, sql::Batch};
use sea_orm::DbErr;
use tokio::sync::mpsc;
use values::name::PartyName;

use super::{BEGINNING, Pending, Reading, hash};
use crate::store::read_log::{self, Row};

/// Answers in one transaction at most.
const GROUP: usize = 256;

/// Serves until every sender is gone.
pub(super) async fn run(database: Database, clock: Clock, mut waiting: mpsc::Receiver<Pending>) {
    while let Some(first) = waiting.recv().await {
        let mut group = vec![first];
        while group.len() < GROUP
            && let Ok(next) = waiting.try_recv()
        {
            group.push(next);
        }
        let entered = enter(&database, &clock, &group).await;
        if let Err(error) = &entered {
            tracing::error!(answers = group.len(), %error, "reads could not be entered, their answers are held back");
        }
        for pending in group {
            // A caller may have gone away; its row stands all the same.
            let _ = pending.entered.send(entered.is_ok());
        }
    }
}

async fn enter(database: &Database, clock: &Clock, group: &[Pending]) -> Result<(), DbErr> {
    let mut of_parties = BTreeMap::<&PartyName, Vec<&Reading>>::new();
    for reading in group.iter().flat_map(|pending| &pending.readings) {
        of_parties.entry(&reading.party).or_default().push(reading);
    }
    let transaction = database.write.begin().await?;
    let mut batch = Batch::on(&transaction);
    // In order of name, so that two processes do not wait for each other.
    for (party, readings) in of_parties {
        let head = read_log::lock_head(&transaction, party, &BEGINNING).await?;
        let now = clock.now();
        let mut rows: Vec<Row> = Vec::with_capacity(readings.len());
        for (reading, number) in readings.into_iter().zip(head.number + 1..) {
            let previous = rows.last().map_or(&head.hash, |row| &row.hash);
            let mut row = Row {
                number,
                time: now,
                actor: reading.actor.clone(),
                rpc: reading.rpc.to_owned(),
                people: reading.people.clone(),
                previous_hash: previous.clone(),
                hash: Vec::new(),
            };
            row.hash = hash(party, &row);
            rows.push(row);
        }
        read_log::append(&mut batch, party, rows).await?;
    }
    batch.send().await?;
    transaction.commit().await
}
