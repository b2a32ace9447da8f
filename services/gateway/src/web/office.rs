//! The addresses of what the office plans, steers, schedules and registers.

use axum::{Router, routing::get};

use super::due_report;
use crate::State;

/// These pages.
pub(super) fn routes() -> Router<State> {
    Router::new().merge(due_reports())
}

/// What is due, and who is reminded of it.
fn due_reports() -> Router<State> {
    Router::new()
        .route("/due-reports", get(due_report::list::show))
        .route(
            "/due-reports/schedule",
            get(due_report::schedule::show).post(due_report::schedule::save),
        )
        .route("/due-reports/remind", get(due_report::remind::show).post(due_report::remind::save))
}
