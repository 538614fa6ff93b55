//! What is asked of every policy of a run.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lockgate_evidence::contents::{self, Contents};
use lockgate_evidence::vex::{Digests, Rules};
use lockgate_evidence::{Facts, Place};
use lockgate_model::{Digest, Instant, Outcome, Stage, Subject};

/// What is asked: the same for every policy of a run.
#[derive(Debug, Clone)]
pub struct Question {
    /// What is judged.
    pub subject: Subject,
    /// The artifact's SHA-512 in lower-case hexadecimal, where it was computed.
    pub sha512: Option<String>,
    /// Where it wants to go.
    pub stage: Stage,
    /// The moment for which it is asked.
    pub at: Instant,
    /// All that was verified.
    pub facts: Facts,
    /// What is inside the artifact, or why that cannot be told; none where no policy of the run asks.
    pub contents: Option<Result<Arc<Contents>, contents::Unreadable>>,
    /// How far VEX documents reach.
    pub vex: Rules,
    /// What was decided before, and what stages run.
    pub history: History,
}

impl Question {
    /// The digests by which the artifact is known.
    pub(crate) fn digests(&self) -> Digests<'_> {
        Digests { sha256: self.subject.digest, sha512: self.sha512.as_deref() }
    }

    /// The same question with fewer facts, by [`lockgate_evidence::Candidate::place`].
    #[must_use]
    pub fn without(&self, aside: &BTreeSet<Place>) -> Self {
        Self { facts: self.facts.without(aside), ..self.clone() }
    }
}

/// What a ledger says about the artifact and the stages. Without a ledger: nothing.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// Decisions about the artifact's digest, earliest first.
    pub decisions: Vec<Decided>,
    /// What each stage runs now.
    pub runs: BTreeMap<Stage, Digest>,
}

/// An earlier decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// About which stage.
    pub stage: Stage,
    /// What it came to.
    pub outcome: Outcome,
    /// For which moment.
    pub at: Instant,
}
