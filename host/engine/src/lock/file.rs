//! The lock as a file.
//!
//! ```toml
//! schema = "lockgate.lock/v1"
//!
//! [plugin."builtin:sbom"]
//! digest = "sha256:…"
//! imports = ["lockgate:policy/context@0.1.0", "lockgate:policy/sbom@0.1.0"]
//!
//! [policy."production/no-copyleft"]
//! plugin = "builtin:sbom"
//! looks-at = ["sbom"]
//!
//! [trust]
//! "trust/ci.pub" = "sha256:…"
//! ```

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;
use lockgate_model::Digest;
use serde::{Deserialize, Serialize};

/// The value of `schema`.
const SCHEMA: &str = "lockgate.lock/v1";

/// What stands at its head, for whoever finds it.
const HEAD: &str = "# Made by `lockgate lock`, and kept beside the configuration. It pins what each plugin is and may do,\n\
                    # and the files of [trust] and of policies; `lockgate lock --upgrade NAME` accepts a change.\n\n";

/// What was seen of a configuration, and accepted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Lock {
    pub(super) schema: Schema,
    /// By how policy files name them, a file by its path from the configuration's folder.
    #[serde(default, rename = "plugin")]
    pub(crate) plugins: BTreeMap<String, LockedPlugin>,
    /// By `STAGE/NAME`.
    #[serde(default, rename = "policy")]
    pub(crate) policies: BTreeMap<String, LockedPolicy>,
    /// Files of `[trust]`, by their paths from the configuration's folder.
    #[serde(default)]
    pub(crate) trust: BTreeMap<String, Digest>,
    /// Files that are handed to policies.
    #[serde(default)]
    pub(crate) data: BTreeMap<String, Digest>,
}

/// A component.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LockedPlugin {
    pub(crate) digest: Digest,
    /// As the component spells them, so that each has its version.
    pub(crate) imports: BTreeSet<String>,
}

/// A policy of a stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct LockedPolicy {
    pub(crate) plugin: String,
    /// All that it can look at with its settings.
    pub(crate) looks_at: BTreeSet<String>,
}

/// The version of the file, which is the only one that is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Schema;

impl Serialize for Schema {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(SCHEMA)
    }
}

impl<'de> Deserialize<'de> for Schema {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let schema = String::deserialize(deserializer)?;
        if schema == SCHEMA {
            return Ok(Self);
        }
        let why = format!("its schema is `{schema}`, and this version reads `{SCHEMA}`");
        Err(serde::de::Error::custom(why))
    }
}

impl Lock {
    /// The lock in a text, or why it is none.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| error.message().to_owned())
    }

    /// The text of the file: the same for the same lock.
    pub(crate) fn text(&self) -> String {
        let body = toml::to_string(self).expect("a lock has tables and strings alone");
        format!("{HEAD}{body}")
    }
}

/// Where the lock of a configuration lies: `lockgate.lock` beside `lockgate.toml`.
pub(crate) fn beside(config: &Utf8Path) -> camino::Utf8PathBuf {
    match config.extension() {
        // It would be its own lock.
        Some("lock") => camino::Utf8PathBuf::from(format!("{config}.lock")),
        _ => config.with_extension("lock"),
    }
}
