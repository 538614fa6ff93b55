//! Numbers of any length.

use std::cmp::Ordering;

/// A whole number, as its digits: versions have some that fit no integer (dates with times, or what
/// a stranger writes), and none of them may wrap around.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Number(
    // INVARIANT: ASCII digits, of which the first is not zero; none for zero.
    Box<str>,
);

impl Number {
    pub(super) fn zero() -> Self {
        Self("".into())
    }

    /// Reads digits, with zeros before them or not; none where there is anything else, or nothing.
    pub(super) fn read(digits: &str) -> Option<Self> {
        let all = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
        all.then(|| Self(digits.trim_start_matches('0').into()))
    }

    pub(super) fn is_zero(&self) -> bool {
        self.0.is_empty()
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.0.len(), &self.0).cmp(&(other.0.len(), &other.0))
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The digits at the beginning, and what follows.
pub(super) fn digits(text: &str) -> (&str, &str) {
    let end = text.bytes().take_while(u8::is_ascii_digit).count();
    text.split_at_checked(end).unwrap_or((text, ""))
}
