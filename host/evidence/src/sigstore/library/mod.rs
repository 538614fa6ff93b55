//! The one room that names `sigstore-verify`.
//!
//! The library checks the chain to a certificate authority, the certificate's validity at every
//! trusted time, signed certificate timestamps, inclusion proofs, checkpoints, signed entry
//! timestamps, RFC 3161 tokens, the signature, and that log entries are about this very signature
//! (the clients' specification of Sigstore). It compares log times with the host's clock, which
//! nothing can be done about from here; the caller compares them with the moment that is asked for.
//!
//! What it would decide beyond that is not left to it: which artifact a statement is about, and who
//! is trusted. So an envelope is shown to it with a digest that its own statement names.

mod certificate;
mod material;
mod refusal;

use lockgate_model::Instant;
use sigstore_verify::trust_root::{SigstoreInstance, TrustedRoot};
use sigstore_verify::types::bundle::{
    MessageDigest, MessageSignature, PublicKeyIdentifier, VerificationMaterialContent,
};
use sigstore_verify::types::{
    Artifact, ArtifactDigest, DerPublicKey, DigestBytes, DsseEnvelope, DsseSignature,
    HashAlgorithm, KeyId, PayloadBytes, Sha256Hash, SignatureBytes, SignatureContent,
};
use sigstore_verify::{Error, PublicKeyVerificationPolicy, VerificationPolicy, Verifier};

use super::{
    Certificate, Demands, Reached, Signed, Stated, TimeSource, Unproved, Verify, Witnesses,
};
use crate::hashes::Over;
use certificate::certificate;
pub(crate) use material::{Material, MaterialError};
use refusal::{clause, unproved};

/// The media type of a trusted root that is read.
const TRUSTED_ROOT: &str = "application/vnd.dev.sigstore.trustedroot";

/// The trusted roots that are compiled in, by the names that policy files give them.
pub(crate) fn builtin(name: &str) -> Option<&'static str> {
    let instance = match name {
        "public-good" => SigstoreInstance::PublicGood,
        "github" => SigstoreInstance::GitHub,
        _ => return None,
    };
    Some(instance.embedded_trusted_root_json())
}

/// What is signed, as the library has it.
fn content(signed: Signed<'_>) -> SignatureContent {
    let message = |signature: &[u8], stated: Option<&Stated>| {
        let message = MessageSignature::new(SignatureBytes::from_bytes(signature));
        SignatureContent::MessageSignature(match stated.and_then(message_digest) {
            Some(digest) => message.with_message_digest(digest),
            None => message,
        })
    };
    match signed {
        Signed::Envelope { payload_type, payload, signature, .. } => {
            let signature =
                DsseSignature::new(SignatureBytes::from_bytes(signature), KeyId::default());
            let payload = PayloadBytes::from_bytes(payload);
            SignatureContent::DsseEnvelope(DsseEnvelope::new(payload_type, payload, signature))
        }
        Signed::Digest { stated, signature, .. } | Signed::Bytes { stated, signature, .. } => {
            message(signature, stated)
        }
    }
}

fn message_digest(stated: &Stated) -> Option<MessageDigest> {
    let algorithm = match stated.over {
        Over::Sha256 => HashAlgorithm::Sha2256,
        Over::Sha384 => HashAlgorithm::Sha2384,
        Over::Sha512 => HashAlgorithm::Sha2512,
        Over::Blake2b512 | Over::Bytes => return None,
    };
    Some(MessageDigest::new(algorithm, DigestBytes::new(stated.digest.clone())))
}

/// The most values in a statement that is signed with a certificate. The library makes a tree of them,
/// of some hundred bytes each, to look at the subjects. The largest bills of materials seen in the field
/// have some 600,000.
const MAX_VALUES: usize = 4_000_000;

/// Whether a statement can be shown to the library.
fn fits(signed: Signed<'_>) -> Result<(), Unproved> {
    let Signed::Envelope { payload, .. } = signed else { return Ok(()) };
    // Each value but the first stands behind one of these; that text has them, too, does no harm.
    let values = payload.iter().filter(|byte| matches!(byte, b',' | b':' | b'[')).count();
    if values <= MAX_VALUES {
        return Ok(());
    }
    let why = format!("its statement has more than {MAX_VALUES} values");
    Err(Unproved { reached: Reached::Unknown, why })
}

/// The artifact as the library has to see it. Which one a statement is about is judged elsewhere,
/// so that an envelope is shown with a digest that it names itself.
fn artifact<'a>(signed: Signed<'a>) -> Result<Artifact<'a>, Unproved> {
    match signed {
        Signed::Digest { sha256, .. } => Ok(Artifact::from_digest(Sha256Hash::new(sha256))),
        Signed::Bytes { bytes, .. } => Ok(Artifact::from_blob(bytes)),
        Signed::Envelope { subject, .. } => {
            let named = subject.and_then(message_digest).and_then(|named| {
                ArtifactDigest::new(named.algorithm, named.digest).ok().map(Artifact::from_digest)
            });
            named.ok_or_else(|| Unproved {
                reached: Reached::Form,
                why: "its statement names no subject by sha256 or sha512".to_owned(),
            })
        }
    }
}

/// The library, prepared for one trusted root.
pub(crate) struct Library {
    verifier: Verifier,
    /// The identifiers of its transparency logs.
    logs: Vec<Vec<u8>>,
    has_ctlogs: bool,
    has_timestamps: bool,
}

impl Library {
    /// Reads a trusted root in JSON.
    ///
    /// The error says why it is none, as a clause.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let root = TrustedRoot::from_json(text).map_err(|error| clause(&error))?;
        if !root.media_type.starts_with(TRUSTED_ROOT) {
            let found = crate::reason::quoted(&root.media_type);
            return Err(format!("its media type is {found}, which is none of a trusted root"));
        }
        if root.certificate_authorities.is_empty()
            && root.tlogs.is_empty()
            && root.timestamp_authorities.is_empty()
        {
            return Err(
                "it names no certificate authority, no log and no timestamp authority".into()
            );
        }
        let logs = root.tlogs.iter().map(|log| log.log_id.key_id.as_bytes().to_vec()).collect();
        let has_ctlogs = !root.ctlogs.is_empty();
        let has_timestamps = !root.timestamp_authorities.is_empty();
        let verifier = Verifier::new(&root).map_err(|error| clause(&error))?;
        Ok(Self { verifier, logs, has_ctlogs, has_timestamps })
    }
}

impl std::fmt::Debug for Library {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Library").field("logs", &self.logs.len()).finish_non_exhaustive()
    }
}

impl Verify for Library {
    fn by_certificate(
        &self,
        material: &Material,
        signed: Signed<'_>,
        demands: Demands,
    ) -> Result<(Certificate, Witnesses), Unproved> {
        // Whoever reads this should not have to trust that the library did what it was asked.
        let told = |why: &str| Unproved { reached: Reached::Witness, why: why.to_owned() };
        if demands.log && !material.has_log_entries() {
            return Err(told("an entry in a log is required, and it has none"));
        }
        fits(signed)?;
        if !material.is_witnessed_throughout() {
            return Err(told("a log entry has neither a proof nor a promise of its log"));
        }
        let bundle = material.bundle(material.material.clone(), signed);
        // Entries of a log that the root names are verified even where none is asked for.
        let log = demands.log
            || (!bundle.verification_material.tlog_entries.is_empty()
                && self.knows_logs_of(material));
        let mut policy = VerificationPolicy::any_identity();
        if !log {
            policy = policy.skip_tlog_unsafe();
        }
        if !self.has_ctlogs {
            policy = policy.skip_sct();
        }
        let result = self.verifier.verify(artifact(signed)?, &bundle, &policy);
        let result = result.map_err(|error| unproved(&error))?;
        if !result.certificate_verified() {
            return Err(told("its certificate was not verified"));
        }
        if log && !result.tlog_verified() {
            return Err(told("its log entry was not verified"));
        }
        if self.has_ctlogs && !result.sct_verified() {
            return Err(told("its certificate's timestamp was not verified"));
        }
        let data = &bundle.verification_material.timestamp_verification_data;
        let stamped = data.rfc3161_timestamps.len();
        if demands.timestamp && stamped == 0 {
            return Err(told("its root requires a timestamp, and it has none"));
        }
        let certificate = result.certificate().map(certificate);
        let certificate = certificate.ok_or_else(|| told("it has no certificate"))?;
        // The library lists what timestamps say before what logs say.
        let seconds = result.verified_timestamps().iter().map(|moment| moment.as_second());
        let source = |at| if at < stamped { TimeSource::Timestamp } else { TimeSource::Log };
        let times = times(seconds.enumerate().map(|(at, seconds)| (seconds, source(at))))?;
        let inclusion = if log { material.inclusion() } else { None };
        Ok((certificate, Witnesses::new(inclusion, result.sct_verified(), times)))
    }

    fn by_key(
        &self,
        material: &Material,
        signed: Signed<'_>,
        key: &[u8],
    ) -> Result<Witnesses, Unproved> {
        fits(signed)?;
        if !material.is_witnessed_throughout() {
            let why = "a log entry has neither a proof nor a promise of its log".to_owned();
            return Err(Unproved { reached: Reached::Witness, why });
        }
        let mut own = material.material.clone();
        own.content = VerificationMaterialContent::PublicKey(PublicKeyIdentifier::new(""));
        let log = material.has_log_entries();
        let mut stamped = own.timestamp_verification_data.rfc3161_timestamps.len();
        let mut bundle = material.bundle(own, signed);
        let mut policy = PublicKeyVerificationPolicy::new(DerPublicKey::from_bytes(key));
        if !log {
            policy = policy.skip_tlog_unsafe();
        }
        let mut result = self.verifier.verify(artifact(signed)?, &bundle, &policy);
        if log && stamped > 0 && matches!(result, Err(Error::Timestamp(_))) {
            // Of an authority that the root does not name. What the log says counts without it.
            bundle.verification_material.timestamp_verification_data.rfc3161_timestamps.clear();
            stamped = 0;
            result = self.verifier.verify(artifact(signed)?, &bundle, &policy);
        }
        let result = result.map_err(|error| match error {
            // The caller verified it. The library knows one algorithm for each type of key, and not
            // all that a key may use; so nothing is said about the entry.
            Error::SignatureInvalid(_)
            | Error::UnsupportedArtifact(_)
            | Error::UnsupportedBundle(_) => Unproved {
                reached: Reached::Unknown,
                why: "the verifier of log entries does not know its algorithm".to_owned(),
            },
            error => unproved(&error),
        })?;
        if log && !result.tlog_verified() {
            let why = "its log entry was not verified".to_owned();
            return Err(Unproved { reached: Reached::Witness, why });
        }
        // Here it lists what logs say first.
        let logged = result.verified_timestamps().len().saturating_sub(stamped);
        let seconds = result.verified_timestamps().iter().map(|moment| moment.as_second());
        let source = |at| if at < logged { TimeSource::Log } else { TimeSource::Timestamp };
        let times = times(seconds.enumerate().map(|(at, seconds)| (seconds, source(at))))?;
        let inclusion = if log { material.inclusion() } else { None };
        Ok(Witnesses::new(inclusion, false, times))
    }

    fn knows_logs_of(&self, material: &Material) -> bool {
        let mut entries = material.material.tlog_entries.iter();
        entries.all(|entry| {
            self.logs.iter().any(|log| log.as_slice() == entry.log_id.key_id.as_bytes())
        })
    }

    fn witnesses(&self) -> Demands {
        Demands { log: !self.logs.is_empty(), timestamp: self.has_timestamps }
    }
}

/// Moments in seconds since the Unix epoch, as ours.
fn times(
    moments: impl Iterator<Item = (i64, TimeSource)>,
) -> Result<Vec<(Instant, TimeSource)>, Unproved> {
    let read = |(seconds, source)| {
        let why = || "a trusted time is out of range".to_owned();
        let at = Instant::from_unix(seconds);
        at.map(|at| (at, source)).ok_or_else(|| Unproved { reached: Reached::Witness, why: why() })
    };
    moments.map(read).collect()
}
