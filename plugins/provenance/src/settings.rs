//! What the policy file may say, and what is wrong with it.

use std::collections::BTreeMap;

use lockgate_plugin::{Problem, escaped};
use serde::Deserialize;
use serde_json::Value;

use crate::pattern::{Pattern, glob_problem};

/// The settings as written. `settings.schema.json` says the same to people and editors.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Who may have built it.
    pub builders: Vec<Builder>,
    /// From where.
    pub sources: Option<Vec<Pattern>>,
    /// At which refs; globs.
    pub refs: Option<Vec<String>>,
    /// With which external parameters, by JSON pointer.
    pub parameters: Option<BTreeMap<String, Value>>,
}

/// A builder's id together with those who may state it: the id alone is only a claim.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Builder {
    /// The id.
    pub id: Pattern,
    /// Names from `[trust]`.
    pub signers: Vec<String>,
}

impl Settings {
    /// All that makes a rule vacuous or impossible to meet.
    pub(crate) fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        self.builder_problems(&mut problems);
        let nothing = "name at least one, or leave the key out";
        if let Some(sources) = &self.sources {
            if sources.is_empty() {
                problems.push(Problem::new("/sources", nothing));
            }
            for (index, source) in sources.iter().enumerate() {
                if let Some(message) = source_problem(source) {
                    problems.push(Problem::new(format!("/sources/{index}"), message));
                }
            }
        }
        if let Some(refs) = &self.refs {
            if refs.is_empty() {
                problems.push(Problem::new("/refs", nothing));
            }
            for (index, glob) in refs.iter().enumerate() {
                if let Some(message) = glob_problem(glob) {
                    problems.push(Problem::new(format!("/refs/{index}"), message));
                }
            }
        }
        if let Some(parameters) = &self.parameters {
            if parameters.is_empty() {
                problems.push(Problem::new("/parameters", nothing));
            }
            for pointer in parameters.keys().filter(|pointer| !is_pointer(pointer)) {
                let message = format!(
                    "`{pointer}` is no JSON pointer (RFC 6901) below the parameters, for example \
                     `/workflow/path`"
                );
                problems.push(Problem::new(format!("/parameters/{}", escaped(pointer)), message));
            }
        }
        problems
    }

    fn builder_problems(&self, problems: &mut Vec<Problem>) {
        if self.builders.is_empty() {
            let message = "name at least one builder: without one, anybody's build would do";
            problems.push(Problem::new("/builders", message));
        }
        for (index, builder) in self.builders.iter().enumerate() {
            let pointer = format!("/builders/{index}");
            if let Some(message) = builder.id.problem() {
                problems.push(Problem::new(format!("{pointer}/id"), message));
            }
            if builder.signers.is_empty() {
                let message = "name at least one signer who may state this id: the id alone is \
                               only a claim";
                problems.push(Problem::new(format!("{pointer}/signers"), message));
            }
            for (number, _) in builder.signers.iter().enumerate().filter(|(_, s)| s.is_empty()) {
                let message = "a signer's name, as `[trust]` gives it";
                problems.push(Problem::new(format!("{pointer}/signers/{number}"), message));
            }
        }
    }
}

/// A source is a repository's whole URL, and nothing else.
fn source_problem(source: &Pattern) -> Option<String> {
    if let Some(problem) = source.problem() {
        return Some(problem);
    }
    let text = source.to_string();
    if text.contains('@') {
        return Some(
            "a repository without user or ref: what follows an `@` goes into `refs`".into(),
        );
    }
    let form = "a repository's whole URL, for example `https://github.com/acme/orders`";
    (!text.contains("://")).then(|| form.to_owned())
}

/// Whether this is a JSON pointer to something below the root.
fn is_pointer(text: &str) -> bool {
    let mut escapes = text.split('~').skip(1);
    text.starts_with('/') && escapes.all(|after| after.starts_with(['0', '1']))
}

#[cfg(test)]
mod tests {
    use lockgate_plugin::from_json;
    use serde_json::Value;

    use crate::Provenance;

    fn problems(settings: &str) -> Vec<String> {
        let refused = from_json::<Provenance>(settings).err().unwrap_or_default();
        refused.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_problem_is_told_at_once_with_its_place() {
        let settings = r#"{
            "builders": [{ "id": { "glob": "https://**" }, "signers": [] },
                         { "id": "https://b/*", "signers": [""] }],
            "sources": ["acme/orders", "https://github.com/acme/orders@main"],
            "refs": ["refs/tags/v[0-9]"],
            "parameters": { "workflow/path": 1, "/a~2": 1 }
        }"#;
        assert_eq!(
            problems(settings),
            [
                "/builders/0/id: `**` has no meaning here: write each `/`, and one `*` a segment",
                "/builders/0/signers: name at least one signer who may state this id: the id \
                 alone is only a claim",
                "/builders/1/id: `*` is only special in a glob: write { glob = \"https://b/*\" }",
                "/builders/1/signers/0: a signer's name, as `[trust]` gives it",
                "/sources/0: a repository's whole URL, for example \
                 `https://github.com/acme/orders`",
                "/sources/1: a repository without user or ref: what follows an `@` goes into \
                 `refs`",
                "/refs/0: `[` has no meaning here: only `*` is special in a glob",
                "/parameters/~1a~02: `/a~2` is no JSON pointer (RFC 6901) below the parameters, \
                 for example `/workflow/path`",
                "/parameters/workflow~1path: `workflow/path` is no JSON pointer (RFC 6901) below \
                 the parameters, for example `/workflow/path`",
            ]
        );
    }

    #[test]
    fn settings_that_check_nothing_are_refused() {
        assert_eq!(problems("{}"), [": missing field `builders`"]);
        assert_eq!(
            problems(r#"{ "builders": [] }"#),
            ["/builders: name at least one builder: without one, anybody's build would do"]
        );
        let builders = r#""builders": [{ "id": "b", "signers": ["s"] }]"#;
        for key in ["sources", "refs"] {
            assert_eq!(
                problems(&format!("{{ {builders}, \"{key}\": [] }}")),
                [format!("/{key}: name at least one, or leave the key out")]
            );
        }
        assert_eq!(
            problems(&format!(r#"{{ {builders}, "parameters": {{}} }}"#)),
            ["/parameters: name at least one, or leave the key out"]
        );
    }

    #[test]
    fn a_pattern_of_another_form_is_told_where_it_is() {
        assert_eq!(
            problems(r#"{ "builders": [{ "id": 5, "signers": ["s"] }] }"#),
            ["/builders/0/id: invalid type: integer `5`, expected a string or a table with the \
              key `glob`"]
        );
        assert_eq!(
            problems(r#"{ "builders": [{ "id": { "regex": "b" }, "signers": ["s"] }] }"#),
            ["/builders/0/id: unknown field `regex`, expected `glob`"]
        );
    }

    #[test]
    fn the_schema_and_serde_accept_the_same_settings() {
        let schema: Value = serde_json::from_str(include_str!("../settings.schema.json")).unwrap();
        let schema = jsonschema::draft202012::new(&schema).unwrap();
        let whole = r#"{
            "builders": [
                { "id": "https://b", "signers": ["builder"] },
                { "id": { "glob": "https://b/*@refs/tags/v*" }, "signers": ["builder", "x"] }
            ],
            "sources": ["https://github.com/acme/orders", { "glob": "https://github.com/acme/*" }],
            "refs": ["refs/tags/v*"],
            "parameters": { "/workflow/path": ".github/workflows/release.yml", "/a": [1] }
        }"#;
        for settings in [
            whole,
            r#"{ "builders": [{ "id": "b", "signers": ["s"] }] }"#,
            r#"{ "builders": [{ "id": "b", "signers": ["s"] }], "source": ["https://x/y"] }"#,
            r#"{ "builders": [{ "id": "b", "signers": ["s"], "for": [] }] }"#,
            r#"{ "builders": [{ "id": "b", "signers": [] }] }"#,
            r#"{ "builders": [{ "id": "b" }] }"#,
            r#"{ "builders": [{ "signers": ["s"] }] }"#,
            r#"{ "builders": [{ "id": "", "signers": ["s"] }] }"#,
            r#"{ "builders": [{ "id": {}, "signers": ["s"] }] }"#,
            r#"{ "builders": [{ "id": { "glob": "b", "x": 1 }, "signers": ["s"] }] }"#,
            r#"{ "builders": [] }"#,
            r#"{ "builders": {} }"#,
            r#"{ "builders": [{ "id": "b", "signers": ["s"] }], "refs": [] }"#,
            r#"{ "builders": [{ "id": "b", "signers": ["s"] }], "refs": "refs/*" }"#,
            r#"{ "builders": [{ "id": "b", "signers": ["s"] }], "parameters": {} }"#,
            r#"{ "builders": [{ "id": "b", "signers": ["s"] }], "parameters": { "a": 1 } }"#,
            "{}",
        ] {
            let valid = schema.is_valid(&serde_json::from_str(settings).unwrap());
            assert_eq!(valid, problems(settings).is_empty(), "{settings}");
        }
    }
}
