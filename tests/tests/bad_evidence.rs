//! What becomes of evidence that is malformed, contradictory, enormous, deep, empty or of another kind,
//! by the table in `docs/evidence.md`.
#![forbid(unsafe_code)]
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests set up files")]

use lockgate_tests::{Gate, Signer, statement};
use serde_json::{Value, json};

const BINARY: &str = env!("CARGO_BIN_EXE_lockgate-under-test");

/// The guest in `plugins/survey`, which notes what it sees.
const SURVEY: &str = env!("SURVEY_WASM");

const CYCLONEDX: &str = "https://cyclonedx.org/bom";
const VULN: &str = "https://cosign.sigstore.dev/attestation/vuln/v1";
const TESTS: &str = "https://in-toto.io/attestation/test-result/v0.1";
const OPENVEX: &str = "https://openvex.dev/ns/v0.2.0";

/// A gate that expects a document of a kind, accepts unsigned scans, and surveys.
fn gate(kind: &str, look: &str) -> Gate {
    let lines = format!(
        "accept = {{ vulnerabilities = \"unsigned\" }}\nexpects = [{{ kind = \"{kind}\" }}]\n\
         [[stage.production.policy]]\nname = \"survey\"\nplugin = \"./survey.wasm\"\n\
         settings = {{ look = [\"{look}\"] }}\n"
    );
    let gate = Gate::with(BINARY, &lines);
    gate.bench.write("survey.wasm", std::fs::read(SURVEY).unwrap());
    let config = gate.bench.read("lockgate.toml");
    gate.bench
        .write("lockgate.toml", config.replace("\"test-result\"]", "\"test-result\", \"vex\"]"));
    gate
}

fn signed(predicate_type: &str, predicate: &Value) -> String {
    Signer::named("ci").bundle(&statement(Gate::ARTIFACT, predicate_type, predicate))
}

/// What was noted, one a line.
fn notes(report: &Value) -> String {
    let findings = report["policies"][0]["findings"].as_array().unwrap();
    let note = |finding: &Value| finding["message"].as_str().unwrap().to_owned() + "\n";
    findings.iter().map(note).collect()
}

/// Trivy's report, around these results.
fn trivy(results: Value) -> Value {
    let mut report = json!({ "SchemaVersion": 2, "ArtifactName": "app" });
    if !results.is_null() {
        report["Results"] = results;
    }
    report
}

/// The same in cosign's predicate, made then.
fn scan(result: &Value, finished: &str) -> Value {
    json!({
        "invocation": {},
        "scanner": { "uri": "trivy", "version": "1", "db": {}, "result": result },
        "metadata": { "scanStartedOn": finished, "scanFinishedOn": finished },
    })
}

fn found(id: &str) -> Value {
    json!([{ "Target": "a", "Class": "lang-pkgs", "Type": "npm", "Vulnerabilities": [{
        "VulnerabilityID": id, "PkgName": "a", "InstalledVersion": "1", "Severity": "HIGH",
        "PkgIdentifier": { "PURL": "pkg:npm/a@1" },
    }] }])
}

const DAY: &str = "2026-09-30T00:00:00Z";

#[test]
fn what_cannot_be_read_as_json_is_rejected_and_missed() {
    let whole = signed(CYCLONEDX, &json!({ "bomFormat": "CycloneDX", "specVersion": "1.6" }));
    let deep =
        format!("{{\"bomFormat\":\"CycloneDX\",\"a\":{}{}}}", "[".repeat(101), "]".repeat(101));
    for (document, why) in [
        (whole[..whole.len() - 40].to_owned(), "is not valid JSON: the text ends"),
        ("{\"bomFormat\":\"CycloneDX\",".to_owned(), "is not valid JSON: "),
        (deep, "is nested deeper than 100 levels"),
        (
            "{\"bomFormat\":\"CycloneDX\",\"bomFormat\":\"CycloneDX\"}".to_owned(),
            "has the name `bomFormat` twice",
        ),
    ] {
        let gate = gate("sbom", "sbom").holding("sbom.json", &document);
        let report = gate.check(&["evidence"]).exits(1).json();
        let reason = report["reasons"][0]["message"].as_str().unwrap();
        assert!(reason.contains(why), "{why}: {reason}");
        assert_eq!(report["policies"][0]["opinion"], "withheld", "nobody was asked");
    }
}

#[test]
fn an_enormous_document_is_not_read() {
    let gate = gate("sbom", "sbom").holding(
        "sbom.json",
        &signed(
            CYCLONEDX,
            &json!({ "bomFormat": "CycloneDX", "specVersion": "1.6", "x": "a".repeat(5000) }),
        ),
    );
    let config = gate.bench.read("lockgate.toml");
    gate.bench.write("lockgate.toml", format!("[evidence]\nmax-document = \"4KiB\"\n\n{config}"));
    let report = gate.check(&["evidence"]).exits(1).json();
    let reason = report["documents"][0]["reason"].as_str().unwrap();
    assert!(reason.contains("4096"), "{reason}");
}

#[test]
fn an_empty_predicate_passes_for_nothing() {
    for (kind, look, predicate_type, lacks) in [
        ("sbom", "sbom", CYCLONEDX, "its predicate lacks `bomFormat`"),
        ("vulnerabilities", "vulnerabilities", VULN, "its predicate lacks `scanner`"),
        ("test-result", "tests", TESTS, "its predicate lacks `result`"),
        ("vex", "vulnerabilities", OPENVEX, "its predicate lacks `@context`"),
    ] {
        let gate = gate(kind, look).holding("a.json", &signed(predicate_type, &json!({})));
        let report = gate.check(&["evidence"]).exits(1).json();
        assert_eq!(report["documents"][0]["reason"], lacks);
    }
}

#[test]
fn a_document_of_another_kind_is_not_what_was_meant() {
    let gate = gate("vulnerabilities", "vulnerabilities").holding(
        "a.json",
        &signed(CYCLONEDX, &json!({ "bomFormat": "CycloneDX", "specVersion": "1.6" })),
    );
    let report = gate.check(&["vulnerabilities=evidence/a.json"]).exits(1).json();
    assert_eq!(report["documents"][0]["reason"], "was given as `vulnerabilities`, and is `sbom`");
}

#[test]
fn a_scan_is_empty_only_where_it_says_so() {
    let unreadable = [
        (json!({ "hello": "world" }), "unreadable: "),
        (json!([]), "unreadable: "),
        (json!(null), "unreadable: "),
        (json!({ "SchemaVersion": 3, "Results": [] }), "unreadable: "),
    ];
    for (result, what) in unreadable {
        let gate = gate("vulnerabilities", "vulnerabilities")
            .holding("a.json", &signed(VULN, &scan(&result, DAY)));
        let notes = notes(&gate.check(&["evidence"]).exits(0).json());
        assert!(notes.contains(what) && !notes.contains("rows:"), "{result}: {notes}");
    }
    let clean = json!([{ "Target": "a", "Class": "lang-pkgs", "Type": "npm" }]);
    let nothing = "the scan covered nothing";
    for (results, note) in [(clean, "notes: []"), (json!([]), nothing), (json!(null), nothing)] {
        let gate = gate("vulnerabilities", "vulnerabilities")
            .holding("a.json", &signed(VULN, &scan(&trivy(results), DAY)));
        let notes = notes(&gate.check(&["evidence"]).exits(0).json());
        assert!(notes.contains("rows: 0") && notes.contains(note), "{notes}");
    }
}

#[test]
fn two_scans_of_different_age_are_both_seen_unless_the_stage_sets_one_aside() {
    let old = signed(VULN, &scan(&trivy(found("CVE-2026-1")), "2026-08-01T00:00:00Z"));
    let new = signed(VULN, &scan(&trivy(json!([])), DAY));
    let both =
        gate("vulnerabilities", "vulnerabilities").holding("a.json", &old).holding("b.json", &new);
    let seen = notes(&both.check(&["evidence"]).exits(0).json());
    assert!(seen.contains("scan a.json") && seen.contains("scan b.json"), "{seen}");
    let config = both.bench.read("lockgate.toml");
    let config = config
        .replace("kind = \"vulnerabilities\"", "kind = \"vulnerabilities\", max-age = \"7d\"");
    both.bench.write("lockgate.toml", config);
    let report = both.check(&["evidence"]).exits(0).json();
    let seen = notes(&report);
    assert!(!seen.contains("scan a.json") && seen.contains("scan b.json"), "{seen}");
    assert!(report["documents"][0]["reason"].as_str().unwrap().starts_with("is set aside: "));
}

#[test]
fn a_raw_report_counts_where_the_stage_accepts_it_and_the_caller_names_it() {
    let raw = trivy(found("CVE-2026-1"));
    let gate = gate("vulnerabilities", "vulnerabilities").holding("trivy.json", &raw);
    drop(gate.check(&["evidence"]).exits(1));
    let report = gate.check(&["vulnerabilities=evidence/trivy.json"]).exits(0).json();
    assert_eq!(report["documents"][0]["status"], "accepted");
    let seen = notes(&report);
    assert!(
        seen.contains("scan trivy.json accepted []") && seen.contains("\"CVE-2026-1\""),
        "{seen}"
    );
    let codes: Vec<_> =
        report["relaxations"].as_array().unwrap().iter().map(|r| &r["code"]).collect();
    assert!(codes.iter().any(|code| **code == "accepted-unsigned"), "{codes:?}");
}

#[test]
fn a_vex_document_that_cannot_be_read_clears_nobody() {
    let vex = |status: &str, more: Value| {
        let mut document = json!({
            "@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://example.com/vex",
            "author": "a", "timestamp": DAY, "version": 1,
            "statements": [{
                "vulnerability": { "name": "CVE-2026-1" }, "status": status,
                "justification": "component_not_present",
                "products": [{ "@id": "app", "subcomponents": [{ "@id": "pkg:npm/a@1" }] }],
            }],
        });
        for (name, value) in more.as_object().unwrap() {
            document[name] = value.clone();
        }
        signed(OPENVEX, &document)
    };
    let scanned = signed(VULN, &scan(&trivy(found("CVE-2026-1")), DAY));
    let gate = |second: &str| {
        gate("vulnerabilities", "vulnerabilities")
            .holding("scan.json", &scanned)
            .holding("vex-1.json", &vex("not_affected", json!({})))
            .holding("vex-2.json", &second)
    };
    let clear = notes(
        &gate(&vex("not_affected", json!({ "version": 2 }))).check(&["evidence"]).exits(0).json(),
    );
    assert!(clear.contains("\"not-affected\""), "{clear}");
    let odd = vex("no_such_status", json!({ "version": 2 }));
    let unreadable = notes(&gate(&odd).check(&["evidence"]).exits(0).json());
    assert!(
        unreadable.contains("unreadable: what VEX says cannot be told")
            && !unreadable.contains("row:"),
        "{unreadable}"
    );
}

#[test]
fn two_bills_of_materials_that_disagree_are_both_seen() {
    let of = |name: &str| {
        let component = json!({ "type": "library", "name": name });
        signed(
            CYCLONEDX,
            &json!({
                "bomFormat": "CycloneDX", "specVersion": "1.6", "components": [component],
            }),
        )
    };
    let gate = gate("sbom", "sbom").holding("a.json", &of("one")).holding("b.json", &of("other"));
    let seen = notes(&gate.check(&["evidence"]).exits(0).json());
    assert!(seen.contains("\"one\"") && seen.contains("\"other\""), "{seen}");
}
