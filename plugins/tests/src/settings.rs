//! What the policy file may say, and what is wrong with it.

use lockgate_plugin::Problem;
use lockgate_plugin::pattern::Pattern;
use serde::Deserialize;

/// The settings as written. `settings.schema.json` says the same to people and editors.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// What has to have run.
    pub suites: Vec<Suite>,
    /// What becomes of warnings.
    pub warnings: Option<Warnings>,
}

/// What becomes of a test that passed with a warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Warnings {
    /// It is as bad as one that failed.
    Deny,
    /// It is told, and counts as passed.
    Warn,
}

/// Tests that have to have passed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Suite {
    /// What findings call it.
    pub name: String,
    /// By which configuration its results are known; none: all are.
    pub configuration: Option<Configured>,
    /// Whose results count, by their names in `[trust]`; none: everyone's who may state them.
    pub signers: Option<Vec<String>>,
    /// Tests that have to be listed as passed.
    pub required_tests: Option<Vec<Pattern>>,
    /// How many tests have to be listed as passed.
    pub min_passed: Option<u32>,
}

/// What a run was configured by.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Configured {
    /// A configuration's name.
    pub name: Option<Pattern>,
    /// Its URI.
    pub uri: Option<Pattern>,
}

impl Settings {
    /// All that makes a rule vacuous or impossible to meet.
    pub(crate) fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.suites.is_empty() {
            let message = "name at least one suite, for example [{ name = \"unit\" }]";
            problems.push(Problem::new("/suites", message));
        }
        for (index, suite) in self.suites.iter().enumerate() {
            let pointer = format!("/suites/{index}");
            if suite.name.is_empty() {
                problems.push(Problem::new(format!("{pointer}/name"), "a suite has a name"));
            } else if self.suites[..index].iter().any(|before| before.name == suite.name) {
                let message = format!("`{}` is named twice", suite.name);
                problems.push(Problem::new(format!("{pointer}/name"), message));
            }
            suite.problems(&pointer, &mut problems);
            // Any result would be one of both, so one suite could stand in for the other.
            let twin =
                |before: &&Suite| before.configuration.is_none() && before.shares_signer(suite);
            let twin =
                suite.configuration.is_none().then(|| self.suites[..index].iter().find(twin));
            if let Some(before) = twin.flatten() {
                let message = format!(
                    "its results cannot be told from those of `{}`: set `configuration` in both, or \
                     `signers` who differ",
                    before.name
                );
                problems.push(Problem::new(pointer, message));
            }
        }
        problems
    }
}

impl Suite {
    /// Whether somebody vouches for results of both.
    fn shares_signer(&self, other: &Self) -> bool {
        match (&self.signers, &other.signers) {
            (Some(ours), Some(theirs)) => ours.iter().any(|name| theirs.contains(name)),
            _ => true,
        }
    }

    fn problems(&self, suite: &str, problems: &mut Vec<Problem>) {
        let mut problem = |key: &str, message: &str| {
            problems.push(Problem::new(format!("{suite}/{key}"), message));
        };
        if let Some(Configured { name, uri }) = &self.configuration {
            if name.is_none() && uri.is_none() {
                problem("configuration", "set `name`, `uri` or both");
            }
            for (key, pattern) in [("name", name), ("uri", uri)] {
                if let Some(message) = pattern.as_ref().and_then(Pattern::problem) {
                    problem(&format!("configuration/{key}"), &message);
                }
            }
        }
        let nothing = "name at least one, or leave the key out";
        if let Some(signers) = &self.signers {
            if signers.is_empty() {
                problem("signers", nothing);
            }
            for (index, name) in signers.iter().enumerate() {
                if name.is_empty() {
                    problem(&format!("signers/{index}"), "a signer's name, as `[trust]` gives it");
                }
            }
        }
        if let Some(tests) = &self.required_tests {
            if tests.is_empty() {
                problem("required-tests", nothing);
            }
            for (index, test) in tests.iter().enumerate() {
                if let Some(message) = test.problem() {
                    problem(&format!("required-tests/{index}"), &message);
                }
            }
        }
        if self.min_passed == Some(0) {
            problem("min-passed", "at least 1, or leave the key out");
        }
    }
}

#[cfg(test)]
mod tests {
    use lockgate_plugin::from_json;
    use serde_json::Value;

    use crate::Tests;

    fn problems(settings: &str) -> Vec<String> {
        let refused = from_json::<Tests>(settings).err().unwrap_or_default();
        refused.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_problem_is_told_at_once_with_its_place() {
        let settings = r#"{ "suites": [
            { "name": "", "configuration": {}, "signers": [], "required-tests": [] },
            { "name": "unit", "signers": [""], "min-passed": 0 },
            { "name": "unit", "configuration": { "uri": { "glob": "https://**" } },
              "required-tests": ["a*"] }
        ] }"#;
        assert_eq!(
            problems(settings),
            [
                "/suites/0/name: a suite has a name",
                "/suites/0/configuration: set `name`, `uri` or both",
                "/suites/0/signers: name at least one, or leave the key out",
                "/suites/0/required-tests: name at least one, or leave the key out",
                "/suites/1/signers/0: a signer's name, as `[trust]` gives it",
                "/suites/1/min-passed: at least 1, or leave the key out",
                "/suites/2/name: `unit` is named twice",
                "/suites/2/configuration/uri: `**` has no meaning here: write each `/`, and one \
                 `*` a segment",
                "/suites/2/required-tests/0: `*` is only special in a glob: write { glob = \"a*\" }",
            ]
        );
    }

    #[test]
    fn settings_that_check_nothing_are_refused() {
        assert_eq!(
            problems(r#"{ "suites": [{ "name": "unit", "signers": ["ci"] }, { "name": "e2e" }] }"#),
            [
                "/suites/1: its results cannot be told from those of `unit`: set `configuration` in both, or \
              `signers` who differ"
            ]
        );
        assert_eq!(problems("{}"), ["/suites: `suites` is missing"]);
        assert_eq!(
            problems(r#"{ "suites": [] }"#),
            ["/suites: name at least one suite, for example [{ name = \"unit\" }]"]
        );
    }

    #[test]
    fn the_schema_and_serde_accept_the_same_settings() {
        let schema: Value = serde_json::from_str(include_str!("../settings.schema.json")).unwrap();
        let schema = jsonschema::draft202012::new(&schema).unwrap();
        let suite = |more: &str| format!(r#"{{ "suites": [{{ "name": "unit", {more} }}] }}"#);
        for settings in [
            r#"{ "suites": [{ "name": "unit" }, { "name": "e2e", "configuration": { "name": "e2e.yml" } }], "warnings": "warn" }"#.into(),
            r#"{ "suites": [{ "name": "unit" }], "warnings": "deny" }"#.into(),
            r#"{ "suites": [{ "name": "unit" }], "warnings": "ignore" }"#.into(),
            r#"{ "suites": [{ "name": "unit" }], "warning": "warn" }"#.into(),
            r#"{ "suites": [{ "name": "" }] }"#.into(),
            r#"{ "suites": [{}] }"#.into(),
            r#"{ "suites": ["unit"] }"#.into(),
            r#"{ "suites": [] }"#.into(),
            "{}".into(),
            suite(r#""configuration": { "name": "a", "uri": { "glob": "https://x/*" } }"#),
            suite(r#""configuration": { "name": "" }"#),
            suite(r#""configuration": { "sha256": "00" }"#),
            suite(r#""configuration": {}"#),
            suite(r#""configuration": "a""#),
            suite(r#""signers": ["ci"]"#),
            suite(r#""signers": []"#),
            suite(r#""signers": [""]"#),
            suite(r#""required-tests": ["a b", { "glob": "b::*" }]"#),
            suite(r#""required-tests": []"#),
            suite(r#""required-tests": [""]"#),
            suite(r#""required_tests": ["a"]"#),
            suite(r#""min-passed": 1"#),
            suite(r#""min-passed": 0"#),
            suite(r#""min-passed": -1"#),
            suite(r#""min-passed": 4294967296"#),
        ] {
            let valid = schema.is_valid(&serde_json::from_str(&settings).unwrap());
            assert_eq!(valid, problems(&settings).is_empty(), "{settings}");
        }
    }
}
