//! The accessibility statement that the law on accessibility of digital public
//! service (2018:1937) asks for. Running text, so a template for each language.

use askama::Template;
use axum::{extract::State as Shared, response::Response};

use super::layout::{Layout, Reader, Visit, page};
use crate::{
    State,
    session::Session,
    text::{self, Language},
};

#[derive(Template)]
#[template(path = "accessibility.sv.html")]
struct SwedishStatement {
    layout: Layout,
}

#[derive(Template)]
#[template(path = "accessibility.en.html")]
struct EnglishStatement {
    layout: Layout,
}

/// The statement, for anybody; with the menu for who is signed in.
pub(crate) async fn show(
    Shared(state): Shared<State>,
    reader: Reader,
    session: Option<Session>,
) -> Response {
    let title = text::message(reader.language, "accessibility-heading", &[]);
    statement(match session {
        Some(session) => Layout::of(&Visit { state, session, reader }, title),
        None => Layout::for_anybody(&reader, title),
    })
}

fn statement(layout: Layout) -> Response {
    match layout.language {
        Language::Swedish => page(&SwedishStatement { layout }),
        Language::English => page(&EnglishStatement { layout }),
    }
}
