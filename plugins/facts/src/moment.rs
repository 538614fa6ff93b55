//! Moments as text.

use lockgate_plugin::Failure;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// Seconds since the Unix epoch as RFC 3339 text in UTC.
///
/// # Errors
///
/// The year is not one of four digits: RFC 3339 has no other.
pub(crate) fn text(unix: i64) -> Result<String, Failure> {
    let (year, month, day) = date(unix.div_euclid(DAY));
    if !(0..=9999).contains(&year) {
        return Err(Failure::from(format!("{unix} seconds since 1970 is no moment of RFC 3339")));
    }
    let second = unix.rem_euclid(DAY);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    Ok(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"))
}

/// The same where there is one.
///
/// # Errors
///
/// As above.
pub(crate) fn maybe(unix: Option<i64>) -> Result<Option<String>, Failure> {
    unix.map(text).transpose()
}

/// Year, month and day of a number of days since the Unix epoch, in the Gregorian calendar. Years are
/// counted from March, so that the leap day comes last.
fn date(days: i64) -> (i64, i64, i64) {
    /// Days of 400 years, after which the calendar repeats.
    const ERA: i64 = 146_097;
    // From 1 March of the year 0.
    let days = days.saturating_add(719_468);
    let (era, day) = (days.div_euclid(ERA), days.rem_euclid(ERA));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (era * 400 + year + next, month, day)
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
    fn days_follow_each_other() {
        let mut last = date(-800_000);
        for days in -799_999..3_000_000 {
            let (year, month, day) = date(days);
            let follows = (year, month, day) == (last.0, last.1, last.2 + 1)
                || (year, month, day) == (last.0, last.1 + 1, 1)
                || (year, month, day) == (last.0 + 1, 1, 1) && last.1 == 12;
            assert!(follows, "{last:?} and then {:?}", (year, month, day));
            last = (year, month, day);
        }
    }

    #[test]
    fn what_is_no_year_of_four_digits_is_no_moment() {
        for unix in [253_402_300_800, -62_167_219_201, i64::MAX, i64::MIN] {
            assert!(text(unix).is_err());
        }
    }
}
