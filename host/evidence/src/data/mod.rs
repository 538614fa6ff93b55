//! Files that a policy file hands to a policy: lists, tables, rules.
//!
//! They are the configuration's and not a stranger's, but whoever wrote them may have erred: what
//! cannot be read is told, and never passes for an empty list.
//!
//! A file is inflated once a run, and each table of it is indexed once, whoever asks. Tables keep no
//! copy of the file: an index says where each row stands, and a row is read when it is asked for.

mod csv;
mod json;
mod table;
mod unreadable;

use std::collections::BTreeMap;
use std::fmt;
use std::io::Read;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use flate2::bufread::MultiGzDecoder;
use lockgate_model::Digest;

pub use table::{Row, Table};
pub use unreadable::Unreadable;

/// The most bytes that a file in gzip inflates to. The largest lists that policies use, of the
/// probability that each of 300,000 vulnerabilities is exploited, have ten mebibytes; places in a
/// file of so many are numbers of 32 bits.
pub const MAX_CONTENTS: u64 = 64 << 20;

/// How a gzip begins.
const GZIP: &[u8] = &[0x1f, 0x8b];

/// What a policy is handed, by the names that its policy file gives.
pub type Files = BTreeMap<String, Arc<File>>;

/// Which table of a file is meant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    /// Comma-separated values, by a column.
    Csv { key: String },
    /// The array at a pointer, by a member.
    Json { pointer: String, key: String },
}

/// A table that was asked for, or why there is none.
type Made = Result<Arc<Table>, Unreadable>;

/// One file.
pub struct File {
    bytes: Arc<[u8]>,
    digest: Digest,
    contents: OnceLock<Result<Arc<[u8]>, Unreadable>>,
    tables: Mutex<BTreeMap<Form, Made>>,
}

impl File {
    /// From its bytes and their SHA-256.
    #[must_use]
    pub fn new(bytes: Arc<[u8]>, digest: Digest) -> Self {
        Self { bytes, digest, contents: OnceLock::new(), tables: Mutex::default() }
    }

    /// The SHA-256 of its bytes as they lie there.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// How many bytes lie there.
    #[must_use]
    pub fn size(&self) -> usize {
        self.bytes.len()
    }

    /// What it holds: its bytes, or what they inflate to.
    ///
    /// # Errors
    ///
    /// It is a gzip that cannot be inflated, or that is larger than [`MAX_CONTENTS`] then.
    pub fn contents(&self) -> Result<&[u8], Unreadable> {
        match self.held() {
            Ok(contents) => Ok(contents),
            Err(why) => Err(why.clone()),
        }
    }

    fn held(&self) -> &Result<Arc<[u8]>, Unreadable> {
        self.contents.get_or_init(|| {
            if self.bytes.starts_with(GZIP) {
                inflate(&self.bytes)
            } else if self.bytes.len() as u64 > MAX_CONTENTS {
                Err(Unreadable::TooLarge)
            } else {
                Ok(Arc::clone(&self.bytes))
            }
        })
    }

    /// The file as comma-separated values, by the column `key`.
    ///
    /// # Errors
    ///
    /// It is none, lacks the column, or has a key twice.
    pub fn csv(&self, key: &str) -> Made {
        self.table(Form::Csv { key: key.to_owned() })
    }

    /// The array at a pointer in the file, by the member `key` of its elements.
    ///
    /// # Errors
    ///
    /// There is none, an element lacks the member, or has a key twice.
    pub fn json(&self, pointer: &str, key: &str) -> Made {
        self.table(Form::Json { pointer: pointer.to_owned(), key: key.to_owned() })
    }

    fn table(&self, form: Form) -> Made {
        let contents = self.held().as_ref().map_err(Clone::clone)?;
        // Whoever else wants this table waits here until it is made.
        let mut tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        let made = tables.entry(form).or_insert_with_key(|form| {
            let table = match form {
                Form::Csv { key } => csv::table(contents, key),
                Form::Json { pointer, key } => json::table(contents, pointer, key),
            };
            table.map(Arc::new)
        });
        made.clone()
    }
}

/// Without its bytes, which nobody wants in a log.
impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.digest.fmt(f)
    }
}

fn inflate(bytes: &[u8]) -> Result<Arc<[u8]>, Unreadable> {
    let mut contents = Vec::new();
    let mut members = MultiGzDecoder::new(bytes).take(MAX_CONTENTS + 1);
    members.read_to_end(&mut contents).map_err(|error| Unreadable::Gzip(error.to_string()))?;
    if contents.len() as u64 > MAX_CONTENTS {
        return Err(Unreadable::TooLarge);
    }
    Ok(contents.into())
}

#[cfg(test)]
mod tests;
