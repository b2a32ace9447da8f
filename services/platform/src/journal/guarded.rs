//! Carrying out orders without a transaction, on PostgreSQL: they are loaded and decided,
//! and one statement saves everything, if the head of the journal has not moved in
//! between. That is two trips to the database instead of five, or three when the head has
//! to be read, too.
//!
//! Whoever records moves the head, so what was read holds as long as the head stands
//! where it stood before. The writer remembers where it left it. That tells nothing of
//! what was recorded before under the same request ids, so only when each order succeeds
//! is it enough: a repetition then fails on the journal's unique key. Then, and when one
//! does not succeed, the head and the request ids are read.
//!
//! When the head has moved, or anything fails, nothing is known of what was done here but
//! by the request ids, and the group is carried out again under the lock.

use std::panic::AssertUnwindSafe;

use chrono::{DateTime, Utc};
use futures::FutureExt as _;
use sea_orm::{DbBackend, DbErr, SqlErr};
use tracing::Instrument as _;
use values::Slug;

use super::{
    Outcome, Pending, Transaction, Work,
    group::Group,
    order::{Placed, Together},
    store::{self, Head, Row},
};
use crate::{Clock, Database, sql::Batch};

/// Groups that are carried out under the lock after one of which nothing is known: where
/// another process writes, too, an attempt costs more than it saves.
const UNDER_LOCK: u32 = 16;

/// A writer's attempts.
#[derive(Debug, Default)]
pub(super) struct Attempts {
    /// How many groups are not attempted now.
    skipped: u32,
    /// Where the last attempt left the head, if nothing was carried out otherwise since.
    left_at: Option<Head>,
}

/// What came of a group, and where the head was left.
struct Done {
    outcomes: Vec<Outcome>,
    head: Head,
}

impl Attempts {
    /// What came of each; nothing when they are to be carried out under the lock.
    pub(super) async fn commit(
        &mut self,
        database: &Database,
        clock: &Clock,
        federation: &Slug,
        waiting: &[Pending],
    ) -> Option<Vec<Outcome>> {
        let left_at = self.left_at.take();
        if database.backend() != DbBackend::Postgres {
            return None;
        }
        let placed = of_one_kind(waiting)?;
        if self.skipped > 0 {
            self.skipped -= 1;
            return None;
        }
        let orders =
            Orders { database, federation, now: clock.now(), together: placed.together, waiting };
        match orders.attempt(left_at).await {
            Ok(Done { outcomes, head }) => {
                self.left_at = Some(head);
                Some(outcomes)
            }
            Err(error) => {
                tracing::debug!(orders = waiting.len(), %error, "it is done under the lock");
                self.skipped = UNDER_LOCK;
                None
            }
        }
    }
}

/// The first of them, when all are orders of its kind.
fn of_one_kind(waiting: &[Pending]) -> Option<&Placed> {
    let first = waiting.first().and_then(placed)?;
    let is_of_kind = |pending| placed(pending).is_some_and(|placed| placed.kind == first.kind);
    waiting.iter().all(is_of_kind).then_some(first)
}

fn placed(pending: &Pending) -> Option<&Placed> {
    match &pending.work {
        Work::Order(placed) => Some(placed),
        Work::Step(_) => None,
    }
}

/// A group of orders of one kind.
struct Orders<'a> {
    database: &'a Database,
    federation: &'a Slug,
    now: DateTime<Utc>,
    together: Together,
    waiting: &'a [Pending],
}

impl Orders<'_> {
    async fn attempt(&self, left_at: Option<Head>) -> Result<Done, DbErr> {
        let transaction = Transaction::guarded(self.database.write.hold().await?);
        if let Some(head) = left_at {
            match self.after(&transaction, head, None).await {
                Ok(Some(done)) => return Ok(done),
                Ok(None) => {}
                // One of them is a repetition: nothing was saved, and no other process is
                // in the way.
                Err(error) if is_taken(&error) => {}
                Err(error) => return Err(error),
            }
        }
        let request_ids: Vec<&str> =
            self.waiting.iter().map(|pending| pending.write.request_id.as_str()).collect();
        let read = store::head_and_recorded(&transaction, self.federation, &request_ids).await?;
        let (head, recorded) = read.ok_or_else(|| again("the journal has no head yet"))?;
        let done = self.after(&transaction, head, Some(recorded)).await?;
        done.ok_or_else(|| again("nothing is left to be known"))
    }

    /// Carries them out after a head, knowing what was recorded under their request ids,
    /// or not knowing it: then none comes back when it has to be known.
    async fn after(
        &self,
        transaction: &Transaction,
        head: Head,
        recorded: Option<Vec<Row>>,
    ) -> Result<Option<Done>, DbErr> {
        let is_known = recorded.is_some();
        let stood_at = head.clone();
        let mut group =
            Group::new(self.federation.clone(), self.now, head, recorded.unwrap_or_default());
        let mut batch = Batch::on(transaction);

        let orders: Vec<&Pending> = self.waiting.iter().collect();
        let answers = (self.together)(&mut group, &mut batch, &orders);
        let answers = answers.instrument(self.waiting[0].span.clone());
        let panicked = |_| Err(again("an order panicked"));
        let outcomes = AssertUnwindSafe(answers).catch_unwind().await.unwrap_or_else(panicked)?;
        let records = |outcome: &Outcome| outcome.as_ref().is_ok_and(|new| !new.is_empty());
        let is_enough = is_known || (group.records() && outcomes.iter().all(records));
        if !is_enough {
            return Ok(None);
        }
        if !group.records() {
            // A refusal tells of what stands, too.
            let stands_at = store::head(transaction, self.federation).await?;
            let is_same = stands_at == stood_at;
            let done = Done { outcomes, head: stood_at };
            return if is_same { Ok(Some(done)) } else { Err(again("the head moved")) };
        }
        let (rows, head) = group.into_rows();
        store::append(&mut batch, self.federation, rows).await?;
        store::move_head_from(&mut batch, self.federation, &stood_at, &head);
        transaction.write_once();
        batch.send().await?;
        Ok(Some(Done { outcomes, head }))
    }
}

/// True when a row with the same key is there.
fn is_taken(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

fn again(why: &str) -> DbErr {
    DbErr::Custom(why.to_owned())
}
