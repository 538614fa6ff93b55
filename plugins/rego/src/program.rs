//! The modules, checked and ready to be asked.

use std::collections::{BTreeMap, BTreeSet};

use lockgate_plugin::{Failure, Problem, Report, Rule};
use regorus::{Engine, Value};

use crate::check::{Documents, Known};
use crate::entry::{self, Entry};
use crate::files::Files;
use crate::metadata::Resolved;
use crate::outline::{Kind, Outline};
use crate::path::Path;
use crate::settings::{Plan, SOURCE, Version, key_of};
use crate::strict;
use crate::time::{self, At};
use crate::told::told;
use crate::view::View;
use crate::{RULES, metadata};
use crate::{value, verdict};

/// The most bytes of a module: what the interpreter takes.
const MAX_MODULE: u64 = 1 << 20;

/// Modules, documents and the rules that speak.
#[derive(Debug)]
pub(crate) struct Program {
    engine: Engine,
    entries: Vec<Entry>,
    /// Packages whose rule `exception` counts.
    excepting: BTreeSet<Path>,
    /// Whether a module asks for the time.
    pub(crate) time: bool,
}

/// What came of an evaluation, beside the report.
#[derive(Debug, Default)]
pub(crate) struct Beside {
    /// What modules printed.
    pub(crate) printed: Vec<String>,
    /// Exceptions that were made, from which rule and how.
    pub(crate) exceptions: Vec<(Rule, String)>,
}

impl Program {
    /// Loads and checks.
    ///
    /// # Errors
    ///
    /// All that is wrong with modules, documents and entrypoints, as far as one does not hide the other.
    pub(crate) fn load(plan: &Plan, files: &dyn Files, at: At) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut engine = Engine::new();
        engine.set_rego_v0(plan.version == Version::V0);
        engine.set_strict_builtin_errors(true);
        engine.set_gather_prints(true);
        let mut refuse = |pointer: &str, why: String| problems.push(Problem::new(pointer, why));
        if let Err(why) =
            time::register(&mut engine, at).and_then(|()| strict::register(&mut engine))
        {
            refuse("", told(&why));
        }
        let (pointers, annotations) = modules(plan, files, &mut engine, &mut problems);
        let documents = documents(plan, files, &mut engine, &mut problems);
        if !problems.is_empty() {
            return Err(problems);
        }
        let outline = Outline::of(engine.get_modules());
        collisions(plan, &outline, &mut problems);
        let view = View::of(&plan.sections);
        let known = Known {
            outline: &outline,
            documents: &documents,
            view: &view,
            annotations: &annotations,
        };
        let (time, reached) = names(plan, &known, &pointers, &mut engine, &mut problems);
        let entries = entry::entries(&plan.entrypoints, &outline, plan.version, &mut problems);
        if problems.is_empty() {
            entry::unheard(&entries, &outline, &reached, &mut problems);
        }
        let excepting = excepting(plan, &outline, &entries, &mut problems);
        if problems.is_empty() {
            compile(&entries, &mut engine, &mut problems);
        }
        if problems.is_empty() {
            Ok(Self { engine, entries, excepting, time })
        } else {
            Err(problems)
        }
    }

    /// Asks every rule that speaks, over a view of the facts.
    ///
    /// # Errors
    ///
    /// A rule cannot be evaluated, is undefined, or returned what is no list of messages.
    pub(crate) fn judge(
        &self,
        view: serde_json::Value,
        at: At,
        report: &mut Report,
    ) -> Result<Beside, Failure> {
        let mut engine = self.engine.clone();
        engine.set_input(value::input(view)?);
        let mut beside = Beside::default();
        let excepted = self.excepted(&mut engine)?;
        for entry in &self.entries {
            let value = evaluated(&mut engine, &entry.path)?;
            let said = verdict::said(entry, &value, at)?;
            let excepted =
                excepted.get(&entry.package).is_some_and(|by| by.contains(&entry.suffix));
            if excepted && !said.is_empty() {
                let (path, package, count) = (&entry.path, &entry.package, said.len());
                let findings = if count == 1 { "finding" } else { "findings" };
                let message = format!("{count} {findings} of `{path}`, by `{package}.exception`");
                beside.exceptions.push((entry.rule, message));
            }
            verdict::report(entry, said, excepted, report);
        }
        beside.printed = engine.take_prints().map_err(|why| Failure::from(told(&why)))?;
        self.account(report);
        Ok(beside)
    }

    /// What is excepted, by package: the names behind `deny_`, as conftest has it.
    fn excepted(&self, engine: &mut Engine) -> Result<BTreeMap<&Path, BTreeSet<String>>, Failure> {
        let mut excepted = BTreeMap::new();
        for package in &self.excepting {
            let path = package.join(&["exception".to_owned()]);
            let value = evaluated(engine, &path)?;
            let names = exceptions(&value).ok_or_else(|| {
                let value = verdict::kind(&value);
                format!("`{path}` is {value}, and has to be a set of lists of names of rules")
            })?;
            excepted.insert(package, names);
        }
        Ok(excepted)
    }

    /// A rule of which some entrypoint speaks was checked.
    fn account(&self, report: &mut Report) {
        for &rule in RULES {
            if self.entries.iter().any(|entry| entry.rule == rule) {
                report.checked(rule);
            } else {
                let code = rule.code;
                report.not_applicable(
                    rule,
                    format!("`entrypoints` names no rule that is a `{code}`"),
                );
            }
        }
    }
}

fn evaluated(engine: &mut Engine, path: &Path) -> Result<Value, Failure> {
    engine
        .eval_rule(path.to_string())
        .map_err(|why| Failure::from(format!("`{path}` cannot be evaluated: {}", told(&why))))
}

/// A set or list of sets or lists of strings.
fn exceptions(value: &Value) -> Option<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for list in members(value)? {
        for name in members(list)? {
            match name {
                Value::String(name) => names.insert(name.to_string()),
                _ => return None,
            };
        }
    }
    Some(names)
}

fn members(value: &Value) -> Option<Vec<&Value>> {
    match value {
        Value::Set(values) => Some(values.iter().collect()),
        Value::Array(values) => Some(values.iter().collect()),
        _ => None,
    }
}

/// Parses the modules; what stands in the settings for each, by its name, and what they say of their rules.
fn modules(
    plan: &Plan,
    files: &dyn Files,
    engine: &mut Engine,
    problems: &mut Vec<Problem>,
) -> (BTreeMap<String, String>, Resolved) {
    let (mut pointers, mut annotations) = (BTreeMap::new(), Resolved::new());
    let mut add = |name: &str, pointer: String, text: String| {
        match metadata::resolved(name, pointers.len(), text, plan.version == Version::V0) {
            Err(why) => problems.push(Problem::new(pointer.as_str(), why)),
            Ok((text, resolved)) => {
                annotations.extend(resolved);
                if let Err(why) = engine.add_policy(name.to_owned(), text) {
                    let why = parse_error(&told(&why), plan.version);
                    problems.push(Problem::new(pointer.as_str(), why));
                }
            }
        }
        pointers.insert(name.to_owned(), pointer);
    };
    if let Some(source) = &plan.source {
        add(SOURCE, "/source".to_owned(), source.clone());
    }
    let mut unread = Vec::new();
    for (number, name) in plan.modules.iter().enumerate() {
        let pointer = format!("/modules/{number}");
        let text = files.read(name, MAX_MODULE).and_then(|bytes| {
            String::from_utf8(bytes).map_err(|_| format!("the data file `{name}` is no UTF-8"))
        });
        match text {
            Ok(text) => add(name, pointer, text),
            Err(why) => unread.push(Problem::new(pointer, why)),
        }
    }
    problems.extend(unread);
    (pointers, annotations)
}

/// What a module that does not parse is told, and the likeliest reason.
fn parse_error(why: &str, version: Version) -> String {
    let hint = match version {
        Version::V1 if why.contains("keyword is required") || why.contains("`contains`") => {
            "; version 1 writes `deny contains msg if { … }`; for modules of version 0 set \
             rego-version = \"v0\""
        }
        Version::V0 => {
            "; with rego-version = \"v0\" a rule is `deny[msg] { … }`, unless the module \
                        has `import rego.v1`"
        }
        Version::V1 => "; a rule is, for example, `deny contains msg if { … }`",
    };
    format!("{why}{hint}")
}

/// The names of an object's members.
fn names_in(value: &Value) -> Option<BTreeSet<String>> {
    let Value::Object(members) = value else { return None };
    Some(
        members
            .keys()
            .filter_map(|name| name.as_string().ok())
            .map(|name| name.to_string())
            .collect(),
    )
}

/// Loads the documents under `data`; their keys.
fn documents(
    plan: &Plan,
    files: &dyn Files,
    engine: &mut Engine,
    problems: &mut Vec<Problem>,
) -> Documents {
    let mut keys = Documents::new();
    for (number, name) in plan.documents.iter().enumerate() {
        let key = key_of(name);
        let loaded = files.read(name, u64::from(plan.caps.bytes)).and_then(|bytes| {
            let value = lockgate_facts::json(&bytes)
                .and_then(value::value)
                .map_err(|why| format!("the data file `{name}` cannot be read as JSON: {why}"))?;
            keys.insert(key.clone(), names_in(&value));
            let data = BTreeMap::from([(Value::from(key), value)]);
            engine.add_data(Value::from(data)).map_err(|why| told(&why))
        });
        if let Err(why) = loaded {
            problems.push(Problem::new(format!("/documents/{number}"), why));
        }
    }
    keys
}

/// Refuses a document that stands where a package does: the interpreter would believe the document, and
/// no rule of the package would speak.
fn collisions(plan: &Plan, outline: &Outline, problems: &mut Vec<Problem>) {
    for (number, name) in plan.documents.iter().enumerate() {
        let key = key_of(name);
        if let Some(package) = outline.packages().find(|package| package.0.first() == Some(&key)) {
            let message = format!(
                "`data.{key}` would be this document and the package `{package}`: \
                                   rename one"
            );
            problems.push(Problem::new(format!("/documents/{number}"), message));
        }
    }
}

/// Checks every name in every module, and that every section is looked at. Whether one asks for the time,
/// and what they refer to under `data`.
fn names(
    plan: &Plan,
    known: &Known<'_>,
    pointers: &BTreeMap<String, String>,
    engine: &mut Engine,
    problems: &mut Vec<Problem>,
) -> (bool, BTreeSet<Path>) {
    let (mut used, mut reached, mut time) = (BTreeSet::new(), BTreeSet::new(), false);
    for module in engine.get_modules() {
        let file = module.package.span.source.get_path();
        let pointer = pointers.get(file).map_or("/modules", String::as_str);
        let checked = known.check(module);
        time |= checked.time;
        problems.extend(checked.problems.into_iter().map(|why| Problem::new(pointer, why)));
        used.extend(checked.used);
        reached.extend(checked.reached);
    }
    for (number, key) in View::unused(&plan.sections, &used) {
        let message = format!("no module looks at `input.{key}`: leave it out, or look at it");
        problems.push(Problem::new(format!("/input/{number}"), message));
    }
    (time, reached)
}

/// The packages of entrypoints that have a rule `exception`, if those count.
fn excepting(
    plan: &Plan,
    outline: &Outline,
    entries: &[Entry],
    problems: &mut Vec<Problem>,
) -> BTreeSet<Path> {
    if !plan.exceptions {
        return BTreeSet::new();
    }
    let mut packages = BTreeSet::new();
    for entry in entries {
        let path = entry.package.join(&["exception".to_owned()]);
        let Some(kinds) = outline.rule(&path) else { continue };
        if kinds.iter().all(|kind| matches!(kind, Kind::Set)) {
            packages.insert(entry.package.clone());
        } else {
            let example = match plan.version {
                Version::V1 => "exception contains rules if { … }",
                Version::V0 => "exception[rules] { … }",
            };
            let message = format!("`{path}` is no set: write `{example}`");
            problems.push(Problem::new("/exceptions", message));
        }
    }
    if packages.is_empty() && !entries.is_empty() && problems.is_empty() {
        let message = "no package of an entrypoint has a rule `exception`: leave `exceptions` out";
        problems.push(Problem::new("/exceptions", message));
    }
    packages
}

/// Lets the interpreter look for what it refuses before it evaluates: variables without a value.
fn compile(entries: &[Entry], engine: &mut Engine, problems: &mut Vec<Problem>) {
    for entry in entries {
        if let Err(why) = engine.compile_with_entrypoint(&entry.path.to_string().into()) {
            problems.push(Problem::new("/modules", told(&why)));
            return;
        }
    }
}
