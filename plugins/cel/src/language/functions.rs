//! Functions.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::moment::{self, Date};
use super::pattern::Patterns;
use super::types::Type;
use super::value::{Text, Value};

/// A function, in whichever form it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Function {
    Size,
    Contains,
    StartsWith,
    EndsWith,
    Matches,
    Timestamp,
    Duration,
    Int,
    Uint,
    Double,
    String,
    Bytes,
    LowerAscii,
    UpperAscii,
    Trim,
    Split,
    Join,
    Replace,
    Substring,
    Distinct,
    Flatten,
    /// A part of a timestamp, or of a duration.
    Part(Part),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    FullYear,
    Month,
    DayOfMonth,
    Date,
    DayOfWeek,
    DayOfYear,
    Hours,
    Minutes,
    Seconds,
    Milliseconds,
}

/// A function, its name, whether it is called `f(a)` and `a.f()`, and how many values it takes, the
/// receiver included.
type Row = (Function, &'static str, bool, bool, usize, usize);

const ALL: [Row; 31] = [
    (Function::Size, "size", true, true, 1, 1),
    (Function::Contains, "contains", false, true, 2, 2),
    (Function::StartsWith, "startsWith", false, true, 2, 2),
    (Function::EndsWith, "endsWith", false, true, 2, 2),
    (Function::Matches, "matches", true, true, 2, 2),
    (Function::Timestamp, "timestamp", true, false, 1, 1),
    (Function::Duration, "duration", true, false, 1, 1),
    (Function::Int, "int", true, false, 1, 1),
    (Function::Uint, "uint", true, false, 1, 1),
    (Function::Double, "double", true, false, 1, 1),
    (Function::String, "string", true, false, 1, 1),
    (Function::Bytes, "bytes", true, false, 1, 1),
    (Function::LowerAscii, "lowerAscii", false, true, 1, 1),
    (Function::UpperAscii, "upperAscii", false, true, 1, 1),
    (Function::Trim, "trim", false, true, 1, 1),
    (Function::Split, "split", false, true, 2, 2),
    (Function::Join, "join", false, true, 1, 2),
    (Function::Replace, "replace", false, true, 3, 3),
    (Function::Substring, "substring", false, true, 2, 3),
    (Function::Distinct, "distinct", false, true, 1, 1),
    (Function::Flatten, "flatten", false, true, 1, 1),
    (Function::Part(Part::FullYear), "getFullYear", false, true, 1, 1),
    (Function::Part(Part::Month), "getMonth", false, true, 1, 1),
    (Function::Part(Part::DayOfMonth), "getDayOfMonth", false, true, 1, 1),
    (Function::Part(Part::Date), "getDate", false, true, 1, 1),
    (Function::Part(Part::DayOfWeek), "getDayOfWeek", false, true, 1, 1),
    (Function::Part(Part::DayOfYear), "getDayOfYear", false, true, 1, 1),
    (Function::Part(Part::Hours), "getHours", false, true, 1, 1),
    (Function::Part(Part::Minutes), "getMinutes", false, true, 1, 1),
    (Function::Part(Part::Seconds), "getSeconds", false, true, 1, 1),
    (Function::Part(Part::Milliseconds), "getMilliseconds", false, true, 1, 1),
];

impl Function {
    /// The function of this name that is called `f(a)`.
    pub(crate) fn global(name: &str) -> Result<Self, String> {
        Self::find(name, |row| row.2, |name| format!("`{name}` is called `a.{name}(…)`"))
    }

    /// The function of this name that is called `a.f()`.
    pub(crate) fn method(name: &str) -> Result<Self, String> {
        Self::find(name, |row| row.3, |name| format!("`{name}` is called `{name}(…)`"))
    }

    fn find(
        name: &str,
        form: impl Fn(&Row) -> bool,
        otherwise: impl Fn(&str) -> String,
    ) -> Result<Self, String> {
        match ALL.iter().find(|row| row.1 == name) {
            Some(row) if form(row) => Ok(row.0),
            Some(row) => Err(otherwise(row.1)),
            None => {
                let known: Vec<&str> = ALL.iter().map(|row| row.1).collect();
                Err(format!("there is no function `{name}`; there are `{}`", known.join("`, `")))
            }
        }
    }

    fn row(self) -> &'static Row {
        ALL.iter().find(|row| row.0 == self).unwrap_or(&ALL[0])
    }

    pub(crate) fn name(self) -> &'static str {
        self.row().1
    }

    /// Whether it takes so many values.
    pub(crate) fn takes(self, count: usize) -> Result<(), String> {
        let &(_, name, _, method, least, most) = self.row();
        if (least..=most).contains(&count) {
            return Ok(());
        }
        let zone =
            matches!(self, Self::Part(_)).then_some("; it is asked in UTC, which has no name");
        let receiver = usize::from(method && count > 0);
        Err(format!(
            "`{name}` does not take {} arguments{}",
            count - receiver,
            zone.unwrap_or_default()
        ))
    }

    /// What it gives for values of these types.
    pub(crate) fn gives(self, types: &[Type]) -> Result<Type, String> {
        let is = |number: usize, fits: &dyn Fn(&Type) -> bool| {
            let ty = types.get(number).unwrap_or(&Type::Any).stated();
            matches!(ty, Type::Any) || fits(ty)
        };
        let text = |ty: &Type| matches!(ty, Type::Text);
        let texts = |numbers: std::ops::Range<usize>| numbers.into_iter().all(|n| is(n, &text));
        let list_of_texts = |ty: &Type| matches!(ty, Type::List(inner) if inner.meets(&Type::Text));
        let (fits, gives) = match self {
            Self::Size => {
                let sized =
                    |ty: &Type| matches!(ty, Type::Text | Type::Bytes | Type::List(_) | Type::Map);
                (is(0, &sized), Type::Int)
            }
            Self::Contains | Self::StartsWith | Self::EndsWith | Self::Matches => {
                (texts(0..2), Type::Bool)
            }
            Self::Timestamp => {
                let fits = |ty: &Type| matches!(ty, Type::Text | Type::Int | Type::Moment);
                (is(0, &fits), Type::Moment)
            }
            Self::Duration => (is(0, &|ty| matches!(ty, Type::Text | Type::Span)), Type::Span),
            Self::Int => {
                let fits = |ty: &Type| ty.is_number() || matches!(ty, Type::Text | Type::Moment);
                (is(0, &fits), Type::Int)
            }
            Self::Uint => (is(0, &|ty| ty.is_number() || text(ty)), Type::Uint),
            Self::Double => (is(0, &|ty| ty.is_number() || text(ty)), Type::Double),
            Self::String => {
                let fits = |ty: &Type| {
                    ty.is_number()
                        || matches!(
                            ty,
                            Type::Text | Type::Bool | Type::Bytes | Type::Moment | Type::Span
                        )
                };
                (is(0, &fits), Type::Text)
            }
            Self::Bytes => (is(0, &|ty| matches!(ty, Type::Text | Type::Bytes)), Type::Bytes),
            Self::LowerAscii | Self::UpperAscii | Self::Trim => (texts(0..1), Type::Text),
            Self::Split => (texts(0..2), Type::List(Type::Text.into())),
            Self::Join => (is(0, &list_of_texts) && is(1, &text), Type::Text),
            Self::Replace => (texts(0..3), Type::Text),
            Self::Substring => {
                let int = |ty: &Type| matches!(ty, Type::Int);
                (is(0, &text) && is(1, &int) && is(2, &int), Type::Text)
            }
            Self::Distinct => {
                let fits = |ty: &Type| match ty {
                    Type::List(inner) => {
                        matches!(inner.stated(), Type::Any | Type::Text | Type::Int)
                    }
                    _ => false,
                };
                let gives = types.first().unwrap_or(&Type::Any).stated().clone();
                (is(0, &fits), gives)
            }
            Self::Flatten => {
                let gives = match types.first().unwrap_or(&Type::Any).stated() {
                    Type::List(inner) => match inner.stated() {
                        inner @ Type::List(_) => Some(inner.clone()),
                        Type::Any => Some(Type::List(Type::Any.into())),
                        _ => None,
                    },
                    Type::Any => Some(Type::List(Type::Any.into())),
                    _ => None,
                };
                (gives.is_some(), gives.unwrap_or(Type::Any))
            }
            Self::Part(_) => (is(0, &|ty| matches!(ty, Type::Moment | Type::Span)), Type::Int),
        };
        if fits {
            return Ok(gives);
        }
        let given: Vec<String> = types.iter().map(ToString::to_string).collect();
        Err(format!("`{}` is not for {}", self.name(), given.join(", ")))
    }

    /// Whether a question about two texts is true of them.
    pub(crate) fn is_true_of(self, text: &str, part: &str) -> bool {
        let given = [Value::from(text), Value::from(part)];
        matches!(self.call(&given, &Patterns::default()), Ok(Value::Bool(true)))
    }

    /// What it comes to.
    pub(crate) fn call<'v>(
        self,
        arguments: &[Value<'v>],
        patterns: &Patterns,
    ) -> Result<Value<'v>, String> {
        let text = |number: usize| match arguments.get(number) {
            Some(Value::Text(text)) => Ok(text),
            other => Err(self.refuses(other)),
        };
        let first = arguments.first().ok_or_else(|| self.refuses(None))?;
        Ok(match self {
            Self::Size => {
                let size = match first {
                    Value::Text(text) => Some(text.chars().count()),
                    Value::Bytes(bytes) => Some(bytes.len()),
                    other => other.len(),
                };
                let size = size.ok_or_else(|| self.refuses(Some(first)))?;
                Value::Int(i64::try_from(size).map_err(|_| "it is too large")?)
            }
            Self::Contains => Value::Bool(text(0)?.contains(&**text(1)?)),
            Self::StartsWith => Value::Bool(text(0)?.starts_with(&**text(1)?)),
            Self::EndsWith => Value::Bool(text(0)?.ends_with(&**text(1)?)),
            Self::Matches => Value::Bool(patterns.matches(text(0)?, text(1)?)?),
            Self::LowerAscii => Value::from(text(0)?.to_ascii_lowercase()),
            Self::UpperAscii => Value::from(text(0)?.to_ascii_uppercase()),
            Self::Trim => match text(0)? {
                Text::Given(text) => Value::from(text.trim()),
                Text::Made(text) => Value::from(text.trim().to_owned()),
            },
            Self::Split => split(text(0)?, text(1)?),
            Self::Join => {
                let between = if arguments.len() > 1 { &**text(1)? } else { "" };
                let mut joined = String::new();
                let parts = first.elements().ok_or_else(|| self.refuses(Some(first)))?;
                for (number, part) in parts.enumerate() {
                    let Value::Text(part) = &part else { return Err(self.refuses(Some(&part))) };
                    joined.push_str(if number == 0 { "" } else { between });
                    joined.push_str(part);
                }
                Value::from(joined)
            }
            Self::Replace => Value::from(text(0)?.replace(&**text(1)?, text(2)?)),
            Self::Substring => substring(text(0)?, &arguments[1..])?,
            Self::Distinct => self.distinct(first)?,
            Self::Flatten => self.flatten(first)?,
            Self::Part(part) => {
                Value::Int(part.of(first).ok_or_else(|| self.refuses(Some(first)))?)
            }
            Self::Timestamp
            | Self::Duration
            | Self::Int
            | Self::Uint
            | Self::Double
            | Self::String
            | Self::Bytes => return self.convert(first),
        })
    }

    fn refuses(self, found: Option<&Value<'_>>) -> String {
        let found = found.map_or("nothing", Value::kind);
        format!("`{}` is not for {found}", self.name())
    }

    fn convert<'v>(self, value: &Value<'v>) -> Result<Value<'v>, String> {
        let range = || format!("`{}` does not have {}", self.name(), value.shown());
        let parsed = |text: &Text<'_>| {
            let shown: String = text.chars().take(40).collect();
            format!("`{}` cannot read `{shown}`", self.name())
        };
        Ok(match (self, value) {
            (Self::Timestamp, Value::Text(text)) => Value::Moment(moment::parse(text)?),
            (Self::Timestamp, Value::Int(seconds)) => Value::Moment(moment::of_seconds(*seconds)?),
            (Self::Timestamp, Value::Moment(_))
            | (Self::Duration, Value::Span(_))
            | (Self::Int, Value::Int(_))
            | (Self::Uint, Value::Uint(_))
            | (Self::Double, Value::Double(_))
            | (Self::String, Value::Text(_))
            | (Self::Bytes, Value::Bytes(_)) => value.clone(),
            (Self::Duration, Value::Text(text)) => Value::Span(moment::parse_span(text)?),
            (Self::Int, Value::Moment(moment)) => Value::Int(moment::to_seconds(*moment)),
            (Self::Int, Value::Uint(number)) => {
                Value::Int(i64::try_from(*number).map_err(|_| range())?)
            }
            (Self::Int, Value::Double(number)) => Value::Int(whole(*number).ok_or_else(range)?),
            (Self::Int, Value::Text(text)) => Value::Int(text.parse().map_err(|_| parsed(text))?),
            (Self::Uint, Value::Int(number)) => {
                Value::Uint(u64::try_from(*number).map_err(|_| range())?)
            }
            (Self::Uint, Value::Double(number)) => {
                let number = whole(*number).and_then(|number| u64::try_from(number).ok());
                Value::Uint(number.ok_or_else(range)?)
            }
            (Self::Uint, Value::Text(text)) => Value::Uint(text.parse().map_err(|_| parsed(text))?),
            // Rounded to the next double, as everywhere.
            (Self::Double, Value::Int(number)) => Value::Double(*number as f64),
            (Self::Double, Value::Uint(number)) => Value::Double(*number as f64),
            (Self::Double, Value::Text(text)) => {
                let number: f64 = text.parse().map_err(|_| parsed(text))?;
                if !number.is_finite() {
                    return Err(parsed(text));
                }
                Value::Double(number)
            }
            (Self::String, Value::Bool(truth)) => Value::from(truth.to_string()),
            (Self::String, Value::Int(number)) => Value::from(number.to_string()),
            (Self::String, Value::Uint(number)) => Value::from(number.to_string()),
            (Self::String, Value::Double(number)) => Value::from(number.to_string()),
            (Self::String, Value::Moment(moment)) => Value::from(moment::written(*moment)),
            (Self::String, Value::Span(span)) => Value::from(moment::lasting(*span)),
            (Self::String, Value::Bytes(bytes)) => {
                let text = std::str::from_utf8(bytes).map_err(|_| "the bytes are no text")?;
                Value::from(text.to_owned())
            }
            (Self::Bytes, Value::Text(text)) => Value::Bytes(text.as_bytes().into()),
            _ => return Err(self.refuses(Some(value))),
        })
    }

    /// The different elements, in the order in which they come first.
    fn distinct<'v>(self, list: &Value<'v>) -> Result<Value<'v>, String> {
        let elements = list.elements().ok_or_else(|| self.refuses(Some(list)))?;
        let (mut texts, mut numbers) = (BTreeSet::new(), BTreeSet::new());
        let mut distinct = Vec::new();
        for element in elements {
            let new = match &element {
                Value::Text(text) => texts.insert(text.to_string()),
                Value::Int(number) => numbers.insert(*number),
                other => return Err(self.refuses(Some(other))),
            };
            if !texts.is_empty() && !numbers.is_empty() {
                return Err("the list has strings and ints in it".into());
            }
            if new {
                distinct.push(element);
            }
        }
        Ok(Value::List(distinct.into()))
    }

    /// The elements of the lists in a list.
    fn flatten<'v>(self, list: &Value<'v>) -> Result<Value<'v>, String> {
        let mut all = Vec::new();
        for inner in list.elements().ok_or_else(|| self.refuses(Some(list)))? {
            all.extend(inner.elements().ok_or_else(|| self.refuses(Some(&inner)))?);
        }
        Ok(Value::List(all.into()))
    }
}

/// A double as an int, without its fraction; none where it does not fit.
#[expect(clippy::cast_possible_truncation, reason = "it was held against the range before")]
fn whole(number: f64) -> Option<i64> {
    // 2^63 is a double, and i64::MAX is none.
    const END: f64 = 9_223_372_036_854_775_808.0;
    (number > -END && number < END).then_some(number as i64)
}

/// What stands between separators; each character where the separator is empty.
fn split<'v>(text: &Text<'v>, separator: &str) -> Value<'v> {
    let parts: Rc<[Value<'v>]> = match text {
        Text::Given(text) if separator.is_empty() => {
            text.char_indices().map(|(at, c)| Value::from(&text[at..at + c.len_utf8()])).collect()
        }
        Text::Given(text) => text.split(separator).map(Value::from).collect(),
        Text::Made(text) if separator.is_empty() => {
            text.chars().map(|c| Value::from(c.to_string())).collect()
        }
        Text::Made(text) => {
            text.split(separator).map(|part| Value::from(part.to_owned())).collect()
        }
    };
    Value::List(parts)
}

/// From one character to another, counted from 0.
fn substring<'v>(text: &Text<'v>, places: &[Value<'v>]) -> Result<Value<'v>, String> {
    let place = |number: usize| match places.get(number) {
        Some(Value::Int(place)) => usize::try_from(*place)
            .map(Some)
            .map_err(|_| format!("{place} is no place in a string")),
        Some(other) => Err(format!("{} is no place in a string", other.kind())),
        None => Ok(None),
    };
    let (start, end) = (place(0)?.unwrap_or_default(), place(1)?);
    let count = text.chars().count();
    let end = end.unwrap_or(count);
    if start > end || end > count {
        return Err(format!("the string has {count} characters, and {start} to {end} are wanted"));
    }
    let part: String = text.chars().skip(start).take(end - start).collect();
    Ok(Value::from(part))
}

impl Part {
    /// The part of a value that has it; months and days of the year count from 0, as CEL has it.
    fn of(self, value: &Value<'_>) -> Option<i64> {
        match value {
            Value::Moment(moment) => {
                let date = Date::of(*moment);
                Some(match self {
                    Self::FullYear => date.year,
                    Self::Month => date.month - 1,
                    Self::DayOfMonth => date.day - 1,
                    Self::Date => date.day,
                    Self::DayOfWeek => date.day_of_week,
                    Self::DayOfYear => date.day_of_year,
                    Self::Hours => date.hour,
                    Self::Minutes => date.minute,
                    Self::Seconds => date.second,
                    Self::Milliseconds => date.nanosecond / 1_000_000,
                })
            }
            Value::Span(span) => {
                let milliseconds = i64::try_from(span / 1_000_000).ok()?;
                match self {
                    Self::Hours => Some(milliseconds / 3_600_000),
                    Self::Minutes => Some(milliseconds / 60_000),
                    Self::Seconds => Some(milliseconds / 1000),
                    Self::Milliseconds => Some(milliseconds % 1000),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}
