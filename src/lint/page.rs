//! A rule's page: what `explain` prints, and the examples that the tests run.

/// The headings every page has, in this order.
pub const HEADINGS: [&str; 5] = ["Why", "When it does not apply", "Source", "Bad", "Good"];

/// A rule's page, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<'t> {
    /// The title: the code and the name.
    pub title: &'t str,
    /// The first paragraph, on one line.
    pub summary: String,
    /// The text under each heading.
    pub sections: Vec<(&'t str, &'t str)>,
}

/// A design of a page, configs, or both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example<'t> {
    /// The design, where there is one.
    pub design: Option<&'t str>,
    /// The configs.
    pub configs: Vec<ExampleConfig<'t>>,
}

/// A config of an example: a block that is headed `config PATH`, or `config PATH PACK` where too little of it is shown
/// to tell its dialect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExampleConfig<'t> {
    /// Its path.
    pub path: &'t str,
    /// The name of its pack, where it is said.
    pub pack: Option<&'t str>,
    /// Its text.
    pub text: &'t str,
}

impl<'t> Page<'t> {
    /// Takes a page apart. Everything is found in any page; what is missing is empty.
    pub fn new(text: &'t str) -> Self {
        let title = text.lines().next().unwrap_or_default().trim_start_matches("# ").trim();
        let mut sections = Vec::new();
        let mut rest = text;
        while let Some(at) = find_heading(rest) {
            let after = &rest[at + 3..];
            let (heading, body) = after.split_once('\n').unwrap_or((after, ""));
            let end = find_heading(body).unwrap_or(body.len());
            sections.push((heading.trim(), body[..end].trim()));
            rest = &body[end..];
        }
        let head = &text[..find_heading(text).unwrap_or(text.len())];
        let paragraph = head.lines().skip(1).skip_while(|line| line.trim().is_empty());
        let paragraph: Vec<&str> =
            paragraph.take_while(|line| !line.trim().is_empty()).map(str::trim).collect();
        Self { title, summary: paragraph.join(" "), sections }
    }

    /// The text under `heading`.
    pub fn section(&self, heading: &str) -> &'t str {
        self.sections.iter().find(|(name, _)| *name == heading).map_or("", |(_, text)| text)
    }

    /// The example under `heading` (`Bad` or `Good`).
    pub fn example(&self, heading: &str) -> Option<Example<'t>> {
        let mut design = None;
        let mut configs = Vec::new();
        let mut rest = self.section(heading);
        while let Some((_, opened)) = rest.split_once("```") {
            let (info, body) = opened.split_once('\n')?;
            let (block, after) = body.split_once("```")?;
            match info.trim().strip_prefix("config ") {
                Some(words) => {
                    let mut words = words.split_whitespace();
                    configs.push(ExampleConfig { path: words.next()?, pack: words.next(), text: block });
                }
                None if info.trim() == "yaml" => design = design.or(Some(block)),
                None => {}
            }
            rest = after;
        }
        (design.is_some() || !configs.is_empty()).then_some(Example { design, configs })
    }
}

/// Where the next `## ` heading begins.
fn find_heading(text: &str) -> Option<usize> {
    match text.starts_with("## ") {
        true => Some(0),
        false => text.find("\n## ").map(|at| at + 1),
    }
}
