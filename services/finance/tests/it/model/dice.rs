//! A small generator of its own, so that a run can be had again.

pub(super) struct Dice(pub(super) u64);

impl Dice {
    /// From 0 to one less than so many.
    pub(super) fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % sides as u64).unwrap()
    }

    /// True once in so many times.
    pub(super) fn one_in(&mut self, times: usize) -> bool {
        self.roll(times) == 0
    }

    /// One of them, if there are any.
    pub(super) fn any<T: Clone>(&mut self, of: &[T]) -> Option<T> {
        (!of.is_empty()).then(|| of[self.roll(of.len())].clone())
    }

    /// One of them.
    pub(super) fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        self.any(of).unwrap()
    }

    /// From 1 öre to so many.
    pub(super) fn ore(&mut self, most: usize) -> i64 {
        i64::try_from(self.roll(most)).unwrap() + 1
    }

    /// A month of the year.
    pub(super) fn month(&mut self) -> u32 {
        u32::try_from(self.roll(12)).unwrap() + 1
    }
}
