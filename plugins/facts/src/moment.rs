//! Moments as text.

use lockgate_plugin::Failure;
use lockgate_plugin::instant::Instant;

/// The years 0 to 9999: RFC 3339 writes no other.
const WRITTEN: std::ops::RangeInclusive<i64> = -62_167_219_200..=253_402_300_799;

/// Seconds since the Unix epoch as RFC 3339 text in UTC.
///
/// # Errors
///
/// The year is not one of four digits: RFC 3339 has no other.
pub(crate) fn text(unix: i64) -> Result<String, Failure> {
    if !WRITTEN.contains(&unix) {
        return Err(Failure::from(format!("{unix} seconds since 1970 is no moment of RFC 3339")));
    }
    Ok(Instant::from_unix(unix).to_string())
}

/// The same where there is one.
///
/// # Errors
///
/// As above.
pub(crate) fn maybe(unix: Option<i64>) -> Result<Option<String>, Failure> {
    unix.map(text).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_as_everybody_writes_them() {
        for (unix, written) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_790_899_200, "2026-10-02T00:00:00Z"),
            (-1, "1969-12-31T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
            (253_402_300_799, "9999-12-31T23:59:59Z"),
            (-62_167_219_200, "0000-01-01T00:00:00Z"),
        ] {
            assert_eq!(text(unix).unwrap(), written);
        }
    }

    #[test]
    fn what_is_no_year_of_four_digits_is_no_moment() {
        for unix in [253_402_300_800, -62_167_219_201, i64::MAX, i64::MIN] {
            assert!(text(unix).is_err());
        }
    }
}
