//! What figures mean, which of them contradict each other, and how the teams'
//! figures make the federation's half-year report.
//!
//! Architecture invariant: plain synchronous Rust over plain values; no SQL, no
//! proto, no clock, no randomness, no logging. A resource's name stands beside
//! its content, never in it.

pub mod attachment;
pub mod canonical;
pub mod change;
pub mod chapter;
pub mod check;
pub mod comment;
pub mod compiled;
pub mod definition;
pub mod derived;
pub mod due_report;
pub mod figures;
pub mod finding;
pub mod half_year;
pub mod half_year_report;
pub mod held_activities;
pub mod import;
pub mod language;
pub mod limits;
pub mod local_goal;
pub mod narrative;
pub mod national_follow_up;
pub mod planned_figures;
pub mod programme_plan;
pub mod protection;
pub mod quantity;
pub mod release;
pub mod reminder;
pub mod report;
pub mod reported_figures;
pub mod reporting_period;
pub mod restatement;
pub mod steering_group;
pub mod steering_group_meeting;
pub mod summed;
pub mod swedish_order;
pub mod template;
pub mod unit_cost;
pub mod vocabulary;
