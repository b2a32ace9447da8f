//! The process's listener: HTTP/1 and HTTP/2 on one port, how long it waits for who is on
//! the other side, and for how many. A connection costs memory and a file: whoever makes
//! no request on it, does not end a request's headers, or is gone, does not keep it. One
//! of HTTP/2 on which there was a request is kept as long as somebody answers on it.
//!
//! How long the body of a request may take is up to the routes: one that is a stream goes
//! on as long as its RPC lets it, and a form does not.

use std::{
    pin::pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use axum::{Router, serve::Listener};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto::Builder,
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Notify, OwnedSemaphorePermit, Semaphore},
    task::JoinSet,
};
use tower::Service;

use crate::stop::Stopping;

/// How long a listener waits, and for how many.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For the first request of a connection, until its headers are whole.
    pub first_request: Duration,
    /// For each further one of HTTP/1. Longer than a proxy keeps a connection that it has
    /// no use for, so that the proxy is the one who closes it.
    pub next_request: Duration,
    /// Until HTTP/2 asks whether anybody is there, and for the answer.
    pub ping: Duration,
    /// Connections at once. Whoever comes when there are as many waits until one ends.
    pub connections: usize,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            first_request: Duration::from_secs(20),
            next_request: Duration::from_secs(75),
            ping: Duration::from_secs(20),
            connections: 4096,
        }
    }
}

/// Files that are left to databases, other services and logs when connections take all
/// others.
const FILES_BESIDE: u64 = 256;

impl Patience {
    /// The default, with no more connections than a process has room for that may have so
    /// many files open: a listener that takes the last one stops the databases.
    #[must_use]
    pub fn within(files: u64) -> Self {
        let patience = Self::default();
        let room = files.saturating_sub(FILES_BESIDE).max(1);
        let connections = usize::try_from(room)
            .map_or(patience.connections, |room| patience.connections.min(room));
        Self { connections, ..patience }
    }
}

/// Serves until told to stop, and then until the calls under way have ended.
pub async fn serve(
    mut listener: TcpListener,
    routes: Router,
    patience: Patience,
    stopping: Stopping,
) {
    // Once, and not for each request.
    let routes = routes.with_state(());
    let places = Arc::new(Semaphore::new(patience.connections));
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            () = stopping.told() => break,
            (stream, place) = accept(&mut listener, &places) => {
                let attending = attend(stream, routes.clone(), patience, stopping.clone());
                connections.spawn(async move {
                    attending.await;
                    drop(place);
                });
            }
            // Those that ended are forgotten.
            Some(_) = connections.join_next() => {}
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

/// The next connection, once there is a place for it.
async fn accept(
    listener: &mut TcpListener,
    places: &Arc<Semaphore>,
) -> (TcpStream, OwnedSemaphorePermit) {
    let place = Arc::clone(places).acquire_owned().await;
    let place = place.expect("nobody closes the semaphore");
    let (stream, _) = Listener::accept(listener).await;
    (stream, place)
}

/// Serves one connection.
async fn attend(stream: TcpStream, routes: Router, patience: Patience, stopping: Stopping) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "nodelay was refused");
    }
    let arrived = Arc::new(Notify::new());
    let service = Announced { routes, arrived: Arc::clone(&arrived) };
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(patience.next_request);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(patience.ping)
        .keep_alive_timeout(patience.ping);
    let connection =
        builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    let mut connection = pin!(connection);
    let mut silence = pin!(silence(&arrived, patience.first_request));
    let mut told = pin!(stopping.told());
    let mut is_told = false;
    loop {
        tokio::select! {
            // What has arrived goes before the end of patience.
            biased;
            ended = connection.as_mut() => {
                if let Err(error) = ended {
                    tracing::debug!(error, "a connection ended badly");
                }
                return;
            }
            () = silence.as_mut() => {
                tracing::debug!("a connection made no request");
                return;
            }
            () = told.as_mut(), if !is_told => {
                is_told = true;
                connection.as_mut().graceful_shutdown();
            }
        }
    }
}

/// Completes when nothing has arrived in time, and never once it has.
async fn silence(arrived: &Notify, patience: Duration) {
    if tokio::time::timeout(patience, arrived.notified()).await.is_ok() {
        std::future::pending::<()>().await;
    }
}

/// Routes that tell when a request has arrived.
#[derive(Clone)]
struct Announced {
    routes: Router,
    arrived: Arc<Notify>,
}

impl<R> Service<R> for Announced
where
    Router: Service<R>,
{
    type Response = <Router as Service<R>>::Response;
    type Error = <Router as Service<R>>::Error;
    type Future = <Router as Service<R>>::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.routes.poll_ready(context)
    }

    fn call(&mut self, request: R) -> Self::Future {
        self.arrived.notify_one();
        self.routes.call(request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_files_to_the_databases() {
        assert_eq!(Patience::within(1024).connections, 768);
        assert_eq!(Patience::within(u64::MAX).connections, Patience::default().connections);
        assert_eq!(Patience::within(10).connections, 1);
    }
}
