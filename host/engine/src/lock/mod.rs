//! Pins what plugins are and may do, and the files of trust and of policies.
//!
//! A lock guards against drift: a plugin that was rebuilt, an update that wants to see more, a key that
//! somebody replaced. It does not guard against whoever can edit it together with the rest; that is what
//! a pin of the configuration's digest is for, which covers the lock, too.

mod change;
mod file;

use std::collections::BTreeSet;

use camino::Utf8PathBuf;

use lockgate_model::Stage;

pub use change::{Change, How};
pub(crate) use file::{Lock, beside};

use crate::check::read;
use crate::config::Config;
use crate::error::Error;
use crate::files;
use crate::load::{Loaded, Ready, load};
use crate::record::RecordError;
use crate::request::ConfigChoice;
use change::changes;
use file::{LockedPlugin, LockedPolicy};

/// What is to be locked.
#[derive(Debug, Clone)]
pub struct LockRequest {
    /// Where the configuration is.
    pub config: ConfigChoice,
    /// The names of what may have changed: plugins, policies as `STAGE/NAME`, or files.
    pub upgrade: Vec<String>,
    /// How many plugins are compiled at the same time.
    pub jobs: std::num::NonZeroUsize,
}

/// What became of a lock.
#[derive(Debug, Clone)]
pub struct Locked {
    /// Where it lies.
    pub path: Utf8PathBuf,
    /// What it has now and had not, or had otherwise; all of it where there was none.
    pub changes: Vec<Change>,
    /// How many plugins and files it pins.
    pub pins: usize,
}

/// Why a configuration is not the one that was locked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LockError {
    /// There is none, and the caller wants one.
    #[error("there is no lock `{path}`; `lockgate lock` makes it")]
    Missing {
        /// Where it would lie.
        path: Utf8PathBuf,
    },
    /// Something is there that was not accepted.
    #[error("the configuration is not what `{name}` says")]
    Differs {
        /// The lock's file name.
        name: String,
        /// What differs.
        changes: Vec<Change>,
    },
    /// A name of what may have changed is of nothing that did.
    #[error("there is no change of `{name}` to accept; {known}")]
    Upgrade {
        /// As it was typed.
        name: String,
        /// What did change, in words.
        known: String,
    },
    /// The lock cannot be written.
    #[error(transparent)]
    Write(#[from] RecordError),
}

/// Makes the lock of a configuration, or brings it up to date. What is new is added and what is gone
/// left out; what changed has to be named.
///
/// # Errors
///
/// The configuration's, and a change that was not named.
pub fn lock(request: &LockRequest) -> Result<Locked, Error> {
    let config = read(&request.config)?;
    let policies: Vec<_> =
        config.stages.iter().flat_map(|stage| stage.policies.iter().cloned()).collect();
    let loaded = load(&policies, config.problems.clone(), request.jobs)?;
    let is = lockable(&config, named(&config, &loaded).collect())?;
    let was = config.lock.as_ref();
    let changes = changes(was.unwrap_or(&Lock::default()), &is);
    accepted(&config, &changes, &request.upgrade)?;
    let path = config.lock_path.clone();
    let write = files::Beside::write(&path, is.text().as_bytes()).and_then(files::Beside::place);
    write.map_err(|source| LockError::Write(RecordError { path: path.clone(), source }))?;
    let pins = is.plugins.len() + is.trust.len() + is.data.len();
    Ok(Locked { path, changes, pins })
}

/// Whether each change is one that nobody has to accept, or is named.
fn accepted(config: &Config, changes: &[Change], upgrade: &[String]) -> Result<(), LockError> {
    let open = |change: &&Change| !change.narrows() && change.how != How::New;
    let changed: BTreeSet<&str> =
        changes.iter().filter(open).map(|change| change.name.as_str()).collect();
    if let Some(name) = upgrade.iter().find(|name| !changed.contains(name.as_str())) {
        let known: Vec<_> = changed.iter().map(|name| format!("`{name}`")).collect();
        let known = match known.is_empty() {
            true => "nothing changed that has to be accepted".to_owned(),
            false => format!("what changed is {}", known.join(", ")),
        };
        return Err(LockError::Upgrade { name: name.clone(), known });
    }
    let open = |change: &&Change| open(change) && !upgrade.contains(&change.name);
    differs(config, changes.iter().filter(open).cloned().collect())
}

fn differs(config: &Config, changes: Vec<Change>) -> Result<(), LockError> {
    if changes.is_empty() {
        return Ok(());
    }
    let name = config.lock_path.file_name().unwrap_or_default().to_owned();
    Err(LockError::Differs { name, changes })
}

/// Holds the files of a configuration against its lock, if it has one.
pub(crate) fn hold_files(config: &Config) -> Result<(), LockError> {
    let Some(was) = &config.lock else { return Ok(()) };
    let is = Lock { trust: config.trust_files(), data: config.data_files(), ..Lock::default() };
    let was = Lock { trust: was.trust.clone(), data: was.data.clone(), ..Lock::default() };
    let open = changes(&was, &is).into_iter().filter(|change| !change.narrows());
    differs(config, open.collect())
}

/// Holds policies against the lock of their configuration, if it has one; each by its name there.
pub(crate) fn hold_policies<'l>(
    config: &Config,
    loaded: impl IntoIterator<Item = (String, &'l Loaded)>,
) -> Result<(), LockError> {
    let Some(was) = &config.lock else { return Ok(()) };
    let is = seen(config, loaded);
    let open = changes(was, &is).into_iter().filter(|change| !change.narrows());
    differs(config, open.collect())
}

/// The policies of all stages, which were loaded in their order, by their names in the lock.
pub(crate) fn named<'l>(
    config: &Config,
    loaded: &'l [Loaded],
) -> impl Iterator<Item = (String, &'l Loaded)> {
    let names = config
        .stages
        .iter()
        .flat_map(|stage| stage.policies.iter().map(move |policy| name(&stage.name, &policy.name)));
    names.zip(loaded)
}

/// What the lock calls a policy of a stage.
pub(crate) fn name(stage: &Stage, policy: &str) -> String {
    format!("{stage}/{policy}")
}

/// What there is to be locked. A plugin that does not say what it is cannot be, for nobody knows what
/// it looks at.
fn lockable(config: &Config, loaded: Vec<(String, &Loaded)>) -> Result<Lock, Error> {
    let mut problems = config.problems.clone();
    for (_, Loaded { policy, ready, .. }) in &loaded {
        if let Ready::Withheld(why) = ready {
            let message =
                format!("the plugin `{}` cannot be locked: {why}", policy.plugin.written());
            problems.push(Some(policy.plugin_place.clone()), message, None);
        }
    }
    if problems.is_empty() { Ok(seen(config, loaded)) } else { Err(Error::Config(problems)) }
}

/// What there is. A plugin that does not say what it is withholds its opinion, so it is passed over.
fn seen<'l>(config: &Config, loaded: impl IntoIterator<Item = (String, &'l Loaded)>) -> Lock {
    let mut lock =
        Lock { trust: config.trust_files(), data: config.data_files(), ..Lock::default() };
    for (name, Loaded { policy, digest, ready }) in loaded {
        let Ready::Plugin { plugin: component, scope, .. } = ready else { continue };
        let imports = component.spelt_imports().map(str::to_owned).collect();
        let plugin = policy.plugin.locked_as();
        lock.plugins.insert(plugin.clone(), LockedPlugin { digest: *digest, imports });
        let looks_at = scope.words().into_iter().collect();
        lock.policies.insert(name, LockedPolicy { plugin, looks_at });
    }
    lock
}
