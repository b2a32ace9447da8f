//! Orders: writes of one kind, of which all that wait are loaded, decided and
//! saved together. A step pays its own round trips to the database, an order
//! shares them.

use std::{
    any::{Any, TypeId},
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use futures::future::BoxFuture;
use sea_orm::DbErr;

use super::{Draft, Outcome, Pending, Step, Transaction, group::Group};
use crate::{Failure, sql::Batch};

/// An order of one kind.
///
/// Those of a group are decided one after the other, each on what those before it
/// left. Deciding cannot touch the book: an order that is refused, panics or is
/// only a dry run leaves no trace by construction, and needs no savepoint.
pub trait Order: Send + Sync + 'static {
    /// What the orders of a group are decided on, and in the end what of it is to
    /// be saved.
    type Book: Send + Sync;
    /// What one order changes.
    type Change: Clone + Send + Sync;

    /// Reads what these orders need to know, in few trips however many they are, and
    /// in the same picture where the journal's head stands: the group before may just be
    /// on its way.
    ///
    /// # Errors
    /// When the database fails.
    fn load(
        transaction: &Transaction,
        orders: &[&Self],
    ) -> impl Future<Output = Result<ReadAt<Self::Book>, DbErr>> + Send;

    /// Decides: what is to be recorded, and what it changes. Without a draft,
    /// nothing is changed.
    ///
    /// # Errors
    /// What forbids it.
    fn decide(&self, book: &Self::Book, step: Step) -> Result<(Vec<Draft>, Self::Change), Failure>;

    /// Enters a change into the book, for the next order to see.
    fn enter(book: &mut Self::Book, change: Self::Change);

    /// Tells the book of a change that the group before has saved since the book was
    /// read: to be known, and not to be saved again.
    fn learn(book: &mut Self::Book, change: Self::Change);

    /// Saves what was entered. What it leaves in the batch travels with the rows
    /// of the journal.
    ///
    /// # Errors
    /// When the database fails.
    fn save(
        book: Self::Book,
        batch: &mut Batch<'_, Transaction>,
    ) -> impl Future<Output = Result<(), DbErr>> + Send;
}

/// An order whose kind is known only here.
pub(super) struct Placed {
    order: Box<dyn Any + Send + Sync>,
    pub(super) kind: TypeId,
    load: Load,
}

impl Placed {
    pub(super) fn new<O: Order>(order: O) -> Self {
        Self { order: Box::new(order), kind: TypeId::of::<O>(), load: load::<O> }
    }

    /// Reads what these orders, all of this one's kind, need to know.
    pub(super) async fn load(
        &self,
        transaction: &Transaction,
        pending: &[&Pending],
    ) -> Result<Box<dyn Loaded>, DbErr> {
        (self.load)(transaction, pending).await
    }
}

/// What was read, and where the journal's head stood then.
#[derive(Debug)]
pub struct ReadAt<T> {
    /// What was read.
    pub read: T,
    /// The head's sequence in the same picture; 0 before the first row.
    pub sequence: i64,
}

type Load =
    for<'a> fn(&'a Transaction, &'a [&'a Pending]) -> BoxFuture<'a, Result<Box<dyn Loaded>, DbErr>>;

/// What orders of one kind are decided on, and what became of it.
pub(super) trait Loaded: Send {
    /// Where the journal's head stood when it was read.
    fn sequence(&self) -> i64;

    /// Tells it what the group before has saved since; of orders of the same kind.
    fn learn(&mut self, changes: &Changes);

    /// Decides orders one after the other, and gathers in the group what they record.
    fn decide(&mut self, group: &mut Group, pending: &[&Pending]) -> Vec<Outcome>;

    /// What was changed, for a book that was read before it was saved.
    fn changes(&self) -> Changes;

    /// Saves what was changed.
    fn save<'a>(
        self: Box<Self>,
        batch: &'a mut Batch<'_, Transaction>,
    ) -> BoxFuture<'a, Result<(), DbErr>>;
}

/// Changes of orders of one kind.
pub(super) type Changes = Arc<dyn Any + Send + Sync>;

struct BookOf<O: Order> {
    book: O::Book,
    sequence: i64,
    changes: Vec<O::Change>,
}

fn load<'a, O: Order>(
    transaction: &'a Transaction,
    pending: &'a [&'a Pending],
) -> BoxFuture<'a, Result<Box<dyn Loaded>, DbErr>> {
    Box::pin(async move {
        let orders: Vec<&O> = pending.iter().map(|pending| order_of(pending)).collect();
        let ReadAt { read, sequence } = O::load(transaction, &orders).await?;
        let loaded: Box<dyn Loaded> =
            Box::new(BookOf::<O> { book: read, sequence, changes: Vec::new() });
        Ok(loaded)
    })
}

impl<O: Order> Loaded for BookOf<O> {
    fn sequence(&self) -> i64 {
        self.sequence
    }

    fn learn(&mut self, changes: &Changes) {
        let changes = changes.downcast_ref::<Vec<O::Change>>().expect("they are of this kind");
        for change in changes {
            O::learn(&mut self.book, change.clone());
        }
    }

    fn decide(&mut self, group: &mut Group, pending: &[&Pending]) -> Vec<Outcome> {
        let mut outcomes = Vec::with_capacity(pending.len());
        for pending in pending {
            // Also within the group, a request is carried out once.
            if let Some(answer) = group.first_time(&pending.write) {
                outcomes.push(answer);
                continue;
            }
            let (drafts, change) = match decide::<O>(pending, &self.book, group.told()) {
                Ok(decided) => decided,
                Err(failure) => {
                    outcomes.push(Err(failure));
                    continue;
                }
            };
            let keep = !drafts.is_empty() && !pending.write.validate_only;
            let outcome = group.record(&pending.write, drafts);
            if keep && outcome.is_ok() {
                self.changes.push(change.clone());
                O::enter(&mut self.book, change);
            }
            outcomes.push(outcome);
        }
        outcomes
    }

    fn changes(&self) -> Changes {
        Arc::new(self.changes.clone())
    }

    fn save<'a>(
        self: Box<Self>,
        batch: &'a mut Batch<'_, Transaction>,
    ) -> BoxFuture<'a, Result<(), DbErr>> {
        Box::pin(async move {
            if self.changes.is_empty() { Ok(()) } else { O::save(self.book, batch).await }
        })
    }
}

/// Carries out orders of one kind within a group, in its transaction.
pub(super) async fn together(
    group: &mut Group,
    batch: &mut Batch<'_, Transaction>,
    pending: &[&Pending],
) -> Result<Vec<Outcome>, DbErr> {
    let is_new = |pending: &&Pending| group.first_time(&pending.write).is_none();
    let new: Vec<&Pending> = pending.iter().copied().filter(is_new).collect();
    let Some(placed) = new.first().and_then(|pending| pending.placed()) else {
        return Ok(pending.iter().filter_map(|pending| group.first_time(&pending.write)).collect());
    };
    let mut loaded = placed.load(batch.connection(), &new).await?;
    let outcomes = loaded.decide(group, pending);
    loaded.save(batch).await?;
    Ok(outcomes)
}

fn decide<O: Order>(
    pending: &Pending,
    book: &O::Book,
    step: Step,
) -> Result<(Vec<Draft>, O::Change), Failure> {
    let order = order_of::<O>(pending);
    // Unwinding leaves the book whole: it was only lent to be read.
    let decide = AssertUnwindSafe(|| order.decide(book, step));
    let decided = pending.span.in_scope(|| catch_unwind(decide));
    decided.unwrap_or_else(|_| Err(Failure::Internal(anyhow::anyhow!("an order panicked"))))
}

fn order_of<O: Order>(pending: &Pending) -> &O {
    let placed = pending.placed().expect("only orders are carried out together");
    placed.order.downcast_ref().expect("it is of the kind it tells")
}
