//! Where a repository lies, and at which ref.
//!
//! A provenance states both in one text at times, as an SPDX download location:
//! `git+https://host/path@ref`. What differs from that form is left as it stands, so that it
//! matches nothing.

/// A repository, normalised, and the ref if the text states one.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Location {
    pub(crate) repository: String,
    pub(crate) reference: Option<String>,
}

impl Location {
    /// From a download location.
    ///
    /// The ref begins after the first `@` of the path: a ref may hold further ones, and whoever
    /// names a ref must not be able to move the border. An `@` before the path is user
    /// information; it stays, and so the location matches no configured one.
    pub(crate) fn parse(text: &str) -> Self {
        let path =
            text.find("://").and_then(|scheme| Some(scheme + 3 + text[scheme + 3..].find('/')?));
        let at = path.and_then(|path| Some(path + text[path..].find('@')?));
        match at {
            Some(at) => Self {
                repository: normalised(&text[..at]).to_owned(),
                reference: Some(text[at + 1..].to_owned()),
            },
            None => Self { repository: normalised(text).to_owned(), reference: None },
        }
    }
}

/// Without `git+` before, and without `/` and `.git` after: the spellings that builders use for
/// one repository. Letters keep their case, for a path's case may matter.
pub(crate) fn normalised(repository: &str) -> &str {
    let bare = repository.strip_prefix("git+").unwrap_or(repository);
    let bare = bare.strip_suffix('/').unwrap_or(bare);
    bare.strip_suffix(".git").unwrap_or(bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> (String, Option<String>) {
        let Location { repository, reference } = Location::parse(text);
        (repository, reference)
    }

    #[test]
    fn a_download_location_is_a_repository_and_a_ref() {
        let orders = "https://github.com/acme/orders".to_owned();
        for (text, reference) in [
            ("git+https://github.com/acme/orders@refs/tags/v1", Some("refs/tags/v1")),
            ("git+https://github.com/acme/orders.git@refs/tags/v1", Some("refs/tags/v1")),
            ("https://github.com/acme/orders/", None),
            ("https://github.com/acme/orders.git/", None),
        ] {
            assert_eq!(parsed(text), (orders.clone(), reference.map(str::to_owned)), "{text}");
        }
    }

    #[test]
    fn a_ref_cannot_move_the_border() {
        let (repository, reference) =
            parsed("git+https://github.com/acme/orders@refs/heads/x@refs/tags/v1");
        assert_eq!(repository, "https://github.com/acme/orders");
        assert_eq!(reference.as_deref(), Some("refs/heads/x@refs/tags/v1"));
    }

    #[test]
    fn odd_forms_stay_odd() {
        for text in [
            "https://github.com@evil.example/acme/orders",
            "https://user:pw@github.com/acme/orders",
            "git@github.com:acme/orders",
            "https://github.com/acme/orders?x",
            "https://github.com/acme/orders#main",
            "https://github.com/acme/orders//",
            "https://GitHub.com/acme/orders",
        ] {
            assert_ne!(parsed(text).0, "https://github.com/acme/orders", "{text}");
        }
    }
}
