//! What a policy is.

use std::fmt;

use serde::de::DeserializeOwned;

use crate::Report;
use crate::bindings::lockgate::policy::types::Refusal;

/// A policy: a value made from settings that judges the evidence which the host verified.
///
/// It can be made only by [`Policy::new`], so an evaluation never sees settings that were not
/// checked. Hand the type to [`export!`](crate::export).
pub trait Policy: Sized {
    /// The settings as the policy file states them. Derive `Deserialize`, with
    /// `#[serde(deny_unknown_fields)]`: a key that is ignored is a rule that someone believes in.
    type Settings: DeserializeOwned;

    /// What the policy is, before it sees anything.
    const DESCRIPTION: Description;

    /// The policy that the settings ask for. It can read [`data`](crate::data), which is configuration,
    /// too; evidence is not there yet.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the settings, all at once. The gate does not run with them.
    fn new(settings: Self::Settings) -> Result<Self, Vec<Problem>>;

    /// What it reads with its settings, of all that it declares and imports: kinds of evidence, and
    /// `contents`, `data` and `history`. The host refuses it everything else. Narrow it where the
    /// settings decide what is looked at, so that who reads the report can tell.
    fn reads(&self) -> Vec<String> {
        let Description { needs, uses, .. } = Self::DESCRIPTION;
        let words = needs.iter().chain(uses).chain(&["contents", "data", "history"]);
        words.map(|&word| word.into()).collect()
    }

    /// Judges the evidence. Account in the report for every rule of [`Policy::DESCRIPTION`]:
    /// one that is forgotten withholds the whole opinion.
    ///
    /// # Errors
    ///
    /// "I could not judge", which is never "fail": the opinion is withheld.
    fn evaluate(&self) -> Result<Report, Failure>;
}

/// What `describe` tells the host. See `wit/plugin.wit`.
#[derive(Debug, Clone, Copy)]
pub struct Description {
    /// What the plugin calls itself, for display.
    pub name: &'static str,
    /// The plugin's version, for display. `env!("CARGO_PKG_VERSION")` is a good one.
    pub version: &'static str,
    /// Every rule, at least one.
    pub rules: &'static [Rule],
    /// A JSON Schema for the settings.
    pub settings_schema: &'static str,
    /// Kinds of evidence without which the host denies before the policy runs.
    pub needs: &'static [&'static str],
    /// Kinds of evidence that the policy reads where there are any.
    pub uses: &'static [&'static str],
}

/// A thing that a policy checks. Make each a constant, and speak of it by that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Bare kebab-case, stable for ever: waivers refer to it.
    pub code: &'static str,
    /// A few words, for a list of rules.
    pub title: &'static str,
    /// What the person who meets a finding of this rule can do.
    pub remediation: &'static str,
}

/// Something that is wrong with a setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// A JSON pointer to the setting; empty for the whole.
    pub pointer: String,
    /// One lower-case sentence without a final period that says what would be right.
    pub message: String,
}

impl Problem {
    /// A problem with the setting at a JSON pointer.
    pub fn new(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), message: message.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.pointer, self.message)
    }
}

/// Why a policy could not judge. A refusal by the host becomes one by `?`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure(String);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}

impl From<String> for Failure {
    fn from(message: String) -> Self {
        Self(message)
    }
}

impl From<&str> for Failure {
    fn from(message: &str) -> Self {
        Self(message.to_owned())
    }
}

/// Why the host did not answer, without the kind of the refusal.
#[must_use]
pub fn reason(refusal: Refusal) -> String {
    match refusal {
        Refusal::Undeclared(why)
        | Refusal::Invalid(why)
        | Refusal::OutOfRange(why)
        | Refusal::Malformed(why) => why,
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self(match refusal {
            Refusal::Undeclared(why) => format!("the host refused, undeclared: {why}"),
            Refusal::Invalid(why) => format!("the host refused, invalid: {why}"),
            Refusal::OutOfRange(why) => format!("the host refused, out of range: {why}"),
            Refusal::Malformed(why) => format!("the host refused, malformed: {why}"),
        })
    }
}
