//! The organisation's rules: what may be created, and what an import does.
//!
//! Architecture invariant: plain synchronous Rust over plain values; no SQL, no
//! proto, no clock, no randomness, no logging. A resource's name stands beside
//! its content, never in it.

pub mod area;
pub mod create;
pub mod federation;
pub mod import;
pub mod municipality;
pub mod party;
pub mod personal_number;
pub mod team;
