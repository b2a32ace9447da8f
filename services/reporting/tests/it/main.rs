//! The reporting service's RPCs, in process, on both databases. Organisation
//! and finance are answered by small servers of the test.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod chapter;
mod comment;
mod counts;
mod figure_definition;
mod half_year_report;
mod import;
mod others;
mod permissions;
mod release;
mod released_report;
mod report;
mod report_template;
mod reported_figures;
mod reporting_period;
mod restatement;
mod unit_cost;
mod verify;
mod world;
