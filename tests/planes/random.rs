//! Random choices that are the same in every run.

/// How many cases to try: `usual`, or what `NLBSWITCH_PLANES` says.
pub(crate) fn cases(usual: usize) -> usize {
    let asked = std::env::var("NLBSWITCH_PLANES").ok();
    asked.map_or(usual, |number| number.parse().expect("NLBSWITCH_PLANES is a number"))
}

/// Marsaglia's xorshift.
pub(crate) struct Random(u64);

impl Random {
    /// The choices of `seed`, which is not zero.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 >> 11
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    /// Yes in one of `times` cases.
    pub(crate) fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of them.
    pub(crate) fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    /// Each of them in one of `times` cases.
    pub(crate) fn some_of<T: Copy>(&mut self, all: &[T], times: usize) -> Vec<T> {
        all.iter().copied().filter(|_| self.one_in(times)).collect()
    }

    /// All of them in any order.
    pub(crate) fn shuffled<T: Copy>(&mut self, all: &[T]) -> Vec<T> {
        let mut all = all.to_vec();
        for end in (1..all.len()).rev() {
            all.swap(end, self.below(end + 1));
        }
        all
    }
}
