//! A way to the test server that can be cut at any round trip.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

/// Where in a round trip the connection is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// Before the server has the question: it was never asked.
    Question,
    /// Before the caller has the answer: what was asked is done, and nobody
    /// knows.
    Answer,
}

/// Passes on what is said to a server, and counts the round trips.
pub struct Relay {
    port: u16,
    shared: Arc<Shared>,
}

struct Shared {
    server: String,
    asked: AtomicUsize,
    /// The number of the round trip that is cut; `usize::MAX` for none.
    cut_at: AtomicUsize,
    cuts_answer: std::sync::atomic::AtomicBool,
}

impl Relay {
    /// A relay to the server of an address such as `postgres://user@host:1/name`.
    ///
    /// # Panics
    /// When the address has no server or no port is free.
    pub async fn to(address: &str) -> Self {
        let (_, rest) = address.rsplit_once('@').expect("an address with a user");
        let (server, _) = rest.split_once('/').expect("an address with a database");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        let shared = Arc::new(Shared {
            server: server.to_owned(),
            asked: AtomicUsize::new(0),
            cut_at: AtomicUsize::new(usize::MAX),
            cuts_answer: false.into(),
        });
        let serving = shared.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass_on(client, serving.clone()));
            }
        });
        Self { port, shared }
    }

    /// The address by way of the relay.
    ///
    /// # Panics
    /// When the address has no server.
    #[must_use]
    pub fn address(&self, address: &str) -> String {
        let (user, rest) = address.rsplit_once('@').expect("an address with a user");
        let (_, database) = rest.split_once('/').expect("an address with a database");
        format!("{user}@127.0.0.1:{}/{database}", self.port)
    }

    /// Cuts the connection of the round trip that comes after so many others,
    /// once.
    pub fn cut_after(&self, round_trips: usize, cut: Cut) {
        self.shared.cuts_answer.store(cut == Cut::Answer, Ordering::SeqCst);
        let number = self.shared.asked.load(Ordering::SeqCst) + round_trips;
        self.shared.cut_at.store(number, Ordering::SeqCst);
    }

    /// True while a cut is still to come.
    #[must_use]
    pub fn is_armed(&self) -> bool {
        self.shared.cut_at.load(Ordering::SeqCst) != usize::MAX
    }

    /// Takes back a cut that has not come.
    pub fn disarm(&self) {
        self.shared.cut_at.store(usize::MAX, Ordering::SeqCst);
    }
}

/// Passes on one connection. The client waits for an answer to all it says, so
/// what it says at once is one question.
async fn pass_on(mut client: TcpStream, shared: Arc<Shared>) {
    let Ok(mut server) = TcpStream::connect(&shared.server).await else { return };
    let (mut question, mut answer) = (vec![0; 65_536], vec![0; 65_536]);
    loop {
        tokio::select! {
            read = client.read(&mut question) => {
                let Some(length) = read.ok().filter(|length| *length > 0) else { return };
                let number = shared.asked.fetch_add(1, Ordering::SeqCst);
                let is_cut = shared
                    .cut_at
                    .compare_exchange(number, usize::MAX, Ordering::SeqCst, Ordering::SeqCst)
                    .is_ok();
                if is_cut && !shared.cuts_answer.load(Ordering::SeqCst) {
                    return;
                }
                if server.write_all(&question[..length]).await.is_err() {
                    return;
                }
                if is_cut {
                    let _ = server.read(&mut answer).await;
                    return;
                }
            }
            read = server.read(&mut answer) => {
                let Some(length) = read.ok().filter(|length| *length > 0) else { return };
                if client.write_all(&answer[..length]).await.is_err() {
                    return;
                }
            }
        }
    }
}
