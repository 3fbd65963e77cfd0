//! Whether an IGMP group is the one a cluster joins.

use std::net::Ipv4Addr;

use super::{GROUP_PREFIX, IgmpMac, group};

/// How an IGMP group stands to a cluster's primary IP address. Made by [`diagnose_group`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupVerdict {
    /// The group the cluster joins.
    Match,
    /// `239.244.y.z`: the slip in the worked example of Microsoft's article, copied.
    /// <https://learn.microsoft.com/troubleshoot/windows-server/networking/configure-network-to-support-nlb-operation-mode>
    MicrosoftTypo,
    /// The group of clusters whose primary IP address ends otherwise.
    OtherCluster(IgmpMac),
    /// A group that no cluster derives.
    OtherGroup,
    /// No multicast group at all.
    NotAGroup,
}

/// Says whether a group, configured on a switch or overridden on the cluster, is the one the cluster joins.
#[must_use]
pub fn diagnose_group(primary: Ipv4Addr, found: Ipv4Addr) -> GroupVerdict {
    if found == group(primary) {
        return GroupVerdict::Match;
    }
    let [a, b, y, z] = found.octets();
    let same_end = IgmpMac { y, z }.fits(primary);
    match [a, b] {
        [239, 244] if same_end => GroupVerdict::MicrosoftTypo,
        GROUP_PREFIX => GroupVerdict::OtherCluster(IgmpMac { y, z }),
        _ if found.is_multicast() => GroupVerdict::OtherGroup,
        _ => GroupVerdict::NotAGroup,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;

    fn ip(text: &str) -> Ipv4Addr {
        text.parse().unwrap()
    }

    #[test]
    fn groups_are_judged_against_the_primary() {
        for (found, expected) in [
            ("239.255.0.1", GroupVerdict::Match),
            ("239.244.0.1", GroupVerdict::MicrosoftTypo),
            ("239.255.1.0", GroupVerdict::OtherCluster(IgmpMac { y: 1, z: 0 })),
            ("239.244.0.2", GroupVerdict::OtherGroup),
            ("224.0.0.1", GroupVerdict::OtherGroup),
            ("10.0.0.1", GroupVerdict::NotAGroup),
        ] {
            assert_eq!(diagnose_group(ip("10.0.0.1"), ip(found)), expected, "{found}");
        }
    }
}
