//! Files inside the artifact.
//!
//! A policy that imports these has the host look inside; that is its whole declaration. A file that a
//! cap of the host kept out ends the policy when it is read or searched, so none is passed over.

use crate::Failure;
use crate::bindings::lockgate::policy::contents;
use crate::bindings::lockgate::policy::types::Refusal;
use crate::pages::{ROWS, paged};

pub use contents::{Ambiguity, Archive, Entry, Hit, Query, Search, check_regex};

/// The artifact, if it is an archive that the host reads.
///
/// # Errors
///
/// It is none, or only its digest is known.
pub fn open() -> Result<Archive, Failure> {
    Ok(contents::open()?)
}

/// The artifact; or why it is no archive that the host reads, as a clause, for a policy that says so.
///
/// # Errors
///
/// The host refuses for another reason.
pub fn archive() -> Result<Result<Archive, String>, Failure> {
    match contents::open() {
        Ok(archive) => Ok(Ok(archive)),
        Err(Refusal::Malformed(why)) => Ok(Err(why)),
        Err(refusal) => Err(refusal.into()),
    }
}

/// Every entry that a query covers and that was not read from it yet.
pub fn entries(query: &Query) -> impl Iterator<Item = Result<Entry, Failure>> {
    paged(|| query.next(ROWS))
}

/// Every place that a search finds and that was not read from it yet.
pub fn hits(search: &Search) -> impl Iterator<Item = Result<Hit, Failure>> {
    paged(|| search.next(ROWS))
}
