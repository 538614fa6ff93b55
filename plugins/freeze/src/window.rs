//! Windows of time: fixed ones, and those of every week.

use lockgate_plugin::instant::Instant;

/// The seconds of a day.
const DAY: i64 = 86_400;

/// The seconds of a week.
pub(crate) const WEEK: i64 = 7 * DAY;

/// The days of a week as settings write them. The first is Monday, as ISO 8601 has it.
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// What the first day of the Unix epoch was: a Thursday.
const EPOCH_DAY: i64 = 3;

/// When a window is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    /// Once. INVARIANT: it begins before it ends.
    Fixed { from: i64, until: i64 },
    /// Every week, in seconds since Monday. INVARIANT: it begins and ends within a week, and not at the
    /// same second; where it ends before it begins, it goes on over the week's end.
    Weekly { from: i64, until: i64 },
}

/// One time at which a window is there: from a moment on, and until before another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) from: i64,
    pub(crate) until: i64,
}

impl When {
    /// The span that holds a moment; none where the window is not there then.
    pub(crate) fn span(self, at: i64) -> Option<Span> {
        let span = match self {
            Self::Fixed { from, until } => Span { from, until },
            Self::Weekly { from, until } => {
                let began = at.checked_sub((since_monday(at) - from).rem_euclid(WEEK))?;
                let until = began.checked_add((until - from).rem_euclid(WEEK))?;
                Span { from: began, until }
            }
        };
        (span.from <= at && at < span.until).then_some(span)
    }

    /// As settings write it.
    pub(crate) fn text(self) -> String {
        match self {
            Self::Fixed { from, until } => {
                format!("{}/{}", Instant::from_unix(from), Instant::from_unix(until))
            }
            Self::Weekly { from, until } => {
                format!("{}/{}", time_of_week(from), time_of_week(until))
            }
        }
    }
}

/// How many seconds of its week a moment lies after Monday's beginning.
fn since_monday(at: i64) -> i64 {
    // Taken apart first, so that no moment is too far away.
    (at.rem_euclid(WEEK) + EPOCH_DAY * DAY).rem_euclid(WEEK)
}

/// From `fri 16:00` to seconds since Monday.
pub(crate) fn parse_time_of_week(text: &str) -> Option<i64> {
    let (day, time) = text.split_once(' ')?;
    let day = DAYS.iter().position(|known| *known == day)?;
    let [a, b, b':', c, d] = *time.as_bytes() else { return None };
    let two = |tens: u8, ones: u8| {
        let are_digits = tens.is_ascii_digit() && ones.is_ascii_digit();
        are_digits.then(|| i64::from(tens - b'0') * 10 + i64::from(ones - b'0'))
    };
    let (hour, minute) = (two(a, b)?, two(c, d)?);
    let day = i64::try_from(day).ok()?;
    (hour < 24 && minute < 60).then_some(day * DAY + hour * 3_600 + minute * 60)
}

fn time_of_week(seconds: i64) -> String {
    let day = usize::try_from(seconds / DAY).ok().and_then(|day| DAYS.get(day)).unwrap_or(&"");
    format!("{day} {:02}:{:02}", seconds % DAY / 3_600, seconds % 3_600 / 60)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn weekly(from: &str, until: &str) -> When {
        let time = |text| parse_time_of_week(text).unwrap();
        When::Weekly { from: time(from), until: time(until) }
    }

    fn at(text: &str) -> i64 {
        text.parse::<Instant>().unwrap().unix()
    }

    #[test]
    fn a_weekly_window_goes_on_over_the_end_of_the_week() {
        let weekend = weekly("fri 16:00", "mon 08:00");
        let span = Span { from: at("2026-10-02T16:00:00Z"), until: at("2026-10-05T08:00:00Z") };
        for inside in ["2026-10-02T16:00:00Z", "2026-10-04T23:59:59Z", "2026-10-05T07:59:59Z"] {
            assert_eq!(weekend.span(at(inside)), Some(span), "{inside}");
        }
        for outside in ["2026-10-02T15:59:59Z", "2026-10-05T08:00:00Z", "2026-10-07T12:00:00Z"] {
            assert_eq!(weekend.span(at(outside)), None, "{outside}");
        }
        let night = weekly("tue 22:00", "tue 23:30");
        assert_eq!(
            night.span(at("2026-10-06T22:15:00Z")),
            Some(Span { from: at("2026-10-06T22:00:00Z"), until: at("2026-10-06T23:30:00Z") })
        );
    }

    #[test]
    fn what_is_no_time_of_a_week_is_none() {
        for text in [
            "",
            "fri",
            "fri ",
            "Fri 16:00",
            "friday 16:00",
            "fri 24:00",
            "fri 16:60",
            "fri 6:00",
            "fri 16:00 ",
            "fri  16:00",
            "fri 16.00",
            "fri +1:00",
            "xyz 16:00",
            "fri é6:0",
        ] {
            assert_eq!(parse_time_of_week(text), None, "{text}");
        }
        for text in ["mon 00:00", "fri 16:05", "sun 23:59"] {
            assert_eq!(time_of_week(parse_time_of_week(text).unwrap()), text);
        }
    }

    #[test]
    fn no_moment_is_too_far_away() {
        for far in [i64::MIN, i64::MIN + 1, i64::MAX - 1, i64::MAX] {
            let _ = weekly("sun 23:59", "sun 23:58").span(far);
            let _ = weekly("mon 00:00", "tue 00:00").span(far);
        }
    }

    proptest! {
        #[test]
        fn a_moment_lies_in_its_week_where_another_library_says(
            unix in -62_167_219_200_i64..=253_402_207_200
        ) {
            let theirs = jiff::Timestamp::from_second(unix).unwrap().to_zoned(jiff::tz::TimeZone::UTC);
            let day = i64::from(theirs.weekday().to_monday_zero_offset());
            let time = i64::from(theirs.hour()) * 3_600
                + i64::from(theirs.minute()) * 60
                + i64::from(theirs.second());
            prop_assert_eq!(since_monday(unix), day * DAY + time);
        }

        #[test]
        fn a_span_holds_the_moment_and_begins_and_ends_as_the_window_says(
            unix in -62_167_219_200_i64..=253_402_207_200,
            from in 0..WEEK / 60,
            until in 0..WEEK / 60,
        ) {
            prop_assume!(from != until);
            let (from, until) = (from * 60, until * 60);
            let week = since_monday(unix);
            // The definition, without arithmetic on spans.
            let is_there =
                if from < until { from <= week && week < until } else { week >= from || week < until };
            let span = When::Weekly { from, until }.span(unix);
            prop_assert_eq!(span.is_some(), is_there);
            if let Some(span) = span {
                prop_assert!(span.from <= unix && unix < span.until);
                prop_assert!(span.until - span.from < WEEK);
                prop_assert_eq!(since_monday(span.from), from);
                prop_assert_eq!(since_monday(span.until), until);
            }
        }
    }
}
