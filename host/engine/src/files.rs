//! Writes files where the caller wants them, and opens those that he names.
//!
//! Paths on the command line are the caller's own words, so they are opened as they are;
//! confinement is for what lies inside an evidence folder, and lives there.

use std::io::{self, Write};

use camino::Utf8Path;
use cap_std::ambient_authority;
use cap_std::fs::{Dir, File, MetadataExt, OpenOptions, OpenOptionsExt};

/// How many names are tried for a file beside its place: two containers may have one process id.
const MAX_TRIES: u32 = 64;

/// Opens a file that the caller named; a pipe is waited for.
pub(crate) fn open(path: &Utf8Path) -> io::Result<File> {
    File::open_ambient(path, ambient_authority())
}

/// Whether two paths lead to one file that is there; what cannot be opened is none.
pub(crate) fn are_one(one: &Utf8Path, other: &Utf8Path) -> bool {
    let identity = |path: &Utf8Path| {
        // A pipe would be waited for, and is not overwritten.
        let mut options = OpenOptions::new();
        options.read(true).custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed());
        let file = File::open_ambient_with(path, &options, ambient_authority()).ok()?;
        let metadata = file.metadata().ok().filter(cap_std::fs::Metadata::is_file)?;
        Some((metadata.dev(), metadata.ino()))
    };
    identity(one).is_some_and(|file| identity(other) == Some(file))
}

/// A file that is written and not yet in its place. Dropped there, it leaves nothing behind.
pub(crate) struct Beside {
    folder: Dir,
    name: String,
    /// None for what is no regular file (a pipe, `/dev/stderr`): that is written to as it is.
    written: Option<String>,
}

impl Beside {
    /// Writes beside the file's place. What cannot take that place is found out here.
    pub(crate) fn write(path: &Utf8Path, bytes: &[u8]) -> io::Result<Self> {
        let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?.to_owned();
        let parent = path.parent().filter(|parent| !parent.as_str().is_empty());
        let parent = parent.unwrap_or(Utf8Path::new("."));
        let folder = Dir::open_ambient_dir(parent, ambient_authority())?;
        // Looks through links: a link to a device is a device.
        let flags = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
        let mut options = OpenOptions::new();
        options.write(true).custom_flags(flags);
        match File::open_ambient_with(path, &options, ambient_authority()) {
            Ok(mut there) if !there.metadata()?.is_file() => {
                // Opening did not wait for a reader; writing does.
                rustix::fs::fcntl_setfl(&there, rustix::fs::OFlags::empty())?;
                there.write_all(bytes)?;
                return Ok(Self { folder, name, written: None });
            }
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        let (written, mut file) = (0..MAX_TRIES)
            .map(|attempt| format!(".{name}.lockgate-{}-{attempt}", std::process::id()))
            .find_map(|written| match folder.open_with(&written, &options) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => None,
                opened => Some(opened.map(|file| (written, file))),
            })
            .ok_or(io::ErrorKind::AlreadyExists)??;
        let beside = Self { folder, name, written: Some(written) };
        file.write_all(bytes)?;
        file.sync_all()?;
        Ok(beside)
    }

    /// Whether another file would take the same place.
    pub(crate) fn same_place(&self, other: &Self) -> io::Result<bool> {
        let folder = |beside: &Self| {
            let metadata = beside.folder.dir_metadata()?;
            Ok::<_, io::Error>((metadata.dev(), metadata.ino()))
        };
        let files = self.written.is_some() && other.written.is_some();
        Ok(files && self.name == other.name && folder(self)? == folder(other)?)
    }

    /// Moves it to its place.
    pub(crate) fn place(mut self) -> io::Result<()> {
        match &self.written {
            None => Ok(()),
            Some(written) => {
                self.folder.rename(written, &self.folder, &self.name)?;
                self.written = None;
                Ok(())
            }
        }
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        if let Some(written) = &self.written {
            // The error that counts is the one for which it is dropped; a leftover is harmless.
            drop(self.folder.remove_file(written));
        }
    }
}
