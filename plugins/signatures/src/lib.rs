//! Who must have signed the artifact.
//!
//! The host has verified every signature that is seen here; what is left to judge is whether they
//! are those that the settings ask for. [`judge`] does that over plain values; everything else
//! fetches them.
#![forbid(unsafe_code)]

mod settings;

use std::collections::BTreeSet;

use lockgate_plugin::{
    Description, Failure, Policy, Problem, Report, Rule, Signed, Signer, signatures,
};

pub use settings::Settings;

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

/// The policy.
#[derive(Debug)]
pub struct Signatures {
    required: Vec<String>,
    threshold: Option<Threshold>,
}

/// How many keys, and whose.
#[derive(Debug)]
struct Threshold {
    keys: u32,
    /// None: everyone's.
    accepted: Option<BTreeSet<String>>,
}

impl Policy for Signatures {
    type Settings = Settings;

    const DESCRIPTION: Description = Description {
        name: "signatures",
        version: env!("CARGO_PKG_VERSION"),
        rules: &[MISSING_SIGNER, TOO_FEW_SIGNERS],
        settings_schema: include_str!("../settings.schema.json"),
        needs: &["signature"],
        uses: &[],
    };

    fn new(settings: Settings) -> Result<Self, Vec<Problem>> {
        let problems = settings.problems();
        if !problems.is_empty() {
            return Err(problems);
        }
        let accepted = settings.accepted.map(BTreeSet::from_iter);
        Ok(Self {
            required: settings.required.unwrap_or_default(),
            threshold: settings.threshold.map(|keys| Threshold { keys, accepted }),
        })
    }

    fn evaluate(&self) -> Result<Report, Failure> {
        let mut signers = BTreeSet::new();
        for signature in signatures() {
            signers.extend(signature?.signed_by());
        }
        Ok(judge(self, &signers))
    }
}

/// What follows from everyone who signed.
fn judge(policy: &Signatures, signers: &BTreeSet<Signer>) -> Report {
    let mut report = Report::new();
    if policy.required.is_empty() {
        report.not_applicable(MISSING_SIGNER, "`required` is not set in the settings");
    } else {
        for name in &policy.required {
            if !signers.iter().any(|signer| signer.name == *name) {
                let message = format!("no verified signature over the artifact is by `{name}`");
                report.violation(MISSING_SIGNER, message).about(name);
            }
        }
        report.checked(MISSING_SIGNER);
    }
    match &policy.threshold {
        None => report.not_applicable(TOO_FEW_SIGNERS, "`threshold` is not set in the settings"),
        Some(threshold) => {
            threshold.judge(signers, &mut report);
            report.checked(TOO_FEW_SIGNERS);
        }
    }
    report
}

impl Threshold {
    /// Counts keys: names are what the configuration calls them, and documents can be copied.
    fn judge(&self, signers: &BTreeSet<Signer>, report: &mut Report) {
        let counted = |name: &str| self.accepted.as_ref().is_none_or(|names| names.contains(name));
        let counting: Vec<&Signer> = signers.iter().filter(|s| counted(&s.name)).collect();
        let keys: BTreeSet<&str> = counting.iter().map(|signer| signer.key.as_str()).collect();
        if keys.len() >= self.keys as usize {
            return;
        }
        let names: BTreeSet<&str> = counting.iter().map(|signer| signer.name.as_str()).collect();
        let who = match names.is_empty() {
            true => String::new(),
            false => format!(" (`{}`)", names.into_iter().collect::<Vec<_>>().join("`, `")),
        };
        let message = format!(
            "{} of at least {} distinct accepted keys signed the artifact{who}",
            keys.len(),
            self.keys
        );
        report.violation(TOO_FEW_SIGNERS, message);
    }
}

lockgate_plugin::export!(Signatures);

#[cfg(test)]
mod tests {
    use lockgate_plugin::from_json;

    use super::*;

    /// The report on signatures by these (name, key).
    fn report(settings: &str, signers: &[(&str, &str)]) -> String {
        let policy = from_json::<Signatures>(settings).unwrap();
        let signers = signers
            .iter()
            .map(|&(name, key)| Signer { name: name.to_owned(), key: format!("sha256:{key}") });
        judge(&policy, &signers.collect()).to_string()
    }

    const BOTH: &str = r#"{ "required": ["ci"], "threshold": 2, "accepted": ["ci", "release"] }"#;

    #[test]
    fn the_required_signer_and_enough_keys_pass() {
        assert_eq!(
            report(BOTH, &[("ci", "01"), ("release", "02")]),
            "checked missing-signer\nchecked too-few-signers\n"
        );
    }

    #[test]
    fn a_required_signer_who_did_not_sign_is_named() {
        assert_eq!(
            report(r#"{ "required": ["ci", "qa"] }"#, &[("ci", "01")]),
            "checked missing-signer\n\
             not applicable too-few-signers: `threshold` is not set in the settings\n\
             violation missing-signer [qa]: no verified signature over the artifact is by `qa`\n"
        );
    }

    #[test]
    fn one_key_under_two_names_counts_once() {
        assert_eq!(
            report(r#"{ "threshold": 2 }"#, &[("ci", "01"), ("release", "01")]),
            "not applicable missing-signer: `required` is not set in the settings\n\
             checked too-few-signers\n\
             violation too-few-signers: 1 of at least 2 distinct accepted keys signed the artifact \
             (`ci`, `release`)\n"
        );
    }

    #[test]
    fn a_signer_who_is_not_accepted_does_not_count() {
        assert_eq!(
            report(r#"{ "threshold": 1, "accepted": ["release"] }"#, &[("ci", "01")]),
            "not applicable missing-signer: `required` is not set in the settings\n\
             checked too-few-signers\n\
             violation too-few-signers: 0 of at least 1 distinct accepted keys signed the \
             artifact\n"
        );
        assert!(!report(r#"{ "threshold": 1 }"#, &[("ci", "01")]).contains("violation"));
    }

    #[test]
    fn no_signature_at_all_fails_both_rules() {
        let report = report(BOTH, &[]);
        assert!(report.contains("violation missing-signer [ci]"), "{report}");
        assert!(report.contains("violation too-few-signers: 0 of at least 2"), "{report}");
    }
}
