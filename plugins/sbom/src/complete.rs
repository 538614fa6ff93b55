//! How complete a document is: the minimum elements of the NTIA, and a score.
//!
//! Both count in the host. Components of the type `file` are left out, for a file has neither version nor
//! supplier.

use lockgate_plugin::tally::Place;
use lockgate_plugin::{Failure, Report};

use crate::inventory::{Inventory, Question};
use crate::rules::{NTIA_INCOMPLETE, SCORE_TOO_LOW};

/// What the NTIA asks of a document (The Minimum Elements For a Software Bill of Materials, 2021), as
/// the field and in its words.
const OF_DOCUMENT: &[(&str, &str)] = &[
    ("authors", "author of the SBOM data"),
    ("timestamp", "timestamp"),
    ("dependencies", "dependency relationship"),
];

/// What it asks of each component.
const OF_COMPONENT: &[(&str, &str)] = &[
    ("supplier", "supplier"),
    ("name", "component name"),
    ("version", "version"),
    ("identifier", "other unique identifier (package URL, CPE, SWID or SWHID)"),
];

/// What a document scores for each field that it states about itself: 30 together.
const DOCUMENT_POINTS: &[(&str, u64)] = &[
    ("timestamp", 5),
    ("authors", 5),
    ("tools", 5),
    ("serial-number", 5),
    ("component", 5),
    ("dependencies", 5),
];

/// What it scores for each field that all components have, and for its part if some do: 70 together.
const COMPONENT_POINTS: &[(&str, u64)] =
    &[("version", 15), ("identifier", 15), ("license", 15), ("hash", 15), ("supplier", 10)];

fn lacking(inventory: &dyn Inventory, field: &str) -> Result<u32, Failure> {
    Ok(inventory.ask(&Question::NoFileLacks(field), 0)?.count)
}

fn counted(inventory: &dyn Inventory) -> Result<u32, Failure> {
    Ok(inventory.ask(&Question::NoFile, 0)?.count)
}

/// Adds a finding for each minimum element that is missing.
pub(crate) fn judge_ntia(
    inventory: &dyn Inventory,
    place: &Place,
    report: &mut Report,
) -> Result<(), Failure> {
    let mut add = |message: String, element: &str, found: String| {
        let finding = report.violation(NTIA_INCOMPLETE, message);
        finding.expected(element).found(found).on(place.digest.as_str());
    };
    for (field, element) in OF_DOCUMENT {
        if !inventory.has(field)? {
            let message = format!("the SBOM{} states no {element}", place.name);
            add(message, element, "none".into());
        }
    }
    let all = counted(inventory)?;
    for (field, element) in OF_COMPONENT {
        let without = lacking(inventory, field)?;
        if without > 0 {
            let message = format!("{without} of {all} components{} state no {element}", place.name);
            add(message, element, format!("missing for {without} of {all} components"));
        }
    }
    Ok(())
}

/// A document's score, and where it falls short.
pub(crate) struct Score {
    pub(crate) points: u32,
    pub(crate) short: Vec<String>,
}

/// The score from 0 to 100: what is stated of the document, and the average of what is stated of its
/// components, rounded down once at the end. A document without components scores nothing.
pub(crate) fn score(inventory: &dyn Inventory) -> Result<Score, Failure> {
    let all = u64::from(counted(inventory)?);
    if all == 0 {
        return Ok(Score { points: 0, short: vec!["no components".into()] });
    }
    // In points times the number of components, so that nothing is rounded on the way.
    let mut sum = 0;
    let mut short = Vec::new();
    for (field, points) in DOCUMENT_POINTS {
        if inventory.has(field)? {
            sum += points * all;
        } else {
            short.push(format!("no {field}"));
        }
    }
    for (field, points) in COMPONENT_POINTS {
        let without = u64::from(lacking(inventory, field)?);
        sum += points * all.saturating_sub(without);
        if without > 0 {
            short.push(format!("no {field} for {without} of {all} components"));
        }
    }
    let points = u32::try_from(sum / all).unwrap_or(0);
    Ok(Score { points, short })
}

/// Adds a finding if the document scores less than it has to.
pub(crate) fn judge_score(
    least: u32,
    inventory: &dyn Inventory,
    place: &Place,
    report: &mut Report,
) -> Result<(), Failure> {
    let Score { points, short } = score(inventory)?;
    if points < least {
        let message =
            format!("the SBOM{} scores {points} of 100, at least {least} are expected", place.name);
        let finding = report.violation(SCORE_TOO_LOW, message);
        finding.expected(format!("at least {least}"));
        finding.found(format!("{points}: {}", short.join(", "))).on(place.digest.as_str());
    }
    Ok(())
}
