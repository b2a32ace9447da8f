//! The transaction that steps and orders are carried out in. It notes whether it was
//! written in, so that only what has to be taken back costs a savepoint.

use std::sync::atomic::{AtomicBool, Ordering};

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult,
    QueryResult, Statement, TransactionTrait as _,
};

/// An open transaction of the journal's writer; or, for orders, what takes the place of
/// one: it reads without a lock, and takes one statement that writes when it was told
/// that this is the one, which makes sure that what was read still holds.
pub struct Transaction {
    inner: Inner,
    is_written: AtomicBool,
    may_write: AtomicBool,
}

enum Inner {
    Open(DatabaseTransaction),
    Guarded(DatabaseConnection),
}

impl Transaction {
    pub(super) fn new(open: DatabaseTransaction) -> Self {
        Self::of(Inner::Open(open), true)
    }

    /// Takes nothing that writes before [`Transaction::write_once`].
    pub(super) fn guarded(connection: DatabaseConnection) -> Self {
        Self::of(Inner::Guarded(connection), false)
    }

    fn of(inner: Inner, may_write: bool) -> Self {
        Self { inner, is_written: AtomicBool::new(false), may_write: AtomicBool::new(may_write) }
    }

    /// Lets the next statement write that is sent to a guarded one.
    pub(super) fn write_once(&self) {
        self.may_write.store(true, Ordering::Relaxed);
    }

    /// A savepoint within it.
    pub(super) async fn savepoint(&self) -> Result<Self, DbErr> {
        match &self.inner {
            Inner::Open(open) => Ok(Self::new(open.begin().await?)),
            Inner::Guarded(_) => Err(not_here()),
        }
    }

    pub(super) async fn commit(self) -> Result<(), DbErr> {
        match self.inner {
            Inner::Open(open) => open.commit().await,
            Inner::Guarded(_) => Err(not_here()),
        }
    }

    pub(super) async fn rollback(self) -> Result<(), DbErr> {
        match self.inner {
            Inner::Open(open) => open.rollback().await,
            Inner::Guarded(_) => Err(not_here()),
        }
    }

    /// Whether it was written in since this was last asked.
    pub(super) fn take_is_written(&self) -> bool {
        self.is_written.swap(false, Ordering::Relaxed)
    }

    /// What is no plain question may write.
    fn asks(&self, statement: &Statement) -> Result<(), DbErr> {
        if statement.sql.trim_start().starts_with("SELECT") { Ok(()) } else { self.writes() }
    }

    fn writes(&self) -> Result<(), DbErr> {
        self.is_written.store(true, Ordering::Relaxed);
        let may_write = match self.inner {
            Inner::Open(_) => true,
            Inner::Guarded(_) => self.may_write.swap(false, Ordering::Relaxed),
        };
        if may_write { Ok(()) } else { Err(not_here()) }
    }
}

fn not_here() -> DbErr {
    DbErr::Custom("this takes a transaction".to_owned())
}

#[async_trait::async_trait]
impl ConnectionTrait for Transaction {
    fn get_database_backend(&self) -> DbBackend {
        match &self.inner {
            Inner::Open(open) => open.get_database_backend(),
            Inner::Guarded(connection) => connection.get_database_backend(),
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.writes()?;
        match &self.inner {
            Inner::Open(open) => open.execute_raw(statement).await,
            Inner::Guarded(connection) => connection.execute_raw(statement).await,
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.writes()?;
        match &self.inner {
            Inner::Open(open) => open.execute_unprepared(sql).await,
            Inner::Guarded(connection) => connection.execute_unprepared(sql).await,
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.asks(&statement)?;
        match &self.inner {
            Inner::Open(open) => open.query_one_raw(statement).await,
            Inner::Guarded(connection) => connection.query_one_raw(statement).await,
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.asks(&statement)?;
        match &self.inner {
            Inner::Open(open) => open.query_all_raw(statement).await,
            Inner::Guarded(connection) => connection.query_all_raw(statement).await,
        }
    }
}
