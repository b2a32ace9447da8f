//! The participant service: the federation's organisation, and the place where
//! its participants will be kept.
//!
//! Architecture invariant: the layers look one way. `rpc` parses, loads, asks
//! `domain` to decide, saves through `store` and renders; `domain` knows
//! neither; `store` knows `domain` alone.

mod config;
pub mod domain;
pub mod keyring;
pub mod process;
mod rpc;
mod store;
mod verify;

use platform::{Clock, Database, Journal, Mounted, PrincipalVerifier, mount};

pub use config::Config;
pub use rpc::permissions::PERMISSIONS;
pub use store::migrations::Migrator;
pub use verify::verify;

/// The service's name: of its section, its file and its telemetry.
pub const NAME: &str = "participant";

/// What the service needs from outside.
pub struct Deps {
    /// The time.
    pub clock: Clock,
    /// Its own database, migrated.
    pub database: Database,
    /// Verifies the callers that the gateway signs.
    pub verifier: PrincipalVerifier,
}

/// Mounts the service.
#[must_use]
pub fn mount(config: &Config, deps: Deps) -> Mounted {
    let Config { listen: _, database: _ } = config;
    let Deps { clock, database, verifier } = deps;
    let journal = Journal::new(database.clone(), clock);
    Mounted {
        name: NAME,
        routes: mount::guarded(NAME, rpc::routes(&journal), PERMISSIONS, verifier),
        background: Vec::new(),
        database,
    }
}
