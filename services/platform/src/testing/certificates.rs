//! Certificates for servers that tests start.

use std::{path::Path, process::Command};

/// Writes an issuer, `root.crt`, and a certificate of its for `localhost`, `server.crt` with
/// `server.key`.
///
/// # Panics
/// When openssl cannot.
pub fn certificates(folder: &Path) {
    let new_key =
        ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    let openssl = |arguments: &[&str]| {
        let mut openssl = Command::new("openssl");
        let made = openssl.current_dir(folder).args(new_key).args(arguments).output();
        let made = made.expect("openssl runs");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    };
    openssl(&["-keyout", "root.key", "-out", "root.crt", "-subj", "/CN=Issuer", "-days", "2"]);
    openssl(&[
        "-CA",
        "root.crt",
        "-CAkey",
        "root.key",
        "-keyout",
        "server.key",
        "-out",
        "server.crt",
        "-subj",
        "/CN=localhost",
        "-addext",
        "subjectAltName=DNS:localhost",
        "-addext",
        "basicConstraints=critical,CA:FALSE",
        "-days",
        "2",
    ]);
}
