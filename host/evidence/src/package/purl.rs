//! Package URLs in canonical form.
//!
//! Two spellings of one package become one text, so that a ban on a package meets every spelling
//! of it. In that text `@`, `?` and `#` stand only between the parts, so parts are compared as
//! pieces of it. Where a type keeps differences that its registry does not make, names are compared
//! by a key beside the text.

use std::borrow::Cow;
use std::ops::Range;

use super::parts::{NotAPurl, Parts, decoded};
use super::rules;

/// Where the parts of a canonical package URL stand in its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Canonical {
    /// The end of scheme, type, namespace and name.
    name: usize,
    version: Option<Range<usize>>,
    qualifiers: Option<Range<usize>>,
    subpath: Option<Range<usize>>,
    /// By what scheme, type, namespace and name are compared, where it is not the text.
    folded: Option<Box<str>>,
}

impl Canonical {
    /// The type. The text is the canonical one that this belongs to.
    pub(crate) fn package_type<'t>(&self, text: &'t str) -> &'t str {
        let rest = text.get("pkg:".len()..).unwrap_or_default();
        rest.split('/').next().unwrap_or_default()
    }

    /// The version; none where it names none.
    pub(crate) fn version<'t>(&self, text: &'t str) -> Option<Cow<'t, str>> {
        decoded(part(text, &self.version)?).ok()
    }

    /// The value of a qualifier; none where it is not there.
    pub(crate) fn qualifier<'t>(&self, text: &'t str, key: &str) -> Option<Cow<'t, str>> {
        let mut all = part(text, &self.qualifiers)?.split('&');
        decoded(all.find_map(|one| one.strip_prefix(key)?.strip_prefix('='))?).ok()
    }

    /// What stands behind the name: version, qualifiers and subpath with their marks.
    pub(crate) fn behind_name<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.name..).unwrap_or_default()
    }

    /// By what packages are compared, whatever their version: equal for two spellings of one name.
    /// The text is the canonical one that this belongs to.
    pub(crate) fn key<'t>(&'t self, text: &'t str) -> &'t str {
        self.folded.as_deref().or_else(|| text.get(..self.name)).unwrap_or_default()
    }
}

/// The canonical text of a package URL and its parts; none where the text is no package URL.
pub(crate) fn canonical(text: &str) -> Option<(String, Canonical)> {
    read(text).ok()
}

/// The same. The error says what is wrong with the text.
pub(super) fn read(text: &str) -> Result<(String, Canonical), &'static str> {
    let (text, ends) = Parts::read(text)?.written();
    // Behind the mark that begins it.
    let part = |start: usize, end: usize| (start < end).then(|| start + 1..end);
    let canonical = Canonical {
        name: ends.name,
        version: part(ends.name, ends.version),
        qualifiers: part(ends.version, ends.qualifiers),
        subpath: part(ends.qualifiers, text.len()),
        folded: rules::folded(text.get(..ends.name).unwrap_or_default()),
    };
    Ok((text, canonical))
}

/// A package URL that is asked for: what it does not say is not compared.
#[derive(Debug, Clone)]
pub struct Wanted {
    text: String,
    parts: Canonical,
}

impl Wanted {
    /// Reads it.
    ///
    /// # Errors
    ///
    /// The text is no package URL.
    pub fn parse(text: &str) -> Result<Self, NotAPurl> {
        let (text, parts) = read(text).map_err(|why| NotAPurl::of(text, why))?;
        Ok(Self { text, parts })
    }

    /// Whether this covers a package: the same type, namespace and name, and each of version,
    /// qualifiers and subpath that this has.
    pub(crate) fn covers(&self, text: &str, parts: &Canonical) -> bool {
        let same = |ours: &Option<Range<usize>>, theirs: &Option<Range<usize>>| {
            ours.is_none() || part(&self.text, ours) == part(text, theirs)
        };
        self.key() == parts.key(text)
            && same(&self.parts.version, &parts.version)
            && same(&self.parts.subpath, &parts.subpath)
            && self.qualifiers_in(part(text, &parts.qualifiers))
    }

    /// Whether what it covers is its package for certain: on npm and for Go two names that differ in
    /// case alone are taken for one, and may be two.
    pub(crate) fn is_certain(&self, text: &str, parts: &Canonical) -> bool {
        let written = |text: &str, parts: &Canonical| {
            text.get(..parts.name).unwrap_or_default().replace("%2F", "/")
        };
        !rules::may_know_case(text) || written(&self.text, &self.parts) == written(text, parts)
    }

    /// By what the packages that this covers are compared: [`Canonical::key`] of each is this.
    pub(crate) fn key(&self) -> &str {
        self.parts.key(&self.text)
    }

    /// Whether every qualifier that this has is among theirs.
    fn qualifiers_in(&self, theirs: Option<&str>) -> bool {
        let Some(ours) = part(&self.text, &self.parts.qualifiers) else { return true };
        let theirs = theirs.unwrap_or_default();
        ours.split('&').all(|one| theirs.split('&').any(|other| other == one))
    }
}

fn part<'a>(text: &'a str, place: &Option<Range<usize>>) -> Option<&'a str> {
    text.get(place.clone()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covers(wanted: &str, given: &str) -> bool {
        let (text, parts) = canonical(given).unwrap();
        Wanted::parse(wanted).unwrap().covers(&text, &parts)
    }

    #[test]
    fn spellings_of_one_package_become_one_text() {
        let text = |purl| canonical(purl).map(|(text, _)| text);
        let expected = Some("pkg:npm/%40babel/core@7.0.0".to_owned());
        assert_eq!(text("pkg:npm/@babel/core@7.0.0"), expected);
        assert_eq!(text("pkg:npm/%40babel/core@7.0.0"), expected);
        assert_eq!(text("pkg://npm/%40Babel/Core@7.0.0").map(|t| t.to_lowercase()), expected);
        assert_eq!(text("pkg:pypi/Foo_Bar@1"), Some("pkg:pypi/foo-bar@1".to_owned()));
        assert_eq!(text("pkg:npm/left-pad@"), Some("pkg:npm/left-pad".to_owned()));
        assert_eq!(text("pkg:npm/left-pad#"), Some("pkg:npm/left-pad".to_owned()));
        assert_eq!(text("pkg:npm/left-pad#./"), Some("pkg:npm/left-pad".to_owned()));
        assert_eq!(text("pkg:npm/a@1%2F2"), Some("pkg:npm/a@1%2F2".to_owned()));
        assert_eq!(text("left-pad"), None);
        assert_eq!(text(""), None);
    }

    #[test]
    fn names_that_a_registry_takes_for_one_are_one() {
        for (one, other) in [
            ("pkg:pypi/zope.interface", "pkg:pypi/Zope_Interface@6.1"),
            ("pkg:pypi/zope-interface", "pkg:pypi/zope.-_interface@6.1"),
            ("pkg:nuget/newtonsoft.json", "pkg:nuget/Newtonsoft.Json@13.0.1"),
            ("pkg:golang/github.com/azure/go-autorest", "pkg:golang/github.com/Azure/go-autorest"),
            ("pkg:npm/jsonstream", "pkg:npm/JSONStream@1.3.5"),
            ("pkg:npm/%40babel/core", "pkg:npm/%40babel%2Fcore@7.0.0"),
            ("pkg:npm/%40babel%2fcore", "pkg:npm/@babel/core@7.0.0"),
        ] {
            assert!(covers(one, other), "{one} {other}");
        }
        for (one, other) in [
            ("pkg:pypi/zope.interface", "pkg:pypi/zopeinterface"),
            ("pkg:maven/a/b", "pkg:maven/A/b"),
            ("pkg:cargo/a.b", "pkg:cargo/a-b"),
        ] {
            assert!(!covers(one, other), "{one} {other}");
        }
        let (text, _) = canonical("pkg:nuget/Newtonsoft.Json").unwrap();
        assert_eq!(text, "pkg:nuget/Newtonsoft.Json", "the text keeps what the definition keeps");
    }

    #[test]
    fn a_package_without_a_version_covers_all_versions() {
        assert!(covers("pkg:npm/left-pad", "pkg:npm/left-pad@1.3.0"));
        assert!(covers("pkg:npm/left-pad@1.3.0", "pkg:npm/left-pad@1.3.0?arch=x#y"));
        assert!(!covers("pkg:npm/left-pad@1.3.0", "pkg:npm/left-pad"));
        assert!(!covers("pkg:npm/left-pad@1.3.0", "pkg:npm/left-pad@1.3.01"));
        assert!(!covers("pkg:npm/left", "pkg:npm/left-pad"));
        assert!(covers("pkg:npm/a", "pkg:npm/a@1%2F2"), "a slash in a version hides nothing");
    }

    #[test]
    fn qualifiers_and_subpath_are_compared_where_they_are_asked_for() {
        let given = "pkg:deb/debian/curl@7.50?arch=amd64&distro=jessie#usr/bin";
        assert!(covers("pkg:deb/debian/curl?distro=jessie", given));
        assert!(covers("pkg:deb/debian/curl?distro=jessie&arch=amd64", given));
        assert!(!covers("pkg:deb/debian/curl?distro=sid", given));
        assert!(!covers("pkg:deb/debian/curl?arch=amd64&epoch=1", given));
        assert!(covers("pkg:deb/debian/curl#usr/bin", given));
        assert!(!covers("pkg:deb/debian/curl#usr", given));
    }
}
