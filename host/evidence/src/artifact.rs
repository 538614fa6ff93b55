//! Resolves what the user typed to a name and a digest.

use std::collections::BTreeSet;
use std::io::{self, Read, Seek};

use camino::Utf8Path;
use cap_std::fs::File;
use lockgate_model::{Digest, DigestError, Subject, Text};
use sha2::{Digest as _, Sha256};

use crate::hashes::{Hashes, Over, Pass, Unknown};
use crate::open::{self, Opened};

/// How much of the artifact is read at once. The fewer the reads, the less they cost beside the
/// hash, down to a twelfth of it; from here on nothing is gained, and this still fits the
/// second-level cache.
const BUFFER: usize = 1 << 20;

/// Digest algorithms that people write before a colon, and that name no artifact here.
const OTHER_ALGORITHMS: &[&str] =
    &["md5", "sha1", "sha224", "sha384", "sha512", "sha3-256", "sha3-512", "blake2b", "blake3"];

/// The artifact that is judged: its subject, and for a file the very handle that was hashed.
#[derive(Debug)]
pub struct Artifact {
    subject: Subject,
    file: Option<Handle>,
    hashes: Hashes,
    /// Whether it begins as what envelopes sign begins. Its signature would be a signature over an
    /// envelope, and whoever made that said nothing about artifacts.
    poses_as_envelope: bool,
}

/// The file that was hashed.
#[derive(Debug)]
struct Handle {
    file: File,
    /// How many bytes were hashed.
    size: u64,
    /// How many bytes may be held in memory, as it was said when they were asked for.
    cap: u64,
}

/// How the bytes begin that an envelope's signatures are over (DSSE's pre-authentication encoding).
const ENVELOPE: &[u8] = b"DSSEv1 ";

impl Artifact {
    /// Takes a file, or `sha256:HEX`. A digest is recognised before a file name, so that a planted
    /// file cannot shadow one. A file is read once, in pieces, and its handle kept.
    ///
    /// # Errors
    ///
    /// See [`ResolveError`]; [`ResolveError::is_host_failure`] tells whose problem it is.
    pub fn resolve(text: &str) -> Result<Self, ResolveError> {
        if let Some(subject) = by_digest(text)? {
            let hashes = Hashes::default();
            return Ok(Self { subject, file: None, hashes, poses_as_envelope: false });
        }
        let artifact = Text::escaped(text);
        let path = Utf8Path::new(text);
        let mut file = match open::ambient(path) {
            Ok(Opened::File(file, _)) => file,
            Ok(Opened::Folder) => return Err(ResolveError::Folder { artifact }),
            Ok(Opened::Special(what)) => return Err(ResolveError::NotAFile { artifact, what }),
            Err(source) if is_missing(&source) => return Err(ResolveError::Missing { artifact }),
            Err(source) => return Err(ResolveError::Open { artifact, source }),
        };
        let mut sha256 = Sha256::new();
        let mut size = 0;
        let mut beginning = Vec::new();
        let read = stream(&mut file, |piece| {
            size += piece.len() as u64;
            let missing = ENVELOPE.len() - beginning.len();
            beginning.extend_from_slice(&piece[..missing.min(piece.len())]);
            sha256.update(piece);
        });
        read.map_err(|source| ResolveError::Read { artifact, source })?;
        let name = Text::escaped(path.file_name().unwrap_or(text));
        let digest = Digest::from_sha256(sha256.finalize().into());
        let subject = Subject { name, digest };
        let file = Some(Handle { file, size, cap: u64::MAX });
        let poses_as_envelope = beginning == ENVELOPE;
        Ok(Self { subject, file, hashes: Hashes::default(), poses_as_envelope })
    }

    /// The name and the digest.
    #[must_use]
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// SHA-512 in lower-case hexadecimal, if it was computed: [`crate::gather`] does where a
    /// document needs it and there is a file.
    #[must_use]
    pub fn sha512_hex(&self) -> Option<String> {
        let hash = self.hashes.sha512.as_ref()?;
        Some(hash.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// Whether a signature over it could be one over an envelope. Of a bare digest it cannot be told.
    pub(crate) fn poses_as_envelope(&self) -> bool {
        self.poses_as_envelope
    }

    /// What a signature may be over, if it is known.
    pub(crate) fn part(&self, over: Over) -> Result<&[u8], Unknown> {
        if over == Over::Sha256 {
            return Ok(self.subject.digest.as_bytes());
        }
        let handle = self.file.as_ref().ok_or(Unknown::OnlyDigest)?;
        match self.hashes.get(over) {
            Some(part) => Ok(part),
            None if over == Over::Bytes && handle.size > handle.cap => {
                Err(Unknown::TooLarge { size: handle.size, cap: handle.cap })
            }
            None => Err(Unknown::NotComputed),
        }
    }

    /// Computes all that is wanted in a second pass over the same handle, unless only a digest is
    /// known. The pass recomputes SHA-256: all are of the same bytes, or it is an error. An
    /// artifact of more than `cap` bytes is hashed, but not held in memory.
    pub(crate) fn compute(
        &mut self,
        mut wanted: BTreeSet<Over>,
        cap: u64,
    ) -> Result<(), ResolveError> {
        let Some(handle) = self.file.as_mut() else { return Ok(()) };
        handle.cap = cap;
        if handle.size > cap {
            wanted.remove(&Over::Bytes);
        }
        wanted.remove(&Over::Sha256);
        if wanted.iter().all(|over| self.hashes.get(*over).is_some()) {
            return Ok(());
        }
        let artifact = || self.subject.name.clone();
        let mut pass = Pass::new(&wanted, handle.size);
        // One byte more than were hashed shows that it grew, and no more are held in memory.
        let mut left = handle.size + 1;
        let file = &mut handle.file;
        file.rewind()
            .and_then(|()| {
                stream(file.take(left), |piece| {
                    left -= piece.len() as u64;
                    pass.update(piece);
                })
            })
            .map_err(|source| ResolveError::Read { artifact: artifact(), source })?;
        let (sha256, hashes) = pass.finish();
        if left != 1 || Digest::from_sha256(sha256) != self.subject.digest {
            return Err(ResolveError::Changed { artifact: artifact() });
        }
        self.hashes = hashes;
        Ok(())
    }
}

/// Why an artifact is not resolved.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "`artifact` is what the user typed, in all variants")]
pub enum ResolveError {
    /// Nothing is there.
    #[error("the artifact `{artifact}` does not exist")]
    Missing { artifact: Text },
    /// A folder has no digest.
    #[error("the artifact `{artifact}` is a folder, and a file is needed")]
    Folder { artifact: Text },
    /// A FIFO, a socket or a device. It was not opened.
    #[error("the artifact `{artifact}` is {what}, and a file is needed")]
    NotAFile { artifact: Text, what: &'static str },
    /// It begins like a digest and is none.
    #[error("the artifact `{artifact}` is not a digest")]
    Digest { artifact: Text, source: DigestError },
    /// A form of artifact that a later version may read.
    #[error(
        "the artifact `{artifact}` is not supported by this version: name a file or `sha256:HEX`"
    )]
    Unsupported { artifact: Text },
    /// It is there and cannot be opened.
    #[error("cannot open the artifact `{artifact}`")]
    Open { artifact: Text, source: io::Error },
    /// Reading failed midway.
    #[error("cannot read the artifact `{artifact}` to its end")]
    Read { artifact: Text, source: io::Error },
    /// A second pass over it saw other bytes.
    #[error("the artifact `{artifact}` changed while it was being read")]
    Changed { artifact: Text },
}

impl ResolveError {
    /// Whether the platform failed, rather than the caller: reading broke off, or the bytes
    /// changed under our hands.
    #[must_use]
    pub fn is_host_failure(&self) -> bool {
        matches!(self, Self::Read { .. } | Self::Changed { .. })
    }
}

/// The subject, if the text is a digest; none if it is a file's name.
fn by_digest(text: &str) -> Result<Option<Subject>, ResolveError> {
    let Some((scheme, rest)) = text.split_once(':') else { return Ok(None) };
    let scheme = scheme.to_ascii_lowercase();
    if scheme == "sha256" {
        let parsed = text.parse();
        let digest = parsed
            .map_err(|source| ResolveError::Digest { artifact: Text::escaped(text), source })?;
        return Ok(Some(Subject { name: Text::escaped(text), digest }));
    }
    let is_url = rest.starts_with("//") && scheme.bytes().all(|b| b.is_ascii_alphanumeric());
    if is_url || scheme == "oci-layout" || OTHER_ALGORITHMS.contains(&scheme.as_str()) {
        return Err(ResolveError::Unsupported { artifact: Text::escaped(text) });
    }
    Ok(None)
}

/// Whether nothing is there; a file where a folder would have to be is nothing, too.
pub(crate) fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

fn stream(mut file: impl Read, mut each: impl FnMut(&[u8])) -> io::Result<()> {
    let mut buffer = vec![0; BUFFER];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(length) => each(&buffer[..length]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
