//! Simple signing: how cosign before version 3 signs an image.
//!
//! The payload is `{"critical":{"identity":…,"image":{"docker-manifest-digest":…},"type":…}}`. The
//! signature over it, and what verifies that, stand in annotations of the layer of an OCI layout that
//! names the payload's blob, or in what `cosign download signature` prints; or payload and signature
//! lie beside each other as two files.

use std::iter;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lockgate_model::Kind;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::bundle::Beside;
use super::{Claim, Refused, older};
use crate::json::{self, Bounded, Object};
use crate::reason::{quoted, shown};

/// The most signatures over one payload, as many as there are identities that sign an image, and more.
/// Each is a line in the report, and is tried against every key.
pub(super) const MAX_SIGNATURES: usize = 256;

/// The most bytes of a payload. It has some 250, and what its signer cares to add.
const MAX_PAYLOAD: usize = 16 << 10;

/// What a layer says beside its payload, as it is written there.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SimpleSigning {
    /// `dev.cosignproject.cosign/signature`: over the payload's bytes, in base64.
    pub(crate) signature: Option<String>,
    /// `dev.sigstore.cosign/certificate`, in PEM.
    pub(crate) certificate: Option<String>,
    /// `dev.sigstore.cosign/chain`: those above it, in PEM.
    pub(crate) chain: Option<String>,
    /// `dev.sigstore.cosign/bundle`: what the transparency log returned, in JSON.
    pub(crate) bundle: Option<String>,
    /// `dev.sigstore.cosign/rfc3161timestamp`, in JSON.
    pub(crate) timestamp: Option<String>,
}

/// What simple signing signs: bytes that name a manifest. Nothing of it is believed.
#[derive(Debug, Clone)]
pub(crate) struct Payload {
    pub(crate) bytes: Vec<u8>,
    /// `critical.image.docker-manifest-digest`, as it is written.
    pub(crate) names: String,
}

/// A payload with signatures over its bytes, still to be verified.
#[derive(Debug)]
pub(crate) struct SimpleSigned {
    pub(crate) payload: Payload,
    /// At least one.
    pub(crate) signatures: Vec<Vec<u8>>,
    pub(crate) beside: Beside,
}

/// What a payload says that it is. Cosign writes the first, and podman the second.
const TYPES: &[&str] = &["cosign container image signature", "atomic container signature"];

#[derive(Deserialize)]
struct Written {
    critical: Object<Critical>,
}

#[derive(Deserialize)]
struct Critical {
    image: Object<Image>,
    #[serde(rename = "type")]
    payload_type: String,
}

#[derive(Deserialize)]
struct Image {
    #[serde(rename = "docker-manifest-digest")]
    digest: String,
}

impl Payload {
    /// Reads a payload.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Refused> {
        if bytes.len() > MAX_PAYLOAD {
            return Err(reject(&format!(
                "its payload has {} bytes, and {MAX_PAYLOAD} are read at most",
                bytes.len()
            )));
        }
        let text = json::scan(bytes).map_err(|flaw| reject(&format!("its payload {flaw}")))?;
        let written: Written = json::object(text)
            .map_err(|error| reject(&format!("its payload is not one: {}", shown(&error))))?;
        let Critical { image, payload_type } = written.critical.0;
        if !TYPES.contains(&payload_type.as_str()) {
            let found = quoted(&payload_type);
            return Err(reject(&format!("the type {found} of its payload is not known")));
        }
        Ok(Self { bytes: bytes.to_vec(), names: image.0.digest })
    }
}

/// Reads a payload and one of its signatures.
pub(super) fn claim(payload: &[u8], annotations: &SimpleSigning) -> Result<Claim, Refused> {
    let payload = Payload::read(payload)?;
    let signature = annotations.signature.as_deref();
    let signature = signature.ok_or_else(|| reject("its layer carries no signature"))?;
    let signature =
        STANDARD.decode(signature).map_err(|_| reject("its signature is not valid base64"))?;
    let read = |text: &Option<String>| text.as_deref().map(pem).transpose();
    let mut certificates = read(&annotations.certificate)?.unwrap_or_default();
    if !certificates.is_empty() {
        certificates.extend(read(&annotations.chain)?.unwrap_or_default());
    }
    let beside = older::beside(
        &certificates,
        annotations.bundle.as_deref(),
        annotations.timestamp.as_deref(),
    );
    let beside = beside.map_err(|why| reject(&why))?;
    Ok(Claim::Simple(Box::new(SimpleSigned { payload, signatures: vec![signature], beside })))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Downloaded<'a> {
    base64_signature: String,
    payload: String,
    cert: Option<Object<Certificate>>,
    chain: Option<Bounded<Object<Certificate>, MAX_CERTIFICATES>>,
    #[serde(borrow)]
    bundle: Option<&'a RawValue>,
    #[serde(borrow, rename = "RFC3161Timestamp")]
    timestamp: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Certificate {
    raw: String,
}

/// Reads what `cosign download signature` prints.
pub(super) fn downloaded(text: &str) -> Result<Claim, Refused> {
    let written: Downloaded = json::object(text)
        .map_err(|error| reject(&format!("is not a downloaded signature: {}", shown(&error))))?;
    let decoded = |text: &str, what: &str| {
        STANDARD.decode(text).map_err(|_| reject(&format!("its {what} is not valid base64")))
    };
    let payload = Payload::read(&decoded(&written.payload, "payload")?)?;
    let signature = decoded(&written.base64_signature, "signature")?;
    let chain = written.chain.map(|chain| chain.0).unwrap_or_default();
    let certificates: Vec<String> = match written.cert {
        Some(leaf) => iter::once(leaf).chain(chain).map(|one| one.0.raw).collect(),
        None => Vec::new(),
    };
    let (bundle, timestamp) =
        (written.bundle.map(RawValue::get), written.timestamp.map(RawValue::get));
    let beside = older::beside(&certificates, bundle, timestamp);
    let beside = beside.map_err(|why| reject(&why))?;
    Ok(Claim::Simple(Box::new(SimpleSigned { payload, signatures: vec![signature], beside })))
}

/// The most certificates beside a signature. A chain has three.
const MAX_CERTIFICATES: usize = 16;

/// The certificates of a PEM text, each in base64.
fn pem(text: &str) -> Result<Vec<String>, Refused> {
    let mut certificates = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let block = rest.strip_prefix("-----BEGIN CERTIFICATE-----");
        let block = block.and_then(|rest| rest.split_once("-----END CERTIFICATE-----"));
        let Some((body, behind)) = block.filter(|_| certificates.len() < MAX_CERTIFICATES) else {
            return Err(reject("its certificates are not a few `CERTIFICATE` blocks"));
        };
        certificates.push(body.split_ascii_whitespace().collect());
        rest = behind.trim_start();
    }
    Ok(certificates)
}

/// What stands in the place of all signatures after those that are read.
pub(super) fn too_many() -> Refused {
    reject(&format!("more than {MAX_SIGNATURES} signatures over one payload are not read"))
}

fn reject(reason: &str) -> Refused {
    Refused::rejected(Some(Kind::Signature), format!("cosign simple signing: {reason}"))
}
