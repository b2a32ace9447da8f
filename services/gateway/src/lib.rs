//! The gateway: signs people and systems in, passes their calls on to the
//! services, and serves the web pages.
//!
//! Architecture invariant: no figure and no rule of the federation's work is
//! computed here; what a page shows, a service answered.

pub mod account;
mod body_patience;
mod callers;
pub mod config;
pub mod credentials;
pub mod domain;
mod edge;
mod invitation;
pub mod process;
mod rpc;
pub mod session;
mod signing_key;
mod store;
pub mod text;
pub mod token;
mod uploaded_list;
mod verify;
pub mod web;

use std::{path::Path, sync::Arc};

use anyhow::bail;
use axum::middleware::map_response;
use body_patience::BodyPatience;
use platform::{
    Clock, Database, Journal, Mounted, Principal, PrincipalVerifier, Transport,
    principal::PrincipalSigner,
};
use tokio::sync::Semaphore;
use values::{
    Slug,
    name::{AccountName, PartyName, TeamName},
};

pub use config::Config;
pub use rpc::PERMISSIONS;
pub use store::migrations::Migrator;

/// The gateway's name: its section of the settings, its database, its traces.
pub const NAME: &str = "gateway";

/// Workbooks that are read at the same time.
const READINGS_AT_ONCE: usize = 2;

/// What the gateway is handed.
pub struct Deps {
    /// The clock.
    pub clock: Clock,
    /// Its own database.
    pub database: Database,
    /// Signs the principals it sends.
    pub signer: PrincipalSigner,
    /// Verifies them, for its own RPCs.
    pub verifier: PrincipalVerifier,
    /// The way to `samordna.organisation.v1`.
    pub organisation: Transport,
    /// The way to `samordna.finance.v1`.
    pub finance: Transport,
    /// The way to `samordna.reporting.v1`.
    pub reporting: Transport,
}

/// What every request may use; cheap to clone.
#[derive(Clone)]
pub struct State {
    /// The clock.
    pub clock: Clock,
    /// The way to `samordna.organisation.v1`.
    pub organisation: Transport,
    /// The way to `samordna.finance.v1`.
    pub finance: Transport,
    /// The way to `samordna.reporting.v1`.
    pub reporting: Transport,
    /// Cookies are sent over TLS only.
    pub secure_cookies: bool,
    pub(crate) own: Transport,
    pub(crate) journal: Journal,
    pub(crate) signer: PrincipalSigner,
    pub(crate) issuer: Arc<token::Issuer>,
    pub(crate) callers: Arc<callers::Callers>,
    pub(crate) places: edge::Places,
    pub(crate) checks: credentials::Checks,
    /// Workbooks that are read at the same time: each takes some hundred megabytes.
    pub(crate) readings: Arc<Semaphore>,
    /// Forms with a file that are taken in at the same time.
    pub(crate) uploads: Arc<Semaphore>,
    /// How long a session may lie unused.
    pub(crate) idle_seconds: i64,
}

impl State {
    /// The name people read of an account; the name itself when there is no
    /// such account.
    pub async fn display_name(&self, account: &str) -> String {
        let Ok(name) = AccountName::parse("account", account) else {
            return account.to_owned();
        };
        let today = self.clock.today();
        match store::account::find(&self.journal.database().read, &name, today).await {
            Ok(Some(account)) => account.display_name,
            Ok(None) | Err(_) => account.to_owned(),
        }
    }

    /// The accounts that can be the coach of a party's people in a team today, with the
    /// names people read.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(crate) async fn coaches(
        &self,
        team: &TeamName,
        party: &PartyName,
    ) -> Result<Vec<(Slug, String)>, platform::Failure> {
        let read = &self.journal.database().read;
        Ok(store::account::coaches(read, team, party, self.clock.today()).await?)
    }

    /// A principal as services take it.
    pub(crate) fn sign(
        &self,
        principal: &Principal,
    ) -> Result<platform::principal::SignedPrincipal, platform::Failure> {
        Ok(self.signer.sign(principal)?)
    }
}

/// Mounts the gateway: pages, edge and its own RPCs.
///
/// # Errors
/// When its signing key cannot be read or made.
pub async fn mount(config: &Config, deps: Deps) -> anyhow::Result<Mounted> {
    mount_with(config, deps, BodyPatience::default()).await
}

async fn mount_with(
    config: &Config,
    deps: Deps,
    patience: BodyPatience,
) -> anyhow::Result<Mounted> {
    let database = deps.database.clone();
    let state = state(config, deps).await?;
    let routes = patience
        .limit(web::routes(&state).merge(token::routes()))
        .merge(edge::routes())
        .with_state(state);
    let routes =
        if config.is_tls() { routes.layer(map_response(web::require_tls)) } else { routes };
    Ok(Mounted { name: NAME, routes, background: Vec::new(), database })
}

async fn state(config: &Config, deps: Deps) -> anyhow::Result<State> {
    let Deps { clock, database, signer, verifier, organisation, finance, reporting } = deps;
    let journal = Journal::new(database.clone(), clock.clone());
    let callers = Arc::new(callers::Callers::new(database.clone(), clock.clone()));
    let shared = rpc::Shared {
        journal: journal.clone(),
        callers: Arc::clone(&callers),
        organisation: organisation.clone(),
    };
    let own = platform::mount::guarded(NAME, rpc::routes(&shared), rpc::PERMISSIONS, verifier);
    Ok(State {
        issuer: Arc::new(token::Issuer::open(config, &database, clock.clone()).await?),
        callers,
        places: edge::Places::new(config.calls_at_once),
        checks: credentials::Checks::default(),
        readings: Arc::new(Semaphore::new(READINGS_AT_ONCE)),
        uploads: Arc::new(Semaphore::new(web::UPLOADS_AT_ONCE)),
        idle_seconds: i64::from(config.session_idle_minutes) * 60,
        own: Transport::local(own),
        secure_cookies: config.has_secure_cookies(),
        clock,
        organisation,
        finance,
        reporting,
        journal,
        signer,
    })
}

/// Makes a master key in the data directory where the settings have none: for a process
/// that nobody was asked to set up.
///
/// # Errors
/// When the key is lost, or its file cannot be written.
pub async fn ensure_key(
    config: &Config,
    data_directory: &Path,
    database: &Database,
) -> anyhow::Result<()> {
    if config.master_key.is_some() || config::KEY_FILE.is_there(data_directory) {
        return Ok(());
    }
    if signing_key::is_sealed(database).await? {
        bail!(
            "the key that bearer tokens are signed with is here, and what opens it is not: put \
             gateway.key back into {}, or set gateway.master_key to what stood in it; when it is \
             lost, {}",
            data_directory.display(),
            signing_key::REMOVAL
        );
    }
    config::KEY_FILE.make(data_directory)
}

/// Checks the gateway's journal, and that roles are what it says they are.
///
/// # Errors
/// When the database cannot be read.
pub async fn verify(database: &Database) -> anyhow::Result<Vec<String>> {
    verify::verify(database).await
}
