//! Verifies signatures over envelopes.

use std::cell::OnceCell;

use sha2::{Digest as _, Sha256, Sha384};

use super::budget::Budget;
use super::{Question, Reason};
use crate::hashes::Over;
use crate::trust::{Encoding, Key, Trust};

/// The bytes that an envelope's signatures are over: DSSE's pre-authentication encoding of the
/// payload's type and the payload.
///
/// Most keys need only their digest, so the payload is hashed where it is and copied only for a
/// key that needs all of it.
pub(super) struct Encoded<'a> {
    head: Vec<u8>,
    payload: &'a [u8],
    sha256: OnceCell<[u8; 32]>,
    sha384: OnceCell<[u8; 48]>,
    whole: OnceCell<Vec<u8>>,
}

impl<'a> Encoded<'a> {
    pub(super) fn new(payload_type: &str, payload: &'a [u8]) -> Self {
        let head =
            format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len()).into_bytes();
        Self::behind(head, payload)
    }

    /// A payload that is signed as it is.
    pub(super) fn plain(payload: &'a [u8]) -> Self {
        Self::behind(Vec::new(), payload)
    }

    fn behind(head: Vec<u8>, payload: &'a [u8]) -> Self {
        let (sha256, sha384, whole) = (OnceCell::new(), OnceCell::new(), OnceCell::new());
        Self { head, payload, sha256, sha384, whole }
    }

    fn part(&self, over: Over) -> Option<&[u8]> {
        let Self { head, payload, .. } = self;
        match over {
            Over::Sha256 => Some(self.sha256.get_or_init(|| {
                Sha256::new().chain_update(head).chain_update(payload).finalize().into()
            })),
            Over::Sha384 => Some(self.sha384.get_or_init(|| {
                Sha384::new().chain_update(head).chain_update(payload).finalize().into()
            })),
            Over::Bytes => Some(self.whole.get_or_init(|| [head, *payload].concat())),
            // No key signs an envelope in this way.
            Over::Sha512 | Over::Blake2b512 => None,
        }
    }

    fn is_signed_by(&self, key: &Key, signature: &[u8]) -> bool {
        key.signed(Encoding::Der, signature, |over| self.part(over)).is_some()
    }

    /// The keys that made any of the signatures, each once, sorted by name. Every signature is
    /// tried with every key: what a document says about its keys chooses nothing.
    pub(super) fn signers<'t>(&self, signatures: &[Vec<u8>], trust: &'t Trust) -> Vec<&'t Key> {
        let signed = |key: &&Key| signatures.iter().any(|one| self.is_signed_by(key, one));
        trust.keys().iter().filter(signed).collect()
    }
}

impl<'a> Question<'a> {
    /// The keys that made any of the signatures, unless that is more than a run verifies.
    pub(super) fn signers(
        &self,
        encoded: &Encoded,
        signatures: &[Vec<u8>],
    ) -> Result<Vec<&'a Key>, Reason> {
        let bytes = encoded.payload.len();
        let tries = |one: &Vec<u8>| Budget::of_tries(self.trust, Encoding::Der, one, bytes);
        self.charge(signatures.iter().map(tries).sum())?;
        Ok(encoded.signers(signatures, self.trust))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encoding_is_the_one_of_the_specification() {
        let encoded = Encoded::new("http://example.com/HelloWorld", b"hello world");
        let whole = encoded.part(Over::Bytes).unwrap();
        assert_eq!(whole, b"DSSEv1 29 http://example.com/HelloWorld 11 hello world");
        assert_eq!(encoded.part(Over::Sha256).unwrap(), &Sha256::digest(whole)[..]);
        assert_eq!(encoded.part(Over::Sha384).unwrap(), &Sha384::digest(whole)[..]);
    }
}
