//! In-toto statements, and what they say that they are about.

use std::borrow::Cow;
use std::ops::Range;

use lockgate_model::{Digest, Kind};
use serde::Deserialize;

use crate::json::{self, Bounded, Node, Object};
use crate::predicate::{Examined, Predicate};
use crate::reason::{quoted, shown};

/// The most subjects that a statement may have. A release of many platforms has hundreds.
const MAX_SUBJECTS: usize = 10_000;

/// The statement types that are read.
const TYPES: &[&str] = &["https://in-toto.io/Statement/v1", "https://in-toto.io/Statement/v0.1"];

/// What a statement claims; its predicate stays where it is in the payload.
#[derive(Debug)]
pub(crate) struct Statement {
    pub(crate) predicate_type: String,
    pub(crate) predicate: Predicate,
    pub(crate) subjects: Vec<Subject>,
    /// Where the predicate stands in the payload; empty where there is none.
    pub(crate) body: Range<usize>,
    /// What was found in the predicate, or the reason why it is none.
    pub(crate) examined: Result<Examined, String>,
}

/// One thing that a statement is about: a label, and the digests that bind, in lower case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Subject {
    pub(crate) name: Option<String>,
    pub(crate) sha256: Option<String>,
    pub(crate) sha512: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written<'a> {
    #[serde(borrow, rename = "_type")]
    statement_type: Cow<'a, str>,
    #[serde(borrow)]
    predicate_type: Cow<'a, str>,
    subject: Option<WrittenSubjects>,
}

type WrittenSubjects = Bounded<Object<WrittenSubject>, MAX_SUBJECTS>;

impl<'a> Written<'a> {
    /// What is read of a statement that is in order. Most of it is the predicate, which the outline
    /// spares us; whoever reads one that is not in order says what is wrong with it.
    fn in_order(root: Node<'_, 'a>) -> Option<Self> {
        let subject = root.at("subject").map(|node| serde_json::from_str(node.get()));
        Some(Self {
            statement_type: root.at("_type")?.words()?,
            predicate_type: root.at("predicateType")?.words()?,
            subject: subject.transpose().ok()?,
        })
    }
}

#[derive(Deserialize)]
struct WrittenSubject {
    name: Option<String>,
    digest: Option<Object<WrittenDigests>>,
}

/// Digests by other algorithms may stand beside these. They never bind.
#[derive(Deserialize)]
struct WrittenDigests {
    sha256: Option<String>,
    sha512: Option<String>,
}

impl Statement {
    /// Reads a payload. The error is a reason.
    pub(crate) fn read(payload: &[u8]) -> Result<Self, String> {
        let outline = json::outline(payload).map_err(|flaw| format!("its payload {flaw}"))?;
        let root = outline.root();
        let written = match Written::in_order(root) {
            Some(written) => written,
            None => json::object(outline.text()).map_err(|error| {
                format!("its payload is not an in-toto statement: {}", shown(&error))
            })?,
        };
        if !TYPES.contains(&written.statement_type.as_ref()) {
            let found = quoted(&written.statement_type);
            return Err(format!("its statement type {found} is not supported by this version"));
        }
        let predicate = Predicate::of(&written.predicate_type);
        let written_predicate = root.at("predicate");
        let body = match written_predicate {
            Some(body) => body.place(),
            None if matches!(predicate, Predicate::Signature | Predicate::Other) => 0..0,
            None => return Err("its statement lacks `predicate`".to_owned()),
        };
        let subjects = written.subject.map(|subjects| subjects.0).unwrap_or_default();
        Ok(Self {
            predicate_type: written.predicate_type.into_owned(),
            predicate,
            subjects: subjects.into_iter().map(|subject| subject.0.into()).collect(),
            body,
            examined: predicate.examine_in(written_predicate),
        })
    }
}

impl Subject {
    /// Whether the artifact's SHA-512 is needed to tell if it is this.
    pub(crate) fn needs_sha512(&self, digest: &Digest) -> bool {
        let hex = digest.hex();
        self.sha512.is_some() && self.sha256.as_ref().is_none_or(|sha256| *sha256 == hex)
    }

    /// Whether it is known by a digest that binds.
    pub(crate) fn binds(&self) -> bool {
        self.sha256.is_some() || self.sha512.is_some()
    }
}

impl From<WrittenSubject> for Subject {
    fn from(written: WrittenSubject) -> Self {
        let (sha256, sha512) =
            written.digest.map_or((None, None), |Object(digests)| (digests.sha256, digests.sha512));
        let lower = |hex: String| hex.to_ascii_lowercase();
        Self { name: written.name, sha256: sha256.map(lower), sha512: sha512.map(lower) }
    }
}

/// The kind that a payload claims, however spoiled the rest of it is.
pub(super) fn kind(payload: &[u8]) -> Option<Kind> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Claimed<'a> {
        #[serde(borrow)]
        predicate_type: Cow<'a, str>,
    }
    let claimed: Claimed = json::object(std::str::from_utf8(payload).ok()?).ok()?;
    Some(Predicate::of(&claimed.predicate_type).kind())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_predicate_keeps_its_place() {
        let text = br#"{"_type":"https://in-toto.io/Statement/v1","predicate": {"a" : 1} ,"predicateType":"t"}"#;
        let statement = Statement::read(text).unwrap();
        assert_eq!(&text[statement.body], br#"{"a" : 1}"#);
        assert!(statement.subjects.is_empty());
    }

    #[test]
    fn a_payload_says_why_it_is_no_statement() {
        let reason = |text: &str| Statement::read(text.as_bytes()).unwrap_err();
        assert_eq!(
            reason(r#"{"_type":"https://in-toto.io/Statement/v2","predicateType":"t"}"#),
            "its statement type `https://in-toto.io/Statement/v2` is not supported by this version"
        );
        assert_eq!(
            reason(
                r#"{"_type":"https://in-toto.io/Statement/v1",
                    "predicateType":"https://slsa.dev/provenance/v1"}"#
            ),
            "its statement lacks `predicate`"
        );
        assert_eq!(
            reason(r#"{"predicateType":"t"}"#),
            "its payload is not an in-toto statement: missing field `_type` at line 1 column 21"
        );
        assert_eq!(
            reason(r#"{"a":{"b":1,"b":2}}"#),
            "its payload has the name `b` twice in one object"
        );
    }
}
