//! Carrying out orders without a transaction, on PostgreSQL: the head is read, the
//! orders are loaded and decided, and one statement saves everything, if the head has
//! not moved in between. That is three trips to the database instead of five.
//!
//! Whoever records moves the head, so what was read holds as long as the head stands
//! where it was read before. When it does not, or anything fails, nothing is known of
//! what was done here but by the request ids, and the group is carried out again under
//! the lock.

use std::panic::AssertUnwindSafe;

use futures::FutureExt as _;
use sea_orm::{DbBackend, DbErr};
use tracing::Instrument as _;
use values::Slug;

use super::{Outcome, Pending, Transaction, Work, group::Group, order::Placed, store};
use crate::{Clock, Database, sql::Batch};

/// Groups that are carried out under the lock after one of which nothing is known: where
/// another process writes, too, an attempt costs more than it saves.
const UNDER_LOCK: u32 = 16;

/// A writer's attempts.
#[derive(Debug, Default)]
pub(super) struct Attempts {
    /// How many groups are not attempted now.
    skipped: u32,
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
        if database.write.get_database_backend() != DbBackend::Postgres {
            return None;
        }
        let placed = of_one_kind(waiting)?;
        if self.skipped > 0 {
            self.skipped -= 1;
            return None;
        }
        match carry_out(database, clock, federation, (placed, waiting)).await {
            Ok(outcomes) => Some(outcomes),
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

async fn carry_out(
    database: &Database,
    clock: &Clock,
    federation: &Slug,
    (placed, waiting): (&Placed, &[Pending]),
) -> Result<Vec<Outcome>, DbErr> {
    let transaction = Transaction::guarded(database.write.clone());
    let request_ids: Vec<&str> =
        waiting.iter().map(|pending| pending.write.request_id.as_str()).collect();
    let read = store::head_and_recorded(&transaction, federation, &request_ids).await?;
    let (head, recorded) = read.ok_or_else(|| again("the journal has no head yet"))?;
    let stood_at = head.sequence;
    let mut group = Group::new(federation.clone(), clock.now(), head, recorded);
    let mut batch = Batch::on(&transaction);

    let orders: Vec<&Pending> = waiting.iter().collect();
    let answers = (placed.together)(&mut group, &mut batch, &orders);
    let answers = answers.instrument(waiting[0].span.clone());
    let panicked = |_| Err(again("an order panicked"));
    let outcomes = AssertUnwindSafe(answers).catch_unwind().await.unwrap_or_else(panicked)?;
    if !group.records() {
        // A refusal tells of what stands, too.
        let stands_at = store::head(&transaction, federation).await?.sequence;
        return if stands_at == stood_at { Ok(outcomes) } else { Err(again("the head moved")) };
    }
    let (rows, head) = group.into_rows();
    store::append(&mut batch, federation, rows).await?;
    store::move_head_from(&mut batch, federation, stood_at, &head);
    transaction.write_once();
    batch.send().await?;
    Ok(outcomes)
}

fn again(why: &str) -> DbErr {
    DbErr::Custom(why.to_owned())
}
