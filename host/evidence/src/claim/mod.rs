//! Recognises documents by what is in them, and reads what they claim.
//!
//! A name proves nothing, so nothing here sees one. What comes out is a [`Claim`]: something
//! signed whose signature is still to be verified, or a refusal with its reason. Nothing here
//! believes anything; to see who does, read [`crate::verify`].

mod blob;
mod bundle;
mod envelope;
mod foreign;
mod lines;
mod minisign;
mod older;
mod response;
mod simple;
mod sshsig;
mod statement;
mod unsigned;

use std::borrow::Cow;
use std::collections::BTreeSet;

use lockgate_model::{Digest, Kind, Status, Text};
use serde::Deserialize;
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};

pub(crate) use blob::SignedBlob;
pub(crate) use bundle::Beside;
pub(crate) use envelope::SignedStatement;
pub(crate) use minisign::Minisig;
pub(crate) use simple::{Payload, SimpleSigned, SimpleSigning};
pub(crate) use sshsig::Sshsig;
#[cfg(feature = "fuzzing")]
pub(crate) use statement::Statement;
pub(crate) use statement::Subject;
pub(crate) use unsigned::Unsigned;

use crate::json::{self, Flaw, Node, Outline};
use crate::predicate::{Predicate, words_of};
use crate::reason::quoted;
use crate::sbom::is_spdx_context;

/// What a document claims.
#[derive(Debug)]
pub(crate) enum Claim {
    /// A statement in a signed envelope.
    Statement(Box<SignedStatement>),
    /// A signature over the artifact itself.
    Blob(SignedBlob),
    /// A signature of minisign over the artifact.
    Minisig(Minisig),
    /// A signature of OpenSSH over the artifact.
    Sshsig(Sshsig),
    /// A signature of cosign's simple signing, over a payload that names the artifact.
    Simple(Box<SimpleSigned>),
    /// Such a payload by itself; its signature may lie beside it.
    Payload(Payload),
    /// A document outside of any envelope, which a stage may accept.
    Unsigned(Box<Unsigned>),
    /// Nothing that could be verified.
    Refused(Refused),
}

/// A document that ends here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) status: Status,
    pub(crate) kind: Option<Kind>,
    pub(crate) reason: Text,
    /// What to try next.
    pub(crate) help: Option<Text>,
}

impl Refused {
    /// Known for what it is, and not believed.
    pub(crate) fn rejected(kind: Option<Kind>, reason: impl AsRef<str>) -> Self {
        let reason = Text::escaped(reason.as_ref());
        Self { status: Status::Rejected, kind, reason, help: None }
    }

    /// Not known to be evidence at all.
    pub(crate) fn unrecognised(reason: impl AsRef<str>) -> Self {
        let reason = Text::escaped(reason.as_ref());
        Self { status: Status::Unrecognised, kind: None, reason, help: None }
    }

    /// With what to try next.
    pub(crate) fn helped(mut self, help: Option<&str>) -> Self {
        self.help = help.map(Text::escaped);
        self
    }
}

impl Claim {
    /// What the document claims to be evidence of.
    pub(crate) fn kind(&self) -> Option<Kind> {
        match self {
            Self::Statement(signed) => Some(signed.statement.predicate.kind()),
            Self::Blob(_)
            | Self::Minisig(_)
            | Self::Sshsig(_)
            | Self::Simple(_)
            | Self::Payload(_) => Some(Kind::Signature),
            Self::Unsigned(unsigned) => Some(unsigned.predicate.kind()),
            Self::Refused(refused) => refused.kind,
        }
    }
}

/// Reads a file: one document, or several in JSON Lines or in a registry's response; each with the
/// digest of its own bytes.
pub(crate) fn read(bytes: &[u8]) -> Vec<(Digest, Claim)> {
    let one =
        |bytes, read: Result<Claim, Refused>| (digest(bytes), read.unwrap_or_else(Claim::Refused));
    match response::split(bytes) {
        Some(Ok(bundles)) => {
            let each = bundles.into_iter();
            return each.map(|bundle| one(bundle.as_bytes(), entry(bundle))).collect();
        }
        Some(Err(refused)) => return vec![one(bytes, Err(refused))],
        None => {}
    }
    let refused = match document(bytes) {
        Err(Unread::Text(refused)) => refused,
        Err(Unread::Content(refused)) => return vec![one(bytes, Err(refused))],
        Ok(claim) => return vec![one(bytes, Ok(claim))],
    };
    match lines::split(bytes) {
        Ok(Some(lines)) => {
            lines.into_iter().map(|line| one(line, document(line).map_err(Refused::from))).collect()
        }
        Ok(None) => vec![one(bytes, Err(refused))],
        Err(refused) => vec![one(bytes, Err(refused))],
    }
}

/// Reads a blob of a layout as a document of one media type, whose kind may be told by it. Whoever
/// named it so said that it is evidence: what is not recognised is rejected.
pub(crate) fn read_as(bytes: &[u8], media_type: &str, kind: Option<Kind>) -> Vec<(Digest, Claim)> {
    let called = |claim: Claim| match claim {
        Claim::Refused(Refused { status: Status::Unrecognised, reason, .. }) => {
            let reason = format!("{reason}; its media type is {}", quoted(media_type));
            Claim::Refused(Refused::rejected(kind, reason))
        }
        other => other,
    };
    read(bytes).into_iter().map(|(digest, claim)| (digest, called(claim))).collect()
}

/// Reads a blob of a layout as what simple signing signs: one claim for each signature over it.
pub(crate) fn simple_signing(
    payload: &[u8],
    signatures: &BTreeSet<SimpleSigning>,
) -> impl Iterator<Item = Claim> {
    let read = |beside| simple::claim(payload, beside).unwrap_or_else(Claim::Refused);
    let more = signatures.len() > simple::MAX_SIGNATURES;
    let more = more.then(|| Claim::Refused(simple::too_many()));
    signatures.iter().take(simple::MAX_SIGNATURES).map(read).chain(more)
}

pub(crate) fn digest(bytes: &[u8]) -> Digest {
    Digest::from_sha256(Sha256::digest(bytes).into())
}

/// Why a document makes no claim.
enum Unread {
    /// It is not strict JSON, nor a signature in another form; its lines may be documents.
    Text(Refused),
    /// It is JSON, and what is in it cannot be used.
    Content(Refused),
}

impl From<Unread> for Refused {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::Text(refused) | Unread::Content(refused) => refused,
        }
    }
}

/// Reads one document.
fn document(bytes: &[u8]) -> Result<Claim, Unread> {
    if !matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'[')) {
        return foreign::claim(bytes).map_err(Unread::Text);
    }
    // A signature begins with any byte, with a brace, too; but JSON is a text and that is not.
    if let Some(signed) = SignedBlob::loose(bytes) {
        return Ok(Claim::Blob(signed));
    }
    let outline = json::outline(bytes).map_err(|flaw| Unread::Text(malformed(bytes, &flaw)))?;
    recognise(&outline).map_err(Unread::Content)
}

/// Reads one bundle of a registry's response.
fn entry(bundle: &str) -> Result<Claim, Refused> {
    let outline = json::outline(bundle.as_bytes());
    recognise(&outline.map_err(|flaw| Refused::rejected(None, flaw.to_string()))?)
}

/// Reads one document, which is strict JSON.
fn recognise(outline: &Outline) -> Result<Claim, Refused> {
    let (text, root) = (outline.text(), outline.root());
    let look = Look::of(root).ok_or_else(unknown)?;
    match look.form().ok_or_else(unknown)? {
        Form::Bundle => bundle::claim(&look, root),
        Form::Envelope => {
            let signed = envelope::claim(root, envelope::Format::Bare)?;
            Ok(Claim::Statement(Box::new(signed)))
        }
        Form::Statement(kind) => {
            let unsigned = Unsigned::statement(text);
            let unsigned = unsigned.map_err(|why| Refused::rejected(Some(kind), why))?;
            Ok(Claim::Unsigned(Box::new(unsigned)))
        }
        Form::Bom(predicate_type) => {
            Ok(Claim::Unsigned(Box::new(Unsigned::bom(text, predicate_type))))
        }
        Form::Vex => Err(Refused::rejected(Some(Kind::Vex), "is not signed")),
        Form::Payload => Payload::read(text.as_bytes()).map(Claim::Payload),
        Form::Downloaded => simple::downloaded(text),
    }
}

fn unknown() -> Refused {
    Refused::unrecognised("is JSON, but no evidence of a form that this version knows")
}

/// A text that begins like JSON and cannot be read: rejected if it would be something signed.
fn malformed(bytes: &[u8], flaw: &Flaw) -> Refused {
    let has = |mark: &str| bytes.windows(mark.len()).any(|part| part == mark.as_bytes());
    let kind = std::str::from_utf8(bytes).ok().and_then(Look::at).and_then(|look| look.kind());
    if kind.is_some() || has(BUNDLE_MEDIA_TYPE) || has(PAYLOAD_TYPE) {
        Refused::rejected(kind, flaw.to_string())
    } else {
        Refused::unrecognised(flaw.to_string())
    }
}

/// How the media type of a sigstore bundle begins, whatever its version.
const BUNDLE_MEDIA_TYPE: &str = "application/vnd.dev.sigstore.bundle";

/// The name that every envelope has, and hardly anything else.
const PAYLOAD_TYPE: &str = "\"payloadType\"";

/// What a document is, by the members at its root.
enum Form {
    Bundle,
    Envelope,
    /// A statement that no envelope is around.
    Statement(Kind),
    /// A bill of materials that no statement is around, with the predicate type that it would have.
    Bom(&'static str),
    /// A VEX document that no statement is around.
    Vex,
    /// What simple signing signs.
    Payload,
    /// A payload of simple signing with its signature, as `cosign download signature` prints it.
    Downloaded,
}

macro_rules! look {
    ($($field:ident = $name:literal,)*) => {
        /// The members at a document's root that tell what it is, as they are written there.
        struct Look<'a> {
            $($field: Option<&'a str>,)*
        }

        impl<'a> Look<'a> {
            /// None where the document is no object.
            fn of(root: Node<'_, 'a>) -> Option<Self> {
                let at = |name| root.at(name).map(|node| node.get());
                root.is_object().then(|| Self { $($field: at($name),)* })
            }

            /// Of a text that the scan refuses, as well as can be.
            fn at(text: &'a str) -> Option<Self> {
                #[derive(Deserialize)]
                struct Unscanned<'a> {
                    $(#[serde(borrow, rename = $name)] $field: Option<&'a RawValue>,)*
                }
                let Unscanned { $($field),* } = json::object(text).ok()?;
                Some(Self { $($field: $field.map(RawValue::get),)* })
            }
        }
    };
}

look! {
    media_type = "mediaType",
    verification_material = "verificationMaterial",
    dsse_envelope = "dsseEnvelope",
    message_signature = "messageSignature",
    payload = "payload",
    payload_type = "payloadType",
    statement_type = "_type",
    predicate_type = "predicateType",
    bom_format = "bomFormat",
    spdx_version = "spdxVersion",
    context = "@context",
    graph = "@graph",
    critical = "critical",
    base64_signature = "Base64Signature",
    signed_payload = "Payload",
}

impl Look<'_> {
    fn form(&self) -> Option<Form> {
        if text(self.media_type).is_some_and(|text| text.starts_with(BUNDLE_MEDIA_TYPE)) {
            return Some(Form::Bundle);
        }
        if self.payload.is_some() && self.payload_type.is_some() {
            return Some(Form::Envelope);
        }
        let statement = text(self.statement_type)
            .is_some_and(|text| text.starts_with("https://in-toto.io/Statement/"));
        if statement {
            let predicate_type = text(self.predicate_type).unwrap_or_default();
            return Some(Form::Statement(Predicate::of(&predicate_type).kind()));
        }
        if text(self.bom_format).is_some_and(|text| text == "CycloneDX") {
            return Some(Form::Bom("https://cyclonedx.org/bom"));
        }
        let context = text(self.context);
        if context.as_ref().is_some_and(|text| text.starts_with("https://openvex.dev/ns")) {
            return Some(Form::Vex);
        }
        if self.critical.is_some_and(|critical| critical.starts_with('{')) {
            return Some(Form::Payload);
        }
        if self.base64_signature.is_some() && self.signed_payload.is_some() {
            return Some(Form::Downloaded);
        }
        let is_element = context.is_some_and(|context| is_spdx_context(&context));
        let spdx = self.spdx_version.is_some() || self.graph.is_some() || is_element;
        spdx.then_some(Form::Bom("https://spdx.dev/Document"))
    }

    /// The kind that the document claims, as far as it can be told.
    fn kind(&self) -> Option<Kind> {
        match self.form()? {
            Form::Statement(kind) => Some(kind),
            Form::Bom(_) => Some(Kind::Sbom),
            Form::Vex => Some(Kind::Vex),
            Form::Payload | Form::Downloaded => Some(Kind::Signature),
            Form::Envelope => text(self.payload).and_then(|payload| envelope::kind(&payload)),
            Form::Bundle if self.message_signature.is_some() => Some(Kind::Signature),
            Form::Bundle => {
                let inner = Look::at(self.dsse_envelope?)?;
                text(inner.payload).and_then(|payload| envelope::kind(&payload))
            }
        }
    }
}

fn text(value: Option<&str>) -> Option<Cow<'_, str>> {
    words_of(value?)
}
