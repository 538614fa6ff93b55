//! Signatures of minisign: two comments and two signatures.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lockgate_model::Kind;

use super::Refused;
use crate::hashes::Over;
use crate::trust::{Form, Trust};

/// How the file begins.
pub(super) const BEGINNING: &str = "untrusted comment:";

/// How its third line begins; what follows is signed.
const TRUSTED: &str = "trusted comment: ";

/// A signature over the artifact, and one over it and the trusted comment; both still to be
/// verified.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Minisig {
    /// What of the artifact is signed.
    pub(crate) over: Over,
    /// Which key the document says that it is signed with. Only a reason may use it.
    pub(crate) key_id: [u8; 8],
    pub(crate) signature: [u8; 64],
    pub(crate) comment: String,
    pub(crate) global: [u8; 64],
}

impl Minisig {
    /// Reads a file that begins like one.
    pub(super) fn read(text: &str) -> Result<Self, Refused> {
        Self::written(text).map_err(|why| {
            Refused::rejected(Some(Kind::Signature), format!("is not a minisign signature: {why}"))
        })
    }

    fn written(text: &str) -> Result<Self, &'static str> {
        let mut lines = text.lines();
        let mut line = |missing| lines.next().ok_or(missing);
        line("it is empty")?;
        let signature = line("it has no second line")?;
        let comment = line("it has no trusted comment")?;
        let global = line("it has no signature over its trusted comment")?;
        if lines.next().is_some() {
            return Err("it has more than four lines");
        }
        let first = bytes::<74>(signature).ok_or("its second line is not 74 bytes in base64")?;
        let (head, signature) = first.split_at(10);
        let (algorithm, key_id) = head.split_at(2);
        let over = match algorithm {
            b"ED" => Over::Blake2b512,
            b"Ed" => Over::Bytes,
            _ => return Err("its algorithm is neither `ED` nor `Ed`"),
        };
        let comment =
            comment.strip_prefix(TRUSTED).ok_or("its third line is no trusted comment")?;
        let global = bytes(global).ok_or("its fourth line is not 64 bytes in base64")?;
        Ok(Self {
            over,
            key_id: key_id.try_into().expect("it was split so"),
            signature: signature.try_into().expect("what is left of 74"),
            comment: comment.to_owned(),
            global,
        })
    }

    /// What of the artifact has to be known for the trusted keys to verify it.
    pub(crate) fn needs(&self, trust: &Trust) -> BTreeSet<Over> {
        let mut forms = trust.keys().iter().map(|key| &key.form);
        let any = forms.any(|form| matches!(form, Form::Minisign { .. }));
        any.then_some(self.over).into_iter().collect()
    }
}

/// So many bytes in base64.
fn bytes<const LENGTH: usize>(line: &str) -> Option<[u8; LENGTH]> {
    STANDARD.decode(line).ok()?.try_into().ok()
}
