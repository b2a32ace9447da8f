//! What is kept in the database so that nobody can read it there: AES-256-GCM with a
//! random nonce.

use aes_gcm::{
    Aes256Gcm, KeyInit as _,
    aead::{Aead as _, Payload},
};
use rand::Rng as _;
use secrecy::zeroize::Zeroizing;

/// Bytes of a key.
pub(crate) const KEY: usize = 32;
const NONCE: usize = 12;

/// Seals bytes for a place, which they open in only.
pub(crate) fn seal(key: &[u8; KEY], place: &[u8], plain: &[u8]) -> Vec<u8> {
    let mut nonce = [0; NONCE];
    rand::rng().fill_bytes(&mut nonce);
    let payload = Payload { msg: plain, aad: place };
    let sealed = Aes256Gcm::new(&(*key).into()).encrypt(&nonce.into(), payload);
    let sealed = sealed.expect("only what is longer than 64 GiB cannot be sealed");
    [nonce.as_slice(), sealed.as_slice()].concat()
}

/// Opens what was sealed for the place with the key; none when it does not open.
pub(crate) fn unseal(key: &[u8; KEY], place: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE>()?;
    let payload = Payload { msg: sealed, aad: place };
    let plain = Aes256Gcm::new(&(*key).into()).decrypt(&(*nonce).into(), payload);
    plain.ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_with_its_key_in_its_place_and_unaltered() {
        let (key, other) = ([1; KEY], [2; KEY]);
        let sealed = seal(&key, b"here", b"who they are");
        assert!(!sealed.windows(3).any(|three| three == b"who"));
        let opened = unseal(&key, b"here", &sealed).unwrap();
        assert_eq!(opened.as_slice(), b"who they are");
        assert!(unseal(&other, b"here", &sealed).is_none());
        assert!(unseal(&key, b"there", &sealed).is_none());
        let mut altered = sealed.clone();
        altered[NONCE] ^= 1;
        assert!(unseal(&key, b"here", &altered).is_none());
        assert!(unseal(&key, b"here", &sealed[..NONCE - 1]).is_none());
    }
}
