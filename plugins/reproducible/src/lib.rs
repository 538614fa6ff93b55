//! Whether independent organisations built the same bytes.
//!
//! The host has verified who signed each provenance and that it is about this artifact, so all of them
//! attest the same digest. What is left is to count who is independent: distinct signers of distinct
//! organisations that the settings declare. A builder's id is a claim, and counts for nobody.
#![forbid(unsafe_code)]

mod settings;

use lockgate_plugin::assignment::Assignment;
use lockgate_plugin::{
    Attestation, Description, Failure, Policy, Predicate, Problem, Report, Rule, Signed, Signer,
    attestations, brief,
};

use crate::settings::AT_LEAST;
pub use crate::settings::{Organisation, Settings};

/// As many organisations as `at-least` says must have built it.
pub const TOO_FEW_BUILDERS: Rule = Rule {
    code: "too-few-builders",
    title: "Enough independent organisations attest that they built these bytes",
    remediation: "Have another of the declared organisations rebuild the artifact, and deliver its \
                  provenance with the evidence. Where it comes to other bytes, the build is not \
                  reproducible: compare the two.",
};

/// The builder must be one of the organisation's.
pub const BUILDER_NOT_DECLARED: Rule = Rule {
    code: "builder-not-declared",
    title: "Each organisation built with a builder that is declared as its own",
    remediation: "Build with a builder that `builders` of the organisation names, or add it there.",
};

/// The most findings of one sort that name a document; the rest is counted.
const MAX_NAMED: usize = 100;

/// The policy.
#[derive(Debug)]
pub struct Reproducible {
    organisations: Vec<Organisation>,
    at_least: u32,
}

impl Policy for Reproducible {
    type Settings = Settings;

    const DESCRIPTION: Description = Description {
        name: "reproducible",
        version: env!("CARGO_PKG_VERSION"),
        rules: &[TOO_FEW_BUILDERS, BUILDER_NOT_DECLARED],
        settings_schema: include_str!("../settings.schema.json"),
        needs: &["provenance"],
        uses: &[],
    };

    fn new(settings: Settings) -> Result<Self, Vec<Problem>> {
        let problems = settings.problems();
        if !problems.is_empty() {
            return Err(problems);
        }
        let at_least = settings.at_least.unwrap_or(AT_LEAST);
        Ok(Self { organisations: settings.organisations, at_least })
    }

    fn evaluate(&self) -> Result<Report, Failure> {
        let mut builds = Vec::new();
        for attestation in attestations("provenance") {
            builds.push(Build::read(&attestation?));
        }
        Ok(self.judge(&builds))
    }
}

/// What one provenance says, and who signed it.
#[derive(Debug)]
struct Build {
    path: String,
    digest: String,
    signers: Vec<Signer>,
    /// None where it states none, or is of a version that is not known.
    builder: Option<String>,
}

impl Build {
    fn read(attestation: &Attestation) -> Self {
        let place = match &*attestation.predicate_type() {
            "https://slsa.dev/provenance/v1" => Some("/runDetails/builder/id"),
            "https://slsa.dev/provenance/v0.2" => Some("/builder/id"),
            _ => None,
        };
        let builder = place.and_then(|it| Predicate::text(attestation, it).ok().flatten());
        Self {
            path: attestation.path(),
            digest: attestation.digest(),
            signers: attestation.signed_by(),
            builder,
        }
    }
}

/// Whose build it is.
enum Whose {
    /// The organisation at this place in the settings.
    One(usize),
    Nobody,
    Several,
}

impl Reproducible {
    /// What follows from all builds.
    fn judge(&self, builds: &[Build]) -> Report {
        let mut report = Report::new();
        let mut counting: Vec<(usize, &Build)> = Vec::new();
        let mut passed_over = 0_usize;
        for build in builds {
            let why = match self.whose(build) {
                Whose::One(index) => {
                    if self.is_declared(index, build, &mut report) {
                        counting.push((index, build));
                    }
                    continue;
                }
                Whose::Nobody => "is signed for no declared organisation",
                Whose::Several => "is signed for several organisations, so it is one build of none",
            };
            passed_over += 1;
            if passed_over <= MAX_NAMED {
                let message = format!("provenance `{}` {why}, and counts for nothing", build.path);
                let signers: Vec<&str> = build.signers.iter().map(|it| it.name.as_str()).collect();
                let finding = report.note(TOO_FEW_BUILDERS, message);
                finding.found(brief(&format!("signatures by `{}`", signers.join("`, `"))));
                finding.on(&*build.digest);
            }
        }
        if let more @ 1.. = passed_over.saturating_sub(MAX_NAMED) {
            let message = format!("{more} further provenances count for nothing");
            report.note(TOO_FEW_BUILDERS, message);
        }
        self.count(&counting, &mut report);
        report.checked(TOO_FEW_BUILDERS);
        let mut declared = self.organisations.iter().map(|it| it.builders.is_some());
        report.enabled(BUILDER_NOT_DECLARED, "builders", declared.any(|is_set| is_set));
        report
    }

    /// One document is one build: signed for several organisations, it would let one build pass for
    /// two.
    fn whose(&self, build: &Build) -> Whose {
        let mut whose = Whose::Nobody;
        for (index, organisation) in self.organisations.iter().enumerate() {
            if build.signers.iter().any(|signer| organisation.signers.contains(&signer.name)) {
                whose = match whose {
                    Whose::Nobody => Whose::One(index),
                    _ => return Whose::Several,
                };
            }
        }
        whose
    }

    fn is_declared(&self, index: usize, build: &Build, report: &mut Report) -> bool {
        let organisation = &self.organisations[index];
        let Some(builders) = &organisation.builders else { return true };
        let id = build.builder.as_deref().unwrap_or_default();
        if builders.iter().any(|builder| builder.matches(id)) {
            return true;
        }
        let message = format!(
            "provenance `{}` states a builder that is not one of `{}`",
            build.path, organisation.name
        );
        let wanted: Vec<&str> = builders.iter().map(|builder| builder.text()).collect();
        let finding = report.violation(BUILDER_NOT_DECLARED, message);
        finding.expected(brief(&format!("`{}`", wanted.join("` or `")))).on(&*build.digest);
        match &build.builder {
            Some(id) => finding.about(brief(id)).found(brief(id)),
            None => finding.found("no builder"),
        };
        false
    }

    /// Each organisation needs a key of its own: one key under the names of two counts once.
    fn count(&self, counting: &[(usize, &Build)], report: &mut Report) {
        let mut keys: Vec<(&str, Vec<usize>)> = Vec::new();
        for (index, build) in counting {
            let signers = &self.organisations[*index].signers;
            for signer in build.signers.iter().filter(|signer| signers.contains(&signer.name)) {
                let place = keys.iter().position(|(key, _)| *key == signer.key);
                let place = place.unwrap_or_else(|| {
                    keys.push((&signer.key, Vec::new()));
                    keys.len() - 1
                });
                if !keys[place].1.contains(index) {
                    keys[place].1.push(*index);
                }
            }
        }
        let eligible: Vec<Vec<usize>> = keys.into_iter().map(|(_, of)| of).collect();
        let places = vec![1; self.organisations.len()];
        let Assignment { group_of, .. } = Assignment::of(&places, &eligible);
        let agree = group_of.iter().flatten().count();
        if agree >= self.at_least as usize {
            return;
        }
        let names = |counts: bool| {
            let all = self.organisations.iter().enumerate();
            let some = all.filter(|(index, _)| group_of.contains(&Some(*index)) == counts);
            let names: Vec<&str> = some.map(|(_, it)| it.name.as_str()).collect();
            if names.is_empty() { "nobody".into() } else { format!("`{}`", names.join("`, `")) }
        };
        let message = format!(
            "{agree} of at least {} independent organisations attest that they built this; who \
             could still: {}",
            self.at_least,
            brief(&names(false))
        );
        let finding = report.violation(TOO_FEW_BUILDERS, message);
        finding.expected(format!("provenance by {} organisations", self.at_least));
        finding.found(brief(&names(true)));
    }
}

lockgate_plugin::export!(Reproducible);

#[cfg(test)]
mod tests;
