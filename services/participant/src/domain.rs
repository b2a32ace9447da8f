//! The organisation's rules: what may be created, and what an import does.
//!
//! Architecture invariant: plain synchronous Rust over plain values; no SQL, no
//! proto, no clock, no randomness, no logging. A resource's name stands beside
//! its content, never in it.

pub mod area;
pub mod banding;
pub mod code;
pub mod create;
pub mod criteria;
pub mod disclosure;
pub mod fact;
pub mod federation;
pub mod import;
pub mod livelihood;
pub mod municipality;
pub mod party;
pub mod person;
pub mod personal_number;
pub mod referral;
pub mod table_layout;
pub mod team;
