//! What is in the artifact, by its bills of materials.
//!
//! The host has verified who signed each document and has indexed it; this policy asks for what
//! is wrong and never copies the rest. Every document has to satisfy the policy, so that a good
//! one cannot hide a bad one. What a document leaves out cannot be seen: `required` and
//! `min-components` only catch the coarse cases.
#![forbid(unsafe_code)]

mod inventory;
mod licenses;
mod purl;
mod settings;
mod tally;

use lockgate_plugin::{
    Description, Document, Failure, Level, Policy, Problem, Refusal, Report, Rule, sboms,
};

use crate::inventory::{Inventory, Question};
use crate::licenses::{Lists, Verdict};
pub use crate::settings::{Ban, Licenses, Required, Settings, Unknown};
use crate::tally::Tally;

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

/// No component depends on a denied license.
pub const DENIED_LICENSE: Rule = Rule {
    code: "denied-license",
    title: "No component needs a denied license",
    remediation: "Replace the component, obtain it under another license, or correct the SBOM.",
};

/// Every component can be used under allowed licenses.
pub const UNLISTED_LICENSE: Rule = Rule {
    code: "unlisted-license",
    title: "Every component can be used under allowed licenses",
    remediation: "Have the license reviewed and listed in `allow`, or replace the component.",
};

/// Every component has a license that is known.
pub const UNKNOWN_LICENSE: Rule = Rule {
    code: "unknown-license",
    title: "Every component has a license that is known",
    remediation: "Find out the license and state it in the SBOM as an SPDX expression; or let \
                  unknown licenses be warnings with `licenses.unknown = \"warn\"`.",
};

/// No banned package.
pub const BANNED_PACKAGE: Rule = Rule {
    code: "banned-package",
    title: "No component is a banned package",
    remediation: "Remove the package, or move to a version that is not banned.",
};

/// Every required field.
pub const MISSING_FIELD: Rule = Rule {
    code: "missing-field",
    title: "Every required field is there",
    remediation: "Have the tool that makes the SBOM fill the field in, and sign the SBOM again.",
};

/// The longest license statement that a message repeats, in bytes: some two lines of a terminal.
const MAX_SHOWN: usize = 200;

/// The policy.
#[derive(Debug)]
pub struct Sbom {
    licenses: Option<Lists>,
    banned: Option<Vec<Ban>>,
    required: Option<Required>,
    min_components: u32,
}

impl Policy for Sbom {
    type Settings = Settings;

    const DESCRIPTION: Description = Description {
        name: "sbom",
        version: env!("CARGO_PKG_VERSION"),
        rules: &[
            EMPTY_SBOM,
            UNREADABLE_SBOM,
            DENIED_LICENSE,
            UNLISTED_LICENSE,
            UNKNOWN_LICENSE,
            BANNED_PACKAGE,
            MISSING_FIELD,
        ],
        settings_schema: include_str!("../settings.schema.json"),
        needs: &["sbom"],
        uses: &[],
    };

    fn new(settings: Settings) -> Result<Self, Vec<Problem>> {
        let mut problems = settings.problems();
        let licenses = match settings.licenses.as_ref().map(Lists::new).transpose() {
            Ok(licenses) => licenses,
            Err(more) => {
                problems.extend(more);
                None
            }
        };
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Self {
            licenses,
            banned: settings.banned,
            required: settings.required,
            min_components: settings.min_components.unwrap_or(1),
        })
    }

    fn evaluate(&self) -> Result<Report, Failure> {
        let mut report = Report::new();
        let documents: Vec<Document> = sboms().collect::<Result<_, _>>()?;
        if documents.is_empty() {
            report.violation(EMPTY_SBOM, "there is no SBOM");
        }
        for document in &documents {
            let place = match documents.len() {
                1 => String::new(),
                _ => format!(" in `{}`", document.path()),
            };
            match document.open() {
                Ok(bom) => self.judge(&bom, &place, &mut report)?,
                Err(Refusal::Malformed(why)) => unreadable(&document.path(), &why, &mut report),
                Err(refusal) => return Err(refusal.into()),
            }
        }
        self.account(&mut report);
        Ok(report)
    }
}

/// A document that cannot be read fails, so the other rules need no word about it.
fn unreadable(path: &str, why: &str, report: &mut Report) {
    report.violation(UNREADABLE_SBOM, format!("SBOM `{path}` cannot be read: {why}"));
}

impl Sbom {
    /// Every rule that the settings set was applied to every document.
    fn account(&self, report: &mut Report) {
        let mut rule = |rule, key: &str, set: bool| match set {
            true => report.checked(rule),
            false => report.not_applicable(rule, format!("`{key}` is not set in the settings")),
        };
        let lists = self.licenses.as_ref();
        rule(EMPTY_SBOM, "min-components", true);
        rule(UNREADABLE_SBOM, "", true);
        rule(DENIED_LICENSE, "licenses.deny", lists.is_some_and(|lists| lists.deny.is_some()));
        rule(UNLISTED_LICENSE, "licenses.allow", lists.is_some_and(|lists| lists.allow.is_some()));
        rule(UNKNOWN_LICENSE, "licenses", lists.is_some());
        rule(BANNED_PACKAGE, "banned", self.banned.is_some());
        rule(MISSING_FIELD, "required", self.required.is_some());
    }

    /// Adds what is wrong with one document.
    fn judge(
        &self,
        inventory: &impl Inventory,
        place: &str,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let count = inventory.component_count();
        if count < self.min_components {
            let message = match count {
                0 => format!("the SBOM{place} lists no components"),
                _ => format!(
                    "the SBOM{place} lists {count} components, expected at least {}",
                    self.min_components
                ),
            };
            report.violation(EMPTY_SBOM, message);
        }
        if let Some(lists) = &self.licenses {
            judge_licenses(lists, inventory, place, report)?;
        }
        if let Some(banned) = &self.banned {
            let mut tally = Tally::new(BANNED_PACKAGE, Level::Violation, place);
            for ban in banned {
                let what = format!("is banned by `{ban}`");
                tally.add(inventory, &Question::Banned(ban), &what, report)?;
            }
            if banned.iter().any(|ban| matches!(ban, Ban::Purl(_) | Ban::Prefix(_))) {
                let what = "has a package URL that cannot be read, so it may be a banned one";
                tally.add(inventory, &Question::OddPurl, what, report)?;
            }
            tally.finish(report);
        }
        if let Some(required) = &self.required {
            judge_fields(required, inventory, place, report)?;
        }
        Ok(())
    }
}

/// Judges each statement once, then asks for the components that make it. All statements of a
/// component hold at once, so one bad statement is enough.
fn judge_licenses(
    lists: &Lists,
    inventory: &impl Inventory,
    place: &str,
    report: &mut Report,
) -> Result<(), Failure> {
    let mut denied = Vec::new();
    let mut unlisted = Vec::new();
    let mut unknown = Vec::new();
    for id in 0..inventory.license_count() {
        let text = inventory.license(id)?;
        let bad = match lists.judge(&text) {
            Verdict::Fine => continue,
            Verdict::Denied => &mut denied,
            Verdict::Unlisted => &mut unlisted,
            Verdict::Unknown => &mut unknown,
        };
        bad.push((id, shown(&text)));
    }
    let rules = [
        (DENIED_LICENSE, Level::Violation, denied, "which is denied"),
        (UNLISTED_LICENSE, Level::Violation, unlisted, "which `allow` does not cover"),
        (UNKNOWN_LICENSE, lists.unknown, unknown, "which is not known"),
    ];
    for (rule, level, statements, why) in rules {
        let mut tally = Tally::new(rule, level, place);
        for (id, text) in statements {
            let what = format!("is under {text}, {why}");
            tally.add(inventory, &Question::License(id), &what, report)?;
        }
        if rule == UNKNOWN_LICENSE {
            tally.add(inventory, &Question::Lacks("license"), "states no license", report)?;
        }
        tally.finish(report);
    }
    Ok(())
}

fn judge_fields(
    required: &Required,
    inventory: &impl Inventory,
    place: &str,
    report: &mut Report,
) -> Result<(), Failure> {
    for field in required.document.iter().flatten() {
        if !inventory.has(field)? {
            report.violation(MISSING_FIELD, format!("the SBOM{place} states no `{field}`"));
        }
    }
    let mut tally = Tally::new(MISSING_FIELD, Level::Violation, place);
    for field in required.component.iter().flatten() {
        let what = format!("states no `{field}`");
        tally.add(inventory, &Question::Lacks(field), &what, report)?;
    }
    tally.finish(report);
    Ok(())
}

/// A license statement for a message, where it is short enough to help.
fn shown(text: &str) -> String {
    if text.len() > MAX_SHOWN {
        format!("a license statement of {} bytes", text.len())
    } else {
        format!("`{text}`")
    }
}

lockgate_plugin::export!(Sbom);

#[cfg(test)]
mod tests;
