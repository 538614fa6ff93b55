//! A certificate transparency log, as far as certificates show it: one embedded SCT.

use jiff::Timestamp;

use super::certificate::Extension;
use super::der;
use super::key::Key;

/// A log of certificates.
pub(super) struct CtLog(pub(super) Key);

impl CtLog {
    /// The extension that says that a certificate is logged (RFC 6962, section 3.3).
    ///
    /// `certificate` is the `TBSCertificate` without that extension, and `issuer` the digest of the
    /// issuer's key.
    pub(super) fn log(&self, certificate: &[u8], issuer: &[u8; 32], at: Timestamp) -> Extension {
        let at = u64::try_from(at.as_millisecond()).expect("after 1970").to_be_bytes();
        let length = u32::try_from(certificate.len()).expect("a certificate is small");
        // Version 1, a certificate's timestamp, when, a precertificate, and what.
        let mut signed = vec![0, 0];
        signed.extend(at);
        signed.extend([0, 1]);
        signed.extend(issuer);
        signed.extend(&length.to_be_bytes()[1..]);
        signed.extend(certificate);
        signed.extend([0, 0]);

        let mut sct = vec![0];
        sct.extend(self.0.id());
        sct.extend(at);
        // No extensions; SHA-256, ECDSA.
        sct.extend([0, 0, 4, 3]);
        sct.extend(counted(&self.0.sign(&signed)));
        let list = counted(&counted(&sct));
        Extension {
            oid: "1.3.6.1.4.1.11129.2.4.2".to_owned(),
            critical: false,
            value: der::octets(&list),
        }
    }
}

/// Bytes behind their number, as TLS writes them.
fn counted(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).expect("short");
    [&length.to_be_bytes(), bytes].concat()
}
