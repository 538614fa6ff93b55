//! Files that the policy file hands to the policy.
//!
//! A large list stays in the host: make it a [`Table`] and ask for the rows that matter.

use crate::bindings::lockgate::policy::data;
use crate::{Failure, reason};

pub use data::{File, Table};

/// The most bytes that one slice has.
const SLICE: u32 = 64 << 10;

/// What the policy file calls its files, sorted.
///
/// # Errors
///
/// The settings do not let the policy read `data`.
pub fn names() -> Result<Vec<String>, Failure> {
    Ok(data::names()?)
}

/// The file of this name.
///
/// # Errors
///
/// The policy file has none of it.
pub fn open(name: &str) -> Result<File, Failure> {
    data::open(name).map_err(|refusal| reason(refusal).into())
}

/// All bytes of a file. For what is small: it is copied into the policy's memory.
///
/// # Errors
///
/// It is in gzip and cannot be inflated.
pub fn read(file: &File) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    loop {
        let slice = file.read(bytes.len() as u64, SLICE)?;
        if slice.is_empty() {
            return Ok(bytes);
        }
        bytes.extend(slice);
    }
}
