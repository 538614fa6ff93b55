//! Who may say what.
//!
//! A [`Trust`] is made from the entries of a policy file, all of them or none. Two entries with
//! one key are refused: distinct signers are distinct keys, and a second name for the same one
//! would let one person count as two.

mod acceptance;
mod der;
mod identity;
mod key;
mod mandate;
mod minisign;
mod openssh;
mod pattern;
mod pem;
mod public;
mod root;
mod validity;

use std::collections::BTreeSet;

use lockgate_model::Kind;

use crate::vex;
pub use acceptance::{Acceptance, Accepts};
pub(crate) use der::{pair, read_pair};
pub(crate) use identity::{Difference, Identity, digest_of};
pub use identity::{Extension, IdentityEntry, SubjectType, UnknownExtension};
pub(crate) use key::{Encoding, Form, Key};
pub(crate) use mandate::{Mandate, covers};
pub use pattern::{PatternError, PatternText};
pub(crate) use public::Algorithm;
pub(crate) use root::Root;
pub use root::{Requirement, RootEntry, RootSource};
pub(crate) use validity::Moment;
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
    /// The root whose logs and timestamps say when it signed; none: the only one.
    pub root: Option<String>,
}

/// All that `[trust]` says.
#[derive(Debug, Clone)]
pub struct TrustEntries {
    /// Whose certificates count; without any, none does.
    pub roots: Vec<RootEntry>,
    /// Signers with a key.
    pub keys: Vec<KeyEntry>,
    /// Signers with certificates.
    pub identities: Vec<IdentityEntry>,
}

impl Default for TrustEntries {
    /// Nobody is trusted, and Sigstore's public-good root tells who signed.
    fn default() -> Self {
        let roots = vec![RootEntry::public_good()];
        Self { roots, keys: Vec::new(), identities: Vec::new() }
    }
}

impl From<Vec<KeyEntry>> for TrustEntries {
    fn from(keys: Vec<KeyEntry>) -> Self {
        Self { keys, ..Self::default() }
    }
}

/// The signers that are trusted, each with what it may vouch for, and the roots of certificates.
#[derive(Debug, Default)]
pub struct Trust {
    // INVARIANT: sorted by name; names are distinct.
    roots: Vec<Root>,
    // INVARIANT: each sorted by name; names are distinct in both together, keys and what
    // identities ask for are, too.
    keys: Vec<Key>,
    identities: Vec<Identity>,
    accepts: Accepts,
    vex: vex::Rules,
}

/// What is wrong with one entry.
#[derive(Debug, PartialEq, Eq)]
pub struct TrustProblem {
    /// The entry.
    pub entry: EntryPlace,
    /// What is wrong.
    pub error: TrustError,
}

/// Which entry, by its place among those of its sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryPlace {
    /// A root.
    Root(usize),
    /// A key.
    Key(usize),
    /// An identity.
    Identity(usize),
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
    /// A root for a key whose signatures nobody else sees.
    #[error("`root` is for keys in PEM, whose signatures logs and timestamp authorities see")]
    NoWitnesses,
    /// The key may never vouch.
    #[error("there is no moment at which the key is good: its window ends before it begins")]
    NoMoment,
    /// The file holds no trusted root.
    #[error("the file holds no trusted root of Sigstore: {what}")]
    NotARoot { what: String },
    /// No root of that name is compiled in.
    #[error("there is no built-in root `{name}`; there are `public-good` and `github`")]
    UnknownBuiltin { name: String },
    /// A root that asks for nothing would take signatures whose time nobody knows.
    #[error("`requires` is empty; name `log`, `timestamp` or both, or leave it out")]
    RequiresNothing,
    /// A root that asks for what it cannot witness.
    #[error(
        "`requires` names `{word}`, and the root has no such authority, so nothing would count"
    )]
    RequiresWhatIsNotThere { word: &'static str },
    /// Two roots have one name.
    #[error("the name `{other}` is taken by another root")]
    SameRootName { other: String },
    /// An identity, and no root.
    #[error("an identity needs a root, and there is none: `sigstore-root` is false")]
    NoRoot,
    /// An identity names a root that is not there.
    #[error("there is no root `{root}`; there are `{known}`")]
    UnknownRoot { root: String, known: String },
    /// An identity does not say which root is meant.
    #[error("there are several roots, so name one with `root`: `{known}`")]
    WhichRoot { known: String },
    /// A key whose signatures need a trusted time does not say whose.
    #[error(
        "the key has a window or is revoked, and there are several roots, so say with `root` whose \
         logs and timestamps tell when it signed: `{known}`"
    )]
    WhoseTimes { known: String },
    /// An identity without an issuer is anybody's.
    #[error("`issuer` is empty")]
    NoIssuer,
    /// An identity without a subject is anybody's.
    #[error("an identity needs a `subject`")]
    NoSubject,
    /// A pattern of an identity.
    #[error("`{field}`: {source}")]
    Pattern { field: String, source: PatternError },
    /// Two identities ask for the same.
    #[error("this is the identity `{other}`, too: one identity is one signer")]
    SameIdentity { other: String },
    /// Two entries have one name.
    #[error("the name `{other}` is taken by another signer")]
    SameName { other: String },
    /// Two entries have one key.
    #[error("this is the public key of `{other}`, too: one key is one signer")]
    SameKey { other: String },
}

impl Trust {
    /// Reads all entries.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with any entry: roots, keys, identities, each in their order.
    pub fn new(entries: impl Into<TrustEntries>) -> Result<Self, Vec<TrustProblem>> {
        let TrustEntries { roots, keys, identities } = entries.into();
        let mut reading = Reading::default();
        for (entry, written) in roots.into_iter().enumerate() {
            reading.root(EntryPlace::Root(entry), written);
        }
        for (entry, written) in keys.into_iter().enumerate() {
            reading.key(EntryPlace::Key(entry), written);
        }
        for (entry, written) in identities.into_iter().enumerate() {
            reading.identity(EntryPlace::Identity(entry), written);
        }
        let Reading { mut trust, problems, .. } = reading;
        trust.roots.sort_by(|a, b| a.name.cmp(&b.name));
        trust.keys.sort_by(|a, b| a.mandate.name.cmp(&b.mandate.name));
        trust.identities.sort_by(|a, b| a.mandate.name.cmp(&b.mandate.name));
        if problems.is_empty() { Ok(trust) } else { Err(problems) }
    }

    /// Nobody is trusted, so nothing is a fact; Sigstore's public-good root tells who signed.
    ///
    /// # Panics
    ///
    /// Never: the root that is compiled in can be read.
    #[must_use]
    pub fn empty() -> Self {
        Self::new(TrustEntries::default()).expect("what is compiled in has no problems")
    }

    /// Takes documents of these kinds although nobody vouches for them: what a stage accepts.
    pub fn accept(&mut self, accepts: Accepts) {
        self.accepts = accepts;
    }

    /// What is accepted of a kind.
    pub(crate) fn accepts(&self, kind: Kind) -> Option<Acceptance> {
        self.accepts.get(&kind).copied().filter(|_| Acceptance::KINDS.contains(&kind))
    }

    /// Reads VEX documents by these rules: what a stage says of them. A document that names no subject
    /// is a fact by the packages that it names only if it may be applied by them.
    pub fn vex(&mut self, rules: vex::Rules) {
        self.vex = rules;
    }

    /// Whether packages that a VEX document names stand for themselves.
    pub(crate) fn matches_vex_by_purl(&self) -> bool {
        self.vex.by_purl
    }

    /// Whether there is a signer of that name.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.mandates().any(|mandate| mandate.name == name)
    }

    /// The names of signers whose kinds are not listed, sorted.
    #[must_use]
    pub fn unscoped(&self) -> Vec<&str> {
        let unscoped = self.mandates().filter(|mandate| mandate.kinds.is_none());
        let mut names: Vec<_> = unscoped.map(|mandate| mandate.name.as_str()).collect();
        names.sort_unstable();
        names
    }

    /// The names of roots that have transparency logs and do not ask for an entry in one, sorted.
    pub fn without_log(&self) -> impl Iterator<Item = &str> {
        self.roots.iter().filter(|root| root.waives_log()).map(|root| root.name.as_str())
    }

    /// All keys, sorted by name.
    pub(crate) fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// All identities, sorted by name.
    pub(crate) fn identities(&self) -> &[Identity] {
        &self.identities
    }

    /// All roots, sorted by name.
    pub(crate) fn roots(&self) -> &[Root] {
        &self.roots
    }

    fn mandates(&self) -> impl Iterator<Item = &Mandate> {
        let identities = self.identities.iter().map(|identity| &identity.mandate);
        self.keys.iter().map(|key| &key.mandate).chain(identities)
    }
}

impl TrustError {
    /// Whether it says that an identity's root is not there, which follows if one cannot be read.
    #[must_use]
    pub fn is_about_roots(&self) -> bool {
        matches!(
            self,
            Self::NoRoot
                | Self::UnknownRoot { .. }
                | Self::WhichRoot { .. }
                | Self::WhoseTimes { .. }
        )
    }
}

/// Entries as they are read, and what is wrong with them.
#[derive(Default)]
struct Reading {
    trust: Trust,
    problems: Vec<TrustProblem>,
    names: BTreeSet<String>,
}

impl Reading {
    fn refuse(&mut self, entry: EntryPlace, error: TrustError) {
        self.problems.push(TrustProblem { entry, error });
    }

    fn root(&mut self, entry: EntryPlace, written: RootEntry) {
        let name = written.name.clone();
        match Root::read(written) {
            Err(error) => self.refuse(entry, error),
            Ok(_) if self.trust.roots.iter().any(|other| other.name == name) => {
                self.refuse(entry, TrustError::SameRootName { other: name });
            }
            Ok(root) => self.trust.roots.push(root),
        }
    }

    fn key(&mut self, entry: EntryPlace, written: KeyEntry) {
        self.name(entry, &written.name);
        let roots: Vec<&str> = self.trust.roots.iter().map(|root| root.name.as_str()).collect();
        match Key::read(written, &roots) {
            Err(error) => self.refuse(entry, error),
            Ok(key) => match self.trust.keys.iter().find(|other| other.id() == key.id()) {
                Some(other) => {
                    let other = other.mandate.name.clone();
                    self.refuse(entry, TrustError::SameKey { other });
                }
                None => self.trust.keys.push(key),
            },
        }
    }

    fn identity(&mut self, entry: EntryPlace, written: IdentityEntry) {
        self.name(entry, &written.name);
        let roots: Vec<&str> = self.trust.roots.iter().map(|root| root.name.as_str()).collect();
        match Identity::read(written, &roots) {
            Err(error) => self.refuse(entry, error),
            Ok(identity) => {
                let mut others = self.trust.identities.iter();
                match others.find(|other| other.id == identity.id) {
                    Some(other) => {
                        let other = other.mandate.name.clone();
                        self.refuse(entry, TrustError::SameIdentity { other });
                    }
                    None => self.trust.identities.push(identity),
                }
            }
        }
    }

    /// Takes a signer's name, which nobody else may have.
    fn name(&mut self, entry: EntryPlace, name: &str) {
        if !self.names.insert(name.to_owned()) {
            self.refuse(entry, TrustError::SameName { other: name.to_owned() });
        }
    }
}
