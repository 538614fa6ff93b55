//! Collects what readers of archives find, and sees where it is ambiguous.

use std::collections::BTreeMap;

use lockgate_model::Digest;
use sha2::{Digest as _, Sha256};

use super::Contents;
use super::ambiguity::{Ambiguities, Code};
use super::caps::Caps;
use super::entry::{Entry, EntryKind, Held};
use super::paths::{self, Links};
use super::unreadable::Unreadable;
use crate::reason::quoted;

/// The most bytes of one path or link target: sixteen times what Linux takes.
pub(super) const MAX_PATH: usize = 64 << 10;

/// What a reader found.
#[derive(Debug)]
pub(super) struct Found {
    /// The path's bytes, as they are written.
    pub(super) name: Vec<u8>,
    pub(super) kind: EntryKind,
    /// How many bytes the file holds.
    pub(super) size: u64,
    pub(super) mode: Option<u32>,
    pub(super) owner: Option<(u64, u64)>,
    pub(super) link: Option<Vec<u8>>,
    pub(super) content: Content,
}

/// What a file holds.
#[derive(Debug)]
pub(super) enum Content {
    /// It is no file.
    None,
    /// It was read.
    Read(Body),
    /// It cannot be read. A predicate.
    Unsupported(&'static str),
}

/// What a file holds, while it is read.
#[derive(Debug)]
pub(super) struct Body {
    sha256: Sha256,
    held: Option<Vec<u8>>,
}

impl Body {
    pub(super) fn update(&mut self, piece: &[u8]) {
        self.sha256.update(piece);
        if let Some(held) = &mut self.held {
            held.extend_from_slice(piece);
        }
    }
}

/// By which rules paths are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Root {
    /// It is unpacked into some folder.
    Folder,
    /// It is the root of a container: absolute paths lie in it.
    Container,
}

/// What was found so far.
pub(super) struct Listing {
    caps: Caps,
    /// How many bytes more may be held, and how many more of paths.
    left: u64,
    paths_left: u64,
    entries: Vec<Entry>,
    /// What is searched and not listed.
    documents: Vec<Entry>,
    /// Names and link targets that are not UTF-8, as they are written.
    names: BTreeMap<usize, Vec<u8>>,
    targets: BTreeMap<usize, Vec<u8>>,
    /// Where the layer begins that is read now.
    layer: usize,
    ambiguities: Ambiguities,
}

impl Listing {
    pub(super) fn new(caps: &Caps) -> Self {
        Self {
            caps: *caps,
            left: caps.inflated,
            paths_left: caps.paths,
            entries: Vec::new(),
            documents: Vec::new(),
            names: BTreeMap::new(),
            targets: BTreeMap::new(),
            layer: 0,
            ambiguities: Ambiguities::default(),
        }
    }

    /// Begins a file of so many bytes. It is held if all of it fits into what is left.
    pub(super) fn body(&mut self, size: u64) -> Body {
        let rest = self.left.checked_sub(size);
        self.left = rest.unwrap_or(self.left);
        // What an archive says it holds is not believed before it came out.
        let room = usize::try_from(size.min(1 << 20)).unwrap_or(0);
        Body { sha256: Sha256::new(), held: rest.map(|_| Vec::with_capacity(room)) }
    }

    /// Something about an entry is ambiguous; about all of the archive without a name.
    pub(super) fn flag(&mut self, code: Code, name: Option<&[u8]>, detail: impl Into<String>) {
        let path = name.map(paths::shown);
        self.ambiguities.add(code, path.as_deref(), detail);
    }

    /// Adds an entry.
    pub(super) fn push(&mut self, found: Found) -> Result<(), Unreadable> {
        let Found { name, kind, size, mode, owner, link, content } = found;
        self.has_room_for(self.entries.len() as u64 + 1)?;
        let link_length = link.as_ref().map_or(0, Vec::len);
        if name.len().max(link_length) > MAX_PATH {
            return Err(Unreadable::TooMany { what: "bytes in one path", cap: MAX_PATH as u64 });
        }
        let rest = self.paths_left.checked_sub((name.len() + link_length) as u64);
        self.paths_left =
            rest.ok_or(Unreadable::TooMany { what: "bytes in its paths", cap: self.caps.paths })?;
        let path = paths::shown(&name);
        let place = self.entries.len();
        let mut unreadable = |what| {
            let detail = format!("{what} is not UTF-8, and readers decode it in different ways");
            self.ambiguities.add(Code::UnreadableName, Some(&path), detail);
        };
        if std::str::from_utf8(&name).is_err() {
            unreadable("its name");
            self.names.insert(place, name);
        }
        let link_target = link.as_deref().map(paths::text);
        if let Some(link) = link.filter(|link| std::str::from_utf8(link).is_err()) {
            unreadable("where it leads");
            self.targets.insert(place, link);
        }
        let (held, digest) = match content {
            Content::None => (Held::NotAFile, None),
            Content::Unsupported(what) => (Held::Unsupported(what), None),
            Content::Read(Body { sha256, held }) => (
                held.map_or(Held::Capped, |bytes| Held::Bytes(bytes.into_boxed_slice())),
                Some(Digest::from_sha256(sha256.finalize().into())),
            ),
        };
        let layer = None;
        let entry = Entry { path, kind, size, mode, owner, link_target, layer, digest, held };
        self.entries.push(entry);
        Ok(())
    }

    /// Adds a file that is no entry, with all that it holds, or why that is not read, as a predicate.
    pub(super) fn document(&mut self, path: &str, read: Result<Vec<u8>, &'static str>) {
        let size = read.as_ref().map_or(0, |bytes| bytes.len() as u64);
        let digest =
            read.as_ref().ok().map(|bytes| Digest::from_sha256(Sha256::digest(bytes).into()));
        let held = match read {
            Ok(bytes) => Held::Bytes(bytes.into_boxed_slice()),
            Err(what) => Held::Unsupported(what),
        };
        let (path, kind, mode, owner) = (path.to_owned(), EntryKind::File, None, None);
        let (link_target, layer) = (None, None);
        let entry = Entry { path, kind, size, mode, owner, link_target, layer, digest, held };
        self.documents.push(entry);
    }

    /// Whether so many entries are listed.
    pub(super) fn has_room_for(&self, entries: u64) -> Result<(), Unreadable> {
        let cap = self.caps.entries;
        if entries <= cap { Ok(()) } else { Err(Unreadable::TooMany { what: "entries", cap }) }
    }

    /// Ends a layer, or all of what is no image: looks at its paths, each against the others.
    pub(super) fn end_layer(&mut self, root: Root, layer: Option<Digest>) {
        let first = self.layer;
        self.layer = self.entries.len();
        let entries = self.entries.get_mut(first..).unwrap_or_default();
        entries.iter_mut().for_each(|entry| entry.layer = layer);
        let entries = &*entries;
        let names: Vec<&[u8]> = (first..)
            .zip(entries)
            .map(|(at, entry)| self.names.get(&at).map_or(entry.path.as_bytes(), Vec::as_slice))
            .collect();
        let rooted = root == Root::Container;
        let mut add = |code, at: usize, detail: String| {
            self.ambiguities.add(code, entries.get(at).map(|entry| entry.path.as_str()), detail);
        };
        for (at, name) in names.iter().enumerate() {
            if let Some(why) = paths::escapes(name, rooted) {
                add(Code::EscapingPath, at, why.to_owned());
            }
        }
        let places: Vec<Vec<u8>> = names.iter().map(|name| paths::place(name)).collect();
        let mut links = Links::default();
        for (entry, place) in entries.iter().zip(&places) {
            if entry.kind == EntryKind::Symlink {
                links.add(place);
            }
        }
        for (at, (entry, place)) in entries.iter().zip(&places).enumerate() {
            if links.above(place) {
                add(Code::ThroughLink, at, "its path leads through a link".to_owned());
            }
            let Some(target) = &entry.link_target else { continue };
            let raw = self.targets.get(&(first + at));
            let target = raw.map_or(target.as_bytes(), Vec::as_slice);
            let from = match entry.kind {
                EntryKind::Symlink => paths::folder(place),
                _ => b"",
            };
            if let Some(why) = links.escape(from, target, rooted) {
                add(Code::EscapingLink, at, why.to_owned());
            }
        }
        one_place(entries, &places, &mut add);
    }

    /// All of it, in its order.
    pub(super) fn finish(mut self, format: &'static str) -> Contents {
        // Stable, so that entries of one path stay in the order of the archive.
        self.entries.sort_by(|a, b| a.path.cmp(&b.path));
        let paths: usize = self.entries.iter().map(|entry| entry.path.len()).sum();
        let listed = self.entries.len();
        let path_length = paths / listed.max(1);
        self.entries.extend(self.documents);
        Contents {
            format,
            listed,
            entries: self.entries,
            ambiguities: self.ambiguities.finish(),
            cap: self.caps.inflated,
            path_length,
        }
    }
}

/// Finds entries whose place is one, by itself or where case and Unicode's form do not count.
fn one_place(entries: &[Entry], places: &[Vec<u8>], add: &mut impl FnMut(Code, usize, String)) {
    let mut folded: Vec<(Vec<u8>, &[u8], usize)> = places
        .iter()
        .enumerate()
        .map(|(at, place)| (paths::folded(place), place.as_slice(), at))
        .collect();
    folded.sort();
    for pair in folded.windows(2) {
        let [(one, first, a), (other, second, b)] = pair else { continue };
        let [Some(before), Some(entry)] = [entries.get(*a), entries.get(*b)] else { continue };
        if first == second {
            // Folders are listed again and again by some writers, and mean the same each time.
            let same = before.kind == EntryKind::Directory
                && entry.kind == EntryKind::Directory
                && (before.mode, before.owner) == (entry.mode, entry.owner);
            if !same {
                add(Code::DuplicatePath, *b, "another entry has the same path".to_owned());
            }
        } else if one == other {
            let detail = format!(
                "it differs from {} in case or in Unicode's form alone",
                quoted(&before.path)
            );
            add(Code::CollidingPath, *b, detail);
        }
    }
}
