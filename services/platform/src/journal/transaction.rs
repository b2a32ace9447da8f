//! The transaction that steps and orders are carried out in. It notes whether it was
//! written in, so that only what has to be taken back costs a savepoint.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, Statement};
use tokio::sync::Mutex;

use crate::db::{Held, OpenTransaction};

/// An open transaction of the journal's writer; or, for orders, what takes the place of
/// one: it reads without a lock, and takes one statement that writes when it was told
/// that this is the one, which makes sure that what was read still holds.
pub struct Transaction {
    inner: Inner,
    is_written: AtomicBool,
    may_write: AtomicBool,
}

enum Inner {
    Open(Arc<OpenTransaction>),
    Guarded(DbBackend, Mutex<Held>),
}

impl Transaction {
    pub(super) fn new(open: OpenTransaction) -> Self {
        Self::of(Inner::Open(Arc::new(open)), true)
    }

    /// Takes nothing that writes before [`Transaction::write_once`].
    pub(super) fn guarded(held: Held) -> Self {
        Self::of(Inner::Guarded(held.backend(), Mutex::new(held)), false)
    }

    fn of(inner: Inner, may_write: bool) -> Self {
        Self { inner, is_written: AtomicBool::new(false), may_write: AtomicBool::new(may_write) }
    }

    /// Lets the next statement write that is sent to a guarded one.
    pub(super) fn write_once(&self) {
        self.may_write.store(true, Ordering::Relaxed);
    }

    /// The same transaction from a savepoint on, which is set here.
    pub(super) async fn savepoint(&self) -> Result<Self, DbErr> {
        let open = self.open()?;
        open.savepoint().await?;
        Ok(Self::of(Inner::Open(Arc::clone(open)), true))
    }

    /// Takes back what was done since the savepoint that this one is from.
    pub(super) async fn back_to_savepoint(self) -> Result<(), DbErr> {
        self.open()?.back_to_savepoint().await
    }

    pub(super) async fn commit(self) -> Result<(), DbErr> {
        self.whole()?.commit().await
    }

    pub(super) async fn rollback(self) -> Result<(), DbErr> {
        self.whole()?.rollback().await
    }

    fn open(&self) -> Result<&Arc<OpenTransaction>, DbErr> {
        match &self.inner {
            Inner::Open(open) => Ok(open),
            Inner::Guarded(..) => Err(not_here()),
        }
    }

    /// The transaction, when nothing is left of a savepoint.
    fn whole(self) -> Result<OpenTransaction, DbErr> {
        match self.inner {
            Inner::Open(open) => Arc::try_unwrap(open).map_err(|_| not_here()),
            Inner::Guarded(..) => Err(not_here()),
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
            Inner::Guarded(..) => self.may_write.swap(false, Ordering::Relaxed),
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
            Inner::Guarded(backend, _) => *backend,
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.writes()?;
        match &self.inner {
            Inner::Open(open) => open.execute_raw(statement).await,
            Inner::Guarded(_, held) => held.lock().await.execute_whole(statement).await,
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.writes()?;
        match &self.inner {
            Inner::Open(open) => open.execute_unprepared(sql).await,
            Inner::Guarded(_, held) => held.lock().await.execute_unprepared(sql).await,
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.asks(&statement)?;
        match &self.inner {
            Inner::Open(open) => open.query_one_raw(statement).await,
            Inner::Guarded(_, held) => held.lock().await.query_one(statement).await,
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.asks(&statement)?;
        match &self.inner {
            Inner::Open(open) => open.query_all_raw(statement).await,
            Inner::Guarded(_, held) => held.lock().await.query_all(statement).await,
        }
    }
}
