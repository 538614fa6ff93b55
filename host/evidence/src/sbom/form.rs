//! Tells by how a document begins in which form it is written.
//!
//! What stands at the beginning chooses the reader and nothing more: whether the rest is what it seems
//! to be, the reader says. Forms that are not read are told apart, so that a reason can say what to do
//! about them.

use std::borrow::Cow;
use std::fmt;

use serde::Deserializer as _;
use serde::de::{Error as _, IgnoredAny, MapAccess, Visitor};

use super::{Bom, Unreadable, cyclonedx, spdx};

/// What documents can be converted to, in messages.
const SPDX_JSON: &str = "SPDX in JSON";

/// How many lines are looked at for what tells YAML. The example of the specification has both names
/// in its first ten.
const YAML_LINES: usize = 64;

/// How a bill of materials that is not JSON is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// CycloneDX in XML.
    Xml,
    /// SPDX in tag-value form.
    TagValue,
    /// Something that is not read, by name.
    Foreign(&'static str),
}

impl Form {
    /// The form of a text that does not begin like JSON; none where it is no bill of materials.
    pub(crate) fn of(text: &str) -> Option<Self> {
        if text.trim_start().starts_with('<') {
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

/// The name of the root of an XML document, without its prefix.
fn root(text: &str) -> Option<&str> {
    let mut rest = text.trim_start();
    loop {
        let end = match rest {
            _ if rest.starts_with("<?") => "?>",
            _ if rest.starts_with("<!--") => "-->",
            // Declarations of entities could make a small document a large one; nobody reads them.
            _ if rest.starts_with("<!") => return None,
            _ => break,
        };
        rest = rest.split_once(end)?.1.trim_start();
    }
    let tag = rest.strip_prefix('<')?;
    let name = tag.split(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).next()?;
    Some(name.rsplit(':').next().unwrap_or(name))
}

/// Reads a document: JSON, a text in another form, or such a text as a JSON string.
pub(super) fn read(text: &str) -> Result<Bom, Unreadable> {
    match text.trim_start().as_bytes().first() {
        Some(b'{') => match said_first(text) {
            Some(First::CycloneDx) => cyclonedx::read(text.as_bytes()),
            Some(First::Spdx) => spdx::read_json(text),
            Some(First::Graph) => spdx::read_json_ld(text),
            None => Err(Unreadable::Format),
        },
        Some(b'"') => match serde_json::from_str::<Inner>(text) {
            Ok(Inner(inner)) => read_text(&inner),
            Err(_) => Err(Unreadable::Format),
        },
        _ => read_text(text),
    }
}

fn read_text(text: &str) -> Result<Bom, Unreadable> {
    match Form::of(text) {
        Some(Form::TagValue) => spdx::read_tag_value(text),
        Some(Form::Xml) => Err(Unreadable::Format),
        Some(Form::Foreign(what)) => Err(Unreadable::Form { what, to: SPDX_JSON }),
        None => Err(Unreadable::Format),
    }
}

/// The text that a JSON string holds.
#[derive(serde::Deserialize)]
#[serde(transparent)]
struct Inner<'a>(#[serde(borrow)] Cow<'a, str>);

/// What the first telling name at the root of an object is one of.
enum First {
    CycloneDx,
    Spdx,
    Graph,
}

/// The first name at the root that tells the format. Reading ends there, for what comes behind it may
/// be megabytes.
fn said_first(text: &str) -> Option<First> {
    struct Root<'f>(&'f mut Option<First>);

    impl<'de> Visitor<'de> for Root<'_> {
        type Value = ();

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
            while let Some(Inner(name)) = map.next_key()? {
                *self.0 = match name.as_ref() {
                    "bomFormat" => Some(First::CycloneDx),
                    "spdxVersion" | "SPDXID" => Some(First::Spdx),
                    "@graph" | "@context" => Some(First::Graph),
                    _ => None,
                };
                if self.0.is_some() {
                    return Err(A::Error::custom("the rest is for its reader"));
                }
                map.next_value::<IgnoredAny>()?;
            }
            Ok(())
        }
    }

    let mut first = None;
    // An error is where it ended; one of the text, the reader meets again.
    let _ = serde_json::Deserializer::from_str(text).deserialize_map(Root(&mut first));
    first
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
            ("<?xml version=\"1.0\"?>\n<!-- <x> -->\n<c:bom>", Some(Form::Xml)),
            ("<rdf:RDF xmlns:rdf=\"x\">", Some(Form::Foreign("SPDX in RDF"))),
            ("<?xml version=\"1.0\"?><Document><SPDXID>", Some(Form::Foreign("SPDX in XML"))),
            ("---\nSPDXID: \"SPDXRef-DOCUMENT\"", Some(Form::Foreign("SPDX in YAML"))),
            ("<!DOCTYPE bom><bom>", None),
            ("<", None),
            ("<html>", None),
            ("", None),
        ] {
            assert_eq!(Form::of(text), form, "{text}");
        }
    }
}
