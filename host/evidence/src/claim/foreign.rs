//! What is not JSON: told apart for the reader, for "unrecognised" alone helps nobody.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Refused;

/// How documents begin that people put beside a release and that this version does not read.
const BEGINNINGS: &[(&str, &str)] = &[
    ("untrusted comment:", "a minisign signature: not supported by this version"),
    ("-----BEGIN SSH SIGNATURE-----", "an SSH signature: not supported by this version"),
    ("-----BEGIN PGP SIGNATURE-----", "a PGP signature: not supported by this version"),
    ("-----BEGIN PUBLIC KEY-----", "a public key, which is no evidence"),
    ("-----BEGIN CERTIFICATE-----", "a certificate, which is no evidence"),
    ("SPDXVersion:", "SPDX in tag-value form: not supported by this version"),
    ("<", "XML: not supported by this version"),
];

/// How many bytes a bare signature has, decoded: 64 for Ed25519, some 70 for P-256, 512 for an RSA
/// key of 4,096 bits.
const BARE_SIGNATURE: std::ops::RangeInclusive<usize> = 64..=512;

/// Why a document that does not begin like JSON is not recognised.
pub(super) fn refuse(bytes: &[u8]) -> Refused {
    if bytes.is_empty() {
        return Refused::unrecognised("is empty");
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Refused::unrecognised(
            "is not UTF-8, and no evidence of a form that this version knows",
        );
    };
    let text = text.trim();
    if text.is_empty() {
        return Refused::unrecognised("is blank");
    }
    if let Some((_, reason)) = BEGINNINGS.iter().find(|(beginning, _)| text.starts_with(beginning))
    {
        return Refused::unrecognised(reason);
    }
    if is_bare_signature(text) {
        return Refused::unrecognised("a bare signature: not supported by this version");
    }
    Refused::unrecognised("is no evidence of a form that this version knows")
}

fn is_bare_signature(text: &str) -> bool {
    // Base64 takes four characters for three bytes, and what is longer need not be decoded.
    text.len() <= BARE_SIGNATURE.end() / 3 * 4 + 4
        && STANDARD.decode(text).is_ok_and(|bytes| BARE_SIGNATURE.contains(&bytes.len()))
}
