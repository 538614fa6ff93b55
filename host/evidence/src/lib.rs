//! From claims to facts.
//!
//! Three steps of the sentence live here. [`Artifact::resolve`] turns what the user typed into a
//! name and a digest; [`gather()`] reads documents, which are claims, and believes nothing;
//! [`verify()`] is pure and makes the only [`Verified`] values there are.
//!
//! What may never happen here: a document that is dropped in silence (whatever is not believed is
//! listed with its reason), a byte that is parsed but was not hashed, a clock, a network, an
//! environment, WebAssembly. Inside an evidence folder or an OCI layout files are reached through one
//! directory handle, so that a planted link or `..` cannot leave it.
//!
//! ```
//! use lockgate_evidence::{Artifact, Caps, Trust, gather, verify};
//!
//! let digest = "sha256:e34a28afa7c81ab972cc515040e53c4a9a2d62f5a927de6b314c4897bd1b90ca";
//! let mut artifact = Artifact::resolve(digest)?;
//! let trust = Trust::empty();
//! let gathered = gather(&mut artifact, &[], &Caps::default(), &trust)?;
//! let at = "2026-10-02T00:00:00Z".parse()?;
//! let facts = verify(gathered, &artifact, &trust, at);
//! assert!(facts.documents().is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! To see what judges the facts, read the crate `lockgate-runtime`; to see who calls, `lockgate`.
#![forbid(unsafe_code)]

mod artifact;
mod claim;
pub mod contents;
pub mod data;
mod folder;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod gather;
mod hashes;
mod json;
mod layout;
pub mod license;
mod open;
pub mod package;
mod predicate;
pub mod provenance;
mod query;
mod reason;
mod resource;
pub mod sbom;
pub mod scan;
mod sigstore;
pub mod summary;
pub mod test_result;
mod trust;
mod verify;
pub mod vex;
mod wire;
mod xml;

pub use artifact::{Artifact, ResolveError};
pub use gather::{Caps, GatherError, Gathered, Source, gather};
pub use hashes::Over;
pub use layout::LayoutError;
pub use query::{Candidates, Narrowing, Query};
pub use resource::{Resource, Unreadable};
pub use sigstore::{Inclusion, TimeSource};
pub use trust::{
    Acceptance, Accepts, EntryPlace, Extension, IdentityEntry, KeyEntry, PatternError, PatternText,
    Requirement, Revocation, RootEntry, RootSource, SubjectType, Trust, TrustEntries, TrustError,
    TrustProblem, UnknownExtension, Validity,
};
pub use verify::{
    Accepted, Assured, Attestation, Candidate, Checks, ContextCheck, Facts, IdentityCheck,
    LogCheck, Malformed, Place, SctCheck, ShapeCheck, Signature, SignatureCheck, Signer,
    SubjectCheck, TimeCheck, Verified, WindowCheck, verify,
};
