//! Vulnerability scans: what each format says, row by row.
#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use std::sync::Arc;

use common::{CYCLONEDX, Case, Key, bytes, repository, statement};
use lockgate_evidence::scan::{Cvss, Row, Scan, Severity, Unreadable};
use serde_json::{Value, json};

const IN_TOTO: &str = "https://in-toto.io/attestation/vulns/v0.2";
const IN_TOTO_01: &str = "https://in-toto.io/attestation/vulns/v0.1";
const COSIGN: &str = "https://cosign.sigstore.dev/attestation/vuln/v1";

/// The scan in a predicate, through the one door that there is.
fn read(predicate_type: &str, predicate: &Value) -> Result<Arc<Scan>, Unreadable> {
    let key = Key::p256();
    let case = Case::new().json("scan.json", &key.bundle(&statement(predicate_type, predicate)));
    let facts = case.facts(&key.trusted("ci"));
    let fact =
        facts.attestations().first().unwrap_or_else(|| panic!("{:?}", common::lines(&facts)));
    fact.get().scan().cloned().map_err(Clone::clone)
}

/// The scan in a report, in cosign's predicate.
fn report(report: &Value) -> Result<Arc<Scan>, Unreadable> {
    read(COSIGN, &json!({ "scanner": { "result": report } }))
}

fn fixture(name: &str) -> Value {
    serde_json::from_slice(&bytes(repository("tests/fixtures/scans").join(name))).unwrap()
}

/// Why a report has no rows.
fn why(document: &Value) -> String {
    report(document).unwrap_err().to_string()
}

/// A row in one line: vulnerability, component, version, purl, severity and whose, fixed versions,
/// ratings.
fn line(row: &Row) -> String {
    let or = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    let rating = |one: &Cvss| format!("{}:{}:{}", one.source, one.version, one.score);
    let Row { vulnerability, component, version, purl, .. } = row;
    let (severity, source) = (row.severity.as_str(), or(&row.severity_source));
    let (fixed, cvss) = (row.fixed_versions.join("|"), row.cvss.iter().map(rating));
    let cvss = cvss.collect::<Vec<_>>().join("|");
    let (version, purl) = (or(version), or(purl));
    format!("{vulnerability} {component} {version} {purl} {severity}({source}) [{fixed}] [{cvss}]")
}

fn rows(scan: &Scan) -> Vec<String> {
    scan.rows().iter().map(line).collect()
}

#[test]
fn every_report_has_as_many_rows_as_an_independent_reading_counts() {
    // What `python3 tests/fixtures/scans/counts.py` prints.
    const COUNTS: &str = "\
        grype/TestJsonDirsPresenter.json 2 {'critical': 1, 'low': 1} 1 1 2\n\
        grype/TestJsonImgsPresenter.json 2 {'critical': 1, 'low': 1} 1 1 2\n\
        trivy/alpine-310.json 4 {'medium': 4} 4 4 12\n\
        trivy/alpine-310.sarif.json 4 {'medium': 4} 0 4 8\n\
        trivy/debian-stretch.json 5 {'low': 1, 'medium': 4} 5 4 15\n\
        trivy/distroless-base.json 4 {'low': 2, 'medium': 2} 4 2 12\n\
        trivy/gomod.json 5 {'medium': 1, 'unknown': 4} 5 5 2\n\
        trivy/npm.json 1 {'medium': 1} 1 1 3\n\
        trivy/pip.json 2 {'high': 1, 'medium': 1} 2 2 6\n\
        trivy/spring4shell-jre11.json 1 {'critical': 1} 1 1 4\n\
        trivy/ubuntu-1804.json 5 {'low': 1, 'medium': 4} 5 4 15\n";
    let mut counted = String::new();
    for line in COUNTS.lines() {
        let name = line.split(' ').next().unwrap();
        let scan = report(&fixture(name)).unwrap();
        let rows = scan.rows();
        let mut severities = std::collections::BTreeMap::new();
        for row in rows {
            *severities.entry(row.severity.as_str()).or_insert(0) += 1;
        }
        let severities = format!("{severities:?}").replace('"', "'");
        let purls = rows.iter().filter(|row| row.purl.is_some()).count();
        let fixable = rows.iter().filter(|row| !row.fixed_versions.is_empty()).count();
        let vectors = rows.iter().flat_map(|row| &row.cvss).count();
        let row = format!("{name} {} {severities} {purls} {fixable} {vectors}\n", rows.len());
        counted.push_str(&row);
    }
    assert_eq!(counted, COUNTS);
}

#[test]
fn the_score_of_a_vector_is_what_trivy_writes_beside_it() {
    let mut compared = 0;
    for name in ["alpine-310", "debian-stretch", "gomod", "npm", "pip", "ubuntu-1804"] {
        let document = fixture(&format!("trivy/{name}.json"));
        let scan = report(&document).unwrap();
        let results = document["Results"].as_array().unwrap();
        for found in results.iter().flat_map(|result| result["Vulnerabilities"].as_array().unwrap())
        {
            for (source, scored) in found["CVSS"].as_object().into_iter().flatten() {
                for version in ["V2", "V3", "V40"] {
                    let vector = &scored[format!("{version}Vector")];
                    let Some(vector) = vector.as_str() else { continue };
                    let written = scored[format!("{version}Score")].as_f64().unwrap();
                    let is_meant = |row: &&Row| found["VulnerabilityID"] == row.vulnerability;
                    let row = scan.rows().iter().find(is_meant).unwrap();
                    let rated =
                        row.cvss.iter().find(|one| one.source == *source && one.vector == vector);
                    assert_eq!(f64::from(rated.unwrap().score) / 10.0, written, "{vector}");
                    compared += 1;
                }
            }
        }
    }
    assert_eq!(compared, 53);
}

#[test]
fn trivy_says_of_a_row_all_that_it_says() {
    let scan = report(&fixture("trivy/spring4shell-jre11.json")).unwrap();
    let row = &scan.rows()[0];
    assert_eq!(
        line(row),
        "CVE-2022-22965 org.springframework:spring-beans 5.3.15 \
         pkg:maven/org.springframework/spring-beans@5.3.15 critical(ghsa) [5.3.18] \
         [ghsa:3.1:98|nvd:2.0:75|nvd:3.1:98|redhat:3.1:81]"
    );
    assert_eq!(row.published_at.unwrap().to_string(), "2022-04-01T23:15:00Z");
    assert_eq!(scan.format(), "trivy");
    assert_eq!((scan.scanner(), scan.scanner_version()), (Some("Trivy"), Some("dev")));
    assert_eq!(scan.scanned_at().unwrap().to_string(), "2021-08-25T12:20:30Z");
    assert_eq!((scan.database_at(), scan.notes()), (None, &[] as &[String]));
    let fixed = json!({ "SchemaVersion": 2, "ArtifactName": "a", "Results": [{
        "Vulnerabilities": [{ "VulnerabilityID": "a", "FixedVersion": " 2.15.0, 2.12.2,2.15.0, " }],
        "ExperimentalModifiedFindings": [{}, {}],
    }] });
    let fixed = report(&fixed).unwrap();
    assert_eq!(fixed.rows()[0].fixed_versions, ["2.15.0", "2.12.2"]);
    assert_eq!(fixed.notes(), ["findings that Trivy was told to leave out, and are no rows: 2"]);
    let debian = report(&fixture("trivy/debian-stretch.json")).unwrap();
    let aliases: Vec<_> = debian.rows().iter().map(|row| row.aliases.as_slice()).collect();
    assert_eq!(aliases[1..], [["DSA-4535-1"]; 4]);
}

#[test]
fn grype_says_of_a_row_all_that_it_says() {
    let scan = report(&fixture("grype/TestJsonImgsPresenter.json")).unwrap();
    assert_eq!(
        rows(&scan),
        [
            "CVE-1999-0001 package-1 1.1.1 - low(-) [1.2.1|2.1.3|3.4.0] [nvd:3.1:82]",
            "CVE-1999-0002 package-2 2.2.2 pkg:deb/package-2@2.2.2 critical(-) [] [nvd:3.1:85]",
        ]
    );
    assert_eq!((scan.scanner(), scan.scanner_version()), (Some("grype"), Some("[not provided]")));
    assert_eq!((scan.scanned_at(), scan.database_at()), (None, None), "an empty time is none");
    let scan = report(&json!({
        "matches": [{
            "vulnerability": {
                "id": "GHSA-1", "severity": "Negligible", "namespace": "github:language:go",
                "fix": { "versions": ["2", "2", "1"] },
            },
            "relatedVulnerabilities": [
                { "id": "CVE-1", "namespace": "nvd:cpe", "cvss": [
                    { "vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" },
                    { "source": "x", "vector": "nonsense" },
                ] },
                { "id": "GHSA-1" }, { "id": "CVE-1" },
            ],
            "artifact": { "name": "a", "version": "", "purl": "pkg:pypi/A@1" },
        }],
        "ignoredMatches": [{}],
        "descriptor": {
            "name": "grype", "timestamp": "2026-01-02T03:04:05.6+01:00",
            "db": { "status": { "built": "2026-01-01T00:00:00Z" } },
        },
    }))
    .unwrap();
    assert_eq!(
        rows(&scan),
        ["GHSA-1 a - pkg:pypi/a@1 low(github:language:go) [2|1] [nvd:cpe:3.1:98]"]
    );
    assert_eq!(scan.rows()[0].aliases, ["CVE-1"]);
    assert_eq!(scan.scanned_at().unwrap().to_string(), "2026-01-02T02:04:05Z");
    assert_eq!(scan.database_at().unwrap().to_string(), "2026-01-01T00:00:00Z");
    assert_eq!(
        scan.notes(),
        [
            "CVSS ratings with neither a valid vector nor a score: 1",
            "findings that Grype was told to leave out, and are no rows: 1",
        ]
    );
}

#[test]
fn sarif_says_what_its_message_and_its_rule_say() {
    let scan = report(&fixture("trivy/alpine-310.sarif.json")).unwrap();
    assert_eq!(
        rows(&scan),
        [
            "CVE-2019-1549 libcrypto1.1 1.1.1c-r0 - medium(-) [1.1.1d-r0] [:2.0:50|:3.1:53]",
            "CVE-2019-1549 libssl1.1 1.1.1c-r0 - medium(-) [1.1.1d-r0] [:2.0:50|:3.1:53]",
            "CVE-2019-1551 libcrypto1.1 1.1.1c-r0 - medium(-) [1.1.1d-r2] [:2.0:50|:3.1:53]",
            "CVE-2019-1551 libssl1.1 1.1.1c-r0 - medium(-) [1.1.1d-r2] [:2.0:50|:3.1:53]",
        ]
    );
    assert_eq!((scan.scanner(), scan.scanner_version()), (Some("Trivy"), Some("dev")));
    let uri = |uri: &str| json!([{ "physicalLocation": { "artifactLocation": { "uri": uri } } }]);
    let help =
        "Vulnerability CVE-2\nSeverity: low\nPackage: b\nVersion: 2\nFix Version: 3,4\nType: deb";
    let scan = report(&json!({ "version": "2.1.0", "runs": [{
        "tool": { "driver": { "name": "other", "semanticVersion": "7", "rules": [
            { "id": "CVE-1", "properties": { "security-severity": "9.1" }, "deprecatedIds": ["GHSA-1", "CVE-1"] },
            { "id": "CVE-2-b", "help": { "text": help }, "properties": { "purls": ["pkg:deb/debian/b@2"] } },
            { "id": "CVE-3", "properties": { "purls": ["pkg:npm/c@1", "pkg:npm/d@1"], "fixed_version": "not fixed" } },
            { "id": "CVE-4", "properties": { "security-severity": "0.0", "tags": ["UNKNOWN", 7] } },
            { "id": "S-1", "properties": { "tags": ["secret"] } },
        ] } },
        "invocations": [{ "executionSuccessful": true, "endTimeUtc": "2026-01-01T00:00:00Z" }],
        "results": [
            { "ruleId": "CVE-1", "message": { "text": "see x" }, "locations": uri("go.mod") },
            { "ruleId": "CVE-2-b", "locations": uri("x") },
            { "ruleIndex": 2, "message": { "text": "-" } },
            { "rule": { "id": "CVE-4", "index": 3 }, "suppressions": [{ "kind": "external" }] },
            { "ruleId": "S-1" },
            { "ruleId": "CVE-1", "kind": "pass" },
            { "ruleId": "CVE-9" },
        ],
    }] }))
    .unwrap();
    assert_eq!(
        rows(&scan),
        [
            "CVE-1 go.mod - - critical(cvss) [] [::91]",
            "CVE-2 b 2 pkg:deb/debian/b@2 low(-) [3|4] []",
            "CVE-3 c - pkg:npm/c@1 unknown(-) [] []",
            "CVE-3 d - pkg:npm/d@1 unknown(-) [] []",
            "CVE-4  - - unknown(-) [] []",
            "CVE-9  - - unknown(-) [] []",
        ]
    );
    assert_eq!(scan.rows()[0].aliases, ["GHSA-1"]);
    assert_eq!((scan.scanner(), scan.scanner_version()), (Some("other"), Some("7")));
    assert_eq!(scan.scanned_at().unwrap().to_string(), "2026-01-01T00:00:00Z");
    assert_eq!(
        scan.notes(),
        [
            "results that are about no vulnerability, and are no rows: 1",
            "results that say that something was not found, and are no rows: 1",
        ]
    );
}

#[test]
fn a_rule_that_several_results_share_names_the_version_of_none() {
    let help = "Vulnerability CVE-1\nSeverity: high\nPackage: a\nVersion: 1\nFix Version: 3";
    let result = json!({ "ruleId": "CVE-1-a", "message": { "text": "-" } });
    let scan = report(&json!({ "version": "2.1.0", "runs": [{
        "tool": { "driver": { "name": "grype", "rules": [
            { "id": "CVE-1-a", "help": { "text": help }, "properties": { "purls": ["pkg:npm/a@1"] } },
        ] } },
        "results": [result, result],
    }] }))
    .unwrap();
    assert_eq!(rows(&scan), ["CVE-1 a - - high(-) [3] []", "CVE-1 a - - high(-) [3] []"]);
}

#[test]
fn cyclonedx_has_a_row_for_each_component_that_is_affected() {
    let bare = "AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:N";
    let mut document = json!({
        "bomFormat": "CycloneDX", "specVersion": "1.5",
        "metadata": {
            "timestamp": "2026-01-01T00:00:00Z",
            "tools": { "components": [{ "name": "scanner", "version": "7" }] },
            "component": { "bom-ref": "app", "name": "app", "components": [
                { "bom-ref": "in", "group": "g", "name": "in", "version": "1" },
            ] },
        },
        "components": [{ "bom-ref": "a", "name": "a", "version": "2", "purl": "pkg:npm/a@2" }],
        "vulnerabilities": [
            {
                "id": "CVE-1", "references": [{ "id": "GHSA-1" }, { "id": "CVE-1" }],
                "published": "2020-01-01T00:00:00Z",
                "ratings": [
                    { "source": { "name": "NVD" }, "score": 7.4, "severity": "medium", "method": "CVSSv31", "vector": bare },
                    { "source": { "name": "Me" }, "score": 0.0, "severity": "none", "method": "CVSSv31", "vector": format!("{bare}/MI:N") },
                    { "source": { "name": "SNYK" }, "severity": "high" },
                    { "source": { "name": "Us" }, "score": 3, "severity": "low", "method": "OWASP" },
                ],
                "affects": [{ "ref": "a" }, { "ref": "in" }, { "ref": "pkg:npm/B@1" }, { "ref": "urn:cdx:x/1#y" }],
                "analysis": { "state": "not_affected" },
            },
            { "bom-ref": "v", "ratings": [{ "severity": "info", "score": 9.9 }], "affects": [] },
        ],
    });
    let scan = report(&document).unwrap();
    assert_eq!(
        rows(&scan),
        [
            "CVE-1 g/in 1 - high(SNYK) [] [Me:3.1:75|NVD:3.1:75]",
            "CVE-1 urn:cdx:x/1#y - - high(SNYK) [] [Me:3.1:75|NVD:3.1:75]",
            "CVE-1 pkg:npm/B@1 - pkg:npm/B@1 high(SNYK) [] [Me:3.1:75|NVD:3.1:75]",
            "CVE-1 a 2 pkg:npm/a@2 high(SNYK) [] [Me:3.1:75|NVD:3.1:75]",
            "v  - - unknown(-) [] [::99]",
        ]
    );
    assert_eq!(scan.rows()[0].aliases, ["GHSA-1"]);
    assert_eq!(scan.rows()[0].published_at.unwrap().to_string(), "2020-01-01T00:00:00Z");
    assert_eq!((scan.scanner(), scan.scanner_version()), (Some("scanner"), Some("7")));
    assert_eq!(scan.scanned_at().unwrap().to_string(), "2026-01-01T00:00:00Z");
    assert_eq!(scan.notes(), ["some vulnerabilities name no component that they affect"]);
    document["metadata"]["tools"] = json!([{ "vendor": "v", "name": "older" }, { "name": "x" }]);
    assert_eq!(report(&document).unwrap().scanner(), Some("older"));
    document["components"][0]["bom-ref"] = json!("in");
    assert_eq!(
        why(&document),
        "the document is not valid CycloneDX: two components have the bom-ref `in`"
    );
}

#[test]
fn osv_scanner_says_what_its_records_say_of_the_package() {
    let event = |fixed: &str| json!([{ "introduced": "0" }, { "fixed": fixed }]);
    let scan = report(&json!({ "results": [{
        "source": { "path": "requirements.txt", "type": "lockfile" },
        "packages": [
            {
                "package": { "name": "My_Pkg", "version": "1.0", "ecosystem": "PyPI" },
                "vulnerabilities": [
                    {
                        "schema_version": "1.6.7", "id": "GHSA-1", "aliases": ["CVE-1"],
                        "published": "2020-01-01T00:00:00Z",
                        "database_specific": { "severity": "MODERATE", "cwe_ids": [] },
                        "severity": [{ "type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" }],
                        "affected": [
                            { "package": { "name": "my-pkg", "ecosystem": "PyPI", "purl": "pkg:pypi/my-pkg" }, "ranges": [
                                { "type": "ECOSYSTEM", "events": event("1.2") },
                                { "type": "GIT", "events": event("c0ffee") },
                            ] },
                            { "package": { "name": "other", "ecosystem": "PyPI" }, "ranges": [{ "type": "ECOSYSTEM", "events": event("9") }] },
                        ],
                    },
                    { "schema_version": "1.9.0", "id": "PYSEC-1", "database_specific": { "severity": ["x"] } },
                ],
                "groups": [{ "ids": ["GHSA-1", "PYSEC-1"], "aliases": ["CVE-1", "GHSA-1", "PYSEC-1"], "max_severity": "9.8" }],
            },
            {
                "package": { "name": "b", "version": "2", "ecosystem": "Ubuntu:22.04" },
                "vulnerabilities": [{ "id": "UBUNTU-1", "severity": [{ "type": "Ubuntu", "score": "high" }] }],
            },
            { "package": { "name": "licensed", "version": "1", "ecosystem": "npm" } },
        ],
    }] }))
    .unwrap();
    assert_eq!(
        rows(&scan),
        [
            "GHSA-1 My_Pkg 1.0 pkg:pypi/my-pkg@1.0 medium(-) [1.2] [:3.1:98]",
            "PYSEC-1 My_Pkg 1.0 - critical(cvss) [] [::98]",
            "UBUNTU-1 b 2 - high(Ubuntu) [] []",
        ]
    );
    assert_eq!(scan.rows()[0].aliases, ["CVE-1", "PYSEC-1"]);
    assert_eq!(scan.rows()[1].aliases, ["CVE-1", "GHSA-1"]);
    assert_eq!((scan.format(), scan.scanner()), ("osv-scanner", None));
    assert_eq!(
        scan.notes(),
        ["records are of version 1.9 of the OSV schema, which is newer than 1.7"]
    );
}

#[test]
fn in_toto_lists_vulnerabilities_and_no_components() {
    let result = json!([
        { "id": "CVE-1", "severity": [
            { "method": "nvd", "score": "medium" }, { "method": "cvss_score", "score": "5.2" },
        ] },
        { "id": "CVE-2", "severity": { "method": "cvss", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" } },
        { "vulnerability": { "id": "CVE-3", "severity": [] } },
    ]);
    let predicate = json!({
        "scanner": {
            "uri": "pkg:github/aquasecurity/trivy@1", "version": "0.19.2",
            "db": { "version": "v1", "lastUpdate": "2021-08-06T17:45:50.52Z" },
            "result": result,
        },
        "metadata": { "scanStartedOn": "2021-08-07T17:45:50Z", "scanFinishedOn": "2021-08-07T17:50:50Z" },
    });
    for predicate_type in [IN_TOTO, IN_TOTO_01] {
        let scan = read(predicate_type, &predicate).unwrap();
        assert_eq!(
            rows(&scan),
            [
                "CVE-1  - - medium(nvd) [] [cvss_score::52]",
                "CVE-2  - - critical(cvss) [] [cvss:3.1:98]",
                "CVE-3  - - unknown(-) [] []",
            ]
        );
        assert_eq!(scan.format(), "in-toto-vulns");
        assert_eq!(scan.scanner(), Some("pkg:github/aquasecurity/trivy@1"));
        assert_eq!(scan.scanner_version(), Some("0.19.2"));
        assert_eq!(scan.scanned_at().unwrap().to_string(), "2021-08-07T17:50:50Z");
        assert_eq!(scan.database_at().unwrap().to_string(), "2021-08-06T17:45:50Z");
        assert_eq!(scan.notes(), ["the format does not say which component a vulnerability is in"]);
    }
}

#[test]
fn a_report_does_not_get_younger_by_what_is_wrapped_around_it() {
    let wrapped = |finished: &str| {
        let predicate = json!({
            "scanner": { "uri": "u", "version": "v", "result": fixture("trivy/npm.json") },
            "metadata": { "scanStartedOn": finished, "scanFinishedOn": finished },
        });
        read(COSIGN, &predicate).unwrap()
    };
    let scan = wrapped("2026-01-01T00:00:00Z");
    assert_eq!(scan.scanned_at().unwrap().to_string(), "2021-08-25T12:20:30Z");
    assert_eq!((scan.scanner(), scan.scanner_version()), (Some("Trivy"), Some("dev")));
    let scan = wrapped("2020-01-01T00:00:00Z");
    assert_eq!(scan.scanned_at().unwrap().to_string(), "2020-01-01T00:00:00Z");
    let older = json!({ "SchemaVersion": 2, "ArtifactName": "a", "Results": [] });
    let predicate = json!({ "scanner": { "uri": "u", "version": "v", "result": older } });
    let scan = read(COSIGN, &predicate).unwrap();
    assert_eq!((scan.scanner(), scan.scanner_version()), (Some("u"), Some("v")));
}

#[test]
fn a_scan_that_found_nothing_has_no_rows_and_one_that_lacks_its_list_cannot_be_read() {
    let none: &[String] = &[];
    for (document, notes) in [
        (json!({ "matches": [], "descriptor": {} }), none),
        (json!({ "results": [] }), none),
        (json!({ "bomFormat": "CycloneDX", "specVersion": "1.4", "vulnerabilities": [] }), none),
        (
            json!({ "version": "2.1.0", "runs": [{ "tool": { "driver": { "name": "Trivy" } }, "results": [] }] }),
            none,
        ),
        (
            json!({ "SchemaVersion": 2, "ArtifactName": "a", "Results": [{ "Class": "os-pkgs" }] }),
            none,
        ),
        (
            json!({ "SchemaVersion": 2, "ArtifactName": "a" }),
            &["the scan covered nothing".to_owned()],
        ),
        (
            json!({ "SchemaVersion": 2, "ArtifactName": "a", "Results": [{ "Class": "secret" }] }),
            &["the scan covered nothing".to_owned()],
        ),
        (
            json!({ "bomFormat": "CycloneDX", "specVersion": "1.6", "components": [],
                    "vulnerabilities": [] }),
            &["the scan covered nothing".to_owned()],
        ),
    ] {
        let scan = report(&document).unwrap();
        assert_eq!((scan.rows(), scan.notes()), (&[] as &[Row], notes), "{document}");
        assert_eq!(scan.covered_nothing(), !notes.is_empty(), "{document}");
    }
    let empty = json!({ "scanner": { "result": [] } });
    assert_eq!(read(IN_TOTO, &empty).unwrap().rows(), []);
    for (document, expected) in [
        (
            json!({ "bomFormat": "CycloneDX", "specVersion": "1.6" }),
            "the document is not valid CycloneDX: it lacks `vulnerabilities`, so it is a bill of materials and no scan",
        ),
        (
            json!({ "version": "2.1.0", "runs": [] }),
            "the document is not valid SARIF: it has no run, so nothing was scanned",
        ),
        (
            json!({ "version": "2.1.0", "runs": [{ "tool": { "driver": { "name": "Trivy" } } }] }),
            "the document is not valid SARIF: it lacks `results`",
        ),
        (
            json!({ "version": "2.1.0", "runs": [{ "tool": { "driver": { "name": "Trivy" } }, "results": [], "invocations": [{ "executionSuccessful": false }] }] }),
            "the document is not valid SARIF: `Trivy` says that its run failed",
        ),
        (
            json!({ "version": "2.1.0", "runs": [{ "tool": { "driver": { "name": "CodeQL", "rules": [{ "id": "js/xss", "properties": { "security-severity": "7.8", "tags": ["security"] } }] } }, "results": [] }] }),
            "the document is not valid SARIF: `CodeQL` is not known to scan for vulnerabilities, and no rule of it says so",
        ),
        (
            json!({ "version": "2.1.0", "runs": [{ "tool": { "driver": { "name": "Trivy" } }, "results": [{}] }] }),
            "the document is not valid SARIF: it lacks `ruleId`",
        ),
        (
            json!({ "SchemaVersion": 2, "ArtifactName": "a", "Results": [{ "Vulnerabilities": [{ "PkgName": "a" }] }] }),
            "the document is not valid Trivy: it lacks `VulnerabilityID`",
        ),
        (
            json!({ "matches": [{ "vulnerability": {}, "artifact": {} }], "descriptor": {} }),
            "the document is not valid Grype: it lacks `vulnerability.id`",
        ),
        (
            json!({ "results": [{ "packages": [{ "package": {}, "vulnerabilities": [{}] }] }] }),
            "the document is not valid OSV-Scanner: it lacks `vulnerabilities[].id`",
        ),
    ] {
        assert_eq!(why(&document), expected);
    }
}

#[test]
fn a_version_with_other_rules_is_refused_and_a_newer_minor_one_is_noted() {
    let driver = json!({ "driver": { "name": "Trivy" } });
    let sarif =
        |version: &str| json!({ "version": version, "runs": [{ "tool": driver, "results": [] }] });
    let cyclonedx = |version: &str| json!({ "bomFormat": "CycloneDX", "specVersion": version, "vulnerabilities": [] });
    let trivy =
        |version: u64| json!({ "SchemaVersion": version, "ArtifactName": "a", "Results": [] });
    let osv = |version: &str| json!({ "results": [{ "packages": [{ "package": {}, "vulnerabilities": [{ "id": "a", "schema_version": version }] }] }] });
    for (document, expected) in [
        (
            sarif("2.0.0"),
            "version `2.0.0` of SARIF is not supported by this version, which reads 2.1.0",
        ),
        (
            sarif("3.0"),
            "version `3.0` of SARIF is not supported by this version, which reads 2.1.0",
        ),
        (
            cyclonedx("1.3"),
            "version `1.3` of CycloneDX is not supported by this version, which reads 1.4 and later for vulnerabilities",
        ),
        (
            cyclonedx("2.0"),
            "version `2.0` of CycloneDX is not supported by this version, which reads 1.4 and later for vulnerabilities",
        ),
        (
            trivy(3),
            "version 3 of Trivy's report is not supported by this version, which reads schema version 2",
        ),
        (
            osv("2.0.0"),
            "version `2.0.0` of the OSV schema is not supported by this version, which reads 1.x",
        ),
    ] {
        assert_eq!(why(&document), expected);
    }
    for (document, expected) in [
        (sarif("2.2"), "the report is of SARIF 2.2, which is newer than 2.1"),
        (cyclonedx("1.9"), "the document is of version 1.9 of CycloneDX, which is newer than 1.7"),
    ] {
        assert_eq!(report(&document).unwrap().notes(), [expected]);
    }
}

#[test]
fn what_is_no_report_has_no_rows_and_says_what_it_looks_like() {
    let format = "the report is of no format that this version reads, which are Trivy, Grype and \
                  OSV-Scanner in JSON, SARIF and CycloneDX: it is ";
    for (document, looks) in [
        (json!({}), "an empty object"),
        (
            json!({ "vulnerabilities": [], "image": "a" }),
            "an object with `image` and `vulnerabilities`",
        ),
        (json!([{ "Target": "a", "Vulnerabilities": null }]), "a list"),
        (json!("a report"), "a string"),
    ] {
        assert_eq!(why(&document), format!("{format}{looks}"));
    }
    let without = read(COSIGN, &json!({ "scanner": {} })).unwrap_err();
    assert_eq!(
        without.to_string(),
        "the document is not valid cosign-vuln: it lacks `scanner.result`"
    );
    for result in [json!(null), json!({}), json!("x"), fixture("trivy/npm.json")] {
        let predicate = json!({ "scanner": { "result": result } });
        assert_eq!(
            read(IN_TOTO, &predicate).unwrap_err().to_string(),
            "the document is not valid in-toto-vulns: `scanner.result` is no list"
        );
    }
    let bom = json!({ "bomFormat": "CycloneDX", "specVersion": "1.6", "vulnerabilities": [] });
    assert_eq!(
        read(CYCLONEDX, &bom).unwrap_err().to_string(),
        "the document is of the kind `sbom`, not `vulnerabilities`"
    );
    let mistyped = json!({ "matches": [7], "descriptor": {} });
    assert_eq!(
        why(&mistyped),
        "the document is not valid Grype: invalid type: integer `7`, expected an object at line 1 column 29"
    );
}

#[test]
fn what_would_stand_in_too_many_rows_is_refused() {
    let long = "x".repeat(1 << 20);
    let affects: Vec<Value> = (0..200).map(|n| json!({ "ref": n.to_string() })).collect();
    let document = json!({
        "bomFormat": "CycloneDX", "specVersion": "1.6",
        "vulnerabilities": [{ "id": "a", "references": [{ "id": long }], "affects": affects }],
    });
    let why = why(&document);
    assert!(why.starts_with("the rows of the document would take more than 7"), "{why}");
}

#[test]
fn a_word_for_a_severity_counts_before_a_score_and_the_worst_of_several_counts() {
    let severity = |severity: Value, score: &str| {
        let vector = format!("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/{score}");
        let scan = report(&json!({ "SchemaVersion": 2, "ArtifactName": "a", "Results": [{
            "Vulnerabilities": [{
                "VulnerabilityID": "a", "Severity": severity, "SeveritySource": "nvd",
                "CVSS": { "a": { "V3Vector": vector } },
            }],
        }] }));
        let row = scan.unwrap().rows()[0].clone();
        (row.severity, row.severity_source)
    };
    let by = |name: &str| Some(name.to_owned());
    assert_eq!(severity(json!("LOW"), "C:H/I:H/A:H"), (Severity::Low, by("nvd")));
    assert_eq!(severity(json!("UNKNOWN"), "C:L/I:N/A:N"), (Severity::Unknown, by("nvd")));
    assert_eq!(severity(json!("weird"), "C:L/I:N/A:N"), (Severity::Unknown, by("nvd")));
    assert_eq!(severity(json!(""), "C:H/I:H/A:H"), (Severity::Critical, by("cvss")));
    assert_eq!(severity(json!(null), "C:N/I:N/A:N"), (Severity::None, by("cvss")));
    assert_eq!(severity(json!(null), "not a vector"), (Severity::Unknown, None));
}
