//! Drafts and steps as orders of one kind: those that wait are read, decided and
//! kept together, on one book.

use platform::{
    Draft, Failure,
    journal::{ReadAt, Transaction},
    sql::Batch,
};
use sea_orm::DbErr;
use values::Slug;

use super::{Drafting, step::Stepping};
use crate::{
    domain::requisition::{Book, Change},
    store::{self, requisition::Wanted},
};

/// A draft or a step.
#[expect(clippy::large_enum_variant, reason = "the journal boxes an order as a whole")]
pub(super) enum Order {
    Draft(Drafting),
    Step(Stepping),
}

impl Order {
    fn federation(&self) -> &Slug {
        match self {
            Order::Draft(drafting) => &drafting.federation,
            Order::Step(stepping) => &stepping.name.federation,
        }
    }
}

impl platform::Order for Order {
    type Book = Book;
    type Change = Change;

    async fn load(transaction: &Transaction, orders: &[&Self]) -> Result<ReadAt<Book>, DbErr> {
        let mut wanted = Wanted::default();
        for order in orders {
            match order {
                Order::Draft(drafting) => wanted.content(&drafting.parts),
                Order::Step(stepping) => wanted.step(&stepping.name, stepping.request.action()),
            }
        }
        // A group is of one federation.
        store::requisition::book_at(transaction, orders[0].federation(), &wanted).await
    }

    fn decide(&self, book: &Book, step: platform::Step) -> Result<(Vec<Draft>, Change), Failure> {
        match self {
            Order::Draft(drafting) => drafting.decide(book, step),
            Order::Step(stepping) => stepping.decide(book, step),
        }
    }

    fn enter(book: &mut Book, change: Change) {
        book.enter(change);
    }

    fn learn(book: &mut Book, change: Change) {
        book.learn(change);
    }

    async fn save(book: Book, batch: &mut Batch<'_, Transaction>) -> Result<(), DbErr> {
        store::requisition::keep(batch, &book.into_kept()).await
    }
}
