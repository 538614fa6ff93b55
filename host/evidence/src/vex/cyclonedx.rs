//! Reads what CycloneDX in JSON says of the vulnerabilities that it lists, 1.4 and later.
//!
//! A bill of materials that analyses none of them states nothing, whatever else is in it. Of one that
//! does, what `affects` refers to is looked up among the components of the same document; a
//! reference to another document (a BOM-Link) leads somewhere only if it is a package URL itself.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use lockgate_model::Instant;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::component::{Package, decoded};
use super::words::{Words, moment, said};
use super::{
    Component, Document, Draft, MAX_ALIASES, MAX_NAMED, MAX_STATEMENTS, Product, Statement, Status,
    Unreadable,
};
use crate::claim::Subject;
use crate::json::{self, Bounded, Object};
use crate::reason::{quoted, shown};

const FORMAT: &str = "CycloneDX";

/// The last minor version whose rules are known here.
const LATEST_MINOR: u32 = 7;

/// Whether there is anything to read.
#[derive(Deserialize)]
struct Look {
    vulnerabilities: Option<Bounded<Object<Analysed>, MAX_STATEMENTS>>,
}

#[derive(Deserialize)]
struct Analysed {
    analysis: Option<Object<State>>,
}

#[derive(Deserialize)]
struct State {
    state: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written<'a> {
    #[serde(borrow)]
    spec_version: Option<Words<'a>>,
    #[serde(borrow)]
    serial_number: Option<Words<'a>>,
    #[serde(borrow)]
    version: Option<&'a RawValue>,
    #[serde(borrow)]
    metadata: Option<Object<Metadata<'a>>>,
    #[serde(borrow)]
    components: Option<Vec<Object<Part<'a>>>>,
    #[serde(borrow)]
    vulnerabilities: Option<Bounded<Object<Vulnerability<'a>>, MAX_STATEMENTS>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Metadata<'a> {
    #[serde(borrow)]
    timestamp: Option<Words<'a>>,
    #[serde(borrow)]
    authors: Option<Vec<Object<Author<'a>>>>,
    #[serde(borrow)]
    component: Option<Object<Part<'a>>>,
}

#[derive(Deserialize)]
struct Author<'a> {
    #[serde(borrow)]
    name: Option<Words<'a>>,
}

#[derive(Deserialize)]
struct Part<'a> {
    #[serde(borrow, rename = "bom-ref")]
    bom_ref: Option<Words<'a>>,
    #[serde(borrow)]
    group: Option<Words<'a>>,
    #[serde(borrow)]
    name: Option<Words<'a>>,
    #[serde(borrow)]
    version: Option<Words<'a>>,
    #[serde(borrow)]
    purl: Option<Words<'a>>,
    #[serde(borrow)]
    components: Option<Vec<Object<Part<'a>>>>,
}

#[derive(Deserialize)]
struct Vulnerability<'a> {
    #[serde(borrow)]
    id: Option<Words<'a>>,
    #[serde(borrow)]
    references: Option<Bounded<Object<Reference<'a>>, MAX_ALIASES>>,
    #[serde(borrow)]
    analysis: Option<Object<Analysis<'a>>>,
    #[serde(borrow)]
    affects: Option<Bounded<Object<Affects<'a>>, MAX_NAMED>>,
}

#[derive(Deserialize)]
struct Reference<'a> {
    #[serde(borrow)]
    id: Option<Words<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Analysis<'a> {
    #[serde(borrow)]
    state: Option<Words<'a>>,
    #[serde(borrow)]
    justification: Option<Words<'a>>,
    #[serde(borrow)]
    response: Option<Vec<Words<'a>>>,
    #[serde(borrow)]
    detail: Option<Words<'a>>,
    #[serde(borrow)]
    first_issued: Option<Words<'a>>,
    #[serde(borrow)]
    last_updated: Option<Words<'a>>,
}

#[derive(Deserialize)]
struct Affects<'a> {
    #[serde(borrow, rename = "ref")]
    reference: Cow<'a, str>,
    #[serde(borrow)]
    versions: Option<Bounded<Object<Version<'a>>, MAX_NAMED>>,
}

#[derive(Deserialize)]
struct Version<'a> {
    /// Where there is none, a range is meant.
    #[serde(borrow)]
    version: Option<Words<'a>>,
    #[serde(borrow)]
    status: Option<Words<'a>>,
}

/// Reads a document.
pub(super) fn read(text: &str) -> Result<Document, Unreadable> {
    let look: Look = json::object(text).map_err(|error| malformed(shown(&error)))?;
    let analysed = |one: &Object<Analysed>| {
        one.0.analysis.as_ref().is_some_and(|analysis| analysis.0.state.is_some())
    };
    if !look.vulnerabilities.iter().flat_map(|all| &all.0).any(analysed) {
        return Ok(Draft::default().finish(FORMAT, String::new(), None));
    }
    let written: Written = json::object(text).map_err(|error| malformed(shown(&error)))?;
    let version = said(written.spec_version).unwrap_or_default();
    let mut draft = Draft::default();
    if minor(&version)? > LATEST_MINOR {
        draft.note(format!(
            "its version {} of {FORMAT} is newer than 1.{LATEST_MINOR}, the last that this version \
             knows",
            quoted(&version)
        ));
    }
    let metadata = written.metadata.map(|metadata| metadata.0).unwrap_or_default();
    let of_document = stamp("metadata.timestamp", metadata.timestamp, "the document")?;
    let authors = metadata.authors.into_iter().flatten();
    let authors: Vec<_> = authors.filter_map(|author| said(author.0.name)).collect();
    let vulnerabilities = written.vulnerabilities.map(|all| all.0).unwrap_or_default();
    let serial = written.serial_number.as_ref().map(|serial| serial.0.as_ref());
    let link = Link::to(serial, written.version);
    let mut parts = Parts { link, found: BTreeMap::new() };
    let affects =
        vulnerabilities.iter().flat_map(|one| one.0.affects.iter().flat_map(|all| &all.0));
    let wanted = affects.flat_map(|affects| parts.names(&affects.0.reference)).collect();
    let described = metadata.component.map(|component| component.0);
    parts.find(&wanted, described, written.components.unwrap_or_default());
    for (place, Object(vulnerability)) in (1..).zip(vulnerabilities) {
        vulnerability.read(&mut draft, &parts, &format!("vulnerability {place}"), of_document)?;
    }
    let author = (!authors.is_empty()).then(|| authors.join(", "));
    Ok(draft.finish(FORMAT, version, author))
}

impl Vulnerability<'_> {
    fn read(
        self,
        draft: &mut Draft,
        parts: &Parts,
        place: &str,
        of_document: Option<Instant>,
    ) -> Result<(), Unreadable> {
        let Some(Object(analysis)) = self.analysis else { return Ok(()) };
        let Some(state) = analysis.state else { return Ok(()) };
        let status = match &*state.0 {
            "exploitable" => Status::Affected,
            "in_triage" => Status::UnderInvestigation,
            "resolved" | "resolved_with_pedigree" => Status::Fixed,
            "not_affected" | "false_positive" => Status::NotAffected,
            other => {
                let other = quoted(other);
                return Err(malformed(format!("the state of {place} is {other}, which is none")));
            }
        };
        let at = stamp("firstIssued", analysis.first_issued, place)?;
        let at = at.max(stamp("lastUpdated", analysis.last_updated, place)?).or(of_document);
        let references = self.references.into_iter().flat_map(|references| references.0);
        let mut ids: Vec<String> = references.filter_map(|one| said(one.0.id)).collect();
        let vulnerability = match said(self.id) {
            Some(id) => id,
            None if ids.is_empty() => {
                draft.anonymous();
                return Ok(());
            }
            None => ids.remove(0),
        };
        let mut products = Vec::new();
        let is_whole = match self.affects {
            None => true,
            Some(affects) => {
                let is_empty = affects.0.is_empty();
                for Object(affects) in affects.0 {
                    products.extend(affects.read(draft, parts, status));
                }
                is_empty
            }
        };
        // Without a product it would be about all of the artifact, which it does not say.
        if products.is_empty() && !is_whole {
            return Ok(());
        }
        let response = analysis.response.into_iter().flatten().filter_map(|one| said(Some(one)));
        let response: Vec<String> = response.collect();
        draft.add(Statement {
            vulnerability,
            aliases: ids,
            status,
            justification: said(analysis.justification),
            impact: said(analysis.detail),
            action: (!response.is_empty()).then(|| response.join(", ")),
            at,
            products,
            parts: Vec::new(),
        });
        Ok(())
    }
}

impl Affects<'_> {
    /// What a statement of a status is about; none where it is not about the versions that are there.
    fn read(self, draft: &mut Draft, parts: &Parts, status: Status) -> Vec<Product> {
        let versions = self.versions.map(|versions| versions.0).unwrap_or_default();
        let product = |parts| Product { component: None, parts, hashes: Subject::default() };
        let found = parts.at(&self.reference);
        // Whoever says that nothing has to be done has to say of what.
        if found.is_empty() || (found.len() > 1 && status.clears()) {
            draft.vague(&self.reference);
            return vec![product(vec![Component::Vague(self.reference.into_owned())])];
        }
        let mut products = Vec::new();
        for Found { component, version } in found.iter().cloned() {
            if !concerns(&versions, version.as_deref(), status) {
                continue;
            }
            if let Some(Component::Vague(what)) = &component {
                draft.vague(what);
            }
            products.push(product(component.into_iter().collect()));
        }
        products
    }
}

/// Whether a statement that is about these versions is about this one. Ranges are not looked into:
/// one may have it, and may not.
fn concerns(versions: &[Object<Version>], version: Option<&str>, status: Status) -> bool {
    if versions.is_empty() {
        return true;
    }
    let called = |one: &Version| one.status.as_ref().map(|status| status.0.clone().into_owned());
    let exact = versions.iter().filter(|one| {
        one.0.version.as_ref().zip(version).is_some_and(|(written, ours)| written.0 == ours)
    });
    let exact: Vec<Option<String>> = exact.map(|one| called(&one.0)).collect();
    let is_unaffected = |called: &Option<String>| called.as_deref() == Some("unaffected");
    if status.clears() {
        // Where nothing is said of a version, what is said of all of them holds for it.
        return !exact.is_empty() && exact.iter().all(|it| it.is_none() || is_unaffected(it));
    }
    if !exact.is_empty() {
        return !exact.iter().all(is_unaffected);
    }
    let may_have_it = |one: &Object<Version>| {
        (one.0.version.is_none() || version.is_none()) && !is_unaffected(&called(&one.0))
    };
    versions.iter().any(may_have_it)
}

/// How other documents refer to this one (a BOM-Link): `urn:cdx:SERIAL/VERSION#`.
struct Link(Option<String>);

impl Link {
    fn to(serial: Option<&str>, version: Option<&RawValue>) -> Self {
        let uuid = serial.and_then(|serial| {
            serial
                .get("urn:uuid:".len()..)
                .filter(|_| serial.to_ascii_lowercase().starts_with("urn:uuid:"))
        });
        // The specification gives a document without a version the first.
        let version = version.map_or("1", RawValue::get);
        Self(uuid.map(|uuid| format!("urn:cdx:{}/{version}", uuid.to_ascii_lowercase())))
    }
}

/// The components that are referred to.
struct Parts {
    link: Link,
    found: BTreeMap<String, Vec<Found>>,
}

/// What a reference leads to.
#[derive(Clone)]
struct Found {
    /// None: what the document describes, as a whole.
    component: Option<Component>,
    version: Option<String>,
}

impl Parts {
    /// By what names a reference may be known in this document.
    fn names(&self, reference: &str) -> Vec<String> {
        match reference.split_once('#').filter(|_| is_link(reference)) {
            None => vec![reference.to_owned()],
            Some((document, element)) => {
                let is_ours = self.link.0.as_ref() == Some(&document.to_ascii_lowercase());
                let names = [Some(element.to_owned()), decoded(element)];
                names.into_iter().flatten().filter(|_| is_ours).collect()
            }
        }
    }

    /// Finds those that are wanted.
    fn find(
        &mut self,
        wanted: &BTreeSet<String>,
        described: Option<Part>,
        components: Vec<Object<Part>>,
    ) {
        if let Some(mut described) = described {
            let inner = described.components.take().unwrap_or_default();
            let name = said(described.bom_ref);
            if let Some(name) = name.filter(|name| wanted.contains(name)) {
                let version = said(described.version);
                self.found.entry(name).or_default().push(Found { component: None, version });
            }
            self.find_in(wanted, inner);
        }
        self.find_in(wanted, components);
    }

    /// It goes as deep as components nest, which is not deeper than JSON may.
    fn find_in(&mut self, wanted: &BTreeSet<String>, components: Vec<Object<Part>>) {
        for Object(mut part) in components {
            let inner = part.components.take().unwrap_or_default();
            let name = part.bom_ref.take().map(|name| name.0);
            if let Some(name) = name.filter(|name| wanted.contains(name.as_ref())) {
                self.found.entry(name.into_owned()).or_default().push(part.found());
            }
            self.find_in(wanted, inner);
        }
    }

    /// What a reference leads to; nothing where that cannot be told.
    fn at(&self, reference: &str) -> Vec<Found> {
        let known = self.names(reference);
        if let Some(found) = known.iter().find_map(|name| self.found.get(name)) {
            return found.clone();
        }
        let element = reference.split_once('#').filter(|_| is_link(reference));
        let element = element.map_or(reference, |(_, element)| element);
        let package = Package::read(element).map(|package| {
            let version = package.version();
            Found { component: Some(Component::Package(package)), version }
        });
        package.into_iter().collect()
    }
}

impl Part<'_> {
    fn found(self) -> Found {
        let version = said(self.version);
        let component = match (said(self.purl), said(self.group), said(self.name)) {
            (Some(purl), _, _) => {
                Package::read(&purl).map_or(Component::Vague(purl), Component::Package)
            }
            (None, group, Some(name)) => {
                let name = group.map_or(name.clone(), |group| format!("{group}/{name}"));
                Component::Named { name, version: version.clone() }
            }
            (None, _, None) => Component::Vague("a component without a name".to_owned()),
        };
        Found { component: Some(component), version }
    }
}

/// Whether a reference names its document.
fn is_link(reference: &str) -> bool {
    const SCHEME: &str = "urn:cdx:";
    reference.get(..SCHEME.len()).is_some_and(|scheme| scheme.eq_ignore_ascii_case(SCHEME))
}

/// The minor version, if its rules may be read as those that are known: 1.4 was the first to list
/// vulnerabilities, and a minor version after the last that was published only adds.
fn minor(version: &str) -> Result<u32, Unreadable> {
    let numbers = crate::predicate::numbers(version);
    match numbers.as_deref() {
        Some([1, minor]) if *minor >= 4 => Ok(*minor),
        _ => Err(Unreadable::Version { format: FORMAT, version: quoted(version), read: "1.4" }),
    }
}

fn stamp(field: &str, words: Option<Words>, place: &str) -> Result<Option<Instant>, Unreadable> {
    moment(words).map_err(|what| {
        malformed(format!("`{field}` of {place} is {what}, which is not an RFC 3339 instant"))
    })
}

fn malformed(what: String) -> Unreadable {
    Unreadable::Malformed { format: FORMAT, what }
}
