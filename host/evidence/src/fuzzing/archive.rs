//! What holds for any archive.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use lockgate_model::Digest;
use sha2::{Digest as _, Sha256};

use super::laws;
use crate::contents::{self, Caps, Contents, EntryKind, NotHeld, Query, Search, Unreadable};

/// A fuzzer's inputs have some kilobytes, and it wants thousands of them a second.
const CAPS: Caps = Caps {
    inflated: 64 << 10,
    total: 4 << 20,
    ratio: Caps::RATIO,
    entries: 1000,
    paths: 64 << 10,
    zip: 1 << 20,
};

/// An artifact that may be an archive.
///
/// # Panics
///
/// A law does not hold.
pub fn contents(bytes: &[u8]) {
    let first = read(bytes);
    assert_eq!(format!("{first:?}"), format!("{:?}", read(bytes)), "one archive has one listing");
    match &first {
        Ok(contents) => {
            listing(contents);
            searches(contents);
            if contents.format() == "tar" {
                same_inside(contents, bytes);
            }
        }
        Err(why) => laws::shown(&why.to_string()),
    }
}

/// What is read, of a pass that saw all bytes.
fn read(bytes: &[u8]) -> Result<Contents, Unreadable> {
    let size = bytes.len() as u64;
    let (contents, seen) = contents::of_file(bytes, size, &CAPS).expect("a slice can be read");
    let digest = Digest::from_sha256(Sha256::digest(bytes).into());
    assert_eq!((seen.size, seen.digest), (size, digest), "what is parsed is what is hashed");
    contents
}

/// What is listed is sorted, shown as it says, and what is held is what its digest says.
fn listing(contents: &Contents) {
    assert!(contents.entries().is_sorted_by_key(|entry| &entry.path));
    assert!(contents.ambiguities().is_sorted());
    contents.ambiguities().iter().for_each(|ambiguity| laws::shown(&ambiguity.detail));
    let mut held = 0;
    for (id, entry) in (0..).zip(contents.entries()) {
        let path = entry.path.as_str();
        assert!(!path.is_empty() && !path.starts_with("./"));
        assert!(path == "/" || !path.ends_with('/'));
        assert!(entry.mode.is_none_or(|mode| mode <= 0o7777));
        let is_file = entry.kind == EntryKind::File;
        match contents.bytes(id) {
            Ok(bytes) => {
                assert!(is_file && bytes.len() as u64 == entry.size);
                let digest = Digest::from_sha256(Sha256::digest(bytes).into());
                assert_eq!(contents.digest(id), Ok(digest));
                held += bytes.len();
            }
            Err(why) => {
                laws::shown(&why.to_string());
                assert_eq!(matches!(why, NotHeld::NotAFile { .. }), !is_file);
                assert_eq!(why.is_capped(), contents.digest(id).is_ok());
            }
        }
        assert!(is_file || entry.size == 0);
        let is_link = matches!(entry.kind, EntryKind::Symlink | EntryKind::Hardlink);
        assert_eq!(is_link, entry.link_target.is_some());
    }
    assert!(held as u64 <= CAPS.inflated);
}

/// What a search finds is what is there, by a reader that looks at each place; and a regular
/// expression that is a literal finds the same.
fn searches(contents: &Contents) {
    let holds = |id: u32| contents.bytes(id).ok().filter(|bytes| bytes.len() >= 2);
    let Some(wanted) = (0..).zip(contents.entries()).find_map(|(id, _)| holds(id)) else { return };
    let wanted = &wanted[..2];
    let mut search = Search::new(&Query::all(), contents);
    let escaped = format!(r"(?-u)\x{:02x}\x{:02x}", wanted[0], wanted[1]);
    search.literal(wanted).expect("it is short");
    search.regex(&escaped).expect("it is small");
    let mut found = Vec::new();
    let end = loop {
        match search.next(contents, 3) {
            Ok(page) if page.is_empty() => break Ok(()),
            Ok(page) => {
                found.extend(page.into_iter().map(|hit| (hit.entry, hit.offset, hit.pattern)));
            }
            Err(why) => break Err(why),
        }
    };
    let mut expected = Vec::new();
    for (id, entry) in (0..).zip(contents.entries()) {
        if entry.kind != EntryKind::File {
            continue;
        }
        let Ok(bytes) = contents.bytes(id) else {
            assert!(end.is_err(), "a file that is not held ends a search");
            break;
        };
        let mut at = 0;
        while at + 2 <= bytes.len() {
            if bytes[at..].starts_with(wanted) {
                expected.extend([(id, at as u64, 0), (id, at as u64, 1)]);
                at += 1;
            }
            at += 1;
        }
    }
    assert_eq!(found, expected);
}

/// A tar is the same inside a gzip.
fn same_inside(contents: &Contents, bytes: &[u8]) {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let gzip = encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("into memory");
    let inside = read(&gzip).expect("it was read without");
    assert_eq!(format!("{:?}", inside.entries()), format!("{:?}", contents.entries()));
    assert_eq!(inside.ambiguities(), contents.ambiguities());
}
