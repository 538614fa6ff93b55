//! Verifies signatures over the artifact itself.

use lockgate_model::Kind;

use super::budget::Budget;
use super::checks::{Checks, ContextCheck, SignatureCheck, SubjectCheck, TimeCheck};
use super::fact::{Signature, Verified};
use super::proof::Proof;
use super::signer::{hinted, may_vouch, unverified};
use super::{Fact, Place, Question, Reason};
use crate::claim::SignedBlob;
use crate::hashes::{Over, Unknown};
use crate::reason::listed;
use crate::sigstore::Signed;
use crate::trust::Key;

/// What came of trying a signature with the trusted keys.
#[derive(Default)]
pub(super) struct Tried<'t> {
    /// Who made it, and what it is over.
    signed: Vec<(&'t Key, Over)>,
    /// Who may have made it, were more known of the artifact.
    impossible: Vec<(&'t Key, Over, Unknown)>,
    /// Whether someone certainly did not make it.
    failed: bool,
}

impl<'t> Tried<'t> {
    fn key(&mut self, question: &Question, key: &'t Key, signed: &SignedBlob) {
        let SignedBlob { encoding, signature, .. } = signed;
        let part = |over| question.artifact.part(over);
        if let Some(over) = key.signed(*encoding, signature, |over| part(over).ok()) {
            return self.signed.push((key, over));
        }
        let ways = key.ways(*encoding, signature);
        let unknown = |over| part(over).err().map(|unknown| (key, over, unknown));
        match ways.iter().find_map(|way| unknown(way.over())) {
            Some(impossible) => self.impossible.push(impossible),
            None => self.failed |= !ways.is_empty(),
        }
    }

    /// Why nobody is known to have made it.
    fn reason(&self, question: &Question, signed: &SignedBlob) -> Reason {
        let hint = signed.beside.hint.as_deref();
        let unverified = unverified(question.trust, hint, 1);
        let Some((_, over, unknown)) = self.impossible.first() else { return unverified };
        let names = listed(self.impossible.iter().map(|(key, ..)| key.mandate.name.as_str()));
        let not_possible = Reason::new(format!(
            "its check with {names} is not possible: {}",
            unknown.clause(*over)
        ))
        .helped(unknown.help());
        let hinted = hint.and_then(|hint| hinted(question.trust, hint));
        let is_hinted = hinted
            .is_some_and(|hinted| self.impossible.iter().any(|(key, ..)| key.id() == hinted.id()));
        if self.failed && !is_hinted {
            Reason { why: format!("{}; {}", unverified.why, not_possible.why), ..not_possible }
        } else {
            not_possible
        }
    }
}

impl<'a> Question<'a> {
    /// A signature over the artifact, in a bundle or loose.
    pub(super) fn blob(&self, place: Place, signed: &SignedBlob) -> Result<Fact, Reason> {
        if self.artifact.poses_as_envelope() {
            let why = "the artifact begins like a DSSE envelope's encoding, so a signature over it \
                       may be one over an envelope";
            return Err(Reason::new(why.to_owned()));
        }
        self.stated(signed)?;
        let bytes = self.artifact.part(Over::Bytes).map_or(0, <[u8]>::len);
        let SignedBlob { encoding, signature, .. } = signed;
        self.charge(Budget::of_tries(self.trust, *encoding, signature, bytes))?;
        let mut tried = Tried::default();
        for key in self.trust.keys() {
            tried.key(self, key, signed);
        }
        let certified =
            signed.beside.material.as_ref().is_some_and(|material| material.has_certificate());
        if tried.signed.is_empty() && !certified {
            return Err(tried.reason(self, signed));
        }
        let keys: Vec<&Key> = tried.signed.iter().map(|(key, _)| *key).collect();
        let proof = self.prove(&keys, 1, &signed.beside, self.shown(signed))?;
        let by_certificate =
            || signed.beside.material.as_ref().and_then(|material| material.over());
        let over = tried.signed.first().map(|(_, over)| *over);
        let over = over.or_else(by_certificate).unwrap_or(Over::Sha256);
        self.signature(place, signed.format, &proof, over, ContextCheck::None)
    }

    /// Refuses a signature of which the bundle says that it is over another artifact.
    fn stated(&self, signed: &SignedBlob) -> Result<(), Reason> {
        let Some(stated) = &signed.stated else { return Ok(()) };
        // What is not known cannot differ, and nothing rests on it: it is not signed.
        let Ok(ours) = self.artifact.part(stated.over) else { return Ok(()) };
        if ours == stated.digest {
            return Ok(());
        }
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let algorithm = match stated.over {
            Over::Sha384 => "sha384",
            Over::Sha512 => "sha512",
            _ => "sha256",
        };
        Err(Reason::new(format!(
            "is about another artifact: its `messageDigest` is {algorithm}:{}, and this one is \
             {algorithm}:{}",
            hex(&stated.digest),
            hex(ours)
        )))
    }

    /// What a verifier of bundles is shown.
    fn shown<'s>(&'s self, signed: &'s SignedBlob) -> Result<Signed<'s>, String> {
        let (stated, signature) = (signed.stated.as_ref(), &signed.signature[..]);
        if signed.needs_bytes() {
            let bytes = self.artifact.part(Over::Bytes).map_err(|unknown| {
                format!("its check is not possible: {}", unknown.clause(Over::Bytes))
            })?;
            return Ok(Signed::Bytes { bytes, stated, signature });
        }
        let sha256 = *self.artifact.subject().digest.as_bytes();
        Ok(Signed::Digest { sha256, stated, signature })
    }

    /// The fact that somebody signed the artifact, if they may.
    pub(super) fn signature(
        &self,
        place: Place,
        format: &'static str,
        proof: &Proof,
        over: Over,
        context: ContextCheck,
    ) -> Result<Fact, Reason> {
        let (signers, window) = may_vouch(proof, Kind::Signature, self.at)?;
        let time = self.trusted_time(proof)?.unwrap_or(TimeCheck::Absent);
        let seen = self.artifact.is_seen();
        let subject = if seen { SubjectCheck::Signed } else { SubjectCheck::Unseen };
        let checks = proof.checks(SignatureCheck::Artifact(over), subject, time, window);
        let checks = Checks { context, ..checks };
        let Place { path, index, digest } = place;
        let value = Signature { path, index, digest, format };
        let payload = self.artifact.subject().digest;
        Ok(Fact::Signature { payload, fact: Verified::vouched(value, checks, signers) })
    }
}
