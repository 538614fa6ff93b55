//! JSON as values: small, for what is small.
//!
//! Settings are read from here, and so may be whatever else a policy finds: the metadata of a package
//! inside the artifact. Members keep their order, and one that stands twice stands here twice.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// How deep values may lie in each other: settings have a handful of levels.
const MAX_DEPTH: usize = 64;

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as it is written.
    Number(String),
    /// A string.
    String(String),
    /// A list.
    Array(Vec<Value>),
    /// Members, in their order.
    Object(Vec<(String, Value)>),
}

impl Value {
    /// The first member of this name; none where there is none, or this is no object.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => members.iter().find(|(key, _)| key == name).map(|(_, v)| v),
            _ => None,
        }
    }

    /// Whether both say the same: the order of members makes no difference, the spelling of numbers
    /// does.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            // It recurses no deeper than values were read.
            (Self::Array(ours), Self::Array(theirs)) => {
                ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(a, b)| a.is_same(b))
            }
            (Self::Object(ours), Self::Object(theirs)) => {
                let is_there = |(name, value): &(String, Self)| {
                    other.get(name).is_some_and(|theirs| value.is_same(theirs))
                };
                ours.len() == theirs.len() && ours.iter().all(is_there)
            }
            _ => self == other,
        }
    }

    /// The text of a string; none of all else.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }
}

/// A text that is no JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotJson {
    /// Where it ends to be, in bytes.
    pub at: usize,
    /// What is wrong there.
    pub why: &'static str,
}

impl fmt::Display for NotJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.why)
    }
}

impl std::error::Error for NotJson {}

/// Reads a text that is one value.
///
/// ```
/// use lockgate_plugin::json::{Value, parse};
///
/// let package = parse(r#"{ "name": "left-pad", "version": "1.3.0" }"#).unwrap();
/// assert_eq!(package.get("name").and_then(Value::as_str), Some("left-pad"));
/// assert!(parse("{").is_err());
/// ```
///
/// # Errors
///
/// It is none, more than one, or nested deeper than 64 levels.
pub fn parse(text: &str) -> Result<Value, NotJson> {
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(0)?;
    match reader.peek() {
        None => Ok(value),
        Some(_) => Err(reader.wrong("one JSON value, and more follows")),
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn wrong(&self, why: &'static str) -> NotJson {
        NotJson { at: self.at, why }
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next byte behind space.
    fn peek(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.byte() {
            self.at += 1;
        }
        self.byte()
    }

    /// Passes a byte if it comes next behind space.
    fn passes(&mut self, byte: u8) -> bool {
        let is = self.peek() == Some(byte);
        self.at += usize::from(is);
        is
    }

    // It recurses no deeper than `MAX_DEPTH`.
    fn value(&mut self, depth: usize) -> Result<Value, NotJson> {
        if depth > MAX_DEPTH {
            return Err(self.wrong("values lie in each other too deep"));
        }
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => self.string().map(Value::String),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => {
                for (word, value) in [
                    ("null", Value::Null),
                    ("true", Value::Bool(true)),
                    ("false", Value::Bool(false)),
                ] {
                    if self.text.get(self.at..).is_some_and(|rest| rest.starts_with(word)) {
                        self.at += word.len();
                        return Ok(value);
                    }
                }
                Err(self.wrong("no JSON value"))
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value, NotJson> {
        self.at += 1;
        let mut members = Vec::new();
        if self.passes(b'}') {
            return Ok(Value::Object(members));
        }
        loop {
            if self.peek() != Some(b'"') {
                return Err(self.wrong("an object whose member has no name"));
            }
            let name = self.string()?;
            if !self.passes(b':') {
                return Err(self.wrong("a member without `:` behind its name"));
            }
            members.push((name, self.value(depth + 1)?));
            if self.passes(b'}') {
                return Ok(Value::Object(members));
            }
            if !self.passes(b',') {
                return Err(self.wrong("an object that does not end"));
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value, NotJson> {
        self.at += 1;
        let mut elements = Vec::new();
        if self.passes(b']') {
            return Ok(Value::Array(elements));
        }
        loop {
            elements.push(self.value(depth + 1)?);
            if self.passes(b']') {
                return Ok(Value::Array(elements));
            }
            if !self.passes(b',') {
                return Err(self.wrong("a list that does not end"));
            }
        }
    }

    fn digits(&mut self) -> Result<(), NotJson> {
        let start = self.at;
        while self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at == start { Err(self.wrong("a number without digits")) } else { Ok(()) }
    }

    fn number(&mut self) -> Result<Value, NotJson> {
        let start = self.at;
        self.at += usize::from(self.byte() == Some(b'-'));
        let first = self.at;
        self.digits()?;
        if self.at - first > 1 && self.text.as_bytes().get(first) == Some(&b'0') {
            return Err(self.wrong("a number that begins with 0"));
        }
        if self.byte() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.byte() {
            self.at += 1;
            self.at += usize::from(matches!(self.byte(), Some(b'+' | b'-')));
            self.digits()?;
        }
        Ok(Value::Number(self.text.get(start..self.at).unwrap_or_default().to_owned()))
    }

    fn string(&mut self) -> Result<String, NotJson> {
        self.at += 1;
        let mut read = String::new();
        loop {
            let start = self.at;
            while self.byte().is_some_and(|byte| byte >= b' ' && !matches!(byte, b'"' | b'\\')) {
                self.at += 1;
            }
            // What ends it is ASCII, so that it ends between characters.
            read.push_str(self.text.get(start..self.at).unwrap_or_default());
            match self.byte() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(read);
                }
                Some(b'\\') => read.push(self.escape()?),
                _ => return Err(self.wrong("a string that does not end")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, NotJson> {
        self.at += 1;
        let byte = self.byte();
        self.at += 1;
        Ok(match byte {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.code_point(),
            _ => return Err(self.wrong("an escape that there is not")),
        })
    }

    /// What `\u` stands for, and the other half of a pair.
    fn code_point(&mut self) -> Result<char, NotJson> {
        let mut code = self.four_digits()?;
        if (0xd800..0xdc00).contains(&code)
            && self.text.get(self.at..).is_some_and(|rest| rest.starts_with("\\u"))
        {
            self.at += 2;
            let low = self.four_digits()?;
            if !(0xdc00..0xe000).contains(&low) {
                return Err(self.wrong("half of a character"));
            }
            code = 0x1_0000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        }
        char::from_u32(code).ok_or_else(|| self.wrong("half of a character"))
    }

    fn four_digits(&mut self) -> Result<u32, NotJson> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.byte().and_then(|byte| char::from(byte).to_digit(16));
            let digit = digit.ok_or_else(|| self.wrong("an escape without four digits"))?;
            code = code * 16 + digit;
            self.at += 1;
        }
        Ok(code)
    }
}

/// For settings that take any value but a floating-point number.
impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Any)
    }
}

struct Any;

impl<'de> Visitor<'de> for Any {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "a text (a fraction in quotes, as `\"7.0\"`), a whole number, `true`, `false`, a list or a \
             table",
        )
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, is: bool) -> Result<Value, E> {
        Ok(Value::Bool(is))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number.to_string()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number.to_string()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = seq.next_element()? {
            elements.push(element);
        }
        Ok(Value::Array(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_json_is_read_as_others_read_it() {
        for text in [
            "null",
            " true ",
            "[]",
            "{}",
            "[1, -2, 0, -0, 10, 1.5e-3, 0.5, 1E+9]",
            r#"{"a": {"b": [null, false]}, "c": "d"}"#,
            r#""\"\\\/\b\f\n\r\té \u00e9 \ud83d\ude00""#,
        ] {
            let ours = parse(text).unwrap();
            let theirs: serde_json::Value = serde_json::from_str(text).unwrap();
            assert!(same(&ours, &theirs), "{text}: {ours:?}");
        }
    }

    fn same(ours: &Value, theirs: &serde_json::Value) -> bool {
        match (ours, theirs) {
            (Value::Null, serde_json::Value::Null) => true,
            (Value::Bool(a), serde_json::Value::Bool(b)) => a == b,
            (Value::Number(a), serde_json::Value::Number(b)) => a.parse::<f64>().ok() == b.as_f64(),
            (Value::String(a), serde_json::Value::String(b)) => a == b,
            (Value::Array(a), serde_json::Value::Array(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
            }
            (Value::Object(a), serde_json::Value::Object(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|((k, a), (l, b))| k == l && same(a, b))
            }
            _ => false,
        }
    }

    #[test]
    fn what_is_none_is_refused_as_others_refuse_it() {
        for text in [
            "",
            " ",
            "nul",
            "[1,]",
            "[1 2]",
            "{\"a\"}",
            "{\"a\":}",
            "{a:1}",
            "{\"a\":1,}",
            "01",
            "-",
            "1.",
            "1e",
            "00",
            "-01",
            "\"",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\\ud800\"",
            "\"\\ud800\\u0041\"",
            "\"\n\"",
            "{} {}",
            "]",
            "'a'",
        ] {
            assert!(serde_json::from_str::<serde_json::Value>(text).is_err(), "{text}");
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse(&"[".repeat(100_000)).is_err());
        assert!(parse(&format!("{}{}", "[".repeat(60), "]".repeat(60))).is_ok());
    }

    #[test]
    fn values_are_the_same_whatever_the_order_of_their_members() {
        let same = |a: &str, b: &str| {
            let (a, b) = (parse(a).unwrap(), parse(b).unwrap());
            assert_eq!(a.is_same(&b), b.is_same(&a));
            a.is_same(&b)
        };
        assert!(same(
            r#"{"a": [1, {"b": 2, "c": null}], "d": "x"}"#,
            r#"{"d": "x", "a": [1, {"c": null, "b": 2}]}"#
        ));
        for (a, b) in [
            (r#"{"a": 1}"#, r#"{"a": 1, "b": 2}"#),
            (r#"{"a": 1}"#, r#"{"b": 1}"#),
            ("[1, 2]", "[2, 1]"),
            ("1", "1.0"),
            ("1", "\"1\""),
            ("null", "false"),
        ] {
            assert!(!same(a, b), "{a} {b}");
        }
    }

    #[test]
    fn serde_reads_what_is_no_floating_point_number() {
        let text = r#"{"a": [1, -2, "x", true, null], "b": {}}"#;
        assert!(crate::read::<Value>(text).unwrap().is_same(&parse(text).unwrap()));
        assert_eq!(
            crate::read::<Value>(r#"{"a": [1.5]}"#).unwrap_err().to_string(),
            "/a/0: invalid type: floating point `1.5`, expected a text (a fraction in quotes, as \
             `\"7.0\"`), a whole number, `true`, `false`, a list or a table"
        );
    }

    #[test]
    fn members_that_stand_twice_are_kept() {
        let twice = parse(r#"{"a": 1, "a": 2}"#).unwrap();
        assert_eq!(twice.get("a"), Some(&Value::Number("1".into())));
        assert!(matches!(twice, Value::Object(members) if members.len() == 2));
    }
}
