//! What people's records are locked with.
//!
//! Each person has a data key, under which everything that relates to the person is
//! sealed. The data key itself is kept wrapped with a key of the party that owns the
//! record, which comes of a master key: the party's own, or the installation's. To
//! destroy the wrapped key is to dispose of the person.

use std::collections::BTreeMap;

use anyhow::Context as _;
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
pub use platform::data_key::{DataKey, Unsealable};
use platform::key_file::{KEY, decoded};
use secrecy::{ExposeSecret as _, SecretBox, SecretString};
use sha2::Sha256;
use values::Slug;

/// The master keys of an installation.
pub struct Keyring {
    installation: SecretBox<[u8; KEY]>,
    /// The parties that have one of their own, by `federation/party`.
    parties: BTreeMap<String, SecretBox<[u8; KEY]>>,
}

impl Keyring {
    /// Reads the master keys: each 32 bytes in base64; the parties' by
    /// `federation/party`.
    ///
    /// # Errors
    /// When one is no such key. The message does not show it.
    pub fn read(
        installation: &SecretString,
        parties: &BTreeMap<String, SecretString>,
    ) -> anyhow::Result<Self> {
        let own = parties.iter().map(|(party, key)| {
            let key = decoded(key).with_context(|| format!("the master key of {party}"))?;
            anyhow::Ok((party.clone(), key))
        });
        Ok(Self {
            installation: decoded(installation).context("the installation's master key")?,
            parties: own.collect::<Result<_, _>>()?,
        })
    }

    /// Wraps a person's data key for the party that owns the record.
    #[must_use]
    pub fn wrap(&self, federation: &Slug, party: &Slug, person: &str, key: &DataKey) -> Vec<u8> {
        self.party_key(federation, party).seal(person.as_bytes(), key.expose())
    }

    /// Opens a wrapped data key.
    ///
    /// # Errors
    /// When it was wrapped for another party or person, or with another master key.
    pub fn unwrap(
        &self,
        federation: &Slug,
        party: &Slug,
        person: &str,
        wrapped: &[u8],
    ) -> Result<DataKey, Unsealable> {
        let bytes = self.party_key(federation, party).open(person.as_bytes(), wrapped)?;
        let bytes = <[u8; KEY]>::try_from(bytes.as_slice()).map_err(|_| Unsealable)?;
        Ok(DataKey::of(bytes))
    }

    /// What a personal number is found by within a party: the same number gives
    /// another value in another party.
    #[must_use]
    pub fn lookup(&self, federation: &Slug, party: &Slug, number: &str) -> [u8; KEY] {
        let key = self.derived(federation, party, "lookup");
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("a MAC takes keys of any length");
        mac.update(number.as_bytes());
        mac.finalize().into_bytes().into()
    }

    /// A hash of what tells who a person is, which nobody can try out without the key.
    #[must_use]
    pub fn blind(&self, federation: &Slug, hash: &[u8; KEY]) -> [u8; KEY] {
        let mut key = [0; KEY];
        Hkdf::<Sha256>::new(None, self.installation.expose_secret())
            .expand(format!("samordna/participant/1/{federation}/blind").as_bytes(), &mut key)
            .expect("32 bytes are few enough to expand to");
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("a MAC takes keys of any length");
        mac.update(hash);
        mac.finalize().into_bytes().into()
    }

    /// What people have in common with what is left of them for the counts.
    #[must_use]
    pub fn tokens(&self, federation: &Slug) -> Tokens {
        let mut key = [0; KEY];
        Hkdf::<Sha256>::new(None, self.installation.expose_secret())
            .expand(format!("samordna/participant/1/{federation}/token").as_bytes(), &mut key)
            .expect("32 bytes are few enough to expand to");
        Tokens(Hmac::new_from_slice(&key).expect("a MAC takes keys of any length"))
    }

    /// What a party's records are salted with where they are committed to.
    #[must_use]
    pub fn salts(&self, federation: &Slug, party: &Slug) -> Salts {
        let key = self.derived(federation, party, "salt");
        Salts(Hmac::new_from_slice(&key).expect("a MAC takes keys of any length"))
    }

    fn party_key(&self, federation: &Slug, party: &Slug) -> DataKey {
        DataKey::of(self.derived(federation, party, "wrap"))
    }

    fn derived(&self, federation: &Slug, party: &Slug, purpose: &str) -> [u8; KEY] {
        let owner = format!("{federation}/{party}");
        let master = self.parties.get(&owner).unwrap_or(&self.installation);
        let mut key = [0; KEY];
        Hkdf::<Sha256>::new(None, master.expose_secret())
            .expand(format!("samordna/participant/1/{owner}/{purpose}").as_bytes(), &mut key)
            .expect("32 bytes are few enough to expand to");
        key
    }
}

/// What makes the salts of a party's records. None is kept: what was committed to can be
/// made again with the party's key, and tried out by nobody else.
#[derive(Clone)]
pub struct Salts(Hmac<Sha256>);

impl Salts {
    /// The salt of a record version in a count.
    #[must_use]
    pub fn of(&self, count: &str, record_version: &str) -> [u8; KEY] {
        let mut mac = self.0.clone();
        mac.update(count.as_bytes());
        mac.update(b"\n");
        mac.update(record_version.as_bytes());
        mac.finalize().into_bytes().into()
    }
}

/// What makes the tokens that people are told apart by where nothing leads to them.
#[derive(Clone)]
pub struct Tokens(Hmac<Sha256>);

impl Tokens {
    /// The token of a person within a collection: another one within the next.
    #[must_use]
    pub fn of(&self, collection: &str, person: &str) -> String {
        let mut mac = self.0.clone();
        mac.update(collection.as_bytes());
        mac.update(b"\n");
        mac.update(person.as_bytes());
        hex::encode(&mac.finalize().into_bytes()[..16])
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, prelude::BASE64_STANDARD};

    use super::*;

    fn keyring(byte: u8) -> Keyring {
        let key = BASE64_STANDARD.encode([byte; KEY]);
        Keyring::read(&key.into(), &BTreeMap::new()).unwrap()
    }

    fn slug(text: &str) -> Slug {
        Slug::parse("", text).unwrap()
    }

    #[test]
    fn a_key_opens_for_its_own_party_and_person_only() {
        let (federation, party) = (slug("vastmanland"), slug("sala"));
        let key = DataKey::new();
        let wrapped = keyring(1).wrap(&federation, &party, "p-1", &key);
        let opened = keyring(1).unwrap(&federation, &party, "p-1", &wrapped).unwrap();
        assert_eq!(opened.expose(), key.expose());
        for refused in [
            keyring(1).unwrap(&federation, &party, "p-2", &wrapped),
            keyring(1).unwrap(&federation, &slug("koping"), "p-1", &wrapped),
            keyring(2).unwrap(&federation, &party, "p-1", &wrapped),
        ] {
            assert!(refused.is_err());
        }
    }

    #[test]
    fn a_number_is_found_within_its_party_only() {
        let (federation, party) = (slug("vastmanland"), slug("sala"));
        let found = keyring(1).lookup(&federation, &party, "198112289874");
        assert_eq!(found, keyring(1).lookup(&federation, &party, "198112289874"));
        assert_ne!(found, keyring(1).lookup(&federation, &slug("koping"), "198112289874"));
        assert_ne!(found, keyring(2).lookup(&federation, &party, "198112289874"));
    }

    #[test]
    fn a_salt_is_of_one_party_one_count_and_one_record_version() {
        let (federation, party) = (slug("vastmanland"), slug("sala"));
        let salts = keyring(1).salts(&federation, &party);
        let salt = salts.of("count", "version");
        assert_eq!(salt, keyring(1).salts(&federation, &party).of("count", "version"));
        for other in [
            salts.of("other", "version"),
            salts.of("count", "other"),
            keyring(1).salts(&federation, &slug("koping")).of("count", "version"),
            keyring(2).salts(&federation, &party).of("count", "version"),
        ] {
            assert_ne!(salt, other);
        }
    }

    #[test]
    fn a_token_is_of_one_person_within_one_collection() {
        let federation = slug("vastmanland");
        let token = keyring(1).tokens(&federation).of("milestones", "p-1");
        assert_eq!(token, keyring(1).tokens(&federation).of("milestones", "p-1"));
        for other in [
            keyring(1).tokens(&federation).of("milestones", "p-2"),
            keyring(1).tokens(&federation).of("placements", "p-1"),
            keyring(1).tokens(&slug("skane")).of("milestones", "p-1"),
            keyring(2).tokens(&federation).of("milestones", "p-1"),
        ] {
            assert_ne!(token, other);
        }
    }

    #[test]
    fn a_bad_master_key_is_refused_and_not_shown() {
        let good = BASE64_STANDARD.encode([1; KEY]);
        for bad in ["", "secret!", "c2hvcnQ="] {
            let Err(error) = Keyring::read(&bad.into(), &BTreeMap::new()) else {
                panic!("{bad} was taken");
            };
            assert!(bad.is_empty() || !format!("{error:#}").contains(bad));
            let parties = BTreeMap::from([("vastmanland/sala".to_owned(), bad.into())]);
            assert!(Keyring::read(&good.clone().into(), &parties).is_err());
        }
    }
}
