//! The directory at the end of a zip, and where it is.

use std::ops::Range;

use super::super::ambiguity::Code;
use super::super::entry::EntryKind;
use super::super::unreadable::{Unreadable, damaged};
use super::field::{AES, Fields, OWNER, UNICODE_PATH, ZIP64, extras};
use super::{DEFLATED, END, STORED};

/// The size of the end without its comment, and with the longest.
const END_SIZE: usize = 22;
const MAX_END: usize = END_SIZE + u16::MAX as usize;

/// What stands in a field where the number does not fit into it.
const FULL_16: u64 = 0xffff;
const FULL_32: u64 = 0xffff_ffff;

const END_64: &[u8] = b"PK\x06\x06";
const LOCATOR_64: &[u8] = b"PK\x06\x07";
const LOCATOR_SIZE: usize = 20;
const RECORD: &[u8] = b"PK\x01\x02";

/// A directory, and what is odd about where it is.
#[derive(Debug)]
pub(super) struct Directory {
    /// Where its records are.
    pub(super) records: Range<usize>,
    /// How many its end says there are.
    pub(super) count: u64,
    /// How many bytes stand behind the end.
    pub(super) trailing: usize,
    pub(super) doubts: Vec<&'static str>,
}

/// What an end says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stated {
    count: u64,
    size: u64,
    start: u64,
}

impl Directory {
    /// Finds the directory from the end.
    pub(super) fn find(bytes: &[u8]) -> Result<Self, Unreadable> {
        let first = bytes.len().saturating_sub(MAX_END);
        let tail = bytes.get(first..).unwrap_or_default();
        let ends = memchr::memmem::rfind_iter(tail, END).map(|at| first + at);
        let mut ends = ends.filter(|at| at + END_SIZE <= bytes.len());
        let at = ends.next().ok_or_else(|| {
            damaged(bytes.len() as u64, "it ends without the end of a directory, or is cut off")
        })?;
        let mut doubts = Vec::new();
        // Most readers take the last, and some the one whose comment reaches to the end. An archive
        // that lies in another has an end of its own, whose comment does not.
        let reaches = |at: usize| {
            let comment = bytes.get(at + END_SIZE - 2..at + END_SIZE).unwrap_or_default();
            let length = comment.iter().rev().fold(0, |sum, byte| (sum << 8) | usize::from(*byte));
            at + END_SIZE + length == bytes.len()
        };
        if ends.any(reaches) {
            doubts.push("it has more than one end, and readers take one or the other");
        }
        let mut fields = Fields::new(bytes, at + END.len()..bytes.len());
        let disks = [fields.u16()?, fields.u16()?];
        let counts = [fields.u16()?, fields.u16()?];
        let (size, start, comment) = (fields.u32()?, fields.u32()?, fields.u16()?);
        let trailing = (bytes.len() - fields.at()).checked_sub(usize::from(comment));
        if trailing.is_none() {
            doubts.push("the comment at its end is shorter than its end states");
        }
        let mut stated = Stated { count: counts[1].into(), size: size.into(), start: start.into() };
        let mut end = at;
        let is_full = stated.size == FULL_32 || stated.start == FULL_32;
        if let Some((at_64, larger)) = end_64(bytes, at)? {
            end = at_64;
            let agrees = |small: u64, large: u64, full: u64| small == full || small == large;
            if !(agrees(stated.count, larger.count, FULL_16)
                && agrees(stated.size, larger.size, FULL_32)
                && agrees(stated.start, larger.start, FULL_32))
            {
                doubts.push("its two ends state two directories");
            }
            stated = larger;
        } else if is_full {
            return Err(damaged(at as u64, "its end for large archives is missing"));
        } else if disks != [0, 0] || counts[0] != counts[1] {
            return Err(damaged(at as u64, "it is a part of an archive of several volumes"));
        }
        let start = usize::try_from(stated.start).ok().filter(|start| *start <= end);
        let size = usize::try_from(stated.size).ok();
        let records = start.zip(size).filter(|(start, size)| end - start == *size);
        let (start, _) = records.ok_or_else(|| {
            damaged(at as u64, "its directory does not lie where its end says, right before it")
        })?;
        let trailing = trailing.unwrap_or(0);
        Ok(Self { records: start..end, count: stated.count, trailing, doubts })
    }
}

/// The end for large archives in front of an end, if there is one: where it stands and what it says.
fn end_64(bytes: &[u8], end: usize) -> Result<Option<(usize, Stated)>, Unreadable> {
    let Some(at) = end.checked_sub(LOCATOR_SIZE) else { return Ok(None) };
    let mut locator = Fields::new(bytes, at..end);
    if locator.take(LOCATOR_64.len())? != LOCATOR_64 {
        return Ok(None);
    }
    let (disk, start, disks) = (locator.u32()?, locator.u64()?, locator.u32()?);
    let start = usize::try_from(start).ok().filter(|start| *start < at);
    let start = start.filter(|_| disk == 0 && disks <= 1);
    let start =
        start.ok_or_else(|| damaged(at as u64, "its end for large archives is elsewhere"))?;
    let mut fields = Fields::new(bytes, start..at);
    fields.expect(END_64, "end for large archives")?;
    let size = fields.u64()?;
    if size != (at - fields.at()) as u64 {
        return Err(damaged(start as u64, "its end for large archives has another size"));
    }
    fields.take(12)?;
    let on_disk = fields.u64()?;
    let stated = Stated { count: fields.u64()?, size: fields.u64()?, start: fields.u64()? };
    if on_disk != stated.count {
        return Err(damaged(start as u64, "it is a part of an archive of several volumes"));
    }
    Ok(Some((start, stated)))
}

/// What the directory says of one file.
#[derive(Debug)]
pub(super) struct Record<'b> {
    /// The system that made it, which says what `attributes` are.
    made_by: u8,
    pub(super) flags: u16,
    pub(super) method: u16,
    pub(super) crc: u32,
    pub(super) compressed: u64,
    pub(super) size: u64,
    pub(super) name: &'b [u8],
    attributes: u32,
    /// Where its own header stands.
    pub(super) local: usize,
    pub(super) owner: Option<(u64, u64)>,
    /// Info-ZIP's name in UTF-8, and whether it is for this name.
    unicode: Option<(&'b [u8], bool)>,
    is_aes: bool,
}

/// The flags that count here.
pub(super) const ENCRYPTED: u16 = 1;
pub(super) const DESCRIPTOR: u16 = 1 << 3;
const PATCHED: u16 = 1 << 5;
const STRONGLY_ENCRYPTED: u16 = 1 << 6;
pub(super) const UTF_8: u16 = 1 << 11;
const MASKED: u16 = 1 << 13;

/// Systems whose attributes have Unix's mode in their upper half.
const UNIX: [u8; 2] = [3, 19];

/// The kinds of a mode.
const KIND: u32 = 0o170_000;
const FOLDER: u32 = 0o040_000;
const LINK: u32 = 0o120_000;

impl<'b> Record<'b> {
    /// Reads the next record.
    pub(super) fn read(fields: &mut Fields<'b>) -> Result<Self, Unreadable> {
        let at = fields.at() as u64;
        fields.expect(RECORD, "record of its directory")?;
        let [_, made_by] = fields.u16()?.to_le_bytes();
        let _needed = fields.u16()?;
        let (flags, method, _time) = (fields.u16()?, fields.u16()?, fields.u32()?);
        let (crc, compressed, size) = (fields.u32()?, fields.u32()?, fields.u32()?);
        let lengths = [fields.u16()?, fields.u16()?, fields.u16()?].map(usize::from);
        let (disk, _internal) = (fields.u16()?, fields.u16()?);
        let (attributes, local) = (fields.u32()?, fields.u32()?);
        let (name, extra) = (fields.take(lengths[0])?, fields.take(lengths[1])?);
        fields.take(lengths[2])?;
        if disk != 0 && disk != u16::MAX {
            return Err(damaged(at, "it is a part of an archive of several volumes"));
        }
        let mut numbers = [size, compressed, local].map(u64::from);
        large(extra, &mut numbers).ok_or_else(|| damaged(at, "what does not fit is missing"))?;
        let [size, compressed, local] = numbers;
        let local = usize::try_from(local).map_err(|_| damaged(at, "a file lies outside of it"))?;
        let find =
            |wanted| extras(extra).find(|(number, _)| *number == wanted).map(|(_, data)| data);
        Ok(Self {
            made_by,
            flags,
            method,
            crc,
            compressed,
            size,
            name,
            attributes,
            local,
            owner: find(OWNER).and_then(owner),
            unicode: find(UNICODE_PATH).and_then(|data| unicode(data, name)),
            is_aes: find(AES).is_some(),
        })
    }

    /// The path: Info-ZIP's name where there is one that is for this name.
    pub(super) fn path(&self) -> &'b [u8] {
        match self.unicode {
            Some((path, true)) => path,
            _ => self.name,
        }
    }

    /// The permission bits, where a system states them that has any.
    pub(super) fn mode(&self) -> Option<u32> {
        self.unix().map(|mode| mode & 0o7777)
    }

    fn unix(&self) -> Option<u32> {
        let mode = self.attributes >> 16;
        (UNIX.contains(&self.made_by) && mode != 0).then_some(mode)
    }

    /// What it is: by its name a folder, by its mode a folder or a link, and else a file. A zip that
    /// was made from a pipe says that it holds one, and readers make a file of it.
    pub(super) fn kind(&self) -> EntryKind {
        match self.unix().map_or(0, |mode| mode & KIND) {
            _ if self.path().ends_with(b"/") => EntryKind::Directory,
            FOLDER => EntryKind::Directory,
            LINK => EntryKind::Symlink,
            _ => EntryKind::File,
        }
    }

    /// Why what it holds cannot be read, if so. A predicate.
    pub(super) fn obstacle(&self) -> Option<&'static str> {
        if self.flags & (ENCRYPTED | STRONGLY_ENCRYPTED | MASKED) != 0 || self.is_aes {
            Some("is encrypted")
        } else if self.flags & PATCHED != 0 {
            Some("is a patch of another file")
        } else if self.method != STORED && self.method != DEFLATED {
            Some("is compressed by a method that is not read")
        } else if self.method == STORED && self.size != self.compressed {
            Some("is stored, and has two sizes")
        } else {
            None
        }
    }

    /// In which ways it is ambiguous by itself.
    pub(super) fn doubts(&self) -> Vec<(Code, &'static str)> {
        let mut doubts = Vec::new();
        let is_folder = self.unix().map(|mode| mode & KIND).filter(|kind| *kind != 0);
        if is_folder.is_some_and(|kind| (kind == FOLDER) != self.path().ends_with(b"/")) {
            let detail = "its name says a folder and its mode something else, or the reverse";
            doubts.push((Code::ConflictingHeader, detail));
        }
        if self.path().contains(&b'\\') {
            let detail = "its path has a backslash, which some readers take for a separator";
            doubts.push((Code::EscapingPath, detail));
        }
        if self.path().contains(&0) {
            let detail = "its path has a NUL, at which some readers end it";
            doubts.push((Code::ConflictingName, detail));
        }
        match self.unicode {
            Some((path, is_for)) if !is_for || path != self.name => {
                let detail = "its name and its name in UTF-8 differ";
                doubts.push((Code::ConflictingName, detail));
            }
            None if !self.name.is_ascii()
                && self.flags & UTF_8 == 0
                && std::str::from_utf8(self.name).is_ok() =>
            {
                let detail = "its name does not say how it is encoded, and readers differ";
                doubts.push((Code::UnreadableName, detail));
            }
            _ => {}
        }
        doubts
    }
}

/// Puts in numbers that do not fit into 32 bits, in the order in which they stand. None where one is
/// missing.
pub(super) fn large<const N: usize>(extra: &[u8], numbers: &mut [u64; N]) -> Option<()> {
    let mut data = extras(extra).find(|(number, _)| *number == ZIP64).map(|(_, data)| data);
    for number in numbers.iter_mut().filter(|number| **number == FULL_32) {
        *number = data.as_mut()?.u64().ok()?;
    }
    Some(())
}

/// Version 1: the sizes of two numbers, and the numbers.
fn owner(mut data: Fields) -> Option<(u64, u64)> {
    let number = |data: &mut Fields| {
        let size = usize::from(data.u8().ok()?);
        let bytes = data.take(size).ok().filter(|bytes| bytes.len() <= 8)?;
        Some(bytes.iter().rev().fold(0, |number, byte| (number << 8) | u64::from(*byte)))
    };
    (data.u8().ok()? == 1).then_some(())?;
    Some((number(&mut data)?, number(&mut data)?))
}

/// Version 1: the checksum of the name that it is for, and the name in UTF-8.
fn unicode<'b>(mut data: Fields<'b>, name: &[u8]) -> Option<(&'b [u8], bool)> {
    (data.u8().ok()? == 1).then_some(())?;
    let crc = data.u32().ok()?;
    Some((data.rest(), crc == crc32fast::hash(name)))
}
