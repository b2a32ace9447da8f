//! The platform on real databases of both kinds.

#![expect(clippy::unwrap_used, reason = "a test stops where it goes wrong")]

mod claim;
mod connections;
mod follow;
mod guarded;
mod journal;
mod listener;
mod model;
mod order;
mod tls;
mod world;
