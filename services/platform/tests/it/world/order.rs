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
    journal::Transaction,
    sql::{Batch, is_among, texts},
};
use sea_orm::{ConnectionTrait as _, DbErr, Statement};

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

    async fn load(transaction: &Transaction, orders: &[&Self]) -> Result<Counters, DbErr> {
        orders[0].loads.fetch_add(1, Ordering::SeqCst);
        let backend = transaction.get_database_backend();
        let among = is_among(backend, "id", "$2");
        let sql = format!("SELECT id, value FROM counter WHERE federation_id = $1 AND {among}");
        let names = texts(backend, orders.iter().map(|order| order.add.counter.as_str()));
        let values = [federation().as_str().into(), names];
        let statement = Statement::from_sql_and_values(backend, sql, values);
        let mut values = BTreeMap::new();
        for row in transaction.query_all_raw(statement).await? {
            values.insert(row.try_get("", "id")?, row.try_get("", "value")?);
        }
        Ok(Counters { values, changed: BTreeMap::new(), mishaps: Vec::new() })
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
