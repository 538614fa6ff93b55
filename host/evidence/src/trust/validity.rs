//! When a key may vouch.
//!
//! Who signs with a bare key can claim any time, so nothing proves when a signature was made: the
//! window is held against the moment that is asked for, and a key that is revoked vouches for
//! nothing, whatever moment that is.

use lockgate_model::Instant;

/// When a key may vouch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Validity {
    /// Not before this moment.
    pub not_before: Option<Instant>,
    /// Not after this moment.
    pub not_after: Option<Instant>,
    /// It is revoked.
    pub revoked: Option<Revocation>,
}

/// Since when a key is not to be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Revocation {
    /// Since this moment; a signature that is proved to be older would count, were there a proof.
    At(Instant),
    /// Since ever: a stranger has it.
    Compromised,
}

impl Validity {
    /// The moments that both windows have.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            not_before: self.not_before.max(other.not_before),
            not_after: match (self.not_after, other.not_after) {
                (Some(one), Some(another)) => Some(one.min(another)),
                (one, another) => one.or(another),
            },
            revoked: self.revoked.or(other.revoked),
        }
    }

    /// Whether there is a moment at which it may vouch.
    pub(crate) fn has_moments(&self) -> bool {
        match (self.not_before, self.not_after) {
            (Some(from), Some(until)) => from <= until,
            _ => true,
        }
    }

    /// Whether there is a window at all.
    pub(crate) fn is_windowed(&self) -> bool {
        self.not_before.is_some() || self.not_after.is_some()
    }

    /// Why it may not vouch: a stable code, and a clause for a reason.
    pub(crate) fn refuse(&self, at: Instant) -> Option<(&'static str, String)> {
        match self.revoked {
            Some(Revocation::Compromised) => {
                return Some(("signer-revoked", "its key is revoked as compromised".to_owned()));
            }
            Some(Revocation::At(since)) => {
                let clause = format!(
                    "its key is revoked since {since}, and nothing proves that it signed before"
                );
                return Some(("signer-revoked", clause));
            }
            None => {}
        }
        if let Some(from) = self.not_before.filter(|from| at < *from) {
            let clause = format!("its key is good from {from} on, and it is {at}");
            return Some(("signer-not-yet-valid", clause));
        }
        let until = self.not_after.filter(|until| at > *until)?;
        Some(("signer-expired", format!("its key was good until {until}, and it is {at}")))
    }
}
