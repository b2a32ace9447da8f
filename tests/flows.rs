//! What people do with Samordna, against real processes.

mod crash;
mod edge;
mod figures;
mod import;
mod telemetry;
pub(crate) mod world;
