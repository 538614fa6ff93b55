//! What there is to say of many places, bounded in number.
//!
//! [`Notes`] is a [`Report`] for policies that may find the same thing in every file: each rule names a
//! hundred places and counts the rest. It also holds back exceptions until the end, so that a policy
//! is judged in tests without a host.

use crate::{Finding, Level, Report, Rule, exceptions};

/// The most places that one rule names. Nobody reads further, and an archive of which every file is
/// wrong stays under the host's limit on findings; what is left is counted, never passed over.
pub const MAX_NAMED: usize = 100;

/// The longest path that is shown, in bytes.
const MAX_SHOWN: usize = 300;

/// Findings and exceptions.
#[derive(Debug, Default)]
pub struct Notes {
    report: Report,
    /// How many violations each rule has, and how many exceptions were made from it.
    counts: Vec<(Rule, usize, usize)>,
    exceptions: Vec<(Rule, String)>,
}

impl Notes {
    /// Nothing, as yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a violation, at a path or about all of the artifact. None where there are enough.
    pub fn violation(
        &mut self,
        rule: Rule,
        path: Option<&str>,
        message: String,
    ) -> Option<&mut Finding> {
        let counts = self.counts(rule);
        counts.1 += 1;
        if counts.1 > MAX_NAMED {
            return None;
        }
        let finding = self.report.violation(rule, message);
        if let Some(path) = path {
            finding.about(shown(path));
        }
        Some(finding)
    }

    /// Adds a note.
    pub fn note(&mut self, rule: Rule, message: String) {
        self.report.finding(Level::Note, rule, message);
    }

    /// A rule has nothing to cover, and why.
    pub fn not_applicable(&mut self, rule: Rule, why: &str) {
        self.report.not_applicable(rule, why);
    }

    /// Says that the settings let something pass.
    pub fn exception(&mut self, rule: Rule, message: String) {
        if self.exceptions.iter().any(|made| made.1 == message) {
            return;
        }
        let counts = self.counts(rule);
        counts.2 += 1;
        if counts.2 <= MAX_NAMED {
            self.exceptions.push((rule, message));
        }
    }

    fn counts(&mut self, rule: Rule) -> &mut (Rule, usize, usize) {
        let known = self.counts.iter().position(|counts| counts.0 == rule);
        let place = known.unwrap_or(self.counts.len());
        if known.is_none() {
            self.counts.push((rule, 0, 0));
        }
        &mut self.counts[place]
    }

    /// A rule was applied, or its key is not set.
    pub fn account(&mut self, rule: Rule, key: &str, set: bool) {
        self.report.enabled(rule, key, set);
    }

    /// Sums up what was not named, without telling the host.
    fn summed_up(mut self) -> (Report, Vec<(Rule, String)>) {
        for (rule, violations, exceptions) in &self.counts {
            if *violations > MAX_NAMED {
                let more = violations - MAX_NAMED;
                self.report.violation(*rule, format!("{more} further findings like these"));
            }
            if *exceptions > MAX_NAMED {
                let more = exceptions - MAX_NAMED;
                self.exceptions.push((*rule, format!("{more} further exceptions like these")));
            }
        }
        (self.report, self.exceptions)
    }

    /// Tells the host of the exceptions, and gives the report.
    #[must_use]
    pub fn finish(self) -> Report {
        let (report, exceptions) = self.summed_up();
        for (rule, message) in exceptions {
            exceptions::made(rule, &message);
        }
        report
    }

    /// What a test compares: a line for each rule, finding and exception. The host is told nothing.
    #[must_use]
    pub fn text(self) -> String {
        let (report, exceptions) = self.summed_up();
        let made = exceptions.iter().map(|(rule, why)| format!("exception {}: {why}\n", rule.code));
        report.to_string() + &made.collect::<String>()
    }
}

/// A path, or what else a stranger wrote, for a person: what would break a line is escaped, and what is very long is cut.
#[must_use]
pub fn shown(path: &str) -> String {
    let mut shown = String::new();
    for character in path.chars() {
        if shown.len() > MAX_SHOWN {
            return shown + "…";
        }
        if character.is_control() {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}
