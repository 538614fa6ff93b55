//! Files inside the artifact: a tar, with gzip or without, a zip, or an image in an OCI layout.
//!
//! [`Artifact::contents`](crate::Artifact::contents) makes one more pass over the handle that was
//! hashed, front to back. What is parsed is what is hashed, and it counts only if the digest is the
//! subject's. The pass leaves a listing, the digest of every file, and in memory what the files hold,
//! up to a cap.
//!
//! What may never happen here: anything that is written to disk, a file that is left out of the
//! listing, a file that a cap kept out and that is then passed over in a search, a choice between two
//! readings of an archive that is not told as an [`Ambiguity`].
//!
//! `tar` and `zip` read headers, `gzip` and `source` bring the bytes, `listing` collects what they
//! find and looks at the paths. To see who asks, go to `host/runtime`.

mod ambiguity;
mod caps;
mod entry;
mod gzip;
mod layers;
mod listing;
mod paths;
mod query;
mod search;
mod source;
mod tar;
mod unreadable;
mod zip;

use std::io::{self, Read};

use lockgate_model::{Digest, Text};

pub use ambiguity::{Ambiguity, Code};
pub use caps::Caps;
pub use entry::{Entry, EntryKind, NotHeld, UnknownEntryKind};
pub use query::{BadGlob, Glob, Narrowing, Query};
pub use search::{BadPattern, Hit, Search};
pub use unreadable::Unreadable;

use caps::Meter;
use entry::Held;
use gzip::{End, Gunzip};
pub(crate) use layers::of_image;
use listing::{Listing, Root};
pub(crate) use source::Seen;
use source::Source;
use unreadable::Stop;

/// What is inside an artifact.
#[derive(Debug)]
pub struct Contents {
    format: &'static str,
    // INVARIANT: as far as they are listed sorted by path, those of one path as in the archive; numbers
    // are places in it.
    entries: Vec<Entry>,
    /// How many are listed. What is behind them is searched alone.
    listed: usize,
    ambiguities: Vec<Ambiguity>,
    /// How many bytes may be held.
    cap: u64,
    /// How long paths are, on the average.
    path_length: usize,
}

impl Contents {
    /// `tar`, `tar-gzip`, `zip` or `oci-layout`.
    #[must_use]
    pub fn format(&self) -> &'static str {
        self.format
    }

    /// Every entry, by its number: ordered by path, and by place in the archive; layers come one
    /// after the other. The manifest and the config of an image are none: they have numbers behind
    /// those of the entries, and searches cover them.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        self.entries.get(..self.listed).unwrap_or_default()
    }

    /// The numbers of what is searched and not listed.
    fn documents(&self) -> impl Iterator<Item = u32> {
        (self.listed..self.entries.len()).filter_map(|id| u32::try_from(id).ok())
    }

    /// Every way in which it is ambiguous, sorted by code and path; of each code the first hundred,
    /// and how many more there are.
    #[must_use]
    pub fn ambiguities(&self) -> &[Ambiguity] {
        &self.ambiguities
    }

    fn path_length(&self) -> usize {
        self.path_length
    }

    /// All that a file holds.
    ///
    /// # Errors
    ///
    /// See [`NotHeld`].
    pub fn bytes(&self, id: u32) -> Result<&[u8], NotHeld> {
        let entry = self.entry(id)?;
        match &entry.held {
            Held::Bytes(bytes) => Ok(bytes),
            Held::Capped => Err(NotHeld::Capped {
                path: Text::escaped(&entry.path),
                what: "the files of the archive up to it",
                cap: self.cap,
            }),
            held => Err(nothing(entry, held)),
        }
    }

    /// The SHA-256 digest of what a file holds. Also of a file that is not held.
    ///
    /// # Errors
    ///
    /// See [`NotHeld`]; it is never [`NotHeld::Capped`].
    pub fn digest(&self, id: u32) -> Result<Digest, NotHeld> {
        let entry = self.entry(id)?;
        entry.digest.ok_or_else(|| nothing(entry, &entry.held))
    }

    /// One entry, or what has a number behind them.
    ///
    /// # Errors
    ///
    /// [`NotHeld::NoEntry`].
    pub fn entry(&self, id: u32) -> Result<&Entry, NotHeld> {
        self.entries.get(id as usize).ok_or(NotHeld::NoEntry { id })
    }
}

/// Why there is nothing to read at an entry.
fn nothing(entry: &Entry, held: &Held) -> NotHeld {
    let path = Text::escaped(&entry.path);
    match held {
        Held::Unsupported(what) => NotHeld::Unsupported { path, what },
        _ => NotHeld::NotAFile { path },
    }
}

/// How archives begin that are not read, and what they are.
const OTHERS: &[(&[u8], &str)] = &[
    (b"\xfd7zXZ\0", "compressed by xz"),
    (b"\x28\xb5\x2f\xfd", "compressed by zstd"),
    (b"BZh", "compressed by bzip2"),
    (b"\x04\x22\x4d\x18", "compressed by lz4"),
    (b"LZIP", "compressed by lzip"),
    (b"\x1f\x9d", "compressed by compress"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"!<arch>\n", "an ar archive, as Debian's packages are"),
    (b"\xed\xab\xee\xdb", "an RPM package"),
    (b"070701", "a cpio archive"),
    (b"070702", "a cpio archive"),
    (b"070707", "a cpio archive"),
];

/// Reads a file of so many bytes from a handle at its beginning, all of it, and tells what was seen.
///
/// # Errors
///
/// The handle cannot be read.
pub(crate) fn of_file(
    handle: impl Read,
    size: u64,
    caps: &Caps,
) -> io::Result<(Result<Contents, Unreadable>, Seen)> {
    let mut source = Source::new(handle, size);
    let contents = match file(&mut source, size, caps) {
        Ok(contents) => Ok(contents),
        Err(Stop::Unreadable(why)) => Err(why),
        Err(Stop::Broke(error)) => return Err(error),
    };
    // Whatever is wrong with the archive, the rest is read: only then is it known whose bytes it was.
    Ok((contents, source.finish()?))
}

fn file<R: Read>(source: &mut Source<R>, size: u64, caps: &Caps) -> Result<Contents, Stop> {
    let mut listing = Listing::new(caps);
    let mut meter = Meter::new(*caps);
    let format = match Format::of(source.peek()?)? {
        Format::Tar => {
            tar::read(source, &mut listing)?;
            "tar"
        }
        Format::Gzip => {
            unzipped(source, &mut listing, &mut meter)?;
            "tar-gzip"
        }
        Format::Zip if size > caps.zip => {
            return Err(Unreadable::TooMany { what: "bytes in a zip", cap: caps.zip }.into());
        }
        Format::Zip => {
            let bytes = source.all(size)?;
            zip::read(&bytes, &mut listing, &mut meter)?;
            "zip"
        }
    };
    listing.end_layer(Root::Folder, None);
    Ok(listing.finish(format))
}

/// Reads a tar that is compressed by gzip.
fn unzipped<R: Read>(
    source: &mut Source<R>,
    listing: &mut Listing,
    meter: &mut Meter,
) -> Result<(), Stop> {
    let mut gunzip = Gunzip::new(source, meter);
    tar::read(&mut gunzip, listing).map_err(|stop| match stop {
        Stop::Unreadable(Unreadable::NoArchive) => {
            Unreadable::Unsupported { what: "a gzip that holds no tar" }.into()
        }
        other => other,
    })?;
    if gunzip.end()? == End::Trailing {
        let detail = "bytes that are no gzip stand behind its end";
        listing.flag(Code::TrailingData, None, detail);
    }
    Ok(())
}

/// What is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Tar,
    Gzip,
    Zip,
}

impl Format {
    /// What begins so. Only its beginning counts, not what stands further on: one file has one
    /// format.
    fn of(beginning: &[u8]) -> Result<Self, Unreadable> {
        let is_tar = tar::begins(beginning);
        let (format, other) = if zip::begins(beginning) {
            (Self::Zip, "a zip")
        } else if beginning.starts_with(gzip::MAGIC) {
            (Self::Gzip, "a gzip")
        } else if is_tar || tar::may_be_empty(beginning) {
            return Ok(Self::Tar);
        } else {
            let other = OTHERS.iter().find(|(magic, _)| beginning.starts_with(magic));
            return Err(
                other.map_or(Unreadable::NoArchive, |(_, what)| Unreadable::Unsupported { what })
            );
        };
        if is_tar { Err(Unreadable::TwoFormats { other }) } else { Ok(format) }
    }
}
