//! The participant service's RPCs, in process, on both databases.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod activity_count;
mod along;
mod area;
mod banding;
mod canary;
mod criteria;
mod data_set;
mod disposal;
mod enrolment;
mod event;
mod federation;
mod follow_up;
mod group_activity;
mod import;
mod intake_pause;
mod migration;
mod milestone;
mod municipality;
mod participant;
mod participant_import;
mod party;
mod people;
mod permissions;
mod placement;
mod position;
mod questionnaire;
mod queue;
mod read_log;
mod rebuild;
mod referral;
mod reserved_places;
mod survey;
mod table_layout;
mod tabulation;
mod team;
mod verify;
mod world;
mod written;
