//! What npm's registry hands out for a package: two bundles in one response, the one by the
//! workflow that built it and the one by npm itself.
#![forbid(unsafe_code)]
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests set up files")]

use std::fs;

use lockgate_tests::{Row, Workbench, root};
use serde_json::Value;
use sha2::{Digest, Sha256};

const BINARY: &str = env!("CARGO_BIN_EXE_lockgate-under-test");

/// Each package, and the workflow that its provenance is signed by.
const PACKAGES: &[(&str, &str)] = &[
    (
        "gundam-visor-cli-v1-tag",
        "https://github.com/ramonpetgrave64/gundam-visor/.github/workflows/npm-publish.yml@refs/tags/v1.0.1",
    ),
    (
        "provenance-npm-test-cli-v02-prega",
        "https://github.com/laurentsimon/provenance-npm-test/.github/workflows/release.yml@refs/heads/main",
    ),
    (
        "provenance-npm-test-cli-v1-prega",
        "https://github.com/sigstore/sigstore-js/.github/workflows/release.yml@refs/heads/main",
    ),
    (
        "provenance-npm-test-ossf",
        "https://github.com/slsa-framework/slsa-github-generator/.github/workflows/delegator_lowperms-generic_slsa3.yml@refs/tags/v1.6.0",
    ),
    (
        "supreme-googles-cli-v02-tag",
        "https://github.com/trishankatdatadog/supreme-goggles/.github/workflows/npm-publish.yml@refs/tags/v1.0.5",
    ),
];

/// A bench with one response, its package, and trust in one workflow.
fn bench(response: &str, workflow: &str) -> Workbench {
    let bench = Workbench::new(BINARY);
    let fixtures = root().join("tests/fixtures/npm");
    bench.write("package.tgz", fs::read(fixtures.join(format!("{response}.tgz"))).unwrap());
    bench.write("npm.json", fs::read(fixtures.join(format!("{response}.tgz.json"))).unwrap());
    bench.write(
        "lockgate.toml",
        format!(
            r#"
            [[trust.identity]]
            name    = "workflow"
            issuer  = "https://token.actions.githubusercontent.com"
            subject = "{workflow}"
            for     = ["provenance"]
            "#
        ),
    );
    bench
}

/// The two rows of a response, the publish one first.
fn rows(bench: &Workbench, artifact: &str) -> [Row; 2] {
    let ran = bench.run(&[
        "evidence",
        artifact,
        "--config=lockgate.toml",
        "--evidence=npm.json",
        "--at=2026-10-02T00:00:00Z",
        "--output=json",
    ]);
    let rows: [Row; 2] = Row::all(&ran.exits(0)).try_into().unwrap();
    for (index, row) in (0..).zip(&rows) {
        assert_eq!((row.path.as_str(), row.index), ("npm.json", index));
    }
    rows
}

#[test]
fn the_provenance_is_a_fact_and_what_npm_says_needs_the_key_of_npm() {
    for (package, workflow) in PACKAGES {
        // In the second one only the publish attestation is spoilt.
        for response in [(*package).to_owned(), format!("{package}-invalidsigpub")] {
            let [publish, provenance] = rows(&bench(&response, workflow), "package.tgz");
            publish.rejected(&["no key in `[trust]` verifies"]);
            assert_eq!(publish.kind.as_deref(), Some("attestation"), "{response}");
            provenance.fact("provenance", "workflow");
        }
    }
}

#[test]
fn a_provenance_that_was_changed_is_rejected() {
    for (package, workflow) in PACKAGES {
        let response = format!("{package}-invalidsigprov");
        let [publish, provenance] = rows(&bench(&response, workflow), "package.tgz");
        publish.rejected(&["no key in `[trust]` verifies"]);
        provenance.rejected(&["signature", "log"]);
        assert_eq!(provenance.kind.as_deref(), Some("provenance"), "{response}");
    }
}

#[test]
fn an_entry_in_the_log_of_the_other_bundle_is_rejected() {
    // It came two seconds later, so that nothing but what it is of is wrong with it.
    for (package, workflow) in PACKAGES {
        let bench = bench(package, workflow);
        let mut response: Value = serde_json::from_str(&bench.read("npm.json")).unwrap();
        let entries = "bundle/verificationMaterial/tlogEntries";
        let publish = response.pointer(&format!("/attestations/0/{entries}")).cloned().unwrap();
        *response.pointer_mut(&format!("/attestations/1/{entries}")).unwrap() = publish;
        bench.write("npm.json", response.to_string());
        let [_, provenance] = rows(&bench, "package.tgz");
        provenance.rejected(&["log entry", "does not match"]);
    }
}

#[test]
fn the_provenance_of_another_workflow_is_rejected() {
    for (package, workflow) in PACKAGES {
        let [_, provenance] = rows(&bench(package, &format!("{workflow}.1")), "package.tgz");
        provenance.rejected(&[workflow]);
    }
}

#[test]
fn the_provenance_of_another_package_is_rejected() {
    let (package, workflow) = PACKAGES[0];
    let bench = bench(package, workflow);
    bench.write("package.tgz", "another package");
    let [_, provenance] = rows(&bench, "package.tgz");
    provenance.rejected(&["is about"]);
}

#[test]
fn a_subject_by_sha512_cannot_be_told_from_a_sha256() {
    let (package, workflow) = PACKAGES[0];
    let bench = bench(package, workflow);
    let bytes = fs::read(bench.path("package.tgz")).unwrap();
    let hex: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let [_, provenance] = rows(&bench, &format!("sha256:{hex}"));
    provenance.rejected(&["sha512"]);
}
