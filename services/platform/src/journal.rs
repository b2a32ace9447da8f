//! The append-only journal of a service: audit, idempotency, events and both
//! clocks in one table, and the only way to write what the service keeps records
//! of. (What is no record goes beside it: the gateway's sessions, for example.)
//!
//! A write is a *step*: it loads, decides and saves within the journal's
//! transaction, and answers the drafts of what is to be recorded. All steps
//! waiting for one federation are committed together by one writer, under the
//! lock of that federation's journal head, so a step may trust what it read.
//! What many ask for at once is an *order* instead: those that wait are also
//! loaded and saved together, without the lock as long as nobody else moves the
//! head in between.
//!
//! Architecture invariant: neither has an effect outside the transaction, for it
//! may be run more than once.

mod ahead;
mod arrivals;
mod chain;
mod follow;
mod group;
pub mod migration;
mod order;
mod position;
#[cfg(feature = "testing")]
pub(crate) mod rewritten;
mod stock;
mod store;
mod transaction;
mod verify;
mod writer;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use proto::WriteRequest;
use sha2::{Digest as _, Sha256};
use tokio::sync::{mpsc, oneshot};
use values::{Fault, Slug, name::AccountName};

use crate::{
    Clock, Database, Failure, Principal,
    streams::{Seat, Streams},
};

pub use follow::{Pace, Shown, Told};
pub use order::{Order, ReadAt};
pub use store::{Head, head, head_at, latest_payloads};
pub use transaction::Transaction;
pub use verify::{Claim, contradicted, verify};

/// Steps that wait for one federation's writer before a caller has to wait for
/// a place.
const WAITING: usize = 1024;

/// Who asks for a write, and how a repetition of it is recognised.
#[derive(Debug, Clone)]
pub struct Write {
    /// The federation it belongs to.
    pub federation: Slug,
    /// The account that acts.
    pub actor: String,
    /// The system it acts through.
    pub client: String,
    /// The RPC: `/samordna.finance.v1.GrantService/CreateGrant`.
    pub rpc: &'static str,
    /// The caller's name for the request.
    pub request_id: String,
    /// Hash of what was asked for.
    pub request_hash: [u8; 32],
    /// Run it, answer, and keep nothing.
    pub validate_only: bool,
}

impl Write {
    /// The write that a message asks for on behalf of a principal.
    ///
    /// # Errors
    /// `REQUEST_ID_MALFORMED` unless the id is 1 to 128 printable ASCII
    /// characters.
    pub fn of(
        principal: &Principal,
        rpc: &'static str,
        message: &impl WriteRequest,
    ) -> Result<Self, Failure> {
        let request_id = message.request_id();
        let printable = request_id.bytes().all(|byte| byte.is_ascii_graphic());
        if !printable || !(1..=128).contains(&request_id.len()) {
            return Err(Fault::new("request_id", "REQUEST_ID_MALFORMED").into());
        }
        let mut hash = Sha256::new();
        hash.update(rpc.as_bytes());
        hash.update([0]);
        hash.update(message.without_envelope().encode_to_vec());
        Ok(Self {
            federation: principal.federation.clone(),
            actor: principal.account.to_string(),
            client: principal.client.clone(),
            rpc,
            request_id: request_id.to_owned(),
            request_hash: hash.finalize().into(),
            validate_only: message.validate_only(),
        })
    }
}

/// What a step wants recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What happened: `grant.created`.
    pub kind: &'static str,
    /// What it happened to, as a resource name.
    pub subject: String,
    /// The resource as it became, as an encoded message of the contract.
    pub payload: Vec<u8>,
}

/// A recorded row of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its place in the federation's journal, from 1 without gaps.
    pub sequence: i64,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// The account that acted.
    pub actor: String,
    /// What happened.
    pub kind: String,
    /// What it happened to.
    pub subject: String,
    /// The resource as it became.
    pub payload: Vec<u8>,
}

/// What a step is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The time it will be recorded with.
    pub now: DateTime<Utc>,
    /// The sequence its first draft will get; the others follow on.
    pub sequence: i64,
}

type BoxedStep = Box<
    dyn for<'a> Fn(&'a Transaction, Step) -> BoxFuture<'a, Result<Vec<Draft>, Failure>>
        + Send
        + Sync,
>;

/// What a call is answered.
type Outcome = Result<Vec<Entry>, Failure>;

/// What is to be carried out.
enum Work {
    Step(BoxedStep),
    Order(order::Placed),
}

struct Pending {
    write: Write,
    work: Work,
    span: tracing::Span,
    answer: oneshot::Sender<Outcome>,
}

impl Pending {
    /// The order that it is, unless it is a step.
    fn placed(&self) -> Option<&order::Placed> {
        match &self.work {
            Work::Order(placed) => Some(placed),
            Work::Step(_) => None,
        }
    }
}

/// A service's journal; cheap to clone.
#[derive(Clone)]
pub struct Journal(Arc<Inner>);

struct Inner {
    database: Database,
    clock: Clock,
    writers: Mutex<HashMap<Slug, mpsc::Sender<Pending>>>,
    arrivals: arrivals::Arrivals,
    streams: Streams,
    stock: Arc<stock::Stock>,
}

impl Journal {
    /// The journal in a database. Its writers start with the first write of
    /// each federation and stop with the last clone of the journal.
    #[must_use]
    pub fn new(database: Database, clock: Clock) -> Self {
        let (writers, arrivals, streams, stock) = Default::default();
        Self(Arc::new(Inner { database, clock, writers, arrivals, streams, stock }))
    }

    /// A seat for one more stream of an account, whatever comes over it.
    ///
    /// # Errors
    /// `TooManyStreams` when it has as many as it may have.
    pub fn seat(&self, account: &AccountName) -> Result<Seat, Failure> {
        self.0.streams.take(account)
    }

    /// Runs a step in the federation's next transaction and answers what was
    /// recorded, after it is durable. A repetition of a recorded request
    /// answers what was recorded the first time and does not run the step; so
    /// render the answer from the entries. A step without drafts changes
    /// nothing. A caller that goes away does not stop its step.
    ///
    /// # Errors
    /// The step's own failure; `REQUEST_ID_REUSED` when the request id stands
    /// for another request; `Unavailable` when the database keeps failing.
    pub async fn write<F>(&self, write: Write, step: F) -> Result<Vec<Entry>, Failure>
    where
        F: for<'a> Fn(&'a Transaction, Step) -> BoxFuture<'a, Result<Vec<Draft>, Failure>>
            + Send
            + Sync
            + 'static,
    {
        self.wait_for(write, Work::Step(Box::new(step))).await
    }

    /// The same for an order: all that wait of its kind are loaded, decided and
    /// saved together.
    ///
    /// # Errors
    /// What forbids the order, and as for [`Journal::write`].
    pub async fn order<O: Order>(&self, write: Write, order: O) -> Result<Vec<Entry>, Failure> {
        self.wait_for(write, Work::Order(order::Placed::new(order))).await
    }

    async fn wait_for(&self, write: Write, work: Work) -> Outcome {
        let (answer, answered) = oneshot::channel();
        let writer = self.writer(&write.federation);
        let pending = Pending { write, work, span: tracing::Span::current(), answer };
        let stopped = || Failure::Unavailable { service: "journal" };
        writer.send(pending).await.map_err(|_| stopped())?;
        answered.await.map_err(|_| stopped())?
    }

    /// The database the journal is in.
    #[must_use]
    pub fn database(&self) -> &Database {
        &self.0.database
    }

    /// The clock that the journal records by.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    fn writer(&self, federation: &Slug) -> mpsc::Sender<Pending> {
        let mut writers = self.0.writers.lock().unwrap_or_else(PoisonError::into_inner);
        // A writer ends only by a fault of ours; the next write starts another.
        if let Some(writer) = writers.get(federation).filter(|writer| !writer.is_closed()) {
            return writer.clone();
        }
        let (sender, receiver) = mpsc::channel(WAITING);
        let place = writer::Place {
            database: self.0.database.clone(),
            clock: self.0.clock.clone(),
            federation: federation.clone(),
            bell: self.0.arrivals.bell(federation),
            stock: self.0.stock.clone(),
        };
        tokio::spawn(writer::run(place, receiver));
        writers.insert(federation.clone(), sender.clone());
        sender
    }
}
