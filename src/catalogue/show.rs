//! All of one pack as a page.

use super::blocks::{Page, Piece};
use super::sheet::{Advised, Meaning, Refused, Sheet};
use crate::entry::EntryKind;
use crate::recommend::Fact;
use crate::render::SnippetLine;
use crate::vendor::Prerequisite;

impl Page {
    /// Everything that a pack knows.
    pub fn of_pack(sheet: &Sheet) -> Self {
        let mut page = Self::default();
        let listed = &sheet.listed;
        page.heading(1, &listed.name);
        page.line(vec![Piece::text(format!("{}.", listed.title.trim_end_matches('.')))]);
        let pairs = [
            ("other names", listed.aliases.join(", ")),
            ("does", listed.does().to_owned()),
            ("ports look like", sheet.ports.join(", ")),
        ];
        for (what, value) in pairs.into_iter().filter(|(_, value)| !value.is_empty()) {
            page.item(vec![Piece::text(format!("{what}: {value}"))]);
        }
        sheet.prerequisites.iter().for_each(|one| page.prerequisite(one));
        page.heading(2, "Where no platform is stated");
        page.facts(&sheet.facts, &sheet.notes);
        page.advice(&sheet.advice);
        if !sheet.platform_facts.is_empty() {
            page.heading(2, "Platforms");
        }
        for platform in &sheet.platform_facts {
            page.heading(3, &platform.name);
            let names = |kinds: &[EntryKind]| kinds.iter().map(ToString::to_string).collect::<Vec<_>>();
            let (written, not_written) = (names(&platform.written), names(&platform.not_written));
            let pairs = [
                ("other names", &platform.aliases),
                ("models that begin with", &platform.models),
                ("written for it alone", &written),
                ("written for others, and not for it", &not_written),
            ];
            for (what, names) in pairs.into_iter().filter(|(_, names)| !names.is_empty()) {
                page.item(vec![Piece::text(format!("{what}: {}", names.join(", ")))]);
            }
            page.refused(&platform.refuses);
            page.facts(&platform.facts, &platform.notes);
            page.advice(&platform.advice);
        }
        page.written(sheet);
        page.read(&sheet.read);
        page
    }

    fn facts(&mut self, facts: &[Fact], notes: &[Option<String>]) {
        let row = |(fact, note): (&Fact, &Option<String>)| {
            vec![
                Piece::code(fact.key),
                Piece::text(fact.holds()),
                Piece::text(fact.evidence.to_string()),
                Piece::source(fact.source.as_deref()),
                Piece::text(note.clone().unwrap_or_default()),
            ]
        };
        let rows = facts.iter().zip(notes).map(row).collect();
        self.table(vec!["what", "holds", "evidence", "source", "note"], rows);
    }

    fn prerequisite(&mut self, one: &Prerequisite) {
        let needs: Vec<&str> = one.needs.iter().map(|need| need.as_str()).collect();
        let limited = |before: &str, names: &[String]| match names {
            [] => String::new(),
            names => format!("{before}`{}`", names.join("`, `")),
        };
        let note = one.note.as_ref().map(|note| format!(": {note}")).unwrap_or_default();
        let said = format!(
            "`{}`{} does nothing without `{}`{}{note} [{}]",
            one.entry,
            limited(" by ", &one.lines),
            needs.join("`, `"),
            limited(" on ", &one.platforms),
            one.evidence
        );
        self.item(vec![Piece::text(said), Piece::source(one.source.as_deref())]);
    }

    fn refused(&mut self, refuses: &[Refused]) {
        for Refused { lines, evidence, source } in refuses {
            let said = format!("does not take `{}` [{evidence}]", lines.join("`, `"));
            self.item(vec![Piece::text(said), Piece::source(source.as_deref())]);
        }
    }

    fn advice(&mut self, advice: &[Advised]) {
        for said in advice {
            let about = said.about.map(|kind| format!("with `{kind}`: ")).unwrap_or_default();
            self.item(vec![
                Piece::text(format!("{about}{} [{}]", said.text, said.evidence)),
                Piece::source(said.source.as_deref()),
            ]);
        }
    }

    fn written(&mut self, sheet: &Sheet) {
        if sheet.written.is_empty() {
            return;
        }
        self.heading(2, "What is written");
        self.line(vec![Piece::text(
            "For two nodes on two ports of one switch, where no platform is stated. A line that nobody has shown to work \
             has a comment before it that says so.",
        )]);
        if sheet.names_from_config {
            self.line(vec![Piece::text(
                "The names of VLANs and the addresses of interfaces are made up: they come from the config of the switch.",
            )]);
        }
        for written in &sheet.written {
            let platform = written.platform.as_ref().map(|platform| format!(", {platform}"));
            self.heading(3, format!("{} mode{}", written.mode.title(), platform.unwrap_or_default()));
            for (title, lines) in
                [("set", &written.apply), ("taken back", &written.rollback), ("shown", &written.verify)]
            {
                if !lines.is_empty() {
                    self.line(vec![Piece::text(format!("{title} by"))]);
                    self.lines(lines.iter().map(|line| line.text.clone()).collect());
                }
            }
            let commands = written.apply.iter().filter(|line| line.evidence.is_some());
            let mut said: Vec<Vec<Piece>> = Vec::new();
            for row in commands.map(grade) {
                if !said.contains(&row) {
                    said.push(row);
                }
            }
            self.table(vec!["line", "evidence", "source"], said);
            for left_out in &written.left_out {
                self.item(vec![Piece::text(left_out)]);
            }
            if written.apply.is_empty() && written.left_out.is_empty() {
                self.line(vec![Piece::text("nothing")]);
            }
        }
    }

    fn read(&mut self, read: &[Meaning]) {
        let (settings, entries): (Vec<&Meaning>, Vec<&Meaning>) =
            read.iter().partition(|meaning| meaning.entry.setting().is_some());
        for (title, meanings) in [("What is read: entries", entries), ("What is read: settings", settings)] {
            if meanings.is_empty() {
                continue;
            }
            self.heading(2, title);
            let row = |meaning: &&Meaning| {
                let removed = meaning.removed_by.iter().map(|line| format!("taken back by `{line}`"));
                let lines = meaning.lines.iter().map(|line| format!("`{line}`")).chain(removed);
                vec![
                    Piece::text(meaning.entry.to_string()),
                    Piece::text(lines.collect::<Vec<_>>().join("; ")),
                    Piece::code(meaning.under.join(" / ")),
                    Piece::text(meaning.evidence.to_string()),
                    Piece::source(meaning.source.as_deref()),
                ]
            };
            self.table(
                vec!["what", "lines", "under", "evidence", "source"],
                meanings.iter().map(row).collect(),
            );
        }
    }
}

fn grade(line: &SnippetLine) -> Vec<Piece> {
    vec![
        Piece::code(line.text.trim()),
        Piece::text(line.evidence.map(|evidence| evidence.to_string()).unwrap_or_default()),
        Piece::source(line.source.as_deref()),
    ]
}
