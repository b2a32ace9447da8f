//! Evidence as it is written for the program that checks a release: `verifier` reads the
//! same with code of its own.

use proto::participant as message;
use serde::Serialize;

use crate::domain::{disclosure::table::Place, fact::Measure};

/// What proves counts of a publication.
#[derive(Debug, Serialize)]
pub(in crate::rpc) struct Evidence {
    /// The publication, as a resource name.
    pub(in crate::rpc) release: String,
    /// The counts.
    pub(in crate::rpc) counts: Vec<Proof>,
}

/// What proves a count: where it stands, for people; and what was committed to.
#[derive(Debug, Serialize)]
pub(in crate::rpc) struct Proof {
    pub(in crate::rpc) layout: String,
    pub(in crate::rpc) keys: Vec<String>,
    pub(in crate::rpc) measure: &'static str,
    pub(in crate::rpc) commitment: String,
    pub(in crate::rpc) records: Vec<Record>,
}

/// A record version that is told, or its leaf alone.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(in crate::rpc) enum Record {
    Told { version: String, salt: String },
    Withheld { leaf: String },
}

/// The keys of a place as they are sent and told: `*` for all together.
pub(in crate::rpc) fn keys(place: &Place) -> Vec<String> {
    let key = |key: &Option<String>| key.clone().unwrap_or_else(|| ALL.to_owned());
    place.keys.iter().map(key).collect()
}

/// A key as it was sent.
pub(in crate::rpc) fn key(sent: String) -> Option<String> {
    (sent != ALL).then_some(sent)
}

/// A measure's name in the contract.
pub(in crate::rpc) fn measure(measure: Measure) -> &'static str {
    message::Measure::try_from(measure as i32).unwrap_or_default().as_str_name()
}

const ALL: &str = "*";
