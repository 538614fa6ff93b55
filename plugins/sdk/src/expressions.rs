//! License expressions by the list of SPDX, which the host has.
//!
//! Knowledge and no evidence: it can be asked in [`Policy::new`](crate::Policy::new), too.

use crate::Failure;
use crate::bindings::lockgate::policy::licenses;
use crate::bindings::lockgate::policy::types::Refusal;

pub use licenses::{Operand, Term, list_version, nearest};

/// An expression in the order in which a stack evaluates it; none where it is no license expression.
///
/// # Errors
///
/// The host refuses to look at it: it is longer than 64 KiB.
pub fn parse(expression: &str) -> Result<Option<Vec<Term>>, Failure> {
    match licenses::parse(expression) {
        Ok(terms) => Ok(Some(terms)),
        Err(Refusal::Malformed(_)) => Ok(None),
        Err(refusal) => Err(refusal.into()),
    }
}
