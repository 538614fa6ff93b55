//! Reads a zip (APPNOTE 6.3): its directory, and what it lists.
//!
//! The directory at the end says what there is, and is what is listed. Each file's own header, in
//! front of it, says the same once more, and readers that stream see only that: where the two differ,
//! the archive is ambiguous.

mod directory;
mod field;
mod local;

use flate2::{Decompress, FlushDecompress, Status};

use super::ambiguity::Code;
use super::caps::Meter;
use super::entry::EntryKind;
use super::listing::{Content, Found, Listing, MAX_PATH};
use super::unreadable::{Stop, Unreadable, damaged};
use directory::{Directory, Record};
use field::Fields;
use local::Extent;

/// How a file's own header begins, and the end of an empty archive.
const LOCAL: &[u8] = b"PK\x03\x04";
const END: &[u8] = b"PK\x05\x06";

/// How much is inflated at once.
const PIECE: usize = 64 << 10;

/// The methods that are read: stored and deflated.
const STORED: u16 = 0;
const DEFLATED: u16 = 8;

/// Whether a file begins as a zip does.
pub(super) fn begins(beginning: &[u8]) -> bool {
    beginning.starts_with(LOCAL) || beginning.starts_with(END)
}

/// Reads all that the directory of a zip lists.
pub(super) fn read(bytes: &[u8], listing: &mut Listing, meter: &mut Meter) -> Result<(), Stop> {
    meter.compressed(bytes.len() as u64);
    let directory = Directory::find(bytes)?;
    for detail in &directory.doubts {
        listing.flag(Code::ConflictingHeader, None, *detail);
    }
    if directory.trailing > 0 {
        let detail = format!("{} bytes stand behind its end", directory.trailing);
        listing.flag(Code::TrailingData, None, detail);
    }
    let mut files: Vec<(Record, Extent)> = Vec::new();
    let mut fields = Fields::new(bytes, directory.records.clone());
    while !fields.is_empty() {
        let record = Record::read(&mut fields)?;
        let extent = local::read(bytes, &record, directory.records.start, listing)?;
        files.push((record, extent));
        listing.has_room_for(files.len() as u64)?;
    }
    let count = files.len() as u64;
    if count != directory.count {
        let stated = directory.count;
        let detail = format!("its directory has {count} entries, and its end states {stated}");
        listing.flag(Code::ConflictingHeader, None, detail);
    }
    // Before anything is inflated, for bombs lay their files over each other.
    let mut extents: Vec<&Extent> = files.iter().map(|(_, extent)| extent).collect();
    extents.sort_by_key(|extent| extent.from);
    gaps(bytes, &extents, directory.records.start, listing)?;
    for (record, extent) in &files {
        entry(bytes, record, extent, listing, meter)?;
    }
    Ok(())
}

/// Looks at what lies between what the directory lists.
fn gaps(
    bytes: &[u8],
    extents: &[&Extent],
    directory: usize,
    listing: &mut Listing,
) -> Result<(), Stop> {
    let (mut end, mut hidden, mut unlisted) = (0, 0_usize, 0_usize);
    let starts = extents.iter().map(|extent| (extent.from, extent.to));
    for (from, to) in starts.chain([(directory, directory)]) {
        if from < end {
            let reason = "two of its files lie over each other, as in a bomb";
            return Err(damaged(from as u64, reason).into());
        }
        if from > end {
            hidden += from - end;
            unlisted += usize::from(bytes.get(end..).is_some_and(|gap| gap.starts_with(LOCAL)));
        }
        end = to;
    }
    if unlisted > 0 {
        let detail = "a file stands in it that its directory does not list";
        listing.flag(Code::ConflictingHeader, None, detail);
    }
    if hidden > 0 {
        let detail = format!("{hidden} bytes stand between its files and belong to none");
        listing.flag(Code::TrailingData, None, detail);
    }
    Ok(())
}

/// Lists one file of the directory.
fn entry(
    bytes: &[u8],
    record: &Record,
    extent: &Extent,
    listing: &mut Listing,
    meter: &mut Meter,
) -> Result<(), Stop> {
    let name = record.path();
    for (code, detail) in record.doubts() {
        listing.flag(code, Some(name), detail);
    }
    let data = bytes.get(extent.data.clone()).unwrap_or_default();
    let kind = record.kind();
    let mut link = None;
    let content = match (kind, record.obstacle()) {
        (EntryKind::File, Some(what)) => Content::Unsupported(what),
        (EntryKind::File, None) => {
            let mut body = listing.body(record.size);
            inflate(record, data, meter, |piece| body.update(piece))?;
            Content::Read(body)
        }
        (EntryKind::Symlink, Some(what)) => {
            return Err(damaged(extent.from as u64, format!("a link {what}")).into());
        }
        (EntryKind::Symlink, None) => {
            if record.size > MAX_PATH as u64 {
                let cap = MAX_PATH as u64;
                return Err(Unreadable::TooMany { what: "bytes in one path", cap }.into());
            }
            let mut target = Vec::new();
            inflate(record, data, meter, |piece| target.extend_from_slice(piece))?;
            link = Some(target);
            Content::None
        }
        _ => {
            if record.size > 0 {
                let detail = "it is a folder by its name or mode, and holds something";
                listing.flag(Code::ConflictingHeader, Some(name), detail);
            } else if !data.is_empty() && record.obstacle().is_none() {
                // Java compresses even the nothing that a folder holds.
                inflate(record, data, meter, |_| {})?;
            }
            Content::None
        }
    };
    listing.push(Found {
        name: name.to_vec(),
        kind,
        size: if kind == EntryKind::File { record.size } else { 0 },
        mode: record.mode(),
        owner: record.owner,
        link,
        content,
    })?;
    Ok(())
}

/// Brings out what a file holds: as many bytes as it states, with the checksum that it states.
fn inflate(
    record: &Record,
    data: &[u8],
    meter: &mut Meter,
    mut each: impl FnMut(&[u8]),
) -> Result<(), Stop> {
    let wrong = |reason: &str| Stop::from(damaged(record.local as u64, reason));
    let mut crc = crc32fast::Hasher::new();
    let mut size = 0_u64;
    let mut take = |piece: &[u8]| -> Result<(), Stop> {
        meter.inflated(piece.len() as u64)?;
        size += piece.len() as u64;
        if size > record.size {
            return Err(wrong("a file inflates to more bytes than it states"));
        }
        crc.update(piece);
        each(piece);
        Ok(())
    };
    if record.method == STORED {
        take(data)?;
    } else {
        deflated(data, &mut take, &wrong)?;
    }
    if size != record.size {
        return Err(wrong("a file inflates to fewer bytes than it states"));
    }
    if crc.finalize() != record.crc {
        return Err(wrong("a file has another checksum than it states"));
    }
    Ok(())
}

fn deflated(
    data: &[u8],
    take: &mut impl FnMut(&[u8]) -> Result<(), Stop>,
    wrong: &impl Fn(&str) -> Stop,
) -> Result<(), Stop> {
    let mut inflater = Decompress::new(false);
    let mut room = vec![0; PIECE];
    loop {
        let (read, written) = (inflater.total_in(), inflater.total_out());
        let rest = usize::try_from(read).ok().and_then(|read| data.get(read..)).unwrap_or_default();
        let status = inflater
            .decompress(rest, &mut room, FlushDecompress::None)
            .map_err(|_| wrong("a file cannot be inflated"))?;
        let length = usize::try_from(inflater.total_out() - written).unwrap_or(0);
        take(room.get(..length).unwrap_or_default())?;
        if status == Status::StreamEnd {
            break;
        }
        if length == 0 && inflater.total_in() == read {
            return Err(wrong("a file ends before all of it is inflated"));
        }
    }
    if inflater.total_in() != data.len() as u64 {
        return Err(wrong("something stands in a file behind the end of what is compressed"));
    }
    Ok(())
}
