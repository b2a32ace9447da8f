//! The participant service's RPCs, in process, on both databases.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod area;
mod canary;
mod criteria;
mod federation;
mod import;
mod municipality;
mod participant;
mod party;
mod people;
mod permissions;
mod read_log;
mod referral;
mod team;
mod verify;
mod world;
