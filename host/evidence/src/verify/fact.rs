//! Facts: values whose origin has been checked.
//!
//! [`Verified`] has one maker, which only [`super::verify`] can reach. What was checked, and what
//! was not, stands beside the value.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use lockgate_model::{Digest, Document, Kind, Text};
use serde_json::Value;

use super::checks::Checks;
use crate::sbom::{Bom, Source, Unreadable};

/// A value whose origin has been checked.
///
/// Nothing outside this crate's verification can make one: the fields are private, and there is no
/// `From`, `Default` or `Deserialize`.
///
/// ```compile_fail
/// use lockgate_evidence::{Checks, Signature, Verified};
///
/// fn forge(value: Signature, checks: Checks) -> Verified<Signature> {
///     Verified { value, checks, signers: Vec::new() }
/// }
/// ```
#[derive(Debug)]
pub struct Verified<T> {
    value: T,
    checks: Checks,
    // INVARIANT: sorted by name, distinct names, at least one.
    signers: Vec<Signer>,
}

impl<T> Verified<T> {
    /// The one door. The signers are those whose signature verified and who may vouch for it.
    pub(super) fn vouched(value: T, checks: Checks, signers: Vec<Signer>) -> Self {
        Self { value, checks, signers }
    }

    /// Adds those who signed another copy of the same statement.
    pub(super) fn also_signed_by(&mut self, others: Vec<Signer>) {
        self.signers.extend(others);
        self.signers.sort();
        self.signers.dedup();
    }

    /// Gives its signers the identities of those names.
    pub(super) fn known_as(&mut self, identities: &BTreeMap<String, String>) {
        for signer in &mut self.signers {
            if let Some(identity) = identities.get(&signer.name) {
                signer.key.clone_from(identity);
            }
        }
        self.signers.sort();
        self.signers.dedup();
    }

    /// The value.
    #[must_use]
    pub fn get(&self) -> &T {
        &self.value
    }

    /// What was checked, and what was not.
    #[must_use]
    pub fn checks(&self) -> &Checks {
        &self.checks
    }

    /// Those whose signature verified and who may vouch for the kind, sorted by name; at least
    /// one.
    #[must_use]
    pub fn signers(&self) -> &[Signer] {
        &self.signers
    }
}

/// A value that nobody vouches for, and that the stage takes all the same.
///
/// It is made where a stage accepts it and nowhere else, and has no signers. It never turns into a
/// [`Verified`].
#[derive(Debug)]
pub struct Accepted<T> {
    value: T,
    checks: Checks,
}

impl<T> Accepted<T> {
    /// The one door. [`Checks::signature`] says what it lacks.
    pub(super) fn taken(value: T, checks: Checks) -> Self {
        Self { value, checks }
    }
}

/// A value, and how far the host vouches for it.
#[derive(Debug)]
pub enum Assured<T> {
    /// Its origin has been checked.
    Verified(Verified<T>),
    /// The stage accepts it.
    Accepted(Accepted<T>),
}

impl<T> Assured<T> {
    /// The value.
    #[must_use]
    pub fn get(&self) -> &T {
        match self {
            Self::Verified(fact) => fact.get(),
            Self::Accepted(taken) => &taken.value,
        }
    }

    /// What was checked, and what was not.
    #[must_use]
    pub fn checks(&self) -> &Checks {
        match self {
            Self::Verified(fact) => fact.checks(),
            Self::Accepted(taken) => &taken.checks,
        }
    }

    /// Those who vouch for it, sorted by name; nobody where it is only accepted.
    #[must_use]
    pub fn signers(&self) -> &[Signer] {
        match self {
            Self::Verified(fact) => fact.signers(),
            Self::Accepted(_) => &[],
        }
    }

    /// `verified` or `accepted`, as policies see it.
    #[must_use]
    pub fn assurance(&self) -> &'static str {
        match self {
            Self::Verified(_) => "verified",
            Self::Accepted(_) => "accepted",
        }
    }
}

/// Someone whom `[trust]` names and whose signature verified.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Signer {
    name: String,
    key: String,
}

impl Signer {
    pub(super) fn new(name: String, key: String) -> Self {
        Self { name, key }
    }

    /// The name in `[trust]`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// For a key `sha256:` and the digest of its `SubjectPublicKeyInfo`; for an identity `identity:`
    /// and a digest of all that its entry asks for. Signers are distinct if these differ.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }
}

/// A statement about the artifact.
#[derive(Debug)]
pub struct Attestation {
    pub(super) kind: Kind,
    pub(super) predicate_type: String,
    pub(super) path: Text,
    pub(super) index: u32,
    pub(super) digest: Digest,
    pub(super) payload: Arc<Vec<u8>>,
    pub(super) body: Range<usize>,
    pub(super) predicate: OnceLock<Result<Value, Malformed>>,
    pub(super) bom: OnceLock<Result<Arc<Bom>, Unreadable>>,
}

/// A predicate that cannot be read as JSON values: it has none, or a number that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the predicate cannot be read: {0}")]
pub struct Malformed(String);

impl Attestation {
    /// What it is evidence of.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The statement's `predicateType`.
    #[must_use]
    pub fn predicate_type(&self) -> &str {
        &self.predicate_type
    }

    /// Where the document lay.
    #[must_use]
    pub fn path(&self) -> &Text {
        &self.path
    }

    /// Which envelope of that file.
    #[must_use]
    pub fn index(&self) -> u32 {
        self.index
    }

    /// SHA-256 of the document's bytes.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// The predicate as it was signed; empty where the statement has none.
    #[must_use]
    pub fn predicate_bytes(&self) -> &[u8] {
        self.payload.get(self.body.clone()).unwrap_or_default()
    }

    /// The predicate's values, read once.
    ///
    /// # Errors
    ///
    /// There is no predicate, or it has a number that does not fit.
    pub fn predicate(&self) -> Result<&Value, Malformed> {
        let read = || {
            serde_json::from_slice(self.predicate_bytes())
                .map_err(|error| Malformed(crate::reason::shown(&error)))
        };
        self.predicate.get_or_init(read).as_ref().map_err(Clone::clone)
    }

    /// The index of a bill of materials, made once and shared by all who ask.
    ///
    /// # Errors
    ///
    /// The predicate is no bill of materials that this version reads.
    pub fn bom(&self) -> Result<&Arc<Bom>, &Unreadable> {
        let source = || Source { payload: Arc::clone(&self.payload), body: self.body.clone() };
        self.bom.get_or_init(|| Bom::of(self.kind, source()).map(Arc::new)).as_ref()
    }
}

/// A signature over the artifact itself.
#[derive(Debug)]
pub struct Signature {
    pub(super) path: Text,
    pub(super) index: u32,
    pub(super) digest: Digest,
    pub(super) format: &'static str,
}

impl Signature {
    /// Where the document lay.
    #[must_use]
    pub fn path(&self) -> &Text {
        &self.path
    }

    /// Which envelope of that file.
    #[must_use]
    pub fn index(&self) -> u32 {
        self.index
    }

    /// SHA-256 of the document's bytes.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// What it came in: `sigstore-bundle`, `dsse` for an envelope without one, `minisign`,
    /// `openssh`, or `raw` for nothing but the signature's bytes.
    #[must_use]
    pub fn format(&self) -> &'static str {
        self.format
    }
}

/// All that is known, and what became of every document.
#[derive(Debug)]
pub struct Facts {
    // INVARIANT: each sorted by (path, index).
    pub(super) documents: Vec<Document>,
    pub(super) attestations: Vec<Arc<Assured<Attestation>>>,
    pub(super) signatures: Vec<Arc<Verified<Signature>>>,
}

impl Facts {
    /// A line for every document, facts or not, by path and index.
    #[must_use]
    pub fn documents(&self) -> &[Document] {
        &self.documents
    }

    /// The statements, by path and index. Copies of one statement are one, signed by all who
    /// signed a copy. Those that are only accepted are of kinds of which none is verified.
    #[must_use]
    pub fn attestations(&self) -> &[Arc<Assured<Attestation>>] {
        &self.attestations
    }

    /// The signatures over the artifact, by path and index. Those that the same keys made over the
    /// same thing are one.
    #[must_use]
    pub fn signatures(&self) -> &[Arc<Verified<Signature>>] {
        &self.signatures
    }

    /// How many there are of a kind, verified or accepted. Of signatures over the artifact, how many
    /// distinct keys made one: an envelope with some of its signatures left out is no further
    /// signature.
    #[must_use]
    pub fn count(&self, kind: Kind) -> usize {
        match kind {
            Kind::Signature => self.distinct(|_| true),
            _ => self.attested(kind).count(),
        }
    }

    /// How many of a kind a signer vouches for; none of those that are only accepted.
    #[must_use]
    pub fn count_by(&self, kind: Kind, signer: &str) -> usize {
        let counts = |by: &Signer| by.name == signer;
        match kind {
            Kind::Signature => self.distinct(counts),
            _ => self.attested(kind).filter(|fact| fact.signers().iter().any(counts)).count(),
        }
    }

    /// How many distinct keys, of those that count, signed the artifact.
    fn distinct(&self, counts: impl Fn(&Signer) -> bool) -> usize {
        let signers = self.signatures.iter().flat_map(|fact| fact.signers());
        signers.filter(|by| counts(by)).map(Signer::key).collect::<BTreeSet<_>>().len()
    }

    fn attested(&self, kind: Kind) -> impl Iterator<Item = &Arc<Assured<Attestation>>> {
        self.attestations.iter().filter(move |fact| fact.get().kind == kind)
    }
}
