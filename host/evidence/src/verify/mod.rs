//! Turns claims into facts.
//!
//! Pure: documents, the artifact, who is trusted and the moment that is asked for go in, and the
//! same facts come out whatever the order of the documents. A document becomes a fact if, in this
//! order, someone trusted signed it, that someone may vouch for its kind now, it is about the
//! artifact, it has what identifies it, and it is not from the future. The first of these that
//! fails is its reason.

mod accept;
mod blob;
mod budget;
mod checks;
mod distinct;
mod envelope;
mod fact;
mod minisign;
mod openssh;
mod products;
mod proof;
mod readings;
mod signer;
mod simple;
mod statement;
mod subject;

use std::sync::Arc;

use lockgate_model::{Digest, Document, Instant, Kind, Status};

pub use checks::{
    Checks, ContextCheck, IdentityCheck, LogCheck, SctCheck, ShapeCheck, SignatureCheck,
    SubjectCheck, TimeCheck, WindowCheck,
};
pub use fact::{
    Accepted, Assured, Attestation, Candidate, Facts, Malformed, Place, Signature, Signer, Verified,
};
pub(crate) use subject::{Held, held};

use crate::artifact::Artifact;
use crate::claim::{Claim, Refused};
use crate::gather::{Found, Gathered};
use crate::trust::Trust;
use budget::Budget;

/// Verifies every document.
#[must_use]
pub fn verify(gathered: Gathered, artifact: &Artifact, trust: &Trust, at: Instant) -> Facts {
    let mut found = gathered.found;
    // Two sources may have a file of the same name; the digest then decides, not who came first.
    found.sort_by(|a, b| a.order().cmp(&b.order()));
    simple::pair(&mut found, trust);
    let question = Question { artifact, trust, at, budget: Budget::default() };
    let mut ledger = Ledger::default();
    for found in found {
        ledger.enter(&question, found);
    }
    ledger.close()
}

/// What every document is held against.
struct Question<'a> {
    artifact: &'a Artifact,
    trust: &'a Trust,
    at: Instant,
    budget: Budget,
}

impl Question<'_> {
    /// Spends some of what may be spent on verifying.
    fn charge(&self, units: u64) -> Result<(), Reason> {
        self.budget.charge(units)
    }
}

/// Why a document is not believed, and what to try next.
#[derive(Debug)]
struct Reason {
    why: String,
    help: Option<String>,
}

impl Reason {
    fn new(why: String) -> Self {
        Self { why, help: None }
    }

    fn helped(self, help: &str) -> Self {
        Self { help: Some(help.to_owned()), ..self }
    }

    fn refuse(self, kind: Kind) -> Refused {
        Refused::rejected(Some(kind), self.why).helped(self.help.as_deref())
    }
}

impl From<String> for Reason {
    fn from(why: String) -> Self {
        Self::new(why)
    }
}

/// What a document is a fact of. Two attestations with one payload are copies of one statement,
/// two signatures if the same keys signed what has this digest.
enum Fact {
    Attestation(Verified<Attestation>),
    Signature {
        payload: Digest,
        fact: Verified<Signature>,
    },
    /// Nobody vouches for it, and the stage accepts that.
    Accepted(Accepted<Attestation>),
}

/// Facts as they are found.
#[derive(Default)]
struct Ledger {
    documents: Vec<Document>,
    attestations: Vec<Verified<Attestation>>,
    /// With the place of each one's row among the documents.
    accepted: Vec<(usize, Accepted<Attestation>)>,
    signatures: Vec<(Digest, Verified<Signature>)>,
}

impl Ledger {
    fn enter(&mut self, question: &Question, found: Found) {
        let Found { path, index, digest, claim, named } = found;
        let kind = claim.kind();
        let mut document = Document {
            path: path.clone(),
            index,
            digest,
            kind,
            status: Status::Fact,
            signers: Vec::new(),
            reason: None,
            help: None,
            checks: None,
        };
        let judged = match digest {
            Some(digest) => question.judge(Place { path, index, digest }, claim, named),
            None => Err(unread(claim)),
        };
        match judged {
            Ok(fact) => self.add(&mut document, fact),
            Err(refused) => refuse(&mut document, refused),
        }
        self.documents.push(document);
    }

    /// Adds a fact, or its signers to the copy that is there already, and completes its row.
    fn add(&mut self, document: &mut Document, fact: Fact) {
        let names = |signers: &[Signer]| signers.iter().map(|by| by.name().to_owned()).collect();
        match fact {
            Fact::Attestation(fact) => {
                document.signers = names(fact.signers());
                document.checks = Some(fact.checks().report());
                // Payloads are compared rather than hashed once more: few have the same length.
                let same =
                    |known: &&mut Verified<Attestation>| known.get().payload == fact.get().payload;
                match self.attestations.iter_mut().find(same) {
                    Some(copy) => copy.also_signed_by(fact.signers().to_vec()),
                    None => self.attestations.push(fact),
                }
            }
            Fact::Signature { payload, fact } => {
                document.signers = names(fact.signers());
                document.checks = Some(fact.checks().report());
                let same = |(other, known): &(Digest, Verified<Signature>)| {
                    *other == payload && known.signers() == fact.signers()
                };
                if !self.signatures.iter().any(same) {
                    self.signatures.push((payload, fact));
                }
            }
            Fact::Accepted(taken) => {
                document.status = Status::Accepted;
                self.accepted.push((self.documents.len(), taken));
            }
        }
    }

    fn close(self) -> Facts {
        let Self { mut documents, attestations, accepted, mut signatures } = self;
        let mut all: Vec<Assured<Attestation>> =
            attestations.into_iter().map(Assured::Verified).collect();
        let verified = all.len();
        for (row, taken) in accepted {
            let taken = Assured::Accepted(taken);
            let kind = taken.get().kind();
            if all[..verified].iter().any(|fact| fact.get().kind() == kind) {
                refuse(&mut documents[row], accept::unneeded(kind));
                continue;
            }
            documents[row].checks = Some(taken.checks().report());
            let same = |other: &Assured<Attestation>| other.get().payload == taken.get().payload;
            if !all[verified..].iter().any(same) {
                all.push(taken);
            }
        }
        let place = |fact: &Assured<Attestation>| (fact.get().path.clone(), fact.get().index);
        all.sort_by_cached_key(place);
        distinct::settle(&mut all, &mut signatures);
        Facts {
            documents,
            attestations: all.into_iter().map(Arc::new).collect(),
            signatures: signatures.into_iter().map(|(_, fact)| Arc::new(fact)).collect(),
        }
    }
}

fn refuse(document: &mut Document, refused: Refused) {
    let Refused { status, kind, reason, help } = refused;
    document.status = status;
    document.kind = kind;
    document.reason = Some(reason);
    document.help = help;
}

/// What was not read claims nothing.
fn unread(claim: Claim) -> Refused {
    match claim {
        Claim::Refused(refused) => refused,
        other => Refused::rejected(other.kind(), "was not read"),
    }
}

impl Question<'_> {
    fn judge(&self, place: Place, claim: Claim, named: bool) -> Result<Fact, Refused> {
        let not_signed = |reason: Reason| reason.refuse(Kind::Signature);
        match claim {
            Claim::Refused(refused) => Err(refused),
            Claim::Statement(signed) => {
                let kind = signed.statement.predicate.kind();
                self.statement(place, *signed, named).map_err(|reason| reason.refuse(kind))
            }
            Claim::Unsigned(unsigned) => {
                let kind = unsigned.predicate.kind();
                self.unsigned(place, *unsigned, named).map_err(|reason| reason.refuse(kind))
            }
            Claim::Simple(signed) => self.simple(place, &signed).map_err(not_signed),
            // They were paired, or refused, before anything was judged.
            Claim::Payload(_) => Err(Refused::rejected(Some(Kind::Signature), "is not signed")),
            Claim::Blob(signed) => self.blob(place, &signed).map_err(not_signed),
            Claim::Minisig(signed) => self.minisig(place, &signed).map_err(not_signed),
            Claim::Sshsig(signed) => self.sshsig(place, &signed).map_err(not_signed),
        }
    }
}
