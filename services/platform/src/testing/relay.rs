//! A way to the test server that can be cut at any round trip, or fall silent.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// Where in a round trip the connection is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// Before the server has the question: it was never asked.
    Question,
    /// Before the caller has the answer: what was asked is done, and nobody
    /// knows.
    Answer,
    /// As the question, but nothing tells the caller: the connection stays open, and
    /// silent.
    SilentQuestion,
    /// As the answer, but nothing tells the caller.
    SilentAnswer,
}

impl Cut {
    /// Every way.
    pub const ALL: [Self; 4] =
        [Self::Question, Self::Answer, Self::SilentQuestion, Self::SilentAnswer];
}

/// Passes on what is said to a server, and counts the round trips.
pub struct Relay {
    port: u16,
    shared: Arc<Shared>,
}

struct Shared {
    server: String,
    asked: AtomicUsize,
    cut: Mutex<Option<(usize, Cut)>>,
    /// Told when the connections of this moment fall silent.
    silence: watch::Sender<()>,
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
            cut: Mutex::default(),
            silence: watch::Sender::new(()),
        });
        let serving = shared.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(attend(client, serving.clone()));
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
        let number = self.shared.asked.load(Ordering::SeqCst) + round_trips;
        *self.shared.cut() = Some((number, cut));
    }

    /// True while a cut is still to come.
    #[must_use]
    pub fn is_armed(&self) -> bool {
        self.shared.cut().is_some()
    }

    /// Takes back a cut that has not come.
    pub fn disarm(&self) {
        *self.shared.cut() = None;
    }

    /// Lets the connections that are open now fall silent; new ones are served.
    pub fn fall_silent(&self) {
        self.shared.silence.send_replace(());
    }
}

impl Shared {
    fn cut(&self) -> MutexGuard<'_, Option<(usize, Cut)>> {
        self.cut.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How the round trip that begins is cut.
    fn take_cut(&self) -> Option<Cut> {
        let number = self.asked.fetch_add(1, Ordering::SeqCst);
        self.cut().take_if(|(at, _)| *at == number).map(|(_, cut)| cut)
    }
}

/// Passes on one connection, and when it is over without a word, keeps it open for as long
/// as the client does.
async fn attend(mut client: TcpStream, shared: Arc<Shared>) {
    let mut silence = shared.silence.subscribe();
    let Ok(mut server) = TcpStream::connect(&shared.server).await else { return };
    let is_silent = tokio::select! {
        is_silent = pass_on(&mut client, &mut server, &shared) => is_silent,
        told = silence.changed() => told.is_ok(),
    };
    let mut unheard = vec![0; 65_536];
    while is_silent && client.read(&mut unheard).await.is_ok_and(|length| length > 0) {}
}

/// True when the connection falls silent. The client waits for an answer to all it says, so
/// what it says at once is one question.
async fn pass_on(client: &mut TcpStream, server: &mut TcpStream, shared: &Shared) -> bool {
    let (mut question, mut answer) = (vec![0; 65_536], vec![0; 65_536]);
    loop {
        tokio::select! {
            read = client.read(&mut question) => {
                let Some(length) = read.ok().filter(|length| *length > 0) else { return false };
                let cut = shared.take_cut();
                if matches!(cut, Some(Cut::Question | Cut::SilentQuestion)) {
                    return cut == Some(Cut::SilentQuestion);
                }
                if server.write_all(&question[..length]).await.is_err() {
                    return false;
                }
                if cut.is_some() {
                    let _ = server.read(&mut answer).await;
                    return cut == Some(Cut::SilentAnswer);
                }
            }
            read = server.read(&mut answer) => {
                let Some(length) = read.ok().filter(|length| *length > 0) else { return false };
                if client.write_all(&answer[..length]).await.is_err() {
                    return false;
                }
            }
        }
    }
}
