//! Where dependencies come from, by the bills of materials.
//!
//! A package may have the right name and be somebody else's: taken from another registry than ours,
//! published yesterday, or whatever a moving version meant that day. Every document has to satisfy the
//! policy. What a document says of origins is what its tool saw; this policy asks that it says so, and that
//! it is allowed.
#![forbid(unsafe_code)]

mod inventory;
mod knowledge;
mod patterns;
mod registries;
mod rules;
mod settings;
mod types;

use lockgate_plugin::instant::Instant;
use lockgate_plugin::tally::{Place, Tally, Wrong};
use lockgate_plugin::{
    Component, Description, Failure, Level, Policy, Problem, Report, boms, brief, context,
};

use crate::inventory::{Inventory, Question};
use crate::knowledge::{Host, Knowledge, Releases};
use crate::registries::judge_registries;
pub use crate::rules::*;
pub use crate::settings::{Internal, Registry, Released, Settings, Unknown};

/// What a component is called in a message.
const NOUN: &str = "dependency";

/// The policy.
#[derive(Debug)]
pub struct Dependencies {
    settings: Settings,
}

impl Policy for Dependencies {
    type Settings = Settings;

    const DESCRIPTION: Description = Description {
        name: "dependencies",
        version: env!("CARGO_PKG_VERSION"),
        rules: ALL,
        settings_schema: include_str!("../settings.schema.json"),
        needs: &["sbom"],
        uses: &[],
    };

    fn new(settings: Settings) -> Result<Self, Vec<Problem>> {
        Self::with(settings, &Host)
    }

    fn reads(&self) -> Vec<String> {
        let mut words = vec!["sbom".to_owned()];
        words.extend(self.settings.released.is_some().then(|| "data".to_owned()));
        words
    }

    fn evaluate(&self) -> Result<Report, Failure> {
        let mut report = Report::new();
        boms::each(&mut report, &mut |bom, place, report| {
            self.judge(bom, &Host, &context::at, place, report)
        })?;
        self.account(&mut report);
        Ok(report)
    }
}

impl Dependencies {
    fn with(settings: Settings, known: &dyn Knowledge) -> Result<Self, Vec<Problem>> {
        let problems = settings.problems(known);
        if problems.is_empty() { Ok(Self { settings }) } else { Err(problems) }
    }

    /// Every rule that the settings set was applied to every document.
    fn account(&self, report: &mut Report) {
        let set = &self.settings;
        let rules = [
            (EMPTY_SBOM, "", true),
            (UNREADABLE_SBOM, "", true),
            (REGISTRY_NOT_ALLOWED, "registries", set.registries.is_some()),
            (NAMESPACE_NOT_ALLOWED, "namespaces", set.namespaces.is_some()),
            (INTERNAL_FROM_OUTSIDE, "internal", set.internal.is_some()),
            (TOO_YOUNG, "minimum-age", set.minimum_age.is_some()),
            (UNPINNED_DEPENDENCY, "pinned", set.pinned.is_some()),
        ];
        for (rule, key, is_set) in rules {
            report.enabled(rule, key, is_set);
        }
    }

    /// Adds what is wrong with one document.
    fn judge(
        &self,
        inventory: &dyn Inventory,
        known: &dyn Knowledge,
        at: &dyn Fn() -> i64,
        place: &Place,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let set = &self.settings;
        if inventory.component_count() == 0 {
            let message = format!("the SBOM{} lists no components", place.name);
            report.violation(EMPTY_SBOM, message).on(place.digest.as_str());
        }
        if let Some(registries) = &set.registries {
            judge_registries(registries, inventory, known, place, report)?;
        }
        if let Some(namespaces) = &set.namespaces {
            let mut tally = Tally::new(NAMESPACE_NOT_ALLOWED, Level::Violation, place);
            for (package_type, names) in namespaces {
                judge_namespaces((package_type, names), inventory, known, &mut tally, report)?;
            }
            let wrong = |component: &Component| match component.purl {
                Some(_) => odd("its namespace is not known"),
                None => {
                    let what = "has no package URL, so its namespace is not known";
                    Wrong::new(what, "a package URL", "none")
                }
            };
            add(&mut tally, inventory, &Question::Lacks("purl"), &wrong, report)?;
            tally.finish(report);
        }
        if let Some(internal) = &set.internal {
            judge_internal(internal, inventory, place, report)?;
        }
        if set.minimum_age.is_some() {
            self.judge_age(inventory, known, at(), place, report)?;
        }
        if set.pinned.is_some() {
            judge_pins(inventory, known, place, report)?;
        }
        Ok(())
    }

    fn judge_age(
        &self,
        inventory: &dyn Inventory,
        known: &dyn Knowledge,
        at: i64,
        place: &Place,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let set = &self.settings;
        let Some(minimum) = set.minimum_age else { return Ok(()) };
        let latest = at.saturating_sub_unsigned(minimum.seconds());
        let expected = format!("out for {minimum} at the least");
        let young = |released: i64| {
            let moment = Instant::from_unix(released);
            let what = format!("was released at {moment}, less than {minimum} ago");
            Wrong::new(what, expected.as_str(), moment.to_string())
        };
        let unknown = || {
            let what = "was released nobody knows when";
            Wrong::new(what, expected.as_str(), "no time of its release")
        };
        let level = match set.unknown_age.unwrap_or_default() {
            Unknown::Deny => Level::Violation,
            Unknown::Warn => Level::Warning,
        };
        let mut too_young = Tally::new(TOO_YOUNG, Level::Violation, place);
        let mut not_known = Tally::new(TOO_YOUNG, level, place);
        let Some(released) = &set.released else {
            let mut rows = Vec::new();
            let after = Question::ReleasedAfter(latest);
            let answer = inventory.ask(&after, too_young.room())?;
            for component in answer.rows {
                let released = inventory.released_at(&component)?.unwrap_or(at);
                rows.push((component, released));
            }
            too_young.count(u64::from(answer.count).saturating_sub(rows.len() as u64));
            for (component, released) in rows {
                too_young.component(NOUN, &component, young(released), report);
            }
            let wrong = |_: &_| unknown();
            add(&mut not_known, inventory, &Question::Lacks("released"), &wrong, report)?;
            too_young.finish(report);
            not_known.finish(report);
            return Ok(());
        };
        // What the policy file hands over counts before what a document says of itself.
        let table = known.releases(&released.data)?;
        too_young.also_on(table.digest());
        not_known.also_on(table.digest());
        for component in inventory.ask(&Question::All, usize::MAX)?.rows {
            let listed = listed(&*table, component.purl.as_deref())?;
            let moment = match listed {
                Some(moment) => Some(moment),
                None => inventory.released_at(&component)?,
            };
            match moment {
                Some(moment) if moment > latest => {
                    too_young.component(NOUN, &component, young(moment), report);
                }
                Some(_) => {}
                None => not_known.component(NOUN, &component, unknown(), report),
            }
        }
        too_young.finish(report);
        not_known.finish(report);
        Ok(())
    }
}

/// When a package was released by a table: by its package URL as it is, or without what stands behind the
/// version.
fn listed(table: &dyn Releases, purl: Option<&str>) -> Result<Option<i64>, Failure> {
    let Some(purl) = purl else { return Ok(None) };
    let bare = purl.split(['?', '#']).next().unwrap_or_default();
    let text = match table.released(purl)? {
        None if bare != purl => table.released(bare)?,
        text => text,
    };
    let Some(text) = text else { return Ok(None) };
    // A day without a time may be over as well as begin.
    let is_day = text.len() == "2026-10-02".len();
    let moment = if is_day { format!("{text}T23:59:59Z") } else { text.clone() };
    let moment: Result<Instant, _> = moment.parse();
    match moment {
        Ok(moment) => Ok(Some(moment.unix())),
        Err(why) => Err(format!("the data file says of `{purl}`: {why}").into()),
    }
}

fn judge_namespaces(
    (package_type, names): (&str, &[String]),
    inventory: &dyn Inventory,
    known: &dyn Knowledge,
    tally: &mut Tally<'_>,
    report: &mut Report,
) -> Result<(), Failure> {
    let mut allowed = Vec::new();
    for name in names {
        allowed.extend(patterns::of_namespace(package_type, name, known)?);
    }
    let wrong = |_: &_| {
        let what = format!("is of no allowed namespace of `{package_type}`");
        Wrong::new(what, brief(&names.join(", ")), "")
    };
    let question = Question::OfNoNamespace(package_type, &allowed);
    add(tally, inventory, &question, &wrong, report)
}

fn judge_internal(
    internal: &Internal,
    inventory: &dyn Inventory,
    place: &Place,
    report: &mut Report,
) -> Result<(), Failure> {
    let Internal { packages, registries } = internal;
    let packages: Vec<String> =
        packages.iter().flat_map(|glob| patterns::of_package(glob)).collect();
    let expected = brief(&registries.join(", "));
    let mut tally = Tally::new(INTERNAL_FROM_OUTSIDE, Level::Violation, place);
    let outside = Question::InternalOutside(&packages, registries);
    say_origins(
        &mut tally,
        inventory,
        &outside,
        "is internal, and comes from elsewhere",
        &expected,
        report,
    )?;
    let wrong = |_: &_| {
        let what = "is internal, and the SBOM does not say that it comes from our own registry";
        Wrong::new(what, expected.as_str(), "no origin")
    };
    add(&mut tally, inventory, &Question::InternalUnstated(&packages), &wrong, report)?;
    let wrong = |_: &_| odd("it may be an internal one");
    add(&mut tally, inventory, &Question::OddPurl, &wrong, report)?;
    tally.finish(report);
    Ok(())
}

fn judge_pins(
    inventory: &dyn Inventory,
    known: &dyn Knowledge,
    place: &Place,
    report: &mut Report,
) -> Result<(), Failure> {
    let mut tally = Tally::new(UNPINNED_DEPENDENCY, Level::Violation, place);
    let wrong = |component: &Component| {
        let Some(version) = component.version.as_deref() else {
            return Wrong::new("has no version", "one exact version", "no version");
        };
        let why = known.inexact(version);
        let why = why.unwrap_or_else(|| "for its type it is one that may be moved".to_owned());
        let what = format!("is of the version `{version}`, which names no one release: {why}");
        Wrong::new(what, "one exact version", version)
    };
    add(&mut tally, inventory, &Question::Lacks("exact-version"), &wrong, report)?;
    let wrong = |_: &_| {
        let what = "has no hash by SHA-2, SHA-3 or BLAKE";
        Wrong::new(what, "such a hash of what was downloaded", "none of its length")
    };
    add(&mut tally, inventory, &Question::Lacks("strong-hash"), &wrong, report)?;
    tally.finish(report);
    Ok(())
}

/// What is wrong with a package URL that is none.
fn odd(why: &str) -> Wrong {
    let what = format!("has a package URL that cannot be read, so {why}");
    Wrong::new(what, "a package URL", "a text that is none")
}

/// Adds a finding for each dependency that the question covers.
fn add(
    tally: &mut Tally<'_>,
    inventory: &dyn Inventory,
    question: &Question<'_>,
    wrong: &dyn Fn(&Component) -> Wrong,
    report: &mut Report,
) -> Result<(), Failure> {
    tally.components(NOUN, &inventory.ask(question, tally.room())?, wrong, report);
    Ok(())
}

/// The same, with where each comes from.
fn say_origins(
    tally: &mut Tally<'_>,
    inventory: &dyn Inventory,
    question: &Question<'_>,
    what: &str,
    expected: &str,
    report: &mut Report,
) -> Result<(), Failure> {
    let answer = inventory.ask(question, tally.room())?;
    tally.rest_of(&answer);
    for component in &answer.rows {
        let origins = brief(&inventory.origins(component)?.join(", "));
        let wrong = Wrong::new(format!("{what}: {origins}"), expected, origins);
        tally.component(NOUN, component, wrong, report);
    }
    Ok(())
}

lockgate_plugin::export!(Dependencies);

#[cfg(test)]
mod tests;
