//! Strict JSON: what is signed has one meaning or none.
//!
//! [`scan`] looks over a whole document before anything reads it, and refuses what two readers
//! could read differently: a name twice in one object, data after the end, bytes that are no
//! UTF-8, half of a surrogate pair, nesting that a recursive reader would not survive. It keeps no
//! values and does not recurse. Whatever passes is then read with `serde_json`, into the types of
//! whoever reads it and with [`object`] around them; or by its [`Outline`], where skipping over what
//! is large would cost more than what is read.

mod outline;
mod plain;
mod typed;

use std::borrow::Cow;

#[cfg(feature = "fuzzing")]
pub(crate) use outline::DEPTH as OUTLINED;
pub(crate) use outline::{Node, Outline};
pub(crate) use typed::{Bounded, Each, Object, Words, object};

use outline::Frame;
use plain::plain;

/// How deep arrays and objects may nest. Real documents stay under 20; `serde_json` itself gives
/// up at 127, so that what passes here can be read there.
const MAX_DEPTH: usize = 100;

/// Why a text is not strict JSON. Reads well after the name of what it is about.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Flaw {
    #[error("is not UTF-8")]
    NotUtf8,
    #[error("is not valid JSON: {what} at line {line} column {column}")]
    Syntax { what: &'static str, line: usize, column: usize },
    #[error("has the name {} twice in one object", crate::reason::quoted(.0))]
    Duplicate(String),
    #[error("is nested deeper than {MAX_DEPTH} levels")]
    Depth,
}

/// The bytes as text, if they are one strict JSON value.
pub(crate) fn scan(bytes: &[u8]) -> Result<&str, Flaw> {
    outline(bytes).map(|outline| outline.text())
}

/// The same, with where the members near the root stand.
pub(crate) fn outline(bytes: &[u8]) -> Result<Outline<'_>, Flaw> {
    let text = std::str::from_utf8(bytes).map_err(|_| Flaw::NotUtf8)?;
    let outline = Outline::new(text);
    let mut scanner = Scanner { text, at: 0, open: Vec::new(), names: Vec::new(), outline };
    scanner.document()?;
    Ok(scanner.outline)
}

/// An array, or an object with the place of its first name in `names`, and what it is in the outline
/// if it is near enough to the root.
enum Open {
    Array,
    Object { first: usize, frame: Option<Frame> },
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    open: Vec<Open>,
    /// The names of all objects that are open, the innermost object's last.
    names: Vec<Cow<'a, [u8]>>,
    outline: Outline<'a>,
}

impl<'a> Scanner<'a> {
    fn document(&mut self) -> Result<(), Flaw> {
        loop {
            if self.value()? {
                continue;
            }
            loop {
                if let Some(frame) = self.frame() {
                    self.outline.end(frame, self.at);
                }
                self.space();
                match (self.open.last(), self.peek()) {
                    (None, None) => return Ok(()),
                    (None, Some(_)) => return Err(self.syntax("more data after the end")),
                    (Some(Open::Array), Some(b']')) | (Some(Open::Object { .. }), Some(b'}')) => {
                        self.close()?;
                    }
                    (Some(open), Some(b',')) => {
                        let in_object = matches!(open, Open::Object { .. });
                        self.at += 1;
                        if in_object {
                            self.name()?;
                        }
                        break;
                    }
                    (Some(_), None) => return Err(self.syntax("the text ends too early")),
                    (Some(Open::Array), _) => return Err(self.syntax("expected `,` or `]`")),
                    (Some(Open::Object { .. }), _) => {
                        return Err(self.syntax("expected `,` or `}`"));
                    }
                }
            }
        }
    }

    /// Reads a value, or the beginning of one: true if a value inside it comes next.
    fn value(&mut self) -> Result<bool, Flaw> {
        self.space();
        match self.peek() {
            Some(b'{') => {
                let frame = match self.frame() {
                    _ if self.open.is_empty() => Some(Frame::ROOT),
                    Some(frame) if self.open.len() < outline::DEPTH => Some(frame.inner()),
                    _ => None,
                };
                self.push(Open::Object { first: self.names.len(), frame })?;
                if self.peek() == Some(b'}') {
                    self.close()?;
                    return Ok(false);
                }
                self.name()?;
                Ok(true)
            }
            Some(b'[') => {
                self.push(Open::Array)?;
                if self.peek() == Some(b']') {
                    self.close()?;
                    return Ok(false);
                }
                Ok(true)
            }
            Some(b'"') => {
                if self.string()?
                    && let Some(frame) = self.frame()
                {
                    self.outline.escaped(frame);
                }
                Ok(false)
            }
            Some(b'-' | b'0'..=b'9') => self.number().map(|()| false),
            Some(b't') => self.word("true").map(|()| false),
            Some(b'f') => self.word("false").map(|()| false),
            Some(b'n') => self.word("null").map(|()| false),
            Some(_) => Err(self.syntax("expected a value")),
            None => Err(self.syntax("the text ends too early")),
        }
    }

    /// What the innermost open object is in the outline.
    fn frame(&self) -> Option<Frame> {
        match self.open.last() {
            Some(Open::Object { frame, .. }) => *frame,
            _ => None,
        }
    }

    fn push(&mut self, open: Open) -> Result<(), Flaw> {
        if self.open.len() == MAX_DEPTH {
            return Err(Flaw::Depth);
        }
        self.open.push(open);
        self.at += 1;
        self.space();
        Ok(())
    }

    fn close(&mut self) -> Result<(), Flaw> {
        self.at += 1;
        if let Some(Open::Object { first, .. }) = self.open.pop() {
            if let Some(name) = twice(&mut self.names[first..]) {
                return Err(Flaw::Duplicate(String::from_utf8_lossy(name).into_owned()));
            }
            self.names.truncate(first);
        }
        Ok(())
    }

    /// Reads a name and its colon.
    fn name(&mut self) -> Result<(), Flaw> {
        self.space();
        if self.peek() != Some(b'"') {
            return Err(self.syntax("expected a name in quotes"));
        }
        let start = self.at;
        let escaped = self.string()?;
        let inner = start + 1..self.at - 1;
        // Two spellings of one name are one name.
        let decoded = escaped.then(|| serde_json::from_str::<String>(&self.text[start..self.at]));
        let decoded = decoded.transpose();
        let decoded = decoded.map_err(|_| self.syntax("expected a name in quotes"))?;
        self.space();
        if self.peek() != Some(b':') {
            return Err(self.syntax("expected `:`"));
        }
        self.at += 1;
        self.space();
        if let Some(Open::Object { frame: Some(frame), .. }) = self.open.last_mut() {
            let name = match &decoded {
                Some(decoded) => Cow::Owned(decoded.clone()),
                None => Cow::Borrowed(&self.text[inner.clone()]),
            };
            self.outline.begin(frame, name, self.at);
        }
        self.names.push(match decoded {
            Some(decoded) => Cow::Owned(decoded.into_bytes()),
            None => Cow::Borrowed(&self.text.as_bytes()[inner]),
        });
        Ok(())
    }

    /// Reads a string, and says whether it has escapes. Most have none, and end where they stop being
    /// plain.
    #[inline]
    fn string(&mut self) -> Result<bool, Flaw> {
        self.at += 1;
        self.at += plain(&self.text.as_bytes()[self.at..]);
        if self.peek() == Some(b'"') {
            self.at += 1;
            return Ok(false);
        }
        self.rest()
    }

    /// Reads the rest of a string, from the first byte on that is neither plain nor its end.
    #[inline(never)]
    fn rest(&mut self) -> Result<bool, Flaw> {
        let mut escaped = false;
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(escaped);
                }
                Some(b'\\') => {
                    escaped = true;
                    self.escape()?;
                }
                Some(_) => return Err(self.syntax("a control character in a string")),
                None => return Err(self.syntax("the text ends inside a string")),
            }
            self.at += plain(&self.text.as_bytes()[self.at..]);
        }
    }

    fn escape(&mut self) -> Result<(), Flaw> {
        self.at += 1;
        match self.peek() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                self.at += 1;
                Ok(())
            }
            Some(b'u') => match self.unit()? {
                0xd800..=0xdbff => {
                    let low = self.text[self.at..].starts_with("\\u");
                    self.at += usize::from(low);
                    if low && matches!(self.unit()?, 0xdc00..=0xdfff) {
                        return Ok(());
                    }
                    Err(self.syntax("half of a surrogate pair"))
                }
                0xdc00..=0xdfff => Err(self.syntax("half of a surrogate pair")),
                _ => Ok(()),
            },
            _ => Err(self.syntax("an escape that JSON does not have")),
        }
    }

    /// Reads `uXXXX`.
    fn unit(&mut self) -> Result<u32, Flaw> {
        let digits = self.text.as_bytes().get(self.at + 1..self.at + 5).unwrap_or_default();
        if digits.len() != 4 || !digits.iter().all(u8::is_ascii_hexdigit) {
            return Err(self.syntax("an escape that JSON does not have"));
        }
        self.at += 5;
        Ok(digits
            .iter()
            .fold(0, |unit, &digit| unit * 16 + char::from(digit).to_digit(16).unwrap_or(0)))
    }

    fn number(&mut self) -> Result<(), Flaw> {
        self.at += usize::from(self.peek() == Some(b'-'));
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<(), Flaw> {
        let rest = &self.text.as_bytes()[self.at..];
        let count = rest.iter().take_while(|digit| digit.is_ascii_digit()).count();
        self.at += count;
        if count == 0 { Err(self.syntax("expected a digit")) } else { Ok(()) }
    }

    fn word(&mut self, word: &str) -> Result<(), Flaw> {
        if !self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
            return Err(self.syntax("expected a value"));
        }
        self.at += word.len();
        Ok(())
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    #[cold]
    fn syntax(&self, what: &'static str) -> Flaw {
        let before = &self.text.as_bytes()[..self.at.min(self.text.len())];
        let line = before.iter().filter(|&&b| b == b'\n').count() + 1;
        let start = before.iter().rposition(|&b| b == b'\n').map_or(0, |newline| newline + 1);
        Flaw::Syntax { what, line, column: before.len() - start + 1 }
    }
}

/// A name that stands there twice. Objects of a few names are most of a document, and in those
/// comparing each with each costs less than putting them in order.
fn twice<'n>(names: &'n mut [Cow<'_, [u8]>]) -> Option<&'n [u8]> {
    const FEW: usize = 8;
    if names.len() <= FEW {
        let mut pairs = names.iter().enumerate();
        let pair = pairs.find(|(place, name)| names[..*place].contains(name));
        return pair.map(|(_, name)| name.as_ref());
    }
    names.sort_unstable();
    names.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0].as_ref())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn flaw(text: &str) -> String {
        scan(text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn a_name_twice_is_refused_at_any_depth_and_in_any_spelling() {
        assert_eq!(flaw(r#"{"a":1,"a":2}"#), "has the name `a` twice in one object");
        assert_eq!(
            flaw(r#"[{"x":{"a":1,"b":[],"\u0061":2}}]"#),
            "has the name `a` twice in one object"
        );
        assert!(scan(br#"{"a":{"a":1},"b":{"a":1}}"#).is_ok());
    }

    #[test]
    fn what_two_readers_could_read_differently_is_refused() {
        assert_eq!(flaw("{} {}"), "is not valid JSON: more data after the end at line 1 column 4");
        assert_eq!(
            flaw("{\n  \"a\": \"b"),
            "is not valid JSON: the text ends inside a string at line 2 column 10"
        );
        assert_eq!(
            flaw(r#""\ud800""#),
            "is not valid JSON: half of a surrogate pair at line 1 column 8"
        );
        assert_eq!(
            flaw(r#""\ud800\u0041""#),
            "is not valid JSON: half of a surrogate pair at line 1 column 14"
        );
        assert_eq!(flaw("01"), "is not valid JSON: more data after the end at line 1 column 2");
        assert_eq!(scan(b"\"\xff\""), Err(Flaw::NotUtf8));
        assert!(scan(r#""😀 \ud83d\ude00""#.as_bytes()).is_ok());
    }

    #[test]
    fn nesting_ends_at_the_limit_without_recursion() {
        let nested = |depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(scan(nested(MAX_DEPTH).as_bytes()).is_ok());
        assert_eq!(flaw(&nested(MAX_DEPTH + 1)), "is nested deeper than 100 levels");
        assert_eq!(scan("[".repeat(10_000_000).as_bytes()), Err(Flaw::Depth));
    }

    /// Text that is nearly JSON.
    fn any_text() -> impl Strategy<Value = String> {
        let token = prop::sample::select(vec![
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            " ",
            "\n",
            "\"a\"",
            "\"b\"",
            "\"\\u0061\"",
            "\"\\ud83d\\ude00\"",
            "\"\\x\"",
            "0",
            "-1.5e3",
            "1.",
            "-",
            "true",
            "false",
            "null",
            "nul",
            "\"",
            "\\",
            "é",
        ]);
        prop::collection::vec(token, 0..12).prop_map(|tokens| tokens.concat())
    }

    proptest! {
        #[test]
        fn the_scanner_and_the_reader_agree(text in any_text()) {
            let read = serde_json::from_str::<serde_json::Value>(&text);
            match scan(text.as_bytes()) {
                Ok(_) => prop_assert!(read.is_ok(), "{text}: {read:?}"),
                Err(Flaw::Duplicate(_)) => {}
                Err(flaw) => prop_assert!(read.is_err(), "{text}: {flaw}"),
            }
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let _ = scan(&bytes);
        }
    }
}
