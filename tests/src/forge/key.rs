//! A key of an instance: ECDSA over P-256 with SHA-256, as everyone in Sigstore has.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha2::{Digest, Sha256};

use super::der;

/// A key pair, fresh in every run.
pub struct Key(EcdsaKeyPair);

impl Key {
    /// A new one.
    ///
    /// # Panics
    ///
    /// If there is no randomness to be had.
    #[must_use]
    pub fn fresh() -> Self {
        Self(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).expect("there is randomness"))
    }

    /// The public key in PEM, as a policy file names it.
    #[must_use]
    pub fn pem(&self) -> String {
        pem("PUBLIC KEY", &self.spki())
    }

    /// The `SubjectPublicKeyInfo` (RFC 5480).
    pub(super) fn spki(&self) -> Vec<u8> {
        let algorithm =
            der::sequence(&[der::oid("1.2.840.10045.2.1"), der::oid("1.2.840.10045.3.1.7")]);
        der::sequence(&[algorithm, der::bits(self.0.public_key().as_ref())])
    }

    /// What names a log by its key, and the key in checkpoints by its first four bytes.
    pub(super) fn id(&self) -> [u8; 32] {
        Sha256::digest(self.spki()).into()
    }

    /// A signature in DER.
    ///
    /// # Panics
    ///
    /// If there is no randomness to be had.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        let signature = self.0.sign(&SystemRandom::new(), message).expect("there is randomness");
        signature.as_ref().to_vec()
    }
}

/// DER as PEM writes it (RFC 7468).
pub(super) fn pem(label: &str, der: &[u8]) -> String {
    let text = BASE64.encode(der);
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(64)
        .map(|line| str::from_utf8(line).expect("base64 is ASCII"))
        .collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}
