//! The entries of an archive.

use std::fmt;
use std::str::FromStr;

use lockgate_model::{Digest, Text};

/// One entry of an archive.
#[derive(Debug)]
#[non_exhaustive]
pub struct Entry {
    /// Its path as it is written, but without `./` before it or `/` behind it; bytes that are not
    /// UTF-8 as `\xff`. What the archive's root is called is `.`.
    pub path: String,
    /// What it is.
    pub kind: EntryKind,
    /// How many bytes the file holds, inflated; 0 for what is no file.
    pub size: u64,
    /// Its permission bits, 12 of them; none where the archive states none.
    pub mode: Option<u32>,
    /// Its owner's numbers, user and group; none where the archive states none.
    pub owner: Option<(u64, u64)>,
    /// Where a link leads, as it is written; none for what is no link.
    pub link_target: Option<String>,
    /// The digest of the layer of an image that it lies in; none elsewhere.
    pub layer: Option<Digest>,
    /// Of what the file holds, where that was read.
    pub(super) digest: Option<Digest>,
    pub(super) held: Held,
}

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum EntryKind {
    /// A file.
    File,
    /// A folder.
    Directory,
    /// A symbolic link.
    Symlink,
    /// Another name of a file that has an entry of its own.
    Hardlink,
    /// A device, a pipe, or what no format here knows.
    Other,
}

impl EntryKind {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::File, Self::Directory, Self::Symlink, Self::Hardlink, Self::Other];

    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Directory => "directory",
            Self::Symlink => "symlink",
            Self::Hardlink => "hardlink",
            Self::Other => "other",
        }
    }
}

/// A word that stands for no kind of entry.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a kind of entry")]
pub struct UnknownEntryKind(pub String);

impl FromStr for EntryKind {
    type Err = UnknownEntryKind;

    fn from_str(word: &str) -> Result<Self, UnknownEntryKind> {
        let known = Self::ALL.iter().find(|kind| kind.as_str() == word);
        known.copied().ok_or_else(|| UnknownEntryKind(word.to_owned()))
    }
}

impl fmt::Display for EntryKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What is held of an entry.
pub(super) enum Held {
    /// It is no file.
    NotAFile,
    /// All of it.
    Bytes(Box<[u8]>),
    /// It no longer fitted.
    Capped,
    /// It cannot be read. A predicate.
    Unsupported(&'static str),
}

impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAFile => f.write_str("NotAFile"),
            Self::Bytes(bytes) => write!(f, "Bytes({})", bytes.len()),
            Self::Capped => f.write_str("Capped"),
            Self::Unsupported(what) => write!(f, "Unsupported({what:?})"),
        }
    }
}

/// Why what an entry holds is not told. Only the first two are the asker's mistake: after the others
/// a policy has no answer, and what it did not see counts for nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotHeld {
    /// There is no entry of that number.
    #[error("there is no entry {id}")]
    NoEntry {
        /// The number.
        id: u32,
    },
    /// It is a folder, a link or a device.
    #[error("the entry `{path}` is no file, so it holds nothing")]
    NotAFile {
        /// Its path.
        path: Text,
    },
    /// Files before it took all the memory there is for them.
    #[error("the file `{path}` is not held: {what} have more than {cap} bytes, which is the cap")]
    Capped {
        /// Its path.
        path: Text,
        /// What reached the cap, in the plural.
        what: &'static str,
        /// The cap, in bytes.
        cap: u64,
    },
    /// It is encrypted, sparse, or compressed in a way that is not read.
    #[error("the file `{path}` cannot be read: it {what}")]
    Unsupported {
        /// Its path.
        path: Text,
        /// What is in the way, as a predicate.
        what: &'static str,
    },
}

impl NotHeld {
    /// Whether a budget of the host is spent, which a cap that is raised would help.
    #[must_use]
    pub fn is_capped(&self) -> bool {
        matches!(self, Self::Capped { .. })
    }
}
