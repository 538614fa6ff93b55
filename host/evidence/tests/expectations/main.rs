//! What other libraries read in the fixtures, held against what we read.
//!
//! `tests/expectations/*.json` says what they found and `tests/expectations/README.md` with what. Each
//! test lists all differences at once. One that is right is known, with its reason, and one that is
//! known and no more there fails, too.
#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

#[path = "../common/mod.rs"]
mod common;

mod purls;
mod sboms;
mod scans;
mod versions;
mod vex;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use common::{Case, at, bytes, repository};
use lockgate_evidence::{
    Acceptance, Accepts, Artifact, Caps, Facts, Source, Trust, gather, verify,
};
use lockgate_model::Kind;
use serde_json::Value;

/// What stands in a file of expectations.
fn expected(room: &str) -> BTreeMap<String, Value> {
    let path = repository("tests/expectations").join(room).with_extension("json");
    serde_json::from_slice(&bytes(path)).unwrap()
}

/// Fixtures that say what they are about: where (as in [`Known`]), and which digest.
const ABOUT: &[(&str, &str)] = &[
    (
        "sbom/spdx/SPDX*Example-*",
        "sha256:11b6d3ee554eedf79299905a98f9b9a04e498210b59f15094c916c91d150efcd",
    ),
    (
        "scans/grype/TestJsonImgsPresenter.json",
        "sha256:ca738abb87a8d58f112d3400ebb079b61ceae7dc290beb34bda735be4b1941d5",
    ),
];

/// A fixture as it lies there.
fn fixture(kind: Kind, path: &str) -> Facts {
    let about = ABOUT.iter().find(|(pattern, _)| is_like(path, pattern));
    let artifact = about.map(|(_, digest)| Artifact::resolve(digest).unwrap());
    let (_, name) = path.rsplit_once('/').unwrap();
    accepted(kind, name, &bytes(repository("tests/fixtures").join(path)), artifact)
}

/// What becomes of a document that nobody signed and the caller names.
fn accepted(kind: Kind, name: &str, document: &[u8], artifact: Option<Artifact>) -> Facts {
    let mut trust = Trust::empty();
    trust.accept(Accepts::from([(kind, Acceptance::Unsigned)]));
    let case = Case::new().with(name, document);
    let source = Source { kind: Some(kind), path: case.path("evidence").join(name) };
    let mut artifact = artifact.unwrap_or_else(|| case.artifact());
    let gathered = gather(&mut artifact, &[source], &Caps::default(), &trust).unwrap();
    verify(gathered, &artifact, &trust, at())
}

/// The only document of them, and what it is read as; else why it is none.
fn only<T>(
    facts: &Facts,
    read: impl FnOnce(&Facts) -> Option<Result<T, String>>,
) -> Result<T, String> {
    read(facts).unwrap_or_else(|| Err(common::lines(facts).join("; ")))
}

/// A difference that is known: where (`*` for any characters), in what, and why it is right.
type Known = (&'static str, &'static str, &'static str);

/// The differences between two readings.
struct Differences {
    known: &'static [Known],
    met: Vec<bool>,
    others: String,
}

impl Differences {
    fn new(known: &'static [Known]) -> Self {
        Self { known, met: vec![false; known.len()], others: String::new() }
    }

    /// Notes what is not the same.
    fn hold(&mut self, place: &str, what: &str, ours: &Value, theirs: &Value) {
        if ours == theirs {
            return;
        }
        let is_meant = |(pattern, of, _): &Known| *of == what && is_like(place, pattern);
        match self.known.iter().position(is_meant) {
            Some(known) => self.met[known] = true,
            None => writeln!(self.others, "{place} {what}\n  ours:   {ours}\n  theirs: {theirs}")
                .unwrap(),
        }
    }

    /// Fails where any is not known, or known and not there.
    fn settle(mut self) {
        for ((place, what, why), _) in self.known.iter().zip(&self.met).filter(|(_, met)| !**met) {
            writeln!(self.others, "{place} {what}\n  is no difference any more: {why}").unwrap();
        }
        assert!(self.others.is_empty(), "{}", self.others);
    }
}

/// Whether a text is what a pattern says, in which `*` stands for any characters.
fn is_like(text: &str, pattern: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else { return text == pattern };
    text.strip_prefix(head).is_some_and(|text| {
        let mut ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        ends.any(|at| is_like(&text[at..], rest))
    })
}
