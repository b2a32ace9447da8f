//! The page of a form: where it leads back to, what to know, the form.

use askama::Template;
use axum::response::Response;

use super::fields::Form;
use crate::web::layout::{Layout, Visit, page_with};

#[derive(Template)]
#[template(path = "form.html")]
struct FormPage {
    layout: Layout,
    back: Back,
    intro: String,
    facts: Vec<Fact>,
    form: Form,
}

/// The page above the form's.
#[derive(Debug, Clone)]
pub(crate) struct Back {
    /// Its address.
    pub href: String,
    /// What people read.
    pub text: String,
}

/// A fact to know while filling in a form.
#[derive(Debug, Clone)]
pub(crate) struct Fact {
    /// What it is about.
    pub name: String,
    /// What it is.
    pub value: String,
}

impl Back {
    /// The page above.
    #[must_use]
    pub(crate) fn to(href: impl Into<String>, text: impl Into<String>) -> Self {
        Self { href: href.into(), text: text.into() }
    }
}

impl Fact {
    /// A fact; `name_id` is the id of what it is about.
    #[must_use]
    pub(crate) fn new(visit: &Visit, name_id: &str, value: impl Into<String>) -> Self {
        Self { name: visit.t(name_id), value: value.into() }
    }
}

/// The form on a page of its own.
#[must_use]
pub(crate) fn form_page(
    visit: &Visit,
    title: impl Into<String>,
    back: Back,
    intro: impl Into<String>,
    form: Form,
) -> Response {
    form_page_with_facts(visit, title, back, intro, Vec::new(), form)
}

/// The same under facts to know.
#[must_use]
pub(crate) fn form_page_with_facts(
    visit: &Visit,
    title: impl Into<String>,
    back: Back,
    intro: impl Into<String>,
    facts: Vec<Fact>,
    form: Form,
) -> Response {
    let status = form.status();
    let layout = Layout::of(visit, title);
    page_with(status, &FormPage { layout, back, intro: intro.into(), facts, form })
}
