//! Reads a tar: POSIX `ustar` and pax, GNU, and what was there before.

mod doubt;
mod header;
mod kind;
mod name;
mod pax;

use super::ambiguity::Code;
use super::entry::EntryKind;
use super::listing::{Content, Found, Listing};
use super::source::Stream;
use super::unreadable::{Stop, Unreadable, damaged};
use doubt::Doubts;
use header::{BLOCK, Block, Header, goes_on, is_header};
use kind::Kind;
use pax::Extended;

/// The most bytes of one extended header or long name. Paths have some hundred.
const MAX_EXTENDED: u64 = 1 << 20;

/// How much of a file is read at once.
const PIECE: usize = 64 << 10;

const ZERO: Block = [0; BLOCK];

/// Whether a file begins as a tar does.
pub(super) fn begins(beginning: &[u8]) -> bool {
    beginning.first_chunk().is_some_and(is_header)
}

/// Whether a file begins as a tar without entries does.
pub(super) fn may_be_empty(beginning: &[u8]) -> bool {
    beginning.first_chunk() == Some(&ZERO)
}

/// Reads all entries of a tar, and on to the end of the stream. The error is
/// [`Unreadable::NoArchive`] where not even its first block is one of a tar.
pub(super) fn read(stream: &mut impl Stream, listing: &mut Listing) -> Result<(), Stop> {
    let mut tar = Tar { stream, at: 0, piece: vec![0; PIECE] };
    let (mut global, mut front) = (Extended::default(), Front::default());
    let mut count = 0_u64;
    loop {
        let at = tar.at;
        let Some(block) = tar.block()? else { break };
        if block == ZERO {
            if front.stands() {
                return Err(damaged(at, "an extended header has no entry behind it").into());
            }
            return tar.end(listing, count == 0);
        }
        if !is_header(&block) {
            if at == 0 {
                return Err(Unreadable::NoArchive.into());
            }
            return Err(damaged(at, "no header with a valid checksum stands there").into());
        }
        let header = Header::read(&block, at)?;
        match header.kind {
            b'g' => {
                let records = tar.extended(header.size)?;
                global.read(&records, at)?;
                if global.says_something() {
                    let detail = "a global extended header states more than a comment, which some \
                                  readers pass over";
                    listing.flag(Code::ConflictingHeader, None, detail);
                }
            }
            b'x' | b'X' => {
                let records = tar.extended(header.size)?;
                front.is_twice |= front.extended.is_some() || header.kind == b'X';
                front.extended.get_or_insert_default().read(&records, at)?;
            }
            b'L' => front.is_twice |= front.name.replace(tar.long(header.size)?).is_some(),
            b'K' => front.is_twice |= front.link.replace(tar.long(header.size)?).is_some(),
            _ => {
                tar.entry(&header, std::mem::take(&mut front), &global, listing)?;
                count += 1;
            }
        }
    }
    if front.stands() {
        return Err(damaged(tar.at, "an extended header has no entry behind it").into());
    }
    if tar.at == 0 { Err(Unreadable::NoArchive.into()) } else { Ok(()) }
}

/// What stands in front of an entry's header.
#[derive(Debug, Default)]
struct Front {
    extended: Option<Extended>,
    /// GNU's long name, and long target of a link.
    name: Option<Vec<u8>>,
    link: Option<Vec<u8>>,
    /// Whether anything stands there twice, or in a form that not all readers know.
    is_twice: bool,
}

impl Front {
    fn stands(&self) -> bool {
        self.extended.is_some() || self.name.is_some() || self.link.is_some()
    }
}

/// A tar while it is read.
struct Tar<'s, S> {
    stream: &'s mut S,
    /// How many bytes were read.
    at: u64,
    piece: Vec<u8>,
}

impl<S: Stream> Tar<'_, S> {
    /// Fills the room, as far as there is anything.
    fn fill(&mut self, room: &mut [u8]) -> Result<usize, Stop> {
        let mut filled = 0;
        while let Some(rest) = room.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match self.stream.read(rest)? {
                0 => break,
                length => filled += length,
            }
        }
        self.at = self.at.saturating_add(filled as u64);
        Ok(filled)
    }

    /// The next block; none at the end.
    fn block(&mut self) -> Result<Option<Block>, Stop> {
        let mut block = ZERO;
        match self.fill(&mut block)? {
            0 => Ok(None),
            BLOCK => Ok(Some(block)),
            _ if self.at < BLOCK as u64 => Err(Unreadable::NoArchive.into()),
            _ => Err(damaged(self.at, "it ends inside a block").into()),
        }
    }

    /// Reads what stands behind a header, and what fills its last block.
    fn content(&mut self, size: u64, mut each: impl FnMut(&[u8])) -> Result<(), Stop> {
        let mut piece = std::mem::take(&mut self.piece);
        let mut left = size;
        while left > 0 {
            let most = usize::try_from(left).unwrap_or(PIECE).min(PIECE);
            let room = piece.get_mut(..most).unwrap_or_default();
            let length = self.fill(room)?;
            if length < most {
                return Err(damaged(self.at, "it ends inside a file").into());
            }
            each(room);
            left -= length as u64;
        }
        let odd = usize::try_from(size % BLOCK as u64).unwrap_or(0);
        if odd > 0 {
            let room = piece.get_mut(..BLOCK - odd).unwrap_or_default();
            if self.fill(room)? < BLOCK - odd {
                return Err(damaged(self.at, "it ends inside a block").into());
            }
        }
        self.piece = piece;
        Ok(())
    }

    /// What stands behind the header of an extended header.
    fn extended(&mut self, size: u64) -> Result<Vec<u8>, Stop> {
        if size > MAX_EXTENDED {
            let reason = format!("an extended header has more than {MAX_EXTENDED} bytes");
            return Err(damaged(self.at, reason).into());
        }
        let mut bytes = Vec::new();
        self.content(size, |piece| bytes.extend_from_slice(piece))?;
        Ok(bytes)
    }

    /// A long name or target.
    fn long(&mut self, size: u64) -> Result<Vec<u8>, Stop> {
        let mut bytes = self.extended(size)?;
        // What stands behind the NUL no reader shows.
        bytes.truncate(bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len()));
        Ok(bytes)
    }

    /// Behind the first of the two blocks of zeros that end an archive.
    fn end(&mut self, listing: &mut Listing, is_empty: bool) -> Result<(), Stop> {
        let mut piece = std::mem::take(&mut self.piece);
        let mut trailing = false;
        loop {
            let length = self.fill(&mut piece)?;
            if length == 0 {
                break;
            }
            trailing |= piece.get(..length).is_some_and(|piece| piece.iter().any(|b| *b != 0));
        }
        if trailing && is_empty {
            return Err(Unreadable::NoArchive.into());
        }
        if trailing {
            let detail = "something stands behind the end of the archive, and is not listed";
            listing.flag(Code::TrailingData, None, detail);
        }
        Ok(())
    }

    /// An entry, whose header was read.
    fn entry(
        &mut self,
        header: &Header,
        front: Front,
        global: &Extended,
        listing: &mut Listing,
    ) -> Result<(), Stop> {
        let mut doubts = Doubts::default();
        let is_link = matches!(header.kind, b'1' | b'2');
        let extended = front.extended.unwrap_or_default().over(global, is_link);
        let is_sparse = header.kind == b'S' || extended.is_sparse;
        let size = extended.size.unwrap_or(header.size);
        let whole = extended.sparse_path.as_ref().or(extended.path.as_ref());
        let name = doubts.whole("path", &header.name, front.name, whole);
        let link = is_link
            .then(|| doubts.whole("target", &header.link, front.link, extended.link.as_ref()));
        let kind = Kind::of(header.kind, &name)
            .ok_or_else(|| damaged(header.at, "it is a part of an archive of several volumes"))?;
        doubts.stated_twice(header, front.is_twice, &extended);
        doubts.kind(&kind, size, is_sparse);
        for (code, detail) in doubts.all() {
            listing.flag(code, Some(&name), detail);
        }
        let mut map_goes_on = header.map_goes_on;
        while map_goes_on {
            let block = self.block()?.ok_or_else(|| damaged(self.at, "it ends inside a map"))?;
            map_goes_on = goes_on(&block);
        }
        let is_file = kind.kind == EntryKind::File;
        let content = if is_file && !is_sparse {
            let mut body = listing.body(size);
            self.content(size, |piece| body.update(piece))?;
            Content::Read(body)
        } else {
            self.content(if kind.has_content { size } else { 0 }, |_| {})?;
            if is_file { Content::Unsupported("is sparse") } else { Content::None }
        };
        let whole_size = match header.kind {
            b'S' => header.real_size,
            _ => extended.real_size.filter(|_| is_sparse).unwrap_or(size),
        };
        listing.push(Found {
            name,
            kind: kind.kind,
            size: if is_file { whole_size } else { 0 },
            mode: header.mode,
            owner: extended.uid.or(header.uid).zip(extended.gid.or(header.gid)),
            link,
            content,
        })?;
        Ok(())
    }
}
