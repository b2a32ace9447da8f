//! The key that bearer tokens are signed with: made once, shared by all the gateway's
//! processes by way of its database, and sealed there. Whoever reads the database makes no
//! token.
//!
//! Processes of before kept it in clear, and what is sealed is the same key: whoever reads
//! a copy of the database from that time makes tokens. Destroy those copies, or make them
//! useless as [`REMOVAL`] says.

use anyhow::{Context as _, bail};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use platform::{Database, data_key::DataKey, key_file, principal::KeyPair};
use secrecy::{ExposeSecret as _, SecretString};

use crate::{Config, config::KEY_FILE, store};

/// What can be done about a key that is lost or known to others, and what that does.
pub(crate) const REMOVAL: &str = "removing the row of the table signing_key, and starting every \
     process anew, makes a new key and ends every token; a list (CSV or workbook) that was taken \
     in before is then not known again when the same file is sent, and its rows without an id of \
     their own may be taken in a second time";

/// What a sealed key begins with, and no PEM does.
const SEALED: &str = "sealed:1:";
const IN_FILE: &str = "which is what stands in gateway.key, if there is one";
/// What it is sealed for.
const PLACE: &[u8] = b"samordna/gateway/1/signing-key";

/// The key that is there, or a new one. One that was kept in clear is sealed. Without a
/// master key, which every process has, it stays in clear.
///
/// # Errors
/// When it does not open.
pub(crate) async fn open(config: &Config, database: &Database) -> anyhow::Result<KeyPair> {
    let setting = KEY_FILE.setting;
    let master_key = config.master_key.as_ref().map(key_file::decoded).transpose();
    let master_key = master_key.context(setting)?;
    let master_key = master_key.map(|key| DataKey::of(*key.expose_secret()));
    let master_key = master_key.as_ref();
    let made = KeyPair::generate()?;
    let offered = kept(master_key, &made.private_pem);
    let write = &database.write;
    let there = store::signing_key::get_or_insert(write, &offered, &made.public_pem).await?;
    let private_pem = match (there.expose_secret().strip_prefix(SEALED), master_key) {
        (Some(text), Some(key)) => opened(key, text).with_context(|| {
            format!(
                "the key of bearer tokens was sealed with another key than {setting}: give the \
                 one that it was sealed with, {IN_FILE}; when it is lost, {REMOVAL}"
            )
        })?,
        (Some(_), None) => bail!(
            "the key of bearer tokens is sealed, and {setting} is not set: give the key that it \
             was sealed with, {IN_FILE}; when it is lost, {REMOVAL}"
        ),
        (None, None) => there,
        (None, Some(_)) => {
            let sealed = kept(master_key, &there);
            store::signing_key::replace(write, &there, &sealed).await?;
            tracing::warn!(
                "the key of bearer tokens, which was kept in clear, is sealed; copies of the \
                 database from before have it in clear: destroy them, or make them \
                 useless: {REMOVAL}"
            );
            there
        }
    };
    let keys = KeyPair::from_private_pem(private_pem.expose_secret());
    let KeyPair { private_pem: _, public_pem } = keys.context("the key of bearer tokens")?;
    // As it was kept: ids are made from its letters.
    Ok(KeyPair { private_pem, public_pem })
}

/// True when there is a key that nobody can use who has not the master key.
///
/// # Errors
/// When the database cannot be read.
pub(crate) async fn is_sealed(database: &Database) -> anyhow::Result<bool> {
    let there = store::signing_key::get(&database.read).await?;
    Ok(there.is_some_and(|there| there.expose_secret().starts_with(SEALED)))
}

/// The private half as it is kept.
fn kept(master_key: Option<&DataKey>, private_pem: &SecretString) -> SecretString {
    let Some(key) = master_key else { return private_pem.clone() };
    let sealed = key.seal(PLACE, private_pem.expose_secret().as_bytes());
    format!("{SEALED}{}", BASE64_STANDARD.encode(sealed)).into()
}

fn opened(key: &DataKey, text: &str) -> anyhow::Result<SecretString> {
    let sealed = BASE64_STANDARD.decode(text).context("it is not base64")?;
    let plain = key.open(PLACE, &sealed)?;
    Ok(std::str::from_utf8(&plain).context("it is no text")?.into())
}

#[cfg(test)]
mod tests {
    use platform::testing::on_both;

    use super::*;
    use crate::Migrator;

    fn config(byte: u8) -> Config {
        let key = BASE64_STANDARD.encode([byte; key_file::KEY]);
        Config { master_key: Some(key.into()), ..Config::default() }
    }

    async fn in_database(database: &Database) -> String {
        let there = store::signing_key::get(&database.read).await.unwrap().unwrap();
        there.expose_secret().to_owned()
    }

    fn is_same(one: &KeyPair, other: &KeyPair) -> bool {
        one.private_pem.expose_secret() == other.private_pem.expose_secret()
            && one.public_pem == other.public_pem
    }

    #[tokio::test]
    async fn the_key_is_made_once_and_is_nowhere_in_clear() {
        on_both(|database| async move {
            database.migrate::<Migrator>().await.unwrap();
            assert!(!is_sealed(&database).await.unwrap());
            let made = open(&config(1), &database).await.unwrap();
            assert!(is_sealed(&database).await.unwrap());
            assert!(!in_database(&database).await.contains("PRIVATE KEY"));
            let again = open(&config(1), &database).await.unwrap();
            assert!(is_same(&made, &again));

            let other = open(&config(2), &database).await.unwrap_err();
            assert!(format!("{other:#}").contains("gateway.master_key"), "{other:#}");
            for error in [&other, &open(&Config::default(), &database).await.unwrap_err()] {
                let text = format!("{error:#}");
                assert!(text.contains("what stands in gateway.key"), "{text}");
                assert!(text.contains("ends every token") && text.contains("a list"), "{text}");
            }
            let none = open(&Config::default(), &database).await.unwrap_err();
            assert!(none.to_string().contains("gateway.master_key is not set"), "{none}");
        })
        .await;
    }

    #[tokio::test]
    async fn a_key_that_was_kept_in_clear_is_sealed_and_stays_the_same() {
        on_both(|database| async move {
            database.migrate::<Migrator>().await.unwrap();
            let before = open(&Config::default(), &database).await.unwrap();
            assert!(in_database(&database).await.contains("PRIVATE KEY"));
            let after = open(&config(1), &database).await.unwrap();
            assert!(is_same(&before, &after));
            assert!(is_sealed(&database).await.unwrap());
            assert!(is_same(&before, &open(&config(1), &database).await.unwrap()));
        })
        .await;
    }

    #[tokio::test]
    async fn a_lost_master_key_is_told_and_never_made_anew() {
        on_both(|database| async move {
            database.migrate::<Migrator>().await.unwrap();
            let home = tempfile::TempDir::new().unwrap();
            let config = Config::default();
            let missing = config.clone().with_key(home.path()).unwrap_err().to_string();
            assert!(missing.contains("openssl rand -base64 32"), "{missing}");
            assert!(missing.contains("what stands in gateway.key"), "{missing}");
            crate::ensure_key(&config, home.path(), &database).await.unwrap();
            let with_key = config.clone().with_key(home.path()).unwrap();
            open(&with_key, &database).await.unwrap();

            let other = tempfile::TempDir::new().unwrap();
            let lost = crate::ensure_key(&config, other.path(), &database).await.unwrap_err();
            assert!(lost.to_string().contains("put gateway.key back"), "{lost}");
            assert!(!KEY_FILE.is_there(other.path()));
        })
        .await;
    }
}
