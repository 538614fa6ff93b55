//! Policy files: from TOML to what the engine works with.
//!
//! Everything is checked here, before anything else runs, and all problems are reported at once,
//! each with its place. A key that this version cannot enforce is an error; nothing is parsed and
//! ignored.

mod data;
mod expectation;
mod limits;
mod locate;
mod policy;
mod problem;
mod reader;
mod sources;
mod stage;
mod tree;
mod trust;
mod vex;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use lockgate_builtins::Builtin;
use lockgate_evidence::data::Files;
use lockgate_evidence::vex::Rules;
use lockgate_evidence::{Accepts, Caps, Trust, contents};
use lockgate_model::{Digest, Effect, Kind, Stage};
use lockgate_runtime::Limits;

pub use locate::LocateError;
pub(crate) use locate::locate;
pub use problem::{Place, Problems};

use crate::lock::{self, Lock};
use reader::Table;
use sources::{FileError, Role};

/// The most bytes that a policy file has. A thousand policies stay well under a mebibyte.
const MAX_FILE: u64 = 1 << 20;

/// What `lockgate.toml` and the policy files that it names say.
#[derive(Debug)]
pub struct Config {
    /// The name of the file, without its folder: what is said about it is the same wherever it
    /// lies.
    pub name: String,
    /// The digest over this file and all that it names, for all stages: policy files, trust
    /// material, plugins.
    pub digest: Digest,
    /// Who is trusted with what.
    pub trust: Trust,
    /// How much is read.
    pub caps: Caps,
    /// How much is looked at inside of an artifact, and how much of it is held.
    pub contents_caps: contents::Caps,
    /// The stages, in the order of their names.
    pub stages: Vec<StageConfig>,
    /// What was accepted of it, if there is a lock beside it.
    pub(crate) lock: Option<Lock>,
    /// Where that lies, or would.
    pub(crate) lock_path: Utf8PathBuf,
    /// Files of `[trust]` by their paths from its folder.
    trust_files: BTreeMap<String, Digest>,
    /// Files that are handed to policies.
    data_files: BTreeMap<String, Digest>,
    /// All files that were read for it, itself first.
    pub(crate) files: Vec<Utf8PathBuf>,
    /// For messages about what is found out later: a plugin, its settings.
    pub(crate) problems: Problems,
}

/// What a stage asks for.
#[derive(Debug)]
pub struct StageConfig {
    /// Its name.
    pub name: Stage,
    /// Evidence that has to be there, in the order of the file.
    pub expects: Vec<Expectation>,
    /// What is taken although nobody vouches for it.
    pub accepts: Accepts,
    /// How far VEX documents reach.
    pub vex: Rules,
    /// The policies, in the order of the files; their names are unique.
    pub policies: Vec<Policy>,
    /// Whether any relaxation denies.
    pub forbids_relaxations: bool,
}

/// A file with policies.
#[derive(Debug)]
pub(crate) struct PolicySet {
    /// As the caller named it.
    pub(crate) path: Utf8PathBuf,
    /// The policies, in the order of the file; their names are unique.
    pub(crate) policies: Vec<Policy>,
}

/// Evidence that has to be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expectation {
    /// Facts of this kind.
    pub kind: Kind,
    /// Signed by this signer; none: by anyone who is trusted with the kind.
    pub signer: Option<String>,
    /// At least so many.
    pub count: usize,
    /// Which of several count.
    pub select: Select,
    /// The oldest that counts, in seconds before the moment that is asked for.
    pub max_age: Option<u64>,
}

/// Which documents count where there are several that an entry of `expects` is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Select {
    /// Every one has to satisfy the policies.
    #[default]
    All,
    /// It is enough that one does.
    Any,
    /// The latest one; the others are set aside.
    Latest,
}

impl Select {
    /// Every one, with its word.
    pub const ALL: &[(Self, &str)] =
        &[(Self::All, "all"), (Self::Any, "any"), (Self::Latest, "latest")];
}

/// One entry of `[[policy]]`.
#[derive(Debug, Clone)]
pub struct Policy {
    /// What findings and reports call it.
    pub name: String,
    /// The component that judges.
    pub plugin: PluginRef,
    /// Whether it has to pass.
    pub effect: Effect,
    /// Whether it may turn out not to apply.
    pub allow_not_applicable: bool,
    /// What the plugin is told: a JSON object as text.
    pub settings: String,
    /// The files that the plugin is handed.
    pub data: Data,
    /// What the plugin may spend.
    pub limits: Limits,
    pub(crate) plugin_place: Place,
    pub(crate) settings_place: Place,
}

/// The files that a plugin is handed.
#[derive(Debug, Clone, Default)]
pub struct Data {
    /// By the names that the policy file gives.
    pub files: Arc<Files>,
    /// Those whose digests the policy file does not say.
    pub unpinned: BTreeSet<String>,
    /// Where it says which; none where it names none.
    pub(crate) place: Option<Place>,
}

/// Where a policy's component comes from.
#[derive(Debug, Clone)]
pub enum PluginRef {
    /// Compiled in.
    Builtin(&'static Builtin),
    /// A file.
    File {
        /// As the policy file spells it.
        written: String,
        /// Relative to the configuration's folder.
        path: Utf8PathBuf,
        /// What it holds.
        component: Arc<[u8]>,
    },
}

impl PluginRef {
    /// What tells one component from another: two files may spell two paths alike, for paths are
    /// relative to the file in which they stand.
    pub(crate) fn key(&self) -> String {
        match self {
            Self::Builtin(builtin) => format!("builtin:{}", builtin.name),
            Self::File { path, .. } => format!("file:{path}"),
        }
    }

    /// What the lock calls it: a file by its path from the configuration's folder.
    pub(crate) fn locked_as(&self) -> String {
        match self {
            Self::Builtin(builtin) => format!("builtin:{}", builtin.name),
            Self::File { path, .. } => path.to_string(),
        }
    }

    /// As the policy file spells it.
    #[must_use]
    pub fn written(&self) -> String {
        match self {
            Self::Builtin(builtin) => format!("builtin:{}", builtin.name),
            Self::File { written, .. } => written.clone(),
        }
    }
}

impl Config {
    /// Reads a policy file and all files that it names.
    ///
    /// # Errors
    ///
    /// All problems of all files at once.
    pub fn read(path: &Utf8Path) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let mut trust = Trust::empty();
        let mut caps = Caps::default();
        let mut contents_caps = contents::Caps::default();
        let mut stages = Vec::new();
        if let Some(mut table) = open_config(&mut problems, path) {
            // Paths are relative to the file in which they stand, and so to this one's folder.
            let here = Utf8Path::new("");
            (caps, contents_caps) = read_caps(&mut problems, &mut table);
            let names = trust::read(&mut problems, &mut table, here, &mut trust);
            stages = stage::read(&mut problems, &mut table, here, &names);
            let later = [
                "approvals",
                "artifact",
                "data",
                "freeze",
                "ledger",
                "max-age",
                "person",
                "select",
                "waivers",
            ];
            table.refuse(&mut problems, &later);
            table.finish(&mut problems);
        }
        let lock = read_lock(&mut problems, path);
        let sources = std::mem::take(&mut problems.sources);
        let files = |role| sources.digests(role);
        let places = sources.places();
        let (trust_files, data_files) = (files(Role::Trust), files(Role::Data));
        match sources.digest() {
            Some(digest) if problems.is_empty() => {
                let name = path.file_name().unwrap_or(path.as_str()).to_owned();
                let lock_path = lock::beside(path);
                Ok(Self {
                    name,
                    digest,
                    trust,
                    caps,
                    contents_caps,
                    stages,
                    lock,
                    lock_path,
                    trust_files,
                    data_files,
                    files: places,
                    problems,
                })
            }
            _ => Err(problems),
        }
    }
}

impl Config {
    /// The digests of the files of `[trust]`, by their paths from the configuration's folder.
    pub(crate) fn trust_files(&self) -> BTreeMap<String, Digest> {
        self.trust_files.clone()
    }

    /// The digests of the files that are handed to policies.
    pub(crate) fn data_files(&self) -> BTreeMap<String, Digest> {
        self.data_files.clone()
    }
}

/// Reads the lock that lies beside the configuration; none if there is none.
fn read_lock(problems: &mut Problems, config: &Utf8Path) -> Option<Lock> {
    let path = lock::beside(config);
    let name = path.file_name()?;
    let contents = match problems.sources.read(Role::Lock, name.into(), MAX_FILE) {
        Err(FileError::Missing) => return None,
        other => other,
    };
    let help = "restore it, or remove it and run `lockgate lock`";
    let text = contents.and_then(|contents| {
        str::from_utf8(&contents).map(str::to_owned).map_err(|_| FileError::NotUtf8)
    });
    let parsed = match text {
        Ok(text) => Lock::parse(&text).map_err(|why| format!("the lock `{path}` is none: {why}")),
        Err(error) => Err(format!("the lock `{path}` {error}")),
    };
    parsed.map_err(|why| problems.push(None, why, Some(help.into()))).ok()
}

/// Reads files with policies alone, as stages name them: each is a set of its own.
///
/// # Errors
///
/// All problems of all files at once.
pub(crate) fn read_sets(paths: &[Utf8PathBuf]) -> Result<(Vec<PolicySet>, Problems), Problems> {
    let mut problems = Problems::default();
    let mut sets = Vec::new();
    for path in paths {
        let before = problems.len();
        let Some(mut table) = open(&mut problems, path, None) else { continue };
        let expects = expectation::read(&mut problems, &mut table, None);
        let _ = expectation::all(&mut problems, expects);
        let _ = stage::forbids_relaxations(&mut problems, &mut table);
        let policies = policy::read(&mut problems, &mut table, path, &mut BTreeSet::new());
        if policies.is_empty() && problems.len() == before {
            let help = "a policy set has `[[policy]]`; for a configuration with stages, use \
                        `--config`";
            problems.push(None, format!("`{path}` has no `[[policy]]`"), Some(help.into()));
        }
        table.finish(&mut problems);
        sets.push(PolicySet { path: path.clone(), policies });
    }
    if problems.is_empty() { Ok((sets, problems)) } else { Err(problems) }
}

/// Opens `lockgate.toml`, or says why it cannot be.
fn open_config(problems: &mut Problems, path: &Utf8Path) -> Option<Table> {
    let contents = problems.sources.read_config(path, MAX_FILE);
    parse(problems, path, contents, None)
}

/// Opens a file with policies that is named at a place, or says there why it cannot be.
fn open(problems: &mut Problems, path: &Utf8Path, named_at: Option<&Place>) -> Option<Table> {
    let contents = problems.sources.read(Role::Policy, path, MAX_FILE);
    let place = problems.sources.place(path);
    parse(problems, &place, contents, named_at)
}

fn parse(
    problems: &mut Problems,
    path: &Utf8Path,
    contents: Result<Arc<[u8]>, FileError>,
    named_at: Option<&Place>,
) -> Option<Table> {
    let text = contents.and_then(|contents| match str::from_utf8(&contents) {
        Ok(text) => Ok(text.to_owned()),
        Err(_) => Err(FileError::NotUtf8),
    });
    let text = match text {
        Ok(text) => text,
        Err(error) => {
            problems.push(named_at.cloned(), format!("`{path}` {error}"), None);
            return None;
        }
    };
    let file = problems.add_file(path, text);
    let node = tree::parse(problems, file)?;
    Table::from(problems, "the file", node)
}

fn read_caps(problems: &mut Problems, table: &mut Table) -> (Caps, contents::Caps) {
    let mut caps = Caps::default();
    let mut inside = contents::Caps::default();
    if let Some(mut evidence) = table.table(problems, "evidence") {
        if let Some(size) = evidence.size(problems, "max-document") {
            caps.document_bytes = size;
        }
        if let Some(size) = evidence.size(problems, "max-artifact") {
            caps.artifact_bytes = size;
        }
        if let Some(size) = evidence.size(problems, "max-contents") {
            inside.inflated = size;
        }
        evidence.finish(problems);
    }
    (caps, inside)
}
