//! What is not JSON: signatures in forms of their own, bills of materials that nobody signed, and what
//! is told apart for the reader, for "unrecognised" alone helps nobody.

use lockgate_model::Kind;

use super::blob::SignedBlob;
use super::minisign::{self, Minisig};
use super::sshsig::{self, Sshsig};
use super::{Claim, Refused, Unsigned};
use crate::sbom::{Form, SPDX_JSON};

/// How documents begin that people put beside a release and that this version does not read.
const BEGINNINGS: &[(&str, &str)] = &[
    ("-----BEGIN PGP SIGNATURE-----", "a PGP signature: not supported by this version"),
    ("-----BEGIN PUBLIC KEY-----", "a public key, which is no evidence"),
    ("-----BEGIN CERTIFICATE-----", "a certificate, which is no evidence"),
    ("<", "XML, but no evidence of a form that this version knows"),
];

/// Reads a document that does not begin like JSON.
pub(super) fn claim(bytes: &[u8]) -> Result<Claim, Refused> {
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    if text.starts_with(minisign::BEGINNING) {
        return Minisig::read(text).map(Claim::Minisig);
    }
    if text.starts_with(sshsig::BEGINNING) {
        return Sshsig::read(text).map(Claim::Sshsig);
    }
    match Form::of(text) {
        Some(Form::TagValue) => return Ok(bom(text, "https://spdx.dev/Document")),
        Some(Form::Xml) => return Ok(bom(text, "https://cyclonedx.org/bom")),
        Some(Form::Foreign(form)) => {
            let help = format!("convert it to {SPDX_JSON}");
            let reason = format!("is {form}, which is not supported by this version");
            return Err(Refused::rejected(Some(Kind::Sbom), reason).helped(Some(&help)));
        }
        None => {}
    }
    SignedBlob::loose(bytes).map(Claim::Blob).ok_or_else(|| refuse(bytes))
}

/// A bill of materials, which is all of the document.
fn bom(text: &str, predicate_type: &str) -> Claim {
    Claim::Unsigned(Box::new(Unsigned::bom(text, predicate_type)))
}

/// Why it is not recognised.
fn refuse(bytes: &[u8]) -> Refused {
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
    Refused::unrecognised("is no evidence of a form that this version knows")
}
