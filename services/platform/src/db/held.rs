//! A connection that somebody holds.

use std::{
    future::Future,
    io::{Error, ErrorKind},
    sync::Arc,
    time::{Duration, Instant},
};

use sea_orm::{
    ConnectionTrait as _, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, SqlxError,
    Statement,
};
use tokio::{sync::OwnedSemaphorePermit, time::timeout};

use super::{connection::Connection, connections::Connections};

/// A connection that nobody else uses until it is dropped. Others use it again when its
/// last statement has succeeded; otherwise its pool asks it first. With an open transaction
/// it is closed, and so it is when its server has not answered for too long.
pub(crate) struct Held {
    /// None when its server is taken to be gone.
    connection: Option<Connection>,
    /// Where it goes back to, with the time when it was taken out of the pool.
    home: (Connections, Instant),
    is_at_rest: bool,
    /// A transaction is open on it, or nobody knows.
    is_open: bool,
    /// Given up after the connection is back.
    _permit: OwnedSemaphorePermit,
}

impl Held {
    pub(super) fn new(
        connection: Connection,
        home: (Connections, Instant),
        permit: OwnedSemaphorePermit,
    ) -> Self {
        Self {
            connection: Some(connection),
            home,
            is_at_rest: true,
            is_open: false,
            _permit: permit,
        }
    }

    pub(crate) fn backend(&self) -> DbBackend {
        self.home.0.get_database_backend()
    }

    /// Begins a transaction with a statement. Until it is ended, the connection is closed
    /// when it is dropped.
    pub(super) async fn begin(&mut self, begin: &str) -> Result<(), DbErr> {
        self.is_open = true;
        self.execute_unprepared(begin).await.map(drop)
    }

    /// Ends the transaction with a statement.
    pub(super) async fn end(&mut self, end: &str) -> Result<(), DbErr> {
        self.execute_unprepared(end).await?;
        self.is_open = false;
        Ok(())
    }

    /// True when its last statement has succeeded.
    pub(super) fn is_at_rest(&self) -> bool {
        self.is_at_rest
    }

    pub(crate) async fn execute(&mut self, statement: Statement) -> Result<ExecResult, DbErr> {
        let longest = self.home.0.longest_silence();
        let done = within(longest, self.begin_statement()?.execute(statement)).await;
        self.end_statement(done)
    }

    /// Runs all statements of a text, or none: PostgreSQL takes only one at once, which is
    /// a transaction by itself.
    pub(crate) async fn execute_whole(
        &mut self,
        mut statement: Statement,
    ) -> Result<ExecResult, DbErr> {
        if self.backend() == DbBackend::Postgres {
            return self.execute(statement).await;
        }
        statement.sql = format!("BEGIN IMMEDIATE; {}; COMMIT", statement.sql);
        self.is_open = true;
        let done = self.execute(statement).await;
        match &done {
            Ok(_) => self.is_open = false,
            // It stays open for us when this fails, too.
            Err(_) => drop(self.end("ROLLBACK").await),
        }
        done
    }

    pub(crate) async fn execute_unprepared(&mut self, sql: &str) -> Result<ExecResult, DbErr> {
        let longest = self.home.0.longest_silence();
        let done = within(longest, self.begin_statement()?.execute_unprepared(sql)).await;
        self.end_statement(done)
    }

    pub(crate) async fn query_one(
        &mut self,
        statement: Statement,
    ) -> Result<Option<QueryResult>, DbErr> {
        let longest = self.home.0.longest_silence();
        let found = within(longest, self.begin_statement()?.query_one(statement)).await;
        self.end_statement(found)
    }

    pub(crate) async fn query_all(
        &mut self,
        statement: Statement,
    ) -> Result<Vec<QueryResult>, DbErr> {
        let longest = self.home.0.longest_silence();
        let found = within(longest, self.begin_statement()?.query_all(statement)).await;
        self.end_statement(found)
    }

    /// Until its statement has succeeded, a connection is not at rest: its caller may go
    /// away in the middle.
    fn begin_statement(&mut self) -> Result<&mut Connection, DbErr> {
        self.is_at_rest = false;
        self.connection.as_mut().ok_or_else(gone)
    }

    /// What came of a statement; without an answer in time, its connection is closed.
    fn end_statement<T>(&mut self, ended: Option<Result<T, DbErr>>) -> Result<T, DbErr> {
        let Some(ended) = ended else {
            tracing::warn!("the database did not answer, its connection is closed");
            if let Some(connection) = self.connection.take() {
                connection.close();
            }
            return Err(gone());
        };
        self.is_at_rest = ended.is_ok();
        ended
    }
}

/// What came of a statement; none when its server has not answered in time.
async fn within<T>(
    longest: Option<Duration>,
    statement: impl Future<Output = Result<T, DbErr>>,
) -> Option<Result<T, DbErr>> {
    match longest {
        Some(longest) => timeout(longest, statement).await.ok(),
        None => Some(statement.await),
    }
}

/// The error of a connection that was cut: nobody knows what came of the statement.
fn gone() -> DbErr {
    let error = SqlxError::Io(Error::new(ErrorKind::TimedOut, "the server does not answer"));
    DbErr::Query(RuntimeErr::SqlxError(Arc::new(error)))
}

impl Drop for Held {
    fn drop(&mut self) {
        match self.connection.take() {
            Some(connection) if self.is_open => connection.close(),
            Some(connection) if self.is_at_rest => self.home.0.put(connection, self.home.1),
            // The server may still be at its statement.
            Some(connection) => {
                connection.give_back(self.home.0.longest_silence().unwrap_or_default());
            }
            None => {}
        }
    }
}
