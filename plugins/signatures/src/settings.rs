//! What the policy file may say, and what is wrong with it.

use std::collections::BTreeMap;

use lockgate_plugin::{Problem, escaped};
use serde::Deserialize;

use crate::groups::Needs;

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
    /// Groups of signers.
    pub groups: Option<Groups>,
    /// So many of each of these groups must have signed.
    pub need: Option<Vec<Need>>,
}

/// Signers by the name of their group.
pub type Groups = BTreeMap<String, Vec<String>>;

/// How many of a group.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Need {
    /// The group's name.
    pub group: String,
    /// So many.
    pub count: u32,
}

impl Settings {
    /// All that makes a rule vacuous or impossible to meet.
    pub(crate) fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let Self { required, threshold, accepted, groups, need } = self;
        let lists = [required, accepted].iter().all(|list| list.is_none());
        if lists && threshold.is_none() && groups.is_none() && need.is_none() {
            let message = "set `required`, `threshold`, or `groups` and `need`: nothing is checked";
            problems.push(Problem::new("", message));
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
        self.group_problems(&mut problems);
        problems
    }

    fn group_problems(&self, problems: &mut Vec<Problem>) {
        let (groups, need) = match (&self.groups, &self.need) {
            (None, None) => return,
            (Some(_), None) => {
                let message = "nothing asks for a group: set `need` too, for example \
                               [{ group = \"security\", count = 1 }]";
                return problems.push(Problem::new("/groups", message));
            }
            (None, Some(_)) => {
                let message = "nothing says who is of a group: set `groups` too, for example \
                               { security = [\"alice\", \"bob\"] }";
                return problems.push(Problem::new("/need", message));
            }
            (Some(groups), Some(need)) => (groups, need),
        };
        let before = problems.len();
        let nothing = "name at least one group, or leave the keys out";
        if groups.is_empty() {
            problems.push(Problem::new("/groups", nothing));
        }
        if need.is_empty() {
            problems.push(Problem::new("/need", nothing));
        }
        for (group, members) in groups {
            let pointer = format!("/groups/{}", escaped(group));
            names(&pointer, Some(members), problems);
            if group.is_empty() {
                problems.push(Problem::new(&pointer, "a group has a name"));
            } else if !need.iter().any(|need| need.group == *group) {
                let message = format!("`need` does not ask for `{group}`: add it, or leave it out");
                problems.push(Problem::new(pointer, message));
            }
        }
        need_problems(groups, need, problems);
        if problems.len() == before {
            for index in Needs::new(groups, need).never_met() {
                let message = "who is of several groups counts for one of them, and so this can \
                               never be met: lower a count, or name more signers";
                problems.push(Problem::new(format!("/need/{index}/count"), message));
            }
        }
    }
}

/// Each asks for a group that there is, once, and for no more than are of it.
fn need_problems(groups: &Groups, need: &[Need], problems: &mut Vec<Problem>) {
    for (index, Need { group, count }) in need.iter().enumerate() {
        let pointer = format!("/need/{index}/group");
        let Some(members) = groups.get(group) else {
            let message = format!("`groups` has no `{group}`: name one that it has");
            problems.push(Problem::new(pointer, message));
            continue;
        };
        if need[..index].iter().any(|before| before.group == *group) {
            problems.push(Problem::new(pointer, format!("`{group}` is asked for twice")));
        }
        let pointer = format!("/need/{index}/count");
        if *count == 0 {
            problems.push(Problem::new(pointer, "a count is at least 1"));
        } else if *count as usize > members.len() {
            let message = format!(
                "{count} cannot sign where `{group}` names {}: lower it, or name more",
                members.len()
            );
            problems.push(Problem::new(pointer, message));
        }
    }
}

/// A list of signers is not empty, and names each once.
fn names(pointer: &str, names: Option<&[String]>, problems: &mut Vec<Problem>) {
    let Some(names) = names else { return };
    if names.is_empty() {
        problems.push(Problem::new(pointer, "name at least one signer, or leave the key out"));
    }
    for (index, name) in names.iter().enumerate() {
        let pointer = format!("{pointer}/{index}");
        if name.is_empty() {
            problems.push(Problem::new(pointer, "a signer's name, as `[trust]` gives it"));
        } else if names[..index].contains(name) {
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
        assert_eq!(
            problems("{}"),
            [": set `required`, `threshold`, or `groups` and `need`: nothing is checked"]
        );
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
    fn groups_that_nobody_asks_for_or_that_are_not_there_are_refused() {
        assert_eq!(
            problems(r#"{ "groups": { "a": ["x"] } }"#),
            ["/groups: nothing asks for a group: set `need` too, for example [{ group = \
              \"security\", count = 1 }]"]
        );
        assert_eq!(
            problems(r#"{ "need": [{ "group": "a", "count": 1 }] }"#),
            ["/need: nothing says who is of a group: set `groups` too, for example { security = \
              [\"alice\", \"bob\"] }"]
        );
        assert_eq!(
            problems(r#"{ "groups": {}, "need": [] }"#),
            [
                "/groups: name at least one group, or leave the keys out",
                "/need: name at least one group, or leave the keys out",
            ]
        );
        assert_eq!(
            problems(
                r#"{
                    "groups": { "": ["x"], "a/b": ["x"], "c": [], "d": ["x", "x"] },
                    "need": [
                        { "group": "e", "count": 1 },
                        { "group": "c", "count": 0 },
                        { "group": "d", "count": 3 },
                        { "group": "d", "count": 1 }
                    ]
                }"#
            ),
            [
                "/groups/: a group has a name",
                "/groups/a~1b: `need` does not ask for `a/b`: add it, or leave it out",
                "/groups/c: name at least one signer, or leave the key out",
                "/groups/d/1: `x` is named twice",
                "/need/0/group: `groups` has no `e`: name one that it has",
                "/need/1/count: a count is at least 1",
                "/need/2/count: 3 cannot sign where `d` names 2: lower it, or name more",
                "/need/3/group: `d` is asked for twice",
            ]
        );
    }

    #[test]
    fn counts_that_the_same_signers_can_never_meet_are_refused() {
        assert_eq!(
            problems(
                r#"{
                    "groups": { "a": ["x", "y"], "b": ["x", "y"], "c": ["y", "z"] },
                    "need": [
                        { "group": "a", "count": 1 },
                        { "group": "c", "count": 1 },
                        { "group": "b", "count": 2 }
                    ]
                }"#
            ),
            ["/need/2/count: who is of several groups counts for one of them, and so this can \
              never be met: lower a count, or name more signers"]
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
            r#"{ "groups": { "a": ["x"] }, "need": [{ "group": "a", "count": 1 }] }"#,
            r#"{ "groups": { "a": ["x"] }, "need": [{ "group": "a", "count": 0 }] }"#,
            r#"{ "groups": { "a": ["x"] }, "need": [{ "group": "a", "count": "1" }] }"#,
            r#"{ "groups": { "a": ["x"] }, "need": [{ "group": "a" }] }"#,
            r#"{ "groups": { "a": ["x"] }, "need": [{ "count": 1 }] }"#,
            r#"{ "groups": { "a": ["x"] }, "need": [{ "group": "a", "count": 1, "of": 2 }] }"#,
            r#"{ "groups": { "a": ["x"] }, "need": [] }"#,
            r#"{ "groups": { "a": [] }, "need": [{ "group": "a", "count": 1 }] }"#,
            r#"{ "groups": { "a": "x" }, "need": [{ "group": "a", "count": 1 }] }"#,
            r#"{ "groups": { "": ["x"] }, "need": [{ "group": "", "count": 1 }] }"#,
            r#"{ "groups": {}, "need": [{ "group": "a", "count": 1 }] }"#,
            r#"{ "groups": { "a": ["x"] } }"#,
            r#"{ "need": [{ "group": "a", "count": 1 }] }"#,
            "[]",
        ] {
            let valid = schema.is_valid(&serde_json::from_str(settings).unwrap());
            assert_eq!(valid, problems(settings).is_empty(), "{settings}");
        }
    }
}
