//! Following a journal: what a caller may see of it, in order, from any position
//! and then as it comes, without a gap and without a repetition.
//!
//! Nothing is read before the reader asks for it, so a slow reader holds one
//! stretch of entries and no connection to the database.

use std::{collections::VecDeque, time::Duration};

use futures::{StreamExt as _, future::BoxFuture, stream::BoxStream};
use rand::TryRng as _;
use tokio::{sync::watch, time::Instant};
use values::{Fault, Slug, name::AccountName};

use super::{
    Entry, Journal, arrivals,
    position::{Place, Seal},
    store,
};
use crate::{Failure, Principal, stop::Stopping, streams::Seat};

/// Entries read at a time.
const AT_ONCE: i64 = 200;

/// When something is told, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// A heartbeat comes when nothing else came for so long.
    pub heartbeat: Duration,
    /// How often to look for what other processes have recorded.
    pub look: Duration,
    /// A stream ends after so long: its reader comes back with the rights of
    /// that day.
    pub longest: Duration,
}

impl Pace {
    /// With a heartbeat every so many milliseconds, and never more seldom than by
    /// default.
    #[must_use]
    pub fn with_heartbeat_ms(milliseconds: u64) -> Self {
        let longest = Self::default();
        let heartbeat = Duration::from_millis(milliseconds.max(1)).min(longest.heartbeat);
        Self { heartbeat, ..longest }
    }
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            heartbeat: Duration::from_secs(15),
            look: Duration::from_secs(1),
            longest: Duration::from_secs(15 * 60),
        }
    }
}

/// An event, or a heartbeat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told<T> {
    /// Where the caller's view has come to.
    pub position: String,
    /// The position of the last event before it in the caller's view; empty when
    /// there is none.
    pub previous_position: String,
    /// What the caller is shown; none for a heartbeat.
    pub event: Option<T>,
}

/// What a caller is shown of each of some entries; none of what it may not see.
pub type Shown<T> = BoxFuture<'static, Result<Vec<Option<T>>, Failure>>;

impl Journal {
    /// Streams to a caller what `show` makes of the entries of its federation
    /// after a position, and then what is new. It is given a stretch of entries and
    /// answers one by one, in order; those that it makes nothing of leave no trace.
    /// An event has the same position whenever it is told. The stream ends by itself
    /// when the process stops and when it has gone on for the longest time.
    ///
    /// # Errors
    /// `POSITION_MALFORMED` for a position that was not given to this account or
    /// lies ahead of the journal; `TooManyStreams` when the account has too many streams.
    pub async fn follow<T, F>(
        &self,
        caller: &Principal,
        after: &str,
        pace: Pace,
        stopping: Stopping,
        show: F,
    ) -> Result<BoxStream<'static, Result<Told<T>, Failure>>, Failure>
    where
        T: Send + 'static,
        F: Fn(Vec<Entry>) -> Shown<T> + Send + Sync + 'static,
    {
        let federation = caller.federation.clone();
        let account = caller.account.clone();
        let seat = self.seat(&account)?;
        let arrivals = arrivals::listen(self, &federation, pace.look);
        let mut follower = Follower {
            journal: self.clone(),
            federation,
            account,
            pace,
            stopping,
            arrivals,
            seal: None,
            place: Place::default(),
            untold: VecDeque::new(),
            has_more: true,
            heartbeat_at: Instant::now() + pace.heartbeat,
            ends_at: Instant::now() + pace.longest,
            _seat: seat,
        };
        if !after.is_empty() {
            follower.go_to(after).await?;
        }
        follower.read(&show).await?;
        follower.heartbeat_at = Instant::now() + pace.heartbeat;
        let state = (follower, show);
        let stream = futures::stream::try_unfold(state, async |(mut follower, show)| {
            let told = follower.next(&show).await?;
            Ok(told.map(|told| (told, (follower, show))))
        });
        Ok(stream.boxed())
    }
}

/// One stream.
struct Follower<T> {
    journal: Journal,
    federation: Slug,
    account: AccountName,
    pace: Pace,
    stopping: Stopping,
    arrivals: watch::Receiver<()>,
    /// None as long as nothing is recorded: there is no position then.
    seal: Option<Seal>,
    place: Place,
    /// Read and not told yet: the sequence, and what the caller is shown.
    untold: VecDeque<(i64, Option<T>)>,
    /// There may be entries that are not read yet.
    has_more: bool,
    heartbeat_at: Instant,
    ends_at: Instant,
    _seat: Seat,
}

impl<T> Follower<T> {
    /// Takes up where a position says.
    async fn go_to(&mut self, after: &str) -> Result<(), Failure> {
        let read = &self.journal.database().read;
        let head = store::head(read, &self.federation).await?;
        let first = store::stretch(read, self.federation.as_str(), 0, 1).await?;
        self.seal = first.first().map(|row| Seal::new(&row.salt, &self.account));
        let place = self.seal.as_ref().and_then(|seal| seal.open(after));
        // Ahead of the journal when an older copy of the database was put back.
        let place = place.filter(|place| place.through <= head.sequence);
        self.place = place.ok_or_else(|| Fault::new("after", "POSITION_MALFORMED"))?;
        Ok(())
    }

    /// What is told next; none at the end.
    async fn next(
        &mut self,
        show: &impl Fn(Vec<Entry>) -> Shown<T>,
    ) -> Result<Option<Told<T>>, Failure> {
        loop {
            let now = Instant::now();
            if self.stopping.is_told() || now >= self.ends_at {
                return Ok(None);
            }
            if let Some((sequence, shown)) = self.untold.pop_front() {
                self.place.through = sequence;
                if let Some(event) = shown {
                    return Ok(Some(self.tell(event)));
                }
            } else if now >= self.heartbeat_at {
                return self.heartbeat().map(Some);
            } else if self.has_more {
                self.read(show).await?;
            } else {
                self.wait().await;
            }
        }
    }

    fn tell(&mut self, event: T) -> Told<T> {
        let previous_position = self.position_of(self.place.shown);
        self.place.shown = self.place.through;
        let position = self.position_of(self.place.shown);
        self.heartbeat_at = Instant::now() + self.pace.heartbeat;
        Told { position, previous_position, event: Some(event) }
    }

    /// A sign of life, which takes the position past what the caller may not see.
    /// Its position looks new each time, whether there was something or not.
    fn heartbeat(&mut self) -> Result<Told<T>, Failure> {
        self.heartbeat_at = Instant::now() + self.pace.heartbeat;
        let mark = rand::rngs::SysRng.try_next_u64().map_err(anyhow::Error::from)?;
        let position = self.seal.as_ref().map(|seal| seal.close(self.place, mark));
        let previous_position = self.position_of(self.place.shown);
        Ok(Told { position: position.unwrap_or_default(), previous_position, event: None })
    }

    /// The position of an event; empty before the first.
    fn position_of(&self, sequence: i64) -> String {
        let place = Place { shown: sequence, through: sequence };
        let seal = self.seal.as_ref().filter(|_| sequence > 0);
        seal.map(|seal| seal.close(place, 0)).unwrap_or_default()
    }

    async fn read(&mut self, show: &impl Fn(Vec<Entry>) -> Shown<T>) -> Result<(), Failure> {
        // Before reading: what comes from now on rings again.
        self.arrivals.mark_unchanged();
        let read = &self.journal.database().read;
        let after = self.place.through;
        let rows = store::stretch(read, self.federation.as_str(), after, AT_ONCE).await?;
        // A row is seen only with all before it, for they are committed in order.
        let follows = |(row, sequence): (&store::Row, i64)| row.entry.sequence == sequence;
        if !rows.iter().zip(after + 1..).all(follows) {
            return Err(anyhow::anyhow!("the journal has a gap after {after}").into());
        }
        if let Some(first) = rows.first().filter(|first| first.entry.sequence == 1) {
            self.seal = Some(Seal::new(&first.salt, &self.account));
        }
        self.has_more = i64::try_from(rows.len()) == Ok(AT_ONCE);
        let entries: Vec<Entry> = rows.into_iter().map(|row| row.entry).collect();
        let sequences = after + 1..;
        let shown = show(entries).await?;
        self.untold.extend(sequences.zip(shown));
        Ok(())
    }

    /// Waits until there is something to do.
    async fn wait(&mut self) {
        let until = self.heartbeat_at.min(self.ends_at);
        tokio::select! {
            () = self.stopping.told() => {}
            () = tokio::time::sleep_until(until) => {}
            _ = self.arrivals.changed() => self.has_more = true,
        }
    }
}
