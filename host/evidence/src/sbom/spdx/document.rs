//! What a document of SPDX 2 states, in JSON and in tag-value form alike.
//!
//! Both readers hand over the same things in any order, and what they mean is said once, here:
//! `NOASSERTION` and `NONE` state nothing, who supplies is a name without what it is a name of, and
//! relationships become dependencies (see [`Meaning`]).

use std::borrow::Cow;

use super::relationship::Meaning;
use super::words::{agent, asserted, identifies, kebab, tool};
use crate::reason::quoted;
use crate::sbom::index::{Builder, Draft, LicenseDraft, said};
use crate::sbom::{Acknowledgement, Bom, DocumentField, LicenseForm};

/// How a document calls itself (SPDX 2.3, clause 6.3).
const ITSELF: &str = "SPDXRef-DOCUMENT";

/// The category of references by which package managers find a package, in the spelling of the
/// specification and in the one of its JSON schema.
const PACKAGE_MANAGER: [&str; 2] = ["PACKAGE-MANAGER", "PACKAGE_MANAGER"];

/// One package. The default states nothing.
#[derive(Debug, Default)]
pub(super) struct Package<'a> {
    pub(super) id: Option<Cow<'a, str>>,
    pub(super) name: Cow<'a, str>,
    pub(super) version: Option<Cow<'a, str>>,
    pub(super) supplier: Option<Cow<'a, str>>,
    pub(super) download: Option<Cow<'a, str>>,
    pub(super) homepage: Option<Cow<'a, str>>,
    pub(super) purpose: Option<Cow<'a, str>>,
    pub(super) released: Option<Cow<'a, str>>,
    pub(super) concluded: Option<Cow<'a, str>>,
    pub(super) declared: Option<Cow<'a, str>>,
    /// Algorithm and value.
    pub(super) checksums: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    pub(super) references: Vec<Reference<'a>>,
}

/// An external reference of a package.
#[derive(Debug)]
pub(super) struct Reference<'a> {
    pub(super) category: Cow<'a, str>,
    pub(super) kind: Cow<'a, str>,
    pub(super) locator: Cow<'a, str>,
}

/// A document in the making.
#[derive(Debug, Default)]
pub(super) struct Document<'a> {
    pub(super) version: Option<Cow<'a, str>>,
    pub(super) namespace: Option<Cow<'a, str>>,
    pub(super) created: Option<Cow<'a, str>>,
    pub(super) creators: Vec<Cow<'a, str>>,
    builder: Builder<'a>,
    described: Vec<Cow<'a, str>>,
    /// How many relationships are of a type that SPDX does not have, and the first such type.
    unknown: Option<(usize, String)>,
    /// How many packages have several package URLs.
    ambiguous: usize,
}

impl<'a> Document<'a> {
    /// Adds a package.
    pub(super) fn package(&mut self, package: Package<'a>) {
        let license = |text: Option<Cow<'a, str>>, how| {
            let form = LicenseForm::Expression;
            asserted(text).map(|text| LicenseDraft { text, form, how: Some(how) })
        };
        let concluded = license(package.concluded, Acknowledgement::Concluded);
        let declared = license(package.declared, Acknowledgement::Declared);
        let purl = self.purl(&package.references);
        let identified = package.references.iter().any(|one| identifies(&one.kind));
        let own = [("downloadLocation", package.download), ("homepage", package.homepage)];
        let own = own.into_iter().filter_map(|(kind, at)| Some((kind.into(), asserted(at)?)));
        let references = package.references.into_iter().map(|one| (one.kind, one.locator));
        self.builder.component(Draft {
            reference: package.id,
            name: package.name,
            version: asserted(package.version),
            purl,
            component_type: asserted(package.purpose).map(kebab),
            supplier: asserted(package.supplier).map(agent),
            licenses: concluded.into_iter().chain(declared).collect(),
            hashes: package.checksums,
            references: own.chain(references).collect(),
            released: package.released,
            identified,
            ..Draft::default()
        });
    }

    /// The first package URL. Others are references like the rest.
    fn purl(&mut self, references: &[Reference<'a>]) -> Option<Cow<'a, str>> {
        let is_purl = |one: &&Reference| {
            one.kind == "purl" && PACKAGE_MANAGER.contains(&one.category.as_ref())
        };
        let mut purls = references.iter().filter(is_purl).map(|one| &one.locator);
        let first = purls.next()?;
        self.ambiguous += usize::from(purls.any(|other| other != first));
        Some(first.clone())
    }

    /// Adds a relationship of a type from one element to another.
    pub(super) fn relate(&mut self, from: Cow<'a, str>, kind: &str, to: Cow<'a, str>) {
        let (from, to) = match Meaning::of(kind) {
            Meaning::Describes if from == ITSELF => return self.describes(to),
            Meaning::DescribedBy if to == ITSELF => return self.describes(from),
            Meaning::Needs => (from, to),
            Meaning::NeededBy => (to, from),
            Meaning::Describes | Meaning::DescribedBy | Meaning::Other => return,
            Meaning::Unknown => {
                let first = || (0, quoted(kind));
                self.unknown.get_or_insert_with(first).0 += 1;
                return;
            }
        };
        // That something needs nothing is said, too; that nobody knows what it needs says nothing.
        if from == ITSELF || to == "NOASSERTION" || from == "NOASSERTION" || from == "NONE" {
            return;
        }
        if matches!(kind, "CONTAINS" | "CONTAINED_BY") {
            // Most of what a package contains are files, which are none of our rows.
            return self.builder.part(from, to);
        }
        self.builder.stated(DocumentField::Dependencies, true);
        if to != "NONE" {
            self.builder.dependency(from, to);
        }
    }

    /// The document is about this element.
    pub(super) fn describes(&mut self, id: Cow<'a, str>) {
        self.described.extend(asserted(Some(id)));
    }

    /// A license that is none of SPDX's own has a name.
    pub(super) fn extracted(&mut self, id: Cow<'a, str>, name: Cow<'a, str>) {
        if let Some(name) = asserted(Some(name)) {
            self.builder.license_name(id, name);
        }
    }

    /// Notes how it was read.
    pub(super) fn note(&mut self, sentence: Option<String>) {
        sentence.into_iter().for_each(|sentence| self.builder.note(sentence));
    }

    /// Makes the index.
    pub(super) fn finish(mut self, spec_version: String) -> Bom {
        self.described.sort_unstable();
        self.described.dedup();
        let builder = &mut self.builder;
        for creator in &self.creators {
            match creator.split_once(':') {
                Some(("Tool", name)) => {
                    let (name, version) = tool(name.trim());
                    builder.stated(DocumentField::Tools, !name.is_empty());
                    builder.tool(name, version);
                }
                Some(("Person" | "Organization", _)) => {
                    let name = asserted(Some(agent(Cow::Borrowed(creator))));
                    builder.stated(DocumentField::Authors, name.is_some());
                }
                _ => {}
            }
        }
        builder.stated(DocumentField::SerialNumber, said(self.namespace).is_some());
        if let Some(created) = said(self.created) {
            builder.stated(DocumentField::Timestamp, true);
            builder.made_at(&created);
        }
        builder.stated(DocumentField::Component, !self.described.is_empty());
        builder.stated(DocumentField::Supplier, builder.are_supplied(&self.described));
        for id in self.described {
            builder.describes(id);
        }
        if let Some((count, first)) = self.unknown {
            let are = if count == 1 { "is" } else { "are" };
            builder.note(format!(
                "{count} of its relationships {are} of a type that SPDX does not have, such as {first}, which says nothing"
            ));
        }
        match self.ambiguous {
            0 => {}
            1 => builder.note(
                "1 of its packages has several package URLs: the first is its own".to_owned(),
            ),
            count => builder.note(format!(
                "{count} of its packages have several package URLs: the first is their own"
            )),
        }
        self.builder.finish("spdx", spec_version)
    }
}
