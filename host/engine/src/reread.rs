//! Reads a report back that `check` wrote.
//!
//! Whoever hands it in may have written anything: it is bounded, its texts are made harmless again, and
//! what contradicts itself is no report.

use std::io::{self, Read};

use camino::Utf8Path;
use lockgate_model::{
    EVIDENCE_SCHEMA, Effect, Level, Opinion, Outcome, PolicyReport, REPORT_SCHEMA, Report, Text,
};
use serde::Deserialize;

use crate::files;

/// The most bytes of a report. One of ten policies with ten thousand findings each has some forty.
const MAX_BYTES: u64 = 64 << 20;

/// The most characters of somebody else's text in a message.
const MAX_SAID: usize = 300;

/// Why it is no report.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RereadError {
    /// It is not there, or may not be read.
    #[error("cannot open the report `{name}`")]
    Open {
        /// As it was named.
        name: String,
        /// Why not.
        source: io::Error,
    },
    /// Reading it broke off.
    #[error("cannot read the report `{name}`")]
    Read {
        /// As it was named.
        name: String,
        /// Why not.
        source: io::Error,
    },
    /// It is too large.
    #[error("`{name}` is larger than the {} MiB that a report may have", MAX_BYTES >> 20)]
    TooLarge {
        /// As it was named.
        name: String,
    },
    /// It is something else.
    #[error("`{name}` is no report that `lockgate check -o json` wrote: {why}")]
    Other {
        /// As it was named.
        name: String,
        /// What shows that.
        why: Text,
    },
    /// It is of a version that this one does not read.
    #[error("`{name}` has the schema `{schema}`, and this version reads `{REPORT_SCHEMA}`")]
    Schema {
        /// As it was named.
        name: String,
        /// What it says it is.
        schema: Text,
    },
}

impl RereadError {
    /// Whether it is the platform's fault and not the caller's.
    #[must_use]
    pub fn is_host_failure(&self) -> bool {
        matches!(self, Self::Read { source, .. } if source.kind() != io::ErrorKind::IsADirectory)
    }
}

/// The report in a file.
///
/// # Errors
///
/// There is none in it, or it cannot be read.
pub fn open_report(path: &Utf8Path) -> Result<Report, RereadError> {
    let file = files::open(path);
    let file = file.map_err(|source| RereadError::Open { name: path.to_string(), source })?;
    read_report(path.as_str(), file)
}

/// The report in what is read here; `name` is for messages.
///
/// # Errors
///
/// There is none in it, or it cannot be read.
pub fn read_report(name: &str, from: impl Read) -> Result<Report, RereadError> {
    let named = || name.to_owned();
    let mut bytes = Vec::new();
    let read = from.take(MAX_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|source| RereadError::Read { name: named(), source })?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > MAX_BYTES {
        return Err(RereadError::TooLarge { name: named() });
    }
    parse(&bytes).map_err(|refused| match refused {
        Refused::Schema(schema) => RereadError::Schema { name: named(), schema },
        Refused::Other(why) => RereadError::Other { name: named(), why },
    })
}

enum Refused {
    Schema(Text),
    Other(Text),
}

fn other(why: &str) -> Refused {
    Refused::Other(Text::escaped(&why.chars().take(MAX_SAID).collect::<String>()))
}

/// What is looked at first: which version wrote the rest.
#[derive(Deserialize)]
struct Head {
    schema: Option<String>,
}

fn parse(bytes: &[u8]) -> Result<Report, Refused> {
    let head: Head = serde_json::from_slice(bytes).map_err(|why| other(&why.to_string()))?;
    match head.schema.as_deref() {
        Some(REPORT_SCHEMA) => {}
        Some(EVIDENCE_SCHEMA) => {
            return Err(other("it lists evidence, and nothing was judged"));
        }
        Some(schema) => {
            let schema: String = schema.chars().take(MAX_SAID).collect();
            return Err(Refused::Schema(Text::escaped(&schema)));
        }
        None => return Err(other("it has no `schema`")),
    }
    let report: Report = serde_json::from_slice(bytes).map_err(|why| other(&why.to_string()))?;
    let (outcome, exit) = (report.outcome.as_str(), report.exit.code());
    if report.outcome.exit() != report.exit {
        return Err(other(&format!("its outcome is `{outcome}` and its exit code {exit}")));
    }
    if (report.outcome == Outcome::Allowed) != report.reasons.is_empty() {
        let reasons = report.reasons.len();
        return Err(other(&format!("its outcome is `{outcome}`, and it has {reasons} reasons")));
    }
    match report.policies.iter().find_map(|policy| contradiction(policy, report.outcome)) {
        Some(why) => Err(other(&why)),
        None => Ok(report),
    }
}

/// What no policy of a run can say, if this one does.
fn contradiction(policy: &PolicyReport, outcome: Outcome) -> Option<String> {
    let name = &policy.name;
    let shut = matches!(policy.opinion, Opinion::Fail | Opinion::Withheld);
    if outcome == Outcome::Allowed && policy.effect == Effect::Required && shut {
        return Some(format!("its outcome is `allowed`, and the required policy `{name}` shuts"));
    }
    let violates = policy.findings.iter().any(|finding| finding.level == Level::Violation);
    if policy.opinion == Opinion::Pass && violates {
        return Some(format!("the policy `{name}` passes, and finds a violation"));
    }
    let known = |code: &str| policy.rules.iter().any(|rule| rule.code.as_str() == code);
    let odd = policy.findings.iter().find(|finding| !known(finding.code.as_str()))?;
    Some(format!("the policy `{name}` has no rule `{}`, and finds it broken", odd.code))
}
