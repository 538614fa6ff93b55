//! What a document is evidence of.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Text;

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $word:literal,)*) => {
        /// What a document is evidence of. It follows from a statement's predicate type alone.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Kind { $($(#[$doc])* $variant,)* }

        impl Kind {
            /// Every kind, in the order in which messages list them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The word for it in policy files, reports and WIT.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
        }
    };
}

kinds! {
    /// How it was built (SLSA provenance v0.2, v1).
    Provenance = "provenance",
    /// A software bill of materials.
    Sbom = "sbom",
    /// The result of a vulnerability scan.
    Vulnerabilities = "vulnerabilities",
    /// Statements on exploitability.
    Vex = "vex",
    /// The result of tests.
    TestResult = "test-result",
    /// A signature over the artifact itself.
    Signature = "signature",
    /// Somebody else's decision (SLSA VSA).
    VerificationSummary = "verification-summary",
    /// An in-toto Simple Verification Result.
    Svr = "svr",
    /// An in-toto release statement.
    Release = "release",
    /// An in-toto SCAI statement.
    Scai = "scai",
    /// Any other in-toto statement.
    Attestation = "attestation",
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Kind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Text::deserialize(deserializer)?.as_str().parse().map_err(D::Error::custom)
    }
}

/// A word that stands for no kind.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a kind of evidence")]
pub struct UnknownKind(pub String);

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(word: &str) -> Result<Self, UnknownKind> {
        let known = Self::ALL.iter().find(|kind| kind.as_str() == word);
        known.copied().ok_or_else(|| UnknownKind(word.to_owned()))
    }
}
