//! A trusted signer's key.

use std::collections::BTreeSet;
use std::fmt;

use lockgate_model::{Digest, Kind};

use super::public::{Algorithm, Public, Scheme};
use super::{KeyEntry, TrustError, der, pem};
use crate::hashes::Over;

/// A trusted signer's key.
pub(crate) struct Key {
    pub(crate) name: String,
    pub(crate) kinds: Option<BTreeSet<Kind>>,
    public: Public,
}

impl Key {
    /// Reads an entry and its key file.
    pub(super) fn read(entry: KeyEntry) -> Result<Self, TrustError> {
        let KeyEntry { name, file, kinds } = entry;
        let public = Public::from_der(&pem::public_key(&file)?)?;
        Ok(Self { name, kinds: kinds.map(BTreeSet::from_iter), public })
    }

    /// What makes two signers distinct.
    pub(crate) fn id(&self) -> &Digest {
        &self.public.id
    }

    /// Whether the signer may vouch for documents of a kind. One whose kinds are not listed vouches
    /// for evidence, but not for decisions about evidence: those would let it speak for others.
    pub(crate) fn covers(&self, kind: Kind) -> bool {
        match &self.kinds {
            Some(kinds) => kinds.contains(&kind),
            None => !matches!(kind, Kind::VerificationSummary | Kind::Svr),
        }
    }

    /// The ways in which the key may have made a signature, by the signature's form.
    pub(crate) fn ways(&self, encoding: Encoding, signature: &[u8]) -> Vec<Algorithm> {
        let fits = |algorithm: &Algorithm| match algorithm {
            Algorithm::Ed25519 => signature.len() == 64,
            Algorithm::EcdsaSha256 | Algorithm::EcdsaSha384 => {
                encoding.der(signature, self.half()).is_some()
            }
            _ => true,
        };
        self.public.algorithms().filter(fits).collect()
    }

    /// Whether a signature is the key's, by one of its ways. `part` is what that is over.
    pub(crate) fn verifies(
        &self,
        algorithm: Algorithm,
        encoding: Encoding,
        part: &[u8],
        signature: &[u8],
    ) -> bool {
        let ecdsa = matches!(algorithm, Algorithm::EcdsaSha256 | Algorithm::EcdsaSha384);
        if !ecdsa {
            return self.public.verifies(algorithm, part, signature);
        }
        let signature = encoding.der(signature, self.half());
        signature.is_some_and(|signature| self.public.verifies(algorithm, part, &signature))
    }

    /// What a signature is over if it is the key's by any of its ways; `part` hands out what a way
    /// needs, as far as it is known.
    pub(crate) fn signed<'p>(
        &self,
        encoding: Encoding,
        signature: &[u8],
        part: impl Fn(Over) -> Option<&'p [u8]>,
    ) -> Option<Over> {
        let by = |way: &Algorithm| {
            part(way.over()).is_some_and(|part| self.verifies(*way, encoding, part, signature))
        };
        self.ways(encoding, signature).iter().find(|way| by(way)).map(|way| way.over())
    }

    /// How many bytes each of the two numbers of an ECDSA signature has.
    fn half(&self) -> usize {
        match self.public.scheme {
            Scheme::P384 => 48,
            _ => 32,
        }
    }
}

/// How the two numbers of an ECDSA signature may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// In DER, as envelopes and bundles have them.
    Der,
    /// In DER, or one behind the other in their full length (IEEE P1363).
    Any,
}

impl Encoding {
    /// The signature in DER; none where it cannot be one.
    fn der(self, signature: &[u8], half: usize) -> Option<Vec<u8>> {
        if der::read_pair(signature).is_some() {
            return Some(signature.to_vec());
        }
        if self == Self::Any && signature.len() == 2 * half {
            let (r, s) = signature.split_at(half);
            return Some(der::pair(r, s));
        }
        None
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, kinds, public } = self;
        f.debug_struct("Key")
            .field("name", name)
            .field("id", &public.id)
            .field("scheme", &public.scheme)
            .field("kinds", kinds)
            .finish_non_exhaustive()
    }
}
