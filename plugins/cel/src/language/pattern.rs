//! Regular expressions.
//!
//! `matches` of CEL is met by any part of a text, and who writes `refs/tags/v.*` seldom means that
//! `evil/refs/tags/v1` should do. To compile every pattern as a whole one would be no better, for in
//! `!name.matches("secret")` the part is what is meant. So a pattern has to say it: `^…$` for the whole
//! text, `.*` at a side where anything may stand.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use regex::{Regex, RegexBuilder};
use regex_syntax::hir::{Hir, HirKind, Look};

/// The most bytes that a compiled pattern takes: a class of Unicode letters some ten times.
const MAX_COMPILED: usize = 256 << 10;

/// The longest pattern, in bytes.
const MAX_PATTERN: usize = 1024;

/// How deep a pattern may be nested: its parser recurses.
const MAX_NESTED: u32 = 32;

/// How many patterns are kept compiled: more than the rules of a policy have.
const MAX_KEPT: usize = 256;

/// Patterns that were compiled.
#[derive(Debug, Default)]
pub(crate) struct Patterns(RefCell<BTreeMap<String, Rc<Regex>>>);

impl Patterns {
    /// Whether a text matches a pattern, in linear time.
    pub(crate) fn matches(&self, text: &str, pattern: &str) -> Result<bool, String> {
        if let Some(regex) = self.0.borrow().get(pattern) {
            return Ok(regex.is_match(text));
        }
        let regex = Rc::new(compiled(pattern)?);
        let mut kept = self.0.borrow_mut();
        if kept.len() < MAX_KEPT {
            kept.insert(pattern.to_owned(), Rc::clone(&regex));
        }
        Ok(regex.is_match(text))
    }
}

/// A pattern that says where it begins and ends.
pub(crate) fn compiled(pattern: &str) -> Result<Regex, String> {
    if pattern.len() > MAX_PATTERN {
        let length = pattern.len();
        return Err(format!("the pattern has {length} bytes, and {MAX_PATTERN} are the most"));
    }
    let mut parser = regex_syntax::ParserBuilder::new().nest_limit(MAX_NESTED).build();
    let hir = parser
        .parse(pattern)
        .map_err(|why| format!("`{pattern}` is no pattern: {}", brief(&why.to_string())))?;
    if !says_where(&hir) {
        return Err(format!(
            "the pattern `{pattern}` does not say where it begins and ends: write \
             `^(?:{pattern})$` for the whole text, or `.*` at a side where anything may stand"
        ));
    }
    let compiled =
        RegexBuilder::new(pattern).nest_limit(MAX_NESTED).size_limit(MAX_COMPILED).build();
    compiled.map_err(|why| format!("`{pattern}` is no pattern: {}", brief(&why.to_string())))
}

/// The last line, which says what is wrong; those before it draw the pattern.
fn brief(why: &str) -> &str {
    let last = why.trim_end().rsplit('\n').next().unwrap_or(why);
    last.strip_prefix("error: ").unwrap_or(last)
}

fn says_where(hir: &Hir) -> bool {
    let properties = hir.properties();
    let begins = properties.look_set_prefix().contains(Look::Start) || is_open(hir, true);
    let ends = properties.look_set_suffix().contains(Look::End) || is_open(hir, false);
    begins && ends
}

/// Whether a pattern begins, or ends, with `.*`.
fn is_open(hir: &Hir, begins: bool) -> bool {
    match hir.kind() {
        HirKind::Concat(parts) => {
            let part = if begins { parts.first() } else { parts.last() };
            part.is_some_and(|part| is_open(part, begins))
        }
        HirKind::Capture(capture) => is_open(&capture.sub, begins),
        HirKind::Repetition(repetition) => {
            // `.` is all characters, or all but a line's end.
            repetition.min == 0
                && repetition.max.is_none()
                && (*repetition.sub == Hir::dot(regex_syntax::hir::Dot::AnyCharExceptLF)
                    || *repetition.sub == Hir::dot(regex_syntax::hir::Dot::AnyChar))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_says_where_it_begins_and_ends() {
        for pattern in [
            "^a$",
            r"\Aa\z",
            "^(?:a|b)$",
            "^a$|^b$",
            ".*secret.*",
            "^v.*",
            ".*[.]key$",
            "^$",
            ".*",
            "(?s).*a.*",
            "(?i)^a$",
            "^(a.*)",
            "^a(b|c)$",
        ] {
            assert!(compiled(pattern).is_ok(), "{pattern}");
        }
        for pattern in ["a", "^a", "a$", "^a|b$", "(?m)^a$", ".+a$", "", "[a-z]*", "a|.*", "^a$|b"]
        {
            let why = compiled(pattern).unwrap_err();
            assert!(why.contains("does not say where it begins and ends"), "{pattern}: {why}");
        }
    }

    #[test]
    fn what_is_no_pattern_or_too_large_is_refused() {
        for (pattern, why) in [
            ("^(a$", "`^(a$` is no pattern: unclosed group"),
            (r"^\d{1000}{1000}$", "is no pattern: "),
            (r"^(a)\1$", "is no pattern: backreferences are not supported"),
        ] {
            let found = compiled(pattern).unwrap_err();
            assert!(found.contains(why), "{found}");
        }
        assert!(compiled(&format!("^{}$", "(".repeat(40))).is_err());
        assert!(compiled(&format!("^{}$", "a".repeat(1024))).is_err());
    }

    #[test]
    fn a_pattern_is_met_as_it_says() {
        let patterns = Patterns::default();
        for _ in 0..2 {
            assert_eq!(patterns.matches("refs/tags/v1", "^refs/tags/v[0-9]+$"), Ok(true));
            assert_eq!(patterns.matches("evil/refs/tags/v1", "^refs/tags/v[0-9]+$"), Ok(false));
            assert_eq!(patterns.matches("my-secret-file", ".*secret.*"), Ok(true));
            assert_eq!(patterns.matches("a\n", "^a$"), Ok(false));
        }
    }
}
