//! Signatures over the artifact, in bundles and as loose files.
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use common::{ARTIFACT, Case, Key, bytes, lines, repository, sha256};
use lockgate_evidence::{
    Artifact, Caps, KeyEntry, Over, SignatureCheck, Source, SubjectCheck, Trust, gather, verify,
};
use lockgate_model::Kind;
use serde_json::json;

/// What is said of a loose signature.
fn loose(trust: &Trust, signature: impl AsRef<[u8]>) -> String {
    let report = Case::new().with("app.sig", signature).report(trust);
    report[0].strip_prefix("app.sig 0 ").unwrap().to_owned()
}

const FACT: &str = "signature fact: by ci";
const NOBODY: &str = "signature rejected: no key in `[trust]` verifies the signature";

#[test]
fn every_type_of_key_signs_an_artifact_in_a_bundle_and_loose() {
    for key in Key::of_every_type() {
        let trust = key.trusted("ci");
        let bundled = Case::new().json("app.sig", &key.blob(ARTIFACT)).report(&trust);
        assert_eq!(bundled, ["app.sig 0 signature fact: by ci"]);
        let signature = key.sign(ARTIFACT);
        assert_eq!(loose(&trust, &signature), FACT);
        let base64 = STANDARD.encode(&signature);
        assert_eq!(loose(&trust, &base64), FACT);
        let (head, tail) = base64.split_at(64);
        assert_eq!(loose(&trust, format!("{head}\r\n{tail}\n")), FACT);
        let other = key.sign(b"another artifact");
        assert_eq!(loose(&trust, other), NOBODY);
        assert_eq!(loose(&Key::p256().trusted("ci"), &signature), NOBODY);
        let mut flipped = signature;
        *flipped.last_mut().unwrap() ^= 1;
        assert_eq!(loose(&trust, flipped), NOBODY);
    }
}

#[test]
fn a_loose_ecdsa_signature_may_be_two_numbers_of_full_length() {
    for (key, half) in [(Key::p256(), 32), (Key::p384(), 48)] {
        let der = key.sign(ARTIFACT);
        let fixed = fixed(&der, half);
        assert_eq!(fixed.len(), 2 * half);
        let trust = key.trusted("ci");
        assert_eq!(loose(&trust, &fixed), FACT);
        assert_eq!(loose(&trust, STANDARD.encode(&fixed)), FACT);
        // A bundle has DER and nothing else.
        let mut bundle = key.blob(ARTIFACT);
        bundle["messageSignature"]["signature"] = json!(STANDARD.encode(&fixed));
        assert_eq!(
            common::line(&trust, &bundle),
            "d.json 0 signature rejected: the signature does not verify with key `ci`, which its \
             hint names"
        );
    }
}

/// The two numbers of an ECDSA signature in DER, each in its full length.
fn fixed(der: &[u8], half: usize) -> Vec<u8> {
    let mut numbers = &der[2..];
    let mut fixed = Vec::new();
    for _ in 0..2 {
        let (number, rest) = numbers[2..].split_at(usize::from(numbers[1]));
        let number = number.strip_prefix(&[0]).unwrap_or(number);
        fixed.extend(vec![0; half - number.len()]);
        fixed.extend(number);
        numbers = rest;
    }
    fixed
}

#[test]
fn what_a_signature_is_over_is_told() {
    let keys = [
        (Key::p256(), Over::Sha256),
        (Key::p384(), Over::Sha384),
        (Key::ed25519(), Over::Bytes),
        (Key::rsa(), Over::Sha256),
    ];
    for (key, over) in keys {
        let case = Case::new().with("app.sig", key.sign(ARTIFACT));
        let facts = case.facts(&key.trusted("ci"));
        let fact = &facts.signatures()[0];
        assert_eq!(fact.checks().signature, SignatureCheck::Artifact(over));
        assert_eq!(fact.checks().subject, SubjectCheck::Signed);
        assert_eq!(fact.get().format(), "raw");
        assert_eq!(facts.count_by(Kind::Signature, "ci"), 1);
    }
}

#[test]
fn from_a_digest_alone_only_signatures_over_it_can_be_checked() {
    let report = |key: &Key| {
        let case = Case::new().json("d.json", &key.blob(ARTIFACT)).by_digest();
        case.report(&key.trusted("ci"))[0].strip_prefix("d.json 0 signature ").unwrap().to_owned()
    };
    assert_eq!(report(&Key::p256()), "fact: by ci");
    assert_eq!(report(&Key::rsa()), "fact: by ci");
    assert_eq!(
        report(&Key::ed25519()),
        "rejected: its check with `ci` is not possible: it signs the artifact's bytes, and only \
         the sha256 digest is given"
    );
    assert_eq!(
        report(&Key::p384()),
        "rejected: its check with `ci` is not possible: it signs the artifact's SHA-384 digest, \
         and only the sha256 digest is given"
    );
    let (p256, p384, stranger) = (Key::p256(), Key::p384(), Key::p256());
    let kinds = Some(Kind::ALL);
    let trust = Trust::new(vec![p256.entry("a", kinds), p384.entry("b", kinds)]).unwrap();
    let case = Case::new().json("d.json", &stranger.blob(ARTIFACT)).by_digest();
    assert_eq!(
        case.report(&trust)[0].split("; ").nth(1).unwrap(),
        "its check with `b` is not possible: it signs the artifact's SHA-384 digest, and only the \
         sha256 digest is given"
    );
}

#[test]
fn a_large_artifact_is_not_held_in_memory() {
    let key = Key::ed25519();
    let size = ARTIFACT.len() as u64;
    let case = |cap| Case::new().with("app.sig", key.sign(ARTIFACT)).artifact_cap(cap);
    assert_eq!(case(size).report(&key.trusted("ci")), ["app.sig 0 signature fact: by ci"]);
    assert_eq!(
        case(size - 1).report(&key.trusted("ci")),
        ["app.sig 0 signature rejected: its check with `ci` is not possible: it signs the \
          artifact's bytes, which are 13, and the cap is 12: raise `max-artifact` under \
          `[evidence]` in the policy file"]
    );
}

#[test]
fn an_artifact_that_grows_between_two_passes_is_noticed() {
    let key = Key::ed25519();
    let case = Case::new().with("app.sig", key.sign(ARTIFACT));
    let mut artifact = case.artifact();
    let folder = case.evidence.open_parent_dir(cap_std::ambient_authority()).unwrap();
    folder.write("app", [ARTIFACT, b"and more"].concat()).unwrap();
    let source = Source { kind: None, path: case.path("evidence") };
    let trust = key.trusted("ci");
    let error = gather(&mut artifact, &[source], &Caps::default(), &trust).unwrap_err();
    assert_eq!(error.to_string(), "the artifact `app` changed while it was being read");
}

#[test]
fn what_openssl_signs_is_verified_with_a_bare_digest_too() {
    // Made with openssl: `dgst -sha256 -sign`, RSASSA-PSS, RSA of 3072 bits.
    let folder = "host/evidence/tests/keys";
    for name in ["p384-sha256", "rsa-2048-pss", "rsa-3072"] {
        let file = bytes(repository(&format!("{folder}/{name}.pub")));
        let kinds = Some(vec![Kind::Signature]);
        let trust =
            Trust::new(vec![KeyEntry { name: "ci".into(), file, kinds, ..KeyEntry::default() }])
                .unwrap();
        let signature = bytes(repository(&format!("{folder}/{name}.sig")));
        for case in [Case::new(), Case::new().by_digest()] {
            let case = case.with("app.sig", &signature);
            let (mut artifact, path) = (case.artifact(), case.path("evidence"));
            let sources = [Source { kind: None, path }];
            let gathered = gather(&mut artifact, &sources, &Caps::default(), &trust).unwrap();
            let facts = verify(gathered, &artifact, &trust, common::at());
            assert_eq!(lines(&facts), ["app.sig 0 signature fact: by ci"], "{name}");
        }
    }
}

#[test]
fn without_trust_a_loose_signature_is_a_signature_by_nobody() {
    assert_eq!(loose(&Trust::empty(), Key::p256().sign(ARTIFACT)), NOBODY);
    let mut artifact = Artifact::resolve(&format!("sha256:{}", sha256())).unwrap();
    let none = gather(&mut artifact, &[], &Caps::default(), &Trust::empty()).unwrap();
    assert!(verify(none, &artifact, &Trust::empty(), common::at()).documents().is_empty());
}
