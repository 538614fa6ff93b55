//! Questions about the entries of an archive.

use regex::{Regex, RegexBuilder};

use super::{Contents, Entry, EntryKind};
use crate::query::{self, Candidates};

/// A question about the entries of an archive.
pub type Query = query::Query<Narrowing>;

/// One narrowing of it.
#[derive(Debug, Clone)]
pub enum Narrowing {
    /// Entries whose whole path matches.
    Path(Glob),
    /// Entries of this kind.
    Kind(EntryKind),
    /// Files of this many bytes at the least.
    SizeAtLeast(u64),
    /// Entries of whose permission bits any of these is set. One that states no bits has none set.
    ModeAny(u32),
}

impl query::Narrowing for Narrowing {
    type Index = Contents;

    fn rows(contents: &Contents) -> usize {
        contents.listed
    }

    fn covers(&self, contents: &Contents, row: usize) -> bool {
        contents.entries.get(row).is_some_and(|entry| self.fits(entry))
    }

    fn weight(&self, contents: &Contents) -> usize {
        match self {
            // An automaton that was made in part takes about a step a byte; eight bytes are a
            // comparison.
            Self::Path(_) => contents.path_length() / 8 + 1,
            _ => 1,
        }
    }

    fn size(&self) -> usize {
        match self {
            Self::Path(glob) => glob.size,
            _ => 0,
        }
    }

    fn candidates<'i>(&self, contents: &'i Contents) -> Option<Candidates<'i>> {
        let Self::Path(glob) = self else { return None };
        // Entries are sorted by path, so those that begin alike stand together.
        let prefix = glob.prefix.as_str();
        let entries = contents.entries();
        let start = entries.partition_point(|entry| entry.path.as_str() < prefix);
        let rest = entries.get(start..).unwrap_or_default();
        let length = rest.partition_point(|entry| entry.path.starts_with(prefix));
        Some(Candidates::Range(start..start + length))
    }
}

impl Narrowing {
    fn fits(&self, entry: &Entry) -> bool {
        match self {
            Self::Path(glob) => glob.matches(&entry.path),
            Self::Kind(kind) => entry.kind == *kind,
            Self::SizeAtLeast(bytes) => entry.kind == EntryKind::File && entry.size >= *bytes,
            Self::ModeAny(bits) => entry.mode.is_some_and(|mode| mode & bits != 0),
        }
    }
}

/// The most bytes of a glob.
const MAX_GLOB: usize = 4 << 10;

/// The most memory of a compiled glob: each `?` takes some four hundred bytes.
const MAX_COMPILED: usize = 4 << 20;

/// What a mark of a glob and any other character take when they are compiled, about.
const BYTES_A_MARK: usize = 512;
const BYTES_A_CHARACTER: usize = 64;

/// A pattern for whole paths: `*` stands for any characters but `/`, `**` for any at all, `?` for one
/// character but `/`. Everything else stands for itself. Matching takes linear time.
#[derive(Debug, Clone)]
pub struct Glob {
    regex: Regex,
    /// What stands before the first character that has a meaning.
    prefix: String,
    /// About how many bytes the automaton takes.
    size: usize,
}

/// Why a text is no [`Glob`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadGlob {
    /// It would match nothing.
    #[error("a glob is not empty")]
    Empty,
    /// It is longer than is compiled, or compiles into too much.
    #[error("a glob has {MAX_GLOB} bytes at the most, and few `?` and `*` among them")]
    TooLarge,
}

impl Glob {
    /// Reads a glob.
    ///
    /// # Errors
    ///
    /// See [`BadGlob`].
    pub fn new(text: &str) -> Result<Self, BadGlob> {
        if text.is_empty() {
            return Err(BadGlob::Empty);
        }
        if text.len() > MAX_GLOB {
            return Err(BadGlob::TooLarge);
        }
        let mut written = String::from(r"\A");
        let mut rest = text;
        while let Some(at) = rest.find(['*', '?']) {
            let (before, behind) = rest.split_at(at);
            written.push_str(&regex_syntax::escape(before));
            let stars = behind.len() - behind.trim_start_matches('*').len();
            written.push_str(match stars {
                0 => "[^/]",
                1 => "[^/]*",
                _ => ".*",
            });
            rest = behind.get(stars.max(1)..).unwrap_or_default();
        }
        written.push_str(&regex_syntax::escape(rest));
        written.push_str(r"\z");
        let compiled = RegexBuilder::new(&written)
            .dot_matches_new_line(true)
            .size_limit(MAX_COMPILED)
            .build()
            .map_err(|_| BadGlob::TooLarge)?;
        let prefix = text.split(['*', '?']).next().unwrap_or_default().to_owned();
        // As written above: each `?` takes some four hundred bytes, and each other character a few.
        let marks = text.bytes().filter(|byte| matches!(byte, b'*' | b'?')).count();
        let size = marks * BYTES_A_MARK + text.len() * BYTES_A_CHARACTER;
        Ok(Self { regex: compiled, prefix, size })
    }

    /// Whether a whole path matches.
    #[must_use]
    pub fn matches(&self, path: &str) -> bool {
        self.regex.is_match(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stays_within_a_folder_and_two_do_not() {
        let matches = |glob: &str, path: &str| Glob::new(glob).unwrap().matches(path);
        for (glob, path) in [
            ("etc/*", "etc/passwd"),
            ("**", "a/b"),
            ("**/*.pem", "a/b/c.pem"),
            ("**.pem", "c.pem"),
            ("a?c", "a\u{e9}c"),
            ("a***c", "a/b/c"),
            ("[a]{b}\\.+", "[a]{b}\\.+"),
            ("*", "line\nfeed"),
        ] {
            assert!(matches(glob, path), "{glob} {path}");
        }
        for (glob, path) in [
            ("etc/*", "etc/ssl/cert"),
            ("etc", "etc/passwd"),
            ("tc/*", "etc/passwd"),
            ("**/*.pem", "c.pem"),
            ("a?c", "a/c"),
            ("a.c", "abc"),
        ] {
            assert!(!matches(glob, path), "{glob} {path}");
        }
        assert_eq!(Glob::new("").unwrap_err(), BadGlob::Empty);
        assert_eq!(Glob::new(&"a".repeat(MAX_GLOB + 1)).unwrap_err(), BadGlob::TooLarge);
        assert!(Glob::new(&"?".repeat(MAX_GLOB)).is_ok());
    }
}
