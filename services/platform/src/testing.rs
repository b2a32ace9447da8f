//! What tests of the services need: throw-away databases of both kinds, and
//! signed callers.

mod certificates;
mod relay;

use std::{env, future::Future, time::Duration};

use sea_orm::{ConnectionTrait as _, Database as SeaDatabase};
use secrecy::ExposeSecret as _;
use tempfile::TempDir;
use tonic::Request;
use uuid::Uuid;
use values::{Role, RoleGrant, Scope, Slug, name::AccountName};

use crate::{
    Clock, Database,
    config::DatabaseConfig,
    principal::{self, KeyPair, Principal, PrincipalSigner, PrincipalVerifier},
};

pub use crate::journal::rewritten::rewrite as rewrite_history;
pub use certificates::certificates;
pub use relay::{Cut, Relay};

/// Names the PostgreSQL server that tests may make databases on.
pub const POSTGRES: &str = "SAMORDNA_TEST_POSTGRES";

/// Runs a test on a fresh SQLite file and, when a server is named, on a fresh
/// PostgreSQL database. The checks name one: there it is never left out.
///
/// # Panics
/// When a database cannot be made, or `CI` is set and no server is named.
pub async fn on_both<F, T>(test: F)
where
    F: Fn(Database) -> T,
    T: Future<Output = ()>,
{
    let sqlite = SqliteHome::new();
    test(sqlite.open().await).await;
    match env::var(POSTGRES) {
        Ok(server) => {
            let home = PostgresHome::create(&server).await;
            let database = home.open().await;
            test(database.clone()).await;
            home.remove(database).await;
        }
        Err(_) => assert!(env::var("CI").is_err(), "{POSTGRES} must name a server"),
    }
}

/// A folder with one SQLite file, gone when dropped.
pub struct SqliteHome(TempDir);

impl SqliteHome {
    /// An empty folder.
    ///
    /// # Panics
    /// When there is no room for one.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "it makes a folder")]
    pub fn new() -> Self {
        Self(TempDir::new().expect("a temporary folder"))
    }

    /// Opens the file.
    ///
    /// # Panics
    /// When that fails.
    pub async fn open(&self) -> Database {
        let file = self.0.path().join("test.sqlite");
        Database::open(&DatabaseConfig::default(), &file).await.expect("an SQLite file")
    }
}

/// A database of its own on the test server.
pub struct PostgresHome {
    server: String,
    name: String,
}

impl PostgresHome {
    /// Makes it.
    ///
    /// # Panics
    /// When that fails.
    pub async fn create(server: &str) -> Self {
        let name = format!("samordna_test_{}", Uuid::now_v7().simple());
        let admin = SeaDatabase::connect(server).await.expect("the test server answers");
        admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.expect("a new database");
        admin.close().await.expect("closed");
        Self { server: server.to_owned(), name }
    }

    /// Its address.
    ///
    /// # Panics
    /// When the server's address names no database.
    #[must_use]
    pub fn url(&self) -> String {
        let (server, _) = self.server.rsplit_once('/').expect("an address with a database");
        format!("{server}/{}", self.name)
    }

    /// Opens it.
    ///
    /// # Panics
    /// When that fails.
    pub async fn open(&self) -> Database {
        Self::open_at(self.url(), DatabaseConfig::default()).await
    }

    /// Opens it by way of a relay.
    ///
    /// # Panics
    /// When that fails.
    pub async fn open_through(&self, relay: &Relay) -> Database {
        Self::open_at(relay.address(&self.url()), DatabaseConfig::default()).await
    }

    /// Opens it by way of a relay that falls silent, which is soon taken to be gone.
    ///
    /// # Panics
    /// When that fails.
    pub async fn open_through_silent(&self, relay: &Relay) -> Database {
        let longest_silence = Duration::from_millis(500);
        let config = DatabaseConfig { longest_silence, ..DatabaseConfig::default() };
        Self::open_at(relay.address(&self.url()), config).await
    }

    async fn open_at(url: String, config: DatabaseConfig) -> Database {
        let config = DatabaseConfig { url: Some(url.into()), connections: 4, ..config };
        Database::open(&config, "unused".as_ref()).await.expect("the new database opens")
    }

    /// Drops it.
    ///
    /// # Panics
    /// When that fails.
    pub async fn remove(self, database: Database) {
        let _ = database.write.close().await;
        let _ = database.read.close().await;
        let admin = SeaDatabase::connect(&self.server).await.expect("the test server answers");
        let drop = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        admin.execute_unprepared(&drop).await.expect("dropped");
        admin.close().await.expect("closed");
    }
}

/// The gateway's part in a test: signs callers, for services that verify them.
#[derive(Clone)]
pub struct TestKeys {
    /// Signs.
    pub signer: PrincipalSigner,
    /// Verifies.
    pub verifier: PrincipalVerifier,
}

impl TestKeys {
    /// A new key pair.
    ///
    /// # Panics
    /// When there is no randomness.
    #[must_use]
    pub fn new(clock: &Clock) -> Self {
        let keys = KeyPair::generate().expect("random bytes");
        let private_pem = keys.private_pem.expose_secret();
        let signer = PrincipalSigner::from_pem(private_pem, clock.clone()).expect("a private key");
        let verifier =
            PrincipalVerifier::from_pem(&keys.public_pem, clock.clone()).expect("a public key");
        Self { signer, verifier }
    }

    /// A request by a caller.
    ///
    /// # Panics
    /// When signing fails.
    pub fn request<M>(&self, caller: &Principal, message: M) -> Request<M> {
        let mut request = Request::new(message);
        let signed = self.signer.sign(caller).expect("a signature");
        request.metadata_mut().insert(principal::HEADER, signed);
        request
    }
}

/// A caller with an account in a federation and roles.
///
/// # Panics
/// When the ids are malformed.
#[must_use]
pub fn caller(federation: &str, account: &str, roles: &[(Role, Scope)]) -> Principal {
    let federation = Slug::parse("federation", federation).expect("a federation's id");
    let id = Slug::parse("account", account).expect("an account's id");
    let grants =
        roles.iter().map(|(role, scope)| RoleGrant { role: *role, scope: scope.clone() }).collect();
    let account = AccountName::new(federation.clone(), id);
    Principal { federation, account, client: "test".to_owned(), grants }
}
