//! What cosign before version 3 keeps beside a signature, turned into a bundle's material.
//!
//! Certificates, the log's answer and a timestamp say the same as in a bundle v0.1, and are verified
//! as that is; without an answer, as in a bundle v0.2.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::json;

use super::bundle::Beside;
use crate::json::{self, Object};
use crate::reason::shown;
use crate::sigstore::{Material, MaterialError};

/// The bundle whose rules hold where the log answered: its promise is enough, and has to be there.
const PROMISED: &str = "application/vnd.dev.sigstore.bundle+json;version=0.1";

/// The one whose rules hold where it did not: a proof has to be there if the root asks for a log.
const UNLOGGED: &str = "application/vnd.dev.sigstore.bundle+json;version=0.2";

/// What Rekor answered.
#[derive(Deserialize)]
struct Answer {
    #[serde(rename = "SignedEntryTimestamp")]
    promise: String,
    #[serde(rename = "Payload")]
    payload: Object<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    body: String,
    integrated_time: i64,
    log_index: i64,
    #[serde(rename = "logID")]
    log_id: String,
}

#[derive(Deserialize)]
struct Kind {
    kind: String,
    #[serde(rename = "apiVersion")]
    version: String,
}

#[derive(Deserialize)]
struct Timestamp {
    #[serde(rename = "SignedRFC3161Timestamp")]
    token: String,
}

/// The material of a bundle. Certificates are in base64, the signer's first. The error is a clause.
pub(super) fn beside(
    certificates: &[String],
    answer: Option<&str>,
    timestamp: Option<&str>,
) -> Result<Beside, String> {
    if certificates.is_empty() && answer.is_none() && timestamp.is_none() {
        return Ok(Beside::default());
    }
    let mut material = if certificates.is_empty() {
        json!({ "publicKey": { "hint": "" } })
    } else {
        let certificates: Vec<_> =
            certificates.iter().map(|raw| json!({ "rawBytes": raw })).collect();
        json!({ "x509CertificateChain": { "certificates": certificates } })
    };
    let entries: Vec<_> = answer.map(entry).transpose()?.into_iter().collect();
    material["tlogEntries"] = entries.into();
    if let Some(timestamp) = timestamp {
        let read: Timestamp = strict(timestamp, "timestamp")?;
        material["timestampVerificationData"] =
            json!({ "rfc3161Timestamps": [{ "signedTimestamp": read.token }] });
    }
    let media_type = if answer.is_some() { PROMISED } else { UNLOGGED };
    let material = Material::read(media_type, &material.to_string());
    let material = material.map_err(|MaterialError(why)| why)?;
    Ok(Beside { hint: None, material: Some(Box::new(material)) })
}

/// A log entry as a bundle has it.
fn entry(answer: &str) -> Result<serde_json::Value, String> {
    let Answer { promise, payload: Object(entry) } = strict(answer, "log entry")?;
    let broken = |what: &str| format!("its log entry has no {what}");
    let digits: Option<Vec<u8>> =
        entry.log_id.chars().map(|c| u8::try_from(c.to_digit(16)?).ok()).collect();
    let digits = digits.filter(|digits| digits.len() == 64).ok_or_else(|| broken("log id"))?;
    let log_id: Vec<u8> = digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect();
    let body = STANDARD.decode(&entry.body).map_err(|_| broken("body in base64"))?;
    let body = std::str::from_utf8(&body).map_err(|_| broken("body in UTF-8"))?;
    let Kind { kind, version } = strict(body, "log entry's body")?;
    Ok(json!({
        "logIndex": entry.log_index.to_string(),
        "logId": { "keyId": STANDARD.encode(log_id) },
        "kindVersion": { "kind": kind, "version": version },
        "integratedTime": entry.integrated_time.to_string(),
        "inclusionPromise": { "signedEntryTimestamp": promise },
        "canonicalizedBody": entry.body,
    }))
}

fn strict<'a, T: Deserialize<'a>>(text: &'a str, what: &str) -> Result<T, String> {
    let text = json::scan(text.as_bytes()).map_err(|flaw| format!("its {what} {flaw}"))?;
    json::object(text).map_err(|error| format!("its {what} is not one: {}", shown(&error)))
}
