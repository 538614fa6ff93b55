//! The sentence.

use std::sync::Arc;

use camino::Utf8PathBuf;

use lockgate_evidence::{Artifact, Caps, Trust, gather, verify};
use lockgate_model::{
    Configuration, Digest, EVIDENCE_SCHEMA, EvidenceReport, REPORT_SCHEMA, Report, Text,
};
use lockgate_runtime::{History, Question};

use crate::config::{Config, LocateError, StageConfig, locate};
use crate::decide::decide;
use crate::error::Error;
use crate::evaluate::evaluate;
use crate::load::load;
use crate::lock::{self, LockError, hold_files};
use crate::missing::missing;
use crate::relaxation::{allowed_not_applicable, relaxations};
use crate::request::{CheckRequest, ConfigChoice, EvidenceRequest};
use crate::select::{Selected, select};

/// A report, and what is shown beside it.
#[derive(Debug)]
pub struct Checked {
    /// The report.
    pub report: Report,
    /// The files of the configuration.
    pub read: Vec<Utf8PathBuf>,
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
    let mut config = read(&request.config)?;
    let configuration = pinned(&config, request.pin)?;
    held(&config, request.locked)?;
    let StageConfig { accepts, vex, .. } = stage(&config, &request.stage)?;
    let (accepts, vex) = (accepts.clone(), *vex);
    config.trust.accept(accepts);
    config.trust.vex(vex);
    let stage = stage(&config, &request.stage)?;
    let mut artifact = Artifact::resolve(&request.artifact)?;
    let policies = load(&stage.policies, config.problems.clone(), request.jobs)?;
    let named = policies.iter().map(|one| (lock::name(&stage.name, &one.policy.name), one));
    lock::hold_policies(&config, named)?;
    let gathered = gather(&mut artifact, &request.evidence, &config.caps, &config.trust)?;
    // Nobody looks inside for policies that do not.
    let look_inside = policies.iter().any(|loaded| loaded.looks_at("contents"));
    let contents = look_inside.then(|| artifact.contents(&config.contents_caps)).transpose()?;
    let facts = verify(gathered, &artifact, &config.trust, at);

    let Selected { facts, documents, undecided } = select(&stage.expects, &facts, at);
    let missing = missing(stage, &facts, &documents);
    let question = Arc::new(Question {
        subject: artifact.subject().clone(),
        sha512: artifact.sha512_hex(),
        stage: stage.name.clone(),
        at,
        facts,
        vex,
        contents: contents.map(|contents| contents.map(Arc::new)),
        // There is no ledger yet, so nothing was decided before.
        history: History::default(),
    });
    let unasked = match (missing.is_empty(), undecided.is_empty()) {
        (false, _) => Some("evidence that the stage expects is missing"),
        (true, false) => Some("it cannot be told which documents count"),
        (true, true) => None,
    };
    let opinions = evaluate(&policies, &question, &stage.expects, unasked, request);
    let (policies, logs): (Vec<_>, Vec<_>) = opinions.into_iter().unzip();
    let allowed = allowed_not_applicable(&stage.policies, &policies);
    let relaxations = relaxations(&config, stage, &documents, &policies, &allowed, request);
    let forbidden = if stage.forbids_relaxations { relaxations.as_slice() } else { &[] };
    let decision = decide(&policies, &allowed, missing, undecided, forbidden);
    let report = Report {
        schema: REPORT_SCHEMA,
        subject: artifact.subject().clone(),
        stage: stage.name.clone(),
        at,
        config: configuration,
        outcome: decision.outcome,
        exit: decision.outcome.exit(),
        reasons: decision.reasons,
        documents,
        relaxations,
        policies,
    };
    Ok(Checked { report, read: config.files, logs: logs.into_iter().flatten().collect() })
}

/// Says what documents there are, what each is, and why it is not believed.
///
/// # Errors
///
/// As [`check`]; but a configuration that nobody named, nobody pinned, and that is not found means
/// that nobody is trusted.
pub fn evidence(request: &EvidenceRequest) -> Result<EvidenceReport, Error> {
    let (caps, trust, configuration) = match read(&request.config) {
        Err(Error::Locate(source @ LocateError::None { .. })) => match request.pin {
            Some(pin) => return Err(Error::PinOfNone { pin, source }),
            None => (Caps::default(), Trust::empty(), Configuration::None),
        },
        other => {
            let config = other?;
            let configuration = pinned(&config, request.pin)?;
            hold_files(&config)?;
            (config.caps, config.trust, configuration)
        }
    };
    let mut artifact = Artifact::resolve(&request.artifact)?;
    let gathered = gather(&mut artifact, &request.evidence, &caps, &trust)?;
    let facts = verify(gathered, &artifact, &trust, request.at);
    Ok(EvidenceReport {
        schema: EVIDENCE_SCHEMA,
        subject: artifact.subject().clone(),
        config: configuration,
        documents: facts.documents().to_vec(),
    })
}

pub(crate) fn read(choice: &ConfigChoice) -> Result<Config, Error> {
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

/// Holds its files against the lock, which has to be there if the caller says so.
fn held(config: &Config, locked: bool) -> Result<(), Error> {
    if locked && config.lock.is_none() {
        return Err(LockError::Missing { path: config.lock_path.clone() }.into());
    }
    Ok(hold_files(config)?)
}

/// Holds the configuration against the pin. Nothing but its own files is read before that.
pub(crate) fn pinned(config: &Config, pin: Option<Digest>) -> Result<Configuration, Error> {
    let digest = config.digest;
    match pin {
        None => Ok(Configuration::Unpinned(digest)),
        Some(pin) if pin == digest => Ok(Configuration::Pinned(digest)),
        Some(pin) => Err(Error::Pin { name: config.name.clone(), digest, pin }),
    }
}

fn stage<'a>(config: &'a Config, name: &str) -> Result<&'a StageConfig, Error> {
    config.stages.iter().find(|stage| stage.name.as_str() == name).ok_or_else(|| {
        let known: Vec<_> = config.stages.iter().map(|stage| format!("`{}`", stage.name)).collect();
        let known = if known.is_empty() { "none".into() } else { known.join(", ") };
        Error::Stage { stage: name.to_owned(), known }
    })
}
