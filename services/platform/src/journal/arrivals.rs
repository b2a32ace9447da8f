//! Wakes those who follow a federation's journal: at once for what this process
//! has committed, and when the head is next looked at for what others have.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::watch;
use values::Slug;

use super::{Journal, store};

/// The bells of all federations.
#[derive(Default)]
pub(super) struct Arrivals(Mutex<HashMap<Slug, Bell>>);

#[derive(Default)]
struct Bell {
    sender: watch::Sender<()>,
    /// A task looks at the head, as long as somebody listens.
    is_watched: bool,
}

impl Arrivals {
    /// What a writer rings after each commit.
    pub(super) fn bell(&self, federation: &Slug) -> watch::Sender<()> {
        self.bells().entry(federation.clone()).or_default().sender.clone()
    }

    fn bells(&self) -> MutexGuard<'_, HashMap<Slug, Bell>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// True when nobody listens any more; the next listener starts a new watch.
    fn ends_watch(&self, federation: &Slug) -> bool {
        let mut bells = self.bells();
        let bell = bells.entry(federation.clone()).or_default();
        bell.is_watched = bell.sender.receiver_count() > 0;
        !bell.is_watched
    }
}

/// Hears when something may have come.
pub(super) fn listen(journal: &Journal, federation: &Slug, look: Duration) -> watch::Receiver<()> {
    let mut bells = journal.0.arrivals.bells();
    let bell = bells.entry(federation.clone()).or_default();
    let receiver = bell.sender.subscribe();
    if !std::mem::replace(&mut bell.is_watched, true) {
        tokio::spawn(watch(journal.clone(), federation.clone(), look));
    }
    receiver
}

/// Rings for what another process has committed.
async fn watch(journal: Journal, federation: Slug, look: Duration) {
    let bell = journal.0.arrivals.bell(&federation);
    let mut seen = None;
    loop {
        tokio::time::sleep(look).await;
        if journal.0.arrivals.ends_watch(&federation) {
            return;
        }
        match store::head(&journal.database().read, &federation).await {
            Ok(head) if Some(head.sequence) != seen => {
                seen = Some(head.sequence);
                bell.send_replace(());
            }
            Ok(_) => {}
            // Whoever follows meets the same fault by itself, and tells its caller.
            Err(error) => {
                tracing::debug!(%error, "the head of a journal could not be looked at");
                bell.send_replace(());
            }
        }
    }
}
