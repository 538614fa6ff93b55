//! What an entry of `[trust]` lets its signer do, whether that is a key or an identity.

use std::collections::BTreeSet;

use lockgate_model::Kind;

use super::validity::Validity;

/// A signer's name, the kinds of evidence that it may vouch for, and when.
#[derive(Debug, Clone)]
pub(crate) struct Mandate {
    pub(crate) name: String,
    /// None: they are not listed.
    pub(crate) kinds: Option<BTreeSet<Kind>>,
    pub(crate) validity: Validity,
}

impl Mandate {
    /// Whether the signer may vouch for documents of a kind.
    pub(crate) fn covers(&self, kind: Kind) -> bool {
        covers(self.kinds.as_ref(), kind)
    }
}

/// Whether someone of whom these kinds are listed may vouch for documents of a kind. One whose kinds
/// are not listed vouches for evidence, but not for decisions about evidence: those would let it speak
/// for others.
pub(crate) fn covers(kinds: Option<&BTreeSet<Kind>>, kind: Kind) -> bool {
    match kinds {
        Some(kinds) => kinds.contains(&kind),
        None => !matches!(kind, Kind::VerificationSummary | Kind::Svr),
    }
}
