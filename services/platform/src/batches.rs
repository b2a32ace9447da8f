//! Batches that come over a stream and are answered one by one, in order. While one is
//! carried out, the next is taken in and read, and no more than that: a sender that
//! is faster than the database has to wait.

use std::{future::Future, time::Duration};

use futures::stream::{self, BoxStream, StreamExt as _};
use tokio::{sync::mpsc, time::Instant};
use tonic::{Status, Streaming};

use crate::{Failure, stop::Stopping, streams::Seat};

/// What a service does with the batches of one stream.
pub trait Batches: Send + 'static {
    /// A batch as it is sent.
    type Sent: Send + 'static;
    /// A batch that is read, and only has to be held against the record.
    type Read: Send + 'static;
    /// The answer to a batch.
    type Answer: Send + 'static;

    /// The service's name, for a sender who has to come back.
    const SERVICE: &'static str;

    /// Carries a batch out, all of it or nothing.
    ///
    /// # Errors
    /// What forbids it; the stream ends.
    fn carry_out(
        &mut self,
        batch: Self::Read,
    ) -> impl Future<Output = Result<Self::Answer, Failure>> + Send;
}

/// What is left of a stream.
struct Rest<B: Batches> {
    batches: B,
    stopping: Stopping,
    ends_at: Instant,
    read: mpsc::Receiver<Result<B::Read, Status>>,
    _seat: Seat,
}

/// The answers to the batches of a stream, each read before it is carried out; with what
/// is wrong with the whole of a batch, the stream ends. One that goes on for the longest
/// time, or when the process stops, is told to come back with the rest.
pub fn answers<B: Batches>(
    batches: B,
    read: impl Fn(B::Sent) -> Result<B::Read, Failure> + Send + 'static,
    stopping: Stopping,
    longest: Duration,
    sent: Streaming<B::Sent>,
    seat: Seat,
) -> BoxStream<'static, Result<B::Answer, Status>> {
    let (ahead, are_read) = mpsc::channel(1);
    tokio::spawn(read_ahead(sent, read, ahead));
    let ends_at = Instant::now() + longest;
    let rest = Rest { batches, stopping, ends_at, read: are_read, _seat: seat };
    let answers = stream::try_unfold(rest, async |mut rest| {
        let Some(batch) = rest.next().await? else { return Ok(None) };
        let answer = rest.batches.carry_out(batch).await?;
        Ok(Some((answer, rest)))
    });
    answers.boxed()
}

impl<B: Batches> Rest<B> {
    /// The next batch; none at the end.
    async fn next(&mut self) -> Result<Option<B::Read>, Status> {
        tokio::select! {
            biased;
            () = self.stopping.told() => Err(Failure::Unavailable { service: B::SERVICE }.into()),
            () = tokio::time::sleep_until(self.ends_at) => Err(Failure::Unauthenticated.into()),
            batch = self.read.recv() => batch.transpose(),
        }
    }
}

/// Takes batches in and reads them, one more than is asked for.
async fn read_ahead<S, R>(
    mut sent: Streaming<S>,
    read: impl Fn(S) -> Result<R, Failure>,
    ahead: mpsc::Sender<Result<R, Status>>,
) {
    loop {
        // Whoever took the batches has ended, and the sender may never send another.
        let message = tokio::select! {
            message = sent.message() => message,
            () = ahead.closed() => return,
        };
        let batch = match message {
            Ok(Some(message)) => read(message).map_err(Status::from),
            Ok(None) => return,
            Err(status) => Err(status),
        };
        let is_last = batch.is_err();
        if ahead.send(batch).await.is_err() || is_last {
            return;
        }
    }
}
