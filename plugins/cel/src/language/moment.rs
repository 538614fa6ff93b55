//! Timestamps and durations, in nanoseconds.

use lockgate_plugin::duration;
use lockgate_plugin::instant::{date, days, with_fraction};

/// The digits of a nanosecond.
const FRACTION_DIGITS: usize = 9;

/// Nanoseconds of a second.
const SECOND: i128 = 1_000_000_000;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// The first moment of the year 1, and the last one of the year 9999: what a timestamp of CEL can be.
const RANGE: (i64, i64) = (-62_135_596_800, 253_402_300_799);

/// The longest duration of CEL, some ten thousand years, in seconds.
const LONGEST: i64 = 315_576_000_000;

/// A moment, if it is one that a timestamp can be.
pub(crate) fn moment(nanoseconds: i128) -> Result<i128, String> {
    let seconds = nanoseconds.div_euclid(SECOND);
    if (i128::from(RANGE.0)..=i128::from(RANGE.1)).contains(&seconds) {
        Ok(nanoseconds)
    } else {
        Err("the timestamp is outside the years 1 to 9999".into())
    }
}

/// A duration, if it is one that a duration can be.
pub(crate) fn span(nanoseconds: i128) -> Result<i128, String> {
    if nanoseconds.abs() <= i128::from(LONGEST) * SECOND {
        Ok(nanoseconds)
    } else {
        Err(format!("the duration is over {LONGEST} seconds"))
    }
}

/// A moment of whole seconds since the Unix epoch.
pub(crate) fn of_seconds(seconds: i64) -> Result<i128, String> {
    moment(i128::from(seconds) * SECOND)
}

/// Whole seconds since the Unix epoch.
pub(crate) fn to_seconds(moment: i128) -> i64 {
    // It is in range, so it fits.
    i64::try_from(moment.div_euclid(SECOND)).unwrap_or(i64::MAX)
}

/// Reads RFC 3339 text. A leap second is no moment here, and neither is what is finer than a nanosecond.
pub(crate) fn parse(text: &str) -> Result<i128, String> {
    let no = || {
        let text: String = text.chars().take(40).collect();
        format!("`{text}` is no timestamp; one is `2026-10-02T00:00:00Z`")
    };
    let (instant, fraction) = with_fraction(text).map_err(|_| no())?;
    let finer = text.split_once('.').is_some_and(|(_, rest)| {
        rest.bytes().take_while(u8::is_ascii_digit).count() > FRACTION_DIGITS
    });
    if finer || text.get(17..19) == Some("60") {
        return Err(no());
    }
    moment(i128::from(instant.unix()) * SECOND + i128::from(fraction))
}

/// Reads a duration: `1h30m`, `-1.5s`, `250ms`.
pub(crate) fn parse_span(text: &str) -> Result<i128, String> {
    let no = || {
        let text: String = text.chars().take(40).collect();
        format!("`{text}` is no duration; one is `720h`, `1h30m` or `1.5s`")
    };
    span(duration::nanoseconds(text).ok_or_else(no)?)
}

/// A timestamp as text.
pub(crate) fn written(moment: i128) -> String {
    let date = Date::of(moment);
    let Date { year, month, day, hour, minute, second, nanosecond, .. } = date;
    let text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
    format!("{text}{}Z", part(nanosecond))
}

/// A duration as text, in seconds.
pub(crate) fn lasting(span: i128) -> String {
    let sign = if span < 0 { "-" } else { "" };
    let (seconds, rest) = (span.abs() / SECOND, span.abs() % SECOND);
    format!("{sign}{seconds}{}s", part(i64::try_from(rest).unwrap_or_default()))
}

/// Nanoseconds behind a point, without zeros at the end.
fn part(nanoseconds: i64) -> String {
    match nanoseconds {
        0 => String::new(),
        some => format!(".{}", format!("{some:09}").trim_end_matches('0')),
    }
}

/// A moment in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Date {
    pub(crate) year: i64,
    /// From 1.
    pub(crate) month: i64,
    /// From 1.
    pub(crate) day: i64,
    /// From 0.
    pub(crate) day_of_year: i64,
    /// Sunday is 0.
    pub(crate) day_of_week: i64,
    pub(crate) hour: i64,
    pub(crate) minute: i64,
    pub(crate) second: i64,
    pub(crate) nanosecond: i64,
}

impl Date {
    pub(crate) fn of(moment: i128) -> Self {
        let seconds = to_seconds(moment);
        let nanosecond = i64::try_from(moment.rem_euclid(SECOND)).unwrap_or_default();
        let (count, second) = (seconds.div_euclid(DAY), seconds.rem_euclid(DAY));
        let (year, month, day) = date(count);
        let day_of_year = count - days(year, 1, 1);
        Self {
            year,
            month,
            day,
            day_of_year,
            // The first of January 1970 was a Thursday.
            day_of_week: (count + 4).rem_euclid(7),
            hour: second / 3600,
            minute: second / 60 % 60,
            second: second % 60,
            nanosecond,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_are_read_and_written() {
        for (text, written_as) in [
            ("2026-10-02T00:00:00Z", "2026-10-02T00:00:00Z"),
            ("2026-10-02t01:30:00.250+01:30", "2026-10-02T00:00:00.25Z"),
            ("2024-02-29T23:59:59.999999999-00:30", "2024-03-01T00:29:59.999999999Z"),
            ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
            ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
            ("1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z"),
            ("1582-10-15T12:00:00Z", "1582-10-15T12:00:00Z"),
        ] {
            assert_eq!(parse(text).map(written), Ok(written_as.to_owned()), "{text}");
        }
        assert_eq!(parse("2026-10-02T00:00:00Z").map(to_seconds), Ok(1_790_899_200));
    }

    #[test]
    fn what_is_no_timestamp_is_refused() {
        for text in [
            "",
            "2026-10-02",
            "2026-10-02T00:00:00",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-10-02T24:00:00Z",
            "2026-10-02T00:00:60Z",
            "2026-10-02T00:00:00.Z",
            "2026-10-02T00:00:00.0000000001Z",
            "2026-10-02T00:00:00+1:00",
            "+026-10-02T00:00:00Z",
            "2026-10-02 00:00:00Z",
            "0000-01-01T00:00:00Z",
            "9999-12-31T23:59:59-01:00",
            "2026-10-02T00:00:00Zé",
            "2026-10-0éT00:00:00Z",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn durations_are_read_and_written() {
        for (text, written_as) in [
            ("1h30m", "5400s"),
            ("720h", "2592000s"),
            ("-1.5s", "-1.5s"),
            ("250ms", "0.25s"),
            ("1us1ns", "0.000001001s"),
            ("0", "0s"),
            (".5h", "1800s"),
        ] {
            assert_eq!(parse_span(text).map(lasting), Ok(written_as.to_owned()), "{text}");
        }
        for text in ["", "-", "1", "30d", "1h30", "h", ".s", "1.2.3s", "99999999999999h", "é"] {
            assert!(parse_span(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_date_is_that_of_the_calendar() {
        let date = Date::of(parse("2024-12-31T13:14:15Z").unwrap());
        assert_eq!((date.year, date.month, date.day, date.day_of_year), (2024, 12, 31, 365));
        assert_eq!((date.day_of_week, date.hour, date.minute, date.second), (2, 13, 14, 15));
        for day in -719_162..=2_932_896_i64 {
            if day % 97 != 0 {
                continue;
            }
            let date = Date::of(i128::from(day * DAY) * SECOND);
            assert_eq!(days(date.year, date.month, date.day), day);
        }
    }
}
