//! Lengths of time in settings: `"30d"`, `"24h"`, `"90m"`, `"10s"`, as in policy files.

use std::fmt;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};

/// The units, longest first.
const UNITS: [(char, u64); 4] = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

/// The most digits that the number may have. It is more than anybody means, and no unit overflows.
const MAX_DIGITS: usize = 9;

/// What is accepted, in words.
const FORM: &str = "a duration, for example `\"30d\"` or `\"24h\"`";

/// A length of time, at least a second: a number from 1 on with one of the units `d`, `h`, `m` and
/// `s` behind it.
///
/// Use it as a field of settings, and write [`Duration::PATTERN`] into their schema.
///
/// ```
/// use lockgate_plugin::duration::Duration;
///
/// let week: Duration = "7d".parse().unwrap();
/// assert_eq!(week.seconds(), 604_800);
/// assert!(serde_json::from_str::<Duration>(r#""7""#).is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duration {
    // INVARIANT: not 0.
    seconds: u64,
}

impl Duration {
    /// What a schema says of a text that is one: `"type": "string"` and this `pattern`.
    pub const PATTERN: &str = "^[1-9][0-9]{0,8} *[dhms]$";

    /// How many seconds it has.
    #[must_use]
    pub const fn seconds(self) -> u64 {
        self.seconds
    }

    /// Whether what was at one moment is older than this at another; both in seconds since the Unix
    /// epoch. What lies in the future has no age.
    #[must_use]
    pub fn is_outlived(self, then: i64, at: i64) -> bool {
        u64::try_from(at.saturating_sub(then)).is_ok_and(|age| age > self.seconds)
    }
}

/// In the longest unit that divides it.
impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = UNITS.into_iter().find(|(_, factor)| self.seconds.is_multiple_of(*factor));
        let (unit, factor) = unit.unwrap_or(('s', 1));
        write!(f, "{}{unit}", self.seconds / factor)
    }
}

/// A text that is no duration.
#[derive(Debug, PartialEq, Eq)]
pub struct DurationError(String);

impl fmt::Display for DurationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not {FORM}", self.0)
    }
}

impl std::error::Error for DurationError {}

impl FromStr for Duration {
    type Err = DurationError;

    fn from_str(text: &str) -> Result<Self, DurationError> {
        parsed(text).map(|seconds| Self { seconds }).ok_or_else(|| DurationError(text.to_owned()))
    }
}

fn parsed(text: &str) -> Option<u64> {
    let unit = text.chars().next_back()?;
    let (_, factor) = UNITS.into_iter().find(|(known, _)| *known == unit)?;
    let digits = text.strip_suffix(unit)?.trim_end_matches(' ');
    let plain = !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !plain || digits.len() > MAX_DIGITS {
        return None;
    }
    digits.parse::<u64>().ok()?.checked_mul(factor)
}

impl<'de> Deserialize<'de> for Duration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Text)
    }
}

struct Text;

impl Visitor<'_> for Text {
    type Value = Duration;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(FORM)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Duration, E> {
        text.parse().map_err(|_| E::invalid_value(Unexpected::Str(text), &self))
    }
}

/// A sequence of numbers with a unit each, as the languages of policies write lengths of time: `1h30m`,
/// `-1.5s`, `250ms`. In nanoseconds; none where it is none. What is finer is left out.
#[must_use]
pub fn nanoseconds(text: &str) -> Option<i128> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0);
    }
    let mut sum = 0_i128;
    let mut any = false;
    while !rest.is_empty() {
        let (number, after) = rest.split_at(rest.find(|c| !is_part(c))?);
        let (unit, after) = after.split_at(after.find(is_part).unwrap_or(after.len()));
        let unit: i128 = match unit {
            "ns" => 1,
            "us" | "µs" | "μs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            _ => return None,
        };
        let (whole, part) = number.split_once('.').unwrap_or((number, ""));
        // What is longer is out of everybody's range, or finer than a nanosecond.
        if whole.len() + part.len() == 0 || whole.len() > 19 || part.len() > 15 {
            return None;
        }
        let digits = |text: &str| if text.is_empty() { Some(0_i128) } else { text.parse().ok() };
        let scale = part.bytes().fold(1_i128, |scale, _| scale * 10);
        sum = sum.checked_add(digits(whole)?.checked_mul(unit)?)?;
        sum = sum.checked_add(digits(part)? * unit / scale)?;
        any = true;
        rest = after;
    }
    any.then_some(sign * sum)
}

/// Whether it is of a number, and no unit.
fn is_part(c: char) -> bool {
    c.is_ascii_digit() || c == '.'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str) -> Option<u64> {
        text.parse().ok().map(Duration::seconds)
    }

    #[test]
    fn a_number_and_a_unit_are_a_duration() {
        assert_eq!(seconds("30d"), Some(2_592_000));
        assert_eq!(seconds("24 h"), Some(86_400));
        assert_eq!(seconds("90m"), Some(5_400));
        assert_eq!(seconds("1s"), Some(1));
        assert_eq!(seconds("999999999d"), Some(86_399_999_913_600));
    }

    #[test]
    fn what_is_none_is_refused_with_an_example() {
        for text in
            ["", "d", "30", "0d", "030d", "+3d", "-3d", "1.5h", "3D", "3d ", " 3d", "1w", "3 é"]
        {
            assert_eq!(seconds(text), None, "{text}");
        }
        assert_eq!(seconds("1000000000s"), None);
        assert_eq!(
            "1w".parse::<Duration>().unwrap_err().to_string(),
            "`1w` is not a duration, for example `\"30d\"` or `\"24h\"`"
        );
        assert_eq!(
            serde_json::from_str::<Duration>("\"1w\"").unwrap_err().to_string(),
            "invalid value: string \"1w\", expected a duration, for example `\"30d\"` or `\"24h\"` \
             at line 1 column 4"
        );
        assert_eq!(
            serde_json::from_str::<Duration>("7").unwrap_err().to_string(),
            "invalid type: integer `7`, expected a duration, for example `\"30d\"` or `\"24h\"` at \
             line 1 column 1"
        );
    }

    #[test]
    fn it_is_shown_in_the_longest_unit_that_divides_it() {
        for (text, shown) in [("48h", "2d"), ("36h", "36h"), ("90s", "90s"), ("60m", "1h")] {
            assert_eq!(text.parse::<Duration>().unwrap().to_string(), shown);
        }
    }

    #[test]
    fn only_what_is_older_outlives_it() {
        let hour: Duration = "1h".parse().unwrap();
        assert!(!hour.is_outlived(0, 3_600));
        assert!(hour.is_outlived(0, 3_601));
        assert!(!hour.is_outlived(10, 0));
        assert!(hour.is_outlived(i64::MIN, i64::MAX));
    }
}
