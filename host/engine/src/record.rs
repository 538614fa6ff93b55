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

/// Writes each rendering to its file, whole or not at all.
///
/// # Errors
///
/// The first file that cannot be written; those before it are there.
pub fn record(renderings: &[(Utf8PathBuf, String)]) -> Result<(), RecordError> {
    for (path, text) in renderings {
        files::write(path, text.as_bytes())
            .map_err(|source| RecordError { path: path.clone(), source })?;
    }
    Ok(())
}
