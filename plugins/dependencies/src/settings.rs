//! What the policy file may say, and what is wrong with it.

mod registry;

use std::collections::BTreeMap;

use lockgate_plugin::duration::Duration;
use lockgate_plugin::{Problem, escaped};
use serde::Deserialize;

pub use self::registry::Registry;
use crate::knowledge::Knowledge;
use crate::{patterns, types};

/// The most registries, and the most patterns of internal packages: the host joins no more.
const MAX_REGISTRIES: usize = 32;
const MAX_PATTERNS: usize = 16;

/// The settings as written. `settings.schema.json` says the same to people and editors.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// Where dependencies may come from.
    pub registries: Option<Vec<Registry>>,
    /// Which namespaces a type of packages may have.
    pub namespaces: Option<BTreeMap<String, Vec<String>>>,
    /// Packages that are ours.
    pub internal: Option<Internal>,
    /// How long a release has to be out.
    pub minimum_age: Option<Duration>,
    /// When packages were released, where documents do not say.
    pub released: Option<Released>,
    /// What becomes of a release of which nobody knows since when it is out.
    pub unknown_age: Option<Unknown>,
    /// Whether each dependency has to be of one exact version, with a hash.
    pub pinned: Option<bool>,
}

/// Packages that are ours, and where they come from.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Internal {
    /// Patterns over canonical package URLs.
    pub packages: Vec<String>,
    /// Our own registries.
    pub registries: Vec<String>,
}

/// A data file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Released {
    /// What the policy file calls it.
    pub data: String,
}

/// What becomes of what nobody knows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unknown {
    /// It is a violation.
    #[default]
    Deny,
    /// It is a warning.
    Warn,
}

impl Settings {
    /// All that makes a rule vacuous, contradictory or impossible to ask for.
    pub(crate) fn problems(&self, known: &dyn Knowledge) -> Vec<Problem> {
        let mut problems = Vec::new();
        let any = self.registries.is_some()
            || self.namespaces.is_some()
            || self.internal.is_some()
            || self.minimum_age.is_some()
            || self.pinned.is_some();
        if !any {
            let message = "set `registries`, `namespaces`, `internal`, `minimum-age` or `pinned`, for \
                           example registries = [\"npm\", \"https://npm.acme.com\"]";
            problems.push(Problem::new("", message));
        }
        if let Some(registries) = &self.registries {
            counted("/registries", registries.len(), MAX_REGISTRIES, &mut problems);
            for (at, registry) in registries.iter().enumerate() {
                let is_new = registries.iter().position(|first| first == registry) == Some(at);
                registry.problems(&format!("/registries/{at}"), is_new, known, &mut problems);
            }
        }
        for (package_type, names) in self.namespaces.iter().flatten() {
            let pointer = format!("/namespaces/{}", escaped(package_type));
            namespace_problems(&pointer, package_type, names, known, &mut problems);
        }
        if self.namespaces.as_ref().is_some_and(BTreeMap::is_empty) {
            let message = "name at least one type, for example { npm = [\"@acme\"] }";
            problems.push(Problem::new("/namespaces", message));
        }
        if let Some(internal) = &self.internal {
            internal.problems(known, &mut problems);
        }
        if self.minimum_age.is_none() {
            let keys = [
                ("released", self.released.is_some()),
                ("unknown-age", self.unknown_age.is_some()),
            ];
            for (key, _) in keys.into_iter().filter(|(_, set)| *set) {
                let message = "it says nothing without `minimum-age`, for example \"14d\"";
                problems.push(Problem::new(format!("/{key}"), message));
            }
        } else if let Some(Released { data }) = &self.released
            && let Err(why) = known.releases(data)
        {
            let message = format!(
                "a data file of the policy in CSV with the columns `purl` and `released`: {why}"
            );
            problems.push(Problem::new("/released/data", message));
        }
        if self.pinned == Some(false) {
            let message = "`true`, or leave the key out: false checks nothing";
            problems.push(Problem::new("/pinned", message));
        }
        problems
    }
}

fn counted(pointer: &str, count: usize, most: usize, problems: &mut Vec<Problem>) {
    if count == 0 {
        problems.push(Problem::new(pointer, "name at least one, or leave the key out"));
    } else if count > most {
        problems.push(Problem::new(pointer, format!("{most} at the most, and there are {count}")));
    }
}

fn namespace_problems(
    pointer: &str,
    package_type: &str,
    names: &[String],
    known: &dyn Knowledge,
    problems: &mut Vec<Problem>,
) {
    if let Some(message) = types::problem(package_type) {
        problems.push(Problem::new(pointer, message));
        return;
    }
    counted(pointer, names.len(), usize::MAX, problems);
    for (at, name) in names.iter().enumerate() {
        if let Err(why) = patterns::of_namespace(package_type, name, known) {
            let message = format!("a namespace, for example `org.apache.*` or `@acme`: {why}");
            problems.push(Problem::new(format!("{pointer}/{at}"), message));
        }
    }
}

impl Internal {
    fn problems(&self, known: &dyn Knowledge, problems: &mut Vec<Problem>) {
        counted("/internal/packages", self.packages.len(), MAX_PATTERNS, problems);
        for (at, glob) in self.packages.iter().enumerate() {
            if let Err(why) = patterns::checked(glob, known) {
                let message =
                    format!("a pattern over package URLs, for example `pkg:npm/%40acme/**`: {why}");
                problems.push(Problem::new(format!("/internal/packages/{at}"), message));
            }
        }
        counted("/internal/registries", self.registries.len(), MAX_REGISTRIES, problems);
        for (at, place) in self.registries.iter().enumerate() {
            if let Err(why) = known.location(place) {
                problems.push(Problem::new(format!("/internal/registries/{at}"), why));
            }
        }
    }
}

#[cfg(test)]
mod tests;
