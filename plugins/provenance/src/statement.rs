//! One provenance, and what is found about it.

use lockgate_plugin::json::Value;
use lockgate_plugin::pattern::Pattern;
use lockgate_plugin::{Attestation, Failure, Report, Rule, brief};

use crate::format::Version;

/// The most findings of one rule about one provenance. Nobody reads further, and a provenance of
/// which every material is wrong stays under the host's limit; what is left is summed up in one
/// more finding, never passed over.
pub(crate) const MAX_NAMED: usize = 100;

/// How many of the values that would have been right a finding names.
const MAX_EXPECTED: usize = 3;

/// What a provenance states, by JSON pointer.
pub(crate) type Predicate<'a> = &'a dyn lockgate_plugin::Predicate;

/// What the host says about a document, beside its predicate.
#[derive(Debug)]
pub(crate) struct Statement {
    pub(crate) path: String,
    pub(crate) digest: String,
    pub(crate) predicate_type: String,
    pub(crate) signers: Vec<String>,
}

/// What is wrong with a provenance; an empty text says nothing.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Said<'a> {
    /// What follows `provenance PATH`.
    pub(crate) says: &'a str,
    pub(crate) about: &'a str,
    pub(crate) expected: &'a str,
    pub(crate) found: &'a str,
}

impl Statement {
    pub(crate) fn read(attestation: &Attestation) -> Self {
        Self {
            path: attestation.path(),
            digest: attestation.digest(),
            predicate_type: attestation.predicate_type(),
            signers: attestation.signers(),
        }
    }

    /// None where the policy does not know it.
    pub(crate) fn version(&self) -> Option<Version> {
        Version::of(&self.predicate_type)
    }

    /// Adds a violation.
    #[inline(never)]
    pub(crate) fn violation(&self, report: &mut Report, rule: Rule, said: Said<'_>) {
        let Said { says, about, expected, found } = said;
        let finding = report.violation(rule, format!("provenance `{}` {says}", self.path));
        finding.evidence.push(self.digest.clone());
        for (text, place) in [
            (about, &mut finding.about),
            (expected, &mut finding.expected),
            (found, &mut finding.found),
        ] {
            *place = (!text.is_empty()).then(|| brief(text));
        }
    }
}

/// The findings of one rule about one provenance, bounded in number.
pub(crate) struct Tally<'a> {
    rule: Rule,
    statement: &'a Statement,
    count: usize,
}

impl<'a> Tally<'a> {
    pub(crate) fn new(rule: Rule, statement: &'a Statement) -> Self {
        Self { rule, statement, count: 0 }
    }

    /// Adds a violation while there are not too many.
    pub(crate) fn add(&mut self, report: &mut Report, said: Said<'_>) {
        self.count += 1;
        if self.count <= MAX_NAMED {
            self.statement.violation(report, self.rule, said);
        }
    }

    /// Sums up what was not named.
    pub(crate) fn finish(self, report: &mut Report) {
        if let more @ 1.. = self.count.saturating_sub(MAX_NAMED) {
            let says = &*format!("has {more} further findings like these");
            self.statement.violation(report, self.rule, Said { says, ..Said::default() });
        }
    }
}

/// What would have been right: all of it while that helps a reader.
#[inline(never)]
pub(crate) fn expected(patterns: &[Pattern]) -> String {
    let mut text = String::new();
    for (index, pattern) in patterns.iter().take(MAX_EXPECTED).enumerate() {
        let between = if index > 0 { " or " } else { "" };
        text.push_str(&format!("{between}`{}`", pattern.text()));
    }
    if let more @ 1.. = patterns.len().saturating_sub(MAX_EXPECTED) {
        text.push_str(&format!(" or {more} more"));
    }
    text
}

/// A value of the settings for a finding, if it is a short one.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => format!("\"{text}\""),
        Value::Bool(value) => format!("{value}"),
        Value::Number(number) => number.clone(),
        _ => "the value in the settings".into(),
    }
}

/// The text that stands there; for what is no text its JSON, which matches nothing: it was stated, so
/// it must not be passed over. `null` states nothing, and neither does a place that is not there.
pub(crate) fn stated(predicate: Predicate<'_>, place: &str) -> Result<Option<String>, Failure> {
    Ok(match predicate.json(place)? {
        None => None,
        Some(json) if json == "null" => None,
        Some(json) if json.starts_with('"') => predicate.text(place)?,
        Some(json) => Some(json),
    })
}
