//! What policies about bills of materials have in common: which documents there are, and findings about
//! their components.

use crate::tally::{Place, Tally, Wrong};
use crate::{Bom, Component, Failure, Refusal, Report, Rule, sboms};

/// There is an SBOM, and each has components.
pub const EMPTY_SBOM: Rule = Rule {
    code: "empty-sbom",
    title: "Each SBOM lists components",
    remediation: "Make the SBOM from the artifact as it is shipped, with its dependencies, and \
                  sign it again.",
};

/// The host can read each SBOM.
pub const UNREADABLE_SBOM: Rule = Rule {
    code: "unreadable-sbom",
    title: "Each SBOM can be read",
    remediation: "Make the SBOM in a format and version that `lockgate` reads, for example \
                  CycloneDX 1.6 in JSON, and sign it again.",
};

/// What is done with an SBOM that can be read.
pub type Each<'a> = &'a mut dyn FnMut(&Bom, &Place, &mut Report) -> Result<(), Failure>;

/// Hands every SBOM that can be read to `each`. That there is none, or that one cannot be read, is a
/// finding: such a document fails, so no other rule needs a word about it.
///
/// # Errors
///
/// The host refuses for another reason, or `each` does.
pub fn each(report: &mut Report, each: Each<'_>) -> Result<(), Failure> {
    let mut documents = Vec::new();
    for document in sboms() {
        documents.push(document?);
    }
    if documents.is_empty() {
        report.violation(EMPTY_SBOM, "there is no SBOM");
    }
    for document in &documents {
        let name = match documents.len() {
            1 => String::new(),
            _ => format!(" in `{}`", document.path()),
        };
        let place = Place { name, digest: document.digest() };
        match document.open() {
            Ok(bom) => each(&bom, &place, report)?,
            Err(Refusal::Malformed(why)) => {
                let message = format!("SBOM `{}` cannot be read: {why}", document.path());
                report.violation(UNREADABLE_SBOM, message).on(place.digest);
            }
            Err(refusal) => return Err(refusal.into()),
        }
    }
    Ok(())
}

/// What covers a question. The number is the host's count; the rows are only those that are shown.
#[derive(Debug)]
pub struct Answer {
    /// How many components.
    pub count: u32,
    /// The first of them.
    pub rows: Vec<Component>,
}

impl Tally<'_> {
    /// Adds a finding for each component, as long as there is place; `noun` is what it is called in a
    /// message.
    pub fn components(
        &mut self,
        noun: &str,
        answer: &Answer,
        wrong: &dyn Fn(&Component) -> Wrong,
        report: &mut Report,
    ) {
        for component in &answer.rows {
            self.component(noun, component, wrong(component), report);
        }
        self.rest_of(answer);
    }

    /// The same for one of them.
    pub fn component(
        &mut self,
        noun: &str,
        component: &Component,
        wrong: Wrong,
        report: &mut Report,
    ) {
        let called = called(component);
        let about = component.purl.clone().unwrap_or_else(|| called.clone());
        let name = format!("{noun} `{called}`{}", self.place().name);
        self.say(&name, about, wrong, report);
    }

    /// Counts those that an answer covers and does not show.
    pub fn rest_of(&mut self, answer: &Answer) {
        self.count(u64::from(answer.count).saturating_sub(answer.rows.len() as u64));
    }
}

/// A component as people call it: `left-pad@1.3.0`.
#[must_use]
pub fn called(component: &Component) -> String {
    match &component.version {
        Some(version) => format!("{}@{version}", component.name),
        None => component.name.clone(),
    }
}
