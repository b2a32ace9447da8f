//! Bearer tokens of partner systems: the embedded issuer (OAuth 2.0 client
//! credentials, RFC 6749 section 4.4), and the check of what callers send.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use anyhow::Context as _;
use axum::{
    Form, Json,
    extract::State as FromState,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use platform::{Clock, Database, Failure};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use values::name::AccountName;

use crate::{
    Config, State,
    credentials::{self, Refusal},
    domain::account::AccountKind,
    signing_key, store,
};

const ISSUER: &str = "samordna";
const AUDIENCE: &str = "samordna-api";
/// A token is good for this long.
const LASTS_SECONDS: i64 = 3600;
/// Good tokens that are remembered.
const REMEMBERED: usize = 4096;

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    iat: i64,
    exp: i64,
    /// The operator's command made it, and not the token endpoint.
    #[serde(default)]
    operator: bool,
}

/// What a token says of who calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bearer {
    /// The account it was made for.
    pub(crate) account: AccountName,
    /// True when the operator's command made it: then it may be a person's.
    pub(crate) is_operators: bool,
    /// The second it was issued in.
    pub(crate) issued: i64,
}

/// Issues and checks bearer tokens.
pub(crate) struct Issuer {
    signing: EncodingKey,
    checking: DecodingKey,
    /// The same key as it is kept, for ids that only this installation makes.
    kept: SecretString,
    clock: Clock,
    /// Tokens found good, until they expire: a partner's next call brings the
    /// same one.
    known: Mutex<HashMap<String, (Bearer, i64)>>,
}

impl Issuer {
    /// With the key kept in the gateway's database, made when there is none.
    pub(crate) async fn open(
        config: &Config,
        database: &Database,
        clock: Clock,
    ) -> anyhow::Result<Self> {
        let keys = signing_key::open(config, database).await?;
        let signing = EncodingKey::from_ed_pem(keys.private_pem.expose_secret().as_bytes());
        let checking = DecodingKey::from_ed_pem(keys.public_pem.as_bytes());
        Ok(Self {
            signing: signing.context("the signing key cannot be read")?,
            checking: checking.context("the signing key cannot be read")?,
            kept: keys.private_pem,
            clock,
            known: Mutex::default(),
        })
    }

    /// An id that the same parts always give here, and that says nothing of them to
    /// anybody who has not the key: letters alone, which no number can be taken for.
    pub(crate) fn id_of(&self, parts: &[&[u8]]) -> String {
        let key = self.kept.expose_secret().as_bytes();
        let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a MAC takes keys of any length");
        mac.update(b"samordna id");
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        let bytes = mac.finalize().into_bytes();
        let halves = bytes.iter().take(12).flat_map(|byte| [byte >> 4, byte & 15]);
        halves.map(|half| char::from(b'a' + half)).collect()
    }

    /// A token.
    pub(crate) fn issue(
        &self,
        account: &AccountName,
        is_operators: bool,
    ) -> anyhow::Result<String> {
        let now = self.clock.now().timestamp();
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: account.to_string(),
            iat: now,
            exp: now + LASTS_SECONDS,
            operator: is_operators,
        };
        Ok(jsonwebtoken::encode(&Header::new(Algorithm::EdDSA), &claims, &self.signing)?)
    }

    /// What the bearer token says in a request's headers.
    ///
    /// # Errors
    /// `Unauthenticated` without one, or with one that is not good.
    pub(crate) fn bearer(&self, headers: &HeaderMap) -> Result<Bearer, Failure> {
        self.check(headers).ok_or(Failure::Unauthenticated)
    }

    fn check(&self, headers: &HeaderMap) -> Option<Bearer> {
        let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return None;
        }
        let (token, now) = (token.trim(), self.clock.now().timestamp());
        if let Some((bearer, expires)) = self.known().get(token) {
            return Some(bearer.clone()).filter(|_| *expires > now);
        }
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        // The expiry is checked against our own clock, which a test can set.
        validation.validate_exp = false;
        let claims =
            jsonwebtoken::decode::<Claims>(token, &self.checking, &validation).ok()?.claims;
        let account = AccountName::parse("sub", &claims.sub).ok()?;
        if claims.exp <= now {
            return None;
        }
        let bearer = Bearer { account, is_operators: claims.operator, issued: claims.iat };
        let mut known = self.known();
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(token.to_owned(), (bearer.clone(), claims.exp));
        Some(bearer)
    }

    fn known(&self) -> MutexGuard<'_, HashMap<String, (Bearer, i64)>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A bearer token for an account, on the word of the installation's operator.
///
/// # Errors
/// When there is no such account, or the settings do not open the key of tokens.
pub async fn issue_for(
    config: &Config,
    database: &Database,
    account: &AccountName,
    clock: Clock,
) -> anyhow::Result<String> {
    let found = store::account::find_enabled(&database.read, account, clock.today()).await?;
    let found = found.with_context(|| format!("there is no account {account}"))?;
    Issuer::open(config, database, clock).await?.issue(&found.name, true)
}

/// The token endpoint.
pub(crate) fn routes() -> axum::Router<State> {
    axum::Router::new().route("/oauth2/token", axum::routing::post(issue))
}

#[derive(Deserialize)]
struct TokenRequest {
    grant_type: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
}

#[derive(Serialize)]
struct TokenResponse {
    access_token: String,
    token_type: &'static str,
    expires_in: i64,
}

/// The errors of RFC 6749 section 5.2 that can happen here.
#[derive(Serialize)]
struct TokenError {
    error: &'static str,
}

async fn issue(
    FromState(state): FromState<State>,
    headers: HeaderMap,
    Form(request): Form<TokenRequest>,
) -> Response {
    if request.grant_type.as_deref() != Some("client_credentials") {
        return refuse(StatusCode::BAD_REQUEST, "unsupported_grant_type");
    }
    let in_form = request.client_id.zip(request.client_secret);
    let Some((id, secret)) = basic_credentials(&headers).or(in_form) else {
        return refuse(StatusCode::BAD_REQUEST, "invalid_request");
    };
    match token_for(&state, &id, &secret).await {
        Ok(access_token) => {
            let answer =
                TokenResponse { access_token, token_type: "Bearer", expires_in: LASTS_SECONDS };
            ([(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response()
        }
        Err(Refusal::WrongCredentials) => {
            let challenge = [(header::WWW_AUTHENTICATE, "Basic realm=\"samordna\"")];
            (challenge, refuse(StatusCode::UNAUTHORIZED, "invalid_client")).into_response()
        }
        Err(Refusal::TooManyAttempts { retry_after }) => {
            let retry_after = [(header::RETRY_AFTER, retry_after.to_string())];
            let refused = refuse(StatusCode::TOO_MANY_REQUESTS, "temporarily_unavailable");
            (retry_after, refused).into_response()
        }
        Err(Refusal::Failed(failure)) => {
            let status = tonic::Status::from(failure);
            tracing::warn!(code = ?status.code(), "no token could be issued");
            refuse(StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable")
        }
    }
}

async fn token_for(state: &State, id: &str, secret: &str) -> Result<String, Refusal> {
    let account = credentials::authenticate(state, id, secret, AccountKind::System).await?;
    Ok(state.issuer.issue(&account, false).map_err(Failure::from)?)
}

fn refuse(status: StatusCode, error: &'static str) -> Response {
    (status, [(header::CACHE_CONTROL, "no-store")], Json(TokenError { error })).into_response()
}

fn basic_credentials(headers: &HeaderMap) -> Option<(String, String)> {
    let (scheme, encoded) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}
