//! The writer of one federation: takes all steps that wait, runs them in one
//! transaction, commits once, and then answers each caller.

use std::{collections::HashMap, panic::AssertUnwindSafe, time::Duration};

use chrono::{DateTime, Utc};
use futures::FutureExt as _;
use rand::TryRng as _;
use sea_orm::{
    ConnectionTrait as _, DatabaseTransaction, DbErr, SqliteTransactionMode, TransactionOptions,
    TransactionTrait as _,
};
use tokio::sync::{mpsc, watch};
use tracing::Instrument as _;
use values::Slug;

use super::{
    Draft, Entry, Pending, Step, Write,
    chain::{self, Link},
    store::{self, Head, Row},
};
use crate::{Clock, Database, Failure, db};

/// Steps in one transaction at most.
const GROUP: usize = 128;
/// How often a step is run again alone before its caller is told to come back.
const TRIES: u32 = 5;

type Outcome = Result<Vec<Entry>, Failure>;

/// What one transaction has gathered so far.
struct Group {
    federation: Slug,
    now: DateTime<Utc>,
    head: Head,
    rows: Vec<Row>,
}

/// Serves one federation until every sender is gone.
pub(super) async fn run(
    database: Database,
    clock: Clock,
    federation: Slug,
    mut waiting: mpsc::Receiver<Pending>,
    bell: watch::Sender<()>,
) {
    while let Some(first) = waiting.recv().await {
        let mut group = vec![first];
        while group.len() < GROUP
            && let Ok(next) = waiting.try_recv()
        {
            group.push(next);
        }
        match commit(&database, &clock, &federation, &group).await {
            Ok(outcomes) => answer(group, outcomes),
            Err(error) => {
                tracing::warn!(steps = group.len(), %error, "a group was rolled back, its steps are run again alone");
                one_by_one(&database, &clock, &federation, group).await;
            }
        }
        bell.send_replace(());
    }
}

/// A caller may have gone away; its step stands all the same.
fn answer(group: Vec<Pending>, outcomes: Vec<Outcome>) {
    for (pending, outcome) in group.into_iter().zip(outcomes) {
        let _ = pending.answer.send(outcome);
    }
}

/// Runs the steps of a lost group each in a transaction of its own; while the
/// database is away, none of them is made to wait for its five tries.
async fn one_by_one(database: &Database, clock: &Clock, federation: &Slug, group: Vec<Pending>) {
    for pending in group {
        let is_away = database.write.execute_unprepared("SELECT 1").await.is_err();
        let outcome = if is_away {
            Err(Failure::Unavailable { service: "database" })
        } else {
            alone(database, clock, federation, &pending).await
        };
        answer(vec![pending], vec![outcome]);
    }
}

/// Runs one step in a transaction of its own, again when the transaction is
/// lost. Whether a lost commit happened after all, its request id tells.
async fn alone(
    database: &Database,
    clock: &Clock,
    federation: &Slug,
    pending: &Pending,
) -> Outcome {
    for attempt in 0..TRIES {
        match commit(database, clock, federation, std::slice::from_ref(pending)).await {
            Ok(mut outcomes) => return outcomes.pop().expect("one outcome for one step"),
            Err(error) if db::ends_transaction(&error) => {
                tracing::warn!(attempt, %error, "a transaction was lost");
                tokio::time::sleep(Duration::from_millis(20 << attempt)).await;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Err(Failure::Unavailable { service: "database" })
}

/// Runs the steps and commits. An error means that nothing of it stands, or
/// that nobody knows.
async fn commit(
    database: &Database,
    clock: &Clock,
    federation: &Slug,
    steps: &[Pending],
) -> Result<Vec<Outcome>, DbErr> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..Default::default()
    };
    let transaction = database.write.begin_with_options(options).await?;
    let head = store::lock_head(&transaction, federation).await?;
    let start = head.sequence;
    let mut group =
        Group { federation: federation.clone(), now: clock.now(), head, rows: Vec::new() };

    let known =
        store::recorded(&transaction, federation, steps.iter().map(|step| &step.write)).await?;
    let mut first_times: HashMap<(String, String), Vec<Row>> = HashMap::new();
    for row in known {
        first_times.entry((row.client.clone(), row.request_id.clone())).or_default().push(row);
    }

    let mut outcomes = Vec::with_capacity(steps.len());
    for pending in steps {
        let key = (pending.write.client.clone(), pending.write.request_id.clone());
        let first_time = first_times.get(&key).map(Vec::as_slice).unwrap_or_default();
        let in_group =
            group.rows.iter().filter(|row| row.client == key.0 && row.request_id == key.1);
        let earlier: Vec<&Row> = first_time.iter().chain(in_group).collect();
        let outcome = if earlier.is_empty() || pending.write.validate_only {
            run_step(&transaction, &mut group, pending, steps.len() == 1).await?
        } else {
            repeat(&pending.write, &earlier)
        };
        outcomes.push(outcome);
    }

    if group.head.sequence == start {
        transaction.rollback().await.map_err(lost)?;
        return Ok(outcomes);
    }
    store::append(&transaction, federation, &group.rows).await?;
    store::move_head(&transaction, federation, &group.head).await?;
    transaction.commit().await?;
    Ok(outcomes)
}

/// An error after which nobody knows what stands in the transaction. A savepoint
/// or a rollback fails only when the transaction is gone already: SQLite may end
/// one by itself, on a full disk for example.
fn lost(error: impl std::fmt::Display) -> DbErr {
    DbErr::Conn(sea_orm::RuntimeErr::Internal(error.to_string()))
}

/// The answer of the first time, for the same request; a refusal for another
/// request under the same id.
fn repeat(write: &Write, earlier: &[&Row]) -> Outcome {
    match earlier.first() {
        Some(first) if first.request_hash != write.request_hash => {
            Err(Failure::refused("REQUEST_ID_REUSED")
                .with("rpc", &first.rpc)
                .with("first_time", first.entry.recorded_at.format("%Y-%m-%dT%H:%M:%SZ")))
        }
        Some(_) | None => Ok(earlier.iter().map(|row| row.entry.clone()).collect()),
    }
}

/// Runs one step. Beside others it has a savepoint of its own; alone it needs
/// none, because the transaction is rolled back when nothing is recorded.
async fn run_step(
    transaction: &DatabaseTransaction,
    group: &mut Group,
    pending: &Pending,
    is_alone: bool,
) -> Result<Outcome, DbErr> {
    let savepoint = if is_alone { None } else { Some(transaction.begin().await?) };
    let told = Step { now: group.now, sequence: group.head.sequence + 1 };
    let step = (pending.step)(savepoint.as_ref().unwrap_or(transaction), told);
    let result = AssertUnwindSafe(step).catch_unwind().instrument(pending.span.clone()).await;
    let result =
        result.unwrap_or_else(|_| Err(Failure::Internal(anyhow::anyhow!("a step panicked"))));
    if let Err(Failure::Internal(cause)) = &result
        && let Some(error) = cause.downcast_ref::<DbErr>()
        && db::ends_transaction(error)
    {
        return Err(DbErr::Conn(sea_orm::RuntimeErr::Internal(error.to_string())));
    }
    let records = result.as_ref().is_ok_and(|drafts| !drafts.is_empty());
    // Recorded before the savepoint is released: what cannot be recorded must
    // not stay.
    let outcome = result.and_then(|drafts| record(group, &pending.write, drafts));
    let keep = records && outcome.is_ok() && !pending.write.validate_only;
    match savepoint {
        Some(savepoint) if keep => savepoint.commit().await.map_err(lost)?,
        Some(savepoint) => savepoint.rollback().await.map_err(lost)?,
        None => {}
    }
    Ok(outcome)
}

/// Chains the drafts onto the group's rows; only looks, for a dry run.
fn record(group: &mut Group, write: &Write, drafts: Vec<Draft>) -> Outcome {
    let mut head = group.head.clone();
    let mut rows = Vec::with_capacity(drafts.len());
    for (item, draft) in drafts.into_iter().enumerate() {
        let row = link(group, write, &head, item, draft)?;
        head = Head { sequence: row.entry.sequence, hash: row.hash.clone() };
        rows.push(row);
    }
    let entries = rows.iter().map(|row| row.entry.clone()).collect();
    if !write.validate_only {
        group.head = head;
        group.rows.extend(rows);
    }
    Ok(entries)
}

fn link(
    group: &Group,
    write: &Write,
    head: &Head,
    item: usize,
    draft: Draft,
) -> Result<Row, Failure> {
    let mut salt = [0_u8; 16];
    rand::rngs::SysRng.try_fill_bytes(&mut salt).map_err(anyhow::Error::from)?;
    let commitment = chain::commitment(&salt, &draft.payload);
    let entry = Entry {
        sequence: head.sequence + 1,
        recorded_at: group.now,
        actor: write.actor.clone(),
        kind: draft.kind.to_owned(),
        subject: draft.subject,
        payload: draft.payload,
    };
    let item = i32::try_from(item).map_err(anyhow::Error::from)?;
    let hash = chain::hash(&Link {
        previous: &head.hash,
        federation: group.federation.as_str(),
        sequence: entry.sequence,
        recorded_at_us: entry.recorded_at.timestamp_micros(),
        actor: &entry.actor,
        client: &write.client,
        rpc: write.rpc,
        request_id: &write.request_id,
        item,
        request_hash: &write.request_hash,
        kind: &entry.kind,
        subject: &entry.subject,
        commitment: &commitment,
    });
    Ok(Row {
        entry,
        client: write.client.clone(),
        rpc: write.rpc.to_owned(),
        request_id: write.request_id.clone(),
        item,
        request_hash: write.request_hash.to_vec(),
        salt: salt.to_vec(),
        commitment: commitment.to_vec(),
        previous_hash: head.hash.clone(),
        hash: hash.to_vec(),
    })
}
