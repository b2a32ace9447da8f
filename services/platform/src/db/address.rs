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
/// When it is none, has a key that is not known, or names a root certificate that nothing
/// would be held against. The address holds a password, which no message repeats.
pub(super) fn read(url: &str) -> anyhow::Result<PgConnectOptions> {
    let options = PgConnectOptions::from_str(url)
        .context("database.url is no address of a PostgreSQL database")?;
    if url.contains('#') {
        bail!("database.url has a #, and what comes after it is not read: write it as %23");
    }
    let (_, query) = url.split_once('?').unwrap_or_default();
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let keys: Vec<&str> = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")).0).collect();
    let unknown: Vec<&str> =
        keys.iter().filter(|key| !is_known(key)).map(|key| shown(key)).collect();
    if !unknown.is_empty() {
        bail!(
            "database.url has keys that are not known: {}; known are {}",
            unknown.join(", "),
            KNOWN.join(", ")
        );
    }
    let mode = options.get_ssl_mode();
    let is_verified = matches!(mode, PgSslMode::VerifyCa | PgSslMode::VerifyFull);
    if !is_verified && keys.iter().any(|key| ROOT_CERTIFICATE.contains(key)) {
        bail!(
            "database.url names a certificate with sslrootcert, and no server is held against it: \
             add sslmode=verify-full, or verify-ca where the server's name is not to be looked at"
        );
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
    }

    #[test]
    fn an_address_that_says_what_is_meant_is_taken() {
        for query in [
            "",
            "?",
            "?sslmode=disable",
            "?sslmode=verify-full",
            "?sslmode=verify-ca&sslrootcert=/ca.pem",
            "?ssl-mode=verify-full&ssl-ca=/ca.pem&sslcert=/c.pem&sslkey=/k.pem",
            "?host=/run/postgresql&user=me&dbname=db&options[search_path]=one",
        ] {
            read(&format!("postgres://me:hunter2@db.example.org/db{query}")).unwrap();
        }
    }
}
