//! Package URLs in canonical form.
//!
//! Two spellings of one package become one text, so that a ban on a package meets every spelling
//! of it. In that text `@`, `?` and `#` stand only between the parts, so parts are compared as
//! pieces of it.

use std::ops::Range;

use packageurl::PackageUrl;

/// A text that is no package URL.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a package URL")]
pub struct NotAPurl(pub String);

/// Where the parts of a canonical package URL stand in its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Canonical {
    /// The end of scheme, type, namespace and name.
    name: usize,
    version: Option<Range<usize>>,
    qualifiers: Option<Range<usize>>,
    subpath: Option<Range<usize>>,
}

/// The canonical text of a package URL and its parts; none where the text is no package URL.
pub(crate) fn canonical(text: &str) -> Option<(String, Canonical)> {
    // The scheme is read in any case, and space around the whole is nobody's name.
    let text = text.trim();
    let (scheme, rest) = text.split_at_checked(4)?;
    if !scheme.eq_ignore_ascii_case("pkg:") {
        return None;
    }
    let text = &format!("pkg:{rest}");
    // Parts that are there and empty say nothing, and are left out.
    let text = match text.rsplit_once('#') {
        Some((before, path)) if path.split('/').all(|s| matches!(s, "" | "." | "..")) => before,
        _ => text,
    };
    let mut purl: PackageUrl = text.parse().ok()?;
    if purl.namespace() == Some("") {
        purl.without_namespace();
    }
    // Everywhere but between the parts these three are written with a percent sign.
    let whole = purl.to_string();
    let (rest, subpath) = cut(&whole, '#');
    let (rest, qualifiers) = cut(rest, '?');
    let (name, version) = cut(rest, '@');

    let mut canonical = name.to_owned();
    let mut add = |mark: char, part: Option<&str>| {
        let part = part.filter(|part| !part.is_empty())?;
        canonical.push(mark);
        let start = canonical.len();
        canonical.push_str(part);
        Some(start..canonical.len())
    };
    // A slash in a version would make it read as a name, so it is written so, too.
    let version = add('@', version.map(|version| version.replace('/', "%2F")).as_deref());
    let qualifiers = add('?', qualifiers);
    let subpath = add('#', subpath);
    let name = name.len();
    Some((canonical, Canonical { name, version, qualifiers, subpath }))
}

fn cut(text: &str, mark: char) -> (&str, Option<&str>) {
    text.split_once(mark).map_or((text, None), |(before, after)| (before, Some(after)))
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
        let (text, parts) = canonical(text).ok_or_else(|| NotAPurl(text.to_owned()))?;
        Ok(Self { text, parts })
    }

    /// In canonical form.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Whether this covers a package: the same type, namespace and name, and each of version,
    /// qualifiers and subpath that this has.
    pub(crate) fn covers(&self, text: &str, parts: &Canonical) -> bool {
        let same = |ours: &Option<Range<usize>>, theirs: &Option<Range<usize>>| {
            ours.is_none() || part(&self.text, ours) == part(text, theirs)
        };
        self.text.get(..self.parts.name) == text.get(..parts.name)
            && same(&self.parts.version, &parts.version)
            && same(&self.parts.subpath, &parts.subpath)
            && self.qualifiers_in(part(text, &parts.qualifiers))
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
