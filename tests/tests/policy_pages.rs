//! The pages about the built-in policies say what the plugins say of themselves.
//!
//! `docs/policies/NAME.md` is made from `describe` and from the schema of the settings, so that neither a
//! rule nor a setting can be there without a word about it. `UPDATE_GOLDEN=1` writes the pages.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, reason = "tests")]

use std::fmt::Write as _;
use std::sync::Arc;

use lockgate_evidence::data::{File, Files};
use lockgate_model::Digest;
use lockgate_runtime::{Limits, Plugin, Sandbox};
use lockgate_tests::{golden, root};
use serde_json::Value;

#[test]
fn the_pages_about_the_built_in_policies_are_those_that_the_plugins_make() {
    let sandbox = Sandbox::new().unwrap();
    let (limits, lists) = (Limits::default(), lists());
    for builtin in lockgate_builtins::ALL {
        let plugin = sandbox.load(builtin.component).unwrap();
        let description = plugin.describe(&limits).unwrap();
        let schema: Value = serde_json::from_str(&description.settings_schema).unwrap();
        let name = builtin.name;
        let mut page = format!("# `builtin:{name}`\n\n");
        let about = schema["description"].as_str();
        let about = about.unwrap_or_else(|| panic!("the schema of `{name}` says what it is for"));
        writeln!(page, "{about}\n").unwrap();
        writeln!(page, "Made from what the plugin says of itself; the words are in its source.\n")
            .unwrap();
        capabilities(&mut page, &plugin, &description.needs, &description.uses);
        page += "\n## Rules\n\n| rule | holds when | where it does not |\n| --- | --- | --- |\n";
        for rule in &description.rules {
            let (code, title) = (&rule.code, cell(rule.title.as_str()));
            let remediation = cell(rule.remediation.as_str());
            assert!(!title.is_empty() && !remediation.is_empty(), "{name}/{code} says nothing");
            writeln!(page, "| `{code}` | {title} | {remediation} |").unwrap();
        }
        page += "\n## Settings\n\n| setting | is |\n| --- | --- |\n";
        Schema { root: &schema, name }.rows(&mut page, "", &schema, 0);
        let examples = schema["examples"].as_array().filter(|examples| !examples.is_empty());
        let examples = examples.unwrap_or_else(|| panic!("the schema of `{name}` has an example"));
        page += "\n## Examples\n";
        for example in examples {
            let text = example.to_string();
            let checked = plugin.validate_settings(&description, &text, &lists, &limits).unwrap();
            assert!(checked.is_ok(), "{name}: an example is refused: {checked:?}");
            write!(
                page,
                "\n```toml\n[[policy]]\nname   = \"{name}\"\nplugin = \"builtin:{name}\"\n"
            )
            .unwrap();
            page += &settings(example);
            page += "```\n";
        }
        golden(&root().join(format!("docs/policies/{name}.md")), &page);
    }
}

/// The data files that examples name.
fn lists() -> Arc<Files> {
    let file =
        |text: &str| Arc::new(File::new(text.as_bytes().into(), Digest::from_sha256([0; 32])));
    let kev = file(r#"{ "count": 1, "vulnerabilities": [{ "cveID": "CVE-2021-44228" }] }"#);
    let epss = file("cve,epss\nCVE-2021-44228,0.94\n");
    Arc::new([("kev".to_owned(), kev), ("epss".to_owned(), epss)].into())
}

fn capabilities(page: &mut String, plugin: &Plugin, needs: &[String], uses: &[String]) {
    let abilities: Vec<&str> = plugin.abilities().map(|(_, words)| words).collect();
    writeln!(page, "- By its imports it {}.", abilities.join("; ")).unwrap();
    let kinds = |kinds: &[String]| {
        let kinds: Vec<_> = kinds.iter().map(|kind| format!("`{kind}`")).collect();
        if kinds.is_empty() { "nothing".to_owned() } else { kinds.join(", ") }
    };
    writeln!(page, "- Without this evidence it fails: {}.", kinds(needs)).unwrap();
    writeln!(page, "- This evidence it reads where there is any: {}.", kinds(uses)).unwrap();
}

struct Schema<'a> {
    root: &'a Value,
    name: &'a str,
}

impl Schema<'_> {
    /// One row for each setting, and those below it.
    fn rows(&self, page: &mut String, path: &str, schema: &Value, depth: usize) {
        assert!(depth < 8, "the schema of `{}` is too deep at `{path}`", self.name);
        let schema = self.resolved(schema);
        for (key, below) in schema["properties"].as_object().into_iter().flatten() {
            let below = self.resolved(below);
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            let required = schema["required"].as_array().into_iter().flatten().any(|k| k == key);
            let text = self.text(&path, &below, required);
            writeln!(page, "| `{path}` | {} |", cell(&text)).unwrap();
            self.below(page, &path, &below, depth);
        }
    }

    /// What an element of a list, a value of a table, or one of several forms has below it.
    fn below(&self, page: &mut String, path: &str, schema: &Value, depth: usize) {
        self.rows(page, path, schema, depth + 1);
        if schema["items"].is_object() {
            let items = self.resolved(&schema["items"]);
            self.below(page, &format!("{path}[]"), &items, depth + 1);
        }
        if schema["additionalProperties"].is_object() {
            let each = self.resolved(&schema["additionalProperties"]);
            self.below(page, &format!("{path}.NAME"), &each, depth + 1);
        }
        for form in ["oneOf", "anyOf"].iter().filter_map(|key| schema[key].as_array()).flatten() {
            self.below(page, path, &self.resolved(form), depth + 1);
        }
    }

    /// A reference with what stands beside it, which goes before.
    fn resolved(&self, schema: &Value) -> Value {
        let Some(reference) = schema["$ref"].as_str() else { return schema.clone() };
        let pointer = reference.strip_prefix('#').expect("a reference into the same schema");
        let mut target = self.root.pointer(pointer).expect("it leads somewhere").clone();
        for (key, value) in schema.as_object().unwrap() {
            if key != "$ref" {
                target[key] = value.clone();
            }
        }
        target
    }

    fn text(&self, path: &str, schema: &Value, required: bool) -> String {
        let said = schema["description"].as_str();
        let said = said.unwrap_or_else(|| panic!("`{path}` of `{}` has no description", self.name));
        let mut text = if required { "Required. ".to_owned() } else { String::new() };
        text += said;
        let words = schema["enum"].as_array().or_else(|| schema["items"]["enum"].as_array());
        if let Some(words) = words {
            let words: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
            write!(text, " One of {}.", words.join(", ")).unwrap();
        }
        if let Some(default) = schema.get("default") {
            write!(text, " Default: `{default}`.").unwrap();
        }
        text
    }
}

/// Text in a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

/// Settings in TOML: on one line while they are short.
fn settings(value: &Value) -> String {
    let flat = format!("settings = {}\n", inline(value));
    let Some(members) = value.as_object().filter(|_| flat.len() > 80) else { return flat };
    let lines = members.iter().map(|(key, value)| format!("{} = {}\n", bare(key), inline(value)));
    format!("\n[policy.settings]\n{}", lines.collect::<String>())
}

fn inline(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let members: Vec<_> = members
                .iter()
                .map(|(key, value)| format!("{} = {}", bare(key), inline(value)))
                .collect();
            format!("{{ {} }}", members.join(", "))
        }
        Value::Array(elements) => {
            let elements: Vec<_> = elements.iter().map(inline).collect();
            format!("[{}]", elements.join(", "))
        }
        other => other.to_string(),
    }
}

fn bare(key: &str) -> String {
    let is_bare = key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    if is_bare && !key.is_empty() { key.to_owned() } else { Value::from(key).to_string() }
}
