//! The log of who has read what about people: a row is durable before the answer that
//! it is about leaves.
//!
//! One writer enters everything that waits in one transaction, so that reads at the
//! same time share a commit.

mod chain;
mod writer;

use std::sync::{Arc, Mutex, PoisonError};

use platform::{Clock, Database, Failure};
use tokio::sync::{mpsc, oneshot};
use values::{
    Slug,
    name::{AccountName, PartyName},
};

pub(crate) use chain::{BEGINNING, hash};

/// Answers that wait for the writer before another has to wait for a place.
const WAITING: usize = 1024;

/// What of one party's people an answer holds.
#[derive(Debug, Clone)]
pub(crate) struct Reading {
    /// The party that owns the records.
    pub(crate) party: PartyName,
    /// Who reads.
    pub(crate) actor: AccountName,
    /// The RPC that answers.
    pub(crate) rpc: &'static str,
    /// Whose records.
    pub(crate) people: Vec<Slug>,
}

struct Pending {
    readings: Vec<Reading>,
    entered: oneshot::Sender<bool>,
}

/// The log; cheap to clone.
#[derive(Clone)]
pub(crate) struct ReadLog(Arc<Inner>);

struct Inner {
    database: Database,
    clock: Clock,
    writer: Mutex<Option<mpsc::Sender<Pending>>>,
}

impl ReadLog {
    /// The log in a database. Its writer starts with the first reading.
    pub(crate) fn new(database: Database, clock: Clock) -> Self {
        Self(Arc::new(Inner { database, clock, writer: Mutex::default() }))
    }

    /// Enters what an answer holds. The answer leaves after that, or not at all.
    ///
    /// # Errors
    /// `Unavailable` when it cannot be entered.
    pub(crate) async fn enter(&self, readings: Vec<Reading>) -> Result<(), Failure> {
        if readings.is_empty() {
            return Ok(());
        }
        let (entered, is_entered) = oneshot::channel();
        let unavailable = || Failure::Unavailable { service: "read log" };
        let pending = Pending { readings, entered };
        self.writer().send(pending).await.map_err(|_| unavailable())?;
        if is_entered.await.unwrap_or(false) { Ok(()) } else { Err(unavailable()) }
    }

    fn writer(&self) -> mpsc::Sender<Pending> {
        let mut writer = self.0.writer.lock().unwrap_or_else(PoisonError::into_inner);
        // The writer ends only by a fault of ours; the next reading starts another.
        if let Some(writer) = writer.as_ref().filter(|writer| !writer.is_closed()) {
            return writer.clone();
        }
        let (sender, receiver) = mpsc::channel(WAITING);
        tokio::spawn(writer::run(self.0.database.clone(), self.0.clock.clone(), receiver));
        *writer = Some(sender.clone());
        sender
    }
}
