//! The test plan: what to try on a cluster, one thing at a time, what should happen, and what the model says will.

use super::deliveries::sentence;
use super::document::Test;
use crate::design::{Clients, Cluster};
use crate::forwarding::{Answer, Fabric, FrameKind, From, Trace, WhatIf};
use crate::nlb::Mode;

/// The tests of a cluster. `answer` tells every condition, those that change nothing too.
pub(super) fn tests(cluster: usize, answer: &Answer, fabric: &Fabric<'_>) -> Vec<Test> {
    let design = fabric.bound.design;
    let plan = Trials { number: cluster, cluster: &design.clusters[cluster], answer, fabric };
    let mut tests = plan.clients();
    tests.extend(plan.nodes());
    tests.extend(plan.conditions());
    tests.push(plan.soak());
    tests
}

struct Trials<'t> {
    number: usize,
    cluster: &'t Cluster,
    answer: &'t Answer,
    fabric: &'t Fabric<'t>,
}

impl Trials<'_> {
    fn test(
        &self,
        kind: &'static str,
        text: String,
        expect: impl Into<String>,
        model: Option<String>,
    ) -> Test {
        Test { cluster: Some(self.cluster.name.to_string()), kind, text, expect: expect.into(), model }
    }

    /// What the model says of the frames that `fits` picks; of several that of the first that does not go well.
    fn model(&self, fits: impl Fn(&Trace) -> bool) -> Option<String> {
        let traces: Vec<&Trace> = self.answer.traces.iter().filter(|trace| fits(trace)).collect();
        let worst = traces.iter().rev().max_by_key(|trace| trace.verdict)?;
        Some(sentence(worst, self.fabric))
    }

    /// From the VLAN and from elsewhere, each VIP, and each gateway active in turn.
    fn clients(&self) -> Vec<Test> {
        let mut tests = Vec::new();
        let clients = self.cluster.clients();
        let answers = "every request is answered, and each node takes its share";
        let vlan = self.cluster.vlan.value;
        for vip in self.cluster.vips() {
            if clients != Clients::Routed {
                let text =
                    format!("From a client in VLAN {vlan}, ask {vip} several times, from several addresses.");
                let model = self.model(|trace| trace.what_if.is_none() && trace.from == From::Vlan);
                tests.push(self.test("same-vlan", text, answers, model));
            }
            if clients != Clients::SameVlan {
                let text = format!(
                    "From a client in another VLAN, ask {vip} several times, from several addresses."
                );
                let model =
                    self.model(|trace| trace.what_if.is_none() && matches!(trace.from, From::Gateway(_)));
                tests.push(self.test("other-vlan", text, answers, model));
            }
        }
        if clients != Clients::SameVlan {
            for device in &self.fabric.plan.clusters[self.number].gateways {
                let name = &self.fabric.plan.devices[*device].name;
                let vips: Vec<String> = self.cluster.vips().map(|vip| vip.to_string()).collect();
                let text = format!(
                    "Make {name} the active gateway, then ask {} from another VLAN.",
                    vips.join(", ")
                );
                let model = self.model(|trace| {
                    trace.from == From::Gateway(*device)
                        && matches!(trace.what_if, None | Some(WhatIf::FailedOver { .. }))
                });
                tests.push(self.test("gateway", text, "every VIP answers as before", model));
            }
        }
        tests
    }

    /// Each node stopped, and started again.
    fn nodes(&self) -> Vec<Test> {
        let setting = |stated: Option<u32>, own: u32| u64::from(stated.unwrap_or(own));
        let heartbeat = self.cluster.heartbeat.as_ref();
        let period = setting(heartbeat.and_then(|stated| stated.period_ms).map(|stated| stated.value), 1000);
        let tolerance = setting(heartbeat.and_then(|stated| stated.tolerance).map(|stated| stated.value), 5);
        let seconds = (period * tolerance).div_ceil(1000);
        let one = |node: &crate::design::Node| {
            let text = format!(
                "Cut {} off the network, look at `nlb query` on the others, then connect it again.",
                node.name.value
            );
            let expect = match self.cluster.nodes.len() {
                1 => "no VIP answers meanwhile: there is no other node".to_owned(),
                _ => format!(
                    "the others notice within about {seconds} s and answer for all; afterwards every node is converged, \
                     once"
                ),
            };
            self.test("node", text, expect, None)
        };
        self.cluster.nodes.iter().map(one).collect()
    }

    /// Each uplink and each link pulled, each node moved, nobody asking for reports.
    fn conditions(&self) -> Vec<Test> {
        let mut told: Vec<WhatIf> = self.answer.traces.iter().filter_map(|trace| trace.what_if).collect();
        told.sort();
        told.dedup();
        let mut tests = Vec::new();
        for what_if in told {
            let said = what_if.text(self.fabric, self.number);
            let model = self.model(|trace| trace.what_if == Some(what_if));
            let (kind, text, expect) = match what_if {
                WhatIf::FailedOver { .. } => continue, // among the gateways
                WhatIf::Moved { .. } => (
                    "migration",
                    format!(
                        "Move one node, and no other with it, so that {said}; wait until all are converged."
                    ),
                    "the node stays in the cluster, and every VIP answers",
                ),
                WhatIf::UplinkDown { .. } => (
                    "uplink",
                    format!("Pull one cable, so that {said}; then plug it in again."),
                    "every VIP answers, and no node leaves the cluster",
                ),
                WhatIf::LinkDown { .. } => (
                    "link",
                    format!("Pull one cable, so that {said}; then plug it in again."),
                    "what the model says; with another way there, every VIP answers",
                ),
                WhatIf::QuerierGone => (
                    "querier",
                    format!("Stop the querier, so that {said}, for longer than groups are kept."),
                    "every VIP answers",
                ),
            };
            tests.push(self.test(kind, text, expect, model));
        }
        tests
    }

    /// A day under load, with an eye on the counters of floods.
    fn soak(&self) -> Test {
        let (name, vlan) = (&self.cluster.name.value, self.cluster.vlan.value);
        let what = match self.cluster.mode.value {
            Mode::Unicast => "unknown unicast and broadcast",
            Mode::Multicast | Mode::IgmpMulticast => "multicast",
        };
        let text = format!(
            "Note the counters of {what} that leaves every port of VLAN {vlan}, load {name} for 24 hours, note them again."
        );
        let model = self.model(|trace| trace.what_if.is_none() && trace.frame == FrameKind::Client);
        let expect = "they rise on ports that lead to nodes, and on no other more than heartbeats and ARP do";
        self.test("soak", text, expect, model)
    }
}
