//! The page that is shown instead of the one asked for, and the one way a
//! service's refusal becomes such a page.

use askama::Template;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use platform::{Failure, Principal, failure::Problem};
use tonic::{Code, Status};

use super::{
    kept::Kept,
    layout::{Layout, Reader, Visit, page_with},
    rights,
};
use crate::text::{self, Language};

/// Why a page cannot be shown, ready to be shown itself.
pub(crate) struct Trouble(Box<ErrorPage>);

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    layout: Layout,
    status: StatusCode,
    explanation: String,
    /// What was typed, to be sent again.
    kept: Option<Kept>,
}

impl Trouble {
    /// What a service answered instead of what was asked for.
    #[must_use]
    pub(crate) fn of(visit: &Visit, status: &Status) -> Self {
        let code = http_status(status.code());
        Self::new(visit, code, explanation(visit.reader.language, status))
    }

    /// There is no such page.
    #[must_use]
    pub(crate) fn no_such_page(visit: &Visit) -> Self {
        Self::new(visit, StatusCode::NOT_FOUND, visit.t("error-no-such-page"))
    }

    /// The form was shown to another session, or too long ago: what was typed can be sent
    /// again.
    #[must_use]
    pub(crate) fn outdated_form(visit: &Visit, fields: Vec<(String, String)>) -> Self {
        let kept = Kept::of(&visit.reader, fields);
        let text_id = if kept.is_some() { "error-outdated-kept" } else { "error-outdated-form" };
        let Self(page) = Self::new(visit, StatusCode::FORBIDDEN, visit.t(text_id));
        Self(Box::new(ErrorPage { kept, ..*page }))
    }

    /// Goes on only for somebody whose roles make sense of the page. What may be
    /// read and written each service decides by itself.
    ///
    /// # Errors
    /// The page that says so, and which roles would do, for anybody else.
    pub(crate) fn unless(visit: &Visit, may: impl Fn(&Principal) -> bool) -> Result<(), Self> {
        let principal = &visit.session.principal;
        if may(principal) {
            return Ok(());
        }
        let missing = rights::missing_roles(principal, may);
        if missing.is_empty() {
            return Err(Self::of(visit, &Failure::Denied.into()));
        }
        let codes: Vec<&str> = missing.iter().map(|role| role.code()).collect();
        let facts = [("roles", codes.join(","))];
        let facts = facts.each_ref().map(|(name, value)| (*name, value.as_str()));
        let said = text::reason(visit.reader.language, "PERMISSION_DENIED", &facts);
        Err(Self::new(visit, StatusCode::FORBIDDEN, said))
    }

    /// The same where it depends on the team or the report that the page is about: another
    /// role would not be the remedy, and none is named.
    ///
    /// # Errors
    /// The page that says so.
    pub(crate) fn unless_there(visit: &Visit, may: bool) -> Result<(), Self> {
        if may { Ok(()) } else { Err(Self::of(visit, &Failure::Denied.into())) }
    }

    fn new(visit: &Visit, status: StatusCode, explanation: String) -> Self {
        let layout = Layout::of(visit, visit.t(heading_id(status)));
        Self(Box::new(ErrorPage { layout, status, explanation, kept: None }))
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        page_with(self.0.status, self.0.as_ref())
    }
}

/// The page for an address that leads nowhere.
pub(crate) async fn not_found(reader: Reader) -> Response {
    let heading = text::message(reader.language, heading_id(StatusCode::NOT_FOUND), &[]);
    let page = ErrorPage {
        layout: Layout::for_anybody(&reader, heading),
        status: StatusCode::NOT_FOUND,
        explanation: text::message(reader.language, "error-no-such-page", &[]),
        kept: None,
    };
    page_with(page.status, &page)
}

/// What a status says to a person; every fault of it, when fields are wrong.
#[must_use]
pub(crate) fn explanation(language: Language, status: &Status) -> String {
    let problem = Problem::of(status);
    if problem.faults.is_empty() {
        return text::reason(language, &problem.reason, &borrowed(&problem.facts));
    }
    let texts = problem
        .faults
        .iter()
        .map(|fault| text::reason(language, &fault.reason, &borrowed(&fault.facts)));
    texts.collect::<Vec<_>>().join(" ")
}

/// A part of a page, or why it is not there.
pub(crate) type Section<T> = Result<T, String>;

/// What a service answered for a part of a page.
pub(crate) fn section<T>(visit: &Visit, part: Result<T, Status>) -> Section<T> {
    part.map_err(|status| explanation(visit.reader.language, &status))
}

/// Facts as the texts take them.
#[must_use]
pub(crate) fn borrowed(facts: &[(String, String)]) -> Vec<(&str, &str)> {
    facts.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

/// The HTTP status a page answers with.
#[must_use]
pub(crate) fn http_status(code: Code) -> StatusCode {
    match code {
        Code::Ok => StatusCode::OK,
        Code::InvalidArgument | Code::OutOfRange => StatusCode::UNPROCESSABLE_ENTITY,
        Code::NotFound | Code::Unimplemented => StatusCode::NOT_FOUND,
        Code::AlreadyExists | Code::FailedPrecondition | Code::Aborted => StatusCode::CONFLICT,
        Code::PermissionDenied | Code::Unauthenticated => StatusCode::FORBIDDEN,
        Code::ResourceExhausted => StatusCode::TOO_MANY_REQUESTS,
        Code::Unavailable | Code::Cancelled => StatusCode::SERVICE_UNAVAILABLE,
        Code::DeadlineExceeded => StatusCode::GATEWAY_TIMEOUT,
        Code::Unknown | Code::Internal | Code::DataLoss => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn heading_id(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "error-heading-not-found",
        StatusCode::FORBIDDEN => "error-heading-forbidden",
        StatusCode::TOO_MANY_REQUESTS
        | StatusCode::SERVICE_UNAVAILABLE
        | StatusCode::GATEWAY_TIMEOUT => "error-heading-busy",
        _ => "error-heading",
    }
}

#[cfg(test)]
mod tests {
    use platform::Failure;

    use super::*;

    #[test]
    fn an_internal_failure_shows_its_incident_and_nothing_else() {
        let status = Status::from(Failure::Internal(anyhow::anyhow!("password=hunter2")));
        let incident = Problem::of(&status).fact("incident");
        let shown = explanation(Language::Swedish, &status);
        assert!(shown.contains(&incident) && !shown.contains("hunter2"), "{shown}");
    }

    #[test]
    fn a_refusal_says_what_is_left_in_kronor() {
        let status = Status::from(
            Failure::refused("GRANT_OVERDRAWN")
                .with("asked_ore", 2_000_000)
                .with("left_ore", 1_234_550),
        );
        let shown = explanation(Language::Swedish, &status);
        assert!(shown.contains("12\u{a0}345,50\u{a0}kr"), "{shown}");
    }
}
