//! Reads Trivy's report in JSON, of schema version 2
//! (<https://trivy.dev/latest/docs/configuration/reporting/#json>).

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::draft::{Draft, Entry};
use super::words::{Score, Words, each, each_said, moment, said};
use super::{Unreadable, lacks, malformed};
use crate::json::{self, Object};

/// The one version of the schema that this version reads.
const SCHEMA: u64 = 2;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Document<'a> {
    schema_version: u64,
    #[serde(borrow)]
    trivy: Option<Object<Tool<'a>>>,
    #[serde(borrow)]
    created_at: Option<Words<'a>>,
    #[serde(borrow)]
    results: Option<Vec<Object<Found<'a>>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Tool<'a> {
    #[serde(borrow)]
    version: Option<Words<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Found<'a> {
    #[serde(borrow)]
    class: Option<Words<'a>>,
    #[serde(borrow)]
    vulnerabilities: Option<Vec<Object<Vulnerability<'a>>>>,
    /// What ignore files and VEX made Trivy leave out.
    experimental_modified_findings: Option<Vec<IgnoredAny>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Vulnerability<'a> {
    #[serde(borrow, rename = "VulnerabilityID")]
    id: Option<Words<'a>>,
    #[serde(borrow, rename = "VendorIDs")]
    vendor_ids: Option<Vec<Words<'a>>>,
    #[serde(borrow)]
    pkg_name: Option<Words<'a>>,
    #[serde(borrow)]
    pkg_identifier: Option<Object<Identifier<'a>>>,
    #[serde(borrow)]
    installed_version: Option<Words<'a>>,
    #[serde(borrow)]
    fixed_version: Option<Words<'a>>,
    #[serde(borrow)]
    severity: Option<Words<'a>>,
    #[serde(borrow)]
    severity_source: Option<Words<'a>>,
    #[serde(borrow, rename = "CVSS")]
    cvss: Option<BTreeMap<Words<'a>, Object<Scored<'a>>>>,
    #[serde(borrow)]
    published_date: Option<Words<'a>>,
}

#[derive(Deserialize)]
struct Identifier<'a> {
    #[serde(borrow, rename = "PURL")]
    purl: Option<Words<'a>>,
}

/// What one source says; a vector and a score of each version.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Scored<'a> {
    #[serde(borrow)]
    v2_vector: Option<Words<'a>>,
    #[serde(borrow)]
    v3_vector: Option<Words<'a>>,
    #[serde(borrow)]
    v40_vector: Option<Words<'a>>,
    #[serde(default)]
    v2_score: Score,
    #[serde(default)]
    v3_score: Score,
    #[serde(default)]
    v40_score: Score,
}

/// Reads a report.
pub(super) fn read(text: &str, mut draft: Draft) -> Result<Draft, Unreadable> {
    let document: Document = json::object(text).map_err(|error| malformed("Trivy", &error))?;
    if document.schema_version != SCHEMA {
        return Err(Unreadable::Version {
            format: "Trivy's report",
            version: document.schema_version.to_string(),
            supported: "schema version 2",
        });
    }
    if let Some(Object(tool)) = document.trivy {
        draft.scanner = Some("Trivy".to_owned());
        draft.scanner_version = said(tool.version).map(Cow::into_owned);
    }
    draft.scanned(moment(document.created_at.as_ref()));
    let (mut left_out, mut covers_packages) = (0_usize, false);
    for found in each(document.results) {
        let class = said(found.class);
        covers_packages |= matches!(class.as_deref(), None | Some("os-pkgs" | "lang-pkgs"));
        left_out = left_out
            .saturating_add(found.experimental_modified_findings.map_or(0, |list| list.len()));
        for vulnerability in each(found.vulnerabilities) {
            covers_packages = true;
            let entry = entry(vulnerability, &mut draft)?;
            draft.add(entry)?;
        }
    }
    // Trivy leaves the list out where it found nothing to scan, too.
    if !covers_packages {
        draft.covers_nothing();
    }
    draft.leaves_out("Trivy", left_out);
    Ok(draft)
}

fn entry<'a>(vulnerability: Vulnerability<'a>, draft: &mut Draft) -> Result<Entry<'a>, Unreadable> {
    let id = said(vulnerability.id).ok_or_else(|| lacks("Trivy", "VulnerabilityID"))?;
    let purl = vulnerability.pkg_identifier.and_then(|identifier| said(identifier.0.purl));
    let severity = said(vulnerability.severity);
    let source = said(vulnerability.severity_source);
    let mut entry = Entry {
        vulnerability: id,
        aliases: each_said(vulnerability.vendor_ids).collect(),
        component: said(vulnerability.pkg_name).unwrap_or_default(),
        version: said(vulnerability.installed_version),
        purl,
        fixed_versions: listed(said(vulnerability.fixed_version)),
        severities: severity.map(|word| (word, source)).into_iter().collect(),
        published_at: moment(vulnerability.published_date.as_ref()),
        ..Entry::default()
    };
    for (source, Object(scored)) in vulnerability.cvss.into_iter().flatten() {
        rate(&mut entry, &source.0, scored, draft);
    }
    Ok(entry)
}

/// Versions with commas between them.
pub(super) fn listed(versions: Option<Cow<'_, str>>) -> Vec<Cow<'_, str>> {
    let split = |versions: &str| -> Vec<Cow<'_, str>> {
        let each = versions.split(',').map(str::trim).filter(|version| !version.is_empty());
        each.map(|version| Cow::Owned(version.to_owned())).collect()
    };
    match versions {
        Some(versions) if versions.contains(',') => split(&versions),
        other => other.into_iter().collect(),
    }
}

/// Adds what one source says.
fn rate(entry: &mut Entry, source: &str, scored: Scored, draft: &mut Draft) {
    // Each vector of version 3 says which it is.
    for (vector, Score(score)) in [
        (scored.v2_vector, scored.v2_score),
        (scored.v3_vector, scored.v3_score),
        (scored.v40_vector, scored.v40_score),
    ] {
        let vector = said(vector).unwrap_or_default();
        if !vector.is_empty() || score.is_some_and(|score| score > 0) {
            draft.rate(entry, source, "", &vector, score);
        }
    }
}
