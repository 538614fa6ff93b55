//! What a run spends on verifying: a stranger does not say how long we work.
//!
//! Documents are verified in the order of their paths, and what comes after the budget is spent is
//! rejected: a folder that was filled up shuts the gate, and does not hold it.

use std::cell::Cell;

use super::Reason;
use crate::hashes::Over;
use crate::trust::{Encoding, Trust};

/// How much is verified in one run, in units of some 0.1 ms: half a minute. A release with a dozen
/// documents and as many keys takes a few hundred.
const UNITS: u64 = 300_000;

/// What it costs to hold a bundle against a root: chains, logs and timestamps are a dozen signatures.
pub(super) const CERTIFICATE: u64 = 30;

/// How many bytes are hashed in one unit.
const BYTES: u64 = 64 << 10;

/// What is left.
pub(super) struct Budget(Cell<u64>);

impl Default for Budget {
    fn default() -> Self {
        Self(Cell::new(UNITS))
    }
}

impl Budget {
    /// Spends some, or says that too little is left.
    pub(super) fn charge(&self, units: u64) -> Result<(), Reason> {
        let left = self.0.get().checked_sub(units);
        self.0.set(left.unwrap_or(0));
        left.map(drop).ok_or_else(|| {
            let why =
                "is not verified: with the documents before it, that is more than a run verifies";
            Reason::new(why.to_owned())
                .helped("give the evidence of this artifact alone, without copies")
        })
    }

    /// What it costs to try a signature over so many bytes with all keys in PEM. They are hashed once
    /// for all, but by plain Ed25519 each time.
    pub(super) fn of_tries(
        trust: &Trust,
        encoding: Encoding,
        signature: &[u8],
        bytes: usize,
    ) -> u64 {
        let ways = trust.keys().iter().flat_map(|key| key.ways(encoding, signature));
        ways.map(|way| Self::of_try(way.over(), bytes)).sum()
    }

    /// What it costs to try a signature with one key.
    pub(super) fn of_try(over: Over, bytes: usize) -> u64 {
        1 + if over == Over::Bytes { bytes as u64 / BYTES } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_spent_is_spent() {
        let budget = Budget::default();
        budget.charge(UNITS - 1).unwrap();
        budget.charge(1).unwrap();
        assert!(budget.charge(1).is_err() && budget.charge(0).is_ok());
        let budget = Budget::default();
        assert!(budget.charge(UNITS + 1).is_err(), "what is too much at once is not tried");
        assert!(budget.charge(1).is_err());
        assert_eq!(Budget::of_try(Over::Bytes, 200 << 10), 4);
        assert_eq!(Budget::of_try(Over::Sha256, 200 << 10), 1);
    }
}
