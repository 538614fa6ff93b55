//! One public key, and what it verifies.

use std::collections::BTreeSet;
use std::fmt;

use aws_lc_rs::digest::{Digest as Hashed, SHA256};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1, ED25519, ParsedPublicKey};
use lockgate_model::{Digest, Kind};

use super::{TrustError, pem};
use crate::claim;

/// The DER of a P-256 key before its point, which is not compressed: 65 bytes that begin with 4.
const P256_PREFIX: &[u8] = &[
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

/// The DER of an Ed25519 key before its 32 bytes.
const ED25519_PREFIX: &[u8] =
    &[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// Object identifiers in DER by which keys that are not read are told apart. The curves come
/// before the identifier that all of them share.
const OTHERS: &[(&[u8], &str)] = &[
    (&[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01], "an RSA key"),
    (&[0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22], "an ECDSA P-384 key"),
    (&[0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x23], "an ECDSA P-521 key"),
    (
        &[0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07],
        "an ECDSA P-256 key whose point is compressed",
    ),
    (&[0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01], "an ECDSA key of another curve"),
    (&[0x06, 0x03, 0x2b, 0x65, 0x71], "an Ed448 key"),
];

/// How a key signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// ECDSA over P-256 with SHA-256.
    P256,
    Ed25519,
}

/// A trusted signer's key.
pub(crate) struct Key {
    pub(crate) name: String,
    /// SHA-256 over the DER of the `SubjectPublicKeyInfo`: what makes two signers distinct.
    pub(crate) id: Digest,
    pub(crate) scheme: Scheme,
    pub(crate) kinds: Option<BTreeSet<Kind>>,
    public: ParsedPublicKey,
}

impl Key {
    /// Reads a key file. Each key has one encoding that is read, so that one key cannot have two
    /// identities.
    pub(super) fn read(
        name: String,
        file: &[u8],
        kinds: Option<Vec<Kind>>,
    ) -> Result<Self, TrustError> {
        let der = pem::public_key(file)?;
        let (scheme, public) = if let Some(point @ [4, ..]) = der.strip_prefix(P256_PREFIX) {
            (Scheme::P256, ParsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point))
        } else if let Some(bytes) = der.strip_prefix(ED25519_PREFIX).filter(|key| key.len() == 32) {
            (Scheme::Ed25519, ParsedPublicKey::new(&ED25519, bytes))
        } else {
            return Err(unsupported(&der));
        };
        let public = public.map_err(|_| TrustError::NotAKey {
            what: "its numbers are not a point on the curve",
        })?;
        let kinds = kinds.map(BTreeSet::from_iter);
        Ok(Self { name, id: claim::digest(&der), scheme, kinds, public })
    }

    /// Whether the signer may vouch for documents of a kind. One whose kinds are not listed vouches
    /// for evidence, but not for decisions about evidence: those would let it speak for others.
    pub(crate) fn covers(&self, kind: Kind) -> bool {
        match &self.kinds {
            Some(kinds) => kinds.contains(&kind),
            None => !matches!(kind, Kind::VerificationSummary | Kind::Svr),
        }
    }

    /// Whether a signature over bytes with this digest is the key's. Never for Ed25519, which
    /// hashes the bytes in its own way.
    pub(crate) fn verifies_digest(&self, digest: &Digest, signature: &[u8]) -> bool {
        let hashed = Hashed::import_less_safe(digest.as_bytes(), &SHA256);
        self.scheme == Scheme::P256
            && hashed.is_ok_and(|hashed| self.public.verify_digest_sig(&hashed, signature).is_ok())
    }

    /// Whether a signature over a message is the key's.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.public.verify_sig(message, signature).is_ok()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, id, scheme, kinds, public: _ } = self;
        f.debug_struct("Key")
            .field("name", name)
            .field("id", id)
            .field("scheme", scheme)
            .field("kinds", kinds)
            .finish_non_exhaustive()
    }
}

fn unsupported(der: &[u8]) -> TrustError {
    // An identifier stands in the first bytes, before any number that a stranger could choose.
    let head = der.get(..32).unwrap_or(der);
    let has = |oid: &[u8]| head.windows(oid.len()).any(|part| part == oid);
    match OTHERS.iter().find(|(oid, _)| has(oid)) {
        Some((_, what)) => TrustError::UnsupportedKey { what },
        None if head.first() == Some(&0x30) => {
            TrustError::UnsupportedKey { what: "a key of an unknown type" }
        }
        None => TrustError::NotAKey { what: "the block is not a `SubjectPublicKeyInfo`" },
    }
}
