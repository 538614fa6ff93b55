//! A timestamp authority (RFC 3161).

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::authority::Authority;
use super::certificate::TIME_STAMPING;
use super::der;
use super::key::Key;

/// An authority that says when it has seen a signature.
pub(super) struct Clock {
    authority: Authority,
    key: Key,
    certificate: Vec<u8>,
}

/// The serial number of its certificate.
const SERIAL: u64 = 7;

/// What is in a timestamp: `id-ct-TSTInfo`.
const TST_INFO: &str = "1.2.840.113549.1.9.16.1.4";

const SIGNED_DATA: &str = "1.2.840.113549.1.7.2";
const CONTENT_TYPE: &str = "1.2.840.113549.1.9.3";
const MESSAGE_DIGEST: &str = "1.2.840.113549.1.9.4";
const SHA256: &str = "2.16.840.1.101.3.4.2.1";
const ECDSA_SHA256: &str = "1.2.840.10045.4.3.2";

impl Clock {
    pub(super) fn fresh(organisation: &str) -> Self {
        let (authority, key) = (Authority::fresh(organisation, TIME_STAMPING), Key::fresh());
        let certificate = authority.appoint(SERIAL, "clock", &key, TIME_STAMPING);
        Self { authority, key, certificate }
    }

    pub(super) fn organisation(&self) -> &str {
        &self.authority.organisation
    }

    /// Its certificates, its own first.
    pub(super) fn chain(&self) -> [&[u8]; 3] {
        let [intermediate, root] = self.authority.chain();
        [&self.certificate, intermediate, root]
    }

    /// A response with a timestamp over a signature.
    pub(super) fn stamp(&self, signature: &[u8], at: Timestamp) -> Vec<u8> {
        let granted = der::sequence(&[der::integer(0)]);
        der::sequence(&[granted, self.token(signature, at)])
    }

    /// The timestamp itself: signed data around what is said (RFC 5652).
    fn token(&self, signature: &[u8], at: Timestamp) -> Vec<u8> {
        let sha256 = der::sequence(&[der::oid(SHA256)]);
        let info = der::sequence(&[
            der::integer(1),
            // A policy of nobody's.
            der::oid("1.3.6.1.4.1.57264.2"),
            der::sequence(&[sha256.clone(), der::octets(&Sha256::digest(signature))]),
            der::integer(11),
            der::generalized_time(at),
        ]);
        let attribute =
            |oid: &str, value: Vec<u8>| der::sequence(&[der::oid(oid), der::set(&[value])]);
        let attributes = [
            attribute(CONTENT_TYPE, der::oid(TST_INFO)),
            attribute(MESSAGE_DIGEST, der::octets(&Sha256::digest(&info))),
        ];
        // Signed as a set, and written under a tag of its own (RFC 5652, section 5.4).
        let signed = self.key.sign(&der::set(&attributes));
        let signer = der::sequence(&[
            der::integer(1),
            der::sequence(&[self.authority.name(), der::integer(SERIAL)]),
            sha256.clone(),
            der::explicit(0, &attributes.concat()),
            der::sequence(&[der::oid(ECDSA_SHA256)]),
            der::octets(&signed),
        ]);
        let content = der::sequence(&[der::oid(TST_INFO), der::explicit(0, &der::octets(&info))]);
        let data =
            der::sequence(&[der::integer(3), der::set(&[sha256]), content, der::set(&[signer])]);
        der::sequence(&[der::oid(SIGNED_DATA), der::explicit(0, &data)])
    }
}
