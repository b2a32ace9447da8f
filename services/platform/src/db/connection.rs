//! One connection to a database, of either kind, and the statements that it runs.

use std::{sync::Arc, time::Duration};

use sea_orm::{
    ConnAcquireErr, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr,
    SqlxError, Statement,
    sqlx::{
        self, AssertSqlSafe, Executor as _, Postgres, Sqlite, pool::PoolConnection, query_with,
        raw_sql,
    },
};
use sea_query_sqlx::SqlxValues;
use tokio::{runtime::Handle, time::timeout};

/// A connection out of a pool, to which it returns when it is dropped.
pub(super) enum Connection {
    Postgres(PoolConnection<Postgres>),
    Sqlite(PoolConnection<Sqlite>),
}

/// The same lines for either kind of connection.
macro_rules! on {
    ($connection:expr, $inner:ident => $run:expr) => {
        match $connection {
            Connection::Postgres($inner) => $run,
            Connection::Sqlite($inner) => $run,
        }
    };
}

impl Connection {
    /// Takes one out of a pool.
    pub(super) async fn of(pool: &DatabaseConnection) -> Result<Self, DbErr> {
        let connection = match pool.get_database_backend() {
            DbBackend::Postgres => {
                pool.get_postgres_connection_pool().acquire().await.map(Self::Postgres)
            }
            _ => pool.get_sqlite_connection_pool().acquire().await.map(Self::Sqlite),
        };
        connection.map_err(|error| match error {
            SqlxError::PoolTimedOut => DbErr::ConnectionAcquire(ConnAcquireErr::Timeout),
            SqlxError::PoolClosed => DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed),
            error => DbErr::Conn(runtime(error)),
        })
    }

    pub(super) async fn execute(&mut self, statement: Statement) -> Result<ExecResult, DbErr> {
        let (sql, values) = parts(statement);
        let done = on!(self, inner => {
            let done = query_with(sql, values).execute(&mut **inner).await;
            done.map(ExecResult::from)
        });
        done.map_err(|error| DbErr::Exec(runtime(error)))
    }

    pub(super) async fn execute_unprepared(&mut self, sql: &str) -> Result<ExecResult, DbErr> {
        let sql = raw_sql(AssertSqlSafe(sql));
        let done = on!(self, inner => (&mut **inner).execute(sql).await.map(ExecResult::from));
        done.map_err(|error| DbErr::Exec(runtime(error)))
    }

    pub(super) async fn query_one(
        &mut self,
        statement: Statement,
    ) -> Result<Option<QueryResult>, DbErr> {
        let (sql, values) = parts(statement);
        let found = on!(self, inner => {
            let found = query_with(sql, values).fetch_optional(&mut **inner).await;
            found.map(|row| row.map(QueryResult::from))
        });
        found.map_err(|error| DbErr::Query(runtime(error)))
    }

    pub(super) async fn query_all(
        &mut self,
        statement: Statement,
    ) -> Result<Vec<QueryResult>, DbErr> {
        let (sql, values) = parts(statement);
        let found = on!(self, inner => {
            let found = query_with(sql, values).fetch_all(&mut **inner).await;
            found.map(|rows| rows.into_iter().map(QueryResult::from).collect())
        });
        found.map_err(|error| DbErr::Query(runtime(error)))
    }

    /// Closes it instead of giving it back to its pool.
    pub(super) fn close(mut self) {
        if Handle::try_current().is_err() {
            return self.leak();
        }
        on!(&mut self, inner => inner.close_on_drop());
    }

    /// Gives it back to its pool, which asks it first; one that does not answer in time is
    /// closed, for it takes another's place in the pool until it has.
    pub(super) fn give_back(self, within: Duration) {
        match (Handle::try_current(), self) {
            (Err(_), connection) => connection.leak(),
            (Ok(runtime), Self::Postgres(mut inner)) => {
                runtime.spawn(timeout(within, async move { inner.return_to_pool().await }));
            }
            (Ok(_), Self::Sqlite(inner)) => drop(inner),
        }
    }

    /// Where nothing asynchronous runs any more, it is only dropped: its pool would want a
    /// task.
    fn leak(self) {
        on!(self, inner => drop(inner.leak()));
    }
}

fn parts(statement: Statement) -> (AssertSqlSafe<String>, SqlxValues) {
    let Statement { sql, values, db_backend: _ } = statement;
    (AssertSqlSafe(sql), SqlxValues(values.unwrap_or_else(|| sea_orm::Values(Vec::new()))))
}

fn runtime(error: sqlx::Error) -> RuntimeErr {
    RuntimeErr::SqlxError(Arc::new(error))
}
