//! Who may say what.
//!
//! A [`Trust`] is made from the entries of a policy file, all of them or none. Two entries with
//! one key are refused: distinct signers are distinct keys, and a second name for the same one
//! would let one person count as two.

mod der;
mod key;
mod minisign;
mod openssh;
mod pem;
mod public;
mod validity;

use std::collections::HashMap;

use lockgate_model::Kind;

pub(crate) use der::{pair, read_pair};
pub(crate) use key::{Encoding, Form, Key};
pub(crate) use public::Algorithm;
pub use validity::{Revocation, Validity};

/// One `[[trust.key]]`.
#[derive(Debug, Clone, Default)]
pub struct KeyEntry {
    /// What findings and policies call this signer.
    pub name: String,
    /// The contents of its public key file.
    pub file: Vec<u8>,
    /// The kinds that it may vouch for; none: every kind that is not a decision about others'
    /// evidence.
    pub kinds: Option<Vec<Kind>>,
    /// Which line of an `allowed_signers` file is meant; none: its only one.
    pub principal: Option<String>,
    /// The namespace in which an OpenSSH key's signatures count; none: `file`.
    pub namespace: Option<String>,
    /// When it may vouch. What an `allowed_signers` file says of that holds, too.
    pub validity: Validity,
}

/// The signers that are trusted, each with what it may vouch for.
#[derive(Debug, Default)]
pub struct Trust {
    // INVARIANT: sorted by name; names and keys are distinct.
    keys: Vec<Key>,
}

/// What is wrong with one entry.
#[derive(Debug, PartialEq, Eq)]
pub struct TrustProblem {
    /// The entry's place among those that were given.
    pub entry: usize,
    /// What is wrong.
    pub error: TrustError,
}

/// Why a trust entry is refused.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "`what` is what the file holds, `other` a signer named before")]
pub enum TrustError {
    /// The file holds no public key in PEM.
    #[error("the key file holds no public key in PEM: {what}")]
    NotAKey { what: &'static str },
    /// The file holds a public key of a type that is not read.
    #[error("the key file holds {what}: not supported by this version")]
    UnsupportedKey { what: &'static str },
    /// The file is one of another program, and is not in order.
    #[error("the key file holds no {format} key: {what}")]
    Broken { format: &'static str, what: &'static str },
    /// The key belongs to a program that signs files and nothing else.
    #[error("a key of {format} signs files, so it may vouch for `signature` and not for `{kind}`")]
    OnlySignatures { format: &'static str, kind: Kind },
    /// An `allowed_signers` file does not let the key sign in the namespace.
    #[error("the `namespaces` of the key do not have `{namespace}`, so it would never count")]
    Namespace { namespace: String },
    /// A setting that means something for another type of key.
    #[error("`{setting}` is for keys of OpenSSH, and this is none")]
    NotOpenSsh { setting: &'static str },
    /// The key may never vouch.
    #[error("there is no moment at which the key is good: its window ends before it begins")]
    NoMoment,
    /// Two entries have one name.
    #[error("the name `{other}` is taken by another key")]
    SameName { other: String },
    /// Two entries have one key.
    #[error("this is the public key of `{other}`, too: one key is one signer")]
    SameKey { other: String },
}

impl Trust {
    /// Reads all keys.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with any entry, in their order.
    pub fn new(entries: Vec<KeyEntry>) -> Result<Self, Vec<TrustProblem>> {
        let mut keys: Vec<Key> = Vec::new();
        let mut problems = Vec::new();
        let mut names: HashMap<String, usize> = HashMap::new();
        for (entry, written) in entries.into_iter().enumerate() {
            let mut refuse = |error| problems.push(TrustProblem { entry, error });
            if names.insert(written.name.clone(), entry).is_some() {
                refuse(TrustError::SameName { other: written.name.clone() });
            }
            match Key::read(written) {
                Err(error) => refuse(error),
                Ok(key) => match keys.iter().find(|other| other.id() == key.id()) {
                    Some(other) => refuse(TrustError::SameKey { other: other.name.clone() }),
                    None => keys.push(key),
                },
            }
        }
        keys.sort_by(|a, b| a.name.cmp(&b.name));
        if problems.is_empty() { Ok(Self { keys }) } else { Err(problems) }
    }

    /// Nobody is trusted, so nothing is a fact.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// Whether there is a signer of that name.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.keys.iter().any(|key| key.name == name)
    }

    /// The names of signers whose kinds are not listed, sorted.
    pub fn unscoped(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().filter(|key| key.kinds.is_none()).map(|key| key.name.as_str())
    }

    /// All signers, sorted by name.
    pub(crate) fn keys(&self) -> &[Key] {
        &self.keys
    }
}
