//! Orders: writes of one kind, of which all that wait are loaded, decided and
//! saved together. A step pays its own round trips to the database, an order
//! shares them.

use std::{
    any::{Any, TypeId},
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
};

use futures::future::BoxFuture;
use sea_orm::DbErr;

use super::{Draft, Outcome, Pending, Step, Transaction, Work, group::Group};
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
    type Change: Send;

    /// Reads what these orders need to know, in few trips however many they are.
    ///
    /// # Errors
    /// When the database fails.
    fn load(
        transaction: &Transaction,
        orders: &[&Self],
    ) -> impl Future<Output = Result<Self::Book, DbErr>> + Send;

    /// Decides: what is to be recorded, and what it changes. Without a draft,
    /// nothing is changed.
    ///
    /// # Errors
    /// What forbids it.
    fn decide(&self, book: &Self::Book, step: Step) -> Result<(Vec<Draft>, Self::Change), Failure>;

    /// Enters a change into the book, for the next order to see.
    fn enter(book: &mut Self::Book, change: Self::Change);

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

/// Carries out the orders of one kind within a group.
pub(super) type Together = for<'a> fn(
    &'a mut Group,
    &'a mut Batch<'_, Transaction>,
    &'a [&'a Pending],
) -> BoxFuture<'a, Result<Vec<Outcome>, DbErr>>;

/// An order whose kind is known only here.
pub(super) struct Placed {
    order: Box<dyn Any + Send + Sync>,
    pub(super) kind: TypeId,
    pub(super) together: Together,
}

impl Placed {
    pub(super) fn new<O: Order>(order: O) -> Self {
        Self { order: Box::new(order), kind: TypeId::of::<O>(), together: together::<O> }
    }
}

fn together<'a, O: Order>(
    group: &'a mut Group,
    batch: &'a mut Batch<'_, Transaction>,
    pending: &'a [&'a Pending],
) -> BoxFuture<'a, Result<Vec<Outcome>, DbErr>> {
    Box::pin(carry_out::<O>(group, batch, pending))
}

async fn carry_out<O: Order>(
    group: &mut Group,
    batch: &mut Batch<'_, Transaction>,
    pending: &[&Pending],
) -> Result<Vec<Outcome>, DbErr> {
    let is_new = |pending: &&&Pending| group.first_time(&pending.write).is_none();
    let new: Vec<&O> = pending.iter().filter(is_new).map(|pending| order_of(pending)).collect();
    if new.is_empty() {
        return Ok(pending.iter().filter_map(|pending| group.first_time(&pending.write)).collect());
    }
    let mut book = O::load(batch.connection(), &new).await?;
    let mut is_changed = false;
    let mut outcomes = Vec::with_capacity(pending.len());
    for pending in pending {
        // Also within the group, a request is carried out once.
        if let Some(answer) = group.first_time(&pending.write) {
            outcomes.push(answer);
            continue;
        }
        let (drafts, change) = match decide::<O>(pending, &book, group.told()) {
            Ok(decided) => decided,
            Err(failure) => {
                outcomes.push(Err(failure));
                continue;
            }
        };
        let keep = !drafts.is_empty() && !pending.write.validate_only;
        let outcome = group.record(&pending.write, drafts);
        if keep && outcome.is_ok() {
            O::enter(&mut book, change);
            is_changed = true;
        }
        outcomes.push(outcome);
    }
    if is_changed {
        O::save(book, batch).await?;
    }
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
    match &pending.work {
        Work::Order(placed) => placed.order.downcast_ref().expect("it is of the kind it tells"),
        Work::Step(_) => unreachable!("only orders are carried out together"),
    }
}
