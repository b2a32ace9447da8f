//! TLS to PostgreSQL: a server of its own, with a certificate made for it.

mod server;

use platform::{Database, config::DatabaseConfig};
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use server::{TlsServer, plain_server};

#[tokio::test]
async fn what_the_address_asks_of_tls_is_had_or_the_setting_is_named() {
    let Some(plain) = plain_server() else { return };
    let server = TlsServer::start(&plain).await;
    let root = server.root_certificate();

    // No address can be had without TLS from a server that insists on it.
    let refused = open(&server.address("localhost", "sslmode=disable")).await;
    assert!(refused.contains("no encryption"), "{refused}");

    let query = format!("sslmode=verify-full&sslrootcert={root}");
    assert_eq!(open(&server.address("localhost", &query)).await, "encrypted");
    for mode in ["prefer", "require"] {
        // What is only encrypted asks nothing of the certificate, and may name none to ask.
        let query = format!("sslmode={mode}");
        assert_eq!(open(&server.address("localhost", &query)).await, "encrypted", "{mode}");
        let query = format!("{query}&sslrootcert={root}");
        let refused = open(&server.address("localhost", &query)).await;
        assert!(refused.contains("add sslmode=verify-full"), "{refused}");
    }
    // The certificate is made for a name, which an address by number is not.
    let by_number = format!("sslmode=verify-full&sslrootcert={root}");
    let refusals = [
        ("127.0.0.1", by_number.as_str(), "not valid for name"),
        ("localhost", "sslmode=verify-full", "UnknownIssuer"),
    ];
    for (host, query, why) in refusals {
        let error = open(&server.address(host, query)).await;
        let (mode, _) = query.split_once('&').unwrap_or((query, ""));
        for part in [why, mode, "database.url", "sslrootcert=FILE"] {
            assert!(error.contains(part), "{host} {query}: {error}");
        }
    }
    let missing = open(&server.address("localhost", "sslmode=verify-full&sslrootcert=/none")).await;
    assert!(missing.contains("sslrootcert, sslcert or sslkey"), "{missing}");
}

#[tokio::test]
async fn a_server_without_tls_is_refused_where_tls_is_asked_for() {
    let Some(plain) = plain_server() else { return };
    for mode in ["require", "verify-full"] {
        let error = open(&format!("{plain}?sslmode={mode}")).await;
        for part in ["server does not support TLS", "database.url", &format!("sslmode={mode}")] {
            assert!(error.contains(part), "{error}");
        }
    }
    assert_eq!(open(&format!("{plain}?sslmode=prefer")).await, "plain");
    let unknown = open(&format!("{plain}?sslmode=always")).await;
    assert!(unknown.contains("always"), "{unknown}");
}

/// Whether a connection came about and is encrypted, or why it did not.
async fn open(url: &str) -> String {
    let config =
        DatabaseConfig { url: Some(url.into()), connections: 2, ..DatabaseConfig::default() };
    let database = match Database::open(&config, "unused".as_ref()).await {
        Ok(database) => database,
        Err(error) => return format!("{error:#}"),
    };
    let sql = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    let mut found = Vec::new();
    for connection in [&database.write, &database.read] {
        let statement = Statement::from_string(DbBackend::Postgres, sql);
        let row = connection.query_one_raw(statement).await.unwrap().unwrap();
        found.push(row.try_get::<bool>("", "ssl").unwrap());
    }
    let _ = database.write.close().await;
    let _ = database.read.close().await;
    match found.as_slice() {
        [true, true] => "encrypted".to_owned(),
        [false, false] => "plain".to_owned(),
        _ => format!("encrypted in part: {found:?}"),
    }
}
