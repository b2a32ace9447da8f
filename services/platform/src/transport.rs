//! The way a generated client reaches a service: over the network, or straight
//! into the service's routes in the same process. Permission, limits and error
//! mapping are layers on the routes, so both ways pass through them.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use anyhow::bail;
use opentelemetry::propagation::Injector;
use tonic::{body::Body, transport::Channel};
use tower::{Service, ServiceExt as _};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A way to a service; cheap to clone.
#[derive(Clone)]
pub struct Transport(Way);

#[derive(Clone)]
enum Way {
    Remote(Channel),
    Local(axum::Router),
}

impl Transport {
    /// Over the network. Connects when first used and again when the connection
    /// is lost.
    ///
    /// # Errors
    /// When the address is no URI, or asks for TLS, which is not spoken here: what is sent
    /// would go out in clear all the same.
    pub fn remote(address: &str) -> anyhow::Result<Self> {
        if address.starts_with("https:") {
            bail!(
                "{address}: TLS between the processes is not spoken here: write http://, and \
                 let a mesh encrypt it where the network is not trusted"
            );
        }
        let endpoint = Channel::from_shared(address.to_owned())?
            .connect_timeout(Duration::from_secs(5))
            .http2_keep_alive_interval(Duration::from_secs(20))
            .keep_alive_while_idle(true)
            .tcp_nodelay(true);
        Ok(Self(Way::Remote(endpoint.connect_lazy())))
    }

    /// Into routes of this process.
    #[must_use]
    pub fn local(routes: axum::Router) -> Self {
        Self(Way::Local(routes))
    }
}

impl Service<http::Request<Body>> for Transport {
    type Response = http::Response<Body>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        match &mut self.0 {
            Way::Remote(channel) => channel.poll_ready(context).map_err(Into::into),
            Way::Local(_) => Poll::Ready(Ok(())),
        }
    }

    fn call(&mut self, mut request: http::Request<Body>) -> Self::Future {
        let trace = tracing::Span::current().context();
        opentelemetry::global::get_text_map_propagator(|propagator| {
            propagator.inject_context(&trace, &mut HeaderInjector(request.headers_mut()));
        });
        match &mut self.0 {
            Way::Remote(channel) => {
                let answer = channel.call(request);
                Box::pin(async move { Ok(answer.await?) })
            }
            Way::Local(routes) => {
                let routes = routes.clone();
                Box::pin(async move {
                    let answer = routes.oneshot(request.map(axum::body::Body::new)).await?;
                    Ok(answer.map(Body::new))
                })
            }
        }
    }
}

struct HeaderInjector<'a>(&'a mut http::HeaderMap);

impl Injector for HeaderInjector<'_> {
    fn set(&mut self, key: &str, value: String) {
        let name = http::HeaderName::try_from(key);
        let value = http::HeaderValue::try_from(value);
        if let (Ok(name), Ok(value)) = (name, value) {
            self.0.insert(name, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_address_that_promises_tls_is_refused() {
        assert!(Transport::remote("http://127.0.0.1:8081").is_ok());
        let refused = Transport::remote("https://finance.example.org").err().unwrap();
        assert!(refused.to_string().contains("TLS"), "{refused}");
    }
}
