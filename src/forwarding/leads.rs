//! Which links lead to a goal: whether one of the goals is still reached over a link when the switch that it starts at
//! is left out. One walk through the network answers that for every link.

/// What a walk through a network found out.
#[derive(Debug)]
pub(super) struct Leads {
    /// When each place was met; places of one part of the network are numbered in a row.
    met: Vec<u32>,
    /// The last place that was met below each.
    last: Vec<u32>,
    /// The part of the network each is in, by its first place.
    part: Vec<usize>,
    /// How many goals are at a place and below it.
    below: Vec<u32>,
    /// How many goals each part has.
    in_part: Vec<u32>,
    /// The places below each that nothing but it connects with the rest, in the order in which they were met.
    cut_off: Vec<Vec<usize>>,
    /// How many goals are at and below those.
    beyond: Vec<u32>,
    is_goal: Vec<bool>,
}

impl Leads {
    /// Walks through the network whose places have these neighbours, and of which these are goals.
    pub(super) fn new(neighbours: &[Vec<usize>], is_goal: Vec<bool>) -> Self {
        let count = neighbours.len();
        let mut found = Self {
            met: vec![u32::MAX; count],
            last: vec![0; count],
            part: vec![usize::MAX; count],
            below: is_goal.iter().map(|goal| u32::from(*goal)).collect(),
            in_part: vec![0; count],
            cut_off: vec![Vec::new(); count],
            beyond: vec![0; count],
            is_goal,
        };
        let mut clock = 0;
        // The earliest place that can be reached from below without the way down (Tarjan's low point).
        let mut low = vec![u32::MAX; count];
        for root in 0..count {
            if found.part[root] != usize::MAX {
                continue;
            }
            let mut open: Vec<(usize, usize, usize)> = vec![(root, root, 0)];
            while let Some((at, above, next)) = open.pop() {
                if next == 0 {
                    (found.met[at], low[at], found.part[at]) = (clock, clock, root);
                    clock += 1;
                }
                match neighbours[at].get(next) {
                    Some(to) => {
                        open.push((at, above, next + 1));
                        match found.part[*to] {
                            usize::MAX => open.push((*to, at, 0)),
                            _ => low[at] = low[at].min(found.met[*to]),
                        }
                    }
                    None => {
                        found.last[at] = clock - 1;
                        if at == above {
                            found.in_part[root] = found.below[root];
                            continue;
                        }
                        low[above] = low[above].min(low[at]);
                        found.below[above] += found.below[at];
                        if low[at] >= found.met[above] {
                            found.cut_off[above].push(at);
                            found.beyond[above] += found.below[at];
                        }
                    }
                }
            }
        }
        found
    }

    /// Whether two places are connected at all.
    pub(super) fn connects(&self, one: usize, other: usize) -> bool {
        self.part[one] == self.part[other]
    }

    /// Whether `to`, a neighbour of `at`, leads to a goal without coming back through `at`.
    pub(super) fn leads(&self, at: usize, to: usize) -> bool {
        let branches = &self.cut_off[at];
        let behind = branches.partition_point(|branch| self.met[*branch] <= self.met[to]);
        let branch = behind.checked_sub(1).map(|branch| branches[branch]);
        match branch.filter(|branch| self.met[to] <= self.last[*branch]) {
            Some(branch) => self.below[branch] > 0,
            None => self.in_part[self.part[at]] > self.beyond[at] + u32::from(self.is_goal[at]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same, asked the slow way.
    fn slow(neighbours: &[Vec<usize>], goals: &[bool], at: usize, to: usize) -> bool {
        let mut seen = vec![false; neighbours.len()];
        (seen[at], seen[to]) = (true, true);
        let mut open = vec![to];
        while let Some(place) = open.pop() {
            if goals[place] {
                return true;
            }
            for next in &neighbours[place] {
                if !std::mem::replace(&mut seen[*next], true) {
                    open.push(*next);
                }
            }
        }
        false
    }

    proptest::proptest! {
        #[test]
        fn one_walk_says_what_a_search_for_every_link_says(
            links in proptest::collection::vec((0usize..9, 0usize..9), 0..16),
            goals in proptest::collection::vec(proptest::bool::ANY, 9),
        ) {
            let mut neighbours = vec![Vec::new(); 9];
            for (one, other) in links.into_iter().filter(|(one, other)| one != other) {
                neighbours[one].push(other);
                neighbours[other].push(one);
            }
            let leads = Leads::new(&neighbours, goals.clone());
            for at in 0..9 {
                for to in &neighbours[at] {
                    proptest::prop_assert_eq!(
                        leads.leads(at, *to), slow(&neighbours, &goals, at, *to), "{} to {}", at, to
                    );
                }
            }
        }
    }
}
