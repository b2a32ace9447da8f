//! Connections to the processes that are measured.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use tonic::transport::{Channel, Endpoint};

use crate::child::Running;

const STARTING: Duration = Duration::from_secs(60);

/// A new connection.
///
/// # Errors
/// When nobody listens there.
pub(crate) async fn connect(address: SocketAddr) -> anyhow::Result<Channel> {
    let endpoint = Endpoint::from_shared(format!("http://{address}"))?.tcp_nodelay(true);
    Ok(endpoint.connect().await?)
}

/// Waits until a process listens.
///
/// # Errors
/// When it ends, or does not listen in time.
pub(crate) async fn listens(address: SocketAddr, process: &mut Running) -> anyhow::Result<()> {
    let deadline = Instant::now() + STARTING;
    while let Err(error) = connect(address).await {
        process.check()?;
        if Instant::now() > deadline {
            return Err(error.context("the process does not answer"));
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}
