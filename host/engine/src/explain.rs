//! Explains a report: for each finding what it rests on and what to do, for each reason what would mend
//! it, for each relaxation what sets it.
//!
//! Everything follows from the report, which a stranger may have written: what is told again is cut
//! and counted, so that no report is explained at a length out of proportion to its own.

use std::collections::BTreeMap;

use lockgate_model::{
    Configuration, Digest, Document, Effect, Exit, Instant, Kind, Level, Opinion, Outcome,
    PolicyReport, Report, RuleState, Stage, Status, Subject, Text,
};
use serde::Serialize;

use crate::render::{Ground, Grounds, Rests, remedy, words};

/// The value of `schema` in an [`Explanation`].
const SCHEMA: &str = "lockgate.explanation/v1";

/// The most facts of all policies and findings together that are told. The rest is counted.
const MAX_FACTS: usize = 50_000;

/// The most characters of a name, or of what was checked, where it is told again.
const MAX_TOLD: usize = 300;

/// The most signers that are told of a document. Each is a name in `[trust]`.
const MAX_SIGNERS: usize = 32;

/// Why there is no explanation.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExplainError {
    /// The report has no such policy.
    #[error("the report has no policy `{policy}`; it has {known}")]
    Policy {
        /// As it was typed.
        policy: String,
        /// Those that there are, as words.
        known: String,
    },
}

/// A report, explained.
#[derive(Debug, Serialize)]
pub struct Explanation<'a> {
    schema: &'static str,
    pub(crate) subject: &'a Subject,
    pub(crate) stage: &'a Stage,
    pub(crate) at: Instant,
    pub(crate) config: Configuration,
    pub(crate) outcome: Outcome,
    pub(crate) exit: Exit,
    pub(crate) reasons: Vec<Reason<'a>>,
    pub(crate) policies: Vec<Policy<'a>>,
    pub(crate) relaxations: Vec<Relaxation<'a>>,
}

/// Why the gate is shut, and what would mend it.
#[derive(Debug, Serialize)]
pub(crate) struct Reason<'a> {
    pub(crate) code: &'a str,
    pub(crate) message: &'a Text,
    pub(crate) remediation: &'static str,
}

/// What makes the gate wider, and what sets it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Relaxation<'a> {
    pub(crate) code: &'a str,
    pub(crate) about: &'a Text,
    pub(crate) message: &'a Text,
    pub(crate) set_by: &'static str,
}

/// One policy: what it read, what it found, what it could not check.
#[derive(Debug, Serialize)]
pub(crate) struct Policy<'a> {
    pub(crate) name: String,
    pub(crate) plugin: &'a str,
    pub(crate) effect: Effect,
    pub(crate) opinion: Opinion,
    pub(crate) reason: Option<&'a Text>,
    pub(crate) findings: Vec<Told<'a>>,
    pub(crate) unaccounted: Vec<&'a str>,
    pub(crate) read: Facts,
}

/// A finding, and what it rests on: null where it is all that the policy read.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Told<'a> {
    pub(crate) code: &'a str,
    pub(crate) title: Option<String>,
    pub(crate) level: Level,
    pub(crate) message: &'a Text,
    pub(crate) about: Option<&'a Text>,
    pub(crate) expected: Option<&'a Text>,
    pub(crate) found: Option<&'a Text>,
    pub(crate) rests_on: Option<Facts>,
    pub(crate) remediation: &'a Text,
}

/// What something rests on.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Facts {
    pub(crate) facts: Vec<Fact>,
    /// How many more there are.
    pub(crate) more: usize,
}

/// One thing that something rests on.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub(crate) enum Fact {
    /// A document.
    Document {
        path: String,
        kind: Option<Kind>,
        status: Status,
        signers: Vec<String>,
        checked: Option<String>,
        digest: Option<Digest>,
    },
    /// A data file that the policy file hands to the policy.
    Data { digest: Digest },
    /// Something of which the report says no more.
    Unknown { digest: Digest },
    /// Files inside the artifact.
    Contents,
    /// The moment for which it was asked.
    Time,
    /// Earlier decisions.
    History,
}

/// Explains a report, or one policy of it.
///
/// # Errors
///
/// The report has no such policy.
pub fn explain<'a>(
    report: &'a Report,
    policy: Option<&str>,
) -> Result<Explanation<'a>, ExplainError> {
    if let Some(policy) = policy.filter(|name| report.policies.iter().all(|it| it.name != **name)) {
        return Err(ExplainError::Policy { policy: policy.to_owned(), known: known(report) });
    }
    let is_asked = |name: &str| policy.is_none_or(|asked| asked == name);
    let mut desk = Desk {
        grounds: Grounds::of(&report.documents),
        documents: BTreeMap::new(),
        room: MAX_FACTS,
    };
    let policies = report.policies.iter().filter(|it| is_asked(&it.name));
    let policies = policies.map(|it| desk.policy(it)).collect();
    let reasons = report.reasons.iter().filter(|_| policy.is_none()).map(|reason| Reason {
        code: &reason.code,
        message: &reason.message,
        remediation: remedy::reason(&reason.code),
    });
    // About a policy, or one of its rules; all of them where nobody asks for one.
    let of = |about: &str| about.split('/').next().is_some_and(&is_asked);
    let relaxations = report.relaxations.iter().filter(|it| of(it.about.as_str()));
    let relaxations = relaxations.map(|relaxation| Relaxation {
        code: &relaxation.code,
        about: &relaxation.about,
        message: &relaxation.message,
        set_by: remedy::relaxation(&relaxation.code),
    });
    Ok(Explanation {
        schema: SCHEMA,
        subject: &report.subject,
        stage: &report.stage,
        at: report.at,
        config: report.config,
        outcome: report.outcome,
        exit: report.exit,
        reasons: reasons.collect(),
        policies,
        relaxations: relaxations.collect(),
    })
}

/// The names of the policies, a screen of them at the most.
fn known(report: &Report) -> String {
    const MAX_NAMES: usize = 32;
    let names = report.policies.iter().take(MAX_NAMES);
    let mut names: Vec<String> = names.map(|it| format!("`{}`", cut(&it.name))).collect();
    if names.is_empty() {
        return "none".to_owned();
    }
    let more = report.policies.len() - names.len();
    if more > 0 {
        names.push(format!("{more} more"));
    }
    names.join(", ")
}

/// Tells what things rest on, each document's part made once.
struct Desk<'a> {
    grounds: Grounds<'a>,
    documents: BTreeMap<usize, Fact>,
    /// For how many facts there is room left.
    room: usize,
}

impl<'a> Desk<'a> {
    fn policy(&mut self, policy: &'a PolicyReport) -> Policy<'a> {
        // First, for findings refer to it.
        let read = self.facts(&self.grounds.of_policy(policy));
        let titles: BTreeMap<&str, String> =
            policy.rules.iter().map(|rule| (&*rule.code, cut(rule.title.as_str()))).collect();
        let findings = policy.findings.iter().map(|finding| Told {
            code: &finding.code,
            title: titles.get(&*finding.code).cloned(),
            level: finding.level,
            message: &finding.message,
            about: finding.about.as_ref(),
            expected: finding.expected.as_ref(),
            found: finding.found.as_ref(),
            rests_on: self.grounds.of_finding(policy, finding).map(|rests| self.facts(&rests)),
            remediation: &finding.remediation,
        });
        let findings = findings.collect();
        let unaccounted = policy.rules.iter().filter(|rule| rule.state == RuleState::Unaccounted);
        Policy {
            name: cut(&policy.name),
            plugin: &policy.plugin,
            effect: policy.effect,
            opinion: policy.opinion,
            reason: policy.reason.as_ref(),
            findings,
            unaccounted: unaccounted.map(|rule| rule.code.as_str()).collect(),
            read,
        }
    }

    fn facts(&mut self, rests: &Rests<'_>) -> Facts {
        let told = rests.grounds.len().min(self.room);
        self.room -= told;
        Facts {
            facts: rests.grounds.iter().take(told).map(|ground| self.fact(ground)).collect(),
            more: rests.more + rests.grounds.len() - told,
        }
    }

    fn fact(&mut self, ground: &Ground<'_>) -> Fact {
        match ground {
            Ground::Document(place, document) => {
                let told = self.documents.entry(*place);
                told.or_insert_with(|| of_document(document)).clone()
            }
            Ground::Data(digest) => Fact::Data { digest: *digest },
            Ground::Unknown(digest) => Fact::Unknown { digest: *digest },
            Ground::Contents => Fact::Contents,
            Ground::Time => Fact::Time,
            Ground::History => Fact::History,
        }
    }
}

fn of_document(document: &Document) -> Fact {
    Fact::Document {
        path: cut(&words::shown_path(document)),
        kind: document.kind,
        status: document.status,
        signers: document.signers.iter().take(MAX_SIGNERS).map(|name| cut(name)).collect(),
        checked: document.checks.as_ref().map(|checks| cut(&words::checked(checks))),
        digest: document.digest,
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(MAX_TOLD) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
    }
}
