//! What `plugin inspect` reports: a plugin as it stands, before any policy file names it.

use serde::Serialize;

use crate::{Digest, Text};

/// The value of `schema` in an [`InspectionReport`].
pub const INSPECTION_SCHEMA: &str = "lockgate.plugin/v1";

/// A plugin: what it says of itself, and what its imports prove.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InspectionReport {
    /// [`INSPECTION_SCHEMA`].
    pub schema: &'static str,
    /// As the caller named it: `builtin:NAME`, or a path.
    pub plugin: Text,
    /// The digest of its component.
    pub digest: Digest,
    /// How many bytes the component has.
    pub size: u64,
    /// What it calls itself.
    pub name: Text,
    /// Its own version.
    pub version: Text,
    /// The version of `lockgate:policy` whose `plugin` this host calls in it.
    pub interface: String,
    /// What its imports let it do, by the interfaces' names. It can do nothing else.
    pub abilities: Vec<Ability>,
    /// All that it imports, as the component spells it, sorted.
    pub imports: Vec<String>,
    /// Kinds of evidence without which it fails, as it declares them.
    pub needs: Vec<String>,
    /// Kinds of evidence that it reads where there are any.
    pub uses: Vec<String>,
    /// The rules that it declares, in that order.
    pub rules: Vec<InspectedRule>,
    /// The JSON Schema of its settings; null where it states none that is JSON.
    pub settings: serde_json::Value,
    /// Where its machine code comes from: `compiled` now, or `precompiled` in this binary.
    pub code: &'static str,
    /// How long it took to get it, in microseconds. Not the same in two runs.
    pub load_micros: u64,
}

/// What an import lets a plugin do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ability {
    /// The interface's bare name.
    pub interface: String,
    /// In words that read well after "it".
    pub what: &'static str,
}

/// A rule that a plugin declares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InspectedRule {
    /// Its bare code.
    pub code: String,
    /// A few words.
    pub title: Text,
    /// What to do about a finding.
    pub remediation: Text,
}
