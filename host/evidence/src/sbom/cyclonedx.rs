//! Reads CycloneDX in JSON, 1.2 and later.
//!
//! The model names only what the index keeps and borrows it from the text; everything else is
//! skipped without being built. It is tolerant of what a newer minor version adds, and of nothing
//! that would let a component go unseen: a member of the wrong type makes the whole unreadable.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{Bom, Component, DocumentField, License, LicenseForm, Unreadable};
use crate::json::{self, Object};
use crate::package::purl;

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
    #[serde(default)]
    supplier: Stated,
    hashes: Option<Vec<Object<Hash>>>,
    #[serde(borrow)]
    components: Option<Vec<Object<Part<'a>>>>,
}

#[derive(Deserialize)]
struct Hash {
    #[serde(default)]
    content: Stated,
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
    let malformed = |what: String| Unreadable::Malformed { what };
    let text = std::str::from_utf8(text).map_err(|_| malformed("it is not UTF-8".to_owned()))?;
    let document: Document =
        json::object(text).map_err(|error| malformed(crate::reason::shown(&error)))?;
    if document.bom_format.as_ref().is_none_or(|format| format.0 != "CycloneDX") {
        return Err(Unreadable::Format);
    }
    let version = document.spec_version.map(|version| version.0).unwrap_or_default();
    if !is_read(&version) {
        let version = crate::reason::quoted(&version);
        return Err(Unreadable::Version { version });
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
    let mut all = [false; DocumentField::COUNT];
    for &field in DocumentField::ALL {
        all[field as usize] = stated(field);
    }
    let mut index = Index::default();
    index.add(document.components.unwrap_or_default());
    index.add(described.components.unwrap_or_default());
    let (components, licenses) = index.finish();
    Ok(Bom { spec_version: version.into_owned(), stated: all, components, licenses })
}

/// Whether a version's rules are known here: 1.2 was the first in JSON, and a minor version after
/// the last that was published only adds.
fn is_read(version: &str) -> bool {
    version.strip_prefix("1.").is_some_and(|minor| {
        minor.bytes().all(|digit| digit.is_ascii_digit())
            && minor.parse::<u32>().is_ok_and(|minor| minor >= 2)
    })
}

/// Components as they are found, and the license statements that they make.
#[derive(Default)]
struct Index {
    components: Vec<Component>,
    /// Numbered in the order in which they are found, until all are known.
    licenses: BTreeMap<License, u32>,
}

impl Index {
    fn add(&mut self, parts: Vec<Object<Part>>) {
        for Object(part) in parts {
            let licenses = part.licenses.unwrap_or_default();
            let mut licenses: Vec<u32> = licenses
                .into_iter()
                .flat_map(|choice| statements(choice.0))
                .map(|l| self.number(l))
                .collect();
            licenses.sort_unstable();
            licenses.dedup();
            let (name, own_name) = match part.group.and_then(Words::said) {
                Some(group) => (format!("{group}/{}", part.name.0), group.len() + 1),
                None => (part.name.0.into_owned(), 0),
            };
            let written = part.purl.and_then(Words::said);
            let (purl, canonical) = match written.as_deref().and_then(purl::canonical) {
                Some((text, parts)) => (Some(text), Some(parts)),
                None => (written.map(Cow::into_owned), None),
            };
            self.components.push(Component {
                name,
                version: part.version.and_then(Words::said).map(Cow::into_owned),
                purl,
                licenses,
                canonical,
                own_name,
                has_supplier: part.supplier.0,
                has_hash: part.hashes.iter().flatten().any(|hash| hash.0.content.0),
            });
            self.add(part.components.unwrap_or_default());
        }
    }

    fn number(&mut self, license: License) -> u32 {
        // There are fewer than there are bytes in a document, which stays far below 4 GiB.
        let next = u32::try_from(self.licenses.len()).unwrap_or(u32::MAX);
        *self.licenses.entry(license).or_insert(next)
    }

    /// Puts all in order, and gives the license statements their numbers in that order.
    fn finish(self) -> (Vec<Component>, Vec<License>) {
        let mut places = vec![0; self.licenses.len()];
        for (place, &found) in (0..).zip(self.licenses.values()) {
            places[found as usize] = place;
        }
        let mut components = self.components;
        for component in &mut components {
            for license in &mut component.licenses {
                *license = places[*license as usize];
            }
            component.licenses.sort_unstable();
        }
        // A stable sort: components that agree keep their order in the document.
        components
            .sort_by(|a, b| (&a.purl, &a.name, &a.version).cmp(&(&b.purl, &b.name, &b.version)));
        (components, self.licenses.into_keys().collect())
    }
}

/// What one entry of `licenses` says.
fn statements(choice: Choice) -> impl Iterator<Item = License> {
    let (id, name) = choice.license.map_or((None, None), |Object(named)| (named.id, named.name));
    [
        (choice.expression, LicenseForm::Expression),
        (id, LicenseForm::Expression),
        (name, LicenseForm::Name),
    ]
    .into_iter()
    .filter_map(|(words, form)| {
        let text = words?.said()?.into_owned();
        Some(License { text, form })
    })
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
