//! Moments, to the second.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Text;

/// A moment, in whole seconds, read from and written as RFC 3339. It is always handed in: nothing
/// in this crate knows what time it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(jiff::Timestamp);

impl Instant {
    /// How far ahead of the asked-for moment a clock elsewhere may run: five minutes, which
    /// hosts without time synchronisation exceed and others do not.
    pub const TOLERANCE_SECONDS: i64 = 5 * 60;

    /// From seconds since the Unix epoch; none outside the years -9999 to 9999.
    #[must_use]
    pub fn from_unix(seconds: i64) -> Option<Self> {
        jiff::Timestamp::from_second(seconds).ok().map(Self)
    }

    /// Seconds since the Unix epoch.
    #[must_use]
    pub fn unix(self) -> i64 {
        self.0.as_second()
    }

    /// Whether this lies further after `other` than the tolerance.
    #[must_use]
    pub fn is_well_after(self, other: Self) -> bool {
        self.unix() > other.unix().saturating_add(Self::TOLERANCE_SECONDS)
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Text::deserialize(deserializer)?.as_str().parse().map_err(D::Error::custom)
    }
}

/// A text that is no RFC 3339 instant with an offset.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an RFC 3339 instant, for example `2026-10-02T00:00:00Z`")]
pub struct InstantError(pub String);

impl FromStr for Instant {
    type Err = InstantError;

    fn from_str(text: &str) -> Result<Self, InstantError> {
        let parsed: jiff::Timestamp = text.parse().map_err(|_| InstantError(text.to_owned()))?;
        // Rounds down, so that a document is never made older than the moment it is asked for.
        Self::from_unix(parsed.as_second()).ok_or_else(|| InstantError(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_shown_in_utc_to_the_second() {
        let instant: Instant = "2026-10-02T02:00:00.75+02:00".parse().unwrap();
        assert_eq!(instant.to_string(), "2026-10-02T00:00:00Z");
        assert!("2026-10-02".parse::<Instant>().is_err());
    }
}
