//! What a policy sees through every function of the interfaces: a guest notes each answer, and the
//! notes are compared with those that were read over.
#![forbid(unsafe_code)]
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests set up files")]

use lockgate_tests::{Gate, Ran, Signer, golden, root, statement};
use serde_json::{Value, json};

const BINARY: &str = env!("CARGO_BIN_EXE_lockgate-under-test");

/// The guest in `plugins/survey`.
const SURVEY: &str = env!("SURVEY_WASM");

/// A gate whose one policy is the survey with these settings.
fn gate(lines: &str, settings: &str) -> Gate {
    let policy = format!(
        "{lines}\n[[stage.production.policy]]\nname = \"survey\"\nplugin = \"./survey.wasm\"\n\
         settings = {settings}\n"
    );
    let gate = Gate::with(BINARY, &policy);
    gate.bench.write("survey.wasm", std::fs::read(SURVEY).unwrap());
    gate
}

/// A signed document.
fn signed(signer: &str, predicate_type: &str, predicate: &Value) -> String {
    Signer::named(signer).bundle(&statement(Gate::ARTIFACT, predicate_type, predicate))
}

fn fixture(path: &str) -> Value {
    let text = std::fs::read_to_string(root().join("tests/fixtures").join(path)).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The notes, one a line.
fn notes(ran: &Ran) -> String {
    let report = ran.json();
    let findings = report["policies"][0]["findings"].as_array().unwrap();
    let note = |finding: &Value| finding["message"].as_str().unwrap()[5..].to_owned() + "\n";
    let notes: String = findings.iter().map(note).collect();
    let read = &report["policies"][0]["read"];
    let count = read["documents"].as_array().unwrap().len();
    format!(
        "{notes}read: {count} documents, time {}, history {}, contents {}\n",
        read["time"], read["history"], read["contents"]
    )
}

fn compare(name: &str, text: &str) {
    golden(&root().join(format!("tests/golden/survey/{name}.txt")), text);
}

#[test]
fn a_bill_of_materials_in_cyclonedx() {
    let sbom = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
        "metadata": {
            "timestamp": "2026-09-01T00:00:00Z",
            "lifecycles": [{ "phase": "build" }],
            "tools": { "components": [{ "type": "application", "name": "maker", "version": "1" }] },
            "component": { "type": "application", "name": "app", "bom-ref": "app" },
        },
        "components": [
            {
                "type": "library", "bom-ref": "a", "name": "a", "version": "1.0.0",
                "purl": "pkg:npm/%40acme/a@1.0.0", "supplier": { "name": "Acme" },
                "licenses": [{ "license": { "id": "MIT", "acknowledgement": "declared" } }],
                "hashes": [{ "alg": "SHA-256", "content": "ab".repeat(32) }],
                "externalReferences": [{ "type": "vcs", "url": "https://example.com/a" }],
            },
            {
                "type": "library", "bom-ref": "b", "name": "b", "group": "g", "version": "2",
                "licenses": [{ "expression": "(MIT OR GPL-3.0-only) AND ISC", "acknowledgement": "concluded" }],
                "components": [{ "type": "file", "bom-ref": "c", "name": "c" }],
            },
        ],
        "services": [{ "name": "login", "endpoints": ["https://example.com/login"] }],
        "dependencies": [
            { "ref": "app", "dependsOn": ["a"] },
            { "ref": "a", "dependsOn": ["b"] },
            { "ref": "b", "dependsOn": ["c"] },
        ],
    });
    let ask = [
        "[\"purl-pattern pkg:npm/**\"]",
        "[\"purl pkg:npm/@acme/a\"]",
        "[\"license-named gpl-3.0-only\"]",
        "[\"licenses-any 0 1\", \"has version\"]",
        "[\"direct\"]",
        "[\"needed-by 2\"]",
        "[\"lacks license\"]",
        "[\"name g/b\", \"version 2\"]",
        "[\"purl left-pad\", \"license 9\", \"needed-by 9\", \"has teeth\"]",
    ];
    let settings = format!("{{ look = [\"sbom\"], ask = [{}] }}", ask.join(", "));
    let gate = gate("", &settings)
        .holding("sbom.json", &signed("ci", "https://cyclonedx.org/bom", &sbom))
        .holding(
            "empty.json",
            &signed("ci", "https://spdx.dev/Document", &json!({ "spdxVersion": "SPDX-9.0" })),
        );
    compare("cyclonedx", &notes(&gate.check(&["evidence"]).exits(0)));
}

#[test]
fn a_bill_of_materials_in_spdx() {
    let sbom = fixture("sbom/spdx/SPDXJSONExample-v2.3.spdx.json");
    let settings = "{ look = [\"sbom\"], ask = [[\"direct\"], [\"has purl\"]] }";
    let gate =
        gate("", settings).holding("sbom.json", &signed("ci", "https://spdx.dev/Document", &sbom));
    let ran = gate.bench.run(&[
        "check",
        "app",
        "--stage=production",
        "--config=lockgate.toml",
        "--evidence=evidence",
        "--at=2026-10-02T00:00:00Z",
        "-ojson",
    ]);
    compare("spdx", &notes(&ran.exits(0)));
}

/// A scan by Trivy in cosign's predicate.
fn scan() -> Value {
    json!({
        "invocation": {},
        "scanner": {
            "uri": "pkg:github/aquasecurity/trivy",
            "version": "0.50.0",
            "db": { "version": "2", "lastUpdate": "2026-09-01T00:00:00Z" },
            "result": {
                "SchemaVersion": 2,
                "ArtifactName": "app",
                "Results": [{
                    "Target": "package-lock.json", "Class": "lang-pkgs", "Type": "npm",
                    "Vulnerabilities": [
                        {
                            "VulnerabilityID": "CVE-2026-0001", "PkgName": "a",
                            "PkgIdentifier": { "PURL": "pkg:npm/a@1.0.0" },
                            "InstalledVersion": "1.0.0", "FixedVersion": "1.0.1, 1.1.0",
                            "Severity": "CRITICAL", "SeveritySource": "nvd",
                            "PublishedDate": "2026-08-01T00:00:00Z",
                            "CVSS": { "nvd": {
                                "V3Vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
                                "V3Score": 9.8,
                            } },
                        },
                        {
                            "VulnerabilityID": "CVE-2026-0002", "PkgName": "b",
                            "PkgIdentifier": { "PURL": "pkg:npm/b@2.0.0" },
                            "InstalledVersion": "2.0.0", "Severity": "MEDIUM",
                        },
                        {
                            "VulnerabilityID": "CVE-2026-0003", "PkgName": "c",
                            "InstalledVersion": "3", "Severity": "UNKNOWN",
                        },
                    ],
                }],
            },
        },
        "metadata": {
            "scanStartedOn": "2026-09-02T00:00:00Z", "scanFinishedOn": "2026-09-02T00:01:00Z",
        },
    })
}

/// What one says of a vulnerability in a component.
fn vex(id: &str, purl: &str, status: &str) -> Value {
    let mut statement = json!({
        "vulnerability": { "name": id },
        "products": [{ "@id": "app", "subcomponents": [{ "@id": purl }] }],
        "status": status,
    });
    if status == "not_affected" {
        statement["justification"] = json!("vulnerable_code_not_present");
    } else if status == "affected" {
        statement["action_statement"] = json!("update");
    }
    json!({
        "@context": "https://openvex.dev/ns/v0.2.0",
        "@id": format!("https://example.com/{id}"),
        "author": "Somebody Important",
        "timestamp": "2026-09-03T00:00:00Z",
        "version": 1,
        "statements": [statement],
    })
}

const VULN: &str = "https://cosign.sigstore.dev/attestation/vuln/v1";
const OPENVEX: &str = "https://openvex.dev/ns/v0.2.0";

/// A gate where `builder` may vouch for VEX, too, with a scan and two opinions on it.
fn scanned(settings: &str) -> Gate {
    let first = vex("CVE-2026-0001", "pkg:npm/a@1.0.0", "not_affected");
    let second = vex("CVE-2026-0002", "pkg:npm/b@2.0.0", "affected");
    let gate = gate("", settings)
        .holding("scan.json", &signed("ci", VULN, &scan()))
        .holding("vex-1.json", &signed("builder", OPENVEX, &first))
        .holding("vex-2.json", &signed("ci", OPENVEX, &second));
    let config = gate.bench.read("lockgate.toml");
    let config = config
        .replace("[\"provenance\"]", "[\"vex\"]")
        .replace("\"test-result\"]", "\"test-result\", \"vex\"]");
    gate.bench.write("lockgate.toml", config);
    gate
}

#[test]
fn a_scan_with_what_vex_says_of_it() {
    let ask = [
        "[\"severity-at-least high\"]",
        "[\"severity medium\"]",
        "[\"score-at-least 90\"]",
        "[\"fixable true\"]",
        "[\"vulnerability cve-2026-0002\"]",
        "[\"status not-affected\"]",
        "[\"status none\"]",
        "[\"status-not not-affected\", \"severity-at-least low\"]",
        "[\"purl pkg:npm/a\"]",
        "[\"component c\"]",
        "[\"severity awful\", \"status gone\", \"purl left-pad\"]",
    ];
    let settings = format!("{{ look = [\"vulnerabilities\"], ask = [{}] }}", ask.join(", "));
    compare("scan", &notes(&scanned(&settings).check(&["evidence"]).exits(0)));
}

#[test]
fn only_the_signers_whom_a_policy_honours_say_anything_of_a_row() {
    let settings = "{ look = [\"vulnerabilities\"], vex = [\"ci\"] }";
    let notes_ci = notes(&scanned(settings).check(&["evidence"]).exits(0));
    assert!(notes_ci.contains("\"affected\"") && !notes_ci.contains("not-affected"), "{notes_ci}");
    let settings = "{ look = [\"vulnerabilities\"], vex = [] }";
    let nobody = notes(&scanned(settings).check(&["evidence"]).exits(0));
    assert!(!nobody.contains("  vex:") && nobody.contains("read: 1 documents"), "{nobody}");
}

#[test]
fn results_of_tests() {
    let run = json!({
        "result": "FAILED",
        "configuration": [{ "name": "suite", "uri": "https://example.com/suite",
            "digest": { "sha256": "ab".repeat(32) } }],
        "url": "https://example.com/run/1",
        "passedTests": ["b", "a", "b"],
        "failedTests": ["c"],
    });
    let predicate_type = "https://in-toto.io/attestation/test-result/v0.1";
    let gate = gate("", "{ look = [\"tests\"] }")
        .holding("a.json", &signed("ci", predicate_type, &run))
        .holding(
            "b.json",
            &signed("ci", predicate_type, &json!({ "result": "PASSED", "configuration": {} })),
        );
    compare("tests", &notes(&gate.check(&["evidence"]).exits(0)));
}

#[test]
fn history_is_empty_without_a_ledger_and_counts_as_read() {
    let gate = gate("", "{ look = [\"history\"] }");
    compare("history", &notes(&gate.check(&[]).exits(0)));
}

/// The report of a survey of this artifact.
fn inside(artifact: &str, bytes: &[u8], settings: &str, exit: i32) -> Ran {
    let gate = gate("", settings);
    gate.bench.write(artifact, bytes);
    gate.check_of(artifact, &[]).exits(exit)
}

fn archive(name: &str) -> Vec<u8> {
    std::fs::read(root().join("tests/fixtures/archives").join(name)).unwrap()
}

#[test]
fn files_inside_the_artifact() {
    let settings = "{ look = [\"contents\"], ask = [[\"path **\"], [\"kind file\", \"size-at-least 1\"], \
                    [\"mode-any 4000\"], [\"kind teeth\", \"path \"]], search = [\"=a\", \"[a-z]{3}\", \"a*\", \"(\"] }";
    for (name, golden) in [("gnu.tar.gz", "tar-gzip"), ("info.zip", "zip")] {
        compare(golden, &notes(&inside(name, &archive(name), settings, 0)));
    }
}

#[test]
fn what_is_no_archive_is_told_and_counts_as_looked_at() {
    let notes = notes(&inside("app.txt", b"no archive\n", "{ look = [\"contents\"] }", 0));
    assert!(notes.starts_with("no archive: ") && notes.ends_with("contents true\n"), "{notes}");
    let gate = gate("", "{ look = [\"contents\"] }");
    let digest = format!("sha256:{}", "ab".repeat(32));
    let ran = gate.check_of(&digest, &[]).exits(0);
    assert!(
        self::notes(&ran).contains("only the artifact's digest is known"),
        "{}",
        self::notes(&ran)
    );
}

#[test]
fn a_file_that_a_cap_kept_out_withholds_and_is_never_passed_over() {
    for look in ["ask = [[\"kind file\"]], search = [\"=a\"]", "ask = []"] {
        let settings = format!("{{ look = [\"contents\"], {look} }}");
        let gate = gate("", &settings);
        let config = gate.bench.read("lockgate.toml");
        gate.bench.write("lockgate.toml", format!("[evidence]\nmax-contents = 1\n\n{config}"));
        gate.bench.write("app.tar.gz", archive("gnu.tar.gz"));
        let report = gate.check_of("app.tar.gz", &[]).exits(3).json();
        let reason = report["policies"][0]["reason"].as_str().unwrap();
        assert!(reason.starts_with("asked in `evaluate` for what is not held: "), "{reason}");
    }
}

#[test]
fn an_archive_with_two_meanings_says_so() {
    // One path twice, in a zip whose local header says otherwise.
    let mut bytes = archive("info.zip");
    let local = bytes.windows(4).position(|mark| mark == b"PK\x03\x04").unwrap();
    bytes[local + 30] = b'X';
    let notes = notes(&inside("app.zip", &bytes, "{ look = [\"contents\"] }", 0));
    assert!(notes.contains("ambiguous: (\"conflicting-header\""), "{notes}");
}
