//! Choices that a row of numbers makes: the same numbers choose the same, and smaller ones the simpler.

/// A row of numbers, taken one by one; zeros follow it.
#[derive(Debug)]
pub struct Choices<'t> {
    tape: &'t [u32],
    at: usize,
}

impl<'t> Choices<'t> {
    /// The choices that `tape` makes.
    pub fn new(tape: &'t [u32]) -> Self {
        Self { tape, at: 0 }
    }

    /// The next number.
    pub(super) fn number(&mut self) -> u32 {
        let number = self.tape.get(self.at).copied().unwrap_or_default();
        self.at += 1;
        number
    }

    /// A number below `bound`; 0 where `bound` is.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.number() as usize % bound.max(1)
    }

    /// A number from `least` to `most`.
    pub(super) fn within(&mut self, least: u32, most: u32) -> u32 {
        least + self.number() % (most - least + 1)
    }

    pub(super) fn flag(&mut self) -> bool {
        self.number() % 2 == 1
    }

    /// One of `from`; none where it is empty.
    pub(super) fn one<'f, T>(&mut self, from: &'f [T]) -> Option<&'f T> {
        from.get(self.below(from.len()))
    }
}

/// A row of `length` numbers that looks like chance and is the same for the same `seed` (SplitMix64, by Steele, Lea and
/// Flood: <https://doi.org/10.1145/2714064.2660195>).
pub(super) fn tape(seed: u64, length: usize) -> Vec<u32> {
    let mut state = seed;
    let next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 32) as u32
    };
    std::iter::repeat_with(next).take(length).collect()
}
