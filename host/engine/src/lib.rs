//! The gate as a library.
//!
//! A check reads as one sentence, and each step takes only what the steps before it made:
//!
//! ```text
//! resolve → gather → verify → evaluate → decide → record
//! ```
//!
//! [`check`] and [`evidence`] speak it; [`Report`](lockgate_model::Report) is what comes out, and
//! [`render`] turns it into text. All I/O is in resolve, gather and record, and nothing is fetched
//! while a policy runs. The binary is `lockgate-cli`; it adds arguments and exit codes.
#![forbid(unsafe_code)]

mod check;
mod config;
mod coverage;
mod decide;
mod error;
mod evaluate;
mod explain;
mod files;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod inspect;
mod lint;
mod load;
mod lock;
mod missing;
mod parallel;
mod record;
mod relaxation;
pub mod render;
mod request;
mod reread;
mod select;

pub use check::{Checked, check, evidence};
pub use config::{
    Config, Expectation, LocateError, Place, PluginRef, Policy, Problems, Select, StageConfig,
};
pub use coverage::{CoverageError, Uncovered};
pub use decide::decide;
pub use error::Error;
pub use explain::{ExplainError, explain};
pub use inspect::{InspectError, InspectRequest, inspect};
pub use lint::lint;
pub use lock::{Change, How, LockError, LockRequest, Locked, lock};
pub use lockgate_evidence::Source;
pub use lockgate_model as model;
pub use record::{Format, RecordError, overwritten, record};
pub use request::{CheckRequest, ConfigChoice, EvidenceRequest, LintRequest, LintedFiles};
pub use reread::{RereadError, open_report, read_report};
