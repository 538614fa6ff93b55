//! What signatures over an artifact are over: its SHA-256 digest, another one, or all its bytes.
//!
//! SHA-256 is the artifact's name and always known. The others cost a second pass, so they are
//! computed only where a document and a trusted key make it necessary, and all of them in that one
//! pass.

use std::collections::BTreeSet;
use std::fmt;

use blake2::Blake2b512;
use sha2::{Digest as _, Sha256, Sha384, Sha512};

/// What a signature over the artifact is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Over {
    /// Its SHA-256 digest.
    Sha256,
    /// Its SHA-384 digest.
    Sha384,
    /// Its SHA-512 digest.
    Sha512,
    /// Its BLAKE2b-512 digest.
    Blake2b512,
    /// All its bytes.
    Bytes,
}

impl fmt::Display for Over {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sha256 => "SHA-256 digest",
            Self::Sha384 => "SHA-384 digest",
            Self::Sha512 => "SHA-512 digest",
            Self::Blake2b512 => "BLAKE2b-512 digest",
            Self::Bytes => "bytes",
        })
    }
}

/// Why something of the artifact is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unknown {
    /// Only its SHA-256 digest was given.
    OnlyDigest,
    /// It has more bytes than may be held in memory.
    TooLarge { size: u64, cap: u64 },
    /// Nobody asked for it when documents were gathered.
    NotComputed,
}

impl Unknown {
    /// Why a signature over this cannot be checked: a clause for a reason.
    pub(crate) fn clause(self, over: Over) -> String {
        match self {
            Self::OnlyDigest => {
                format!("it signs the artifact's {over}, and only the sha256 digest is given")
            }
            Self::TooLarge { size, cap } => format!(
                "it signs the artifact's {over}, which are {size}, and the cap is {cap}: raise \
                 `max-artifact` under `[evidence]` in the policy file"
            ),
            Self::NotComputed => format!("the artifact's {over} was not computed for it"),
        }
    }

    /// What to try next.
    pub(crate) fn help(self) -> &'static str {
        match self {
            Self::OnlyDigest => "name the artifact's file instead of its digest",
            Self::TooLarge { .. } => "raise `max-artifact` under `[evidence]` in the policy file",
            Self::NotComputed => "this is a bug in lockgate; please report it",
        }
    }
}

/// What is known of the artifact beside its SHA-256 digest.
#[derive(Debug, Default)]
pub(crate) struct Hashes {
    pub(crate) sha384: Option<[u8; 48]>,
    pub(crate) sha512: Option<[u8; 64]>,
    pub(crate) blake2b: Option<[u8; 64]>,
    pub(crate) bytes: Option<Vec<u8>>,
}

impl Hashes {
    /// What was computed, if it was.
    pub(crate) fn get(&self, over: Over) -> Option<&[u8]> {
        match over {
            Over::Sha256 => None,
            Over::Sha384 => self.sha384.as_ref().map(|hash| &hash[..]),
            Over::Sha512 => self.sha512.as_ref().map(|hash| &hash[..]),
            Over::Blake2b512 => self.blake2b.as_ref().map(|hash| &hash[..]),
            Over::Bytes => self.bytes.as_deref(),
        }
    }
}

/// One pass over the artifact that computes all that is wanted, and SHA-256 once more.
pub(crate) struct Pass {
    sha256: Sha256,
    sha384: Option<Sha384>,
    sha512: Option<Sha512>,
    blake2b: Option<Blake2b512>,
    bytes: Option<Vec<u8>>,
}

impl Pass {
    /// Over so many bytes.
    pub(crate) fn new(wanted: &BTreeSet<Over>, size: u64) -> Self {
        // All at once, for a buffer that grows would need twice as much.
        let buffer = || Vec::with_capacity(usize::try_from(size).unwrap_or(0));
        Self {
            sha256: Sha256::new(),
            sha384: wanted.contains(&Over::Sha384).then(Sha384::new),
            sha512: wanted.contains(&Over::Sha512).then(Sha512::new),
            blake2b: wanted.contains(&Over::Blake2b512).then(Blake2b512::new),
            bytes: wanted.contains(&Over::Bytes).then(buffer),
        }
    }

    pub(crate) fn update(&mut self, piece: &[u8]) {
        self.sha256.update(piece);
        if let Some(hash) = &mut self.sha384 {
            hash.update(piece);
        }
        if let Some(hash) = &mut self.sha512 {
            hash.update(piece);
        }
        if let Some(hash) = &mut self.blake2b {
            hash.update(piece);
        }
        if let Some(bytes) = &mut self.bytes {
            bytes.extend_from_slice(piece);
        }
    }

    /// SHA-256, and what was wanted.
    pub(crate) fn finish(self) -> ([u8; 32], Hashes) {
        let hashes = Hashes {
            sha384: self.sha384.map(|hash| hash.finalize().into()),
            sha512: self.sha512.map(|hash| hash.finalize().into()),
            blake2b: self.blake2b.map(|hash| hash.finalize().into()),
            bytes: self.bytes,
        };
        (self.sha256.finalize().into(), hashes)
    }
}
