//! A PostgreSQL server that lets nobody in without TLS, in a temporary folder and
//! gone when dropped. Its programs are those of the tests' own server.

use std::{fs, net::TcpListener, os::unix::fs::MetadataExt as _, path::PathBuf, process::Command};

use platform::testing::certificates;
use sea_orm::{ConnectionTrait as _, Database, DbBackend, Statement};
use tempfile::TempDir;

/// Who the server runs as when the tests run as root, which it refuses to run as.
const SERVER_USER: &str = "postgres";

/// The tests' own server, which speaks no TLS; none when none is named.
pub(super) fn plain_server() -> Option<String> {
    let server = std::env::var(platform::testing::POSTGRES).ok();
    assert!(server.is_some() || std::env::var("CI").is_err(), "no server is named");
    server
}

pub(super) struct TlsServer {
    folder: TempDir,
    programs: PathBuf,
    port: u16,
    /// Whether the tests run as root.
    root: bool,
}

impl TlsServer {
    pub(super) async fn start(plain: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let root = fs::metadata(folder.path()).unwrap().uid() == 0;
        let server = Self { folder, programs: programs(plain).await, port: free_port(), root };
        let folder = server.folder.path();
        certificates(folder);
        if root {
            run(Command::new("chown").arg("--recursive").arg(SERVER_USER).arg(folder));
        }
        let (cluster, log) = (folder.join("cluster"), folder.join("log"));
        run(server.program("initdb").arg("--pgdata").arg(&cluster).args([
            "--username=postgres",
            "--auth=trust",
            "--no-sync",
            "--no-instructions",
        ]));
        // Nobody is let in without TLS.
        fs::write(cluster.join("pg_hba.conf"), "hostssl all all 127.0.0.1/32 trust\n").unwrap();
        let settings = [
            "listen_addresses=127.0.0.1".to_owned(),
            format!("port={}", server.port),
            format!("unix_socket_directories={}", folder.display()),
            "ssl=on".to_owned(),
            format!("ssl_cert_file={}", folder.join("server.crt").display()),
            format!("ssl_key_file={}", folder.join("server.key").display()),
            "fsync=off".to_owned(),
        ];
        let options = settings.map(|setting| format!("-c {setting}")).join(" ");
        let mut start = server.program("pg_ctl");
        start.arg("--pgdata").arg(&cluster).arg("--log").arg(&log);
        run(start.args(["--wait", "--silent", "--options", &options, "start"]));
        server
    }

    pub(super) fn root_certificate(&self) -> String {
        self.folder.path().join("root.crt").display().to_string()
    }

    pub(super) fn address(&self, host: &str, query: &str) -> String {
        format!("postgres://postgres@{host}:{}/postgres?{query}", self.port)
    }

    /// One of the server's programs, as the user that it may run as.
    fn program(&self, name: &str) -> Command {
        let program = self.programs.join(name);
        if !self.root {
            return Command::new(program);
        }
        let mut command = Command::new("runuser");
        command.args(["-u", SERVER_USER, "--"]).arg(program);
        command
    }
}

impl Drop for TlsServer {
    fn drop(&mut self) {
        let mut stop = self.program("pg_ctl");
        stop.arg("--pgdata").arg(self.folder.path().join("cluster"));
        // A server that never started has nothing to stop.
        let _ = stop.args(["--mode", "immediate", "--silent", "stop"]).output();
    }
}

/// Where the tests' own server has its programs.
async fn programs(plain: &str) -> PathBuf {
    let connection = Database::connect(plain).await.unwrap();
    let sql = "SELECT setting FROM pg_config WHERE name = 'BINDIR'";
    let row = connection.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await;
    let folder: String = row.unwrap().unwrap().try_get("", "setting").unwrap();
    connection.close().await.unwrap();
    PathBuf::from(folder)
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}
