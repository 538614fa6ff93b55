//! Texts, globs and regular expressions that a value has to match as a whole.
//!
//! The ways in which matching has been talked open elsewhere are shut here: nothing matches a part
//! of a value, an alternation does not leak out of its group, no flag moves an anchor, and the star
//! of a glob stays between the separators of a URI.

use std::fmt;

use regex::{Regex, RegexBuilder};
use regex_syntax::ast::{self, Ast, Flag, FlagsItemKind};

/// The most bytes of a pattern as it is written. A workflow's URI has some 150.
const MAX_PATTERN: usize = 2 << 10;

/// The most memory of a compiled regular expression. Those that name a workflow take a hundredth.
const MAX_COMPILED: usize = 1 << 20;

/// What separates the parts of an identity: a glob's star crosses none of them.
const SEPARATORS: [char; 2] = ['/', '@'];

/// What a value has to be, always as a whole.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum PatternText {
    /// This very text.
    Exact(String),
    /// A text in which `*` stands for any characters but `/` and `@`.
    Glob(String),
    /// A regular expression of the crate `regex`, compiled as `\A(?:…)\z`.
    Regex(String),
}

impl fmt::Display for PatternText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(text) => write!(f, "`{text}`"),
            Self::Glob(text) => write!(f, "the glob `{text}`"),
            Self::Regex(text) => write!(f, "the regex `{text}`"),
        }
    }
}

/// Why a pattern is refused.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PatternError {
    /// It would match nothing that a certificate says.
    #[error("a pattern is not empty")]
    Empty,
    /// It is longer than anything it could match.
    #[error("a pattern has {MAX_PATTERN} bytes at the most")]
    TooLong,
    /// Characters of other kinds of globs.
    #[error(
        "in a glob only `*` has a meaning, and it crosses neither `/` nor `@`; `{0}` is not \
         understood: use a regex"
    )]
    Glob(&'static str),
    /// It is no regular expression.
    #[error("the regex is not valid: {0}")]
    Regex(String),
    /// A flag that moves anchors or hides what is written.
    #[error("the regex sets the flag `{0}`, which is refused: a regex matches the whole value")]
    Flag(char),
    /// It compiles into too much.
    #[error("the regex is too large when it is compiled")]
    TooLarge,
}

/// A pattern, ready to be matched.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    written: PatternText,
    /// Of a regular expression.
    regex: Option<Regex>,
}

impl Pattern {
    /// Reads a pattern.
    pub(crate) fn new(written: PatternText) -> Result<Self, PatternError> {
        let text = match &written {
            PatternText::Exact(text) | PatternText::Glob(text) | PatternText::Regex(text) => text,
        };
        if text.is_empty() {
            return Err(PatternError::Empty);
        }
        if text.len() > MAX_PATTERN {
            return Err(PatternError::TooLong);
        }
        let regex = match &written {
            PatternText::Exact(_) => None,
            PatternText::Glob(glob) => {
                let others = ["**", "?", "[", "]", "{", "}", "\\"];
                if let Some(odd) = others.into_iter().find(|odd| glob.contains(odd)) {
                    return Err(PatternError::Glob(odd));
                }
                None
            }
            PatternText::Regex(regex) => Some(whole(regex)?),
        };
        Ok(Self { written, regex })
    }

    /// Whether all of a value matches. No value with a control character does: nothing that names
    /// somebody has one, and it could not be told from another by eye.
    pub(crate) fn matches(&self, value: &str) -> bool {
        if value.chars().any(char::is_control) {
            return false;
        }
        match (&self.written, &self.regex) {
            (PatternText::Regex(_), Some(regex)) => regex.is_match(value),
            (PatternText::Regex(_), None) => false,
            (PatternText::Exact(text), _) => text == value,
            (PatternText::Glob(glob), _) => glob_matches(glob, value),
        }
    }

    /// As it was written.
    pub(crate) fn written(&self) -> &PatternText {
        &self.written
    }
}

/// Compiles a regular expression that matches whole values only.
fn whole(written: &str) -> Result<Regex, PatternError> {
    // It has to be one by itself: what only makes sense inside the group would close it.
    let ast = ast::parse::Parser::new()
        .parse(written)
        .map_err(|error| PatternError::Regex(error.kind().to_string()))?;
    if let Some(flag) = ast::visit(&ast, Flags(None)).unwrap_or(Some(Flag::MultiLine)) {
        return Err(PatternError::Flag(letter(&flag)));
    }
    let compiled =
        RegexBuilder::new(&format!(r"\A(?:{written})\z")).size_limit(MAX_COMPILED).build();
    compiled.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => PatternError::TooLarge,
        other => PatternError::Regex(last_line(&other.to_string())),
    })
}

/// The first flag that is refused: `m` moves the anchors, `x` hides what is written in comments,
/// `R` and `s` say what ends a line, and a whole value has no lines.
struct Flags(Option<Flag>);

impl Flags {
    fn look(&mut self, flags: &ast::Flags) {
        let refused = flags.items.iter().find_map(|item| match &item.kind {
            FlagsItemKind::Flag(Flag::CaseInsensitive | Flag::SwapGreed | Flag::Unicode)
            | FlagsItemKind::Negation => None,
            FlagsItemKind::Flag(other) => Some(*other),
        });
        self.0 = self.0.or(refused);
    }
}

impl ast::Visitor for Flags {
    type Output = Option<Flag>;
    type Err = ();

    fn finish(self) -> Result<Self::Output, ()> {
        Ok(self.0)
    }

    fn visit_pre(&mut self, ast: &Ast) -> Result<(), ()> {
        match ast {
            Ast::Flags(set) => self.look(&set.flags),
            Ast::Group(group) => {
                if let Some(flags) = group.flags() {
                    self.look(flags);
                }
            }
            _ => {}
        }
        Ok(())
    }
}

fn letter(flag: &Flag) -> char {
    match flag {
        Flag::CaseInsensitive => 'i',
        Flag::MultiLine => 'm',
        Flag::DotMatchesNewLine => 's',
        Flag::SwapGreed => 'U',
        Flag::Unicode => 'u',
        Flag::CRLF => 'R',
        Flag::IgnoreWhitespace => 'x',
    }
}

/// What an error of several lines, which draws the pattern, says in words.
fn last_line(error: &str) -> String {
    let line = error.lines().last().unwrap_or_default();
    line.trim_start_matches("error: ").to_owned()
}

/// Whether a glob matches. A star crosses no separator, so the parts between separators are matched
/// one by one, and there have to be as many of them.
fn glob_matches(glob: &str, value: &str) -> bool {
    let separators =
        |text: &str| text.chars().filter(|c| SEPARATORS.contains(c)).collect::<String>();
    separators(glob) == separators(value)
        && glob.split(SEPARATORS).zip(value.split(SEPARATORS)).all(|(glob, part)| one(glob, part))
}

/// Whether a glob without separators matches a text without any.
fn one(glob: &str, text: &str) -> bool {
    let Some((first, rest)) = glob.split_once('*') else { return glob == text };
    let Some(mut text) = text.strip_prefix(first) else { return false };
    let mut parts = rest.split('*').peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return text.ends_with(part);
        }
        // The first place will do: it leaves most for the parts behind.
        let Some(at) = text.find(part) else { return false };
        text = &text[at + part.len()..];
    }
    false
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn regex(text: &str) -> Result<Pattern, PatternError> {
        Pattern::new(PatternText::Regex(text.to_owned()))
    }

    fn glob(text: &str) -> Pattern {
        Pattern::new(PatternText::Glob(text.to_owned())).unwrap()
    }

    #[test]
    fn a_regex_matches_whole_values_only() {
        let either = regex("https://good|https://evil/.*").unwrap();
        assert!(either.matches("https://good") && either.matches("https://evil/x"));
        assert!(!either.matches("https://good.evil") && !either.matches("xhttps://evil/x"));
        assert!(!regex("^good$").unwrap().matches("good\n"));
        assert!(!regex("good").unwrap().matches("bad\ngood"));
        assert!(regex("(?i)good").unwrap().matches("GOOD"));
    }

    #[test]
    fn what_moves_anchors_or_leaves_the_group_is_refused() {
        assert_eq!(regex("(?m)^good$").unwrap_err(), PatternError::Flag('m'));
        assert_eq!(regex("a(?i-m:b)").unwrap_err(), PatternError::Flag('m'));
        assert_eq!(regex("(?s).*").unwrap_err(), PatternError::Flag('s'));
        assert_eq!(regex("(?x)good #").unwrap_err(), PatternError::Flag('x'));
        for broken in ["good)|(?:.*", "a)(", "(", "[", "*"] {
            assert!(matches!(regex(broken), Err(PatternError::Regex(_))), "{broken}");
        }
        assert_eq!(regex("(?:.{1000}){1000}").unwrap_err(), PatternError::TooLarge);
        assert_eq!(regex("").unwrap_err(), PatternError::Empty);
        assert_eq!(regex(&"a".repeat(3000)).unwrap_err(), PatternError::TooLong);
    }

    #[test]
    fn a_star_crosses_neither_slash_nor_at() {
        let workflow = glob("https://github.com/acme/*/.github/workflows/release.yml@refs/tags/v*");
        let with = |repository: &str, reference: &str| {
            format!(
                "https://github.com/acme/{repository}/.github/workflows/release.yml@{reference}"
            )
        };
        assert!(workflow.matches(&with("app", "refs/tags/v1.2")));
        assert!(workflow.matches(&with("app", "refs/tags/v")));
        assert!(!workflow.matches(&with("app", "refs/tags/v1/x")));
        assert!(!workflow.matches(&with("app", "refs/tags/v1@x")));
        assert!(!workflow.matches(&with("app/evil", "refs/tags/v1")));
        assert!(!workflow.matches(&with("app", "refs/heads/v1")));
        assert!(!workflow.matches(&with("app", "refs/tags/v1\n")));
        assert!(glob("*a*b*@x").matches("1a2b3@x") && !glob("*a*b*@x").matches("1b2a3@x"));
        assert!(glob("a*a").matches("aa") && !glob("a*a").matches("a"));
    }

    #[test]
    fn other_globs_are_refused_and_not_misunderstood() {
        for odd in ["**", "a?", "[ab]", "{a,b}", "a\\*"] {
            let refused = Pattern::new(PatternText::Glob(odd.to_owned())).unwrap_err();
            assert!(matches!(refused, PatternError::Glob(_)), "{odd}");
        }
    }

    proptest! {
        #[test]
        fn a_glob_agrees_with_its_regex(glob in "[ab*/@.]{0,8}", text in "[ab/@.]{0,8}") {
            prop_assume!(!glob.contains("**") && !glob.is_empty());
            let expression = regex::escape(&glob).replace(r"\*", "[^/@]*");
            let expression = Regex::new(&format!(r"\A(?:{expression})\z")).unwrap();
            prop_assert_eq!(self::glob(&glob).matches(&text), expression.is_match(&text));
        }
    }
}
