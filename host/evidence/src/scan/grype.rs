//! Reads Grype's report in JSON (<https://github.com/anchore/grype>, `grype -o json`).

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::draft::{Draft, Entry};
use super::words::{Score, Words, each, each_said, moment, said};
use super::{Unreadable, lacks, malformed};
use crate::json::{self, Object};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    #[serde(borrow)]
    matches: Vec<Object<Match<'a>>>,
    /// What ignore rules and VEX made Grype leave out.
    ignored_matches: Option<Vec<IgnoredAny>>,
    #[serde(borrow)]
    descriptor: Object<Descriptor<'a>>,
}

#[derive(Deserialize)]
struct Descriptor<'a> {
    #[serde(borrow)]
    name: Option<Words<'a>>,
    #[serde(borrow)]
    version: Option<Words<'a>>,
    #[serde(borrow)]
    timestamp: Option<Words<'a>>,
    #[serde(borrow)]
    db: Option<Object<Database<'a>>>,
}

/// When the database was built; within `status` since version 6 of its schema.
#[derive(Deserialize)]
struct Database<'a> {
    #[serde(borrow)]
    built: Option<Words<'a>>,
    #[serde(borrow)]
    status: Option<Object<DatabaseStatus<'a>>>,
}

#[derive(Deserialize)]
struct DatabaseStatus<'a> {
    #[serde(borrow)]
    built: Option<Words<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Match<'a> {
    #[serde(borrow)]
    vulnerability: Object<Vulnerability<'a>>,
    #[serde(borrow)]
    related_vulnerabilities: Option<Vec<Object<Vulnerability<'a>>>>,
    #[serde(borrow)]
    artifact: Object<Artifact<'a>>,
}

#[derive(Deserialize)]
struct Vulnerability<'a> {
    #[serde(borrow)]
    id: Option<Words<'a>>,
    #[serde(borrow)]
    namespace: Option<Words<'a>>,
    #[serde(borrow)]
    severity: Option<Words<'a>>,
    #[serde(borrow)]
    cvss: Option<Vec<Object<Rated<'a>>>>,
    #[serde(borrow)]
    fix: Option<Object<Fix<'a>>>,
    #[serde(borrow)]
    published: Option<Words<'a>>,
}

#[derive(Deserialize)]
struct Rated<'a> {
    #[serde(borrow)]
    source: Option<Words<'a>>,
    #[serde(borrow)]
    vector: Option<Words<'a>>,
    metrics: Option<Object<Metrics>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metrics {
    #[serde(default)]
    base_score: Score,
}

#[derive(Deserialize)]
struct Fix<'a> {
    #[serde(borrow)]
    versions: Option<Vec<Words<'a>>>,
}

#[derive(Deserialize)]
struct Artifact<'a> {
    #[serde(borrow)]
    name: Option<Words<'a>>,
    #[serde(borrow)]
    version: Option<Words<'a>>,
    #[serde(borrow)]
    purl: Option<Words<'a>>,
}

/// Reads a report.
pub(super) fn read(text: &str, mut draft: Draft) -> Result<Draft, Unreadable> {
    let document: Document = json::object(text).map_err(|error| malformed("Grype", &error))?;
    let Object(descriptor) = document.descriptor;
    draft.scanner = said(descriptor.name).map(Cow::into_owned);
    draft.scanner_version = said(descriptor.version).map(Cow::into_owned);
    draft.scanned(moment(descriptor.timestamp.as_ref()));
    if let Some(Object(database)) = descriptor.db {
        draft.updated(moment(database.built.as_ref()));
        let status = database.status.and_then(|status| status.0.built);
        draft.updated(moment(status.as_ref()));
    }
    let ignored = document.ignored_matches.map_or(0, |list| list.len());
    draft.leaves_out("Grype", ignored);
    for Object(found) in document.matches {
        let entry = entry(found, &mut draft)?;
        draft.add(entry)?;
    }
    Ok(draft)
}

fn entry<'a>(found: Match<'a>, draft: &mut Draft) -> Result<Entry<'a>, Unreadable> {
    let (Object(vulnerability), Object(artifact)) = (found.vulnerability, found.artifact);
    let id = said(vulnerability.id).ok_or_else(|| lacks("Grype", "vulnerability.id"))?;
    let namespace = said(vulnerability.namespace);
    let mut entry = Entry {
        vulnerability: id,
        component: said(artifact.name).unwrap_or_default(),
        version: said(artifact.version),
        purl: said(artifact.purl),
        fixed_versions: each_said(vulnerability.fix.and_then(|fix| fix.0.versions)).collect(),
        published_at: moment(vulnerability.published.as_ref()),
        ..Entry::default()
    };
    rate(&mut entry, vulnerability.cvss, namespace.as_deref(), draft);
    if let Some(word) = said(vulnerability.severity) {
        entry.severities.push((word, namespace));
    }
    // The records of others on the same vulnerability. A distribution's own often has no rating.
    for related in each(found.related_vulnerabilities) {
        let namespace = said(related.namespace);
        entry.aliases.extend(said(related.id));
        rate(&mut entry, related.cvss, namespace.as_deref(), draft);
    }
    Ok(entry)
}

/// Adds ratings, each by its source, or by whoever has the record that it stands in.
fn rate(
    entry: &mut Entry,
    ratings: Option<Vec<Object<Rated>>>,
    namespace: Option<&str>,
    draft: &mut Draft,
) {
    for rated in each(ratings) {
        let source = said(rated.source);
        let source = source.as_deref().or(namespace).unwrap_or_default();
        let vector = said(rated.vector).unwrap_or_default();
        let score = rated.metrics.and_then(|metrics| metrics.0.base_score.0);
        draft.rate(entry, source, "", &vector, score);
    }
}
