//! A design meets the packs: every switch gets its pack and platform, every port is read in its switch's grammar.

use std::collections::HashMap;
use std::sync::Arc;

use super::facts::PlatformFacts;
use super::model::{Model, Release};
use super::pack::Pack;
use super::{PackError, Packs};
use crate::design::{Design, PortRef, Switch};
use crate::diagnostic::{Diagnostic, Severity, one_of, quoted, suggest};
use crate::net::port::{Naming, PortName};
use crate::source::Span;

/// A switch of a design, with the pack that speaks for it.
#[derive(Debug, Clone)]
pub struct BoundSwitch {
    /// Its pack; `None` when the design names one that does not exist.
    pub pack: Option<Arc<Pack>>,
    /// What the design says it is.
    pub model: Model,
}

impl BoundSwitch {
    /// What its platform can do.
    pub fn facts(&self) -> Option<PlatformFacts<'_>> {
        self.pack.as_ref().map(|pack| pack.facts(self.model))
    }
}

/// A design whose switches have their packs.
#[derive(Debug)]
pub struct Bound<'d> {
    /// The design.
    pub design: &'d Design,
    /// The packs at hand.
    pub packs: &'d Packs,
    /// Its switches, in the design's order.
    pub switches: Vec<BoundSwitch>,
}

impl Bound<'_> {
    /// The port that `port` names; `None` when its switch's grammar has no such port.
    pub fn port(&self, port: &PortRef) -> Option<PortName> {
        self.port_of(self.design.switch_position(&port.switch)?, &port.port)
    }

    /// The port `text` of the switch at `position`.
    pub fn port_of(&self, position: usize, text: &str) -> Option<PortName> {
        self.switches[position].pack.as_ref()?.ports.parse(text).ok()
    }
}

/// Gives every switch its pack and reads every port.
///
/// # Errors
/// [`PackError`] when a pack itself is broken. Mistakes of the design are pushed to `problems`.
pub fn bind<'d>(
    design: &'d Design,
    packs: &'d Packs,
    problems: &mut Vec<Diagnostic>,
) -> Result<Bound<'d>, PackError> {
    let mut switches = Vec::with_capacity(design.switches.len());
    for switch in &design.switches {
        switches.push(bind_switch(switch, packs, problems)?);
    }
    let bound = Bound { design, packs, switches };
    check_stacks(&bound, problems);
    for cluster in &design.clusters {
        for node in &cluster.nodes {
            node.attach.iter().for_each(|port| check_port(&bound, port, problems));
        }
    }
    for host in &design.hosts {
        host.links.iter().for_each(|port| check_port(&bound, port, problems));
    }
    for (position, switch) in design.switches.iter().enumerate() {
        for link in &switch.links {
            check_port_text(&bound, position, &link.port, link.port.span, problems);
            check_port(&bound, &link.to, problems);
        }
        for port in &switch.no_flood {
            check_port_text(&bound, position, port, port.span, problems);
        }
    }
    design.loose_ports.iter().for_each(|port| check_port(&bound, port, problems));
    Ok(bound)
}

/// The members of a stack are one device, and speak one language.
fn check_stacks(bound: &Bound<'_>, problems: &mut Vec<Diagnostic>) {
    let mut first: HashMap<&str, usize> = HashMap::new();
    for (position, switch) in bound.design.switches.iter().enumerate() {
        let Some(stack) = &switch.stack else { continue };
        let leader = *first.entry(stack.as_str()).or_insert(position);
        if let (Some(pack), Some(other)) = (&bound.switches[position].pack, &bound.switches[leader].pack)
            && pack.name() != other.name()
        {
            let message = format!(
                "stack `{stack}` mixes vendors: `{}` is {} and `{}` is {}",
                bound.design.switches[leader].name,
                other.name(),
                switch.name,
                pack.name()
            );
            let mut problem = Diagnostic::invalid(switch.vendor.span, message);
            problem
                .related(bound.design.switches[leader].vendor.span, "the first member")
                .switch(switch.name.to_string())
                .help("members of one stack are one device: give them one vendor, or take `stack` away");
            problems.push(problem);
        }
    }
}

fn bind_switch(
    switch: &Switch,
    packs: &Packs,
    problems: &mut Vec<Diagnostic>,
) -> Result<BoundSwitch, PackError> {
    let Some(pack) = packs.get(&switch.vendor)? else {
        let known = packs.known_names();
        let help = match suggest(&switch.vendor, known.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                let names: Vec<String> = packs.all()?.iter().map(|pack| pack.name().to_owned()).collect();
                format!("there are {}", one_of(names.iter().map(String::as_str)))
            }
        };
        let message = format!("there is no vendor pack `{}`", quoted(&switch.vendor));
        let mut problem = Diagnostic::invalid(switch.vendor.span, message);
        problem.switch(switch.name.to_string()).help(help);
        problems.push(problem);
        return Ok(BoundSwitch { pack: None, model: Model::UNKNOWN });
    };
    let mut platform = None;
    if let Some(name) = &switch.platform {
        platform = pack.platform(name);
        if platform.is_none() {
            let names = pack.platforms.iter().map(|platform| platform.name.as_str());
            let help = match suggest(name, names.clone()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("it knows {}", one_of(names)),
            };
            let message = format!(
                "pack `{}` knows no platform `{}`: its cautious defaults are taken",
                pack.name(),
                quoted(name)
            );
            let mut problem = Diagnostic::invalid(name.span, message);
            problem.severity(Severity::Warning).switch(switch.name.to_string()).help(help);
            problems.push(problem);
        }
    }
    let release = switch.version.as_ref().and_then(|version| Release::parse(version.as_str()));
    Ok(BoundSwitch { pack: Some(pack), model: Model { platform, release } })
}

fn check_port(bound: &Bound<'_>, port: &PortRef, problems: &mut Vec<Diagnostic>) {
    // A switch that does not exist was reported while loading.
    if let Some(position) = bound.design.switch_position(&port.switch) {
        check_port_text(bound, position, &port.port, port.port.span, problems);
    }
}

fn check_port_text(
    bound: &Bound<'_>,
    position: usize,
    text: &str,
    span: Span,
    problems: &mut Vec<Diagnostic>,
) {
    let Some(pack) = &bound.switches[position].pack else { return };
    let why = match pack.ports.parse(text) {
        Ok(port) if !port.is_subinterface() || pack.ports.subinterfaces_switch => return,
        Ok(_) => "a subinterface routes; name the port that switches".to_owned(),
        Err(error) => error.to_string(),
    };
    let switch = &bound.design.switches[position];
    let message = format!("`{}` is not a port of `{}` ({}): {why}", quoted(text), switch.name, pack.name());
    let mut problem = Diagnostic::invalid(span, message);
    problem.switch(switch.name.to_string());
    let examples = one_of(pack.ports.examples.iter().map(String::as_str));
    problem.help(match pack.ports.completed(text) {
        Some(port) => {
            format!("write `{}`: ports there look like {examples}", pack.ports.show(&port, Naming::Long))
        }
        None => format!("ports there look like {examples}"),
    });
    problems.push(problem);
}
