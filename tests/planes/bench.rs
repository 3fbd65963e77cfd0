//! Runs commands on real forwarding planes, each in a namespace of its own, and says which ports got which frames.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::frames::Shot;

/// What forwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The kernel's bridge.
    Linux,
    /// Open vSwitch, its datapath in user space.
    OpenVSwitch,
}

/// What a frame is sent by.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Source {
    /// The station behind a port.
    Port(&'static str),
    /// The bridge itself, which routes: the destination MAC is what its neighbour table says.
    Itself,
}

/// Some commands, and the frames that are sent behind them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Step {
    /// The commands.
    pub(crate) run: Vec<String>,
    /// Frames that the stations behind ports send before the probes.
    pub(crate) send: Vec<(&'static str, String)>,
    /// What to wait before the probes, in milliseconds.
    pub(crate) wait: u32,
    /// The probes.
    pub(crate) probes: Vec<(Source, Shot)>,
}

/// Steps on one new bridge.
#[derive(Debug, Clone, Default)]
pub(crate) struct Case {
    /// Commands of the bench itself, which must succeed.
    pub(crate) setup: Vec<String>,
    /// The steps.
    pub(crate) steps: Vec<Step>,
}

/// What was seen of a step.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Seen {
    /// The commands that failed, with what they said.
    pub(crate) failed: Vec<(String, String)>,
    /// The ports that got each probe.
    pub(crate) got: Vec<BTreeSet<String>>,
    /// What the plane is configured to do, as its own tools tell.
    pub(crate) state: Value,
}

/// Why the planes of `kind` cannot be built on this machine.
pub(crate) fn missing(kind: Kind) -> Option<String> {
    let mut tools = vec!["unshare", "python3", "ip", "bridge"];
    if kind == Kind::OpenVSwitch {
        tools.extend(["ovs-vswitchd", "ovsdb-server", "ovsdb-tool", "ovs-vsctl", "ovs-ofctl"]);
    }
    for tool in tools {
        let option = if matches!(tool, "ip" | "bridge") { "-V" } else { "--version" };
        let found = Command::new(tool).arg(option).stdout(Stdio::null()).stderr(Stdio::null()).status();
        if found.is_err() {
            return Some(format!("`{tool}` is not installed"));
        }
    }
    let mut trials =
        vec!["true", "ip link add name br10 type bridge", "ip link add name a0 type veth peer name b0"];
    if kind == Kind::OpenVSwitch {
        trials.truncate(1);
        let tun = File::options().read(true).write(true).open("/dev/net/tun");
        if let Err(error) = tun {
            return Some(format!("/dev/net/tun: {error}"));
        }
    }
    trials.into_iter().find_map(|trial| {
        let tried = Command::new("unshare").arg("-rn").args(trial.split(' ')).output();
        let tried = tried.map_err(|error| error.to_string()).ok()?;
        let said = String::from_utf8_lossy(&tried.stderr).trim().to_owned();
        (!tried.status.success()).then(|| format!("`unshare -rn {trial}` fails: {said}"))
    })
}

/// Whether the planes of `kind` cannot be built here. Then it says so, past the test runner, which keeps what tests that
/// pass have printed.
pub(crate) fn skipped(kind: Kind, what: &str) -> bool {
    let Some(reason) = missing(kind) else { return false };
    let line = format!("\nSKIPPED, not measured: {what}: {reason}\n");
    std::io::stderr().write_all(line.as_bytes()).expect("standard error takes a line");
    true
}

/// The fewest cases that are worth a namespace of their own, and the most namespaces at one time: they wait more than
/// they work.
const SHARE: usize = 4;
const NAMESPACES: usize = 4;

/// The bridge, which is VLAN 10.
const BRIDGE: &str = "br10";

/// The planes that are measured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bench<'b> {
    /// What forwards.
    pub(crate) kind: Kind,
    /// The address of the bridge with its prefix length, where it routes.
    pub(crate) address: Option<&'b str>,
    /// Its ports.
    pub(crate) ports: &'b [&'b str],
}

/// Runs `cases`, each on a new bridge: in several namespaces at a time, and in each one after the other.
pub(crate) fn measure(bench: Bench<'_>, cases: &[Case]) -> Vec<Vec<Seen>> {
    let share = cases.len().div_ceil(NAMESPACES).max(SHARE);
    std::thread::scope(|scope| {
        let one = |cases| scope.spawn(move || measure_in_one(bench, cases));
        let running: Vec<_> = cases.chunks(share).map(one).collect();
        running.into_iter().flat_map(|one| one.join().expect("a namespace gives its figures")).collect()
    })
}

/// Runs `cases` in one namespace.
fn measure_in_one(bench: Bench<'_>, cases: &[Case]) -> Vec<Vec<Seen>> {
    let Bench { kind, address, ports } = bench;
    let mut number = 0;
    let mut step = |step: &Step| {
        let probes: Vec<Value> = step
            .probes
            .iter()
            .map(|(source, shot)| {
                number += 1;
                let tag = format!("NLB{number:05}");
                match source {
                    Source::Port(port) => json!({"port": port, "frame": shot.hex(&tag)}),
                    Source::Itself => json!({"udp": shot.ip, "tag": tag}),
                }
            })
            .collect();
        json!({"run": step.run, "send": step.send, "wait": f64::from(step.wait) / 1000.0, "probes": probes})
    };
    let cases: Vec<Value> = cases
        .iter()
        .map(|case| json!({"setup": case.setup, "steps": case.steps.iter().map(&mut step).collect::<Vec<_>>()}))
        .collect();
    let plane = match kind {
        Kind::Linux => "linux",
        Kind::OpenVSwitch => "ovs",
    };
    let order = json!({"plane": plane, "bridge": BRIDGE, "address": address, "ports": ports, "cases": cases});
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/planes/plane.py");
    let mut child = Command::new("unshare")
        .args(["-rn", "python3", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("unshare runs");
    let mut input = child.stdin.take().expect("it has an input");
    input.write_all(order.to_string().as_bytes()).expect("it reads the order");
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let seen: Value = serde_json::from_slice(&output.stdout).expect("it writes JSON");
    let list = |value: &Value| value.as_array().expect("a list").clone();
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let one = |step: &Value| Seen {
        failed: list(&step["failed"]).iter().map(|pair| (text(&pair[0]), text(&pair[1]))).collect(),
        got: list(&step["got"]).iter().map(|ports| list(ports).iter().map(text).collect()).collect(),
        state: step["state"].clone(),
    };
    list(&seen["cases"]).iter().map(|steps| list(steps).iter().map(one).collect()).collect()
}
