//! The PostgreSQL server that is measured: the one that the environment names,
//! or one of its own in a temporary folder, with the durability it comes with.

use std::{
    env, fs,
    os::unix::{
        fs::{MetadataExt as _, PermissionsExt as _, chown},
        process::CommandExt as _,
    },
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection, Statement};
use tempfile::TempDir;
use uuid::Uuid;

use crate::{
    child::{self, Running, unless_stopped},
    port,
    table::line,
};

/// Names a server that databases may be made on; the tests' variable.
const GIVEN: &str = "SAMORDNA_TEST_POSTGRES";
/// The services, each with a database of its own.
pub(crate) const SERVICES: [&str; 4] = ["participant", "finance", "reporting", "gateway"];
const STARTING: Duration = Duration::from_secs(30);

/// A server, and the process when it is one of its own.
pub(crate) struct Server {
    address: String,
    own: Option<(Running, TempDir)>,
}

/// A few databases of one measurement.
pub(crate) struct Databases {
    server: String,
    prefix: String,
    names: Vec<&'static str>,
}

impl Databases {
    /// The address of the database of that name.
    pub(crate) fn address(&self, name: &str) -> String {
        format!("{}/{}_{name}", self.server, self.prefix)
    }

    /// Lets the server take stock of tables that were empty a moment ago, as it
    /// does by itself every minute: it plans by what it knows of them.
    pub(crate) async fn analyse(&self) -> anyhow::Result<()> {
        for name in &self.names {
            self.run(name, "ANALYZE").await?;
        }
        Ok(())
    }

    /// Runs SQL in one of them.
    pub(crate) async fn run(&self, name: &str, sql: &str) -> anyhow::Result<()> {
        let connection = connect(&self.address(name)).await?;
        let result = connection.execute_unprepared(sql).await;
        connection.close().await?;
        result.with_context(|| format!("SQL on the database {name}"))?;
        Ok(())
    }

    /// The settings that name them all, when they are named after services.
    pub(crate) fn settings(&self) -> Vec<(String, String)> {
        let setting = |name: &&str| (variable(name), self.address(name));
        self.names.iter().map(setting).collect()
    }
}

/// The setting that holds the address of a service's database.
pub(crate) fn variable(service: &str) -> String {
    format!("SAMORDNA__{}__DATABASE__URL", service.to_uppercase())
}

impl Server {
    /// The server that the environment names, or a new one.
    pub(crate) async fn given_or_started() -> anyhow::Result<Self> {
        if let Ok(address) = env::var(GIVEN) {
            return Ok(Self { address, own: None });
        }
        let mut permissions = tempfile::Builder::new();
        let permissions = permissions.permissions(fs::Permissions::from_mode(0o750));
        let folder = permissions.tempdir().context("no temporary folder")?;
        let address = port::free()?;
        let programs = programs()?;
        let cluster = folder.path().join("cluster");
        fs::create_dir(&cluster).context("no folder for the cluster")?;
        let user = User::to_run_as()?;
        if let Some(User { id, group }) = user {
            chown(&cluster, Some(id), Some(group)).context("cannot hand the folder over")?;
            // Only to go through.
            chown(folder.path(), None, Some(group)).context("cannot let the server in")?;
        }
        let command = |program: &str| {
            let mut command = Command::new(programs.join(program));
            if let Some(User { id, group }) = user {
                command.uid(id).gid(group);
            }
            command.current_dir(&cluster).arg("-D").arg(&cluster);
            command
        };
        let mut make = command("initdb");
        make.args(["--username=postgres", "--auth=trust"])
            .args(["--encoding=UTF8", "--locale=C.UTF-8"]);
        child::run(make)?;
        let mut serve = command("postgres");
        serve
            .args(["-c", "listen_addresses=127.0.0.1", "-c"])
            .arg(format!("port={}", address.port()))
            .args(["-c", "unix_socket_directories="]);
        let mut process = Running::start("postgresql", folder.path(), serve)?;
        let address = format!("postgres://postgres@{address}/postgres");
        wait(&address, &mut process).await?;
        let own = Some((process, folder));
        Ok(Self { address, own })
    }

    /// Makes new databases of those names, and takes them away when the work with
    /// them is done, has failed or is stopped.
    pub(crate) async fn with_databases(
        &self,
        names: &[&'static str],
        work: impl AsyncFnOnce(&Databases) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        self.describe().await?;
        let databases = self.databases(names).await?;
        let result = unless_stopped(work(&databases)).await;
        let dropped = self.drop_databases(&databases).await;
        result.and(dropped)
    }

    /// Says what a commit costs here: a figure of a server that does not flush is
    /// none.
    async fn describe(&self) -> anyhow::Result<()> {
        let admin = connect(&self.address).await?;
        let mut settings = Vec::new();
        for setting in ["server_version", "fsync", "synchronous_commit"] {
            let row = admin.query_one_raw(Statement::from_string(
                admin.get_database_backend(),
                format!("SHOW {setting}"),
            ));
            let row = row.await?.context("a setting without a value")?;
            settings.push(format!("{setting} {}", row.try_get::<String>("", setting)?));
        }
        admin.close().await?;
        line(&format!("  PostgreSQL: {}\n", settings.join(", ")));
        Ok(())
    }

    async fn databases(&self, names: &[&'static str]) -> anyhow::Result<Databases> {
        let (server, _) =
            self.address.rsplit_once('/').context("the server's address names no database")?;
        let databases = Databases {
            server: server.to_owned(),
            prefix: format!("samordna_load_{}", Uuid::now_v7().simple()),
            names: names.to_vec(),
        };
        self.each(&databases, |name| format!("CREATE DATABASE {name}")).await?;
        Ok(databases)
    }

    async fn drop_databases(&self, databases: &Databases) -> anyhow::Result<()> {
        // The processes that used them are stopped; a session of a killed one may
        // not have noticed yet.
        self.each(databases, |name| format!("DROP DATABASE {name} WITH (FORCE)")).await
    }

    async fn each(
        &self,
        databases: &Databases,
        sql_for: impl Fn(&str) -> String,
    ) -> anyhow::Result<()> {
        let admin = connect(&self.address).await?;
        for name in &databases.names {
            let sql = sql_for(&format!("{}_{name}", databases.prefix));
            admin.execute_unprepared(&sql).await.context(sql)?;
        }
        Ok(admin.close().await?)
    }

    /// Stops the server when it is one of its own.
    pub(crate) async fn stop(self) -> anyhow::Result<()> {
        if let Some((process, _folder)) = self.own {
            // A fast shutdown, in PostgreSQL's words.
            process.stop("INT").await?;
        }
        Ok(())
    }
}

async fn wait(address: &str, process: &mut Running) -> anyhow::Result<()> {
    let deadline = Instant::now() + STARTING;
    loop {
        process.check()?;
        match connect(address).await {
            Ok(connection) => return Ok(connection.close().await?),
            Err(error) if Instant::now() > deadline => return Err(error),
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

async fn connect(address: &str) -> anyhow::Result<DatabaseConnection> {
    let connection = Database::connect(address).await;
    connection.context("the PostgreSQL server does not answer")
}

/// Who the server runs as: it refuses to run as root.
#[derive(Clone, Copy)]
struct User {
    id: u32,
    group: u32,
}

impl User {
    fn to_run_as() -> anyhow::Result<Option<Self>> {
        let me = fs::metadata("/proc/self").context("who runs this")?.uid();
        if me != 0 {
            return Ok(None);
        }
        let users = fs::read_to_string("/etc/passwd").context("the list of users")?;
        let line = users.lines().find(|line| line.starts_with("postgres:"));
        let line = line.context("there is no user postgres to run the server as")?;
        let fields: Vec<&str> = line.split(':').collect();
        let number = |index: usize| -> anyhow::Result<u32> {
            let field = fields.get(index).context("a short line")?;
            field.parse().context("no number in the list of users")
        };
        Ok(Some(Self { id: number(2)?, group: number(3)? }))
    }
}

/// Where the server's programs are: Debian keeps them by version, the newest is
/// taken; elsewhere they are in the path.
fn programs() -> anyhow::Result<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = Vec::new();
    if let Ok(entries) = fs::read_dir("/usr/lib/postgresql") {
        for entry in entries {
            let entry = entry.context("the versions of PostgreSQL")?;
            let number = entry.file_name().to_str().and_then(|name| name.parse().ok());
            versions.extend(number.map(|number| (number, entry.path().join("bin"))));
        }
    }
    versions.sort();
    let in_path = || {
        let path = env::var_os("PATH").unwrap_or_default();
        env::split_paths(&path).find(|folder| has_server(folder))
    };
    let found = versions.pop().map(|(_, folder)| folder);
    let found = found.filter(|folder| has_server(folder)).or_else(in_path);
    found.with_context(|| format!("PostgreSQL is not installed, and {GIVEN} names no server"))
}

/// A command of one of the programs that come with the server.
///
/// # Errors
/// When it is not installed.
pub(crate) fn program(name: &str) -> anyhow::Result<Command> {
    Ok(Command::new(programs()?.join(name)))
}

fn has_server(folder: &Path) -> bool {
    folder.join("initdb").exists() && folder.join("postgres").exists()
}
