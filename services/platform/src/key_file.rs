//! Master keys: 32 bytes in base64, which the settings give. A key of the installation
//! stands in a file of the data directory where they give none.

use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use rand::{Rng as _, RngExt as _};
use secrecy::{ExposeSecret as _, SecretBox, SecretString, zeroize::Zeroizing};
use serde::{Deserialize as _, Deserializer, de::Error as _};

/// Bytes of a key.
pub const KEY: usize = 32;

/// Where a service finds the master key that its settings do not give.
#[derive(Debug, Clone, Copy)]
pub struct KeyFile {
    /// The file's name in the data directory: `participant.key`.
    pub name: &'static str,
    /// The setting that goes before it: `participant.master_key`.
    pub setting: &'static str,
    /// What is lost with the key, as the end of a sentence.
    pub lost: &'static str,
}

/// The bytes of a key.
///
/// # Errors
/// When it is none. The message does not show it.
pub fn decoded(key: &SecretString) -> anyhow::Result<SecretBox<[u8; KEY]>> {
    let Ok(bytes) = BASE64_STANDARD.decode(key.expose_secret().trim()) else {
        bail!("is not base64");
    };
    let bytes = Zeroizing::new(bytes);
    match <[u8; KEY]>::try_from(bytes.as_slice()) {
        Ok(key) => Ok(SecretBox::new(Box::new(key))),
        Err(_) => bail!("is {} bytes long and has to be {KEY}", bytes.len()),
    }
}

/// Reads the setting of a key, which has to be one.
///
/// # Errors
/// When it is none. The message does not show it.
pub fn setting<'de, D: Deserializer<'de>>(sent: D) -> Result<Option<SecretString>, D::Error> {
    let key = Option::<SecretString>::deserialize(sent)?;
    let checked = key.as_ref().map(decoded).transpose();
    checked.map_err(|error| D::Error::custom(format!("master_key {error}")))?;
    Ok(key)
}

/// Reads the settings of several keys, by what they are of.
///
/// # Errors
/// When one is none. The message does not show it.
pub fn settings<'de, D>(sent: D) -> Result<BTreeMap<String, SecretString>, D::Error>
where
    D: Deserializer<'de>,
{
    let keys = BTreeMap::<String, SecretString>::deserialize(sent)?;
    for (of, key) in &keys {
        decoded(key).map_err(|error| D::Error::custom(format!("the key of {of} {error}")))?;
    }
    Ok(keys)
}

impl KeyFile {
    fn path(&self, data_directory: &Path) -> PathBuf {
        data_directory.join(self.name)
    }

    /// The key of the file.
    ///
    /// # Errors
    /// When there is none, or the file holds none: the line says what to do.
    pub fn read(&self, data_directory: &Path) -> anyhow::Result<SecretString> {
        let file = self.path(data_directory);
        match fs::read_to_string(&file) {
            Ok(text) => {
                let key = SecretString::from(text);
                decoded(&key).with_context(|| {
                    format!(
                        "{} holds no key: put the key of before back into it; when there was \
                         none, it was left half made and nothing is locked with it, and may be \
                         removed",
                        file.display()
                    )
                })?;
                Ok(key)
            }
            Err(error) if error.kind() == ErrorKind::NotFound => bail!(
                "{} is not set: give the key of before, which is what stands in {} where a \
                 process made one for itself; for a new installation, make one with `openssl \
                 rand -base64 32`, and keep it where the backups are not; {}",
                self.setting,
                self.name,
                self.lost
            ),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", file.display())),
        }
    }

    /// True when there is a key file.
    #[must_use]
    pub fn is_there(&self, data_directory: &Path) -> bool {
        self.path(data_directory).exists()
    }

    /// Makes a new key, which nobody but the owner of the process can read. One that is
    /// there stays.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn make(&self, data_directory: &Path) -> anyhow::Result<()> {
        let file = self.path(data_directory);
        let failed = || format!("cannot write {}", file.display());
        fs::create_dir_all(data_directory).with_context(failed)?;
        // Whole beside its place first: a key that was half written would be taken for one.
        let beside = format!("{}.{:016x}.new", self.name, rand::rng().random::<u64>());
        let beside = data_directory.join(beside);
        let made = write_new(&beside).and_then(|()| fs::hard_link(&beside, &file));
        let removed = fs::remove_file(&beside);
        match made {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(()),
            other => other.with_context(failed)?,
        }
        removed.with_context(|| format!("cannot remove {}", beside.display()))?;
        File::open(data_directory).and_then(|folder| folder.sync_all()).with_context(failed)
    }
}

/// Writes a new key to a new file, to the disk.
fn write_new(file: &Path) -> io::Result<()> {
    let mut opened = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
    let mut key = Zeroizing::new([0; KEY]);
    rand::rng().fill_bytes(key.as_mut_slice());
    let text = Zeroizing::new(BASE64_STANDARD.encode(key.as_slice()));
    opened.write_all(text.as_bytes())?;
    opened.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use tempfile::TempDir;

    use super::*;

    const FILE: KeyFile = KeyFile { name: "x.key", setting: "x.key", lost: "nothing is lost" };

    #[test]
    fn a_made_key_is_the_owners_alone_and_is_never_replaced() {
        let home = TempDir::new().unwrap();
        let folder = home.path().join("data");
        assert!(!FILE.is_there(&folder));
        FILE.make(&folder).unwrap();
        assert!(FILE.is_there(&folder));
        let mode = fs::metadata(FILE.path(&folder)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let first = FILE.read(&folder).unwrap();
        FILE.make(&folder).unwrap();
        assert_eq!(FILE.read(&folder).unwrap().expose_secret(), first.expose_secret());
        assert_eq!(decoded(&first).unwrap().expose_secret().len(), KEY);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn a_key_that_was_left_half_made_is_named_and_neither_taken_nor_replaced() {
        let home = TempDir::new().unwrap();
        let file = FILE.path(home.path());
        for half in ["", "aHVudGVy"] {
            fs::write(&file, half).unwrap();
            FILE.make(home.path()).unwrap();
            assert_eq!(fs::read_to_string(&file).unwrap(), half);
            let error = format!("{:#}", FILE.read(home.path()).unwrap_err());
            for part in ["x.key holds no key", "may be removed", "bytes long"] {
                assert!(error.contains(part), "{error}");
            }
        }
    }

    #[test]
    fn what_is_no_key_is_refused_and_not_shown() {
        for (text, why) in [("hunter2!", "is not base64"), ("aHVudGVy", "is 6 bytes long")] {
            let error = decoded(&text.into()).unwrap_err().to_string();
            assert!(error.contains(why) && !error.contains(text), "{error}");
        }
    }
}
