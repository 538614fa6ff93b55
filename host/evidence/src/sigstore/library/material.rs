//! What a bundle holds beside what is signed, and how much of it is looked at.

use sigstore_verify::crypto::{KeyAlgorithm, parse_certificate_info};
use sigstore_verify::types::bundle::{VerificationMaterial, VerificationMaterialContent};
use sigstore_verify::types::{Bundle, MediaType};

use super::content;
use super::refusal::clause;
use crate::hashes::Over;
use crate::sigstore::{Inclusion, Signed, Stated};

/// What a bundle holds beside what is signed: a certificate or the hint of a key, log entries,
/// timestamps. Read, and not believed.
#[derive(Debug)]
pub(crate) struct Material {
    media_type: MediaType,
    pub(super) material: VerificationMaterial,
    /// Of the signing certificate.
    algorithm: Option<KeyAlgorithm>,
}

/// Why a bundle's material is not read. A clause for a reason.
#[derive(Debug)]
pub(crate) struct MaterialError(pub(crate) String);

/// The most bytes of a `verificationMaterial`. It has some 10 KiB; a checkpoint with many witnesses, and
/// proofs of a large log, make it twice as long.
const MAX_MATERIAL: usize = 256 << 10;

/// The most bytes of a certificate, and of a timestamp token. They have 1 and 5 KiB. The library sorts
/// the sets in them in quadratic time.
const MAX_CERTIFICATE: usize = 8 << 10;
const MAX_TOKEN: usize = 16 << 10;

impl Material {
    /// Reads `verificationMaterial`, which the strict scan has seen.
    pub(crate) fn read(media_type: &str, text: &str) -> Result<Self, MaterialError> {
        if text.len() > MAX_MATERIAL {
            return Err(MaterialError(format!(
                "`verificationMaterial` has {} bytes, and {MAX_MATERIAL} are read at most",
                text.len()
            )));
        }
        let media_type: MediaType = media_type
            .parse()
            .map_err(|_| MaterialError("its media type is none of a bundle".to_owned()))?;
        let material: VerificationMaterial = serde_json::from_str(text).map_err(|error| {
            MaterialError(format!("`verificationMaterial`: {}", crate::reason::shown(&error)))
        })?;
        let chain = match &material.content {
            VerificationMaterialContent::Certificate(one) => vec![&one.raw_bytes],
            VerificationMaterialContent::X509CertificateChain { certificates } => {
                certificates.iter().map(|one| &one.raw_bytes).collect()
            }
            _ => Vec::new(),
        };
        if chain.iter().any(|one| one.as_bytes().len() > MAX_CERTIFICATE) {
            let why = format!("a certificate has more than {MAX_CERTIFICATE} bytes");
            return Err(MaterialError(why));
        }
        let tokens = &material.timestamp_verification_data.rfc3161_timestamps;
        if tokens.iter().any(|one| one.signed_timestamp.as_bytes().len() > MAX_TOKEN) {
            return Err(MaterialError(format!("a timestamp has more than {MAX_TOKEN} bytes")));
        }
        let certificate = match &material.content {
            VerificationMaterialContent::Certificate(one) => Some(&one.raw_bytes),
            VerificationMaterialContent::X509CertificateChain { certificates } => {
                let first = certificates.first();
                let missing = || MaterialError("its certificate chain is empty".to_owned());
                Some(&first.ok_or_else(missing)?.raw_bytes)
            }
            _ => None,
        };
        let parsed = certificate.map(parse_certificate_info).transpose();
        let parsed = parsed.map_err(|error| {
            MaterialError(format!("its certificate cannot be read: {}", clause(&error)))
        })?;
        let algorithm = parsed.map(|info| info.key_algorithm);
        Ok(Self { media_type, material, algorithm })
    }

    /// Whether it is signed by the key of a certificate.
    pub(crate) fn has_certificate(&self) -> bool {
        self.algorithm.is_some()
    }

    /// Whether anybody else is said to have seen the signature.
    pub(crate) fn has_witnesses(&self) -> bool {
        self.has_log_entries() || self.has_timestamps()
    }

    /// Whether it has entries of a transparency log.
    pub(crate) fn has_log_entries(&self) -> bool {
        !self.material.tlog_entries.is_empty()
    }

    fn has_timestamps(&self) -> bool {
        !self.material.timestamp_verification_data.rfc3161_timestamps.is_empty()
    }

    /// Whether a signature over the artifact by the certificate's key needs more of the artifact
    /// than its SHA-256 digest.
    pub(crate) fn needs_bytes(&self, stated: Option<&Stated>) -> bool {
        let stated = stated.map(|stated| stated.over);
        let plain = stated.is_none_or(|over| over == Over::Sha256);
        self.has_certificate() && !(plain && self.algorithm == Some(KeyAlgorithm::EcdsaP256))
    }

    /// What of the artifact a signature by the certificate's key is over.
    pub(crate) fn over(&self) -> Option<Over> {
        match self.algorithm? {
            KeyAlgorithm::EcdsaP384 => Some(Over::Sha384),
            KeyAlgorithm::Ed25519 => Some(Over::Bytes),
            _ => Some(Over::Sha256),
        }
    }

    /// Whether each log entry says that its log has it: one that says nothing would stand beside
    /// others as if it had been verified.
    pub(super) fn is_witnessed_throughout(&self) -> bool {
        let mut entries = self.material.tlog_entries.iter();
        entries.all(|entry| entry.inclusion_proof.is_some() || entry.inclusion_promise.is_some())
    }

    pub(super) fn inclusion(&self) -> Option<Inclusion> {
        let entries = &self.material.tlog_entries;
        if entries.iter().any(|entry| entry.inclusion_proof.is_some()) {
            return Some(Inclusion::Proof);
        }
        let promised = entries.iter().any(|entry| entry.inclusion_promise.is_some());
        promised.then_some(Inclusion::Promise)
    }

    pub(super) fn bundle(&self, material: VerificationMaterial, signed: Signed<'_>) -> Bundle {
        Bundle::new(self.media_type, material, content(signed))
    }
}
