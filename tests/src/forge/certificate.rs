//! Certificates: those of authorities, and those that Fulcio issues to whoever logs in.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::der;
use super::key::Key;

/// The workflow that signs unless a test says otherwise.
pub const WORKFLOW: &str =
    "https://github.com/acme/app/.github/workflows/release.yml@refs/tags/v1.2.3";

/// The OIDC issuer of GitHub's workflows.
pub const GITHUB: &str = "https://token.actions.githubusercontent.com";

/// What Fulcio writes into a certificate of that workflow, by the extension's name and its number
/// under `1.3.6.1.4.1.57264.1`.
pub const CLAIMS: &[(&str, u8, &str)] = &[
    ("build-signer-uri", 9, WORKFLOW),
    ("build-signer-digest", 10, "8f34a1c2d5e6f708192a3b4c5d6e7f8091a2b3c4"),
    ("runner-environment", 11, "github-hosted"),
    ("source-repository-uri", 12, "https://github.com/acme/app"),
    ("source-repository-digest", 13, "8f34a1c2d5e6f708192a3b4c5d6e7f8091a2b3c4"),
    ("source-repository-ref", 14, "refs/tags/v1.2.3"),
    ("source-repository-identifier", 15, "135792468"),
    ("source-repository-owner-uri", 16, "https://github.com/acme"),
    ("source-repository-owner-identifier", 17, "246813579"),
    ("build-config-uri", 18, WORKFLOW),
    ("build-config-digest", 19, "8f34a1c2d5e6f708192a3b4c5d6e7f8091a2b3c4"),
    ("build-trigger", 20, "push"),
    ("run-invocation-uri", 21, "https://github.com/acme/app/actions/runs/97531/attempts/1"),
    ("source-repository-visibility-at-signing", 22, "public"),
    ("deployment-environment", 23, "production"),
];

/// Fulcio's arc of extensions.
const FULCIO: &str = "1.3.6.1.4.1.57264.1";

/// ECDSA with SHA-256.
const ECDSA_SHA256: &str = "1.2.840.10045.4.3.2";

/// What a certificate may be used for.
pub(super) const CODE_SIGNING: &str = "1.3.6.1.5.5.7.3.3";
/// See [`CODE_SIGNING`].
pub(super) const TIME_STAMPING: &str = "1.3.6.1.5.5.7.3.8";

/// An extension of a certificate.
#[derive(Clone)]
pub(super) struct Extension {
    pub(super) oid: String,
    pub(super) critical: bool,
    pub(super) value: Vec<u8>,
}

impl Extension {
    fn der(&self) -> Vec<u8> {
        let mut parts = vec![der::oid(&self.oid)];
        // The default is not written.
        parts.extend(self.critical.then(der::yes));
        parts.push(der::octets(&self.value));
        der::sequence(&parts)
    }

    /// That a certificate may issue others, or not.
    pub(super) fn authority(may: bool) -> Self {
        let value = if may { der::sequence(&[der::yes()]) } else { der::sequence(&[]) };
        Self { oid: "2.5.29.19".to_owned(), critical: true, value }
    }

    /// What a certificate may be used for.
    pub(super) fn purpose(purpose: &str) -> Self {
        let value = der::sequence(&[der::oid(purpose)]);
        // RFC 3161 wants it critical for timestamps.
        Self { oid: "2.5.29.37".to_owned(), critical: purpose == TIME_STAMPING, value }
    }
}

/// A certificate before it is signed.
#[derive(Clone)]
pub(super) struct Unsigned {
    pub(super) serial: u64,
    pub(super) issuer: Vec<u8>,
    pub(super) subject: Vec<u8>,
    pub(super) not_before: Timestamp,
    pub(super) not_after: Timestamp,
    pub(super) spki: Vec<u8>,
    pub(super) extensions: Vec<Extension>,
}

impl Unsigned {
    /// What is signed: `TBSCertificate` (RFC 5280, section 4.1).
    pub(super) fn der(&self) -> Vec<u8> {
        let extensions: Vec<_> = self.extensions.iter().map(Extension::der).collect();
        der::sequence(&[
            der::explicit(0, &der::integer(2)),
            der::integer(self.serial),
            algorithm(),
            self.issuer.clone(),
            der::sequence(&[der::utc_time(self.not_before), der::utc_time(self.not_after)]),
            self.subject.clone(),
            self.spki.clone(),
            der::explicit(3, &der::sequence(&extensions)),
        ])
    }

    pub(super) fn sign(&self, key: &Key) -> Vec<u8> {
        let signed = self.der();
        let signature = der::bits(&key.sign(&signed));
        der::sequence(&[signed, algorithm(), signature])
    }
}

fn algorithm() -> Vec<u8> {
    der::sequence(&[der::oid(ECDSA_SHA256)])
}

/// A distinguished name: an organisation and what it calls itself.
pub(super) fn name(organisation: &str, common: &str) -> Vec<u8> {
    let part =
        |oid: &str, text: &str| der::set(&[der::sequence(&[der::oid(oid), der::utf8(text)])]);
    der::sequence(&[part("2.5.4.10", organisation), part("2.5.4.3", common)])
}

/// Who a certificate is issued to.
#[derive(Clone)]
pub(super) enum Name {
    Uri(String),
    Email(String),
}

/// What Fulcio writes into a certificate.
#[derive(Clone)]
pub(super) struct Claims {
    pub(super) names: Vec<Name>,
    pub(super) issuer: Option<String>,
    /// By the number of the extension.
    pub(super) ci: BTreeMap<u8, String>,
    pub(super) purpose: &'static str,
}

impl Default for Claims {
    fn default() -> Self {
        Self {
            names: vec![Name::Uri(WORKFLOW.to_owned())],
            issuer: Some(GITHUB.to_owned()),
            ci: CLAIMS.iter().map(|(_, number, value)| (*number, (*value).to_owned())).collect(),
            purpose: CODE_SIGNING,
        }
    }
}

impl Claims {
    pub(super) fn extensions(&self) -> Vec<Extension> {
        let names: Vec<_> = self
            .names
            .iter()
            .map(|name| match name {
                Name::Email(text) => der::tagged(0x81, text.as_bytes()),
                Name::Uri(text) => der::tagged(0x86, text.as_bytes()),
            })
            .collect();
        let fulcio = |number: u8, value: Vec<u8>| Extension {
            oid: format!("{FULCIO}.{number}"),
            critical: false,
            value,
        };
        let mut extensions = vec![
            Extension { oid: "2.5.29.15".to_owned(), critical: true, value: vec![3, 2, 7, 0x80] },
            Extension::purpose(self.purpose),
            // Critical, for there is no subject (RFC 5280, section 4.1.2.6).
            Extension { oid: "2.5.29.17".to_owned(), critical: true, value: der::sequence(&names) },
        ];
        if let Some(issuer) = &self.issuer {
            // The old one is a bare text.
            extensions.push(fulcio(1, issuer.clone().into_bytes()));
            extensions.push(fulcio(8, der::utf8(issuer)));
        }
        extensions.extend(self.ci.iter().map(|(number, text)| fulcio(*number, der::utf8(text))));
        extensions
    }
}

/// The number of an extension by its name.
pub(super) fn number(claim: &str) -> u8 {
    let found = CLAIMS.iter().find(|(name, ..)| *name == claim);
    found.unwrap_or_else(|| panic!("no claim is called `{claim}`")).1
}
