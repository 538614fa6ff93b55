//! Findings about the components that a question covers.

use lockgate_plugin::tally::{Tally, Wrong};
use lockgate_plugin::{Component, Failure, Report};

use crate::inventory::{Inventory, Question};

/// Adds a finding for each component that the question covers.
pub(crate) fn add(
    tally: &mut Tally<'_>,
    inventory: &dyn Inventory,
    question: &Question<'_>,
    wrong: &dyn Fn(&Component) -> Wrong,
    report: &mut Report,
) -> Result<(), Failure> {
    let answer = inventory.ask(question, tally.room())?;
    for component in &answer.rows {
        let about = component.purl.clone().unwrap_or_else(|| called(component));
        let name = format!("component `{}`{}", called(component), tally.place().name);
        tally.say(&name, about, wrong(component), report);
    }
    tally.count(u64::from(answer.count).saturating_sub(answer.rows.len() as u64));
    Ok(())
}

pub(crate) fn called(component: &Component) -> String {
    match &component.version {
        Some(version) => format!("{}@{version}", component.name),
        None => component.name.clone(),
    }
}
