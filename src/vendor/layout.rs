//! How the text of a config is laid out: which lines open a banner, show a certificate, close a block or say nothing.

use super::first_octets::FirstOctets;
use super::types::{ConfigForm, SyntaxRecord, TablesRecord};

/// What a line is that begins with certain words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Passage {
    /// It leaves the block it stands in.
    Exit,
    /// It leaves the block before it, at its own indentation (`exit-address-family`).
    Leave,
    /// It leaves every block.
    End,
    /// It begins a free text whose first character ends it.
    Delimited,
    /// It begins a free text that this line ends.
    Script {
        /// The whole line behind the text.
        until: String,
    },
    /// Digits of a certificate or key stand in the next lines.
    Blob,
    /// A command that shows the config says it.
    Chatter,
    /// It acts and configures nothing.
    Act,
    /// No config follows.
    Tail,
}

/// How much of a line the words must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    /// The whole line.
    Whole,
    /// Its first words.
    Words,
    /// Its first characters, in this very case.
    Characters,
}

#[derive(Debug, Clone)]
struct Head {
    words: String,
    fit: Fit,
    passage: Passage,
}

/// What the first word of a line does in a config of tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableWord {
    /// It opens a table.
    Table,
    /// It opens a record.
    Record,
    /// It states a value.
    Value,
    /// It takes a value back.
    Unset,
    /// It leaves a record.
    Next,
    /// It leaves a table.
    End,
    /// A record is gone.
    Delete,
    /// All records of a table are gone.
    Purge,
}

/// The words of a config of tables.
#[derive(Debug, Clone)]
pub struct TableWords {
    words: Vec<(String, TableWord)>,
    /// The key of a record that gets one of its own.
    new: Option<String>,
    /// The tables whose records are one statement each, with the value that a finding points at.
    whole: Vec<(String, String)>,
}

impl TableWords {
    fn new(record: &TablesRecord, negation: &str) -> Self {
        let stated = [
            (record.table.as_str(), TableWord::Table),
            (record.record.as_str(), TableWord::Record),
            (record.value.as_str(), TableWord::Value),
            (negation, TableWord::Unset),
            (record.next.as_str(), TableWord::Next),
            (record.end.as_str(), TableWord::End),
            (record.delete.as_str(), TableWord::Delete),
        ];
        let purge = record.purge.iter().map(|word| (word.as_str(), TableWord::Purge));
        Self {
            words: stated.into_iter().chain(purge).map(|(word, does)| (word.to_owned(), does)).collect(),
            new: record.new.as_ref().map(ToString::to_string),
            whole: record.whole.iter().map(|whole| (whole.table.to_string(), whole.at.to_string())).collect(),
        }
    }

    /// What a line does that begins with `word`; `None` where it only stands in its block.
    pub fn does(&self, word: &str) -> Option<TableWord> {
        let same = |(own, _): &&(String, TableWord)| own.eq_ignore_ascii_case(word);
        self.words.iter().find(same).map(|(_, does)| *does)
    }

    /// The word that does this.
    pub fn word(&self, does: TableWord) -> &str {
        self.words.iter().find(|(_, own)| *own == does).map_or("", |(word, _)| word)
    }

    /// How many of `words`, the first of which begins a command, stand before the next one that does.
    pub fn length_of_first(&self, words: &[&str]) -> usize {
        let next = words.iter().skip(1).position(|word| self.does(word).is_some());
        next.map_or(words.len(), |at| at + 1)
    }

    /// The lines that a device takes for a statement that has all its words in one: each in the block that the one before it
    /// opens, and what leaves these.
    pub fn typed(&self, statement: &str) -> Vec<String> {
        let words: Vec<&str> = statement.split_ascii_whitespace().collect();
        let mut rest = words.as_slice();
        let mut open: Vec<TableWord> = Vec::new();
        let mut lines = Vec::new();
        let indented = |depth: usize, line: &str| " ".repeat(depth) + line;
        while !rest.is_empty() {
            let (command, behind) = rest.split_at(self.length_of_first(rest));
            lines.push(indented(open.len(), &command.join(" ")));
            match self.does(command[0]) {
                Some(TableWord::Table) => open.push(TableWord::End),
                Some(TableWord::Record) => open.push(TableWord::Next),
                _ => {}
            }
            rest = behind;
        }
        while let Some(leaves) = open.pop() {
            lines.push(indented(open.len() + 1, self.word(leaves)));
        }
        lines
    }

    /// The statement that takes `statement` back, which states a value; `None` of any other.
    pub fn taken_back(&self, statement: &str) -> Option<String> {
        let words: Vec<&str> = statement.split_ascii_whitespace().collect();
        let states = |word: &&str| self.does(word) == Some(TableWord::Value);
        let at = words.iter().position(states)?;
        let name = words.get(at + 1)?;
        Some(format!("{} {} {name}", words[..at].join(" "), self.word(TableWord::Unset)))
    }

    /// Whether a record of this key is another than the one before it with the same.
    pub fn is_new(&self, key: &str) -> bool {
        self.new.as_deref() == Some(key)
    }

    /// Of a table whose records are one statement each, the value that a finding about one points at.
    pub fn whole(&self, table: &str) -> Option<&str> {
        self.whole.iter().find(|(own, _)| own.eq_ignore_ascii_case(table)).map(|(_, at)| at.as_str())
    }
}

/// What stands in the text of a config beside the lines that configure something, ready to be asked for each line.
#[derive(Debug, Clone)]
pub struct Layout {
    /// The comment signs.
    pub comments: Vec<String>,
    /// Whether a comment may stand behind a line.
    pub inline_comments: bool,
    /// Whether the comment sign alone on a line ends the blocks that began at its indentation or further in.
    pub sign_ends_blocks: bool,
    /// What a statement is.
    pub form: ConfigForm,
    /// The words of a config of tables, where it is one.
    pub tables: Option<TableWords>,
    alone: Vec<String>,
    may_stand_alone: FirstOctets,
    run_by: Vec<String>,
    commands: Vec<String>,
    remarks: Vec<String>,
    /// By the first octet of a line.
    heads: Vec<Vec<Head>>,
    special: FirstOctets,
}

/// First octets that may begin a pager's mark, a message of the console or the armour of a key. Octets behind ASCII
/// may be blanks that no device writes.
const MARKS: &[u8] = b"-<Mm%*.^\x03";

impl Default for Layout {
    fn default() -> Self {
        let comments = vec!["!".to_owned()];
        Self::build(comments, Vec::new(), false, Vec::new(), None)
    }
}

impl Layout {
    /// The layout a pack states.
    pub(super) fn new(syntax: &SyntaxRecord) -> Self {
        let mut comments = vec![syntax.comment.to_string()];
        let Some(record) = &syntax.layout else {
            return Self::build(comments, Vec::new(), false, Vec::new(), None);
        };
        comments.extend(record.comments.iter().map(ToString::to_string));
        let heads = |words: &[crate::yaml::Text], fit, passage: Passage| -> Vec<Head> {
            let head =
                |words: &crate::yaml::Text| Head { words: words.to_string(), fit, passage: passage.clone() };
            words.iter().map(head).collect()
        };
        let script = |script: &super::types::ScriptRecord| {
            let after = script.after.as_str();
            let (words, fit) =
                after.strip_suffix(" *").map_or((after, Fit::Whole), |words| (words, Fit::Words));
            let passage = Passage::Script { until: script.until.to_string() };
            Head { words: words.to_owned(), fit, passage }
        };
        let mut delimited = heads(&record.delimited, Fit::Words, Passage::Delimited);
        // `banner motd` before `banner`: what follows the longest words is the text.
        delimited.sort_by_key(|head| std::cmp::Reverse(head.words.len()));
        let all = record.scripts.iter().map(script);
        let all = all.chain(delimited);
        let all = all.chain(heads(&record.blobs, Fit::Words, Passage::Blob));
        let all = all.chain(heads(&record.chatter, Fit::Characters, Passage::Chatter));
        let all = all.chain(heads(&record.acts, Fit::Whole, Passage::Act));
        let all = all.chain(heads(&record.tails, Fit::Characters, Passage::Tail));
        let alone = record.alone.iter().map(ToString::to_string).collect();
        let inline_comments = record.inline_comments.unwrap_or(false);
        let tables = record.tables.as_ref().map(|tables| TableWords::new(tables, &syntax.negation));
        let mut layout = Self::build(comments, alone, inline_comments, all.collect(), tables);
        layout.sign_ends_blocks = record.sign_ends_blocks.unwrap_or(false);
        layout.form = record.form.unwrap_or(ConfigForm::Lines);
        layout.run_by = record.run_by.iter().map(ToString::to_string).collect();
        layout.commands = record.commands.iter().map(ToString::to_string).collect();
        layout.remarks = record.remarks.iter().map(ToString::to_string).collect();
        layout
    }

    /// The words before a command that a block has run.
    pub fn run_by(&self) -> &[String] {
        &self.run_by
    }

    /// Whether `word` begins a command of a menu.
    pub fn is_command(&self, word: &str) -> bool {
        self.commands.iter().any(|command| command == word)
    }

    /// Whether a value of this name says nothing of NLB.
    pub fn is_remark(&self, name: &str) -> bool {
        self.remarks.iter().any(|remark| remark == name)
    }

    /// Whether `line` leaves a table or a record in one.
    pub fn leaves_table(&self, line: &str) -> bool {
        let does = self.tables.as_ref().and_then(|tables| tables.does(line));
        matches!(does, Some(TableWord::Next | TableWord::End))
    }

    /// Where in `line`, which stands in a block, the command begins that the block has run: behind `post-up` and the like.
    pub fn run_from(&self, line: &str) -> Option<usize> {
        let rest = line.trim_start();
        let command = self.run_by.iter().find_map(|word| rest.strip_prefix(word.as_str()))?;
        command.starts_with([' ', '\t']).then(|| line.len() - command.trim_start().len())
    }

    fn build(
        comments: Vec<String>,
        alone: Vec<String>,
        inline_comments: bool,
        mut heads: Vec<Head>,
        tables: Option<TableWords>,
    ) -> Self {
        let closing = [
            ("exit", Fit::Whole, Passage::Exit),
            ("quit", Fit::Whole, Passage::Exit),
            ("end", Fit::Whole, Passage::End),
            ("exit-", Fit::Characters, Passage::Leave),
        ];
        // What leaves a table is read with what opens it.
        let is_of_tables = |word: &str| tables.as_ref().is_some_and(|tables| tables.does(word).is_some());
        for (words, fit, passage) in closing.into_iter().filter(|(word, ..)| !is_of_tables(word)) {
            heads.push(Head { words: words.to_owned(), fit, passage });
        }
        let mut special = FirstOctets::default();
        (128..=u8::MAX).for_each(|octet| special.add_all(octet));
        let first = comments.iter().filter_map(|sign| sign.bytes().next());
        first.chain(MARKS.iter().copied()).for_each(|octet| special.add_all(octet));
        let mut dispatched: Vec<Vec<Head>> = vec![Vec::new(); 256];
        for head in heads {
            let Some(first) = head.words.bytes().next() else { continue };
            special.add(&head.words);
            let mut firsts = vec![first];
            if head.fit != Fit::Characters {
                firsts = vec![first.to_ascii_lowercase(), first.to_ascii_uppercase()];
                firsts.dedup();
            }
            for octet in firsts.into_iter().map(usize::from) {
                dispatched[octet].push(head.clone());
            }
        }
        let mut may_stand_alone = FirstOctets::default();
        alone.iter().for_each(|words| may_stand_alone.add(words.strip_suffix(" <ip>").unwrap_or(words)));
        Self {
            comments,
            inline_comments,
            sign_ends_blocks: false,
            form: ConfigForm::Lines,
            tables,
            alone,
            may_stand_alone,
            run_by: Vec::new(),
            commands: Vec::new(),
            remarks: Vec::new(),
            heads: dispatched,
            special,
        }
    }

    /// Whether `line` may be anything but one that configures something: most are not, and need no further question.
    #[inline]
    pub fn is_special(&self, line: &[u8]) -> bool {
        self.special.may_begin(line)
    }

    /// Whether `line` is a comment.
    pub fn is_comment(&self, line: &str) -> bool {
        self.comments.iter().any(|sign| line.starts_with(sign.as_str()))
    }

    /// What `line` is, when it is not one that configures something, and the octet behind the words that say so.
    pub fn passage(&self, line: &str) -> Option<(&Passage, usize)> {
        let first = usize::from(line.bytes().next()?);
        self.heads[first].iter().find_map(|head| {
            let behind = match head.fit {
                Fit::Characters => line.starts_with(head.words.as_str()).then_some(head.words.len()),
                Fit::Words => behind_words(line, &head.words),
                Fit::Whole => behind_words(line, &head.words).filter(|behind| *behind == line.len()),
            }?;
            Some((&head.passage, behind))
        })
    }

    /// Whether `line` stands in no block and opens none.
    pub fn stands_alone(&self, line: &str) -> bool {
        let begins = |words: &String| match words.strip_suffix(" <ip>") {
            None => behind_words(line, words).is_some(),
            Some(words) => behind_words(line, words)
                .is_some_and(|behind| line[behind..].trim_start().starts_with(|c: char| c.is_ascii_digit())),
        };
        self.may_stand_alone.may_begin(line.as_bytes()) && self.alone.iter().any(begins)
    }
}

/// The octet behind `words`, when `line` begins with them, in any case and with any blanks between.
pub fn behind_words(line: &str, words: &str) -> Option<usize> {
    let line = line.as_bytes();
    let blank = |at: usize| matches!(line.get(at), Some(b' ' | b'\t'));
    let mut at = 0;
    for octet in words.bytes() {
        if octet == b' ' {
            if !blank(at) {
                return None;
            }
            while blank(at) {
                at += 1;
            }
        } else if line.get(at).is_some_and(|own| own.eq_ignore_ascii_case(&octet)) {
            at += 1;
        } else {
            return None;
        }
    }
    (at == line.len() || blank(at)).then_some(at)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn words_are_compared_in_any_case_and_with_any_blanks() {
        for (line, words, behind) in [
            ("banner motd ^C", "banner motd", Some(11)),
            ("Banner \t  MOTD", "banner motd", Some(14)),
            ("banner motdx", "banner motd", None),
            ("banner", "banner motd", None),
            ("bannermotd", "banner motd", None),
            ("äbanner", "banner", None),
        ] {
            assert_eq!(behind_words(line, words), behind, "{line}");
        }
    }

    #[test]
    fn a_pack_without_a_layout_still_knows_what_closes_a_block() {
        let layout = Layout::default();
        assert_eq!(layout.passage("exit"), Some((&Passage::Exit, 4)));
        assert_eq!(layout.passage("END"), Some((&Passage::End, 3)));
        assert_eq!(layout.passage("exit-address-family"), Some((&Passage::Leave, 5)));
        assert_eq!(layout.passage("exit now"), None);
        assert_eq!(layout.passage("endpoint"), None);
        assert!(layout.is_comment("! text"));
        assert!(!layout.is_special(b"switchport"), "most lines meet no further question");
    }

    #[test]
    fn a_statement_of_a_table_is_typed_in_its_blocks_and_taken_back_by_its_name() {
        let pack = crate::vendor::Packs::embedded().get("fortiswitch").unwrap().unwrap();
        let tables = pack.layout.tables.as_ref().unwrap();
        for (statement, typed, back) in [
            (
                "config switch vlan edit 10 set igmp-snooping enable",
                "config switch vlan/ edit 10/  set igmp-snooping enable/  next/ end",
                Some("config switch vlan edit 10 unset igmp-snooping"),
            ),
            (
                "config system global set hostname x",
                "config system global/ set hostname x/ end",
                Some("config system global unset hostname"),
            ),
            ("config switch vlan delete 10", "config switch vlan/ delete 10/ end", None),
            ("show switch vlan", "show switch vlan", None),
            ("", "", None),
        ] {
            assert_eq!(tables.typed(statement).join("/"), typed);
            assert_eq!(tables.taken_back(statement).as_deref(), back);
        }
    }
}
