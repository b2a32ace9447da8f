//! The rules of the organisation and of people: what may be created, what an import
//! does, who may be referred, which step follows which, and who sees what of it.
//!
//! Architecture invariant: plain synchronous Rust over plain values; no SQL, no
//! proto, no clock, no randomness, no logging. A resource's name stands beside
//! its content, never in it.

pub mod along;
pub mod area;
pub mod banding;
pub mod capacity;
pub mod case;
pub mod change;
pub mod code;
pub mod create;
pub mod criteria;
pub mod data_set;
pub mod days;
pub mod disclosure;
pub mod disposal;
pub mod enrolment;
pub mod fact;
pub mod federation;
pub mod follow_up;
pub mod group_activity;
pub mod import;
pub mod intake_pause;
pub mod livelihood;
pub mod merge;
pub mod milestone;
pub mod municipality;
pub mod participant_import;
pub mod party;
pub mod person;
pub mod personal_number;
pub mod placement;
pub mod position;
pub mod questionnaire;
pub mod queue;
pub mod reach;
pub mod referral;
pub mod reserved_places;
pub mod settled;
pub mod survey_answer;
pub mod survey_result;
pub mod table_layout;
pub mod tabulation;
pub mod team;
pub mod transfer;
