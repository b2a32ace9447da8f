//! The rules of the organisation and of people: what may be created, what an import
//! does, who may be referred, which step follows which, and who sees what of it.
//!
//! Architecture invariant: plain synchronous Rust over plain values; no SQL, no
//! proto, no clock, no randomness, no logging. A resource's name stands beside
//! its content, never in it.

pub mod area;
pub mod code;
pub mod create;
pub mod criteria;
pub mod fact;
pub mod federation;
pub mod import;
pub mod livelihood;
pub mod merge;
pub mod municipality;
pub mod party;
pub mod person;
pub mod personal_number;
pub mod reach;
pub mod referral;
pub mod team;
pub mod transfer;
