//! What the policy file may say, and what is wrong with it.

use lockgate_plugin::form::{Form, Problems, Table};
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
    pub(crate) fn read(form: Form) -> Result<Self, Vec<Problem>> {
        let mut problems = Problems::default();
        let mut keys: Vec<&str> = Kind::ALL.iter().map(|kind| kind.key()).collect();
        keys.extend(["exclude", "required", "allow", "registries"]);
        let mut table = problems.table(form, "", &keys);
        let mut kinds = Vec::new();
        for kind in Kind::ALL {
            if let Some((form, pointer)) = table.take(kind.key()) {
                kinds.push((kind, globs(kind, form, &pointer, &mut problems)));
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
        let settings = Self {
            exclude: texts(&mut table, "exclude", &glob::problem, &mut problems)
                .unwrap_or_default(),
            required: texts(&mut table, "required", &not_set, &mut problems),
            allow: texts(&mut table, "allow", &no_pattern, &mut problems).unwrap_or_default(),
            registries: texts(&mut table, "registries", &no_registry, &mut problems),
            kinds,
        };
        problems.or(settings)
    }
}

fn texts(
    table: &mut Table,
    key: &str,
    wrong: &dyn Fn(&str) -> Option<String>,
    problems: &mut Problems,
) -> Option<Vec<String>> {
    let (form, pointer) = table.take(key)?;
    Some(problems.texts(form, &pointer, wrong))
}

/// The globs of a kind: its own, those that the settings name, or both.
fn globs(kind: Kind, form: Form, pointer: &str, problems: &mut Problems) -> Vec<String> {
    let own = || kind.globs().iter().map(|&glob| glob.to_owned());
    match form {
        Form::Flag(true) => own().collect(),
        Form::List(_) => problems.texts(form, pointer, &glob::problem),
        Form::Table(_) => {
            let mut table = problems.table(form, pointer, &["also"]);
            let Some((form, at)) = table.take("also") else {
                problems.add(pointer, "give `also`, or write `true`");
                return Vec::new();
            };
            let also = problems.texts(form, &at, &glob::problem);
            own().chain(also).collect()
        }
        _ => {
            problems.wrong(pointer, "`true`, a list of globs, or a table with `also`");
            Vec::new()
        }
    }
}

/// References are matched whole, so a pattern for everything is a mistake.
fn no_pattern(pattern: &str) -> Option<String> {
    let bare = pattern.trim_matches(['*', '/']).is_empty();
    bare.then(|| {
        "would allow everything: name an image or an action, for example `acme/dev-*`".into()
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
