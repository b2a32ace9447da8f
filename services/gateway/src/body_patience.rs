//! How long a form or a file may take on its way in. Who signs in or asks for a token is
//! nobody yet, and would otherwise keep a connection with a body that does not end. What
//! partners call is not limited here: a list that is sent as a stream may pause, and its
//! caller has been asked for a token before.

use std::time::Duration;

use axum::Router;
use tower_http::timeout::{RequestBodyDeadlineLayer, RequestBodyTimeoutLayer};

/// How long a body is waited for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BodyPatience {
    /// For the next piece of it.
    pub(crate) pause: Duration,
    /// For the whole of it. Longer than a form with a file waits for its turn and is read.
    pub(crate) whole: Duration,
}

impl Default for BodyPatience {
    fn default() -> Self {
        Self { pause: Duration::from_secs(30), whole: Duration::from_secs(150) }
    }
}

impl BodyPatience {
    /// The routes, which wait for no body longer.
    pub(crate) fn limit<S: Clone + Send + Sync + 'static>(self, routes: Router<S>) -> Router<S> {
        routes
            .layer(RequestBodyTimeoutLayer::new(self.pause))
            .layer(RequestBodyDeadlineLayer::new(self.whole))
    }
}
