//! What goes wrong while a round is asked: the way to the database is cut, or the
//! database gives up transactions, until the first caller is told to come back.

use std::{
    env,
    sync::atomic::{AtomicBool, AtomicI64, Ordering},
};

use platform::{
    Database,
    testing::{Cut, POSTGRES, PostgresHome, Relay, SqliteHome},
};
use sea_orm::{ConnectionTrait as _, Statement};

use super::dice::Dice;

/// Every so many rows that are written, whoever writes them, PostgreSQL gives the
/// transaction up for the sake of another.
const ROWS: usize = 17;

fn gives_up() -> String {
    format!(
        "CREATE SEQUENCE given_up; \
         CREATE FUNCTION gives_up() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
             IF nextval('given_up') % {ROWS} = 0 THEN \
                 RAISE EXCEPTION 'given up' USING ERRCODE = '40001'; \
             END IF; \
             RETURN NEW; END $$"
    )
}

/// What PostgreSQL gives up at, and SQLite finds no room for.
const TABLES: [&str; 4] = ["posting", "requisition", "grant", "journal"];

/// Whether a cut is due, and how many have come.
#[derive(Default)]
pub(super) struct Cuts {
    is_due: AtomicBool,
    come: AtomicI64,
}

/// Where a run keeps its database, and how it is troubled.
pub(super) enum Ground {
    Sqlite(SqliteHome),
    Postgres { home: PostgresHome, relay: Relay, cuts: Cuts },
}

impl Ground {
    /// SQLite, and PostgreSQL when a server is named.
    pub(super) async fn both() -> Vec<Ground> {
        let sqlite = Ground::Sqlite(SqliteHome::new());
        let Ok(server) = env::var(POSTGRES) else {
            assert!(env::var("CI").is_err(), "{POSTGRES} must name a server");
            return vec![sqlite];
        };
        let home = PostgresHome::create(&server).await;
        let relay = Relay::to(&home.url()).await;
        vec![sqlite, Ground::Postgres { home, relay, cuts: Cuts::default() }]
    }

    pub(super) async fn open(&self) -> Database {
        match self {
            Ground::Sqlite(home) => home.open().await,
            Ground::Postgres { home, relay, cuts: _ } => {
                let database = home.open_through(relay).await;
                database.write.execute_unprepared(&gives_up()).await.unwrap();
                database
            }
        }
    }

    /// Begins some trouble.
    pub(super) async fn begin(&self, database: &Database, dice: &mut Dice) {
        self.end(database).await;
        let table = dice.pick(&TABLES);
        match self {
            Ground::Sqlite(_) => {
                let sql = format!(
                    "CREATE TRIGGER trouble BEFORE INSERT ON \"{table}\" \
                     BEGIN SELECT RAISE(ROLLBACK, 'the disk is full'); END"
                );
                database.write.execute_unprepared(&sql).await.unwrap();
            }
            Ground::Postgres { home: _, relay, cuts } if dice.one_in(2) => {
                let cut = dice.pick(&[Cut::Question, Cut::Answer]);
                cuts.is_due.store(true, Ordering::SeqCst);
                relay.cut_after(dice.roll(12), cut);
            }
            Ground::Postgres { .. } => {
                let sql = format!(
                    "CREATE TRIGGER trouble BEFORE INSERT OR UPDATE ON \"{table}\" \
                     FOR EACH ROW EXECUTE FUNCTION gives_up()"
                );
                database.write.execute_unprepared(&sql).await.unwrap();
            }
        }
    }

    /// Ends whatever trouble there is.
    pub(super) async fn end(&self, database: &Database) {
        match self {
            Ground::Sqlite(_) => {
                database.write.execute_unprepared("DROP TRIGGER IF EXISTS trouble").await.unwrap();
            }
            Ground::Postgres { home: _, relay, cuts } => {
                if cuts.is_due.swap(false, Ordering::SeqCst) && !relay.is_armed() {
                    cuts.come.fetch_add(1, Ordering::SeqCst);
                }
                relay.disarm();
                for table in TABLES {
                    let sql = format!("DROP TRIGGER IF EXISTS trouble ON \"{table}\"");
                    database.write.execute_unprepared(&sql).await.unwrap();
                }
            }
        }
    }

    /// How often PostgreSQL was cut off or gave up; what SQLite could not write,
    /// its callers hear of.
    pub(super) async fn strikes(&self, database: &Database) -> i64 {
        let Ground::Postgres { home: _, relay: _, cuts } = self else { return 0 };
        let sql = format!("SELECT last_value / {ROWS} AS strikes FROM given_up");
        let statement = Statement::from_string(database.backend(), sql);
        let row = database.read.query_one_raw(statement).await.unwrap().unwrap();
        cuts.come.load(Ordering::SeqCst) + row.try_get::<i64>("", "strikes").unwrap()
    }

    pub(super) async fn remove(self, database: Database) {
        match self {
            Ground::Sqlite(_) => {}
            Ground::Postgres { home, relay: _, cuts: _ } => home.remove(database).await,
        }
    }
}
