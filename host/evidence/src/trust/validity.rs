//! When a signer may vouch.
//!
//! Who signs can claim any time, so only a time that somebody else saw proves when a signature was
//! made. Where there is one, the window is held against it, and what was signed before a revocation
//! counts. Where there is none, the window is held against the moment that is asked for, and a
//! signer that is revoked vouches for nothing, whatever moment that is.

use lockgate_model::Instant;

/// When a key or an identity may vouch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Validity {
    /// Not before this moment.
    pub not_before: Option<Instant>,
    /// Not after this moment.
    pub not_after: Option<Instant>,
    /// It is revoked.
    pub revoked: Option<Revocation>,
}

/// When a signature is held to have been made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    /// For which it is asked.
    pub(crate) at: Instant,
    /// By which it was there, as somebody else saw.
    pub(crate) trusted: Option<Instant>,
}

/// Since when a signer is not to be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Revocation {
    /// Since this moment: only a signature counts of which a trusted time proves that it is older.
    At(Instant),
    /// Since ever: a stranger has the key, or the account.
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

    /// Whether it is revoked for a signature of that moment.
    pub(crate) fn revokes(&self, moment: Moment) -> bool {
        match (self.revoked, moment.trusted) {
            (None, _) => false,
            (Some(Revocation::Compromised), _) | (Some(Revocation::At(_)), None) => true,
            (Some(Revocation::At(since)), Some(seen)) => seen >= since,
        }
    }

    /// Why it may not vouch: a stable code, and a clause for a reason. `what` is `key` or
    /// `identity`.
    pub(crate) fn refuse(&self, moment: Moment, what: &str) -> Option<(&'static str, String)> {
        if self.revokes(moment) {
            let why = match (self.revoked, moment.trusted) {
                (Some(Revocation::At(since)), Some(seen)) => format!(
                    "its {what} is revoked since {since}, and the first trusted time of the \
                     signature is {seen}"
                ),
                (Some(Revocation::At(since)), None) => format!(
                    "its {what} is revoked since {since}, and nothing proves that it signed before"
                ),
                (Some(Revocation::Compromised) | None, _) => {
                    format!("its {what} is revoked as compromised")
                }
            };
            return Some(("signer-revoked", why));
        }
        let is = match moment.trusted {
            Some(seen) => format!("it signed at {seen}"),
            None => format!("it is {}", moment.at),
        };
        let then = moment.trusted.unwrap_or(moment.at);
        if let Some(from) = self.not_before.filter(|from| then < *from) {
            return Some((
                "signer-not-yet-valid",
                format!("its {what} is good from {from} on, and {is}"),
            ));
        }
        let until = self.not_after.filter(|until| then > *until)?;
        Some(("signer-expired", format!("its {what} was good until {until}, and {is}")))
    }
}
