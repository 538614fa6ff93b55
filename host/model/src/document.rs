//! What became of a document.

use serde::{Deserialize, Serialize};

use crate::{Checks, Digest, Kind, Text};

/// How far a document came on its way from claim to fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Verified, and bound to the subject.
    Fact,
    /// Not verified; the stage accepts it as it is.
    Accepted,
    /// Recognised, and not believed.
    Rejected,
    /// Not known to be evidence at all.
    Unrecognised,
}

/// One envelope's line in the report. Ordered by path, then index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// Where it lay, relative to the folder that was given; for a file that was given, its name.
    pub path: Text,
    /// Which envelope of that file, from 0.
    pub index: u32,
    /// SHA-256 of the envelope's bytes; null where they were not read.
    pub digest: Option<Digest>,
    /// What it is evidence of: for a rejected one what it claims to be, null where it can't be
    /// told.
    pub kind: Option<Kind>,
    /// How far it came.
    pub status: Status,
    /// Names from `[trust]` whose signature verified, sorted; empty unless it is a fact.
    #[serde(deserialize_with = "crate::text::names")]
    pub signers: Vec<String>,
    /// Why it is no fact; null for a fact.
    pub reason: Option<Text>,
    /// What to try next; null where there is no one thing.
    pub help: Option<Text>,
    /// What was checked; null unless it is a fact or accepted.
    pub checks: Option<Checks>,
}
