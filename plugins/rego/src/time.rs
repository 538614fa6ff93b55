//! Time in Rego: the built-ins of that name, for the moment that is asked for, and in UTC.
//!
//! There is no clock. What cannot be answered is an error, never undefined.

use anyhow::{Result, anyhow, bail};
use lockgate_plugin::duration;
use lockgate_plugin::instant::{self as calendar, Instant, with_fraction};
use regorus::{Engine, Value};

/// The moment that is asked for, in seconds since the Unix epoch.
pub(crate) type At = fn() -> i64;

/// Nanoseconds of a second.
const SECOND: i64 = 1_000_000_000;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// The built-ins that are here, with how many arguments they take.
pub(crate) const BUILTINS: &[(&str, u8)] = &[
    ("time.add_date", 4),
    ("time.clock", 1),
    ("time.date", 1),
    ("time.format", 1),
    ("time.now_ns", 0),
    ("time.parse_duration_ns", 1),
    ("time.parse_ns", 2),
    ("time.parse_rfc3339_ns", 1),
    ("time.weekday", 1),
];

/// Adds the built-ins.
pub(crate) fn register(engine: &mut Engine, at: At) -> Result<()> {
    for &(name, arguments) in BUILTINS {
        let answer = move |given: Vec<Value>| {
            answer(name, &given, at).map_err(|why| anyhow!("`{name}`: {why}"))
        };
        engine.add_extension(name.to_owned(), arguments, Box::new(answer))?;
    }
    Ok(())
}

/// The interpreter has counted the arguments.
fn answer(name: &str, given: &[Value], at: At) -> Result<Value> {
    let first = given.first().unwrap_or(&Value::Undefined);
    Ok(match name {
        "time.now_ns" => nanoseconds(i128::from(at()) * i128::from(SECOND))?,
        "time.parse_rfc3339_ns" => parsed(text(first)?)?,
        "time.parse_ns" => {
            let written = text(given.get(1).unwrap_or(&Value::Undefined))?;
            match text(first)? {
                "RFC3339" | "RFC3339Nano" | "2006-01-02T15:04:05Z07:00" => parsed(written)?,
                "2006-01-02" => parsed(&format!("{written}T00:00:00Z"))?,
                other => {
                    bail!("the layout `{other}` is not read here; `RFC3339` and `2006-01-02` are")
                }
            }
        }
        "time.parse_duration_ns" => lasting(text(first)?)?,
        "time.format" => Value::from(written(moment(first, true)?)?),
        "time.date" => {
            let (year, month, day) = date(moment(first, false)?);
            Value::from(vec![year.into(), month.into(), day.into()])
        }
        "time.clock" => {
            let second = moment(first, false)?.div_euclid(SECOND).rem_euclid(DAY);
            let clock = [second / 3600, second / 60 % 60, second % 60];
            Value::from(clock.map(Value::from).to_vec())
        }
        "time.weekday" => {
            let days = moment(first, false)?.div_euclid(SECOND).div_euclid(DAY);
            Value::from(weekday(days))
        }
        "time.add_date" => {
            let count = |number: usize| {
                let value = given.get(number).unwrap_or(&Value::Undefined);
                integer(value).and_then(|count| Ok(i32::try_from(count)?))
            };
            added(moment(first, false)?, count(1)?, count(2)?, count(3)?)?
        }
        _ => bail!("there is no such built-in"),
    })
}

fn text(value: &Value) -> Result<&str> {
    match value {
        Value::String(text) => Ok(text),
        other => bail!("`{other}` is no string"),
    }
}

fn integer(value: &Value) -> Result<i64> {
    value.as_i64().map_err(|_| anyhow!("`{value}` is no integer"))
}

fn nanoseconds(count: i128) -> Result<Value> {
    match i64::try_from(count) {
        Ok(count) => Ok(Value::from(count)),
        Err(_) => bail!("nanoseconds reach from 1677 to 2262 and not further"),
    }
}

/// Nanoseconds since the Unix epoch, alone or with a time zone that is UTC, and where it is to be
/// written with a layout.
fn moment(value: &Value, layout: bool) -> Result<i64> {
    let Value::Array(parts) = value else { return integer(value) };
    let part = |number: usize| parts.get(number);
    if let Some(zone) = part(1)
        && !matches!(text(zone)?, "UTC" | "")
    {
        bail!("there are no time zones here but UTC");
    }
    match part(2) {
        Some(given) if layout && !matches!(text(given)?, "" | "RFC3339" | "RFC3339Nano") => {
            bail!("the layout `{}` is not written here; `RFC3339` is", text(given)?);
        }
        _ => integer(part(0).unwrap_or(&Value::Undefined)),
    }
}

fn parsed(text: &str) -> Result<Value> {
    let (instant, fraction) = with_fraction(text).map_err(|why| anyhow!("{why}"))?;
    nanoseconds(i128::from(instant.unix()) * i128::from(SECOND) + i128::from(fraction))
}

/// As RFC 3339, with as much of a second as there is.
fn written(nanoseconds: i64) -> Result<String> {
    let text = Instant::from_unix(nanoseconds.div_euclid(SECOND)).to_string();
    let fraction = nanoseconds.rem_euclid(SECOND);
    if fraction == 0 {
        return Ok(text);
    }
    let Some(seconds) = text.strip_suffix('Z') else { bail!("`{text}` is not in UTC") };
    let digits = format!("{fraction:09}");
    Ok(format!("{seconds}.{}Z", digits.trim_end_matches('0')))
}

fn date(nanoseconds: i64) -> (i64, i64, i64) {
    calendar::date(nanoseconds.div_euclid(SECOND).div_euclid(DAY))
}

/// Of a number of days since the Unix epoch, which was a Thursday.
fn weekday(days: i64) -> &'static str {
    match days.rem_euclid(7) {
        0 => "Thursday",
        1 => "Friday",
        2 => "Saturday",
        3 => "Sunday",
        4 => "Monday",
        5 => "Tuesday",
        _ => "Wednesday",
    }
}

/// As the Open Policy Agent counts: 31 October and a month is 31 November, which is 1 December.
fn added(nanoseconds_since: i64, years: i32, months: i32, days: i32) -> Result<Value> {
    let (year, month, day) = date(nanoseconds_since);
    let month = month - 1 + i64::from(months);
    let year = year + i64::from(years) + month.div_euclid(12);
    if !(0..=9999).contains(&year) {
        bail!("the year {year} is not one of four digits");
    }
    let first = calendar::days(year, month.rem_euclid(12) + 1, 1);
    let date = i128::from(first + day - 1 + i64::from(days)) * i128::from(DAY);
    let of_day = nanoseconds_since.rem_euclid(DAY * SECOND);
    nanoseconds(date * i128::from(SECOND) + i128::from(of_day))
}

fn lasting(text: &str) -> Result<Value> {
    let bad = || anyhow!("`{text}` is no duration, for example `72h` or `1h30m`");
    let sum = duration::nanoseconds(text).ok_or_else(bad)?;
    match i64::try_from(sum) {
        Ok(sum) => Ok(Value::from(sum)),
        Err(_) => bail!("`{text}` is longer than 292 years"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(name: &str, given: &str) -> String {
        let Value::Array(given) = Value::from_json_str(given).unwrap() else { panic!("no array") };
        match answer(name, &given.to_vec(), || 1_790_899_200) {
            Ok(value) => value.to_string(),
            Err(why) => format!("error: {why}"),
        }
    }

    #[test]
    fn now_is_the_moment_that_is_asked_for() {
        assert_eq!(asked("time.now_ns", "[]"), "1790899200000000000");
    }

    #[test]
    fn moments_are_read_to_the_nanosecond() {
        let parse = |text: &str| asked("time.parse_rfc3339_ns", &format!("[\"{text}\"]"));
        assert_eq!(parse("2026-10-02T00:00:00Z"), "1790899200000000000");
        assert_eq!(parse("2026-10-02T02:00:00.075+02:00"), "1790899200075000000");
        assert_eq!(parse("1969-12-31T23:59:59.5Z"), "-500000000");
        assert!(parse("2026-10-02").starts_with("error: "));
        assert!(parse("2300-01-01T00:00:00Z").contains("1677 to 2262"));
        assert_eq!(
            asked("time.parse_ns", r#"["2006-01-02", "2026-10-02"]"#),
            "1790899200000000000"
        );
        assert!(asked("time.parse_ns", r#"["Jan 2", "Oct 2"]"#).contains("`2006-01-02` are"));
        assert_eq!(asked("time.parse_rfc3339_ns", "[1]"), "error: `1` is no string");
    }

    #[test]
    fn moments_are_taken_apart_in_utc() {
        let at = "[1790902861500000000]";
        assert_eq!(asked("time.date", at), "[2026,10,2]");
        assert_eq!(asked("time.clock", at), "[1,1,1]");
        assert_eq!(asked("time.weekday", at), r#""Friday""#);
        assert_eq!(asked("time.format", at), r#""2026-10-02T01:01:01.5Z""#);
        assert_eq!(asked("time.format", r#"[[0, "UTC", "RFC3339"]]"#), r#""1970-01-01T00:00:00Z""#);
        assert!(asked("time.clock", r#"[[0, "Europe/Paris"]]"#).contains("UTC"));
        assert!(asked("time.date", "[1.5]").contains("no integer"));
    }

    #[test]
    fn dates_are_added_as_the_calendar_has_it() {
        let add = |text: &str, counts: &str| {
            let at = asked("time.parse_rfc3339_ns", &format!("[\"{text}\"]"));
            let sum = asked("time.add_date", &format!("[{at}, {counts}]"));
            asked("time.format", &format!("[{sum}]"))
        };
        assert_eq!(add("2026-10-31T12:00:00Z", "0, 1, 0"), r#""2026-12-01T12:00:00Z""#);
        assert_eq!(add("2026-01-31T00:00:00Z", "-1, -1, 1"), r#""2025-01-01T00:00:00Z""#);
        assert_eq!(add("2024-02-29T00:00:00.25Z", "1, 0, 0"), r#""2025-03-01T00:00:00.25Z""#);
    }

    #[test]
    fn durations_are_read_without_floats() {
        let parse = |text: &str| asked("time.parse_duration_ns", &format!("[\"{text}\"]"));
        assert_eq!(parse("1h30m"), "5400000000000");
        assert_eq!(parse("-1.5s"), "-1500000000");
        assert_eq!(parse("0"), "0");
        for bad in ["", "1", "h", "1.h.", "1 h", "1d", "99999999999999999999h"] {
            assert!(parse(bad).starts_with("error: "), "{bad}");
        }
        assert!(parse("9999999h").contains("292 years"));
    }
}
