//! Reminds of reports that are due, without anybody asking for it.

use std::time::Duration;

use platform::{Clock, Database, Journal};
use tokio::time::{MissedTickBehavior, interval};

use crate::rpc;

/// How often it is looked what is to be sent: a day begins with it soon enough, and a
/// process that was down makes up for it.
const PAUSE: Duration = Duration::from_secs(60 * 60);

/// Sends, as of now, the reminders of every federation that are to be sent and are not,
/// and answers how many that were.
///
/// # Errors
/// When the database fails.
pub async fn remind(database: &Database, clock: &Clock) -> anyhow::Result<usize> {
    let journal = Journal::new(database.clone(), clock.clone());
    Ok(rpc::reminder::remind(&journal).await?)
}

/// Does so again and again.
pub(crate) async fn forever(journal: Journal) {
    let mut ticks = interval(PAUSE);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        match rpc::reminder::remind(&journal).await {
            Ok(0) => {}
            Ok(count) => tracing::info!(reminder.count = count, "sent {count} reminders"),
            Err(failure) => {
                let error = anyhow::Error::from(failure);
                tracing::error!("cannot send reminders, trying again later: {error:#}");
            }
        }
    }
}
