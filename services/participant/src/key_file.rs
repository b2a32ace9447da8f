//! The installation's master key in a file of the data directory: for an installation
//! that was given none.

use std::{
    fs::{self, OpenOptions},
    io::{ErrorKind, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use rand::Rng as _;
use secrecy::{SecretString, zeroize::Zeroizing};

const NAME: &str = "participant.key";

fn path(data_directory: &Path) -> PathBuf {
    data_directory.join(NAME)
}

/// The key of the file.
///
/// # Errors
/// When there is none: the line says how to make one.
pub(crate) fn read(data_directory: &Path) -> anyhow::Result<SecretString> {
    let file = path(data_directory);
    match fs::read_to_string(&file) {
        Ok(key) => Ok(key.into()),
        Err(error) if error.kind() == ErrorKind::NotFound => bail!(
            "participant.master_key is not set: make a key with `openssl rand -base64 32`, and keep \
             it where the backups are not; people's records cannot be read without it"
        ),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", file.display())),
    }
}

/// True when there is a key file.
pub(crate) fn is_there(data_directory: &Path) -> bool {
    path(data_directory).exists()
}

/// Makes a new key, which nobody but the owner of the process can read. One that is
/// there stays.
///
/// # Errors
/// When the file cannot be written.
pub(crate) fn make(data_directory: &Path) -> anyhow::Result<()> {
    let file = path(data_directory);
    let failed = || format!("cannot write {}", file.display());
    fs::create_dir_all(data_directory).with_context(failed)?;
    let opened = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&file);
    let mut opened = match opened {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(()),
        other => other.with_context(failed)?,
    };
    let mut key = Zeroizing::new([0; 32]);
    rand::rng().fill_bytes(key.as_mut_slice());
    let text = Zeroizing::new(BASE64_STANDARD.encode(key.as_slice()));
    opened.write_all(text.as_bytes()).with_context(failed)?;
    opened.sync_all().with_context(failed)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use secrecy::ExposeSecret as _;
    use tempfile::TempDir;

    use super::*;

    #[test]
    fn a_made_key_is_the_owners_alone_and_is_never_replaced() {
        let home = TempDir::new().unwrap();
        let folder = home.path().join("data");
        assert!(!is_there(&folder));
        make(&folder).unwrap();
        assert!(is_there(&folder));
        let mode = fs::metadata(path(&folder)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let first = read(&folder).unwrap();
        make(&folder).unwrap();
        assert_eq!(read(&folder).unwrap().expose_secret(), first.expose_secret());
        assert_eq!(BASE64_STANDARD.decode(first.expose_secret()).unwrap().len(), 32);
    }
}
