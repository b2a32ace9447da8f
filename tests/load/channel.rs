//! Connections to the processes that are measured.

use std::{
    net::SocketAddr,
    task::{Context, Poll},
    time::{Duration, Instant},
};

use futures::future::BoxFuture;
use http::{Request, Response, Uri, uri::Scheme};
use hyper::{
    body::Incoming,
    client::conn::http2::{self, SendRequest},
};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;
use tonic::body::Body;
use tower::Service;

use crate::child::Running;

const STARTING: Duration = Duration::from_secs(60);

/// A connection that calls are written to as they come, without a queue or a second try:
/// the client shares the processors with what is measured, and is to take little of them.
#[derive(Clone)]
pub(crate) struct Channel {
    sender: SendRequest<Body>,
    address: SocketAddr,
}

impl Service<Request<Body>> for Channel {
    type Response = Response<Incoming>;
    type Error = anyhow::Error;
    type Future = BoxFuture<'static, anyhow::Result<Response<Incoming>>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<anyhow::Result<()>> {
        self.sender.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        let Self { sender, address } = self;
        let authority = address.to_string();
        let mut sender = sender.clone();
        Box::pin(async move {
            let mut parts = std::mem::take(request.uri_mut()).into_parts();
            parts.scheme = Some(Scheme::HTTP);
            parts.authority = Some(authority.try_into()?);
            *request.uri_mut() = Uri::from_parts(parts)?;
            Ok(sender.send_request(request).await?)
        })
    }
}

/// A new connection.
///
/// # Errors
/// When nobody listens there.
pub(crate) async fn connect(address: SocketAddr) -> anyhow::Result<Channel> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (sender, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await?;
    // It ends with its last sender. Whoever waits for an answer is told of what goes wrong.
    tokio::spawn(connection);
    Ok(Channel { sender, address })
}

/// Waits until a process listens.
///
/// # Errors
/// When it ends, or does not listen in time.
pub(crate) async fn listens(address: SocketAddr, process: &mut Running) -> anyhow::Result<()> {
    let deadline = Instant::now() + STARTING;
    while let Err(error) = connect(address).await {
        process.check()?;
        if Instant::now() > deadline {
            return Err(error.context("the process does not answer"));
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}
