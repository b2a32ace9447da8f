//! A transaction on a connection that is held for it.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, Statement};
use tokio::{runtime::Handle, sync::Mutex};

use super::held::Held;

const BACK_TO_SAVEPOINT: &str = "ROLLBACK TO SAVEPOINT before; RELEASE SAVEPOINT before";

/// An open transaction; rolled back when it is dropped.
pub struct OpenTransaction {
    backend: DbBackend,
    /// Gone when the transaction has come to its end.
    held: Mutex<Option<Held>>,
}

impl OpenTransaction {
    /// Begins with a statement.
    pub(super) async fn begin(mut held: Held, begin: &str) -> Result<Self, DbErr> {
        held.begin(begin).await?;
        Ok(Self { backend: held.backend(), held: Mutex::new(Some(held)) })
    }

    /// Makes it stand.
    ///
    /// # Errors
    /// When the database fails: then nobody knows whether it stands.
    pub async fn commit(self) -> Result<(), DbErr> {
        self.end("COMMIT").await
    }

    /// Takes it back.
    ///
    /// # Errors
    /// When the database fails; it does not stand all the same.
    pub async fn rollback(self) -> Result<(), DbErr> {
        self.end("ROLLBACK").await
    }

    async fn end(self, end: &str) -> Result<(), DbErr> {
        let Some(mut held) = self.held.lock().await.take() else {
            return Err(over());
        };
        held.end(end).await
    }

    /// Begins what [`OpenTransaction::back_to_savepoint`] takes back; there is one at a
    /// time.
    pub(crate) async fn savepoint(&self) -> Result<(), DbErr> {
        self.execute_unprepared("SAVEPOINT before").await.map(drop)
    }

    /// Takes back what was done since the savepoint.
    pub(crate) async fn back_to_savepoint(&self) -> Result<(), DbErr> {
        self.execute_unprepared(BACK_TO_SAVEPOINT).await.map(drop)
    }
}

fn over() -> DbErr {
    DbErr::Custom("the transaction is over".to_owned())
}

impl Drop for OpenTransaction {
    fn drop(&mut self) {
        let Some(mut held) = self.held.get_mut().take() else {
            return;
        };
        // In the middle of a statement, or where nothing runs any more, only closing
        // makes sure: it does so when it is dropped.
        if let Some(runtime) = Handle::try_current().ok().filter(|_| held.is_at_rest()) {
            runtime.spawn(async move {
                if let Err(error) = held.end("ROLLBACK").await {
                    tracing::debug!(%error, "a transaction is closed with its connection");
                }
            });
        }
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for OpenTransaction {
    fn get_database_backend(&self) -> DbBackend {
        self.backend
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.held.lock().await.as_mut().ok_or_else(over)?.execute(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.held.lock().await.as_mut().ok_or_else(over)?.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.held.lock().await.as_mut().ok_or_else(over)?.query_one(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.held.lock().await.as_mut().ok_or_else(over)?.query_all(statement).await
    }
}
