//! The reports: the shapes that programs read, and of which all other output is a rendering.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::{
    Configuration, Document, Exit, Instant, Outcome, PolicyReport, Reason, Relaxation, Stage,
    Subject, Text,
};

/// The value of `schema` in a [`Report`].
pub const REPORT_SCHEMA: &str = "lockgate.report/v1";

/// The value of `schema` in an [`EvidenceReport`].
pub const EVIDENCE_SCHEMA: &str = "lockgate.evidence/v1";

/// One of the two above. (Under a name of its own, or serde would take it for borrowed from the text.)
type Schema = &'static str;

/// What `check` reports. All keys are always there, null where unknown; the same inputs give the
/// same bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// [`REPORT_SCHEMA`].
    #[serde(deserialize_with = "schema")]
    pub schema: Schema,
    /// What was judged.
    pub subject: Subject,
    /// Where it wants to go.
    pub stage: Stage,
    /// The moment for which the question was asked.
    pub at: Instant,
    /// By which configuration; never [`Configuration::None`].
    pub config: Configuration,
    /// Whether the gate opens.
    pub outcome: Outcome,
    /// The exit code of the run.
    pub exit: Exit,
    /// Why the gate does not open.
    pub reasons: Vec<Reason>,
    /// Every document that was found, by (path, index).
    pub documents: Vec<Document>,
    /// Every policy of the stage, in the order of the policy files.
    pub policies: Vec<PolicyReport>,
    /// Everything that makes the gate wider, by (code, about).
    pub relaxations: Vec<Relaxation>,
}

/// What `evidence` reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EvidenceReport {
    /// [`EVIDENCE_SCHEMA`].
    pub schema: &'static str,
    /// What the documents are about.
    pub subject: Subject,
    /// By which configuration signers are trusted.
    pub config: Configuration,
    /// Every document that was found, by (path, index).
    pub documents: Vec<Document>,
}

/// Reads [`REPORT_SCHEMA`], and nothing else.
fn schema<'de, D: Deserializer<'de>>(deserializer: D) -> Result<&'static str, D::Error> {
    let text = Text::deserialize(deserializer)?;
    if text == REPORT_SCHEMA {
        return Ok(REPORT_SCHEMA);
    }
    Err(D::Error::custom(format!("the schema is `{text}` and not `{REPORT_SCHEMA}`")))
}
