//! Takes what nobody vouches for, where the stage says so.
//!
//! Whoever delivers evidence could have written such a document, so it counts only if it names the
//! artifact's digest itself, or the caller names the document; lying in a folder is not enough. One
//! that names another artifact never counts.

use std::sync::Arc;

use lockgate_model::Kind;

use super::checks::{
    Checks, ContextCheck, IdentityCheck, LogCheck, SctCheck, SignatureCheck, SubjectCheck,
    WindowCheck,
};
use super::fact::{Accepted, Attestation};
use super::readings::Readings;
use super::subject::{Unbound, bind};
use super::{Fact, Place, Question, Reason};
use crate::claim::{Refused, Subject, Unsigned};
use crate::trust::Acceptance;

impl Question<'_> {
    /// A document that nobody signed.
    pub(super) fn unsigned(
        &self,
        place: Place,
        unsigned: Unsigned,
        named: bool,
    ) -> Result<Fact, Reason> {
        let kind = unsigned.predicate.kind();
        if self.trust.accepts(kind) != Some(Acceptance::Unsigned) {
            return Err(Reason {
                why: "is not signed".to_owned(),
                help: Acceptance::Unsigned.help(kind),
            });
        }
        let subjects = unsigned.named().map_err(Reason::new);
        let subject = subjects.and_then(|named_in| self.accepted_subject(&named_in, kind, named));
        let subject = subject.map_err(|reason| Reason {
            why: format!("is not signed, and {}", reason.why),
            ..reason
        })?;
        let Unsigned { predicate_type, predicate, bytes, body, .. } = unsigned;
        let text = bytes.get(body.clone()).and_then(|body| std::str::from_utf8(body).ok());
        let examined = predicate.examine(text.unwrap_or_default());
        let (shape, time) = self.examined(predicate, examined, None)?;
        let checks = Checks {
            signature: SignatureCheck::Waived,
            context: ContextCheck::None,
            subject,
            identity: IdentityCheck::NotRequired,
            log: LogCheck::NotRequired,
            sct: SctCheck::NotRequired,
            time,
            window: WindowCheck::NotRequired,
            shape,
        };
        let Place { path, index, digest } = place;
        let value = Attestation {
            kind,
            predicate_type,
            path,
            index,
            digest,
            payload: Arc::new(bytes),
            body,
            read: Readings::default(),
        };
        Ok(Fact::Accepted(Accepted::taken(value, checks)))
    }

    /// How a document is bound that the stage accepts although it is not.
    pub(super) fn accepted_subject(
        &self,
        subjects: &[Subject],
        kind: Kind,
        named: bool,
    ) -> Result<SubjectCheck, Reason> {
        match bind(subjects, self.artifact) {
            Ok(subject) => Ok(subject),
            Err(Unbound::Nothing) if named => Ok(SubjectCheck::Called),
            Err(Unbound::Nothing) => {
                let why = "does not name the artifact's digest".to_owned();
                let help =
                    format!("name it as `--evidence {kind}=PATH`, if it is about the artifact");
                Err(Reason::new(why).helped(&help))
            }
            Err(other) => Err(Reason::new(other.clause(subjects.len()))),
        }
    }
}

/// Why an accepted document is not taken after all.
pub(super) fn unneeded(kind: Kind) -> Refused {
    Refused::rejected(
        Some(kind),
        format!("is only accepted, and counts for nothing where there is a verified `{kind}`"),
    )
}
