//! A relay before a PostgreSQL server that counts what the client waits for.
//!
//! A client of PostgreSQL ends what it has to say with a Sync or with a simple
//! Query, and then waits for ReadyForQuery: each of the two is one round trip.
//! What stood before it tells what it was for.

use std::{
    net::SocketAddr,
    ops::{Add, Sub},
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::Context as _;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

use crate::port;

/// Round trips by what they were for.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Count {
    /// Runs a prepared statement.
    pub(super) execute: usize,
    /// Prepares a statement and runs none.
    pub(super) prepare: usize,
    /// A text without values: BEGIN, COMMIT, SAVEPOINT.
    pub(super) control: usize,
    /// Asks only whether the connection is alive.
    pub(super) ping: usize,
}

impl Count {
    /// All of them.
    pub(super) fn all(self) -> usize {
        self.execute + self.prepare + self.control + self.ping
    }
}

impl Add for Count {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            execute: self.execute + other.execute,
            prepare: self.prepare + other.prepare,
            control: self.control + other.control,
            ping: self.ping + other.ping,
        }
    }
}

impl Sub for Count {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self {
            execute: self.execute - other.execute,
            prepare: self.prepare - other.prepare,
            control: self.control - other.control,
            ping: self.ping - other.ping,
        }
    }
}

/// A relay under way; ends when dropped.
pub(super) struct Counter {
    address: String,
    count: Arc<Mutex<Count>>,
    _relaying: JoinSet<()>,
}

impl Counter {
    /// Stands before the database of that address.
    pub(super) async fn before(database: &str) -> anyhow::Result<Self> {
        let parts = Parts::of(database)?;
        let listen = port::free()?;
        let listener = TcpListener::bind(listen).await?;
        let count = Arc::new(Mutex::new(Count::default()));
        let (upstream, counted) = (parts.server.clone(), Arc::clone(&count));
        let mut relaying = JoinSet::new();
        relaying.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                connections.spawn(relay(client, upstream.clone(), Arc::clone(&counted)));
            }
        });
        Ok(Self { address: parts.by_way_of(listen), count, _relaying: relaying })
    }

    /// The database's address by way of the relay.
    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// What was counted so far.
    pub(super) fn count(&self) -> Count {
        *self.count.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The parts of a database's address.
struct Parts {
    /// The scheme and who signs in, before the host.
    before: String,
    server: String,
    /// The database's name.
    database: String,
}

impl Parts {
    fn of(address: &str) -> anyhow::Result<Self> {
        let (head, database) = address.rsplit_once('/').context("no database is named")?;
        let place = head.rfind(['@', '/']).context("no host is named")? + 1;
        let (before, host) = head.split_at(place);
        let has_port = host.rsplit_once(':').is_some();
        let port = if has_port { "" } else { ":5432" };
        Ok(Self {
            before: before.to_owned(),
            server: format!("{host}{port}"),
            database: database.to_owned(),
        })
    }

    /// Without TLS: the relay reads along.
    fn by_way_of(&self, relay: SocketAddr) -> String {
        format!("{}{relay}/{}?sslmode=disable", self.before, self.database)
    }
}

async fn relay(client: TcpStream, upstream: String, count: Arc<Mutex<Count>>) {
    let Ok(server) = TcpStream::connect(upstream).await else {
        return;
    };
    // Refused on no Linux; without it small messages would wait.
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    // Either side ends by closing; there is nobody to tell of an error.
    tokio::select! {
        _ = count_and_copy(&mut from_client, &mut to_server, &count) => {}
        _ = tokio::io::copy(&mut from_server, &mut to_client) => {}
    }
}

async fn count_and_copy(
    from: &mut (impl AsyncRead + Unpin),
    to: &mut (impl AsyncWrite + Unpin),
    count: &Mutex<Count>,
) -> std::io::Result<()> {
    let mut reader = Reader::default();
    let mut bytes = vec![0; 64 * 1024];
    loop {
        let read = from.read(&mut bytes).await?;
        if read == 0 {
            return Ok(());
        }
        // Counted before it is passed on: who has an answer finds it counted.
        add(count, reader.take(&bytes[..read]));
        to.write_all(&bytes[..read]).await?;
    }
}

fn add(count: &Mutex<Count>, more: Count) {
    let mut count = count.lock().unwrap_or_else(PoisonError::into_inner);
    *count = *count + more;
}

/// Reads a client's messages: one byte that names it and a length of four, which
/// counts itself. Only the first message has no name.
#[derive(Default)]
struct Reader {
    pending: Vec<u8>,
    has_started: bool,
    has_parse: bool,
    has_execute: bool,
}

impl Reader {
    fn take(&mut self, bytes: &[u8]) -> Count {
        self.pending.extend_from_slice(bytes);
        let mut count = Count::default();
        loop {
            let name_length = usize::from(self.has_started);
            let Some(length) = self.pending.get(name_length..name_length + 4) else {
                return count;
            };
            let length = length.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
            let whole = name_length + length;
            if self.pending.len() < whole {
                return count;
            }
            if self.has_started {
                self.message(self.pending[0], &mut count);
            }
            self.has_started = true;
            self.pending.drain(..whole);
        }
    }

    fn message(&mut self, name: u8, count: &mut Count) {
        match name {
            b'P' => self.has_parse = true,
            b'E' => self.has_execute = true,
            b'Q' => count.control += 1,
            b'S' => {
                if self.has_execute {
                    count.execute += 1;
                } else if self.has_parse {
                    count.prepare += 1;
                } else {
                    count.ping += 1;
                }
                (self.has_parse, self.has_execute) = (false, false);
            }
            _ => {}
        }
    }
}
