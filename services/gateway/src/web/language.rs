//! Choosing the language of the pages, signed in or not.

use axum::{extract::State as Shared, response::Response};
use http::HeaderValue;

use super::{
    form::{Fields, Posted, local_path},
    layout::LANGUAGE_COOKIE,
    sign_in::see_other,
};
use crate::{State, text::Language};

const A_YEAR_IN_SECONDS: u32 = 365 * 24 * 60 * 60;

/// Keeps the choice in a cookie and shows the page again.
pub(crate) async fn choose(Shared(state): Shared<State>, fields: Fields) -> Response {
    let posted = Posted::from_anybody(fields);
    let language = Language::from_code(posted.get("language"));
    let cookie = language.and_then(|language| cookie(language, state.secure_cookies));
    see_other(local_path(posted.get("next")), cookie)
}

fn cookie(language: Language, is_secure: bool) -> Option<HeaderValue> {
    let secure = if is_secure { "; Secure" } else { "" };
    let code = language.code();
    let value = format!(
        "{LANGUAGE_COOKIE}={code}; Path=/; Max-Age={A_YEAR_IN_SECONDS}; HttpOnly; SameSite=Lax{secure}"
    );
    HeaderValue::try_from(value).ok()
}
