//! Finds `lockgate.toml` where the caller named none.

use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use cap_std::ambient_authority;
use cap_std::fs::{Dir, Metadata, MetadataExt};

/// The name that is looked for.
const NAME: &str = "lockgate.toml";

/// Why no policy file is taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LocateError {
    /// There is none on the way up.
    #[error("no `{NAME}` in `{from}` or above it, up to the repository's root")]
    None {
        /// Where the search began.
        from: Utf8PathBuf,
    },
    /// Somebody else could have put it there.
    #[error("`{path}` may be written by others, so it is not taken unless it is named")]
    Writable {
        /// The file or folder.
        path: Utf8PathBuf,
    },
    /// A folder on the way, or a file in it, cannot be looked into.
    #[error("cannot look into `{path}`, and what is above is not taken instead")]
    Unreadable {
        /// The folder or file.
        path: Utf8PathBuf,
        /// Why not.
        source: io::Error,
    },
}

/// Looks for `lockgate.toml` from `from`, an absolute path, upwards, and stops at a repository's
/// root. A file found so was not named by anyone, so neither it nor its folder may be one that
/// others can write.
pub(crate) fn locate(from: &Utf8Path) -> Result<Utf8PathBuf, LocateError> {
    for folder in from.ancestors() {
        let unreadable = |source| LocateError::Unreadable { path: folder.to_owned(), source };
        let dir = Dir::open_ambient_dir(folder, ambient_authority()).map_err(unreadable)?;
        let path = folder.join(NAME);
        // What is there and cannot be looked at is not passed over: the next file above may be
        // laxer.
        let found = match dir.symlink_metadata(NAME) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(source) => return Err(LocateError::Unreadable { path, source }),
            Ok(_) => {
                let file = dir.metadata(NAME);
                Some(file.map_err(|source| LocateError::Unreadable { path: path.clone(), source })?)
            }
        };
        if let Some(file) = found {
            let around = dir.dir_metadata().map_err(unreadable)?;
            for (what, metadata) in [(&path, &file), (&folder.to_owned(), &around)] {
                if others_may_write(metadata) {
                    return Err(LocateError::Writable { path: what.clone() });
                }
            }
            return Ok(path);
        }
        if dir.symlink_metadata(".git").is_ok() {
            break;
        }
    }
    Err(LocateError::None { from: from.to_owned() })
}

/// Whether someone other than the caller and root may: everybody, or a foreign owner. A group may
/// not be a crowd, and many systems give each user one of their own.
fn others_may_write(metadata: &Metadata) -> bool {
    let me = rustix::process::geteuid().as_raw();
    let everybody = metadata.mode() & 0o002 != 0;
    everybody || (metadata.uid() != me && metadata.uid() != 0)
}
