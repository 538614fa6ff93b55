//! What it costs to verify one bundle that a key signed, beside what it cannot cost less than: the
//! verification of its signature by `aws-lc-rs` alone, and one pass of SHA-256 over the bundle.
//!
//! `cargo bench -p lockgate-tests --bench bundle`. Both are measured in turns, so that the ratio
//! holds on a machine that does other things as well; it is to be 1.5 at the most.
#![forbid(unsafe_code)]
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark measures and prints"
)]

mod measure;

use std::hint::black_box;

use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1, ParsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lockgate_evidence::fuzzing::judge;
use lockgate_evidence::{Artifact, KeyEntry, Trust};
use lockgate_model::Instant;
use lockgate_tests::root;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// The most that verifying may cost, in units of the reference.
const TARGET: f64 = 1.5;

fn main() {
    let release = root().join("examples/release");
    let artifact = Artifact::resolve(release.join("app.tar.gz").to_str().unwrap()).unwrap();
    let at: Instant = "2026-10-02T00:00:00Z".parse().unwrap();
    for (document, signer) in [
        ("provenance", "builder"),
        ("tests", "ci"),
        ("vex", "security"),
        ("scan", "security"),
        ("sbom", "ci"),
    ] {
        let bundle =
            std::fs::read(release.join(format!("evidence/{document}.sigstore.json"))).unwrap();
        let key = std::fs::read(release.join(format!("trust/{signer}.pub"))).unwrap();
        let (point, message, signature) = (point(&key), message(&bundle), signature(&bundle));
        let entry = KeyEntry { name: signer.to_owned(), file: key, ..KeyEntry::default() };
        let trust = Trust::new(vec![entry]).unwrap();
        let verify = || {
            let facts = judge(black_box(&bundle), &artifact, &trust, at);
            assert_eq!(facts.attestations().len(), 1);
        };
        let parsed = ParsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, &point).unwrap();
        let reference = || {
            parsed.verify_sig(black_box(&message), &signature).unwrap();
            black_box(Sha256::digest(black_box(&bundle)));
        };
        let [verify, reference] = measure::medians([&mut { verify }, &mut { reference }]);
        let ratio = verify.as_secs_f64() / reference.as_secs_f64();
        let is_met = if ratio <= TARGET { "" } else { "   ABOVE THE TARGET" };
        println!(
            "{document:<11} {:>7} bytes: {:>6.1} µs, reference {:>6.1} µs, ratio {ratio:.2}{is_met}",
            bundle.len(),
            verify.as_secs_f64() * 1e6,
            reference.as_secs_f64() * 1e6,
        );
    }
}

/// The point of a P-256 key in PEM: the last 65 bytes of its DER.
fn point(pem: &[u8]) -> Vec<u8> {
    let lines = std::str::from_utf8(pem).unwrap().lines();
    let body: String = lines.filter(|line| !line.starts_with('-')).collect();
    let der = STANDARD.decode(body).unwrap();
    der[der.len() - 65..].to_vec()
}

fn envelope(bundle: &[u8]) -> Value {
    serde_json::from_slice::<Value>(bundle).unwrap()["dsseEnvelope"].take()
}

/// What the signature is over: DSSE's pre-authentication encoding.
fn message(bundle: &[u8]) -> Vec<u8> {
    let envelope = envelope(bundle);
    let payload_type = envelope["payloadType"].as_str().unwrap();
    let payload = STANDARD.decode(envelope["payload"].as_str().unwrap()).unwrap();
    let head = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len());
    [head.as_bytes(), &payload].concat()
}

fn signature(bundle: &[u8]) -> Vec<u8> {
    STANDARD.decode(envelope(bundle)["signatures"][0]["sig"].as_str().unwrap()).unwrap()
}
