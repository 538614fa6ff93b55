//! The host side of the interfaces in `wit/`: one module each.
//!
//! A number from a guest is a number from a stranger: rows are looked up with `get`, pages and
//! slices are measured before they are cut, and work is charged before it is done.

mod asked;
mod attestations;
mod contents;
mod context;
mod data;
mod document;
mod exceptions;
mod history;
mod licenses;
mod packages;
mod sbom;
mod signatures;
mod tests;
mod vulnerabilities;

use std::ops::Range;

use lockgate_evidence::Signer;
use lockgate_model::Kind;
use wasmtime::component::{Resource, ResourceTableError};

pub use attestations::Attestation;
pub use contents::{Archive, ContentsQuery, ContentsSearch};
pub use data::{DataFile, DataTable};
pub use history::Decision;
pub use packages::PackageRange;
pub use sbom::{SbomBom, SbomDocument, SbomQuery};
pub use signatures::Signature;
pub use tests::{TestDocument, TestResult};
pub use vulnerabilities::{ScanDocument, ScanQuery, ScanRows};

use crate::bindings::lockgate::policy::types::{self, Refusal};
use crate::state::State;

/// The most rows that one page has. A page of long purls stays under 64 KiB, so a small plugin can
/// hold one without growing its memory.
const MAX_PAGE: u32 = 256;

/// The most bytes that one slice has: one page of WebAssembly memory.
const MAX_SLICE: u32 = 64 << 10;

/// How far the host vouches for a signature: none is only accepted.
const VERIFIED: &str = "verified";

/// Why a question got no answer.
pub enum NoAnswer {
    /// The plugin is told, and goes on.
    Refused(Refusal),
    /// The plugin ends: a spent budget, or a handle that it does not hold.
    Trapped(wasmtime::Error),
}

impl From<wasmtime::Error> for NoAnswer {
    fn from(error: wasmtime::Error) -> Self {
        Self::Trapped(error)
    }
}

type Answer<T> = Result<T, NoAnswer>;

fn invalid<T>(why: impl Into<String>) -> Answer<T> {
    Err(NoAnswer::Refused(Refusal::Invalid(why.into())))
}

fn out_of_range<T>(why: impl Into<String>) -> Answer<T> {
    Err(NoAnswer::Refused(Refusal::OutOfRange(why.into())))
}

fn malformed<T>(why: impl Into<String>) -> Answer<T> {
    Err(NoAnswer::Refused(Refusal::Malformed(why.into())))
}

impl types::Host for State {
    fn convert_refusal(&mut self, error: NoAnswer) -> wasmtime::Result<Refusal> {
        match error {
            NoAnswer::Refused(refusal) => Ok(refusal),
            NoAnswer::Trapped(error) => Err(error),
        }
    }
}

impl State {
    /// What a handle stands for.
    fn at<T: Clone + 'static>(&self, handle: &Resource<T>) -> wasmtime::Result<T> {
        self.table.get(handle).cloned().map_err(|error| self.handle_error(&error))
    }

    fn at_mut<T: 'static>(&mut self, handle: &Resource<T>) -> wasmtime::Result<&mut T> {
        if let Err(error) = self.table.get(handle) {
            return Err(self.handle_error(&error));
        }
        self.table.get_mut(handle).map_err(|error| wasmtime::Error::msg(error.to_string()))
    }

    fn hand_out<T: Send + 'static>(&mut self, value: T) -> wasmtime::Result<Resource<T>> {
        let pushed: Result<_, ResourceTableError> = self.table.push(value);
        pushed.map_err(|error| self.handle_error(&error))
    }

    fn take_back<T: 'static>(&mut self, handle: Resource<T>) -> wasmtime::Result<()> {
        self.table.delete(handle).map(drop).map_err(|error| self.handle_error(&error))
    }

    /// Hands a string over, charged.
    fn text(&mut self, text: &str) -> wasmtime::Result<String> {
        self.charge_bytes(text.len())?;
        Ok(text.to_owned())
    }

    fn names(&mut self, signers: &[Signer]) -> wasmtime::Result<Vec<String>> {
        signers.iter().map(|signer| self.text(signer.name())).collect()
    }

    fn keys(&mut self, signers: &[Signer]) -> wasmtime::Result<Vec<String>> {
        signers.iter().map(|signer| self.text(signer.key())).collect()
    }

    /// Refuses what the plugin did not declare: its description is the proof of what it reads.
    fn declared(&self, kind: Kind) -> Answer<()> {
        self.scoped(kind.as_str())
    }

    /// Refuses what the plugin cannot look at with its settings.
    fn scoped(&self, word: &str) -> Answer<()> {
        if self.may_read(word) {
            Ok(())
        } else {
            Err(NoAnswer::Refused(Refusal::Undeclared(word.to_owned())))
        }
    }
}

/// Which of `len` rows a page has; empty at the end.
fn page_of(len: usize, start: u32, max: u32) -> Answer<Range<usize>> {
    page_size(max)?;
    let start = (start as usize).min(len);
    Ok(start..len.min(start + max as usize))
}

fn page_size(max: u32) -> Answer<usize> {
    if (1..=MAX_PAGE).contains(&max) {
        Ok(max as usize)
    } else {
        out_of_range(format!("a page has 1 to {MAX_PAGE} rows, and {max} were asked for"))
    }
}

/// How many there are of what is never more than files can be listed.
fn count_of(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}
