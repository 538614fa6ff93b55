//! What `lint` reports: a configuration, or policy sets, as they stand, before any artifact.

use serde::Serialize;

use crate::{Configuration, Digest, Effect, Relaxation, Text};

/// The value of `schema` in a [`LintReport`].
pub const LINT_SCHEMA: &str = "lockgate.lint/v1";

/// What `lint` reports where nothing is wrong. What is wrong is an error, and there is no report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LintReport {
    /// [`LINT_SCHEMA`].
    pub schema: &'static str,
    /// Which configuration; [`Configuration::None`] where only policy sets were named.
    pub config: Configuration,
    /// The stages, in the order of their names, or the policy sets, in the order of the arguments.
    pub sets: Vec<LintedSet>,
}

/// The policies of a stage or of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LintedSet {
    /// The stage's name, or the file's path as the caller named it.
    pub name: Text,
    /// The policies, in the order of the files.
    pub policies: Vec<LintedPolicy>,
    /// What makes the gate wider whatever is asked, by (code, about); none for a policy set.
    pub relaxations: Vec<Relaxation>,
}

/// A policy: it can be asked, and its settings are fine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LintedPolicy {
    /// Its name in the policy file.
    pub name: String,
    /// Its plugin as the policy file names it.
    pub plugin: String,
    /// What the plugin says its version is.
    pub version: Text,
    /// The digest of its component.
    pub digest: Digest,
    /// Whether it has to pass.
    pub effect: Effect,
    /// All that it can look at with its settings, sorted.
    pub capabilities: Vec<String>,
    /// Kinds of evidence without which it fails, as it declares them.
    pub needs: Vec<String>,
    /// The rules that it declares, in that order.
    pub rules: Vec<LintedRule>,
}

/// A rule that a plugin declares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LintedRule {
    /// Its bare code.
    pub code: String,
    /// A few words.
    pub title: Text,
}
