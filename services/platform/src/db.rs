//! A service's database: embedded SQLite or PostgreSQL behind the same two
//! handles.

mod address;
mod connection;
mod connections;
mod held;
mod open_transaction;
mod unreachable;

use std::{path::Path, time::Duration};

use anyhow::{Context as _, bail};
use sea_orm::{
    ConnectionTrait as _, DbBackend, DbErr, SqlxPostgresConnector, SqlxSqliteConnector,
    sqlx::{
        Connection as _,
        postgres::PgPoolOptions,
        sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
    },
};
use sea_orm_migration::MigratorTrait;
use secrecy::ExposeSecret as _;
use tokio::time::timeout;

use crate::config::DatabaseConfig;

pub use connections::Connections;
pub(crate) use held::Held;
pub use open_transaction::OpenTransaction;

/// How long a statement waits before it gives up: for its turn and a connection, and for
/// a lock on an embedded file.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a server that nobody else asks for anything takes to answer that it is there.
const AWAKE: Duration = Duration::from_secs(3);
/// How long a connection goes from hand to hand before it is given back to its pool.
const KEPT: Duration = Duration::from_secs(600);
/// How long a connection may have been idle and still be taken to be alive.
const TRUSTED: Duration = Duration::from_secs(1);

/// What a connection keeps of a file in memory: KiB, which SQLite wants negative. It keeps
/// 2000 by itself, and a group of writes goes through more; with each commit it goes through
/// all that it keeps, so that much more is slower again.
const KEPT_OF_A_FILE: &str = "-8192";
/// Pages of the log beside the file before they are moved into it. A page that changes
/// often is moved once: the log then has 16 MiB.
const WAL_PAGES: &str = "4000";

/// What is said of an address of another kind.
const NO_ADDRESS: &str = "database.url must begin with sqlite: or postgres:";

/// Connections to one database; cheap to clone.
#[derive(Debug, Clone)]
pub struct Database {
    /// For the journal's writer. One connection on SQLite, where a second
    /// writer would only wait.
    pub write: Connections,
    /// For everything that only reads.
    pub read: Connections,
}

impl Database {
    /// Opens the database that the settings name, or an SQLite file in the data
    /// directory when they name none.
    ///
    /// # Errors
    /// When the address cannot be read, or the database cannot be reached.
    pub async fn open(config: &DatabaseConfig, default_file: &Path) -> anyhow::Result<Self> {
        match &config.url {
            None => Self::open_sqlite(default_file, config.connections).await,
            Some(url) => {
                let url = url.expose_secret();
                match url.split_once(':') {
                    Some(("sqlite", rest)) => {
                        Self::open_sqlite(Path::new(file_of(rest)?), config.connections).await
                    }
                    Some(("postgres" | "postgresql", _)) => Self::open_postgres(url, config).await,
                    Some(_) | None => bail!(NO_ADDRESS),
                }
            }
        }
    }

    async fn open_sqlite(file: &Path, connections: u32) -> anyhow::Result<Self> {
        if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).with_context(|| {
                format!("cannot create the data directory {}", folder.display())
            })?;
        }
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(PATIENCE)
            .statement_cache_capacity(500)
            .pragma("cache_size", KEPT_OF_A_FILE);
        let writing =
            options.clone().pragma("temp_store", "memory").pragma("wal_autocheckpoint", WAL_PAGES);
        let reading = options.read_only(true).create_if_missing(false);
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(PATIENCE)
            .test_before_acquire(false);
        let write = write
            .connect_with(writing)
            .await
            .with_context(|| format!("cannot open the database file {}", file.display()))?;
        let read = SqlitePoolOptions::new()
            .min_connections(1)
            .max_connections(connections.max(1))
            .acquire_timeout(PATIENCE)
            .test_before_acquire(false)
            .connect_with(reading)
            .await
            .context("cannot open the database file for reading")?;
        Ok(Self {
            write: Connections::of(SqlxSqliteConnector::from_sqlx_sqlite_pool(write), 1, None),
            read: Connections::of(
                SqlxSqliteConnector::from_sqlx_sqlite_pool(read),
                connections.max(1),
                None,
            ),
        })
    }

    /// Where the database of the settings is: its file, or its server and name, for the
    /// rest of an address is secret.
    ///
    /// # Errors
    /// When the address cannot be read.
    pub fn described(config: &DatabaseConfig, default_file: &Path) -> anyhow::Result<String> {
        let Some(url) = &config.url else {
            return Ok(default_file.display().to_string());
        };
        let url = url.expose_secret();
        match url.split_once(':') {
            Some(("sqlite", rest)) => Ok(file_of(rest)?.to_owned()),
            Some(("postgres" | "postgresql", _)) => {
                let options = address::read(url)?;
                let database = options.get_database().unwrap_or_default();
                Ok(format!("{database} at {}:{}", options.get_host(), options.get_port()))
            }
            Some(_) | None => bail!(NO_ADDRESS),
        }
    }

    async fn open_postgres(url: &str, config: &DatabaseConfig) -> anyhow::Result<Self> {
        let options = address::read(url)?.application_name("samordna").options([
            // A frozen process must not hold the others' writes for ever.
            ("lock_timeout", "10s"),
            ("statement_timeout", "60s"),
            ("idle_in_transaction_session_timeout", "60s"),
        ]);
        let most = config.connections.max(2);
        let pool = || {
            PgPoolOptions::new()
                .max_connections(most)
                .acquire_timeout(PATIENCE)
                .idle_timeout(Duration::from_secs(300))
                // A connection in use is not asked whether it is alive: that would be
                // a round trip of its own before each.
                .test_before_acquire(false)
                .before_acquire(|connection, now| {
                    Box::pin(async move {
                        let is_trusted = now.idle_for < TRUSTED;
                        let answers = timeout(AWAKE, connection.ping());
                        Ok(is_trusted || matches!(answers.await, Ok(Ok(()))))
                    })
                })
        };
        // A write looks rows up by their keys, in statements that stay the same: one
        // plan for each is enough. What the server last saw of a table that grows must
        // not talk it into reading the whole of it.
        let by_key = options.clone().options([
            ("plan_cache_mode", "force_generic_plan"),
            ("enable_seqscan", "off"),
            ("jit", "off"),
        ]);
        let mode = options.get_ssl_mode();
        let write = pool().connect_with(by_key).await;
        let write = write.map_err(|error| unreachable::explain(mode, error))?;
        let read = pool().connect_lazy_with(options);
        let of = |pool| {
            let pool = SqlxPostgresConnector::from_sqlx_postgres_pool(pool);
            Connections::of(pool, most, Some(config.longest_silence))
        };
        Ok(Self { write: of(write), read: of(read) })
    }

    /// Which kind it is.
    #[must_use]
    pub fn backend(&self) -> DbBackend {
        self.write.get_database_backend()
    }

    /// True when it is a file of this process's own.
    #[must_use]
    pub fn is_embedded(&self) -> bool {
        self.backend() == DbBackend::Sqlite
    }

    /// One unmoving picture of the database, for reads of several statements.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn snapshot(&self) -> Result<OpenTransaction, DbErr> {
        self.read.picture().await
    }

    /// Brings the tables up to date.
    ///
    /// # Errors
    /// When a migration fails.
    pub async fn migrate<M: MigratorTrait>(&self) -> anyhow::Result<()> {
        M::up(self.write.pool(), None).await.context("the migration failed")
    }

    /// True when it answers and its tables are up to date.
    pub async fn is_ready<M: MigratorTrait>(&self) -> bool {
        M::get_pending_migrations(self.write.pool()).await.is_ok_and(|pending| pending.is_empty())
    }
}

/// The file of an address: `sqlite:beside`, `sqlite://beside`, `sqlite:///var/lib/one`.
///
/// # Errors
/// When it has more than a file, which would become a part of the file's name, or none.
fn file_of(rest: &str) -> anyhow::Result<&str> {
    let file = rest.strip_prefix("//").unwrap_or(rest);
    if let Some((file, _)) = file.split_once('?') {
        bail!("database.url has a ?, and an embedded file has no keys: write sqlite:{file}");
    }
    if file.is_empty() || file.starts_with(':') {
        bail!("database.url names no file: write sqlite:FILE");
    }
    Ok(file)
}

/// True for an error that has ended the whole transaction, or may have: nothing
/// more can be done in it, and what it did must be done again.
#[must_use]
pub fn ends_transaction(error: &DbErr) -> bool {
    let runtime = match error {
        DbErr::Exec(runtime) | DbErr::Query(runtime) => runtime,
        DbErr::Conn(_) | DbErr::ConnectionAcquire(_) => return true,
        _ => return false,
    };
    let sea_orm::RuntimeErr::SqlxError(error) = runtime else {
        return true;
    };
    let sea_orm::SqlxError::Database(database) = error.as_ref() else {
        return true;
    };
    let code = database.code().unwrap_or_default();
    if database.try_downcast_ref::<sea_orm::sqlx::sqlite::SqliteError>().is_some() {
        // SQLite's primary codes BUSY, LOCKED, NOMEM, INTERRUPT, IOERR, CORRUPT,
        // FULL: it may have rolled the transaction back by itself.
        let primary = code.parse::<u32>().unwrap_or_default() & 0xff;
        return [5, 6, 7, 9, 10, 11, 13].contains(&primary);
    }
    // PostgreSQL's classes: connection (08), a transaction that is over (25),
    // serialization and deadlock (40), resources (53), a lock not had in time
    // (55), operator intervention (57), system error (58).
    ["08", "25", "40", "53", "55", "57", "58"].iter().any(|class| code.starts_with(class))
}

/// True for an error that says nothing of the statement: there is no way to the database,
/// or it was lost.
pub(crate) fn is_away(error: &DbErr) -> bool {
    let (DbErr::Exec(runtime) | DbErr::Query(runtime)) = error else {
        return matches!(error, DbErr::Conn(_) | DbErr::ConnectionAcquire(_));
    };
    let sea_orm::RuntimeErr::SqlxError(error) = runtime else {
        return false;
    };
    let code = error.as_database_error().and_then(|error| error.code()).unwrap_or_default();
    // PostgreSQL's connection exceptions, and its ways to say that it goes or comes.
    let is_going = code.starts_with("08") || code.starts_with("57P");
    is_going || matches!(error.as_ref(), sea_orm::SqlxError::Io(_) | sea_orm::SqlxError::Tls(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_embedded_file_is_where_its_address_says() {
        for (url, file) in [
            ("sqlite:beside.sqlite", "beside.sqlite"),
            ("sqlite://beside.sqlite", "beside.sqlite"),
            ("sqlite:///var/lib/one.sqlite", "/var/lib/one.sqlite"),
            ("sqlite:////var/lib/one.sqlite", "//var/lib/one.sqlite"),
        ] {
            let config = DatabaseConfig { url: Some(url.into()), ..DatabaseConfig::default() };
            assert_eq!(Database::described(&config, Path::new("unused")).unwrap(), file, "{url}");
        }
    }

    #[tokio::test]
    async fn an_embedded_address_that_is_more_than_a_file_is_refused() {
        for (url, why) in [
            ("sqlite:beside.sqlite?mode=rwc", "write sqlite:beside.sqlite"),
            ("sqlite:///var/lib/one?mode=ro", "write sqlite:/var/lib/one"),
            ("sqlite::memory:", "names no file"),
            ("sqlite:", "names no file"),
        ] {
            let config = DatabaseConfig { url: Some(url.into()), ..DatabaseConfig::default() };
            let told = Database::described(&config, Path::new("unused")).unwrap_err();
            let opened = Database::open(&config, Path::new("unused")).await.unwrap_err();
            for refused in [told, opened] {
                assert!(refused.to_string().contains(why), "{url}: {refused}");
            }
        }
    }
}
