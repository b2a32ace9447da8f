//! The page of something that is registered and never changed: its facts, and its parts in
//! a table.

use askama::Template;
use axum::response::Response;

use super::definitions::LIST;
use crate::web::{
    form::page::{Back, Fact},
    layout::{Layout, Visit, page},
};

#[derive(Template)]
#[template(path = "registered.html")]
struct RegisteredPage {
    layout: Layout,
    back: Back,
    facts: Vec<Fact>,
    link: Option<Back>,
    caption: String,
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// What there is to show.
#[derive(Debug, Default)]
pub(super) struct Registered {
    /// What is true of the whole.
    pub(super) facts: Vec<Fact>,
    /// A page to go on to.
    pub(super) link: Option<Back>,
    /// What the table of its parts shows; empty when there is none.
    pub(super) caption: String,
    /// What the table's columns are called.
    pub(super) columns: Vec<String>,
    /// The parts.
    pub(super) rows: Vec<Vec<String>>,
}

/// The page.
pub(super) fn show_registered(visit: &Visit, title: String, registered: Registered) -> Response {
    let Registered { facts, link, caption, columns, rows } = registered;
    let back = Back::to(LIST, visit.t("definitions-heading"));
    let layout = Layout::of(visit, title);
    page(&RegisteredPage { layout, back, facts, link, caption, columns, rows })
}
