//! What a document says of components, licenses and services.

use std::borrow::Cow;
use std::str::FromStr;

use lockgate_model::Instant;

use super::field::ComponentField;
use crate::package::inexact;
use crate::package::purl::Canonical;

/// One component, nested or not.
#[derive(Debug, Clone)]
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
    pub(super) canonical: Option<Canonical>,
    /// Where in `name` the name itself begins, behind the group.
    pub(super) own_name: u32,
    /// Of what kind it is, as a number among the document's words.
    pub(super) component_type: Option<Word>,
    /// Who supplies it, likewise.
    pub(super) supplier: Option<Word>,
    /// Where the marks of its license statements begin, one for each in the same order.
    pub(super) marks: u32,
    /// Where its hashes stand among all.
    pub(super) hashes: Span,
    /// Where its references stand among all.
    pub(super) references: Span,
    /// When it was released.
    pub(super) released: Option<Instant>,
    /// Whether it has an identifier that is no package URL.
    pub(super) identified: bool,
    /// Whether the document says where it comes from.
    pub(super) has_origin: bool,
    /// Whether one of its hashes names one file for good.
    pub(super) has_strong_hash: bool,
}

/// The number of a word that many components share.
pub(super) type Word = u32;

/// A part of a list that all components share.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Span {
    pub(super) start: u32,
    pub(super) end: u32,
}

impl Span {
    pub(super) fn of<T>(self, all: &[T]) -> &[T] {
        all.get(self.start as usize..self.end as usize).unwrap_or_default()
    }

    pub(super) fn text(self, all: &str) -> &str {
        all.get(self.start as usize..self.end as usize).unwrap_or_default()
    }

    fn is_empty(self) -> bool {
        self.start == self.end
    }
}

impl Component {
    /// The name without the group before it.
    #[must_use]
    pub fn own_name(&self) -> &str {
        self.name.get(self.own_name as usize..).unwrap_or(&self.name)
    }

    /// The type of its package URL, if that is valid.
    #[must_use]
    pub fn package_type(&self) -> Option<&str> {
        let (text, parts) = self.purl.as_deref().zip(self.canonical.as_ref())?;
        Some(parts.package_type(text))
    }

    /// Its versions: the one that the document states, and the one that its package URL has. There is
    /// one where they agree.
    #[must_use]
    pub fn versions(&self) -> Vec<Cow<'_, str>> {
        let of_purl = self.purl.as_deref().zip(self.canonical.as_ref());
        let of_purl = of_purl.and_then(|(text, parts)| parts.version(text));
        let mut versions: Vec<Cow<str>> =
            self.version.as_deref().map(Cow::Borrowed).into_iter().chain(of_purl).collect();
        versions.dedup();
        versions
    }

    /// Why a version of it names no single release; none where each that it has does.
    #[must_use]
    pub fn inexact(&self) -> Option<&'static str> {
        let versions = self.versions();
        if versions.is_empty() {
            return Some("it has no version");
        }
        versions.iter().find_map(|version| inexact(self.package_type(), version))
    }

    /// When it was released; none where the document does not say.
    #[must_use]
    pub fn released(&self) -> Option<Instant> {
        self.released
    }

    /// Whether the document does not state this of the component.
    #[must_use]
    pub fn lacks(&self, field: ComponentField) -> bool {
        match field {
            ComponentField::Name => self.name.trim().is_empty(),
            ComponentField::Version => self.version.is_none(),
            ComponentField::ExactVersion => self.inexact().is_some(),
            // What is there and no package URL identifies nothing.
            ComponentField::Purl => self.canonical.is_none(),
            ComponentField::Identifier => self.canonical.is_none() && !self.identified,
            ComponentField::Supplier => self.supplier.is_none(),
            ComponentField::License => self.licenses.is_empty(),
            ComponentField::Hash => self.hashes.is_empty(),
            ComponentField::StrongHash => !self.has_strong_hash,
            ComponentField::Released => self.released.is_none(),
            ComponentField::Origin => !self.has_origin,
        }
    }
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

impl License {
    /// Whether this names an SPDX license id: anywhere in an expression, in any case, with or without
    /// a `+` behind it. Free words name none.
    #[must_use]
    pub fn names(&self, id: &str) -> bool {
        let ends = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '+');
        self.form == LicenseForm::Expression
            && !id.is_empty()
            && self.text.split(ends).any(|token| token.eq_ignore_ascii_case(id))
    }
}

/// Who says that a license holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Acknowledgement {
    /// The authors of a component declare it.
    Declared,
    /// Whoever made the document concluded it.
    Concluded,
}

impl Acknowledgement {
    /// The word for it in WIT and in the formats.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Declared => "declared",
            Self::Concluded => "concluded",
        }
    }

    /// As a mark of a license statement, which may be both.
    pub(super) const fn mark(self) -> u8 {
        match self {
            Self::Declared => 1,
            Self::Concluded => 2,
        }
    }
}

/// A word that stands for no acknowledgement.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is neither `declared` nor `concluded`")]
pub struct UnknownAcknowledgement(pub String);

impl FromStr for Acknowledgement {
    type Err = UnknownAcknowledgement;

    fn from_str(word: &str) -> Result<Self, UnknownAcknowledgement> {
        match word {
            "declared" => Ok(Self::Declared),
            "concluded" => Ok(Self::Concluded),
            _ => Err(UnknownAcknowledgement(word.to_owned())),
        }
    }
}

/// A hash of a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hash<'a> {
    /// In lower case, for example `sha-256`.
    pub algorithm: &'a str,
    /// In lower case, as hexadecimal is compared.
    pub value: &'a str,
}

impl Hash<'_> {
    /// Whether it names one file for good: by SHA-2, SHA-3 or BLAKE, in as many hexadecimal digits as the
    /// algorithm has.
    #[must_use]
    pub fn is_strong(&self) -> bool {
        let plain = self.algorithm.replace(['-', '_'], "");
        let digits = match plain.as_str() {
            "sha224" | "sha3224" => 56,
            "sha256" | "sha3256" | "blake2b256" | "blake3" => 64,
            "sha384" | "sha3384" | "blake2b384" => 96,
            "sha512" | "sha3512" | "blake2b512" => 128,
            _ => return false,
        };
        self.value.len() == digits && self.value.bytes().all(|byte| byte.is_ascii_hexdigit())
    }
}

/// Something outside that a component refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference<'a> {
    /// What it is, in the words of the format.
    pub kind: &'a str,
    /// Where it is, as it was written.
    pub locator: &'a str,
}

/// A service that the software calls or offers.
// The order of the fields is the order of services.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Service {
    /// `group/name` where there is a group.
    pub name: String,
    /// The version, as it was written.
    pub version: Option<String>,
    /// Where it can be reached, as it was written.
    pub endpoints: Vec<String>,
}
