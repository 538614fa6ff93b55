//! Certificate authorities: a root, and the intermediate that issues.

use jiff::Timestamp;

use super::certificate::{Claims, Extension, Unsigned, name};
use super::ct::CtLog;
use super::key::Key;
use super::moment;

/// An authority.
pub(super) struct Authority {
    pub(super) organisation: String,
    root: Vec<u8>,
    intermediate: Vec<u8>,
    key: Key,
}

/// When authorities may issue; what they issue is good for minutes.
const FROM: &str = "2020-01-01T00:00:00Z";
/// See [`FROM`].
const UNTIL: &str = "2040-01-01T00:00:00Z";

impl Authority {
    /// One whose certificates are for this purpose.
    pub(super) fn fresh(organisation: &str, purpose: &str) -> Self {
        let (above, key) = (Key::fresh(), Key::fresh());
        let certificate =
            |subject: &str, subject_key: &Key, serial, purpose: Option<&str>| Unsigned {
                serial,
                issuer: name(organisation, "root"),
                subject: name(organisation, subject),
                not_before: moment(FROM),
                not_after: moment(UNTIL),
                spki: subject_key.spki(),
                extensions: std::iter::once(Extension::authority(true))
                    .chain(purpose.map(Extension::purpose))
                    .collect(),
            };
        Self {
            organisation: organisation.to_owned(),
            root: certificate("root", &above, 1, None).sign(&above),
            intermediate: certificate("intermediate", &key, 2, Some(purpose)).sign(&above),
            key,
        }
    }

    /// Its own certificates, the issuing one first.
    pub(super) fn chain(&self) -> [&[u8]; 2] {
        [&self.intermediate, &self.root]
    }

    /// The name that stands in what it issues.
    pub(super) fn name(&self) -> Vec<u8> {
        name(&self.organisation, "intermediate")
    }

    /// A certificate as Fulcio issues it, without a subject, and logged where there is a log.
    pub(super) fn issue(
        &self,
        claims: &Claims,
        key: &Key,
        (not_before, not_after): (Timestamp, Timestamp),
        ct: Option<&CtLog>,
    ) -> Vec<u8> {
        let mut certificate = Unsigned {
            serial: 3,
            issuer: self.name(),
            subject: super::der::sequence(&[]),
            not_before,
            not_after,
            spki: key.spki(),
            extensions: claims.extensions(),
        };
        if let Some(ct) = ct {
            let logged = ct.log(&certificate.der(), &self.key.id(), not_before);
            certificate.extensions.push(logged);
        }
        certificate.sign(&self.key)
    }

    /// A certificate for one purpose and for years.
    pub(super) fn appoint(&self, serial: u64, subject: &str, key: &Key, purpose: &str) -> Vec<u8> {
        let certificate = Unsigned {
            serial,
            issuer: self.name(),
            subject: name(&self.organisation, subject),
            not_before: moment(FROM),
            not_after: moment(UNTIL),
            spki: key.spki(),
            extensions: vec![Extension::authority(false), Extension::purpose(purpose)],
        };
        certificate.sign(&self.key)
    }
}
