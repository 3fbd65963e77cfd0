//! In which order the parts of each column stand, so that few links cross; and how high, so that links are straight.

/// Sweeps over the columns. More change next to nothing in pictures of this size.
const SWEEPS: usize = 12;

/// Things in columns, and which of neighbouring columns belong together.
pub(super) struct Columns {
    /// The things of each column, in their order.
    pub(super) columns: Vec<Vec<usize>>,
    /// For each thing those of other columns that it is linked with.
    pub(super) near: Vec<Vec<usize>>,
}

impl Columns {
    fn places(&self) -> Vec<usize> {
        let mut places = vec![0; self.near.len()];
        for column in &self.columns {
            column.iter().enumerate().for_each(|(place, thing)| places[*thing] = place);
        }
        places
    }

    /// How many links cross.
    fn crossings(&self) -> usize {
        let places = self.places();
        let mut crossings = 0;
        for (left, right) in self.columns.iter().zip(self.columns.iter().skip(1)) {
            let mut ends: Vec<(usize, usize)> = Vec::new();
            for thing in left {
                let across = self.near[*thing].iter().filter(|other| right.contains(other));
                ends.extend(across.map(|other| (places[*thing], places[*other])));
            }
            ends.sort_unstable();
            for (at, (_, end)) in ends.iter().enumerate() {
                let (start, _) = ends[at];
                crossings += ends[at + 1..].iter().filter(|other| other.0 > start && other.1 < *end).count();
            }
        }
        crossings
    }

    /// Puts each thing beside the middle of those that it is linked with, as far as that makes fewer links cross.
    pub(super) fn untangle(&mut self) {
        let mut best = (self.crossings(), self.columns.clone());
        for sweep in 0..SWEEPS {
            let count = self.columns.len();
            for step in 1..count {
                let (at, beside) = match sweep % 2 {
                    0 => (step, step - 1),
                    _ => (count - 1 - step, count - step),
                };
                let places = self.places();
                let middle = |thing: &usize| {
                    let column = &self.columns[beside];
                    let beside = self.near[*thing].iter().filter(|other| column.contains(other));
                    let (sum, number) =
                        beside.fold((0, 0), |(sum, number), other| (sum + places[*other], number + 1));
                    match number {
                        0 => places[*thing] as f64,
                        _ => sum as f64 / f64::from(number),
                    }
                };
                let mut column: Vec<(f64, usize)> =
                    self.columns[at].iter().map(|thing| (middle(thing), *thing)).collect();
                column.sort_by(|one, other| one.0.total_cmp(&other.0));
                self.columns[at] = column.into_iter().map(|(_, thing)| thing).collect();
            }
            let crossings = self.crossings();
            if crossings < best.0 {
                best = (crossings, self.columns.clone());
            }
        }
        self.columns = best.1;
    }
}

/// The places nearest to `wanted` (by the sum of squares) at which each comes at least `apart` after the one before it:
/// neighbours that want the same room are moved together, as one block (pool adjacent violators).
pub(super) fn spread(wanted: &[f64], apart: &[f64]) -> Vec<f64> {
    let mut offset = 0.0;
    let mut offsets = Vec::with_capacity(wanted.len());
    for at in 0..wanted.len() {
        offset += if at == 0 { 0.0 } else { apart[at - 1] };
        offsets.push(offset);
    }
    // Sum and number of each block.
    let mut blocks: Vec<(f64, usize)> = Vec::new();
    for (want, offset) in wanted.iter().zip(&offsets) {
        blocks.push((want - offset, 1));
        while let [.., (before, many), (last, few)] = blocks[..] {
            if before / many as f64 <= last / few as f64 {
                break;
            }
            blocks.truncate(blocks.len() - 2);
            blocks.push((before + last, many + few));
        }
    }
    let places = blocks.iter().flat_map(|(sum, number)| std::iter::repeat_n(sum / *number as f64, *number));
    places.zip(&offsets).map(|(place, offset)| place + offset).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_wants_the_same_room_is_moved_as_little_as_possible() {
        assert_eq!(spread(&[0.0, 10.0], &[5.0]), [0.0, 10.0]);
        assert_eq!(spread(&[10.0, 10.0], &[5.0]), [7.5, 12.5]);
        assert_eq!(spread(&[0.0, 10.0, 9.0, 30.0], &[4.0, 4.0, 4.0]), [0.0, 7.5, 11.5, 30.0]);
        assert_eq!(spread(&[], &[]), Vec::<f64>::new());
    }

    #[test]
    fn links_that_need_not_cross_do_not() {
        let near = vec![vec![3], vec![2], vec![1], vec![0]];
        let mut columns = Columns { columns: vec![vec![0, 1], vec![2, 3]], near };
        assert_eq!(columns.crossings(), 1);
        columns.untangle();
        assert_eq!(columns.crossings(), 0);
    }
}
