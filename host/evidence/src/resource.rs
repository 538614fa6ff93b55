//! What statements of in-toto refer to, and why one has no model
//! (<https://github.com/in-toto/attestation/blob/main/spec/v1/resource_descriptor.md>).

use std::collections::BTreeMap;

use lockgate_model::{Instant, Kind};
use serde::Deserialize;

pub(crate) use crate::json::Words;
use crate::json::{self, Object};
use crate::reason::quoted;

/// Why a predicate has no model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the fields are quoted from the document")]
pub enum Unreadable {
    /// It is evidence of something else.
    #[error("the document is of the kind `{kind}`, not `{expected}`")]
    OtherKind { kind: Kind, expected: Kind },
    /// It is not what its predicate type says.
    #[error("the document is not valid {format}: {what}")]
    Malformed { format: &'static str, what: String },
}

/// A file or another thing that a statement refers to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resource {
    /// Its name; none where the document states none.
    pub name: Option<String>,
    /// Its URI, or where it can be downloaded; none where the document states neither.
    pub uri: Option<String>,
    /// Its digests by algorithm, as they were written, but for hexadecimal digits, which are in lower
    /// case: `sha256`, `gitCommit`.
    pub digests: BTreeMap<String, String>,
}

impl Resource {
    /// Its SHA-256 in lower-case hexadecimal; none where the document states none of that form.
    #[must_use]
    pub fn sha256(&self) -> Option<&str> {
        self.digests.get("sha256").map(String::as_str).filter(|hex| hex.len() == 64 && is_hex(hex))
    }
}

/// A resource as it is written. Null and blank text say nothing.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Written<'a> {
    #[serde(borrow)]
    name: Option<Words<'a>>,
    #[serde(borrow)]
    uri: Option<Words<'a>>,
    #[serde(borrow)]
    download_location: Option<Words<'a>>,
    #[serde(borrow)]
    digest: Option<BTreeMap<Words<'a>, Words<'a>>>,
}

impl From<Written<'_>> for Resource {
    fn from(written: Written) -> Self {
        Self {
            name: said(written.name),
            uri: said(written.uri).or_else(|| said(written.download_location)),
            digests: digests(written.digest),
        }
    }
}

/// A list of resources, in the document's order.
pub(crate) type List<'a> = Option<Vec<Object<Written<'a>>>>;

/// What a list names.
pub(crate) fn resources(list: List) -> Vec<Resource> {
    list.into_iter().flatten().map(|Object(written)| written.into()).collect()
}

/// Digests by algorithm; those that are blank say nothing.
pub(crate) fn digests(written: Option<BTreeMap<Words, Words>>) -> BTreeMap<String, String> {
    let stated = written.into_iter().flatten();
    stated
        .filter_map(|(algorithm, value)| {
            let mut value = said(Some(value))?;
            if is_hex(&value) {
                value.make_ascii_lowercase();
            }
            Some((algorithm.0.into_owned(), value))
        })
        .collect()
}

fn is_hex(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// What a member says; none where it is missing, null or blank.
pub(crate) fn said(words: Option<Words>) -> Option<String> {
    Some(words?.0.into_owned()).filter(|text| !text.trim().is_empty())
}

/// A format whose documents are read, for what is said of those that cannot be.
#[derive(Clone, Copy)]
pub(crate) struct Format(pub(crate) &'static str);

impl Format {
    /// Reads a predicate that is an object.
    pub(crate) fn read<'a, T: Deserialize<'a>>(self, text: &'a [u8]) -> Result<T, Unreadable> {
        let text = std::str::from_utf8(text).map_err(|_| self.malformed("it is not UTF-8"))?;
        json::object(text).map_err(|error| self.malformed(crate::reason::shown(&error)))
    }

    /// What the format requires.
    pub(crate) fn required(self, member: &str, words: Option<Words>) -> Result<String, Unreadable> {
        said(words).ok_or_else(|| self.malformed(format!("it lacks `{member}`")))
    }

    /// A moment, where one is stated.
    pub(crate) fn moment(
        self,
        member: &str,
        words: Option<Words>,
    ) -> Result<Option<Instant>, Unreadable> {
        let Some(text) = said(words) else { return Ok(None) };
        let moment = text.parse().map_err(|_| {
            let text = quoted(&text);
            self.malformed(format!("`{member}` is {text}, which is not an RFC 3339 instant"))
        })?;
        Ok(Some(moment))
    }

    /// A result that the format has words for in capital letters: those in lower case, and any other
    /// in kebab-case.
    ///
    /// A word that would turn into one of the format's own is refused, so that only what is written as
    /// the format says counts as such.
    pub(crate) fn result(
        self,
        member: &str,
        words: Option<Words>,
        known: &[&str],
    ) -> Result<String, Unreadable> {
        let written = self.required(member, words)?;
        let word = kebab(&written);
        let is_known = known.contains(&&*word);
        if word.is_empty() || (is_known && written != word.to_ascii_uppercase()) {
            let written = quoted(&written);
            return Err(self.malformed(format!("`{member}` is {written}, which is no word of it")));
        }
        Ok(word)
    }

    pub(crate) fn malformed(self, what: impl Into<String>) -> Unreadable {
        Unreadable::Malformed { format: self.0, what: what.into() }
    }
}

/// Letters and digits in lower case, with one dash wherever anything else stands between.
fn kebab(text: &str) -> String {
    let lower = text.to_lowercase();
    let parts = lower.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("-")
}
