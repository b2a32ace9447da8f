//! Why a PostgreSQL server cannot be reached, in words that name the setting to
//! change: most of what goes wrong is how the connection is to be encrypted.

use std::io::ErrorKind;

use sea_orm::{SqlxError, sqlx::postgres::PgSslMode};

/// The error with what to do about it.
pub(super) fn explain(mode: PgSslMode, error: SqlxError) -> anyhow::Error {
    let remedy = remedy(mode, &error);
    anyhow::Error::new(error).context(match remedy {
        Some(remedy) => format!("cannot reach the database: {remedy}"),
        None => "cannot reach the database".to_owned(),
    })
}

fn remedy(mode: PgSslMode, error: &SqlxError) -> Option<String> {
    let mode = match mode {
        // The last is refused before anything is reached.
        PgSslMode::Disable | PgSslMode::Allow | PgSslMode::VerifyCa => return None,
        PgSslMode::Prefer => "prefer",
        PgSslMode::Require => "require",
        PgSslMode::VerifyFull => "verify-full",
    };
    match error {
        SqlxError::Tls(_) => Some(format!(
            "sslmode={mode} in database.url asks for TLS, which cannot be had: turn ssl on in \
             the server and look at the certificates that database.url names; \
             sslmode=disable goes without where the network is trusted"
        )),
        // What rustls refuses comes as data that makes no sense.
        SqlxError::Io(error) if error.kind() == ErrorKind::InvalidData => Some(format!(
            "the server's certificate does not satisfy sslmode={mode} in database.url: give the \
             certificate of its issuer (PEM) as sslrootcert=FILE, and the host by a name that \
             the server's certificate has"
        )),
        SqlxError::Io(error) if error.kind() == ErrorKind::NotFound => Some(
            "a file that database.url names with sslrootcert, sslcert or sslkey, or the folder \
             of the server's socket, is not there"
                .to_owned(),
        ),
        _ => None,
    }
}
