//! Carrying out orders without a lock: they are read and decided, and one trip to the
//! database saves everything, if the head of the journal has not moved in between. While
//! a group is being saved, the next is read already, and told what the one before it
//! changes.
//!
//! Whoever records moves the head, so what was read holds as long as the head stands
//! where it stood then. The writer remembers where it left it. That tells nothing of what
//! was recorded before under the same request ids, so only when each order succeeds is it
//! enough: a repetition then fails on the journal's unique key. When one does not
//! succeed, the head and the request ids are read, too.
//!
//! When the head has moved, or anything fails, nothing is known of what was done here but
//! by the request ids, and the group is carried out again under the lock.

use std::{any::TypeId, panic::AssertUnwindSafe, sync::Arc};

use futures::{FutureExt as _, future::BoxFuture};
use sea_orm::{DbErr, SqlErr};
use tracing::Instrument as _;

use super::{
    Outcome, Pending, Transaction,
    group::Group,
    order::{Changes, Loaded},
    store::{self, Head, Row},
    writer::Place,
};
use crate::sql::Batch;

/// Groups that are carried out under the lock after one of which nothing is known: where
/// another process writes, too, an attempt costs more than it saves.
const UNDER_LOCK: u32 = 16;

/// The orders of a federation on their way.
pub(super) struct Ahead {
    place: Arc<Place>,
    /// How many groups are not attempted now.
    skipped: u32,
    /// Where the last group left the head, if nothing was carried out otherwise since.
    left: Option<Left>,
    saving: Option<Saving>,
    /// What could not be saved.
    lost: Option<Vec<Pending>>,
}

/// Where a group left the head, and what it changed to come there.
struct Left {
    head: Head,
    stood_at: i64,
    kind: TypeId,
    changes: Changes,
}

/// A group that is being saved; its callers are answered when it is.
struct Saving {
    done: BoxFuture<'static, Result<(), Lost>>,
    size: usize,
    left: Left,
}

/// A group of which nobody knows whether it was saved.
struct Lost {
    group: Vec<Pending>,
    error: DbErr,
}

/// What orders are decided on, if it could be read.
type Read = Result<Box<dyn Loaded>, DbErr>;

/// A group that is decided, and on what.
struct Decided<On> {
    loaded: On,
    new: Group,
    outcomes: Vec<Outcome>,
    stood_at: Head,
}

impl Ahead {
    pub(super) fn new(place: Arc<Place>) -> Self {
        Self { place, skipped: 0, left: None, saving: None, lost: None }
    }

    pub(super) fn is_saving(&self) -> bool {
        self.saving.is_some()
    }

    /// How many orders are being saved.
    pub(super) fn is_saving_so_many(&self) -> usize {
        self.saving.as_ref().map_or(0, |saving| saving.size)
    }

    pub(super) fn has_lost(&self) -> bool {
        self.lost.is_some()
    }

    /// Waits until the group that is being saved is. Whoever goes away in the middle can
    /// wait again.
    pub(super) async fn saved(&mut self) {
        let Some(saving) = &mut self.saving else {
            return;
        };
        let done = (&mut saving.done).await;
        let left = self.saving.take().map(|saving| saving.left);
        match done {
            Ok(()) => self.left = left,
            Err(Lost { group, error }) => {
                // One of them is a repetition: no other process is in the way.
                if is_taken(&error) {
                    self.left = None
                } else {
                    self.give_up(&error)
                }
                self.lost = Some(group);
            }
        }
    }

    /// What could not be saved and is to be carried out under the lock.
    pub(super) fn take_lost(&mut self) -> Option<Vec<Pending>> {
        self.lost.take()
    }

    /// Reads and decides a group, and begins to save it; or gives it back when it is to
    /// be carried out under the lock. What was being saved is, or is lost, by then.
    pub(super) async fn carry_out(&mut self, group: Vec<Pending>) -> Result<(), Vec<Pending>> {
        let kind = of_one_kind(&group).filter(|_| self.skipped == 0);
        let Some(kind) = kind else {
            self.saved().await;
            self.skipped = self.skipped.saturating_sub(1);
            self.left = None;
            return Err(group);
        };
        let place = Arc::clone(&self.place);
        let orders: Vec<&Pending> = group.iter().collect();
        let is_head_known = self.left.is_some() || self.is_saving();
        let early = async { if is_head_known { Some(load(&place, &orders).await) } else { None } };
        let (early, ()) = futures::join!(early, self.saved());
        if self.lost.is_some() {
            return Err(group);
        }
        match decide(&place, kind, self.left.as_ref().zip(early), &orders).await {
            Ok(Decided { loaded: Some(loaded), new, outcomes, stood_at }) if new.records() => {
                self.save(kind, group, Decided { loaded, new, outcomes, stood_at });
            }
            Ok(Decided { outcomes, stood_at, .. }) => {
                self.left = Some(Left::nothing_at(stood_at, kind));
                place.settle(group, outcomes);
            }
            Err(error) => {
                self.give_up(&error);
                return Err(group);
            }
        }
        Ok(())
    }

    fn save(&mut self, kind: TypeId, group: Vec<Pending>, decided: Decided<Box<dyn Loaded>>) {
        let Decided { loaded, new, outcomes, stood_at } = decided;
        let (rows, head) = new.into_rows();
        let (sequence, changes) = (stood_at.sequence, loaded.changes());
        let left = Left { head: head.clone(), stood_at: sequence, kind, changes };
        let place = Arc::clone(&self.place);
        let (span, size) = (group[0].span.clone(), group.len());
        let done = async move {
            let saved = AssertUnwindSafe(save(&place, loaded, rows, &stood_at, &head));
            match saved.catch_unwind().await.unwrap_or_else(|_| Err(again("an order panicked"))) {
                Ok(()) => {
                    place.settle(group, outcomes);
                    Ok(())
                }
                Err(error) => Err(Lost { group, error }),
            }
        };
        self.saving = Some(Saving { done: Box::pin(done.instrument(span)), size, left });
    }

    fn give_up(&mut self, error: &DbErr) {
        tracing::debug!(%error, "it is done under the lock");
        self.left = None;
        self.skipped = UNDER_LOCK;
    }
}

impl Left {
    /// Where the head stands when a group has changed nothing.
    fn nothing_at(head: Head, kind: TypeId) -> Self {
        Self { stood_at: head.sequence, head, kind, changes: Arc::new(()) }
    }

    /// Tells what was read of a group's changes, unless it has seen them; false when
    /// neither is so.
    fn is_told_to(&self, kind: TypeId, loaded: &mut dyn Loaded) -> bool {
        if loaded.sequence() == self.head.sequence {
            return true;
        }
        let is_before = loaded.sequence() == self.stood_at && kind == self.kind;
        if is_before {
            loaded.learn(&self.changes);
        }
        is_before
    }
}

/// Decides on what was read early, when each order succeeds on it; otherwise on what is
/// read now.
async fn decide(
    place: &Place,
    kind: TypeId,
    early: Option<(&Left, Read)>,
    orders: &[&Pending],
) -> Result<Decided<Option<Box<dyn Loaded>>>, DbErr> {
    if let Some((left, loaded)) = early {
        let mut loaded = loaded?;
        if left.is_told_to(kind, loaded.as_mut()) {
            let mut new = place.group(left.head.clone(), Vec::new());
            let outcomes = loaded.decide(&mut new, orders);
            let records = |outcome: &Outcome| outcome.as_ref().is_ok_and(|new| !new.is_empty());
            if new.records() && outcomes.iter().all(records) {
                let stood_at = left.head.clone();
                return Ok(Decided { loaded: Some(loaded), new, outcomes, stood_at });
            }
        }
    }
    let ids: Vec<&str> = orders.iter().map(|order| order.write.request_id.as_str()).collect();
    let reader = Transaction::guarded(place.reader().hold().await?);
    let read = store::head_and_recorded(&reader, &place.federation, &ids).await?;
    drop(reader);
    let (head, recorded) = read.ok_or_else(|| again("the journal has no head yet"))?;
    let mut new = place.group(head.clone(), recorded);
    let told: Vec<Outcome> =
        orders.iter().filter_map(|order| new.first_time(&order.write)).collect();
    if told.len() == orders.len() {
        return Ok(Decided { loaded: None, new, outcomes: told, stood_at: head });
    }
    let mut loaded = load(place, orders).await?;
    if loaded.sequence() != head.sequence {
        return Err(again("the head moved while it was read"));
    }
    let outcomes = loaded.decide(&mut new, orders);
    Ok(Decided { loaded: Some(loaded), new, outcomes, stood_at: head })
}

/// Their kind, when all are orders of one.
fn of_one_kind(group: &[Pending]) -> Option<TypeId> {
    let kind = group.first()?.placed()?.kind;
    let is_of_kind = |pending: &Pending| pending.placed().is_some_and(|placed| placed.kind == kind);
    group.iter().all(is_of_kind).then_some(kind)
}

async fn load(place: &Place, orders: &[&Pending]) -> Read {
    let first = orders.first().and_then(|first| first.placed());
    let first = first.ok_or_else(|| again("these are no orders"))?;
    let reader = Transaction::guarded(place.reader().hold().await?);
    let loaded = AssertUnwindSafe(first.load(&reader, orders)).catch_unwind();
    let loaded = loaded.instrument(orders[0].span.clone()).await;
    loaded.unwrap_or_else(|_| Err(again("an order panicked")))
}

async fn save(
    place: &Place,
    loaded: Box<dyn Loaded>,
    rows: Vec<Row>,
    stood_at: &Head,
    head: &Head,
) -> Result<(), DbErr> {
    let writer = Transaction::guarded(place.database.write.hold().await?);
    let mut batch = Batch::on(&writer);
    loaded.save(&mut batch).await?;
    store::append(&mut batch, &place.federation, rows).await?;
    store::move_head_from(&mut batch, &place.federation, stood_at, head);
    writer.write_once();
    batch.send().await
}

/// True when a row with the same key is there.
fn is_taken(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

fn again(why: &str) -> DbErr {
    DbErr::Custom(why.to_owned())
}
