//! The first sign-in: the code that was handed over, and a password of one's own.

use askama::Template;
use axum::{
    extract::State as Shared,
    response::{IntoResponse as _, Response},
};
use http::{StatusCode, header};
use tonic::Status;

use super::{
    error_page::{explanation, http_status},
    form::{Fields, Posted},
    layout::{Layout, Reader, page, page_with},
    sign_in::see_other,
};
use crate::{State, credentials::Refusal, invitation, session, text};

const ADDRESS: &str = "/sign-in/first";

#[derive(Template)]
#[template(path = "first_sign_in.html")]
struct FirstSignInPage {
    layout: Layout,
    username: String,
    refusal: Option<String>,
}

/// The form.
pub(crate) async fn show(reader: Reader) -> Response {
    page(&form(&reader, "", None))
}

/// Chooses the password, signs in and goes on to the overview.
pub(crate) async fn save(Shared(state): Shared<State>, reader: Reader, fields: Fields) -> Response {
    let posted = Posted::from_anybody(fields);
    let (username, password) = (posted.get("username").trim(), posted.get("password"));
    let refuse = |status: StatusCode, refusal: String| {
        page_with(status, &form(&reader, username, Some(refusal)))
    };
    let say = |id: &str, facts: &[(&str, &str)]| text::message(reader.language, id, facts);
    if password != posted.get("repeated") {
        return refuse(StatusCode::UNPROCESSABLE_ENTITY, say("first-sign-in-differs", &[]));
    }
    let signed_in = match invitation::accept(&state, username, posted.get("code"), password).await {
        Ok(()) => session::sign_in(&state, username, password).await,
        Err(refusal) => Err(refusal),
    };
    match signed_in {
        Ok(signed_in) => see_other("/", Some(signed_in.cookie)),
        Err(Refusal::WrongCredentials) => {
            refuse(StatusCode::UNPROCESSABLE_ENTITY, say("first-sign-in-wrong", &[]))
        }
        Err(Refusal::TooManyAttempts { retry_after }) => {
            let seconds = retry_after.to_string();
            let said = say("sign-in-too-many", &[("seconds", &seconds)]);
            let retry_after = [(header::RETRY_AFTER, retry_after.to_string())];
            (retry_after, refuse(StatusCode::TOO_MANY_REQUESTS, said)).into_response()
        }
        Err(Refusal::Failed(failure)) => {
            let status = Status::from(failure);
            refuse(http_status(status.code()), explanation(reader.language, &status))
        }
    }
}

fn form(reader: &Reader, username: &str, refusal: Option<String>) -> FirstSignInPage {
    let title = text::message(reader.language, "first-sign-in-heading", &[]);
    FirstSignInPage {
        layout: Layout { address: ADDRESS.to_owned(), ..Layout::for_anybody(reader, title) },
        username: username.to_owned(),
        refusal,
    }
}
