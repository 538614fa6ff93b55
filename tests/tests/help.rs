//! What a person reads of a document that is not believed: the exact reason, and what to try next.
#![forbid(unsafe_code)]
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests set up files")]

use std::fs;

use lockgate_tests::forge::simple_payload;
use lockgate_tests::{Signer, Workbench, golden, root, statement};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const BINARY: &str = env!("CARGO_BIN_EXE_lockgate-under-test");

const CYCLONEDX: &str = "https://cyclonedx.org/bom";

/// A bundle of this repository.
fn fixture(path: &str) -> Vec<u8> {
    fs::read(root().join("tests/fixtures").join(path)).unwrap()
}

/// A bundle whose hint says this.
fn hinted(bundle: &str, hint: &str) -> String {
    let mut bundle: Value = serde_json::from_str(bundle).unwrap();
    bundle["verificationMaterial"]["publicKey"]["hint"] = json!(hint);
    bundle.to_string()
}

/// A bench whose evidence is not believed, each document for a reason of its own.
fn bench() -> Workbench {
    let bench = Workbench::new(BINARY);
    let artifact = fixture("sigstore-conformance/a.txt");
    let (ci, stranger) = (Signer::named("ci"), Signer::named("stranger"));
    bench.write("app", &artifact);
    bench.write("ci.pub", ci.pem());
    bench.write(
        "lockgate.toml",
        r#"
        [[trust.key]]
        name = "ci"
        file = "ci.pub"
        for  = ["sbom", "signature"]

        [[trust.identity]]
        name    = "builder"
        issuer  = "https://token.actions.githubusercontent.com"
        subject = "https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main"
        for     = ["provenance", "signature"]
        "#,
    );
    let evidence = |name: &str, content: &[u8]| bench.write(&format!("evidence/{name}"), content);
    let sbom = json!({ "bomFormat": "CycloneDX", "specVersion": "1.6", "components": [] });
    let about = |artifact: &[u8]| statement(artifact, CYCLONEDX, &sbom);
    let mut unbound = about(&artifact);
    unbound["subject"] = json!([{ "name": "app", "digest": { "sha1": "00" } }]);
    evidence("another-artifact.json", ci.bundle(&about(b"another artifact")).as_bytes());
    evidence(
        "another-instance.json",
        &fixture("sigstore-rust/github-private-attestation.sigstore.json"),
    );
    evidence(
        "certificate.json",
        &fixture("sigstore-conformance/happy-path-v0.3/bundle.sigstore.json"),
    );
    evidence("loose.sig", &ci.sign(&artifact));
    evidence("payload.json", simple_payload("sha256:00").to_string().as_bytes());
    let provenance = statement(&artifact, "https://slsa.dev/provenance/v1", &json!({}));
    evidence("provenance.json", ci.bundle(&provenance).as_bytes());
    evidence("unbound.json", ci.bundle(&unbound).as_bytes());
    evidence("unknown-key.json", stranger.bundle(&about(&artifact)).as_bytes());
    let named = hinted(&stranger.bundle(&about(&artifact)), "2HL1f0jd4JhMJ7qZQ7MmkK8h3S1d");
    evidence("unknown-key-with-hint.json", named.as_bytes());
    evidence("unsigned.json", sbom.to_string().as_bytes());
    bench
}

#[test]
fn a_person_is_told_why_each_document_is_not_believed_and_what_to_try() {
    let bench = bench();
    let list = |artifact: &str, evidence: &str| {
        let common = ["--config=lockgate.toml", "--at=2026-10-02T00:00:00Z"];
        let arguments = ["evidence", artifact, "--evidence", evidence];
        bench.run(&[&arguments[..], &common].concat()).exits(0).stdout
    };
    // Of a digest alone some checks are not possible that are of a file.
    let artifact = fs::read(bench.path("app")).unwrap();
    let hex: String = Sha256::digest(artifact).iter().map(|byte| format!("{byte:02x}")).collect();
    let by_file = list("app", "evidence");
    let by_digest = list(&format!("sha256:{hex}"), "evidence/loose.sig");
    golden(&root().join("tests/golden/help.txt"), &format!("{by_file}\n{by_digest}"));
}
