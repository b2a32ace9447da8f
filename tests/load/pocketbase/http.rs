//! JSON over HTTP/1.1 on a connection that is kept.

use std::net::SocketAddr;

use anyhow::Context as _;
use bytes::Bytes;
use http::{HeaderValue, Method, Request, header};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::{net::TcpStream, task::JoinSet};

/// A connection; ends when dropped.
pub(super) struct Connection {
    sender: SendRequest<Full<Bytes>>,
    host: String,
    /// Whom the server takes the caller for.
    token: Option<HeaderValue>,
    _driven: JoinSet<()>,
}

impl Connection {
    /// Connects as nobody.
    pub(super) async fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await.context("nobody listens")?;
        stream.set_nodelay(true)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        let mut driven = JoinSet::new();
        driven.spawn(async move {
            // Whoever waits for an answer is told of what goes wrong.
            let _ = connection.await;
        });
        Ok(Self { sender, host: address.to_string(), token: None, _driven: driven })
    }

    /// Is somebody from here on.
    pub(super) fn become_bearer(&mut self, token: &str) -> anyhow::Result<()> {
        self.token = Some(token.parse()?);
        Ok(())
    }

    /// Asks, and answers what it is told.
    ///
    /// # Errors
    /// When the answer is no success, with its words.
    pub(super) async fn ask(
        &mut self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> anyhow::Result<Value> {
        let body = body.map(serde_json::to_vec).transpose()?.unwrap_or_default();
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, &self.host)
            .header(header::CONTENT_TYPE, "application/json");
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, token);
        }
        let request = request.body(Full::new(Bytes::from(body)))?;
        self.sender.ready().await?;
        let answer = self.sender.send_request(request).await.context("the connection broke")?;
        let status = answer.status();
        let body = answer.into_body().collect().await?.to_bytes();
        let words = || String::from_utf8_lossy(&body).into_owned();
        anyhow::ensure!(status.is_success(), "{path} answers {status}: {}", words());
        serde_json::from_slice(&body).with_context(|| format!("{path} answers no JSON"))
    }
}
