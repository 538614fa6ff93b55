//! Reads SPDX 3 in JSON-LD: the elements of a `@graph`, or one that is all of the document.
//!
//! Packages become components, `contains`, `dependsOn` and its like dependencies, and licenses what
//! `hasConcludedLicense` and `hasDeclaredLicense` lead to. A document is about its root elements, by
//! way of the bills of materials among them, and about what it `describes`.

use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny};

use super::element::Element;
use super::elements::{Collection, CreationInfo, Elements, Package};
use super::license::Licenses;
use super::malformed;
use super::relationship::Meaning;
use super::version::{note_on, other_version};
use super::words::{asserted, hash_algorithm, identifies, kebab};
use crate::json::Words;
use crate::json::{self, Each, Object};
use crate::reason::{quoted, shown};
use crate::sbom::index::{Builder, Draft, LicenseDraft};
use crate::sbom::{Acknowledgement, Bom, DocumentField, File, LicenseForm, Unreadable};

/// Where the words come from that a document is written in. Another context could give any word
/// another meaning.
const CONTEXTS: [&str; 2] = ["https://spdx.org/rdf/3.", "https://spdx.github.io/spdx-spec/v3."];

/// How the individuals end that stand for no element, and for one that nobody names.
const NONE: &str = "/NoneElement";
const NO_ASSERTION: &str = "/NoAssertionElement";

/// Whether a context is that of SPDX 3.
pub(crate) fn is_context(context: &str) -> bool {
    CONTEXTS.iter().any(|beginning| context.starts_with(beginning))
}

#[derive(Deserialize)]
struct Root<'a, const FILES: bool> {
    #[serde(borrow, rename = "@context")]
    context: Option<Words<'a>>,
    #[serde(borrow, rename = "@graph")]
    graph: Option<Graph<'a, FILES>>,
    #[serde(rename = "bomFormat")]
    cyclonedx: Option<IgnoredAny>,
    #[serde(rename = "spdxVersion")]
    second: Option<IgnoredAny>,
}

/// A list of elements, each sorted as it is read; with files, if they are asked for.
struct Graph<'a, const FILES: bool>(Elements<'a>);

impl<'de: 'a, 'a, const FILES: bool> Deserialize<'de> for Graph<'a, FILES> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut elements = Elements::new(FILES);
        let add = |Object(element): Object<Element<'a>>| elements.add(element);
        Each::new(add).deserialize(deserializer)?;
        Ok(Self(elements))
    }
}

/// Reads a document.
pub(super) fn read(text: &str) -> Result<Bom, Unreadable> {
    let unreadable = |error| malformed(shown(&error));
    let root: Root<false> = json::object(text).map_err(unreadable)?;
    if let Some(Words(context)) = root.context.filter(|context| !is_context(&context.0)) {
        return Err(malformed(format!(
            "its `@context` is {} and not SPDX's own",
            quoted(&context)
        )));
    }
    if root.cyclonedx.is_some() || root.second.is_some() {
        // Two readers would read different documents.
        return Err(malformed("it claims to be CycloneDX or SPDX 2, too".to_owned()));
    }
    let elements = match root.graph {
        Some(Graph(elements)) => elements,
        None => {
            let mut elements = Elements::default();
            elements.add(json::object(text).map_err(unreadable)?).map_err(malformed)?;
            elements
        }
    };
    let (main, info) = elements.main();
    let version = info.and_then(|info| info.version.as_deref()).unwrap_or_default();
    let note = note_on(version, 3).ok_or_else(|| other_version(version))?;
    let mut reading = Reading { elements: &elements, builder: Builder::default() };
    note.into_iter().for_each(|note| reading.builder.note(note));
    reading.packages(text.len()).map_err(malformed)?;
    reading.relationships();
    reading.document(main, info);
    Ok(reading.builder.finish("spdx", version.to_owned()))
}

/// Reads its files. The error is a reason.
pub(super) fn files(text: &str) -> Result<Vec<File>, String> {
    let root: Root<true> = json::object(text).map_err(|error| shown(&error))?;
    let elements = match root.graph {
        Some(Graph(elements)) => elements,
        None => {
            let mut elements = Elements::new(true);
            elements.add(json::object(text).map_err(|error| shown(&error))?)?;
            elements
        }
    };
    Ok(elements.files.unwrap_or_default())
}

/// An index in the making, and what it is made from.
struct Reading<'e, 'a> {
    elements: &'e Elements<'a>,
    builder: Builder<'e>,
}

impl<'a> Elements<'a> {
    /// The document, or else the bill of materials, and by whom and when it was made.
    fn main(&self) -> (Option<&Collection<'a>>, Option<&CreationInfo<'a>>) {
        let all = &self.collections;
        let main = all.iter().find(|one| one.is_document).or_else(|| all.first());
        let number = main.and_then(|main| main.info);
        let info = self.infos.iter().find(|info| number.is_none_or(|number| info.number == number));
        (main, info.or_else(|| self.infos.first()))
    }

    fn id(&self, number: u32) -> &str {
        self.ids.get(number as usize).map(Cow::as_ref).unwrap_or_default()
    }

    /// What someone is called: by name, or by id where the document says no more.
    fn name(&self, number: u32) -> Option<&str> {
        let name = self.agents.get(&number).and_then(|agent| agent.name.as_deref());
        let name = name.unwrap_or_else(|| self.id(number));
        let is_someone = !name.ends_with(NONE) && !name.ends_with(NO_ASSERTION);
        asserted(Some(name.into())).filter(|_| is_someone).map(|_| name)
    }
}

impl<'e> Reading<'e, '_> {
    /// What the document says of itself.
    fn document(&mut self, main: Option<&'e Collection>, info: Option<&'e CreationInfo>) {
        let (elements, builder) = (self.elements, &mut self.builder);
        let has_id = main.is_some_and(|main| elements.name(main.number).is_some());
        builder.stated(DocumentField::SerialNumber, has_id);
        for phase in elements.collections.iter().flat_map(|one| &one.phases) {
            builder.lifecycle(&kebab(Cow::Borrowed(phase)));
        }
        if let Some(info) = info {
            let created = info.created.as_deref().unwrap_or_default();
            builder.stated(DocumentField::Timestamp, !created.trim().is_empty());
            builder.made_at(created);
            let is_program =
                |number: &&u32| elements.agents.get(number).is_some_and(|agent| agent.is_program);
            let mut authors = info.by.iter().filter(|by| !is_program(by));
            let is_author = authors.any(|&author| elements.name(author).is_some());
            builder.stated(DocumentField::Authors, is_author);
            let tools = info.using.iter().chain(info.by.iter().filter(is_program));
            for tool in tools.filter_map(|&tool| elements.name(tool)) {
                builder.stated(DocumentField::Tools, true);
                builder.tool(tool, None);
            }
        }
        let described = self.described();
        self.builder.stated(DocumentField::Component, !described.is_empty());
        let ids: Vec<Cow<str>> =
            described.into_iter().map(|number| elements.id(number).into()).collect();
        self.builder.stated(DocumentField::Supplier, self.builder.are_supplied(&ids));
        for id in ids {
            self.builder.describes(id);
        }
    }

    /// What the document is about. Where it is about bills of materials, it is what those are about.
    fn described(&self) -> BTreeSet<u32> {
        let all = &self.elements.collections;
        let by_number: HashMap<u32, &Collection> =
            all.iter().map(|one| (one.number, one)).collect();
        let has_document = all.iter().any(|one| one.is_document);
        let begin = all.iter().filter(|one| one.is_document || !has_document);
        let mut open: Vec<u32> = begin.map(|one| one.number).collect();
        let mut seen = BTreeSet::new();
        let mut described = BTreeSet::new();
        while let Some(number) = open.pop() {
            match by_number.get(&number) {
                Some(collection) if seen.insert(number) => open.extend(&collection.roots),
                Some(_) => {}
                None => {
                    described.extend(self.elements.name(number).map(|_| number));
                }
            }
        }
        for one in &self.elements.relationships {
            let is_of_collection = one.from.iter().any(|from| by_number.contains_key(from));
            if Meaning::of_third(&one.kind) == Meaning::Describes && is_of_collection {
                let to = one.to.iter().filter(|to| !by_number.contains_key(to));
                described.extend(to.filter(|&&to| self.elements.name(to).is_some()));
            }
        }
        described
    }

    /// What depends on what.
    fn relationships(&mut self) {
        let (elements, builder) = (self.elements, &mut self.builder);
        for one in &elements.relationships {
            if Meaning::of_third(&one.kind) != Meaning::Needs {
                continue;
            }
            let ends = one.from.iter().flat_map(|&from| one.to.iter().map(move |&to| (from, to)));
            for (from, to) in ends.map(|(from, to)| (elements.id(from), elements.id(to))) {
                if from.ends_with(NONE) || [from, to].iter().any(|id| id.ends_with(NO_ASSERTION)) {
                    continue;
                }
                if one.kind == "contains" {
                    // Most of what a package contains are files, which are none of our rows.
                    builder.part(from.into(), to.into());
                    continue;
                }
                builder.stated(DocumentField::Dependencies, true);
                if !to.ends_with(NONE) {
                    builder.dependency(from.into(), to.into());
                }
            }
        }
    }

    /// Packages, with the licenses that relationships give them. The error is a reason.
    fn packages(&mut self, length: usize) -> Result<(), String> {
        let elements = self.elements;
        let mut stated: HashMap<u32, Vec<(u32, Acknowledgement)>> = HashMap::new();
        for one in &elements.relationships {
            let how = match one.kind.as_ref() {
                "hasConcludedLicense" => Acknowledgement::Concluded,
                "hasDeclaredLicense" => Acknowledgement::Declared,
                _ => continue,
            };
            for &from in &one.from {
                stated.entry(from).or_default().extend(one.to.iter().map(|&to| (to, how)));
            }
        }
        let mut licenses = Licenses::new(&elements.licenses, &elements.ids, length);
        let mut texts: HashMap<u32, Option<(String, LicenseForm)>> = HashMap::new();
        for package in &elements.packages {
            let of = stated.remove(&package.number).unwrap_or_default();
            let mut drafts = Vec::new();
            for (license, how) in of {
                let said = match texts.entry(license) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(new) => new.insert(licenses.text(license)?),
                };
                drafts.extend(said.as_ref().map(|(text, form)| LicenseDraft {
                    text: Cow::Owned(text.clone()),
                    form: *form,
                    how: Some(how),
                }));
            }
            self.builder.component(draft(elements, package, drafts));
        }
        for (call, license) in &elements.license_calls {
            let name = elements.license_names.get(license).map(|name| Cow::Borrowed(&**name));
            if let Some(name) = asserted(name) {
                self.builder.license_name(Cow::Borrowed(call), name);
            }
        }
        Ok(())
    }
}

fn draft<'e>(
    elements: &'e Elements,
    package: &'e Package,
    licenses: Vec<LicenseDraft<'e>>,
) -> Draft<'e> {
    let borrowed = |text: &'e Option<Cow<str>>| asserted(text.as_deref().map(Cow::Borrowed));
    let supplier = package.suppliers.iter().find_map(|&supplier| elements.name(supplier));
    let pair =
        |(of, text): &'e (Cow<str>, Cow<str>)| (Cow::Borrowed(&**of), Cow::Borrowed(&**text));
    let hashes = package.hashes.iter().map(pair);
    let references = package.references.iter().map(pair);
    Draft {
        reference: Some(elements.id(package.number).into()),
        name: Cow::Borrowed(&package.name),
        version: borrowed(&package.version),
        purl: borrowed(&package.purl),
        component_type: borrowed(&package.purpose).map(kebab),
        supplier: supplier.map(Cow::Borrowed),
        released: borrowed(&package.released),
        identified: package.references.iter().any(|(kind, _)| identifies(kind)),
        licenses,
        hashes: hashes.map(|(algorithm, value)| (hash_algorithm(algorithm), value)).collect(),
        references: references
            .filter(|(_, at)| asserted(Some(Cow::Borrowed(at))).is_some())
            .collect(),
        ..Draft::default()
    }
}
