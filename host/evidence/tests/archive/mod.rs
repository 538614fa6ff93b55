//! Writers of archives that are as wrong as a test needs them.
#![allow(dead_code, reason = "each test uses a part of it")]

use std::io::Write as _;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};

/// A header of a tar, as it is written.
pub(crate) struct Header<'a> {
    pub(crate) name: &'a [u8],
    pub(crate) prefix: &'a [u8],
    pub(crate) kind: u8,
    pub(crate) mode: &'a [u8],
    pub(crate) size: Option<u64>,
    pub(crate) link: &'a [u8],
    pub(crate) magic: &'a [u8],
}

impl Default for Header<'_> {
    fn default() -> Self {
        Self {
            name: b"f",
            prefix: b"",
            kind: b'0',
            mode: b"0000644",
            size: None,
            link: b"",
            magic: b"ustar\x0000",
        }
    }
}

/// A tar while it is written.
#[derive(Default, Clone)]
pub(crate) struct Tar(pub(crate) Vec<u8>);

impl Tar {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// A header with what stands behind it.
    pub(crate) fn entry(mut self, header: &Header, content: &[u8]) -> Self {
        let mut block = [0; 512];
        let mut put = |at: usize, bytes: &[u8]| block[at..at + bytes.len()].copy_from_slice(bytes);
        put(0, header.name);
        put(100, header.mode);
        put(108, b"0001750");
        put(116, b"0000144");
        put(124, format!("{:011o}", header.size.unwrap_or(content.len() as u64)).as_bytes());
        put(136, b"00000000000");
        put(156, &[header.kind]);
        put(157, header.link);
        put(257, header.magic);
        put(345, header.prefix);
        put(148, b"        ");
        let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
        block[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        self.0.extend(block);
        self.0.extend(content);
        self.0.resize(self.0.len().next_multiple_of(512), 0);
        self
    }

    pub(crate) fn of(self, kind: u8, name: &str, content: &[u8]) -> Self {
        self.entry(&Header { name: name.as_bytes(), kind, ..Header::default() }, content)
    }

    pub(crate) fn file(self, name: &str, content: &[u8]) -> Self {
        self.of(b'0', name, content)
    }

    pub(crate) fn link(self, kind: u8, name: &str, target: &str) -> Self {
        let (name, link) = (name.as_bytes(), target.as_bytes());
        self.entry(&Header { name, kind, link, ..Header::default() }, b"")
    }

    /// An extended header: `x` for the next entry, `g` for all that follow.
    pub(crate) fn pax(self, kind: u8, records: &[(&str, &str)]) -> Self {
        let records: String = records.iter().map(|(key, value)| record(key, value)).collect();
        self.of(kind, "pax", records.as_bytes())
    }

    /// The two blocks at the end.
    pub(crate) fn end(mut self) -> Vec<u8> {
        self.0.extend([0; 1024]);
        self.0
    }
}

/// One record of an extended header, with its own length.
pub(crate) fn record(key: &str, value: &str) -> String {
    let rest = format!(" {key}={value}\n");
    let length = (1..).find(|length| length.to_string().len() + rest.len() == *length);
    format!("{}{rest}", length.unwrap())
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// What a zip says of a file, in its own header or in the directory.
#[derive(Clone)]
pub(crate) struct Stated {
    pub(crate) flags: u16,
    pub(crate) method: u16,
    pub(crate) crc: u32,
    pub(crate) compressed: u32,
    pub(crate) size: u32,
    pub(crate) name: Vec<u8>,
    pub(crate) extra: Vec<u8>,
    /// Of the directory only: the system, the attributes, and where the header stands.
    pub(crate) made_by: u8,
    pub(crate) attributes: u32,
    pub(crate) at: u32,
}

/// A zip while it is written.
#[derive(Default, Clone)]
pub(crate) struct Zip {
    pub(crate) bytes: Vec<u8>,
    directory: Vec<u8>,
    pub(crate) count: u16,
}

impl Zip {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn file(self, name: &str, content: &[u8]) -> Self {
        self.odd(name, content, |_, _| {})
    }

    /// A file of which the header and the directory say what they are made to.
    pub(crate) fn odd(
        mut self,
        name: &str,
        content: &[u8],
        spoil: impl Fn(&mut Stated, &mut Stated),
    ) -> Self {
        let data = deflate(content);
        let mut header = Stated {
            flags: 0x800,
            method: 8,
            crc: crc32fast::hash(content),
            compressed: u32::try_from(data.len()).unwrap(),
            size: u32::try_from(content.len()).unwrap(),
            name: name.as_bytes().to_vec(),
            extra: Vec::new(),
            made_by: 3,
            attributes: 0o100_644 << 16,
            at: u32::try_from(self.bytes.len()).unwrap(),
        };
        let mut record = header.clone();
        spoil(&mut header, &mut record);
        self.header(&header);
        let data = if header.method == 0 { content.to_vec() } else { data };
        self.bytes.extend(data);
        self.record(&record);
        self
    }

    pub(crate) fn header(&mut self, stated: &Stated) {
        self.bytes.extend(b"PK\x03\x04\x14\0");
        self.bytes.extend(numbers(stated));
        self.bytes.extend(&stated.name);
        self.bytes.extend(&stated.extra);
    }

    pub(crate) fn record(&mut self, stated: &Stated) {
        self.directory.extend(b"PK\x01\x02\x1e");
        self.directory.push(stated.made_by);
        self.directory.extend([0x14, 0]);
        self.directory.extend(numbers(stated));
        self.directory.extend([0; 6]);
        self.directory.extend(stated.attributes.to_le_bytes());
        self.directory.extend(stated.at.to_le_bytes());
        self.directory.extend(&stated.name);
        self.directory.extend(&stated.extra);
        self.count += 1;
    }

    pub(crate) fn end(self) -> Vec<u8> {
        self.end_with(b"")
    }

    pub(crate) fn end_with(mut self, comment: &[u8]) -> Vec<u8> {
        let start = u32::try_from(self.bytes.len()).unwrap();
        let size = u32::try_from(self.directory.len()).unwrap();
        self.bytes.extend(self.directory);
        self.bytes.extend(b"PK\x05\x06\0\0\0\0");
        self.bytes.extend([self.count.to_le_bytes(), self.count.to_le_bytes()].concat());
        self.bytes.extend([size.to_le_bytes(), start.to_le_bytes()].concat());
        self.bytes.extend(u16::try_from(comment.len()).unwrap().to_le_bytes());
        self.bytes.extend(comment);
        self.bytes
    }
}

/// What stands in both: from the flags to the lengths.
fn numbers(stated: &Stated) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.extend(stated.flags.to_le_bytes());
    bytes.extend(stated.method.to_le_bytes());
    bytes.extend([0; 4]);
    for number in [stated.crc, stated.compressed, stated.size] {
        bytes.extend(number.to_le_bytes());
    }
    for length in [stated.name.len(), stated.extra.len()] {
        bytes.extend(u16::try_from(length).unwrap().to_le_bytes());
    }
    bytes
}
