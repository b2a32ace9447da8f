//! Money: recipients, grants, requisitions, the ledger and the funding table.
//!
//! Architecture invariant: people are unknown here. The service asks
//! organisation whether a team or a party is there, and nothing else.

pub mod config;
pub mod domain;
mod export;
pub mod process;
mod rpc;
mod store;
mod verify;

use platform::{
    Clock, Database, Journal, Mounted, PrincipalVerifier, Transport, journal::Pace, mount,
};

pub use config::Config;
pub use rpc::permissions::PERMISSIONS;
pub use store::migrations::Migrator;
pub use verify::verify;

/// The service's name: its section of the settings, its database, its spans.
pub const NAME: &str = "finance";

/// What the service is handed at its start.
#[derive(Clone)]
pub struct Deps {
    /// Tells the time.
    pub clock: Clock,
    /// The service's own database, up to date.
    pub database: Database,
    /// Verifies who is asking.
    pub verifier: PrincipalVerifier,
    /// The way to the organisation's teams and parties.
    pub organisation: Transport,
}

/// Mounts the service.
#[must_use]
pub fn mount(config: &Config, deps: Deps) -> Mounted {
    let Deps { clock, database, verifier, organisation } = deps;
    let routes = rpc::routes(rpc::Shared {
        journal: Journal::new(database.clone(), clock),
        organisation,
        under_warning_percent: config.under_warning_percent,
        pace: Pace::with_heartbeat_ms(config.heartbeat_ms),
    });
    Mounted {
        name: NAME,
        routes: mount::guarded(NAME, routes, PERMISSIONS, verifier),
        background: Vec::new(),
        database,
    }
}
