//! What people do with Samordna, against real processes.

mod attachment;
mod crash;
mod edge;
mod events;
mod figures;
mod import;
mod telemetry;
pub(crate) mod world;
