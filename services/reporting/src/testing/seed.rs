//! Numbers from a seed, the same on every machine.

/// A stream of numbers.
#[derive(Debug, Clone)]
pub struct Seed(u64);

impl Seed {
    /// The stream of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// A number from 0 and below `end`.
    ///
    /// # Panics
    /// When `end` is 0 or less.
    pub fn below(&mut self, end: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        let end = u64::try_from(end).expect("above 0");
        i64::try_from(mixed % end).expect("below a signed number")
    }

    /// True once in so many times.
    pub fn one_in(&mut self, times: i64) -> bool {
        self.below(times) == 0
    }

    /// One of them.
    ///
    /// # Panics
    /// When there is none.
    pub fn one_of<'a, One>(&mut self, all: &'a [One]) -> &'a One {
        let at = self.below(i64::try_from(all.len()).expect("a short list"));
        &all[usize::try_from(at).expect("below the length")]
    }

    /// A whole divided at random.
    pub fn split(&mut self, whole: i64, parts: usize) -> Vec<i64> {
        let mut left = whole;
        let mut split = Vec::new();
        for _ in 1..parts {
            let part = self.below(left + 1);
            split.push(part);
            left -= part;
        }
        split.push(left);
        split
    }
}
