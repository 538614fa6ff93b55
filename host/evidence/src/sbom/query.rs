//! Questions about the components of a document.

use super::{Bom, ComponentField};
use crate::package::purl::Wanted;
use crate::query;

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
    /// Those of this name, compared exactly: `group/name`, or the name without its group.
    Name(String),
    /// Those of this version, compared exactly.
    Version(String),
    /// Those that make this license statement.
    License(u32),
    /// Those that lack a field.
    Lacks(ComponentField),
}

impl query::Narrowing for Narrowing {
    type Index = Bom;

    fn rows(bom: &Bom) -> usize {
        bom.components().len()
    }

    fn covers(&self, bom: &Bom, row: usize) -> bool {
        let component = &bom.components()[row];
        let purl = component.purl.as_deref();
        match self {
            Self::Purl(wanted) => purl
                .zip(component.canonical.as_ref())
                .is_some_and(|(text, parts)| wanted.covers(text, parts)),
            Self::PurlPrefix(prefix) => purl.is_some_and(|purl| purl.starts_with(prefix)),
            Self::Name(name) => component.name == *name || component.own_name() == name,
            Self::Version(version) => component.version.as_ref() == Some(version),
            Self::License(id) => component.licenses.binary_search(id).is_ok(),
            Self::Lacks(field) => component.lacks(*field),
        }
    }
}
