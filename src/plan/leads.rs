//! Which links lead to a goal: whether one of the goals is still reached over a link when the switch that it starts at
//! is left out. One walk through the network answers that for every link.

/// What a walk through a network found out, place by place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leads {
    places: Vec<Place>,
}

/// What the walk found out about a place.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    /// When it was met; places of one part of the network are numbered in a row.
    met: u32,
    /// The last place that was met below it.
    last: u32,
    /// The part of the network it is in, by its first place.
    part: u32,
    /// How many goals are at it and below it.
    below: u32,
    /// How many goals are at and below the places of `cut_off`.
    beyond: u32,
    is_goal: bool,
    /// The places below that nothing but this one connects with the rest, in the order in which they were met.
    cut_off: Vec<u32>,
}

const UNMET: u32 = u32::MAX;

impl Leads {
    /// Walks through the network whose places have these neighbours, and of which these are goals.
    pub fn new(neighbours: &[Vec<usize>], is_goal: impl Fn(usize) -> bool) -> Self {
        let place = |at| {
            let is_goal = is_goal(at);
            let below = u32::from(is_goal);
            Place { met: UNMET, last: 0, part: UNMET, below, beyond: 0, is_goal, cut_off: Vec::new() }
        };
        let mut places: Vec<Place> = (0..neighbours.len()).map(place).collect();
        let mut clock = 0;
        // The earliest place that can be reached from below without the way down (Tarjan's low point).
        let mut low = vec![UNMET; places.len()];
        let mut open: Vec<(usize, usize, usize)> = Vec::new();
        for root in 0..places.len() {
            if places[root].part != UNMET {
                continue;
            }
            open.push((root, root, 0));
            while let Some((at, above, next)) = open.pop() {
                if next == 0 {
                    (places[at].met, low[at], places[at].part) = (clock, clock, root as u32);
                    clock += 1;
                }
                match neighbours[at].get(next) {
                    Some(to) => {
                        open.push((at, above, next + 1));
                        match places[*to].part {
                            UNMET => open.push((*to, at, 0)),
                            _ => low[at] = low[at].min(places[*to].met),
                        }
                    }
                    None => {
                        places[at].last = clock - 1;
                        if at == above {
                            continue;
                        }
                        low[above] = low[above].min(low[at]);
                        let below = places[at].below;
                        places[above].below += below;
                        if low[at] >= places[above].met {
                            places[above].cut_off.push(at as u32);
                            places[above].beyond += below;
                        }
                    }
                }
            }
        }
        Self { places }
    }

    /// Whether two places are connected at all.
    pub fn connects(&self, one: usize, other: usize) -> bool {
        self.places[one].part == self.places[other].part
    }

    /// Whether `to`, a neighbour of `at`, leads to a goal without coming back through `at`.
    pub fn leads(&self, at: usize, to: usize) -> bool {
        let Place { part, beyond, is_goal, cut_off, .. } = &self.places[at];
        let met = self.places[to].met;
        let behind = cut_off.partition_point(|branch| self.places[*branch as usize].met <= met);
        let branch = behind.checked_sub(1).map(|branch| &self.places[cut_off[branch] as usize]);
        match branch.filter(|branch| met <= branch.last) {
            Some(branch) => branch.below > 0,
            None => self.places[*part as usize].below > beyond + u32::from(*is_goal),
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
            let leads = Leads::new(&neighbours, |at| goals[at]);
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
