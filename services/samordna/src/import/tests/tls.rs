//! The way to a gateway behind TLS.

use std::fs;

use platform::testing::certificates;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tonic::{
    service::Routes,
    transport::{Identity, Server, ServerTlsConfig, server::TcpIncoming},
};

use crate::import::channel;

#[tokio::test]
async fn a_gateway_is_called_over_tls_by_its_name_and_when_its_issuer_is_known() {
    let (folder, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    certificates(folder.path());
    certificates(other.path());
    let read = |name| fs::read(folder.path().join(name)).unwrap();
    let identity = Identity::from_pem(read("server.crt"), read("server.key"));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut server =
        Server::builder().tls_config(ServerTlsConfig::new().identity(identity)).unwrap();
    let server = server.add_routes(Routes::default());
    tokio::spawn(server.serve_with_incoming(TcpIncoming::from(listener)));

    let issuer = folder.path().join("root.crt");
    let named = format!("https://localhost:{port}");
    channel(&named, Some(&issuer)).await.unwrap();

    let numbered = format!("https://127.0.0.1:{port}");
    let other = other.path().join("root.crt");
    let none = folder.path().join("none.crt");
    let plain = format!("http://localhost:{port}");
    for (server, issuer, why) in [
        (&named, None, "--ca FILE"),
        (&named, Some(&other), "invalid peer certificate"),
        (&numbered, Some(&issuer), "not valid for name"),
        (&named, Some(&none), "none.crt cannot be read"),
        (&plain, Some(&issuer), "write https://"),
    ] {
        let refused = channel(server, issuer.map(|issuer| issuer.as_path())).await.unwrap_err();
        let refused = format!("{refused:#}");
        assert!(refused.contains(why), "{server}: {refused}");
    }
}
