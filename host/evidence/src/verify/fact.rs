//! Facts: values whose origin has been checked.
//!
//! [`Verified`] has one maker, which only [`super::verify`] can reach. What was checked, and what
//! was not, stands beside the value.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use lockgate_model::{Digest, Document, Kind, Text};

use super::checks::{Checks, SubjectCheck};
use super::readings::Readings;
use crate::trust::covers;

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

    /// `verified`, `accepted`, or `unbound` where it is signed and does not name the artifact, as
    /// policies see it.
    #[must_use]
    pub fn assurance(&self) -> &'static str {
        match self {
            Self::Verified(fact) if fact.checks.subject == SubjectCheck::Packages => "unbound",
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
    /// The kinds that it may vouch for; none: they are not listed.
    kinds: Option<BTreeSet<Kind>>,
}

impl Signer {
    pub(super) fn new(name: String, key: String, kinds: Option<BTreeSet<Kind>>) -> Self {
        Self { name, key, kinds }
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

    /// Whether it may vouch for a kind, beside the kind of the fact that it signed: a bill of
    /// materials may hold VEX, which is another's word than what is in the artifact.
    #[must_use]
    pub fn may_vouch_for(&self, kind: Kind) -> bool {
        covers(self.kinds.as_ref(), kind)
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
    pub(super) read: Readings,
}

/// A predicate that cannot be read as JSON values: it has none, or a number that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the predicate cannot be read: {0}")]
pub struct Malformed(pub(super) String);

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

/// What tells a document from every other. Two folders may hold files of one name, so where it lay is
/// not enough.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Where it lay.
    pub path: Text,
    /// Which envelope of that file.
    pub index: u32,
    /// SHA-256 of its bytes.
    pub digest: Digest,
}

/// A fact among others, as far as it takes to choose between them.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// What it is evidence of.
    pub kind: Kind,
    /// Where the document lay.
    pub path: &'a Text,
    /// Which envelope of that file.
    pub index: u32,
    /// SHA-256 of the document's bytes.
    pub digest: Digest,
    /// Those who vouch for it, sorted by name; nobody where it is only accepted.
    pub signers: &'a [Signer],
    /// What was checked, and when the document was there.
    pub checks: &'a Checks,
}

impl Candidate<'_> {
    /// What tells it from the others.
    #[must_use]
    pub fn place(&self) -> Place {
        Place { path: self.path.clone(), index: self.index, digest: self.digest }
    }
}

/// All that is known, and what became of every document.
#[derive(Debug, Clone)]
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

    /// Every fact, by path and index: statements first, then signatures over the artifact.
    pub fn candidates(&self) -> impl Iterator<Item = Candidate<'_>> {
        let attestations = self.attestations.iter().map(|fact| Candidate {
            kind: fact.get().kind,
            path: &fact.get().path,
            index: fact.get().index,
            digest: fact.get().digest,
            signers: fact.signers(),
            checks: fact.checks(),
        });
        attestations.chain(self.signatures.iter().map(|fact| Candidate {
            kind: Kind::Signature,
            path: &fact.get().path,
            index: fact.get().index,
            digest: fact.get().digest,
            signers: fact.signers(),
            checks: fact.checks(),
        }))
    }

    /// The same without those facts, by [`Candidate::place`]; what became of the documents stays. What
    /// was parsed of the others is shared.
    #[must_use]
    pub fn without(&self, aside: &BTreeSet<Place>) -> Self {
        let stays = |path: &Text, index, digest| {
            !aside.contains(&Place { path: path.clone(), index, digest })
        };
        let mut rest = self.clone();
        rest.attestations.retain(|fact| {
            let fact = fact.get();
            stays(&fact.path, fact.index, fact.digest)
        });
        rest.signatures.retain(|fact| {
            let fact = fact.get();
            stays(&fact.path, fact.index, fact.digest)
        });
        rest
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

    /// Those of a kind that name the artifact. One that does not is no evidence that there is any.
    fn attested(&self, kind: Kind) -> impl Iterator<Item = &Arc<Assured<Attestation>>> {
        self.attestations.iter().filter(move |fact| {
            fact.get().kind == kind && fact.checks().subject != SubjectCheck::Packages
        })
    }
}
