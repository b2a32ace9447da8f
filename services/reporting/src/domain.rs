//! What figures mean, which of them contradict each other, and how the teams'
//! figures make the federation's half-year report.
//!
//! Architecture invariant: plain synchronous Rust over plain values; no SQL, no
//! proto, no clock, no randomness, no logging. A resource's name stands beside
//! its content, never in it.

pub mod canonical;
pub mod chapter;
pub mod check;
pub mod comment;
pub mod compiled;
pub mod definition;
pub mod derived;
pub mod figures;
pub mod finding;
pub mod half_year_report;
pub mod import;
pub mod language;
pub mod narrative;
pub mod personal_number;
pub mod protection;
pub mod quantity;
pub mod release;
pub mod report;
pub mod reported_figures;
pub mod reporting_period;
pub mod restatement;
pub mod swedish_order;
pub mod template;
pub mod unit_cost;
pub mod vocabulary;
