//! The subnets that the interfaces of a config are in, in a few octets: enough to tell most configs that serve none of
//! certain subnets, among ten thousand.

use std::net::Ipv4Addr;

use ipnetwork::Ipv4Network;

use crate::entry::prefix_length;

/// A subnet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Network {
    first: u32,
    length: u8,
}

impl Network {
    fn of(address: Ipv4Addr, length: u8) -> Option<Self> {
        let network = Ipv4Network::new(address, length).ok()?;
        Some(Self { first: network.network().to_bits(), length })
    }

    /// Whether `ip` is one of its addresses.
    pub fn contains(self, ip: Ipv4Addr) -> bool {
        Self::of(ip, self.length) == Some(self)
    }

    /// Two numbers below 256 that depend on all of it.
    fn bits(self) -> [usize; 2] {
        let mixed = (u64::from(self.first) << 8 | u64::from(self.length)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        [(mixed >> 56) as usize, (mixed >> 40 & 0xff) as usize]
    }
}

/// A set of subnets that never forgets one and sometimes believes to hold another (a Bloom filter of 256 bits).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Networks([u64; 4]);

impl Networks {
    /// Whether `network` may be one of them; if not, it is none.
    pub fn may_hold(&self, network: Network) -> bool {
        network.bits().iter().all(|bit| self.0[bit / 64] & 1 << (bit % 64) != 0)
    }
}

impl Extend<Network> for Networks {
    fn extend<I: IntoIterator<Item = Network>>(&mut self, networks: I) {
        for bit in networks.into_iter().flat_map(Network::bits) {
            self.0[bit / 64] |= 1 << (bit % 64);
        }
    }
}

/// What a word says: of one with a name (`address=10.0.0.1`) what stands behind it.
pub(super) fn value_of(word: &str) -> &str {
    word.split_once('=').map_or(word, |(_, value)| value)
}

/// The subnet of an interface whose line goes on with `rest`: `10.0.0.1/24` or `10.0.0.1 255.255.255.0`, behind the name of the
/// interface where the line has it.
pub(super) fn of_line(rest: &str) -> Option<Network> {
    let mut words = rest.split_ascii_whitespace().map(value_of);
    let is_address =
        |word: &&str| word.split('/').next().is_some_and(|word| word.parse::<Ipv4Addr>().is_ok());
    let word = words.find(is_address)?;
    let (address, length) = match word.split_once('/') {
        Some((address, length)) => (address, length.parse().ok()?),
        None => {
            let mask = words.next()?;
            let length = match mask.strip_prefix('/') {
                Some(length) => length.parse().ok()?,
                None => prefix_length(mask.parse().ok()?)?,
            };
            (word, length)
        }
    };
    Network::of(address.parse().ok()?, length)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::config::Glancer;
    use crate::vendor::Packs;

    #[test]
    fn the_subnet_of_an_interface_is_read_in_every_spelling() {
        for (rest, same) in [
            ("10.0.1.7 255.255.255.0", true),
            ("10.0.1.7/24 secondary", true),
            ("10.0.1.7 /24", true),
            ("10.0.1.7 255.255.254.0", false),
            ("10.0.2.7/24", false),
            ("dhcp", false),
            ("10.0.1.7 255.0.255.0", false),
            ("10.0.1.7/33", false),
            ("vlan10 set ip 10.0.1.7 255.255.255.0", true),
            ("vlan10 set vlanid 10", false),
        ] {
            assert_eq!(of_line(rest) == Network::of([10, 0, 1, 0].into(), 24), same, "{rest}");
        }
    }

    #[test]
    fn a_glance_never_forgets_a_subnet_and_seldom_believes_in_another() {
        let line = |third: u32| format!("interface Vlan{third}\n ip address 10.0.{third}.1 255.255.255.0\n");
        let text: String = (0..20).map(line).chain([" standby 1 ip 10.0.19.9\n".to_owned()]).collect();
        let glancer = Glancer::of_one(&Packs::embedded().get("cisco-ios").unwrap().unwrap());
        let held = |third: u8| {
            glancer.glance(&text).networks.may_hold(Network::of([10, 0, third, 0].into(), 24).unwrap())
        };
        assert!((0..20).all(held));
        let wrong = (20..=255).filter(|third| held(*third)).count();
        assert!(wrong < 20, "{wrong}");
    }

    #[test]
    fn only_the_subnets_of_clusters_are_watched() {
        let text = "interface Vlan10\n ip address 10.0.10.1 255.255.255.0\ninterface Vlan20\n \
                    ip address 10.0.20.1 255.255.255.0\narp 10.0.20.9 03bf.0a00.1409 ARPA\n\
                    arp 10.0.10.9 0015.5d01.0203 ARPA\n";
        let glancer = Glancer::of_one(&Packs::embedded().get("cisco-ios").unwrap().unwrap());
        assert_eq!(glancer.networks_of_clusters(text), [Network::of([10, 0, 20, 0].into(), 24).unwrap()]);
    }
}
