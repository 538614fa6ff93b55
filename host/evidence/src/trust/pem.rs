//! Reads a public key in PEM, and says what else the file is.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::TrustError;

/// How key files begin, or begin their one line, that are read by other tools.
const OTHERS: &[(&str, &str)] = &[
    ("-----BEGIN RSA PUBLIC KEY-----", "an RSA key in PKCS#1 form"),
    ("-----BEGIN CERTIFICATE-----", "a certificate"),
    ("-----BEGIN PGP PUBLIC KEY BLOCK-----", "a PGP key"),
];

/// The one block of a PEM file, as the `SubjectPublicKeyInfo` in DER.
pub(super) fn public_key(text: &str) -> Result<Vec<u8>, TrustError> {
    if let Some((_, what)) = OTHERS.iter().find(|(beginning, _)| text.starts_with(beginning)) {
        return Err(TrustError::UnsupportedKey { what });
    }
    if text.starts_with("-----BEGIN ")
        && text.lines().next().is_some_and(|line| line.contains("PRIVATE KEY"))
    {
        return Err(TrustError::NotAKey { what: "it is a private key" });
    }
    let body = text
        .strip_prefix("-----BEGIN PUBLIC KEY-----")
        .and_then(|rest| rest.strip_suffix("-----END PUBLIC KEY-----"))
        .ok_or(TrustError::NotAKey { what: "it is not one `PUBLIC KEY` block" })?;
    let body: String = body.split_ascii_whitespace().collect();
    STANDARD.decode(body).map_err(|_| TrustError::NotAKey { what: "the block is not valid base64" })
}
