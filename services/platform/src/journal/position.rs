//! Positions in a journal as they are given to a caller: nothing can be read
//! out of one, and only the account it was given to can come back with it.
//!
//! A position holds two sequences, which would tell how much others do. So it is
//! enciphered, under a key that is made of the salt of the journal's first row,
//! which never leaves the service, and of the account. The check is taken over
//! the content and is also what the cipher starts from: the same content gives
//! the same position, in every process and after a restart.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};
use values::name::AccountName;

use super::chain::put;

const CHECK: usize = 16;
const CONTENT: usize = 24;

/// How far a caller has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// The sequence of the last entry it was shown; 0 for none.
    pub(super) shown: i64,
    /// The sequence up to which all was looked at.
    pub(super) through: i64,
}

/// Closes and opens the positions of one account.
pub(super) struct Seal([u8; 32]);

impl Seal {
    /// Of a journal, by the salt of its first row, for an account.
    pub(super) fn new(salt: &[u8], account: &AccountName) -> Self {
        Self(digest(&[b"positions", salt, account.to_string().as_bytes()]))
    }

    /// The position of a place. With a mark of its own, two positions of the same
    /// place do not look alike.
    pub(super) fn close(&self, place: Place, mark: u64) -> String {
        let mut content = [0; CONTENT];
        content[..8].copy_from_slice(&place.shown.to_be_bytes());
        content[8..16].copy_from_slice(&place.through.to_be_bytes());
        content[16..].copy_from_slice(&mark.to_be_bytes());
        let check = self.check(&content);
        self.encipher(&check, &mut content);
        URL_SAFE_NO_PAD.encode([check.as_slice(), &content].concat())
    }

    /// The place of a position; none for what this seal has not closed.
    pub(super) fn open(&self, position: &str) -> Option<Place> {
        let bytes = URL_SAFE_NO_PAD.decode(position).ok()?;
        let (check, content) = bytes.split_first_chunk::<CHECK>()?;
        let mut content = <[u8; CONTENT]>::try_from(content).ok()?;
        self.encipher(check, &mut content);
        if self.check(&content) != *check {
            return None;
        }
        let number = |at: usize| -> Option<i64> {
            Some(i64::from_be_bytes(content[at..at + 8].try_into().ok()?))
        };
        Some(Place { shown: number(0)?, through: number(8)? })
    }

    /// Half of a keyed hash: from half of it nobody can go on.
    fn check(&self, content: &[u8; CONTENT]) -> [u8; CHECK] {
        let whole = digest(&[&self.0, b"check", content]);
        *whole.first_chunk().expect("a hash is longer than a check")
    }

    /// There and back.
    fn encipher(&self, check: &[u8; CHECK], content: &mut [u8; CONTENT]) {
        let mask = digest(&[&self.0, b"mask", check]);
        for (byte, mask) in content.iter_mut().zip(mask) {
            *byte ^= mask;
        }
    }
}

fn digest(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        put(&mut hash, part);
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::*;

    fn seal(salt: u8, account: &str) -> Seal {
        let account = format!("federations/vastmanland/accounts/{account}");
        Seal::new(&[salt; 16], &AccountName::parse("account", &account).unwrap())
    }

    proptest! {
        #[test]
        fn a_position_reads_back_for_its_own_account_and_journal_only(
            shown in any::<i64>(), through in any::<i64>(), mark in any::<u64>()
        ) {
            let place = Place { shown, through };
            let position = seal(1, "bo").close(place, mark);
            assert_eq!(seal(1, "bo").open(&position), Some(place));
            assert_eq!(seal(1, "bo").close(place, mark), position);
            assert_eq!(seal(1, "anna").open(&position), None);
            assert_eq!(seal(2, "bo").open(&position), None);
        }

        #[test]
        fn a_position_with_another_character_is_none(at in 0_usize..54, other in "[A-Za-z0-9_-]") {
            let place = Place { shown: 3, through: 7 };
            let position = seal(1, "bo").close(place, 0);
            let mut changed = position.clone();
            changed.replace_range(at..=at, &other);
            let expected = (changed == position).then_some(place);
            assert_eq!(seal(1, "bo").open(&changed), expected);
        }
    }

    #[test]
    fn what_was_never_a_position_is_none() {
        for text in ["", "1", "%", "AAAA", &"A".repeat(54), &"A".repeat(5000)] {
            assert_eq!(seal(1, "bo").open(text), None, "{text}");
        }
    }

    #[test]
    fn with_marks_nobody_sees_whether_the_place_has_moved() {
        let seal = seal(1, "bo");
        let place = Place { shown: 3, through: 7 };
        assert_ne!(seal.close(place, 1), seal.close(place, 2));
    }
}
