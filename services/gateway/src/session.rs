//! Sessions of the web pages: a random token in a cookie, its hash in the
//! database.

use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::{HeaderMap, HeaderValue, header, request::Parts},
    response::{IntoResponse as _, Redirect, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use platform::{Failure, Principal};
use rand::TryRng as _;
use sha2::{Digest as _, Sha256};
use std::convert::Infallible;
use subtle::ConstantTimeEq as _;

use crate::{
    State,
    credentials::{self, Refusal},
    domain::account::AccountKind,
    store::{self, session::StoredSession},
};

const COOKIE: &str = "samordna_session";
/// Over TLS: a browser takes a cookie of this name from this host alone, and over TLS.
const SECURE_COOKIE: &str = "__Host-samordna_session";
/// A working day.
const LASTS_SECONDS: i64 = 12 * 3600;
/// How often it is noted that a session is used.
const NOTED_SECONDS: i64 = 60;

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct Session {
    /// Who it is.
    pub principal: Principal,
    /// The name people read.
    pub display_name: String,
    /// What every form sends back.
    pub csrf: String,
    pub(crate) token_hash: String,
}

/// A sign-in that succeeded.
pub struct SignedIn {
    /// The cookie to set.
    pub cookie: HeaderValue,
    /// What every form sends back.
    pub csrf: String,
}

/// Signs a person in.
///
/// # Errors
/// Wrong credentials, too many attempts, or a fault of ours.
pub async fn sign_in(state: &State, username: &str, password: &str) -> Result<SignedIn, Refusal> {
    let account = credentials::authenticate(state, username, password, AccountKind::Person).await?;
    let token = random_token()?;
    let now = state.clock.now().timestamp();
    let csrf = random_token()?;
    let session = StoredSession {
        token_hash: hash_of(&token),
        account,
        csrf: csrf.clone(),
        expires_at_s: now + LASTS_SECONDS,
        used_at_s: now,
    };
    store::session::insert(&state.journal.database().write, &session).await?;
    Ok(SignedIn { cookie: cookie(state, &token, LASTS_SECONDS)?, csrf })
}

/// Signs out; answers the cookie that clears the browser's.
///
/// # Errors
/// When the session cannot be removed.
pub async fn sign_out(state: &State, session: &Session) -> Result<HeaderValue, Failure> {
    let now = state.clock.now().timestamp();
    store::session::remove(&state.journal.database().write, &session.token_hash, now).await?;
    cookie(state, "", 0)
}

impl Session {
    /// True when a form came from a page of this session.
    #[must_use]
    pub fn check_csrf(&self, sent: &str) -> bool {
        self.csrf.as_bytes().ct_eq(sent.as_bytes()).into()
    }

    /// A request to a service on behalf of the person.
    ///
    /// # Errors
    /// When signing fails.
    pub fn request<M>(&self, state: &State, message: M) -> Result<tonic::Request<M>, Failure> {
        let mut request = tonic::Request::new(message);
        request.metadata_mut().insert(platform::principal::HEADER, state.sign(&self.principal)?);
        Ok(request)
    }
}

async fn find(state: &State, headers: &HeaderMap) -> Result<Option<Session>, Failure> {
    let Some(token) = cookie_value(headers, cookie_name(state)) else {
        return Ok(None);
    };
    let token_hash = hash_of(&token);
    let now = state.clock.now().timestamp();
    let database = state.journal.database();
    let used_after = now - state.idle_seconds;
    let found = store::session::find(&database.read, &token_hash, now, used_after).await?;
    let Some(stored) = found else {
        return Ok(None);
    };
    if now - stored.used_at_s >= NOTED_SECONDS {
        store::session::note_use(&database.write, &token_hash, now).await?;
    }
    let (principal, display_name) = match state.callers.in_session(&stored.account).await {
        Ok(found) => found,
        Err(Failure::Unauthenticated) => return Ok(None),
        Err(failure) => return Err(failure),
    };
    Ok(Some(Session { principal, display_name, csrf: stored.csrf, token_hash }))
}

/// A page for people who are signed in sends others to the sign-in page, which
/// leads back.
impl FromRequestParts<State> for Session {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Response> {
        // Found already for the same request.
        if let Some(session) = parts.extensions.get::<Self>() {
            return Ok(session.clone());
        }
        match find(state, &parts.headers).await {
            Ok(Some(session)) => Ok(session),
            Ok(None) => {
                let next: String =
                    parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
                let next = URL_SAFE_NO_PAD.encode(next);
                Err(Redirect::to(&format!("/sign-in?next={next}")).into_response())
            }
            Err(failure) => Err(failed(failure)),
        }
    }
}

impl OptionalFromRequestParts<State> for Session {
    type Rejection = Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &State,
    ) -> Result<Option<Self>, Infallible> {
        Ok(find(state, &parts.headers).await.ok().flatten())
    }
}

/// Reads back the address that led to the sign-in page. It came by way of a link,
/// so it may be any text at all.
pub(crate) fn read_next(encoded: &str) -> Option<String> {
    String::from_utf8(URL_SAFE_NO_PAD.decode(encoded).ok()?).ok()
}

fn failed(failure: Failure) -> Response {
    let status = tonic::Status::from(failure);
    tracing::warn!(code = ?status.code(), "a session could not be read");
    axum::http::StatusCode::SERVICE_UNAVAILABLE.into_response()
}

fn cookie(state: &State, token: &str, seconds: i64) -> Result<HeaderValue, Failure> {
    let secure = if state.secure_cookies { "; Secure" } else { "" };
    let name = cookie_name(state);
    let text = format!("{name}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    Ok(HeaderValue::try_from(text).map_err(anyhow::Error::from)?)
}

const fn cookie_name(state: &State) -> &'static str {
    if state.secure_cookies { SECURE_COOKIE } else { COOKIE }
}

/// A cookie of a request.
#[must_use]
pub fn cookie_value(headers: &HeaderMap, name: &str) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = cookies
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs.into_iter().find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
}

fn random_token() -> Result<String, Failure> {
    let mut bytes = [0_u8; 32];
    rand::rngs::SysRng.try_fill_bytes(&mut bytes).map_err(anyhow::Error::from)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

fn hash_of(token: &str) -> String {
    hex::encode(Sha256::digest(token))
}
