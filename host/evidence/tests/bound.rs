//! What a document has to say, and of what, once its signature is verified.
#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use common::{
    ARTIFACT, CYCLONEDX, Case, IN_TOTO, Key, PROVENANCE, TEST_RESULT, envelope, line, passed,
    sha256, statement, statement_about,
};
use lockgate_evidence::{
    LogCheck, Over, ShapeCheck, SignatureCheck, SubjectCheck, TimeCheck, Trust,
};
use lockgate_model::Kind;
use serde_json::{Value, json};

fn sha512(bytes: &[u8]) -> String {
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA512, bytes);
    hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_signer_vouches_only_for_the_kinds_that_it_is_for() {
    let (ci, builder) = (Key::p256(), Key::ed25519());
    let trust = Trust::new(vec![
        ci.entry("ci", Some(&[Kind::TestResult, Kind::Signature])),
        builder.entry("builder", Some(&[Kind::Provenance])),
    ])
    .unwrap();
    let provenance = json!({
        "buildDefinition": { "buildType": "t" },
        "runDetails": { "builder": { "id": "b" } },
    });
    let provenance = statement(PROVENANCE, &provenance);
    assert_eq!(
        line(&trust, &ci.bundle(&provenance)),
        "d.json 0 provenance rejected: signer-not-for-kind: `ci` signs it, and its `for` lists \
         `test-result` and `signature`, not `provenance`"
    );
    let both = envelope(&[&ci, &builder], IN_TOTO, provenance.to_string().as_bytes());
    assert_eq!(line(&trust, &both), "d.json 0 provenance fact: by builder");
    let other = Trust::new(vec![ci.entry("ci", Some(&[]))]).unwrap();
    assert_eq!(
        line(&other, &ci.blob(ARTIFACT)),
        "d.json 0 signature rejected: signer-not-for-kind: `ci` signs it, and its `for` lists \
         nothing, so not `signature`"
    );
}

#[test]
fn a_signer_without_kinds_vouches_for_evidence_and_not_for_decisions() {
    let key = Key::p256();
    let trust = Trust::new(vec![key.entry("ci", None)]).unwrap();
    assert_eq!(trust.unscoped(), ["ci"]);
    let signed = key.bundle(&statement(TEST_RESULT, &passed()));
    assert_eq!(line(&trust, &signed), "d.json 0 test-result fact: by ci");
    let summary = json!({ "verifier": { "id": "v" }, "verificationResult": "PASSED" });
    let summary = statement("https://slsa.dev/verification_summary/v1", &summary);
    assert_eq!(
        line(&trust, &key.bundle(&summary)),
        "d.json 0 verification-summary rejected: signer-not-for-kind: `ci` signs it, and has no \
         `for`, which `verification-summary` needs"
    );
    assert_eq!(
        line(&key.trusted("ci"), &key.bundle(&summary)),
        "d.json 0 verification-summary fact: by ci"
    );
}

#[test]
fn all_digests_that_a_subject_gives_are_the_artifacts() {
    let key = Key::p256();
    let trust = key.trusted("ci");
    let report = |subjects: Value, by_digest: bool| {
        let signed = statement_about(&subjects, TEST_RESULT, &passed());
        let case = Case::new().json("d.json", &key.bundle(&signed));
        let case = if by_digest { case.by_digest() } else { case };
        case.report(&trust).remove(0).strip_prefix("d.json 0 test-result ").unwrap().to_owned()
    };
    let ours = sha256();
    let ours512 = sha512(ARTIFACT);
    let zeros = "0".repeat(64);
    for subjects in [
        json!([{ "digest": { "sha256": ours } }]),
        json!([{ "digest": { "sha256": ours.to_uppercase(), "md5": "wrong" } }]),
        json!([{ "digest": { "sha512": ours512 } }]),
        json!([{ "digest": { "sha512": ours512, "sha256": ours } }]),
        json!([{}, { "name": "x", "digest": { "sha256": zeros } }, { "digest": { "sha256": ours } }]),
    ] {
        assert_eq!(report(subjects, false), "fact: by ci");
    }
    for (subjects, by_digest, reason) in [
        (
            json!([{ "name": "app", "digest": { "sha256": ours, "sha512": "00" } }]),
            false,
            "is signed by `ci`, but the sha512 that it gives for `app` is not the artifact's",
        ),
        (
            json!([{ "name": "app", "digest": { "sha256": zeros, "sha512": ours512 } }]),
            false,
            &format!("is signed by `ci`, but is about `app` (sha256:{zeros})"),
        ),
        (
            json!([{ "digest": { "sha512": "00" } }, { "name": "y" }]),
            false,
            "is signed by `ci`, but is about sha512:00 and 1 more",
        ),
        (
            json!([{ "name": "app", "digest": { "sha256": ours, "sha512": ours512 } }]),
            true,
            "is signed by `ci`, but names `app` by sha512, which cannot be told from the \
             artifact's sha256 alone",
        ),
        (
            json!([{ "name": "app", "digest": { "sha1": "00" } }]),
            false,
            "is signed by `ci`, but names no subject by sha256 or sha512",
        ),
        (json!([]), false, "is signed by `ci`, but names no subject by sha256 or sha512"),
        (json!(null), false, "is signed by `ci`, but names no subject by sha256 or sha512"),
        (
            json!([{ "name": "a\u{1b}[2J", "digest": { "sha256": "\u{202e}" } }]),
            false,
            "is signed by `ci`, but is about `a\\u{1b}[2J` (sha256:\\u{202e})",
        ),
    ] {
        assert_eq!(report(subjects, by_digest), format!("rejected: {reason}"));
    }
}

#[test]
fn a_second_pass_over_the_artifact_notices_a_change() {
    let key = Key::p256();
    let subjects = json!([{ "digest": { "sha512": sha512(ARTIFACT) } }]);
    let signed = key.bundle(&statement_about(&subjects, TEST_RESULT, &passed()));
    let case = Case::new().json("d.json", &signed);
    let mut artifact = case.artifact();
    let source = lockgate_evidence::Source { kind: None, path: case.path("evidence") };
    let caps = lockgate_evidence::Caps::default();
    let folder = case.evidence.open_parent_dir(cap_std::ambient_authority()).unwrap();
    folder.write("app", b"other bytes").unwrap();
    let error =
        lockgate_evidence::gather(&mut artifact, &[source], &caps, &key.trusted("ci")).unwrap_err();
    assert_eq!(error.to_string(), "the artifact `app` changed while it was being read");
    assert!(error.is_host_failure());
}

#[test]
fn a_document_is_not_from_the_future() {
    let key = Key::p256();
    let trust = key.trusted("ci");
    let at = |time: Value| {
        let predicate =
            json!({ "@context": "https://openvex.dev/ns", "statements": [], "timestamp": time });
        let signed = key.bundle(&statement("https://openvex.dev/ns/v0.2.0", &predicate));
        line(&trust, &signed).strip_prefix("d.json 0 vex ").unwrap().to_owned()
    };
    assert_eq!(at(json!("2026-10-02T00:05:00Z")), "fact: by ci");
    assert_eq!(at(json!("2026-10-02T02:05:00+02:00")), "fact: by ci");
    assert_eq!(at(json!(null)), "fact: by ci");
    assert_eq!(
        at(json!("2026-10-02T00:05:01Z")),
        "rejected: its `timestamp` is 2026-10-02T00:05:01Z, which is more than five minutes after \
         2026-10-02T00:00:00Z"
    );
    assert_eq!(
        at(json!("last week")),
        "rejected: its `timestamp` is `last week`, which is not an RFC 3339 instant"
    );
    assert_eq!(at(json!(5)), "rejected: its `timestamp` is not a string");
}

#[test]
fn a_predicate_without_what_identifies_it_is_rejected() {
    let key = Key::p256();
    assert_eq!(
        line(&key.trusted("ci"), &key.bundle(&statement(CYCLONEDX, &json!({})))),
        "d.json 0 sbom rejected: its predicate lacks `bomFormat`"
    );
    assert_eq!(
        line(&key.trusted("ci"), &key.bundle(&statement(PROVENANCE, &json!({ "a": 1 })))),
        "d.json 0 provenance rejected: its predicate lacks `buildDefinition.buildType`"
    );
    let unknown = statement("https://example.com/anything", &json!({}));
    assert_eq!(line(&key.trusted("ci"), &key.bundle(&unknown)), "d.json 0 attestation fact: by ci");
}

#[test]
fn a_fact_says_what_was_checked_and_what_was_not() {
    let key = Key::p256();
    let subjects =
        json!([{ "digest": { "sha256": sha256().to_uppercase(), "sha512": sha512(ARTIFACT) } }]);
    let predicate = json!({ "bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": { "timestamp": "2026-10-01T00:00:00Z" } });
    let case = Case::new()
        .json("a.json", &key.bundle(&statement_about(&subjects, CYCLONEDX, &predicate)))
        .json("b.json", &key.blob(ARTIFACT));
    let facts = case.facts(&key.trusted("ci"));
    let checks = facts.attestations()[0].checks();
    assert_eq!(checks.signature, SignatureCheck::Envelope);
    assert_eq!(checks.subject, SubjectCheck::Both);
    assert_eq!(checks.shape, ShapeCheck::Checked(vec![]));
    assert_eq!(checks.time, TimeCheck::Claimed("2026-10-01T00:00:00Z".parse().unwrap()));
    assert_eq!(checks.log, LogCheck::NotRequired);
    let checks = facts.signatures()[0].checks();
    assert_eq!(checks.signature, SignatureCheck::Artifact(Over::Sha256));
    assert_eq!(checks.subject, SubjectCheck::Signed);
    assert_eq!(checks.shape, ShapeCheck::NotChecked);
    assert_eq!(checks.time, TimeCheck::Absent);
}
