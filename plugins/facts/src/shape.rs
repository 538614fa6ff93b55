//! The rows of the view.
//!
//! `docs/facts.md` says what each key is. What a document does not say is null; what belongs to a
//! section that was not asked for is not there at all, so that a policy which reads it is told.

use serde::Serialize;
use serde_json::Value;

/// What is known of every document.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Head {
    pub(crate) path: String,
    pub(crate) digest: String,
    pub(crate) assurance: String,
    pub(crate) signers: Vec<String>,
    pub(crate) keys: Vec<String>,
}

/// Takes the head of a handle.
macro_rules! head {
    ($handle:expr) => {
        $crate::shape::Head {
            path: $handle.path(),
            digest: $handle.digest(),
            assurance: $handle.assurance(),
            signers: $handle.signers(),
            keys: $handle.keys(),
        }
    };
}
pub(crate) use head;

#[derive(Serialize)]
pub(crate) struct Attestation {
    #[serde(flatten)]
    pub(crate) head: Head,
    pub(crate) predicate_type: String,
    pub(crate) predicate: Value,
}

#[derive(Serialize)]
pub(crate) struct Signature {
    #[serde(flatten)]
    pub(crate) head: Head,
    pub(crate) format: String,
}

#[derive(Serialize)]
pub(crate) struct Bom {
    #[serde(flatten)]
    pub(crate) head: Head,
    pub(crate) format: String,
    pub(crate) spec_version: String,
    pub(crate) made_at: Option<String>,
    pub(crate) made_at_unix: Option<i64>,
    pub(crate) tools: Vec<String>,
    pub(crate) lifecycles: Vec<String>,
    pub(crate) described: Option<String>,
    pub(crate) component_count: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) dependency_count: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) license_statements: Option<Vec<Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) components: Option<Vec<Value>>,
}

#[derive(Serialize)]
pub(crate) struct LicenseStatement {
    pub(crate) text: String,
    pub(crate) form: String,
}

#[derive(Serialize)]
pub(crate) struct Component {
    pub(crate) name: String,
    pub(crate) version: Option<String>,
    pub(crate) purl: Option<String>,
    #[serde(rename = "type")]
    pub(crate) kind: Option<String>,
    pub(crate) supplier: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) licenses: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) hashes: Option<Vec<Hash>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) dependencies: Option<Vec<u32>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) direct: Option<bool>,
}

#[derive(Serialize)]
pub(crate) struct Hash {
    pub(crate) algorithm: String,
    pub(crate) value: String,
}

#[derive(Serialize)]
pub(crate) struct Scan {
    #[serde(flatten)]
    pub(crate) head: Head,
    pub(crate) format: String,
    pub(crate) scanner: Option<String>,
    pub(crate) scanner_version: Option<String>,
    pub(crate) scanned_at: Option<String>,
    pub(crate) scanned_at_unix: Option<i64>,
    pub(crate) database_at: Option<String>,
    pub(crate) database_at_unix: Option<i64>,
    pub(crate) row_count: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) rows: Option<Vec<Value>>,
}

#[derive(Serialize)]
pub(crate) struct Row {
    pub(crate) vulnerability: String,
    pub(crate) aliases: Vec<String>,
    pub(crate) component: String,
    pub(crate) version: Option<String>,
    pub(crate) purl: Option<String>,
    pub(crate) severity: String,
    pub(crate) severity_source: Option<String>,
    pub(crate) cvss: Vec<Cvss>,
    pub(crate) fixed_versions: Vec<String>,
    pub(crate) published_at: Option<String>,
    pub(crate) published_at_unix: Option<i64>,
    pub(crate) vex: Option<Vex>,
}

#[derive(Serialize)]
pub(crate) struct Cvss {
    pub(crate) version: String,
    pub(crate) vector: String,
    pub(crate) score: u32,
    pub(crate) source: String,
}

#[derive(Serialize)]
pub(crate) struct Vex {
    pub(crate) status: String,
    pub(crate) justification: Option<String>,
    pub(crate) signers: Vec<String>,
}

#[derive(Serialize)]
pub(crate) struct TestResult {
    #[serde(flatten)]
    pub(crate) head: Head,
    pub(crate) outcome: String,
    pub(crate) url: Option<String>,
    pub(crate) configurations: Vec<Configuration>,
    pub(crate) passed: Vec<String>,
    pub(crate) warned: Vec<String>,
    pub(crate) failed: Vec<String>,
}

#[derive(Serialize)]
pub(crate) struct Configuration {
    pub(crate) name: Option<String>,
    pub(crate) uri: Option<String>,
    pub(crate) sha256: Option<String>,
}

#[derive(Serialize)]
pub(crate) struct Archive {
    pub(crate) format: String,
    pub(crate) ambiguities: Vec<Ambiguity>,
    pub(crate) entries: Vec<Value>,
}

#[derive(Serialize)]
pub(crate) struct Ambiguity {
    pub(crate) code: String,
    pub(crate) path: Option<String>,
    pub(crate) detail: String,
}

#[derive(Serialize)]
pub(crate) struct Entry {
    pub(crate) path: String,
    pub(crate) kind: String,
    pub(crate) size: u64,
    pub(crate) mode: Option<u32>,
    pub(crate) digest: Option<String>,
    pub(crate) link_target: Option<String>,
}

#[derive(Serialize)]
pub(crate) struct History {
    pub(crate) decisions: Vec<Value>,
    pub(crate) runs: Option<String>,
}

#[derive(Serialize)]
pub(crate) struct Decision {
    pub(crate) stage: String,
    pub(crate) outcome: String,
    pub(crate) at: String,
    pub(crate) at_unix: i64,
}
