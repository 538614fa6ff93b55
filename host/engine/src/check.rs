//! The sentence.

use std::collections::BTreeSet;
use std::sync::Arc;

use lockgate_evidence::{Artifact, Caps, Facts, Trust, gather, verify};
use lockgate_model::{
    EVIDENCE_SCHEMA, EvidenceReport, Instant, Kind, Opinion, PolicyReport, REPORT_SCHEMA,
    Relaxation, Report, Text,
};
use lockgate_runtime::Question;

use crate::config::{Config, Policy, Problems, StageConfig, locate};
use crate::decide::decide;
use crate::error::Error;
use crate::evaluate::evaluate;
use crate::load::{Loaded, load};
use crate::request::{CheckRequest, ConfigChoice, EvidenceRequest};

/// A report, and what is shown beside it.
#[derive(Debug)]
pub struct Checked {
    /// The report.
    pub report: Report,
    /// What the policies wrote to their logs, by the policies' names. No part of the report.
    pub logs: Vec<(String, Text)>,
}

/// Says whether an artifact may enter a stage.
///
/// # Errors
///
/// The caller's mistakes and the host's failures. What is wrong with the artifact, its evidence or
/// a policy is in the report.
pub fn check(request: &CheckRequest) -> Result<Checked, Error> {
    let at = request.at.unwrap_or(request.now);
    let config = read(&request.config)?;
    let stage = stage(&config, &request.stage)?;
    let mut artifact = Artifact::resolve(&request.artifact)?;
    let policies = load(stage, config.problems.clone(), request.jobs)?;
    let gathered = gather(&mut artifact, &request.evidence, &config.caps, &config.trust)?;
    let facts = verify(gathered, &artifact, &config.trust, at);

    let documents = facts.documents().to_vec();
    let missing = missing(stage, &facts);
    let question = Arc::new(Question {
        subject: artifact.subject().clone(),
        sha512: artifact.sha512_hex(),
        stage: stage.name.clone(),
        at,
        facts,
    });
    let opinions = evaluate(&policies, &question, missing.is_empty(), request);
    let (policies, logs): (Vec<_>, Vec<_>) = opinions.into_iter().unzip();
    let allowed = allowed_not_applicable(&stage.policies, &policies);
    let decision = decide(&policies, &allowed, missing);
    let report = Report {
        schema: REPORT_SCHEMA,
        subject: artifact.subject().clone(),
        stage: stage.name.clone(),
        at,
        outcome: decision.outcome,
        exit: decision.outcome.exit(),
        reasons: decision.reasons,
        documents,
        relaxations: relaxations(&config.trust, &policies, &allowed, request),
        policies,
    };
    Ok(Checked { report, logs: logs.into_iter().flatten().collect() })
}

/// Says what documents there are, what each is, and why it is not believed.
///
/// # Errors
///
/// As [`check`]; but a configuration that nobody named and that is not found means that nobody is
/// trusted.
pub fn evidence(request: &EvidenceRequest) -> Result<EvidenceReport, Error> {
    let config = match read(&request.config) {
        Err(Error::Locate(crate::LocateError::None { .. })) => {
            Config { caps: Caps::default(), trust: Trust::empty(), ..Config::default() }
        }
        other => other?,
    };
    let mut artifact = Artifact::resolve(&request.artifact)?;
    let gathered = gather(&mut artifact, &request.evidence, &config.caps, &config.trust)?;
    let facts = verify(gathered, &artifact, &config.trust, request.at);
    Ok(EvidenceReport {
        schema: EVIDENCE_SCHEMA,
        subject: artifact.subject().clone(),
        documents: facts.documents().to_vec(),
    })
}

fn read(choice: &ConfigChoice) -> Result<Config, Error> {
    let found;
    let path = match choice {
        ConfigChoice::Named(path) => path,
        ConfigChoice::Above(folder) => {
            found = locate(folder)?;
            &found
        }
    };
    Config::read(path).map_err(Error::Config)
}

fn stage<'a>(config: &'a Config, name: &str) -> Result<&'a StageConfig, Error> {
    config.stages.iter().find(|stage| stage.name.as_str() == name).ok_or_else(|| {
        let known: Vec<_> = config.stages.iter().map(|stage| format!("`{}`", stage.name)).collect();
        let known = if known.is_empty() { "none".into() } else { known.join(", ") };
        Error::Stage { stage: name.to_owned(), known }
    })
}

/// What the stage expects and does not find, each with what stood in its place.
fn missing(stage: &StageConfig, facts: &Facts) -> Vec<Text> {
    stage
        .expects
        .iter()
        .filter_map(|expected| {
            let found = match &expected.signer {
                Some(signer) => facts.count_by(expected.kind, signer),
                None => facts.count(expected.kind),
            };
            if found >= expected.count {
                return None;
            }
            let by =
                expected.signer.as_ref().map(|name| format!(" by `{name}`")).unwrap_or_default();
            let what = if expected.count == 1 {
                format!("`{}` expects `{}`{by}, and there is none", stage.name, expected.kind)
            } else {
                let (count, kind) = (expected.count, expected.kind);
                format!("`{}` expects {count} `{kind}`{by}, and there are {found}", stage.name)
            };
            Some(Text::stripped(&(what + &instead(expected.kind, facts))))
        })
        .collect()
}

/// The documents that might have been meant, and why each is no fact.
fn instead(kind: Kind, facts: &Facts) -> String {
    let rejected = |wanted: Option<Kind>| -> Vec<String> {
        facts
            .documents()
            .iter()
            .filter(|document| {
                document.status == lockgate_model::Status::Rejected && document.kind == wanted
            })
            .filter_map(|document| {
                let reason = document.reason.as_ref()?;
                Some(format!("; `{}` is rejected: {reason}", document.path))
            })
            .collect()
    };
    let claims = rejected(Some(kind));
    if !claims.is_empty() {
        return claims.concat();
    }
    // One that is too broken to say what it is may be the one that is missing.
    let unknown = rejected(None);
    if !unknown.is_empty() {
        return unknown.concat();
    }
    match facts.documents().len() {
        0 => "; no document was found at all".into(),
        _ => "; no document claims to be one".into(),
    }
}

/// Names of policies that turned out not to apply and may.
fn allowed_not_applicable(policies: &[Policy], reports: &[PolicyReport]) -> BTreeSet<String> {
    let allowing: BTreeSet<&str> = policies
        .iter()
        .filter(|policy| policy.allow_not_applicable)
        .map(|policy| policy.name.as_str())
        .collect();
    reports
        .iter()
        .filter(|report| report.opinion == Opinion::NotApplicable)
        .filter(|report| allowing.contains(report.name.as_str()))
        .map(|report| report.name.clone())
        .collect()
}

fn relaxations(
    trust: &Trust,
    policies: &[PolicyReport],
    allowed: &BTreeSet<String>,
    request: &CheckRequest,
) -> Vec<Relaxation> {
    let mut relaxations: Vec<Relaxation> = trust
        .unscoped()
        .map(|name| Relaxation {
            code: "unscoped-signer",
            about: Text::escaped(name),
            message: Text::stripped("has no `for`, so it may vouch for every kind of evidence"),
        })
        .collect();
    let required = |report: &&PolicyReport| {
        report.effect == lockgate_model::Effect::Required && allowed.contains(&report.name)
    };
    relaxations.extend(policies.iter().filter(required).map(|report| Relaxation {
        code: "not-applicable-allowed",
        about: Text::escaped(&report.name),
        message: Text::stripped("is required, does not apply, and the policy file lets it"),
    }));
    if let Some(at) = request.at.filter(|at| is_far(*at, request.now)) {
        relaxations.push(Relaxation {
            code: "time-overridden",
            about: Text::escaped(&at.to_string()),
            message: Text::stripped("is the moment that was asked for, and not the present"),
        });
    }
    relaxations.sort();
    relaxations
}

fn is_far(at: Instant, now: Instant) -> bool {
    at.is_well_after(now) || now.is_well_after(at)
}

/// Whatever is found out about a plugin is a problem of the policy file that names it.
pub(crate) fn settled(problems: Problems, loaded: Vec<Loaded>) -> Result<Vec<Loaded>, Error> {
    if problems.is_empty() { Ok(loaded) } else { Err(Error::Config(problems)) }
}
