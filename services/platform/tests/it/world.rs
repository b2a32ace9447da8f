//! A small world to write in: counters that never pass a limit.

mod order;

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use futures::future::BoxFuture;
use platform::{
    Clock, Database, Draft, Entry, Failure, Journal, Step, Write, journal::Transaction,
};
use sea_orm::{ConnectionTrait as _, DbBackend, DbErr, Statement};
use sea_orm_migration::{MigrationName, MigrationTrait, MigratorTrait, SchemaManager};
use tokio::{sync::Notify, task::JoinHandle};
use values::Slug;

/// No counter passes this.
pub(crate) const LIMIT: i64 = 40;

pub(crate) struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(platform::journal::migration::Migration),
            Box::new(platform::journal::migration::ByteOrder),
            Box::new(Counters),
        ]
    }
}

struct Counters;

impl MigrationName for Counters {
    fn name(&self) -> &'static str {
        "m0002_counters"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Counters {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        for sql in [
            "CREATE TABLE counter (federation_id TEXT NOT NULL, id TEXT NOT NULL, value BIGINT NOT NULL \
             CHECK (value >= 0), PRIMARY KEY (federation_id, id))",
            "CREATE TABLE promise (id TEXT NOT NULL PRIMARY KEY, kept TEXT NOT NULL \
             REFERENCES counter_name (id) DEFERRABLE INITIALLY DEFERRED)",
            "CREATE TABLE tripwire (id TEXT NOT NULL)",
        ] {
            if sql.contains("promise") {
                connection
                    .execute_unprepared("CREATE TABLE counter_name (id TEXT NOT NULL PRIMARY KEY)")
                    .await?;
            }
            connection.execute_unprepared(sql).await?;
        }
        if connection.get_database_backend() == DbBackend::Sqlite {
            let trigger = "CREATE TRIGGER trip BEFORE INSERT ON tripwire \
                           BEGIN SELECT RAISE(ROLLBACK, 'the transaction is gone'); END";
            connection.execute_unprepared(trigger).await?;
        }
        Ok(())
    }
}

pub(crate) async fn journal(database: &Database) -> Journal {
    database.migrate::<Migrator>().await.unwrap();
    Journal::new(database.clone(), Clock::system())
}

pub(crate) fn federation() -> Slug {
    Slug::parse("federation", "vastmanland").unwrap()
}

pub(crate) fn write(request_id: &str, hash: u8) -> Write {
    Write {
        federation: federation(),
        actor: "federations/vastmanland/accounts/test".to_owned(),
        client: "test".to_owned(),
        rpc: "/test/Add",
        request_id: request_id.to_owned(),
        request_hash: [hash; 32],
        validate_only: false,
    }
}

/// What goes wrong in a step or an order, besides its own rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mishap {
    None,
    /// A statement breaks a constraint, every time.
    BrokenConstraint,
    /// The step panics, every time.
    Panic,
    /// It panics while it saves, every time.
    PanicInSave,
    /// A deferred constraint makes the commit fail, every time.
    BrokenCommit,
    /// The transaction is ended under the step, the first two times.
    LostTransaction,
}

/// Adds to a counter, within the limit.
#[derive(Clone)]
pub(crate) struct Add {
    pub(crate) counter: String,
    pub(crate) amount: i64,
    pub(crate) mishap: Mishap,
    runs: Arc<AtomicU32>,
}

pub(crate) use order::Ordered;

impl Add {
    pub(crate) fn new(counter: &str, amount: i64, mishap: Mishap) -> Self {
        Self { counter: counter.to_owned(), amount, mishap, runs: Arc::default() }
    }

    pub(crate) async fn run(&self, journal: &Journal, write: Write) -> Result<Vec<Entry>, Failure> {
        let add = self.clone();
        journal.write(write, move |transaction, step| add.clone().step(transaction, step)).await
    }

    fn step(
        self,
        transaction: &Transaction,
        step: Step,
    ) -> BoxFuture<'_, Result<Vec<Draft>, Failure>> {
        Box::pin(async move {
            let value = value(transaction, &self.counter).await?;
            let (new, drafts) = self.decide(value)?;
            let sql = "INSERT INTO counter (federation_id, id, value) VALUES ($1, $2, $3) \
                       ON CONFLICT (federation_id, id) DO UPDATE SET value = excluded.value";
            let federation = federation();
            let values = [federation.as_str().into(), self.counter.as_str().into(), new.into()];
            let backend = transaction.get_database_backend();
            transaction.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
            // The mishap comes after the save: it must leave nothing of it.
            self.mishap(transaction, step.sequence).await?;
            Ok(drafts)
        })
    }

    /// The new value, and what is recorded of it.
    fn decide(&self, value: i64) -> Result<(i64, Vec<Draft>), Failure> {
        let new = value + self.amount;
        if new > LIMIT {
            return Err(Failure::refused("LIMIT").with("left", LIMIT - value));
        }
        let draft = Draft {
            kind: "counter.added",
            subject: format!("federations/{}/counters/{}", federation(), self.counter),
            payload: format!("{} {new}", self.amount).into_bytes(),
        };
        Ok((new, vec![draft]))
    }

    async fn mishap(&self, transaction: &Transaction, sequence: i64) -> Result<(), DbErr> {
        match self.mishap {
            Mishap::None => {}
            Mishap::BrokenConstraint => {
                let sql = "UPDATE counter SET value = -1";
                transaction.execute_unprepared(sql).await?;
            }
            Mishap::Panic | Mishap::PanicInSave => panic!("a step of a test panics on purpose"),
            Mishap::BrokenCommit => {
                let sql = format!("INSERT INTO promise (id, kept) VALUES ('{sequence}', 'nobody')");
                transaction.execute_unprepared(&sql).await?;
            }
            Mishap::LostTransaction => {
                if self.runs.fetch_add(1, Ordering::SeqCst) < 2 {
                    let sql = match transaction.get_database_backend() {
                        DbBackend::Postgres => "SELECT pg_terminate_backend(pg_backend_pid())",
                        _ => "INSERT INTO tripwire (id) VALUES ('x')",
                    };
                    transaction.execute_unprepared(sql).await?;
                }
            }
        }
        Ok(())
    }
}

/// A step that is under way and goes no further until it is told to.
pub(crate) struct Held {
    go_on: Arc<Notify>,
    answer: JoinHandle<Result<Vec<Entry>, Failure>>,
}

impl Held {
    /// Waits until the step is under way.
    pub(crate) async fn step(journal: &Journal, write: Write, drafts: Vec<Draft>) -> Self {
        let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (tell, wait) = (Arc::clone(&begun), Arc::clone(&go_on));
        let journal = journal.clone();
        let answer = tokio::spawn(async move {
            let held = journal.write(write, move |_, _| {
                let (tell, wait, drafts) = (Arc::clone(&tell), Arc::clone(&wait), drafts.clone());
                Box::pin(async move {
                    tell.notify_one();
                    wait.notified().await;
                    Ok(drafts)
                })
            });
            held.await
        });
        begun.notified().await;
        Self { go_on, answer }
    }

    pub(crate) async fn go_on(self) -> Result<Vec<Entry>, Failure> {
        self.go_on.notify_one();
        self.answer.await.unwrap()
    }
}

pub(crate) async fn value(
    connection: &impl sea_orm::ConnectionTrait,
    counter: &str,
) -> Result<i64, DbErr> {
    let sql = "SELECT value FROM counter WHERE federation_id = $1 AND id = $2";
    let values = [federation().as_str().into(), counter.into()];
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
    connection.query_one_raw(statement).await?.map_or(Ok(0), |row| row.try_get("", "value"))
}
