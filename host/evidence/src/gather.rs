//! Gathers documents: claims, nothing believed yet.
//!
//! What the caller typed may lie anywhere. A document that cannot be read is listed with its
//! reason, never left out; only a path of the caller's own that is not there is an error.

use std::collections::BTreeSet;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use cap_std::ambient_authority;
use cap_std::fs::{Dir, File};
use lockgate_model::{Digest, Kind, Text};

use crate::artifact::{Artifact, ResolveError};
use crate::claim::{self, Claim, Refused, Subject};
use crate::folder::{self, Entry};
use crate::hashes::Over;
use crate::layout::{Attached, Layout};
use crate::open::{self, Opened, is_missing};
use crate::trust::{Acceptance, Trust};

/// The most bytes of one document, unless the policy file says otherwise. The largest bills of
/// materials seen in the field have some 40 MiB.
const DOCUMENT_BYTES: u64 = 64 << 20;

/// How many documents of the largest size may be read in one run. It bounds memory and time, for
/// sparse files cost whoever plants them nothing; a real release has a few megabytes in all.
const LARGEST_DOCUMENTS: u64 = 8;

/// The most documents of one run. A release has a dozen; each costs a line in the report, and tiny
/// ones cost whoever plants them nothing.
pub(crate) const MAX_DOCUMENTS: usize = 10_000;

/// The most bytes of an artifact that are held in memory, unless the policy file says otherwise.
/// Only a signature that is over the bytes themselves makes it necessary (plain Ed25519), and who
/// signs larger files in that way can say how much memory that is worth.
const ARTIFACT_BYTES: u64 = 64 << 20;

/// One `--evidence [KIND=]PATH`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// What the caller says that its documents are; a document of another kind is rejected.
    pub kind: Option<Kind>,
    /// A file or a folder, as the caller typed it.
    pub path: Utf8PathBuf,
}

/// How much is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caps {
    /// The most bytes of one document; `max-document` under `[evidence]` in the policy file.
    pub document_bytes: u64,
    /// The most bytes of the artifact that are held in memory for a signature that is over them;
    /// `max-artifact` under `[evidence]` in the policy file. An artifact itself has no cap.
    pub artifact_bytes: u64,
}

impl Default for Caps {
    fn default() -> Self {
        Self { document_bytes: DOCUMENT_BYTES, artifact_bytes: ARTIFACT_BYTES }
    }
}

/// Documents that were read, or not read and why. Claims: only [`crate::verify()`] takes them.
#[derive(Debug, Default)]
pub struct Gathered {
    pub(crate) found: Vec<Found>,
}

/// One document, where it lay, and what it claims.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) path: Text,
    pub(crate) index: u32,
    /// None where it was not read.
    pub(crate) digest: Option<Digest>,
    pub(crate) claim: Claim,
    /// Whether the caller named this very file, and said what it is.
    pub(crate) named: bool,
}

impl Found {
    /// What tells it from any other, and nothing of when it was found: where it lay, what it is, and
    /// what the caller says of it.
    pub(crate) fn order(&self) -> impl Ord + '_ {
        let Self { path, index, digest, claim, named } = self;
        let refused = match claim {
            Claim::Refused(refused) => Some(&refused.reason),
            _ => None,
        };
        (path, index, digest, named, refused)
    }
}

/// Why evidence is not gathered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "`path` is what the caller typed, in all variants")]
pub enum GatherError {
    /// Nothing is there.
    #[error("the evidence `{path}` does not exist")]
    Missing { path: Utf8PathBuf },
    /// It is there and cannot be opened.
    #[error("cannot open the evidence `{path}`")]
    Unreadable { path: Utf8PathBuf, source: io::Error },
    /// A FIFO, a socket or a device. It was not opened.
    #[error("the evidence `{path}` is {what}, and a file or a folder is needed")]
    NotAFile { path: Utf8PathBuf, what: &'static str },
    /// A document made a second pass over the artifact necessary, and that failed.
    #[error(transparent)]
    Artifact(#[from] ResolveError),
}

impl GatherError {
    /// Whether the platform failed, rather than the caller.
    #[must_use]
    pub fn is_host_failure(&self) -> bool {
        matches!(self, Self::Artifact(error) if error.is_host_failure())
    }
}

/// Reads all documents of all sources, and behind them what refers to the artifact in its OCI layout,
/// if it lies in one. What they and the keys in `trust` need of the artifact
/// beside its SHA-256 is computed from the handle that was hashed, in one pass for all of them.
/// Nothing else is asked of `trust` here: nobody is believed yet.
///
/// # Errors
///
/// A source that is not there or cannot be opened, and a second pass over the artifact that fails.
pub fn gather(
    artifact: &mut Artifact,
    sources: &[Source],
    caps: &Caps,
    trust: &Trust,
) -> Result<Gathered, GatherError> {
    let left = caps.document_bytes.saturating_mul(LARGEST_DOCUMENTS);
    let mut gathering = Gathering { caps: *caps, trust, left, full: false, found: Vec::new() };
    for source in sources {
        gathering.source(source)?;
    }
    if let Some(layout) = artifact.layout() {
        gathering.layout(layout);
    }
    let digest = artifact.subject().digest;
    let sha512 = |subjects: &[Subject]| -> BTreeSet<Over> {
        let needed = subjects.iter().any(|subject| subject.needs_sha512(&digest));
        needed.then_some(Over::Sha512).into_iter().collect()
    };
    let needs = |found: &Found| match &found.claim {
        Claim::Statement(signed) => {
            let named = sha512(&signed.named(trust).unwrap_or_default());
            if named.is_empty() { sha512(&signed.products()) } else { named }
        }
        Claim::Unsigned(unsigned) => sha512(&unsigned.named().unwrap_or_default()),
        Claim::Simple(_) | Claim::Payload(_) | Claim::Refused(_) => BTreeSet::new(),
        Claim::Blob(signed) => signed.needs(trust),
        Claim::Minisig(signed) => signed.needs(trust),
        Claim::Sshsig(signed) => signed.needs(trust),
    };
    let wanted = gathering.found.iter().flat_map(needs).collect();
    artifact.compute(wanted, caps.artifact_bytes)?;
    Ok(Gathered { found: gathering.found })
}

struct Gathering<'t> {
    caps: Caps,
    trust: &'t Trust,
    /// How many bytes may still be read.
    left: u64,
    /// Whether there were so many documents that no more are read.
    full: bool,
    found: Vec<Found>,
}

impl Gathering<'_> {
    fn source(&mut self, source: &Source) -> Result<(), GatherError> {
        let path = &source.path;
        match open::ambient(path).map_err(|error| cannot_open(path, error))? {
            Opened::Special(what) => Err(GatherError::NotAFile { path: path.clone(), what }),
            Opened::File(file, size) => {
                let name = Text::escaped(path.file_name().unwrap_or(path.as_str()));
                self.document(name, Entry::File(file, size), source.kind, source.kind.is_some());
                Ok(())
            }
            Opened::Folder => {
                let folder = Dir::open_ambient_dir(path, ambient_authority());
                let folder = folder.map_err(|error| cannot_open(path, error))?;
                // Whoever fills a folder chooses what lies in it, so the caller named none of that.
                let each = &mut |path, entry| self.document(path, entry, source.kind, false);
                folder::walk(&folder, each).map_err(|error| cannot_open(path, error))
            }
        }
    }

    /// `named`: the caller named this very file, and said what it is.
    fn document(&mut self, path: Text, entry: Entry, kind: Option<Kind>, named: bool) {
        if self.full {
            return;
        }
        let read = match entry {
            Entry::File(file, size) => self.read(file, size),
            Entry::Refused(reason) => Err(reason),
        };
        match read {
            Ok(bytes) => {
                let called = |(digest, claim)| (digest, as_called(claim, kind));
                self.claims(&path, named, claim::read(&bytes).into_iter().map(called));
            }
            Err(reason) => self.refuse(path, None, Refused::rejected(None, reason)),
        }
    }

    /// What refers to the artifact in its layout: manifests that are not read, and documents. Their
    /// paths are their digests.
    fn layout(&mut self, layout: &Layout) {
        if self.full {
            return;
        }
        for (name, refused) in &layout.referrers.refused {
            if self.found.len() < MAX_DOCUMENTS {
                self.refuse(name.clone(), None, refused.clone());
            } else {
                return self.end(name.clone(), 0);
            }
        }
        for attached in &layout.referrers.attached {
            let path = Text::escaped(&attached.digest.to_string());
            if self.found.len() < MAX_DOCUMENTS {
                self.attached(path, layout, attached);
            } else {
                return self.end(path, 0);
            }
        }
    }

    fn attached(&mut self, path: Text, layout: &Layout, attached: &Attached) {
        let kind = attached.kind();
        let opened = layout.open(attached);
        let bytes = match opened.and_then(|(file, size)| self.read(file, size)) {
            Ok(bytes) => bytes,
            Err(reason) => return self.refuse(path, None, Refused::rejected(kind, reason)),
        };
        if let Err((found, reason)) = attached.matches(&bytes) {
            return self.refuse(path, Some(found), Refused::rejected(kind, reason));
        }
        let documents = attached.types.first();
        let documents =
            documents.map(|(media_type, kind)| claim::read_as(&bytes, media_type, *kind));
        let signed = claim::simple_signing(&bytes, &attached.signatures);
        let signed = signed.map(|claim| (attached.digest, claim));
        // Whoever pushes to a registry chooses what refers to the artifact, so the caller named none.
        self.claims(&path, false, documents.into_iter().flatten().chain(signed));
    }

    fn refuse(&mut self, path: Text, digest: Option<Digest>, refused: Refused) {
        let claim = Claim::Refused(refused);
        self.found.push(Found { path, index: 0, digest, claim, named: false });
    }

    /// What a file claims, made as it is taken: there may be more than are.
    fn claims(&mut self, path: &Text, named: bool, claims: impl Iterator<Item = (Digest, Claim)>) {
        for (index, (digest, claim)) in (0..).zip(claims) {
            let claim = unless_accepted(claim, self.trust);
            let found = Found { path: path.clone(), index, digest: Some(digest), claim, named };
            self.found.push(found);
            if self.found.len() > MAX_DOCUMENTS {
                return self.end(path.clone(), index + 1);
            }
        }
    }

    /// Says that no more is read.
    fn end(&mut self, path: Text, index: u32) {
        let reason = format!("more than {MAX_DOCUMENTS} documents: what follows is not read");
        let claim = Claim::Refused(Refused::rejected(None, reason));
        self.found.push(Found { path, index, digest: None, claim, named: false });
        self.full = true;
    }

    /// Reads a file that is not too large, by what its handle states and by what comes out of it.
    /// The error is a reason.
    fn read(&mut self, file: File, size: u64) -> Result<Vec<u8>, String> {
        const RAISE: &str = "raise `max-document` under `[evidence]` in the policy file";
        let cap = self.caps.document_bytes;
        if size > cap {
            return Err(format!("has {size} bytes, and the cap is {cap}: {RAISE}"));
        }
        if size > self.left {
            let all = cap.saturating_mul(LARGEST_DOCUMENTS);
            return Err(format!("would make all documents more than {all} bytes: {RAISE}"));
        }
        let bytes = open::read(file, size, cap)
            .map_err(|error| format!("cannot be read: {}", error.kind()))?;
        let length = bytes.len() as u64;
        self.left = self.left.saturating_sub(length);
        if length > cap {
            return Err(format!("has more than {cap} bytes, which is the cap: {RAISE}"));
        }
        Ok(bytes)
    }
}

/// A document that is not what the caller calls it is not what the caller meant.
fn as_called(claim: Claim, called: Option<Kind>) -> Claim {
    let claim = match (claim, called) {
        (Claim::Unsigned(unsigned), Some(called)) => {
            Claim::Unsigned(Box::new(unsigned.called(called)))
        }
        (claim, _) => claim,
    };
    match (claim.kind(), called) {
        (Some(kind), Some(called)) if kind != called && !matches!(claim, Claim::Refused(_)) => {
            let reason = format!("was given as `{called}`, and is `{kind}`");
            Claim::Refused(Refused::rejected(Some(kind), reason))
        }
        _ => claim,
    }
}

/// What nobody signed ends here unless the stage accepts it, so that its bytes are not kept.
fn unless_accepted(claim: Claim, trust: &Trust) -> Claim {
    let Claim::Unsigned(unsigned) = &claim else { return claim };
    let kind = unsigned.predicate.kind();
    if trust.accepts(kind) == Some(Acceptance::Unsigned) {
        return claim;
    }
    let refused = Refused::rejected(Some(kind), "is not signed");
    Claim::Refused(refused.helped(Acceptance::Unsigned.help(kind).as_deref()))
}

fn cannot_open(path: &Utf8Path, source: io::Error) -> GatherError {
    let path = path.to_owned();
    if is_missing(&source) {
        GatherError::Missing { path }
    } else {
        GatherError::Unreadable { path, source }
    }
}
