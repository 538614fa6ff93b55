//! Bills of materials behind a native index.
//!
//! A document is read once and answers every policy's questions from then on: [`Bom`] holds its
//! components and license statements in a fixed order, [`Query`] narrows and counts. What the
//! words mean is written down in `wit/sbom.wit`, and this is the room that keeps it.
//!
//! A `Bom` proves nothing by itself. What vouches for it is the fact that it was taken from, see
//! [`crate::Attestation::bom`].

mod component;
mod cyclonedx;
mod field;
mod files;
mod form;
mod glob;
mod graph;
mod head;
mod index;
mod origin;
mod posting;
mod query;
mod schema;
#[cfg(test)]
mod shown;
mod spdx;

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use lockgate_model::{Instant, Kind};

pub use component::{
    Acknowledgement, Component, Hash, License, LicenseForm, Reference, Service,
    UnknownAcknowledgement,
};
pub use field::{ComponentField, DocumentField, UnknownField};
pub use files::{File, UnreadableFiles};
pub(crate) use form::{Form, Mark, SPDX_JSON, mark};
pub use glob::Glob;
pub(crate) use head::{head_of_tag_value, head_of_xml};
pub use query::{Narrowing, Numbers, Query};
pub use schema::NoSchema;
pub(crate) use spdx::is_context as is_spdx_context;

use component::{Span, Word};
use graph::Graph;
use posting::{Postings, TextPostings};

/// The contents of one document.
#[derive(Debug, Default)]
pub struct Bom {
    format: &'static str,
    spec_version: String,
    /// The document itself, for questions that the index does not answer.
    source: Source,
    problems: OnceLock<Result<Vec<String>, NoSchema>>,
    /// The files that it states; read when they are first asked for.
    files: OnceLock<Result<Vec<File>, UnreadableFiles>>,
    /// What the document states about itself, in the order of [`DocumentField`].
    stated: [bool; DocumentField::COUNT],
    notes: Vec<String>,
    made_at: Option<Instant>,
    // INVARIANT: sorted, distinct; so are the lifecycles and the notes.
    tools: Vec<String>,
    lifecycles: Vec<String>,
    described: Option<String>,
    // INVARIANT: sorted by (purl, name, version, place in the document); a component's number is
    // its place here, and pages are cut from this order.
    components: Vec<Component>,
    // INVARIANT: distinct, sorted by (text, form); a license statement's number is its place here.
    licenses: Vec<License>,
    /// Who says each license statement of each component.
    marks: Vec<u8>,
    /// What many components share: types, suppliers, algorithms, kinds of references.
    words: Vec<Box<str>>,
    /// Algorithm and value of all hashes, those of a component side by side; likewise the kind and the
    /// locator of all references.
    hashes: Vec<(Word, Span)>,
    references: Vec<(Word, Span)>,
    /// The values and locators, one behind the other.
    texts: String,
    // INVARIANT: sorted by (name, version, place in the document).
    services: Vec<Service>,
    graph: Graph,
    by_license: Postings,
    /// How long package URLs are, on the average; told when a pattern is asked for.
    purl_length: OnceLock<usize>,
    /// By type, namespace and name of a package URL; made when the first package is asked for.
    by_package: OnceLock<TextPostings>,
    /// By the last part of the name; made when the first name is asked for.
    by_name: OnceLock<TextPostings>,
}

/// Why a document has no index.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the fields are quoted from the document")]
pub enum Unreadable {
    /// It is evidence of something else.
    #[error("the document is of the kind `{kind}`, not `sbom`")]
    NotAnSbom { kind: Kind },
    /// It is a bill of materials of another format.
    #[error(
        "the format is not supported by this version, which reads CycloneDX in JSON and XML, and SPDX in JSON and tag-value form"
    )]
    Format,
    /// It is of a format that is known, written in a form that is not read.
    #[error("the document is {form}, which is not supported by this version: convert it to {to}")]
    Form { form: &'static str, to: &'static str },
    /// It is no text.
    #[error("the document is not UTF-8; a document in another encoding has to be converted")]
    NotText,
    /// It is of a version that has other rules.
    #[error("version {version} of {format} is not supported by this version, which reads {reads}")]
    Version { format: &'static str, version: String, reads: &'static str },
    /// It is not what its format says.
    #[error("the document is not valid {format}: {what}")]
    Malformed { format: &'static str, what: String },
    /// Its places cannot be numbered.
    #[error("the document is of 4 GiB or more; split it")]
    TooLarge,
}

/// The bytes of a document, shared with whoever else has them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Source {
    /// What was signed or accepted.
    pub(crate) payload: Arc<Vec<u8>>,
    /// Where in it the document stands.
    pub(crate) body: Range<usize>,
}

impl Source {
    fn bytes(&self) -> &[u8] {
        self.payload.get(self.body.clone()).unwrap_or_default()
    }
}

impl Bom {
    /// Reads the predicate of a statement of a kind, or a document as it is. How it begins tells its
    /// form; a JSON string is what is written in it.
    pub(crate) fn read(kind: Kind, source: Source) -> Result<Self, Unreadable> {
        if kind != Kind::Sbom {
            return Err(Unreadable::NotAnSbom { kind });
        }
        let bom = Self::index(source.bytes())?;
        Ok(Self { source, ..bom })
    }

    /// The same without the document, of which then nothing but the index can be asked.
    pub(crate) fn index(document: &[u8]) -> Result<Self, Unreadable> {
        if u32::try_from(document.len()).is_err() {
            return Err(Unreadable::TooLarge);
        }
        form::read(document)
    }

    /// The format: `cyclonedx` or `spdx`.
    #[must_use]
    pub fn format(&self) -> &'static str {
        self.format
    }

    /// The version of the format that the document names.
    #[must_use]
    pub fn spec_version(&self) -> &str {
        &self.spec_version
    }

    /// Sentences about how it was read, for people; sorted.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// What the format's official schema has against the document, 64 sentences at the most; empty where
    /// it is valid. Made when it is first asked for: it reads the whole document into a tree, which
    /// takes several times as long and as much memory as the index did.
    ///
    /// # Errors
    ///
    /// There is no schema for the format, its version, or the form in which it is written: only JSON
    /// has schemas here.
    pub fn schema_problems(&self) -> Result<Vec<String>, NoSchema> {
        self.problems.get_or_init(|| self.check_schema()).clone()
    }

    fn check_schema(&self) -> Result<Vec<String>, NoSchema> {
        match form::json(self.source.bytes()) {
            Some(text) => schema::problems(self.format, &self.spec_version, text),
            None => Err(NoSchema(format!("{} in a form other than JSON", self.format))),
        }
    }

    /// When it says that it was made; none where it does not, or not in RFC 3339.
    #[must_use]
    pub fn made_at(&self) -> Option<Instant> {
        self.made_at
    }

    /// What it was made with: names, with a version behind a space where there is one; sorted.
    #[must_use]
    pub fn tools(&self) -> &[String] {
        &self.tools
    }

    /// In which phases of the product's life it was made, in the words of the format; sorted.
    #[must_use]
    pub fn lifecycles(&self) -> &[String] {
        &self.lifecycles
    }

    /// Whether the document states this about itself.
    #[must_use]
    pub fn has(&self, field: DocumentField) -> bool {
        self.stated.get(field as usize).is_some_and(|&stated| stated)
    }

    /// All components, nested ones included, by number.
    #[must_use]
    pub fn components(&self) -> &[Component] {
        &self.components
    }

    /// All distinct license statements, by number.
    #[must_use]
    pub fn licenses(&self) -> &[License] {
        &self.licenses
    }

    /// The license statements of a component that are marked so, in the order of their numbers. Empty
    /// also where there is no such component, like all that is asked of one by number.
    #[must_use]
    pub fn licenses_as(&self, id: u32, how: Acknowledgement) -> Vec<u32> {
        let Some(component) = self.component(id) else { return Vec::new() };
        let marks = self.marks.get(component.marks as usize..).unwrap_or_default();
        let marked = component.licenses.iter().zip(marks).filter(|(_, m)| *m & how.mark() != 0);
        marked.map(|(&license, _)| license).collect()
    }

    /// The license statements that name an SPDX license id, see [`License::names`], in the order of
    /// their numbers.
    #[must_use]
    pub fn licenses_named(&self, id: &str) -> Vec<u32> {
        let all = (0..).zip(&self.licenses);
        all.filter(|(_, license)| license.names(id)).map(|(number, _)| number).collect()
    }

    /// What a component is, in the words of the format.
    #[must_use]
    pub fn component_type(&self, id: u32) -> Option<&str> {
        self.word(self.component(id)?.component_type?)
    }

    /// Who supplies a component.
    #[must_use]
    pub fn supplier(&self, id: u32) -> Option<&str> {
        self.word(self.component(id)?.supplier?)
    }

    /// The hashes of a component, sorted by algorithm and value.
    #[must_use]
    pub fn hashes(&self, id: u32) -> Vec<Hash<'_>> {
        let span = self.component(id).map(|component| component.hashes).unwrap_or_default();
        let rows = span.of(&self.hashes).iter();
        rows.map(|&(algorithm, value)| Hash {
            algorithm: self.word(algorithm).unwrap_or_default(),
            value: value.text(&self.texts),
        })
        .collect()
    }

    /// What a component refers to, in the document's order.
    #[must_use]
    pub fn references(&self, id: u32) -> Vec<Reference<'_>> {
        let span = self.component(id).map(|component| component.references).unwrap_or_default();
        let rows = span.of(&self.references).iter();
        rows.map(|&(kind, locator)| Reference {
            kind: self.word(kind).unwrap_or_default(),
            locator: locator.text(&self.texts),
        })
        .collect()
    }

    /// The name of what the document is about; none where it describes nothing, or several things.
    /// That is none of the components in CycloneDX (unless a component has the same `bom-ref`), and
    /// one of them in SPDX.
    #[must_use]
    pub fn described(&self) -> Option<&str> {
        self.described.as_deref()
    }

    /// The components that the document describes, by number.
    pub fn roots(&self) -> impl Iterator<Item = u32> {
        self.graph.roots().iter().copied().filter(|&root| self.component(root).is_some())
    }

    /// How many dependencies between two different components the document states, each once; those of
    /// what it describes are included.
    #[must_use]
    pub fn dependency_count(&self) -> usize {
        self.graph.len()
    }

    /// The components on which one depends by the document's own words, in the order of their numbers.
    #[must_use]
    pub fn dependencies(&self, id: u32) -> &[u32] {
        if self.component(id).is_some() { self.graph.dependencies(id) } else { &[] }
    }

    /// The components on which what the document describes depends directly.
    #[must_use]
    pub fn direct(&self) -> &[u32] {
        self.graph.direct()
    }

    /// The components on which one depends, directly or by way of others; never itself. Looks at each
    /// dependency once.
    #[must_use]
    pub fn needed_by(&self, id: u32) -> Vec<u32> {
        if self.component(id).is_some() { self.graph.needed_by(id) } else { Vec::new() }
    }

    /// A shortest path of dependencies from what the document describes to a component, ending with
    /// it and without what is described; of several the one with the lowest numbers first. Only the
    /// component where it is described itself, and nothing where no path leads there. Looks at each
    /// dependency once for all that are ever asked for.
    #[must_use]
    pub fn path_to(&self, id: u32) -> Vec<u32> {
        if self.component(id).is_some() { self.graph.path_to(id) } else { Vec::new() }
    }

    /// All services, in the order of name, version and place in the document.
    #[must_use]
    pub fn services(&self) -> &[Service] {
        &self.services
    }

    fn component(&self, id: u32) -> Option<&Component> {
        self.components.get(id as usize)
    }

    fn word(&self, word: Word) -> Option<&str> {
        self.words.get(word as usize).map(|word| &**word)
    }

    /// How many bytes the document has.
    #[must_use]
    pub fn size(&self) -> usize {
        self.source.bytes().len()
    }

    /// How long package URLs are, on the average.
    fn purl_length(&self) -> usize {
        let length =
            || self.components.iter().flat_map(|c| &c.purl).map(String::len).sum::<usize>();
        *self.purl_length.get_or_init(|| length() / self.components.len().max(1))
    }

    fn by_package(&self) -> &TextPostings {
        self.by_package.get_or_init(|| {
            let purls = self.components.iter();
            let purls = purls.map(|c| c.canonical.as_ref().zip(c.purl.as_deref()));
            TextPostings::new(purls.map(|purl| purl.map(|(parts, text)| parts.key(text))))
        })
    }

    fn by_name(&self) -> &TextPostings {
        self.by_name.get_or_init(|| {
            TextPostings::new(self.components.iter().map(|c| Some(last_part(&c.name))))
        })
    }
}

/// What stands behind the last slash. A component's full name and its own name have the same.
fn last_part(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or_default()
}
