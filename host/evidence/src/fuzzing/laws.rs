//! What holds for any bytes.
//!
//! Two readers of one text are two chances to see a mistake: what was read here is held against
//! what `serde_json` makes of the same text as values.

use lockgate_model::{Digest, Kind, Status, Text};
use serde::de::IgnoredAny;
use serde_json::Value;
use serde_json::value::RawValue;

use super::is_refused;
use super::release::{Release, content};
use crate::claim::{self, Claim, SignedStatement, Statement, Subject};
use crate::json::{self, Flaw, Node, OUTLINED, Outline};
use crate::sbom::Bom;
use crate::verify::Facts;
use crate::vex::{self, Document};

/// How long a reason may be. It quotes strangers, and they do not say how much is printed.
const MAX_REASON: usize = 2048;

/// What is printed holds nothing that a terminal or a CI system would obey.
pub(super) fn harmless(text: &str) {
    assert_eq!(Text::escaped(text), *text, "a reason holds what a terminal would obey");
    assert!(!text.contains("##["), "a reason holds what a CI system would obey");
}

/// A reason is harmless, says something, and ends.
pub(super) fn shown(text: &str) {
    harmless(text);
    assert!(!text.trim().is_empty() && text.len() <= MAX_REASON, "{} bytes", text.len());
}

/// Reading makes at least one claim, each of bytes that are there, and the same claims again.
pub(super) fn claims(bytes: &[u8], claims: &[(Digest, Claim)]) {
    assert!(!claims.is_empty(), "a file is never dropped");
    let again = claim::read(bytes);
    assert_eq!(claims.len(), again.len());
    for ((digest, claim), (other, same)) in claims.iter().zip(&again) {
        assert_eq!((digest, claim.kind()), (other, same.kind()));
        assert_eq!(content(claim), content(same));
        let part = part(bytes, digest);
        match claim {
            Claim::Refused(refused) => {
                assert!(matches!(refused.status, Status::Rejected | Status::Unrecognised));
                shown(refused.reason.as_str());
            }
            Claim::Simple(signed) => assert!(!signed.signatures.is_empty()),
            Claim::Payload(payload) => assert_eq!(payload.bytes, part),
            Claim::Unsigned(unsigned) => {
                assert_eq!(unsigned.bytes, part);
                assert!(unsigned.bytes.get(unsigned.body.clone()).is_some());
                // A statement lists what it lists; a bill of materials names only what binds.
                let is_bom = unsigned.body == (0..unsigned.bytes.len());
                let named = unsigned.named().unwrap_or_default();
                assert!(!is_bom || named.iter().all(Subject::binds));
            }
            Claim::Statement(signed) => envelope(part, signed),
            Claim::Blob(signed) => assert!(!signed.signature.is_empty() || part.starts_with(b"{")),
            Claim::Minisig(_) => assert!(part.starts_with(b"untrusted comment:")),
            Claim::Sshsig(signed) => {
                assert!(part.starts_with(b"-----BEGIN SSH SIGNATURE-----"));
                assert!(!signed.namespace.is_empty());
                assert!(signed.message(b"").starts_with(b"SSHSIG"));
            }
        }
    }
}

/// The bytes that a claim's digest is of: all, one line, or one bundle of a registry's response.
fn part<'b>(bytes: &'b [u8], digest: &Digest) -> &'b [u8] {
    let lines = bytes.split(|byte| *byte == b'\n');
    let lines = lines.map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let response = serde_json::from_slice::<Response>(bytes).unwrap_or_default();
    let bundles = response.attestations.into_iter().map(|entry| entry.bundle.get().as_bytes());
    let mut parts = std::iter::once(bytes).chain(lines).chain(bundles);
    parts.find(|part| claim::digest(part) == *digest).expect("a digest is of what was read")
}

/// What a registry responds.
#[derive(Default, serde::Deserialize)]
struct Response<'a> {
    #[serde(borrow)]
    attestations: Vec<Entry<'a>>,
}

#[derive(serde::Deserialize)]
struct Entry<'a> {
    #[serde(borrow)]
    bundle: &'a RawValue,
}

/// A payload of simple signing is refused, or it is what is signed.
pub(super) fn simple(payload: &[u8], claims: impl Iterator<Item = Claim>) {
    for claim in claims {
        match claim {
            Claim::Simple(signed) => assert_eq!(signed.payload.bytes, payload),
            Claim::Refused(refused) => shown(refused.reason.as_str()),
            other => panic!("a payload is {other:?}"),
        }
    }
}

/// What is verified is what stands in the envelope.
fn envelope(text: &[u8], signed: &SignedStatement) {
    let text = json::scan(text).expect("what is signed is strict JSON");
    let Ok(value) = serde_json::from_str::<Value>(text) else { return };
    let envelope = value.get("dsseEnvelope").unwrap_or(&value);
    assert_eq!(envelope["payloadType"], *signed.payload_type);
    assert_eq!(decoded(&envelope["payload"]).as_ref(), Some(&signed.payload));
    let written = envelope["signatures"].as_array().expect("signatures are a list");
    let written: Vec<_> = written.iter().filter_map(|one| decoded(&one["sig"])).collect();
    assert!(!written.is_empty() && written == signed.signatures);
    statement(&signed.payload, &signed.statement);
}

/// Base64 in either alphabet, by a reader that knows no other.
fn decoded(value: &Value) -> Option<Vec<u8>> {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    let text = value.as_str()?;
    let mixed = text.contains(['-', '_']) && text.contains(['+', '/']);
    let standard = text.replace('-', "+").replace('_', "/");
    if mixed { None } else { STANDARD.decode(standard).ok() }
}

/// What a statement says is what stands in its payload.
pub(super) fn statement(payload: &[u8], statement: &Statement) {
    let body = payload.get(statement.body.clone()).expect("a predicate lies in its payload");
    let body = std::str::from_utf8(body).expect("a predicate is text");
    let kind = statement.predicate.kind();
    if let Err(reason) = statement.predicate.examine(body) {
        shown(&reason);
    }
    if kind == Kind::Sbom
        && let Err(unreadable) = Bom::index(body.as_bytes())
    {
        shown(&unreadable.to_string());
    }
    vex(statement, body);
    // Only a number that does not fit tells the two readers apart.
    let Ok(value) = serde_json::from_slice::<Value>(payload) else { return };
    assert_eq!(value["predicateType"], *statement.predicate_type);
    if body.is_empty() {
        assert!(value["predicate"].is_null());
    } else {
        assert_eq!(serde_json::from_str::<Value>(body).ok().as_ref(), Some(&value["predicate"]));
    }
    let none = Vec::new();
    let subjects = value["subject"].as_array().unwrap_or(&none);
    assert_eq!(subjects.len(), statement.subjects.len());
    for (written, read) in subjects.iter().zip(&statement.subjects) {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let hex = |name| text(&written["digest"][name]).map(|hex| hex.to_ascii_lowercase());
        assert_eq!(
            (text(&written["name"]), hex("sha256")),
            (read.name.clone(), read.sha256.clone())
        );
        assert_eq!(hex("sha512"), read.sha512);
    }
}

/// No more is stated than stands there, and what is told of it is harmless.
fn vex(statement: &Statement, body: &str) {
    let document = match Document::read(&statement.predicate_type, body.as_bytes()) {
        Ok(document) => document,
        Err(unreadable) => return shown(&unreadable.to_string()),
    };
    document.notes().iter().for_each(|note| shown(note));
    let Ok(value) = serde_json::from_str::<Value>(body) else { return };
    let length = |name: &str| value[name].as_array().map_or(0, Vec::len);
    assert!(document.statements().len() <= length("statements").max(length("vulnerabilities")));
    for one in document.statements() {
        assert!(!one.vulnerability.trim().is_empty());
        let is_explained = one.justification.is_some() || one.impact.is_some();
        let may_be_silent = one.status != vex::Status::NotAffected || length("statements") == 0;
        assert!(is_explained || may_be_silent, "nobody is cleared without a word");
    }
}

/// What passes, `serde_json` reads, and each name of an object stands there once; what is no JSON,
/// it refuses, too.
pub(super) fn scanned(bytes: &[u8], scanned: &Result<Outline, Flaw>) {
    let values = serde_json::from_slice::<Value>(bytes);
    match scanned {
        Ok(outline) => {
            let text = outline.text();
            assert_eq!(text.as_bytes(), bytes);
            serde_json::from_slice::<IgnoredAny>(bytes).expect("what passes can be read");
            if let Ok(value) = values {
                assert_eq!(names(&value), written(text), "no name was lost");
                outlined(outline.root(), &value, 0);
            }
        }
        Err(flaw) => {
            shown(&flaw.to_string());
            let may_pass = matches!(flaw, Flaw::Duplicate(_) | Flaw::Depth);
            assert!(may_pass || values.is_err(), "{flaw}");
        }
    }
}

/// An outline leads to the values that are there, as deep as it reaches, and to no others.
fn outlined(node: Node, value: &Value, depth: usize) {
    assert_eq!(serde_json::from_str::<Value>(node.get()).ok().as_ref(), Some(value));
    assert_eq!(node.words().as_deref(), value.as_str());
    assert_eq!(node.is_object(), value.is_object());
    let Some(members) = value.as_object().filter(|_| depth < OUTLINED) else { return };
    assert_eq!(node.is_empty(), members.is_empty());
    assert!(node.at("no member is called so").is_none());
    for (name, value) in members {
        match node.at(name) {
            Some(inner) => outlined(inner, value, depth + 1),
            None => assert!(value.is_null(), "`{name}` is not found"),
        }
    }
}

/// How many members all objects of a value have.
fn names(value: &Value) -> usize {
    match value {
        Value::Array(elements) => elements.iter().map(names).sum(),
        Value::Object(members) => members.len() + members.values().map(names).sum::<usize>(),
        _ => 0,
    }
}

/// How many members are written in a text that is JSON: as many as there are colons outside of
/// strings.
fn written(text: &str) -> usize {
    let (mut count, mut quoted, mut escaped) = (0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = quoted,
            b'"' => quoted = !quoted,
            b':' if !quoted => count += 1,
            _ => {}
        }
    }
    count
}

/// Every claim has its line, a line says why or by whom, and only what was signed is a fact.
pub(super) fn facts(claims: &[(Digest, Claim)], facts: &Facts, release: &Release) {
    assert_eq!(claims.len(), facts.documents().len(), "a document is never dropped");
    for ((digest, claim), document) in claims.iter().zip(facts.documents()) {
        assert_eq!(document.digest.as_ref(), Some(digest));
        match (document.status, &document.reason) {
            (Status::Fact, None) => {
                assert!(!is_refused(claim) && !document.signers.is_empty());
                let content = content(claim);
                assert!(content.is_none_or(|content| release.signed.contains(&content)), "forged");
            }
            (Status::Accepted, None) => {
                assert!(matches!(claim, Claim::Unsigned(_) | Claim::Statement(_)));
                assert!(document.signers.is_empty() || matches!(claim, Claim::Statement(_)));
            }
            (Status::Fact | Status::Accepted, Some(_)) | (_, None) => {
                panic!("a reason is why it is no fact")
            }
            (_, Some(reason)) => {
                assert!(document.signers.is_empty());
                shown(reason.as_str());
            }
        }
    }
    for document in facts.documents() {
        document.help.iter().for_each(|help| shown(help.as_str()));
        assert_eq!(document.checks.is_some(), document.reason.is_none());
    }
    for fact in facts.attestations() {
        drop(fact.get().predicate());
    }
}
