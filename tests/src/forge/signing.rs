//! Makes a bundle, step by step.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::authority::Authority;
use super::bundle::Bundle;
use super::certificate::{Claims, Name, TIME_STAMPING, number};
use super::ct::CtLog;
use super::instance::Instance;
use super::key::{Key, pem};
use super::log::{Log, Logged};
use super::moment;
use super::timestamp::Clock;

/// The payload type of in-toto statements.
const IN_TOTO: &str = "application/vnd.in-toto+json";

/// When everything happens unless a test says otherwise.
const AT: &str = "2026-10-01T12:00:00Z";

/// For how long Fulcio's certificates are good.
const GOOD_FOR: SignedDuration = SignedDuration::from_mins(10);

/// What is signed.
pub(super) enum What {
    Artifact(Vec<u8>),
    Statement(String),
}

/// A version of the bundle format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// A chain of certificates, and a promise.
    V01,
    /// A chain of certificates, and a proof.
    V02,
    /// One certificate, and a proof.
    V03,
}

impl Version {
    fn media_type(self) -> &'static str {
        match self {
            Self::V01 => "application/vnd.dev.sigstore.bundle+json;version=0.1",
            Self::V02 => "application/vnd.dev.sigstore.bundle+json;version=0.2",
            Self::V03 => "application/vnd.dev.sigstore.bundle.v0.3+json",
        }
    }
}

/// A bundle in the making.
#[must_use = "`bundle` makes it"]
pub struct Signing<'a> {
    what: What,
    claims: Claims,
    /// A key that signs instead of a certificate's.
    key: Option<&'a Key>,
    /// The key that the certificate is about; none: a fresh one.
    certified_key: Option<&'a Key>,
    ca: &'a Authority,
    ct: Option<&'a CtLog>,
    log: Option<&'a Log>,
    clock: Option<&'a Clock>,
    checkpoint: Option<&'a Key>,
    certified: Timestamp,
    logged: Timestamp,
    stamped: Timestamp,
    is_signed_by_another: bool,
    version: Version,
}

impl<'a> Signing<'a> {
    pub(super) fn new(instance: &'a Instance, what: What) -> Self {
        let at = moment(AT);
        Self {
            what,
            claims: Claims::default(),
            key: None,
            certified_key: None,
            ca: &instance.ca,
            ct: instance.ct.as_ref(),
            log: instance.log.as_ref(),
            clock: instance.clock.as_ref(),
            checkpoint: None,
            certified: at,
            logged: at,
            stamped: at,
            is_signed_by_another: false,
            version: Version::V03,
        }
    }

    /// The certificate is issued, the signature made, logged and stamped at this moment.
    pub fn at(self, at: &str) -> Self {
        self.certified_at(at).logged_at(at).stamped_at(at)
    }

    /// The certificate is issued at this moment, and good for ten minutes.
    pub fn certified_at(self, at: &str) -> Self {
        Self { certified: moment(at), ..self }
    }

    /// The log says that the entry came at this moment.
    pub fn logged_at(self, at: &str) -> Self {
        Self { logged: moment(at), ..self }
    }

    /// The timestamp is of this moment.
    pub fn stamped_at(self, at: &str) -> Self {
        Self { stamped: moment(at), ..self }
    }

    /// The certificate is issued to this workload.
    pub fn uri(mut self, uri: &str) -> Self {
        self.claims.names = vec![Name::Uri(uri.to_owned())];
        self
    }

    /// The certificate is issued to this person.
    pub fn email(mut self, address: &str) -> Self {
        self.claims.names = vec![Name::Email(address.to_owned())];
        self
    }

    /// The certificate is issued to this workload, too.
    pub fn and_uri(mut self, uri: &str) -> Self {
        self.claims.names.push(Name::Uri(uri.to_owned()));
        self
    }

    /// The certificate names this OIDC issuer.
    pub fn issuer(mut self, issuer: &str) -> Self {
        self.claims.issuer = Some(issuer.to_owned());
        self
    }

    /// The certificate names no OIDC issuer.
    pub fn without_issuer(mut self) -> Self {
        self.claims.issuer = None;
        self
    }

    /// The certificate has this value in the extension of that name, one of
    /// [`CLAIMS`](super::CLAIMS).
    pub fn claim(mut self, name: &str, value: &str) -> Self {
        self.claims.ci.insert(number(name), value.to_owned());
        self
    }

    /// The certificate lacks the extension of that name.
    pub fn without_claim(mut self, name: &str) -> Self {
        let removed = self.claims.ci.remove(&number(name));
        assert!(removed.is_some(), "`{name}` is not there anyway");
        self
    }

    /// The certificate is for timestamps, not for code.
    pub fn for_timestamps(mut self) -> Self {
        self.claims.purpose = TIME_STAMPING;
        self
    }

    /// The certificate is not logged, although the instance has a log of certificates.
    pub fn without_sct(self) -> Self {
        Self { ct: None, ..self }
    }

    /// A bare key signs, and there is no certificate.
    pub fn key(self, key: &'a Key) -> Self {
        Self { key: Some(key), ..self }
    }

    /// The certificate is about this key, which signs.
    pub fn certified_key(self, key: &'a Key) -> Self {
        Self { certified_key: Some(key), ..self }
    }

    /// The certificate is issued by another instance.
    pub fn certified_by(self, other: &'a Instance) -> Self {
        Self { ca: &other.ca, ..self }
    }

    /// The entry is in another instance's log.
    pub fn logged_by(self, other: &'a Instance) -> Self {
        Self { log: other.log.as_ref(), ..self }
    }

    /// There is no entry in a log.
    pub fn without_entry(self) -> Self {
        Self { log: None, ..self }
    }

    /// There is no timestamp, although the instance has a clock.
    pub fn without_timestamp(self) -> Self {
        Self { clock: None, ..self }
    }

    /// The timestamp is another instance's.
    pub fn stamped_by(self, other: &'a Instance) -> Self {
        Self { clock: other.clock.as_ref(), ..self }
    }

    /// The checkpoint is signed with this key, in the name of the log.
    pub fn checkpoint_by(self, key: &'a Key) -> Self {
        Self { checkpoint: Some(key), ..self }
    }

    /// The signature is made by a key that is not the certificate's; everything else fits it.
    pub fn signed_by_another(self) -> Self {
        Self { is_signed_by_another: true, ..self }
    }

    /// The bundle is of this version.
    pub fn version(self, version: Version) -> Self {
        Self { version, ..self }
    }

    /// Makes the bundle.
    #[must_use]
    pub fn bundle(self) -> Bundle {
        let (own, another) = (Key::fresh(), Key::fresh());
        let key = self.key.or(self.certified_key).unwrap_or(&own);
        let signs = if self.is_signed_by_another { &another } else { key };
        let certificate = self.certificate(key);
        let verifier = match &self.key {
            Some(key) => key.pem(),
            None => pem("CERTIFICATE", &certificate),
        };

        let (content, signature, logged) = self.content(signs, &verifier);
        let entry = self
            .log
            .map(|log| log.entry(&logged, self.logged, self.checkpoint.unwrap_or(&log.key)));
        let stamp = self.clock.map(|clock| {
            json!({ "signedTimestamp": BASE64.encode(clock.stamp(&signature, self.stamped)) })
        });

        let mut material = self.material(&certificate, key);
        material["tlogEntries"] = Value::from_iter(entry);
        material["timestampVerificationData"] =
            json!({ "rfc3161Timestamps": Value::from_iter(stamp) });
        let (field, content) = content;
        let mut bundle = json!({
            "mediaType": self.version.media_type(),
            "verificationMaterial": material,
        });
        bundle[field] = content;
        Bundle(bundle)
    }

    fn certificate(&self, key: &Key) -> Vec<u8> {
        let window = (self.certified, self.certified + GOOD_FOR);
        self.ca.issue(&self.claims, key, window, self.ct)
    }

    /// What the signature is to be verified with.
    fn material(&self, certificate: &[u8], key: &Key) -> Value {
        let raw = |der: &[u8]| json!({ "rawBytes": BASE64.encode(der) });
        match (&self.key, self.version) {
            (Some(_), _) => json!({ "publicKey": { "hint": BASE64.encode(key.id()) } }),
            (None, Version::V03) => json!({ "certificate": raw(certificate) }),
            (None, _) => {
                // The root is not sent along: whoever verifies has it.
                let [intermediate, _] = self.ca.chain();
                json!({
                    "x509CertificateChain": {
                        "certificates": [raw(certificate), raw(intermediate)],
                    },
                })
            }
        }
    }

    /// What is signed as a bundle has it and under which name, the signature, and what of it is
    /// logged.
    fn content(&self, signs: &Key, verifier: &str) -> ((&'static str, Value), Vec<u8>, Logged) {
        match &self.what {
            What::Artifact(artifact) => {
                let digest: [u8; 32] = Sha256::digest(artifact).into();
                let signature = signs.sign(artifact);
                let content = json!({
                    "messageDigest": { "algorithm": "SHA2_256", "digest": BASE64.encode(digest) },
                    "signature": BASE64.encode(&signature),
                });
                let logged = Logged::blob(&digest, &signature, verifier);
                (("messageSignature", content), signature, logged)
            }
            What::Statement(payload) => {
                let encoded =
                    format!("DSSEv1 {} {IN_TOTO} {} {payload}", IN_TOTO.len(), payload.len());
                let signature = signs.sign(encoded.as_bytes());
                let envelope = json!({
                    "payload": BASE64.encode(payload),
                    "payloadType": IN_TOTO,
                    "signatures": [{ "sig": BASE64.encode(&signature) }],
                });
                let logged = Logged::envelope(&envelope, payload.as_bytes(), &signature, verifier);
                (("dsseEnvelope", envelope), signature, logged)
            }
        }
    }
}
