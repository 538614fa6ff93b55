//! Opens what the caller named.
//!
//! Paths in the configuration and on the command line are the caller's own words, so they are
//! opened as they are; confinement is for what lies inside an evidence folder, and lives there.

use std::io::{self, Read, Write};

use camino::Utf8Path;
use cap_std::ambient_authority;
use cap_std::fs::{Dir, File, OpenOptions, OpenOptionsExt};

/// Why a file that the caller named is not read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FileError {
    #[error("does not exist")]
    Missing,
    #[error("is not a file")]
    NotAFile,
    #[error("has more than {0} bytes")]
    TooLarge(u64),
    #[error("is not UTF-8")]
    NotUtf8,
    #[error("cannot be read: {0}")]
    Read(io::Error),
}

impl From<io::Error> for FileError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing,
            _ => Self::Read(error),
        }
    }
}

/// Reads a file of at most `cap` bytes. Never waits: a pipe or a device is refused.
pub(crate) fn read(path: &Utf8Path, cap: u64) -> Result<Vec<u8>, FileError> {
    let mut options = OpenOptions::new();
    let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
    options.read(true).custom_flags(flags.bits().cast_signed());
    let file = File::open_ambient_with(path, &options, ambient_authority())?;
    if !file.metadata()?.is_file() {
        return Err(FileError::NotAFile);
    }
    let mut bytes = Vec::new();
    file.take(cap + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > cap { Err(FileError::TooLarge(cap)) } else { Ok(bytes) }
}

/// Reads a text file of at most `cap` bytes.
pub(crate) fn read_text(path: &Utf8Path, cap: u64) -> Result<String, FileError> {
    String::from_utf8(read(path, cap)?).map_err(|_| FileError::NotUtf8)
}

/// Writes a file whole or not at all: beside its place first, then moved there. What is no regular
/// file (a pipe, `/dev/stderr`) is written to as it is.
pub(crate) fn write(path: &Utf8Path, bytes: &[u8]) -> io::Result<()> {
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let parent = path.parent().filter(|parent| !parent.as_str().is_empty());
    let folder = Dir::open_ambient_dir(parent.unwrap_or(Utf8Path::new(".")), ambient_authority())?;
    // Looks through links: a link to a device is a device.
    if let Ok(there) = File::open_ambient_with(
        path,
        OpenOptions::new()
            .write(true)
            .custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed()),
        ambient_authority(),
    ) {
        let metadata = there.metadata()?;
        if !metadata.is_file() {
            return (&there).write_all(bytes);
        }
    }
    let beside = format!(".{name}.lockgate-{}", std::process::id());
    let written =
        write_new(&folder, &beside, bytes).and_then(|()| folder.rename(&beside, &folder, name));
    if written.is_err() {
        // The error that counts is the first; a leftover is harmless.
        drop(folder.remove_file(&beside));
    }
    written
}

fn write_new(folder: &Dir, name: &str, bytes: &[u8]) -> io::Result<()> {
    let mut file =
        folder.open_with(name, OpenOptions::new().write(true).create(true).truncate(true))?;
    file.write_all(bytes)?;
    file.sync_all()
}
