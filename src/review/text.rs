//! The review for a terminal: headings, wrapped lines, and colours where there are any.

use super::document::{Delivery, Document, Evidence, Item, Line, SwitchLines, Verdict};

const BOLD: &str = "\u{1b}[1m";
const RED: &str = "\u{1b}[31m";
const GREEN: &str = "\u{1b}[32m";
const YELLOW: &str = "\u{1b}[33m";
const DIM: &str = "\u{1b}[2m";
const PLAIN: &str = "\u{1b}[0m";

/// The fewest columns that are filled: narrower terminals break lines themselves.
const NARROWEST: usize = 40;

/// The whole review, in lines of up to `width` columns; what is typed is never broken.
pub(super) fn text(document: &Document, width: usize, color: bool) -> String {
    let mut page = Page { out: String::new(), width: width.max(NARROWEST), color };
    page.heading(&format!("NLB design review: {}", document.title));
    let summary = document.summary;
    page.say(
        0,
        "",
        &format!(
            "{} fail, {} to be checked by hand, {} pass, {} do not apply",
            summary.fail, summary.check, summary.pass, summary.not_applicable
        ),
    );
    for cluster in &document.clusters {
        let group = cluster.group.as_ref().map(|group| format!(", group {group}")).unwrap_or_default();
        let vips = cluster.vips.join(", ");
        let said = format!(
            "{}: {}, {vips} in VLAN {}, MAC {}{group}; nodes {}",
            cluster.name,
            cluster.mode,
            cluster.vlan,
            cluster.mac,
            cluster.nodes.join(", ")
        );
        page.say(0, "", &said);
    }
    for section in &document.sections {
        page.heading(&format!("{}. {}", section.number, section.title));
        let mut last = None;
        for item in &section.items {
            if last != Some(item.id) {
                page.styled(0, BOLD, item.question);
                last = Some(item.id);
            }
            page.item(item);
        }
    }
    page.heading("Where the frames go");
    for cluster in &document.deliveries {
        page.styled(
            0,
            BOLD,
            &format!("{} ({} things that may happen were tried)", cluster.cluster, cluster.tried),
        );
        cluster.frames.iter().for_each(|frame| page.delivery(frame));
    }
    page.heading("Lines for the switches");
    document.switches.iter().for_each(|switch| page.switch(switch));
    page.heading("Test plan");
    let mut last = None;
    for test in &document.tests {
        if last != Some(&test.cluster) {
            page.styled(0, BOLD, test.cluster.as_deref().unwrap_or("the whole design"));
            last = Some(&test.cluster);
        }
        page.say(2, "[ ] ", &test.text);
        page.say(6, "expected: ", &test.expect);
        if let Some(model) = &test.model {
            page.say(6, "the model: ", model);
        }
    }
    page.heading("Sign-off");
    for role in &document.sign_off {
        page.typed(2, &format!("{role:24} ______________________  ____-__-__"));
    }
    page.heading("What was reviewed");
    for input in &document.record.inputs {
        page.say(2, "", &format!("{} {}", input.kind.title(), input.name));
        page.typed(4, input.sha256.as_deref().unwrap_or("could not be read"));
    }
    page.out
}

struct Page {
    out: String,
    width: usize,
    color: bool,
}

impl Page {
    fn heading(&mut self, text: &str) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        self.styled(0, BOLD, text);
        self.typed(0, &"=".repeat(text.chars().count().min(self.width)));
    }

    /// A line as it is.
    fn typed(&mut self, indent: usize, text: &str) {
        self.out.extend(std::iter::repeat_n(' ', indent));
        self.out.push_str(text);
        self.out.push('\n');
    }

    /// Words behind `lead`, wrapped; later lines begin below the first word.
    fn say(&mut self, indent: usize, lead: &str, text: &str) {
        let hang = indent + lead.chars().count().min(12);
        let mut line = format!("{:indent$}{lead}", "");
        let mut empty = true;
        for word in text.split_whitespace() {
            if !empty && line.chars().count() + 1 + word.chars().count() > self.width {
                self.typed(0, &line);
                line = " ".repeat(hang);
                empty = true;
            }
            if !empty {
                line.push(' ');
            }
            line.push_str(word);
            empty = false;
        }
        self.typed(0, line.trim_end());
    }

    fn styled(&mut self, indent: usize, style: &str, text: &str) {
        let start = self.out.len();
        self.say(indent, "", text);
        if self.color {
            let said = self.out.split_off(start);
            let said = said.trim_end_matches('\n');
            self.out.push_str(&format!("{style}{said}{PLAIN}\n"));
        }
    }

    fn item(&mut self, item: &Item) {
        let (style, word) = match item.verdict {
            Verdict::Pass => (GREEN, "pass"),
            Verdict::Fail => (RED, "fail"),
            Verdict::Check => (YELLOW, "by hand"),
            Verdict::NotApplicable => (DIM, "n/a"),
        };
        let about = [item.cluster.as_deref(), item.switch.as_deref()].into_iter().flatten();
        let about = about.map(|name| format!("{name}: ")).collect::<String>();
        self.styled(2, style, &format!("{word}: {about}{}", item.reason));
        if item.verdict == Verdict::NotApplicable {
            return;
        }
        item.evidence.iter().for_each(|evidence| self.evidence(evidence));
        if let Some(by_hand) = item.by_hand.filter(|_| item.verdict != Verdict::Pass) {
            self.say(4, "by hand: ", by_hand);
        }
        for commands in item.commands.iter().filter(|_| item.verdict != Verdict::Pass) {
            self.say(4, "", &format!("on {}:", commands.switch));
            commands.lines.iter().for_each(|line| self.typed(6, line));
        }
    }

    fn evidence(&mut self, evidence: &Evidence) {
        let rule = evidence.rule.as_deref().map(|rule| format!("{rule} ")).unwrap_or_default();
        let place =
            evidence.location.as_ref().map(|at| format!(" ({}:{})", at.path, at.line)).unwrap_or_default();
        self.say(4, "- ", &format!("{rule}{}{place}", evidence.text));
        if let Some(line) = &evidence.line {
            self.typed(8, line);
        }
        if let Some(accepted) = &evidence.accepted {
            let owner = accepted.owner.as_deref().map(|owner| format!(" ({owner})")).unwrap_or_default();
            self.say(8, "accepted: ", &format!("{}{owner}", accepted.reason));
        }
    }

    fn delivery(&mut self, frame: &Delivery) {
        let from = frame.source();
        let condition = frame.what_if.as_deref().map(|what_if| format!("if {what_if}, ")).unwrap_or_default();
        let known = if frame.known { "" } else { " as far as is known" };
        let missed = match frame.missed.is_empty() {
            true => String::new(),
            false => format!(", missed {}", frame.missed.join(", ")),
        };
        let said = format!(
            "{condition}{from}: {}{known}; reached {}{missed}; bystanders {}",
            frame.verdict,
            frame.reached.len(),
            frame.bystanders.len()
        );
        self.say(2, "- ", &said);
    }

    fn switch(&mut self, switch: &SwitchLines) {
        let platform = switch.platform.as_deref().unwrap_or("platform not stated");
        self.styled(0, BOLD, &format!("{} ({}, {platform})", switch.name, switch.vendor));
        match &switch.config {
            Some(config) => self.say(2, "", &format!("what is missing or wrong in {config}")),
            None => self.say(2, "", "all that is planned; no config was read"),
        }
        if switch.needs_window {
            self.styled(2, RED, "needs a window: an entry is gone for a moment while the lines are typed");
        }
        switch.notes.iter().for_each(|note| self.say(2, "- ", note));
        self.part("apply, in configuration mode", &switch.apply);
        self.part("take it back, in configuration mode", &switch.rollback);
        self.part("check, in privileged mode", &switch.verify);
    }

    fn part(&mut self, title: &str, lines: &[Line]) {
        let nothing = if lines.is_empty() { ": nothing" } else { "" };
        self.say(2, "", &format!("{title}{nothing}"));
        lines.iter().for_each(|line| self.typed(4, &line.text));
    }
}
