//! Earlier decisions about the artifact, and what stages run now.

use crate::Failure;
use crate::bindings::lockgate::policy::history;
use crate::pages::{HANDLES, numbered};

pub use history::{Decision, runs};

/// Every decision about the artifact, earliest first. Without a ledger there is none.
pub fn decisions() -> impl Iterator<Item = Result<Decision, Failure>> {
    numbered(HANDLES, history::page)
}
