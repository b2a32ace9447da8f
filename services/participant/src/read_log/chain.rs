//! How the rows of a party's log hang together: each holds a hash of the one before.

use sha2::{Digest as _, Sha256};
use values::{Slug, name::PartyName};

use crate::store::read_log::Row;

/// The hash before the first row.
pub(crate) const BEGINNING: [u8; 32] = [0; 32];

/// The hash of a row: of everything in it, the hash before it included.
pub(crate) fn hash(party: &PartyName, row: &Row) -> Vec<u8> {
    let Row { number, time, actor, rpc, people, previous_hash, hash: _ } = row;
    let mut hasher = Sha256::new();
    let mut part = |bytes: &[u8]| {
        // With its length, so that no two rows make the same bytes.
        hasher.update((bytes.len() as u64).to_be_bytes());
        hasher.update(bytes);
    };
    part(previous_hash);
    part(party.to_string().as_bytes());
    part(&number.to_be_bytes());
    part(&time.timestamp_micros().to_be_bytes());
    part(actor.to_string().as_bytes());
    part(rpc.as_bytes());
    for person in people.iter().map(Slug::as_str) {
        part(person.as_bytes());
    }
    hasher.finalize().to_vec()
}
