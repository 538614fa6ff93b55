//! Sigstore bundles: an envelope or a signature over the artifact, with what verifies it.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::blob::SignedBlob;
use super::{Claim, Look, Refused, envelope, text};
use crate::hashes::Over;
use crate::json::{self, Bounded, Node, Object};
use crate::reason::{quoted, shown};
use crate::sigstore::{Material, MaterialError, Stated};

/// The versions that are read (Sigstore's protobuf specifications, `sigstore_bundle.proto`).
const MEDIA_TYPES: &[&str] = &[
    "application/vnd.dev.sigstore.bundle+json;version=0.1",
    "application/vnd.dev.sigstore.bundle+json;version=0.2",
    "application/vnd.dev.sigstore.bundle+json;version=0.3",
    "application/vnd.dev.sigstore.bundle.v0.3+json",
];

/// What tells who signed. Whatever else verifies it is read only where it is of use.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    public_key: Option<Object<PublicKey>>,
    certificate: Option<Object<IgnoredAny>>,
    x509_certificate_chain: Option<Object<Chain>>,
    tlog_entries: Option<Bounded<Object<IgnoredAny>, MAX_WITNESSES>>,
    timestamp_verification_data: Option<Object<Timestamps>>,
}

/// What the chain holds is read where it is verified; here it is only counted.
#[derive(Deserialize)]
struct Chain {
    #[serde(rename = "certificates")]
    _certificates: Option<Bounded<Object<IgnoredAny>, MAX_WITNESSES>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Timestamps {
    rfc3161_timestamps: Option<Bounded<Object<IgnoredAny>, MAX_WITNESSES>>,
}

/// The most certificates, log entries and timestamps of one bundle. Each costs signatures to verify;
/// a bundle has three of the first, and one or two of the others.
const MAX_WITNESSES: usize = 8;

#[derive(Deserialize)]
struct PublicKey {
    hint: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MessageSignature {
    message_digest: Option<Object<MessageDigest>>,
    signature: String,
}

#[derive(Deserialize)]
struct MessageDigest {
    algorithm: Option<String>,
    digest: Option<String>,
}

/// What is in a bundle beside what is signed.
#[derive(Debug, Default)]
pub(crate) struct Beside {
    /// Which key the document says that it is signed with. Only a reason may use it.
    pub(crate) hint: Option<String>,
    /// A certificate, log entries, timestamps; none where there is nothing but a key's hint.
    pub(crate) material: Option<Box<Material>>,
}

/// Reads a bundle.
pub(super) fn claim(look: &Look, root: Node) -> Result<Claim, Refused> {
    let reject = |reason: String| Refused::rejected(look.kind(), reason);
    let media_type = text(look.media_type).unwrap_or_default();
    if !MEDIA_TYPES.contains(&media_type.as_ref()) {
        let found = quoted(&media_type);
        return Err(reject(format!(
            "a sigstore bundle of type {found}: not supported by this version"
        )));
    }
    let beside = match look.verification_material {
        Some(raw) => beside(&media_type, raw)
            .map_err(|why| reject(format!("is not a sigstore bundle: {why}")))?,
        None => Beside::default(),
    };
    match (root.at("dsseEnvelope"), look.message_signature) {
        (Some(inner), None) => {
            let signed = envelope::claim(inner, envelope::Format::Bundle(beside))?;
            Ok(Claim::Statement(Box::new(signed)))
        }
        (None, Some(inner)) => {
            let inner = json::object(inner).map_err(|error| {
                reject(format!("is not a sigstore bundle: `messageSignature`: {}", shown(&error)))
            })?;
            blob(inner, beside).map(Claim::Blob).map_err(reject)
        }
        (Some(_), Some(_)) => {
            Err(reject("has both a `dsseEnvelope` and a `messageSignature`".to_owned()))
        }
        (None, None) => {
            Err(reject("has neither a `dsseEnvelope` nor a `messageSignature`".to_owned()))
        }
    }
}

/// Reads `verificationMaterial`. The error is a clause.
fn beside(media_type: &str, raw: &str) -> Result<Beside, String> {
    let written: Written =
        json::object(raw).map_err(|error| format!("`verificationMaterial`: {}", shown(&error)))?;
    let Written { public_key, certificate, x509_certificate_chain, .. } = &written;
    let certified =
        usize::from(certificate.is_some()) + usize::from(x509_certificate_chain.is_some());
    if certified + usize::from(public_key.is_some()) > 1 {
        let why = "`verificationMaterial` has several of `publicKey`, `certificate` and \
                   `x509CertificateChain`";
        return Err(why.to_owned());
    }
    let logged = written.tlog_entries.is_some_and(|entries| !entries.0.is_empty());
    let stamps = written.timestamp_verification_data.and_then(|data| data.0.rfc3161_timestamps);
    let stamped = stamps.is_some_and(|stamps| !stamps.0.is_empty());
    let material = if certified > 0 || logged || stamped {
        let read = Material::read(media_type, raw).map_err(|MaterialError(why)| why)?;
        Some(Box::new(read))
    } else {
        None
    };
    let hint = written.public_key.and_then(|key| key.0.hint).filter(|hint| !hint.is_empty());
    Ok(Beside { hint, material })
}

/// Reads a signature over the artifact. The error is a reason.
fn blob(inner: MessageSignature, beside: Beside) -> Result<SignedBlob, String> {
    let mut stated = None;
    if let Some(Object(MessageDigest { algorithm, digest })) = inner.message_digest {
        let over = match algorithm.as_deref() {
            None | Some("SHA2_256") => Over::Sha256,
            Some("SHA2_384") => Over::Sha384,
            Some("SHA2_512") => Over::Sha512,
            Some(other) => {
                let other = quoted(other);
                return Err(format!(
                    "its digest algorithm {other} is not supported by this version"
                ));
            }
        };
        if let Some(text) = digest {
            let length = match over {
                Over::Sha384 => 48,
                Over::Sha512 => 64,
                _ => 32,
            };
            let digest = envelope::decode(&text).filter(|bytes| bytes.len() == length);
            let digest =
                digest.ok_or_else(|| format!("its `messageDigest` is not a {over} in base64"))?;
            stated = Some(Stated { over, digest });
        }
    }
    let signature =
        envelope::decode(&inner.signature).ok_or("its signature is not valid base64")?;
    Ok(SignedBlob::bundled(stated, signature, beside))
}
