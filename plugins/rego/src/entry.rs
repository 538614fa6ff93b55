//! Which rules speak, and how much what they say weighs.

use std::collections::BTreeSet;

use lockgate_plugin::{Level, Problem, Rule};

use crate::outline::{Kind, Outline};
use crate::path::Path;
use crate::settings::{Version, Weight};
use crate::{DENY, VIOLATION, WARN};

/// A rule that speaks.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) path: Path,
    pub(crate) package: Path,
    /// The rule of this policy by whose code its findings are known.
    pub(crate) rule: Rule,
    pub(crate) level: Level,
    /// What an exception calls it: `root` for `deny_root`, nothing for `deny`.
    pub(crate) suffix: String,
}

/// The rules that the settings name, and those of packages that they name.
pub(crate) fn entries(
    named: &[(Path, Option<Weight>)],
    outline: &Outline,
    version: Version,
    problems: &mut Vec<Problem>,
) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for (number, (path, weight)) in named.iter().enumerate() {
        let pointer = format!("/entrypoints/{number}");
        let mut refuse = |message: String| problems.push(Problem::new(pointer.as_str(), message));
        let found = match (outline.rule(path), weight) {
            (Some(_), _) => entry(path, *weight, outline, version).map(|entry| vec![entry]),
            (None, None) => package(path, outline, version),
            (None, Some(_)) if outline.is_package(path) => Err(format!(
                "`{path}` is a package, whose rules say by their names how much they weigh: leave \
                 `level` out"
            )),
            (None, Some(_)) => Err(absent(path, outline)),
        };
        match found {
            Err(message) => refuse(message),
            Ok(found) => {
                for entry in found {
                    if entries.iter().any(|known| known.path == entry.path) {
                        refuse(format!("`{}` is named already, with its package", entry.path));
                    } else {
                        entries.push(entry);
                    }
                }
            }
        }
    }
    entries
}

/// Refuses rules that have a name which speaks, and that nobody hears: no entrypoint is in their package,
/// and no rule refers to them. Of a package from which rules are chosen by their paths, others are left out
/// on purpose.
pub(crate) fn unheard(
    entries: &[Entry],
    outline: &Outline,
    reached: &BTreeSet<Path>,
    problems: &mut Vec<Problem>,
) {
    let heard: BTreeSet<&Path> = entries.iter().map(|entry| &entry.package).collect();
    let mut told = BTreeSet::new();
    for rule in outline.rules().filter(|rule| !outline.is_function(rule)) {
        let speaking =
            |package: &&Path| names(rule, package).first().is_some_and(|name| speaks_by_name(name));
        let Some(package) = outline.around(rule).find(speaking) else { continue };
        if heard.contains(package) || rule.meets(reached) || !told.insert(package) {
            continue;
        }
        let message = format!(
            "`{rule}` would not be heard, for no entrypoint is in `{package}` and no rule refers to it: \
             name it, or the package, or leave the module out"
        );
        problems.push(Problem::new("/entrypoints", message));
    }
}

/// The names of a rule in a package around it.
fn names<'a>(rule: &'a Path, package: &Path) -> &'a [String] {
    rule.0.get(package.0.len()..).unwrap_or_default()
}

fn speaks_by_name(name: &str) -> bool {
    spoken(name).is_some()
}

fn entry(
    path: &Path,
    weight: Option<Weight>,
    outline: &Outline,
    version: Version,
) -> Result<Entry, String> {
    let spoken = spoken(path.last());
    let (rule, level, suffix) = match (spoken, weight) {
        (Some((rule, level, suffix)), None) => (rule, level, suffix),
        (Some((rule, _, suffix)), Some(weight)) => (rule, weight.into(), suffix),
        (None, Some(Weight::Violation)) => (VIOLATION, Level::Violation, path.last()),
        (None, Some(Weight::Warning)) => (WARN, Level::Warning, path.last()),
        (None, None) => {
            return Err(format!(
                "the name of `{path}` does not say how much it weighs, as `deny`, `violation` and \
                 `warn` do: write {{ rule = \"{path}\", level = \"violation\" }}"
            ));
        }
    };
    speaks(path, outline.rule(path).into_iter().flatten(), version)?;
    if let Some(below) = outline.under(path).find(|below| *below != path) {
        return Err(hidden(below, path));
    }
    let package = outline.package_of(path).cloned().unwrap_or_else(|| Path(Vec::new()));
    let suffix = suffix.to_owned();
    Ok(Entry { path: path.clone(), package, rule, level, suffix })
}

/// The rules of a package that have a name which speaks, and of packages below it.
fn package(path: &Path, outline: &Outline, version: Version) -> Result<Vec<Entry>, String> {
    let mut entries = Vec::new();
    let mut any = false;
    for rule in outline.under(path) {
        any = true;
        for package in outline.around(rule).filter(|package| package.is_under(path)) {
            match names(rule, package) {
                [name] if speaks_by_name(name) => {
                    entries.push(entry(rule, None, outline, version)?);
                }
                [name, _, ..] if speaks_by_name(name) => {
                    return Err(hidden(rule, &package.join(std::slice::from_ref(name))));
                }
                _ => {}
            }
        }
    }
    match (entries.is_empty(), any) {
        (false, _) => Ok(entries),
        (true, true) => Err(format!(
            "no rule in `{path}` is called `deny`, `violation` or `warn`, or begins with one of them \
             and `_`: name the rule that speaks, with its level"
        )),
        (true, false) => Err(absent(path, outline)),
    }
}

fn hidden(rule: &Path, object: &Path) -> String {
    format!(
        "`{rule}` makes `{object}` an object, and its messages would not be heard: call it `{}_…`",
        object.last()
    )
}

/// What a rule of this name means: the names of conftest, alone or with `_` and more.
fn spoken(name: &str) -> Option<(Rule, Level, &str)> {
    let (word, suffix) = name.split_once('_').unwrap_or((name, ""));
    let whole = name.len() == word.len() || !suffix.is_empty();
    let (rule, level) = match word {
        "deny" => (DENY, Level::Violation),
        "violation" => (VIOLATION, Level::Violation),
        "warn" => (WARN, Level::Warning),
        _ => return None,
    };
    whole.then_some((rule, level, suffix))
}

/// Refuses a rule that by what it is cannot return a set of messages.
fn speaks<'a>(
    path: &Path,
    kinds: impl Iterator<Item = &'a Kind>,
    version: Version,
) -> Result<(), String> {
    let kinds: BTreeSet<&Kind> = kinds.collect();
    let name = path.last();
    let example = match version {
        Version::V1 => format!("`{name} contains msg if {{ … }}`"),
        Version::V0 => format!("`{name}[msg] {{ … }}`"),
    };
    let is = if kinds.iter().any(|kind| matches!(kind, Kind::Function(_))) {
        "a function"
    } else if kinds.contains(&Kind::Object) {
        "an object, for brackets in its name make one"
    } else if kinds.contains(&Kind::Flag) {
        "true or nothing, and has no message"
    } else {
        return Ok(());
    };
    Err(format!("`{path}` is {is}: write {example}"))
}

fn absent(path: &Path, outline: &Outline) -> String {
    if outline.is_package(path) {
        return format!("the package `{path}` has no rules");
    }
    let packages: Vec<String> = outline.packages().map(|package| format!("`{package}`")).collect();
    let list = packages.join(", ");
    format!("no module that is loaded has a rule or a package `{path}`; the packages are {list}")
}
