//! A trusted signer's key.

use std::collections::BTreeSet;
use std::fmt;

use lockgate_model::{Digest, Kind};

use super::mandate::Mandate;
use super::public::{Algorithm, Public, Scheme};
use super::{KeyEntry, TrustError, der, minisign, openssh, pem};
use crate::hashes::Over;

/// A trusted signer's key.
pub(crate) struct Key {
    pub(crate) mandate: Mandate,
    pub(crate) form: Form,
    /// The root whose logs and timestamps say when it signed; none: whichever there is, for nothing
    /// rests on it.
    pub(crate) root: Option<String>,
    public: Public,
}

/// Whose key it is, which its file tells. A key verifies only signatures of its own program: what
/// was signed as one thing must not count as another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Form {
    /// Anyone's, in PEM: envelopes, bundles and loose signatures.
    Pem,
    /// One of minisign, with the number by which signatures name it.
    Minisign { id: [u8; 8] },
    /// One of OpenSSH, with the namespace in which its signatures count.
    OpenSsh { namespace: String },
}

impl Key {
    /// Reads an entry and its key file. `roots` are the names of those that there are.
    pub(super) fn read(entry: KeyEntry, roots: &[&str]) -> Result<Self, TrustError> {
        let KeyEntry { name, file, kinds, principal, namespace, mut validity, root } = entry;
        let text = std::str::from_utf8(&file);
        let text = text.map_err(|_| TrustError::NotAKey { what: "it is not text" })?.trim();
        let (form, public) = if openssh::is_openssh(text) {
            let written = openssh::read(text, principal.as_deref(), namespace.as_deref())?;
            validity = validity.and(written.validity);
            (Form::OpenSsh { namespace: written.namespace }, written.public)
        } else {
            for (setting, value) in [("principal", principal), ("namespace", namespace)] {
                if value.is_some() {
                    return Err(TrustError::NotOpenSsh { setting });
                }
            }
            other(text)?
        };
        let kinds = kinds.map(BTreeSet::from_iter);
        form.may_sign(kinds.iter().flatten())?;
        if !validity.has_moments() {
            return Err(TrustError::NoMoment);
        }
        let timed = validity.is_windowed() || validity.revoked.is_some();
        let root = match (root, roots) {
            (Some(_), _) if form != Form::Pem => return Err(TrustError::NoWitnesses),
            (Some(root), _) if !roots.contains(&root.as_str()) => {
                return Err(TrustError::UnknownRoot { root, known: roots.join("`, `") });
            }
            (Some(root), _) => Some(root),
            // A private log could say of a signature that it was made whenever.
            (None, [_, _, ..]) if timed && form == Form::Pem => {
                return Err(TrustError::WhoseTimes { known: roots.join("`, `") });
            }
            (None, _) => None,
        };
        Ok(Self { mandate: Mandate { name, kinds, validity }, form, root, public })
    }

    /// What makes two signers distinct.
    pub(crate) fn id(&self) -> &Digest {
        &self.public.id
    }

    /// Its `SubjectPublicKeyInfo` in DER (RFC 5280).
    pub(crate) fn spki(&self) -> &[u8] {
        &self.public.spki
    }

    /// The ways in which the key may have made a signature, by the signature's form.
    pub(crate) fn ways(&self, encoding: Encoding, signature: &[u8]) -> Vec<Algorithm> {
        let fits = |algorithm: &Algorithm| match algorithm {
            Algorithm::Ed25519 => signature.len() == 64,
            Algorithm::EcdsaSha256 | Algorithm::EcdsaSha384 => {
                encoding.der(signature, self.half()).is_some()
            }
            // Only OpenSSH signs so.
            Algorithm::RsaPkcs1Sha512 => false,
            Algorithm::RsaPkcs1Sha256 | Algorithm::RsaPssSha256 => true,
        };
        if self.form != Form::Pem {
            return Vec::new();
        }
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

    /// Whether a signature is the key's by one algorithm. For formats that say how they sign; an
    /// ECDSA signature is in DER.
    pub(crate) fn verifies_by(&self, algorithm: Algorithm, part: &[u8], signature: &[u8]) -> bool {
        self.public.verifies(algorithm, part, signature)
    }

    /// How many bytes each of the two numbers of an ECDSA signature has.
    fn half(&self) -> usize {
        match self.public.scheme {
            Scheme::P384 => 48,
            _ => 32,
        }
    }
}

/// A key that is none of OpenSSH.
fn other(text: &str) -> Result<(Form, Public), TrustError> {
    if text.starts_with(minisign::BEGINNING) {
        let minisign::Written { id, key } = minisign::read(text)?;
        return Ok((Form::Minisign { id }, Public::ed25519(&key)?));
    }
    Ok((Form::Pem, Public::from_der(&pem::public_key(text)?)?))
}

impl Form {
    /// Refuses kinds that such a key cannot sign: what is parsed and ignored would mislead.
    fn may_sign<'k>(&self, kinds: impl Iterator<Item = &'k Kind>) -> Result<(), TrustError> {
        let format = match self {
            Self::Pem => return Ok(()),
            Self::Minisign { .. } => "minisign",
            Self::OpenSsh { .. } => "OpenSSH",
        };
        let mut kinds = kinds;
        match kinds.find(|kind| **kind != Kind::Signature) {
            Some(&kind) => Err(TrustError::OnlySignatures { format, kind }),
            None => Ok(()),
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
        let Self { mandate, form, root, public } = self;
        f.debug_struct("Key")
            .field("mandate", mandate)
            .field("id", &public.id)
            .field("scheme", &public.scheme)
            .field("form", form)
            .field("root", root)
            .finish_non_exhaustive()
    }
}
