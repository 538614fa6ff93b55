//! Verifies statements in envelopes.

use std::sync::Arc;

use lockgate_model::Kind;

use super::checks::{Checks, ShapeCheck, SignatureCheck, TimeCheck};
use super::fact::{Attestation, Signature, Signer, Verified};
use super::proof::Proof;
use super::readings::Readings;
use super::signer::may_vouch;
use super::subject::{Unbound, bind};
use super::{Fact, Place, Question, Reason, envelope};
use crate::claim::{self, SignedStatement, Subject};
use crate::hashes::Over;
use crate::predicate::{Examined, Predicate};
use crate::reason::listed;
use crate::sigstore::{Signed, Stated};
use crate::trust::Acceptance;

impl Question<'_> {
    /// A statement in an envelope: who signed it, whether they may, and what it is about.
    pub(super) fn statement(
        &self,
        place: Place,
        signed: SignedStatement,
        named: bool,
    ) -> Result<Fact, Reason> {
        let kind = signed.statement.predicate.kind();
        let proof = self.signed(&signed)?;
        let (signers, window) = may_vouch(&proof, kind, self.at)?;
        let mut read = Readings::default();
        let bound = match bind(&signed.statement.subjects, self.artifact) {
            Ok(subject) => Ok(subject),
            Err(Unbound::Nothing) if kind == Kind::Vex => {
                let (subject, document) = self.by_products(&signed, &signers)?;
                // It is not read once more.
                read = Readings::of_vex(document);
                Ok(subject)
            }
            Err(Unbound::Nothing) => Err(self.unbound(&signed, named, &signers)?),
            Err(other) => {
                let by = listed(signers.iter().map(Signer::name));
                let clause = other.clause(signed.statement.subjects.len());
                return Err(Reason::new(format!("is signed by {by}, but {clause}")));
            }
        };
        let SignedStatement { payload, statement, format, .. } = signed;
        let (shape, time) = self.examined(statement.predicate, statement.examined, Some(&proof))?;
        let subject = bound.unwrap_or_else(|accepted| accepted);
        let checks = proof.checks(SignatureCheck::Envelope, subject, time, window);
        let checks = Checks { shape, ..checks };
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
            payload: Arc::new(payload),
            body: statement.body,
            read,
        };
        Ok(match bound {
            Ok(_) => Fact::Attestation(Verified::vouched(value, checks, signers)),
            Err(_) => Fact::Accepted(super::Accepted::taken(value, checks)),
        })
    }

    /// Who signed an envelope.
    fn signed(&self, signed: &SignedStatement) -> Result<Proof<'_>, Reason> {
        let SignedStatement { payload_type, payload, signatures, beside, statement, .. } = signed;
        let keys = self.signers(&envelope::Encoded::new(payload_type, payload), signatures)?;
        let subject = statement.subjects.iter().find_map(stated);
        let shown = match &signatures[..] {
            [signature] => {
                let subject = subject.as_ref();
                Ok(Signed::Envelope { payload_type, payload, signature, subject })
            }
            several => Err(format!(
                "its envelope has {} signatures, and what a bundle holds is about one",
                several.len()
            )),
        };
        self.prove(&keys, signatures.len(), beside, shown)
    }

    /// What was found in a predicate: whether it has what identifies it, and when the document was
    /// there. The trusted time of its signature counts more than what it says itself.
    pub(super) fn examined(
        &self,
        predicate: Predicate,
        examined: Result<Examined, String>,
        proof: Option<&Proof>,
    ) -> Result<(ShapeCheck, TimeCheck), Reason> {
        let examined = examined?;
        let shape = match predicate {
            Predicate::Signature | Predicate::Other => ShapeCheck::NotChecked,
            _ => ShapeCheck::Checked(examined.absent),
        };
        if let Some(trusted) = proof.map(|proof| self.trusted_time(proof)).transpose()?.flatten() {
            return Ok((shape, trusted));
        }
        let claimed = examined.claimed;
        if let Some(late) = claimed.iter().find(|claimed| claimed.at.is_well_after(self.at)) {
            return Err(Reason::new(format!(
                "its `{}` is {}, which is more than five minutes after {}",
                late.field, late.at, self.at
            )));
        }
        let latest = claimed.iter().map(|claimed| claimed.at).max();
        Ok((shape, latest.map_or(TimeCheck::Absent, TimeCheck::Claimed)))
    }

    /// What counts for a subject of a statement that names none, if the stage accepts such; else the
    /// reason why it does not count.
    fn unbound(
        &self,
        signed: &SignedStatement,
        named: bool,
        signers: &[Signer],
    ) -> Result<super::SubjectCheck, Reason> {
        let kind = signed.statement.predicate.kind();
        let by = listed(signers.iter().map(Signer::name));
        if self.trust.accepts(kind).is_none() {
            let why = format!("is signed by {by}, but {}", Unbound::Nothing.clause(0));
            return Err(Reason { why, help: Acceptance::Unbound.help(kind) });
        }
        let subjects = signed.named(self.trust).map_err(Reason::new);
        let subject = subjects.and_then(|named_in| self.accepted_subject(&named_in, kind, named));
        subject.map_err(|reason| Reason {
            why: format!("is signed by {by}, but {}", reason.why),
            ..reason
        })
    }
}

/// A digest that a subject gives, as bytes.
fn stated(subject: &Subject) -> Option<Stated> {
    let (over, hex) = match (&subject.sha256, &subject.sha512) {
        (Some(hex), _) => (Over::Sha256, hex),
        (None, Some(hex)) => (Over::Sha512, hex),
        (None, None) => return None,
    };
    let digits: Option<Vec<u8>> = hex.chars().map(|c| u8::try_from(c.to_digit(16)?).ok()).collect();
    let digest = digits?
        .chunks(2)
        .map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit))
        .collect();
    Some(Stated { over, digest })
}
