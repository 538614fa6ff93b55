//! Rules in Rego, as teams have them for conftest and Conforma, over the facts.
//!
//! The language lets what is not there be undefined, and a rule that meets it says nothing. What can
//! be looked up beforehand therefore is: sections, rules, packages, documents and built-ins that a
//! module names have to be there, or its settings are refused. What cannot is withheld where the
//! language would be silent: a rule that is undefined, an error of a built-in, a section of which there
//! is no document. See `docs/rego.md`.
#![forbid(unsafe_code)]

mod check;
mod entry;
mod files;
mod format;
mod metadata;
mod outline;
mod path;
mod program;
mod settings;
mod shapes;
mod strict;
mod time;
mod told;
mod value;
mod variables;
mod verdict;
mod view;
mod walk;
mod yaml;

use lockgate_plugin::{Description, Failure, Policy, Problem, Report, Rule, context, exceptions};

use crate::files::{Files, Handed};
use crate::program::Program;
use crate::settings::Plan;
pub use crate::settings::Settings;
use crate::time::At;

/// What rules called `deny` say.
///
/// A policy declares its rules before it sees its settings, and so before it sees a module. So these are
/// the names of the rules that speak, and the code that a module gives is what a finding is about.
pub const DENY: Rule = Rule {
    code: "deny",
    title: "No rule called `deny` speaks",
    remediation: "Do what the finding says; the module that is named in the settings says why.",
};

/// What rules called `violation` say, and others that the settings say are violations.
pub const VIOLATION: Rule = Rule {
    code: "violation",
    title: "No rule called `violation` speaks",
    remediation: "Do what the finding says; the module that is named in the settings says why.",
};

/// What rules called `warn` say, and others that the settings say are warnings.
pub const WARN: Rule = Rule {
    code: "warn",
    title: "No rule called `warn` speaks",
    remediation: "Look at what the finding says before it becomes a violation.",
};

/// All of them.
const RULES: &[Rule] = &[DENY, VIOLATION, WARN];

/// The policy.
#[derive(Debug)]
pub struct Rego {
    plan: Plan,
    program: Program,
}

impl Policy for Rego {
    type Settings = Settings;

    const DESCRIPTION: Description = Description {
        name: "rego",
        version: env!("CARGO_PKG_VERSION"),
        rules: RULES,
        settings_schema: include_str!("../settings.schema.json"),
        needs: &[],
        // All that a section can be made from; what one policy reads of it, its settings decide.
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
        let policy = Self::load(settings, &Handed, context::at)?;
        policy.blind().map_or(Ok(policy), |problem| Err(vec![problem]))
    }

    fn reads(&self) -> Vec<String> {
        let Plan { sections, honour_vex, modules, documents, .. } = &self.plan;
        let mut words = lockgate_facts::words(sections, honour_vex);
        if !modules.is_empty() || !documents.is_empty() {
            words.push("data".to_owned());
        }
        words
    }

    fn evaluate(&self) -> Result<Report, Failure> {
        let Plan { sections, caps, honour_vex, .. } = &self.plan;
        let view = lockgate_facts::view(sections, caps, honour_vex)?;
        let (report, beside) = self.judge(view, context::at)?;
        for line in &beside.printed {
            context::log(line);
        }
        for (rule, message) in &beside.exceptions {
            exceptions::made(*rule, message);
        }
        Ok(report)
    }
}

impl Rego {
    /// The policy that settings ask for, with files from elsewhere.
    fn load(settings: Settings, files: &dyn Files, at: At) -> Result<Self, Vec<Problem>> {
        let plan = settings.plan()?;
        let program = Program::load(&plan, files, at)?;
        Ok(Self { plan, program })
    }

    /// What is wrong where no fact could change the verdict: a module that is a data file counts as read,
    /// so the host would not notice.
    fn blind(&self) -> Option<Problem> {
        let message = "no fact is looked at, so the rules say the same of every artifact: name sections, \
                       for example [\"provenance\"]";
        let blind = self.plan.sections.is_empty() && !self.program.time;
        blind.then(|| Problem::new("/input", message))
    }

    /// Judges a view of the facts.
    fn judge(&self, view: serde_json::Value, at: At) -> Result<(Report, program::Beside), Failure> {
        let empty = view::empty(&self.plan.sections, &view);
        if let Some(word) = empty.iter().find(|word| !self.plan.may_be_empty.contains(*word)) {
            return Err(Failure::from(format!(
                "there is nothing in `{word}`, and a rule about each of none says nothing: let the \
                 stage expect it, or set may-be-empty = [\"{word}\"]"
            )));
        }
        let mut report = Report::new();
        let beside = self.program.judge(view, at, &mut report)?;
        Ok((report, beside))
    }
}

lockgate_plugin::export!(Rego);

#[cfg(test)]
mod tests;
