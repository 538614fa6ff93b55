//! What statements are about: products, and the components in them.

use crate::claim::Subject;
use crate::package::Wanted;
use crate::package::purl::{self, Canonical};

/// A product that a statement names, or of which it names parts.
#[derive(Debug, Clone)]
pub struct Product {
    /// What it is called; none where only its hashes are given.
    pub component: Option<Component>,
    /// The components of it that the statement is about; it is about the product as a whole where
    /// there are none.
    pub parts: Vec<Component>,
    /// The hashes that it is given, of which those by SHA-256 and SHA-512 bind.
    pub(crate) hashes: Subject,
}

/// Something that a statement names.
#[derive(Debug, Clone)]
pub enum Component {
    /// A package of one version.
    Package(Package),
    /// What has no package URL.
    Named {
        /// Its name.
        name: String,
        /// Its version, where one is given.
        version: Option<String>,
    },
    /// What cannot be told from others: a package URL that is not valid or names no version, or a
    /// reference to another document. It covers nothing.
    Vague(String),
}

/// A package of one version, by its URL.
#[derive(Debug, Clone)]
pub struct Package {
    text: String,
    wanted: Wanted,
    bucket: String,
}

impl Component {
    /// Of an identifier: a package URL, or any other name.
    pub(super) fn of(id: &str) -> Self {
        match Package::read(id) {
            Some(package) => Self::Package(package),
            None if is_purl(id) => Self::Vague(id.to_owned()),
            None => Self::Named { name: id.to_owned(), version: None },
        }
    }
}

impl Package {
    /// None where the text is no package URL, or names no version.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (text, _) = purl::canonical(text)?;
        let bucket = bucket(&text)?;
        let wanted = Wanted::parse(&text).ok()?;
        Some(Self { text, wanted, bucket })
    }

    /// In canonical form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The version, without the percent signs with which it is written in the URL.
    pub(super) fn version(&self) -> Option<String> {
        decoded(divided(&self.text)?.1)
    }

    /// What is the same for all packages that this may cover.
    pub(super) fn bucket(&self) -> &str {
        &self.bucket
    }

    /// Whether this covers a package, whose canonical URL is divided so.
    pub(super) fn covers(&self, text: &str, parts: &Canonical) -> bool {
        self.wanted.covers(text, parts)
    }

    /// Whether what it covers is this package for certain, and not one whose name differs in case.
    pub(super) fn is_certain(&self, text: &str, parts: &Canonical) -> bool {
        self.wanted.is_certain(text, parts)
    }

    /// The digest that is the version of an image's package URL: the type `oci` has no other.
    pub(super) fn image_digest(&self) -> Option<String> {
        let (name, version) = divided(&self.text)?;
        let digest = decoded(version).filter(|_| name.starts_with("pkg:oci/"))?;
        digest.to_ascii_lowercase().strip_prefix("sha256:").map(str::to_owned)
    }
}

/// Whether a text is meant as a package URL.
fn is_purl(text: &str) -> bool {
    text.trim_start().get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("pkg:"))
}

/// What stands before the version of a canonical package URL, and the version; none where it has
/// none. In that form the marks stand between the parts and nowhere else.
fn divided(canonical: &str) -> Option<(&str, &str)> {
    let end = canonical.find(['?', '#']).unwrap_or(canonical.len());
    canonical.get(..end)?.split_once('@')
}

/// A text whose characters may be written with a percent sign; none where one is spoilt.
pub(super) fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
        bytes.push(match byte {
            b'%' => u8::try_from(digit(rest.next())? * 16 + digit(rest.next())?).ok()?,
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

/// Under what packages of one name and version are found; none where there is no version. It is
/// coarser than any comparison of names is: letters and digits in lower case. What lies together is
/// compared after all.
pub(super) fn bucket(canonical: &str) -> Option<String> {
    let (name, version) = divided(canonical)?;
    let name = name.replace("%2F", "/");
    let plain = name.chars().filter(char::is_ascii_alphanumeric);
    let mut bucket: String = plain.map(|c| c.to_ascii_lowercase()).collect();
    bucket.push('@');
    bucket.push_str(version);
    Some(bucket)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_is_a_package_only_with_a_version() {
        assert!(matches!(Component::of("pkg:npm/a@1"), Component::Package(_)));
        assert!(matches!(Component::of("PKG:npm/a@1"), Component::Package(_)));
        assert!(matches!(Component::of("pkg:npm/a"), Component::Vague(_)));
        assert!(matches!(Component::of("pkg:npm/a@"), Component::Vague(_)));
        assert!(matches!(Component::of("pkg:"), Component::Vague(_)));
        assert!(matches!(Component::of("openssl"), Component::Named { .. }));
    }

    #[test]
    fn spellings_of_one_package_lie_in_one_bucket() {
        let same = |a: &str, b: &str| {
            let read = |text| Package::read(text).unwrap().bucket;
            assert_eq!(read(a), read(b), "{a} {b}");
        };
        same("pkg:npm/%40babel/core@7.0.0?a=b", "pkg:npm/@babel/core@7.0.0#x");
        same("pkg:pypi/Foo_Bar@1", "pkg:pypi/foo.bar@1");
        same("pkg:golang/github.com/A/b@v1", "pkg:golang/github.com/a/b@v1");
    }

    #[test]
    fn the_version_of_an_image_is_its_digest() {
        let digest = |text| Package::read(text).unwrap().image_digest();
        for text in ["pkg:oci/alpine@sha256%3AAB12", "pkg:oci/alpine@sha256:ab12?arch=amd64"] {
            assert_eq!(digest(text).as_deref(), Some("ab12"), "{text}");
        }
        assert_eq!(digest("pkg:oci/alpine@3.18"), None);
        assert_eq!(digest("pkg:docker/alpine@sha256:ab12"), None);
    }
}
