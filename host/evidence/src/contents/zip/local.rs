//! A file's own header, held against what the directory says of it.

use std::ops::Range;

use super::super::ambiguity::Code;
use super::super::listing::Listing;
use super::super::unreadable::{Unreadable, damaged};
use super::LOCAL;
use super::directory::{DESCRIPTOR, ENCRYPTED, Record, UTF_8, large};
use super::field::Fields;

/// How a descriptor begins, where it has a beginning.
const DESCRIPTOR_MAGIC: &[u8] = b"PK\x07\x08";

/// Where a file lies.
#[derive(Debug)]
pub(super) struct Extent {
    /// From its header to its descriptor.
    pub(super) from: usize,
    pub(super) to: usize,
    /// What it holds, as it is stored.
    pub(super) data: Range<usize>,
}

/// Reads the header of a file before the directory begins.
pub(super) fn read(
    bytes: &[u8],
    record: &Record,
    directory: usize,
    listing: &mut Listing,
) -> Result<Extent, Unreadable> {
    let from = record.local;
    let mut fields = Fields::new(bytes, from..directory);
    fields.expect(LOCAL, "header of a file")?;
    let _needed = fields.u16()?;
    let (flags, method, _time) = (fields.u16()?, fields.u16()?, fields.u32()?);
    let (crc, compressed, size) = (fields.u32()?, fields.u32()?, fields.u32()?);
    let lengths = [fields.u16()?, fields.u16()?].map(usize::from);
    let (name, extra) = (fields.take(lengths[0])?, fields.take(lengths[1])?);
    let mut numbers = [size, compressed].map(u64::from);
    large(extra, &mut numbers)
        .ok_or_else(|| damaged(from as u64, "what does not fit into a header is missing"))?;
    let mut differ = Vec::new();
    if name != record.name {
        differ.push("name");
    }
    if method != record.method {
        differ.push("method");
    }
    const COUNT: u16 = ENCRYPTED | UTF_8;
    if (flags ^ record.flags) & COUNT != 0 {
        differ.push("flags");
    }
    // Who streams states zeros here, and the numbers behind the file.
    let is_streamed = flags & DESCRIPTOR != 0;
    let agrees = |own: u64, listed: u64| own == listed || (is_streamed && own == 0);
    if !agrees(crc.into(), record.crc.into()) {
        differ.push("checksum");
    }
    if !agrees(numbers[0], record.size) || !agrees(numbers[1], record.compressed) {
        differ.push("size");
    }
    let start = fields.at();
    let end = usize::try_from(record.compressed).ok().and_then(|size| start.checked_add(size));
    let end = end.filter(|end| *end <= directory);
    let end = end.ok_or_else(|| damaged(from as u64, "a file reaches beyond what is there"))?;
    let to = if is_streamed {
        let descriptor = descriptor(bytes, end..directory, record);
        if descriptor.is_none() {
            differ.push("descriptor");
        }
        descriptor.unwrap_or(end)
    } else {
        end
    };
    for what in differ {
        let detail = format!("its {what} differs between its header and the directory");
        listing.flag(Code::ConflictingHeader, Some(record.path()), detail);
    }
    Ok(Extent { from, to, data: start..end })
}

/// Where the descriptor ends that says what the directory says, in any of its four forms.
fn descriptor(bytes: &[u8], range: Range<usize>, record: &Record) -> Option<usize> {
    let mut fields = Fields::new(bytes, range);
    let mut behind = fields.clone();
    if behind.take(DESCRIPTOR_MAGIC.len()).ok() == Some(DESCRIPTOR_MAGIC) {
        fields = behind;
    }
    let small = |mut fields: Fields| {
        let stated = (fields.u32().ok()?, fields.u32().ok()?.into(), fields.u32().ok()?.into());
        Some((stated, fields.at()))
    };
    let large = |mut fields: Fields| {
        let stated = (fields.u32().ok()?, fields.u64().ok()?, fields.u64().ok()?);
        Some((stated, fields.at()))
    };
    let listed = (record.crc, record.compressed, record.size);
    let found = [small(fields.clone()), large(fields)];
    found.into_iter().flatten().find(|(stated, _)| *stated == listed).map(|(_, end)| end)
}
