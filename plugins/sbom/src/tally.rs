//! The findings of one rule about one document, bounded in number.

use lockgate_plugin::{Component, Failure, Level, Report, Rule};

use crate::inventory::{Inventory, Question};

/// The most findings of one rule about one document. Nobody reads further, and a large document of which
/// every component is wrong stays under the host's limit on findings; what is left is summed up in one
/// more finding, never passed over.
pub(crate) const MAX_NAMED: usize = 100;

/// Which document is spoken of.
pub(crate) struct Place {
    /// Names it in a message, where there are several.
    pub(crate) name: String,
    /// Its digest.
    pub(crate) digest: String,
}

/// Names the first components of each answer, and counts the rest.
pub(crate) struct Tally<'a> {
    rule: Rule,
    level: Level,
    place: &'a Place,
    named: usize,
    more: u64,
}

/// What is wrong with something, and what would have been right.
#[derive(Default)]
pub(crate) struct Wrong {
    /// Behind its name in a message.
    pub(crate) what: String,
    pub(crate) expected: String,
    pub(crate) found: String,
}

impl Wrong {
    pub(crate) fn new(
        what: impl Into<String>,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> Self {
        Self { what: what.into(), expected: expected.into(), found: found.into() }
    }
}

impl<'a> Tally<'a> {
    pub(crate) fn new(rule: Rule, level: Level, place: &'a Place) -> Self {
        Self { rule, level, place, named: 0, more: 0 }
    }

    /// Adds a finding for each component that the question covers.
    pub(crate) fn add(
        &mut self,
        inventory: &dyn Inventory,
        question: &Question<'_>,
        wrong: &dyn Fn(&Component) -> Wrong,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let answer = inventory.ask(question, MAX_NAMED - self.named)?;
        for component in &answer.rows {
            let about = component.purl.clone().unwrap_or_else(|| called(component));
            let name = format!("component `{}`{}", called(component), self.place.name);
            self.say(&name, about, wrong(component), report);
        }
        self.more += u64::from(answer.count).saturating_sub(answer.rows.len() as u64);
        Ok(())
    }

    /// Adds a finding about one thing, as long as there is place for it.
    pub(crate) fn say(&mut self, name: &str, about: String, wrong: Wrong, report: &mut Report) {
        if self.named == MAX_NAMED {
            self.more += 1;
            return;
        }
        self.named += 1;
        let finding = report.finding(self.level, self.rule, format!("{name} {}", wrong.what));
        finding.about(about).on(self.place.digest.as_str());
        if !wrong.expected.is_empty() {
            finding.expected(wrong.expected);
        }
        if !wrong.found.is_empty() {
            finding.found(wrong.found);
        }
    }

    /// Sums up what was not named.
    pub(crate) fn finish(self, report: &mut Report) {
        if self.more > 0 {
            let message = format!("{} further findings like these{}", self.more, self.place.name);
            report.finding(self.level, self.rule, message).on(self.place.digest.as_str());
        }
    }
}

pub(crate) fn called(component: &Component) -> String {
    match &component.version {
        Some(version) => format!("{}@{version}", component.name),
        None => component.name.clone(),
    }
}
