//! `rego.metadata.chain()` and `rego.metadata.rule()`: what `# METADATA` comments say of a rule.
//!
//! The interpreter does not read comments, so each such call becomes the name of a rule that is added
//! behind the module and holds what the annotations say. Lines stay where they are.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use regorus::Engine;
use regorus::unstable::{Module, Rule};
use serde_json::{Map, Value, json};

use crate::outline::{declared, package};
use crate::told::place;
use crate::walk::{self, Met, Step};
use crate::yaml;

/// What added rules are called, with the numbers of the module and of the place behind.
const ADDED: &str = "lockgate_metadata_";

/// What stands for calls: annotations by the names of the rules that hold them.
pub(crate) type Resolved = BTreeMap<String, Value>;

/// A module with its calls resolved, and by what.
///
/// # Errors
///
/// An annotation cannot be read, or a rule that asks for its own has none. A module that does not parse is returned as it is, for the caller to
/// find out.
pub(crate) fn resolved(
    name: &str,
    number: usize,
    text: String,
    rego_v0: bool,
) -> Result<(String, Resolved), String> {
    if !text.contains("rego.metadata.") {
        return Ok((text, Resolved::new()));
    }
    let mut engine = Engine::new();
    engine.set_rego_v0(rego_v0);
    if engine.add_policy(name.to_owned(), text.clone()).is_err() {
        return Ok((text, Resolved::new()));
    }
    let Some(module) = engine.get_modules().first() else { return Ok((text, Resolved::new())) };
    let annotated = Annotated::of(module, &text, name)?;
    let mut calls = Vec::new();
    for (which_rule, rule) in module.policy.iter().enumerate() {
        walk::rule(rule, &mut |met| {
            if let Met::Call { span, name: Some(names), arguments: [] } = met
                && let ["rego", "metadata", which @ ("chain" | "rule")] =
                    names.iter().map(String::as_str).collect::<Vec<_>>()[..]
            {
                calls.push((span.start as usize, span, which == "chain", which_rule));
            }
        });
    }
    calls.sort_unstable_by_key(|(start, ..)| *start);
    calls.dedup_by_key(|(start, ..)| *start);
    let (mut resolved, mut added, mut done) = (String::new(), String::new(), 0);
    let mut values = Resolved::new();
    for (start, span, chain, which_rule) in calls {
        if annotated.rules[which_rule].1.is_null() {
            return Err(format!(
                "{}: there are no annotations of this rule, so there is nothing to show: write them \
                 behind `# METADATA` before it",
                place(span)
            ));
        }
        let end = span.end as usize;
        // Behind the name stand two parentheses, maybe with something blank around them.
        let (Some(before), Some(after)) = (text.get(done..start), text.get(end..)) else {
            return Err(format!("a call of `rego.metadata` in `{name}` is not where it should be"));
        };
        let Some(length) = after.find(')') else { continue };
        let value = if chain { annotated.chain(which_rule) } else { annotated.rule(which_rule) };
        let called = format!("{ADDED}{number}_{start}");
        let _ = write!(resolved, "{before}{called}");
        let _ = write!(added, "\n{called} := {value:#}\n");
        done = end + length + 1;
        values.insert(called, value);
    }
    Ok((resolved + text.get(done..).unwrap_or_default() + &added, values))
}

/// Refuses a member that annotations do not have.
pub(crate) fn look(annotations: &Value, steps: &[Step]) -> Result<(), String> {
    let mut found = vec![annotations];
    for step in steps {
        found = match step {
            Step::Name(name) => found.into_iter().filter_map(|value| value.get(name)).collect(),
            Step::Other => found.into_iter().filter_map(Value::as_array).flatten().collect(),
        };
        if let (true, Step::Name(name)) = (found.is_empty(), step) {
            return Err(format!("the annotations of this rule have no `{name}` there"));
        }
        if found.is_empty() {
            return Ok(());
        }
    }
    Ok(())
}

/// What the annotations of a module say.
struct Annotated {
    package: Value,
    path: Vec<String>,
    rules: Vec<(Vec<String>, Value)>,
}

impl Annotated {
    fn of(module: &Module, text: &str, name: &str) -> Result<Self, String> {
        let mut blocks = blocks(text, name)?;
        let mut before = |line: u32, scope: &str| {
            let found = blocks.iter().position(|block| block.end < line as usize);
            let Some(found) = found else { return Ok(Value::Null) };
            // Those before it that nothing follows belong to nothing.
            let block = blocks.drain(..=found).next_back().map(|block| block.value);
            scoped(block.unwrap_or_default(), scope, name)
        };
        let of_package = before(module.package.span.line, "package")?;
        let path = package(module).0;
        let mut rules = Vec::new();
        for rule in &module.policy {
            let (refr, _) = declared(rule);
            let own = walk::head(refr).map(|(names, _)| names).unwrap_or_default();
            let path = path.iter().cloned().chain(own).collect();
            rules.push((path, before(line_of(rule), "rule")?));
        }
        match blocks.first() {
            None => Ok(Self { package: of_package, path, rules }),
            Some(block) => {
                Err(format!("`{name}`, line {}: these annotations are of no rule", block.start))
            }
        }
    }

    /// From the rule upwards.
    fn chain(&self, number: usize) -> Value {
        let (path, annotations) = &self.rules[number];
        let mut links = vec![link(path, annotations)];
        if !self.package.is_null() {
            links.push(link(&self.path, &self.package));
        }
        Value::Array(links)
    }

    fn rule(&self, number: usize) -> Value {
        self.rules[number].1.clone()
    }
}

fn line_of(rule: &Rule) -> u32 {
    rule.span().line
}

fn link(path: &[String], annotations: &Value) -> Value {
    let mut link = Map::from_iter([("path".to_owned(), json!(path))]);
    if !annotations.is_null() {
        link.insert("annotations".to_owned(), annotations.clone());
    }
    Value::Object(link)
}

/// Adds the scope, and refuses one that is not of where it stands.
fn scoped(value: Value, scope: &str, name: &str) -> Result<Value, String> {
    match value {
        Value::Object(mut members) => {
            let given = members.entry("scope").or_insert_with(|| scope.into());
            if *given != scope {
                return Err(format!(
                    "`{name}`: annotations of the scope {given} are not read here; those of a rule and \
                     of a package are"
                ));
            }
            Ok(Value::Object(members))
        }
        other => Ok(other),
    }
}

struct Block {
    /// The line of `# METADATA`, from 1.
    start: usize,
    /// Its last line.
    end: usize,
    value: Value,
}

/// All annotations of a text, in their order.
fn blocks(text: &str, name: &str) -> Result<Vec<Block>, String> {
    let lines: Vec<&str> = text.lines().collect();
    let (mut blocks, mut at) = (Vec::new(), 0);
    while at < lines.len() {
        if lines[at].trim() != "# METADATA" {
            at += 1;
            continue;
        }
        let below = lines[at + 1..].iter().take_while(|line| line.starts_with('#'));
        let yaml: Vec<&str> = below.map(|line| &line[1..]).collect();
        let value = yaml::parse(&yaml.join("\n"))
            .map_err(|why| format!("`{name}`, the annotations from line {} on, {why}", at + 1))?;
        if !value.is_object() {
            return Err(format!("`{name}`, line {}: annotations are `name: value`", at + 1));
        }
        let end = at + 1 + yaml.len();
        blocks.push(Block { start: at + 1, end, value });
        at = end;
    }
    Ok(blocks)
}
