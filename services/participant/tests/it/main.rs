//! The participant service's RPCs, in process, on both databases.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod area;
mod banding;
mod federation;
mod group_activity;
mod import;
mod intake_pause;
mod municipality;
mod party;
mod permissions;
mod position;
mod questionnaire;
mod reserved_places;
mod table_layout;
mod team;
mod verify;
mod world;
