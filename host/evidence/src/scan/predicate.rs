//! Reads the predicates that say who scanned, when and with what, around what was found: in-toto
//! `vulns` 0.1 and 0.2 (<https://in-toto.io/attestation/vulns>), which lists it itself, and cosign's
//! `vuln`, which holds the report of any scanner.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::draft::{Draft, Entry};
use super::words::{OneOrMany, Score, Words, moment, said};
use super::{Severity, Unreadable, lacks, malformed, report};
use crate::json::{self, Object};

const IN_TOTO: &str = "in-toto-vulns";
const COSIGN: &str = "cosign-vuln";

#[derive(Deserialize)]
struct Predicate<'a> {
    #[serde(borrow)]
    scanner: Object<Scanner<'a>>,
    #[serde(borrow)]
    metadata: Option<Object<Metadata<'a>>>,
}

#[derive(Deserialize)]
struct Scanner<'a> {
    #[serde(borrow)]
    uri: Option<Words<'a>>,
    #[serde(borrow)]
    version: Option<Words<'a>>,
    #[serde(borrow)]
    db: Option<Object<Database<'a>>>,
    #[serde(borrow)]
    result: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Database<'a> {
    #[serde(borrow)]
    last_update: Option<Words<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metadata<'a> {
    #[serde(borrow)]
    scan_started_on: Option<Words<'a>>,
    #[serde(borrow)]
    scan_finished_on: Option<Words<'a>>,
}

/// One vulnerability: by itself, as both versions give it in their examples, or within
/// `vulnerability`, as 0.1 has it in its list of fields.
#[derive(Deserialize)]
struct Found<'a> {
    #[serde(borrow)]
    id: Option<Words<'a>>,
    #[serde(borrow)]
    severity: Option<OneOrMany<Rated<'a>>>,
    #[serde(borrow)]
    vulnerability: Option<Object<Vulnerability<'a>>>,
}

#[derive(Deserialize)]
struct Vulnerability<'a> {
    #[serde(borrow)]
    id: Option<Words<'a>>,
    #[serde(borrow)]
    severity: Option<OneOrMany<Rated<'a>>>,
}

/// What one method says: a word, a score or a vector.
#[derive(Deserialize)]
struct Rated<'a> {
    #[serde(borrow)]
    method: Option<Words<'a>>,
    #[serde(borrow)]
    score: Option<Words<'a>>,
}

/// Reads a predicate of in-toto.
pub(super) fn in_toto(text: &str) -> Result<Draft, Unreadable> {
    let predicate = predicate(IN_TOTO, text)?;
    let result = predicate.scanner.0.result.map_or("null", RawValue::get);
    if !result.starts_with('[') {
        // What is there and no list is none that is empty.
        let what = "`scanner.result` is no list".to_owned();
        return Err(Unreadable::Malformed { format: IN_TOTO, what });
    }
    let found: Vec<Object<Found>> =
        serde_json::from_str(result).map_err(|error| malformed(IN_TOTO, &error))?;
    let mut draft = Draft::new(IN_TOTO, text.len());
    if !found.is_empty() {
        draft.note("the format does not say which component a vulnerability is in");
    }
    for Object(found) in found {
        let entry = entry(found, &mut draft)?;
        draft.add(entry)?;
    }
    predicate.around(&mut draft);
    Ok(draft)
}

/// Reads a predicate of cosign.
pub(super) fn cosign(text: &str) -> Result<Draft, Unreadable> {
    let predicate = predicate(COSIGN, text)?;
    let result = predicate.scanner.0.result.ok_or_else(|| lacks(COSIGN, "scanner.result"))?;
    let mut draft = report(result.get(), text.len())?;
    predicate.around(&mut draft);
    Ok(draft)
}

fn predicate<'a>(format: &'static str, text: &'a str) -> Result<Predicate<'a>, Unreadable> {
    json::object(text).map_err(|error| malformed(format, &error))
}

impl Predicate<'_> {
    /// Adds what it says of the scan. What the report says of itself counts more.
    fn around(self, draft: &mut Draft) {
        let Object(scanner) = self.scanner;
        let owned = |words| said(words).map(Cow::into_owned);
        if draft.scanner.is_none() {
            draft.scanner = owned(scanner.uri);
        }
        if draft.scanner_version.is_none() {
            draft.scanner_version = owned(scanner.version);
        }
        draft.updated(scanner.db.and_then(|db| moment(db.0.last_update.as_ref())));
        if let Some(Object(metadata)) = self.metadata {
            let finished = moment(metadata.scan_finished_on.as_ref());
            draft.scanned(finished.or_else(|| moment(metadata.scan_started_on.as_ref())));
        }
    }
}

fn entry<'a>(found: Found<'a>, draft: &mut Draft) -> Result<Entry<'a>, Unreadable> {
    let (id, severity) = match found.vulnerability {
        Some(Object(within)) => (within.id.or(found.id), within.severity.or(found.severity)),
        None => (found.id, found.severity),
    };
    let vulnerability = said(id).ok_or_else(|| lacks(IN_TOTO, "scanner.result[].id"))?;
    let mut entry = Entry { vulnerability, ..Entry::default() };
    for Rated { method, score } in severity.into_iter().flat_map(|all| all.0) {
        let (method, Some(score)) = (said(method), said(score)) else { continue };
        let source = method.clone().unwrap_or_default();
        let written = Score::read(&score).0;
        let is_word = score.trim().bytes().all(|byte| byte.is_ascii_alphabetic());
        if written.is_some() {
            draft.rate(&mut entry, &source, "", "", written);
        } else if is_word || Severity::of_word(&score) != Severity::Unknown {
            entry.severities.push((score, method));
        } else {
            draft.rate(&mut entry, &source, "", &score, None);
        }
    }
    Ok(entry)
}
