//! What cosign before version 3 keeps of a signature, where there is no bundle yet.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};

use super::Bundle;
use super::key::pem;

/// The payload of simple signing: that an image with this digest is signed.
#[must_use]
pub fn simple_payload(digest: &str) -> Value {
    json!({
        "critical": {
            "identity": { "docker-reference": "registry.example/acme/app" },
            "image": { "docker-manifest-digest": digest },
            "type": "cosign container image signature",
        },
        "optional": null,
    })
}

impl Bundle {
    /// The annotations of the layer that has the payload, where this bundle is a signature over it.
    ///
    /// # Panics
    ///
    /// If it is none.
    #[must_use]
    pub fn annotations(&self) -> Value {
        let mut annotations = json!({
            "dev.cosignproject.cosign/signature": self.get(Self::SIGNATURE),
        });
        let certificates = self.certificates();
        if let [leaf, chain @ ..] = &certificates[..] {
            let chain: String = chain.iter().map(|der| pem("CERTIFICATE", der)).collect();
            annotations["dev.sigstore.cosign/certificate"] = pem("CERTIFICATE", leaf).into();
            annotations["dev.sigstore.cosign/chain"] = chain.into();
        }
        if let Some(answer) = self.answer() {
            annotations["dev.sigstore.cosign/bundle"] = answer.to_string().into();
        }
        if let Some(timestamp) = self.timestamp() {
            annotations["dev.sigstore.cosign/rfc3161timestamp"] = timestamp.to_string().into();
        }
        annotations
    }

    /// What `cosign download signature` prints, where this bundle is a signature over a payload.
    ///
    /// # Panics
    ///
    /// If it is none.
    #[must_use]
    pub fn downloaded(&self, payload: &[u8]) -> Value {
        // Go writes all that it knows of a certificate; its bytes are what counts.
        let cert = |der: &Vec<u8>| json!({ "Raw": BASE64.encode(der), "Version": 3 });
        let certificates: Vec<Value> = self.certificates().iter().map(cert).collect();
        let (leaf, chain) = match &certificates[..] {
            [leaf, chain @ ..] => (leaf.clone(), chain.to_vec()),
            [] => (Value::Null, Vec::new()),
        };
        json!({
            "Base64Signature": self.get(Self::SIGNATURE),
            "Payload": BASE64.encode(payload),
            "Cert": leaf,
            "Chain": chain,
            "Bundle": self.answer(),
            "RFC3161Timestamp": self.timestamp(),
        })
    }

    /// The certificates in DER, the signer's first; none where a key signs.
    fn certificates(&self) -> Vec<Vec<u8>> {
        let material = self.get("/verificationMaterial");
        let chain = material.pointer("/x509CertificateChain/certificates");
        let all: Vec<&Value> = match (material.get("certificate"), chain.and_then(Value::as_array))
        {
            (Some(one), _) => vec![one],
            (None, Some(chain)) => chain.iter().collect(),
            (None, None) => Vec::new(),
        };
        let raw = |one: &&Value| {
            let text = one["rawBytes"].as_str().expect("a certificate has bytes");
            BASE64.decode(text).expect("base64")
        };
        all.iter().map(raw).collect()
    }

    /// What Rekor answered when the entry was made.
    fn answer(&self) -> Option<Value> {
        let entry = self.0.pointer(Self::ENTRY)?;
        let number = |key: &str| -> i64 {
            entry[key].as_str().and_then(|text| text.parse().ok()).expect("a number as text")
        };
        let id = BASE64.decode(entry["logId"]["keyId"].as_str()?).expect("base64");
        let hex: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
        Some(json!({
            "SignedEntryTimestamp": entry["inclusionPromise"]["signedEntryTimestamp"],
            "Payload": {
                "body": entry["canonicalizedBody"],
                "integratedTime": number("integratedTime"),
                "logIndex": number("logIndex"),
                "logID": hex,
            },
        }))
    }

    fn timestamp(&self) -> Option<Value> {
        let token = self.0.pointer(Self::TIMESTAMP)?;
        Some(json!({ "SignedRFC3161Timestamp": token }))
    }
}
