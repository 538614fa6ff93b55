//! What is in the artifact, by its bills of materials.
//!
//! The host has verified who signed each document and has indexed it; this policy asks for what
//! is wrong and never copies the rest. Every document has to satisfy the policy, so that a good
//! one cannot hide a bad one. What a document leaves out cannot be seen from it: `required`, `ntia` and
//! `min-score` only catch the coarse cases, and `matches-contents` holds it against the artifact.
#![forbid(unsafe_code)]

mod artifact;
mod complete;
mod inventory;
mod knowledge;
mod licenses;
mod metadata;
mod rules;
mod schema;
mod settings;

use lockgate_plugin::duration::Duration;
use lockgate_plugin::instant::Instant;
use lockgate_plugin::tally::{Place, Tally, Wrong};
use lockgate_plugin::{Description, Failure, Level, Policy, Problem, Report, boms, context};

use crate::artifact::Compared;
use crate::inventory::{Inventory, Question};
use crate::knowledge::{Host, Knowledge};
use crate::licenses::{Lists, Verdict};
pub use crate::rules::*;
pub use crate::settings::{Ban, Ecosystem, Licenses, Matches, Required, Settings};

/// The longest license statement that a message repeats, in bytes: some two lines of a terminal.
const MAX_SHOWN: usize = 200;

/// The policy.
#[derive(Debug)]
pub struct Sbom {
    settings: Settings,
    licenses: Option<Lists>,
}

impl Policy for Sbom {
    type Settings = Settings;

    const DESCRIPTION: Description = Description {
        name: "sbom",
        version: env!("CARGO_PKG_VERSION"),
        rules: ALL,
        settings_schema: schema::SCHEMA,
        needs: &["sbom"],
        uses: &[],
    };

    fn new(settings: Settings) -> Result<Self, Vec<Problem>> {
        Self::with(settings, &Host)
    }

    /// Nobody pays for a look inside the artifact unless the settings ask for one.
    fn reads(&self) -> Vec<String> {
        let mut words = vec!["sbom".to_owned()];
        words.extend(self.settings.matches_contents.is_some().then(|| "contents".to_owned()));
        words
    }

    fn evaluate(&self) -> Result<Report, Failure> {
        let mut report = Report::new();
        let mut compared = match &self.settings.matches_contents {
            Some(matches) => Some(Compared::new(matches, &mut report)?),
            None => None,
        };
        boms::each(&mut report, &mut |bom, place, report| {
            self.judge(bom, &Host, &|| Instant::from_unix(context::at()), place, report)?;
            match &mut compared {
                Some(compared) => compared.judge(bom, place, report),
                None => Ok(()),
            }
        })?;
        self.account(compared.as_ref(), &mut report);
        Ok(report)
    }
}

impl Sbom {
    fn with(settings: Settings, known: &dyn Knowledge) -> Result<Self, Vec<Problem>> {
        let mut problems = settings.problems(known);
        let lists = settings.licenses.as_ref();
        let licenses = lists.map(|lists| Lists::new(lists, known, &mut problems));
        if problems.is_empty() { Ok(Self { settings, licenses }) } else { Err(problems) }
    }

    /// Every rule that the settings set was applied to every document.
    fn account(&self, compared: Option<&Compared>, report: &mut Report) {
        let mut rule = |rule, key: &str, set: bool| report.enabled(rule, key, set);
        let set = &self.settings;
        let lists = self.licenses.as_ref();
        rule(EMPTY_SBOM, "min-components", true);
        rule(UNREADABLE_SBOM, "", true);
        rule(STALE_SBOM, "max-age", set.max_age.is_some());
        rule(INVALID_SBOM, "valid", set.valid.is_some());
        rule(NTIA_INCOMPLETE, "ntia", set.ntia.is_some());
        rule(SCORE_TOO_LOW, "min-score", set.min_score.is_some());
        rule(DENIED_LICENSE, "licenses.deny", lists.is_some_and(|lists| lists.deny.is_some()));
        rule(UNLISTED_LICENSE, "licenses.allow", lists.is_some_and(|lists| lists.allow.is_some()));
        rule(UNKNOWN_LICENSE, "licenses", lists.is_some());
        rule(BANNED_PACKAGE, "banned", set.banned.is_some());
        rule(MISSING_FIELD, "required", set.required.is_some());
        rule(UNPINNED_COMPONENT, "pinned", set.pinned.is_some());
        match compared {
            Some(compared) => compared.account(report),
            None => {
                rule(NOT_IN_ARTIFACT, "matches-contents", false);
                rule(NOT_IN_SBOM, "matches-contents", false);
            }
        }
    }

    /// Adds what is wrong with one document.
    fn judge(
        &self,
        inventory: &dyn Inventory,
        known: &dyn Knowledge,
        at: &dyn Fn() -> Instant,
        place: &Place,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let set = &self.settings;
        judge_count(set.min_components.unwrap_or(1), inventory, place, report);
        if let Some(max_age) = set.max_age {
            judge_age(max_age, inventory.made_at(), at(), place, report);
        }
        if set.valid.is_some() {
            judge_schema(inventory, place, report)?;
        }
        if set.ntia.is_some() {
            complete::judge_ntia(inventory, place, report)?;
        }
        if let Some(least) = set.min_score {
            complete::judge_score(least, inventory, place, report)?;
        }
        if let Some(lists) = &self.licenses {
            judge_licenses(lists, inventory, known, place, report)?;
        }
        if let Some(banned) = &set.banned {
            judge_bans(banned, inventory, place, report)?;
        }
        if let Some(required) = &set.required {
            judge_fields(required, inventory, place, report)?;
        }
        if set.pinned.is_some() {
            judge_pins(inventory, known, place, report)?;
        }
        Ok(())
    }
}

fn judge_count(least: u32, inventory: &dyn Inventory, place: &Place, report: &mut Report) {
    let count = inventory.component_count();
    if count >= least {
        return;
    }
    let name = &place.name;
    let message = match count {
        0 => format!("the SBOM{name} lists no components"),
        _ => format!("the SBOM{name} lists {count} components, expected at least {least}"),
    };
    let finding = report.violation(EMPTY_SBOM, message);
    finding
        .expected(format!("at least {least}"))
        .found(count.to_string())
        .on(place.digest.as_str());
}

fn judge_age(
    max_age: Duration,
    made: Option<Instant>,
    at: Instant,
    place: &Place,
    report: &mut Report,
) {
    let expected = format!("at most {max_age} old");
    let name = &place.name;
    let (message, found) = match made {
        None => {
            (format!("the SBOM{name} does not say when it was made"), "no timestamp".to_owned())
        }
        Some(made) => {
            let age = at.unix().saturating_sub(made.unix());
            if u64::try_from(age).is_ok_and(|age| age > max_age.seconds()) {
                (
                    format!("the SBOM{name} was made at {made}, more than {max_age} ago"),
                    made.to_string(),
                )
            } else {
                return;
            }
        }
    };
    let finding = report.violation(STALE_SBOM, message);
    finding.expected(expected).found(found).on(place.digest.as_str());
}

fn judge_schema(
    inventory: &dyn Inventory,
    place: &Place,
    report: &mut Report,
) -> Result<(), Failure> {
    let name = &place.name;
    let messages = match inventory.schema_problems()? {
        Ok(problems) => {
            let problems = problems.into_iter();
            problems.map(|problem| format!("the SBOM{name} is not valid: {problem}")).collect()
        }
        Err(why) => vec![format!("nobody knows whether the SBOM{name} is valid: {why}")],
    };
    for message in messages {
        report.violation(INVALID_SBOM, message).on(place.digest.as_str());
    }
    Ok(())
}

/// Judges each statement once, then asks for the components that make it. All statements of a
/// component hold at once, so one bad statement is enough.
fn judge_licenses(
    lists: &Lists,
    inventory: &dyn Inventory,
    known: &dyn Knowledge,
    place: &Place,
    report: &mut Report,
) -> Result<(), Failure> {
    let mut denied = Vec::new();
    let mut unlisted = Vec::new();
    let mut unknown = Vec::new();
    for id in 0..inventory.license_count() {
        let text = inventory.license(id)?;
        let bad = match lists.judge(&text, known) {
            Verdict::Fine => continue,
            Verdict::Denied => &mut denied,
            Verdict::Unlisted => &mut unlisted,
            Verdict::Unknown => &mut unknown,
        };
        bad.push((id, shown(&text)));
    }
    let rules = [
        (DENIED_LICENSE, Level::Violation, denied, "which is denied", "no denied license"),
        (
            UNLISTED_LICENSE,
            Level::Violation,
            unlisted,
            "which `allow` does not cover",
            "a license of `allow`",
        ),
        (UNKNOWN_LICENSE, lists.unknown, unknown, "which is not known", "a license that is known"),
    ];
    for (rule, level, statements, why, expected) in rules {
        let mut tally = Tally::new(rule, level, place);
        for (id, text) in statements {
            let wrong = |_: &_| {
                Wrong::new(format!("is under {text}, {why}"), expected, text.trim_matches('`'))
            };
            let answer = inventory.ask(&Question::License(id), tally.room())?;
            tally.components("component", &answer, &wrong, report);
        }
        if rule == UNKNOWN_LICENSE {
            let wrong = |_: &_| Wrong::new("states no license", expected, "no license");
            let answer = inventory.ask(&Question::Lacks("license"), tally.room())?;
            tally.components("component", &answer, &wrong, report);
        }
        tally.finish(report);
    }
    Ok(())
}

fn judge_bans(
    banned: &[Ban],
    inventory: &dyn Inventory,
    place: &Place,
    report: &mut Report,
) -> Result<(), Failure> {
    let mut tally = Tally::new(BANNED_PACKAGE, Level::Violation, place);
    for ban in banned {
        let wrong = |component: &_| {
            Wrong::new(format!("is banned by `{ban}`"), "", boms::called(component))
        };
        let answer = inventory.ask(&Question::Banned(ban), tally.room())?;
        tally.components("component", &answer, &wrong, report);
    }
    if banned.iter().any(Ban::is_by_purl) {
        let what = "has a package URL that cannot be read, so it may be a banned one";
        let wrong = |_: &_| Wrong::new(what, "a package URL", "a text that is none");
        let answer = inventory.ask(&Question::OddPurl, tally.room())?;
        tally.components("component", &answer, &wrong, report);
    }
    tally.finish(report);
    Ok(())
}

fn judge_fields(
    required: &Required,
    inventory: &dyn Inventory,
    place: &Place,
    report: &mut Report,
) -> Result<(), Failure> {
    for field in required.document.iter().flatten() {
        if !inventory.has(field)? {
            let message = format!("the SBOM{} states no `{field}`", place.name);
            let finding = report.violation(MISSING_FIELD, message);
            finding.expected(field.as_str()).on(place.digest.as_str());
        }
    }
    let mut tally = Tally::new(MISSING_FIELD, Level::Violation, place);
    for field in required.component.iter().flatten() {
        let wrong = |_: &_| Wrong::new(format!("states no `{field}`"), field.as_str(), "");
        let answer = inventory.ask(&Question::Lacks(field), tally.room())?;
        tally.components("component", &answer, &wrong, report);
    }
    tally.finish(report);
    Ok(())
}

fn judge_pins(
    inventory: &dyn Inventory,
    known: &dyn Knowledge,
    place: &Place,
    report: &mut Report,
) -> Result<(), Failure> {
    let mut tally = Tally::new(UNPINNED_COMPONENT, Level::Violation, place);
    let wrong = |component: &lockgate_plugin::Component| {
        let purl = component.purl.as_deref().and_then(|purl| known.purl(purl).ok());
        let (package_type, of_purl) = match &purl {
            Some(purl) => (Some(&*purl.package_type), purl.version.as_deref()),
            None => (None, None),
        };
        // Where both are stated, either may be the one that moves.
        let versions = component.version.as_deref().into_iter().chain(of_purl);
        let moves = versions.filter_map(|one| Some((one, known.inexact(package_type, one)?)));
        match moves.take(1).next() {
            Some((version, why)) => {
                let what =
                    format!("is of the version `{version}`, which names no one release: {why}");
                Wrong::new(what, "one exact version", version)
            }
            None => Wrong::new("has no version", "one exact version", "no version"),
        }
    };
    let answer = inventory.ask(&Question::NoFileLacks("exact-version"), tally.room())?;
    tally.components("component", &answer, &wrong, report);
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
