//! Where components come from, by what a document says of it.

use std::borrow::Cow;

use super::{Bom, Component};
use crate::package::Location;
use crate::package::purl::Canonical;

/// The kinds of references that say where a component is to be had, in the words of CycloneDX, and of
/// SPDX, whose readers have one word for both of its generations. The kind `vcs` is none of them: it is
/// where a project lives, and nearly every document names that for packages of a registry.
const KINDS: [&str; 4] =
    ["distribution", "distribution-intake", "source-distribution", "downloadLocation"];

/// The qualifiers of a package URL that say the same.
const QUALIFIERS: [&str; 3] = ["repository_url", "download_url", "vcs_url"];

/// What a version begins with that is no version of a registry's: how package managers write
/// repositories and files.
const SHORTHANDS: [&str; 6] = ["bitbucket:", "file:", "gist:", "git@", "github:", "gitlab:"];

/// Whether a reference says where a component comes from.
pub(super) fn is_origin(kind: &str, locator: &str) -> bool {
    KINDS.contains(&kind) && !locator.trim().is_empty()
}

/// Where a package URL says that the package comes from.
pub(super) fn origins_of_purl<'t>(
    text: &'t str,
    parts: &Canonical,
) -> impl Iterator<Item = Cow<'t, str>> {
    QUALIFIERS.into_iter().filter_map(|key| parts.qualifier(text, key))
}

/// Whether a version says where a package comes from instead of which one it is.
pub(super) fn is_place(version: &str) -> bool {
    version.contains("://") || SHORTHANDS.iter().any(|one| version.trim_start().starts_with(one))
}

impl Bom {
    /// Where a component comes from by the document's own words, as they are written: the qualifiers
    /// `repository_url`, `download_url` and `vcs_url` of its package URL, its version where that is a URL,
    /// and what it refers to as a distribution or as a download location.
    #[must_use]
    pub fn origins(&self, id: u32) -> Vec<Cow<'_, str>> {
        let component = self.component(id);
        let purl = component.and_then(|c| c.purl.as_deref().zip(c.canonical.as_ref()));
        let qualifiers = purl.into_iter().flat_map(|(text, parts)| origins_of_purl(text, parts));
        let references = self.references(id).into_iter();
        let references = references.filter(|one| is_origin(one.kind, one.locator));
        let versions = component.into_iter().flat_map(Component::versions);
        let versions = versions.filter(|version| is_place(version));
        let references = references.map(|one| Cow::Borrowed(one.locator));
        qualifiers.chain(versions).chain(references).collect()
    }

    /// Whether one of a component's origins lies in none of these places, or is no place at all.
    pub(super) fn comes_from_outside(&self, id: u32, places: &[Location]) -> bool {
        let covered = |origin: &str| {
            let origin = origin.parse();
            origin.is_ok_and(|origin| places.iter().any(|place| place.covers(&origin)))
        };
        self.origins(id).iter().any(|origin| !covered(origin))
    }

    /// The types of all valid package URLs, sorted.
    #[must_use]
    pub fn package_types(&self) -> Vec<&str> {
        // Components stand in the order of their package URLs, but those are texts: types side by side.
        let mut types: Vec<&str> = Vec::new();
        for found in self.components.iter().filter_map(|component| component.package_type()) {
            if types.last() != Some(&found) {
                types.push(found);
            }
        }
        types.sort_unstable();
        types.dedup();
        types
    }
}
