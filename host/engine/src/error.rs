//! Why there is no report.

use lockgate_evidence::{GatherError, ResolveError};
use lockgate_model::{Digest, Exit};
use lockgate_runtime::LoadError;

use crate::config::{LocateError, Problems};
use crate::coverage::CoverageError;
use crate::inspect::InspectError;
use crate::lock::LockError;

/// Why there is no report: the caller's mistake, or the host's failure.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The artifact is not one.
    #[error(transparent)]
    Resolve(#[from] ResolveError),
    /// Evidence that was named is not there, or the artifact changed.
    #[error(transparent)]
    Gather(#[from] GatherError),
    /// There is no policy file.
    #[error("no configuration was found; name one with `--config`")]
    Locate(#[from] LocateError),
    /// The policy files have problems.
    #[error("the configuration has problems")]
    Config(Problems),
    /// The configuration is another one than the caller pinned.
    #[error(
        "the configuration `{name}` is not the one that is pinned: its digest is `{digest}`, and \
         the pin is `{pin}`; see what changed, in it or in a file that it names, before you pin it \
         anew"
    )]
    Pin {
        /// The file's name.
        name: String,
        /// The digest that it has.
        digest: Digest,
        /// The one that it should have.
        pin: Digest,
    },
    /// A configuration is pinned, and there is none.
    #[error("a configuration is pinned, `{pin}`, and none was found; name it with `--config`")]
    PinOfNone {
        /// The digest that it should have.
        pin: Digest,
        /// Why there is none.
        source: LocateError,
    },
    /// The stage is not in the policy file.
    #[error("there is no stage `{stage}`; the policy file has {known}")]
    Stage {
        /// As it was typed.
        stage: String,
        /// Those that there are, as words.
        known: String,
    },
    /// Recorded cases do not cover what they should.
    #[error(transparent)]
    Coverage(#[from] CoverageError),
    /// A plugin cannot be inspected.
    #[error(transparent)]
    Inspect(#[from] InspectError),
    /// The configuration is not the one that was locked.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The sandbox does not start.
    #[error("cannot run policies on this machine")]
    Sandbox(#[source] LoadError),
}

impl Error {
    /// What to do next, where there is something that the message does not say.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Resolve(source) => source.help(),
            _ => None,
        }
    }

    /// The exit code of a run that ends so.
    #[must_use]
    pub fn exit(&self) -> Exit {
        let host = match self {
            Self::Resolve(source) => source.is_host_failure(),
            Self::Gather(source) => source.is_host_failure(),
            Self::Inspect(source) => source.is_host_failure(),
            Self::Lock(source) => matches!(source, LockError::Write(_)),
            Self::Sandbox(_) => true,
            Self::Locate(_)
            | Self::Config(_)
            | Self::Coverage(_)
            | Self::Pin { .. }
            | Self::PinOfNone { .. }
            | Self::Stage { .. } => false,
        };
        if host { Exit::Host } else { Exit::Usage }
    }
}
