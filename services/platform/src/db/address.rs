//! What the address of a PostgreSQL database says. The driver leaves out what it does not
//! know, and looks at no certificate where it is not told to: an address that asks for
//! less than whoever wrote it meant is refused here.

use std::str::FromStr as _;

use anyhow::{Context as _, bail};
use sea_orm::sqlx::postgres::{PgConnectOptions, PgSslMode};

/// What the driver knows, by the names that are told.
const KNOWN: [&str; 13] = [
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "application_name",
    "options",
    "statement-cache-capacity",
];
/// Its other names for these.
const OTHER_NAMES: [&str; 5] = ["ssl-mode", "ssl-root-cert", "ssl-ca", "ssl-cert", "ssl-key"];
const ROOT_CERTIFICATE: [&str; 3] = ["sslrootcert", "ssl-root-cert", "ssl-ca"];

/// Reads an address.
///
/// # Errors
/// When it is none, has a key that is not known, names a root certificate that nothing
/// would be held against, or would trust whoever has a certificate of a public issuer. The address holds a password, which no message repeats.
pub(super) fn read(url: &str) -> anyhow::Result<PgConnectOptions> {
    let options = PgConnectOptions::from_str(url)
        .context("database.url is no address of a PostgreSQL database")?;
    let mut faults = Vec::new();
    if url.contains('#') {
        faults.push("has a #, and what comes after it is not read: write it as %23".to_owned());
    }
    let (_, query) = url.split_once('?').unwrap_or_default();
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let keys: Vec<&str> = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")).0).collect();
    let unknown: Vec<&str> =
        keys.iter().filter(|key| !is_known(key)).map(|key| shown(key)).collect();
    if !unknown.is_empty() {
        let (unknown, known) = (unknown.join(", "), KNOWN.join(", "));
        faults.push(format!("has keys that are not known: {unknown}; known are {known}"));
    }
    let names_issuer = keys.iter().any(|key| ROOT_CERTIFICATE.contains(key));
    match options.get_ssl_mode() {
        PgSslMode::VerifyCa => faults.push(
            "has sslmode=verify-ca, with which a certificate of any public issuer would do, made \
             for any name: write verify-full, and the host as it stands in the server's certificate"
                .to_owned(),
        ),
        PgSslMode::Disable | PgSslMode::Allow | PgSslMode::Prefer | PgSslMode::Require
            if names_issuer =>
        {
            faults.push(
                "names a certificate with sslrootcert, and no server is held against it: add \
                 sslmode=verify-full"
                    .to_owned(),
            );
        }
        _ => {}
    }
    if !faults.is_empty() {
        bail!("database.url {}", faults.join("; and it "));
    }
    Ok(options)
}

fn is_known(key: &str) -> bool {
    let is_option = key.starts_with("options[") && key.ends_with(']');
    is_option || KNOWN.contains(&key) || OTHER_NAMES.contains(&key)
}

/// A key as it may be told: what looks like none may be a piece of a password.
fn shown(key: &str) -> &str {
    let is_word = |it: char| it.is_ascii_alphanumeric() || "_-[].".contains(it);
    if key.chars().all(is_word) { key } else { "(one that is no word)" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_asks_for_less_than_it_seems_to_is_refused() {
        let refused = |query: &str| {
            let error = read(&format!("postgres://me:hunter2@db.example.org/{query}")).unwrap_err();
            let error = format!("{error:#}");
            assert!(error.contains("database.url") && !error.contains("hunter2"), "{error}");
            error
        };
        let error = refused("db?ssl_mode=verify-full&sslmode=require&connect_timeout=3");
        for part in ["ssl_mode, connect_timeout;", "known are sslmode, sslrootcert"] {
            assert!(error.contains(part), "{error}");
        }
        assert!(refused("db?SSLMODE=verify-full").contains("SSLMODE"));
        assert!(refused("db?ssl%6Dode=disable").contains("(one that is no word)"));
        assert!(refused("db#?sslmode=verify-full").contains("%23"));
        for query in ["", "sslmode=require&", "sslmode=verify-full&sslmode=prefer&"] {
            let error = refused(&format!("db?{query}sslrootcert=/ca.pem"));
            assert!(error.contains("add sslmode=verify-full"), "{error}");
        }
        for query in ["sslmode=verify-ca", "ssl-mode=verify-ca&sslrootcert=/ca.pem"] {
            let error = refused(&format!("db?{query}"));
            assert!(error.contains("any public issuer"), "{error}");
        }
        let error = refused("db?sslmod=x&sslmode=verify-ca#");
        for part in ["has a #", "; and it has keys that are not known: sslmod;", "verify-ca"] {
            assert!(error.contains(part), "{error}");
        }
    }

    #[test]
    fn an_address_that_says_what_is_meant_is_taken() {
        for query in [
            "",
            "?",
            "?sslmode=disable",
            "?sslmode=verify-full",
            "?sslmode=verify-full&sslrootcert=/ca.pem",
            "?ssl-mode=verify-full&ssl-ca=/ca.pem&sslcert=/c.pem&sslkey=/k.pem",
            "?host=/run/postgresql&user=me&dbname=db&options[search_path]=one",
        ] {
            read(&format!("postgres://me:hunter2@db.example.org/db{query}")).unwrap();
        }
    }
}
