//! Sets of VLAN ids, as trunks and global commands list them.

use std::fmt;
use std::str::FromStr;

/// The first and the last VLAN id there is (IEEE 802.1Q).
const ALL: (u16, u16) = (1, 4094);

/// The VLAN id that `text` is; `None` where it is none.
pub fn vlan_id(text: &str) -> Option<u16> {
    text.parse().ok().filter(|id| is_vlan_id(*id))
}

/// Whether there is a VLAN of that id.
pub fn is_vlan_id(id: u16) -> bool {
    (ALL.0..=ALL.1).contains(&id)
}

/// A set of VLAN ids, 1 to 4094.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VlanSet {
    /// First and last of each run, ascending, with a gap between any two.
    runs: Vec<(u16, u16)>,
}

/// A text that is no list of VLANs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("VLANs are numbers from 1 to 4094 with commas and hyphens, as in `10,20-29`")]
pub struct NoVlans;

impl VlanSet {
    /// No VLAN.
    pub fn none() -> Self {
        Self::default()
    }

    /// Every VLAN.
    pub fn all() -> Self {
        Self { runs: vec![ALL] }
    }

    /// One VLAN; none when `vlan` is no VLAN id.
    pub fn one(vlan: u16) -> Self {
        Self::from_runs(vec![(vlan, vlan)])
    }

    fn from_runs(mut runs: Vec<(u16, u16)>) -> Self {
        runs.retain(|(first, last)| first <= last && *first >= ALL.0 && *last <= ALL.1);
        runs.sort_unstable();
        let mut joined: Vec<(u16, u16)> = Vec::with_capacity(runs.len());
        for (first, last) in runs {
            match joined.last_mut() {
                Some(run) if first <= run.1 + 1 => run.1 = run.1.max(last),
                _ => joined.push((first, last)),
            }
        }
        Self { runs: joined }
    }

    /// The VLANs of a list in several words: `10 20-29`, and `10 20 to 29` where `to` is the word of a range.
    ///
    /// # Errors
    /// [`NoVlans`] when the text is no such list.
    pub fn from_words(text: &str, to: Option<&str>) -> Result<Self, NoVlans> {
        let mut words = text.split_whitespace().peekable();
        let mut set = Self::none();
        while let Some(word) = words.next() {
            let ranged = to.is_some_and(|to| words.peek().is_some_and(|next| next.eq_ignore_ascii_case(to)));
            set = set.union(&match ranged {
                true => format!("{word}-{}", words.nth(1).ok_or(NoVlans)?).parse()?,
                false => word.parse()?,
            });
        }
        if set.is_empty() { Err(NoVlans) } else { Ok(set) }
    }

    /// Whether no VLAN is in it.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// Whether `vlan` is in it.
    pub fn contains(&self, vlan: u16) -> bool {
        self.runs.iter().any(|(first, last)| (*first..=*last).contains(&vlan))
    }

    /// Both together.
    pub fn union(&self, other: &Self) -> Self {
        Self::from_runs([self.runs.as_slice(), &other.runs].concat())
    }

    /// What is in this one and not in `other`.
    pub fn without(&self, other: &Self) -> Self {
        let mut left = Vec::new();
        for &(first, last) in &self.runs {
            let mut from = first;
            for &(gone, till) in other.runs.iter().filter(|run| run.1 >= first && run.0 <= last) {
                if gone > from {
                    left.push((from, gone - 1));
                }
                from = till + 1;
            }
            if from <= last {
                left.push((from, last));
            }
        }
        Self { runs: left }
    }

    /// The ids, ascending.
    pub fn iter(&self) -> impl Iterator<Item = u16> {
        self.runs.iter().flat_map(|(first, last)| *first..=*last)
    }
}

impl FromStr for VlanSet {
    type Err = NoVlans;

    fn from_str(text: &str) -> Result<Self, NoVlans> {
        let id =
            |text: &str| text.parse::<u16>().ok().filter(|id| (ALL.0..=ALL.1).contains(id)).ok_or(NoVlans);
        let run = |item: &str| match item.split_once('-') {
            Some((first, last)) => {
                let (first, last) = (id(first)?, id(last)?);
                if first <= last { Ok((first, last)) } else { Err(NoVlans) }
            }
            None => id(item).map(|id| (id, id)),
        };
        // A long list is saved with a comma at its end and goes on in the next line.
        let items = text.trim_end_matches(',').split(',');
        items.map(run).collect::<Result<_, _>>().map(Self::from_runs)
    }
}

impl fmt::Display for VlanSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("none");
        }
        for (index, (first, last)) in self.runs.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            match first == last {
                true => write!(f, "{comma}{first}")?,
                false => write!(f, "{comma}{first}-{last}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lists_are_read_and_written() {
        for (text, shown) in [
            ("10", "10"),
            ("10,20-29", "10,20-29"),
            ("5,4,3,7", "3-5,7"),
            ("1-4094", "1-4094"),
            ("10,20,", "10,20"),
        ] {
            assert_eq!(text.parse::<VlanSet>().unwrap().to_string(), shown);
        }
        for text in ["", "0", "4095", "9-8", "a", "1--2", "1,,2"] {
            assert_eq!(text.parse::<VlanSet>(), Err(NoVlans), "{text}");
        }
        for (text, shown) in
            [("10", "10"), ("10 20 to 29 7", "7,10,20-29"), ("1 TO 4094", "1-4094"), ("2-3 5", "2-3,5")]
        {
            assert_eq!(VlanSet::from_words(text, Some("to")).unwrap().to_string(), shown);
        }
        for text in ["", "10 to", "to 10", "10 to 9", "10 to 20 to 30", "10 x", "5 to 6-7"] {
            assert_eq!(VlanSet::from_words(text, Some("to")), Err(NoVlans), "{text}");
        }
        assert_eq!(VlanSet::from_words("10 to 20", None), Err(NoVlans));
        assert_eq!(VlanSet::none().to_string(), "none");
        assert!(VlanSet::one(4095).is_empty());
    }

    proptest! {
        #[test]
        fn sets_of_runs_are_sets(
            a in proptest::collection::btree_set(1_u16..40, 0..20),
            b in proptest::collection::btree_set(1_u16..40, 0..20),
        ) {
            let set = |ids: &BTreeSet<u16>| ids.iter().fold(VlanSet::none(), |set, id| set.union(&VlanSet::one(*id)));
            let ids = |set: VlanSet| set.iter().collect::<BTreeSet<u16>>();
            prop_assert_eq!(ids(set(&a)), a.clone());
            prop_assert_eq!(ids(set(&a).union(&set(&b))), &a | &b);
            prop_assert_eq!(ids(set(&a).without(&set(&b))), &a - &b);
            prop_assert_eq!(set(&a).without(&set(&b)).union(&set(&b)), set(&a).union(&set(&b)));
            prop_assert!((1..40).all(|id| set(&a).contains(id) == a.contains(&id)));
            if !a.is_empty() {
                prop_assert_eq!(set(&a).to_string().parse::<VlanSet>().unwrap(), set(&a));
            }
        }
    }
}
