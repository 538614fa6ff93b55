//! The nouns of Lockgate.
//!
//! Types that every other crate speaks: what is judged ([`Subject`]), what is said about it
//! ([`Finding`], [`Opinion`]), what follows ([`Decision`]), and the shapes of the reports. They
//! do nothing: no file, clock, network or WebAssembly is reachable from here. To see who fills
//! them, read the crate `lockgate`.
#![forbid(unsafe_code)]

mod checks;
mod configuration;
mod decision;
mod digest;
mod document;
mod finding;
mod inspection;
mod instant;
mod kind;
mod lint;
mod opinion;
mod report;
mod subject;
mod text;

pub use checks::{Check, CheckState, Checks, ShapeReport, TimeReport, TimeSource};
pub use configuration::Configuration;
pub use decision::{Decision, Exit, Outcome, Reason, Relaxation};
pub use digest::{Digest, DigestError};
pub use document::{Document, Status};
pub use finding::{Finding, Level};
pub use inspection::{Ability, INSPECTION_SCHEMA, InspectedRule, InspectionReport};
pub use instant::{Instant, InstantError};
pub use kind::{Kind, UnknownKind};
pub use lint::{LINT_SCHEMA, LintReport, LintedPolicy, LintedRule, LintedSet};
pub use opinion::{Effect, Exception, Opinion, PolicyReport, ReadSet, RuleReport, RuleState};
pub use report::{EVIDENCE_SCHEMA, EvidenceReport, REPORT_SCHEMA, Report};
pub use subject::{Stage, StageError, Subject};
pub use text::Text;
