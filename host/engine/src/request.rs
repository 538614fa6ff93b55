//! What is asked of the engine.

use std::num::NonZeroUsize;

use camino::Utf8PathBuf;
use lockgate_evidence::Source;
use lockgate_model::{Digest, Instant};

/// Where the configuration is.
#[derive(Debug, Clone)]
pub enum ConfigChoice {
    /// In this file, which the caller named.
    Named(Utf8PathBuf),
    /// In a `lockgate.toml` in this folder (an absolute path) or above it.
    Above(Utf8PathBuf),
}

/// Whether an artifact may enter a stage.
#[derive(Debug, Clone)]
pub struct CheckRequest {
    /// A file, `oci-layout:PATH[:TAG|@DIGEST]`, or `sha256:HEX`.
    pub artifact: String,
    /// Where the evidence lies.
    pub evidence: Vec<Source>,
    /// Where the configuration is.
    pub config: ConfigChoice,
    /// The digest that the configuration has to have; none: whichever it has.
    pub pin: Option<Digest>,
    /// Whether the configuration has to have a lock.
    pub locked: bool,
    /// The stage's name.
    pub stage: String,
    /// The moment for which it is asked; none: `now`.
    pub at: Option<Instant>,
    /// What the host's clock says.
    pub now: Instant,
    /// How many policies are evaluated at the same time. It never changes the report.
    pub jobs: NonZeroUsize,
    /// A fault to make, for tests.
    #[cfg(feature = "fault-injection")]
    pub panic_in_evaluate: bool,
}

/// What is wrong with policies.
#[derive(Debug, Clone)]
pub struct LintRequest {
    /// Which policies.
    pub policies: LintedFiles,
    /// A folder with reports that have to cover every rule.
    pub cases: Option<Utf8PathBuf>,
    /// How many plugins are compiled at the same time.
    pub jobs: NonZeroUsize,
}

/// Where the policies stand that are looked at.
#[derive(Debug, Clone)]
pub enum LintedFiles {
    /// In a configuration: all its stages.
    Config {
        /// Where it is.
        choice: ConfigChoice,
        /// The digest that it has to have; none: whichever it has.
        pin: Option<Digest>,
    },
    /// In these files, which have policies alone.
    Sets(Vec<Utf8PathBuf>),
}

/// What there is about an artifact.
#[derive(Debug, Clone)]
pub struct EvidenceRequest {
    /// A file, `oci-layout:PATH[:TAG|@DIGEST]`, or `sha256:HEX`.
    pub artifact: String,
    /// Where the evidence lies.
    pub evidence: Vec<Source>,
    /// Where the configuration is. Where none is named, none is found and none is pinned, nobody
    /// is trusted.
    pub config: ConfigChoice,
    /// The digest that the configuration has to have; none: whichever it has.
    pub pin: Option<Digest>,
    /// What the host's clock says, or the moment for which it is asked.
    pub at: Instant,
}
