//! The participant service's RPCs, in process, on both databases.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod area;
mod banding;
mod federation;
mod import;
mod municipality;
mod party;
mod permissions;
mod table_layout;
mod team;
mod verify;
mod world;
