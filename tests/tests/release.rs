//! The example release: what is good about it opens the gate, and each broken twin shuts it.
#![forbid(unsafe_code)]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests set up files"
)]

use std::fs;

use lockgate_tests::{Workbench, golden, root};
use serde_json::Value;

const BINARY: &str = env!("CARGO_BIN_EXE_lockgate-under-test");

/// Each broken twin, the document that it stands in for, and words of the reason.
const TWINS: &[(&str, &str, &str)] = &[
    ("app-digest-swapped", "app", "is about another artifact"),
    ("app-signature-flipped", "app", "does not verify with key `ci`"),
    ("provenance-no-signatures", "provenance", "has no signatures"),
    ("provenance-other-subject", "provenance", "is about `other.bin`"),
    ("provenance-payload-edited", "provenance", "does not verify with key `builder`"),
    ("provenance-payload-type", "provenance", "payload type `application/json`"),
    ("provenance-signature-flipped", "provenance", "does not verify with key `builder`"),
    ("provenance-untrusted-key", "provenance", "no key in `[trust]` verifies"),
    ("sbom-signature-of-another", "sbom", "does not verify with key `ci`"),
    ("truncated", "vex", "is not valid JSON"),
];

#[test]
fn the_release_is_allowed_into_production() {
    let bench = Workbench::with_release(BINARY);
    let ran = bench.check_release(&[]).exits(0);
    golden(&root().join("tests/golden/release.json"), &ran.stdout);
}

#[test]
fn a_person_sees_why_the_release_is_allowed() {
    let bench = Workbench::with_release(BINARY);
    let ran = bench.check_release(&["--output=human=report.txt"]).exits(0);
    assert!(ran.stdout.starts_with('{'));
    golden(&root().join("tests/golden/release.txt"), &bench.read("report.txt"));
}

#[test]
fn the_evidence_is_listed_with_its_signers() {
    let bench = Workbench::with_release(BINARY);
    let evidence = |more: &[&str]| {
        let mut arguments = vec![
            "evidence",
            "examples/release/app.tar.gz",
            "--config=examples/release/lockgate.toml",
            "--evidence=examples/release/evidence",
            "--at=2026-10-02T00:00:00Z",
        ];
        arguments.extend(more);
        bench.run(&arguments).exits(0).stdout
    };
    golden(&root().join("tests/golden/evidence.json"), &evidence(&["--output=json"]));
    golden(&root().join("tests/golden/evidence.txt"), &evidence(&[]));
}

/// Each document of the release, its kind, and who signed it.
const SIGNED: &[(&str, &str, &str)] = &[
    ("app.sigstore.json", "signature", "ci"),
    ("app.tar.gz.minisig", "signature", "minisign"),
    ("app.tar.gz.sig", "signature", "raw-p256"),
    ("app.tar.gz.sshsig", "signature", "release@example.com"),
    ("provenance.sigstore.json", "provenance", "builder"),
    ("sbom.sigstore.json", "sbom", "ci"),
    ("scan.sigstore.json", "vulnerabilities", "security"),
    ("tests.sigstore.json", "test-result", "ci"),
    ("vex.sigstore.json", "vex", "security"),
];

#[test]
fn all_nine_documents_are_facts_by_whoever_signed_them() {
    let bench = Workbench::with_release(BINARY);
    let report = bench.check_release(&[]).exits(0).json();
    assert_eq!(report["documents"].as_array().unwrap().len(), SIGNED.len());
    for (path, kind, signer) in SIGNED {
        let document = document(&report, path);
        assert_eq!(document["status"], "fact", "{path}");
        assert_eq!(document["kind"], *kind, "{path}");
        assert_eq!(document["signers"], serde_json::json!([signer]), "{path}");
    }
}

#[test]
fn a_bare_digest_is_enough_where_nothing_needs_the_bytes() {
    let bench = Workbench::with_release(BINARY);
    let digest = "sha256:e34a28afa7c81ab972cc515040e53c4a9a2d62f5a927de6b314c4897bd1b90ca";
    // A file of that name cannot shadow the digest.
    bench.write(digest, "something else");
    let ran = bench.run(&[
        "check",
        digest,
        "--config=examples/release/lockgate.toml",
        "--evidence=examples/release/evidence",
        "--stage=production",
        "--output=json",
    ]);
    let report = ran.exits(0).json();
    assert_eq!(report["subject"]["name"], digest);
    assert_eq!(report["subject"]["digest"], digest);
    // These are over other hashes, which only the bytes would give.
    for path in ["app.tar.gz.minisig", "app.tar.gz.sshsig"] {
        let document = document(&report, path);
        assert_eq!(document["status"], "rejected", "{path}");
        assert!(document["reason"].as_str().unwrap().contains("is not possible"), "{document}");
    }
    assert_eq!(document(&report, "app.tar.gz.sig")["status"], "fact");
}

#[test]
fn every_broken_twin_is_rejected_and_denies() {
    for (twin, stands_in_for, words) in TWINS {
        let bench = Workbench::with_release(BINARY);
        let place = format!("examples/release/evidence/{stands_in_for}.sigstore.json");
        let broken = root().join(format!("tests/fixtures/release-broken/{twin}.sigstore.json"));
        fs::copy(broken, bench.path(&place)).unwrap();

        let report = bench.check_release(&[]).exits(1).json();
        assert_eq!(report["outcome"], "denied", "{twin}");
        let path = format!("{stands_in_for}.sigstore.json");
        let document = document(&report, &path);
        assert_eq!(document["status"], "rejected", "{twin}");
        assert_eq!(document["signers"], serde_json::json!([]), "{twin}");
        let reason = document["reason"].as_str().unwrap();
        assert!(reason.contains(words), "{twin}: {reason}");
        // What is wrong with the document is what denies, not a parse error somewhere else.
        assert_eq!(report["reasons"].as_array().unwrap().len(), 1, "{twin}: {report:#}");
        assert_eq!(report["reasons"][0]["code"], "missing-evidence", "{twin}");
        let message = report["reasons"][0]["message"].as_str().unwrap();
        assert!(message.contains(&path) && message.contains(words), "{twin}: {message}");
    }
}

#[test]
fn a_broken_twin_beside_its_good_one_does_no_harm() {
    let bench = Workbench::with_release(BINARY);
    for (twin, _, _) in TWINS {
        let broken = root().join(format!("tests/fixtures/release-broken/{twin}.sigstore.json"));
        fs::copy(broken, bench.path(&format!("examples/release/evidence/{twin}.json"))).unwrap();
    }
    let report = bench.check_release(&[]).exits(0).json();
    for (twin, _, words) in TWINS {
        let document = document(&report, &format!("{twin}.json"));
        assert_eq!(document["status"], "rejected", "{twin}");
        assert!(document["reason"].as_str().unwrap().contains(words), "{twin}");
    }
}

#[test]
fn an_unsigned_sbom_does_not_stand_in_for_a_signed_one() {
    let bench = Workbench::with_release(BINARY);
    let place = "examples/release/evidence/sbom.sigstore.json";
    let unsigned = root().join("tests/fixtures/release-broken/unsigned-sbom.json");
    fs::copy(unsigned, bench.path(place)).unwrap();
    let report = bench.check_release(&[]).exits(1).json();
    let document = document(&report, "sbom.sigstore.json");
    assert_eq!(document["kind"], "sbom");
    assert_eq!(document["status"], "rejected");
    assert!(document["reason"].as_str().unwrap().contains("is not signed"), "{document}");
}

#[test]
fn another_artifact_makes_no_use_of_the_evidence() {
    let bench = Workbench::with_release(BINARY);
    let other = root().join("tests/fixtures/release-broken/other.bin");
    fs::copy(other, bench.path("examples/release/app.tar.gz")).unwrap();
    let report = bench.check_release(&[]).exits(1).json();
    let facts = report["documents"].as_array().unwrap().iter().filter(|d| d["status"] == "fact");
    assert_eq!(facts.count(), 0);
    assert_eq!(report["reasons"].as_array().unwrap().len(), 6);
}

/// The row of a document.
fn document<'a>(report: &'a Value, path: &str) -> &'a Value {
    let mut documents = report["documents"].as_array().unwrap().iter();
    documents.find(|document| document["path"] == path).unwrap()
}
