//! Commitments: what a released count was made of, fixed and told to nobody.
//!
//! Whoever is to check a count is given its record versions and their salts by the
//! owning parties, makes the leaves and compares the root. Without the salts nothing can
//! be tried out. The same construction as in Certificate Transparency (RFC 6962), but
//! for the salts, the order of the leaves and a node without a neighbour.

use sha2::{Digest as _, Sha256};

/// A hash.
pub type Hash = [u8; 32];

/// What keeps the leaves and the nodes of a tree apart.
const LEAF: [u8; 1] = [0];
const NODE: [u8; 1] = [1];

/// The leaf of a record version.
#[must_use]
pub fn leaf(salt: &Hash, record_version: &str) -> Hash {
    let leaf = Sha256::new().chain_update(LEAF).chain_update(salt).chain_update(record_version);
    leaf.finalize().into()
}

/// The root over leaves, in whatever order they come.
#[must_use]
pub fn root(mut leaves: Vec<Hash>) -> Hash {
    leaves.sort_unstable();
    let mut level = leaves;
    while level.len() > 1 {
        let node = |pair: &[Hash]| match pair {
            [left, right] => {
                let node = Sha256::new().chain_update(NODE).chain_update(left).chain_update(right);
                node.finalize().into()
            }
            [alone] => *alone,
            _ => unreachable!("chunks of two have one or two"),
        };
        level = level.chunks(2).map(node).collect();
    }
    level.pop().unwrap_or_else(|| Sha256::digest([]).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaves(many: u8) -> Vec<Hash> {
        (0..many).map(|number| leaf(&[number; 32], "record")).collect()
    }

    fn sha(parts: &[&[u8]]) -> Hash {
        Sha256::digest(parts.concat()).into()
    }

    #[test]
    fn a_leaf_is_the_hash_of_its_salt_and_its_record() {
        assert_eq!(leaf(&[7; 32], "a"), sha(&[&[0], &[7; 32], b"a"]));
    }

    #[test]
    fn the_root_is_that_of_the_sorted_leaves() {
        assert_eq!(root(Vec::new()), sha(&[]));
        let mut three = leaves(3);
        assert_eq!(root(three[..1].to_vec()), three[0]);
        let found = root(three.clone());
        three.reverse();
        assert_eq!(root(three.clone()), found, "in whatever order they come");
        three.sort_unstable();
        let pair = sha(&[&[1], &three[0], &three[1]]);
        assert_eq!(found, sha(&[&[1], &pair, &three[2]]));
    }

    #[test]
    fn another_record_or_another_salt_is_another_root() {
        let roots: Vec<Hash> = (0..9).map(|many| root(leaves(many))).collect();
        for (place, one) in roots.iter().enumerate() {
            assert!(roots[place + 1..].iter().all(|other| one != other));
        }
        assert_ne!(leaf(&[1; 32], "record"), leaf(&[2; 32], "record"));
    }
}
