//! The columns of the tables, nothing else.

#![expect(unreachable_pub, reason = "the derive makes public types")]

pub(super) mod report;
pub(super) mod report_chapter;
pub(super) mod report_comment;
pub(super) mod report_release;
pub(super) mod report_release_file;
pub(super) mod report_template;
pub(super) mod reported_count;
pub(super) mod reported_figures;
pub(super) mod reporting_period;
