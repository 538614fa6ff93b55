//! What is wrong with settings, and that the schema says the same.

use lockgate_plugin::read;
use serde_json::Value;

use crate::Dependencies;
use crate::knowledge::Little;

fn problems(settings: &str) -> Vec<String> {
    let refused = read(settings).map_err(|problem| vec![problem]);
    let refused = refused.and_then(|settings| Dependencies::with(settings, &Little));
    refused.err().unwrap_or_default().iter().map(ToString::to_string).collect()
}

#[test]
fn every_problem_is_told_at_once_with_its_place() {
    let settings = r#"{
        "registries": [
            "npm", "npm", "deb", "ftp:x", { "type": "NPM", "url": "https://a.example" },
            { "type": "npm", "url": "a b" }
        ],
        "namespaces": { "NPM": ["a"], "npm": [], "maven": ["a_b"] },
        "internal": { "packages": ["pkg:npm/a_*", "npm/a"], "registries": ["nowhere"] },
        "minimum-age": "14d",
        "released": { "data": "other" },
        "pinned": false
    }"#;
    assert_eq!(
        problems(settings),
        [
            "/registries/1: it is named twice",
            "/registries/2: `deb` has no default registry that is known: give a URL, or { type = \
             \"deb\", url = \"https://…\" }",
            "/registries/3: `ftp:x` is no place",
            "/registries/4/type: `NPM` is no type of package URLs: is `npm` meant?",
            "/registries/5/url: `a b` is no place",
            "/namespaces/NPM: `NPM` is no type of package URLs: is `npm` meant?",
            "/namespaces/maven/0: a namespace, for example `org.apache.*` or `@acme`: in canonical \
             form `pkg:maven/a_b/aa` is `pkg:maven/a-b/aa`",
            "/namespaces/npm: name at least one, or leave the key out",
            "/internal/packages/0: a pattern over package URLs, for example \
             `pkg:npm/%40acme/**`: in canonical form `pkg:npm/a_a` is `pkg:npm/a-a`",
            "/internal/packages/1: a pattern over package URLs, for example \
             `pkg:npm/%40acme/**`: `npm/a` does not begin with `pkg:` and a type in lower case",
            "/internal/registries/0: `nowhere` is no place",
            "/released/data: a data file of the policy in CSV with the columns `purl` and \
             `released`: the policy file hands over no `other`",
            "/pinned: `true`, or leave the key out: false checks nothing",
        ]
    );
}

#[test]
fn settings_that_check_nothing_are_refused() {
    assert_eq!(
        problems("{}"),
        [": set `registries`, `namespaces`, `internal`, `minimum-age` or `pinned`, for example \
          registries = [\"npm\", \"https://npm.acme.com\"]"]
    );
    assert_eq!(
        problems(r#"{ "pinned": true, "unknown-age": "warn" }"#),
        ["/unknown-age: it says nothing without `minimum-age`, for example \"14d\""]
    );
    assert_eq!(
        problems(r#"{ "registries": [{ "type": "deb", "unstated": false }] }"#),
        ["/registries/0: give `type`, and either `url` or `unstated = true`"]
    );
}

#[test]
fn the_schema_and_serde_accept_the_same_settings() {
    let schema: Value = serde_json::from_str(include_str!("../../settings.schema.json")).unwrap();
    let schema = jsonschema::draft202012::new(&schema).unwrap();
    let whole = r#"{
        "registries": [
            "npm", "https://repo.acme.com", { "type": "maven", "url": "https://maven.acme.com" },
            { "type": "deb", "unstated": true }
        ],
        "namespaces": { "maven": ["com.acme", "org.apache.*"], "npm": ["@acme", ""] },
        "internal": { "packages": ["pkg:npm/%40acme/**"], "registries": ["https://npm.acme.com"] },
        "minimum-age": "14d",
        "released": { "data": "released" },
        "unknown-age": "warn",
        "pinned": true
    }"#;
    let many = format!(r#"{{ "registries": [{}"npm"] }}"#, r#""https://a.example","#.repeat(40));
    for settings in [
        whole,
        &many,
        "{}",
        r#"{ "registry": [] }"#,
        r#"{ "registries": [] }"#,
        r#"{ "registries": [5] }"#,
        r#"{ "registries": ["npm", "npm"] }"#,
        r#"{ "registries": [{ "type": "npm" }] }"#,
        r#"{ "registries": [{ "url": "https://a.example" }] }"#,
        r#"{ "registries": [{ "type": "npm", "url": "https://a.example", "unstated": true }] }"#,
        r#"{ "registries": [{ "type": "Npm", "unstated": true }] }"#,
        r#"{ "namespaces": {} }"#,
        r#"{ "namespaces": { "npm": [] } }"#,
        r#"{ "namespaces": { "Npm": ["@a"] } }"#,
        r#"{ "internal": { "packages": ["pkg:npm/a"] } }"#,
        r#"{ "internal": { "packages": [], "registries": ["https://a.example"] } }"#,
        r#"{ "internal": { "packages": ["npm/a"], "registries": ["https://a.example"] } }"#,
        r#"{ "minimum-age": "14" }"#,
        r#"{ "released": { "data": "released" } }"#,
        r#"{ "minimum-age": "14d", "unknown-age": "ignore" }"#,
        r#"{ "pinned": false }"#,
    ] {
        let valid = schema.is_valid(&serde_json::from_str(settings).unwrap());
        assert_eq!(valid, problems(settings).is_empty(), "{settings}");
    }
}
