//! The hash chain: pure functions over a row's parts.
//!
//! The chain covers a salted commitment of the payload, not the payload, so
//! that a payload can be disposed of and the chain still verifies.

use sha2::{Digest as _, Sha256};

/// What a row of the journal commits to.
pub(super) struct Link<'a> {
    pub(super) previous: &'a [u8],
    pub(super) federation: &'a str,
    pub(super) sequence: i64,
    pub(super) recorded_at_us: i64,
    pub(super) actor: &'a str,
    pub(super) client: &'a str,
    pub(super) rpc: &'a str,
    pub(super) request_id: &'a str,
    pub(super) item: i32,
    pub(super) request_hash: &'a [u8],
    pub(super) kind: &'a str,
    pub(super) subject: &'a str,
    pub(super) commitment: &'a [u8],
}

/// What the chain of a federation begins with.
pub(super) const START: [u8; 32] = [0; 32];

/// The commitment to a payload: tells nothing of it without the salt.
pub(super) fn commitment(salt: &[u8], payload: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    put(&mut hash, salt);
    put(&mut hash, payload);
    hash.finalize().into()
}

/// The hash of a row.
pub(super) fn hash(link: &Link<'_>) -> [u8; 32] {
    let mut hash = Sha256::new();
    put(&mut hash, link.previous);
    put(&mut hash, link.federation.as_bytes());
    put(&mut hash, &link.sequence.to_be_bytes());
    put(&mut hash, &link.recorded_at_us.to_be_bytes());
    put(&mut hash, link.actor.as_bytes());
    put(&mut hash, link.client.as_bytes());
    put(&mut hash, link.rpc.as_bytes());
    put(&mut hash, link.request_id.as_bytes());
    put(&mut hash, &link.item.to_be_bytes());
    put(&mut hash, link.request_hash);
    put(&mut hash, link.kind.as_bytes());
    put(&mut hash, link.subject.as_bytes());
    put(&mut hash, link.commitment);
    hash.finalize().into()
}

/// Each part goes in with its length, so that no two rows read the same.
pub(super) fn put(hash: &mut Sha256, part: &[u8]) {
    hash.update((part.len() as u64).to_be_bytes());
    hash.update(part);
}
