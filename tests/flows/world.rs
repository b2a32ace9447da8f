//! An installation as an operator runs it: one process or four, on embedded
//! databases or PostgreSQL, with accounts, on free ports of loopback.

mod processes;

use std::{
    collections::BTreeMap,
    env,
    fs::{self, File},
    path::PathBuf,
    process::Command,
};

use gateway::{
    domain::account::{AccountKind, NewAccount},
    text::Language,
};
use platform::{
    Clock, Database, Journal,
    config::DatabaseConfig,
    principal::{KeyPair, PrincipalSigner},
    testing::{self, POSTGRES, PostgresHome},
};
use samordna::import::Gateway;
use secrecy::ExposeSecret as _;
use tempfile::TempDir;
use tonic::{
    metadata::{Ascii, MetadataValue},
    transport::Endpoint,
};
use values::{Role, RoleGrant, Scope, Slug, name::AccountName};

pub(crate) use processes::{Running, binary, free_port};

pub(crate) const FEDERATION: &str = "federations/vastmanland";
/// The password of every account of these tests.
pub(crate) const PASSWORD: &str = "correct-horse-battery";

/// One process or four.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    AllInOne,
    Split,
}

/// What is logged.
const LOG: &str = "RUST_LOG";

/// Where the data is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Store {
    Sqlite,
    Postgres,
}

/// Every shape on every store; PostgreSQL where a server is named, which it is
/// in the checks.
pub(crate) fn every_kind() -> Vec<(Shape, Store)> {
    let mut kinds = vec![(Shape::AllInOne, Store::Sqlite), (Shape::Split, Store::Sqlite)];
    match env::var(POSTGRES) {
        Ok(_) => {
            kinds.extend([(Shape::AllInOne, Store::Postgres), (Shape::Split, Store::Postgres)])
        }
        Err(_) => assert!(env::var("CI").is_err(), "{POSTGRES} must name a server"),
    }
    kinds
}

/// The accounts of these tests: id, role, scope. Those of another federation
/// have ids that begin with its name.
const ACCOUNTS: [(&str, Role, &str); 7] = [
    ("filer", Role::FederationAdministrator, "federation"),
    ("ekonom", Role::FederationEconomist, "federation"),
    ("kansli", Role::FederationAdministrator, "federation"),
    ("koping-ekonom", Role::PartyEconomist, "party/koping"),
    ("sala-ekonom", Role::PartyEconomist, "party/sala"),
    ("surahammar-ledare", Role::TeamLead, "team/surahammar"),
    ("sormland-kansli", Role::FederationAdministrator, "federation"),
];

const SERVICES: [&str; 4] = ["participant", "finance", "reporting", "gateway"];

/// A running installation; everything of it ends with it.
pub(crate) struct Installation {
    pub(crate) shape: Shape,
    pub(crate) processes: BTreeMap<&'static str, Running>,
    home: TempDir,
    environment: Vec<(String, String)>,
    gateway_port: u16,
    postgres: Vec<PostgresHome>,
}

impl Installation {
    /// Starts an installation with accounts and no other data.
    pub(crate) async fn start(shape: Shape, store: Store) -> Self {
        Self::start_with(shape, store, &[]).await
    }

    /// The same, with further settings in every process's environment.
    pub(crate) async fn start_with(
        shape: Shape,
        store: Store,
        settings: &[(&str, String)],
    ) -> Self {
        let home = TempDir::new().unwrap();
        let mut environment = vec![(
            "SAMORDNA__DATA_DIRECTORY".to_owned(),
            home.path().join("data").display().to_string(),
        )];
        environment.extend(settings.iter().map(|(key, value)| ((*key).to_owned(), value.clone())));
        let mut ports = BTreeMap::new();
        for service in SERVICES {
            let port = free_port();
            let key = service.to_uppercase();
            environment.push((format!("SAMORDNA__{key}__LISTEN"), format!("127.0.0.1:{port}")));
            environment
                .push((format!("SAMORDNA__PEERS__{key}"), format!("http://127.0.0.1:{port}")));
            ports.insert(service, port);
        }
        environment.retain(|(key, _)| key != "SAMORDNA__PEERS__GATEWAY");
        let mut postgres = Vec::new();
        if store == Store::Postgres {
            for service in SERVICES {
                let database = PostgresHome::create(&env::var(POSTGRES).unwrap()).await;
                environment.push((
                    format!("SAMORDNA__{}__DATABASE__URL", service.to_uppercase()),
                    database.url(),
                ));
                postgres.push(database);
            }
        }
        if shape == Shape::Split {
            let keys = KeyPair::generate().unwrap();
            let private_key = keys.private_pem.expose_secret().to_owned();
            environment.push(("SAMORDNA__PRINCIPAL__PRIVATE_KEY".to_owned(), private_key));
            environment.push(("SAMORDNA__PRINCIPAL__PUBLIC_KEY".to_owned(), keys.public_pem));
            let master_key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=".to_owned();
            for owner in ["PARTICIPANT", "GATEWAY"] {
                environment.push((format!("SAMORDNA__{owner}__MASTER_KEY"), master_key.clone()));
            }
        }
        let gateway_port = ports["gateway"];
        let mut installation =
            Self { shape, processes: BTreeMap::new(), home, environment, gateway_port, postgres };
        for program in installation.programs() {
            installation.operate(program, &["migrate"]);
        }
        installation.create_accounts().await;
        for program in installation.programs() {
            installation.launch(program).await;
        }
        installation
    }

    /// The processes of this shape, in an order that lets each reach its peers.
    pub(crate) fn programs(&self) -> &'static [&'static str] {
        match self.shape {
            Shape::AllInOne => &["samordna"],
            Shape::Split => &SERVICES,
        }
    }

    /// Starts a process and waits until it says that it is ready.
    pub(crate) async fn launch(&mut self, program: &'static str) {
        let mut command = self.command(program);
        command.arg("serve");
        if self.environment.iter().any(|(key, _)| key == LOG) {
            let mut log = File::options();
            command.stderr(log.create(true).append(true).open(self.log()).unwrap());
        }
        let port = self.port_of(program);
        self.processes.insert(program, Running::start(program, command, port).await);
    }

    /// What was logged; to a file where a test says how much, by `RUST_LOG`.
    pub(crate) fn logged(&self) -> Vec<u8> {
        fs::read(self.log()).unwrap()
    }

    fn log(&self) -> PathBuf {
        self.home.path().join("log")
    }

    /// Ends a process as a power cut would.
    pub(crate) fn kill(&mut self, program: &str) {
        self.processes.remove(program).unwrap().kill();
    }

    /// Runs one of the operator's commands to its end; answers what it printed.
    pub(crate) fn operate(&self, program: &str, arguments: &[&str]) -> String {
        let (ok, output) = self.try_operate(program, arguments);
        assert!(ok, "{program} {arguments:?} failed:\n{output}");
        output
    }

    /// The same for a command that may fail.
    pub(crate) fn try_operate(&self, program: &str, arguments: &[&str]) -> (bool, String) {
        let output = self.command(program).args(arguments).output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&text).into_owned())
    }

    /// Every process's `verify`; panics with what it found.
    pub(crate) fn verify(&self) {
        for program in self.programs() {
            self.operate(program, &["verify"]);
        }
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(binary(program));
        for (key, _) in env::vars().filter(|(key, _)| key.starts_with("SAMORDNA_")) {
            command.env_remove(key);
        }
        command.current_dir(self.home.path());
        command.envs(self.environment.iter().map(|(key, value)| (key, value)));
        command
    }

    fn port_of(&self, program: &str) -> u16 {
        let section = if program == "samordna" { "gateway" } else { program };
        let key = format!("SAMORDNA__{}__LISTEN", section.to_uppercase());
        let (_, listen) = self.environment.iter().find(|(name, _)| *name == key).unwrap();
        listen.rsplit(':').next().unwrap().parse().unwrap()
    }

    /// Where the pages and the edge are.
    pub(crate) fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.gateway_port)
    }

    async fn create_accounts(&self) {
        for (id, role, scope) in ACCOUNTS {
            self.create_account(id, role, scope).await;
        }
    }

    /// Creates an account with a role.
    pub(crate) async fn create_account(&self, id: &str, role: Role, scope: &str) {
        let journal = Journal::new(self.gateway_database().await, Clock::system());
        let scope = Scope::parse("scope", scope).unwrap();
        let new = NewAccount {
            federation: federation_of(id).to_owned(),
            id: id.to_owned(),
            display_name: format!("Konto {id}"),
            kind: if id == "filer" { AccountKind::System } else { AccountKind::Person },
            // Whoever works in a team as a whole is somebody's, too.
            party: matches!(scope, Scope::Team(_)).then(|| "surahammar".to_owned()),
            secret: PASSWORD.into(),
            grants: vec![RoleGrant { role, scope }],
        };
        gateway::account::create(&journal, new).await.unwrap();
    }

    async fn gateway_database(&self) -> Database {
        let url =
            self.environment.iter().find(|(key, _)| key == "SAMORDNA__GATEWAY__DATABASE__URL");
        let url = url.map(|(_, url)| url.as_str().into());
        let config = DatabaseConfig { url, connections: 2, ..DatabaseConfig::default() };
        Database::open(&config, &self.home.path().join("data/gateway.sqlite")).await.unwrap()
    }

    /// A bearer token of an account.
    pub(crate) async fn token(&self, account: &str) -> String {
        let slug = |text: &str| Slug::parse("id", text).unwrap();
        let name = AccountName::new(slug(federation_of(account)), slug(account));
        let database = self.gateway_database().await;
        let setting = "SAMORDNA__GATEWAY__MASTER_KEY";
        let key = self.environment.iter().find(|(key, _)| key == setting);
        let master_key = key.map(|(_, key)| key.as_str().into());
        let config = gateway::Config { master_key, ..gateway::Config::default() };
        let config = config.with_key(&self.home.path().join("data")).unwrap();
        gateway::token::issue_for(&config, &database, &name, Clock::system()).await.unwrap()
    }

    /// A client of an account, over the edge.
    pub(crate) async fn client(&self, account: &str) -> Gateway {
        let channel = Endpoint::from_shared(self.address()).unwrap().connect_lazy();
        samordna::import::connect(channel, &self.token(account).await, Language::English).unwrap()
    }

    /// A principal signed as the gateway signs it, which nobody outside can.
    pub(crate) fn signed_principal(&self, account: &str, role: Role) -> MetadataValue<Ascii> {
        let key = "SAMORDNA__PRINCIPAL__PRIVATE_KEY";
        let (_, pem) = self.environment.iter().find(|(name, _)| name == key).unwrap();
        let principal =
            testing::caller(federation_of(account), account, &[(role, Scope::Federation)]);
        PrincipalSigner::from_pem(pem, Clock::system()).unwrap().sign(&principal).unwrap()
    }

    /// Imports a folder by the command; answers whether it went well, and what
    /// it printed.
    pub(crate) async fn import(&self, folder: &str, apply: bool) -> (bool, String) {
        let (token, address) = (self.token("filer").await, self.address());
        let mut arguments = vec![
            "import",
            folder,
            "--federation",
            "vastmanland",
            "--server",
            &address,
            "--token",
            &token,
        ];
        arguments.extend(["--language", "en"]);
        if apply {
            arguments.push("--apply");
        }
        self.try_operate("samordna", &arguments)
    }

    /// Loads the demonstration's files and gives the approvals.
    pub(crate) async fn load(&self) {
        let (ok, output) = self.import(&demo_files(), true).await;
        assert!(ok, "{output}");
        samordna::demo::approvals::give(self.client("ekonom").await, self.client("kansli").await)
            .await
            .unwrap();
    }

    /// A folder of its own for a test's files.
    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        let folder = self.home.path().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    /// Stops everything and drops its databases.
    pub(crate) async fn stop(mut self) {
        for running in std::mem::take(&mut self.processes).into_values() {
            running.stop();
        }
        for postgres in std::mem::take(&mut self.postgres) {
            let database = postgres.open().await;
            postgres.remove(database).await;
        }
    }
}

/// The demonstration's folder.
pub(crate) fn demo_files() -> String {
    concat!(env!("CARGO_MANIFEST_DIR"), "/../deploy/demo").to_owned()
}

fn federation_of(account: &str) -> &'static str {
    if account.starts_with("sormland") { "sormland" } else { "vastmanland" }
}
