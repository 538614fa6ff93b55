//! Arrays of objects in JSON, of which each is a row.
//!
//! No tree is made of the document: the strict scan looks over all of it, and what is asked for is
//! read where it stands.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::de::{Deserializer as _, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::json::{Words, scan};
use crate::reason::quoted;

use super::table::{Draft, Shape, Table};
use super::unreadable::Unreadable;

/// How long rows are, about: only how much room is taken at once rests on it.
const USUAL_ROW: usize = 256;

/// What all rows have in common.
#[derive(Debug)]
pub(super) struct Json {
    /// The member by which rows are found.
    key: String,
}

impl Json {
    /// The key of a row.
    pub(super) fn key<'t>(&self, row: &'t str) -> Option<Cow<'t, str>> {
        scalar(member(row, &self.key)?).filter(|key| !key.is_empty())
    }
}

/// The array at a pointer as a table by this member.
pub(super) fn table(contents: &Arc<[u8]>, pointer: &str, key: &str) -> Result<Table, Unreadable> {
    let text = scan(contents).map_err(|flaw| Unreadable::Json(flaw.to_string()))?;
    let array = at(text, pointer).filter(|value| value.starts_with('['));
    let array = array.ok_or_else(|| {
        Unreadable::no_table(format!("it has no array at the pointer {}", quoted(pointer)))
    })?;
    let json = Json { key: key.to_owned() };
    let name = |number: usize| quoted(&format!("{pointer}/{number}"));
    // Values are parts of the text, so a place in it is the distance from where it begins.
    let place = |part: &str| part.as_ptr() as usize - text.as_ptr() as usize;

    let mut draft = Draft::new(array.len(), USUAL_ROW);
    let (mut number, mut problem) = (0, None);
    each(array, |row| {
        let start = place(row);
        let added = match json.key(row) {
            _ if !row.starts_with('{') => Err(Unreadable::row(name(number), "is no object")),
            Some(key) => draft.add(&key, start, start + row.len()),
            None => Err(Unreadable::keyless(name(number), &json.key)),
        };
        number += 1;
        problem = added.err();
        problem.is_none()
    })?;
    if let Some(problem) = problem {
        return Err(problem);
    }
    let name = |start: usize| {
        let mut number = 0;
        // It was walked to its end just now.
        let _walked = each(array, |row| {
            number += usize::from(place(row) < start);
            place(row) < start
        });
        name(number)
    };
    draft.finish(Arc::clone(contents), Shape::Json(json), name)
}

/// A string's text, a number or a boolean as it is written; none for any other value.
pub(super) fn scalar(value: &str) -> Option<Cow<'_, str>> {
    match value.as_bytes().first()? {
        b'"' => serde_json::from_str::<Words>(value).ok().map(|words| words.0),
        b'{' | b'[' | b'n' => None,
        _ => Some(Cow::Borrowed(value)),
    }
}

/// The value at a pointer (RFC 6901) in a text that is strict JSON.
pub(super) fn at<'t>(text: &'t str, pointer: &str) -> Option<&'t str> {
    let mut value = text.trim_ascii();
    let mut tokens = pointer.split('/');
    // What stands before the first slash has to be nothing.
    if tokens.next() != Some("") {
        return None;
    }
    for token in tokens {
        let token = unescaped(token)?;
        value = match value.as_bytes().first()? {
            b'{' => member(value, &token)?,
            b'[' => element(value, &token)?,
            _ => return None,
        };
    }
    Some(value)
}

/// A token of a pointer; none where it has a tilde that stands for nothing.
fn unescaped(token: &str) -> Option<Cow<'_, str>> {
    if !token.contains('~') {
        return Some(Cow::Borrowed(token));
    }
    let known = token.matches("~0").count() + token.matches("~1").count();
    let all = token.matches('~').count();
    (known == all).then(|| Cow::Owned(token.replace("~1", "/").replace("~0", "~")))
}

/// The element of an array whose number a token is.
fn element<'t>(array: &'t str, token: &str) -> Option<&'t str> {
    let is_number = token == "0" || !token.starts_with('0');
    let is_number = is_number && token.bytes().all(|byte| byte.is_ascii_digit());
    let wanted: usize = token.parse().ok().filter(|_| is_number)?;
    let (mut number, mut found) = (0, None);
    let walked = each(array, |value| {
        if number == wanted {
            found = Some(value);
        }
        number += 1;
        found.is_none()
    });
    found.filter(|_| walked.is_ok())
}

/// The value of a member of an object.
pub(super) fn member<'t>(object: &'t str, name: &str) -> Option<&'t str> {
    struct Member<'n>(&'n str);

    impl<'de> Visitor<'de> for Member<'_> {
        type Value = Option<&'de RawValue>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut found = None;
            while let Some(Words(name)) = map.next_key()? {
                if name == self.0 {
                    found = Some(map.next_value()?);
                } else {
                    map.next_value::<IgnoredAny>()?;
                }
            }
            Ok(found)
        }
    }

    let mut reader = serde_json::Deserializer::from_str(object);
    reader.deserialize_map(Member(name)).ok().flatten().map(RawValue::get)
}

/// Hands on the elements of an array in a text that is strict JSON, until `take` has seen enough.
fn each<'t>(array: &'t str, mut take: impl FnMut(&'t str) -> bool) -> Result<(), Unreadable> {
    struct Elements<F>(F);

    impl<'de, F: FnMut(&'de str) -> bool> Visitor<'de> for Elements<F> {
        type Value = ();

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an array")
        }

        fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<(), A::Error> {
            while let Some(element) = seq.next_element::<&RawValue>()? {
                if !(self.0)(element.get()) {
                    return Err(A::Error::custom("enough"));
                }
            }
            Ok(())
        }
    }

    let mut enough = false;
    let mut reader = serde_json::Deserializer::from_str(array);
    let read = reader.deserialize_seq(Elements(|element| {
        enough = !take(element);
        !enough
    }));
    match read {
        // Where the scan found nothing wrong, this reader finds nothing; but if it ever does, a list
        // that is cut short there shall be no list.
        Err(error) if !enough => Err(Unreadable::Json(crate::reason::shown(&error))),
        _ => Ok(()),
    }
}
