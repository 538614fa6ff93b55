//! What the policy file may say, and what is wrong with it.

use lockgate_plugin::Problem;
use lockgate_plugin::pattern::Pattern;
use serde::Deserialize;

/// How many have to agree where the settings do not say.
pub(crate) const AT_LEAST: u32 = 2;

/// The settings as written. `settings.schema.json` says the same to people and editors.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// Who builds independently of each other.
    pub organisations: Vec<Organisation>,
    /// So many of them have to attest the same bytes.
    pub at_least: Option<u32>,
}

/// One who builds.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organisation {
    /// What findings call it.
    pub name: String,
    /// Names from `[trust]`.
    pub signers: Vec<String>,
    /// The builders that its signers may state; none: any.
    pub builders: Option<Vec<Pattern>>,
}

impl Settings {
    /// All that makes a rule vacuous or impossible to meet.
    pub(crate) fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let all = &self.organisations;
        for (index, organisation) in all.iter().enumerate() {
            let pointer = format!("/organisations/{index}");
            let Organisation { name, signers, builders } = organisation;
            let mut problem = |key: String, message: String| {
                problems.push(Problem::new(format!("{pointer}/{key}"), message));
            };
            if name.is_empty() {
                problem("name".into(), "an organisation has a name".into());
            } else if all[..index].iter().any(|before| before.name == *name) {
                problem("name".into(), format!("`{name}` is named twice"));
            }
            if signers.is_empty() {
                let message = "name at least one signer whose provenance is this organisation's";
                problem("signers".into(), message.into());
            }
            for (number, signer) in signers.iter().enumerate() {
                let key = format!("signers/{number}");
                let other = all[..index].iter().find(|before| before.signers.contains(signer));
                if signer.is_empty() {
                    problem(key, "a signer's name, as `[trust]` gives it".into());
                } else if signers[..number].contains(signer) {
                    problem(key, format!("`{signer}` is named twice"));
                } else if let Some(other) = other {
                    let message = format!(
                        "`{signer}` signs for `{}` already: who signs for two is not independent \
                         of either",
                        other.name
                    );
                    problem(key, message);
                }
            }
            if let Some(builders) = builders {
                if builders.is_empty() {
                    problem("builders".into(), "name at least one, or leave the key out".into());
                }
                for (number, builder) in builders.iter().enumerate() {
                    if let Some(message) = builder.problem() {
                        problem(format!("builders/{number}"), message);
                    }
                }
            }
        }
        let wanted = self.at_least.unwrap_or(AT_LEAST);
        if wanted < 2 {
            let message = "at least 2: that one organisation builds it shows nothing";
            problems.push(Problem::new("/at-least", message));
        } else if wanted as usize > all.len() {
            let message = format!(
                "{wanted} organisations cannot agree where {} are named: name more, or lower \
                 `at-least`",
                all.len()
            );
            problems.push(Problem::new("/organisations", message));
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use lockgate_plugin::from_json;
    use serde_json::Value;

    use crate::Reproducible;

    fn problems(settings: &str) -> Vec<String> {
        let refused = from_json::<Reproducible>(settings).err().unwrap_or_default();
        refused.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_problem_is_told_at_once_with_its_place() {
        let settings = r#"{
            "organisations": [
                { "name": "", "signers": [] },
                { "name": "acme", "signers": ["ci", "ci", ""], "builders": [] },
                { "name": "acme", "signers": ["ci"], "builders": ["https://b/*"] }
            ],
            "at-least": 4
        }"#;
        assert_eq!(
            problems(settings),
            [
                "/organisations/0/name: an organisation has a name",
                "/organisations/0/signers: name at least one signer whose provenance is this \
                 organisation's",
                "/organisations/1/signers/1: `ci` is named twice",
                "/organisations/1/signers/2: a signer's name, as `[trust]` gives it",
                "/organisations/1/builders: name at least one, or leave the key out",
                "/organisations/2/name: `acme` is named twice",
                "/organisations/2/signers/0: `ci` signs for `acme` already: who signs for two is \
                 not independent of either",
                "/organisations/2/builders/0: `*` is only special in a glob: write { glob = \
                 \"https://b/*\" }",
                "/organisations: 4 organisations cannot agree where 3 are named: name more, or \
                 lower `at-least`",
            ]
        );
    }

    #[test]
    fn settings_that_one_builder_alone_would_meet_are_refused() {
        assert_eq!(problems("{}"), ["/organisations: `organisations` is missing"]);
        let two = r#""organisations": [{ "name": "a", "signers": ["a"] },
                                       { "name": "b", "signers": ["b"] }]"#;
        assert_eq!(problems(&format!("{{ {two} }}")), [""; 0]);
        assert_eq!(
            problems(&format!(r#"{{ {two}, "at-least": 1 }}"#)),
            ["/at-least: at least 2: that one organisation builds it shows nothing"]
        );
        assert_eq!(
            problems(r#"{ "organisations": [{ "name": "a", "signers": ["a"] }] }"#),
            [
                "/organisations: 2 organisations cannot agree where 1 are named: name more, or lower \
              `at-least`"
            ]
        );
    }

    #[test]
    fn the_schema_and_serde_accept_the_same_settings() {
        let schema: Value = serde_json::from_str(include_str!("../settings.schema.json")).unwrap();
        let schema = jsonschema::draft202012::new(&schema).unwrap();
        let with = |more: &str| {
            format!(
                r#"{{ "organisations": [{{ "name": "a", "signers": ["a"] }},
                                        {{ "name": "b", "signers": ["b"] {more} }}] }}"#
            )
        };
        for settings in [
            with(""),
            with(r#", "builders": ["x", { "glob": "https://x/*" }]"#),
            with(r#", "builders": []"#),
            with(r#", "builders": [""]"#),
            with(r#", "builders": "x""#),
            with(r#", "for": "x""#),
            with(r#" }], "at-least": 2, "x": [{"#),
            r#"{ "organisations": [{ "name": "a", "signers": ["a"] },
                                   { "name": "b", "signers": ["b"] }], "at-least": 2 }"#
                .into(),
            r#"{ "organisations": [{ "name": "a", "signers": ["a"] },
                                   { "name": "b", "signers": ["b"] }], "at-least": 1 }"#
                .into(),
            r#"{ "organisations": [{ "name": "a", "signers": ["a"] },
                                   { "name": "b", "signers": ["b"] }], "at-least": "2" }"#
                .into(),
            r#"{ "organisations": [{ "name": "a", "signers": ["a"] }] }"#.into(),
            r#"{ "organisations": [{ "name": "a", "signers": [] },
                                   { "name": "b", "signers": ["b"] }] }"#
                .into(),
            r#"{ "organisations": [{ "name": "a", "signers": ["x", "x"] },
                                   { "name": "b", "signers": ["b"] }] }"#
                .into(),
            r#"{ "organisations": [{ "name": "", "signers": ["a"] },
                                   { "name": "b", "signers": ["b"] }] }"#
                .into(),
            r#"{ "organisations": [{ "signers": ["a"] }, { "name": "b", "signers": ["b"] }] }"#
                .into(),
            r#"{ "organisations": {} }"#.into(),
            "{}".into(),
        ] {
            let valid = schema.is_valid(&serde_json::from_str(&settings).unwrap());
            assert_eq!(valid, problems(&settings).is_empty(), "{settings}");
        }
    }
}
