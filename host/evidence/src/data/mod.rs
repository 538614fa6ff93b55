//! Files that a policy file hands to a policy: lists, tables, rules.
//!
//! They are the configuration's and not a stranger's, but whoever wrote them may have erred: what
//! cannot be read is told, and never passes for an empty list.

use std::collections::BTreeMap;
use std::sync::Arc;

use lockgate_model::Digest;

/// What a policy is handed, by the names that its policy file gives.
pub type Files = BTreeMap<String, Arc<File>>;

/// One file.
#[derive(Debug)]
pub struct File {
    bytes: Arc<[u8]>,
    digest: Digest,
}

impl File {
    /// From its bytes and their SHA-256.
    #[must_use]
    pub fn new(bytes: Arc<[u8]>, digest: Digest) -> Self {
        Self { bytes, digest }
    }

    /// The SHA-256 of its bytes as they lie there.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// What it holds.
    #[must_use]
    pub fn contents(&self) -> &[u8] {
        &self.bytes
    }
}

/// Rows by key.
#[derive(Debug)]
pub struct Table {
    rows: BTreeMap<String, BTreeMap<String, String>>,
}

impl Table {
    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}
