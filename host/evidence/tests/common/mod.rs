//! What the tests share: keys made afresh, documents signed with them, folders to put them in.
#![expect(clippy::disallowed_methods, reason = "tests read the fixtures of this repository")]
#![allow(dead_code, reason = "each test uses a part of it")]

use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair,
    KeyPair as _, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaKeyPair, RsaSignatureEncoding,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use camino::Utf8PathBuf;
use cap_std::ambient_authority;
use cap_std::fs::Dir;
use lockgate_evidence::{
    Artifact, Caps, Facts, KeyEntry, Signer, Source, SubjectCheck, Trust, gather, verify,
};
use lockgate_model::{Digest, Instant, Kind};
use serde_json::{Value, json};

pub(crate) const PROVENANCE: &str = "https://slsa.dev/provenance/v1";
pub(crate) const CYCLONEDX: &str = "https://cyclonedx.org/bom";
pub(crate) const TEST_RESULT: &str = "https://in-toto.io/attestation/test-result/v0.1";

pub(crate) const IN_TOTO: &str = "application/vnd.in-toto+json";

/// The moment that tests ask for, unless they say otherwise.
pub(crate) fn at() -> Instant {
    "2026-10-02T00:00:00Z".parse().unwrap()
}

/// A file of this repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

pub(crate) fn bytes(path: impl AsRef<Path>) -> Vec<u8> {
    std::fs::read(path).unwrap()
}

/// A key that signs, made for one test.
pub(crate) enum Key {
    P256(EcdsaKeyPair),
    P384(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
    Rsa(Box<RsaKeyPair>, &'static RsaSignatureEncoding),
}

impl Key {
    pub(crate) fn p256() -> Self {
        Self::P256(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap())
    }

    pub(crate) fn p384() -> Self {
        Self::P384(EcdsaKeyPair::generate(&ECDSA_P384_SHA384_ASN1_SIGNING).unwrap())
    }

    pub(crate) fn rsa() -> Self {
        Self::Rsa(Box::new(RsaKeyPair::generate(KeySize::Rsa2048).unwrap()), &RSA_PKCS1_SHA256)
    }

    pub(crate) fn rsa_pss() -> Self {
        Self::Rsa(Box::new(RsaKeyPair::generate(KeySize::Rsa2048).unwrap()), &RSA_PSS_SHA256)
    }

    /// One of every type and padding.
    pub(crate) fn of_every_type() -> [Self; 5] {
        [Self::p256(), Self::p384(), Self::ed25519(), Self::rsa(), Self::rsa_pss()]
    }

    pub(crate) fn ed25519() -> Self {
        Self::Ed25519(Ed25519KeyPair::generate().unwrap())
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::P256(key) | Self::P384(key) => {
                key.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec()
            }
            Self::Ed25519(key) => key.sign(message).as_ref().to_vec(),
            Self::Rsa(key, padding) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(*padding, &SystemRandom::new(), message, &mut signature).unwrap();
                signature
            }
        }
    }

    pub(crate) fn der(&self) -> Vec<u8> {
        match self {
            Self::P256(key) | Self::P384(key) => {
                key.public_key().as_der().unwrap().as_ref().to_vec()
            }
            Self::Ed25519(key) => key.public_key().as_der().unwrap().as_ref().to_vec(),
            Self::Rsa(key, _) => key.public_key().as_der().unwrap().as_ref().to_vec(),
        }
    }

    pub(crate) fn pem(&self) -> Vec<u8> {
        pem(&self.der())
    }

    pub(crate) fn hint(&self) -> String {
        STANDARD.encode(digest(&SHA256, &self.der()))
    }

    pub(crate) fn entry(&self, name: &str, kinds: Option<&[Kind]>) -> KeyEntry {
        KeyEntry {
            name: name.to_owned(),
            file: self.pem(),
            kinds: kinds.map(<[Kind]>::to_vec),
            ..KeyEntry::default()
        }
    }

    /// A trust of this key alone, which may vouch for everything.
    pub(crate) fn trusted(&self, name: &str) -> Trust {
        Trust::new(vec![self.entry(name, Some(Kind::ALL))]).unwrap()
    }

    /// An envelope around a statement.
    pub(crate) fn envelope(&self, statement: &Value) -> Value {
        envelope(&[self], "application/vnd.in-toto+json", statement.to_string().as_bytes())
    }

    /// A bundle around a statement.
    pub(crate) fn bundle(&self, statement: &Value) -> Value {
        bundle(&self.hint(), "dsseEnvelope", &self.envelope(statement))
    }

    /// A bundle with a signature over an artifact.
    pub(crate) fn blob(&self, artifact: &[u8]) -> Value {
        let message = json!({
            "messageDigest": {
                "algorithm": "SHA2_256",
                "digest": STANDARD.encode(digest(&SHA256, artifact)),
            },
            "signature": STANDARD.encode(self.sign(artifact)),
        });
        bundle(&self.hint(), "messageSignature", &message)
    }
}

pub(crate) fn pem(der: &[u8]) -> Vec<u8> {
    let body = STANDARD.encode(der);
    let lines: Vec<&str> =
        body.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n"))
        .into_bytes()
}

pub(crate) fn envelope(keys: &[&Key], payload_type: &str, payload: &[u8]) -> Value {
    let head = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len());
    let message = [head.as_bytes(), payload].concat();
    let sign = |key: &&Key| json!({ "sig": STANDARD.encode(key.sign(&message)) });
    json!({
        "payload": STANDARD.encode(payload),
        "payloadType": payload_type,
        "signatures": keys.iter().map(sign).collect::<Vec<_>>(),
    })
}

pub(crate) fn bundle(hint: &str, member: &str, content: &Value) -> Value {
    json!({
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": { "publicKey": { "hint": hint } },
        member: content,
    })
}

/// The artifact of most tests.
pub(crate) const ARTIFACT: &[u8] = b"the artifact\n";

pub(crate) fn sha256() -> String {
    Digest::from_sha256(digest(&SHA256, ARTIFACT).as_ref().try_into().unwrap()).hex()
}

/// A statement about the artifact.
pub(crate) fn statement(predicate_type: &str, predicate: &Value) -> Value {
    statement_about(
        &json!([{ "name": "app", "digest": { "sha256": sha256() } }]),
        predicate_type,
        predicate,
    )
}

pub(crate) fn statement_about(subjects: &Value, predicate_type: &str, predicate: &Value) -> Value {
    json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": subjects,
        "predicateType": predicate_type,
        "predicate": predicate,
    })
}

/// What simple signing signs: that an image with this digest is signed.
pub(crate) fn simple_payload(digest: &str) -> Value {
    json!({ "critical": {
        "identity": { "docker-reference": "" },
        "image": { "docker-manifest-digest": digest },
        "type": "cosign container image signature",
    } })
}

/// A predicate of the kind `test-result`, the smallest there is.
pub(crate) fn passed() -> Value {
    json!({ "result": "PASSED" })
}

/// An artifact, and an empty evidence folder beside it.
pub(crate) struct Case {
    folder: tempfile::TempDir,
    pub(crate) evidence: Dir,
    caps: Caps,
    kind: Option<Kind>,
    at: Instant,
    by_digest: bool,
}

impl Case {
    pub(crate) fn new() -> Self {
        Self::about(ARTIFACT)
    }

    /// About another artifact.
    pub(crate) fn about(artifact: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let dir = Dir::open_ambient_dir(folder.path(), ambient_authority()).unwrap();
        dir.write("app", artifact).unwrap();
        dir.create_dir("evidence").unwrap();
        let evidence = dir.open_dir("evidence").unwrap();
        let caps = Caps::default();
        Self { folder, evidence, caps, kind: None, at: at(), by_digest: false }
    }

    pub(crate) fn with(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        self.evidence.write(name, content).unwrap();
        self
    }

    pub(crate) fn json(self, name: &str, content: &Value) -> Self {
        self.with(name, content.to_string())
    }

    pub(crate) fn cap(mut self, document_bytes: u64) -> Self {
        self.caps.document_bytes = document_bytes;
        self
    }

    pub(crate) fn artifact_cap(mut self, artifact_bytes: u64) -> Self {
        self.caps.artifact_bytes = artifact_bytes;
        self
    }

    pub(crate) fn called(mut self, kind: Kind) -> Self {
        self.kind = Some(kind);
        self
    }

    pub(crate) fn at(mut self, at: &str) -> Self {
        self.at = at.parse().unwrap();
        self
    }

    /// Of the artifact only the digest is given.
    pub(crate) fn by_digest(mut self) -> Self {
        self.by_digest = true;
        self
    }

    pub(crate) fn path(&self, name: &str) -> Utf8PathBuf {
        Utf8PathBuf::from_path_buf(self.folder.path().join(name)).unwrap()
    }

    pub(crate) fn artifact(&self) -> Artifact {
        if self.by_digest {
            return Artifact::resolve(&format!("sha256:{}", sha256())).unwrap();
        }
        Artifact::resolve(self.path("app").as_str()).unwrap()
    }

    pub(crate) fn facts(&self, trust: &Trust) -> Facts {
        let mut artifact = self.artifact();
        let source = Source { kind: self.kind, path: self.path("evidence") };
        let gathered = gather(&mut artifact, &[source], &self.caps, trust).unwrap();
        verify(gathered, &artifact, trust, self.at)
    }

    /// What the report says of every document.
    pub(crate) fn report(&self, trust: &Trust) -> Vec<String> {
        lines(&self.facts(trust))
    }
}

/// One line a document: where, kind, status, and signers or the reason.
pub(crate) fn lines(facts: &Facts) -> Vec<String> {
    let line = |document: &lockgate_model::Document| {
        let kind = document.kind.map_or("-", Kind::as_str);
        let status = serde_json::to_value(document.status).unwrap();
        let why = match &document.reason {
            Some(reason) => reason.to_string(),
            None => format!("by {}", document.signers.join(", ")),
        };
        let (path, index) = (&document.path, document.index);
        format!("{path} {index} {kind} {}: {why}", status.as_str().unwrap())
    };
    facts.documents().iter().map(line).collect()
}

/// What a fact says and who says it: its kind, its predicate's type and bytes, those who vouch for
/// it and their keys, and how it is bound to the artifact.
pub(crate) type Content = (Kind, String, Vec<u8>, Vec<(String, String)>, SubjectCheck);

/// The content of all facts, in an order of its own.
pub(crate) fn content(facts: &Facts) -> Vec<Content> {
    let signers = |signers: &[Signer]| -> Vec<(String, String)> {
        signers.iter().map(|by| (by.name().to_owned(), by.key().to_owned())).collect()
    };
    let attestations = facts.attestations().iter().map(|fact| {
        let value = fact.get();
        let (of, bytes) = (value.predicate_type().to_owned(), value.predicate_bytes().to_vec());
        (value.kind(), of, bytes, signers(fact.signers()), fact.checks().subject)
    });
    let signatures = facts.signatures().iter().map(|fact| {
        let by = signers(fact.signers());
        (Kind::Signature, String::new(), Vec::new(), by, fact.checks().subject)
    });
    let mut all: Vec<Content> = attestations.chain(signatures).collect();
    all.sort_by_cached_key(|one| format!("{one:?}"));
    all
}

/// The one line that the report has for a document.
pub(crate) fn line(trust: &Trust, document: &Value) -> String {
    let mut report = Case::new().json("d.json", document).report(trust);
    assert_eq!(report.len(), 1);
    report.remove(0)
}
