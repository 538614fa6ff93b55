//! What a policy says: an account of its rules, and findings.

use std::fmt;

use crate::Rule;

pub use crate::bindings::lockgate::policy::types::Level;

/// The longest text of a document that a finding repeats, in bytes: some two lines of a terminal. A
/// text can be 64 KiB, and a finding is read by a person.
const BRIEF: usize = 200;

/// A text of a document for a finding: cut, with its length, where it is too long to help.
#[must_use]
pub fn brief(text: &str) -> String {
    if text.len() <= BRIEF {
        return text.to_owned();
    }
    let end = text.floor_char_boundary(BRIEF);
    format!("{}… ({} bytes)", text.get(..end).unwrap_or_default(), text.len())
}

/// An account of every rule, and findings.
///
/// There is no verdict to set: the host derives one. A rule counts as checked only where
/// [`Report::checked`] says so, never by default, and a finding alone does not account for its
/// rule.
#[derive(Debug, Default)]
pub struct Report {
    rules: Vec<(Rule, State)>,
    findings: Vec<Finding>,
}

/// What became of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It was applied to everything that it covers.
    Checked,
    /// It has nothing to cover, and why.
    NotApplicable(String),
}

/// One thing that a policy has to say about the artifact.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule that speaks.
    pub rule: Rule,
    /// How much it weighs.
    pub level: Level,
    /// One lower-case sentence without a final period.
    pub message: String,
    /// What it is about, when narrower than the artifact: a purl, a builder id, a signer.
    pub about: Option<String>,
    /// What would have been right: a value, or a few words.
    pub expected: Option<String>,
    /// What was there instead: a value, or a few words.
    pub found: Option<String>,
    /// The digests of the documents and data files that it was derived from; empty for all that was
    /// looked at.
    pub evidence: Vec<String>,
    /// What to do, where the rule's own remediation is too general.
    pub remediation: Option<String>,
}

impl Report {
    /// An empty report. As it stands, it withholds.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Marks a rule as applied to everything that it covers. Say so after it was.
    pub fn checked(&mut self, rule: Rule) {
        self.account(rule, State::Checked);
    }

    /// Marks a rule as having nothing to cover, and why.
    pub fn not_applicable(&mut self, rule: Rule, reason: impl Into<String>) {
        self.account(rule, State::NotApplicable(reason.into()));
    }

    /// Marks a rule as applied where the setting that enables it is set, and else as not applicable
    /// for that reason.
    pub fn enabled(&mut self, rule: Rule, key: &str, is_set: bool) {
        match is_set {
            true => self.checked(rule),
            false => self.not_applicable(rule, ["`", key, "` is not set in the settings"].concat()),
        }
    }

    /// Saying the same twice is harmless. Two different accounts of a rule both stay, and the
    /// host, which allows one, withholds.
    fn account(&mut self, rule: Rule, state: State) {
        let entry = (rule, state);
        if !self.rules.contains(&entry) {
            self.rules.push(entry);
        }
    }

    /// Adds a violation: it fails the policy.
    pub fn violation(&mut self, rule: Rule, message: impl Into<String>) -> &mut Finding {
        self.finding(Level::Violation, rule, message)
    }

    /// Adds a warning: it is shown and changes nothing.
    pub fn warning(&mut self, rule: Rule, message: impl Into<String>) -> &mut Finding {
        self.finding(Level::Warning, rule, message)
    }

    /// Adds a note: it is shown and changes nothing.
    pub fn note(&mut self, rule: Rule, message: impl Into<String>) -> &mut Finding {
        self.finding(Level::Note, rule, message)
    }

    /// Adds a finding of a level that the settings choose.
    pub fn finding(
        &mut self,
        level: Level,
        rule: Rule,
        message: impl Into<String>,
    ) -> &mut Finding {
        let message = message.into();
        self.findings.push(Finding {
            rule,
            level,
            message,
            about: None,
            expected: None,
            found: None,
            evidence: Vec::new(),
            remediation: None,
        });
        self.findings.last_mut().expect("one was just added")
    }

    /// The account, in the order in which it was given.
    #[must_use]
    pub fn rules(&self) -> &[(Rule, State)] {
        &self.rules
    }

    /// The findings, in the order in which they were added.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Takes it apart, to hand it to the host.
    pub(crate) fn into_parts(self) -> (Vec<(Rule, State)>, Vec<Finding>) {
        (self.rules, self.findings)
    }
}

impl Finding {
    /// Says what it is about.
    pub fn about(&mut self, about: impl Into<String>) -> &mut Self {
        self.about = Some(about.into());
        self
    }

    /// Says what would have been right.
    pub fn expected(&mut self, expected: impl Into<String>) -> &mut Self {
        self.expected = Some(expected.into());
        self
    }

    /// Says what was there instead.
    pub fn found(&mut self, found: impl Into<String>) -> &mut Self {
        self.found = Some(found.into());
        self
    }

    /// Says from which document or data file it was derived, by the digest that its handle gives.
    /// Once for each where there are several.
    pub fn on(&mut self, digest: impl Into<String>) -> &mut Self {
        self.evidence.push(digest.into());
        self
    }

    /// Says what to do, in place of the rule's own remediation.
    pub fn remediation(&mut self, remediation: impl Into<String>) -> &mut Self {
        self.remediation = Some(remediation.into());
        self
    }
}

/// One line for each rule, then one for each finding: what a test compares.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (rule, state) in &self.rules {
            match state {
                State::Checked => writeln!(f, "checked {}", rule.code)?,
                State::NotApplicable(why) => {
                    writeln!(f, "not applicable {}: {why}", rule.code)?;
                }
            }
        }
        for Finding { rule, level, message, about, .. } in &self.findings {
            let level = match level {
                Level::Violation => "violation",
                Level::Warning => "warning",
                Level::Note => "note",
            };
            match about {
                Some(about) => writeln!(f, "{level} {} [{about}]: {message}", rule.code)?,
                None => writeln!(f, "{level} {}: {message}", rule.code)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: Rule = Rule { code: "a-rule", title: "", remediation: "" };

    #[test]
    fn a_long_text_is_cut_between_characters() {
        assert_eq!(brief(&"x".repeat(200)), "x".repeat(200));
        assert_eq!(
            brief(&format!("x{}", "é".repeat(100))),
            format!("x{}… (201 bytes)", "é".repeat(99))
        );
    }

    #[test]
    fn a_finding_does_not_account_for_its_rule() {
        let mut report = Report::new();
        report.violation(RULE, "broken").about("pkg:npm/a");
        assert_eq!(report.to_string(), "violation a-rule [pkg:npm/a]: broken\n");
    }

    #[test]
    fn two_accounts_of_a_rule_both_stay_for_the_host_to_refuse() {
        let mut report = Report::new();
        report.checked(RULE);
        report.checked(RULE);
        report.not_applicable(RULE, "nothing there");
        assert_eq!(report.to_string(), "checked a-rule\nnot applicable a-rule: nothing there\n");
    }
}
