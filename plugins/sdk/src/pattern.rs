//! What a value in a document has to be: an exact text, or a glob.
//!
//! A glob matches the whole value. Its one special character is `*`: any run of characters, none
//! included, that holds neither `/` nor `@` nor `%`. So it stays within one segment of a path, and
//! cannot be talked into crossing from a repository to its ref, nor by what another reader decodes.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

/// An exact text, written as a string, or a glob, written as `{ "glob": "…" }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pattern {
    /// The value is this.
    Exact(String),
    /// The value matches this.
    Glob(String),
}

impl Pattern {
    /// Whether the whole value is as it has to be.
    #[must_use]
    pub fn matches(&self, value: &str) -> bool {
        match self {
            Self::Exact(text) => text == value,
            Self::Glob(glob) => glob_matches(glob, value),
        }
    }

    /// As it is written.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Exact(text) | Self::Glob(text) => text,
        }
    }

    /// What makes it useless, if anything does.
    #[must_use]
    pub fn problem(&self) -> Option<String> {
        match self {
            Self::Exact(text) if text.is_empty() => Some("an empty text matches nothing".into()),
            Self::Exact(text) if text.contains('*') => {
                Some(format!("`*` is only special in a glob: write {{ glob = \"{text}\" }}"))
            }
            Self::Exact(_) => None,
            Self::Glob(glob) => glob_problem(glob),
        }
    }
}

/// What is wrong with a glob. Characters that are special elsewhere are refused: who writes them
/// expects something that would not happen.
#[must_use]
pub fn glob_problem(glob: &str) -> Option<String> {
    if glob.is_empty() {
        return Some("an empty glob matches nothing".into());
    }
    if glob.contains("**") {
        return Some("`**` has no meaning here: write each `/`, and one `*` a segment".into());
    }
    let odd = glob.chars().find(|c| matches!(c, '?' | '[' | ']' | '{' | '}' | '\\'));
    odd.map(|c| format!("`{c}` has no meaning here: only `*` is special in a glob"))
}

/// Whether the glob matches the whole value, and the value holds nothing that another reader may take
/// for a way out of its segment.
fn glob_matches(glob: &str, value: &str) -> bool {
    !is_odd(value) && glob_matches_any(glob, value)
}

/// Whether the glob matches the whole value, whatever that holds: for values that are no place.
///
/// Linear but for going back to the last `*`, which is enough: an earlier one could take no
/// character that the last one could not, unless a `/`, `@` or `%` stands between, and then neither.
#[must_use]
pub fn glob_matches_any(glob: &str, value: &str) -> bool {
    let (glob, value) = (glob.as_bytes(), value.as_bytes());
    let (mut g, mut v) = (0, 0);
    // Where to go on in the glob, and which bytes of the value the last `*` has taken so far.
    let mut last: Option<(usize, usize)> = None;
    while v < value.len() {
        if glob.get(g) == Some(&b'*') {
            g += 1;
            last = Some((g, v));
        } else if glob.get(g) == Some(&value[v]) {
            g += 1;
            v += 1;
        } else {
            let Some((after, taken)) = last else { return false };
            if matches!(value[taken], b'/' | b'@' | b'%') {
                return false;
            }
            (g, v) = (after, taken + 1);
            last = Some((after, taken + 1));
        }
    }
    glob[g..].iter().all(|&byte| byte == b'*')
}

/// Whether a value holds what another reader may take for a way out of its segment, or for nothing
/// at all. No repository, ref or builder that a glob is written for does; an exact pattern is
/// compared as it is.
fn is_odd(value: &str) -> bool {
    let plain = |c: char| c.is_ascii_graphic() && !matches!(c, '\\' | '?' | '#');
    !value.chars().all(plain) || value.split(['/', '@']).any(|part| matches!(part, "." | ".."))
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PatternVisitor)
    }
}

/// Not an untagged enum, whose messages name neither the key nor the form.
struct PatternVisitor;

impl<'de> Visitor<'de> for PatternVisitor {
    type Value = Pattern;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or a table with the key `glob`")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Pattern, E> {
        Ok(Pattern::Exact(text.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pattern, A::Error> {
        let mut glob = None;
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "glob" if glob.is_none() => glob = Some(map.next_value()?),
                "glob" => return Err(A::Error::duplicate_field("glob")),
                _ => return Err(A::Error::unknown_field(&key, &["glob"])),
            }
        }
        glob.map(Pattern::Glob).ok_or_else(|| A::Error::missing_field("glob"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition, by trying everything.
    fn by_definition(glob: &[u8], value: &[u8]) -> bool {
        match (glob.split_first(), value.split_first()) {
            (None, None) => true,
            (Some((b'*', rest)), None) => by_definition(rest, value),
            (Some((b'*', rest)), Some((taken, left))) => {
                by_definition(rest, value)
                    || (!matches!(taken, b'/' | b'@' | b'%') && by_definition(glob, left))
            }
            (Some((wanted, rest)), Some((byte, left))) => {
                wanted == byte && by_definition(rest, left)
            }
            _ => false,
        }
    }

    #[test]
    fn the_fast_way_agrees_with_the_definition_on_every_short_word() {
        let words = |alphabet: &[u8], longest: u32| -> Vec<Vec<u8>> {
            let mut words = vec![vec![]];
            let mut last = words.clone();
            for _ in 0..longest {
                last = last
                    .iter()
                    .flat_map(|word| alphabet.iter().map(|&byte| [&word[..], &[byte]].concat()))
                    .collect();
                words.extend(last.iter().cloned());
            }
            words
        };
        for glob in words(b"a/@*%", 4) {
            for value in words(b"a/@%", 5) {
                let (g, v) = (str::from_utf8(&glob).unwrap(), str::from_utf8(&value).unwrap());
                assert_eq!(glob_matches(g, v), by_definition(&glob, &value), "{g} {v}");
            }
        }
    }

    #[test]
    fn a_star_crosses_neither_a_slash_nor_an_at() {
        assert!(glob_matches("refs/tags/v*", "refs/tags/v1.4.2"));
        assert!(!glob_matches("refs/tags/v*", "refs/tags/v1/evil"));
        assert!(!glob_matches("refs/tags/v*", "refs/tags/v1@evil"));
        assert!(!glob_matches("refs/tags/v*", "x/refs/tags/v1"));
        assert!(!glob_matches("https://github.com/*/orders", "https://github.com/a/b/orders"));
        assert!(!glob_matches("https://github.com/*/orders", "https://github.com/a%2Fb/orders"));
        assert!(glob_matches("pkg:npm/%40acme/*@*", "pkg:npm/%40acme/orders@1.4.2"));
    }

    #[test]
    fn a_glob_that_expects_more_is_refused() {
        for glob in ["", "refs/**", "v?", "v[0-9]", "v{1,2}", r"v\*"] {
            assert!(glob_problem(glob).is_some(), "{glob}");
        }
        assert_eq!(glob_problem("refs/tags/v*"), None);
    }
}
