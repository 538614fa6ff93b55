//! Questions about the components of a document.

use super::purl::Wanted;
use super::{Bom, Component, ComponentField, NotAPurl};

/// A question that narrows: each narrowing is added to those before it, and all have to hold.
#[derive(Debug, Clone, Default)]
pub struct Query {
    narrowings: Vec<Narrowing>,
    /// The number of the component at which the next page begins.
    cursor: usize,
}

#[derive(Debug, Clone)]
enum Narrowing {
    Purl(Wanted),
    PurlPrefix(String),
    Name(String),
    Version(String),
    License(u32),
    Lacks(ComponentField),
}

impl Query {
    /// Every component, from the first.
    #[must_use]
    pub fn all() -> Self {
        Self::default()
    }

    /// Those of this package. Without a version it covers all versions; each qualifier and the
    /// subpath that it has are compared. A component whose purl is not valid is never covered.
    ///
    /// # Errors
    ///
    /// The text is no package URL.
    pub fn purl(&mut self, purl: &str) -> Result<(), NotAPurl> {
        self.narrowings.push(Narrowing::Purl(Wanted::parse(purl)?));
        Ok(())
    }

    /// Those whose package URL begins so: in canonical form, or as it was written where it is not
    /// valid.
    pub fn purl_prefix(&mut self, prefix: String) {
        self.narrowings.push(Narrowing::PurlPrefix(prefix));
    }

    /// Those of this name, compared exactly: `group/name`, or the name without its group.
    pub fn name(&mut self, name: String) {
        self.narrowings.push(Narrowing::Name(name));
    }

    /// Those of this version, compared exactly.
    pub fn version(&mut self, version: String) {
        self.narrowings.push(Narrowing::Version(version));
    }

    /// Those that make this license statement.
    pub fn license(&mut self, id: u32) {
        self.narrowings.push(Narrowing::License(id));
    }

    /// Those that lack a field.
    pub fn lacks(&mut self, field: ComponentField) {
        self.narrowings.push(Narrowing::Lacks(field));
    }

    /// How many narrowings it has. A page or a count looks at each of them for every component,
    /// so that is what the work grows with.
    #[must_use]
    pub fn width(&self) -> usize {
        self.narrowings.len()
    }

    /// How many components it covers, whatever was already read.
    #[must_use]
    pub fn count(&self, bom: &Bom) -> u32 {
        let covered = bom.components().iter().filter(|component| self.covers(component)).count();
        u32::try_from(covered).unwrap_or(u32::MAX)
    }

    /// The numbers of the next at most `max` of them; empty at the end.
    pub fn next(&mut self, bom: &Bom, max: usize) -> Vec<u32> {
        let mut page = Vec::new();
        while page.len() < max {
            let Some(component) = bom.components().get(self.cursor) else { break };
            if self.covers(component) {
                page.extend(u32::try_from(self.cursor));
            }
            self.cursor += 1;
        }
        page
    }

    fn covers(&self, component: &Component) -> bool {
        self.narrowings.iter().all(|narrowing| narrowing.covers(component))
    }
}

impl Narrowing {
    fn covers(&self, component: &Component) -> bool {
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
