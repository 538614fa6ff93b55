//! The findings of one rule about one document, bounded in number.

use crate::{Level, Report, Rule};

/// The most findings of one rule about one document. Nobody reads further, and a large document of which
/// every row is wrong stays under the host's limit on findings; what is left is summed up in one more
/// finding, never passed over.
pub const MAX_NAMED: usize = 100;

/// Which document is spoken of.
#[derive(Debug, Clone)]
pub struct Place {
    /// Names it in a message, with a space before it, where there are several.
    pub name: String,
    /// Its digest.
    pub digest: String,
}

/// What is wrong with something, and what would have been right. What is empty is not said.
#[derive(Debug, Default)]
pub struct Wrong {
    /// Stands behind its name in a message.
    pub what: String,
    /// What would have been right.
    pub expected: String,
    /// What was there instead.
    pub found: String,
}

impl Wrong {
    /// All three.
    pub fn new(
        what: impl Into<String>,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> Self {
        Self { what: what.into(), expected: expected.into(), found: found.into() }
    }
}

/// Names what is wrong as long as there is place for it, and counts the rest.
#[derive(Debug)]
pub struct Tally<'a> {
    rule: Rule,
    level: Level,
    place: &'a Place,
    /// What its findings rest on beside the document.
    also: Option<String>,
    named: usize,
    more: u64,
}

impl<'a> Tally<'a> {
    /// With nothing named as yet.
    #[must_use]
    pub fn new(rule: Rule, level: Level, place: &'a Place) -> Self {
        Self { rule, level, place, also: None, named: 0, more: 0 }
    }

    /// Its findings rest on this, too: a data file, by its digest.
    pub fn also_on(&mut self, digest: String) {
        self.also = Some(digest);
    }

    /// How many more may be named.
    #[must_use]
    pub fn room(&self) -> usize {
        MAX_NAMED - self.named
    }

    /// Where it speaks of.
    #[must_use]
    pub fn place(&self) -> &'a Place {
        self.place
    }

    /// Adds a finding about one thing, as long as there is place for it.
    pub fn say(&mut self, name: &str, about: String, wrong: Wrong, report: &mut Report) {
        if self.room() == 0 {
            self.more += 1;
            return;
        }
        self.named += 1;
        let finding = report.finding(self.level, self.rule, format!("{name} {}", wrong.what));
        finding.about(about).on(self.place.digest.as_str());
        if let Some(also) = &self.also {
            finding.on(also.as_str());
        }
        if !wrong.expected.is_empty() {
            finding.expected(wrong.expected);
        }
        if !wrong.found.is_empty() {
            finding.found(wrong.found);
        }
    }

    /// Counts what is wrong likewise and is not named.
    pub fn count(&mut self, more: u64) {
        self.more += more;
    }

    /// Sums up what was not named.
    pub fn finish(self, report: &mut Report) {
        if self.more > 0 {
            let message = format!("{} further findings like these{}", self.more, self.place.name);
            report.finding(self.level, self.rule, message).on(self.place.digest.as_str());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_place_is_counted() {
        const RULE: Rule = Rule { code: "a-rule", title: "", remediation: "" };
        let place = Place { name: " in `a`".into(), digest: "sha256:00".into() };
        let mut tally = Tally::new(RULE, Level::Warning, &place);
        let mut report = Report::new();
        for number in 0..MAX_NAMED + 2 {
            let wrong = Wrong::new("is wrong", "", "");
            tally.say(&number.to_string(), String::new(), wrong, &mut report);
        }
        tally.count(5);
        tally.finish(&mut report);
        let lines = report.to_string();
        assert_eq!(lines.lines().count(), MAX_NAMED + 1);
        assert!(
            lines.ends_with("warning a-rule: 7 further findings like these in `a`\n"),
            "{lines}"
        );
    }
}
