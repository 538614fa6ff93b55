//! Simple signing: how cosign before version 3 signs an image.
//!
//! The payload is a blob, `{"critical":{"identity":…,"image":{"docker-manifest-digest":…},"type":…}}`,
//! and the signature over it and what verifies that stand in annotations of the layer that names the
//! blob. It comes in an OCI layout only, so its media type tells what it is.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lockgate_model::Kind;

use super::{Claim, Refused};

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
pub(super) fn claim(_payload: &[u8], beside: &SimpleSigning) -> Result<Claim, Refused> {
    let reject = |reason| Refused::rejected(Some(Kind::Signature), reason);
    let signature = beside.signature.as_deref();
    let signature =
        signature.ok_or_else(|| reject("cosign simple signing: its layer carries no signature"))?;
    STANDARD
        .decode(signature)
        .map_err(|_| reject("cosign simple signing: its signature is not valid base64"))?;
    Err(reject("cosign simple signing: not supported by this version"))
}
