//! What makes the gate wider than its strictest form. Each is listed, always.

use std::collections::BTreeSet;

use lockgate_evidence::vex::Rules;
use lockgate_model::{
    CheckState, Document, Effect, Instant, Opinion, PolicyReport, Relaxation, Status, Text,
};

use crate::config::{Config, Policy, Select, StageConfig};
use crate::request::CheckRequest;

/// Names of policies that turned out not to apply and may.
pub(crate) fn allowed_not_applicable(
    policies: &[Policy],
    reports: &[PolicyReport],
) -> BTreeSet<String> {
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

/// Those that a stage has whatever is asked of it, sorted.
pub(crate) fn standing(config: &Config, stage: &StageConfig) -> Vec<Relaxation> {
    let mut relaxations: Vec<Relaxation> = config
        .trust
        .unscoped()
        .into_iter()
        .map(|name| Relaxation {
            code: "unscoped-signer".into(),
            about: Text::escaped(name),
            message: Text::stripped("has no `for`, so it may vouch for every kind of evidence"),
        })
        .collect();
    relaxations.extend(config.trust.without_log().map(|root| Relaxation {
        code: "log-not-required".into(),
        about: Text::escaped(root),
        message: Text::stripped("has transparency logs, and its signatures need no entry in one"),
    }));
    let any = stage.expects.iter().filter(|expected| expected.select == Select::Any);
    relaxations.extend(any.map(|expected| Relaxation {
        code: "select-any".into(),
        about: Text::escaped(expected.kind.as_str()),
        message: Text::stripped(
            "may have several documents, and it is enough that one satisfies a policy",
        ),
    }));
    relaxations.extend(vex(stage));
    if stage.policies.iter().all(|policy| policy.effect == Effect::Advisory) {
        relaxations.push(Relaxation {
            code: "no-required-policy".into(),
            about: Text::escaped(stage.name.as_str()),
            message: Text::stripped("has advisory policies only, so none of them can deny"),
        });
    }
    relaxations.sort();
    relaxations
}

/// All of them, sorted.
pub(crate) fn relaxations(
    config: &Config,
    stage: &StageConfig,
    documents: &[Document],
    policies: &[PolicyReport],
    allowed: &BTreeSet<String>,
    request: &CheckRequest,
) -> Vec<Relaxation> {
    let mut relaxations = standing(config, stage);
    relaxations.extend(documents.iter().filter_map(accepted));
    let required = |report: &&PolicyReport| {
        report.effect == Effect::Required && allowed.contains(&report.name)
    };
    relaxations.extend(policies.iter().filter(required).map(|report| Relaxation {
        code: "not-applicable-allowed".into(),
        about: Text::escaped(&report.name),
        message: Text::stripped("is required, does not apply, and the policy file lets it"),
    }));
    relaxations.extend(policies.iter().flat_map(|report| {
        report.exceptions.iter().map(|exception| Relaxation {
            code: "policy-exception".into(),
            about: Text::escaped(&format!("{}/{}", report.name, exception.code)),
            message: Text::stripped(&format!("lets something pass: {}", exception.message)),
        })
    }));
    if request.pin.is_none() {
        relaxations.push(Relaxation {
            code: "config-unpinned".into(),
            about: Text::escaped(&config.name),
            message: Text::stripped(
                "is taken as it lies there, so whoever can change it decides what opens the gate; \
                 `--config-digest` pins it",
            ),
        });
        relaxations.extend(stage.policies.iter().flat_map(unpinned));
    }
    if let Some(at) = request.at.filter(|at| is_far(*at, request.now)) {
        relaxations.push(Relaxation {
            code: "time-overridden".into(),
            about: Text::escaped(&at.to_string()),
            message: Text::stripped("is the moment that was asked for, and not the present"),
        });
    }
    relaxations.sort();
    relaxations
}

/// A document that the stage accepts.
fn accepted(document: &Document) -> Option<Relaxation> {
    if document.status != Status::Accepted {
        return None;
    }
    let signed = document.checks.as_ref()?.signature.state == CheckState::Done;
    let (code, message) = if signed {
        ("accepted-unbound", "is signed and names no subject, and the stage accepts that")
    } else {
        ("accepted-unsigned", "is signed by nobody, and the stage accepts that")
    };
    let about = document.path.clone();
    Some(Relaxation { code: code.into(), about, message: Text::stripped(message) })
}

/// Data files of a policy of which nothing says which they have to be.
fn unpinned(policy: &Policy) -> impl Iterator<Item = Relaxation> {
    policy.data.unpinned.iter().map(|name| Relaxation {
        code: "data-unpinned".into(),
        about: Text::escaped(&format!("{}/{name}", policy.name)),
        message: Text::stripped(
            "is a data file that is taken as it lies there; its `digest`, or `--config-digest`, \
             pins it",
        ),
    })
}

/// What the stage lets VEX documents do beyond the strictest form.
fn vex(stage: &StageConfig) -> impl Iterator<Item = Relaxation> {
    let Rules { by_purl, covers_all } = stage.vex;
    let purl = by_purl.then_some((
        "vex-match-purl",
        "lets what VEX says of a package hold wherever that package is found",
    ));
    let all = covers_all.then_some((
        "vex-covers-all",
        "lets what VEX says without naming a component hold for all components",
    ));
    let about = Text::escaped(stage.name.as_str());
    purl.into_iter().chain(all).map(move |(code, message)| Relaxation {
        code: code.into(),
        about: about.clone(),
        message: Text::stripped(message),
    })
}

fn is_far(at: Instant, now: Instant) -> bool {
    at.is_well_after(now) || now.is_well_after(at)
}
