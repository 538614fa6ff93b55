//! Keys with a window, revoked keys, and what a key file may be: through the binary.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, reason = "tests set up files")]

use lockgate_tests::{Row, Signer, Workbench, statement};
use serde_json::{Value, json};

const BINARY: &str = env!("CARGO_BIN_EXE_lockgate-under-test");
const CONFIG: &str = "examples/release/lockgate.toml";

/// A run over the example release with more keys for the signer `ci` in the policy file.
fn with(keys: &str) -> Workbench {
    let bench = Workbench::with_release(BINARY);
    bench.replace(CONFIG, "file = \"trust/ci.pub\"", &format!("file = \"trust/ci.pub\"\n{keys}"));
    bench
}

/// Asserts that production is denied, for all documents by `ci` and for this reason.
fn denies(keys: &str, words: &str) {
    let report = with(keys).check_release(&[]).exits(1).json();
    let documents = report["documents"].as_array().unwrap();
    let refused: Vec<&Value> = documents
        .iter()
        .filter(|document| document["reason"].as_str().is_some_and(|why| why.contains(words)))
        .collect();
    let paths: Vec<_> = refused.iter().map(|document| &document["path"]).collect();
    assert_eq!(paths, ["app.sigstore.json", "sbom.sigstore.json", "tests.sigstore.json"]);
    assert!(refused.iter().all(|document| document["status"] == "rejected"));
    let message = report["reasons"][0]["message"].as_str().unwrap();
    assert!(message.contains(words), "{message}");
}

#[test]
fn a_window_is_held_against_the_moment_that_is_asked_for() {
    let window = "not-before = \"2026-10-01T00:00:00Z\"\nnot-after = 2026-10-02T00:00:00Z";
    drop(with(window).check_release(&[]).exits(0));
    denies("not-after = \"2026-10-01T23:59:59Z\"", "signer-expired: `ci`");
    denies("not-before = \"2026-10-02T00:00:01Z\"", "signer-not-yet-valid: `ci`");
}

#[test]
fn a_revoked_key_vouches_for_nothing() {
    denies("revoked-at = \"2026-10-01T00:00:00Z\"", "is revoked since 2026-10-01T00:00:00Z");
    // No trusted time proves that anything was signed before.
    denies("revoked-at = \"2027-01-01T00:00:00Z\"", "is revoked since 2027-01-01T00:00:00Z");
    denies("revoked = \"compromised\"", "is revoked as compromised");
    let both = "revoked-at = \"2027-01-01T00:00:00Z\"\nrevoked = \"compromised\"";
    denies(both, "is revoked as compromised");
}

#[test]
fn what_does_not_go_with_the_key_is_a_configuration_error() {
    for (keys, words) in [
        ("namespace = \"file\"", "`namespace` is for keys of OpenSSH, and this is none"),
        ("principal = \"a@b\"", "`principal` is for keys of OpenSSH, and this is none"),
        (
            "not-before = 2026-01-02T00:00:00Z\nnot-after = 2026-01-01T00:00:00Z",
            "there is no moment at which the key is good",
        ),
        ("not-after = \"tomorrow\"", "RFC 3339"),
    ] {
        let ran = with(keys).check_release(&[]).exits(2);
        assert!(ran.stderr.contains(words), "{}", ran.stderr);
    }
}

/// What becomes of a statement by `ci`, whose entry has these lines.
fn stated(lines: &str, predicate_type: &str, predicate: &Value) -> Row {
    let bench = Workbench::new(BINARY);
    let ci = Signer::named("ci");
    bench.write("app", "app");
    bench.write("ci.pub", ci.pem());
    let config = format!("[[trust.key]]\nname = \"ci\"\nfile = \"ci.pub\"\n{lines}\n");
    bench.write("lockgate.toml", config);
    bench.write("document.json", ci.bundle(&statement(b"app", predicate_type, predicate)));
    let arguments = ["evidence", "app", "--config=lockgate.toml", "--evidence=document.json"];
    Row::only(&bench.run(&[&arguments[..], &["-ojson"]].concat()).exits(0))
}

#[test]
fn a_key_without_for_vouches_for_evidence_and_not_for_decisions_about_it() {
    let result = json!({ "result": "PASSED", "configuration": [] });
    let test_result = "https://in-toto.io/attestation/test-result/v0.1";
    stated("", test_result, &result).fact("test-result", "ci");
    let verifier = json!({ "verifier": { "id": "ci" }, "verificationResult": "PASSED" });
    for (kind, predicate_type) in [
        ("verification-summary", "https://slsa.dev/verification_summary/v1"),
        ("svr", "https://in-toto.io/attestation/svr/v0.1"),
    ] {
        let why =
            format!("signer-not-for-kind: `ci` signs it, and has no `for`, which `{kind}` needs");
        stated("", predicate_type, &verifier).rejected(&[&why]);
        stated(&format!("for = [\"{kind}\"]"), predicate_type, &verifier).fact(kind, "ci");
    }
}

#[test]
fn whoever_signed_it_is_who_said_it_whatever_a_document_says_of_its_author() {
    let vex = json!({
        "@context": "https://openvex.dev/ns/v0.2.0",
        "author": "The Security Team of somebody else",
        "statements": [],
    });
    stated("for = [\"vex\"]", "https://openvex.dev/ns/v0.2.0", &vex).fact("vex", "ci");
    let built = json!({
        "buildDefinition": { "buildType": "https://example.com/build" },
        "runDetails": { "builder": { "id": "builder" } },
    });
    let provenance = "https://slsa.dev/provenance/v1";
    stated("for = [\"provenance\"]", provenance, &built).fact("provenance", "ci");
}
