//! What the policy file may say, and what is wrong with its form.

use std::collections::BTreeSet;
use std::fmt;

use lockgate_facts::{Caps, Section};
use lockgate_plugin::{Level, Problem};
use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};

use crate::path::Path;

/// The settings as written. `settings.schema.json` says the same to people and editors.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// Names of data files that hold modules.
    pub modules: Option<Vec<String>>,
    /// One more module, in the policy file itself.
    pub source: Option<String>,
    /// Names of data files that hold JSON.
    pub documents: Option<Vec<String>>,
    /// Which rules speak.
    pub entrypoints: Vec<Entrypoint>,
    /// Which sections of the facts the modules see.
    #[serde(default)]
    pub input: Vec<String>,
    /// Which of these may be empty.
    pub may_be_empty: Option<Vec<String>>,
    /// Whose VEX counts.
    pub honour_vex: Option<Vec<String>>,
    /// In which version of the language the modules are written.
    #[serde(default)]
    pub rego_version: Version,
    /// Whether rules called `exception` count.
    #[serde(default)]
    pub exceptions: bool,
    /// How many rows a section may have.
    pub max_rows: Option<u32>,
    /// How many bytes a section may have.
    pub max_bytes: Option<u32>,
}

/// A version of the language.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Version {
    /// `deny[msg] { … }`: as it was before version 1 of the Open Policy Agent.
    V0,
    /// `deny contains msg if { … }`.
    #[default]
    V1,
}

/// A rule that speaks, or a package whose rules do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entrypoint {
    /// Its path, for example `data.main.deny`.
    pub path: String,
    /// How much its findings weigh, where its name does not say that.
    pub level: Option<Weight>,
}

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// It fails the policy.
    Violation,
    /// It is shown.
    Warning,
}

impl From<Weight> for Level {
    fn from(weight: Weight) -> Self {
        match weight {
            Weight::Violation => Self::Violation,
            Weight::Warning => Self::Warning,
        }
    }
}

impl<'de> Deserialize<'de> for Entrypoint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct EntrypointVisitor;

        impl<'de> Visitor<'de> for EntrypointVisitor {
            type Value = Entrypoint;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(
                    "a path, for example \"data.main.deny\", or a table with `rule` and `level`",
                )
            }

            fn visit_str<E: Error>(self, path: &str) -> Result<Entrypoint, E> {
                Ok(Entrypoint { path: path.to_owned(), level: None })
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entrypoint, A::Error> {
                let (mut path, mut level) = (None, None);
                while let Some(key) = map.next_key::<String>()? {
                    match key.as_str() {
                        "rule" => path = Some(map.next_value()?),
                        "level" => level = Some(map.next_value()?),
                        other => return Err(A::Error::unknown_field(other, &["rule", "level"])),
                    }
                }
                match (path, level) {
                    (Some(path), Some(level)) => Ok(Entrypoint { path, level: Some(level) }),
                    _ => Err(A::Error::custom("give `rule` and `level`")),
                }
            }
        }

        deserializer.deserialize_any(EntrypointVisitor)
    }
}

/// What the settings come to, as far as it can be told without the modules.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) modules: Vec<String>,
    pub(crate) source: Option<String>,
    pub(crate) documents: Vec<String>,
    pub(crate) entrypoints: Vec<(Path, Option<Weight>)>,
    pub(crate) sections: Vec<Section>,
    pub(crate) may_be_empty: BTreeSet<String>,
    pub(crate) honour_vex: Vec<String>,
    pub(crate) version: Version,
    pub(crate) exceptions: bool,
    pub(crate) caps: Caps,
}

impl Settings {
    /// The plan that they state.
    ///
    /// # Errors
    ///
    /// All that is vacuous, contradictory or of another form.
    pub(crate) fn plan(self) -> Result<Plan, Vec<Problem>> {
        let mut problems = Vec::new();
        self.files(&mut problems);
        let entrypoints = self.paths(&mut problems);
        let sections = self.sections(&mut problems);
        self.allowances(&sections, &mut problems);
        let caps = self.caps(&mut problems);
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Plan {
            modules: self.modules.unwrap_or_default(),
            source: self.source,
            documents: self.documents.unwrap_or_default(),
            entrypoints,
            sections,
            may_be_empty: self.may_be_empty.into_iter().flatten().collect(),
            honour_vex: self.honour_vex.unwrap_or_default(),
            version: self.rego_version,
            exceptions: self.exceptions,
            caps,
        })
    }

    fn files(&self, problems: &mut Vec<Problem>) {
        if self.modules.is_none() && self.source.is_none() {
            let message = "there is nothing to evaluate: name data files that hold Rego, for example \
                           modules = [\"main\"], or give `source`";
            problems.push(Problem::new("", message));
        }
        if self.source.is_some() && self.modules.iter().flatten().any(|name| name == SOURCE) {
            let message = format!(
                "a data file called `{SOURCE}` cannot be told from the setting of \
                                   that name: rename one"
            );
            problems.push(Problem::new("/modules", message));
        }
        listed(self.modules.as_deref(), "/modules", "[\"main\"]", problems);
        listed(self.documents.as_deref(), "/documents", "[\"allowlist\"]", problems);
        let mut seen = BTreeSet::new();
        for (number, name) in self.documents.iter().flatten().enumerate() {
            let key = key_of(name);
            if !is_identifier(&key) {
                let message = format!(
                    "`{name}` gives no name under `data`: letters, digits, `-` and `_`, the first \
                     no digit, for example \"allowlist\", which is `data.allowlist`"
                );
                problems.push(Problem::new(format!("/documents/{number}"), message));
            } else if self.modules.iter().flatten().any(|module| module == name) {
                let message =
                    format!("`{name}` is named under `modules`, too: it holds one or the other");
                problems.push(Problem::new(format!("/documents/{number}"), message));
            } else if !seen.insert(key.clone())
                && self.documents.iter().flatten().filter(|other| *other == name).count() == 1
            {
                let message = format!("another document is `data.{key}`, too: rename one");
                problems.push(Problem::new(format!("/documents/{number}"), message));
            }
        }
    }

    fn paths(&self, problems: &mut Vec<Problem>) -> Vec<(Path, Option<Weight>)> {
        let mut paths: Vec<(Path, Option<Weight>)> = Vec::new();
        if self.entrypoints.is_empty() {
            let message = "name what speaks, for example [\"data.main.deny\"], or a package with \
                           all its rules of the names `deny`, `violation` and `warn`: [\"data.main\"]";
            problems.push(Problem::new("/entrypoints", message));
        }
        for (number, entrypoint) in self.entrypoints.iter().enumerate() {
            let pointer = format!("/entrypoints/{number}");
            match Path::parse(&entrypoint.path) {
                Err(message) => problems.push(Problem::new(pointer, message)),
                Ok(path) if paths.iter().any(|(known, _)| *known == path) => {
                    problems.push(Problem::new(pointer, format!("`{path}` is named twice")));
                }
                Ok(path) => paths.push((path, entrypoint.level)),
            }
        }
        paths
    }

    fn sections(&self, problems: &mut Vec<Problem>) -> Vec<Section> {
        let sections = match Section::all(&self.input) {
            Ok(sections) => sections,
            Err(wrong) => {
                for (number, message) in wrong {
                    problems.push(Problem::new(format!("/input/{number}"), message));
                }
                return Vec::new();
            }
        };
        for (number, section) in sections.iter().enumerate() {
            if let Section::Data(name) = section {
                let message = format!(
                    "a data file is no section here: name it under `documents`, and modules see \
                     it as `data.{}`",
                    section.key()
                );
                let _ = name;
                problems.push(Problem::new(format!("/input/{number}"), message));
            }
        }
        sections
    }

    fn allowances(&self, sections: &[Section], problems: &mut Vec<Problem>) {
        listed(self.may_be_empty.as_deref(), "/may-be-empty", "[\"tests\"]", problems);
        for (number, word) in self.may_be_empty.iter().flatten().enumerate() {
            let pointer = format!("/may-be-empty/{number}");
            match Section::parse(word) {
                Err(message) => problems.push(Problem::new(pointer, message)),
                Ok(section) if !sections.iter().any(|given| given.implies(&section)) => {
                    let message = format!("`{word}` is not named in `input`");
                    problems.push(Problem::new(pointer, message));
                }
                Ok(_) => {}
            }
        }
        listed(self.honour_vex.as_deref(), "/honour-vex", "[\"security\"]", problems);
        if self.honour_vex.is_some() && !sections.contains(&Section::ScansRows) {
            let message = "VEX is applied to rows of scans: name `scans.rows` in `input`";
            problems.push(Problem::new("/honour-vex", message));
        }
    }

    fn caps(&self, problems: &mut Vec<Problem>) -> Caps {
        let mut caps = Caps::default();
        for (given, pointer, cap) in [
            (self.max_rows, "/max-rows", &mut caps.rows),
            (self.max_bytes, "/max-bytes", &mut caps.bytes),
        ] {
            match given {
                Some(0) => {
                    let message = format!("at least 1; {cap} where it is not set");
                    problems.push(Problem::new(pointer, message));
                }
                Some(given) => *cap = given,
                None => {}
            }
        }
        caps
    }
}

/// What the module in the settings is called in messages.
pub(crate) const SOURCE: &str = "source";

/// What a data file is called under `data`.
pub(crate) fn key_of(name: &str) -> String {
    name.replace('-', "_")
}

pub(crate) fn is_identifier(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// A list of names: not empty, none twice.
fn listed(names: Option<&[String]>, pointer: &str, example: &str, problems: &mut Vec<Problem>) {
    let Some(names) = names else { return };
    if names.is_empty() {
        let message = format!("an empty list says nothing: leave it out, or write {example}");
        problems.push(Problem::new(pointer, message));
    }
    let mut seen = BTreeSet::new();
    for (number, name) in names.iter().enumerate() {
        if name.is_empty() {
            let message = format!("a name is not empty; for example {example}");
            problems.push(Problem::new(format!("{pointer}/{number}"), message));
        } else if !seen.insert(name) {
            problems.push(Problem::new(
                format!("{pointer}/{number}"),
                format!("`{name}` is named twice"),
            ));
        }
    }
}
