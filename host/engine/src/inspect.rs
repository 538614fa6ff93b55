//! Says what a plugin is, and what it can do, before a policy file names it.
//!
//! What it says of itself is a claim; what it imports is a proof.

use std::io::{self, Read};
use std::time::Duration;

use camino::Utf8PathBuf;
use lockgate_builtins::builtin;
use lockgate_model::{Ability, INSPECTION_SCHEMA, InspectedRule, InspectionReport, Text};
use lockgate_runtime::{Code, Limits, LoadError, MAX_COMPONENT_BYTES, Plugin, SERVED, Sandbox};

use serde_json::Value;

use crate::error::Error;
use crate::files;

/// What is asked of a plugin.
#[derive(Debug, Clone)]
pub struct InspectRequest {
    /// `builtin:NAME`, or the path of a component.
    pub plugin: String,
    /// What a clock shows that never goes back: only how long loading took comes of it.
    pub clock: fn() -> Duration,
}

/// Why a plugin cannot be inspected.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InspectError {
    /// No built-in policy has the name.
    #[error("there is no built-in policy `{name}`; there are {known}")]
    Builtin {
        /// As it was typed.
        name: String,
        /// Those that there are, as words.
        known: String,
    },
    /// The file is not there, or may not be read.
    #[error("cannot open the plugin `{path}`")]
    Open {
        /// As it was named.
        path: Utf8PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// Reading it broke off.
    #[error("cannot read the plugin `{path}`")]
    Read {
        /// As it was named.
        path: Utf8PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// It is none that this host runs.
    #[error("the plugin `{plugin}` {why}")]
    Unfit {
        /// As it was named.
        plugin: String,
        /// In words that read well after it.
        why: String,
    },
}

impl InspectError {
    /// Whether it is the platform's fault and not the caller's.
    #[must_use]
    pub fn is_host_failure(&self) -> bool {
        matches!(self, Self::Read { source, .. } if source.kind() != io::ErrorKind::IsADirectory)
    }
}

/// Says what a plugin is.
///
/// # Errors
///
/// It is not there, or is none: no component, one that imports what no policy gets, one that traps when
/// it is asked what it is.
pub fn inspect(request: &InspectRequest) -> Result<InspectionReport, Error> {
    let sandbox = Sandbox::new().map_err(Error::Sandbox)?;
    let unfit = |why: String| InspectError::Unfit { plugin: request.plugin.clone(), why };
    let not_loaded = |error: LoadError| unfit(error.told());
    let (before, size, plugin);
    match request.plugin.strip_prefix("builtin:") {
        Some(name) => {
            let builtin = builtin(name).ok_or_else(|| unknown(name))?;
            before = (request.clock)();
            (size, plugin) = (builtin.component.len(), sandbox.load_builtin(builtin));
        }
        None => {
            let component = read(request.plugin.as_str().into())?;
            before = (request.clock)();
            (size, plugin) = (component.len(), sandbox.load(&component));
        }
    }
    let took = (request.clock)().saturating_sub(before);
    let plugin = plugin.map_err(not_loaded)?;
    let description =
        plugin.describe(&Limits::default()).map_err(|why| unfit(why.reason.to_string()))?;
    let rule = |rule: lockgate_runtime::Rule| InspectedRule {
        code: rule.code,
        title: rule.title,
        remediation: rule.remediation,
    };
    Ok(InspectionReport {
        schema: INSPECTION_SCHEMA,
        plugin: Text::escaped(&request.plugin),
        digest: plugin.digest(),
        size: size as u64,
        name: description.name,
        version: description.version,
        interface: SERVED.to_string(),
        abilities: abilities(&plugin),
        imports: plugin.spelt_imports().map(str::to_owned).collect(),
        needs: description.needs,
        uses: description.uses,
        rules: description.rules.into_iter().map(rule).collect(),
        settings: schema(&description.settings_schema),
        code: match plugin.code() {
            Code::CompiledHere => "compiled",
            Code::Precompiled => "precompiled",
        },
        load_micros: u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
    })
}

/// The schema of the settings as it is stated, but with nothing in it that a terminal or a build server would
/// obey: a stranger wrote it, and it is shown before anybody trusts him.
fn schema(stated: &str) -> Value {
    serde_json::from_str(stated).map(harmless).unwrap_or_default()
}

/// No deeper than the reader of JSON goes.
fn harmless(value: Value) -> Value {
    let text = |text: String| Text::escaped(&text).as_str().to_owned();
    match value {
        Value::String(stated) => Value::String(text(stated)),
        Value::Array(elements) => elements.into_iter().map(harmless).collect(),
        Value::Object(members) => {
            members.into_iter().map(|(key, value)| (text(key), harmless(value))).collect()
        }
        other => other,
    }
}

fn abilities(plugin: &Plugin) -> Vec<Ability> {
    let ability = |(interface, what): (&str, _)| Ability { interface: interface.to_owned(), what };
    plugin.abilities().map(ability).collect()
}

fn unknown(name: &str) -> InspectError {
    let known: Vec<_> =
        lockgate_builtins::ALL.iter().map(|one| format!("`{}`", one.name)).collect();
    InspectError::Builtin { name: name.to_owned(), known: known.join(", ") }
}

fn read(path: Utf8PathBuf) -> Result<Vec<u8>, InspectError> {
    let file = match files::open(&path) {
        Ok(file) => file,
        Err(source) => return Err(InspectError::Open { path, source }),
    };
    let mut component = Vec::new();
    // One byte more than is compiled shows that there are too many.
    match file.take(MAX_COMPONENT_BYTES as u64 + 1).read_to_end(&mut component) {
        Ok(_) => Ok(component),
        Err(source) => Err(InspectError::Read { path, source }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_schema_is_obeyed() {
        let stated =
            r###"{ "a\u009b2J": ["##vso[task.x]", { "b": "\u202e", "n": 1.5 }], "c": "fine" }"###;
        let expected =
            r#"{"a\\u{9b}2J":["\\u{23}\\u{23}vso[task.x]",{"b":"\\u{202e}","n":1.5}],"c":"fine"}"#;
        assert_eq!(schema(stated).to_string(), expected);
        assert_eq!(schema("no JSON"), Value::Null);
    }
}
