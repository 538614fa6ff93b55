//! Why a file is not what a policy takes it for.

use crate::reason::quoted;

use super::MAX_CONTENTS;

/// Why a file, or a table of it, cannot be read. Reads well after the file's name and a colon. Each is
/// the same in every run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unreadable {
    /// A gzip that is damaged.
    #[error("its gzip cannot be inflated: {0}")]
    Gzip(String),
    /// More bytes than are held.
    #[error("it inflates to more than {MAX_CONTENTS} bytes, which is the cap")]
    TooLarge,
    /// No text.
    #[error("it is not UTF-8, at line {line}")]
    NotUtf8 {
        /// The line, from 1.
        line: usize,
    },
    /// No strict JSON.
    #[error("it {0}")]
    Json(String),
    /// Not the table that was asked for.
    #[error("{what}")]
    NoTable {
        /// A clause.
        what: String,
    },
    /// A row of it is wrong.
    #[error("{row} {what}")]
    Row {
        /// Which: `line 7`, or `element 3 of /vulnerabilities`.
        row: String,
        /// A predicate.
        what: String,
    },
}

impl Unreadable {
    pub(super) fn no_table(what: impl Into<String>) -> Self {
        Self::NoTable { what: what.into() }
    }

    pub(super) fn row(row: impl Into<String>, what: impl Into<String>) -> Self {
        Self::Row { row: row.into(), what: what.into() }
    }

    /// A row without a key.
    pub(super) fn keyless(row: impl Into<String>, key: &str) -> Self {
        Self::row(row, format!("has nothing in {}, by which rows are found", quoted(key)))
    }

    /// A row with the key of one before it.
    pub(super) fn twice(row: impl Into<String>, key: &str) -> Self {
        Self::row(row, format!("has the key {}, which an earlier row has", quoted(key)))
    }

    pub(super) fn rows(most: usize) -> Self {
        Self::no_table(format!("it has more than {most} rows, which is the cap"))
    }
}
