//! Bills of materials behind a native index.
//!
//! A document is read once and answers every policy's questions from then on: [`Bom`] holds its
//! components and license statements in a fixed order, [`Query`] narrows and counts. What the
//! words mean is written down in `wit/sbom.wit`, and this is the room that keeps it.
//!
//! A `Bom` proves nothing by itself. What vouches for it is the fact that it was taken from, see
//! [`crate::Attestation::bom`].

mod cyclonedx;
mod field;
mod query;

use lockgate_model::Kind;

pub use field::{ComponentField, DocumentField, UnknownField};
pub use query::{Narrowing, Query};

use crate::package::purl::Canonical;

/// The contents of one document.
#[derive(Debug)]
pub struct Bom {
    spec_version: String,
    /// What the document states about itself, in the order of [`DocumentField`].
    stated: [bool; DocumentField::COUNT],
    // INVARIANT: sorted by (purl, name, version, place in the document); a component's number is
    // its place here, and pages are cut from this order.
    components: Vec<Component>,
    // INVARIANT: distinct, sorted by (text, form); a license statement's number is its place here.
    licenses: Vec<License>,
}

/// One component, nested or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Component {
    /// `group/name` where there is a group.
    pub name: String,
    /// The version, as it was written.
    pub version: Option<String>,
    /// In canonical form where it is a valid package URL, else as it was written.
    pub purl: Option<String>,
    /// The numbers of its license statements, sorted. All of them hold at once: where a document
    /// gives several for one component, they are read as "and", for that is the reading in which
    /// no license is overlooked. A choice is written as one expression with `OR` in it.
    pub licenses: Vec<u32>,
    /// How `purl` divides, if it is a valid package URL.
    canonical: Option<Canonical>,
    /// Where in `name` the name itself begins, behind the group.
    own_name: usize,
    has_supplier: bool,
    has_hash: bool,
}

/// What a document says of a license.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct License {
    /// The license id, expression or name.
    pub text: String,
    /// How the document says it.
    pub form: LicenseForm,
}

/// How a document says which license it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LicenseForm {
    /// An SPDX license id or expression.
    Expression,
    /// Free words, even where they look like an id.
    Name,
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
    #[error("the format is not supported by this version, which reads CycloneDX in JSON")]
    Format,
    /// It is of a version that has other rules.
    #[error(
        "version {version} of CycloneDX is not supported by this version, which reads 1.2 and later"
    )]
    Version { version: String },
    /// It is not what its format says.
    #[error("the document is not valid CycloneDX: {what}")]
    Malformed { what: String },
}

impl Bom {
    /// Reads the predicate of a statement of a kind.
    pub(crate) fn read(kind: Kind, predicate: &[u8]) -> Result<Self, Unreadable> {
        if kind == Kind::Sbom {
            cyclonedx::read(predicate)
        } else {
            Err(Unreadable::NotAnSbom { kind })
        }
    }

    /// The format: `cyclonedx`.
    #[must_use]
    pub fn format(&self) -> &'static str {
        "cyclonedx"
    }

    /// The version of the format that the document names.
    #[must_use]
    pub fn spec_version(&self) -> &str {
        &self.spec_version
    }

    /// Whether the document states this about itself.
    #[must_use]
    pub fn has(&self, field: DocumentField) -> bool {
        self.stated[field as usize]
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
}

impl Component {
    /// The name without the group before it.
    #[must_use]
    pub fn own_name(&self) -> &str {
        self.name.get(self.own_name..).unwrap_or(&self.name)
    }

    /// Whether the document does not state this of the component.
    #[must_use]
    pub fn lacks(&self, field: ComponentField) -> bool {
        match field {
            ComponentField::Version => self.version.is_none(),
            // What is there and no package URL identifies nothing.
            ComponentField::Purl => self.canonical.is_none(),
            ComponentField::Supplier => !self.has_supplier,
            ComponentField::License => self.licenses.is_empty(),
            ComponentField::Hash => !self.has_hash,
        }
    }
}
