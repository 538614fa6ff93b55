//! Reads what a layout holds, and checks that it is what it is called.
//!
//! All is reached through the one directory handle of the folder that the caller named, so a link
//! may lead elsewhere within the layout and never out of it. A blob's path is made of a digest that
//! was parsed, never of what somebody wrote.

use std::io;
use std::path::Path;

use cap_std::fs::{Dir, File};
use lockgate_model::Digest;

use crate::claim;
use crate::open;

/// Why something in a layout is not read.
#[derive(Debug)]
pub(crate) enum Unread {
    /// It is not there, not a file, or not what it is called. A reason, which follows its name.
    Flaw(String),
    /// Reading broke off.
    Broke(io::Error),
}

impl Unread {
    /// A reason, which follows the name.
    pub(crate) fn reason(&self) -> String {
        match self {
            Self::Flaw(reason) => reason.clone(),
            Self::Broke(error) => open::unreadable(error),
        }
    }
}

impl From<String> for Unread {
    fn from(reason: String) -> Self {
        Self::Flaw(reason)
    }
}

/// A layout's folder.
#[derive(Debug)]
pub(super) struct Blobs(pub(super) Dir);

impl Blobs {
    /// A file of the layout with all its bytes, at most `cap` of them.
    pub(super) fn file(&self, name: &str, cap: u64) -> Result<Vec<u8>, Unread> {
        let (file, size) = open::regular(&self.0, Path::new(name))?;
        let bytes = open::read(file, size, cap).map_err(Unread::Broke)?;
        if size > cap || bytes.len() as u64 > cap {
            return Err(Unread::Flaw(format!("has more than {cap} bytes")));
        }
        Ok(bytes)
    }

    /// Opens a blob, if the file has the size that its descriptor gives.
    pub(super) fn open(&self, digest: Digest, size: u64) -> Result<(File, u64), String> {
        let path = format!("blobs/sha256/{}", digest.hex());
        let (file, found) = open::regular(&self.0, Path::new(&path))
            .map_err(|reason| format!("its blob {reason}"))?;
        if found != size {
            return Err(format!("its blob has {found} bytes, and its descriptor gives {size}"));
        }
        Ok((file, found))
    }

    /// A blob with all its bytes, which are those that its digest names.
    pub(super) fn read(&self, digest: Digest, size: u64) -> Result<Vec<u8>, Unread> {
        let (file, _) = self.open(digest, size)?;
        let bytes = open::read(file, size, size).map_err(Unread::Broke)?;
        matches(&bytes, digest).map_err(|(_, reason)| Unread::Flaw(reason))?;
        Ok(bytes)
    }
}

/// Whether bytes are those that a digest names; else the digest that they have, and a reason.
pub(super) fn matches(bytes: &[u8], digest: Digest) -> Result<(), (Digest, String)> {
    let found = claim::digest(bytes);
    if found == digest {
        Ok(())
    } else {
        Err((found, format!("its blob is another one: its bytes have the digest {found}")))
    }
}
