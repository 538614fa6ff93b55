//! Searches what files hold, for bytes and for regular expressions.
//!
//! Each pattern goes through each file on its own, front to back, and no byte is looked at again but
//! around what matched. Two things are needed for that. The end of a match is looked for no further
//! than [`MAX_LENGTH`] behind the place where it first could end: some expressions would look to the
//! end of the file each time. And what a byte costs grows with the expression, so it is weighed.

use lockgate_model::Text;
use memchr::memmem::Finder;
use regex_automata::Input;
use regex_automata::meta::{self, Regex};
use regex_syntax::ParserBuilder;

use super::{Contents, EntryKind, NotHeld, Query};
use crate::reason::shortened;

/// The most patterns of one search. Each expression may take a mebibyte of caches while it searches.
const MAX_PATTERNS: usize = 128;

/// The most bytes of one pattern.
const MAX_PATTERN: usize = 4 << 10;

/// The most memory of a compiled expression: `\w{16}` fits, and `[0-9A-Za-z_]{1000}`.
const MAX_COMPILED: usize = 1 << 20;

/// The most memory of all of them, in a few forms of each.
const MAX_ALL_COMPILED: usize = 32 << 20;

/// How much each may remember of what it has seen, forwards and backwards.
const CACHE: usize = 512 << 10;

/// How deep groups may lie in each other.
const MAX_NESTED: u32 = 50;

/// How far behind the place where a match could first end a later end is looked for, in bytes.
/// Lines that hold a secret are shorter.
const MAX_LENGTH: usize = 4 << 10;

/// So much memory of a compiled expression makes a byte as dear as one more literal does.
const WEIGHT: usize = 16 << 10;

/// A search of the files that a question covers.
#[derive(Debug, Clone)]
pub struct Search {
    // INVARIANT: in ascending order.
    rows: Vec<u32>,
    patterns: Vec<Pattern>,
    /// The place of the file that is read, among the rows.
    place: usize,
    /// Where each pattern goes on in that file; empty before its first byte.
    cursors: Vec<Cursor>,
    /// Whether the pass was paid for.
    begun: bool,
}

/// One place where a search found something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    // INVARIANT: the order of these three is the order of hits.
    /// In which file.
    pub entry: u32,
    /// Where in it, in bytes.
    pub offset: u64,
    /// The number of the pattern, in the order in which they were added.
    pub pattern: u32,
    /// How many bytes matched; of an expression a few thousand at the most count, beside those
    /// that the shortest match has.
    pub length: u32,
}

/// Why a pattern is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadPattern {
    /// It would match everywhere.
    #[error("a pattern is not empty")]
    Empty,
    /// It is longer than any secret.
    #[error("a pattern has {MAX_PATTERN} bytes at the most")]
    TooLong,
    /// It is no regular expression.
    #[error("the regex is not valid: {0}")]
    Regex(Text),
    /// It compiles into too much.
    #[error("the regex is too large when it is compiled, by itself or with those before it")]
    TooLarge,
    /// It matches where there is nothing, or it matches nothing.
    #[error("the regex matches the empty text, or no text at all")]
    Nothing,
    /// There are enough.
    #[error("a search has {MAX_PATTERNS} patterns at the most")]
    TooMany,
}

#[derive(Debug, Clone)]
enum Pattern {
    Literal(Box<Finder<'static>>),
    Regex(Box<Regex>),
}

/// Where a pattern stands in a file.
#[derive(Debug, Clone, Copy)]
enum Cursor {
    /// It found this, from one byte to another, and it was not yet told.
    Found(usize, usize),
    /// Nothing more.
    Ended,
}

impl Search {
    /// A search of the files that a question covers now, whatever was already read of it; the manifest
    /// and the config of an image are searched like files of their paths.
    #[must_use]
    pub fn new(query: &Query, contents: &Contents) -> Self {
        let mut rows = query.rows(contents);
        rows.extend(contents.documents().filter(|id| query.covers(contents, *id as usize)));
        rows.retain(|id| contents.entry(*id).is_ok_and(|entry| entry.kind == EntryKind::File));
        Self { rows, patterns: Vec::new(), place: 0, cursors: Vec::new(), begun: false }
    }

    /// What it costs to compile an expression at the most, in bytes looked at.
    pub const COMPILE_WORK: usize = MAX_COMPILED;

    /// About how many bytes it keeps, what expressions remember while they search included.
    #[must_use]
    pub fn size(&self) -> usize {
        let pattern = |pattern: &Pattern| match pattern {
            Pattern::Literal(finder) => finder.needle().len(),
            Pattern::Regex(_) => pattern.memory() + CACHE,
        };
        size_of_val(self.rows.as_slice()) + self.patterns.iter().map(pattern).sum::<usize>()
    }

    /// Also for these bytes. The pass begins anew.
    ///
    /// # Errors
    ///
    /// See [`BadPattern`].
    pub fn literal(&mut self, bytes: &[u8]) -> Result<(), BadPattern> {
        if bytes.is_empty() {
            return Err(BadPattern::Empty);
        }
        if bytes.len() > MAX_PATTERN {
            return Err(BadPattern::TooLong);
        }
        self.add(Pattern::Literal(Box::new(Finder::new(bytes).into_owned())))
    }

    /// Also for what this regular expression matches, in the syntax of the crate `regex` over bytes.
    /// The pass begins anew.
    ///
    /// # Errors
    ///
    /// See [`BadPattern`].
    pub fn regex(&mut self, pattern: &str) -> Result<(), BadPattern> {
        let compiled = Self::compile(pattern)?;
        let memory: usize = self.patterns.iter().map(Pattern::memory).sum();
        if memory.saturating_add(compiled.memory_usage()) > MAX_ALL_COMPILED {
            return Err(BadPattern::TooLarge);
        }
        self.add(Pattern::Regex(Box::new(compiled)))
    }

    /// Whether a search that has no other pattern takes this expression.
    ///
    /// # Errors
    ///
    /// See [`BadPattern`].
    pub fn check_regex(pattern: &str) -> Result<(), BadPattern> {
        let compiled = Self::compile(pattern)?;
        if compiled.memory_usage() > MAX_ALL_COMPILED { Err(BadPattern::TooLarge) } else { Ok(()) }
    }

    fn compile(pattern: &str) -> Result<Regex, BadPattern> {
        if pattern.len() > MAX_PATTERN {
            return Err(BadPattern::TooLong);
        }
        let mut parser = ParserBuilder::new().utf8(false).nest_limit(MAX_NESTED).build();
        let parsed = parser.parse(pattern).map_err(|error| BadPattern::Regex(reason(&error)))?;
        if parsed.properties().minimum_len().is_none_or(|length| length == 0) {
            return Err(BadPattern::Nothing);
        }
        let config = meta::Config::new()
            .utf8_empty(false)
            .nfa_size_limit(Some(MAX_COMPILED))
            .onepass_size_limit(Some(MAX_COMPILED))
            .hybrid_cache_capacity(CACHE);
        let compiled = meta::Builder::new().configure(config).build_from_hir(&parsed);
        compiled.map_err(|_| BadPattern::TooLarge)
    }

    fn add(&mut self, pattern: Pattern) -> Result<(), BadPattern> {
        if self.patterns.len() == MAX_PATTERNS {
            return Err(BadPattern::TooMany);
        }
        self.patterns.push(pattern);
        self.place = 0;
        self.cursors.clear();
        self.begun = false;
        Ok(())
    }

    /// What the next [`Search::next`] of at most `max` costs at the most, beside what was already
    /// counted: at the beginning of a pass all bytes of all files for each pattern, as often as it
    /// weighs, and then what lies around each hit.
    #[must_use]
    pub fn work(&self, contents: &Contents, max: usize) -> u64 {
        let weight: u64 = self.patterns.iter().map(Pattern::weight).sum();
        let around = weight.saturating_mul((max as u64).saturating_mul(MAX_LENGTH as u64));
        if self.begun {
            return around;
        }
        let size = |id: &u32| contents.entry(*id).map_or(0, |entry| entry.size + 1);
        let bytes = self.rows.iter().map(size).fold(0, u64::saturating_add);
        bytes.saturating_mul(weight).saturating_add(around)
    }

    /// The next at most `max` places, by entry, place and pattern; none at the end. Of one pattern in
    /// one file, matches do not overlap.
    ///
    /// # Errors
    ///
    /// The next file is not held. So it is each time: no search ends behind a file that it has not
    /// seen.
    pub fn next(&mut self, contents: &Contents, max: usize) -> Result<Vec<Hit>, NotHeld> {
        self.begun = true;
        let mut hits = Vec::new();
        while hits.len() < max && !self.patterns.is_empty() {
            let Some(&entry) = self.rows.get(self.place) else { break };
            let bytes = match contents.bytes(entry) {
                Ok(bytes) => bytes,
                Err(_) if !hits.is_empty() => break,
                Err(why) => return Err(why),
            };
            if self.cursors.is_empty() {
                self.cursors = self.patterns.iter().map(|pattern| pattern.find(bytes, 0)).collect();
            }
            let found = self.cursors.iter().enumerate().filter_map(|(at, cursor)| match cursor {
                Cursor::Found(start, end) => Some((*start, at, *end)),
                Cursor::Ended => None,
            });
            let Some((start, pattern, end)) = found.min() else {
                self.place += 1;
                self.cursors.clear();
                continue;
            };
            hits.push(Hit {
                entry,
                offset: start as u64,
                pattern: u32::try_from(pattern).unwrap_or(u32::MAX),
                length: u32::try_from(end - start).unwrap_or(u32::MAX),
            });
            if let (Some(cursor), Some(pattern)) =
                (self.cursors.get_mut(pattern), self.patterns.get(pattern))
            {
                *cursor = pattern.find(bytes, end);
            }
        }
        Ok(hits)
    }
}

impl Pattern {
    /// The next match that begins at a byte or behind it.
    fn find(&self, bytes: &[u8], from: usize) -> Cursor {
        let found = match self {
            Self::Literal(finder) => {
                let rest = bytes.get(from..).unwrap_or_default();
                finder.find(rest).map(|at| (from + at, from + at + finder.needle().len()))
            }
            Self::Regex(regex) => leftmost(regex, bytes, from),
        };
        found.map_or(Cursor::Ended, |(start, end)| Cursor::Found(start, end))
    }

    /// How many times a byte is to be paid for.
    fn weight(&self) -> u64 {
        match self {
            Self::Literal(_) => 1,
            Self::Regex(_) => 2 + (self.memory() / WEIGHT) as u64,
        }
    }

    fn memory(&self) -> usize {
        match self {
            Self::Literal(_) => 0,
            Self::Regex(regex) => regex.memory_usage(),
        }
    }
}

/// The leftmost match, as `regex` has it, but for its end, which is not looked for any further than
/// [`MAX_LENGTH`] behind where some match first ends.
fn leftmost(regex: &Regex, bytes: &[u8], from: usize) -> Option<(usize, usize)> {
    if from >= bytes.len() {
        return None;
    }
    // INVARIANT: no expression matches the empty text, so each match goes on.
    let first = regex.search(&Input::new(bytes).range(from..).earliest(true))?;
    let end = first.end().saturating_add(MAX_LENGTH).min(bytes.len());
    let whole = regex.search(&Input::new(bytes).range(from..end)).unwrap_or(first);
    Some((whole.start(), whole.end()))
}

/// The last line of an error says what is wrong; those before it point into the pattern.
fn reason(error: &regex_syntax::Error) -> Text {
    let text = error.to_string();
    let last = text.lines().last().unwrap_or_default();
    Text::escaped(&shortened(last.strip_prefix("error: ").unwrap_or(last)))
}
