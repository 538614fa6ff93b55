//! What is taken although nobody vouches for it.
//!
//! A stage says so, kind by kind; nothing here is ever the default. Only kinds count that state
//! what was found: an unsigned provenance or approval would be anyone's word.

use std::collections::BTreeMap;

use lockgate_model::Kind;

/// Which documents of a kind are taken beside those that are verified and bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Acceptance {
    /// Those that somebody trusted signed, and that name no subject.
    Unbound,
    /// Those, and documents that nobody signed.
    Unsigned,
}

impl Acceptance {
    /// All of them, with the words for them in policy files.
    pub const ALL: &[(Self, &'static str)] =
        &[(Self::Unbound, "unbound"), (Self::Unsigned, "unsigned")];

    /// The kinds of which a stage may accept such documents.
    pub const KINDS: &[Kind] = &[Kind::Sbom, Kind::Vulnerabilities, Kind::TestResult];

    /// What to do about a document of a kind that a stage would have to accept so; none where it
    /// cannot.
    pub(crate) fn help(self, kind: Kind) -> Option<String> {
        let (sign, word) = match self {
            Self::Unbound => ("sign a statement that names the artifact", "unbound"),
            Self::Unsigned => ("sign it", "unsigned"),
        };
        Self::KINDS.contains(&kind).then(|| {
            format!(
                "{sign}; or let the stage take it, with `accept = {{ {kind} = \"{word}\" }}`, and name \
                 it as `--evidence {kind}=PATH` unless it names the artifact's digest itself"
            )
        })
    }
}

/// What a stage accepts, by kind.
pub type Accepts = BTreeMap<Kind, Acceptance>;
