//! Verifies signatures over envelopes.

use std::cell::OnceCell;

use lockgate_model::Digest;
use sha2::{Digest as _, Sha256};

use crate::trust::{Key, Scheme, Trust};

/// The bytes that an envelope's signatures are over: DSSE's pre-authentication encoding of the
/// payload's type and the payload.
///
/// P-256 needs only their digest, so the payload is hashed where it is and copied only for a key
/// that needs all of it.
pub(super) struct Encoded<'a> {
    head: Vec<u8>,
    payload: &'a [u8],
    digest: Digest,
    whole: OnceCell<Vec<u8>>,
}

impl<'a> Encoded<'a> {
    pub(super) fn new(payload_type: &str, payload: &'a [u8]) -> Self {
        let head =
            format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len()).into_bytes();
        let hash = Sha256::new().chain_update(&head).chain_update(payload).finalize();
        Self { head, payload, digest: Digest::from_sha256(hash.into()), whole: OnceCell::new() }
    }

    fn whole(&self) -> &[u8] {
        self.whole.get_or_init(|| [&self.head, self.payload].concat())
    }

    fn is_signed_by(&self, key: &Key, signature: &[u8]) -> bool {
        match key.scheme {
            Scheme::P256 => key.verifies_digest(&self.digest, signature),
            Scheme::Ed25519 => key.verifies(self.whole(), signature),
        }
    }

    /// The keys that made any of the signatures, each once, sorted by name. Every signature is
    /// tried with every key: what a document says about its keys chooses nothing.
    pub(super) fn signers<'t>(&self, signatures: &[Vec<u8>], trust: &'t Trust) -> Vec<&'t Key> {
        let signed = |key: &&Key| signatures.iter().any(|one| self.is_signed_by(key, one));
        trust.keys().iter().filter(signed).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encoding_is_the_one_of_the_specification() {
        let encoded = Encoded::new("http://example.com/HelloWorld", b"hello world");
        assert_eq!(encoded.whole(), b"DSSEv1 29 http://example.com/HelloWorld 11 hello world");
        let hash = Sha256::digest(encoded.whole());
        assert_eq!(encoded.digest, Digest::from_sha256(hash.into()));
    }
}
