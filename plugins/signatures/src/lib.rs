//! Who must have signed the artifact.
//!
//! The host has verified every signature that is seen here; what is left to judge is whether they
//! are those that the settings ask for. [`judge`] does that over plain values; everything else
//! fetches them.
#![forbid(unsafe_code)]

mod groups;
mod settings;

use lockgate_plugin::{
    Description, Failure, Policy, Problem, Report, Rule, Signed, Signer, signatures,
};

use crate::groups::Needs;
pub use crate::settings::{Groups, Need, Settings};

/// The most names that a finding lists in a row.
const MAX_NAMED: usize = 10;

/// Each signer that `required` names must have signed.
pub const MISSING_SIGNER: Rule = Rule {
    code: "missing-signer",
    title: "Every required signer has signed the artifact",
    remediation: "Have the named signer sign the artifact, and deliver the signature with the \
                  evidence; or correct the name, which has to be one that `[trust]` gives.",
};

/// As many distinct keys as `threshold` says must have signed.
pub const TOO_FEW_SIGNERS: Rule = Rule {
    code: "too-few-signers",
    title: "Enough distinct keys have signed the artifact",
    remediation: "Have another accepted signer, with a key of its own, sign the artifact, and \
                  deliver the signature with the evidence.",
};

/// As many distinct signers of each group as `need` says must have signed.
pub const TOO_FEW_OF_GROUP: Rule = Rule {
    code: "too-few-of-group",
    title: "Enough distinct signers of each needed group have signed the artifact",
    remediation: "Have one of those who could still sign, with a key of its own, sign the \
                  artifact, and deliver the signature with the evidence. Who is of several groups \
                  counts for one of them.",
};

/// The policy.
#[derive(Debug)]
pub struct Signatures {
    required: Vec<String>,
    threshold: Option<Threshold>,
    needs: Option<Needs>,
}

/// How many keys, and whose.
#[derive(Debug)]
struct Threshold {
    keys: u32,
    /// None: everyone's.
    accepted: Option<Vec<String>>,
}

impl Policy for Signatures {
    type Settings = Settings;

    const DESCRIPTION: Description = Description {
        name: "signatures",
        version: env!("CARGO_PKG_VERSION"),
        rules: &[MISSING_SIGNER, TOO_FEW_SIGNERS, TOO_FEW_OF_GROUP],
        settings_schema: include_str!("../settings.schema.json"),
        needs: &["signature"],
        uses: &[],
    };

    fn new(settings: Settings) -> Result<Self, Vec<Problem>> {
        let problems = settings.problems();
        if !problems.is_empty() {
            return Err(problems);
        }
        let needs = match (&settings.groups, &settings.need) {
            (Some(groups), Some(need)) => Some(Needs::new(groups, need)),
            _ => None,
        };
        let accepted = settings.accepted;
        Ok(Self {
            required: settings.required.unwrap_or_default(),
            threshold: settings.threshold.map(|keys| Threshold { keys, accepted }),
            needs,
        })
    }

    fn evaluate(&self) -> Result<Report, Failure> {
        let mut signers = Vec::new();
        for signature in signatures() {
            for signer in signature?.signed_by() {
                add(&mut signers, signer);
            }
        }
        Ok(judge(self, &signers))
    }
}

/// What follows from everyone who signed, each once.
fn judge(policy: &Signatures, signers: &[Signer]) -> Report {
    let mut report = Report::new();
    for name in &policy.required {
        if !signers.iter().any(|signer| signer.name == *name) {
            let message = format!("no verified signature over the artifact is by `{name}`");
            report
                .violation(MISSING_SIGNER, message)
                .about(name)
                .expected(format!("a signature by `{name}`"))
                .found(format!("signatures by {}", listed(&names(signers.iter()))));
        }
    }
    if let Some(threshold) = &policy.threshold {
        threshold.judge(signers, &mut report);
    }
    if let Some(needs) = &policy.needs {
        needs.judge(signers, &mut report);
    }
    report.enabled(MISSING_SIGNER, "required", !policy.required.is_empty());
    report.enabled(TOO_FEW_SIGNERS, "threshold", policy.threshold.is_some());
    report.enabled(TOO_FEW_OF_GROUP, "need", policy.needs.is_some());
    report
}

impl Threshold {
    /// Counts keys: names are what the configuration calls them, and documents can be copied.
    fn judge(&self, signers: &[Signer], report: &mut Report) {
        let counts = |signer: &&Signer| {
            self.accepted.as_ref().is_none_or(|names| names.contains(&signer.name))
        };
        let mut keys: Vec<&str> = Vec::new();
        for signer in signers.iter().filter(counts) {
            add(&mut keys, signer.key.as_str());
        }
        if keys.len() >= self.keys as usize {
            return;
        }
        let names = names(signers.iter().filter(counts));
        let who = match names.is_empty() {
            true => String::new(),
            false => format!(" ({})", listed(&names)),
        };
        let message = format!(
            "{} of at least {} distinct accepted keys signed the artifact{who}",
            keys.len(),
            self.keys
        );
        let mut expected = format!("distinct keys that signed: {}", self.keys);
        if let Some(accepted) = &self.accepted {
            let accepted: Vec<&str> = accepted.iter().map(String::as_str).collect();
            expected.push_str(", of ");
            expected.push_str(&listed(&accepted));
        }
        report.violation(TOO_FEW_SIGNERS, message).expected(expected).found(format!(
            "{} ({})",
            keys.len(),
            listed(&names)
        ));
    }
}

/// The names of signers, sorted, each once.
fn names<'a>(signers: impl Iterator<Item = &'a Signer>) -> Vec<&'a str> {
    let mut names = Vec::new();
    for signer in signers {
        add(&mut names, signer.name.as_str());
    }
    names
}

/// Adds to what is sorted and distinct, and stays so. There are as many signers as `[trust]` names:
/// a sort is more code than they need.
fn add<T: Ord>(sorted: &mut Vec<T>, element: T) {
    if let Err(place) = sorted.binary_search(&element) {
        sorted.insert(place, element);
    }
}

/// Names in backticks, the first of them where there are many.
fn listed(names: &[&str]) -> String {
    let shown = &names[..names.len().min(MAX_NAMED)];
    if shown.is_empty() {
        return "nobody".into();
    }
    let mut text = format!("`{}`", shown.join("`, `"));
    if names.len() > MAX_NAMED {
        text.push_str(&format!(" and {} more", names.len() - MAX_NAMED));
    }
    text
}

lockgate_plugin::export!(Signatures);

#[cfg(test)]
mod tests;
