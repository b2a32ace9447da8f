//! Signing in with a local account, and signing out.

use askama::Template;
use axum::{
    extract::{Query, State as Shared},
    response::{IntoResponse as _, Response},
};
use http::{HeaderValue, StatusCode, header};
use tonic::Status;

use super::{
    error_page::{Trouble, explanation, http_status},
    form::{Fields, Posted, local_path},
    kept::Kept,
    layout::{Layout, Reader, Visit, page, page_with},
};
use crate::{
    State,
    credentials::Refusal,
    session::{self, SignedIn},
    text,
};

const SIGN_IN: &str = "/sign-in";

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    layout: Layout,
    username: String,
    next: String,
    /// What goes along, to be sent when somebody is signed in again.
    kept: Vec<(String, String)>,
    refusal: Option<String>,
}

/// The form.
pub(crate) async fn show(reader: Reader, Query(query): Query<Vec<(String, String)>>) -> Response {
    let next = query.iter().find(|(name, _)| name == "next").map(|(_, next)| next.as_str());
    page(&form(&reader, "", &way_on(next.unwrap_or_default()), (None, None)))
}

/// The form for somebody whose session has ended, with what they typed.
pub(super) fn ask_again(reader: &Reader, kept: Kept) -> Response {
    let next = local_path(&kept.action).to_owned();
    page(&form(reader, "", &next, (Some(kept), None)))
}

/// Where the sign-in page leads: what was first asked for, within this site.
fn way_on(encoded: &str) -> String {
    local_path(&session::read_next(encoded).unwrap_or_default()).to_owned()
}

/// Signs in and goes on to the page first asked for, or to what was typed before.
pub(crate) async fn sign_in(
    Shared(state): Shared<State>,
    reader: Reader,
    fields: Fields,
) -> Response {
    let posted = Posted::from_anybody(fields);
    let (username, next) = (posted.get("username").trim(), local_path(posted.get("next")));
    let kept = Kept::along(&posted, next);
    let refuse = |status: StatusCode, refusal: String| {
        page_with(status, &form(&reader, username, next, (kept.clone(), Some(refusal))))
    };
    match session::sign_in(&state, username, posted.get("password")).await {
        Ok(SignedIn { cookie, csrf }) => match kept {
            Some(kept) => with_cookie(kept.ask(&reader, csrf), cookie),
            None => see_other(next, Some(cookie)),
        },
        Err(Refusal::WrongCredentials) => {
            let refusal = text::message(reader.language, "sign-in-wrong", &[]);
            refuse(StatusCode::UNPROCESSABLE_ENTITY, refusal)
        }
        Err(Refusal::TooManyAttempts { retry_after }) => {
            let seconds = retry_after.to_string();
            let refusal =
                text::message(reader.language, "sign-in-too-many", &[("seconds", &seconds)]);
            let retry_after = [(header::RETRY_AFTER, retry_after.to_string())];
            (retry_after, refuse(StatusCode::TOO_MANY_REQUESTS, refusal)).into_response()
        }
        Err(Refusal::Failed(failure)) => {
            let status = Status::from(failure);
            refuse(http_status(status.code()), explanation(reader.language, &status))
        }
    }
}

/// Signs out and shows the form again.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn sign_out(visit: Visit, fields: Fields) -> Result<Response, Trouble> {
    Posted::accept(&visit, fields)?;
    let cookie = session::sign_out(&visit.state, &visit.session).await;
    let cookie = cookie.map_err(|failure| Trouble::of(&visit, &Status::from(failure)))?;
    Ok(see_other(SIGN_IN, Some(cookie)))
}

/// Goes on to another page after a post.
#[must_use]
pub(crate) fn see_other(path: &str, cookie: Option<HeaderValue>) -> Response {
    let response = axum::response::Redirect::to(path).into_response();
    match cookie {
        Some(cookie) => with_cookie(response, cookie),
        None => response,
    }
}

fn with_cookie(mut response: Response, cookie: HeaderValue) -> Response {
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}

fn form(
    reader: &Reader,
    username: &str,
    next: &str,
    (kept, refusal): (Option<Kept>, Option<String>),
) -> SignInPage {
    let title = text::message(reader.language, "sign-in-heading", &[]);
    SignInPage {
        // A language chosen here leads back to the form, not to a post.
        layout: Layout { address: SIGN_IN.to_owned(), ..Layout::for_anybody(reader, title) },
        username: username.to_owned(),
        next: next.to_owned(),
        kept: kept.map(|kept| kept.fields).unwrap_or_default(),
        refusal,
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

    use super::*;

    #[test]
    fn signing_in_never_leads_to_another_site() {
        let lead = |path: &str| way_on(&URL_SAFE_NO_PAD.encode(path));
        assert_eq!(lead("/funding?year=2025"), "/funding?year=2025");
        for path in [
            "//evil.example",
            "https://evil.example",
            "",
            "/\\evil.example",
            "/\t/evil.example",
            "/a\r\nSet-Cookie: x",
        ] {
            assert_eq!(lead(path), "/", "{path}");
        }
        assert_eq!(way_on("not base64!"), "/");
    }
}
