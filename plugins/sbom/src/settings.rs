//! What the policy file may say, and what is wrong with it.

mod ban;
mod matches;

use std::fmt;

use lockgate_plugin::Problem;
use lockgate_plugin::duration::Duration;
use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};

pub use self::ban::Ban;
pub use self::matches::{Ecosystem, Matches};
use crate::knowledge::Knowledge;

/// The fields that `wit/sbom.wit` knows of a document.
const DOCUMENT_FIELDS: &[&str] =
    &["serial-number", "timestamp", "authors", "supplier", "tools", "component", "dependencies"];

/// The fields that `wit/sbom.wit` knows of a component.
const COMPONENT_FIELDS: &[&str] = &[
    "name",
    "version",
    "exact-version",
    "purl",
    "identifier",
    "supplier",
    "license",
    "hash",
    "strong-hash",
    "released",
    "origin",
];

/// The best that a document can score.
const MAX_SCORE: u32 = 100;

/// The settings as written. `settings.schema.json` says the same to people and editors.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// Which licenses are fine.
    pub licenses: Option<Licenses>,
    /// Which packages are not.
    pub banned: Option<Vec<Ban>>,
    /// Which fields must be there.
    pub required: Option<Required>,
    /// How many components each document has at least; 1 where it is not set.
    pub min_components: Option<u32>,
    /// How old each document may be.
    pub max_age: Option<Duration>,
    /// Whether each document has to have what the NTIA asks for at the least.
    pub ntia: Option<bool>,
    /// How complete each document is at least, of 100.
    pub min_score: Option<u32>,
    /// Whether each document has to be valid by its format's official schema.
    pub valid: Option<bool>,
    /// Whether each component has to be of one exact version.
    pub pinned: Option<bool>,
    /// Whether each document has to say what the artifact shows.
    pub matches_contents: Option<Matches>,
}

/// Lists of licenses.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Licenses {
    /// What no component may depend on.
    pub deny: Option<Vec<Entry>>,
    /// What every component must be usable under.
    pub allow: Option<Vec<Entry>>,
    /// What becomes of a license that is not known: `deny` or `warn`.
    pub unknown: Option<String>,
}

/// One entry of a list of licenses.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Entry {
    /// An SPDX license. A text that is none is a mistake, for it would never match.
    License(String),
    /// Free words, compared verbatim: what a document says of a license that SPDX does not list.
    Words(String),
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::License(text) | Self::Words(text)) = self;
        f.write_str(text)
    }
}

impl<'de> Deserialize<'de> for Entry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct EntryVisitor;

        impl<'de> Visitor<'de> for EntryVisitor {
            type Value = Entry;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an SPDX license, or a table with `words`")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Entry, E> {
                Ok(Entry::License(text.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entry, A::Error> {
                let mut words = None;
                while let Some(key) = map.next_key::<String>()? {
                    if key != "words" {
                        return Err(A::Error::unknown_field(&key, &["words"]));
                    }
                    words = Some(map.next_value::<String>()?);
                }
                words.map(Entry::Words).ok_or_else(|| A::Error::custom("give `words`"))
            }
        }

        deserializer.deserialize_any(EntryVisitor)
    }
}

/// Fields that must be there.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Required {
    /// Of each document.
    pub document: Option<Vec<String>>,
    /// Of each component.
    pub component: Option<Vec<String>>,
}

impl Settings {
    /// All that makes a rule vacuous or impossible to ask for, but for the licenses: those are
    /// told by who reads them.
    pub(crate) fn problems(&self, known: &dyn Knowledge) -> Vec<Problem> {
        let mut problems = Vec::new();
        let nothing = "name at least one, or leave the key out";
        if let Some(banned) = &self.banned {
            if banned.is_empty() {
                problems.push(Problem::new("/banned", nothing));
            }
            for (index, ban) in banned.iter().enumerate() {
                ban.problems(&format!("/banned/{index}"), known, &mut problems);
            }
        }
        if let Some(Required { document, component }) = &self.required {
            if document.is_none() && component.is_none() {
                problems.push(Problem::new("/required", "set `document`, `component` or both"));
            }
            fields("/required/document", document.as_deref(), DOCUMENT_FIELDS, &mut problems);
            fields("/required/component", component.as_deref(), COMPONENT_FIELDS, &mut problems);
        }
        if self.min_components == Some(0) {
            problems.push(Problem::new("/min-components", "at least 1: an SBOM has components"));
        }
        let only = [("ntia", self.ntia), ("valid", self.valid), ("pinned", self.pinned)];
        for (key, _) in only.into_iter().filter(|(_, value)| *value == Some(false)) {
            let message = "`true`, or leave the key out: false checks nothing";
            problems.push(Problem::new(format!("/{key}"), message));
        }
        if self.min_score.is_some_and(|score| !(1..=MAX_SCORE).contains(&score)) {
            problems.push(Problem::new("/min-score", "1 to 100, for example 80"));
        }
        if let Some(matches) = &self.matches_contents {
            matches.problems(&mut problems);
        }
        problems
    }
}

/// A list of fields is not empty, and names each once, in a word that the host knows.
fn fields(pointer: &str, named: Option<&[String]>, known: &[&str], problems: &mut Vec<Problem>) {
    let Some(named) = named else { return };
    if named.is_empty() {
        problems.push(Problem::new(pointer, "name at least one, or leave the key out"));
    }
    for (index, field) in named.iter().enumerate() {
        let message = if !known.contains(&field.as_str()) {
            format!("`{field}` is no field that can be asked for: one of `{}`", known.join("`, `"))
        } else if named.iter().position(|first| first == field) != Some(index) {
            format!("`{field}` is named twice")
        } else {
            continue;
        };
        problems.push(Problem::new(format!("{pointer}/{index}"), message));
    }
}

#[cfg(test)]
mod tests {
    use lockgate_plugin::read;
    use serde_json::Value;

    use crate::Sbom;
    use crate::knowledge::Little;

    fn problems(settings: &str) -> Vec<String> {
        let refused = read(settings).map_err(|problem| vec![problem]);
        let refused = refused.and_then(|settings| Sbom::with(settings, &Little));
        refused.err().unwrap_or_default().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_problem_is_told_at_once_with_its_place() {
        let settings = r#"{
            "licenses": {
                "deny": ["GPL-3.0-onyl", "MIT ISC or", "GPL-2.0-only WITH Foo", "MIT", "MIT", "GPLv3"],
                "allow": ["MIT", { "words": " " }]
            },
            "banned": [
                "npm/left-pad", { "purl-prefix": "pkg:npm" }, { "name": "", "version": "" },
                { "purl-prefix": "pkg:NPM/a_b" },
                { "purl": "pkg:npm/a@1", "versions": "^1" },
                { "purl": "pkg:npm/a", "versions": "vers:pypi/<1" }
            ],
            "required": { "document": ["colour"], "component": ["purl", "purl"] },
            "min-components": 0,
            "ntia": false,
            "min-score": 101,
            "matches-contents": { "packages": ["npm", "npm"], "ignore": ["**"] }
        }"#;
        assert_eq!(
            problems(settings),
            [
                "/banned/0: `npm/left-pad` is not a package URL; right is, for example, \
                 `pkg:npm/left-pad@1.3.0`",
                "/banned/1/purl-prefix: the beginning of a canonical package URL with its whole \
                 type, for example `pkg:npm/%40acme/`",
                "/banned/2/name: a component's name, for example `lodash`, without space around it",
                "/banned/2/version: a version, or leave the key out to ban all of them, without space \
                 around it",
                "/banned/3/purl-prefix: the beginning of a canonical package URL with its whole \
                 type: in canonical form it is `pkg:npm/a-b`",
                "/banned/4/purl: without the version `1`, for `versions` says which are banned",
                "/banned/4/versions: `^1` is not a range of versions; right is, for example, \
                 `vers:npm/<4.17.21`",
                "/banned/5/versions: versions of `npm` are compared by `vers:npm/…`, not by `pypi`",
                "/required/document/0: `colour` is no field that can be asked for: one of \
                 `serial-number`, `timestamp`, `authors`, `supplier`, `tools`, `component`, \
                 `dependencies`",
                "/required/component/1: `purl` is named twice",
                "/min-components: at least 1: an SBOM has components",
                "/ntia: `true`, or leave the key out: false checks nothing",
                "/min-score: 1 to 100, for example 80",
                "/matches-contents/packages/1: it is named twice",
                "/matches-contents/ignore/0: a path with stars that leaves something to look at, \
                 for example `usr/lib/node_modules/npm/**`",
                "/licenses/deny/0: `GPL-3.0-onyl` is no SPDX license: is `GPL-3.0-only` meant?",
                "/licenses/deny/1: `MIT ISC or` joins several licenses: name each in an entry of \
                 its own",
                "/licenses/deny/2: `GPL-2.0-only WITH Foo` is no SPDX expression that is known \
                 here",
                "/licenses/deny/4: `MIT` is named twice",
                "/licenses/deny/5: `GPLv3` is no SPDX license, for example `GPL-3.0-only`; for a \
                 license that SPDX does not list: { words = \"GPLv3\" }",
                "/licenses/allow/1: the words that documents use for the license",
                "/licenses/allow/0: `MIT` is both denied and allowed",
            ]
        );
    }

    #[test]
    fn settings_that_check_nothing_are_refused() {
        assert_eq!(
            problems(r#"{ "licenses": {} }"#),
            ["/licenses: set `deny`, `allow` or `unknown`"]
        );
        assert_eq!(
            problems(r#"{ "licenses": { "deny": [] } }"#),
            ["/licenses/deny: name at least one license, or leave the key out"]
        );
        assert_eq!(
            problems(r#"{ "required": {} }"#),
            ["/required: set `document`, `component` or both"]
        );
        assert_eq!(
            problems(r#"{ "banned": [] }"#),
            ["/banned: name at least one, or leave the key out"]
        );
    }

    #[test]
    fn a_prefix_that_would_match_nothing_is_shown_as_it_has_to_be() {
        let of = |prefix: &str| {
            problems(&format!(r#"{{ "banned": [{{ "purl-prefix": "{prefix}" }}] }}"#)).pop()
        };
        assert!(of("pkg:npm/django_x").unwrap().ends_with("it is `pkg:npm/django-x`"));
        for fine in ["pkg:npm/django-x", "pkg:npm/%40acme/", "pkg:swift/acme", "pkg:npm/a@1."] {
            assert_eq!(of(fine), None, "{fine}");
        }
    }

    #[test]
    fn a_ban_of_another_form_is_told_where_it_is() {
        assert_eq!(
            problems(r#"{ "banned": [5] }"#),
            ["/banned/0: invalid type: integer `5`, expected a purl, or a table with \
              `purl` and `versions`, with `purl-prefix`, or with `name` and maybe `version`"]
        );
        assert_eq!(
            problems(r#"{ "banned": [{ "version": "1" }] }"#),
            ["/banned/0: give `purl-prefix` or `name`"]
        );
        assert_eq!(
            problems(r#"{ "banned": [{ "purl-prefix": "pkg:npm/", "name": "x" }] }"#),
            ["/banned/0: `purl-prefix` stands alone: use an entry for each ban"]
        );
        assert_eq!(
            problems(r#"{ "banned": [{ "purl": "pkg:npm/x" }] }"#),
            [
                "/banned/0: `purl` and `versions` stand together and alone: use an entry for each ban"
            ]
        );
        assert_eq!(
            problems(r#"{ "matches-contents": {} }"#),
            ["/matches-contents: `true`, or a table with `packages` or `ignore`"]
        );
        assert_eq!(
            problems(r#"{ "max-age": 30 }"#),
            [
                "/max-age: invalid type: integer `30`, expected a duration, for example `\"30d\"` or \
              `\"24h\"`"
            ]
        );
        assert_eq!(
            problems(r#"{ "licenses": { "unknown": "allow" } }"#),
            ["/licenses/unknown: `deny` or `warn`, not `allow`"]
        );
    }

    #[test]
    fn the_schema_and_serde_accept_the_same_settings() {
        let schema: Value = serde_json::from_str(include_str!("../settings.schema.json")).unwrap();
        let schema = jsonschema::draft202012::new(&schema).unwrap();
        let whole = r#"{
            "licenses": { "deny": ["GPL-3.0-only"], "allow": ["MIT", { "words": "BSD" }], "unknown": "warn" },
            "banned": [
                "pkg:npm/event-stream",
                { "purl-prefix": "pkg:npm/%40evil/" },
                { "purl": "pkg:npm/lodash", "versions": "vers:npm/<4.17.21" },
                { "name": "log4j-core", "version": "2.14.1" },
                { "name": "log4j-core" }
            ],
            "required": { "document": ["timestamp"], "component": ["purl", "version"] },
            "min-components": 1,
            "max-age": "30d",
            "ntia": true,
            "min-score": 80,
            "valid": true,
            "pinned": true,
            "matches-contents": { "packages": ["npm", "pypi", "deb", "apk", "maven"], "ignore": ["a/**"] }
        }"#;
        for settings in [
            whole,
            "{}",
            r#"{ "license": {} }"#,
            r#"{ "licenses": {} }"#,
            r#"{ "licenses": { "deny": [] } }"#,
            r#"{ "licenses": { "deny": "MIT" } }"#,
            r#"{ "licenses": { "deny": ["MIT", "MIT"] } }"#,
            r#"{ "licenses": { "deny": [{ "words": "" }] } }"#,
            r#"{ "licenses": { "deny": [{ "word": "Ours" }] } }"#,
            r#"{ "licenses": { "deny": [{}] } }"#,
            r#"{ "licenses": { "unknown": "deny" } }"#,
            r#"{ "licenses": { "unknown": "allow" } }"#,
            r#"{ "banned": [] }"#,
            r#"{ "banned": ["left-pad"] }"#,
            r#"{ "banned": [{}] }"#,
            r#"{ "banned": [{ "name": "" }] }"#,
            r#"{ "banned": [{ "name": "lodash " }] }"#,
            r#"{ "banned": [{ "name": "l", "version": " 1" }] }"#,
            r#"{ "banned": [{ "version": "1" }] }"#,
            r#"{ "banned": [{ "name": "x", "range": "<2" }] }"#,
            r#"{ "banned": [{ "name": "x", "purl-prefix": "pkg:npm/x" }] }"#,
            r#"{ "required": {} }"#,
            r#"{ "required": { "document": ["colour"] } }"#,
            r#"{ "required": { "component": ["purl", "purl"] } }"#,
            r#"{ "required": { "component": [] } }"#,
            r#"{ "max-age": "30" }"#,
            r#"{ "max-age": "0d" }"#,
            r#"{ "ntia": false }"#,
            r#"{ "valid": false }"#,
            r#"{ "pinned": "yes" }"#,
            r#"{ "min-score": 0 }"#,
            r#"{ "min-score": 101 }"#,
            r#"{ "min-score": 79.5 }"#,
            r#"{ "matches-contents": true }"#,
            r#"{ "matches-contents": false }"#,
            r#"{ "matches-contents": {} }"#,
            r#"{ "matches-contents": { "packages": [] } }"#,
            r#"{ "matches-contents": { "packages": ["npm", "npm"] } }"#,
            r#"{ "matches-contents": { "packages": ["rpm"] } }"#,
            r#"{ "matches-contents": { "ignore": [] } }"#,
            r#"{ "matches-contents": { "ignore": ["**/*"] } }"#,
            r#"{ "matches-contents": { "files": true } }"#,
            r#"{ "banned": [{ "purl": "pkg:npm/x" }] }"#,
            r#"{ "banned": [{ "purl": "pkg:npm/x", "versions": "vers:npm/<1", "name": "x" }] }"#,
            r#"{ "required": { "component": ["exact-version", "origin"] } }"#,
            r#"{ "min-components": 0 }"#,
            r#"{ "min-components": 4294967296 }"#,
        ] {
            let valid = schema.is_valid(&serde_json::from_str(settings).unwrap());
            assert_eq!(valid, problems(settings).is_empty(), "{settings}");
        }
    }
}
