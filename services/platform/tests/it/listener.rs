//! The listener does not wait for ever for those who connect.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, routing::get};
use platform::{
    listener::{Patience, serve},
    stop::Stopping,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::Notify,
    task::JoinHandle,
};

const NEVER: Duration = Duration::from_secs(3600);
const SOON: Duration = Duration::from_millis(50);
const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n";
/// How HTTP/2 begins: the preface, and settings that say nothing.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00";

/// A listener whose answer waits until it may go.
struct Listening {
    address: SocketAddr,
    go: Arc<Notify>,
    stopping: Stopping,
    server: JoinHandle<()>,
}

impl Listening {
    async fn start(patience: Patience) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (go, stopping) = (Arc::new(Notify::new()), Stopping::default());
        let wait = Arc::clone(&go);
        let routes = Router::new().route(
            "/",
            get(async move || {
                wait.notified().await;
                "answered"
            }),
        );
        let server = tokio::spawn(serve(listener, routes, patience, stopping.clone()));
        Self { address, go, stopping, server }
    }

    async fn connect(&self, sent: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(sent).await.unwrap();
        stream
    }
}

/// Waits until the other side hangs up.
async fn hung_up(mut stream: TcpStream) {
    // It may do so with a reset.
    let _ = stream.read_to_end(&mut Vec::new()).await;
}

async fn answer(stream: &mut TcpStream) {
    let mut text = Vec::new();
    while !text.ends_with(b"answered") {
        assert_ne!(stream.read_buf(&mut text).await.unwrap(), 0, "{text:?}");
    }
}

#[tokio::test]
async fn who_makes_no_whole_request_is_hung_up_on() {
    let patience =
        Patience { first_request: SOON, next_request: NEVER, ping: NEVER, ..Patience::default() };
    let listening = Listening::start(patience).await;
    for begun in
        [b"".as_slice(), b"G", b"GET / HTTP/1.1\r\nhost: x\r\nx-", b"PRI * HTTP/2", PREFACE]
    {
        hung_up(listening.connect(begun).await).await;
    }
}

#[tokio::test]
async fn who_waits_for_an_answer_is_not_hung_up_on() {
    let patience = Patience {
        first_request: 10 * SOON,
        next_request: NEVER,
        ping: NEVER,
        ..Patience::default()
    };
    let listening = Listening::start(patience).await;
    let mut waiting = listening.connect(REQUEST).await;
    // The other came later, and its time is over.
    hung_up(listening.connect(b"").await).await;
    listening.go.notify_one();
    answer(&mut waiting).await;
}

#[tokio::test]
async fn who_does_not_end_the_next_request_is_hung_up_on() {
    let patience =
        Patience { first_request: NEVER, next_request: SOON, ping: NEVER, ..Patience::default() };
    let listening = Listening::start(patience).await;
    let mut stream = listening.connect(REQUEST).await;
    listening.go.notify_one();
    answer(&mut stream).await;
    // It may be hung up on before it has begun.
    let _ = stream.write_all(b"GET / HTTP/1.1\r\nx-").await;
    hung_up(stream).await;
}

#[tokio::test]
async fn who_does_not_say_that_somebody_is_there_is_hung_up_on() {
    let patience =
        Patience { first_request: NEVER, next_request: NEVER, ping: SOON, ..Patience::default() };
    let listening = Listening::start(patience).await;
    hung_up(listening.connect(PREFACE).await).await;
}

#[tokio::test]
async fn who_comes_when_every_place_is_taken_waits_for_one() {
    let patience =
        Patience { first_request: NEVER, next_request: NEVER, ping: NEVER, connections: 1 };
    let listening = Listening::start(patience).await;
    let mut first = listening.connect(b"").await;
    let mut second = listening.connect(REQUEST).await;
    // There is one answer to be had, and the first has it, although it asks last.
    listening.go.notify_one();
    first.write_all(REQUEST).await.unwrap();
    answer(&mut first).await;
    drop(first);
    listening.go.notify_one();
    answer(&mut second).await;
}

#[tokio::test]
async fn the_listener_stops_after_the_calls_under_way() {
    let listening = Listening::start(Patience::default()).await;
    let idle = listening.connect(b"").await;
    let mut waiting = listening.connect(REQUEST).await;
    // One after the other, so that the call is under way.
    let mut other = listening.connect(REQUEST).await;
    listening.go.notify_one();
    tokio::select! {
        () = answer(&mut waiting) => std::mem::swap(&mut waiting, &mut other),
        () = answer(&mut other) => {}
    }
    listening.stopping.tell();
    hung_up(idle).await;
    assert!(!listening.server.is_finished());
    listening.go.notify_one();
    answer(&mut waiting).await;
    listening.server.await.unwrap();
}
