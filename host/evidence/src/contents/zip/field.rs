//! The numbers and texts of a zip, one after the other, in little-endian order.

use std::ops::Range;

use super::super::unreadable::{Unreadable, damaged};

/// A part of a zip that is read front to back.
#[derive(Debug, Clone)]
pub(super) struct Fields<'b> {
    bytes: &'b [u8],
    at: usize,
    end: usize,
}

impl<'b> Fields<'b> {
    /// The part in this range, as far as it lies in the bytes.
    pub(super) fn new(bytes: &'b [u8], range: Range<usize>) -> Self {
        let end = range.end.min(bytes.len());
        Self { bytes, at: range.start.min(end), end }
    }

    /// Where the next field stands, in bytes.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn is_empty(&self) -> bool {
        self.at == self.end
    }

    /// So many bytes.
    pub(super) fn take(&mut self, length: usize) -> Result<&'b [u8], Unreadable> {
        let rest = self.bytes.get(self.at..self.end).unwrap_or_default();
        let taken =
            rest.get(..length).ok_or_else(|| damaged(self.at as u64, "it ends too early"))?;
        self.at += length;
        Ok(taken)
    }

    /// All that is left.
    pub(super) fn rest(&mut self) -> &'b [u8] {
        let rest = self.bytes.get(self.at..self.end).unwrap_or_default();
        self.at = self.end;
        rest
    }

    /// These very bytes.
    pub(super) fn expect(&mut self, magic: &[u8], what: &str) -> Result<(), Unreadable> {
        let at = self.at as u64;
        if self.take(magic.len())? == magic {
            Ok(())
        } else {
            Err(damaged(at, format!("no {what} stands there")))
        }
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Unreadable> {
        let at = self.at as u64;
        let bytes = self.take(N)?;
        bytes.try_into().map_err(|_| damaged(at, "it ends too early"))
    }

    pub(super) fn u8(&mut self) -> Result<u8, Unreadable> {
        self.array().map(u8::from_le_bytes)
    }

    pub(super) fn u16(&mut self) -> Result<u16, Unreadable> {
        self.array().map(u16::from_le_bytes)
    }

    pub(super) fn u32(&mut self) -> Result<u32, Unreadable> {
        self.array().map(u32::from_le_bytes)
    }

    pub(super) fn u64(&mut self) -> Result<u64, Unreadable> {
        self.array().map(u64::from_le_bytes)
    }
}

/// One of the fields that extend a header: its number and its data. What is cut off is left out, as
/// Android's alignment of files makes it.
pub(super) fn extras(extra: &[u8]) -> impl Iterator<Item = (u16, Fields<'_>)> {
    let mut fields = Fields::new(extra, 0..extra.len());
    std::iter::from_fn(move || {
        let (number, length) = (fields.u16().ok()?, fields.u16().ok()?);
        let data = fields.take(usize::from(length)).ok()?;
        Some((number, Fields::new(data, 0..data.len())))
    })
}

/// The field that has what does not fit into 32 bits.
pub(super) const ZIP64: u16 = 0x0001;
/// Info-ZIP's name in UTF-8, with the checksum of the name that it is for.
pub(super) const UNICODE_PATH: u16 = 0x7075;
/// Info-ZIP's owner.
pub(super) const OWNER: u16 = 0x7875;
/// Encryption by AES.
pub(super) const AES: u16 = 0x9901;
