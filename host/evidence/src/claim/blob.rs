//! Signatures over the artifact: in a bundle, or loose in a file of their own.
//!
//! A loose signature is nothing but its bytes, so it is known by its form alone: the DER of an
//! ECDSA signature, or as many bytes as one of the schemes gives; as they are, or in base64 as
//! `cosign sign-blob` and `openssl base64` write it.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::bundle::Beside;
use crate::hashes::Over;
use crate::sigstore::Stated;
use crate::trust::{Encoding, Trust, read_pair};

/// How long the DER of an ECDSA signature over P-256 or P-384 is: two numbers of 1 to 49 bytes.
const ECDSA_DER: RangeInclusive<usize> = 8..=104;

/// How long signatures of a fixed length are: Ed25519 and ECDSA over P-256, ECDSA over P-384.
const FIXED: [usize; 2] = [64, 96];

/// How long RSA signatures are, with keys of 2048 to 8192 bits; in practice whole words of 8 bytes,
/// which tells most other files apart.
const RSA: RangeInclusive<usize> = 256..=1024;

/// A signature over the artifact, still to be verified.
#[derive(Debug)]
pub(crate) struct SignedBlob {
    /// The artifact's digest as the document states it. It is not signed; it only lets a document
    /// about another artifact say so.
    pub(crate) stated: Option<Stated>,
    pub(crate) signature: Vec<u8>,
    pub(crate) encoding: Encoding,
    /// What a bundle holds beside it.
    pub(crate) beside: Beside,
    pub(crate) format: &'static str,
}

impl SignedBlob {
    /// One that a bundle holds.
    pub(super) fn bundled(stated: Option<Stated>, signature: Vec<u8>, beside: Beside) -> Self {
        Self { stated, signature, encoding: Encoding::Der, beside, format: "sigstore-bundle" }
    }

    /// One that is all of a file, if the file has the form of one.
    pub(super) fn loose(bytes: &[u8]) -> Option<Self> {
        // Base64 takes four characters for three bytes, and a line break for a few dozen of them.
        // What is longer need not be looked at.
        if bytes.len() > RSA.end() * 2 {
            return None;
        }
        let text = std::str::from_utf8(bytes).ok().filter(|text| is_text(text));
        let signature = match text {
            Some(text) => from_base64(text)?,
            None => bytes.to_vec(),
        };
        has_the_form(&signature).then_some(Self {
            stated: None,
            signature,
            encoding: Encoding::Any,
            beside: Beside::default(),
            format: "raw",
        })
    }

    /// Whether it is all of a file.
    pub(crate) fn is_loose(&self) -> bool {
        self.encoding == Encoding::Any
    }

    /// What of the artifact has to be known for the trusted keys to verify it.
    pub(crate) fn needs(&self, trust: &Trust) -> BTreeSet<Over> {
        let ways = trust.keys().iter().flat_map(|key| key.ways(self.encoding, &self.signature));
        let mut needs: BTreeSet<Over> = ways.map(|way| way.over()).collect();
        needs.extend(self.stated.iter().map(|stated| stated.over));
        if self.needs_bytes() {
            needs.insert(Over::Bytes);
        }
        needs
    }

    /// Whether its certificate is verified with the artifact's bytes and not with its digest.
    pub(crate) fn needs_bytes(&self) -> bool {
        let material = self.beside.material.as_ref();
        material.is_some_and(|material| material.needs_bytes(self.stated.as_ref()))
    }
}

fn has_the_form(signature: &[u8]) -> bool {
    let length = signature.len();
    let ecdsa = ECDSA_DER.contains(&length) && read_pair(signature).is_some();
    ecdsa || FIXED.contains(&length) || (RSA.contains(&length) && length.is_multiple_of(8))
}

/// Whether a person could have written it. Bytes of a signature that happen to be are rarer than
/// any key is guessed.
fn is_text(text: &str) -> bool {
    text.chars().all(|c| !c.is_control() || c.is_ascii_whitespace())
}

/// Base64, on one line or on several.
fn from_base64(text: &str) -> Option<Vec<u8>> {
    let line: String = text.split_ascii_whitespace().collect();
    // Checksum files are digits, which are base64, too.
    let checksum = line.bytes().all(|byte| byte.is_ascii_hexdigit());
    if checksum { None } else { STANDARD.decode(line).ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loose_signature_is_known_by_its_form() {
        let known = |bytes: &[u8]| SignedBlob::loose(bytes).is_some();
        let base64 = |bytes: &[u8]| STANDARD.encode(bytes);
        for length in [64, 96, 256, 384, 512, 1024] {
            let bytes = vec![0xff; length];
            assert!(known(&bytes) && known(base64(&bytes).as_bytes()), "{length}");
            assert!(known(format!("{}\n", base64(&bytes)).as_bytes()), "{length}");
        }
        let der = [0x30, 7, 2, 2, 0, 0x80, 2, 1, 5];
        assert!(known(&der) && known(base64(&der).as_bytes()));
        for length in [1, 48, 63, 65, 255, 257, 1032] {
            let bytes = vec![0xff; length];
            assert!(!known(&bytes) && !known(base64(&bytes).as_bytes()), "{length}");
        }
        assert!(known(&[b"{".repeat(63), vec![0xff]].concat()), "a brace does not make it JSON");
        assert!(!known("0123456789abcdef".repeat(8).as_bytes()), "a sha512 is no signature");
        assert!(!known("word ".repeat(13).as_bytes()));
        assert!(!known(&[b'x'; 64]), "a text of 64 characters is a text");
    }
}
