//! Verifies signatures over the artifact itself.

use lockgate_model::Kind;

use super::fact::{
    Checks, ContextCheck, ShapeCheck, Signature, SignatureCheck, SubjectCheck, TimeCheck,
    TransparencyCheck, Verified,
};
use super::signer::{hinted, may_vouch, unverified};
use super::{Fact, Place, Question};
use crate::claim::SignedBlob;
use crate::hashes::{Over, Unknown};
use crate::reason::listed;
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
    fn reason(&self, question: &Question, signed: &SignedBlob) -> String {
        let hint = signed.hint.as_deref();
        let unverified = unverified(question.trust, hint, 1);
        let Some((_, over, unknown)) = self.impossible.first() else { return unverified };
        let names = listed(self.impossible.iter().map(|(key, ..)| key.name.as_str()));
        let why = unknown.clause(*over);
        let not_possible = format!("its check with {names} is not possible: {why}");
        let hinted = hint.and_then(|hint| hinted(question.trust, hint));
        let is_hinted = hinted
            .is_some_and(|hinted| self.impossible.iter().any(|(key, ..)| key.id() == hinted.id()));
        if self.failed && !is_hinted {
            format!("{unverified}; {not_possible}")
        } else {
            not_possible
        }
    }
}

impl Question<'_> {
    /// A signature over the artifact, in a bundle or loose. The error is a reason.
    pub(super) fn blob(&self, place: Place, signed: &SignedBlob) -> Result<Fact, String> {
        if self.artifact.poses_as_envelope() {
            return Err(
                "the artifact begins like a DSSE envelope's encoding, so a signature over it \
                        may be one over an envelope"
                    .to_owned(),
            );
        }
        let ours = self.artifact.subject().digest;
        if let Some(stated) = signed.digest.filter(|stated| *stated != ours) {
            return Err(format!(
                "is about another artifact: its `messageDigest` is {stated}, and this one is {ours}"
            ));
        }
        let mut tried = Tried::default();
        for key in self.trust.keys() {
            tried.key(self, key, signed);
        }
        let Some((_, over)) = tried.signed.first() else {
            return Err(tried.reason(self, signed));
        };
        let keys: Vec<&Key> = tried.signed.iter().map(|(key, _)| *key).collect();
        self.signature(place, signed.format, &keys, *over, ContextCheck::None)
    }

    /// The fact that keys signed the artifact, if their owners may.
    pub(super) fn signature(
        &self,
        place: Place,
        format: &'static str,
        keys: &[&Key],
        over: Over,
        context: ContextCheck,
    ) -> Result<Fact, String> {
        let (signers, window) = may_vouch(keys, Kind::Signature, self.at)?;
        let checks = Checks {
            signature: SignatureCheck::Artifact(over),
            context,
            subject: SubjectCheck::Signed,
            shape: ShapeCheck::NotChecked,
            time: TimeCheck::Absent,
            window,
            transparency: TransparencyCheck::NotRequired,
        };
        let Place { path, index, digest } = place;
        let value = Signature { path, index, digest, format };
        let payload = self.artifact.subject().digest;
        Ok(Fact::Signature { payload, fact: Verified::vouched(value, checks, signers) })
    }
}
