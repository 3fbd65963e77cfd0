//! Rules by what people call them.

use super::{Rule, rule, rules};
use crate::diagnostic::{quoted, suggest};

/// A name that no rule has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no rule `{}`; {help}", quoted(.name))]
pub struct UnknownRule {
    /// The name.
    pub name: String,
    /// What was probably meant, or where the names are.
    pub help: String,
}

impl UnknownRule {
    fn new(name: &str) -> Self {
        let codes: Vec<String> = rules().map(|rule| rule.code.to_string()).collect();
        let known = codes.iter().map(String::as_str).chain(rules().map(|rule| rule.name));
        // A wrong number is near to every other one.
        let is_code =
            name.trim_start_matches(|c: char| c.is_ascii_alphabetic()).bytes().all(|c| c.is_ascii_digit());
        let help = match suggest(name, known).filter(|_| !is_code) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`nlbswitch rules` lists them".to_owned(),
        };
        Self { name: name.to_owned(), help }
    }
}

/// The one rule called `name`, by code or name, in any case.
///
/// # Errors
/// [`UnknownRule`] with what was probably meant.
pub fn one_rule(name: &str) -> Result<&'static Rule, UnknownRule> {
    rule(name).ok_or_else(|| UnknownRule::new(name))
}

/// The rules that `name` stands for: one by its code or name, a family by how its codes begin (`NLB5`, `NLB51`), or
/// `all`.
///
/// # Errors
/// [`UnknownRule`] with what was probably meant.
pub fn rules_named(name: &str) -> Result<Vec<&'static Rule>, UnknownRule> {
    if name.eq_ignore_ascii_case("all") {
        return Ok(rules().collect());
    }
    let beginning = name.to_ascii_uppercase();
    let is_beginning = beginning.strip_prefix("NLB").is_some_and(|digits| matches!(digits.len(), 1 | 2));
    if is_beginning {
        let family: Vec<_> = rules().filter(|rule| rule.code.to_string().starts_with(&beginning)).collect();
        return if family.is_empty() { Err(UnknownRule::new(name)) } else { Ok(family) };
    }
    one_rule(name).map(|rule| vec![rule])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_named_by_code_name_family_or_all() {
        let codes =
            |name: &str| rules_named(name).map(|rules| rules.iter().map(|rule| rule.code.0).collect());
        for name in ["NLB101", "nlb101", "101", "mac-mismatch", "MAC-Mismatch"] {
            assert_eq!(codes(name), Ok(vec![101]), "{name}");
        }
        let family = |begin: u16, end: u16| {
            rules().map(|rule| rule.code.0).filter(|code| (begin..end).contains(code)).collect::<Vec<_>>()
        };
        assert_eq!(codes("NLB2"), Ok(family(200, 300)));
        assert_eq!(codes("nlb21"), Ok(family(210, 220)));
        assert_eq!(codes("ALL"), Ok(family(0, 1000)));
        assert!(family(210, 220).len() > 1 && family(200, 300).len() > family(210, 220).len());
    }

    #[test]
    fn what_names_no_rule_is_told_with_a_way_on() {
        for (name, help) in [
            ("mac-mismach", "did you mean `mac-mismatch`?"),
            ("NLB999", "`nlbswitch rules` lists them"),
            ("NLB0", "`nlbswitch rules` lists them"),
            ("", "`nlbswitch rules` lists them"),
            ("2", "`nlbswitch rules` lists them"),
        ] {
            assert!(rules_named(name).is_err_and(|error| error.help == help), "{name}");
        }
    }
}
