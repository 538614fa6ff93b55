//! Sigstore bundles: an envelope or a signature over the artifact, with what verifies it.

use lockgate_model::Digest;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::blob::SignedBlob;
use super::{Claim, Look, Refused, envelope, text};
use crate::json::{self, Object};
use crate::reason::{quoted, shown};

/// The one version that is read. Those before it have other rules for what must be in a bundle.
const MEDIA_TYPE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Material {
    public_key: Option<Object<PublicKey>>,
    certificate: Option<IgnoredAny>,
    x509_certificate_chain: Option<IgnoredAny>,
}

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

/// Reads a bundle.
pub(super) fn claim(look: &Look) -> Result<Claim, Refused> {
    let reject = |reason: String| Refused::rejected(look.kind(), reason);
    let media_type = text(look.media_type).unwrap_or_default();
    if media_type != MEDIA_TYPE {
        let found = quoted(&media_type);
        return Err(reject(format!(
            "a sigstore bundle of type {found}: not supported by this version"
        )));
    }
    let material = look.verification_material.map(|raw| json::object::<Material>(raw.get()));
    let material = material.transpose().map_err(|error| {
        reject(format!("is not a sigstore bundle: `verificationMaterial`: {}", shown(&error)))
    })?;
    let hint = match material {
        Some(Material { certificate, x509_certificate_chain, .. })
            if certificate.is_some() || x509_certificate_chain.is_some() =>
        {
            return Err(reject(
                "signed with a certificate: not supported by this version".to_owned(),
            ));
        }
        Some(Material { public_key, .. }) => public_key.and_then(|key| key.0.hint),
        None => None,
    };
    match (look.dsse_envelope, look.message_signature) {
        (Some(inner), None) => {
            let signed = envelope::claim(inner.get(), envelope::Format::Bundle { hint })?;
            Ok(Claim::Statement(Box::new(signed)))
        }
        (None, Some(inner)) => {
            let inner = json::object(inner.get()).map_err(|error| {
                reject(format!("is not a sigstore bundle: `messageSignature`: {}", shown(&error)))
            })?;
            blob(inner, hint).map(Claim::Blob).map_err(reject)
        }
        (Some(_), Some(_)) => {
            Err(reject("has both a `dsseEnvelope` and a `messageSignature`".to_owned()))
        }
        (None, None) => {
            Err(reject("has neither a `dsseEnvelope` nor a `messageSignature`".to_owned()))
        }
    }
}

/// Reads a signature over the artifact. The error is a reason.
fn blob(inner: MessageSignature, hint: Option<String>) -> Result<SignedBlob, String> {
    let mut stated = None;
    if let Some(Object(MessageDigest { algorithm, digest })) = inner.message_digest {
        if let Some(other) = algorithm.filter(|algorithm| algorithm != "SHA2_256") {
            let other = quoted(&other);
            return Err(format!("its digest algorithm {other} is not supported by this version"));
        }
        if let Some(text) = digest {
            let bytes = envelope::decode(&text).and_then(|bytes| bytes.try_into().ok());
            let bytes = bytes.ok_or("its `messageDigest` is not a SHA-256 digest in base64")?;
            stated = Some(Digest::from_sha256(bytes));
        }
    }
    let signature =
        envelope::decode(&inner.signature).ok_or("its signature is not valid base64")?;
    Ok(SignedBlob::bundled(stated, signature, hint))
}
