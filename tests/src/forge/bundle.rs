//! A bundle, and ways to spoil it after it was made.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::Value;

/// A bundle that an instance made. The paths into it are JSON pointers (RFC 6901).
#[derive(Debug, Clone)]
pub struct Bundle(pub(super) Value);

impl Bundle {
    /// The signature over the artifact.
    pub const SIGNATURE: &str = "/messageSignature/signature";
    /// The signature over an envelope.
    pub const ENVELOPE_SIGNATURE: &str = "/dsseEnvelope/signatures/0/sig";
    /// The certificate, in a bundle of version 0.3.
    pub const CERTIFICATE: &str = "/verificationMaterial/certificate/rawBytes";
    /// The entry in the transparency log.
    pub const ENTRY: &str = "/verificationMaterial/tlogEntries/0";
    /// What the log promised of it: the signed entry timestamp.
    pub const PROMISE: &str =
        "/verificationMaterial/tlogEntries/0/inclusionPromise/signedEntryTimestamp";
    /// When the log says that it came.
    pub const LOGGED_AT: &str = "/verificationMaterial/tlogEntries/0/integratedTime";
    /// The proof that it is in the log.
    pub const PROOF: &str = "/verificationMaterial/tlogEntries/0/inclusionProof";
    /// The signed note in that proof.
    pub const CHECKPOINT: &str =
        "/verificationMaterial/tlogEntries/0/inclusionProof/checkpoint/envelope";
    /// The timestamp.
    pub const TIMESTAMP: &str =
        "/verificationMaterial/timestampVerificationData/rfc3161Timestamps/0/signedTimestamp";

    /// As a file has it.
    #[must_use]
    pub fn json(&self) -> String {
        self.0.to_string()
    }

    /// The bytes at a path, which are in base64 there.
    ///
    /// # Panics
    ///
    /// If there are none.
    #[must_use]
    pub fn bytes(&self, pointer: &str) -> Vec<u8> {
        let text = self.get(pointer).as_str().expect("a text");
        BASE64.decode(text).expect("base64")
    }

    /// With one bit of the bytes at a path the other way, counted from the end.
    ///
    /// # Panics
    ///
    /// If there are not as many bytes there.
    #[must_use]
    pub fn flipped(&self, pointer: &str, from_end: usize) -> Self {
        let mut bytes = self.bytes(pointer);
        let at = bytes.len().checked_sub(from_end + 1).expect("as many bytes");
        bytes[at] ^= 1;
        self.with(pointer, BASE64.encode(bytes).into())
    }

    /// With what another bundle has at a path.
    ///
    /// # Panics
    ///
    /// If either has nothing there.
    #[must_use]
    pub fn grafted(&self, pointer: &str, other: &Self) -> Self {
        self.with(pointer, other.get(pointer).clone())
    }

    /// With another value at a path.
    ///
    /// # Panics
    ///
    /// If there is nothing to replace.
    #[must_use]
    pub fn with(&self, pointer: &str, value: Value) -> Self {
        let mut bundle = self.clone();
        let place = bundle.0.pointer_mut(pointer);
        *place.unwrap_or_else(|| panic!("nothing at `{pointer}`: {self:?}")) = value;
        bundle
    }

    /// Without what is at a path.
    ///
    /// # Panics
    ///
    /// If there is nothing.
    #[must_use]
    pub fn without(&self, pointer: &str) -> Self {
        let mut bundle = self.clone();
        let (above, key) = pointer.rsplit_once('/').expect("a pointer has a slash");
        let removed = match bundle.0.pointer_mut(above) {
            Some(Value::Object(fields)) => fields.remove(key),
            Some(Value::Array(items)) => key.parse().ok().map(|index: usize| items.remove(index)),
            _ => None,
        };
        assert!(removed.is_some(), "nothing at `{pointer}`: {self:?}");
        bundle
    }

    /// What is at a path.
    ///
    /// # Panics
    ///
    /// If there is nothing.
    #[must_use]
    pub fn get(&self, pointer: &str) -> &Value {
        self.0.pointer(pointer).unwrap_or_else(|| panic!("nothing at `{pointer}`: {self:?}"))
    }
}
