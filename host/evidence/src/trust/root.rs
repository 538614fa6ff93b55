//! A trusted root: whose certificates, logs and timestamps count.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use super::TrustError;
use crate::sigstore::{Demands, Library, Verify, builtin};

/// One `[[trust.root]]`, or the root that is there without one.
#[derive(Debug, Clone)]
pub struct RootEntry {
    /// What identities and reports call it.
    pub name: String,
    /// What it is.
    pub source: RootSource,
    /// What a signature under it needs; none: a log entry where the root has logs, else a timestamp.
    pub requires: Option<BTreeSet<Requirement>>,
}

/// Where a trusted root comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RootSource {
    /// Compiled in: `public-good`, which is Sigstore's own, or `github`, which is the one of
    /// GitHub's private repositories.
    Builtin(String),
    /// The contents of a `trusted_root.json`.
    File(Vec<u8>),
}

/// What a signature under a root needs beside its certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Requirement {
    /// An entry in a transparency log.
    Log,
    /// A timestamp (RFC 3161).
    Timestamp,
}

impl Requirement {
    /// All of them, with the words for them in policy files.
    pub const ALL: &[(Self, &'static str)] = &[(Self::Log, "log"), (Self::Timestamp, "timestamp")];
}

impl RootEntry {
    /// The name of the root that is there unless it is turned off.
    pub const PUBLIC_GOOD: &'static str = "public-good";

    /// Sigstore's public-good instance, as it is compiled in.
    #[must_use]
    pub fn public_good() -> Self {
        let name = Self::PUBLIC_GOOD.to_owned();
        Self { source: RootSource::Builtin(name.clone()), name, requires: None }
    }
}

/// A trusted root, ready to verify. What is compiled in is read when it is first needed: most runs
/// see no certificate.
#[derive(Debug)]
pub(crate) struct Root {
    pub(crate) name: String,
    requires: Option<BTreeSet<Requirement>>,
    builtin: &'static str,
    library: OnceLock<Library>,
}

impl Root {
    /// Reads an entry.
    pub(super) fn read(entry: RootEntry) -> Result<Self, TrustError> {
        let RootEntry { name, source, requires } = entry;
        if requires.as_ref().is_some_and(BTreeSet::is_empty) {
            return Err(TrustError::RequiresNothing);
        }
        let library = OnceLock::new();
        let compiled_in = match source {
            RootSource::Builtin(which) => {
                builtin(&which).ok_or(TrustError::UnknownBuiltin { name: which })?
            }
            RootSource::File(bytes) => {
                let broken = |what: String| TrustError::NotARoot { what };
                let text = crate::json::scan(&bytes).map_err(|flaw| broken(flaw.to_string()))?;
                let read = Library::read(text).map_err(broken)?;
                drop(library.set(read));
                ""
            }
        };
        let root = Self { name, requires, builtin: compiled_in, library };
        // What it cannot have would shut it for good, and nobody means that.
        if let Some(asked) = &root.requires {
            let has = root.library().witnesses();
            for (requirement, word) in Requirement::ALL {
                let there = match requirement {
                    Requirement::Log => has.log,
                    Requirement::Timestamp => has.timestamp,
                };
                if asked.contains(requirement) && !there {
                    return Err(TrustError::RequiresWhatIsNotThere { word });
                }
            }
        }
        Ok(root)
    }

    /// What verifies under it.
    pub(crate) fn verify(&self) -> &dyn Verify {
        self.library()
    }

    fn library(&self) -> &Library {
        self.library.get_or_init(|| {
            Library::read(self.builtin).expect("a test reads all that are compiled in")
        })
    }

    /// What a signature under it needs.
    pub(crate) fn demands(&self) -> Demands {
        match &self.requires {
            Some(asked) => Demands {
                log: asked.contains(&Requirement::Log),
                timestamp: asked.contains(&Requirement::Timestamp),
            },
            None => {
                let log = self.library().witnesses().log;
                Demands { log, timestamp: !log }
            }
        }
    }

    /// Whether it has logs and does not ask for an entry in one.
    pub(crate) fn waives_log(&self) -> bool {
        self.requires.as_ref().is_some_and(|asked| !asked.contains(&Requirement::Log))
            && self.library().witnesses().log
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_roots_that_are_compiled_in_can_be_read() {
        for name in ["public-good", "github"] {
            let source = RootSource::Builtin(name.to_owned());
            let entry = RootEntry { name: name.to_owned(), source, requires: None };
            let root = Root::read(entry).unwrap();
            assert_eq!(root.demands().log, name == "public-good", "{name}");
            assert_eq!(root.demands().timestamp, name == "github", "{name}");
        }
        let other = RootEntry {
            source: RootSource::Builtin("staging".to_owned()),
            ..RootEntry::public_good()
        };
        assert!(matches!(Root::read(other), Err(TrustError::UnknownBuiltin { .. })));
    }

    #[test]
    fn a_root_asks_for_nothing_that_it_cannot_have() {
        let with = |requirements: &[Requirement]| RootEntry {
            name: "github".to_owned(),
            source: RootSource::Builtin("github".to_owned()),
            requires: Some(requirements.iter().copied().collect()),
        };
        let refused = |requirements| Root::read(with(requirements)).unwrap_err();
        assert_eq!(refused(&[]), TrustError::RequiresNothing);
        assert_eq!(
            refused(&[Requirement::Log]),
            TrustError::RequiresWhatIsNotThere { word: "log" }
        );
    }
}
