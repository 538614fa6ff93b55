//! An instance, and the trusted root that names its keys.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};

use super::authority::Authority;
use super::certificate::CODE_SIGNING;
use super::ct::CtLog;
use super::key::Key;
use super::log::Log;
use super::signing::{Signing, What};
use super::timestamp::Clock;

/// A Sigstore instance with keys of its own.
pub struct Instance {
    pub(super) ca: Authority,
    pub(super) log: Option<Log>,
    pub(super) ct: Option<CtLog>,
    pub(super) clock: Option<Clock>,
}

impl Default for Instance {
    fn default() -> Self {
        Self::new()
    }
}

impl Instance {
    /// One with a certificate authority and a transparency log.
    #[must_use]
    pub fn new() -> Self {
        Self {
            ca: Authority::fresh("forge.test", CODE_SIGNING),
            log: Some(Log::fresh("rekor.forge.test")),
            ct: None,
            clock: None,
        }
    }

    /// One whose certificates are logged, too.
    #[must_use]
    pub fn with_ct_log(self) -> Self {
        Self { ct: Some(CtLog(Key::fresh())), ..self }
    }

    /// One that stamps signatures with the time, too.
    #[must_use]
    pub fn with_timestamps(self) -> Self {
        Self { clock: Some(Clock::fresh("clock.forge.test")), ..self }
    }

    /// One that has no transparency log, and timestamps instead, as GitHub has for private
    /// repositories.
    #[must_use]
    pub fn without_log(self) -> Self {
        Self { log: None, ..self }.with_timestamps()
    }

    /// Signs an artifact.
    pub fn sign(&self, artifact: &[u8]) -> Signing<'_> {
        Signing::new(self, What::Artifact(artifact.to_vec()))
    }

    /// Signs a statement, in an envelope.
    pub fn attest(&self, statement: &Value) -> Signing<'_> {
        Signing::new(self, What::Statement(statement.to_string()))
    }

    /// The trusted root: what a verifier of this instance needs.
    #[must_use]
    pub fn trusted_root(&self) -> String {
        let log = |url: &str, key: &Key| {
            json!({
                "baseUrl": format!("https://{url}"),
                "hashAlgorithm": "SHA2_256",
                "publicKey": {
                    "rawBytes": BASE64.encode(key.spki()),
                    "keyDetails": "PKIX_ECDSA_P256_SHA_256",
                    "validFor": { "start": "2020-01-01T00:00:00Z" },
                },
                "logId": { "keyId": BASE64.encode(key.id()) },
            })
        };
        let authority = |organisation: &str, chain: &[&[u8]]| {
            let raw = |der: &&[u8]| json!({ "rawBytes": BASE64.encode(der) });
            json!({
                "subject": { "organization": organisation, "commonName": organisation },
                "uri": format!("https://{organisation}"),
                "certChain": { "certificates": chain.iter().map(raw).collect::<Vec<_>>() },
                "validFor": { "start": "2020-01-01T00:00:00Z" },
            })
        };
        let logs: Vec<_> = self.log.iter().map(|it| log(&it.host, &it.key)).collect();
        let ct_logs: Vec<_> = self.ct.iter().map(|it| log("ct.forge.test", &it.0)).collect();
        let clocks = self.clock.iter().map(|it| authority(it.organisation(), &it.chain()));
        let root = json!({
            "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
            "tlogs": logs,
            "certificateAuthorities": [authority(&self.ca.organisation, &self.ca.chain())],
            "ctlogs": ct_logs,
            "timestampAuthorities": clocks.collect::<Vec<_>>(),
        });
        format!("{root:#}\n")
    }
}
