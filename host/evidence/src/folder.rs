//! Walks an evidence folder, whoever filled it.
//!
//! All paths are opened from the one directory handle of the folder that the caller named, so a
//! link may lead elsewhere within it and never out of it. Names are visited in their sorted order.
//! Whatever is not a readable file is handed on with its reason.

use std::collections::HashSet;
use std::ffi::OsString;
use std::io;
use std::path::Path;

use cap_std::fs::{Dir, File, Metadata, MetadataExt};
use lockgate_model::Text;

use crate::open::{self, broken, is_missing, unreadable};

/// How deep folders may lie in folders. Evidence is laid out by artifact or by platform, two or
/// three levels; deeper than this it hides something.
const MAX_DEPTH: usize = 32;

/// The most files of one folder. A release has a dozen documents; every file costs a line in the
/// report.
const MAX_FILES: usize = 10_000;

/// What stands at a path in the folder.
pub(crate) enum Entry {
    /// A regular file, and the size that its handle states.
    File(File, u64),
    /// Something that is not read, and why.
    Refused(String),
}

/// Hands every file below the folder to `each`, with its path from the folder, `/` between names.
///
/// The error is that the folder itself cannot be listed.
pub(crate) fn walk(folder: &Dir, each: &mut dyn FnMut(Text, Entry)) -> io::Result<()> {
    let names = sorted(folder.entries()?)?;
    let mut walk = Walk { folder, each, visited: HashSet::new(), files: 0 };
    walk.visited.insert(identity(&folder.dir_metadata()?));
    walk.entries(Path::new(""), names, 0);
    Ok(())
}

struct Walk<'a> {
    folder: &'a Dir,
    each: &'a mut dyn FnMut(Text, Entry),
    /// Folders that were entered: none is entered through a link again, so a loop of links ends.
    visited: HashSet<(u64, u64)>,
    files: usize,
}

impl Walk<'_> {
    fn entries(&mut self, parent: &Path, names: Vec<OsString>, depth: usize) {
        for name in names {
            if self.files > MAX_FILES {
                return;
            }
            self.entry(&parent.join(name), depth);
        }
    }

    fn entry(&mut self, path: &Path, depth: usize) {
        if path.to_str().is_none() {
            return self.refuse(path, "its name is not UTF-8");
        }
        match self.folder.symlink_metadata(path) {
            Ok(metadata) if metadata.is_dir() => self.subfolder(path, &metadata, depth),
            Ok(metadata) if metadata.is_symlink() => self.link(path, depth),
            Ok(_) => self.file(path),
            Err(error) => self.refuse(path, unreadable(&error)),
        }
    }

    fn link(&mut self, path: &Path, depth: usize) {
        match self.folder.metadata(path) {
            Ok(metadata) if !metadata.is_dir() => self.file(path),
            Ok(metadata) if self.visited.contains(&identity(&metadata)) => {
                self.refuse(path, "is a link to a folder that is read already");
            }
            Ok(metadata) => self.subfolder(path, &metadata, depth),
            Err(error) if is_missing(&error) => self.refuse(path, "is a link to nothing"),
            Err(error) => self.refuse(path, broken(&error)),
        }
    }

    fn subfolder(&mut self, path: &Path, metadata: &Metadata, depth: usize) {
        if depth == MAX_DEPTH {
            return self.refuse(path, format!("lies more than {MAX_DEPTH} folders deep"));
        }
        self.visited.insert(identity(metadata));
        match self.folder.read_dir(path).and_then(sorted) {
            Ok(names) => self.entries(path, names, depth + 1),
            Err(error) => self.refuse(path, unreadable(&error)),
        }
    }

    /// What is no folder: opened only if it is a regular file.
    fn file(&mut self, path: &Path) {
        match open::regular(self.folder, path) {
            Ok((file, size)) => self.hand_on(path, Entry::File(file, size)),
            Err(reason) => self.refuse(path, reason),
        }
    }

    fn refuse(&mut self, path: &Path, reason: impl Into<String>) {
        self.hand_on(path, Entry::Refused(reason.into()));
    }

    fn hand_on(&mut self, path: &Path, entry: Entry) {
        self.files += 1;
        let entry = if self.files > MAX_FILES {
            let reason =
                format!("is not read, nor what follows: a folder has {MAX_FILES} files at most");
            Entry::Refused(reason)
        } else {
            entry
        };
        (self.each)(Text::escaped(&path.to_string_lossy()), entry);
    }
}

fn sorted(entries: cap_std::fs::ReadDir) -> io::Result<Vec<OsString>> {
    let names: io::Result<Vec<OsString>> =
        entries.map(|entry| entry.map(|entry| entry.file_name())).collect();
    let mut names = names?;
    names.sort_unstable();
    Ok(names)
}

fn identity(metadata: &Metadata) -> (u64, u64) {
    (metadata.dev(), metadata.ino())
}
