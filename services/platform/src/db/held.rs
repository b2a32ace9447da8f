//! A connection that somebody holds.

use sea_orm::{ConnectionTrait as _, DbBackend, DbErr, ExecResult, QueryResult, Statement};
use tokio::sync::OwnedSemaphorePermit;

use super::{connection::Connection, connections::Connections};

/// A connection that nobody else uses until it is dropped. Others use it again when its
/// last statement has succeeded; otherwise its pool asks it first.
pub(crate) struct Held {
    connection: Option<Connection>,
    home: Connections,
    is_at_rest: bool,
    /// Given up after the connection is back.
    _permit: OwnedSemaphorePermit,
}

impl Held {
    pub(super) fn new(
        connection: Connection,
        home: Connections,
        permit: OwnedSemaphorePermit,
    ) -> Self {
        Self { connection: Some(connection), home, is_at_rest: true, _permit: permit }
    }

    pub(crate) fn backend(&self) -> DbBackend {
        self.home.get_database_backend()
    }

    /// True when its last statement has succeeded.
    pub(super) fn is_at_rest(&self) -> bool {
        self.is_at_rest
    }

    pub(crate) async fn execute(&mut self, statement: Statement) -> Result<ExecResult, DbErr> {
        let done = self.begin_statement().execute(statement).await;
        self.is_at_rest = done.is_ok();
        done
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
        let done = self.execute(statement).await;
        if done.is_err() && self.execute_unprepared("ROLLBACK").await.is_err() {
            // Nobody knows what is open on it.
            self.connection.take().into_iter().for_each(Connection::close);
        }
        done
    }

    pub(crate) async fn execute_unprepared(&mut self, sql: &str) -> Result<ExecResult, DbErr> {
        let done = self.begin_statement().execute_unprepared(sql).await;
        self.is_at_rest = done.is_ok();
        done
    }

    pub(crate) async fn query_one(
        &mut self,
        statement: Statement,
    ) -> Result<Option<QueryResult>, DbErr> {
        let found = self.begin_statement().query_one(statement).await;
        self.is_at_rest = found.is_ok();
        found
    }

    pub(crate) async fn query_all(
        &mut self,
        statement: Statement,
    ) -> Result<Vec<QueryResult>, DbErr> {
        let found = self.begin_statement().query_all(statement).await;
        self.is_at_rest = found.is_ok();
        found
    }

    /// Closes the connection, whatever is open on it.
    pub(super) fn close(mut self) {
        if let Some(connection) = self.connection.take() {
            connection.close();
        }
    }

    /// Until its statement has succeeded, a connection is not at rest: its caller may go
    /// away in the middle.
    fn begin_statement(&mut self) -> &mut Connection {
        self.is_at_rest = false;
        self.connection.as_mut().expect("it is there until it is dropped")
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        match self.connection.take() {
            Some(connection) if self.is_at_rest => self.home.put(connection),
            Some(connection) => connection.give_back(),
            None => {}
        }
    }
}
