//! The pages: which address shows what.
//!
//! Architecture invariant: no page computes a figure or reads a table; it calls
//! the services on behalf of the person who is signed in, and renders.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware,
    routing::{get, post},
};

use crate::State;

mod accessibility;
mod assets;
mod error_page;
mod form;
pub mod format;
mod funding;
mod half_year_report;
mod language;
mod layout;
mod overview;
mod protection;
mod reads;
mod reported_figures;
mod requisition;
mod rights;
mod sign_in;
#[cfg(test)]
mod tests;

/// No form here holds more.
const LARGEST_FORM: usize = 256 * 1024;

/// Every page.
pub fn routes() -> Router<State> {
    Router::new()
        .route("/", get(overview::show))
        .route("/sign-in", get(sign_in::show).post(sign_in::sign_in))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/language", post(language::choose))
        .route("/accessibility", get(accessibility::show))
        .route("/funding", get(funding::show))
        .route("/requisitions", get(requisition::list::show))
        .route("/requisitions/new", get(requisition::draft::show).post(requisition::draft::save))
        .route("/requisitions/{requisition}", get(requisition::detail::show))
        .route("/requisitions/{requisition}/steps", post(requisition::step::take))
        .route("/half-year-reports", get(half_year_report::list))
        .route("/half-year-reports/{period}", get(half_year_report::show))
        .route("/reported-figures", get(reported_figures::list))
        .route(
            "/reported-figures/{period}/{team}",
            get(reported_figures::show).post(reported_figures::save),
        )
        .route("/static/{hash}/{file}", get(assets::serve))
        .fallback(error_page::not_found)
        .layer(DefaultBodyLimit::max(LARGEST_FORM))
        .layer(middleware::from_fn(protection::refuse_other_sites))
        .layer(middleware::from_fn(protection::add_headers))
}
