//! Reports of scanners against a plain walk, and CVSS scores against Red Hat's library.

use lockgate_evidence::scan::{Row, Scan};
use lockgate_model::Kind;
use serde_json::{Value, json};

use crate::{Differences, Known, accepted, expected, fixture, only};

const KNOWN: &[Known] = &[];

fn summary(scan: &Scan) -> Value {
    json!({
        "format": scan.format(),
        "scanner": scan.scanner(),
        "scanner_version": scan.scanner_version(),
        "scanned_at": scan.scanned_at().map(|at| at.unix()),
        "database_at": scan.database_at().map(|at| at.unix()),
        "rows": sorted(scan.rows().iter().map(row)),
    })
}

/// Vulnerability, component, version, purl, severity, fixed versions, ratings.
fn row(row: &Row) -> Value {
    let ratings =
        row.cvss.iter().map(|one| json!([one.version, one.vector, one.score, one.source]));
    let ratings: Vec<Value> = ratings.collect();
    let Row { vulnerability, component, version, purl, severity, fixed_versions, .. } = row;
    json!([vulnerability, component, version, purl, severity.as_str(), fixed_versions, ratings])
}

fn sorted(rows: impl Iterator<Item = Value>) -> Value {
    let mut rows: Vec<Value> = rows.collect();
    rows.sort_by_key(ToString::to_string);
    Value::Array(rows)
}

#[test]
fn every_report_says_row_by_row_what_a_plain_walk_reads_in_it() {
    let mut differences = Differences::new(KNOWN);
    let expected = expected("scans");
    assert!(expected.len() > 10, "only {} reports", expected.len());
    for (path, theirs) in &expected {
        let ours = only(&fixture(Kind::Vulnerabilities, path), |facts| {
            let fact = facts.attestations().first()?;
            Some(fact.get().scan().map(|scan| summary(scan)).map_err(ToString::to_string))
        });
        match ours {
            Ok(ours) => {
                for (key, ours) in ours.as_object().unwrap() {
                    let theirs = match key.as_str() {
                        "rows" => sorted(theirs["rows"].as_array().unwrap().iter().cloned()),
                        _ => theirs[key].clone(),
                    };
                    differences.hold(path, key, ours, &theirs);
                }
            }
            Err(why) => differences.hold(path, "reads", &json!(why), &json!(true)),
        }
    }
    differences.settle();
}

#[test]
fn vectors_have_the_base_scores_that_another_library_gives_them() {
    let mut differences = Differences::new(&[]);
    for (version, theirs) in &expected("cvss") {
        let theirs = theirs.as_object().unwrap();
        assert_eq!(theirs.len(), 50, "{version}");
        let matches = theirs.keys().map(|vector| {
            json!({
                "vulnerability": {
                    "id": vector,
                    "severity": "High",
                    "cvss": [{ "version": version, "vector": vector, "metrics": {} }],
                },
                "artifact": { "name": "a", "version": "1" },
            })
        });
        let report =
            json!({ "matches": matches.collect::<Vec<_>>(), "descriptor": { "name": "grype" } });
        let facts =
            accepted(Kind::Vulnerabilities, "grype.json", report.to_string().as_bytes(), None);
        let scan = facts.attestations()[0].get().scan().unwrap();
        assert_eq!(scan.rows().len(), theirs.len());
        for row in scan.rows() {
            let ours = row.cvss.first().map(|one| one.score);
            let vector = &row.vulnerability;
            differences.hold(vector, "score", &json!(ours), &theirs[vector]);
        }
    }
    differences.settle();
}
