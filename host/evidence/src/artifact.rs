//! Resolves what the user typed to a name and a digest.

use std::collections::BTreeSet;
use std::io::{self, Cursor, Read, Seek};

use camino::Utf8Path;
use cap_std::fs::File;
use lockgate_model::{Digest, DigestError, Subject, Text};
use sha2::{Digest as _, Sha256};

use crate::contents::{self, Contents, Seen, Unreadable};
use crate::gather::MAX_DOCUMENTS;
use crate::hashes::{Hashes, Over, Pass, Unknown};
use crate::layout::{self, Layout, LayoutError, Resolved};
use crate::open::{self, Opened, is_missing};

/// How much of the artifact is read at once. The fewer the reads, the less they cost beside the
/// hash, down to a twelfth of it; from here on nothing is gained, and this still fits the
/// second-level cache.
const BUFFER: usize = 1 << 20;

/// Digest algorithms that people write before a colon, and that name no artifact here.
pub(crate) const OTHER_ALGORITHMS: &[&str] =
    &["md5", "sha1", "sha224", "sha384", "sha512", "sha3-256", "sha3-512", "blake2b", "blake3"];

/// The artifact that is judged: its subject, and for a file the very handle that was hashed. For a
/// manifest in an OCI layout the artifact is the manifest's bytes, and what refers to it is known.
#[derive(Debug)]
pub struct Artifact {
    subject: Subject,
    /// None where only a digest was given.
    hashed: Option<Hashed>,
    hashes: Hashes,
    layout: Option<Layout>,
    /// Whether it begins as what envelopes sign begins. Its signature would be a signature over an
    /// envelope, and whoever made that said nothing about artifacts.
    poses_as_envelope: bool,
}

/// What was hashed.
#[derive(Debug)]
struct Hashed {
    bytes: Bytes,
    /// How many bytes were hashed.
    size: u64,
    /// How many bytes may be held in memory, as it was said when they were asked for.
    cap: u64,
}

/// The bytes of an artifact, to be read once more.
#[derive(Debug)]
enum Bytes {
    /// In the file that was hashed.
    File(File),
    /// In memory, where they were hashed.
    Held(Cursor<Vec<u8>>),
}

/// How the bytes begin that an envelope's signatures are over (DSSE's pre-authentication encoding).
const ENVELOPE: &[u8] = b"DSSEv1 ";

impl Artifact {
    /// Takes a file, `oci-layout:PATH[:TAG|@DIGEST]`, or `sha256:HEX`. The latter two are recognised
    /// before a file name, so that a planted file cannot shadow one. A file is read once, in pieces,
    /// and its handle kept. Of a layout all manifests are read, to find what refers to the artifact.
    ///
    /// # Errors
    ///
    /// See [`ResolveError`]; [`ResolveError::is_host_failure`] tells whose problem it is.
    pub fn resolve(text: &str) -> Result<Self, ResolveError> {
        if let Some(reference) = in_layout(text) {
            return Self::in_layout(text, reference);
        }
        if let Some(subject) = by_digest(text)? {
            return Ok(Self::new(subject, None));
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
        let hashed = Hashed { bytes: Bytes::File(file), size, cap: u64::MAX };
        let poses_as_envelope = beginning == ENVELOPE;
        Ok(Self { poses_as_envelope, ..Self::new(Subject { name, digest }, Some(hashed)) })
    }

    fn new(subject: Subject, hashed: Option<Hashed>) -> Self {
        let hashes = Hashes::default();
        Self { subject, hashed, hashes, layout: None, poses_as_envelope: false }
    }

    fn in_layout(text: &str, reference: &str) -> Result<Self, ResolveError> {
        let resolved = layout::resolve(reference, MAX_DOCUMENTS);
        let resolved = resolved
            .map_err(|source| ResolveError::Layout { artifact: Text::escaped(text), source })?;
        // It was read as JSON, so it does not pose as an envelope.
        let Resolved { name, digest, manifest, layout } = resolved;
        let size = manifest.len() as u64;
        let bytes = Bytes::Held(Cursor::new(manifest));
        let hashed = Hashed { bytes, size, cap: u64::MAX };
        let subject = Subject { name, digest };
        Ok(Self { layout: Some(layout), ..Self::new(subject, Some(hashed)) })
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

    /// The layout in which it lies, and what refers to it there.
    pub(crate) fn layout(&self) -> Option<&Layout> {
        self.layout.as_ref()
    }

    /// Whether a signature over it could be one over an envelope. Of a bare digest it cannot be told.
    pub(crate) fn poses_as_envelope(&self) -> bool {
        self.poses_as_envelope
    }

    /// Whether its bytes were seen, and not only its digest.
    pub(crate) fn is_seen(&self) -> bool {
        self.hashed.is_some()
    }

    /// What a signature may be over, if it is known.
    pub(crate) fn part(&self, over: Over) -> Result<&[u8], Unknown> {
        if over == Over::Sha256 {
            return Ok(self.subject.digest.as_bytes());
        }
        let hashed = self.hashed.as_ref().ok_or(Unknown::OnlyDigest)?;
        match self.hashes.get(over) {
            Some(part) => Ok(part),
            None if over == Over::Bytes && hashed.size > hashed.cap => {
                Err(Unknown::TooLarge { size: hashed.size, cap: hashed.cap })
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
        let Some(hashed) = self.hashed.as_mut() else { return Ok(()) };
        hashed.cap = cap;
        if hashed.size > cap {
            wanted.remove(&Over::Bytes);
        }
        wanted.remove(&Over::Sha256);
        if wanted.iter().all(|over| self.hashes.get(*over).is_some()) {
            return Ok(());
        }
        let artifact = || self.subject.name.clone();
        let mut pass = Pass::new(&wanted, hashed.size);
        // One byte more than were hashed shows that it grew, and no more are held in memory.
        let mut left = hashed.size + 1;
        let bytes = &mut hashed.bytes;
        bytes
            .rewind()
            .and_then(|()| {
                stream(bytes.take(left), |piece| {
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

    /// Reads what is inside it: of a file in one more pass over the same handle, which recomputes
    /// SHA-256; of an image each layer of its manifest. Why there is nothing to list is the inner
    /// error, and the same in every run.
    ///
    /// # Errors
    ///
    /// [`ResolveError::Read`] and [`ResolveError::Changed`]: a read broke off, or there are other
    /// bytes now.
    pub fn contents(
        &mut self,
        caps: &contents::Caps,
    ) -> Result<Result<Contents, Unreadable>, ResolveError> {
        let artifact = || self.subject.name.clone();
        let broke = |source| ResolveError::Read { artifact: artifact(), source };
        if let Some(layout) = &self.layout {
            return contents::of_image(layout, caps).map_err(broke);
        }
        let Some(Hashed { bytes, size, .. }) = &mut self.hashed else {
            return Ok(Err(Unreadable::OnlyDigest));
        };
        bytes.rewind().map_err(broke)?;
        let (contents, seen) = contents::of_file(bytes, *size, caps).map_err(broke)?;
        if seen != (Seen { size: *size, digest: self.subject.digest }) {
            return Err(ResolveError::Changed { artifact: artifact() });
        }
        Ok(contents)
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
        "the artifact `{artifact}` is not supported by this version: name a file, \
         `oci-layout:PATH` or `sha256:HEX`"
    )]
    Unsupported { artifact: Text },
    /// The OCI layout, or what was named in it, cannot be used.
    #[error("cannot take the artifact `{artifact}`")]
    Layout { artifact: Text, source: LayoutError },
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
        match self {
            Self::Read { .. } | Self::Changed { .. } => true,
            Self::Layout { source, .. } => source.is_host_failure(),
            _ => false,
        }
    }

    /// What to do next, where there is something that the message does not say.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Folder { .. } => {
                Some("an image in an OCI layout is named by `oci-layout:PATH`".to_owned())
            }
            Self::Layout { source, .. } => Some(source.help()),
            _ => None,
        }
    }
}

/// What stands behind `oci-layout:`, if that is where it is.
fn in_layout(text: &str) -> Option<&str> {
    text.strip_prefix(layout::SCHEME)?.strip_prefix(':')
}

impl Read for Bytes {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.read(buffer),
            Self::Held(bytes) => bytes.read(buffer),
        }
    }
}

impl Seek for Bytes {
    fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
        match self {
            Self::File(file) => file.seek(to),
            Self::Held(bytes) => bytes.seek(to),
        }
    }
}

/// The subject, if the text is a digest; none if it is something else.
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
    // The scheme of layouts is written in one way.
    if is_url || scheme == layout::SCHEME || OTHER_ALGORITHMS.contains(&scheme.as_str()) {
        return Err(ResolveError::Unsupported { artifact: Text::escaped(text) });
    }
    Ok(None)
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
