//! For tests of those who give tables out: an attacker, and dice to make up what it
//! attacks.

mod attacker;

pub use attacker::{Equation, Puzzle, bounds};

/// The same numbers for the same seed, on every machine (splitmix64).
#[derive(Debug)]
pub struct Dice(pub u64);

impl Dice {
    /// A number below the number of sides.
    ///
    /// # Panics
    /// With no sides.
    pub fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        usize::try_from(mixed % sides as u64).expect("a number below a usize is one")
    }

    /// One of some things.
    ///
    /// # Panics
    /// With nothing to choose from.
    pub fn one_of<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}
