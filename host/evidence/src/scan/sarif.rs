//! Reads SARIF 2.1.0 (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>) as scanners
//! of vulnerabilities write it: a row for each result and component.
//!
//! SARIF knows no packages. What a tool puts into members of its own is read first (`purls`,
//! `security-severity`, CVSS vectors), then lines of the message, then lines of the rule's help:
//! `Package: …`, `Installed Version: …`, `Fixed Version: …`, `Severity: …`. Where no package can be
//! told, the place that the result points to stands for it.

use std::borrow::Cow;
use std::collections::HashMap;

use serde::Deserialize;

use super::draft::{Draft, Entry};
use super::trivy::listed;
use super::words::{Loose, Score, Words, each, moment, said};
use super::{Severity, Unreadable, lacks, malformed};
use crate::json::{self, Object};
use crate::package::Purl;
use crate::reason::quoted;

/// The last minor version of 2 whose rules are known here, and the first.
const MINOR: u32 = 1;

/// Names of drivers that scan for vulnerabilities, in lower case. Of others a run is read only if a
/// rule of it says that it is one of a vulnerability; one without results could be of anything.
const SCANNERS: &[&str] = &[
    "anchore container vulnerability report (t0)",
    "dependency-check",
    "docker scout",
    "govulncheck",
    "grype",
    "osv-scanner",
    "snyk container",
    "snyk open source",
    "trivy",
];

/// Tags by which a tool that finds several things says that a rule is of another one.
const OTHER_TAGS: &[&str] = &["license", "misconfiguration", "secret"];

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    version: Words<'a>,
    #[serde(borrow)]
    runs: Vec<Object<Run<'a>>>,
}

#[derive(Deserialize)]
struct Run<'a> {
    #[serde(borrow)]
    tool: Object<Tool<'a>>,
    #[serde(borrow)]
    invocations: Option<Vec<Object<Invocation<'a>>>>,
    /// Null where the scan did not come so far.
    #[serde(borrow)]
    results: Option<Vec<Object<Found<'a>>>>,
}

#[derive(Deserialize)]
struct Tool<'a> {
    #[serde(borrow)]
    driver: Object<Driver<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Driver<'a> {
    #[serde(borrow)]
    name: Option<Words<'a>>,
    #[serde(borrow)]
    version: Option<Words<'a>>,
    #[serde(borrow)]
    semantic_version: Option<Words<'a>>,
    #[serde(borrow)]
    rules: Option<Vec<Object<Rule<'a>>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Invocation<'a> {
    execution_successful: Option<bool>,
    #[serde(borrow)]
    start_time_utc: Option<Words<'a>>,
    #[serde(borrow)]
    end_time_utc: Option<Words<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Rule<'a> {
    #[serde(borrow)]
    id: Option<Words<'a>>,
    #[serde(borrow)]
    deprecated_ids: Option<Vec<Words<'a>>>,
    #[serde(borrow)]
    help: Option<Object<Message<'a>>>,
    #[serde(borrow)]
    properties: Option<Object<Properties<'a>>>,
}

/// What tools say in members of their own; the format lets anything stand there.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Properties<'a> {
    #[serde(borrow)]
    tags: Option<Vec<Loose<'a>>>,
    #[serde(borrow)]
    purls: Option<Vec<Loose<'a>>>,
    #[serde(rename = "security-severity")]
    security_severity: Score,
    #[serde(borrow)]
    cvssv2_vector: Loose<'a>,
    #[serde(borrow)]
    cvssv3_vector: Loose<'a>,
    #[serde(borrow)]
    cvssv40_vector: Loose<'a>,
    #[serde(borrow, rename = "cvssV3")]
    cvss_v3: Loose<'a>,
    #[serde(borrow, rename = "cvssV3_severity")]
    cvss_v3_severity: Loose<'a>,
    #[serde(borrow)]
    fixed_version: Loose<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Found<'a> {
    #[serde(borrow)]
    rule_id: Option<Words<'a>>,
    rule_index: Option<i64>,
    #[serde(borrow)]
    rule: Option<Object<Reference<'a>>>,
    #[serde(borrow)]
    kind: Option<Words<'a>>,
    #[serde(borrow)]
    baseline_state: Option<Words<'a>>,
    #[serde(borrow)]
    message: Option<Object<Message<'a>>>,
    #[serde(borrow)]
    locations: Option<Vec<Object<Location<'a>>>>,
}

#[derive(Deserialize)]
struct Reference<'a> {
    #[serde(borrow)]
    id: Option<Words<'a>>,
    index: Option<i64>,
}

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow)]
    text: Option<Words<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Location<'a> {
    #[serde(borrow)]
    physical_location: Option<Object<Physical<'a>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Physical<'a> {
    #[serde(borrow)]
    artifact_location: Option<Object<Place<'a>>>,
}

#[derive(Deserialize)]
struct Place<'a> {
    #[serde(borrow)]
    uri: Option<Words<'a>>,
}

/// Reads a report.
pub(super) fn read(text: &str, mut draft: Draft) -> Result<Draft, Unreadable> {
    let document: Document = json::object(text).map_err(|error| malformed("SARIF", &error))?;
    known(&document.version.0, &mut draft)?;
    if document.runs.is_empty() {
        return Err(refused("it has no run, so nothing was scanned".to_owned()));
    }
    for Object(run) in document.runs {
        self::run(run, &mut draft)?;
    }
    Ok(draft)
}

fn refused(what: String) -> Unreadable {
    Unreadable::Malformed { format: "SARIF", what }
}

/// Whether a version's rules are known here.
fn known(version: &str, draft: &mut Draft) -> Result<(), Unreadable> {
    let mut numbers = version.split('.').map(|number| number.parse::<u32>().ok());
    match (numbers.next().flatten(), numbers.next().flatten()) {
        (Some(2), Some(MINOR)) => Ok(()),
        (Some(2), Some(minor)) if minor > MINOR => {
            draft.note(format!("the report is of SARIF 2.{minor}, which is newer than 2.{MINOR}"));
            Ok(())
        }
        _ => Err(Unreadable::Version {
            format: "SARIF",
            version: quoted(version),
            supported: "2.1.0",
        }),
    }
}

fn run(run: Run, draft: &mut Draft) -> Result<(), Unreadable> {
    let Run { tool: Object(Tool { driver: Object(driver) }), invocations, results } = run;
    let name = said(driver.name).unwrap_or_default();
    for invocation in each(invocations) {
        if invocation.execution_successful == Some(false) {
            return Err(refused(format!("{} says that its run failed", quoted(&name))));
        }
        let end = moment(invocation.end_time_utc.as_ref());
        draft.scanned(end.or_else(|| moment(invocation.start_time_utc.as_ref())));
    }
    let results = results.ok_or_else(|| lacks("SARIF", "results"))?;
    let rules: Vec<Rule> = each(driver.rules).collect();
    let rules: Vec<Told> = rules.iter().map(Told::new).collect();
    let is_scanner = SCANNERS.contains(&name.to_ascii_lowercase().as_str());
    if !is_scanner && !rules.iter().any(Told::is_vulnerability) {
        return Err(refused(format!(
            "{} is not known to scan for vulnerabilities, and no rule of it says so",
            quoted(&name)
        )));
    }
    if draft.scanner.is_none() {
        draft.scanner = Some(name.into_owned()).filter(|name| !name.is_empty());
        let version = said(driver.version).or_else(|| said(driver.semantic_version));
        draft.scanner_version = version.map(Cow::into_owned);
    }
    let rules = Rules::new(rules, results.iter().map(|result| &result.0));
    let (mut passed, mut others) = (0_usize, 0_usize);
    for Object(result) in results {
        let state = [&result.kind, &result.baseline_state].map(|words| words.as_ref());
        let is = |words: Option<&Words>, word: &str| words.is_some_and(|words| words.0 == word);
        let rule = rules.of(&result);
        if is(state[0], "pass") || is(state[0], "notApplicable") || is(state[1], "absent") {
            passed += 1;
        } else if rule.is_some_and(|(rule, _)| rule.is_other()) {
            others += 1;
        } else {
            rows(&result, rule, draft)?;
        }
    }
    if passed > 0 {
        draft.note(format!(
            "results that say that something was not found, and are no rows: {passed}"
        ));
    }
    if others > 0 {
        draft.note(format!("results that are about no vulnerability, and are no rows: {others}"));
    }
    Ok(())
}

/// A rule, and what the lines of its help say.
struct Told<'r> {
    rule: &'r Rule<'r>,
    id: &'r str,
    lines: Lines<'r>,
}

impl<'r> Told<'r> {
    fn new(rule: &'r Rule<'r>) -> Self {
        let help = rule.help.as_ref().and_then(|help| help.0.text.as_ref());
        let lines = Lines::of(help.map_or("", |text| &text.0));
        Self { rule, id: rule.id.as_ref().map_or("", |id| id.0.as_ref()), lines }
    }

    fn tags(&self) -> impl Iterator<Item = &'r str> {
        let properties = self.rule.properties.as_ref();
        let tags = properties.and_then(|properties| properties.0.tags.as_ref());
        tags.into_iter().flatten().filter_map(Loose::said).map(Cow::as_ref)
    }

    /// Whether it says that it is of a vulnerability.
    fn is_vulnerability(&self) -> bool {
        let is_id = ["CVE-", "GHSA-"].iter().any(|prefix| self.id.contains(prefix));
        !self.is_other() && (is_id || self.tags().any(|tag| tag == "vulnerability"))
    }

    /// Whether it says that it is of something else.
    fn is_other(&self) -> bool {
        self.tags().any(|tag| OTHER_TAGS.contains(&tag))
    }
}

/// The rules of a run, and how many results each has.
struct Rules<'r> {
    all: Vec<Told<'r>>,
    by_id: HashMap<&'r str, usize>,
    results: Vec<usize>,
}

impl<'r> Rules<'r> {
    fn new<'f>(all: Vec<Told<'r>>, results: impl Iterator<Item = &'f Found<'f>>) -> Self {
        let mut by_id = HashMap::new();
        for (place, rule) in all.iter().enumerate() {
            by_id.entry(rule.id).or_insert(place);
        }
        let mut rules = Self { results: vec![0; all.len()], all, by_id };
        for result in results {
            if let Some(count) = rules.place(result).and_then(|place| rules.results.get_mut(place))
            {
                *count += 1;
            }
        }
        rules
    }

    /// Which rule a result is of: by its place, if the id there is not another one, or by its id.
    fn place(&self, result: &Found) -> Option<usize> {
        let id = rule_id(result);
        let (index, rule) = (result.rule_index, result.rule.as_ref());
        let index = index.or_else(|| rule.and_then(|rule| rule.0.index));
        let by_index = index.and_then(|index| usize::try_from(index).ok());
        let by_index = by_index.filter(|&index| {
            self.all.get(index).is_some_and(|rule| id.is_none_or(|id| id == rule.id))
        });
        by_index.or_else(|| self.by_id.get(id?).copied())
    }

    /// The rule of a result, and whether it is of that result alone.
    fn of(&self, result: &Found) -> Option<(&Told<'r>, bool)> {
        let place = self.place(result)?;
        Some((self.all.get(place)?, self.results.get(place) == Some(&1)))
    }
}

fn rule_id<'f>(result: &'f Found) -> Option<&'f str> {
    let within = || result.rule.as_ref().and_then(|rule| rule.0.id.as_ref());
    result.rule_id.as_ref().or_else(within).map(|id| id.0.as_ref())
}

/// Adds the rows of a result: one, or one for each package that its rule names.
fn rows(result: &Found, rule: Option<(&Told, bool)>, draft: &mut Draft) -> Result<(), Unreadable> {
    let id = rule_id(result).or_else(|| rule.map(|(rule, _)| rule.id));
    let id = id.filter(|id| !id.trim().is_empty()).ok_or_else(|| lacks("SARIF", "ruleId"))?;
    let text = result.message.as_ref().and_then(|message| message.0.text.as_ref());
    let message = Lines::of(text.map_or("", |text| &text.0));
    let of_rule = rule.map(|(rule, _)| rule.lines).unwrap_or_default();
    // Several results may share a rule, and its help then names the package of one of them. It is
    // another one's only if it is of that very package, whose version may differ all the same.
    let is_alone = rule.is_some_and(|(_, is_alone)| is_alone);
    let is_named = of_rule.package.is_some_and(|package| id.ends_with(package));
    let help = match message.package {
        None if is_alone => of_rule,
        None if is_named => Lines { version: None, ..of_rule },
        _ => Lines::default(),
    };
    let mut named = [message.id, help.id, of_rule.id].into_iter().flatten();
    let vulnerability = named.find(|named| is_within(named, id)).unwrap_or(id);
    let package = message.package.or(help.package);
    let place = each_place(result).next().unwrap_or_default();
    let fixed = message.fixed.or(help.fixed);
    let mut entry = Entry {
        vulnerability: vulnerability.into(),
        component: package.unwrap_or(place).into(),
        version: message.version.or(help.version).map(Cow::Borrowed),
        fixed_versions: listed(fixed.map(Cow::Borrowed)),
        ..Entry::default()
    };
    let word = message.severity.or(help.severity);
    entry.severities.extend(word.map(|word| (word.into(), None)));
    let mut purls = Vec::new();
    if let Some((Told { rule, .. }, _)) = rule {
        let aliases = rule.deprecated_ids.iter().flatten().map(|id| Cow::Borrowed(id.0.as_ref()));
        entry.aliases.extend(aliases);
        if let Some(Object(properties)) = &rule.properties {
            take(&mut entry, properties, draft);
            let each = properties.purls.iter().flatten().filter_map(Loose::said);
            purls.extend(each.filter(|_| is_alone).map(Cow::as_ref));
        }
    }
    if purls.is_empty() {
        return draft.add(entry);
    }
    for purl in purls {
        let parsed = purl.parse::<Purl>().ok();
        let name = package.map(str::to_owned).or_else(|| Some(parsed?.name().to_owned()));
        draft.add(Entry {
            component: name.unwrap_or_else(|| place.to_owned()).into(),
            purl: Some(purl.into()),
            ..entry.clone()
        })?;
    }
    Ok(())
}

/// Whether a rule's id has another id in it, as whole words: Grype puts the package behind it.
fn is_within(named: &str, id: &str) -> bool {
    let ends = |rest: &str, next: fn(&str) -> Option<char>| {
        next(rest).is_none_or(|next| !next.is_alphanumeric())
    };
    id.split_once(named).is_some_and(|(before, after)| {
        ends(before, |text| text.chars().next_back()) && ends(after, |text| text.chars().next())
    })
}

fn each_place<'f>(result: &'f Found) -> impl Iterator<Item = &'f str> {
    let locations = result.locations.iter().flatten();
    let physical = locations.filter_map(|location| location.0.physical_location.as_ref());
    let places = physical.filter_map(|physical| physical.0.artifact_location.as_ref());
    places.filter_map(|place| place.0.uri.as_ref()).map(|uri| uri.0.as_ref())
}

/// Adds what a rule says in members of a tool's own.
fn take<'a>(entry: &mut Entry<'a>, properties: &'a Properties, draft: &mut Draft) {
    if entry.severities.is_empty() {
        let tags = properties.tags.iter().flatten().filter_map(Loose::said);
        let word = properties.cvss_v3_severity.said().into_iter().chain(tags);
        let mut word = word.filter(|word| is_severity(word));
        entry.severities.extend(word.next().map(|word| (Cow::Borrowed(word.as_ref()), None)));
    }
    if let (true, Some(fixed)) = (entry.fixed_versions.is_empty(), properties.fixed_version.said())
        && fixed != "not fixed"
    {
        entry.fixed_versions = listed(Some(Cow::Borrowed(fixed)));
    }
    let Properties { cvssv2_vector, cvssv3_vector, cvssv40_vector, cvss_v3, .. } = properties;
    for vector in [cvssv2_vector, cvssv3_vector, cvssv40_vector, cvss_v3] {
        if let Some(vector) = vector.said() {
            draft.rate(entry, "", "", vector, None);
        }
    }
    // Some tools write a score for a severity that no rating is behind; it is all there is.
    if let (true, Some(score)) = (entry.cvss.is_empty(), properties.security_severity.0)
        && score > 0
    {
        draft.rate(entry, "", "", "", Some(score));
    }
}

/// Whether a word is one for a severity, that it is unknown included.
fn is_severity(word: &str) -> bool {
    Severity::of_word(word) != Severity::Unknown || word.eq_ignore_ascii_case("unknown")
}

/// What lines of a text say; the first of each counts.
#[derive(Default, Clone, Copy)]
struct Lines<'t> {
    id: Option<&'t str>,
    package: Option<&'t str>,
    version: Option<&'t str>,
    fixed: Option<&'t str>,
    severity: Option<&'t str>,
}

/// How many lines of a text are looked at. What is looked for stands at the beginning, before what
/// others wrote about the vulnerability.
const HEAD: usize = 8;

impl<'t> Lines<'t> {
    fn of(text: &'t str) -> Self {
        let mut lines = Self::default();
        for line in text.lines().take(HEAD) {
            let (place, said) = match line.split_once(": ") {
                Some(("Package", said)) => (&mut lines.package, said),
                Some(("Installed Version" | "Version", said)) => (&mut lines.version, said),
                Some(("Fixed Version" | "Fix Version", said)) => (&mut lines.fixed, said),
                Some(("Severity", said)) => (&mut lines.severity, said),
                Some(_) => continue,
                None => match line.strip_prefix("Vulnerability ") {
                    Some(said) => (&mut lines.id, said),
                    None => continue,
                },
            };
            if place.is_none() {
                *place = Some(said.trim()).filter(|said| !said.is_empty());
            }
        }
        lines
    }
}
