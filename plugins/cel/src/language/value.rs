//! Values.

use std::fmt::Write as _;
use std::rc::Rc;

use serde_json::{Map as Object, Value as Json};

/// A value. What comes out of the facts is looked at where it lies and not copied.
#[derive(Debug, Clone)]
pub(crate) enum Value<'v> {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Double(f64),
    Text(Text<'v>),
    Bytes(Rc<[u8]>),
    /// A list of the facts.
    Elements(&'v [Json]),
    /// A list that was made.
    List(Rc<[Value<'v>]>),
    /// A map of the facts.
    Members(&'v Object<String, Json>),
    /// A map that was made: keys are different, and there are few.
    Map(Rc<[(Value<'v>, Value<'v>)]>),
    /// In nanoseconds since the Unix epoch.
    Moment(i128),
    /// In nanoseconds.
    Span(i128),
}

/// A text of the facts or of the expression, or one that was made.
#[derive(Debug, Clone)]
pub(crate) enum Text<'v> {
    Given(&'v str),
    Made(Rc<str>),
}

impl std::ops::Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Given(text) => text,
            Self::Made(text) => text,
        }
    }
}

impl<'v> From<&'v Json> for Value<'v> {
    fn from(json: &'v Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(truth) => Self::Bool(*truth),
            Json::Number(number) => {
                let whole = number.as_i64().map(Self::Int).or(number.as_u64().map(Self::Uint));
                // A number that is neither is a double, and those of JSON are finite.
                whole.unwrap_or_else(|| Self::Double(number.as_f64().unwrap_or_default()))
            }
            Json::String(text) => Self::Text(Text::Given(text)),
            Json::Array(elements) => Self::Elements(elements),
            Json::Object(members) => Self::Members(members),
        }
    }
}

impl<'v> From<&'v str> for Value<'v> {
    fn from(text: &'v str) -> Self {
        Self::Text(Text::Given(text))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Text::Made(text.into()))
    }
}

/// The longest text that a message repeats, in bytes: some two lines of a terminal.
pub(crate) const MAX_SHOWN: usize = 200;

/// A text for a message, cut where it is long.
pub(crate) fn cut(mut text: String) -> String {
    if text.len() > MAX_SHOWN {
        let end = (0..=MAX_SHOWN).rev().find(|&end| text.is_char_boundary(end));
        text.truncate(end.unwrap_or_default());
        text.push('…');
    }
    text
}

impl<'v> Value<'v> {
    /// What it is, for messages.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a bool",
            Self::Int(_) => "an int",
            Self::Uint(_) => "a uint",
            Self::Double(_) => "a double",
            Self::Text(_) => "a string",
            Self::Bytes(_) => "bytes",
            Self::Elements(_) | Self::List(_) => "a list",
            Self::Members(_) | Self::Map(_) => "a map",
            Self::Moment(_) => "a timestamp",
            Self::Span(_) => "a duration",
        }
    }

    /// The elements of a list; none for what is no list.
    pub(crate) fn elements(&self) -> Option<Elements<'_, 'v>> {
        match self {
            Self::Elements(elements) => Some(Elements::Given(elements.iter())),
            Self::List(elements) => Some(Elements::Made(elements.iter())),
            _ => None,
        }
    }

    /// How many elements a list has, or entries a map; none for what is neither.
    pub(crate) fn len(&self) -> Option<usize> {
        match self {
            Self::Elements(elements) => Some(elements.len()),
            Self::List(elements) => Some(elements.len()),
            Self::Members(members) => Some(members.len()),
            Self::Map(entries) => Some(entries.len()),
            _ => None,
        }
    }

    /// In the words of a person, bounded: for a finding.
    pub(crate) fn shown(&self) -> String {
        let mut shown = String::new();
        self.show(&mut shown, 0);
        cut(shown)
    }

    fn show(&self, out: &mut String, depth: u8) {
        // Enough was said, and what is nested this deep is not read.
        if out.len() > MAX_SHOWN || depth > 8 {
            out.push('…');
            return;
        }
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
            Self::Int(number) => push(out, number),
            Self::Uint(number) => push(out, number),
            Self::Double(number) => push(out, number),
            Self::Text(text) => {
                let text: String = text.chars().take(MAX_SHOWN + 1).collect();
                match depth {
                    0 => out.push_str(&text),
                    _ => out.push_str(&format!("\"{text}\"")),
                }
            }
            Self::Bytes(bytes) => push(out, format_args!("{} bytes", bytes.len())),
            Self::Moment(moment) => out.push_str(&super::moment::written(*moment)),
            Self::Span(span) => out.push_str(&super::moment::lasting(*span)),
            Self::Elements(_) | Self::List(_) => {
                out.push('[');
                for (number, element) in self.elements().into_iter().flatten().enumerate() {
                    out.push_str(if number == 0 { "" } else { ", " });
                    element.show(out, depth + 1);
                    if out.len() > MAX_SHOWN {
                        return;
                    }
                }
                out.push(']');
            }
            Self::Members(members) => {
                out.push('{');
                for (number, (name, value)) in members.iter().enumerate() {
                    out.push_str(if number == 0 { "" } else { ", " });
                    out.extend(name.chars().take(MAX_SHOWN + 1));
                    out.push_str(": ");
                    Self::from(value).show(out, depth + 1);
                    if out.len() > MAX_SHOWN {
                        return;
                    }
                }
                out.push('}');
            }
            Self::Map(entries) => {
                out.push('{');
                for (number, (key, value)) in entries.iter().enumerate() {
                    out.push_str(if number == 0 { "" } else { ", " });
                    key.show(out, depth + 1);
                    out.push_str(": ");
                    value.show(out, depth + 1);
                    if out.len() > MAX_SHOWN {
                        return;
                    }
                }
                out.push('}');
            }
        }
    }
}

fn push(out: &mut String, value: impl std::fmt::Display) {
    // Writing to a string does not fail.
    let _ = write!(out, "{value}");
}

/// Goes through a list.
pub(crate) enum Elements<'a, 'v> {
    Given(std::slice::Iter<'v, Json>),
    Made(std::slice::Iter<'a, Value<'v>>),
}

impl<'v> Iterator for Elements<'_, 'v> {
    type Item = Value<'v>;

    fn next(&mut self) -> Option<Value<'v>> {
        match self {
            Self::Given(elements) => elements.next().map(Value::from),
            Self::Made(elements) => elements.next().cloned(),
        }
    }
}
