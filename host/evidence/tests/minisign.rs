//! Signatures of minisign.
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use blake2::{Blake2b512, Digest as _};
use common::{ARTIFACT, Case, Key};
use lockgate_evidence::{ContextCheck, KeyEntry, Over, SignatureCheck, Trust};
use lockgate_model::Kind;
use proptest::prelude::*;

/// Somebody who signs with minisign.
struct Minisign {
    id: [u8; 8],
    pair: Ed25519KeyPair,
}

impl Minisign {
    fn new(id: u8) -> Self {
        Self { id: [id; 8], pair: Ed25519KeyPair::generate().unwrap() }
    }

    fn public(&self) -> String {
        let key = [b"Ed", &self.id[..], self.pair.public_key().as_ref()].concat();
        format!("untrusted comment: minisign public key\n{}\n", STANDARD.encode(key))
    }

    fn entry(&self, name: &str) -> KeyEntry {
        let kinds = Some(vec![Kind::Signature]);
        KeyEntry {
            name: name.to_owned(),
            file: self.public().into_bytes(),
            kinds,
            ..KeyEntry::default()
        }
    }

    fn trusted(&self) -> Trust {
        Trust::new(vec![self.entry("release")]).unwrap()
    }

    fn sign(&self, artifact: &[u8]) -> String {
        self.write(b"ED", &Blake2b512::digest(artifact))
    }

    fn sign_legacy(&self, artifact: &[u8]) -> String {
        self.write(b"Ed", artifact)
    }

    fn write(&self, algorithm: &[u8], message: &[u8]) -> String {
        let signature = self.pair.sign(message);
        let comment = "timestamp:1790000000\tfile:app";
        let global = self.pair.sign(&[signature.as_ref(), comment.as_bytes()].concat());
        let first = [algorithm, &self.id, signature.as_ref()].concat();
        format!(
            "untrusted comment: anything\n{}\ntrusted comment: {comment}\n{}\n",
            STANDARD.encode(first),
            STANDARD.encode(global)
        )
    }
}

fn report(trust: &Trust, signature: impl AsRef<[u8]>) -> String {
    let report = Case::new().with("app.minisig", signature).report(trust);
    report[0].strip_prefix("app.minisig 0 signature ").unwrap_or(&report[0]).to_owned()
}

#[test]
fn both_ways_of_signing_are_facts_and_the_trusted_comment_is_told() {
    let key = Minisign::new(1);
    for (signature, over) in
        [(key.sign(ARTIFACT), Over::Blake2b512), (key.sign_legacy(ARTIFACT), Over::Bytes)]
    {
        assert_eq!(report(&key.trusted(), &signature), "fact: by release");
        assert_eq!(report(&key.trusted(), signature.replace('\n', "\r\n")), "fact: by release");
        let facts = Case::new().with("app.minisig", signature).facts(&key.trusted());
        let fact = &facts.signatures()[0];
        let checks = fact.checks();
        assert_eq!(checks.signature, SignatureCheck::Artifact(over));
        let ContextCheck::TrustedComment(comment) = &checks.context else { panic!("{checks:?}") };
        assert_eq!(*comment, *"timestamp:1790000000\\u{9}file:app");
        assert_eq!(fact.get().format(), "minisign");
    }
}

#[test]
fn a_signature_over_a_digest_is_none_over_the_file_that_holds_the_digest() {
    // Which of the two ways it was signed is not signed: the same numbers are good for the artifact
    // and, relabelled, for the 64 bytes of its digest.
    let key = Minisign::new(1);
    let signature = key.sign(ARTIFACT);
    let second = signature.lines().nth(1).unwrap();
    let relabelled = [b"Ed", &STANDARD.decode(second).unwrap()[2..]].concat();
    let relabelled = signature.replace(second, &STANDARD.encode(relabelled));
    let digest = Blake2b512::digest(ARTIFACT);
    let report = Case::about(&digest).with("app.minisig", relabelled).report(&key.trusted());
    assert_eq!(
        report,
        [
            "app.minisig 0 signature rejected: it signs 64 bytes, and cannot be told from a signature \
          over the file of which they are the digest"
        ]
    );
}

#[test]
fn the_untrusted_comment_and_the_key_id_choose_nothing() {
    let (key, other) = (Minisign::new(1), Minisign::new(2));
    let trust = Trust::new(vec![key.entry("release"), other.entry("other")]).unwrap();
    let claimed = Minisign { id: other.id, pair: Ed25519KeyPair::generate().unwrap() };
    assert_eq!(
        report(&trust, claimed.sign(ARTIFACT)),
        "rejected: the signature does not verify with key `other`, which its key id names"
    );
    let renamed = Minisign { id: other.id, pair: key.pair }.sign(ARTIFACT);
    assert_eq!(report(&trust, renamed.replace("anything", "else")), "fact: by release");
}

#[test]
fn a_signature_that_is_not_one_says_why() {
    let (key, stranger) = (Minisign::new(1), Minisign::new(0xab));
    let trust = key.trusted();
    assert_eq!(
        report(&trust, stranger.sign(ARTIFACT)),
        "rejected: no key in `[trust]` verifies the signature (it is signed with key \
         `ABABABABABABABAB`)"
    );
    let failed =
        "rejected: the signature does not verify with key `release`, which its key id names";
    assert_eq!(report(&trust, key.sign(b"another artifact")), failed);
    assert_eq!(report(&trust, key.sign_legacy(b"another artifact")), failed);
    // What is signed in one way is not taken for signed in the other.
    let swapped = key.write(b"Ed", &Blake2b512::digest(ARTIFACT));
    assert_eq!(report(&trust, swapped), failed);
    assert_eq!(
        report(&trust, key.sign(ARTIFACT).replace("file:app", "file:other")),
        "rejected: `release` signs it, but not its trusted comment"
    );
    assert_eq!(
        report(&Key::ed25519().trusted("ci"), key.sign(ARTIFACT)),
        "rejected: `[trust]` has no minisign key (it is signed with key `0101010101010101`)"
    );
}

#[test]
fn from_a_digest_alone_it_cannot_be_checked() {
    let key = Minisign::new(1);
    let report = |signature: String| {
        Case::new().with("app.minisig", signature).by_digest().report(&key.trusted()).remove(0)
    };
    let cannot = "app.minisig 0 signature rejected: its check with `release` is not possible: it \
                  signs the artifact's";
    let given = "and only the sha256 digest is given";
    assert_eq!(report(key.sign(ARTIFACT)), format!("{cannot} BLAKE2b-512 digest, {given}"));
    assert_eq!(report(key.sign_legacy(ARTIFACT)), format!("{cannot} bytes, {given}"));
}

#[test]
fn a_signature_file_is_whole_or_none() {
    let key = Minisign::new(1);
    let good = key.sign(ARTIFACT);
    let lines: Vec<&str> = good.lines().collect();
    let broken = |text: &str, why: &str| {
        assert_eq!(
            report(&key.trusted(), text),
            format!("rejected: is not a minisign signature: {why}"),
            "{text}"
        );
    };
    broken(lines[0], "it has no second line");
    broken(&lines[..2].join("\n"), "it has no trusted comment");
    broken(&lines[..3].join("\n"), "it has no signature over its trusted comment");
    broken(&format!("{good}more\n"), "it has more than four lines");
    broken(&good.replace(lines[1], "AAAA"), "its second line is not 74 bytes in base64");
    broken(&good.replace(lines[3], "AAAA"), "its fourth line is not 64 bytes in base64");
    broken(
        &good.replace("trusted comment: t", "a comment: t"),
        "its third line is no trusted comment",
    );
    let other = key.write(b"EX", ARTIFACT);
    broken(&other, "its algorithm is neither `ED` nor `Ed`");
}

#[test]
fn a_key_file_is_whole_or_none_and_signs_files_alone() {
    let key = Minisign::new(1);
    let problem = |file: &str, kinds: Option<Vec<Kind>>| {
        let entry = KeyEntry {
            name: "key".to_owned(),
            file: file.as_bytes().to_vec(),
            kinds,
            ..KeyEntry::default()
        };
        Trust::new(vec![entry]).unwrap_err()[0].error.to_string()
    };
    let broken = |file: &str, why: &str| {
        assert_eq!(problem(file, None), format!("the key file holds no minisign key: {why}"));
    };
    broken("untrusted comment: x", "it has no second line");
    broken("untrusted comment: x\n????", "its second line is not valid base64");
    broken("untrusted comment: x\nAAAA", "it does not have 42 bytes");
    broken(&format!("{}more", key.public()), "it has more than two lines");
    let other = STANDARD.encode([0; 42]);
    broken(&format!("untrusted comment: x\n{other}"), "its algorithm is not `Ed`");
    assert_eq!(
        problem(&key.public(), Some(vec![Kind::Signature, Kind::Sbom])),
        "a key of minisign signs files, so it may vouch for `signature` and not for `sbom`"
    );
    // The same key in another format is the same signer.
    let spki = aws_lc_rs::encoding::AsDer::as_der(key.pair.public_key()).unwrap();
    let pem = KeyEntry {
        name: "pem".into(),
        file: common::pem(spki.as_ref()),
        kinds: None,
        ..KeyEntry::default()
    };
    let problems = Trust::new(vec![key.entry("minisign"), pem]).unwrap_err();
    assert_eq!(
        problems[0].error.to_string(),
        "this is the public key of `minisign`, too: one key is one signer"
    );
}

#[test]
fn a_key_of_minisign_vouches_for_nothing_else() {
    let key = Minisign::new(1);
    let loose = key.pair.sign(ARTIFACT);
    assert_eq!(
        report(&key.trusted(), loose.as_ref()),
        "rejected: no key in `[trust]` verifies the signature"
    );
    let mut unscoped = key.entry("release");
    unscoped.kinds = None;
    let trust = Trust::new(vec![unscoped]).unwrap();
    let statement = common::statement(common::TEST_RESULT, &common::passed());
    let signed = Key::Ed25519(key.pair).bundle(&statement);
    assert!(common::line(&trust, &signed).contains("rejected"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_mangled_signature_is_no_other_fact(
        place in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>()
    ) {
        let key = Minisign::new(1);
        let good = key.sign(ARTIFACT).into_bytes();
        let mut mangled = good.clone();
        let place = place.index(mangled.len());
        mangled[place] = byte;
        let facts = Case::new().with("app.minisig", &mangled).facts(&key.trusted());
        // The first line is a comment, and the key's id a hint.
        let second = good.iter().position(|byte| *byte == b'\n').unwrap();
        let chooses_nothing = place <= second + 1 + 14;
        prop_assert!(facts.signatures().is_empty() || chooses_nothing || mangled == good);
        let short = &good[..cut.index(good.len() - 1)];
        let facts = Case::new().with("app.minisig", short).facts(&key.trusted());
        prop_assert!(facts.signatures().is_empty());
    }
}
