//! Bundles with a certificate: what is right about one makes a fact, and each twin that is wrong in
//! one way is refused for that reason. The conformance suite has more of them; some of its bundles
//! are refused before what is wrong with them is reached, and these are not.
#![forbid(unsafe_code)]

use std::sync::LazyLock;

use lockgate_tests::forge::{Bundle, Instance, Key, Signing, Version, WORKFLOW};
use lockgate_tests::{Desk, Row, identity, statement};
use serde_json::{Value, json};

const BINARY: &str = env!("CARGO_BIN_EXE_lockgate-under-test");

/// The instance of these tests, with all that an instance has.
static FORGE: LazyLock<Instance> =
    LazyLock::new(|| Instance::new().with_ct_log().with_timestamps());

fn sign() -> Signing<'static> {
    FORGE.sign(Desk::ARTIFACT)
}

fn attest() -> Signing<'static> {
    FORGE.attest(&sbom())
}

fn sbom() -> Value {
    let predicate = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "components": [{ "type": "library", "name": "left-pad", "version": "1.3.0" }],
    });
    statement(Desk::ARTIFACT, "https://cyclonedx.org/bom", &predicate)
}

fn desk() -> Desk {
    Desk::new(BINARY, &FORGE).with(&identity(&format!("subject = \"{WORKFLOW}\"")))
}

fn ask(bundle: &Bundle) -> Row {
    desk().row(bundle)
}

/// Asserts that it is rejected, for a reason with any of these words.
fn refuses(what: &str, bundle: &Bundle, words: &[&str]) {
    let row = ask(bundle);
    assert_eq!(row.status, "rejected", "{what}: {row:#?}");
    let reason = row.reason.unwrap_or_default().to_lowercase();
    assert!(words.iter().any(|word| reason.contains(word)), "{what}: none of {words:?}: {reason}");
}

#[test]
fn a_signature_and_an_attestation_are_facts_in_every_version() {
    for version in [Version::V01, Version::V02, Version::V03] {
        ask(&sign().version(version).bundle()).fact("signature", "builder");
        ask(&attest().version(version).bundle()).fact("sbom", "builder");
    }
}

#[test]
fn a_signature_that_is_cryptographically_wrong_is_refused() {
    // By another key, in the same place, with a log entry and a timestamp that fit it.
    refuses("a signature", &sign().signed_by_another().bundle(), &["signature"]);
    refuses("an envelope's", &attest().signed_by_another().bundle(), &["signature"]);
    // One bit the other way: neither is it what was logged.
    refuses("a bit", &sign().bundle().flipped(Bundle::SIGNATURE, 0), &["signature", "timestamp"]);
    let flipped = attest().bundle().flipped(Bundle::ENVELOPE_SIGNATURE, 0);
    refuses("a bit in an envelope's", &flipped, &["signature", "timestamp"]);
}

#[test]
fn what_was_changed_after_it_was_signed_is_refused() {
    let mut edited = sbom();
    edited["predicate"]["components"] = json!([]);
    let edited = FORGE.attest(&edited).bundle();
    let bundle = attest().bundle();
    refuses("the payload", &bundle.grafted("/dsseEnvelope/payload", &edited), &["signature"]);
    let other = "application/vnd.in-toto.other+json".into();
    refuses("its type", &bundle.with("/dsseEnvelope/payloadType", other), &["signature", "type"]);
    let signatures = |second: &Bundle| {
        let [first, second] = [&bundle, second].map(|one| one.get("/dsseEnvelope/signatures/0"));
        bundle.with("/dsseEnvelope/signatures", json!([first, second]))
    };
    for second in [&edited, &bundle] {
        refuses("two signatures", &signatures(second), &["signatures"]);
    }
    refuses("none", &bundle.with("/dsseEnvelope/signatures", json!([])), &["signatures"]);
}

#[test]
fn another_artifact_is_refused() {
    let desk = desk();
    desk.bench.write("app", "another artifact");
    desk.row(&sign().bundle()).rejected(&["another artifact"]);
    desk.row(&attest().bundle()).rejected(&["is about"]);
    // Also where the bundle does not say what it is over.
    let silent = sign().bundle().without("/messageSignature/messageDigest");
    ask(&silent).fact("signature", "builder");
    desk.row(&silent).rejected(&["signature", "artifact"]);
}

#[test]
fn a_log_entry_of_another_signature_is_refused() {
    // The other signature is over the same artifact and by the same identity.
    for (ours, other) in [(sign(), sign()), (attest(), attest())] {
        let grafted = ours.bundle().grafted(Bundle::ENTRY, &other.bundle());
        refuses("an entry", &grafted, &["log", "entry"]);
    }
    // And one of another kind.
    let grafted = sign().bundle().grafted(Bundle::ENTRY, &attest().bundle());
    refuses("an envelope's entry", &grafted, &["log", "entry"]);
}

#[test]
fn an_entry_that_the_log_did_not_promise_is_refused() {
    let (bundle, other) = (sign().bundle(), sign().bundle());
    for from_end in [0, 20, 40] {
        let flipped = bundle.flipped(Bundle::PROMISE, from_end);
        refuses("a bit", &flipped, &["set", "promise", "log"]);
    }
    refuses("another's", &bundle.grafted(Bundle::PROMISE, &other), &["set", "promise", "log"]);
    // The time and the place are promised, too.
    for (pointer, value) in [
        (Bundle::LOGGED_AT, "1790856001"),
        ("/verificationMaterial/tlogEntries/0/logIndex", "1000002"),
    ] {
        let moved = bundle.with(pointer, value.into());
        refuses(pointer, &moved, &["set", "promise", "log"]);
    }
}

#[test]
fn a_log_that_the_root_does_not_name_is_refused() {
    let other = Instance::new();
    refuses("a log", &sign().logged_by(&other).bundle(), &["log"]);
}

#[test]
fn a_checkpoint_that_the_log_did_not_sign_is_refused() {
    let (key, other) = (Key::fresh(), sign().bundle());
    refuses("by another key", &sign().checkpoint_by(&key).bundle(), &["checkpoint"]);
    let bundle = sign().bundle();
    refuses("another's", &bundle.grafted(Bundle::CHECKPOINT, &other), &["checkpoint"]);
    refuses("none", &bundle.without(&format!("{}/checkpoint", Bundle::PROOF)), &["checkpoint"]);
}

#[test]
fn a_proof_of_another_leaf_is_refused() {
    let (bundle, other) = (sign().bundle(), sign().bundle());
    refuses("another's", &bundle.grafted(Bundle::PROOF, &other), &["inclusion proof"]);
    for (field, value) in [
        ("logIndex", json!("0")),
        ("treeSize", json!("2")),
        ("hashes", json!([])),
        ("logIndex", json!("7")),
    ] {
        let moved = bundle.with(&format!("{}/{field}", Bundle::PROOF), value);
        refuses(field, &moved, &["inclusion proof", "log index", "tree size"]);
    }
    let flipped = bundle.flipped(&format!("{}/hashes/0", Bundle::PROOF), 5);
    refuses("a bit of a hash", &flipped, &["inclusion proof"]);
    refuses("none", &bundle.without(Bundle::PROOF), &["inclusion proof"]);
    refuses("no entry", &sign().without_entry().bundle(), &["inclusion proof", "log"]);
}

#[test]
fn a_certificate_of_another_authority_is_refused() {
    let other = Instance::new();
    for version in [Version::V01, Version::V03] {
        let foreign = sign().certified_by(&other).version(version).bundle();
        refuses("an authority", &foreign, &["certificate"]);
    }
    for from_end in [0, 60, 300] {
        let flipped = sign().bundle().flipped(Bundle::CERTIFICATE, from_end);
        refuses("a bit", &flipped, &["certificate"]);
    }
    let other = sign().bundle();
    let grafted = sign().bundle().grafted(Bundle::CERTIFICATE, &other);
    refuses("one of another key", &grafted, &["certificate", "signature", "entry"]);
    refuses("one for timestamps", &sign().for_timestamps().bundle(), &["certificate"]);
}

#[test]
fn what_else_is_in_a_chain_is_no_anchor() {
    // The chain of another instance, down to its root, is all there, and is not ours.
    let other = Instance::new();
    let foreign = sign().certified_by(&other).version(Version::V01).bundle();
    let root: Value = serde_json::from_str(&other.trusted_root()).unwrap_or_default();
    let chain = "/verificationMaterial/x509CertificateChain/certificates";
    let mut certificates = foreign.get(chain).as_array().cloned().unwrap_or_default();
    let anchor = root.pointer("/certificateAuthorities/0/certChain/certificates/1");
    certificates.extend(anchor.cloned());
    assert_eq!(certificates.len(), 3);
    refuses("a foreign root", &foreign.with(chain, certificates.into()), &["certificate"]);
    refuses("no chain", &foreign.with(chain, json!([])), &["certificate"]);
}

#[test]
fn a_root_in_a_chain_is_passed_over_for_roots_come_from_elsewhere() {
    // npm's bundles have it, and the format says that it does not belong there.
    let good = sign().version(Version::V01).bundle();
    ask(&good).fact("signature", "builder");
    let root: Value = serde_json::from_str(&FORGE.trusted_root()).unwrap_or_default();
    let chain = "/verificationMaterial/x509CertificateChain/certificates";
    let mut certificates = good.get(chain).as_array().cloned().unwrap_or_default();
    certificates
        .extend(root.pointer("/certificateAuthorities/0/certChain/certificates/1").cloned());
    assert_eq!(certificates.len(), 3);
    ask(&good.with(chain, certificates.into())).fact("signature", "builder");
}

#[test]
fn a_certificate_that_nobody_logged_is_refused() {
    refuses("no sct", &sign().without_sct().bundle(), &["sct", "certificate"]);
}

#[test]
fn a_timestamp_over_another_signature_is_refused() {
    let (bundle, other) = (sign().bundle(), sign().bundle());
    refuses("another's", &bundle.grafted(Bundle::TIMESTAMP, &other), &["timestamp"]);
    refuses("a bit", &bundle.flipped(Bundle::TIMESTAMP, 3), &["timestamp"]);
    let clock = Instance::new().with_timestamps();
    refuses("another clock's", &sign().stamped_by(&clock).bundle(), &["timestamp"]);
}

#[test]
fn a_bundle_that_is_not_of_its_version_is_refused() {
    let chain = sign().version(Version::V02).bundle();
    let media_type = "application/vnd.dev.sigstore.bundle.v0.3+json";
    refuses("a chain", &chain.with("/mediaType", media_type.into()), &["certificate"]);
    for version in ["application/vnd.dev.sigstore.bundle.v0.4+json", "application/json"] {
        let row = ask(&sign().bundle().with("/mediaType", version.into()));
        assert_ne!(row.status, "fact", "{version}");
    }
    let promised = sign().version(Version::V01).bundle();
    let without = promised.without(&format!("{}/inclusionPromise", Bundle::ENTRY));
    refuses("no promise", &without, &["promise"]);
}

#[test]
fn a_key_that_stands_twice_in_a_bundle_is_refused() {
    // Two readers may see two different certificates.
    let good = sign().bundle();
    let other = sign().uri("https://evil.example").bundle();
    let twice = good.json().replacen(
        "\"certificate\":{",
        &format!(
            "\"certificate\":{{\"rawBytes\":{}}},\"certificate\":{{",
            other.get(Bundle::CERTIFICATE)
        ),
        1,
    );
    let desk = desk();
    desk.bench.write("document.sigstore.json", &twice);
    let ran = desk.bench.run(&[
        "evidence",
        "app",
        "--config=lockgate.toml",
        "--evidence=document.sigstore.json",
        "--at=2026-10-02T00:00:00Z",
        "--output=json",
    ]);
    let row = Row::only(&ran.exits(0));
    assert_ne!(row.status, "fact");
    assert!(row.reason.as_deref().is_some_and(|why| why.contains("twice")), "{row:#?}");
}
