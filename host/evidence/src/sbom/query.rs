//! Questions about the components of a document.

use lockgate_model::Instant;

use super::{Bom, Component, ComponentField, Glob, last_part};
use crate::package::purl::{Canonical, Wanted};
use crate::package::{Location, Range, folded};
use crate::query::{self, Candidates};

/// What reading a version costs, in comparisons of two short strings.
const VERSION_WEIGHT: usize = 8;

/// What reading the few places that a component comes from costs, likewise, for each that they are
/// compared with.
const ORIGIN_WEIGHT: usize = 8;

/// What a version takes that is kept, about.
const VERSION_BYTES: usize = 128;

/// A question about the components of a document.
pub type Query = query::Query<Narrowing>;

/// One narrowing of it.
#[derive(Debug, Clone)]
pub enum Narrowing {
    /// Those of this package. Without a version it covers all versions; each qualifier and the
    /// subpath that it has are compared. A component whose purl is not valid is never covered.
    Purl(Wanted),
    /// Those whose package URL begins so: in canonical form, or as it was written where it is not
    /// valid.
    PurlPrefix(String),
    /// Those whose package URL matches as a whole: in canonical form, or as it was written where it is
    /// not valid.
    PurlPattern(Glob),
    /// Those whose package a glob covers, whatever a registry does not tell apart: type, namespace and
    /// name are compared as packages are, and what stands behind them as it is written.
    Package(Glob),
    /// Those of this name, compared exactly: `group/name`, or the name without its group.
    Name(String),
    /// Those of this version, compared exactly.
    Version(String),
    /// Those of which a version lies in this range, or has no place in its order; and those that have
    /// none.
    VersionIn(Range),
    /// Those that are of this type, in the words of the format.
    ComponentType(String),
    /// Those that were released after this moment, by the document's own words.
    ReleasedAfter(Instant),
    /// Those that come from a place that is none of these, see [`Bom::origins`].
    OriginOutside(Vec<Location>),
    /// Those that make this license statement.
    License(u32),
    /// Those that make one of these license statements.
    LicensesAny(Numbers),
    /// Those with these numbers, see [`Bom::needed_by`] and [`Bom::direct`].
    Among(Numbers),
    /// Those with other numbers than these.
    NotAmong(Numbers),
    /// Those that have a field.
    Has(ComponentField),
    /// Those that lack a field.
    Lacks(ComponentField),
}

/// A set of numbers.
// INVARIANT: sorted and distinct.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Numbers(Vec<u32>);

impl FromIterator<u32> for Numbers {
    fn from_iter<I: IntoIterator<Item = u32>>(numbers: I) -> Self {
        let mut numbers: Vec<u32> = numbers.into_iter().collect();
        numbers.sort_unstable();
        numbers.dedup();
        Self(numbers)
    }
}

impl Narrowing {
    /// Those that make one of these license statements.
    #[must_use]
    pub fn licenses_any(ids: &[u32]) -> Self {
        Self::LicensesAny(ids.iter().copied().collect())
    }

    /// Those of which a license statement names this SPDX license id, see [`Bom::licenses_named`].
    /// Looks at each distinct license statement once.
    #[must_use]
    pub fn license_named(bom: &Bom, id: &str) -> Self {
        Self::LicensesAny(Numbers(bom.licenses_named(id)))
    }

    /// Those on which a component depends, directly or by way of others, see [`Bom::needed_by`]. Looks
    /// at each dependency once.
    #[must_use]
    pub fn needed_by(bom: &Bom, id: u32) -> Self {
        Self::Among(Numbers(bom.needed_by(id)))
    }

    /// Those on which what the document describes depends directly.
    #[must_use]
    pub fn direct(bom: &Bom) -> Self {
        Self::Among(Numbers(bom.direct().to_vec()))
    }

    /// Those that the document describes.
    #[must_use]
    pub fn described(bom: &Bom) -> Self {
        Self::Among(bom.roots().collect())
    }

    /// Those that at least one of these questions covers.
    #[must_use]
    pub fn any_of(bom: &Bom, others: &[&Query]) -> Self {
        Self::Among(covered(bom, others))
    }

    /// Those that none of these questions covers.
    #[must_use]
    pub fn none_of(bom: &Bom, others: &[&Query]) -> Self {
        Self::NotAmong(covered(bom, others))
    }

    /// Those whose package a glob covers: `*` stands for any characters but `/` and `@`, `**` for any at
    /// all. What a registry does not tell apart does not matter: case on npm, dots and dashes on the
    /// Python index.
    #[must_use]
    pub fn package(glob: &str) -> Self {
        Self::Package(Glob::new(&folded(glob)))
    }

    /// Those whose package URL matches a glob as a whole: `*` stands for any characters but `/` and
    /// `@`, `**` for any at all, and everything else for itself.
    #[must_use]
    pub fn purl_pattern(glob: &str) -> Self {
        Self::PurlPattern(Glob::new(glob))
    }
}

/// The number of a row.
fn number(row: usize) -> Option<u32> {
    u32::try_from(row).ok()
}

/// The components that at least one question covers.
fn covered(bom: &Bom, questions: &[&Query]) -> Numbers {
    questions.iter().flat_map(|question| question.rows(bom)).collect()
}

/// Whether a version of a component may lie in a range: what has no place in the order may.
fn may_lie_in(range: &Range, component: &Component) -> bool {
    let versions = component.versions();
    versions.is_empty() || versions.iter().any(|one| range.contains(one).unwrap_or(true))
}

/// Whether a glob over packages covers one.
fn is_of(glob: &Glob, text: &str, parts: &Canonical) -> bool {
    let (key, rest) = (parts.key(text), parts.behind_name(text));
    if text.len() == key.len() + rest.len() && text.starts_with(key) {
        glob.matches(text)
    } else {
        glob.matches(&format!("{key}{rest}"))
    }
}

impl query::Narrowing for Narrowing {
    type Index = Bom;

    fn rows(bom: &Bom) -> usize {
        bom.components().len()
    }

    fn covers(&self, bom: &Bom, row: usize) -> bool {
        let Some(component) = bom.components().get(row) else { return false };
        let purl = component.purl.as_deref();
        match self {
            Self::Purl(wanted) => purl
                .zip(component.canonical.as_ref())
                .is_some_and(|(text, parts)| wanted.covers(text, parts)),
            Self::PurlPrefix(prefix) => purl.is_some_and(|purl| purl.starts_with(prefix)),
            Self::PurlPattern(glob) => purl.is_some_and(|purl| glob.matches(purl)),
            Self::Package(glob) => purl
                .zip(component.canonical.as_ref())
                .is_some_and(|(text, parts)| is_of(glob, text, parts)),
            Self::VersionIn(range) => may_lie_in(range, component),
            Self::ComponentType(word) => {
                number(row).is_some_and(|row| bom.component_type(row) == Some(word))
            }
            Self::ReleasedAfter(moment) => component.released.is_some_and(|at| at > *moment),
            Self::OriginOutside(places) => {
                number(row).is_some_and(|row| bom.comes_from_outside(row, places))
            }
            Self::Name(name) => component.name == *name || component.own_name() == name,
            Self::Version(version) => component.version.as_ref() == Some(version),
            Self::License(id) => component.licenses.binary_search(id).is_ok(),
            Self::LicensesAny(Numbers(ids)) => {
                component.licenses.iter().any(|id| ids.binary_search(id).is_ok())
            }
            Self::Among(Numbers(rows)) => {
                number(row).is_some_and(|row| rows.binary_search(&row).is_ok())
            }
            Self::NotAmong(Numbers(rows)) => {
                number(row).is_some_and(|row| rows.binary_search(&row).is_err())
            }
            Self::Has(field) => !component.lacks(*field),
            Self::Lacks(field) => component.lacks(*field),
        }
    }

    fn weight(&self, bom: &Bom) -> usize {
        match self {
            // A step for each byte and each word of the glob's bits; eight bytes are a comparison.
            Self::PurlPattern(glob) | Self::Package(glob) => {
                glob.words().saturating_mul(bom.purl_length() / 8 + 1)
            }
            // Versions are read anew, and compared with each that the range names.
            Self::VersionIn(range) => VERSION_WEIGHT.saturating_add(range.width()),
            Self::Has(ComponentField::ExactVersion) | Self::Lacks(ComponentField::ExactVersion) => {
                VERSION_WEIGHT
            }
            // Places are read anew, and compared with each.
            Self::OriginOutside(places) => ORIGIN_WEIGHT.saturating_mul(places.len() + 1),
            _ => 1,
        }
    }

    fn size(&self) -> usize {
        match self {
            Self::PurlPattern(glob) | Self::Package(glob) => glob.size(),
            Self::VersionIn(range) => VERSION_BYTES.saturating_mul(range.width()),
            Self::OriginOutside(places) => places.iter().map(|place| place.size()).sum(),
            Self::LicensesAny(Numbers(numbers))
            | Self::Among(Numbers(numbers))
            | Self::NotAmong(Numbers(numbers)) => size_of_val(numbers.as_slice()),
            _ => 0,
        }
    }

    fn is_exact(&self) -> bool {
        match self {
            Self::License(_) | Self::Among(_) | Self::PurlPrefix(_) => true,
            Self::LicensesAny(Numbers(ids)) => ids.len() < 2,
            _ => false,
        }
    }

    fn candidates<'i>(&'i self, bom: &'i Bom) -> Option<Candidates<'i>> {
        // Components stand in the order of their package URLs, so those that begin alike stand side
        // by side. Those of one package do not: `@` comes behind the hyphen of a longer name.
        let begin_with = |prefix: &str| {
            let all = bom.components();
            let start = all.partition_point(|c| c.purl.as_deref() < Some(prefix));
            let rest = all.get(start..).unwrap_or_default();
            let len =
                rest.partition_point(|c| c.purl.as_ref().is_some_and(|p| p.starts_with(prefix)));
            Candidates::Range(start..start + len)
        };
        match self {
            Self::Purl(wanted) => Some(Candidates::Listed(bom.by_package().of(wanted.key()))),
            Self::PurlPrefix(prefix) => Some(begin_with(prefix)),
            Self::PurlPattern(glob) => Some(begin_with(glob.prefix())),
            Self::Name(name) => Some(Candidates::Listed(bom.by_name().of(last_part(name)))),
            Self::License(id) => Some(Candidates::Listed(bom.by_license.of(*id))),
            Self::Among(Numbers(rows)) => Some(Candidates::Listed(rows)),
            Self::LicensesAny(Numbers(ids)) => match ids.as_slice() {
                [] => Some(Candidates::Range(0..0)),
                [id] => Some(Candidates::Listed(bom.by_license.of(*id))),
                _ => None,
            },
            Self::Version(_)
            | Self::Package(_)
            | Self::VersionIn(_)
            | Self::ComponentType(_)
            | Self::ReleasedAfter(_)
            | Self::OriginOutside(_)
            | Self::NotAmong(_)
            | Self::Has(_)
            | Self::Lacks(_) => None,
        }
    }
}
