//! What became of a policy.

use serde::{Deserialize, Serialize};

use crate::{Digest, Finding, Text};

/// What a policy's opinion comes to. The host derives it; no plugin states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Opinion {
    /// Every rule accounted for, something checked, no violation.
    Pass,
    /// A violation, or evidence that the policy needs is not there.
    Fail,
    /// No rule applies.
    NotApplicable,
    /// The policy could not say.
    Withheld,
}

/// What a policy's opinion does to the gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// It has to pass.
    Required,
    /// It is reported.
    Advisory,
}

/// What became of one rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RuleState {
    /// Applied to everything it covers.
    Checked,
    /// It has nothing to cover.
    NotApplicable,
    /// The policy did not say; the opinion is withheld.
    Unaccounted,
}

/// One rule's line in the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleReport {
    /// The rule's bare code.
    #[serde(deserialize_with = "crate::text::name")]
    pub code: String,
    /// A few words, for a list of rules.
    pub title: Text,
    /// What the person who meets a finding of it can do.
    pub remediation: Text,
    /// What became of it.
    pub state: RuleState,
    /// Why it does not apply, where it does not.
    pub reason: Option<Text>,
}

/// Something that a policy let pass although a rule of it speaks against it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// The rule's bare code.
    #[serde(deserialize_with = "crate::text::name")]
    pub code: String,
    /// For what, and by whose word.
    pub message: Text,
}

/// What a policy looked at before it gave its opinion: all that the opinion can rest on beside the
/// artifact's name and digest and the stage.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadSet {
    /// The digests of the documents, sorted, each once.
    pub documents: Vec<Digest>,
    /// The digests of the data files that the policy file handed to it, sorted, each once.
    pub data: Vec<Digest>,
    /// Whether it looked at the moment for which it was asked.
    pub time: bool,
    /// Whether it looked at earlier decisions, or at what stages run.
    pub history: bool,
    /// Whether it looked at files inside the artifact.
    pub contents: bool,
}

impl ReadSet {
    /// Whether it looked at nothing that an opinion can rest on. What the policy file hands over is no
    /// fact about the artifact.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Self { documents, data: _, time, history, contents } = self;
        documents.is_empty() && !(*time || *history || *contents)
    }
}

/// One policy's part of the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyReport {
    /// Its name in the policy file.
    #[serde(deserialize_with = "crate::text::name")]
    pub name: String,
    /// Its plugin as the policy file names it, for example `builtin:sbom`.
    #[serde(deserialize_with = "crate::text::name")]
    pub plugin: String,
    /// The digest of the component that ran.
    pub digest: Digest,
    /// Whether it has to pass.
    pub effect: Effect,
    /// What it came to.
    pub opinion: Opinion,
    /// Why it is withheld, not applicable, or failed before it ran.
    pub reason: Option<Text>,
    /// All that it can look at with its settings, sorted: kinds of evidence, and `contents`, `data`
    /// and `history`.
    #[serde(deserialize_with = "crate::text::names")]
    pub capabilities: Vec<String>,
    /// Every declared rule, in the order of declaration.
    pub rules: Vec<RuleReport>,
    /// What it found, sorted; empty where it is withheld.
    pub findings: Vec<Finding>,
    /// What it let pass by way of exception, sorted; each is a relaxation, too.
    pub exceptions: Vec<Exception>,
    /// What it looked at; nothing where it was not asked.
    pub read: ReadSet,
}
