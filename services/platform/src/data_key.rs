//! A key of data, and what is sealed under it so that nobody can read it where it is
//! kept: AES-256-GCM with a random nonce.

use aes_gcm::{
    Aes256Gcm, KeyInit as _,
    aead::{Aead as _, Payload},
};
use rand::Rng as _;
use secrecy::zeroize::Zeroizing;

use crate::key_file::KEY;

/// The first byte of what is sealed: how it was done.
const VERSION: u8 = 1;
const NONCE: usize = 12;

/// A key of 256 bits. Shown nowhere, and wiped when it is dropped.
pub struct DataKey(Zeroizing<[u8; KEY]>);

/// What is sealed does not open: another key, another place, or altered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("what is sealed does not open with this key")]
pub struct Unsealable;

impl DataKey {
    /// A new key, from the system's randomness.
    #[must_use]
    pub fn new() -> Self {
        let mut bytes = [0; KEY];
        rand::rng().fill_bytes(&mut bytes);
        Self::of(bytes)
    }

    /// The key of these bytes.
    #[must_use]
    pub fn of(bytes: [u8; KEY]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes of the key: to be wrapped, or given to whom it is for.
    #[must_use]
    pub fn expose(&self) -> &[u8; KEY] {
        &self.0
    }

    /// Seals bytes for a place, which they open in only.
    #[must_use]
    pub fn seal(&self, place: &[u8], plain: &[u8]) -> Vec<u8> {
        let mut nonce = [0; NONCE];
        rand::rng().fill_bytes(&mut nonce);
        let payload = Payload { msg: plain, aad: place };
        let sealed = self.cipher().encrypt(&nonce.into(), payload);
        let sealed = sealed.expect("only what is longer than 64 GiB cannot be sealed");
        [&[VERSION], nonce.as_slice(), sealed.as_slice()].concat()
    }

    /// Opens what was sealed for the place.
    ///
    /// # Errors
    /// When it was sealed with another key or for another place, or was altered.
    pub fn open(&self, place: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Unsealable> {
        let (version, rest) = sealed.split_first().ok_or(Unsealable)?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE>().ok_or(Unsealable)?;
        if *version != VERSION {
            return Err(Unsealable);
        }
        let payload = Payload { msg: sealed, aad: place };
        let plain = self.cipher().decrypt(&(*nonce).into(), payload);
        plain.map(Zeroizing::new).map_err(|_| Unsealable)
    }

    fn cipher(&self) -> Aes256Gcm {
        Aes256Gcm::new(&(*self.0).into())
    }
}

impl Default for DataKey {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_in_its_place_only_and_unaltered() {
        let key = DataKey::new();
        let sealed = key.seal(b"here", b"who it is");
        assert_eq!(key.open(b"here", &sealed).unwrap().as_slice(), b"who it is");
        assert_ne!(sealed, key.seal(b"here", b"who it is"), "a nonce is used once");
        assert_eq!(key.open(b"there", &sealed).unwrap_err(), Unsealable);
        assert_eq!(DataKey::new().open(b"here", &sealed).unwrap_err(), Unsealable);
        for position in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[position] ^= 1;
            assert_eq!(key.open(b"here", &altered).unwrap_err(), Unsealable, "byte {position}");
        }
        for length in 0..sealed.len() {
            assert_eq!(key.open(b"here", &sealed[..length]).unwrap_err(), Unsealable);
        }
    }
}
