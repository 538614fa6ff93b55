//! VEX: what somebody says of vulnerabilities in the components of a product.
//!
//! A [`Document`] is what one document states, whatever its format. [`apply`] says what stands of the
//! rows of a scan by all that is known: it never leaves a row out, and lets nobody say anything whom
//! `[trust]` does not let. What the words mean is written down in `wit/vulnerabilities.wit`, and this
//! is the room that keeps it.
//!
//! Three rules run through all of it. Whoever says that nothing has to be done has to say of what, so
//! that what cannot be told from others covers nothing. A document that cannot be read is listed and
//! never passed over, for it might have said that something has to be done. And what cannot be told
//! counts only against: a statement of which it is not known whether it is about the artifact may
//! say that something has to be done, and not that nothing has to be.
//!
//! A `Document` proves nothing by itself. What vouches for it is the fact that it was taken from, see
//! [`crate::Attestation::vex`].

mod apply;
mod component;
mod cyclonedx;
mod draft;
mod index;
mod openvex;
mod status;
mod words;

use lockgate_model::{Instant, Kind};

pub use apply::{Applied, Digests, Rules, Target, apply, sources};
pub use component::{Component, Package, Product};
pub use status::{Stated, Status, UnknownStatus};

use crate::claim::Subject;
use crate::predicate::Predicate;
use draft::Draft;

/// The most statements of one document. The largest feeds of distributions have some 50,000.
const MAX_STATEMENTS: usize = 250_000;

/// The most products of a statement, and the most components of a product.
const MAX_NAMED: usize = 100_000;

/// The most other ids of one vulnerability. Databases know a handful.
const MAX_ALIASES: usize = 256;

/// What one document states.
#[derive(Debug)]
pub struct Document {
    format: &'static str,
    version: String,
    author: Option<String>,
    statements: Vec<Statement>,
    notes: Vec<String>,
}

/// One statement: what stands of a vulnerability in some components.
#[derive(Debug, Clone)]
pub struct Statement {
    /// The vulnerability's id.
    pub vulnerability: String,
    /// Other ids of it.
    pub aliases: Vec<String>,
    /// What is said of it.
    pub status: Status,
    /// Why, in the words of the format.
    pub justification: Option<String>,
    /// Why, in words of its own.
    pub impact: Option<String>,
    /// What to do about it.
    pub action: Option<String>,
    /// When it was said: when the statement, or else the document, was last changed. Written by the
    /// signer, so no proof of when it was.
    pub at: Option<Instant>,
    /// The products that it is about. Where there are none, it is about whatever the document's
    /// envelope is about.
    pub products: Vec<Product>,
    /// The components, of any of these products, that it is about, where it names them apart from
    /// the products. It is about a product as a whole where neither names any.
    pub parts: Vec<Component>,
}

/// Why a document states nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the fields are quoted from the document")]
pub enum Unreadable {
    /// It is evidence of something else.
    #[error("the document is of the kind `{kind}`, which holds no VEX")]
    NotVex { kind: Kind },
    /// It is of another format.
    #[error("the format is not supported by this version, which reads OpenVEX and CycloneDX")]
    Format,
    /// It is of a version that has other rules.
    #[error(
        "version {version} of {format} is not supported by this version, which reads {read} and later"
    )]
    Version { format: &'static str, version: String, read: &'static str },
    /// It is not what its format says.
    #[error("the document is not valid {format}: {what}")]
    Malformed { format: &'static str, what: String },
}

impl Document {
    /// Reads the predicate of a statement of a type.
    pub(crate) fn read(predicate_type: &str, predicate: &[u8]) -> Result<Self, Unreadable> {
        let family = Predicate::of(predicate_type);
        let text = || {
            std::str::from_utf8(predicate).map_err(|_| {
                let what = "it is not UTF-8".to_owned();
                Unreadable::Malformed { format: "JSON", what }
            })
        };
        match family {
            Predicate::OpenVex => openvex::read(text()?),
            Predicate::CycloneDx => cyclonedx::read(text()?),
            _ => Err(Unreadable::NotVex { kind: family.kind() }),
        }
    }

    /// The format: `OpenVEX` or `CycloneDX`.
    #[must_use]
    pub fn format(&self) -> &'static str {
        self.format
    }

    /// The version of the format that the document names.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// What the document calls its author. For messages only: nobody vouches for it.
    #[must_use]
    pub fn author(&self) -> Option<&str> {
        self.author.as_deref()
    }

    /// The statements that count, in the document's order.
    #[must_use]
    pub fn statements(&self) -> &[Statement] {
        &self.statements
    }

    /// What is worth knowing about how it was read, for example that some statement does not count:
    /// sentences for people.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// What its products are known by; some of them may bind it to the artifact.
    pub(crate) fn hashes(&self) -> impl Iterator<Item = &Subject> {
        let products = self.statements.iter().flat_map(|statement| &statement.products);
        products.map(|product| &product.hashes).filter(|hashes| hashes.binds())
    }

    /// Whether some product is a package of one version, that may be found among the rows of a scan.
    pub(crate) fn names_packages(&self) -> bool {
        self.statements.iter().any(|statement| {
            statement.products.iter().any(|product| statement.package(product).is_some())
        })
    }
}

impl Statement {
    /// The package that a product is, if the statement is about the product as a whole.
    fn package<'p>(&self, product: &'p Product) -> Option<&'p Package> {
        match &product.component {
            Some(Component::Package(package)) if self.is_about_whole(product) => Some(package),
            _ => None,
        }
    }

    fn is_about_whole(&self, product: &Product) -> bool {
        product.parts.is_empty() && self.parts.is_empty()
    }
}
