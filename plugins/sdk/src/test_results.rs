//! Results of tests.

use crate::Failure;
use crate::bindings::lockgate::policy::tests;
use crate::pages::{HANDLES, ROWS, numbered};

pub use tests::{Configuration, Document, Run};

/// Every result that is verified, or where none is, that the stage accepts; in the order of their
/// paths.
pub fn documents() -> impl Iterator<Item = Result<Document, Failure>> {
    numbered(HANDLES, tests::page)
}

/// The names of all tests that a document lists with a result: `passed`, `warned` or `failed`.
pub fn names(run: &Run, outcome: &str) -> impl Iterator<Item = Result<String, Failure>> {
    numbered(ROWS, move |start, max| run.names(outcome, start, max))
}
