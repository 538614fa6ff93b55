//! Simple signing: how cosign before version 3 signs an image.
//!
//! The payload is a blob, `{"critical":{"identity":…,"image":{"docker-manifest-digest":…},"type":…}}`,
//! and the signature over it and what verifies that stand in annotations of the layer that names the
//! blob. It comes in an OCI layout only, so its media type tells what it is.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lockgate_model::Kind;

use super::{Claim, Refused};

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

/// Reads a payload and one of its signatures.
pub(super) fn claim(payload: &[u8], beside: &SimpleSigning) -> Result<Claim, Refused> {
    if payload.len() > MAX_PAYLOAD {
        return Err(reject(&format!(
            "its payload has {} bytes, and {MAX_PAYLOAD} are read at most",
            payload.len()
        )));
    }
    let signature = beside.signature.as_deref();
    let signature = signature.ok_or_else(|| reject("its layer carries no signature"))?;
    STANDARD.decode(signature).map_err(|_| reject("its signature is not valid base64"))?;
    Err(reject("not supported by this version"))
}

/// What stands in the place of all signatures after those that are read.
pub(super) fn too_many() -> Refused {
    reject(&format!("more than {MAX_SIGNATURES} signatures over one payload are not read"))
}

fn reject(reason: &str) -> Refused {
    Refused::rejected(Some(Kind::Signature), format!("cosign simple signing: {reason}"))
}
