//! The participant service's RPCs, in process, on both databases.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod area;
mod banding;
mod canary;
mod criteria;
mod enrolment;
mod event;
mod federation;
mod group_activity;
mod import;
mod intake_pause;
mod municipality;
mod participant;
mod participant_import;
mod party;
mod people;
mod permissions;
mod position;
mod questionnaire;
mod queue;
mod read_log;
mod referral;
mod reserved_places;
mod table_layout;
mod tabulation;
mod team;
mod verify;
mod world;
