//! The same additions as orders.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use platform::{
    Draft, Entry, Failure, Journal, Order, Step, Write,
    journal::{ReadAt, Transaction},
    sql::{Batch, HEAD, Parts, is_among, texts},
};
use sea_orm::{ConnectionTrait as _, DbErr};
use serde::Deserialize;

use super::{Add, Mishap, federation};

/// An addition that is carried out together with others.
#[derive(Clone)]
pub(crate) struct Ordered {
    pub(crate) add: Add,
    /// How often orders of this group of tests were loaded.
    loads: Arc<AtomicUsize>,
}

/// The counters as the orders of a group leave them.
pub(crate) struct Counters {
    values: BTreeMap<String, i64>,
    changed: BTreeMap<String, i64>,
    mishaps: Vec<(Add, i64)>,
}

#[derive(Deserialize)]
struct Counter {
    id: String,
    value: i64,
}

#[derive(Clone)]
pub(crate) struct Added {
    add: Add,
    new: i64,
    sequence: i64,
}

impl Ordered {
    pub(crate) fn new(add: Add, loads: &Arc<AtomicUsize>) -> Self {
        Self { add, loads: Arc::clone(loads) }
    }

    pub(crate) async fn run(&self, journal: &Journal, write: Write) -> Result<Vec<Entry>, Failure> {
        journal.order(write, self.clone()).await
    }
}

impl Order for Ordered {
    type Book = Counters;
    type Change = Added;

    async fn load(transaction: &Transaction, orders: &[&Self]) -> Result<ReadAt<Counters>, DbErr> {
        orders[0].loads.fetch_add(1, Ordering::SeqCst);
        let backend = transaction.get_database_backend();
        let names = texts(backend, orders.iter().map(|order| order.add.counter.as_str()));
        let mut parts = Parts::new(backend);
        let among = is_among(backend, "c.id", "$2");
        let from = format!("FROM counter c WHERE c.federation_id = $1 AND {among}");
        parts.rows("counter", &["c.id", "c.value"], &from);
        parts.head("$1");
        let mut values = BTreeMap::new();
        let mut sequence = 0;
        for row in parts.find(transaction, vec![federation().as_str().into(), names]).await? {
            if row.part == HEAD {
                sequence = row.sequence()?;
            } else {
                let Counter { id, value } = row.read()?;
                values.insert(id, value);
            }
        }
        let read = Counters { values, changed: BTreeMap::new(), mishaps: Vec::new() };
        Ok(ReadAt { read, sequence })
    }

    fn decide(&self, book: &Counters, step: Step) -> Result<(Vec<Draft>, Added), Failure> {
        let value = book.values.get(&self.add.counter).copied().unwrap_or_default();
        let (new, drafts) = self.add.decide(value)?;
        assert!(self.add.mishap != Mishap::Panic, "an order of a test panics on purpose");
        Ok((drafts, Added { add: self.add.clone(), new, sequence: step.sequence }))
    }

    fn enter(book: &mut Counters, change: Added) {
        let Added { add, new, sequence } = change;
        book.values.insert(add.counter.clone(), new);
        book.changed.insert(add.counter.clone(), new);
        book.mishaps.push((add, sequence));
    }

    fn learn(book: &mut Counters, change: Added) {
        book.values.insert(change.add.counter, change.new);
    }

    async fn save(book: Counters, batch: &mut Batch<'_, Transaction>) -> Result<(), DbErr> {
        let row = |(id, value): (&String, &i64)| {
            vec![federation().as_str().into(), id.as_str().into(), (*value).into()]
        };
        let changed = batch.table("changed", book.changed.iter().map(row).collect());
        batch.push(format!(
            "INSERT INTO counter (federation_id, id, value) SELECT * FROM {changed} WHERE true \
             ON CONFLICT (federation_id, id) DO UPDATE SET value = excluded.value"
        ));
        if book.mishaps.iter().all(|(add, _)| add.mishap == Mishap::None) {
            return Ok(());
        }
        // The mishap comes after the save: it must leave nothing of it.
        batch.send().await?;
        for (add, sequence) in book.mishaps {
            add.mishap(batch.connection(), sequence).await?;
        }
        Ok(())
    }
}
