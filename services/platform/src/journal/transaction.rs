//! The transaction that steps and orders are carried out in. It notes whether it was
//! written in, so that only what has to be taken back costs a savepoint.

use std::sync::atomic::{AtomicBool, Ordering};

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, Statement,
    TransactionTrait as _,
};

/// An open transaction of the journal's writer.
pub struct Transaction {
    inner: DatabaseTransaction,
    is_written: AtomicBool,
}

impl Transaction {
    pub(super) fn new(inner: DatabaseTransaction) -> Self {
        Self { inner, is_written: AtomicBool::new(false) }
    }

    /// A savepoint within it.
    pub(super) async fn savepoint(&self) -> Result<Self, DbErr> {
        Ok(Self::new(self.inner.begin().await?))
    }

    pub(super) async fn commit(self) -> Result<(), DbErr> {
        self.inner.commit().await
    }

    pub(super) async fn rollback(self) -> Result<(), DbErr> {
        self.inner.rollback().await
    }

    /// Whether it was written in since this was last asked.
    pub(super) fn take_is_written(&self) -> bool {
        self.is_written.swap(false, Ordering::Relaxed)
    }

    fn note(&self, statement: &Statement) {
        // What is no plain question may write.
        if !statement.sql.trim_start().starts_with("SELECT") {
            self.is_written.store(true, Ordering::Relaxed);
        }
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Transaction {
    fn get_database_backend(&self) -> DbBackend {
        self.inner.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.is_written.store(true, Ordering::Relaxed);
        self.inner.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.is_written.store(true, Ordering::Relaxed);
        self.inner.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.note(&statement);
        self.inner.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.note(&statement);
        self.inner.query_all_raw(statement).await
    }
}
