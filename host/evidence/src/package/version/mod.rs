//! Versions: which comes before which, by the rules of the ecosystem, and which lie in a range.
//!
//! There is no order that all ecosystems share, so each question names a [`Scheme`]. A text that a
//! scheme cannot read has no place in its order: it is an error, and never "outside".

mod deb;
mod exact;
mod generic;
mod maven;
mod number;
mod pypi;
mod range;
mod semver;

use std::cmp::Ordering;
use std::fmt;

pub use exact::inexact;
pub use range::{NotARange, Range};

use crate::reason::quoted;

/// The most bytes of a version. npm takes 256, and nobody writes a longer one by hand.
const MAX_LENGTH: usize = 1024;

/// The rules by which versions of an ecosystem are read and ordered.
///
/// ```
/// use std::cmp::Ordering;
///
/// use lockgate_evidence::package::Scheme;
///
/// let scheme = Scheme::of("deb").ok_or("no rules for it")?;
/// assert_eq!(scheme.compare("1:1.2-1", "2.0~rc1")?, Ordering::Greater);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Scheme {
    /// Semantic Versioning 2.0.0, strictly: `cargo`, `hex`, `julia`, `pub`, `swift`.
    Semver,
    /// Semantic Versioning with a `v` before it or not.
    Npm,
    /// PEP 440, in every spelling that it normalises.
    Pypi,
    /// Maven's `ComparableVersion`.
    Maven,
    /// Debian policy, section 5.6.12.
    Deb,
    /// Semantic Versioning with a `v` before it or not, pseudo-versions, and the versions of Go itself:
    /// `go1.21rc2`.
    Golang,
    /// Numbers and words, as people write them where no rules are known.
    Generic,
}

impl Scheme {
    /// The scheme of a type of package URLs, or of a `vers` range; none where this version has no rules
    /// for it.
    #[must_use]
    pub fn of(package_type: &str) -> Option<Self> {
        Some(match package_type {
            "cargo" | "hex" | "julia" | "pub" | "semver" | "swift" => Self::Semver,
            "npm" => Self::Npm,
            "pypi" => Self::Pypi,
            "maven" => Self::Maven,
            "deb" => Self::Deb,
            "golang" => Self::Golang,
            "generic" => Self::Generic,
            _ => return None,
        })
    }

    /// The word for it in a `vers` range.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Semver => "semver",
            Self::Npm => "npm",
            Self::Pypi => "pypi",
            Self::Maven => "maven",
            Self::Deb => "deb",
            Self::Golang => "golang",
            Self::Generic => "generic",
        }
    }

    /// Which of two versions comes first. Versions may be equal that are written differently.
    ///
    /// # Errors
    ///
    /// One of them is no version of the scheme.
    pub fn compare(&self, a: &str, b: &str) -> Result<Ordering, NotAVersion> {
        Ok(self.read(a)?.cmp(&self.read(b)?))
    }

    /// Reads a version. Space around it is no part of it.
    fn read(self, text: &str) -> Result<Version, NotAVersion> {
        let no_version = |why| NotAVersion { text: quoted(text), scheme: self, why };
        let text = text.trim();
        if text.is_empty() {
            return Err(no_version("it is empty"));
        }
        if text.len() > MAX_LENGTH {
            return Err(no_version("it is longer than 1,024 bytes"));
        }
        let read = match self {
            Self::Semver => semver::read(text).map(Version::Semver),
            Self::Npm => semver::read_npm(text).map(Version::Semver),
            Self::Golang => semver::read_golang(text).map(Version::Semver),
            Self::Pypi => pypi::read(text).map(Version::Pypi),
            Self::Maven => maven::read(text).map(Version::Maven),
            Self::Deb => deb::read(text).map(Version::Deb),
            Self::Generic => generic::read(text).map(Version::Generic),
        };
        read.map_err(no_version)
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that is no version of a scheme.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text} is not a version of the scheme `{scheme}`: {why}")]
pub struct NotAVersion {
    /// In backticks, and cut short.
    text: String,
    scheme: Scheme,
    why: &'static str,
}

/// A version of some scheme. Only those of one scheme are ever compared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Version {
    Semver(semver::Version),
    Pypi(pypi::Version),
    Maven(maven::Version),
    Deb(deb::Version),
    Generic(generic::Version),
}
