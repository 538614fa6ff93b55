//! Tells the forms of bills of materials apart.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};

use super::{Bom, Unreadable, cyclonedx};

/// Reads a document of any form.
pub(super) fn read(bytes: &[u8]) -> Result<Bom, Unreadable> {
    let text = std::str::from_utf8(bytes).map_err(|_| Unreadable::NotText)?;
    match unquoted(text) {
        Ok(text) => read_document(&text),
        Err(error) => {
            let what = crate::reason::shown(&error);
            Err(Unreadable::Malformed { format: "JSON", what })
        }
    }
}

/// The document itself, if it is in JSON.
pub(super) fn json(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let text = unquoted(std::str::from_utf8(bytes).ok()?).ok()?;
    Some(text).filter(|text| first(text) == Some('{'))
}

/// What an envelope carries is JSON, and a document in another form is a string of it.
fn unquoted(text: &str) -> serde_json::Result<Cow<'_, str>> {
    #[derive(Deserialize)]
    struct Quoted<'a>(#[serde(borrow)] Cow<'a, str>);

    match first(text) {
        Some('"') => serde_json::from_str(text).map(|Quoted(text)| text),
        _ => Ok(Cow::Borrowed(text)),
    }
}

fn read_document(text: &str) -> Result<Bom, Unreadable> {
    match first(text) {
        Some('<') => cyclonedx::read_xml(text),
        Some('{') => match mark(text) {
            None | Some(Mark::CycloneDx) => cyclonedx::read_json(text),
            Some(Mark::Spdx | Mark::SpdxGraph) => Err(Unreadable::Format),
        },
        _ => Err(Unreadable::Format),
    }
}

/// The first character of a document, behind a byte order mark and space.
fn first(text: &str) -> Option<char> {
    text.trim_start_matches('\u{feff}').trim_start().chars().next()
}

/// What tells which format a document in JSON has. Each reader refuses a document that has the mark of
/// another, so that it does not matter which stands first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    CycloneDx,
    /// SPDX 2.
    Spdx,
    /// SPDX 3, a graph.
    SpdxGraph,
}

/// The first mark among the members at the root. Reads no further than that.
fn mark(text: &str) -> Option<Mark> {
    let mut found = None;
    // It ends in an error on purpose: what follows the mark is left to whoever reads it all.
    let _ = serde_json::Deserializer::from_str(text).deserialize_map(Marks(&mut found));
    found
}

struct Marks<'m>(&'m mut Option<Mark>);

impl<'de> Visitor<'de> for Marks<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        #[derive(Deserialize)]
        struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

        while let Some(Name(name)) = map.next_key()? {
            let mark = match &*name {
                "bomFormat" => Some(Mark::CycloneDx),
                "spdxVersion" => Some(Mark::Spdx),
                "@graph" => Some(Mark::SpdxGraph),
                _ => None,
            };
            if mark.is_some() {
                *self.0 = mark;
                return Err(A::Error::custom("the mark is found"));
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}
