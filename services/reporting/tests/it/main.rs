//! The reporting service's RPCs, in process, on both databases. Organisation
//! and finance are answered by small servers of the test.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod attachment;
mod chapter;
mod comment;
mod compared;
mod counts;
mod due_report;
mod fetched;
mod figure_definition;
mod frozen;
mod half_year_report;
mod held_activities;
mod import;
mod local_goal;
mod national_follow_up;
mod others;
mod permissions;
mod personal_number;
mod programme_plan;
mod publishing;
mod release;
mod released_list;
mod released_report;
mod reminder;
mod report;
mod report_template;
mod reported_figures;
mod reporting_period;
mod restatement;
mod said;
mod steering_group;
mod steering_group_meeting;
mod totals;
mod unit_cost;
mod verify;
mod world;
