//! Chance, from a seed: the same everywhere and for ever.

/// `SplitMix64`, of our own, so that no crate's next version changes what a seed means.
#[derive(Debug, Clone)]
pub struct Random(u64);

/// Of a hundred thousand.
pub type Share = u64;
/// Always.
pub const ALL: Share = 100_000;

impl Random {
    pub const fn new(seed: u64) -> Self {
        Self(seed ^ 0x6A09_E667_F3BC_C908)
    }

    pub const fn any(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut it = self.0;
        it = (it ^ (it >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        it = (it ^ (it >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        it ^ (it >> 31)
    }

    /// From 0 to below `end`.
    pub const fn below(&mut self, end: u64) -> u64 {
        self.any() % end
    }

    /// From `from` to `to`, both included.
    pub fn between(&mut self, from: i64, to: i64) -> i64 {
        let width = u64::try_from(to - from).expect("from is not above to");
        from + i64::try_from(self.below(width + 1)).expect("a width of an i64")
    }

    pub const fn chance(&mut self, share: Share) -> bool {
        self.below(ALL) < share
    }

    pub fn index(&mut self, length: usize) -> usize {
        let length = u64::try_from(length).expect("a length");
        usize::try_from(self.below(length)).expect("below a length")
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.index(from.len())]
    }
}
