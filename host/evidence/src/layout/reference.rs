//! What stands behind `oci-layout:`: a path, and which manifest of the layout there.
//!
//! ```text
//! PATH             the one manifest that is no referrer
//! PATH:TAG         the manifest that `index.json` calls so
//! PATH@sha256:HEX  the manifest with this digest
//! ```
//!
//! Only the last name of the path is looked at, what follows the last `/`. An `@` before the name of
//! a digest algorithm and a `:` ends the path there; else the last `:` does. So a path may hold
//! both signs, and one whose last name holds them is written with a `/` behind it. No tag and no
//! digest has a `/`: a tag that has one, or a `:`, cannot be written, and its manifest is named by
//! digest.

use camino::{Utf8Path, Utf8PathBuf};
use lockgate_model::{Digest, Text};

use super::LayoutError;
use crate::artifact::OTHER_ALGORITHMS;

/// Where a layout is, and what is wanted of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reference {
    pub(super) path: Utf8PathBuf,
    pub(super) wanted: Wanted,
}

/// Which manifest of a layout is the artifact.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// The only one that there can be.
    Only,
    /// The one with this tag.
    Tag(String),
    /// The one with this digest.
    Digest(Digest),
}

impl Reference {
    /// Reads what stands behind `oci-layout:`. It looks at the text alone, never at what is there.
    pub(super) fn parse(text: &str) -> Result<Self, LayoutError> {
        let start = text.rfind('/').map_or(0, |slash| slash + 1);
        let name = &text[start..];
        let (rest, wanted) = match (by_digest(name), name.rsplit_once(':')) {
            (Some((before, digest)), _) => {
                if before.contains(':') {
                    return Err(LayoutError::TagAndDigest);
                }
                (before, Wanted::Digest(read(digest)?))
            }
            (None, Some((_, ""))) => return Err(LayoutError::NoTag),
            (None, Some((before, tag))) => (before, Wanted::Tag(tag.to_owned())),
            (None, None) => (name, Wanted::Only),
        };
        let path = &text[..start + rest.len()];
        if path.is_empty() {
            return Err(LayoutError::NoPath);
        }
        Ok(Self { path: path.into(), wanted })
    }

    /// A label for reports: the last name of the path, and the tag or digest.
    pub(super) fn label(&self) -> Text {
        let name = Utf8Path::file_name(&self.path).unwrap_or(self.path.as_str());
        Text::escaped(&match &self.wanted {
            Wanted::Only => name.to_owned(),
            Wanted::Tag(tag) => format!("{name}:{tag}"),
            Wanted::Digest(digest) => format!("{name}@{digest}"),
        })
    }
}

/// The name before its digest and the digest, if it has one, or something that is meant as one.
fn by_digest(name: &str) -> Option<(&str, &str)> {
    let (before, digest) = name.rsplit_once('@')?;
    let algorithm = digest.split_once(':')?.0.to_ascii_lowercase();
    let known = algorithm == "sha256" || OTHER_ALGORITHMS.contains(&algorithm.as_str());
    known.then_some((before, digest))
}

fn read(digest: &str) -> Result<Digest, LayoutError> {
    digest
        .parse()
        .map_err(|source| LayoutError::NotADigest { digest: Text::escaped(digest), source })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HEX: &str = "e34a28afa7c81ab972cc515040e53c4a9a2d62f5a927de6b314c4897bd1b90ca";

    /// Path and label.
    fn taken(text: &str) -> (String, String) {
        let reference = Reference::parse(text).unwrap();
        (reference.path.to_string(), reference.label().as_str().to_owned())
    }

    fn refused(text: &str) -> String {
        Reference::parse(text).unwrap_err().to_string()
    }

    fn pair(path: &str, label: &str) -> (String, String) {
        (path.to_owned(), label.to_owned())
    }

    #[test]
    fn the_path_ends_at_the_last_colon_of_its_last_name() {
        assert_eq!(taken("img"), pair("img", "img"));
        assert_eq!(taken("img:v1"), pair("img", "img:v1"));
        assert_eq!(taken("/a/b:c/img:v1"), pair("/a/b:c/img", "img:v1"));
        assert_eq!(taken("a:b:v1"), pair("a:b", "a:b:v1"));
        assert_eq!(taken("a:b/"), pair("a:b/", "a:b"));
        assert_eq!(taken("a:b/:v1"), pair("a:b/", "a:b:v1"));
        assert_eq!(taken("."), pair(".", "."));
        assert_eq!(taken("..:v1"), pair("..", "..:v1"));
        assert_eq!(taken("a\u{1b}b:v1"), pair("a\u{1b}b", "a\\u{1b}b:v1"));
    }

    #[test]
    fn a_digest_is_known_by_its_algorithm() {
        let digest = format!("sha256:{HEX}");
        assert_eq!(taken(&format!("img@{digest}")), pair("img", &format!("img@{digest}")));
        assert_eq!(taken(&format!("a:b/@{digest}")), pair("a:b/", &format!("a:b@{digest}")));
        assert_eq!(taken(&format!("a@b@{digest}")), pair("a@b", &format!("a@b@{digest}")));
        // These have an `@` and no digest.
        assert_eq!(taken("img@v1"), pair("img@v1", "img@v1"));
        assert_eq!(taken("img@2:v1"), pair("img@2", "img@2:v1"));
        assert_eq!(taken("img@sha256"), pair("img@sha256", "img@sha256"));
    }

    #[test]
    fn what_says_too_little_or_too_much_is_refused() {
        assert_eq!(refused(""), "no path stands behind `oci-layout:`");
        assert_eq!(refused(":v1"), "no path stands behind `oci-layout:`");
        assert_eq!(refused(&format!("@sha256:{HEX}")), "no path stands behind `oci-layout:`");
        assert_eq!(refused("img:"), "no tag stands behind the last `:`");
        assert_eq!(refused(&format!("img:v1@sha256:{HEX}")), "it names a tag and a digest");
        for digest in ["sha256:abc", "SHA256:abc", "sha512:abc", "sha256:", "sha256:ABC"] {
            let reason = refused(&format!("img@{digest}"));
            assert_eq!(reason, format!("`{digest}` is not a digest by which a manifest is named"));
        }
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic_and_no_path_is_empty(text in any::<String>()) {
            if let Ok(reference) = Reference::parse(&text) {
                prop_assert!(!reference.path.as_str().is_empty());
                prop_assert!(text.starts_with(reference.path.as_str()));
            }
        }

        #[test]
        fn what_was_put_together_is_taken_apart(
            path in "[a-z.@:/]{0,12}/",
            name in "[a-z.@]{0,6}",
            tag in "[A-Za-z0-9._-]{1,12}",
            digest in any::<[u8; 32]>(),
        ) {
            let path = format!("{path}{name}");
            let parsed = |text: String| Reference::parse(&text).unwrap();
            let expected = |wanted| Reference { path: path.clone().into(), wanted };
            prop_assert_eq!(parsed(path.clone()), expected(Wanted::Only));
            prop_assert_eq!(parsed(format!("{path}:{tag}")), expected(Wanted::Tag(tag)));
            let digest = Digest::from_sha256(digest);
            prop_assert_eq!(parsed(format!("{path}@{digest}")), expected(Wanted::Digest(digest)));
        }
    }
}
