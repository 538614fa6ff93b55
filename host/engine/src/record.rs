//! Records: renders what came out and writes it where the caller wants it.

use std::io;

use camino::Utf8PathBuf;

use crate::files;

/// How a report is rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For a person.
    Human,
    /// For a program.
    Json,
}

/// An output file that cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write `{path}`")]
pub struct RecordError {
    /// The file.
    pub path: Utf8PathBuf,
    /// Why not.
    pub source: io::Error,
}

/// Writes all renderings to their files, whole or not at all: nothing takes its place before
/// everything is written, so that no report says "allowed" after a run that failed.
///
/// # Errors
///
/// The first file that cannot be written.
pub fn record(renderings: &[(Utf8PathBuf, String)]) -> Result<(), RecordError> {
    let error = |path: &Utf8PathBuf, source| RecordError { path: path.clone(), source };
    let mut written: Vec<(&Utf8PathBuf, files::Beside)> = Vec::new();
    for (path, text) in renderings {
        let beside = files::Beside::write(path, text.as_bytes());
        let beside = beside.map_err(|source| error(path, source))?;
        for (_, other) in &written {
            if beside.same_place(other).map_err(|source| error(path, source))? {
                return Err(error(path, io::Error::other("another output is the same file")));
            }
        }
        written.push((path, beside));
    }
    for (path, beside) in written {
        beside.place().map_err(|source| error(path, source))?;
    }
    Ok(())
}
