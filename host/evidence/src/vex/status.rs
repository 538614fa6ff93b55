//! What a statement says of a vulnerability, and who says it.

use std::str::FromStr;

use lockgate_model::Digest;

/// What is said of a vulnerability in a component, the worst first: of two that contradict each
/// other the lesser one, in this order, stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Something has to be done about it.
    Affected,
    /// It is not known yet.
    UnderInvestigation,
    /// It was there, and is not any more.
    Fixed,
    /// Nothing has to be done about it.
    NotAffected,
}

impl Status {
    /// Every one, in order.
    pub const ALL: &[Self] =
        &[Self::Affected, Self::UnderInvestigation, Self::Fixed, Self::NotAffected];

    /// The word for it in WIT.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Affected => "affected",
            Self::UnderInvestigation => "under-investigation",
            Self::Fixed => "fixed",
            Self::NotAffected => "not-affected",
        }
    }

    /// Whether it says that nothing has to be done, so that whoever says it has to be sure.
    pub(super) fn clears(self) -> bool {
        matches!(self, Self::Fixed | Self::NotAffected)
    }
}

impl FromStr for Status {
    type Err = UnknownStatus;

    fn from_str(word: &str) -> Result<Self, UnknownStatus> {
        let known = Self::ALL.iter().find(|status| status.as_str() == word);
        known.copied().ok_or_else(|| UnknownStatus(word.to_owned()))
    }
}

/// A word that stands for no status.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a VEX status")]
pub struct UnknownStatus(pub String);

/// What stands of a vulnerability in a component.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stated {
    /// What is said.
    pub status: Status,
    /// Why, in the words of the format: `vulnerable_code_not_present`.
    pub justification: Option<String>,
    /// The names that `[trust]` gives to those who signed it and whose word this is, sorted, at
    /// least one.
    pub signers: Vec<String>,
    /// The digest of the document.
    pub document: Digest,
    /// What the document calls its author. For messages only: nobody vouches for it.
    pub author: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_a_word_and_the_worst_comes_first() {
        for status in Status::ALL {
            assert_eq!(status.as_str().parse(), Ok(*status));
        }
        assert!(Status::ALL.is_sorted());
        let unknown = "not_affected".parse::<Status>().unwrap_err();
        assert_eq!(unknown.to_string(), "`not_affected` is not a VEX status");
    }
}
