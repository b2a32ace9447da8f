//! The reporting service: what teams report, what does not add up in it, and
//! the half-year report that is compiled from it.
//!
//! Architecture invariant: the layers look one way. `rpc` parses, asks the
//! other services, loads, lets `domain` decide, saves through `store` and
//! renders; `domain` knows neither; `store` knows `domain` alone. A person is
//! never known here: what comes in are totals.

mod config;
pub mod domain;
mod export;
pub mod process;
mod remind;
mod rpc;
mod store;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod verify;

use std::sync::Arc;

use platform::{Clock, Database, Journal, Mounted, PrincipalVerifier, Transport, mount};

pub use config::Config;
pub use remind::remind;
pub use rpc::permissions::PERMISSIONS;
pub use store::migrations::Migrator;
pub use verify::verify;

/// The service's name: of its section, its file and its telemetry.
pub const NAME: &str = "reporting";

/// The definitions in force.
const DEFINITIONS: &str = include_str!("../definitions/figures.toml");

/// What the service needs from outside.
pub struct Deps {
    /// The time.
    pub clock: Clock,
    /// Its own database, migrated.
    pub database: Database,
    /// Verifies the callers that the gateway signs.
    pub verifier: PrincipalVerifier,
    /// The way to the organisation.
    pub organisation: Transport,
    /// The way to finance.
    pub finance: Transport,
}

/// Mounts the service.
///
/// # Panics
/// When the definitions that were built in are not consistent, which a test
/// rules out.
#[must_use]
pub fn mount(config: &Config, deps: Deps) -> Mounted {
    let Config { listen: _, database: _ } = config;
    let Deps { clock, database, verifier, organisation, finance } = deps;
    let definitions =
        domain::definition::load(DEFINITIONS).expect("the definitions are consistent");
    let journal = Journal::new(database.clone(), clock);
    let shell = rpc::Shell {
        journal: journal.clone(),
        definitions: Arc::new(definitions),
        organisation,
        finance,
    };
    Mounted {
        name: NAME,
        routes: mount::guarded(NAME, rpc::routes(&shell), PERMISSIONS, verifier),
        background: vec![Box::pin(remind::forever(journal))],
        database,
    }
}
