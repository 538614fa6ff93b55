//! Timestamps and durations, in nanoseconds.

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

/// Reads RFC 3339 text.
pub(crate) fn parse(text: &str) -> Result<i128, String> {
    let no = || {
        let text: String = text.chars().take(40).collect();
        format!("`{text}` is no timestamp; one is `2026-10-02T00:00:00Z`")
    };
    let bytes = text.as_bytes();
    let digits = |from: usize, to: usize| -> Option<i64> {
        let digits = bytes.get(from..to)?;
        digits.iter().all(u8::is_ascii_digit).then_some(())?;
        text.get(from..to)?.parse().ok()
    };
    let sign = |at: usize, one: &[u8]| bytes.get(at).is_some_and(|byte| one.contains(byte));
    let (year, month, day) = (digits(0, 4), digits(5, 7), digits(8, 10));
    let (hour, minute, second) = (digits(11, 13), digits(14, 16), digits(17, 19));
    let signs =
        sign(4, b"-") && sign(7, b"-") && sign(10, b"Tt") && sign(13, b":") && sign(16, b":");
    let (Some(year), Some(month), Some(day)) = (year, month, day) else { return Err(no()) };
    let (Some(hour), Some(minute), Some(second)) = (hour, minute, second) else { return Err(no()) };
    let possible = signs
        && (1..=12).contains(&month)
        && (1..=days_of(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    if !possible {
        return Err(no());
    }
    let rest = text.get(19..).ok_or_else(no)?;
    let (nanoseconds, zone) = match rest.strip_prefix('.') {
        None => (0, rest),
        Some(rest) => {
            let end = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(no)?;
            (fraction(&rest[..end]).ok_or_else(no)?, &rest[end..])
        }
    };
    let offset = offset(zone).ok_or_else(no)?;
    let seconds = days(year, month, day) * DAY + hour * 3600 + minute * 60 + second - offset;
    moment(i128::from(seconds) * SECOND + i128::from(nanoseconds))
}

/// Up to nine digits of a fraction of a second, in nanoseconds.
fn fraction(digits: &str) -> Option<i64> {
    if digits.is_empty() || digits.len() > 9 {
        return None;
    }
    format!("{digits:0<9}").parse().ok()
}

/// How many seconds a zone is ahead of UTC.
fn offset(zone: &str) -> Option<i64> {
    let bytes = zone.as_bytes();
    let (sign, digits) = match bytes.split_first()? {
        (b'Z' | b'z', []) => return Some(0),
        (b'+', digits) => (1, digits),
        (b'-', digits) => (-1, digits),
        _ => return None,
    };
    let [a, b, b':', c, d] = *digits else { return None };
    let digit = |byte: u8| byte.is_ascii_digit().then(|| i64::from(byte - b'0'));
    let (hours, minutes) = (digit(a)? * 10 + digit(b)?, digit(c)? * 10 + digit(d)?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

/// Reads a duration: `1h30m`, `-1.5s`, `250ms`.
pub(crate) fn parse_span(text: &str) -> Result<i128, String> {
    let no = || {
        let text: String = text.chars().take(40).collect();
        format!("`{text}` is no duration; one is `720h`, `1h30m` or `1.5s`")
    };
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Ok(0);
    }
    let mut total = 0_i128;
    let mut any = false;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').ok_or_else(no)?;
        let (number, behind) = rest.split_at(end);
        let units = [
            ("ns", 1),
            ("us", 1_000),
            ("µs", 1_000),
            ("ms", 1_000_000),
            ("s", SECOND),
            ("m", 60 * SECOND),
            ("h", 3600 * SECOND),
        ];
        let unit = units.into_iter().find(|(unit, _)| behind.starts_with(unit)).ok_or_else(no)?;
        rest = &behind[unit.0.len()..];
        let (whole, part) = number.split_once('.').unwrap_or((number, ""));
        if whole.is_empty() && part.is_empty() || part.contains('.') {
            return Err(no());
        }
        let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().map_err(|_| no())? };
        let part = if part.is_empty() { 0 } else { fraction(part).ok_or_else(no)? };
        total += i128::from(whole) * unit.1 + i128::from(part) * unit.1 / SECOND;
        any = true;
    }
    if !any {
        return Err(no());
    }
    span(if negative { -total } else { total })
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
        // The guess is never late, and a few years early at the most.
        let mut year = 1970 + count.div_euclid(if count < 0 { 365 } else { 366 });
        while days(year + 1, 1, 1) <= count {
            year += 1;
        }
        let day_of_year = count - days(year, 1, 1);
        let mut month = 1;
        let mut day = day_of_year;
        while day >= days_of(year, month) {
            day -= days_of(year, month);
            month += 1;
        }
        Self {
            year,
            month,
            day: day + 1,
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

fn leaps(year: i64) -> bool {
    year % 4 == 0 && year % 100 != 0 || year % 400 == 0
}

fn days_of(year: i64, month: i64) -> i64 {
    match month {
        2 if leaps(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from the Unix epoch to a date.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let before = year - 1;
    let leap_days = before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400);
    // 719,162 days lie between the first of January of the year 1 and that of 1970.
    let first = before * 365 + leap_days - 719_162;
    (1..month).fold(first, |sum, month| sum + days_of(year, month)) + day - 1
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
