//! Verified evidence, without paging by hand.
//!
//! The handles are the host's: behind each stands a document whose signature it verified and
//! whose subject is the artifact, or one that the stage accepts without. There is nothing left to
//! check but what it says.

use crate::Failure;
use crate::bindings::lockgate::policy::{attestations, sbom, signatures, tests, vulnerabilities};
use crate::json::{self, Value};
use crate::pages::{HANDLES, ROWS, numbered, paged};

pub use attestations::Attestation;
pub use sbom::{Bom, Component, Document, License, Query};
pub use signatures::Signature;

/// The most members of an object that the host names.
const MEMBERS: usize = 256;

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
    /// The value at the pointer as JSON text; none where nothing stands there.
    ///
    /// # Errors
    ///
    /// The host refuses, for example a value longer than 64 KiB.
    fn json(&self, pointer: &str) -> Result<Option<String>, Failure>;

    /// The value at the pointer; none where nothing stands there.
    ///
    /// # Errors
    ///
    /// The host refuses, as for [`json`](Self::json).
    fn value(&self, pointer: &str) -> Result<Option<Value>, Failure> {
        let Some(json) = self.json(pointer)? else { return Ok(None) };
        json::parse(&json)
            .map(Some)
            .map_err(|error| Failure::from(format!("the value at `{pointer}` is not {error}")))
    }

    /// The string at the pointer; none where nothing stands there. In a large document much cheaper
    /// than [`value`](Self::value).
    ///
    /// # Errors
    ///
    /// It is not a string.
    fn text(&self, pointer: &str) -> Result<Option<String>, Failure>;

    /// How many elements the array, or members the object, at the pointer has; none where nothing
    /// stands there.
    ///
    /// # Errors
    ///
    /// It is neither.
    fn length(&self, pointer: &str) -> Result<Option<u32>, Failure>;

    /// The names of the members of the object at the pointer, sorted; none where nothing stands there.
    ///
    /// # Errors
    ///
    /// It is no object, or has over 256 of them.
    fn members(&self, pointer: &str) -> Result<Option<Vec<String>>, Failure>;
}

impl Predicate for Attestation {
    fn json(&self, pointer: &str) -> Result<Option<String>, Failure> {
        Ok(self.json(pointer)?)
    }

    fn text(&self, pointer: &str) -> Result<Option<String>, Failure> {
        Ok(self.text(pointer)?)
    }

    fn length(&self, pointer: &str) -> Result<Option<u32>, Failure> {
        Ok(self.length(pointer)?)
    }

    fn members(&self, pointer: &str) -> Result<Option<Vec<String>>, Failure> {
        Ok(self.members(pointer)?)
    }
}

impl Predicate for serde_json::Value {
    fn json(&self, pointer: &str) -> Result<Option<String>, Failure> {
        Ok(self.pointer(pointer).map(Self::to_string))
    }

    fn text(&self, pointer: &str) -> Result<Option<String>, Failure> {
        let text = |value: &Self| match value {
            Self::String(text) => Ok(text.clone()),
            _ => Err(format!("`{pointer}` is not a string").into()),
        };
        self.pointer(pointer).map(text).transpose()
    }

    fn length(&self, pointer: &str) -> Result<Option<u32>, Failure> {
        let length = |value: &Self| match value {
            Self::Array(elements) => Ok(elements.len()),
            Self::Object(members) => Ok(members.len()),
            _ => Err(Failure::from(format!("`{pointer}` is neither array nor object"))),
        };
        let length = self.pointer(pointer).map(length).transpose()?;
        Ok(length.map(|length| u32::try_from(length).unwrap_or(u32::MAX)))
    }

    fn members(&self, pointer: &str) -> Result<Option<Vec<String>>, Failure> {
        let names = |value: &Self| match value {
            Self::Object(members) if members.len() <= MEMBERS => {
                let mut names: Vec<_> = members.keys().cloned().collect();
                names.sort();
                Ok(names)
            }
            Self::Object(members) => {
                Err(format!("`{pointer}` has {} members", members.len()).into())
            }
            _ => Err(format!("`{pointer}` is not an object").into()),
        };
        self.pointer(pointer).map(names).transpose()
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

signed!(Attestation, Document, Signature, tests::Document, vulnerabilities::Document);
