//! Opens what may be hostile without waiting for it.
//!
//! A pipe that nobody writes to would hold the gate for ever, and opening a device can act on it.
//! So a path is looked at first, opened so that the open cannot wait, and the handle is looked at
//! again, for the path may have changed between the two.

use std::io::{self, Read};
use std::path::Path;

use camino::Utf8Path;
use cap_std::ambient_authority;
use cap_std::fs::{Dir, File, FileType, FileTypeExt, OpenOptions, OpenOptionsExt};
use rustix::fs::OFlags;
use rustix::io::Errno;

/// What stands at a path.
pub(crate) enum Opened {
    /// A regular file, and the size that its handle states.
    File(File, u64),
    /// A folder, not opened.
    Folder,
    /// Something that is neither, not opened, and what it is.
    Special(&'static str),
}

/// Opens a path that the caller named, wherever it leads.
pub(crate) fn ambient(path: &Utf8Path) -> io::Result<Opened> {
    let stat = rustix::fs::stat(path.as_std_path())?;
    match rustix::fs::FileType::from_raw_mode(stat.st_mode) {
        rustix::fs::FileType::RegularFile => {
            checked(File::open_ambient_with(path, &options(), ambient_authority())?)
        }
        rustix::fs::FileType::Directory => Ok(Opened::Folder),
        rustix::fs::FileType::Fifo => Ok(Opened::Special(FIFO)),
        rustix::fs::FileType::Socket => Ok(Opened::Special(SOCKET)),
        _ => Ok(Opened::Special(DEVICE)),
    }
}

/// Opens a regular file inside a folder; a link may lead to it, but not out of the folder. Nothing
/// else is opened. The error is a reason.
pub(crate) fn regular(folder: &Dir, path: &Path) -> Result<(File, u64), String> {
    let metadata = folder.metadata(path).map_err(|error| broken(&error))?;
    if metadata.is_dir() {
        return Err("is a folder".to_owned());
    }
    if !metadata.is_file() {
        return Err(not_a_file(special(metadata.file_type())));
    }
    match folder.open_with(path, &options()).and_then(checked) {
        Ok(Opened::File(file, size)) => Ok((file, size)),
        Ok(Opened::Special(what)) => Err(not_a_file(what)),
        Ok(Opened::Folder) => Err("became a folder while it was being opened".to_owned()),
        Err(error) => Err(broken(&error)),
    }
}

/// Why what is neither file nor folder is not read.
fn not_a_file(what: &str) -> String {
    format!("is {what}, which is not opened")
}

/// Why what a path inside a folder leads to cannot be read.
pub(crate) fn broken(error: &io::Error) -> String {
    // A path that leads out is refused by the directory handle, not by the system, and so carries
    // no number of the system's.
    let escapes = error.kind() == io::ErrorKind::PermissionDenied && error.raw_os_error().is_none();
    if escapes {
        "is a link that leaves the folder".to_owned()
    } else if error.raw_os_error() == Some(Errno::LOOP.raw_os_error()) {
        "is a link that leads back to itself".to_owned()
    } else if is_missing(error) {
        "is missing".to_owned()
    } else {
        unreadable(error)
    }
}

/// Why something cannot be read, where there is no more to say.
pub(crate) fn unreadable(error: &io::Error) -> String {
    format!("cannot be read: {}", error.kind())
}

/// Whether nothing is there; a file where a folder would have to be is nothing, too.
pub(crate) fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// What a file type is called that is neither file nor folder.
fn special(file_type: FileType) -> &'static str {
    if file_type.is_fifo() {
        FIFO
    } else if file_type.is_socket() {
        SOCKET
    } else {
        DEVICE
    }
}

/// Reads to the end, or to the byte after the cap: then the file has more than `cap` bytes.
pub(crate) fn read(file: File, size: u64, cap: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(usize::try_from(size.min(cap)).unwrap_or(0) + 1);
    file.take(cap.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

const FIFO: &str = "a FIFO";
const SOCKET: &str = "a socket";
const DEVICE: &str = "a device";

fn checked(file: File) -> io::Result<Opened> {
    let metadata = file.metadata()?;
    if metadata.is_file() {
        Ok(Opened::File(file, metadata.len()))
    } else if metadata.is_dir() {
        Ok(Opened::Folder)
    } else {
        Ok(Opened::Special(special(metadata.file_type())))
    }
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    options.read(true).custom_flags(flags.bits().cast_signed());
    options
}
