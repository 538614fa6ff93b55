//! What was done to a document before it counted, and what was not.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::{Instant, Text};

/// What became of one check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckState {
    /// It was made, and held.
    Done,
    /// The document's kind of signature does not have it, or nothing asks for it.
    NotRequired,
    /// It could not be made; `detail` says why.
    NotPossible,
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// What became of it.
    pub state: CheckState,
    /// What was found, or why it could not be made.
    pub detail: Option<Text>,
}

impl Check {
    /// Made, and held.
    #[must_use]
    pub fn done(detail: &str) -> Self {
        Self { state: CheckState::Done, detail: Some(Text::escaped(detail)) }
    }

    /// Nothing asks for it.
    #[must_use]
    pub const fn not_required() -> Self {
        Self { state: CheckState::NotRequired, detail: None }
    }

    /// It could not be made.
    #[must_use]
    pub fn not_possible(why: &str) -> Self {
        Self { state: CheckState::NotPossible, detail: Some(Text::escaped(why)) }
    }
}

/// Who says when a document was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimeSource {
    /// A transparency log, in its signed entry timestamp. Trusted.
    Log,
    /// A timestamp authority (RFC 3161). Trusted.
    Timestamp,
    /// The document itself. Claimed.
    Document,
}

/// The check of a document's time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct TimeReport {
    /// `done` if it has a time, which is not later than the moment that was asked for.
    pub state: CheckState,
    /// Its time.
    pub at: Option<Instant>,
    /// Who says so.
    pub source: Option<TimeSource>,
    /// Whether the time was held against the host's clock, too: the verifier of certificates and
    /// logs does that.
    pub verified_at_host_time: bool,
}

/// The check of a predicate's shape.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShapeReport {
    /// `done` if it has what identifies its type, `not-required` where nothing is known of it.
    pub state: CheckState,
    /// Fields that its specification requires beside those, and that are absent.
    #[serde(deserialize_with = "crate::text::codes")]
    pub absent: Vec<Cow<'static, str>>,
}

/// All checks of one document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Checks {
    /// What the signature is over.
    pub signature: Check,
    /// What else is signed: minisign's trusted comment, OpenSSH's namespace.
    pub context: Check,
    /// How the document is bound to the artifact.
    pub subject: Check,
    /// Whose certificate it is.
    pub identity: Check,
    /// Whether a transparency log has it.
    pub log: Check,
    /// Whether a certificate transparency log has the certificate.
    pub sct: Check,
    /// When it was there.
    pub time: TimeReport,
    /// Whether the signers may vouch at that time.
    pub validity: Check,
    /// Whether the predicate has what identifies it.
    pub shape: ShapeReport,
}
