//! Certificates, transparency logs and timestamps of Sigstore.
//!
//! What they prove is found out by a library, behind the trait [`Verify`]; one room names it,
//! [`library`]. Who is believed is decided elsewhere: a certificate that verifies is still anyone's.
//! Nothing here reaches a network.

mod library;

use std::collections::BTreeMap;
use std::fmt;

use lockgate_model::Instant;

pub(crate) use library::{Library, Material, MaterialError, builtin};

use crate::trust::{Extension, SubjectType};

/// What a signature in a bundle is over, as it is handed to a verifier.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Signed<'a> {
    /// An envelope with one signature, and a digest that its statement names.
    Envelope {
        payload_type: &'a str,
        payload: &'a [u8],
        signature: &'a [u8],
        subject: Option<&'a Stated>,
    },
    /// The artifact, of which the SHA-256 digest is enough.
    Digest { sha256: [u8; 32], stated: Option<&'a Stated>, signature: &'a [u8] },
    /// The artifact, of which all bytes are needed.
    Bytes { bytes: &'a [u8], stated: Option<&'a Stated>, signature: &'a [u8] },
}

/// The digest of the artifact as a message signature states it. It is not signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stated {
    pub(crate) over: crate::hashes::Over,
    pub(crate) digest: Vec<u8>,
}

/// What a root asks of a signature beside its certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Demands {
    /// That it is in a transparency log.
    pub(crate) log: bool,
    /// That a timestamp authority saw it.
    pub(crate) timestamp: bool,
}

/// Verifies bundles against one trusted root.
pub(crate) trait Verify: fmt::Debug + Send + Sync {
    /// A signature by the key of a certificate that the root's authorities issued.
    fn by_certificate(
        &self,
        material: &Material,
        signed: Signed<'_>,
        demands: Demands,
    ) -> Result<(Certificate, Witnesses), Unproved>;

    /// What log entries and timestamps prove about a signature by a bare key, whose
    /// `SubjectPublicKeyInfo` is given. It verifies that signature once more.
    fn by_key(
        &self,
        material: &Material,
        signed: Signed<'_>,
        key: &[u8],
    ) -> Result<Witnesses, Unproved>;

    /// Whether the root names the log of each entry that a bundle has, so that an entry which does
    /// not verify is a broken one and not somebody else's.
    fn knows_logs_of(&self, material: &Material) -> bool;

    /// What the root can witness.
    fn witnesses(&self) -> Demands;
}

/// What a certificate says of whom it was issued to. The root's authority vouches for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Certificate {
    /// The subject alternative name; none where it is of a type that is not read.
    pub(crate) subject: Option<Name>,
    /// The OIDC issuer.
    pub(crate) issuer: Option<String>,
    pub(crate) extensions: BTreeMap<Extension, String>,
}

/// A subject alternative name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Name {
    Uri(String),
    Email(String),
}

impl Name {
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Uri(text) | Self::Email(text) => text,
        }
    }

    pub(crate) fn subject_type(&self) -> SubjectType {
        match self {
            Self::Uri(_) => SubjectType::Uri,
            Self::Email(_) => SubjectType::Email,
        }
    }
}

/// Who else saw a signature, and when. All that is named here was verified.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Witnesses {
    /// How a transparency log has it; none: no log was asked.
    pub(crate) log: Option<Inclusion>,
    /// Whether a certificate transparency log saw the certificate.
    pub(crate) sct: bool,
    // INVARIANT: sorted by time.
    times: Vec<(Instant, TimeSource)>,
}

impl Witnesses {
    pub(crate) fn new(
        log: Option<Inclusion>,
        sct: bool,
        mut times: Vec<(Instant, TimeSource)>,
    ) -> Self {
        times.sort();
        Self { log, sct, times }
    }

    /// The moment by which the signature was made for certain: the first at which somebody saw it.
    pub(crate) fn earliest(&self) -> Option<(Instant, TimeSource)> {
        self.times.first().copied()
    }

    /// The last moment at which somebody saw it.
    pub(crate) fn latest(&self) -> Option<(Instant, TimeSource)> {
        self.times.last().copied()
    }
}

/// How a transparency log has an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Inclusion {
    /// A proof up to a checkpoint that the log signed.
    Proof,
    /// The log's signed promise to include it.
    Promise,
}

/// Who says when a signature was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum TimeSource {
    /// A transparency log, in its signed entry timestamp.
    Log,
    /// A timestamp authority (RFC 3161).
    Timestamp,
}

/// Why a bundle proves nothing under a root: how far it came, and a clause for a reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unproved {
    pub(crate) reached: Reached,
    pub(crate) why: String,
}

/// How far a bundle came. Of several roots the one under which it came farthest tells the reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reached {
    /// The verifier does not know such a thing, and says nothing about it.
    Unknown,
    /// What it is made of.
    Form,
    /// Who issued the certificate.
    Authority,
    /// Who saw it.
    Witness,
    /// The signature itself.
    Signature,
}
