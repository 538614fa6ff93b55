//! Reads CycloneDX in JSON, 1.2 and later.
//!
//! The model names only what the index keeps and borrows it from the text; everything else is
//! skipped without being built. It is tolerant of what a newer minor version adds, and of nothing
//! that would let a component go unseen: a member of the wrong type makes the whole unreadable.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::index::{Builder, Draft, LicenseDraft};
use super::{Bom, DocumentField, LicenseForm, Unreadable};
use crate::json::{self, Object};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    #[serde(borrow)]
    bom_format: Option<Words<'a>>,
    #[serde(borrow)]
    spec_version: Option<Words<'a>>,
    #[serde(default)]
    serial_number: Stated,
    #[serde(borrow)]
    metadata: Option<Object<Metadata<'a>>>,
    #[serde(borrow)]
    components: Option<Vec<Object<Part<'a>>>>,
    #[serde(default)]
    dependencies: Stated,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Metadata<'a> {
    timestamp: Stated,
    authors: Stated,
    supplier: Stated,
    tools: Stated,
    /// What the document describes. It is no component of its own list, but what lies in it is.
    #[serde(borrow)]
    component: Option<Object<Described<'a>>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Described<'a> {
    #[serde(borrow)]
    name: Option<Words<'a>>,
    #[serde(borrow)]
    components: Option<Vec<Object<Part<'a>>>>,
}

#[derive(Deserialize)]
struct Part<'a> {
    #[serde(borrow)]
    name: Words<'a>,
    #[serde(borrow)]
    group: Option<Words<'a>>,
    #[serde(borrow)]
    version: Option<Words<'a>>,
    #[serde(borrow)]
    purl: Option<Words<'a>>,
    #[serde(borrow)]
    licenses: Option<Vec<Object<Choice<'a>>>>,
    #[serde(rename = "bom-ref", borrow)]
    reference: Option<Words<'a>>,
    #[serde(rename = "type", borrow)]
    component_type: Option<Words<'a>>,
    #[serde(borrow)]
    supplier: Option<Object<Organization<'a>>>,
    #[serde(borrow)]
    hashes: Option<Vec<Object<Hash<'a>>>>,
    #[serde(borrow)]
    components: Option<Vec<Object<Part<'a>>>>,
}

#[derive(Deserialize)]
struct Organization<'a> {
    #[serde(borrow)]
    name: Option<Words<'a>>,
}

#[derive(Deserialize)]
struct Hash<'a> {
    #[serde(borrow)]
    alg: Option<Words<'a>>,
    #[serde(borrow)]
    content: Option<Words<'a>>,
}

#[derive(Deserialize)]
struct Choice<'a> {
    #[serde(borrow)]
    license: Option<Object<Named<'a>>>,
    #[serde(borrow)]
    expression: Option<Words<'a>>,
}

#[derive(Deserialize)]
struct Named<'a> {
    #[serde(borrow)]
    id: Option<Words<'a>>,
    #[serde(borrow)]
    name: Option<Words<'a>>,
}

/// A string, borrowed where it has no escapes.
#[derive(Deserialize)]
#[serde(transparent)]
struct Words<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'a> Words<'a> {
    /// None where it says nothing.
    fn said(self) -> Option<Cow<'a, str>> {
        Some(self.0).filter(|text| !text.trim().is_empty())
    }
}

/// Reads a document.
pub(super) fn read(text: &[u8]) -> Result<Bom, Unreadable> {
    let format = "CycloneDX";
    let malformed = |what: String| Unreadable::Malformed { format, what };
    let text = std::str::from_utf8(text).map_err(|_| malformed("it is not UTF-8".to_owned()))?;
    let document: Document =
        json::object(text).map_err(|error| malformed(crate::reason::shown(&error)))?;
    if document.bom_format.as_ref().is_none_or(|format| format.0 != "CycloneDX") {
        return Err(Unreadable::Format);
    }
    let version = document.spec_version.map(|version| version.0).unwrap_or_default();
    if !is_read(&version) {
        let version = crate::reason::quoted(&version);
        return Err(Unreadable::Version { format, version, reads: "1.2 and later" });
    }
    let metadata = document.metadata.map(|metadata| metadata.0).unwrap_or_default();
    let described = metadata.component.map(|component| component.0).unwrap_or_default();
    let names_itself = described.name.and_then(Words::said).is_some();
    let stated = |field| match field {
        DocumentField::SerialNumber => document.serial_number.0,
        DocumentField::Timestamp => metadata.timestamp.0,
        DocumentField::Authors => metadata.authors.0,
        DocumentField::Supplier => metadata.supplier.0,
        DocumentField::Tools => metadata.tools.0,
        DocumentField::Component => names_itself,
        DocumentField::Dependencies => document.dependencies.0,
    };
    let mut builder = Builder::default();
    for &field in DocumentField::ALL {
        builder.stated(field, stated(field));
    }
    add(&mut builder, document.components.unwrap_or_default());
    add(&mut builder, described.components.unwrap_or_default());
    Ok(builder.finish("cyclonedx", version.into_owned()))
}

/// Whether a version's rules are known here: 1.2 was the first in JSON, and a minor version after
/// the last that was published only adds.
fn is_read(version: &str) -> bool {
    version.strip_prefix("1.").is_some_and(|minor| {
        minor.bytes().all(|digit| digit.is_ascii_digit())
            && minor.parse::<u32>().is_ok_and(|minor| minor >= 2)
    })
}

fn add<'a>(builder: &mut Builder<'a>, parts: Vec<Object<Part<'a>>>) {
    for Object(part) in parts {
        let licenses = part.licenses.unwrap_or_default();
        builder.component(Draft {
            group: part.group.map(|words| words.0),
            name: part.name.0,
            version: part.version.map(|words| words.0),
            purl: part.purl.map(|words| words.0),
            reference: part.reference.map(|words| words.0),
            component_type: part.component_type.map(|words| words.0),
            supplier: part.supplier.and_then(|supplier| supplier.0.name).map(|words| words.0),
            hashes: part
                .hashes
                .unwrap_or_default()
                .into_iter()
                .filter_map(|hash| Some((hash.0.alg?.0, hash.0.content?.0)))
                .collect(),
            licenses: licenses.into_iter().flat_map(|choice| statements(choice.0)).collect(),
            ..Draft::default()
        });
        add(builder, part.components.unwrap_or_default());
    }
}

/// What one entry of `licenses` says.
fn statements(choice: Choice) -> impl Iterator<Item = LicenseDraft> {
    let (id, name) = choice.license.map_or((None, None), |Object(named)| (named.id, named.name));
    [
        (choice.expression, LicenseForm::Expression),
        (id, LicenseForm::Expression),
        (name, LicenseForm::Name),
    ]
    .into_iter()
    .filter_map(|(words, form)| Some(LicenseDraft { text: words?.0, form, how: None }))
}

/// Whether something is stated: null, blank text, numbers and truth values (nothing that is asked
/// for is one), and lists and objects of nothing but those state nothing.
#[derive(Default)]
struct Stated(bool);

impl<'de> Deserialize<'de> for Stated {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyStated).map(Self)
    }
}

struct AnyStated;

impl<'de> Visitor<'de> for AnyStated {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_bool<E>(self, _: bool) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_i64<E>(self, _: i64) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_u64<E>(self, _: u64) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_f64<E>(self, _: f64) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_str<E>(self, text: &str) -> Result<bool, E> {
        Ok(!text.trim().is_empty())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<bool, A::Error> {
        let mut any = false;
        while !any {
            match seq.next_element::<Stated>()? {
                Some(stated) => any = stated.0,
                None => return Ok(false),
            }
        }
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(true)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        let mut any = false;
        while !any {
            match map.next_entry::<IgnoredAny, Stated>()? {
                Some((_, stated)) => any = stated.0,
                None => return Ok(false),
            }
        }
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(true)
    }
}
