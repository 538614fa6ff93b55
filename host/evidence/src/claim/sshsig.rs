//! Signatures of OpenSSH over files (`PROTOCOL.sshsig` in its sources).

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use lockgate_model::Kind;
use sha2::{Digest as _, Sha256};

use super::Refused;
use crate::hashes::Over;
use crate::reason::quoted;
use crate::trust::{Algorithm, Form, Trust, pair};
use crate::wire::{Wire, put};

/// How the file begins, and how it ends.
pub(super) const BEGINNING: &str = "-----BEGIN SSH SIGNATURE-----";
const END: &str = "-----END SSH SIGNATURE-----";

/// How the bytes begin, those of the file and those that are signed.
const MAGIC: &[u8] = b"SSHSIG";

/// The version that there is.
const VERSION: u32 = 1;

/// A signature over a hash of the artifact and a namespace, still to be verified.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Sshsig {
    /// What of the artifact is hashed into what is signed, and the name by which it is signed.
    pub(crate) over: Over,
    hash: &'static str,
    /// What the signer made the signature for.
    pub(crate) namespace: String,
    reserved: Vec<u8>,
    pub(crate) algorithm: Algorithm,
    /// In DER where it is two numbers.
    pub(crate) signature: Vec<u8>,
    /// Which key the document says that it is signed with: a digest, as `ssh-keygen -l` shows it.
    /// Only a reason may use it.
    pub(crate) fingerprint: String,
}

impl Sshsig {
    /// Reads a file that begins like one.
    pub(super) fn read(text: &str) -> Result<Self, Refused> {
        Self::armored(text).map_err(|why| {
            Refused::rejected(Some(Kind::Signature), format!("is not an SSH signature: {why}"))
        })
    }

    fn armored(text: &str) -> Result<Self, String> {
        let body = text.trim().strip_prefix(BEGINNING).and_then(|rest| rest.strip_suffix(END));
        let body = body.ok_or("it is not one `SSH SIGNATURE` block")?;
        let body: String = body.split_ascii_whitespace().collect();
        let bytes = STANDARD.decode(body).map_err(|_| "the block is not valid base64")?;
        Self::written(&bytes)
    }

    fn written(bytes: &[u8]) -> Result<Self, String> {
        const SHORT: &str = "the block is cut short or too long";
        let mut wire = Wire::new(bytes);
        if wire.take(MAGIC.len()) != Some(MAGIC) {
            return Err("the block does not begin with `SSHSIG`".to_owned());
        }
        let version = wire.number().ok_or(SHORT)?;
        if version != VERSION {
            return Err(format!("its version {version} is not supported by this version"));
        }
        let key = wire.string().ok_or(SHORT)?;
        let namespace = wire.string().ok_or(SHORT)?;
        let reserved = wire.string().ok_or(SHORT)?;
        let hash = wire.string().ok_or(SHORT)?;
        let mut inner = Wire::new(wire.string().ok_or(SHORT)?);
        let (format, blob) = inner.string().zip(inner.string()).ok_or(SHORT)?;
        if !wire.is_empty() || !inner.is_empty() {
            return Err(SHORT.to_owned());
        }
        let namespace = std::str::from_utf8(namespace).map_err(|_| "its namespace is not UTF-8")?;
        if namespace.is_empty() {
            return Err("its namespace is empty".to_owned());
        }
        let (over, hash) = match hash {
            b"sha256" => (Over::Sha256, "sha256"),
            b"sha512" => (Over::Sha512, "sha512"),
            other => {
                let other = quoted(&String::from_utf8_lossy(other));
                return Err(format!("its hash {other} is neither `sha256` nor `sha512`"));
            }
        };
        let (algorithm, signature) = signature(format, blob)?;
        let fingerprint = STANDARD_NO_PAD.encode(Sha256::digest(key));
        Ok(Self {
            over,
            hash,
            namespace: namespace.to_owned(),
            reserved: reserved.to_vec(),
            algorithm,
            signature,
            fingerprint: format!("SHA256:{fingerprint}"),
        })
    }

    /// The bytes that are signed, with the artifact's hash in them.
    pub(crate) fn message(&self, artifact: &[u8]) -> Vec<u8> {
        let mut message = MAGIC.to_vec();
        for part in [self.namespace.as_bytes(), &self.reserved, self.hash.as_bytes(), artifact] {
            put(&mut message, part);
        }
        message
    }

    /// What of the artifact has to be known for the trusted keys to verify it.
    pub(crate) fn needs(&self, trust: &Trust) -> BTreeSet<Over> {
        let mut forms = trust.keys().iter().map(|key| &key.form);
        let any = forms.any(|form| matches!(form, Form::OpenSsh { .. }));
        any.then_some(self.over).into_iter().collect()
    }
}

/// How a signature is made, and the signature as it is verified.
fn signature(format: &[u8], blob: &[u8]) -> Result<(Algorithm, Vec<u8>), String> {
    let numbers = || {
        let mut wire = Wire::new(blob);
        let (r, s) = wire.natural().zip(wire.natural())?;
        wire.is_empty().then(|| pair(r, s))
    };
    const NUMBERS: &str = "its two numbers are malformed";
    Ok(match format {
        b"ssh-ed25519" => (Algorithm::Ed25519, blob.to_vec()),
        b"rsa-sha2-256" => (Algorithm::RsaPkcs1Sha256, blob.to_vec()),
        b"rsa-sha2-512" => (Algorithm::RsaPkcs1Sha512, blob.to_vec()),
        b"ecdsa-sha2-nistp256" => (Algorithm::EcdsaSha256, numbers().ok_or(NUMBERS)?),
        b"ecdsa-sha2-nistp384" => (Algorithm::EcdsaSha384, numbers().ok_or(NUMBERS)?),
        other => {
            let other = quoted(&String::from_utf8_lossy(other));
            return Err(format!("its algorithm {other} is not supported by this version"));
        }
    })
}
