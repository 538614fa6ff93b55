//! Records: renders what came out and writes it where the caller wants it.

use std::io;

use camino::{Utf8Path, Utf8PathBuf};

use crate::files;

/// How a report is rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For a person.
    Human,
    /// For a program.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// JUnit XML, for what shows tests.
    Junit,
    /// Markdown, for the summary of a job.
    Markdown,
    /// Workflow commands, for GitHub Actions.
    Github,
    /// One self-contained page.
    Html,
}

impl Format {
    /// Every format, in the order in which messages list them.
    pub const ALL: &[Self] = &[
        Self::Human,
        Self::Json,
        Self::Sarif,
        Self::Junit,
        Self::Markdown,
        Self::Github,
        Self::Html,
    ];

    /// Those for lists of evidence: the rest is for verdicts.
    pub const OF_EVIDENCE: &[Self] = &[Self::Human, Self::Json, Self::Markdown, Self::Html];

    /// Those for explanations.
    pub const OF_EXPLANATION: &[Self] = &[Self::Human, Self::Json, Self::Markdown];

    /// Those for what is wrong with policies.
    pub const OF_LINT: &[Self] = &[Self::Human, Self::Json];

    /// The word for it on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Json => "json",
            Self::Sarif => "sarif",
            Self::Junit => "junit",
            Self::Markdown => "markdown",
            Self::Github => "github",
            Self::Html => "html",
        }
    }
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

/// The first output that would take the place of something that is read, and what that is.
#[must_use]
pub fn overwritten<'p>(
    outputs: impl IntoIterator<Item = &'p Utf8Path>,
    read: &[&'p Utf8Path],
) -> Option<(&'p Utf8Path, &'p Utf8Path)> {
    let over = |output| read.iter().find(|read| files::are_one(output, read)).copied();
    outputs.into_iter().find_map(|output| Some((output, over(output)?)))
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
