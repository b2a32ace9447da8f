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

use domain::{finding::CheckTexts, vocabulary::Vocabulary};
use platform::{Clock, Database, Journal, Mounted, PrincipalVerifier, Transport, mount};

pub use config::Config;
pub use remind::remind;
pub use rpc::permissions::PERMISSIONS;
pub use store::migrations::Migrator;
pub use verify::{claims, verify};

/// The service's name: of its section, its file and its telemetry.
pub const NAME: &str = "reporting";

/// The definitions in force.
const DEFINITIONS: &str = include_str!("../definitions/figures.toml");

/// Where derived figures come from.
const CROSSWALK: &str = include_str!("../definitions/derived.toml");
/// The words that texts are checked by.
const VOCABULARY: &str = include_str!("../definitions/words.toml");

/// What the checks are called.
const CHECKS: &str = include_str!("../definitions/checks.toml");

/// The templates that every federation has, by id.
const TEMPLATES: [(&str, &str); 2] = [
    ("half-year-report-1", include_str!("../templates/half-year-report-1.toml")),
    ("status-report-1", include_str!("../templates/status-report-1.toml")),
];

/// What the service needs from outside.
pub struct Deps {
    /// The time.
    pub clock: Clock,
    /// Its own database, migrated.
    pub database: Database,
    /// Verifies the callers that the gateway signs.
    pub verifier: PrincipalVerifier,
    /// The way to the organisation, and to the counts of records, which stand behind the
    /// same door.
    pub organisation: Transport,
    /// The way to finance.
    pub finance: Transport,
}

/// Mounts the service.
///
/// # Panics
/// When the definitions or the templates that were built in are not consistent, which
/// a test rules out.
#[must_use]
pub fn mount(config: &Config, deps: Deps) -> Mounted {
    let Config { listen: _, database: _ } = config;
    let Deps { clock, database, verifier, organisation, finance } = deps;
    let definitions =
        domain::definition::load(DEFINITIONS).expect("the definitions are consistent");
    let journal = Journal::new(database.clone(), clock);
    let vocabulary = Vocabulary::load(VOCABULARY).expect("the vocabulary is consistent");
    let checks = CheckTexts::load(CHECKS).expect("every check has its texts");
    let templates =
        TEMPLATES.map(|(id, source)| rpc::Shipped::load(&definitions, id, source)).to_vec();
    let crosswalk =
        domain::derived::load(&definitions, CROSSWALK).expect("the crosswalk fits the definitions");
    let shell = rpc::Shell {
        journal: journal.clone(),
        definitions: Arc::new(definitions),
        crosswalk: Arc::new(crosswalk),
        vocabulary: Arc::new(vocabulary),
        checks: Arc::new(checks),
        templates: templates.into(),
        organisation,
        finance,
        recent: Arc::default(),
    };
    Mounted {
        name: NAME,
        routes: mount::guarded(NAME, rpc::routes(&shell), PERMISSIONS, verifier),
        background: vec![Box::pin(remind::forever(journal))],
        database,
    }
}
