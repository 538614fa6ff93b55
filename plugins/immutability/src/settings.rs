//! What the policy file may say, and what is wrong with it.

use lockgate_plugin::form::Problems;
use lockgate_plugin::json::Value;
use lockgate_plugin::{Problem, glob};

use crate::kind::Kind;

/// The settings. `settings.schema.json` says the same to people and editors.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    /// For each kind that is judged, globs for its files.
    pub(crate) kinds: Vec<(Kind, Vec<String>)>,
    /// Globs for files that are not judged.
    pub(crate) exclude: Vec<String>,
    /// Kinds of which there has to be a file.
    pub(crate) required: Option<Vec<String>>,
    /// Globs for images and actions that may be mutable.
    pub(crate) allow: Vec<String>,
    /// Registries from which images may come.
    pub(crate) registries: Option<Vec<String>>,
}

impl Settings {
    /// The settings as they are written, or all that is wrong with them.
    pub(crate) fn read(value: &Value) -> Result<Self, Vec<Problem>> {
        let mut problems = Problems::default();
        let read = Self::members(value, &mut problems);
        problems.or(read)
    }

    fn members(value: &Value, problems: &mut Problems) -> Option<Self> {
        let mut keys: Vec<&str> = Kind::ALL.iter().map(|kind| kind.key()).collect();
        keys.extend(["exclude", "required", "allow", "registries"]);
        let table = problems.table(value, "", &keys)?;
        let mut kinds = Vec::new();
        for kind in Kind::ALL {
            if let Some(value) = table.get(kind.key()) {
                kinds.push((kind, globs(kind, value, &table.at(kind.key()), problems)));
            }
        }
        if kinds.is_empty() {
            let why = "set one of `kubernetes`, `compose`, `dockerfiles` and `workflows`, for example \
                       `kubernetes = true`";
            problems.add("", why);
        }
        let set = |kind: &str| kinds.iter().any(|(set, _)| set.key() == kind);
        let not_set = |kind: &str| {
            (!set(kind)).then(|| ["`", kind, "` is no kind that these settings judge"].concat())
        };
        let mut texts =
            |key, example, wrong: &dyn Fn(&str) -> _| table.texts(key, example, wrong, problems);
        Some(Self {
            exclude: texts("exclude", GLOB, &no_exclusion).unwrap_or_default(),
            required: texts("required", "kubernetes", &not_set),
            allow: texts("allow", "acme/dev-*", &no_pattern).unwrap_or_default(),
            registries: texts("registries", "ghcr.io/acme", &no_registry),
            kinds,
        })
    }
}

/// A glob, for messages.
const GLOB: &str = "deploy/**.yaml";

/// The globs of a kind: its own, those that the settings name, or both.
fn globs(kind: Kind, value: &Value, pointer: &str, problems: &mut Problems) -> Vec<String> {
    let own = || kind.globs().iter().map(|&glob| glob.to_owned());
    match value {
        Value::Bool(true) => own().collect(),
        Value::Array(_) => problems.texts(value, pointer, GLOB, &glob::problem),
        Value::Object(_) => {
            let Some(table) = problems.table(value, pointer, &["also"]) else { return Vec::new() };
            if !table.has("also") {
                problems.add(pointer, "give `also`, or write `true`");
            }
            let also = table.texts("also", GLOB, &glob::problem, problems);
            own().chain(also.unwrap_or_default()).collect()
        }
        _ => {
            let expected = "`true`, a list of globs, or a table with `also`";
            problems.wrong(pointer, expected, value);
            Vec::new()
        }
    }
}

/// References are matched whole, so a pattern for everything is a mistake.
fn no_pattern(pattern: &str) -> Option<String> {
    let names = pattern.contains(|c: char| c.is_ascii_alphanumeric());
    (!names).then(|| {
        "would allow everything: name an image or an action, for example `acme/dev-*`".into()
    })
}

fn no_exclusion(glob: &str) -> Option<String> {
    glob::problem(glob).or_else(|| {
        let bare = glob.trim_matches(['*', '?', '/']).is_empty();
        bare.then(|| "names nothing: give a part of the path, for example `charts/**`".into())
    })
}

fn no_registry(registry: &str) -> Option<String> {
    let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-/:".contains(c);
    let host = registry.split('/').next().unwrap_or_default();
    let is_host = host.contains(['.', ':']) || host == "localhost";
    let is_whole = !registry.ends_with('/') && registry.chars().all(fine);
    (!is_host || !is_whole).then(|| {
        "a registry in lower case, with a path or without, for example `ghcr.io/acme`".into()
    })
}

#[cfg(test)]
pub(crate) mod tests;
