//! The files of a configuration, and the digest over them.
//!
//! Whatever says who is trusted or what is asked is read here, and this room has no other way to
//! a file: so none is left out of the digest, each is opened once, and what is parsed or compiled
//! is the buffer that was hashed. A new kind of file gets a [`Role`].
//!
//! Paths in the configuration are the caller's own words, so they are opened as they are.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::{self, Read};
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use cap_std::ambient_authority;
use cap_std::fs::{File, OpenOptions, OpenOptionsExt};
use lockgate_evidence::data;
use lockgate_model::Digest;
use sha2::{Digest as _, Sha256};

/// The first line of what is hashed, so that no other list of files has this digest. Another
/// version of the list gets another line.
const SCHEMA: &str = "lockgate.config/v1";

/// What a file is to the configuration that names it. It is part of the digest.
// INVARIANT: ordered as the words are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    /// A file that is handed to a policy.
    Data,
    /// What was accepted of all these.
    Lock,
    /// A component that judges.
    Plugin,
    /// A file with policies.
    Policy,
    /// A public key, or anything else that says who is trusted.
    Trust,
}

impl Role {
    fn word(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Lock => "lock",
            Self::Plugin => "plugin",
            Self::Policy => "policy",
            Self::Trust => "trust",
        }
    }
}

/// Why a file that the caller or the configuration named is not read.
#[derive(Debug, thiserror::Error)]
pub(super) enum FileError {
    #[error("does not exist")]
    Missing,
    #[error("is not a file")]
    NotAFile,
    #[error("has more than {0} bytes")]
    TooLarge(u64),
    #[error("is not UTF-8")]
    NotUtf8,
    #[error("cannot be read: {0}")]
    Read(io::Error),
}

impl From<io::Error> for FileError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing,
            _ => Self::Read(error),
        }
    }
}

/// A file that was read.
#[derive(Clone)]
struct Source {
    contents: Arc<[u8]>,
    digest: Digest,
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.digest.fmt(f)
    }
}

/// The files of a configuration that were read so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Sources {
    /// The configuration's own file, as the caller spelt it.
    path: Utf8PathBuf,
    config: Option<Digest>,
    /// What it names, by path; see [`Sources::place`].
    // As text, for paths as such are compared part by part: `a/./b` would be `a/b`.
    files: BTreeMap<String, Source>,
    /// What each of these is. One file may be several things.
    roles: BTreeSet<(Role, String)>,
    /// Those that are handed to policies, so that what is made of one is made once.
    data: BTreeMap<Digest, Arc<data::File>>,
}

impl Sources {
    /// Where a file lies, given its path relative to the configuration's folder. That path is the
    /// files' own spelling (a file's folder joined with what stands in it), so it is the same from
    /// wherever the command runs, and however the configuration's path was typed.
    pub(super) fn place(&self, path: &Utf8Path) -> Utf8PathBuf {
        self.path.parent().unwrap_or(Utf8Path::new("")).join(path)
    }

    /// Reads the configuration's own file, from which all others follow.
    pub(super) fn read_config(
        &mut self,
        path: &Utf8Path,
        cap: u64,
    ) -> Result<Arc<[u8]>, FileError> {
        path.clone_into(&mut self.path);
        let source = read(path, cap)?;
        self.config = Some(source.digest);
        Ok(source.contents)
    }

    /// Reads a file of at most `cap` bytes that the configuration names, once: where it is named
    /// again by the same path, the same bytes are returned. A file that cannot be read is none of
    /// the sources, and whoever asked has a problem to report.
    pub(super) fn read(
        &mut self,
        role: Role,
        path: &Utf8Path,
        cap: u64,
    ) -> Result<Arc<[u8]>, FileError> {
        let place = self.place(path);
        let contents = match self.files.entry(path.to_string()) {
            Entry::Occupied(known) => Arc::clone(&known.get().contents),
            Entry::Vacant(new) => Arc::clone(&new.insert(read(&place, cap)?).contents),
        };
        if contents.len() as u64 > cap {
            return Err(FileError::TooLarge(cap));
        }
        self.roles.insert((role, path.to_string()));
        Ok(contents)
    }

    /// Reads a file that is handed to policies; of the same bytes there is one.
    pub(super) fn data(&mut self, path: &Utf8Path, cap: u64) -> Result<Arc<data::File>, FileError> {
        let contents = self.read(Role::Data, path, cap)?;
        let known = self.files.get(path.as_str());
        let digest = known.map_or_else(|| sha256(&contents), |source| source.digest);
        let file = self.data.entry(digest);
        Ok(Arc::clone(file.or_insert_with(|| Arc::new(data::File::new(contents, digest)))))
    }

    /// Where all files lie that were read.
    pub(super) fn places(&self) -> Vec<Utf8PathBuf> {
        let named = self.files.keys().map(|path| self.place(Utf8Path::new(path)));
        std::iter::once(self.path.clone()).chain(named).collect()
    }

    /// The digests of the files that are one thing, by path.
    pub(super) fn digests(&self, wanted: Role) -> BTreeMap<String, Digest> {
        let of_role = self.roles.iter().filter(|(role, _)| *role == wanted);
        let digest = |path: &String| Some((path.clone(), self.files.get(path)?.digest));
        of_role.filter_map(|(_, path)| digest(path)).collect()
    }

    /// The digest over all files that were read; none if the configuration's own was not.
    pub(super) fn digest(&self) -> Option<Digest> {
        let named = self.roles.iter().filter_map(|(role, path)| {
            let source = self.files.get(path)?;
            Some((*role, path.as_str(), source.digest))
        });
        Some(sha256(&manifest(self.config?, named)))
    }
}

/// What the digest is over, one line for each file:
///
/// ```text
/// lockgate.config/v1
/// config sha256:HEX
/// policy sha256:HEX 13 baseline.toml
/// trust sha256:HEX 12 trust/ci.pub
/// ```
///
/// Lines are ordered by role, then by path, byte by byte. The number is that of the path's bytes,
/// for a path may hold anything, even what looks like a line. The name and place of the
/// configuration's own file mean nothing, so they are not there.
fn manifest<'a>(config: Digest, named: impl Iterator<Item = (Role, &'a str, Digest)>) -> Vec<u8> {
    let mut lines = format!("{SCHEMA}\nconfig {config}\n");
    for (role, path, digest) in named {
        lines += &format!("{} {digest} {} {path}\n", role.word(), path.len());
    }
    lines.into_bytes()
}

/// Reads a file of at most `cap` bytes. Never waits: a pipe or a device is refused.
fn read(path: &Utf8Path, cap: u64) -> Result<Source, FileError> {
    #[cfg(feature = "fuzzing")]
    if let Some(bytes) = crate::fuzzing::in_memory(path) {
        let bytes = bytes.ok_or(FileError::Missing)?;
        return Ok(Source { digest: sha256(&bytes), contents: bytes.into() });
    }
    let mut options = OpenOptions::new();
    let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
    options.read(true).custom_flags(flags.bits().cast_signed());
    let file = File::open_ambient_with(path, &options, ambient_authority())?;
    if !file.metadata()?.is_file() {
        return Err(FileError::NotAFile);
    }
    let mut bytes = Vec::new();
    file.take(cap + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > cap {
        return Err(FileError::TooLarge(cap));
    }
    Ok(Source { digest: sha256(&bytes), contents: bytes.into() })
}

fn sha256(bytes: &[u8]) -> Digest {
    Digest::from_sha256(Sha256::digest(bytes).into())
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "tests set up files")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Named = BTreeMap<(Role, String), [u8; 32]>;

    fn listed(config: [u8; 32], named: &Named) -> Vec<u8> {
        let named = named
            .iter()
            .map(|((role, path), digest)| (*role, path.as_str(), Digest::from_sha256(*digest)));
        manifest(Digest::from_sha256(config), named)
    }

    /// Reads the list back, to see that it can be read in one way only.
    fn read_back(list: &[u8]) -> (Digest, Vec<(String, String, Digest)>) {
        let list = str::from_utf8(list).unwrap();
        let rest = list.strip_prefix("lockgate.config/v1\nconfig ").unwrap();
        let (config, mut rest) = rest.split_once('\n').unwrap();
        let mut named = Vec::new();
        while !rest.is_empty() {
            let mut words = rest.splitn(4, ' ');
            let mut word = || words.next().unwrap();
            let (role, digest, length, after) = (word(), word(), word(), word());
            let (path, after) = after.split_at(length.parse().unwrap());
            named.push((role.to_owned(), path.to_owned(), digest.parse().unwrap()));
            rest = after.strip_prefix('\n').unwrap();
        }
        (config.parse().unwrap(), named)
    }

    /// Paths among which are some that look like lines.
    fn any_path() -> impl Strategy<Value = String> {
        let line = format!("a\ntrust {} 1 b", Digest::from_sha256([7; 32]));
        prop_oneof![".*", "[ab/. \n]{0,4}", Just(line.clone()), Just(line + "\n")]
    }

    fn any_named() -> impl Strategy<Value = Named> {
        let roles = vec![Role::Data, Role::Lock, Role::Plugin, Role::Policy, Role::Trust];
        let role = prop::sample::select(roles);
        prop::collection::btree_map((role, any_path()), any::<[u8; 32]>(), 0..6)
    }

    #[test]
    fn a_file_is_opened_once_however_often_it_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8Path::from_path(folder.path()).unwrap();
        let write = |name: &str, text: &str| std::fs::write(path.join(name), text).unwrap();
        write("lockgate.toml", "");
        write("a", "as it was");
        let mut sources = Sources::default();
        sources.read_config(&path.join("lockgate.toml"), 10).unwrap();
        let first = sources.read(Role::Policy, "a".into(), 10).unwrap();
        let digest = sources.digest();
        write("a", "as others want it");
        let again = sources.read(Role::Policy, "a".into(), 10).unwrap();
        assert_eq!((&again, sources.digest()), (&first, digest));
        // What it may be under one role it may not be under another.
        let refused = sources.read(Role::Trust, "a".into(), 8);
        assert!(matches!(refused, Err(FileError::TooLarge(8))));
        assert_eq!(sources.digest(), digest);
        sources.read(Role::Trust, "a".into(), 9).unwrap();
        assert_ne!(sources.digest(), digest);
    }

    proptest! {
        #[test]
        fn the_list_of_files_reads_in_one_way_only(
            config in any::<[u8; 32]>(),
            named in any_named(),
        ) {
            let (read_config, read_named) = read_back(&listed(config, &named));
            let expected: Vec<_> = named
                .iter()
                .map(|((role, path), digest)| {
                    (role.word().to_owned(), path.clone(), Digest::from_sha256(*digest))
                })
                .collect();
            prop_assert_eq!(read_config, Digest::from_sha256(config));
            prop_assert_eq!(&read_named, &expected);
            // As words, roles have the order that they have here.
            let order = |(role, path, _): &(String, String, Digest)| (role.clone(), path.clone());
            prop_assert!(read_named.is_sorted_by_key(order));
        }
    }
}
