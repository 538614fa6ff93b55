//! What the policy file may say, and what is wrong with it.

use std::collections::BTreeSet;
use std::fmt;

use lockgate_plugin::Problem;
use lockgate_plugin::duration::Duration;
use serde::Deserialize;

use crate::number::{Probability, Score};

/// The settings as written. `settings.schema.json` says the same to people and editors.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// How old a scan may be.
    pub max_age: Option<Duration>,
    /// How old the scanner's database may be.
    pub database_max_age: Option<Duration>,
    /// How many scans there are at least; 1 where it is not set.
    pub min_scans: Option<u32>,
    /// The scanners that count.
    pub scanners: Option<Vec<String>>,
    /// What is too severe.
    pub deny: Option<Deny>,
    /// Whose VEX counts.
    pub honour_vex: Option<Vec<String>>,
    /// A list of what is exploited.
    pub known_exploited: Option<KnownExploited>,
    /// A list of how likely each is exploited.
    pub exploit_probability: Option<ExploitProbability>,
    /// Whether what has no fix is a warning.
    pub fixable_only: Option<bool>,
    /// How long after its publication a vulnerability is a warning.
    pub grace: Option<Grace>,
}

/// What is too severe: either is enough.
#[derive(Debug, Default, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deny {
    /// This severity and higher ones.
    pub severity: Option<Severity>,
    /// This CVSS score and higher ones.
    pub score: Option<Score>,
}

/// How bad a vulnerability is said to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the words say it")]
pub enum Severity {
    Low,
    Medium,
    High,
    Critical,
}

impl Severity {
    /// Every one, from least to most.
    pub(crate) const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The word that the host has for it.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The list of what is exploited.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct KnownExploited {
    /// What the policy file calls the data file.
    pub data: String,
    /// How old the list may be.
    pub max_age: Option<Duration>,
}

/// The list of how likely each is exploited.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ExploitProbability {
    /// What the policy file calls the data file.
    pub data: String,
    /// From this probability on it is too likely.
    pub at_least: Probability,
    /// How old the list may be.
    pub max_age: Option<Duration>,
    /// What becomes of what the list does not have.
    #[serde(default)]
    pub unknown: Unknown,
}

/// What becomes of a vulnerability that a list does not have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unknown {
    /// It is a violation: what is not known may be the worst.
    #[default]
    Deny,
    /// It is counted in a note.
    Pass,
}

/// How long after its publication a vulnerability is a warning, by severity.
#[derive(Debug, Default, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the words say it")]
pub struct Grace {
    pub low: Option<Duration>,
    pub medium: Option<Duration>,
    pub high: Option<Duration>,
    pub critical: Option<Duration>,
}

impl Grace {
    /// For a severity.
    pub(crate) const fn of(&self, severity: Severity) -> Option<Duration> {
        match severity {
            Severity::Low => self.low,
            Severity::Medium => self.medium,
            Severity::High => self.high,
            Severity::Critical => self.critical,
        }
    }
}

/// What is said where a list names nothing.
const NOTHING: &str = "name at least one, or leave the key out";

impl Settings {
    /// All that makes a rule vacuous, contradictory or impossible to ask for.
    pub(crate) fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut add = |pointer: &str, message: &str| problems.push(Problem::new(pointer, message));
        if self.max_age.is_none() {
            add(
                "/max-age",
                "how old a scan may be, for example `\"24h\"`; a scan knows nothing of \
                             what was found out later",
            );
        }
        if self.min_scans == Some(0) {
            add("/min-scans", "at least 1: without a scan nothing is known");
        }
        let judges = self.deny.is_some()
            || self.known_exploited.is_some()
            || self.exploit_probability.is_some();
        if !judges {
            add(
                "",
                "set `deny`, `known-exploited` or `exploit-probability`, for example \
                     `deny = { severity = \"high\" }`: without one every vulnerability passes",
            );
        }
        match &self.deny {
            Some(Deny { severity: None, score: None }) => {
                add("/deny", "set `severity` or `score`, for example `{ severity = \"high\" }`");
            }
            Some(_) => {}
            None => {
                let softens = [
                    ("/fixable-only", self.fixable_only.is_some()),
                    ("/grace", self.grace.is_some()),
                ];
                for (pointer, _) in softens.iter().filter(|(_, set)| *set) {
                    add(pointer, "it softens `deny`, which is not set; leave the key out");
                }
            }
        }
        if let Some(grace) = &self.grace {
            self.grace_problems(grace, &mut add);
        }
        let named = |data: &str| {
            "a data file's name of the policy file, which is lower-case \
                                  letters and digits in words that single dashes join: not `"
                .to_owned()
                + data
                + "`"
        };
        let lists = [
            ("/known-exploited/data", self.known_exploited.as_ref().map(|list| &list.data)),
            ("/exploit-probability/data", self.exploit_probability.as_ref().map(|list| &list.data)),
        ];
        for (pointer, data) in lists {
            if let Some(data) = data.filter(|data| !is_name(data)) {
                add(pointer, &named(data));
            }
        }
        words("/scanners", self.scanners.as_deref(), &mut problems);
        words("/honour-vex", self.honour_vex.as_deref(), &mut problems);
        problems
    }

    /// A time of grace is for a severity that some threshold covers.
    fn grace_problems(&self, grace: &Grace, add: &mut impl FnMut(&str, &str)) {
        if Severity::ALL.iter().all(|severity| grace.of(*severity).is_none()) {
            add("/grace", "set one for a severity, for example `{ high = \"7d\" }`");
        }
        let Some(Deny { severity: Some(least), score: None }) = self.deny else { return };
        for severity in Severity::ALL.into_iter().filter(|severity| *severity < least) {
            if grace.of(severity).is_some() {
                let message = format!(
                    "`deny.severity` is `{least}`, so nothing of this severity is \
                                       denied; leave the key out"
                );
                add(&format!("/grace/{severity}"), &message);
            }
        }
    }
}

/// A list of words is not empty, and names each once.
fn words(pointer: &str, named: Option<&[String]>, problems: &mut Vec<Problem>) {
    let Some(named) = named else { return };
    if named.is_empty() {
        problems.push(Problem::new(pointer, NOTHING));
    }
    let mut seen = BTreeSet::new();
    for (index, word) in named.iter().enumerate() {
        let message = if word.is_empty() {
            "a name has at least one character".to_owned()
        } else if seen.insert(word) {
            continue;
        } else {
            format!("`{word}` is named twice")
        };
        problems.push(Problem::new(format!("{pointer}/{index}"), message));
    }
}

/// Whether a policy file can call a data file so.
fn is_name(text: &str) -> bool {
    let word = |word: &str| {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        !word.is_empty() && word.bytes().all(plain)
    };
    text.len() <= 64 && text.split('-').all(word)
}

#[cfg(test)]
mod tests;
