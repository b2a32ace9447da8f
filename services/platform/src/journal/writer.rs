//! The writer of one federation: takes all steps and orders that wait, carries
//! them out in one transaction, commits once, and then answers each caller.
//! Orders alone are carried out without its lock, as long as nothing is in the way.

use std::{any::TypeId, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures::FutureExt as _;
use sea_orm::{ConnectionTrait as _, DbErr};
use tokio::sync::{mpsc, watch};
use tracing::Instrument as _;
use values::Slug;

use super::{
    BoxedStep, Outcome, Pending, Transaction, Work,
    ahead::Ahead,
    group::Group,
    order::together,
    stock::Stock,
    store::{self, Head, Row},
};
use crate::{
    Clock, Database, Failure,
    db::{self, Connections},
    sql::Batch,
};

/// Steps in one transaction at most.
const GROUP: usize = 128;
/// How often a step is run again alone before its caller is told to come back.
const TRIES: u32 = 5;
/// Dead connections that are tried, one after the other, before the database is
/// taken to be away.
const DEAD: u32 = 64;

/// Where a federation's journal is written, and who is told of it.
pub(super) struct Place {
    pub(super) database: Database,
    pub(super) clock: Clock,
    pub(super) federation: Slug,
    /// Those who follow the journal.
    pub(super) bell: watch::Sender<()>,
    /// What counts the rows.
    pub(super) stock: Arc<Stock>,
}

impl Place {
    /// What reads beside the connection that writes: on PostgreSQL in its way, of looking
    /// rows up by their keys.
    pub(super) fn reader(&self) -> &Connections {
        if self.database.is_embedded() { &self.database.read } else { &self.database.write }
    }

    /// A group after a head.
    pub(super) fn group(&self, head: Head, recorded: Vec<Row>) -> Group {
        Group::new(self.federation.clone(), self.clock.now(), head, recorded)
    }

    /// Tells everybody what came of a group that stands.
    pub(super) fn settle(&self, group: Vec<Pending>, outcomes: Vec<Outcome>) {
        let entries = outcomes.iter().flatten().map(Vec::len).sum();
        self.stock.grew(&self.database.write, entries);
        answer(group, outcomes);
        self.bell.send_replace(());
    }

    async fn under_lock(&self, group: Vec<Pending>) {
        match commit(self, &group).await {
            Ok(outcomes) => self.settle(group, outcomes),
            Err(error) => {
                tracing::warn!(steps = group.len(), %error, "a group was rolled back, its steps are run again alone");
                one_by_one(self, group).await;
                self.bell.send_replace(());
            }
        }
    }
}

/// Serves one federation until every sender is gone.
pub(super) async fn run(place: Place, mut waiting: mpsc::Receiver<Pending>) {
    let place = Arc::new(place);
    let mut ahead = Ahead::new(Arc::clone(&place));
    while let Some(group) = gather(&mut waiting, &mut ahead).await {
        let carried_out = if group.is_empty() { Ok(()) } else { ahead.carry_out(group).await };
        for group in ahead.take_lost().into_iter().chain(carried_out.err()) {
            place.under_lock(group).await;
        }
    }
}

/// Those that wait for the writer, when it is free for them: nothing is being saved, or they
/// are as many as are. Taken earlier, they would be ever fewer at once, and what a group
/// costs is shared by fewer. None when all are served and every sender is gone.
async fn gather(waiting: &mut mpsc::Receiver<Pending>, ahead: &mut Ahead) -> Option<Vec<Pending>> {
    let mut group = Vec::new();
    let mut is_open = true;
    loop {
        while group.len() < GROUP
            && let Ok(next) = waiting.try_recv()
        {
            group.push(next);
        }
        let is_saving = ahead.is_saving();
        if ahead.has_lost() || (!group.is_empty() && group.len() >= ahead.is_saving_so_many()) {
            return Some(group);
        }
        tokio::select! {
            biased;
            () = ahead.saved(), if is_saving => {}
            next = waiting.recv(), if is_open => match next {
                Some(next) => group.push(next),
                None => is_open = false,
            },
            else => return None,
        }
    }
}

/// A caller may have gone away; its step stands all the same.
fn answer(group: Vec<Pending>, outcomes: Vec<Outcome>) {
    for (pending, outcome) in group.into_iter().zip(outcomes) {
        let _ = pending.answer.send(outcome);
    }
}

/// Runs the steps of a lost group each in a transaction of its own, until the database is
/// found to be away: to find that out anew for each would keep those waiting that come after.
async fn one_by_one(place: &Place, group: Vec<Pending>) {
    let mut has_gone = false;
    for pending in group {
        has_gone = has_gone || is_away(&place.database).await;
        let outcome = if has_gone {
            Err(Failure::Unavailable { service: "database" })
        } else {
            alone(place, &pending).await
        };
        answer(vec![pending], vec![outcome]);
    }
}

/// True when no connection can be had. One that died while nobody used it is
/// found out by its next use and is then gone: that says nothing of the server.
async fn is_away(database: &Database) -> bool {
    for _ in 0..DEAD {
        match database.write.execute_unprepared("SELECT 1").await {
            Ok(_) => return false,
            Err(DbErr::ConnectionAcquire(_)) => return true,
            Err(_) => {}
        }
    }
    true
}

/// Runs one step in a transaction of its own, again when the transaction is
/// lost. Whether a lost commit happened after all, its request id tells.
async fn alone(place: &Place, pending: &Pending) -> Outcome {
    for attempt in 0..TRIES {
        match commit(place, std::slice::from_ref(pending)).await {
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

/// Carries the work out and commits. An error means that nothing of it stands, or
/// that nobody knows.
async fn commit(place: &Place, waiting: &[Pending]) -> Result<Vec<Outcome>, DbErr> {
    let transaction = Transaction::new(place.database.write.begin().await?);
    match carry_out(&transaction, place, waiting).await {
        Ok((outcomes, true)) => {
            transaction.commit().await?;
            Ok(outcomes)
        }
        Ok((outcomes, false)) => {
            transaction.rollback().await.map_err(lost)?;
            Ok(outcomes)
        }
        Err(error) => {
            transaction.rollback().await.map_err(lost)?;
            Err(error)
        }
    }
}

/// Answers what came of each, and whether anything is to be committed.
async fn carry_out(
    transaction: &Transaction,
    place: &Place,
    waiting: &[Pending],
) -> Result<(Vec<Outcome>, bool), DbErr> {
    let federation = &place.federation;
    let request_ids: Vec<&str> =
        waiting.iter().map(|pending| pending.write.request_id.as_str()).collect();
    let (head, recorded) = store::lock_head(transaction, federation, &request_ids).await?;
    let mut group = place.group(head, recorded);
    let mut batch = Batch::on(transaction);

    let mut outcomes: Vec<Option<Outcome>> = waiting.iter().map(|_| None).collect();
    for (index, pending) in waiting.iter().enumerate() {
        if outcomes[index].is_some() {
            continue;
        }
        // What comes next reads what those before it have saved and recorded.
        store::append(&mut batch, federation, group.rows_before_a_step()).await?;
        batch.send().await?;
        match &pending.work {
            Work::Step(step) => {
                let is_alone = waiting.len() == 1;
                let outcome = run_step(transaction, &mut group, pending, step, is_alone).await?;
                outcomes[index] = Some(outcome);
            }
            // Calls that wait at the same time have no order among each other: the
            // first of a kind takes the others along.
            Work::Order(placed) => {
                let places = places_of_kind(waiting, placed.kind);
                let orders: Vec<&Pending> = places.iter().map(|place| &waiting[*place]).collect();
                let answers = together(&mut group, &mut batch, &orders);
                let answers = answers.instrument(pending.span.clone());
                // Deciding catches its own panics. One of loading or saving loses the
                // group, as an error of the database does.
                let panicked = |_| Err(DbErr::Custom("an order panicked".to_owned()));
                let answers = AssertUnwindSafe(answers).catch_unwind().await;
                for (place, answer) in places.into_iter().zip(answers.unwrap_or_else(panicked)?) {
                    outcomes[place] = Some(answer);
                }
            }
        }
    }
    let outcomes = outcomes.into_iter().map(|outcome| outcome.expect("each was carried out"));
    let outcomes = outcomes.collect();
    let records = group.records();
    if records {
        let (rows, head) = group.into_rows();
        store::append(&mut batch, federation, rows).await?;
        store::move_head(&mut batch, federation, &head);
        batch.send().await?;
    }
    Ok((outcomes, records))
}

fn places_of_kind(waiting: &[Pending], kind: TypeId) -> Vec<usize> {
    let is_of_kind =
        |pending: &Pending| matches!(&pending.work, Work::Order(placed) if placed.kind == kind);
    let places = waiting.iter().enumerate().filter(|(_, pending)| is_of_kind(pending));
    places.map(|(place, _)| place).collect()
}

/// An error after which nobody knows what stands in the transaction. A savepoint
/// or a rollback fails only when the transaction is gone already: SQLite may end
/// one by itself, on a full disk for example.
fn lost(error: impl std::fmt::Display) -> DbErr {
    DbErr::Conn(sea_orm::RuntimeErr::Internal(error.to_string()))
}

/// Runs one step. Alone it is taken back with the whole transaction. Beside others a
/// dry run has a savepoint of its own; any other step is to decide before it writes,
/// and one that has written and does not come to its end loses the group, after
/// which each is run alone.
async fn run_step(
    transaction: &Transaction,
    group: &mut Group,
    pending: &Pending,
    step: &BoxedStep,
    is_alone: bool,
) -> Result<Outcome, DbErr> {
    if let Some(answer) = group.first_time(&pending.write) {
        return Ok(answer);
    }
    let is_dry = pending.write.validate_only;
    let savepoint = if is_dry && !is_alone { Some(transaction.savepoint().await?) } else { None };
    transaction.take_is_written();
    let step = step(savepoint.as_ref().unwrap_or(transaction), group.told());
    let result = AssertUnwindSafe(step).catch_unwind().instrument(pending.span.clone()).await;
    let result =
        result.unwrap_or_else(|_| Err(Failure::Internal(anyhow::anyhow!("a step panicked"))));
    if let Err(Failure::Internal(cause)) = &result {
        let error = cause.downcast_ref::<DbErr>();
        // After an error PostgreSQL takes no more statements but in a savepoint.
        let is_over = error.is_some() && savepoint.is_none() && !is_alone;
        if is_over || error.is_some_and(db::ends_transaction) {
            return Err(lost(cause));
        }
    }
    let records = result.as_ref().is_ok_and(|drafts| !drafts.is_empty());
    let outcome = result.and_then(|drafts| group.record(&pending.write, drafts));
    let is_kept = records && outcome.is_ok() && !is_dry;
    if let Some(savepoint) = savepoint {
        savepoint.back_to_savepoint().await.map_err(lost)?;
    } else if !is_kept && !is_alone && transaction.take_is_written() {
        return Err(lost("a step that had written did not come to its end"));
    }
    Ok(outcome)
}
