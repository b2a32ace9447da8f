//! Real processes: found beside the test's own binary, started on a free port,
//! and never left behind.

use std::{
    env,
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU16, Ordering},
    time::{Duration, Instant},
};

use tonic::transport::Endpoint;
use tonic_health::pb::{
    HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient,
};

/// How long a process may take to get ready, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// A process that ends with this value.
pub(crate) struct Running {
    child: Child,
}

impl Running {
    /// Starts a process and waits until it answers that it is ready.
    pub(crate) async fn start(program: &str, mut command: Command, port: u16) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::null());
        if command.get_envs().all(|(key, _)| key != "RUST_LOG") {
            command.env("RUST_LOG", "warn");
        }
        let mut running = Self { child: command.spawn().unwrap() };
        let started = Instant::now();
        while !is_ready(port).await {
            if let Some(status) = running.child.try_wait().unwrap() {
                panic!("{program} ended before it was ready: {status}");
            }
            assert!(started.elapsed() < PATIENCE, "{program} did not get ready");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        running
    }

    /// Ends it at once, with nothing put in order.
    pub(crate) fn kill(mut self) {
        self.end();
    }

    /// Asks it to stop and waits for its end, which must be a good one.
    pub(crate) fn stop(mut self) {
        let asked =
            Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(asked.success());
        let status = self.child.wait().unwrap();
        assert!(status.success(), "a process that was asked to stop ended with {status}");
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

async fn is_ready(port: u16) -> bool {
    let endpoint = Endpoint::from_shared(format!("http://127.0.0.1:{port}")).unwrap();
    let Ok(channel) = endpoint.connect().await else {
        return false;
    };
    let answer = HealthClient::new(channel).check(HealthCheckRequest::default()).await;
    answer.is_ok_and(|answer| answer.into_inner().status() == ServingStatus::Serving)
}

/// One of the workspace's binaries.
pub(crate) fn binary(name: &str) -> PathBuf {
    let test = env::current_exe().unwrap();
    let path = test.parent().and_then(|deps| deps.parent()).unwrap().join(name);
    assert!(
        path.exists(),
        "{name} is not built: run `cargo build --workspace --bins`, or tests/run"
    );
    path
}

/// A port that nobody listens on. Below 32768: above, loopback hands ports out
/// by itself, and a connection can even meet itself.
pub(crate) fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = 10_000 + u16::try_from(std::process::id() % 15_000).unwrap();
    loop {
        let port = first + NEXT.fetch_add(1, Ordering::Relaxed);
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
