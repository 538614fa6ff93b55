//! Who built the artifact, from which source, at which ref, with which parameters.
//!
//! The host has verified who signed each provenance and that it is about this artifact. What it
//! states is still a claim: a builder's id counts only together with a signer who may state it.
//! Every provenance has to satisfy the policy, so that a good one cannot hide a bad one.
#![forbid(unsafe_code)]

mod claims;
mod location;
mod pattern;
mod settings;

use std::collections::BTreeMap;

use lockgate_plugin::{
    Attestation, Description, Failure, Policy, Predicate, Problem, Report, Rule, attestations,
};
use serde_json::Value;

use crate::claims::Claims;
use crate::location::normalised;
pub use crate::pattern::Pattern;
pub use crate::settings::{Builder, Settings};

/// The builder, together with a signer, must be in `builders`.
pub const UNTRUSTED_BUILDER: Rule = Rule {
    code: "untrusted-builder",
    title: "A trusted builder built the artifact, and a signer trusted to say so says so",
    remediation: "Build with a builder that `builders` names, and have the provenance signed by \
                  one of its signers.",
};

/// The source must be in `sources`.
pub const SOURCE_NOT_ALLOWED: Rule = Rule {
    code: "source-not-allowed",
    title: "The artifact was built from an allowed repository",
    remediation: "Build from a repository that `sources` names.",
};

/// The ref must match one of `refs`.
pub const REF_NOT_ALLOWED: Rule = Rule {
    code: "ref-not-allowed",
    title: "The artifact was built from an allowed ref",
    remediation: "Build from a ref that `refs` allows, for example a release tag.",
};

/// The external parameters must have the values of `parameters`.
pub const PARAMETER_MISMATCH: Rule = Rule {
    code: "parameter-mismatch",
    title: "The build's external parameters are the required ones",
    remediation: "Build with the parameters that `parameters` requires.",
};

/// The longest stated value that a message repeats, in bytes: some two lines of a terminal. A
/// value can be 64 KiB, and a finding is read by a person.
const MAX_SHOWN: usize = 200;

/// How many of the values that would have been right a message names.
const MAX_EXPECTED: usize = 3;

/// The policy.
#[derive(Debug)]
pub struct Provenance {
    builders: Vec<Builder>,
    sources: Option<Vec<Pattern>>,
    refs: Option<Vec<Pattern>>,
    parameters: Option<BTreeMap<String, Value>>,
}

impl Policy for Provenance {
    type Settings = Settings;

    const DESCRIPTION: Description = Description {
        name: "provenance",
        version: env!("CARGO_PKG_VERSION"),
        rules: &[UNTRUSTED_BUILDER, SOURCE_NOT_ALLOWED, REF_NOT_ALLOWED, PARAMETER_MISMATCH],
        settings_schema: include_str!("../settings.schema.json"),
        needs: &["provenance"],
        uses: &[],
    };

    fn new(settings: Settings) -> Result<Self, Vec<Problem>> {
        let problems = settings.problems();
        if !problems.is_empty() {
            return Err(problems);
        }
        let normal = |source| match source {
            Pattern::Exact(text) => Pattern::Exact(normalised(&text).to_owned()),
            Pattern::Glob(glob) => Pattern::Glob(normalised(&glob).to_owned()),
        };
        Ok(Self {
            builders: settings.builders,
            sources: settings.sources.map(|sources| sources.into_iter().map(normal).collect()),
            refs: settings.refs.map(|refs| refs.into_iter().map(Pattern::Glob).collect()),
            parameters: settings.parameters,
        })
    }

    fn evaluate(&self) -> Result<Report, Failure> {
        let mut report = Report::new();
        let mut provenances = 0_u32;
        for attestation in attestations("provenance") {
            let attestation = attestation?;
            provenances += 1;
            self.judge(&Statement::read(&attestation), &attestation, &mut report);
        }
        if provenances == 0 {
            report.violation(UNTRUSTED_BUILDER, "there is no provenance");
        }
        self.account(&mut report);
        Ok(report)
    }
}

/// What the host says about a provenance, beside its predicate.
#[derive(Debug)]
struct Statement {
    path: String,
    predicate_type: String,
    signers: Vec<String>,
}

impl Statement {
    fn read(attestation: &Attestation) -> Self {
        Self {
            path: attestation.path(),
            predicate_type: attestation.predicate_type(),
            signers: attestation.signers(),
        }
    }
}

impl Provenance {
    /// Every rule that the settings set was applied to every provenance.
    fn account(&self, report: &mut Report) {
        let mut rule = |rule, key: &str, set: bool| match set {
            true => report.checked(rule),
            false => report.not_applicable(rule, format!("`{key}` is not set in the settings")),
        };
        rule(UNTRUSTED_BUILDER, "builders", true);
        rule(SOURCE_NOT_ALLOWED, "sources", self.sources.is_some());
        rule(REF_NOT_ALLOWED, "refs", self.refs.is_some());
        rule(PARAMETER_MISMATCH, "parameters", self.parameters.is_some());
    }

    /// Adds what is wrong with one provenance.
    fn judge(&self, statement: &Statement, predicate: &impl Predicate, report: &mut Report) {
        let path = &statement.path;
        let pointers = self.parameters.iter().flat_map(BTreeMap::keys);
        let claims = match Claims::read(&statement.predicate_type, predicate, pointers) {
            Ok(Some(claims)) => claims,
            Ok(None) => {
                let message =
                    format!("provenance `{path}` is of a version that this policy does not know");
                report.violation(UNTRUSTED_BUILDER, message).about(&statement.predicate_type);
                return;
            }
            // It is the document that does not say who built it, so it is the document that fails.
            Err(why) => {
                let message = format!("provenance `{path}` cannot be read: {why}");
                report.violation(UNTRUSTED_BUILDER, message);
                return;
            }
        };
        self.judge_builder(statement, &claims, report);
        if let Some(sources) = &self.sources {
            let named = Named { rule: SOURCE_NOT_ALLOWED, path, word: "source", key: "sources" };
            named.judge(sources, &claims.sources, report);
        }
        if let Some(refs) = &self.refs {
            let named = Named { rule: REF_NOT_ALLOWED, path, word: "ref", key: "refs" };
            named.judge(refs, &claims.refs, report);
        }
        for (pointer, wanted) in self.parameters.iter().flatten() {
            let message = match claims.parameters.get(pointer) {
                Some(found) if found == wanted => continue,
                Some(found) => {
                    let found = shown(found);
                    format!("provenance `{path}` states {found}, expected {wanted}")
                }
                None => format!("provenance `{path}` states nothing there, expected {wanted}"),
            };
            report.violation(PARAMETER_MISMATCH, message).about(pointer);
        }
    }

    /// The pair decides: this id, stated by one of those who may state it.
    fn judge_builder(&self, statement: &Statement, claims: &Claims, report: &mut Report) {
        let Statement { path, signers, .. } = statement;
        let Some(id) = &claims.builder else {
            report.violation(UNTRUSTED_BUILDER, format!("provenance `{path}` states no builder"));
            return;
        };
        let mut known = self.builders.iter().filter(|builder| builder.id.matches(id)).peekable();
        let message = if known.peek().is_none() {
            let named: Vec<&Pattern> = self.builders.iter().map(|builder| &builder.id).collect();
            let named = expected(named);
            format!("provenance `{path}` states a builder that `builders` does not name; {named}")
        } else if known.any(|builder| signers.iter().any(|s| builder.signers.contains(s))) {
            return;
        } else {
            let signers = signers.join("`, `");
            format!("provenance `{path}` is signed by `{signers}`, who may not state this builder")
        };
        report.violation(UNTRUSTED_BUILDER, message).about(id);
    }
}

/// What would have been right, for a message: all of it while that helps a reader.
fn expected<'a>(patterns: impl IntoIterator<Item = &'a Pattern>) -> String {
    let mut patterns = patterns.into_iter().map(ToString::to_string);
    let shown: Vec<String> = patterns.by_ref().take(MAX_EXPECTED).collect();
    let more = match patterns.count() {
        0 => String::new(),
        rest => format!(" or {rest} more"),
    };
    format!("expected `{}`{more}", shown.join("` or `"))
}

/// A stated value for a message, where it is short enough to help.
fn shown(value: &Value) -> String {
    let text = value.to_string();
    if text.len() > MAX_SHOWN { format!("another value of {} bytes", text.len()) } else { text }
}

/// Values that a provenance states, and that must all be allowed.
struct Named<'a> {
    rule: Rule,
    path: &'a str,
    word: &'a str,
    key: &'a str,
}

impl Named<'_> {
    /// Nothing stated is a violation too: else whoever leaves it out would pass.
    fn judge(&self, allowed: &[Pattern], stated: &[String], report: &mut Report) {
        let Self { rule, path, word, key } = *self;
        if stated.is_empty() {
            report.violation(rule, format!("provenance `{path}` states no {word}"));
        }
        for value in stated {
            if !allowed.iter().any(|pattern| pattern.matches(value)) {
                let message = format!(
                    "provenance `{path}` states a {word} that `{key}` does not allow; {}",
                    expected(allowed)
                );
                report.violation(rule, message).about(value);
            }
        }
    }
}

lockgate_plugin::export!(Provenance);

#[cfg(test)]
mod tests;
