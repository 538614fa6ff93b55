//! The ways in which two readers of an archive may see two things.

use std::collections::{BTreeMap, BTreeSet};

/// How many of one code are told by their paths. What matters is that there are any; a page of them
/// shows where to look, and paths may be long.
const MAX_TOLD: usize = 100;

/// One way in which two readers of the archive may see two things.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ambiguity {
    /// Which way.
    pub code: Code,
    /// The path that it is about; none where it is about all of the archive.
    pub path: Option<String>,
    /// A lower-case sentence for people, with nothing in it that a terminal would obey.
    pub detail: String,
}

/// In which way an archive is ambiguous.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Code {
    // INVARIANT: in the order of their words, for ambiguities are sorted by them.
    /// Paths differ in case or in Unicode's form alone, so on some file systems they are one.
    CollidingPath,
    /// Two places that state the same thing of an entry disagree.
    ConflictingHeader,
    /// Two places that state an entry's name or a link's target disagree, and neither is what
    /// writers make of the other where it does not fit.
    ConflictingName,
    /// Two entries have one path.
    DuplicatePath,
    /// A link leads out of the root, or climbs up where it cannot be told from where.
    EscapingLink,
    /// A path leads out of the root, by itself or where backslashes separate.
    EscapingPath,
    /// A path leads through a link of the same archive, so where it ends depends on the reader.
    ThroughLink,
    /// Something stands where no reader has to look.
    TrailingData,
    /// A name is not UTF-8, or does not say that it is. It is shown escaped.
    UnreadableName,
}

impl Code {
    /// In kebab-case, as policies and reports have it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CollidingPath => "colliding-path",
            Self::ConflictingHeader => "conflicting-header",
            Self::ConflictingName => "conflicting-name",
            Self::DuplicatePath => "duplicate-path",
            Self::EscapingLink => "escaping-link",
            Self::EscapingPath => "escaping-path",
            Self::ThroughLink => "through-link",
            Self::TrailingData => "trailing-data",
            Self::UnreadableName => "unreadable-name",
        }
    }
}

/// What is ambiguous so far.
#[derive(Debug, Default)]
pub(super) struct Ambiguities(BTreeMap<Code, Told>);

#[derive(Debug, Default)]
struct Told {
    first: BTreeSet<(Option<String>, String)>,
    more: u64,
}

impl Ambiguities {
    /// Adds one. Of each code the first by path are kept, in whatever order they come.
    pub(super) fn add(&mut self, code: Code, path: Option<&str>, detail: impl Into<String>) {
        let told = self.0.entry(code).or_default();
        told.first.insert((path.map(str::to_owned), detail.into()));
        if told.first.len() > MAX_TOLD {
            told.first.pop_last();
            told.more += 1;
        }
    }

    /// All of them, sorted.
    pub(super) fn finish(self) -> Vec<Ambiguity> {
        let mut all = Vec::new();
        for (code, Told { first, more }) in self.0 {
            if more > 0 {
                let detail = format!("{more} more of this code are not listed");
                all.push(Ambiguity { code, path: None, detail });
            }
            all.extend(first.into_iter().map(|(path, detail)| Ambiguity { code, path, detail }));
        }
        all.sort();
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_are_told_than_a_reader_can_use_and_the_rest_is_counted() {
        let told = |order: &mut dyn Iterator<Item = usize>| {
            let mut all = Ambiguities::default();
            order.for_each(|n| all.add(Code::DuplicatePath, Some(&format!("{n:05}")), "twice"));
            all.finish()
        };
        let all = told(&mut (0..MAX_TOLD + 7));
        assert_eq!(all.len(), MAX_TOLD + 1);
        assert_eq!(all[0].detail, "7 more of this code are not listed");
        assert_eq!(all.last().unwrap().path.as_deref(), Some("00099"));
        assert_eq!(told(&mut (0..MAX_TOLD + 7).rev()), all);
    }

    #[test]
    fn codes_are_sorted_as_their_words_are() {
        use Code::*;
        let codes = [
            CollidingPath,
            ConflictingHeader,
            ConflictingName,
            DuplicatePath,
            EscapingLink,
            EscapingPath,
            ThroughLink,
            TrailingData,
            UnreadableName,
        ];
        assert!(codes.is_sorted());
        assert!(codes.map(Code::as_str).is_sorted());
    }
}
