//! Turns claims into facts.
//!
//! Pure: documents, the artifact, who is trusted and the moment that is asked for go in, and the
//! same facts come out whatever the order of the documents. A document becomes a fact if, in this
//! order, someone trusted signed it, that someone may vouch for its kind now, it is about the
//! artifact, it has what identifies it, and it is not from the future. The first of these that
//! fails is its reason.

mod blob;
mod envelope;
mod fact;
mod minisign;
mod openssh;
mod signer;
mod subject;

use std::sync::{Arc, OnceLock};

use lockgate_model::{Digest, Document, Instant, Kind, Status, Text};

pub use fact::{
    Attestation, Checks, ContextCheck, Facts, Malformed, ShapeCheck, Signature, SignatureCheck,
    Signer, SubjectCheck, TimeCheck, TransparencyCheck, Verified, WindowCheck,
};

use crate::artifact::Artifact;
use crate::claim::{self, Claim, Refused, SignedStatement};
use crate::gather::{Found, Gathered};
use crate::predicate::Predicate;
use crate::trust::Trust;
use signer::{may_vouch, unverified};

/// Verifies every document.
#[must_use]
pub fn verify(gathered: Gathered, artifact: &Artifact, trust: &Trust, at: Instant) -> Facts {
    let mut found = gathered.found;
    // Two sources may have a file of the same name; the digest then decides, not who came first.
    found.sort_by(|a, b| (&a.path, a.index, a.digest).cmp(&(&b.path, b.index, b.digest)));
    let question = Question { artifact, trust, at };
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
}

/// Where a document lay, and the digest of what was read there.
struct Place {
    path: Text,
    index: u32,
    digest: Digest,
}

/// What a document is a fact of. Two attestations with one payload are copies of one statement,
/// two signatures if the same keys signed what has this digest.
enum Fact {
    Attestation(Verified<Attestation>),
    Signature { payload: Digest, fact: Verified<Signature> },
}

/// Facts as they are found.
#[derive(Default)]
struct Ledger {
    documents: Vec<Document>,
    attestations: Vec<Verified<Attestation>>,
    signatures: Vec<(Digest, Verified<Signature>)>,
}

impl Ledger {
    fn enter(&mut self, question: &Question, found: Found) {
        let Found { path, index, digest, claim } = found;
        let kind = claim.kind();
        let mut document = Document {
            path: path.clone(),
            index,
            digest,
            kind,
            status: Status::Fact,
            signers: Vec::new(),
            reason: None,
        };
        let judged = match digest {
            Some(digest) => question.judge(Place { path, index, digest }, claim),
            None => Err(unread(claim)),
        };
        match judged {
            Ok(fact) => document.signers = self.add(fact),
            Err(Refused { status, kind, reason }) => {
                document.status = status;
                document.kind = kind;
                document.reason = Some(reason);
            }
        }
        self.documents.push(document);
    }

    /// Adds a fact, or its signers to the copy that is there already, and names its own signers.
    fn add(&mut self, fact: Fact) -> Vec<String> {
        let names = |signers: &[Signer]| signers.iter().map(|by| by.name().to_owned()).collect();
        match fact {
            Fact::Attestation(fact) => {
                let signers = names(fact.signers());
                // Payloads are compared rather than hashed once more: few have the same length.
                let same =
                    |known: &&mut Verified<Attestation>| known.get().payload == fact.get().payload;
                match self.attestations.iter_mut().find(same) {
                    Some(copy) => copy.also_signed_by(fact.signers().to_vec()),
                    None => self.attestations.push(fact),
                }
                signers
            }
            Fact::Signature { payload, fact } => {
                let signers = names(fact.signers());
                let same = |(other, known): &(Digest, Verified<Signature>)| {
                    *other == payload && known.signers() == fact.signers()
                };
                if !self.signatures.iter().any(same) {
                    self.signatures.push((payload, fact));
                }
                signers
            }
        }
    }

    fn close(self) -> Facts {
        Facts {
            documents: self.documents,
            attestations: self.attestations.into_iter().map(Arc::new).collect(),
            signatures: self.signatures.into_iter().map(|(_, fact)| Arc::new(fact)).collect(),
        }
    }
}

/// A signature over the artifact that nobody is known to have made, and why.
fn not_signed(reason: String) -> Refused {
    Refused::rejected(Some(Kind::Signature), reason)
}

/// What was not read claims nothing.
fn unread(claim: Claim) -> Refused {
    match claim {
        Claim::Refused(refused) => refused,
        other => Refused::rejected(other.kind(), "was not read"),
    }
}

impl Question<'_> {
    fn judge(&self, place: Place, claim: Claim) -> Result<Fact, Refused> {
        match claim {
            Claim::Refused(refused) => Err(refused),
            Claim::Statement(signed) => {
                let kind = signed.statement.predicate.kind();
                let judged = self.statement(place, *signed);
                judged.map_err(|reason| Refused::rejected(Some(kind), reason))
            }
            Claim::Blob(signed) => self.blob(place, &signed).map_err(not_signed),
            Claim::Minisig(signed) => self.minisig(place, &signed).map_err(not_signed),
            Claim::Sshsig(signed) => self.sshsig(place, &signed).map_err(not_signed),
        }
    }

    fn statement(&self, place: Place, signed: SignedStatement) -> Result<Fact, String> {
        let SignedStatement { payload_type, payload, statement, signatures, hint, format } = signed;
        let kind = statement.predicate.kind();
        let encoded = envelope::Encoded::new(&payload_type, &payload);
        let keys = encoded.signers(&signatures, self.trust);
        if keys.is_empty() {
            return Err(unverified(self.trust, hint.as_deref(), signatures.len()));
        }
        let (signers, window) = may_vouch(&keys, kind, self.at)?;
        let subject = subject::bind(&statement, self.artifact, &signers)?;
        let predicate = statement.predicate;
        let (shape, time) = self.examine(predicate, &payload, &statement.body)?;
        let checks = Checks {
            signature: SignatureCheck::Envelope,
            context: ContextCheck::None,
            subject,
            shape,
            time,
            window,
            transparency: TransparencyCheck::NotRequired,
        };
        let Place { path, index, digest } = place;
        if kind == Kind::Signature {
            let value = Signature { path, index, digest, format };
            let fact = Verified::vouched(value, checks, signers);
            return Ok(Fact::Signature { payload: claim::digest(&payload), fact });
        }
        let value = Attestation {
            kind,
            predicate_type: statement.predicate_type,
            path,
            index,
            digest,
            payload,
            body: statement.body,
            predicate: OnceLock::new(),
            bom: OnceLock::new(),
        };
        Ok(Fact::Attestation(Verified::vouched(value, checks, signers)))
    }

    fn examine(
        &self,
        predicate: Predicate,
        payload: &[u8],
        body: &std::ops::Range<usize>,
    ) -> Result<(ShapeCheck, TimeCheck), String> {
        let text = payload.get(body.clone()).and_then(|body| std::str::from_utf8(body).ok());
        let claimed = predicate.examine(text.unwrap_or_default())?;
        if let Some(late) = claimed.iter().find(|claimed| claimed.at.is_well_after(self.at)) {
            return Err(format!(
                "its `{}` is {}, which is more than five minutes after {}",
                late.field, late.at, self.at
            ));
        }
        let shape = match predicate {
            Predicate::Signature | Predicate::Other => ShapeCheck::NotChecked,
            _ => ShapeCheck::Checked,
        };
        let latest = claimed.iter().map(|claimed| claimed.at).max();
        Ok((shape, latest.map_or(TimeCheck::Absent, TimeCheck::Claimed)))
    }
}
