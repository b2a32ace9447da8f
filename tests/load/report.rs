//! What a report takes that is written, checked and printed, in this process: nothing of
//! it needs a server.

pub(crate) mod checks;
pub(crate) mod printed;

/// The teams of a large federation.
const TEAMS: usize = 20;
