//! Evidence as nobody should deliver it: each ends in exit 1 with a reason, and nothing hangs.
#![forbid(unsafe_code)]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests set up files"
)]

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::process::Command;

use lockgate_tests::{Signer, Workbench, root, statement};
use serde_json::{Value, json};

const BINARY: &str = env!("CARGO_BIN_EXE_lockgate-under-test");
const SBOM: &str = "examples/release/evidence/sbom.sigstore.json";

/// The row of the document in the SBOM's place after `break_it`, from a run that denies.
fn spoilt(break_it: impl FnOnce(&Workbench)) -> Value {
    let bench = Workbench::with_release(BINARY);
    fs::remove_file(bench.path(SBOM)).unwrap();
    break_it(&bench);
    let report = bench.check_release(&[]).exits(1).json();
    assert_eq!(report["reasons"][0]["code"], "missing-evidence", "{report:#}");
    let documents = report["documents"].as_array().unwrap();
    let found = documents.iter().find(|document| document["path"] == "sbom.sigstore.json");
    found.unwrap_or_else(|| panic!("not listed: {report:#}")).clone()
}

/// Asserts that the document is listed as no fact, for a reason with these words.
fn refused(document: &Value, words: &str) {
    assert_ne!(document["status"], "fact", "{document}");
    let reason = document["reason"].as_str().unwrap();
    assert!(reason.contains(words), "`{words}` is not in `{reason}`");
}

#[test]
fn a_dangling_link_is_listed() {
    let document = spoilt(|bench| symlink("nowhere.json", bench.path(SBOM)).unwrap());
    refused(&document, "link");
    assert_eq!(document["digest"], Value::Null);
}

#[test]
fn a_loop_of_links_is_listed() {
    let document = spoilt(|bench| {
        symlink("other.json", bench.path(SBOM)).unwrap();
        let other = "examples/release/evidence/other.json";
        symlink("sbom.sigstore.json", bench.path(other)).unwrap();
    });
    refused(&document, "link");
}

#[test]
fn a_link_out_of_the_folder_is_not_followed() {
    let outside = root().join("examples/release/evidence/sbom.sigstore.json");
    refused(&spoilt(|bench| symlink(&outside, bench.path(SBOM)).unwrap()), "folder");
    refused(
        &spoilt(|bench| {
            fs::copy(&outside, bench.path("examples/release/planted.json")).unwrap();
            symlink("../planted.json", bench.path(SBOM)).unwrap();
        }),
        "folder",
    );
}

#[test]
fn an_empty_folder_denies() {
    let bench = Workbench::with_release(BINARY);
    fs::remove_dir_all(bench.path("examples/release/evidence")).unwrap();
    fs::create_dir(bench.path("examples/release/evidence")).unwrap();
    let report = bench.check_release(&[]).exits(1).json();
    assert_eq!(report["documents"], json!([]));
    let message = report["reasons"][0]["message"].as_str().unwrap();
    assert!(message.contains("no document was found"), "{message}");
    // No policy was asked for its opinion.
    for policy in report["policies"].as_array().unwrap() {
        assert_eq!(policy["opinion"], "withheld");
    }
}

#[test]
fn an_empty_document_is_listed_and_named_as_the_reason() {
    refused(&spoilt(|bench| bench.write(SBOM, "")), "is empty");
    let bench = Workbench::with_release(BINARY);
    bench.write(SBOM, "");
    let report = bench.check_release(&[]).exits(1).json();
    let message = report["reasons"][0]["message"].as_str().unwrap();
    assert!(message.contains("`sbom.sigstore.json` is unrecognised: is empty"), "{message}");
}

#[test]
fn a_reason_names_the_fact_that_does_not_count() {
    let bench = signed_by_ci();
    let bundle = Signer::named("ci").bundle(&statement(b"app", CYCLONEDX, &small_sbom()));
    bench.write("evidence/sbom.json", &bundle);
    bench.write("security.pub", Signer::named("security").pem());
    let second =
        "[[trust.key]]\nname = \"security\"\nfile = \"security.pub\"\n\n[stage.production]";
    bench.replace("lockgate.toml", "[stage.production]", second);
    let reason = |expects: &str| {
        let text = bench.read("lockgate.toml");
        let line = text.lines().find(|line| line.contains("expects")).unwrap().to_owned();
        bench.replace("lockgate.toml", &line, &format!("expects = [{expects}]"));
        check(&bench, 1)["reasons"][0]["message"].as_str().unwrap().to_owned()
    };
    assert_eq!(
        reason("{ kind = \"sbom\", signer = \"security\" }"),
        "`production` expects `sbom` by `security`, and there is none; `sbom.json` is signed by `ci`"
    );
    assert_eq!(
        reason("{ kind = \"sbom\", count = 2 }"),
        "`production` expects 2 `sbom`, and there is 1"
    );
    bench.write("evidence/copy.json", &bundle);
    assert_eq!(
        reason("{ kind = \"sbom\", count = 2 }"),
        "`production` expects 2 `sbom`, and there is 1; copies of one statement count once"
    );
}

#[test]
fn a_huge_document_is_refused_by_its_size() {
    let document = spoilt(|bench| {
        File::create(bench.path(SBOM)).unwrap().set_len(5 << 30).unwrap();
    });
    refused(&document, "max-document");
    assert_eq!(document["digest"], Value::Null);
}

#[test]
fn a_document_that_says_it_is_small_is_refused_by_reading() {
    // Files under /proc have size 0 and content all the same.
    let bench = Workbench::with_release(BINARY);
    bench.replace(
        "examples/release/lockgate.toml",
        "[stage.staging]",
        "[evidence]\nmax-document = 16\n\n[stage.staging]",
    );
    let ran = bench.run(&[
        "evidence",
        "examples/release/app.tar.gz",
        "--config=examples/release/lockgate.toml",
        "--evidence=/proc/self/status",
        "--output=json",
    ]);
    let report = ran.exits(0).json();
    refused(&report["documents"][0], "max-document");
}

#[test]
fn a_cap_can_be_raised_and_lowered() {
    let bench = Workbench::with_release(BINARY);
    let config = "examples/release/lockgate.toml";
    bench.replace(
        config,
        "[stage.staging]",
        "[evidence]\nmax-document = \"64KiB\"\n[stage.staging]",
    );
    let report = bench.check_release(&[]).exits(1).json();
    let message = report["reasons"][0]["message"].as_str().unwrap();
    assert!(message.contains("`max-document`"), "{message}");
    bench.replace(config, "64KiB", "128KiB");
    drop(bench.check_release(&[]).exits(0));
}

#[test]
fn a_pipe_is_refused_without_being_opened() {
    let document = spoilt(|bench| {
        assert!(Command::new("mkfifo").arg(bench.path(SBOM)).status().unwrap().success());
    });
    refused(&document, "is a FIFO");
}

#[test]
fn a_socket_is_refused_without_being_opened() {
    // Devices are refused in the same place; making one needs privileges.
    let document = spoilt(|bench| drop(UnixListener::bind(bench.path(SBOM)).unwrap()));
    refused(&document, "is a socket");
}

#[test]
fn truncated_json_is_listed() {
    let whole = fs::read(root().join(SBOM)).unwrap();
    refused(&spoilt(|bench| bench.write(SBOM, &whole[..whole.len() / 2])), "is not valid JSON");
}

#[test]
fn json_that_is_nested_deeply_is_listed() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let bundle =
        format!("{{\"mediaType\":\"application/vnd.dev.sigstore.bundle.v0.3+json\",\"x\":{deep}}}");
    refused(&spoilt(|bench| bench.write(SBOM, &deep)), "nest");
    refused(&spoilt(|bench| bench.write(SBOM, &bundle)), "nest");
}

#[test]
fn bytes_that_are_not_utf8_are_listed() {
    refused(&spoilt(|bench| bench.write(SBOM, b"{\"a\":\"\xff\"}")), "UTF-8");
}

#[test]
fn a_file_name_that_drives_a_terminal_is_shown_harmless() {
    let bench = Workbench::with_release(BINARY);
    bench.write("examples/release/evidence/\u{1b}[2J.json", "{}");
    let ran = bench.check_release(&[]).exits(0);
    assert!(!ran.stdout.contains('\u{1b}') && !ran.stdout.contains("\\u001b"));
    assert!(ran.stdout.contains("\\\\u{1b}[2J.json"), "{}", ran.stdout);
}

/// A bench with an artifact, one trusted signer `ci`, and a stage that expects an SBOM of theirs.
fn signed_by_ci() -> Workbench {
    let bench = Workbench::new(BINARY);
    bench.write("app", "app");
    bench.write("ci.pub", Signer::named("ci").pem());
    bench.write(
        "lockgate.toml",
        r#"
        [[trust.key]]
        name = "ci"
        file = "ci.pub"
        for  = ["sbom"]

        [stage.production]
        expects = [{ kind = "sbom", signer = "ci" }]

        [[stage.production.policy]]
        name     = "readable"
        plugin   = "builtin:sbom"
        settings = { required = { component = ["version"] } }
        "#,
    );
    bench
}

fn check(bench: &Workbench, exit: i32) -> Value {
    let ran = bench.run(&[
        "check",
        "app",
        "--config=lockgate.toml",
        "--evidence=evidence",
        "--stage=production",
        "--at=2026-10-02T00:00:00Z",
        "--output=json",
    ]);
    ran.exits(exit).json()
}

fn small_sbom() -> Value {
    json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "components": [{ "type": "library", "name": "left-pad", "version": "1.3.0" }],
    })
}

const CYCLONEDX: &str = "https://cyclonedx.org/bom";
const IN_TOTO: &str = "application/vnd.in-toto+json";

#[test]
fn duplicate_keys_in_a_signed_statement_are_rejected() {
    let bench = signed_by_ci();
    let text = statement(b"app", CYCLONEDX, &small_sbom()).to_string();
    bench.write("evidence/sbom.json", Signer::named("ci").bundle_of(IN_TOTO, text.as_bytes()));
    check(&bench, 0);

    // The same statement, but two readers may see two different predicates in it.
    let twice = text.replacen('{', "{\"predicateType\":\"https://slsa.dev/provenance/v1\",", 1);
    bench.write("evidence/sbom.json", Signer::named("ci").bundle_of(IN_TOTO, twice.as_bytes()));
    let report = check(&bench, 1);
    refused(&report["documents"][0], "twice");
}

#[test]
fn a_signer_counts_only_for_the_kinds_that_it_is_trusted_with() {
    let bench = signed_by_ci();
    let provenance = json!({
        "buildDefinition": { "buildType": "https://example.com/build" },
        "runDetails": { "builder": { "id": "https://example.com/builder" } },
    });
    let ci = Signer::named("ci");
    let sbom = statement(b"app", CYCLONEDX, &small_sbom());
    bench.write("evidence/sbom.json", ci.bundle(&sbom));
    let claim = statement(b"app", "https://slsa.dev/provenance/v1", &provenance);
    bench.write("evidence/provenance.json", ci.bundle(&claim));
    bench.replace("lockgate.toml", "[{ kind", "[{ kind = \"provenance\" }, { kind");

    let report = check(&bench, 1);
    assert_eq!(report["documents"][0]["kind"], "provenance");
    refused(&report["documents"][0], "signer-not-for-kind");
    let message = report["reasons"][0]["message"].as_str().unwrap();
    assert!(message.contains("signer-not-for-kind"), "{message}");
}

#[test]
fn a_signer_without_for_works_and_is_a_relaxation() {
    let bench = signed_by_ci();
    let sbom = statement(b"app", CYCLONEDX, &small_sbom());
    bench.write("evidence/sbom.json", Signer::named("ci").bundle(&sbom));
    bench.replace("lockgate.toml", "for  = [\"sbom\"]", "");
    let report = check(&bench, 0);
    let codes: Vec<_> =
        report["relaxations"].as_array().unwrap().iter().map(|r| &r["code"]).collect();
    assert_eq!(codes, ["config-unpinned", "time-overridden", "unscoped-signer"]);
}

#[test]
fn a_document_from_the_future_is_rejected() {
    let bench = signed_by_ci();
    let mut sbom = small_sbom();
    sbom["metadata"] = json!({ "timestamp": "2026-10-02T00:04:00Z" });
    let ci = Signer::named("ci");
    bench.write("evidence/sbom.json", ci.bundle(&statement(b"app", CYCLONEDX, &sbom)));
    check(&bench, 0);
    sbom["metadata"] = json!({ "timestamp": "2026-10-02T00:06:00Z" });
    bench.write("evidence/sbom.json", ci.bundle(&statement(b"app", CYCLONEDX, &sbom)));
    refused(&check(&bench, 1)["documents"][0], "2026-10-02T00:06:00Z");
}

#[test]
fn an_envelope_with_signatures_left_out_is_no_further_signature() {
    let bench = signed_by_ci();
    bench.replace("lockgate.toml", "[\"sbom\"]", "[\"sbom\", \"signature\"]");
    bench.replace(
        "lockgate.toml",
        "[{ kind = \"sbom\", signer = \"ci\" }]",
        "[{ kind = \"signature\", count = 2 }]",
    );
    bench.write("release.pub", Signer::named("release").pem());
    let second = "[[trust.key]]\nname = \"release\"\nfile = \"release.pub\"\n\n[stage.production]";
    bench.replace("lockgate.toml", "[stage.production]", second);
    let (ci, release) = (Signer::named("ci"), Signer::named("release"));
    let signed = statement(b"app", "https://sigstore.dev/cosign/sign/v1", &json!({}));
    bench.write("evidence/sbom.json", ci.bundle(&statement(b"app", CYCLONEDX, &small_sbom())));
    bench.write("evidence/one.json", ci.bundle(&signed));
    let mut other = signed.clone();
    other["predicate"] = json!({ "another": "text" });
    bench.write("evidence/two.json", ci.bundle(&other));
    let report = check(&bench, 1);
    let message = report["reasons"][0]["message"].as_str().unwrap();
    assert!(message.starts_with("`production` expects 2 `signature`, and there is 1"), "{message}");
    bench.write("evidence/three.json", release.bundle(&signed));
    check(&bench, 0);
}

#[test]
fn a_signature_over_an_envelope_is_none_over_an_artifact() {
    // The artifact is the very bytes that the signature of an attestation is over.
    let bench = signed_by_ci();
    let payload = statement(b"other", CYCLONEDX, &small_sbom()).to_string();
    let artifact = format!("DSSEv1 {} {IN_TOTO} {} {payload}", IN_TOTO.len(), payload.len());
    bench.write("app", &artifact);
    let bundle = json!({
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": { "publicKey": { "hint": "" } },
        "messageSignature": { "signature": "MEUCIQDXENkHE4c/QUJORZLFKWaJfKQ1A7x6esTGZRfyyUZZqQIgN52TPXQJRNxLYphJoDuCcCWkvjmbL3SZeu+8slgEjK4=" },
    });
    bench.write("evidence/app.json", bundle.to_string());
    refused(&check(&bench, 1)["documents"][0], "begins like a DSSE envelope");
}

#[test]
fn a_flood_of_documents_ends_in_a_line_that_says_so() {
    let bench = signed_by_ci();
    let lines = format!("{{\"bomFormat\":\"CycloneDX\"}}\n{}", "{}\n".repeat(1000));
    for file in 0..12 {
        bench.write(&format!("evidence/{file}.jsonl"), &lines);
    }
    let report = check(&bench, 1);
    let documents = report["documents"].as_array().unwrap();
    assert!(documents.len() < 10_100, "{}", documents.len());
    let last = documents.iter().find(|d| d["digest"].is_null()).unwrap();
    refused(last, "what follows is not read");
    assert!(report["reasons"][0]["message"].as_str().unwrap().len() < 2_000);
}

#[test]
fn an_empty_predicate_is_no_sbom() {
    let bench = signed_by_ci();
    let empty = statement(b"app", CYCLONEDX, &json!({}));
    bench.write("evidence/sbom.json", Signer::named("ci").bundle(&empty));
    refused(&check(&bench, 1)["documents"][0], "bomFormat");
}

#[test]
fn the_kind_that_was_named_with_the_path_has_to_be_the_kind() {
    let bench = signed_by_ci();
    let sbom = statement(b"app", CYCLONEDX, &small_sbom());
    bench.write("evidence/sbom.json", Signer::named("ci").bundle(&sbom));
    let run = |source: &str| {
        let config = ["--config=lockgate.toml", "--stage=production", "--output=json"];
        bench.run(&[&["check", "app", "--evidence", source], &config[..]].concat())
    };
    drop(run("sbom=evidence").exits(0));
    let report = run("vex=evidence").exits(1).json();
    refused(&report["documents"][0], "`vex`");
    // An unknown word before the `=` is part of the path.
    drop(run("color=evidence").exits(2));
}

#[test]
fn the_policy_in_the_readme_is_a_whole_one() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let (_, block) = readme.split_once("```toml\n").unwrap();
    let (config, _) = block.split_once("```").unwrap();
    assert_eq!(config.lines().count(), 10);
    let bench = signed_by_ci();
    bench.write("trust/ci.pub", Signer::named("ci").pem());
    bench.write("lockgate.toml", config);
    let mut sbom = small_sbom();
    for (license, exit) in [("MIT OR GPL-3.0-only", 0), ("GPL-3.0-only", 1)] {
        sbom["components"][0]["licenses"] = json!([{ "expression": license }]);
        let bundle = Signer::named("ci").bundle(&statement(b"app", CYCLONEDX, &sbom));
        bench.write("evidence/sbom.json", bundle);
        check(&bench, exit);
    }
}
