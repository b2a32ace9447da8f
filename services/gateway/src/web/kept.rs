//! What somebody typed into a form that their session did not outlive: it goes along
//! while they sign in again, and is sent when they say so. Nothing of it is stored.
//!
//! It is kept only where the browser says that the form is one of ours: what another site
//! made somebody's browser send is never offered to be sent again.

use askama::Template;
use axum::{
    body::{Body, to_bytes},
    extract::{FromRequest as _, FromRequestParts as _, Request, State as Shared},
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, HeaderValue, Method, header};

use super::{
    form::{Fields, Posted},
    layout::{Layout, Reader, page},
    sign_in, upload,
};
use crate::{State, session::Session};

/// What takes posts from people who are not signed in.
const FOR_ANYBODY: [&str; 3] = ["/sign-in", "/sign-in/first", "/language"];
/// What stands before the name of a field that goes along.
const PREFIX: &str = "kept.";

/// What was typed, and where it goes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Kept {
    /// Where the form is posted.
    pub(crate) action: String,
    /// Its fields, but for the token of the session that has ended.
    pub(crate) fields: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "kept.html")]
struct KeptPage {
    layout: Layout,
    csrf: String,
    kept: Kept,
}

impl Kept {
    /// What was posted there; none when it came from another site, or there is nothing.
    pub(crate) fn of(reader: &Reader, mut fields: Vec<(String, String)>) -> Option<Self> {
        fields.retain(|(name, _)| name != "csrf");
        let is_kept = reader.is_from_here && !fields.is_empty();
        is_kept.then(|| Self { action: reader.address.clone(), fields })
    }

    /// What goes along with a sign-in to that address; none when nothing does.
    pub(crate) fn along(posted: &Posted, action: &str) -> Option<Self> {
        let fields = posted.beginning_with(PREFIX);
        (!fields.is_empty()).then(|| Self { action: action.to_owned(), fields })
    }

    /// The page that asks whether it is to be sent now.
    pub(crate) fn ask(self, reader: &Reader, csrf: String) -> Response {
        let title = crate::text::message(reader.language, "kept-heading", &[]);
        let layout = Layout { address: self.action.clone(), ..Layout::for_anybody(reader, title) };
        page(&KeptPage { layout, csrf, kept: self })
    }
}

/// Asks somebody who posts without a session to sign in, and takes what they typed along.
pub(super) async fn keep_typed(
    Shared(state): Shared<State>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    if request.method() != Method::POST || FOR_ANYBODY.contains(&path) {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let to_sign_in = match Session::from_request_parts(&mut parts, &state).await {
        Ok(session) => {
            // Looked up once for a request.
            parts.extensions.insert(session);
            return next.run(Request::from_parts(parts, body)).await;
        }
        Err(response) => response,
    };
    let Ok(reader) = Reader::from_request_parts(&mut parts, &state).await;
    if !reader.is_from_here || !to_sign_in.status().is_redirection() {
        return to_sign_in;
    }
    let fields = typed(&parts.headers, body).await.unwrap_or_default();
    match Kept::of(&reader, fields) {
        Some(kept) => sign_in::ask_again(&reader, kept),
        None => to_sign_in,
    }
}

/// The fields of a form; none when it is larger than the fields of any.
async fn typed(headers: &HeaderMap, body: Body) -> Option<Vec<(String, String)>> {
    let media_type = headers.get(header::CONTENT_TYPE)?.clone();
    let form = |body| Request::post("/").header(header::CONTENT_TYPE, &media_type).body(body).ok();
    if is_multipart(&media_type) {
        return upload::typed(form(body)?).await;
    }
    let body = to_bytes(body, upload::LARGEST_FIELDS).await.ok()?;
    Fields::from_request(form(Body::from(body))?, &()).await.ok().map(|fields| fields.0)
}

fn is_multipart(media_type: &HeaderValue) -> bool {
    media_type.as_bytes().starts_with(b"multipart/")
}
