//! Writes archives for cases: the same bytes in every run, and whatever a hostile writer would say.
//!
//! Nothing is checked here: paths, links and modes stand in the archive as they were given, so that a
//! case can have duplicates, paths that lead out, and devices.

use std::io::Write;

use flate2::{Compression, Crc, GzBuilder};

/// One entry of an archive.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// As it is to be written; the `/` behind a folder is added.
    pub(crate) path: Vec<u8>,
    /// What it is.
    pub(crate) kind: Kind,
    /// Its permission bits; none in a zip means that it was made on a system without any.
    pub(crate) mode: Option<u32>,
    /// Where a link leads.
    pub(crate) target: String,
    /// What a file holds.
    pub(crate) content: Vec<u8>,
}

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A file.
    File,
    /// A folder.
    Directory,
    /// A symbolic link.
    Symlink,
    /// Another name of a file; not in a zip.
    Hardlink,
    /// A character device; not in a zip.
    Device,
    /// A pipe; not in a zip.
    Fifo,
}

impl Kind {
    /// The kind of this name.
    ///
    /// # Panics
    ///
    /// If there is none.
    pub(crate) fn named(name: &str) -> Self {
        match name {
            "file" => Self::File,
            "directory" => Self::Directory,
            "symlink" => Self::Symlink,
            "hardlink" => Self::Hardlink,
            "device" => Self::Device,
            "fifo" => Self::Fifo,
            other => panic!("`{other}` is no kind of entry"),
        }
    }

    /// The bits of a mode that say it, as Unix has them.
    fn bits(self) -> u32 {
        match self {
            Self::File | Self::Hardlink => 0o100_000,
            Self::Directory => 0o040_000,
            Self::Symlink => 0o120_000,
            Self::Device => 0o020_000,
            Self::Fifo => 0o010_000,
        }
    }

    /// What ustar calls it.
    fn flag(self) -> u8 {
        match self {
            Self::File => b'0',
            Self::Hardlink => b'1',
            Self::Symlink => b'2',
            Self::Device => b'3',
            Self::Directory => b'5',
            Self::Fifo => b'6',
        }
    }
}

/// What stands in a tar for an entry without a mode.
const DEFAULT_MODE: u32 = 0o644;

/// A block of a tar.
const BLOCK: usize = 512;

/// A tar in the form ustar.
///
/// # Panics
///
/// If a path or a target is longer than its 100 bytes.
pub(crate) fn tar(entries: &[Entry]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in entries {
        let mut header = [0_u8; BLOCK];
        put(&mut header, 0, 100, &path(entry));
        put(&mut header, 100, 8, format!("{:07o}", entry.mode.unwrap_or(DEFAULT_MODE)).as_bytes());
        put(&mut header, 108, 8, b"0000000");
        put(&mut header, 116, 8, b"0000000");
        put(&mut header, 124, 12, format!("{:011o}", entry.content.len()).as_bytes());
        put(&mut header, 136, 12, b"00000000000");
        put(&mut header, 148, 8, b"        ");
        header[156] = entry.kind.flag();
        put(&mut header, 157, 100, entry.target.as_bytes());
        put(&mut header, 257, 8, b"ustar\x0000");
        if entry.kind == Kind::Device {
            put(&mut header, 329, 8, b"0000001");
            put(&mut header, 337, 8, b"0000003");
        }
        let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
        put(&mut header, 148, 8, format!("{sum:06o}\0 ").as_bytes());
        bytes.extend(header);
        bytes.extend(&entry.content);
        bytes.resize(bytes.len().next_multiple_of(BLOCK), 0);
    }
    bytes.resize(bytes.len() + 2 * BLOCK, 0);
    bytes
}

fn put(header: &mut [u8; BLOCK], at: usize, most: usize, field: &[u8]) {
    assert!(field.len() <= most, "a field of a tar's header has {most} bytes at the most");
    header[at..at + field.len()].copy_from_slice(field);
}

fn path(entry: &Entry) -> Vec<u8> {
    let mut path = entry.path.clone();
    if entry.kind == Kind::Directory && !path.ends_with(b"/") {
        path.push(b'/');
    }
    path
}

/// Bytes in gzip, without a time or a name.
///
/// # Panics
///
/// Never: memory takes what is written.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzBuilder::new().write(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("memory takes what is written");
    encoder.finish().expect("memory takes what is written")
}

/// A zip whose files are stored as they are. What has a mode was made on Unix, and the rest on DOS.
///
/// # Panics
///
/// If an entry is of a kind that a zip has not, or something is larger than its field.
pub(crate) fn zip(entries: &[Entry]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut directory = Vec::new();
    for entry in entries {
        let known = matches!(entry.kind, Kind::File | Kind::Directory | Kind::Symlink);
        assert!(known, "a zip has no {:?}", entry.kind);
        let offset = long(bytes.len());
        let content = if entry.kind == Kind::Symlink {
            entry.target.as_bytes()
        } else {
            entry.content.as_slice()
        };
        let mut crc = Crc::new();
        crc.update(content);
        let path = path(entry);
        // Version, flags (UTF-8 where it is), method, time and date, checksum, both sizes, lengths.
        let utf8 = if std::str::from_utf8(&path).is_ok() { 1_u16 << 11 } else { 0 };
        let mut common = Vec::new();
        for short in [20, utf8, 0, 0, 0x21] {
            common.extend(short.to_le_bytes());
        }
        for number in [crc.sum(), long(content.len()), long(content.len())] {
            common.extend(number.to_le_bytes());
        }
        common.extend(short(path.len()).to_le_bytes());
        common.extend([0, 0]);

        bytes.extend(b"PK\x03\x04");
        bytes.extend(&common);
        bytes.extend(&path);
        bytes.extend(content);

        let (system, attributes) = match entry.mode {
            Some(mode) => (3_u8, (entry.kind.bits() | mode) << 16),
            None => (0, if entry.kind == Kind::Directory { 0x10 } else { 0 }),
        };
        directory.extend(b"PK\x01\x02");
        directory.extend([20, system]);
        directory.extend(&common);
        // No comment, the first disk, no internal attributes.
        directory.extend([0; 6]);
        directory.extend(attributes.to_le_bytes());
        directory.extend(offset.to_le_bytes());
        directory.extend(&path);
    }
    let start = long(bytes.len());
    bytes.extend(&directory);
    bytes.extend(b"PK\x05\x06");
    bytes.extend([0; 4]);
    for _ in 0..2 {
        bytes.extend(short(entries.len()).to_le_bytes());
    }
    bytes.extend(long(directory.len()).to_le_bytes());
    bytes.extend(start.to_le_bytes());
    bytes.extend([0; 2]);
    bytes
}

fn short(number: usize) -> u16 {
    u16::try_from(number).expect("the zip of a case is small")
}

fn long(number: usize) -> u32 {
    u32::try_from(number).expect("the zip of a case is small")
}
