//! What the policy file may say, and what is wrong with it.

use std::collections::BTreeSet;

use lockgate_plugin::Problem;
use serde::Deserialize;

/// The settings as written. `settings.schema.json` says the same to people and editors.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Each of these must have signed.
    pub required: Option<Vec<String>>,
    /// So many distinct keys must have signed.
    pub threshold: Option<u32>,
    /// Whose keys count.
    pub accepted: Option<Vec<String>>,
}

impl Settings {
    /// All that makes a rule vacuous or impossible to meet.
    pub(crate) fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.required.is_none() && self.threshold.is_none() && self.accepted.is_none() {
            problems.push(Problem::new("", "set `required`, `threshold` or both"));
        }
        names("/required", self.required.as_deref(), &mut problems);
        names("/accepted", self.accepted.as_deref(), &mut problems);
        match (self.threshold, &self.accepted) {
            (Some(0), _) => {
                problems.push(Problem::new("/threshold", "a threshold is at least 1"));
            }
            (None, Some(_)) => {
                let message = "`accepted` says whose keys count towards `threshold`: set that too";
                problems.push(Problem::new("/accepted", message));
            }
            (Some(keys), Some(names)) if keys as usize > names.len() => {
                let message = format!(
                    "{keys} keys cannot sign where `accepted` names {}: lower it, or name more",
                    names.len()
                );
                problems.push(Problem::new("/threshold", message));
            }
            _ => {}
        }
        problems
    }
}

/// A list of signers is not empty, and names each once.
fn names(pointer: &str, names: Option<&[String]>, problems: &mut Vec<Problem>) {
    let Some(names) = names else { return };
    if names.is_empty() {
        problems.push(Problem::new(pointer, "name at least one signer, or leave the key out"));
    }
    let mut seen = BTreeSet::new();
    for (index, name) in names.iter().enumerate() {
        let pointer = format!("{pointer}/{index}");
        if name.is_empty() {
            problems.push(Problem::new(pointer, "a signer's name, as `[trust]` gives it"));
        } else if !seen.insert(name) {
            problems.push(Problem::new(pointer, format!("`{name}` is named twice")));
        }
    }
}

#[cfg(test)]
mod tests {
    use lockgate_plugin::from_json;
    use serde_json::Value;

    use crate::Signatures;

    fn problems(settings: &str) -> Vec<String> {
        let refused = from_json::<Signatures>(settings).err().unwrap_or_default();
        refused.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_problem_is_told_at_once_with_its_place() {
        assert_eq!(
            problems(r#"{ "required": [], "threshold": 3, "accepted": ["ci", "ci"] }"#),
            [
                "/required: name at least one signer, or leave the key out",
                "/accepted/1: `ci` is named twice",
                "/threshold: 3 keys cannot sign where `accepted` names 2: lower it, or name more",
            ]
        );
    }

    #[test]
    fn settings_that_check_nothing_are_refused() {
        assert_eq!(problems("{}"), [": set `required`, `threshold` or both"]);
        assert_eq!(problems(r#"{ "threshold": 0 }"#), ["/threshold: a threshold is at least 1"]);
        assert_eq!(
            problems(r#"{ "accepted": ["ci"] }"#),
            ["/accepted: `accepted` says whose keys count towards `threshold`: set that too"]
        );
        assert_eq!(
            problems(r#"{ "required": [""] }"#),
            ["/required/0: a signer's name, as `[trust]` gives it"]
        );
    }

    #[test]
    fn the_schema_and_serde_accept_the_same_settings() {
        let schema: Value = serde_json::from_str(include_str!("../settings.schema.json")).unwrap();
        let schema = jsonschema::draft202012::new(&schema).unwrap();
        for settings in [
            r#"{ "required": ["ci"], "threshold": 2, "accepted": ["ci", "release"] }"#,
            r#"{ "required": ["ci"] }"#,
            r#"{ "threshold": 1 }"#,
            "{}",
            r#"{ "require": ["ci"] }"#,
            r#"{ "required": "ci" }"#,
            r#"{ "required": [] }"#,
            r#"{ "required": ["ci", "ci"] }"#,
            r#"{ "required": [""] }"#,
            r#"{ "threshold": 0 }"#,
            r#"{ "threshold": -1 }"#,
            r#"{ "threshold": 4294967296 }"#,
            r#"{ "accepted": ["ci"] }"#,
            "[]",
        ] {
            let valid = schema.is_valid(&serde_json::from_str(settings).unwrap());
            assert_eq!(valid, problems(settings).is_empty(), "{settings}");
        }
    }
}
