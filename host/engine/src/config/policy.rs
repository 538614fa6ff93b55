//! `[[policy]]`: a plugin with its settings.

use std::collections::BTreeSet;

use camino::Utf8Path;
use lockgate_builtins as builtins;
use lockgate_model::Effect;
use serde_json::Value as Json;

use super::problem::Problems;
use super::reader::{At, Table, quoted};
use super::sources::Role;
use super::tree::{Node, Value};
use super::trust::beside;
use super::{PluginRef, Policy, data, limits};

/// The most bytes that a plugin file has; the sandbox compiles no larger one.
const MAX_PLUGIN: u64 = 64 << 20;

/// Reads all policies of a file or of a stage.
pub(super) fn read(
    problems: &mut Problems,
    file: &mut Table,
    path: &Utf8Path,
    names: &mut BTreeSet<String>,
) -> Vec<Policy> {
    let entries = file.tables(problems, "policy", "[[policy]]");
    entries.into_iter().filter_map(|entry| one(problems, entry, path, names)).collect()
}

/// `names` are those of the stage so far: findings and waivers refer to a policy by its name, so a
/// stage has each once.
fn one(
    problems: &mut Problems,
    mut entry: Table,
    path: &Utf8Path,
    names: &mut BTreeSet<String>,
) -> Option<Policy> {
    let name = entry.required(problems, "name");
    if let Some(name) = name.as_ref().filter(|name| !names.insert(name.value.clone())) {
        let message = format!("two policies of the stage are called `{}`", name.value);
        problems.push(Some(name.place.clone()), message, None);
    }
    let plugin = entry.required(problems, "plugin");
    let effect = entry.string(problems, "effect");
    let allow_not_applicable = entry.boolean(problems, "allow-not-applicable").unwrap_or(false);
    let settings = entry.take("settings");
    let limits = limits::read(problems, &mut entry);
    let data = data::read(problems, &mut entry, path);
    entry.refuse(problems, &["select", "max-age"]);
    let place = entry.place();
    entry.finish(problems);

    let effect = effect.map_or(Some(Effect::Required), |word| effect_of(problems, word));
    let settings_place = settings.as_ref().map_or(place, |node| node.place.clone());
    let settings = settings
        .map_or(Some(Json::Object(serde_json::Map::new())), |node| json(problems, node, true));
    let name = name.and_then(|name| {
        if name.value.parse::<lockgate_model::Stage>().is_ok() {
            return Some(name.value);
        }
        let message = format!("`{}` is no name of a policy", name.value);
        let help = "a name is lower-case letters, digits and single dashes, 64 at the most";
        problems.push(Some(name.place), message, Some(help.into()));
        None
    });
    let plugin_place = plugin.as_ref()?.place.clone();
    let plugin = plugin_of(problems, plugin?, path);
    Some(Policy {
        name: name?,
        plugin: plugin?,
        effect: effect?,
        allow_not_applicable,
        settings: settings?.to_string(),
        data,
        limits,
        plugin_place,
        settings_place,
    })
}

fn effect_of(problems: &mut Problems, word: At<String>) -> Option<Effect> {
    match word.value.as_str() {
        "required" => Some(Effect::Required),
        "advisory" => Some(Effect::Advisory),
        other => {
            let message = format!("`{other}` is not an effect");
            let help = "the effects are `required` and `advisory`";
            problems.push(Some(word.place), message, Some(help.into()));
            None
        }
    }
}

fn plugin_of(problems: &mut Problems, written: At<String>, path: &Utf8Path) -> Option<PluginRef> {
    let At { value, place } = written;
    if let Some(name) = value.strip_prefix("builtin:") {
        let builtin = builtins::builtin(name);
        if builtin.is_none() {
            let names: Vec<_> = builtins::ALL.iter().map(|builtin| builtin.name).collect();
            let help = format!("the built-in plugins are {}", quoted(&names));
            problems.push(Some(place), format!("there is no built-in plugin `{name}`"), Some(help));
        }
        return builtin.map(PluginRef::Builtin);
    }
    if value.starts_with("oci://") {
        let help = "name a file, for example `./mine.wasm`, or `builtin:NAME`";
        let message = "a plugin from a registry is not supported by this version";
        problems.push(Some(place), message, Some(help.into()));
        return None;
    }
    if value.starts_with("./") || value.starts_with("../") || value.starts_with('/') {
        let path = beside(path, &value);
        return match problems.sources.read(Role::Plugin, &path, MAX_PLUGIN) {
            Ok(component) => Some(PluginRef::File { written: value, path, component }),
            Err(error) => {
                problems.push(Some(place), format!("the plugin `{value}` {error}"), None);
                None
            }
        };
    }
    let help = "name `builtin:NAME` or a path that begins with `./`, `../` or `/`";
    problems.push(Some(place), format!("`{value}` names no plugin"), Some(help.into()));
    None
}

/// Settings as JSON. TOML's dates have no counterpart, and numbers beyond 64 bits no exact one.
fn json(problems: &mut Problems, node: Node, outermost: bool) -> Option<Json> {
    Some(match node.value {
        Value::Table(members) => {
            let mut object = serde_json::Map::new();
            for (key, _, member) in members {
                object.insert(key, json(problems, member, false)?);
            }
            Json::Object(object)
        }
        other if outermost => {
            let message = format!("`settings` in [[policy]] is a table, not {}", other.named());
            problems.push(Some(node.place), message, None);
            return None;
        }
        Value::String(text) => Json::String(text),
        Value::Integer(number) => number.into(),
        Value::Boolean(value) => Json::Bool(value),
        Value::List(elements) => {
            let elements = elements.into_iter().map(|element| json(problems, element, false));
            Json::Array(elements.collect::<Option<_>>()?)
        }
        Value::Other(text) => {
            let float = text.parse::<f64>().ok().and_then(serde_json::Number::from_f64);
            if float.is_none() || !text.contains(['.', 'e', 'E']) {
                let message = format!("settings are JSON, which has no exact `{text}`");
                problems.push(Some(node.place), message, Some("write it as a string".into()));
                return None;
            }
            Json::Number(float?)
        }
    })
}
