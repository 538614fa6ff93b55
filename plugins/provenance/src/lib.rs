//! Who built the artifact, from which source, at which ref, by which workflow, with which parameters and
//! materials, when, and how far that build is to be trusted.
//!
//! The host has verified who signed each provenance and that it is about this artifact. What it
//! states is still a claim: a builder's id counts only together with a signer who may state it.
//! Every provenance has to satisfy the policy, so that a good one cannot hide a bad one.
#![forbid(unsafe_code)]

mod claims;
mod complete;
mod format;
mod judge;
mod level;
mod location;
mod materials;
mod reader;
pub mod rules;
mod settings;
mod statement;
mod unexpected;

use lockgate_plugin::duration::Duration;
use lockgate_plugin::json::Value;
use lockgate_plugin::pattern::Pattern;
use lockgate_plugin::{Description, Failure, Policy, Problem, Report, attestations, context};

use crate::complete::Hermetic;
use crate::materials::Materials;
use crate::rules::{
    INCOMPLETE_PARAMETERS, LEVEL_TOO_LOW, MATERIAL_NOT_ALLOWED, NOT_HERMETIC, PARAMETER_MISMATCH,
    REF_NOT_ALLOWED, SOURCE_NOT_ALLOWED, STALE_PROVENANCE, UNEXPECTED_PARAMETER, UNPINNED_MATERIAL,
    UNTRUSTED_BUILDER, WORKFLOW_NOT_ALLOWED,
};
pub use crate::settings::{Builder, Settings};
use crate::statement::{Predicate, Statement};

/// The policy.
#[derive(Debug)]
pub struct Provenance {
    builders: Vec<Builder>,
    sources: Option<Vec<Pattern>>,
    refs: Option<Vec<Pattern>>,
    workflows: Option<Vec<Pattern>>,
    parameters: Option<Vec<(String, Value)>>,
    exact_parameters: bool,
    complete_parameters: bool,
    min_level: Option<u8>,
    verifiers: Option<Vec<Builder>>,
    hermetic: Option<Hermetic>,
    materials: Option<Materials>,
    max_age: Option<Duration>,
}

/// What was seen before the first provenance.
#[derive(Debug, Default)]
struct Seen {
    /// The moment of the question, where it matters.
    at: Option<i64>,
    /// The highest level that a verification summary is evidence for; 0 where there is none.
    summarised: u8,
}

impl Policy for Provenance {
    type Settings = Settings;

    const DESCRIPTION: Description = Description {
        name: "provenance",
        version: env!("CARGO_PKG_VERSION"),
        rules: rules::ALL,
        settings_schema: include_str!("../settings.schema.json"),
        needs: &["provenance"],
        uses: &["verification-summary"],
    };

    fn new(settings: Settings) -> Result<Self, Vec<Problem>> {
        settings.policy()
    }

    fn reads(&self) -> Vec<String> {
        let mut kinds = vec!["provenance".into()];
        if self.verifiers.is_some() {
            kinds.push("verification-summary".into());
        }
        kinds
    }

    fn evaluate(&self) -> Result<Report, Failure> {
        let mut report = Report::new();
        let mut seen = Seen { at: self.max_age.map(|_| context::at()), summarised: 0 };
        if self.verifiers.is_some() {
            every("verification-summary", &mut |statement, predicate| {
                let level = self.summarised(statement, predicate, &mut report)?;
                seen.summarised = seen.summarised.max(level);
                Ok(())
            })?;
        }
        let mut provenances = 0_u32;
        every("provenance", &mut |statement, predicate| {
            provenances += 1;
            self.judge(statement, predicate, &seen, &mut report);
            Ok(())
        })?;
        if provenances == 0 {
            report.violation(UNTRUSTED_BUILDER, "there is no provenance");
        }
        self.account(&mut report);
        Ok(report)
    }
}

/// What is done with each document of a kind.
type Each<'a> = &'a mut dyn FnMut(&Statement, Predicate<'_>) -> Result<(), Failure>;

fn every(kind: &str, each: Each<'_>) -> Result<(), Failure> {
    for attestation in attestations(kind) {
        let attestation = attestation?;
        each(&Statement::read(&attestation), &attestation)?;
    }
    Ok(())
}

impl Provenance {
    /// Every rule that the settings set was applied to every provenance.
    fn account(&self, report: &mut Report) {
        let materials = self.materials.as_ref();
        for (rule, key, is_set) in [
            (UNTRUSTED_BUILDER, "builders", true),
            (SOURCE_NOT_ALLOWED, "sources", self.sources.is_some()),
            (REF_NOT_ALLOWED, "refs", self.refs.is_some()),
            (WORKFLOW_NOT_ALLOWED, "workflows", self.workflows.is_some()),
            (PARAMETER_MISMATCH, "parameters", self.parameters.is_some()),
            (UNEXPECTED_PARAMETER, "exact-parameters", self.exact_parameters),
            (INCOMPLETE_PARAMETERS, "complete-parameters", self.complete_parameters),
            (LEVEL_TOO_LOW, "min-level", self.min_level.is_some()),
            (NOT_HERMETIC, "hermetic", self.hermetic.is_some()),
            (UNPINNED_MATERIAL, "materials.pinned", materials.is_some_and(|it| it.pinned)),
            (
                MATERIAL_NOT_ALLOWED,
                "materials.allow",
                materials.is_some_and(|it| it.allow.is_some()),
            ),
            (STALE_PROVENANCE, "max-age", self.max_age.is_some()),
        ] {
            report.enabled(rule, key, is_set);
        }
    }
}

lockgate_plugin::export!(Provenance);

#[cfg(test)]
mod tests;
