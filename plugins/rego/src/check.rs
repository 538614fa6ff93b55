//! What is refused in a module before it is evaluated.
//!
//! The language lets what is not there be undefined, and a rule that meets it says nothing. Here every
//! name that can be looked up beforehand is: sections under `input`, rules, packages and documents
//! under `data`, functions and built-ins.

use std::collections::{BTreeMap, BTreeSet};

use regex::RegexBuilder;
use regorus::unstable::{BUILTINS, Expr, Module, Ref, Span};

use crate::format::short;
use crate::metadata::{self, Resolved};
use crate::outline::{Outline, declared, package};
use crate::path::Path;
use crate::shapes;
use crate::time;
use crate::told::place;
use crate::variables::{self, Names, Source};
use crate::view::View;
use crate::walk::{self, Met, Reference, Step};

/// The most problems of one module that are told: nobody reads further before mending these.
const MAX_PROBLEMS: usize = 50;

/// The most members of a document that a message lists.
const MAX_LISTED: usize = 10;

/// Built-ins that are not here because of what they do, and why.
const REFUSED: &[(&str, &str)] = &[
    ("http.send", "there is no network: hand over a file under `documents`"),
    ("net.lookup_ip_addr", "there is no network: hand over a file under `documents`"),
    ("opa.runtime", "there is no environment and no configuration of an agent"),
    ("rand.intn", "nothing is random: the same facts always have the same verdict"),
    ("uuid.rfc4122", "nothing is random: the same facts always have the same verdict"),
    ("regex.template_match", "write one pattern, for `regex.match`"),
    ("rego.parse_module", "modules are not parsed while a policy runs"),
];

/// Built-ins that take a pattern, and which argument it is.
const PATTERNS: &[(&str, usize)] = &[
    ("regex.find_all_string_submatch_n", 0),
    ("regex.find_n", 0),
    ("regex.match", 0),
    ("regex.replace", 1),
    ("regex.split", 0),
];

/// The most bytes of a compiled pattern: what the interpreter takes.
const MAX_PATTERN: usize = 100 << 10;

/// The most variables that one is declared by, each by the next.
const MAX_SOURCES: usize = 32;

/// Names that are keywords of version 1.
const KEYWORDS: &[&str] = &["if", "contains", "in", "every"];

/// Documents by their keys under `data`, with the names of their members where they are objects.
pub(crate) type Documents = BTreeMap<String, Option<BTreeSet<String>>>;

/// All that a module may speak of.
pub(crate) struct Known<'a> {
    pub(crate) outline: &'a Outline,
    pub(crate) documents: &'a Documents,
    pub(crate) view: &'a View,
    pub(crate) annotations: &'a Resolved,
}

/// What is wrong with what a module names.
#[derive(Debug, Default)]
pub(crate) struct Checked {
    pub(crate) problems: Vec<String>,
    /// The keys of `input` that it looks at.
    pub(crate) used: BTreeSet<String>,
    /// What it refers to under `data`.
    pub(crate) reached: BTreeSet<Path>,
    /// Whether it asks for the time.
    pub(crate) time: bool,
}

/// What names mean in a module.
struct Here<'a> {
    package: Path,
    /// What its imports stand for, by their names.
    imports: BTreeMap<String, Reference<'a>>,
    /// Where local variables stand, and what each is where that is known.
    locals: BTreeMap<u32, Option<Source<'a>>>,
}

impl Known<'_> {
    pub(crate) fn check(&self, module: &Module) -> Checked {
        let mut checked = Checked::default();
        let package = package(module);
        let imports = self.imports(module, &package, &mut checked);
        let mut here = Here { package, imports, locals: BTreeMap::new() };
        if keywords(module, &mut checked) {
            here.locals = self.variables(module, &here, &mut checked);
        }
        walk::each(module, |met| match met {
            Met::Reference(reference) => self.reference(&reference, &here, &mut checked),
            Met::Compared(reference, words) => {
                self.compared(&reference, &words, &here, &mut checked);
            }
            // What is replaced is not looked at; but a built-in has to be one, or nothing is replaced.
            Met::Replaced(reference) if matches!(reference.root, "input" | "data") => {}
            Met::Replaced(reference) => {
                let mut names = vec![reference.root.to_owned()];
                names.extend(reference.names().into_iter().map(str::to_owned));
                let called = names.join(".");
                if time::BUILTINS.iter().any(|(name, _)| *name == called) {
                    checked.problem(reference.span, &format!("`{called}` is not replaced here"));
                } else if let Err(why) = self.callee(&names, None, &here) {
                    checked.problem(reference.span, &why);
                }
            }
            Met::Call { span, name: None, .. } => {
                checked.problem(span, "what is called has a constant name");
            }
            Met::Call { span, name: Some(names), arguments } => {
                checked.time |= names == ["time", "now_ns"];
                let found = self.callee(&names, Some(arguments.len()), &here);
                if let Err(why) = found.and_then(|()| pattern(&names.join("."), arguments)) {
                    checked.problem(span, &why);
                }
            }
        });
        checked
    }

    /// What the module's imports stand for, by their names.
    fn imports<'a>(
        &self,
        module: &'a Module,
        package: &Path,
        checked: &mut Checked,
    ) -> BTreeMap<String, Reference<'a>> {
        let mut imports = BTreeMap::new();
        for import in &module.imports {
            let Some((reference, alias)) = walk::import(import) else { continue };
            if matches!(reference.root, "rego" | "future") {
                continue;
            }
            let whole = reference.steps.is_empty();
            if matches!(alias.as_str(), "input" | "data") && !whole {
                checked.problem(reference.span, "nothing else is called `input` or `data`");
            }
            if let Err(why) = self
                .looked_up(&reference)
                .and_then(|_| self.outline.alone(&package.join(std::slice::from_ref(&alias))))
            {
                checked.problem(reference.span, &why);
            }
            imports.insert(alias, reference);
        }
        imports
    }

    /// Refuses variables that nothing gives a value; where all of them stand.
    fn variables<'a>(
        &self,
        module: &'a Module,
        here: &Here<'a>,
        checked: &mut Checked,
    ) -> BTreeMap<u32, Option<Source<'a>>> {
        let known = |name: &str| {
            let own = || here.package.join(&[name.to_owned()]);
            here.imports.contains_key(name) || self.outline.names(&own())
        };
        let parameters = |names: &[String]| self.parameters(names, here);
        let names = Names { known: &known, parameters: &parameters };
        let mut locals = BTreeMap::new();
        for rule in &module.policy {
            let found = variables::of(rule, &names);
            found.wrong.iter().for_each(|(span, why)| checked.problem(span, why));
            locals.extend(found.locals);
        }
        locals
    }

    fn reference(&self, reference: &Reference<'_>, here: &Here<'_>, checked: &mut Checked) {
        if let Some(annotations) = self.annotations.get(reference.root) {
            if let Err(why) = metadata::look(annotations, &reference.steps)
                && !reference.default
            {
                checked.problem(reference.span, &why);
            }
            return;
        }
        let is = self.resolved(reference, here);
        if is.root == "data" {
            let names = is.names().into_iter().map(str::to_owned).collect();
            checked.reached.insert(Path(names));
        }
        let local = here.locals.contains_key(&reference.span.start);
        let own = is.root == "data" && !local && !here.imports.contains_key(reference.root);
        let found = self.looked_up(&is).and_then(|key| {
            // What a rule is may be a document, too.
            if own { self.view.member(reference).map(|()| key) } else { Ok(key) }
        });
        match found {
            Ok(key) => checked.used.extend(key),
            Err(why) if is.root == reference.root => checked.problem(reference.span, &why),
            Err(why) => {
                let name = is.without(reference.steps.len());
                // What is wrong by itself is told where it is imported or declared.
                if self.looked_up(&name).is_ok() {
                    let why = format!("`{}` is `{name}` here: {why}", reference.root);
                    checked.problem(reference.span, &why);
                }
            }
        }
    }

    /// Refuses words that a member of the facts never is.
    fn compared(
        &self,
        reference: &Reference<'_>,
        words: &[String],
        here: &Here<'_>,
        checked: &mut Checked,
    ) {
        let is = self.resolved(reference, here);
        if let ("input", Ok(Some(path))) = (is.root, shapes::follow(&is.steps)) {
            for why in words.iter().filter_map(|word| shapes::word(&path, word).err()) {
                checked.problem(reference.span, &format!("`{reference}` {why}"));
            }
        }
    }

    /// What a reference is: the name that it begins with may be a local variable, an import or a rule.
    fn resolved<'a>(&self, reference: &Reference<'a>, here: &'a Here<'a>) -> Reference<'a> {
        let mut is = reference.without(0);
        // What a variable is may begin with another one; and one may be declared by itself.
        for _ in 0..MAX_SOURCES {
            let Some(local) = here.locals.get(&is.span.start) else {
                return self.meant(&is, here).unwrap_or(is);
            };
            let (source, step) = match local {
                None => return is,
                Some(Source::Value(source)) => (source, None),
                Some(Source::Element(source)) => (source, Some(Step::Other)),
            };
            let Some(source) = walk::named(source) else { return is };
            is = source.followed_by(step.as_slice()).followed_by(&is.steps);
            is.default = reference.default;
        }
        reference.without(0)
    }

    /// What an import or a rule is that a reference begins with.
    fn meant<'a>(&self, reference: &Reference<'a>, here: &'a Here<'a>) -> Option<Reference<'a>> {
        let mut is = match here.imports.get(reference.root) {
            Some(import) if import.steps.is_empty() => return None,
            Some(import) => import.followed_by(&reference.steps),
            None => {
                let path = here.package.join(&[reference.root.to_owned()]);
                self.outline.names(&path).then_some(())?;
                Reference::to(&path, reference.span).followed_by(&reference.steps)
            }
        };
        is.default = reference.default;
        Some(is)
    }

    /// The key of `input` that a reference looks at, if it looks there.
    fn looked_up(&self, reference: &Reference<'_>) -> Result<Option<String>, String> {
        let key = match reference.root {
            "data" => return self.data(reference).map(|()| None),
            "input" => Some(self.view.look(reference)?.to_owned()),
            _ => None,
        };
        self.view.member(reference)?;
        if key.is_some() {
            shapes::follow(&reference.steps)?;
        }
        Ok(key)
    }

    fn data(&self, reference: &Reference<'_>) -> Result<(), String> {
        let names = reference.names();
        match names.first() {
            None => {
                Err("`data` as a whole, or by something that is no constant, could be anything: \
                         name a package or a document, for example `data.lib`"
                    .to_owned())
            }
            Some(&first) if self.documents.contains_key(first) => match names.get(1) {
                // With a default, a list may have a member or not.
                Some(name) if !reference.default => self.member(first, name),
                _ => Ok(()),
            },
            Some(_) if self.outline.reaches(&names) => Ok(()),
            Some(first) => Err(format!(
                "`data.{}` is no rule and no package of a module that is loaded, and `data.{first}` is \
                 not under `documents` in the settings",
                names.join(".")
            )),
        }
    }

    /// Refuses a member that a document does not have: documents are configuration, and there.
    fn member(&self, document: &str, name: &str) -> Result<(), String> {
        match self.documents.get(document) {
            Some(Some(members)) if members.contains(name) => Ok(()),
            Some(Some(members)) => {
                let listed: Vec<&str> =
                    members.iter().take(MAX_LISTED).map(String::as_str).collect();
                let more = if members.len() > listed.len() { ", …" } else { "" };
                let listed = listed.join("`, `");
                Err(format!(
                    "the document `data.{document}` has no member `{name}`; it has `{}`{more}",
                    short(&listed)
                ))
            }
            _ => Err(format!(
                "the document `data.{document}` is no object, so `data.{document}.{name}` is nothing"
            )),
        }
    }

    /// How many parameters a function of a module has, or a built-in.
    fn parameters(&self, names: &[String], here: &Here<'_>) -> Vec<usize> {
        let counts = self.own(names, here);
        let builtin =
            || BUILTINS.get(names.join(".").as_str()).map(|(_, count)| usize::from(*count));
        if counts.is_empty() { builtin().into_iter().collect() } else { counts }
    }

    /// The same of functions of modules.
    fn own(&self, names: &[String], here: &Here<'_>) -> Vec<usize> {
        let Some((first, rest)) = names.split_first() else { return Vec::new() };
        let candidates = [
            here.imports.get(first).and_then(Reference::path).map(|import| import.join(rest)),
            (first == "data").then(|| Path(rest.to_vec())),
            Some(here.package.join(names)),
        ];
        let counts = candidates.into_iter().flatten().map(|path| self.outline.parameters(&path));
        counts.into_iter().find(|counts| !counts.is_empty()).unwrap_or_default()
    }

    /// Looks for what is called; without a number of arguments it is only named.
    fn callee(
        &self,
        names: &[String],
        arguments: Option<usize>,
        here: &Here<'_>,
    ) -> Result<(), String> {
        let called = names.join(".");
        let counts = self.own(names, here);
        if !counts.is_empty() {
            return counted(&called, &counts, arguments);
        }
        if called == "print" {
            return Ok(());
        }
        if let Some((_, count)) = time::BUILTINS.iter().find(|(name, _)| *name == called) {
            return counted(&called, &[usize::from(*count)], arguments);
        }
        if let Some((_, why)) = REFUSED.iter().find(|(name, _)| *name == called) {
            return Err(format!("`{called}` is not here: {why}"));
        }
        match BUILTINS.get(called.as_str()) {
            Some((_, count)) => counted(&called, &[usize::from(*count)], arguments),
            None => Err(format!(
                "`{called}` is no function of a module that is loaded, and no built-in that is here; \
                 docs/rego.md lists those that are"
            )),
        }
    }
}

/// Refuses a constant that is no pattern: it would withhold whatever the artifact is.
fn pattern(called: &str, arguments: &[Ref<Expr>]) -> Result<(), String> {
    let Some((_, number)) = PATTERNS.iter().find(|(name, _)| *name == called) else {
        return Ok(());
    };
    let Some(text) = arguments.get(*number).and_then(|argument| walk::constant(argument)) else {
        return Ok(());
    };
    match RegexBuilder::new(&text).size_limit(MAX_PATTERN).build() {
        Ok(_) => Ok(()),
        Err(regex::Error::CompiledTooBig(_)) => Err(format!(
            "the pattern `{text}` is larger than {MAX_PATTERN} bytes when it is compiled: `\\w` and \
             `\\d` stand for all of Unicode, `[0-9A-Za-z_]` and `[0-9]` are smaller"
        )),
        Err(why) => {
            // The crate draws the pattern over several lines, and says what is wrong in the last.
            let why = why.to_string();
            let why = why.lines().last().unwrap_or_default().trim_start_matches("error: ");
            Err(format!("`{text}` is no pattern: {why}"))
        }
    }
}

/// Refuses rules that are called like keywords of version 1. In a module of version 0 that did not import
/// them they are names, and `deny contains msg if { … }` then is two rules, of which none speaks. Whether
/// there are none.
fn keywords(module: &Module, checked: &mut Checked) -> bool {
    let before = checked.problems.len();
    for rule in &module.policy {
        let (refr, _) = declared(rule);
        let Some((names, _)) = walk::head(refr) else { continue };
        if let Some(name) = names.first().filter(|name| KEYWORDS.contains(&name.as_str())) {
            let why = format!(
                "a rule called `{name}`: version 1 is meant, so set rego-version = \"v1\", \
                               or write `import rego.v1` in the module"
            );
            checked.problem(refr.span(), &why);
        }
    }
    checked.problems.len() == before
}

/// One argument more than there are parameters is what the result is compared with, as the language has
/// it.
fn counted(called: &str, counts: &[usize], arguments: Option<usize>) -> Result<(), String> {
    let Some(given) = arguments else { return Ok(()) };
    if counts.iter().any(|&count| given == count || given == count + 1) {
        return Ok(());
    }
    let counts: Vec<String> = counts.iter().map(ToString::to_string).collect();
    Err(format!("`{called}` takes {} arguments, and {given} are given", counts.join(" or ")))
}

impl Checked {
    fn problem(&mut self, span: &Span, why: &str) {
        let problem = format!("{}: {why}", place(span));
        if self.problems.len() < MAX_PROBLEMS && !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }
}
