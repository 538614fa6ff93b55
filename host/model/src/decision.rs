//! What follows from the opinions.

use std::borrow::Cow;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Text;

/// Whether the gate opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It opens.
    Allowed,
    /// Evidence is missing or a required policy fails.
    Denied,
    /// A required policy withheld its opinion.
    Undecided,
    /// Only approvals are missing.
    Pending,
}

impl Outcome {
    /// The word for it, as reports spell it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Denied => "denied",
            Self::Undecided => "undecided",
            Self::Pending => "pending",
        }
    }

    /// The exit code of a run that ends so.
    #[must_use]
    pub const fn exit(self) -> Exit {
        match self {
            Self::Allowed => Exit::Allowed,
            Self::Denied => Exit::Denied,
            Self::Undecided => Exit::Undecided,
            Self::Pending => Exit::Pending,
        }
    }
}

/// The exit codes, each with one meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Exit {
    /// Allowed, or the command did what it was asked.
    Allowed = 0,
    /// Denied: the artifact's problem.
    Denied = 1,
    /// Usage or configuration: the caller's problem.
    Usage = 2,
    /// Undecided: the policy author's problem.
    Undecided = 3,
    /// The host failed: the platform's problem.
    Host = 4,
    /// Pending: the approvers' turn.
    Pending = 5,
}

impl Exit {
    /// The number.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }
}

impl Serialize for Exit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(self.code())
    }
}

impl<'de> Deserialize<'de> for Exit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const ALL: [Exit; 6] =
            [Exit::Allowed, Exit::Denied, Exit::Usage, Exit::Undecided, Exit::Host, Exit::Pending];
        let code = u8::deserialize(deserializer)?;
        let known = ALL.into_iter().find(|exit| exit.code() == code);
        known.ok_or_else(|| D::Error::custom(format!("{code} is no exit code")))
    }
}

/// Why the gate does not open.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// Kebab-case and stable, for example `missing-evidence`.
    #[serde(deserialize_with = "crate::text::code")]
    pub code: Cow<'static, str>,
    /// One lower-case sentence without a final period.
    pub message: Text,
}

/// Something that makes the gate wider than its strictest form. Each is listed, always.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relaxation {
    /// Kebab-case and stable, for example `time-overridden`.
    #[serde(deserialize_with = "crate::text::code")]
    pub code: Cow<'static, str>,
    /// What it is about: a signer, an instant.
    pub about: Text,
    /// What it allows, in one sentence.
    pub message: Text,
}

/// What follows from all opinions, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Whether the gate opens.
    pub outcome: Outcome,
    /// Why it does not, sorted; empty if and only if it is allowed.
    pub reasons: Vec<Reason>,
}
