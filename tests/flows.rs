//! What people do with Samordna, against real processes.

mod attachment;
mod canary;
mod collector;
mod crash;
mod edge;
mod events;
mod figures;
mod import;
mod release;
mod telemetry;
pub(crate) mod world;
