//! Signs documents for cases, as cosign would.
//!
//! Keys come from names and Ed25519 is deterministic, so a case gives the same bytes in every run.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Somebody who signs.
pub struct Signer(Ed25519KeyPair);

/// The DER of an Ed25519 `SubjectPublicKeyInfo` up to the key itself (RFC 8410).
const SPKI_HEAD: [u8; 12] =
    [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// The payload type of in-toto statements.
const IN_TOTO: &str = "application/vnd.in-toto+json";

impl Signer {
    /// The signer of this name; always the same key.
    ///
    /// # Panics
    ///
    /// Never: any 32 bytes are a seed.
    #[must_use]
    pub fn named(name: &str) -> Self {
        let seed = Sha256::digest(format!("lockgate test key {name}"));
        Self(Ed25519KeyPair::from_seed_unchecked(&seed).expect("32 bytes are a seed"))
    }

    /// The public key in PEM.
    #[must_use]
    pub fn pem(&self) -> String {
        let mut der = SPKI_HEAD.to_vec();
        der.extend(self.0.public_key().as_ref());
        format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", BASE64.encode(der))
    }

    /// A bundle with a DSSE envelope over an in-toto statement.
    #[must_use]
    pub fn bundle(&self, statement: &Value) -> String {
        bundle(IN_TOTO, statement.to_string().as_bytes(), &[self])
    }

    /// A bundle with a DSSE envelope over anything, of any payload type.
    #[must_use]
    pub fn bundle_of(&self, payload_type: &str, payload: &[u8]) -> String {
        bundle(payload_type, payload, &[self])
    }

    /// A signature over anything: its 64 bytes.
    #[must_use]
    pub fn sign(&self, bytes: &[u8]) -> Vec<u8> {
        self.0.sign(bytes).as_ref().to_vec()
    }

    fn envelope_signature(&self, payload_type: &str, payload: &[u8]) -> Value {
        let mut encoded =
            format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len()).into_bytes();
        encoded.extend(payload);
        json!({ "sig": BASE64.encode(self.sign(&encoded)) })
    }
}

/// A bundle with a DSSE envelope that several sign.
#[must_use]
pub fn bundle(payload_type: &str, payload: &[u8], signers: &[&Signer]) -> String {
    let signatures: Vec<_> =
        signers.iter().map(|by| by.envelope_signature(payload_type, payload)).collect();
    let bundle = json!({
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": { "publicKey": { "hint": "" } },
        "dsseEnvelope": {
            "payload": BASE64.encode(payload),
            "payloadType": payload_type,
            "signatures": signatures,
        },
    });
    bundle.to_string()
}

/// An in-toto statement about bytes.
#[must_use]
pub fn statement(artifact: &[u8], predicate_type: &str, predicate: &Value) -> Value {
    let digest: String = Sha256::digest(artifact).iter().map(|b| format!("{b:02x}")).collect();
    json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{ "name": "app", "digest": { "sha256": digest } }],
        "predicateType": predicate_type,
        "predicate": predicate,
    })
}
