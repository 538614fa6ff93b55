//! Binds a statement to the artifact.
//!
//! Among SHA-256 and SHA-512, all that a subject gives must be the artifact's, and at least one
//! must be there. Other digests never bind, and neither do names. One subject that matches is
//! enough: a statement may be about a whole release.

use crate::artifact::Artifact;
use crate::claim::Subject;
use crate::reason::quoted;

use super::checks::SubjectCheck;

/// How something that names subjects is bound.
pub(super) fn bind<'s>(
    subjects: &'s [Subject],
    artifact: &Artifact,
) -> Result<SubjectCheck, Unbound<'s>> {
    let sha256 = artifact.subject().digest.hex();
    let sha512 = artifact.sha512_hex();
    let mut closest = Unbound::Nothing;
    for subject in subjects {
        match compare(subject, &sha256, sha512.as_deref()) {
            Ok(check) => return Ok(check),
            Err(unbound) if unbound.closeness() > closest.closeness() => closest = unbound,
            Err(_) => {}
        }
    }
    Err(closest)
}

/// What the hashes of something say of whether it is the artifact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Held {
    /// It is.
    Same,
    /// It is something else.
    Other,
    /// It gives a SHA-512, and of the artifact only the digest is known.
    Untold,
    /// It gives no hash that binds.
    Nothing,
}

/// Holds something against the artifact, by the same rule as subjects.
pub(crate) fn held(subject: &Subject, sha256: &str, sha512: Option<&str>) -> Held {
    match compare(subject, sha256, sha512) {
        Ok(_) => Held::Same,
        Err(Unbound::Other(_) | Unbound::Contradicts(_)) => Held::Other,
        Err(Unbound::CannotTell(_)) => Held::Untold,
        Err(Unbound::Nothing) => Held::Nothing,
    }
}

/// Why none of the subjects is the artifact.
pub(super) enum Unbound<'a> {
    /// It gives no digest that binds.
    Nothing,
    /// It is something else.
    Other(&'a Subject),
    /// It gives a SHA-512, and of the artifact only the digest is known.
    CannotTell(&'a Subject),
    /// One of its digests is the artifact's and the other is not.
    Contradicts(&'a Subject),
}

fn compare<'a>(
    subject: &'a Subject,
    sha256: &str,
    sha512: Option<&str>,
) -> Result<SubjectCheck, Unbound<'a>> {
    let same256 = subject.sha256.as_deref().map(|given| given == sha256);
    match (same256, &subject.sha512, sha512) {
        (None, None, _) => Err(Unbound::Nothing),
        (Some(false), _, _) => Err(Unbound::Other(subject)),
        (Some(true), None, _) => Ok(SubjectCheck::Sha256),
        (_, Some(_), None) => Err(Unbound::CannotTell(subject)),
        (Some(true), Some(given), Some(ours)) if given == ours => Ok(SubjectCheck::Both),
        (Some(true), Some(_), Some(_)) => Err(Unbound::Contradicts(subject)),
        (None, Some(given), Some(ours)) if given == ours => Ok(SubjectCheck::Sha512),
        (None, Some(_), Some(_)) => Err(Unbound::Other(subject)),
    }
}

impl Unbound<'_> {
    /// Which of several subjects a reader wants to hear about.
    fn closeness(&self) -> u8 {
        match self {
            Self::Nothing => 0,
            Self::Other(_) => 1,
            Self::CannotTell(_) => 2,
            Self::Contradicts(_) => 3,
        }
    }

    /// Why it is not bound: what comes behind "is signed by `ci`, but". `subjects` is how many it
    /// names.
    pub(super) fn clause(&self, subjects: usize) -> String {
        match self {
            Self::Nothing => "names no subject by sha256 or sha512".to_owned(),
            Self::Other(subject) => {
                let more = match subjects {
                    1 => String::new(),
                    _ => format!(" and {} more", subjects - 1),
                };
                format!("is about {}{more}", shown(subject))
            }
            Self::CannotTell(subject) => format!(
                "names {} by sha512, which cannot be told from the artifact's sha256 alone",
                label(subject)
            ),
            Self::Contradicts(subject) => {
                format!("the sha512 that it gives for {} is not the artifact's", label(subject))
            }
        }
    }
}

fn label(subject: &Subject) -> String {
    subject.name.as_deref().map_or_else(|| "its subject".to_owned(), quoted)
}

/// A subject with a digest, as a person compares it: `other.bin` (sha256:1ad8…).
fn shown(subject: &Subject) -> String {
    let (algorithm, hex) = match (&subject.sha256, &subject.sha512) {
        (Some(hex), _) => ("sha256", hex),
        (None, Some(hex)) => ("sha512", hex),
        (None, None) => return label(subject),
    };
    let digest = quoted(&format!("{algorithm}:{hex}"));
    let digest = digest.trim_matches('`');
    match &subject.name {
        Some(name) => format!("{} ({digest})", quoted(name)),
        None => digest.to_owned(),
    }
}
