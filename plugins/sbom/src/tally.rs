//! The findings of one rule about one document, bounded in number.

use lockgate_plugin::{Component, Failure, Level, Report, Rule};

use crate::inventory::{Inventory, Question};

/// The most components of one document that one rule names. Nobody reads further, and a large
/// document of which every component is wrong stays under the host's limit on findings; what is
/// left is summed up in one more finding, never passed over.
pub(crate) const MAX_NAMED: usize = 100;

/// Names the first components of each answer, and counts the rest.
pub(crate) struct Tally<'a> {
    pub(crate) rule: Rule,
    pub(crate) level: Level,
    /// Names the document, where there are several.
    pub(crate) place: &'a str,
    named: usize,
    more: u64,
}

impl<'a> Tally<'a> {
    pub(crate) fn new(rule: Rule, level: Level, place: &'a str) -> Self {
        Self { rule, level, place, named: 0, more: 0 }
    }

    /// Adds a finding for each component that the question covers: `what` is wrong with it.
    pub(crate) fn add(
        &mut self,
        inventory: &impl Inventory,
        question: &Question<'_>,
        what: &str,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let answer = inventory.ask(question, MAX_NAMED - self.named)?;
        for component in &answer.rows {
            let message = format!("component `{}`{} {what}", called(component), self.place);
            let about = component.purl.clone().unwrap_or_else(|| called(component));
            report.finding(self.level, self.rule, message).about(about);
        }
        self.named += answer.rows.len();
        self.more += u64::from(answer.count).saturating_sub(answer.rows.len() as u64);
        Ok(())
    }

    /// Sums up what was not named.
    pub(crate) fn finish(self, report: &mut Report) {
        if self.more > 0 {
            let message = format!("{} further findings like these{}", self.more, self.place);
            report.finding(self.level, self.rule, message);
        }
    }
}

fn called(component: &Component) -> String {
    match &component.version {
        Some(version) => format!("{}@{version}", component.name),
        None => component.name.clone(),
    }
}
