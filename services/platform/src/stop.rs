//! Tells calls that have no end of their own that the process is about to stop,
//! so that they end themselves instead of being cut off.

use tokio_util::sync::CancellationToken;

/// Whether the process is about to stop; cheap to clone. It travels in the
/// extensions of every request that came in by the process's listener.
#[derive(Debug, Clone, Default)]
pub struct Stopping(CancellationToken);

impl Stopping {
    /// The one a request came with; one that is never told without it.
    #[must_use]
    pub fn of(extensions: &http::Extensions) -> Self {
        extensions.get::<Self>().cloned().unwrap_or_default()
    }

    /// Tells all who ask or wait.
    pub fn tell(&self) {
        self.0.cancel();
    }

    /// True when it was told.
    #[must_use]
    pub fn is_told(&self) -> bool {
        self.0.is_cancelled()
    }

    /// Completes when it is told.
    pub async fn told(&self) {
        self.0.cancelled().await;
    }
}
