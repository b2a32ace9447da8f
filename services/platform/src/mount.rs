//! A mounted service, and the layers every route of it stands behind: panics,
//! trace, time limit, principal, permission.

use std::{any::Any, time::Duration};

use axum::{
    extract::State,
    middleware::{self, Next},
    response::Response,
};
use futures::future::BoxFuture;
use opentelemetry::propagation::Extractor;
use tonic::Status;
use tower_http::catch_panic::CatchPanicLayer;
use tracing::Instrument as _;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use crate::{
    Database, Failure,
    principal::{self, Permissions, PrincipalVerifier},
    telemetry,
};

/// No RPC takes longer than this to answer, whatever its caller asks for. A
/// streamed answer has begun when its first headers are there; how long it goes
/// on is its own affair.
const LONGEST: Duration = Duration::from_secs(60);

/// The largest message a service takes in or sends: an import's rows.
pub const LARGEST_MESSAGE: usize = 64 * 1024 * 1024;

/// A service ready to be served, alone or beside others.
pub struct Mounted {
    /// `finance`.
    pub name: &'static str,
    /// Its RPCs behind their layers.
    pub routes: axum::Router,
    /// What runs as long as the process.
    pub background: Vec<BoxFuture<'static, ()>>,
    /// Its database: readiness asks it.
    pub database: Database,
}

#[derive(Clone)]
struct Guard {
    service: &'static str,
    permissions: Permissions,
    verifier: PrincipalVerifier,
}

/// Puts a service's routes behind the layers.
pub fn guarded(
    service: &'static str,
    routes: tonic::service::Routes,
    permissions: Permissions,
    verifier: PrincipalVerifier,
) -> axum::Router {
    let guard = Guard { service, permissions, verifier };
    routes
        .into_axum_router()
        .layer(middleware::from_fn_with_state(guard, check))
        .layer(CatchPanicLayer::custom(panicked))
}

async fn check(
    State(guard): State<Guard>,
    mut request: axum::extract::Request,
    next: Next,
) -> Response {
    let method = request.uri().path().to_owned();
    // A made-up method is neither traced nor counted under its name: it may be
    // anything, and names are kept for good.
    let known =
        principal::permission(guard.permissions, &method).map_or("unknown", |known| known.method);
    let span = tracing::info_span!(
        "rpc",
        otel.name = known,
        otel.kind = "server",
        rpc.service = guard.service
    );
    // A span that is switched off by the log filter takes no parent.
    let _ = span.set_parent(trace_context(request.headers()));
    let limit = time_limit(request.headers());
    let started = tokio::time::Instant::now();
    let response = async {
        if let Err(failure) = permit(&guard, &method, &mut request) {
            return Status::from(failure).into_http();
        }
        match tokio::time::timeout(limit, next.run(request)).await {
            Ok(response) => response,
            Err(_) => Status::from(Failure::TooSlow).into_http(),
        }
    }
    .instrument(span)
    .await;
    telemetry::count_call(guard.service, known, response.headers(), started.elapsed());
    response
}

fn permit(
    guard: &Guard,
    method: &str,
    request: &mut axum::extract::Request,
) -> Result<(), Failure> {
    let header = request.headers().get(principal::HEADER).and_then(|value| value.to_str().ok());
    let principal = guard.verifier.verify(header.ok_or(Failure::Unauthenticated)?)?;
    let permission = principal::permission(guard.permissions, method).ok_or(Failure::Denied)?;
    if !principal.has_any(permission.roles) {
        return Err(Failure::RoleMissing { roles: permission.roles });
    }
    request.extensions_mut().insert(principal);
    Ok(())
}

/// The caller's `grpc-timeout`, within what is allowed. The transport server
/// would see to it, but a call within the process does not pass it.
fn time_limit(headers: &http::HeaderMap) -> Duration {
    let asked = headers.get("grpc-timeout").and_then(|value| parse_timeout(value.to_str().ok()?));
    asked.map_or(LONGEST, |asked| asked.min(LONGEST))
}

fn parse_timeout(text: &str) -> Option<Duration> {
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let number: u64 = digits.parse().ok()?;
    match unit {
        "H" => number.checked_mul(3600).map(Duration::from_secs),
        "M" => number.checked_mul(60).map(Duration::from_secs),
        "S" => Some(Duration::from_secs(number)),
        "m" => Some(Duration::from_millis(number)),
        "u" => Some(Duration::from_micros(number)),
        "n" => Some(Duration::from_nanos(number)),
        _ => None,
    }
}

fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let what = panic.downcast_ref::<&str>().copied().map(str::to_owned);
    let what = what.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    Status::from(Failure::Internal(anyhow::anyhow!("panic: {what}"))).into_http()
}

struct HeaderExtractor<'a>(&'a http::HeaderMap);

impl Extractor for HeaderExtractor<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(http::HeaderName::as_str).collect()
    }
}

/// Reads the trace context a request came with.
#[must_use]
pub fn trace_context(headers: &http::HeaderMap) -> opentelemetry::Context {
    opentelemetry::global::get_text_map_propagator(|propagator| {
        propagator.extract(&HeaderExtractor(headers))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timeout_is_read_in_every_unit_and_never_longer_than_allowed() {
        let limit = |text: &str| {
            let mut headers = http::HeaderMap::new();
            headers.insert("grpc-timeout", text.parse().unwrap());
            time_limit(&headers)
        };
        assert_eq!(limit("250m"), Duration::from_millis(250));
        assert_eq!(limit("99H"), LONGEST);
        assert_eq!(limit("x"), LONGEST);
        assert_eq!(limit("1S"), Duration::from_secs(1));
    }
}
