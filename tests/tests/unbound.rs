//! What somebody signed without a subject, and a stage accepts all the same.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, reason = "tests set up files")]

use lockgate_tests::{Gate, Signer, statement};
use serde_json::{Value, json};
use sha2::{Digest, Sha256, Sha512};

const BINARY: &str = env!("CARGO_BIN_EXE_lockgate-under-test");

const UNBOUND: &str = "{ sbom = \"unbound\" }";
const CODE: &str = "accepted-unbound";
const CYCLONEDX: &str = "https://cyclonedx.org/bom";
const NAMED: &str = "sbom=evidence/document.json";

/// A gate that accepts this of SBOMs, and a document in the folder.
fn gate(accept: &str, document: &impl ToString) -> Gate {
    Gate::new(BINARY, accept, "sbom").holding("document.json", document)
}

fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn sha256() -> String {
    hex(Sha256::digest(Gate::ARTIFACT))
}

/// An SBOM that says nothing of what it is about.
fn sbom() -> Value {
    json!({ "bomFormat": "CycloneDX", "specVersion": "1.6", "components": [] })
}

/// An SBOM that says that it is about something with this hash.
fn naming(algorithm: &str, hash: &str) -> Value {
    let mut sbom = sbom();
    sbom["metadata"]["component"] =
        json!({ "name": "app", "hashes": [{ "alg": algorithm, "content": hash }] });
    sbom
}

/// A statement with these subjects, by a signer.
fn signed(by: &str, subjects: Value, predicate: &Value) -> String {
    let mut statement = statement(Gate::ARTIFACT, CYCLONEDX, predicate);
    statement["subject"] = subjects;
    Signer::named(by).bundle(&statement)
}

#[test]
fn a_signed_sbom_without_a_subject_counts_if_the_caller_names_it() {
    let ours = hex(Sha256::digest(Gate::ARTIFACT));
    for subjects in [
        json!([]),
        json!(null),
        json!([{ "name": "app" }]),
        json!([{ "name": "app", "digest": {} }]),
        json!([{ "name": "app", "digest": { "sha1": "00", "gitCommit": "00" } }]),
        json!([{ "name": "app", "digest": { "SHA256": ours } }]),
    ] {
        let document = signed("ci", subjects.clone(), &sbom());
        let gate = gate(UNBOUND, &document);
        let why = "is signed by `ci`, but does not name the artifact's digest";
        let row = gate.refuses("evidence", why);
        assert_eq!(row["help"], "name it as `--evidence sbom=PATH`, if it is about the artifact");
        let row = gate.takes(NAMED, CODE);
        let checks = &row["checks"];
        let done = json!({ "state": "done", "detail": "over the envelope" });
        assert_eq!(checks["signature"], done, "{subjects}");
        assert_eq!(checks["subject"]["state"], "not-possible", "{subjects}");
    }
}

#[test]
fn one_whose_predicate_names_the_artifact_counts_wherever_it_lies() {
    let sha512 = hex(Sha512::digest(Gate::ARTIFACT));
    for (algorithm, hash) in [("SHA-256", &sha256()), ("SHA-512", &sha512)] {
        let document = signed("ci", json!([]), &naming(algorithm, hash));
        let row = gate(UNBOUND, &document).takes("evidence", CODE);
        assert_eq!(row["checks"]["subject"]["state"], "done");
        // What is wider covers it, too.
        drop(gate("{ sbom = \"unsigned\" }", &document).takes("evidence", CODE));
    }
}

#[test]
fn one_that_names_another_artifact_never_counts() {
    let zeros = "0".repeat(64);
    let why = format!("is signed by `ci`, but is about `app` (sha256:{zeros})");
    let in_predicate = signed("ci", json!([]), &naming("SHA-256", &zeros));
    // The subject is what is signed: no predicate outweighs it.
    let other = json!([{ "name": "app", "digest": { "sha256": zeros } }]);
    let in_subject = signed("ci", other, &naming("SHA-256", &sha256()));
    for document in [in_predicate, in_subject] {
        let gate = gate(UNBOUND, &document);
        drop(gate.refuses("evidence", &why));
        drop(gate.refuses(NAMED, &why));
    }
}

#[test]
fn one_that_is_bound_is_a_fact_and_no_relaxation() {
    let bound = json!([{ "name": "app", "digest": { "sha256": sha256() } }]);
    // The predicate is not asked where the subject says it.
    let document = signed("ci", bound, &naming("SHA-256", &"0".repeat(64)));
    let report = gate(UNBOUND, &document).check(&["evidence"]).exits(3).json();
    assert_eq!(report["documents"][0]["status"], "fact");
    assert_eq!(report["documents"][0]["signers"], json!(["ci"]));
    let codes: Vec<_> =
        report["relaxations"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
    assert_eq!(codes, ["config-unpinned", "time-overridden"]);
}

#[test]
fn it_has_to_be_signed_by_someone_who_may() {
    let document = signed("builder", json!([]), &naming("SHA-256", &sha256()));
    let why =
        "signer-not-for-kind: `builder` signs it, and its `for` lists `provenance`, not `sbom`";
    drop(gate(UNBOUND, &document).refuses(NAMED, why));
    let document = signed("stranger", json!([]), &naming("SHA-256", &sha256()));
    drop(gate(UNBOUND, &document).refuses(NAMED, "no key in `[trust]` verifies the signature"));
    // To take what is signed and unbound is not to take what is not signed.
    let document = naming("SHA-256", &sha256());
    drop(gate(UNBOUND, &document).refuses(NAMED, "is not signed"));
}

#[test]
fn without_accept_it_is_rejected_and_the_way_out_is_told() {
    let document = signed("ci", json!([]), &sbom());
    for accept in ["{}", "{ vulnerabilities = \"unbound\" }"] {
        let why = "is signed by `ci`, but names no subject by sha256 or sha512";
        let row = gate(accept, &document).refuses(NAMED, why);
        assert_eq!(
            row["help"],
            "sign a statement that names the artifact; or let the stage take it, with `accept = { \
             sbom = \"unbound\" }`, and name it as `--evidence sbom=PATH` unless it names the artifact's \
             digest itself"
        );
    }
}

#[test]
fn a_predicate_that_can_name_nothing_has_to_be_named() {
    let mut scan = statement(
        Gate::ARTIFACT,
        "https://in-toto.io/attestation/vulns/v0.1",
        &json!({ "scanner": { "uri": "https://example.com/scanner" } }),
    );
    scan["subject"] = json!([{ "name": "app", "digest": { "sha1": "00" } }]);
    let gate = Gate::new(BINARY, "{ vulnerabilities = \"unbound\" }", "vulnerabilities")
        .holding("document.json", &Signer::named("ci").bundle(&scan));
    let why = "is signed by `ci`, but does not name the artifact's digest";
    drop(gate.refuses("evidence", why));
    drop(gate.refuses("vulnerabilities=evidence", why));
    drop(gate.takes("vulnerabilities=evidence/document.json", CODE));
}

#[test]
fn no_signer_that_is_expected_stands_behind_it() {
    let document = signed("ci", json!([]), &naming("SHA-256", &sha256()));
    let gate = gate(UNBOUND, &document);
    drop(gate.takes("evidence", CODE));
    let signer = "{ kind = \"sbom\", signer = \"ci\" }";
    gate.bench.replace("lockgate.toml", "{ kind = \"sbom\" }", signer);
    let report = gate.check(&["evidence"]).exits(1).json();
    let message = report["reasons"][0]["message"].as_str().unwrap();
    assert!(message.ends_with("`document.json` is only accepted, so nobody vouches for it"));
}
