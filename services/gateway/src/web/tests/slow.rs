//! Whoever begins a form and does not end it is hung up on.

use std::time::Duration;

use platform::{
    listener::{self, Patience},
    stop::Stopping,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use super::browser::World;
use crate::body_patience::BodyPatience;

const NEVER: Duration = Duration::from_secs(3600);
const SOON: Duration = Duration::from_millis(50);

#[tokio::test]
async fn a_form_that_stops_is_not_waited_for_from_whoever_it_comes() {
    for (pause, whole) in [(SOON, NEVER), (NEVER, SOON)] {
        let world = World::with_patience(BodyPatience { pause, whole }).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let patience = Patience {
            first_request: NEVER,
            next_request: NEVER,
            ping: NEVER,
            ..Patience::default()
        };
        let stopping = Stopping::default();
        let routes = world.routes.clone();
        let server = tokio::spawn(listener::serve(listener, routes, patience, stopping.clone()));
        for path in ["/sign-in", "/sign-in/first", "/oauth2/token"] {
            let mut stream = TcpStream::connect(address).await.unwrap();
            let begun = format!(
                "POST {path} HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\
                 content-type: application/x-www-form-urlencoded\r\n\r\nu"
            );
            stream.write_all(begun.as_bytes()).await.unwrap();
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).await.unwrap();
            let answer = String::from_utf8_lossy(&answer);
            assert!(answer.starts_with("HTTP/1.1 4"), "{path}: {answer}");
        }
        stopping.tell();
        server.await.unwrap();
    }
}
