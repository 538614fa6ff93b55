//! Vulnerability scans, with what VEX says of each row.
//!
//! No row is ever left out by VEX: what it says stands beside the row, with who says so. Name the
//! signers whose word counts ([`Document::open_honouring`]), and let the query leave out what they say
//! is no risk ([`Query::status_not`]).

use crate::Failure;
use crate::bindings::lockgate::policy::vulnerabilities;
use crate::pages::{HANDLES, ROWS, numbered, paged};

pub use vulnerabilities::{Cvss, Document, Query, Row, Scan, Vex};

/// Every scan that is verified, or where none is, that the stage accepts; in the order of their paths.
pub fn documents() -> impl Iterator<Item = Result<Document, Failure>> {
    numbered(HANDLES, vulnerabilities::page)
}

/// Every row that a query covers and that was not read from it yet.
pub fn rows(query: &Query) -> impl Iterator<Item = Result<Row, Failure>> {
    paged(|| query.next(ROWS))
}
