//! Tells the forms of bills of materials apart, by how they begin.
//!
//! What stands at the beginning chooses the reader and nothing more: whether the rest is what it seems
//! to be, the reader says. Forms that are not read are known by name, so that a reason can say what to
//! do about them.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};

use super::{Bom, File, Unreadable, UnreadableFiles, cyclonedx, files, spdx};
use crate::json::Words;

/// What a document of SPDX can be converted to.
pub(crate) const SPDX_JSON: &str = "SPDX in JSON";

/// How many lines are looked at for what tells YAML. The specification's example says it in the first
/// two.
const YAML_LINES: usize = 64;

/// How a bill of materials is written that is not JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// CycloneDX in XML.
    Xml,
    /// SPDX 2 in tag-value form.
    TagValue,
    /// SPDX in a form that is not read, by name.
    Foreign(&'static str),
}

impl Form {
    /// The form of a text that does not begin like JSON; none where it is no bill of materials.
    pub(crate) fn of(text: &str) -> Option<Self> {
        if first(text) == Some('<') {
            return match root(text)? {
                "bom" => Some(Self::Xml),
                "RDF" => Some(Self::Foreign("SPDX in RDF")),
                "Document" => Some(Self::Foreign("SPDX in XML")),
                _ => None,
            };
        }
        if spdx::is_tag_value(text) {
            return Some(Self::TagValue);
        }
        let mut lines = text.lines().take(YAML_LINES);
        let is_yaml = |line: &str| line.starts_with("spdxVersion:") || line.starts_with("SPDXID:");
        lines.any(is_yaml).then_some(Self::Foreign("SPDX in YAML"))
    }
}

/// The local name of the root of an XML document.
fn root(text: &str) -> Option<&str> {
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    loop {
        let end = match rest {
            _ if rest.starts_with("<?") => "?>",
            _ if rest.starts_with("<!--") => "-->",
            _ => break,
        };
        rest = rest.split_once(end)?.1.trim_start();
    }
    // A document type names the root. It is not read, and whoever reads the rest says so.
    let tag = match rest.strip_prefix("<!DOCTYPE") {
        Some(name) => name.trim_start(),
        None => rest.strip_prefix('<')?,
    };
    let name = tag.split(|c: char| c.is_whitespace() || matches!(c, '>' | '/' | '[')).next()?;
    Some(name.rsplit(':').next().unwrap_or(name))
}

/// Reads a document of any form.
pub(super) fn read(bytes: &[u8]) -> Result<Bom, Unreadable> {
    let text = std::str::from_utf8(bytes).map_err(|_| Unreadable::NotText)?;
    match first(text) {
        Some('{') => match mark(text) {
            Some(Mark::Spdx) => spdx::read_json(text),
            Some(Mark::SpdxGraph) => spdx::read_json_ld(text),
            Some(Mark::CycloneDx) | None => cyclonedx::read_json(text),
        },
        _ => match unquoted(text) {
            Ok(text) => read_text(&text),
            Err(error) => {
                let what = crate::reason::shown(&error);
                Err(Unreadable::Malformed { format: "JSON", what })
            }
        },
    }
}

/// What an envelope carries is JSON, and a document in another form is a string of it. JSON in such a
/// string was never scanned, and is not read.
fn unquoted(text: &str) -> serde_json::Result<Cow<'_, str>> {
    match first(text) {
        Some('"') => serde_json::from_str(text).map(|Words(text)| text),
        _ => Ok(Cow::Borrowed(text)),
    }
}

/// The document, if it is in JSON.
pub(super) fn json(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok().filter(|text| first(text) == Some('{'))
}

/// The files of a document of SPDX, in any form.
pub(super) fn spdx_files(bytes: &[u8]) -> Result<Vec<File>, UnreadableFiles> {
    let unreadable = |why: String| UnreadableFiles(why);
    let text = std::str::from_utf8(bytes).map_err(|why| unreadable(why.to_string()))?;
    match first(text) {
        Some('{') => files::read_spdx(text, Some(mark(text) == Some(Mark::SpdxGraph))),
        _ => {
            let text = unquoted(text).map_err(|why| unreadable(crate::reason::shown(&why)))?;
            files::read_spdx(&text, None)
        }
    }
}

fn read_text(text: &str) -> Result<Bom, Unreadable> {
    match Form::of(text) {
        Some(Form::TagValue) => spdx::read_tag_value(text),
        Some(Form::Foreign(form)) => Err(Unreadable::Form { form, to: SPDX_JSON }),
        // Whatever else is XML, its reader says what is wrong with it.
        Some(Form::Xml) | None if first(text) == Some('<') => cyclonedx::read_xml(text),
        Some(Form::Xml) | None => Err(Unreadable::Format),
    }
}

/// The first character of a document, behind a byte order mark and space.
fn first(text: &str) -> Option<char> {
    text.trim_start_matches('\u{feff}').trim_start().chars().next()
}

/// What tells which format a document in JSON has. Each reader refuses a document that has the mark of
/// another, so that it does not matter which stands first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    CycloneDx,
    /// SPDX 2.
    Spdx,
    /// SPDX 3, a graph.
    SpdxGraph,
}

/// The first mark among the members at the root. Reads no further than that.
pub(crate) fn mark(text: &str) -> Option<Mark> {
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
        while let Some(Words(name)) = map.next_key()? {
            let mark = match &*name {
                "bomFormat" => Some(Mark::CycloneDx),
                // What CycloneDX has nowhere, and what tools write first that sort names.
                "spdxVersion" | "SPDXID" => Some(Mark::Spdx),
                "@graph" => Some(Mark::SpdxGraph),
                // A single element of a graph has no other mark.
                "@context" => {
                    *self.0 = Some(Mark::SpdxGraph);
                    None
                }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_told_by_how_it_begins() {
        for (text, form) in [
            ("SPDXVersion: SPDX-2.3", Some(Form::TagValue)),
            ("# remark\n\n  SPDXVersion: SPDX-2.3", Some(Form::TagValue)),
            ("DataLicense: CC0-1.0\nSPDXVersion: SPDX-2.3", None),
            ("<bom xmlns=\"http://cyclonedx.org/schema/bom/1.4\"/>", Some(Form::Xml)),
            ("\u{feff}<?xml version=\"1.0\"?>\n<!-- <x> -->\n<c:bom>", Some(Form::Xml)),
            ("<?xml version=\"1.0\"?><!DOCTYPE bom [<!ENTITY x 'y'>]><bom>", Some(Form::Xml)),
            ("<rdf:RDF xmlns:rdf=\"x\">", Some(Form::Foreign("SPDX in RDF"))),
            ("<?xml version=\"1.0\"?><Document><SPDXID>", Some(Form::Foreign("SPDX in XML"))),
            ("---\nSPDXID: \"SPDXRef-DOCUMENT\"", Some(Form::Foreign("SPDX in YAML"))),
            ("<!DOCTYPE bom><bom>", Some(Form::Xml)),
            ("<!DOCTYPE html><html>", None),
            ("<", None),
            ("<html>", None),
            ("", None),
        ] {
            assert_eq!(Form::of(text), form, "{text}");
        }
    }

    #[test]
    fn json_is_told_by_the_first_mark_at_its_root() {
        for (text, expected) in [
            (r#"{"a":{"spdxVersion":1},"bomFormat":1}"#, Some(Mark::CycloneDx)),
            (r#"{"SPDXID":"x","bomFormat":1}"#, Some(Mark::Spdx)),
            (r#"{"@context":"x","@graph":[]}"#, Some(Mark::SpdxGraph)),
            (r#"{"@context":"x"}"#, Some(Mark::SpdxGraph)),
            (r#"{"@context":"x","bomFormat":1}"#, Some(Mark::CycloneDx)),
            ("{}", None),
            ("[]", None),
        ] {
            assert_eq!(mark(text), expected, "{text}");
        }
    }
}
