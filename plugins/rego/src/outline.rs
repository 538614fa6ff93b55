//! What the modules declare: packages, rules, and what each rule is.

use std::collections::{BTreeMap, BTreeSet};

use regorus::unstable::{Expr, Module, Ref, Rule, RuleHead};

use crate::path::Path;
use crate::walk;

/// What a rule is, by one of its definitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// `deny contains msg if`, or `deny[msg] { … }` in version 0: a set, which may be empty.
    Set,
    /// `deny[msg] if` in version 1, or with a value in version 0: an object.
    Object,
    /// `deny if`: true, or undefined.
    Flag,
    /// `deny := …`: a value, or undefined.
    Value,
    /// With so many parameters.
    Function(usize),
}

/// What all modules declare.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    rules: BTreeMap<Path, BTreeSet<Kind>>,
    /// What modules of a package call its rules: `deny` of `deny.late`.
    names: BTreeSet<Path>,
    packages: BTreeSet<Path>,
    /// What is imported, by package and name: the interpreter does not keep the modules of a package
    /// apart.
    imports: BTreeMap<Path, BTreeSet<String>>,
}

impl Outline {
    pub(crate) fn of(modules: &[Ref<Module>]) -> Self {
        let mut outline = Self::default();
        for module in modules {
            let package = package(module);
            for rule in &module.policy {
                let (refr, kind) = declared(rule);
                let Some((names, more)) = walk::head(refr) else { continue };
                // `deny[msg] if` is an object by what it looks like, for its brackets are part of its name.
                let kind = if more && matches!(kind, Kind::Flag | Kind::Value) {
                    Kind::Object
                } else {
                    kind
                };
                outline.names.insert(package.join(&names[..1]));
                outline.rules.entry(package.join(&names)).or_default().insert(kind);
            }
            let imports = module.imports.iter().filter_map(walk::import);
            for (import, name) in imports.filter(|(import, _)| !import.steps.is_empty()) {
                let targets = outline.imports.entry(package.join(&[name])).or_default();
                targets.insert(import.to_string());
            }
            outline.packages.insert(package);
        }
        outline
    }

    /// Whether a name is a rule, or what rules begin with, for the modules of its package.
    pub(crate) fn names(&self, name: &Path) -> bool {
        self.names.contains(name)
    }

    /// What a rule is, by each of its definitions; none where there is no such rule.
    pub(crate) fn rule(&self, path: &Path) -> Option<&BTreeSet<Kind>> {
        self.rules.get(path)
    }

    /// All rules of a package, and of those below it.
    pub(crate) fn under<'a>(&'a self, path: &'a Path) -> impl Iterator<Item = &'a Path> {
        self.rules
            .range(path.clone()..)
            .map(|(rule, _)| rule)
            .take_while(|rule| rule.is_under(path))
    }

    /// The package of a rule: the longest that it lies in.
    pub(crate) fn package_of(&self, rule: &Path) -> Option<&Path> {
        let inside = |package: &&Path| rule.is_under(package);
        self.packages.iter().filter(inside).max_by_key(|package| package.0.len())
    }

    /// The packages that a rule lies in, whichever declares it.
    pub(crate) fn around<'a>(&'a self, rule: &'a Path) -> impl Iterator<Item = &'a Path> {
        self.packages.iter().filter(move |package| *package != rule && rule.is_under(package))
    }

    pub(crate) fn rules(&self) -> impl Iterator<Item = &Path> {
        self.rules.keys()
    }

    /// Whether a rule is nothing but a function, which says nothing by itself.
    pub(crate) fn is_function(&self, rule: &Path) -> bool {
        let kinds = self.rules.get(rule);
        kinds.is_some_and(|kinds| kinds.iter().all(|kind| matches!(kind, Kind::Function(_))))
    }

    /// Whether it is a package, or packages lie below it.
    pub(crate) fn is_package(&self, path: &Path) -> bool {
        self.packages.range(path.clone()..).next().is_some_and(|package| package.is_under(path))
    }

    pub(crate) fn packages(&self) -> impl Iterator<Item = &Path> {
        self.packages.iter()
    }

    /// How many parameters the functions of this path take; empty where there is none.
    pub(crate) fn parameters(&self, path: &Path) -> Vec<usize> {
        let kinds = self.rules.get(path).into_iter().flatten();
        kinds
            .filter_map(|kind| if let Kind::Function(count) = kind { Some(*count) } else { None })
            .collect()
    }

    /// Refuses a name of an import that stands for something else, too: the interpreter would take one of
    /// them for both.
    pub(crate) fn alone(&self, name: &Path) -> Result<(), String> {
        let Some(targets) = self.imports.get(name) else { return Ok(()) };
        let own = name.to_string();
        let is_rule = self.under(name).next().is_some() && !targets.contains(&own);
        let own = is_rule.then_some(&own);
        let all: Vec<String> =
            targets.iter().chain(own).map(|target| format!("`{target}`")).collect();
        match all.len() {
            0 | 1 => Ok(()),
            _ => Err(format!(
                "`{}` would be {}: import under another name, with `as`",
                name.last(),
                all.join(" and ")
            )),
        }
    }

    /// Whether a reference that begins with these names reaches a rule, or a package as a whole.
    pub(crate) fn reaches(&self, names: &[&str]) -> bool {
        let path = Path(names.iter().map(|&name| name.to_owned()).collect());
        let known = |path: &Path| {
            let first = self.rules.range(path.clone()..).next().map(|(rule, _)| rule);
            let package = self.packages.range(path.clone()..).next();
            first.into_iter().chain(package).any(|found| found.is_under(path))
        };
        let within = (1..=names.len()).map(|length| Path(path.0[..length].to_vec()));
        !names.is_empty()
            && (known(&path) || within.into_iter().any(|path| self.rules.contains_key(&path)))
    }
}

/// The package of a module.
pub(crate) fn package(module: &Module) -> Path {
    Path(walk::head(&module.package.refr).map(|(names, _)| names).unwrap_or_default())
}

pub(crate) fn declared(rule: &Rule) -> (&Expr, Kind) {
    match rule {
        Rule::Default { refr, args, .. } if args.is_empty() => (refr, Kind::Value),
        Rule::Default { refr, args, .. } => (refr, Kind::Function(args.len())),
        Rule::Spec { head, .. } => match head {
            RuleHead::Set { refr, .. } => (refr, Kind::Set),
            RuleHead::Func { refr, args, .. } => (refr, Kind::Function(args.len())),
            RuleHead::Compr { refr, assign: None, .. } => (refr, Kind::Flag),
            RuleHead::Compr { refr, assign: Some(_), .. } => (refr, Kind::Value),
        },
    }
}
