//! Reads OSV-Scanner's report in JSON (<https://google.github.io/osv-scanner/output/>), which holds
//! records of the OSV schema (<https://ossf.github.io/osv-schema/>).

use std::borrow::Cow;
use std::collections::HashMap;

use serde::Deserialize;

use super::draft::{Draft, Entry};
use super::words::{Loose, Score, Words, each, each_said, moment, said};
use super::{Unreadable, lacks, malformed};
use crate::json::{self, Object};
use crate::package::Purl;
use crate::reason::quoted;

/// The last minor version of the OSV schema whose rules are known here.
const LAST_MINOR: u32 = 7;

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    results: Vec<Object<Source<'a>>>,
}

#[derive(Deserialize)]
struct Source<'a> {
    #[serde(borrow)]
    packages: Option<Vec<Object<Scanned<'a>>>>,
}

#[derive(Deserialize)]
struct Scanned<'a> {
    #[serde(borrow)]
    package: Object<Package<'a>>,
    #[serde(borrow)]
    vulnerabilities: Option<Vec<Object<Vulnerability<'a>>>>,
    #[serde(borrow)]
    groups: Option<Vec<Object<Group<'a>>>>,
}

#[derive(Deserialize)]
struct Package<'a> {
    #[serde(borrow)]
    name: Option<Words<'a>>,
    #[serde(borrow)]
    version: Option<Words<'a>>,
    #[serde(borrow)]
    ecosystem: Option<Words<'a>>,
    #[serde(borrow)]
    commit: Option<Words<'a>>,
    #[serde(borrow)]
    purl: Option<Words<'a>>,
}

/// Records of one vulnerability.
#[derive(Deserialize)]
struct Group<'a> {
    #[serde(borrow)]
    ids: Option<Vec<Words<'a>>>,
    #[serde(borrow)]
    aliases: Option<Vec<Words<'a>>>,
    #[serde(default)]
    max_severity: Score,
}

#[derive(Deserialize)]
struct Vulnerability<'a> {
    #[serde(borrow, alias = "schemaVersion")]
    schema_version: Option<Words<'a>>,
    #[serde(borrow)]
    id: Option<Words<'a>>,
    #[serde(borrow)]
    aliases: Option<Vec<Words<'a>>>,
    #[serde(borrow)]
    published: Option<Words<'a>>,
    #[serde(borrow)]
    severity: Option<Vec<Object<Rated<'a>>>>,
    #[serde(borrow)]
    affected: Option<Vec<Object<Affected<'a>>>>,
    #[serde(borrow, alias = "databaseSpecific")]
    database_specific: Option<Object<Specific<'a>>>,
}

/// What the record's database adds; of all that only a word for how bad it is.
#[derive(Deserialize)]
struct Specific<'a> {
    #[serde(borrow, default)]
    severity: Loose<'a>,
}

#[derive(Deserialize)]
struct Rated<'a> {
    #[serde(borrow, rename = "type")]
    method: Option<Words<'a>>,
    #[serde(borrow)]
    score: Option<Words<'a>>,
}

#[derive(Deserialize)]
struct Affected<'a> {
    #[serde(borrow)]
    package: Option<Object<Package<'a>>>,
    #[serde(borrow)]
    severity: Option<Vec<Object<Rated<'a>>>>,
    #[serde(borrow)]
    ranges: Option<Vec<Object<Range<'a>>>>,
}

#[derive(Deserialize)]
struct Range<'a> {
    #[serde(borrow, rename = "type")]
    method: Option<Words<'a>>,
    #[serde(borrow)]
    events: Option<Vec<Object<Event<'a>>>>,
}

#[derive(Deserialize)]
struct Event<'a> {
    #[serde(borrow)]
    fixed: Option<Words<'a>>,
}

/// Reads a report.
pub(super) fn read(text: &str, mut draft: Draft) -> Result<Draft, Unreadable> {
    let document: Document =
        json::object(text).map_err(|error| malformed("OSV-Scanner", &error))?;
    for Object(source) in document.results {
        for Scanned { package: Object(package), vulnerabilities, groups } in each(source.packages) {
            let groups: Vec<Group> = each(groups).collect();
            let mut of_id: HashMap<&str, &Group> = HashMap::new();
            for group in &groups {
                let ids = group.ids.iter().flatten();
                of_id.extend(ids.map(|id| (id.0.as_ref(), group)));
            }
            for vulnerability in each(vulnerabilities) {
                known(vulnerability.schema_version.as_ref(), &mut draft)?;
                let id = vulnerability.id.as_ref().map_or("", |id| id.0.as_ref());
                let group = of_id.get(id).copied();
                let entry = entry(&package, vulnerability, group, &mut draft)?;
                draft.add(entry)?;
            }
        }
    }
    Ok(draft)
}

/// Whether a record's version is known here: one without any is of the first.
fn known(version: Option<&Words>, draft: &mut Draft) -> Result<(), Unreadable> {
    let Some(version) = version.map(|version| version.0.trim()).filter(|text| !text.is_empty())
    else {
        return Ok(());
    };
    let mut numbers = version.split('.').map(|number| number.parse::<u32>().ok());
    match (numbers.next().flatten(), numbers.next().flatten()) {
        (Some(1), Some(minor)) if minor <= LAST_MINOR => Ok(()),
        (Some(1), Some(minor)) => {
            draft.note(format!(
                "records are of version 1.{minor} of the OSV schema, which is newer than 1.{LAST_MINOR}"
            ));
            Ok(())
        }
        _ => Err(Unreadable::Version {
            format: "the OSV schema",
            version: quoted(version),
            supported: "1.x",
        }),
    }
}

fn entry<'a>(
    package: &Package<'a>,
    vulnerability: Vulnerability<'a>,
    group: Option<&Group<'a>>,
    draft: &mut Draft,
) -> Result<Entry<'a>, Unreadable> {
    let id = said(vulnerability.id).ok_or_else(|| lacks("OSV-Scanner", "vulnerabilities[].id"))?;
    let name = said(package.name.clone()).unwrap_or_default();
    let version = said(package.version.clone());
    let mut entry = Entry {
        vulnerability: id,
        aliases: each_said(vulnerability.aliases).collect(),
        component: name,
        version,
        purl: said(package.purl.clone()),
        published_at: moment(vulnerability.published.as_ref()),
        ..Entry::default()
    };
    if let Some(group) = group {
        let same = [&group.ids, &group.aliases].into_iter().flatten().flatten();
        entry.aliases.extend(same.cloned().filter_map(Words::said));
    }
    let specific = vulnerability.database_specific.map(|specific| specific.0.severity);
    if let Some(word) = specific.as_ref().and_then(Loose::said) {
        entry.severities.push((word.clone(), None));
    }
    each(vulnerability.severity).for_each(|rated| rate(&mut entry, rated, draft));
    for affected in each(vulnerability.affected) {
        let Some(Object(theirs)) = &affected.package else { continue };
        if !is_same(package, theirs) {
            continue;
        }
        if entry.purl.is_none() {
            entry.purl = theirs.purl.as_ref().and_then(|purl| installed(&purl.0, &entry.version));
        }
        each(affected.severity).for_each(|rated| rate(&mut entry, rated, draft));
        for range in each(affected.ranges) {
            // A commit is a version to whoever installed one.
            let is_commit = range.method.is_some_and(|method| method.0 == "GIT");
            if !is_commit || said(package.commit.clone()).is_some() {
                let fixed = each(range.events).filter_map(|event| said(event.fixed));
                entry.fixed_versions.extend(fixed);
            }
        }
    }
    let highest = group.and_then(|group| group.max_severity.0);
    if let (true, Some(score)) = (entry.cvss.is_empty(), highest) {
        draft.rate(&mut entry, "", "", "", Some(score));
    }
    Ok(entry)
}

/// Adds what one method says: a CVSS vector, or for a distribution its own word.
fn rate<'a>(entry: &mut Entry<'a>, rated: Rated<'a>, draft: &mut Draft) {
    let (method, score) = (said(rated.method), said(rated.score));
    let Some(score) = score else { return };
    match method {
        Some(method) if !method.starts_with("CVSS_") => {
            entry.severities.push((score, Some(method)));
        }
        _ => {
            let written = Score::read(&score).0;
            let vector = if written.is_some() { "" } else { &score };
            draft.rate(entry, "", "", vector, written);
        }
    }
}

/// Whether a record's package is the one that is installed. Names in `PyPI` are compared as PEP 503
/// says; an ecosystem is compared where both name one.
fn is_same(installed: &Package, affected: &Package) -> bool {
    let text = |words: &Option<Words>| words.as_ref().map_or(String::new(), |w| w.0.clone().into());
    let (ours, theirs) = (text(&installed.ecosystem), text(&affected.ecosystem));
    if !ours.is_empty() && !theirs.is_empty() && ours != theirs {
        return false;
    }
    let (name, other) = (text(&installed.name), text(&affected.name));
    if ours == "PyPI" {
        let plain = |name: &str| {
            let parts = name.split(['-', '_', '.']).filter(|part| !part.is_empty());
            parts.collect::<Vec<_>>().join("-").to_ascii_lowercase()
        };
        return plain(&name) == plain(&other);
    }
    name == other
}

/// The package URL of what is installed: that of the record, which has no version, with one. None
/// where it is no package URL.
fn installed(purl: &str, version: &Option<Cow<str>>) -> Option<Cow<'static, str>> {
    let purl: Purl = purl.trim().parse().ok()?;
    let purl = match (purl.version(), version) {
        (None, Some(version)) => purl.with_version(version).ok()?,
        _ => purl,
    };
    Some(purl.to_string().into())
}
