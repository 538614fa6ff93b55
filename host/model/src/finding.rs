//! What a policy says about the artifact.

use serde::{Deserialize, Serialize};

use crate::{Digest, Text};

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Fails the policy.
    Violation,
    /// Shown, changes nothing.
    Warning,
    /// Shown, changes nothing.
    Note,
}

/// One thing that a policy has to say. Ordered by level, code, what it is about, and message.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// The rule's bare code; a report shows it as `POLICY/CODE`.
    #[serde(deserialize_with = "crate::text::name")]
    pub code: String,
    /// How much it weighs.
    pub level: Level,
    /// One lower-case sentence without a final period.
    pub message: Text,
    /// What it is about, when narrower than the artifact.
    pub about: Option<Text>,
    /// What would have been right, where the policy says it apart from the message.
    pub expected: Option<Text>,
    /// What was there instead, likewise.
    pub found: Option<Text>,
    /// The digests of the documents and data files that it was derived from, sorted, each once;
    /// empty where the policy does not say, and then it is all that the policy read.
    pub evidence: Vec<Digest>,
    /// What to do about it.
    pub remediation: Text,
}
