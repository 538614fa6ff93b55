//! Which keys are trusted, and what a key file is when it is not one.
#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::signature::{ECDSA_P521_SHA512_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use common::{Key, bytes, pem, repository};
use lockgate_evidence::{EntryPlace, KeyEntry, Trust};
use lockgate_model::Kind;

fn entry(file: impl AsRef<[u8]>) -> KeyEntry {
    KeyEntry {
        name: "key".to_owned(),
        file: file.as_ref().to_vec(),
        kinds: None,
        ..KeyEntry::default()
    }
}

/// A key file that another program made.
fn fixture(name: &str) -> Vec<u8> {
    bytes(repository(&format!("host/evidence/tests/keys/{name}")))
}

fn problem(pem: impl AsRef<[u8]>) -> String {
    let problems = Trust::new(vec![entry(pem)]).unwrap_err();
    assert_eq!((problems.len(), problems[0].entry), (1, EntryPlace::Key(0)));
    problems[0].error.to_string()
}

#[test]
fn keys_that_are_not_read_are_told_apart() {
    let unsupported = |what| format!("the key file holds {what}: not supported by this version");
    let p521 = EcdsaKeyPair::generate(&ECDSA_P521_SHA512_ASN1_SIGNING).unwrap();
    let p521 = p521.public_key().as_der().unwrap();
    assert_eq!(problem(pem(p521.as_ref())), unsupported("an ECDSA P-521 key"));
    assert_eq!(
        problem("-----BEGIN RSA PUBLIC KEY-----\nAA"),
        unsupported("an RSA key in PKCS#1 form")
    );
    let length = unsupported("an RSA key of fewer than 2048 or more than 8192 bits");
    for bits in ["1024", "9216"] {
        assert_eq!(problem(fixture(&format!("rsa-{bits}.pub"))), length);
    }
    assert_eq!(problem(fixture("rsa-pss.pub")), unsupported("an RSA-PSS key"));
    let mut compressed = Key::p256().der();
    compressed.truncate(26 + 33);
    compressed[26] = 2;
    assert_eq!(
        problem(pem(&compressed)),
        unsupported("an ECDSA P-256 key whose point is compressed")
    );
    let mut compressed = Key::p384().der();
    compressed.truncate(23 + 49);
    compressed[23] = 3;
    assert_eq!(
        problem(pem(&compressed)),
        unsupported("an ECDSA P-384 key whose point is compressed")
    );
    assert_eq!(problem(pem(&[0x30, 0x00])), unsupported("a key of an unknown type"));
}

#[test]
fn files_that_hold_no_key_say_why() {
    let none = |what| format!("the key file holds no public key in PEM: {what}");
    assert_eq!(problem(""), none("it is not one `PUBLIC KEY` block"));
    assert_eq!(problem([0xff]), none("it is not text"));
    assert_eq!(problem("-----BEGIN PRIVATE KEY-----\nAA"), none("it is a private key"));
    assert_eq!(problem("-----BEGIN EC PRIVATE KEY-----\nAA"), none("it is a private key"));
    let key = Key::p256();
    assert_eq!(problem([key.pem(), key.pem()].concat()), none("the block is not valid base64"));
    assert_eq!(problem(pem(b"hello")), none("the block is not a `SubjectPublicKeyInfo`"));
    let mut off_curve = key.der();
    off_curve[27..].fill(1);
    assert_eq!(problem(pem(&off_curve)), none("its numbers are not a point on the curve"));
    let mut long = key.der();
    long.push(0);
    assert_eq!(problem(pem(&long)), none("its numbers are not a point on the curve"));
}

#[test]
fn an_rsa_key_has_one_encoding_that_is_read() {
    let good = Key::rsa().der();
    assert!(Trust::new(vec![entry(pem(&good))]).is_ok());
    // The same numbers with a leading zero more, all lengths told so.
    let mut padded = good.clone();
    padded.insert(33, 0);
    for low in [3, 22, 27, 31] {
        padded[low] += 1;
    }
    let mut trailing = good.clone();
    trailing.push(0);
    let mut unused_bits = good;
    unused_bits[23] = 1;
    for other in [padded, trailing, unused_bits] {
        assert_eq!(
            problem(pem(&other)),
            "the key file holds no public key in PEM: its numbers are not a modulus and an \
             exponent in DER"
        );
    }
}

#[test]
fn one_key_is_one_signer_and_all_problems_are_told_at_once() {
    let (a, b) = (Key::p256(), Key::ed25519());
    let problems = Trust::new(vec![
        a.entry("a", None),
        KeyEntry {
            name: "broken".to_owned(),
            file: Vec::new(),
            kinds: None,
            ..KeyEntry::default()
        },
        a.entry("b", Some(&[Kind::Sbom])),
        b.entry("a", None),
    ])
    .unwrap_err();
    let problems: Vec<_> =
        problems.iter().map(|problem| (problem.entry, problem.error.to_string())).collect();
    assert_eq!(
        problems,
        [
            (
                EntryPlace::Key(1),
                "the key file holds no public key in PEM: it is not one `PUBLIC KEY` block"
                    .to_owned()
            ),
            (
                EntryPlace::Key(2),
                "this is the public key of `a`, too: one key is one signer".to_owned()
            ),
            (EntryPlace::Key(3), "the name `a` is taken by another signer".to_owned()),
        ]
    );
}

#[test]
fn a_trust_knows_its_signers() {
    let (a, b) = (Key::p256(), Key::ed25519());
    let trust = Trust::new(vec![b.entry("b", None), a.entry("a", Some(&[Kind::Sbom]))]).unwrap();
    assert!(trust.contains("a") && trust.contains("b") && !trust.contains("c"));
    assert_eq!(trust.unscoped(), ["b"]);
    assert!(!Trust::empty().contains("a"));
}
