//! Moments in UTC, to the second, read from and written as RFC 3339.
//!
//! The calendar is the Gregorian one, extended in both directions. Nothing here knows what time it
//! is: that is [`context::at`](crate::context::at).

use std::fmt;
use std::str::FromStr;

/// The seconds of a day.
const DAY: i64 = 86_400;

/// The days of 400 years, after which the calendar repeats itself.
const DAYS_OF_ERA: i64 = 146_097;

/// The days from the first of March of the year 0 to the Unix epoch.
const EPOCH: i64 = 719_468;

/// A moment, in whole seconds since the Unix epoch.
///
/// ```
/// use lockgate_plugin::instant::Instant;
///
/// let moment: Instant = "2026-10-02T02:00:00.75+02:00".parse().unwrap();
/// assert_eq!(moment.unix(), 1_790_899_200);
/// assert_eq!(moment.to_string(), "2026-10-02T00:00:00Z");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(i64);

impl Instant {
    /// From seconds since the Unix epoch.
    #[must_use]
    pub const fn from_unix(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Seconds since the Unix epoch.
    #[must_use]
    pub const fn unix(self) -> i64 {
        self.0
    }
}

/// In UTC, as RFC 3339 writes it for the years 0 to 9999; others have more digits or a sign.
impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = date(self.0.div_euclid(DAY));
        let seconds = self.0.rem_euclid(DAY);
        let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
}

/// A text that is no RFC 3339 instant with an offset, or names a day or an hour that there is not.
#[derive(Debug, PartialEq, Eq)]
pub struct InstantError(String);

impl fmt::Display for InstantError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not an RFC 3339 instant, for example `2026-10-02T00:00:00Z`", self.0)
    }
}

impl std::error::Error for InstantError {}

impl FromStr for Instant {
    type Err = InstantError;

    /// A fraction of a second is left out; a leap second is the second before it.
    fn from_str(text: &str) -> Result<Self, InstantError> {
        parsed(text).map(Self).ok_or_else(|| InstantError(text.to_owned()))
    }
}

fn parsed(text: &str) -> Option<i64> {
    let mut rest = text.as_bytes();
    let year = number(&mut rest, 4, 0..=9_999)?;
    skip(&mut rest, b"-")?;
    let month = number(&mut rest, 2, 1..=12)?;
    skip(&mut rest, b"-")?;
    let day = number(&mut rest, 2, 1..=days_of(year, month))?;
    skip(&mut rest, b"Tt")?;
    let hour = number(&mut rest, 2, 0..=23)?;
    skip(&mut rest, b":")?;
    let minute = number(&mut rest, 2, 0..=59)?;
    skip(&mut rest, b":")?;
    let second = number(&mut rest, 2, 0..=60)?.min(59);
    if skip(&mut rest, b".").is_some() {
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 {
            return None;
        }
        rest = &rest[digits..];
    }
    let offset = if skip(&mut rest, b"Zz").is_some() {
        0
    } else {
        let sign = if skip(&mut rest, b"+").is_some() { 1 } else { -1 };
        if sign < 0 {
            skip(&mut rest, b"-")?;
        }
        let hours = number(&mut rest, 2, 0..=23)?;
        skip(&mut rest, b":")?;
        sign * (hours * 3_600 + number(&mut rest, 2, 0..=59)? * 60)
    };
    let time = hour * 3_600 + minute * 60 + second - offset;
    rest.is_empty().then(|| days(year, month, day) * DAY + time)
}

/// Takes so many digits that are a number in the range.
fn number(rest: &mut &[u8], digits: usize, range: std::ops::RangeInclusive<i64>) -> Option<i64> {
    let (taken, left) = rest.split_at_checked(digits)?;
    let mut value = 0;
    for byte in taken {
        if !byte.is_ascii_digit() {
            return None;
        }
        value = value * 10 + i64::from(byte - b'0');
    }
    *rest = left;
    range.contains(&value).then_some(value)
}

/// Takes one of these bytes.
fn skip(rest: &mut &[u8], any: &[u8]) -> Option<()> {
    let (first, left) = rest.split_first()?;
    any.contains(first).then(|| *rest = left)
}

/// Reads an instant with its fraction of a second in nanoseconds; digits behind the ninth are left out.
///
/// # Errors
///
/// As for [`Instant`].
pub fn with_fraction(text: &str) -> Result<(Instant, u32), InstantError> {
    let instant = text.parse()?;
    // It is an instant, so what follows a point are the digits of a second.
    let fraction = text.split_once('.').map_or("", |(_, rest)| rest);
    let digits = fraction.bytes().take_while(u8::is_ascii_digit).take(9);
    let (nanoseconds, _) = digits.fold((0, 100_000_000), |(sum, unit), digit| {
        (sum + u32::from(digit - b'0') * unit, unit / 10)
    });
    Ok((instant, nanoseconds))
}

/// How many days a month has.
fn days_of(year: i64, month: i64) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The days from the Unix epoch to a date that there is.
///
/// Years begin in March here, so that a leap day is the last of its year, and the months before
/// one of them have `153 * month / 5` days, rounded.
#[must_use]
pub fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let of_era = year.rem_euclid(400);
    let days = of_era * 365 + of_era / 4 - of_era / 100 + (153 * month + 2) / 5 + day - 1;
    year.div_euclid(400) * DAYS_OF_ERA + days - EPOCH
}

/// The year, month and day that lie so many days after the Unix epoch.
#[must_use]
pub fn date(days: i64) -> (i64, i64, i64) {
    let days = days.saturating_add(EPOCH);
    let of_era = days.rem_euclid(DAYS_OF_ERA);
    // Without the leap days before it, a day's number tells its year.
    let leaps = of_era / 1_460 - of_era / 36_524 + of_era / 146_096;
    let year = (of_era - leaps) / 365;
    let of_year = of_era - (year * 365 + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let year = days.div_euclid(DAYS_OF_ERA) * 400 + year;
    if month < 10 { (year, month + 3, day) } else { (year + 1, month - 9, day) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_names_no_moment_is_refused_with_an_example() {
        for text in [
            "",
            "2026-10-02",
            "2026-10-02T00:00:00",
            "2026-10-02 00:00:00Z",
            "2026-02-29T00:00:00Z",
            "2100-02-29T00:00:00Z",
            "2026-04-31T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-01-00T00:00:00Z",
            "2026-10-02T24:00:00Z",
            "2026-10-02T00:60:00Z",
            "2026-10-02T00:00:61Z",
            "2026-10-02T00:00:00.Z",
            "2026-10-02T00:00:00+2:00",
            "2026-10-02T00:00:00*02:00",
            "2026-10-02T00:00:00Z ",
            "+026-10-02T00:00:00Z",
            "2026-10-02T00:00:00é",
        ] {
            assert!(text.parse::<Instant>().is_err(), "{text}");
        }
        assert_eq!(
            "2026-02-29T00:00:00Z".parse::<Instant>().unwrap_err().to_string(),
            "`2026-02-29T00:00:00Z` is not an RFC 3339 instant, for example \
             `2026-10-02T00:00:00Z`"
        );
    }

    #[test]
    fn every_moment_of_64_bits_is_shown() {
        assert_eq!(Instant(i64::MIN).to_string(), "-292277022657-01-27T08:29:52Z");
        assert_eq!(Instant(i64::MAX).to_string(), "292277026596-12-04T15:30:07Z");
    }

    #[test]
    fn other_spellings_are_the_same_moment() {
        let moment: Instant = "2024-02-29T23:59:59Z".parse().unwrap();
        for text in [
            "2024-02-29t23:59:59z",
            "2024-02-29T23:59:60Z",
            "2024-02-29T23:59:59.999999999999Z",
            "2024-02-29T23:59:59-00:00",
            "2024-03-01T01:29:59+01:30",
            "2024-02-29T18:29:59-05:30",
        ] {
            assert_eq!(text.parse::<Instant>(), Ok(moment), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_moment_is_shown_as_another_library_shows_it(
            // The years 0 to 9999.
            unix in -62_167_219_200_i64..=253_402_300_799
        ) {
            let theirs = jiff::Timestamp::from_second(unix).unwrap().to_string();
            prop_assert_eq!(Instant(unix).to_string(), theirs);
        }

        #[test]
        fn what_is_shown_is_read_back(unix in -62_167_219_200_i64..=253_402_300_799) {
            prop_assert_eq!(Instant(unix).to_string().parse(), Ok(Instant(unix)));
        }

        #[test]
        fn a_date_is_read_as_another_library_reads_it(
            year in 0..=9999, month in 0..=13, day in 0..=32, hour in 0..=24, offset in -23..=23
        ) {
            let text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:30:15{offset:+03}:00");
            let theirs = text.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_second);
            // Theirs ends with the last hours of the year 9999.
            prop_assume!(year < 9999);
            prop_assert_eq!(text.parse().ok().map(Instant::unix), theirs);
        }

        #[test]
        fn no_text_brings_it_down(text in "[-0-9TZ:.+ é]{0,40}") {
            let _ = text.parse::<Instant>();
        }
    }
}
