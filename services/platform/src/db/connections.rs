//! Connections that are used again at once.
//!
//! The driver's pool asks a connection whether it is alive each time it is given back: a
//! trip to the server, or to the thread of an embedded file, for every statement, and it
//! takes the one next that has rested longest. Here, those in use a moment ago lie on a
//! pile, and the last one given back is the first to be taken: the server's process
//! behind it still has everything at hand.
//!
//! A server that is gone without a word, with its network or its machine, is found out by
//! its silence: the driver would wait for it as long as TCP does, which is a quarter of an
//! hour.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use sea_orm::{
    ConnAcquireErr, ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult,
    Statement,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{
    AWAKE, KEPT, PATIENCE, TRUSTED, connection::Connection, held::Held,
    open_transaction::OpenTransaction,
};

/// Connections to a database; cheap to clone.
#[derive(Debug, Clone)]
pub struct Connections(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    pool: DatabaseConnection,
    /// One for each connection that the pool may open. Whoever has one finds a connection
    /// on the pile, or in the pool when the pile is empty.
    permits: Arc<Semaphore>,
    pile: Pile,
    /// How long a statement may go without an answer; none for an embedded file.
    longest_silence: Option<Duration>,
}

/// The one used last is last.
#[derive(Default)]
struct Pile(Mutex<Vec<Idle>>);

struct Idle {
    connection: Connection,
    /// When it was taken out of the pool.
    taken: Instant,
    since: Instant,
}

impl Connections {
    /// Of a pool that opens so many connections at most.
    #[must_use]
    pub fn of(pool: DatabaseConnection, most: u32, longest_silence: Option<Duration>) -> Self {
        let permits = Arc::new(Semaphore::new(usize::try_from(most).unwrap_or(usize::MAX)));
        Self(Arc::new(Inner { pool, permits, pile: Pile::default(), longest_silence }))
    }

    pub(super) fn longest_silence(&self) -> Option<Duration> {
        self.0.longest_silence
    }

    /// A transaction that writes: on SQLite it begins with the lock of the whole file.
    ///
    /// # Errors
    /// When no connection can be had in time, or the database fails.
    pub async fn begin(&self) -> Result<OpenTransaction, DbErr> {
        let begin = match self.get_database_backend() {
            DbBackend::Postgres => "BEGIN",
            _ => "BEGIN IMMEDIATE",
        };
        OpenTransaction::begin(self.hold().await?, begin).await
    }

    /// A transaction that only reads, and sees one unmoving picture of the database.
    ///
    /// # Errors
    /// When no connection can be had in time, or the database fails.
    pub(super) async fn picture(&self) -> Result<OpenTransaction, DbErr> {
        let begin = match self.get_database_backend() {
            DbBackend::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            _ => "BEGIN",
        };
        OpenTransaction::begin(self.hold().await?, begin).await
    }

    /// A connection for several statements.
    pub(crate) async fn hold(&self) -> Result<Held, DbErr> {
        // One patience for both: whoever had to wait for its turn waits less for a server.
        let held = tokio::time::timeout(PATIENCE, async {
            let permit = self.permit().await?;
            let (connection, taken) = self.take().await?;
            Ok(Held::new(connection, (self.clone(), taken), permit))
        });
        held.await.unwrap_or(Err(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout)))
    }

    /// The driver's pool, for what knows only that, while nobody uses the connections
    /// otherwise.
    #[must_use]
    pub fn pool(&self) -> &DatabaseConnection {
        self.0.pile.clear();
        &self.0.pool
    }

    /// Closes all of them.
    ///
    /// # Errors
    /// When the driver cannot.
    pub async fn close(&self) -> Result<(), DbErr> {
        self.0.permits.close();
        self.pool().close_by_ref().await
    }

    /// Puts a connection on the pile. One that was taken out of the pool long ago goes back
    /// there, to be closed when it is old, and so does the last to come in when all are to be
    /// closed: the pool waits for it.
    pub(super) fn put(&self, connection: Connection, taken: Instant) {
        let mut pile = self.0.pile.lock();
        if taken.elapsed() > KEPT || self.0.permits.is_closed() {
            drop(pile);
            connection.give_back(AWAKE);
        } else {
            pile.push(Idle { connection, taken, since: Instant::now() });
        }
    }

    async fn permit(&self) -> Result<OwnedSemaphorePermit, DbErr> {
        let closed = |_| DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed);
        self.0.permits.clone().acquire_owned().await.map_err(closed)
    }

    async fn take(&self) -> Result<(Connection, Instant), DbErr> {
        match self.0.pile.take() {
            Some(Idle { connection, taken, since: _ }) => Ok((connection, taken)),
            None => Ok((Connection::of(&self.0.pool).await?, Instant::now())),
        }
    }
}

impl Pile {
    fn lock(&self) -> MutexGuard<'_, Vec<Idle>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The one used last; none when that is too long ago to trust in it. All go back to
    /// the pool then, which asks them.
    fn take(&self) -> Option<Idle> {
        let last = self.lock().pop()?;
        if last.since.elapsed() < TRUSTED {
            return Some(last);
        }
        last.connection.give_back(AWAKE);
        self.clear();
        None
    }

    /// Gives all of them back to the pool.
    fn clear(&self) {
        for idle in std::mem::take(&mut *self.lock()) {
            idle.connection.give_back(AWAKE);
        }
    }
}

impl std::fmt::Debug for Pile {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("Pile").field(&self.lock().len()).finish()
    }
}

impl Drop for Pile {
    fn drop(&mut self) {
        self.clear();
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Connections {
    fn get_database_backend(&self) -> DbBackend {
        self.0.pool.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.hold().await?.execute(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.hold().await?.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.hold().await?.query_one(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.hold().await?.query_all(statement).await
    }
}
