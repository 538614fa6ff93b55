//! Verified evidence, without paging by hand.
//!
//! The handles are the host's: behind each stands a document whose signature it verified and
//! whose subject is the artifact, or one that the stage accepts without. There is nothing left to
//! check but what it says.

use serde_json::Value;

use crate::Failure;
use crate::bindings::lockgate::policy::types::Refusal;
use crate::bindings::lockgate::policy::{attestations, sbom, signatures};

pub use attestations::Attestation;
pub use sbom::{Bom, Component, Document, License, Query};
pub use signatures::Signature;

/// How many handles are taken at a time. Each counts against the limit on handles until it is
/// dropped, and a release has a handful of documents of a kind.
const HANDLES: u32 = 16;

/// How many rows are taken at a time: the host's largest page is 256, and half of one of long
/// purls stays under 32 KiB of memory.
const ROWS: u32 = 128;

/// Every verified signature over the artifact, in the order of their paths.
pub fn signatures() -> impl Iterator<Item = Result<Signature, Failure>> {
    numbered(HANDLES, signatures::page)
}

/// Every attestation of a kind that is verified, or where none is, that the stage accepts; in the
/// order of their paths. `assurance` tells which.
pub fn attestations(kind: &str) -> impl Iterator<Item = Result<Attestation, Failure>> {
    numbered(HANDLES, move |start, max| attestations::page(kind, start, max))
}

/// Every SBOM, in the order of their paths; as [`attestations`].
pub fn sboms() -> impl Iterator<Item = Result<Document, Failure>> {
    numbered(HANDLES, sbom::page)
}

/// Every license statement of an SBOM, each once.
pub fn licenses(bom: &Bom) -> impl Iterator<Item = Result<License, Failure>> {
    (0..bom.license_count()).map(|id| Ok(bom.license(id)?))
}

/// Every component that a query covers and that was not read from it yet.
pub fn components(query: &Query) -> impl Iterator<Item = Result<Component, Failure>> {
    paged(|| query.next(ROWS))
}

/// Pages that are asked for by the number of their first element.
fn numbered<T>(
    max: u32,
    mut page: impl FnMut(u32, u32) -> Result<Vec<T>, Refusal>,
) -> impl Iterator<Item = Result<T, Failure>> {
    let mut start = 0_u32;
    paged(move || {
        let got = page(start, max)?;
        // The host counts in `u32`, so there is no page after the last of them.
        start = start.saturating_add(u32::try_from(got.len()).unwrap_or(u32::MAX));
        Ok(got)
    })
}

/// The elements of one page after another, until one is empty or refused.
fn paged<T>(
    mut next: impl FnMut() -> Result<Vec<T>, Refusal>,
) -> impl Iterator<Item = Result<T, Failure>> {
    let mut page = Vec::new().into_iter();
    let mut ended = false;
    std::iter::from_fn(move || {
        if let Some(element) = page.next() {
            return Some(Ok(element));
        }
        if ended {
            return None;
        }
        match next() {
            Ok(got) => page = got.into_iter(),
            Err(refusal) => {
                ended = true;
                return Some(Err(refusal.into()));
            }
        }
        ended = page.len() == 0;
        page.next().map(Ok)
    })
}

/// Somebody whose signature verified.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Signer {
    /// The name that `[trust]` gives.
    pub name: String,
    /// The identity behind the name. Two signers are distinct if these differ.
    pub key: String,
}

/// Evidence that says who vouches for it.
pub trait Signed {
    /// Those whose signature verified, in the order of their names: at least one, but none for what
    /// is only accepted.
    fn signed_by(&self) -> Vec<Signer>;
}

/// A document of values that are read by JSON pointer, from its root.
///
/// A `serde_json::Value` is one too, so that a policy is tested without a host.
pub trait Predicate {
    /// The value at the pointer; none where nothing stands there.
    ///
    /// # Errors
    ///
    /// The host refuses, for example a value longer than 64 KiB.
    fn value(&self, pointer: &str) -> Result<Option<Value>, Failure>;
}

impl Predicate for Attestation {
    fn value(&self, pointer: &str) -> Result<Option<Value>, Failure> {
        let Some(json) = self.json(pointer)? else { return Ok(None) };
        serde_json::from_str(&json)
            .map(Some)
            .map_err(|error| Failure::from(format!("the value at `{pointer}` is no JSON: {error}")))
    }
}

impl Predicate for Value {
    fn value(&self, pointer: &str) -> Result<Option<Value>, Failure> {
        Ok(self.pointer(pointer).cloned())
    }
}

macro_rules! signed {
    ($($handle:ty),*) => {$(
        impl Signed for $handle {
            fn signed_by(&self) -> Vec<Signer> {
                let names = self.signers().into_iter();
                names.zip(self.keys()).map(|(name, key)| Signer { name, key }).collect()
            }
        }
    )*};
}

signed!(Attestation, Document, Signature);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_read_until_one_is_empty() {
        let rows: Vec<u32> = (0..10).collect();
        let read = numbered(4, |start, max| {
            let rest = &rows[start as usize..];
            Ok(rest[..rest.len().min(max as usize)].to_vec())
        });
        assert_eq!(read.collect::<Result<Vec<_>, _>>(), Ok(rows.clone()));
    }

    #[test]
    fn a_refused_page_is_an_error_and_the_end() {
        let mut read = numbered(4, |start, _| match start {
            0 => Ok(vec![1]),
            _ => Err(Refusal::OutOfRange("enough".into())),
        });
        assert_eq!(read.next(), Some(Ok(1)));
        let refused = read.next().map(|row| row.map_err(|failure| failure.to_string()));
        assert_eq!(refused, Some(Err("the host refused, out of range: enough".into())));
        assert_eq!(read.next(), None);
    }
}
