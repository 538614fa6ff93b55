//! DSSE envelopes: a payload, its type, and signatures over both.

use std::borrow::Cow;

use base64_simd::{STANDARD, URL_SAFE};
use lockgate_model::Kind;
use serde::Deserialize;

use super::Refused;
use super::bundle::Beside;
use super::statement::{self, Statement, Subject};
use super::unsigned::described;
use crate::json::{self, Bounded, Node, Object};
use crate::predicate::Predicate;
use crate::reason::{quoted, shown};
use crate::trust::Trust;
use crate::vex;

/// The most signatures that an envelope may have. Each is tried against every key, so a stranger
/// would otherwise say how long we work.
const MAX_SIGNATURES: usize = 32;

/// A statement, with signatures that are still to be verified.
#[derive(Debug)]
pub(crate) struct SignedStatement {
    pub(crate) payload_type: String,
    pub(crate) payload: Vec<u8>,
    pub(crate) statement: Statement,
    /// At least one.
    pub(crate) signatures: Vec<Vec<u8>>,
    /// What a bundle holds beside it.
    pub(crate) beside: Beside,
    pub(crate) format: &'static str,
}

impl SignedStatement {
    /// What it is about, by digests that bind: its subjects, or where it names none and may count
    /// all the same, what its predicate describes. The error is a reason.
    pub(crate) fn named(&self, trust: &Trust) -> Result<Cow<'_, [Subject]>, String> {
        let Statement { predicate, subjects, body, .. } = &self.statement;
        let unbound = !subjects.iter().any(Subject::binds);
        if unbound && trust.accepts(predicate.kind()).is_some() {
            let body = self.payload.get(body.clone()).unwrap_or_default();
            return described(*predicate, body).map(Cow::Owned);
        }
        Ok(Cow::Borrowed(subjects))
    }

    /// What a VEX document states.
    pub(crate) fn vex(&self) -> Result<vex::Document, vex::Unreadable> {
        let Statement { predicate_type, body, .. } = &self.statement;
        vex::Document::read(predicate_type, self.payload.get(body.clone()).unwrap_or_default())
    }

    /// What a VEX document gives hashes of, where one of them may be a SHA-512: that is not known of
    /// an artifact unless somebody asks for it.
    pub(crate) fn products(&self) -> Vec<Subject> {
        let mentions = || memchr::memmem::find(&self.payload, b"512").is_some();
        if self.statement.predicate != Predicate::OpenVex || !mentions() {
            return Vec::new();
        }
        self.vex().map(|document| document.hashes().cloned().collect()).unwrap_or_default()
    }
}

/// What an envelope lies in.
pub(super) enum Format {
    Bare,
    Bundle(Beside),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope<'a> {
    #[serde(borrow)]
    payload: Cow<'a, str>,
    #[serde(borrow)]
    payload_type: Cow<'a, str>,
    signatures: Option<Signatures>,
}

type Signatures = Bounded<Object<Signature>, MAX_SIGNATURES>;

impl<'a> Envelope<'a> {
    /// An envelope that is in order. Most of it is the payload, which the outline spares us; whoever
    /// reads one that is not in order says what is wrong with it.
    fn in_order(node: Node<'_, 'a>) -> Option<Self> {
        let signatures = node.at("signatures").map(|node| serde_json::from_str(node.get()));
        Some(Self {
            payload: node.at("payload")?.words()?,
            payload_type: node.at("payloadType")?.words()?,
            signatures: signatures.transpose().ok()?,
        })
    }
}

/// `keyid` is not even read: it is not signed, and chooses nothing.
#[derive(Deserialize)]
struct Signature {
    sig: Option<String>,
}

/// Reads an envelope.
pub(super) fn claim(node: Node, format: Format) -> Result<SignedStatement, Refused> {
    let envelope = match Envelope::in_order(node) {
        Some(envelope) => envelope,
        None => json::object(node.get()).map_err(|error| {
            let payload = node.at("payload").and_then(|payload| payload.words());
            let kind = payload.and_then(|payload| kind(&payload));
            Refused::rejected(kind, format!("is not a DSSE envelope: {}", shown(&error)))
        })?,
    };
    let payload = decode(&envelope.payload)
        .ok_or_else(|| Refused::rejected(None, "its payload is not valid base64"))?;
    let reject = |reason: String| Refused::rejected(statement::kind(&payload), reason);
    if !is_in_toto(&envelope.payload_type) {
        let found = quoted(&envelope.payload_type);
        return Err(reject(format!(
            "its payload type {found} is not `application/vnd.in-toto+json`"
        )));
    }
    let written = envelope.signatures.map(|signatures| signatures.0).unwrap_or_default();
    if written.is_empty() {
        return Err(reject("has no signatures".to_owned()));
    }
    // One that cannot be decoded verifies with no key, and does not spoil the others.
    let signatures: Vec<_> =
        written.iter().filter_map(|signature| decode(signature.0.sig.as_deref()?)).collect();
    if signatures.is_empty() {
        return Err(reject("its signature is not valid base64".to_owned()));
    }
    let statement = Statement::read(&payload).map_err(reject)?;
    let payload_type = envelope.payload_type.into_owned();
    let (format, beside) = match format {
        Format::Bare => ("dsse", Beside::default()),
        Format::Bundle(beside) => ("sigstore-bundle", beside),
    };
    Ok(SignedStatement { payload_type, payload, statement, signatures, beside, format })
}

/// The kind that a payload in base64 claims.
pub(super) fn kind(payload: &str) -> Option<Kind> {
    statement::kind(&decode(payload)?)
}

/// `application/vnd.in-toto+json`, or with one word for the predicate:
/// `application/vnd.in-toto.provenance+json`.
fn is_in_toto(payload_type: &str) -> bool {
    let Some(rest) = payload_type.strip_prefix("application/vnd.in-toto") else { return false };
    let Some(word) = rest.strip_suffix("+json") else { return false };
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    word.is_empty() || (word.len() > 1 && word.starts_with('.') && word.bytes().all(plain))
}

/// DSSE allows the standard alphabet and the URL-safe one. Padding is always there, and the bits
/// that it leaves over are zero, so that one text stands for one sequence of bytes.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode_to_vec(text).or_else(|_| URL_SAFE.decode_to_vec(text)).ok()
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn payload_types_are_compared_whole() {
        assert!(is_in_toto("application/vnd.in-toto+json"));
        assert!(is_in_toto("application/vnd.in-toto.provenance+json"));
        for other in [
            "",
            "application/json",
            "application/vnd.in-toto",
            "application/vnd.in-toto.+json",
            "application/vnd.in-totoprovenance+json",
            "application/vnd.in-toto.a b+json",
            "application/vnd.in-toto+json; charset=utf-8",
            "Application/vnd.in-toto+json",
        ] {
            assert!(!is_in_toto(other), "{other}");
        }
    }

    #[test]
    fn base64_has_one_spelling_in_each_alphabet() {
        assert_eq!(decode("+/8="), Some(vec![0xfb, 0xff]));
        assert_eq!(decode("-_8="), Some(vec![0xfb, 0xff]));
        for other in ["+_8=", "+/8", "+/9=", "+/8=\n", " +/8="] {
            assert_eq!(decode(other), None, "{other}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        /// The decoder is a fast one; this holds it against one that is not.
        #[test]
        fn a_slower_decoder_reads_the_same(
            bytes in prop::collection::vec(any::<u8>(), 0..200),
            url_safe in any::<bool>(),
            flip in prop::option::of((any::<prop::sample::Index>(), any::<u8>())),
        ) {
            let alphabets = [&general_purpose::STANDARD, &general_purpose::URL_SAFE];
            let mut text = alphabets[usize::from(url_safe)].encode(&bytes).into_bytes();
            if let Some((place, byte)) = flip && !text.is_empty() {
                let place = place.index(text.len());
                text[place] = byte % 0x80;
            }
            let text = String::from_utf8(text).unwrap();
            let slower = alphabets.iter().find_map(|alphabet| alphabet.decode(&text).ok());
            prop_assert_eq!(decode(&text), slower);
        }
    }
}
