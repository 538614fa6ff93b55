//! Vulnerability scans: the order of rows, the questions that they answer, what VEX says of them, and
//! scanners' own reports as documents.
#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use std::sync::Arc;

use common::{Case, Key, bytes, repository, sha256, statement};
use lockgate_evidence::package::Wanted;
use lockgate_evidence::scan::{Assessment, Narrowing, Query, Scan, Severity};
use lockgate_evidence::vex::{Stated, Status, UnknownStatus};
use lockgate_evidence::{Acceptance, Accepts, SubjectCheck, Trust};
use lockgate_model::{Digest, Kind};
use proptest::prelude::*;
use serde_json::{Value, json};

const COSIGN: &str = "https://cosign.sigstore.dev/attestation/vuln/v1";

fn report(report: &Value) -> Arc<Scan> {
    read(&statement(COSIGN, &json!({ "scanner": { "result": report } })).to_string())
}

/// The scan in a statement.
fn read(statement: &str) -> Arc<Scan> {
    let key = Key::p256();
    let envelope = common::envelope(&[&key], common::IN_TOTO, statement.as_bytes());
    let facts = Case::new().json("scan.json", &envelope).facts(&key.trusted("ci"));
    facts.attestations()[0].get().scan().unwrap().clone()
}

fn fixture(name: &str) -> String {
    String::from_utf8(bytes(repository("tests/fixtures/scans").join(name))).unwrap()
}

/// A row of Trivy's report.
fn row(id: &str, name: &str, severity: &str, score: Option<f64>, fixed: &str) -> Value {
    json!({
        "VulnerabilityID": id, "PkgName": name, "InstalledVersion": "1", "Severity": severity,
        "PkgIdentifier": { "PURL": format!("pkg:npm/{name}@1") }, "FixedVersion": fixed,
        "VendorIDs": [format!("V-{id}")], "CVSS": { "nvd": { "V3Score": score } },
    })
}

fn trivy(rows: &[Value]) -> Arc<Scan> {
    let results = json!([{ "Class": "lang-pkgs", "Vulnerabilities": rows }]);
    report(&json!({ "SchemaVersion": 2, "ArtifactName": "a", "Results": results }))
}

fn stated(status: Status, document: u8) -> Stated {
    Stated {
        status,
        justification: None,
        signers: vec!["vex".to_owned()],
        document: Digest::from_sha256([document; 32]),
        author: None,
    }
}

/// Six rows, and what VEX says of them.
fn assessment() -> Assessment {
    let scan = trivy(&[
        row("CVE-1", "a", "CRITICAL", Some(9.8), "2"),
        row("CVE-2", "a", "HIGH", Some(7.0), ""),
        row("CVE-3", "b", "MEDIUM", None, "2"),
        row("CVE-4", "b", "LOW", Some(0.0), "2"),
        row("CVE-5", "c", "UNKNOWN", Some(1.0), ""),
        row("cve-6", "c", "none", Some(6.9), ""),
    ]);
    let vex = [Some(Status::NotAffected), Some(Status::Affected), None, Some(Status::NotAffected)];
    let vex = vex.map(|status| status.map(|status| stated(status, 1)));
    Assessment::new(scan, vex.into())
}

/// The numbers of the rows that narrowings cover, read in pages and counted.
fn covered(index: &Assessment, narrowings: &[Narrowing]) -> Vec<u32> {
    let mut query = Query::all();
    narrowings.iter().cloned().for_each(|narrowing| query.narrow(narrowing));
    let mut rows = Vec::new();
    loop {
        let page = query.next(index, 2);
        if page.is_empty() {
            break;
        }
        rows.extend(page);
    }
    assert_eq!(query.count(index) as usize, rows.len());
    rows
}

#[test]
fn rows_are_covered_by_what_they_say() {
    let index = assessment();
    let purl = |purl: &str| Narrowing::Purl(Wanted::parse(purl).unwrap());
    let id = |id: &str| Narrowing::Vulnerability(id.to_owned());
    for (narrowing, expected) in [
        (id("CVE-1"), vec![0]),
        (id("cve-2"), vec![1]),
        (id("v-cve-3"), vec![2]),
        (id("CVE-6"), vec![5]),
        (id("CVE"), vec![]),
        (purl("pkg:npm/a"), vec![0, 1]),
        (purl("pkg:npm/a@2"), vec![]),
        (Narrowing::Component("b".to_owned()), vec![2, 3]),
        (Narrowing::Component("B".to_owned()), vec![]),
        (Narrowing::Severity(Severity::Unknown), vec![4]),
        (Narrowing::Severity(Severity::High), vec![1]),
        (Narrowing::SeverityAtLeast(Severity::Critical), vec![0, 4]),
        (Narrowing::SeverityAtLeast(Severity::Medium), vec![0, 1, 2, 4]),
        (Narrowing::SeverityAtLeast(Severity::None), vec![0, 1, 2, 3, 4, 5]),
        (Narrowing::SeverityAtLeast(Severity::Unknown), vec![0, 1, 2, 3, 4, 5]),
        (Narrowing::ScoreAtLeast(70), vec![0, 1, 2, 3]),
        (Narrowing::ScoreAtLeast(0), vec![0, 1, 2, 3, 4, 5]),
        (Narrowing::Fixable(true), vec![0, 2, 3]),
        (Narrowing::Fixable(false), vec![1, 4, 5]),
        (Narrowing::Status(Some(Status::NotAffected)), vec![0, 3]),
        (Narrowing::Status(None), vec![2, 4, 5]),
        (Narrowing::StatusNot(Status::NotAffected), vec![1, 2, 4, 5]),
    ] {
        assert_eq!(covered(&index, std::slice::from_ref(&narrowing)), expected, "{narrowing:?}");
    }
    let both =
        [Narrowing::SeverityAtLeast(Severity::High), Narrowing::StatusNot(Status::NotAffected)];
    assert_eq!(covered(&index, &both), [1, 4]);
}

#[test]
fn vex_says_something_of_the_rows_that_there_are_and_removes_none() {
    let scan = trivy(&[row("CVE-1", "a", "HIGH", None, ""), row("CVE-2", "a", "LOW", None, "")]);
    let (first, second) = (stated(Status::Fixed, 1), stated(Status::Affected, 2));
    let vex = vec![Some(second.clone()), Some(first.clone()), Some(first.clone())];
    let index = Assessment::new(scan.clone(), vex);
    assert_eq!((index.stated(0), index.stated(1)), (Some(&second), Some(&first)));
    assert_eq!((index.stated(2), index.scan().rows().len()), (None, 2));
    let index = Assessment::new(scan.clone(), vec![Some(first.clone())]);
    assert_eq!((index.stated(0), index.stated(1)), (Some(&first), None));
    let index = Assessment::without_vex(scan);
    assert_eq!(covered(&index, &[Narrowing::Status(None)]), [0, 1]);
}

#[test]
fn statuses_have_the_words_of_the_interface() {
    for (word, status) in [
        ("affected", Status::Affected),
        ("under-investigation", Status::UnderInvestigation),
        ("fixed", Status::Fixed),
        ("not-affected", Status::NotAffected),
    ] {
        assert_eq!((word.parse(), status.as_str()), (Ok(status), word));
    }
    let unknown: UnknownStatus = "not_affected".parse::<Status>().unwrap_err();
    assert_eq!(unknown.to_string(), "`not_affected` is not a VEX status");
}

#[test]
fn rows_are_ordered_by_vulnerability_purl_component_and_version() {
    let entry = |id: &str, purl: Option<&str>, name: &str, version: &str| {
        json!({
            "VulnerabilityID": id, "PkgName": name, "InstalledVersion": version,
            "PkgIdentifier": { "PURL": purl },
        })
    };
    let scan = trivy(&[
        entry("b", None, "a", "1"),
        entry("a", Some("pkg:npm/a@1"), "z", "2"),
        entry("a", Some("pkg:npm/a@1"), "z", "1"),
        entry("a", Some("pkg:npm/a@1"), "y", "3"),
        entry("a", Some("not a purl"), "z", "1"),
        entry("a", None, "z", "1"),
    ]);
    let rows = scan.rows().iter().map(|row| {
        let purl = row.purl.as_deref().unwrap_or("-");
        format!("{} {purl} {} {}", row.vulnerability, row.component, row.version.as_ref().unwrap())
    });
    assert_eq!(
        rows.collect::<Vec<_>>(),
        [
            "a - z 1",
            "a not a purl z 1",
            "a pkg:npm/a@1 y 3",
            "a pkg:npm/a@1 z 1",
            "a pkg:npm/a@1 z 2",
            "b - a 1",
        ]
    );
}

/// Lists of which the order says nothing.
const UNORDERED: &[&str] = &[
    "Results",
    "Vulnerabilities",
    "VendorIDs",
    "matches",
    "relatedVulnerabilities",
    "cvss",
    "results",
    "vulnerabilities",
    "affects",
    "components",
    "ratings",
    "references",
    "packages",
    "groups",
    "aliases",
    "ids",
    "severity",
    "deprecatedIds",
    "tags",
];

/// The same document with the members of its objects and those lists in another order.
fn shuffled(value: &Value, name: &str, seed: &mut u64) -> String {
    let mut next = |below: usize| {
        *seed =
            seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(*seed >> 33).unwrap() % below.max(1)
    };
    let mut shuffle = |parts: &mut Vec<String>| {
        for place in (1..parts.len()).rev() {
            parts.swap(place, next(place + 1));
        }
    };
    match value {
        Value::Object(members) => {
            let mut order: Vec<String> = members.keys().cloned().collect();
            shuffle(&mut order);
            let member = |name: &String| {
                format!("{}:{}", json!(name), shuffled(&members[name.as_str()], name, seed))
            };
            format!("{{{}}}", order.iter().map(member).collect::<Vec<_>>().join(","))
        }
        Value::Array(elements) => {
            let mut order: Vec<String> =
                (0..elements.len()).map(|place| place.to_string()).collect();
            if UNORDERED.contains(&name) {
                shuffle(&mut order);
            }
            let element =
                |place: &String| shuffled(&elements[place.parse::<usize>().unwrap()], "", seed);
            format!("[{}]", order.iter().map(element).collect::<Vec<_>>().join(","))
        }
        other => other.to_string(),
    }
}

/// A document of every format, with rows that agree in what names them and in nothing else.
fn documents() -> Vec<Value> {
    let fixtures = [
        "grype/TestJsonDirsPresenter.json",
        "trivy/alpine-310.json",
        "trivy/alpine-310.sarif.json",
        "trivy/debian-stretch.json",
        "trivy/gomod.json",
    ];
    let mut documents: Vec<Value> = fixtures
        .iter()
        .map(|name| json!({ "scanner": { "result": serde_json::from_str::<Value>(&fixture(name)).unwrap() } }))
        .collect();
    let twins = json!([
        { "VulnerabilityID": "a", "PkgName": "p", "Severity": "LOW", "FixedVersion": "2" },
        { "VulnerabilityID": "a", "PkgName": "p", "Severity": "HIGH" },
        { "VulnerabilityID": "a", "PkgName": "p", "Severity": "LOW", "VendorIDs": ["c", "b", "a"] },
    ]);
    let trivy = json!({ "SchemaVersion": 2, "ArtifactName": "a", "Results": [{ "Vulnerabilities": twins }] });
    let osv = json!({ "results": [{ "packages": [{
        "package": { "name": "a", "version": "1", "ecosystem": "npm" },
        "vulnerabilities": [
            { "id": "A", "aliases": ["C", "B"], "severity": [{ "type": "Ubuntu", "score": "high" }, { "type": "Debian", "score": "important" }] },
            { "id": "B", "aliases": ["A"] }, { "id": "D" },
        ],
        "groups": [{ "ids": ["A", "B"], "aliases": ["A", "B", "C"], "max_severity": "5.0" }, { "ids": ["D"], "max_severity": "" }],
    }] }] });
    let cyclonedx = json!({
        "bomFormat": "CycloneDX", "specVersion": "1.6",
        "components": [{ "bom-ref": "a", "name": "a" }, { "bom-ref": "b", "name": "b", "components": [{ "bom-ref": "c", "name": "c" }] }],
        "vulnerabilities": [
            { "id": "A", "affects": [{ "ref": "a" }, { "ref": "c" }, { "ref": "x" }], "ratings": [
                { "source": { "name": "z" }, "severity": "high" }, { "source": { "name": "y" }, "severity": "high" }, { "severity": "high", "score": 7.5 },
            ] },
            { "id": "A", "affects": [{ "ref": "a" }], "references": [{ "id": "C" }, { "id": "B" }] },
        ],
    });
    documents
        .extend([trivy, osv, cyclonedx].map(|result| json!({ "scanner": { "result": result } })));
    documents
}

#[test]
fn words_for_one_severity_by_several_are_named_by_the_first_in_the_alphabet() {
    let scan = report(&documents()[7]["scanner"]["result"]);
    assert_eq!(scan.rows()[1].severity_source.as_deref(), Some("y"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_order_of_rows_results_and_keys_changes_no_answer(mut seed in any::<u64>()) {
        for document in documents() {
            let plain = read(&statement(COSIGN, &document).to_string());
            let other = read(&shuffled(&statement(COSIGN, &document), "", &mut seed));
            prop_assert_eq!(plain, other);
        }
    }
}

fn any_row() -> impl Strategy<Value = Value> {
    let severity = prop::sample::select(vec!["LOW", "HIGH", "CRITICAL", "UNKNOWN", ""]);
    let score = prop::option::of(prop::sample::select(vec![1.0, 7.0, 9.8]));
    let (id, name) = ("[AB]", "[ab]");
    (id, name, severity, score, prop::sample::select(vec!["", "2"]))
        .prop_map(|(id, name, severity, score, fixed)| row(&id, &name, severity, score, fixed))
}

fn any_narrowing() -> impl Strategy<Value = Narrowing> {
    let severity = || prop::sample::select(Severity::ALL.to_vec());
    let status = || prop::sample::select(Status::ALL.to_vec());
    prop_oneof![
        prop::sample::select(vec!["a", "B", "v-a", "x"])
            .prop_map(|id| Narrowing::Vulnerability(id.to_owned())),
        severity().prop_map(Narrowing::Severity),
        severity().prop_map(Narrowing::SeverityAtLeast),
        prop::sample::select(vec![0_u32, 70, 100]).prop_map(Narrowing::ScoreAtLeast),
        any::<bool>().prop_map(Narrowing::Fixable),
        prop::option::of(status()).prop_map(Narrowing::Status),
        status().prop_map(Narrowing::StatusNot),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_the_index_knows_changes_no_answer(
        rows in prop::collection::vec(any_row(), 0..24),
        narrowings in prop::collection::vec(any_narrowing(), 0..4),
        vex in prop::collection::vec(prop::option::of(prop::sample::select(Status::ALL.to_vec())), 0..24),
    ) {
        use lockgate_evidence::Narrowing as _;

        let vex = vex.into_iter().map(|status| status.map(|status| stated(status, 1))).collect();
        let index = Assessment::new(trivy(&rows), vex);
        let expected: Vec<u32> = (0..).take(index.scan().rows().len()).filter(|row| {
            narrowings.iter().all(|narrowing| narrowing.covers(&index, *row as usize))
        }).collect();
        prop_assert_eq!(covered(&index, &narrowings), expected);
    }
}

/// A trust of nobody, at a stage that accepts unsigned scans.
fn accepting() -> Trust {
    let mut trust = Trust::empty();
    trust.accept(Accepts::from([(Kind::Vulnerabilities, Acceptance::Unsigned)]));
    trust
}

/// A report of each format that has to be known by itself, about nothing that binds.
fn raw() -> [(&'static str, Value); 4] {
    let osv = json!({ "results": [], "experimental_config": { "licenses": {} } });
    [
        ("grype", json!({ "matches": [], "descriptor": { "name": "grype" } })),
        ("osv-scanner", osv),
        ("sarif", serde_json::from_str(&fixture("trivy/alpine-310.sarif.json")).unwrap()),
        ("trivy", serde_json::from_str(&fixture("trivy/npm.json")).unwrap()),
    ]
}

#[test]
fn a_scanners_own_report_is_a_scan_that_nobody_signed() {
    for (format, document) in raw() {
        assert_eq!(
            common::line(&Trust::empty(), &document),
            "d.json 0 vulnerabilities rejected: is not signed"
        );
        let case = Case::new().json("d.json", &document);
        assert_eq!(
            case.report(&accepting()),
            [
                "d.json 0 vulnerabilities rejected: is not signed, and does not name the artifact's digest"
            ]
        );
        let named = named(&document, Kind::Vulnerabilities);
        assert_eq!(named, Ok((format.to_owned(), SubjectCheck::Called)));
    }
    let results = json!({ "results": [] });
    assert_eq!(
        common::line(&accepting(), &results),
        "d.json 0 - unrecognised: is JSON, but no evidence of a form that this version knows"
    );
}

/// What becomes of a document that the caller names: its format and how it is bound, or the line.
fn named(document: &Value, kind: Kind) -> Result<(String, SubjectCheck), Vec<String>> {
    let case = Case::new().json("d.json", document);
    let mut artifact = case.artifact();
    let path = case.path("evidence").join("d.json");
    let source = lockgate_evidence::Source { kind: Some(kind), path };
    let caps = lockgate_evidence::Caps::default();
    let gathered =
        lockgate_evidence::gather(&mut artifact, &[source], &caps, &accepting()).unwrap();
    let facts = lockgate_evidence::verify(gathered, &artifact, &accepting(), common::at());
    let fact = facts.attestations().first().ok_or_else(|| common::lines(&facts))?;
    let scan = fact.get().scan().map_err(|error| vec![error.to_string()])?;
    Ok((scan.format().to_owned(), fact.checks().subject))
}

#[test]
fn a_report_that_names_the_artifact_is_about_it_and_one_that_names_another_image_is_not() {
    let ours = format!("r/app@sha256:{}", sha256());
    let other = format!("r/app@sha256:{}", "0".repeat(64));
    let trivy = |digest: &str| {
        let metadata = json!({ "ImageID": other, "RepoDigests": [digest] });
        json!({ "SchemaVersion": 2, "ArtifactName": "a", "Results": [], "Metadata": metadata })
    };
    let grype = |digest: &str| {
        let target = json!({ "userInput": "a", "repoDigests": [digest] });
        let source = json!({ "type": "image", "target": target });
        json!({ "matches": [], "descriptor": {}, "source": source })
    };
    let sarif = |digest: &str| {
        let tool = json!({ "driver": { "name": "Trivy" } });
        json!({ "version": "2.1.0", "runs": [
            { "tool": tool, "results": [], "properties": { "repoDigests": [digest] } },
        ] })
    };
    let all: [&dyn Fn(&str) -> Value; 3] = [&trivy, &grype, &sarif];
    for report in all {
        assert_eq!(
            Case::new().json("d.json", &report(&ours)).report(&accepting()),
            ["d.json 0 vulnerabilities accepted: by "]
        );
        let is_other = named(&report(&other), Kind::Vulnerabilities).unwrap_err();
        let zeros = "0".repeat(64);
        assert_eq!(
            is_other,
            [format!(
                "d.json 0 vulnerabilities rejected: is not signed, and is about `r/app` (sha256:{zeros})"
            )]
        );
    }
}

#[test]
fn a_report_from_the_future_is_none() {
    for (field, document) in [
        (
            "CreatedAt",
            json!({ "SchemaVersion": 2, "ArtifactName": "a", "CreatedAt": "2026-10-03T00:00:00Z" }),
        ),
        (
            "descriptor.timestamp",
            json!({ "matches": [], "descriptor": { "timestamp": "2026-10-03T00:00:00Z" } }),
        ),
        (
            "endTimeUtc",
            json!({ "version": "2.1.0", "runs": [{ "invocations": [{ "endTimeUtc": "2026-10-03T00:00:00Z" }] }] }),
        ),
        (
            "metadata.timestamp",
            json!({ "bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": { "timestamp": "2026-10-03T00:00:00Z" } }),
        ),
    ] {
        assert_eq!(
            named(&document, Kind::Vulnerabilities).unwrap_err(),
            [format!(
                "d.json 0 vulnerabilities rejected: its `{field}` is 2026-10-03T00:00:00Z, which is more \
                 than five minutes after 2026-10-02T00:00:00Z"
            )]
        );
    }
}

#[test]
fn a_cyclonedx_document_is_the_scan_that_the_caller_calls_it() {
    let document = json!({ "bomFormat": "CycloneDX", "specVersion": "1.6", "vulnerabilities": [] });
    let read = named(&document, Kind::Vulnerabilities);
    assert_eq!(read, Ok(("cyclonedx".to_owned(), SubjectCheck::Called)));
    let bom = json!({ "bomFormat": "CycloneDX", "specVersion": "1.6" });
    assert_eq!(
        named(&bom, Kind::Vulnerabilities).unwrap_err(),
        ["the document is not valid CycloneDX: it lacks `vulnerabilities`, so it is a bill of \
          materials and no scan"]
    );
    assert_eq!(
        Case::new().json("d.json", &document).report(&accepting()),
        ["d.json 0 sbom rejected: is not signed"]
    );
    let signed = Key::p256();
    let trust = signed.trusted("ci");
    let case = Case::new().called(Kind::Vulnerabilities);
    let case = case.json("d.json", &signed.bundle(&statement(common::CYCLONEDX, &document)));
    assert_eq!(
        case.report(&trust),
        ["d.json 0 sbom rejected: was given as `vulnerabilities`, and is `sbom`"]
    );
}
