//! Expressions in CEL over the facts.
//!
//! For teams that want one line and no plugin. The settings name the sections of the facts that are
//! looked at and the expressions that have to be true of them. The language fails open in places where a
//! gate must not, so it is evaluated here strictly: see [`language`].
#![forbid(unsafe_code)]

mod finding;
mod judge;
mod language;
mod settings;

use lockgate_facts::{Caps, Section, unreadable_data, view, words};
use lockgate_plugin::{Description, Failure, Policy, Problem, Report, Rule};
use serde_json::Value;

use crate::judge::{Ruling, judge};
pub use crate::settings::Settings;

/// Every expression of the settings is true.
///
/// A policy declares its codes before it sees its settings, so all expressions speak under this one, and
/// each finding begins with the code that the settings give. Numbered codes would let a waiver mean
/// another expression after somebody moved a line. Where expressions are to be waived one by one, each
/// has a policy of its own, for a waiver names that.
pub const EXPRESSION_FALSE: Rule = Rule {
    code: "expression-false",
    title: "Every expression of the settings is true",
    remediation: "The message begins with the code of the expression in the settings: change what it \
                  is about, or the expression.",
};

/// No expression is asked of nothing, where the settings say so.
pub const NOTHING_TO_JUDGE: Rule = Rule {
    code: "nothing-to-judge",
    title: "No expression is asked of an empty list",
    remediation: "Deliver evidence that has what the expression asks about; or say with `empty` what \
                  an empty list means.",
};

/// The policy.
#[derive(Debug)]
pub struct Cel {
    sections: Vec<Section>,
    honour_vex: Vec<String>,
    caps: Caps,
    rulings: Vec<Ruling>,
}

impl Policy for Cel {
    type Settings = Settings;

    const DESCRIPTION: Description = Description {
        name: "cel",
        version: env!("CARGO_PKG_VERSION"),
        rules: &[EXPRESSION_FALSE, NOTHING_TO_JUDGE],
        settings_schema: include_str!("../settings.schema.json"),
        needs: &[],
        uses: &[
            "attestation",
            "provenance",
            "release",
            "sbom",
            "scai",
            "signature",
            "svr",
            "test-result",
            "verification-summary",
            "vex",
            "vulnerabilities",
        ],
    };

    fn new(settings: Settings) -> Result<Self, Vec<Problem>> {
        let policy = Self::load(settings)?;
        let unreadable = unreadable_data(&policy.sections, &policy.caps);
        if unreadable.is_empty() {
            return Ok(policy);
        }
        let problem = |(number, why)| Problem::new(format!("/input/{number}"), why);
        Err(unreadable.into_iter().map(problem).collect())
    }

    fn reads(&self) -> Vec<String> {
        words(&self.sections, &self.honour_vex)
    }

    fn evaluate(&self) -> Result<Report, Failure> {
        let view = view(&self.sections, &self.caps, &self.honour_vex)?;
        let Value::Object(view) = &view else {
            return Err(Failure::from("the facts are no map"));
        };
        judge(&self.rulings, view, !self.honour_vex.is_empty())
    }
}

impl Cel {
    /// The policy that settings ask for, whatever the data files are.
    fn load(settings: Settings) -> Result<Self, Vec<Problem>> {
        let caps = settings.caps();
        let (sections, rulings) = settings.read()?;
        let honour_vex = settings.honour_vex.unwrap_or_default();
        Ok(Self { sections, honour_vex, caps, rulings })
    }
}

lockgate_plugin::export!(Cel);

#[cfg(test)]
mod tests;
