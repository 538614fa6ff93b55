//! What was done to a document before it counted, and what was not.

use std::borrow::Cow;

use lockgate_model::{self as model, Check, CheckState, Instant, ShapeReport, Text, TimeReport};

use crate::hashes::Over;
use crate::sigstore::{Inclusion, TimeSource};

/// What was done to a document before it counted, and what was not. Every check has a field here,
/// so that taking it apart breaks the build where a new one is ignored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checks {
    /// What the signature is over.
    pub signature: SignatureCheck,
    /// What else the signature is over.
    pub context: ContextCheck,
    /// How the document is bound to the artifact.
    pub subject: SubjectCheck,
    /// Whose certificate it was signed with.
    pub identity: IdentityCheck,
    /// Whether a transparency log has the signature.
    pub log: LogCheck,
    /// Whether a certificate transparency log has the certificate.
    pub sct: SctCheck,
    /// When the document was there, and that this is not in the future.
    pub time: TimeCheck,
    /// Whether the signers may vouch at that time.
    pub window: WindowCheck,
    /// Whether the predicate was looked at.
    pub shape: ShapeCheck,
}

/// What a verified signature is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureCheck {
    /// An envelope: the payload and its type.
    Envelope,
    /// The artifact: one of its digests, or its bytes.
    Artifact(Over),
    /// A payload that names the artifact (simple signing).
    Payload,
    /// Nobody signed it; the stage accepts that.
    Waived,
}

/// What a signature is over beside what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ContextCheck {
    /// Nothing: its format has no such thing.
    None,
    /// Minisign's trusted comment, which the signer wrote. It claims whatever it claims.
    TrustedComment(Text),
    /// OpenSSH's namespace, which is the one that `[trust]` gives the key.
    Namespace(Text),
}

/// How a document is bound to the artifact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SubjectCheck {
    /// A subject's SHA-256 is the artifact's.
    Sha256,
    /// A subject's SHA-512 is the artifact's; it gives no SHA-256.
    Sha512,
    /// A subject's SHA-256 and SHA-512 are both the artifact's.
    Both,
    /// The signature is over the artifact itself.
    Signed,
    /// The signature is over the artifact's digest, and its bytes were not seen. So it cannot be told
    /// that they are an artifact, and not what an envelope's signature is over.
    Unseen,
    /// It names nothing; the caller says that it is about the artifact, and the stage accepts that.
    Called,
    /// It names nothing; a product that it is about has a hash that is the artifact's.
    Product,
    /// It names nothing; it is about packages, and the stage lets those stand for themselves.
    Packages,
}

/// Whose certificate a document was signed with.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdentityCheck {
    /// It was signed with a bare key, or not at all.
    NotRequired,
    /// A certificate that authorities of this root issued, and that an identity asks for.
    Certificate {
        /// The root's name.
        root: String,
        /// The OIDC issuer.
        issuer: Text,
        /// The subject alternative name.
        subject: Text,
    },
}

/// Whether a transparency log has a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LogCheck {
    /// A bare key, or the root, asks for no log entry, and there is none.
    NotRequired,
    /// There is an entry, which cannot be verified; nothing asks for it.
    NotPossible(String),
    /// A log that the root names has it.
    Included(Inclusion),
}

/// Whether a certificate transparency log has a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SctCheck {
    /// There is no certificate, or the root names no such log.
    NotRequired,
    /// Its signed certificate timestamp was verified.
    Verified,
}

/// Whether a document is from the future.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TimeCheck {
    /// Somebody trusted saw the signature then, which is not later than the moment that was asked
    /// for. It proves that the certificate was valid. The host's clock was asked, too.
    Trusted(Instant, TimeSource),
    /// It says that it was made then, which is not later than the moment that was asked for. Its
    /// signer claims so: nobody else saw it.
    Claimed(Instant),
    /// It names no time of its own.
    Absent,
}

/// Whether the signers may vouch at this time, and are not revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum WindowCheck {
    /// No signer has a window or is revoked.
    NotRequired,
    /// Those that have a window are good at this moment, the one that was asked for. No trusted
    /// time says when they signed.
    AskedFor(Instant),
    /// Those that have a window were good at this trusted time, and those that are revoked were
    /// not revoked yet.
    Trusted(Instant),
}

/// Whether a predicate has what identifies it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ShapeCheck {
    /// It has. These fields, which its specification requires, too, are absent.
    Checked(Vec<&'static str>),
    /// Its type is not known to this version, or asks for nothing.
    NotChecked,
}

impl Checks {
    /// As reports show them.
    #[must_use]
    pub fn report(&self) -> model::Checks {
        // Every check is named here; adding one breaks the build where it is ignored.
        let Self { signature, context, subject, identity, log, sct, time, window, shape } = self;
        model::Checks {
            signature: signature.report(),
            context: context.report(),
            subject: subject.report(),
            identity: identity.report(),
            log: log.report(),
            sct: match sct {
                SctCheck::NotRequired => Check::not_required(),
                SctCheck::Verified => Check::done("signed certificate timestamp"),
            },
            time: time.report(),
            validity: window.report(),
            shape: match shape {
                ShapeCheck::Checked(absent) => {
                    let absent = absent.iter().map(|name| Cow::Borrowed(*name)).collect();
                    ShapeReport { state: CheckState::Done, absent }
                }
                ShapeCheck::NotChecked => {
                    ShapeReport { state: CheckState::NotRequired, absent: Vec::new() }
                }
            },
        }
    }
}

impl SignatureCheck {
    fn report(self) -> Check {
        match self {
            Self::Envelope => Check::done("over the envelope"),
            Self::Artifact(over) => Check::done(&format!("over the artifact's {over}")),
            Self::Payload => Check::done("over the payload"),
            Self::Waived => Check::not_possible("nobody signed it, and the stage accepts that"),
        }
    }
}

impl ContextCheck {
    fn report(&self) -> Check {
        match self {
            Self::None => Check::not_required(),
            Self::TrustedComment(comment) => Check::done(&format!("trusted comment `{comment}`")),
            Self::Namespace(namespace) => Check::done(&format!("namespace `{namespace}`")),
        }
    }
}

impl SubjectCheck {
    fn report(self) -> Check {
        match self {
            Self::Sha256 => Check::done("sha256"),
            Self::Sha512 => Check::done("sha512"),
            Self::Both => Check::done("sha256 and sha512"),
            Self::Signed => Check::done("the signature is over the artifact"),
            Self::Unseen => Check::done(
                "the signature is over the artifact's digest, and its bytes were not seen",
            ),
            Self::Called => Check::not_possible(
                "it names none; the caller names it, and the stage accepts that",
            ),
            Self::Product => Check::done("a hash of a product that it is about"),
            Self::Packages => Check::not_possible(
                "it names none; it is about packages, and the stage matches them by purl",
            ),
        }
    }
}

impl IdentityCheck {
    fn report(&self) -> Check {
        match self {
            Self::NotRequired => Check::not_required(),
            Self::Certificate { root, issuer, subject } => {
                Check::done(&format!("`{subject}` by `{issuer}` under the root `{root}`"))
            }
        }
    }
}

impl LogCheck {
    fn report(&self) -> Check {
        match self {
            Self::NotRequired => Check::not_required(),
            Self::NotPossible(why) => Check::not_possible(why),
            Self::Included(Inclusion::Proof) => Check::done("inclusion proof"),
            Self::Included(Inclusion::Promise) => Check::done("signed entry timestamp"),
        }
    }
}

impl TimeCheck {
    /// When the document was there, by a trusted witness or by its own words.
    #[must_use]
    pub fn at(self) -> Option<Instant> {
        match self {
            Self::Trusted(at, _) | Self::Claimed(at) => Some(at),
            Self::Absent => None,
        }
    }

    fn report(self) -> TimeReport {
        let (at, source) = match self {
            Self::Trusted(at, TimeSource::Log) => (at, model::TimeSource::Log),
            Self::Trusted(at, TimeSource::Timestamp) => (at, model::TimeSource::Timestamp),
            Self::Claimed(at) => (at, model::TimeSource::Document),
            Self::Absent => {
                return TimeReport {
                    state: CheckState::NotPossible,
                    at: None,
                    source: None,
                    verified_at_host_time: false,
                };
            }
        };
        TimeReport {
            state: CheckState::Done,
            at: Some(at),
            source: Some(source),
            verified_at_host_time: source != model::TimeSource::Document,
        }
    }
}

impl WindowCheck {
    fn report(self) -> Check {
        match self {
            Self::NotRequired => Check::not_required(),
            Self::AskedFor(at) => Check::done(&format!("at {at}, the moment that is asked for")),
            Self::Trusted(at) => Check::done(&format!("at {at}, a trusted time")),
        }
    }
}
