//! The columns of the tables, nothing else.

#![expect(unreachable_pub, reason = "the derive makes public types")]

pub(super) mod area;
pub(super) mod banding;
pub(super) mod case_fact;
pub(super) mod criteria;
pub(super) mod data_agreement;
pub(super) mod disposal;
pub(super) mod disposed;
pub(super) mod disposed_fact;
pub(super) mod enrolment;
pub(super) mod federation;
pub(super) mod follow_up;
pub(super) mod follow_up_end;
pub(super) mod group_activity;
pub(super) mod intake_pause;
pub(super) mod milestone;
pub(super) mod municipality;
pub(super) mod participant_import;
pub(super) mod party;
pub(super) mod person;
pub(super) mod placement;
pub(super) mod position;
pub(super) mod questionnaire;
pub(super) mod referral;
pub(super) mod released_table;
pub(super) mod reserved_places;
pub(super) mod retention;
pub(super) mod survey_answer;
pub(super) mod table_layout;
pub(super) mod team;
pub(super) mod team_municipality;
