//! Results of tests, as in-toto's predicate `test-result` v0.1 states them
//! (<https://github.com/in-toto/attestation/blob/main/spec/predicates/test-result.md>).
//!
//! A document may contradict itself: it says that all passed, and lists a test that failed. It is kept
//! as it was written, with a note, and a policy sees both.

use std::str::FromStr;

use lockgate_model::Kind;
use serde::Deserialize;

use crate::resource::{Format, List, Resource, Unreadable, Words, resources, said};

const FORMAT: Format = Format("in-toto test result v0.1");

/// One run of tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestRun {
    /// `passed`, `warned` or `failed`; another word in kebab-case, where the document has another.
    pub outcome: String,
    /// Where more can be read of it; none where the document states none.
    pub url: Option<String>,
    /// What it was configured by, in the document's order.
    pub configurations: Vec<Resource>,
    // INVARIANT: by outcome, each sorted, distinct.
    names: [Vec<String>; Outcome::ALL.len()],
    notes: Vec<&'static str>,
}

/// How a single test ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It passed.
    Passed,
    /// It passed with a warning.
    Warned,
    /// It failed.
    Failed,
}

impl Outcome {
    /// Every one, in order.
    pub const ALL: &[Self] = &[Self::Passed, Self::Warned, Self::Failed];

    /// The word for it in WIT.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Warned => "warned",
            Self::Failed => "failed",
        }
    }
}

impl FromStr for Outcome {
    type Err = UnknownOutcome;

    fn from_str(word: &str) -> Result<Self, UnknownOutcome> {
        let known = Self::ALL.iter().find(|outcome| outcome.as_str() == word);
        known.copied().ok_or_else(|| UnknownOutcome(word.to_owned()))
    }
}

/// A word that stands for no outcome of a test.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an outcome; these are `passed`, `warned` and `failed`")]
pub struct UnknownOutcome(pub String);

impl TestRun {
    /// The names of the tests that the document lists with an outcome, sorted, each once. A document
    /// need not list any.
    #[must_use]
    pub fn names(&self, outcome: Outcome) -> &[String] {
        &self.names[outcome as usize]
    }

    /// Whether a test of this name is listed with an outcome, compared exactly.
    #[must_use]
    pub fn has(&self, outcome: Outcome, name: &str) -> bool {
        self.names(outcome).binary_search_by(|listed| listed.as_str().cmp(name)).is_ok()
    }

    /// Where the document contradicts itself. Sentences for people.
    #[must_use]
    pub fn notes(&self) -> &[&'static str] {
        &self.notes
    }

    /// Reads the predicate of a statement of a kind.
    pub(crate) fn read(kind: Kind, predicate: &[u8]) -> Result<Self, Unreadable> {
        if kind != Kind::TestResult {
            return Err(Unreadable::OtherKind { kind, expected: Kind::TestResult });
        }
        let written: Written = FORMAT.read(predicate)?;
        let known: Vec<&str> = Outcome::ALL.iter().map(|outcome| outcome.as_str()).collect();
        let mut run = Self {
            outcome: FORMAT.result("result", written.result, &known)?,
            url: said(written.url),
            configurations: resources(written.configuration),
            names: [
                distinct(written.passed_tests),
                distinct(written.warned_tests),
                distinct(written.failed_tests),
            ],
            notes: Vec::new(),
        };
        run.notes = run.contradictions();
        Ok(run)
    }

    fn contradictions(&self) -> Vec<&'static str> {
        let lists = |outcome| !self.names(outcome).is_empty();
        let in_both = |one, other| self.names(one).iter().any(|name| self.has(other, name));
        let both = in_both(Outcome::Passed, Outcome::Failed)
            || in_both(Outcome::Passed, Outcome::Warned)
            || in_both(Outcome::Warned, Outcome::Failed);
        let found = [
            (
                self.outcome == "passed" && lists(Outcome::Failed),
                "the result is `passed`, and tests are listed that failed",
            ),
            (
                self.outcome == "warned" && lists(Outcome::Failed),
                "the result is `warned`, and tests are listed that failed",
            ),
            (
                self.outcome == "passed" && lists(Outcome::Warned),
                "the result is `passed`, and tests are listed that warned",
            ),
            (both, "a test is listed with two outcomes"),
        ];
        found.into_iter().filter(|(is_so, _)| *is_so).map(|(_, note)| note).collect()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written<'a> {
    #[serde(borrow)]
    result: Option<Words<'a>>,
    #[serde(borrow)]
    configuration: List<'a>,
    #[serde(borrow)]
    url: Option<Words<'a>>,
    #[serde(borrow)]
    passed_tests: Option<Vec<Words<'a>>>,
    #[serde(borrow)]
    warned_tests: Option<Vec<Words<'a>>>,
    #[serde(borrow)]
    failed_tests: Option<Vec<Words<'a>>>,
}

fn distinct(names: Option<Vec<Words>>) -> Vec<String> {
    let mut names: Vec<String> =
        names.into_iter().flatten().map(|name| name.0.into_owned()).collect();
    names.sort_unstable();
    names.dedup();
    names
}
