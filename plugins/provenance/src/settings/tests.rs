//! What is refused, and how it is told.

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
            "/parameters/workflow~1path: `workflow/path` is no JSON pointer (RFC 6901) below \
             the parameters, for example `/workflow/path`",
            "/parameters/~1a~02: `/a~2` is no JSON pointer (RFC 6901) below the parameters, \
             for example `/workflow/path`",
        ]
    );
}

#[test]
fn settings_that_check_nothing_are_refused() {
    assert_eq!(
        problems("{}"),
        ["/builders: name at least one builder: without one, anybody's build would do"]
    );
    assert_eq!(problems("[]")[0], ": a table");
    assert_eq!(
        problems(r#"{ "builders": [] }"#),
        ["/builders: name at least one builder: without one, anybody's build would do"]
    );
    let builders = r#""builders": [{ "id": "b", "signers": ["s"] }]"#;
    for key in ["sources", "refs", "workflows"] {
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
        ["/builders/0/id: a text, or a table with the key `glob`"]
    );
    assert_eq!(
        problems(r#"{ "builders": [{ "id": { "regex": "b" }, "signers": ["s"] }] }"#),
        [
            "/builders/0/id/regex: unknown key; it knows `glob`",
            "/builders/0/id: a table with the key `glob`",
        ]
    );
}

/// What is wrong with settings of one builder and these.
fn more(settings: &str) -> Vec<String> {
    problems(&format!(r#"{{ "builders": [{{ "id": "b", "signers": ["s"] }}], {settings} }}"#))
}

#[test]
fn a_level_that_nobody_asks_for_or_can_reach_is_refused() {
    assert_eq!(
        problems(r#"{ "builders": [{ "id": "b", "signers": ["s"], "level": 4 }] }"#),
        ["/builders/0/level: an SLSA build level: 1, 2 or 3"]
    );
    assert_eq!(more(r#""min-level": 0"#), ["/min-level: an SLSA build level: 1, 2 or 3"]);
    assert_eq!(
        problems(
            r#"{ "builders": [{ "id": "b", "signers": ["s"], "level": 2 }], "min-level": 3 }"#
        ),
        ["/min-level: no builder is trusted up to level 3: set `level` on one, or `verifiers`"]
    );
    let by = r#""verifiers": [{ "id": "v", "signers": ["s"] }]"#;
    assert_eq!(more(&format!(r#""min-level": 3, {by}"#)), [""; 0]);
    assert_eq!(
        more(by),
        ["/verifiers: a verification summary is evidence of a level: set `min-level` too"]
    );
    assert_eq!(
        more(r#""min-level": 1, "verifiers": [{ "id": "v", "signers": ["s"], "level": 1 }]"#),
        ["/verifiers/0/level: unknown key; it knows `id`, `signers`"]
    );
    assert_eq!(
        more(r#""min-level": 1, "verifiers": []"#),
        ["/verifiers: name at least one, or leave the key out"]
    );
}

#[test]
fn what_could_only_be_turned_off_is_refused() {
    for key in ["exact-parameters", "complete-parameters"] {
        assert_eq!(
            more(&format!(r#""{key}": false"#)),
            [format!("/{key}: `true`, or leave the key out")]
        );
    }
    assert_eq!(
        more(r#""materials": { "pinned": false, "allow": ["a*"] }"#),
        [
            "/materials/pinned: `true`, or leave the key out",
            "/materials/allow/0: `*` is only special in a glob: write { glob = \"a*\" }",
        ]
    );
    assert_eq!(more(r#""materials": {}"#), ["/materials: set `pinned`, `allow` or both"]);
}

#[test]
fn hermetic_is_true_or_names_a_parameter() {
    let form = "`true`, or { parameter = \"/internalParameters/hermetic\", value = true }";
    for odd in ["false", "\"yes\"", r#"{ "parameter": "/internalParameters/x" }"#, "{}"] {
        assert_eq!(more(&format!(r#""hermetic": {odd}"#)), [format!("/hermetic: {form}")]);
    }
    assert_eq!(
        more(r#""hermetic": { "parameter": "/buildType", "value": 1, "or": 2 }"#),
        [
            "/hermetic/or: unknown key; it knows `parameter`, `value`",
            "/hermetic/parameter: a JSON pointer (RFC 6901) below `buildDefinition` into \
             `/internalParameters/` or `/externalParameters/`",
        ]
    );
}

#[test]
fn a_duration_of_another_form_is_refused_with_an_example() {
    assert_eq!(
        more(r#""max-age": "1w""#),
        ["/max-age: `1w` is not a duration, for example `\"30d\"` or `\"24h\"`"]
    );
}

#[test]
fn the_schema_and_serde_accept_the_same_builders_and_sources() {
    same(&[
        r#"{
            "builders": [
                { "id": "https://b", "signers": ["builder"] },
                { "id": { "glob": "https://b/*@refs/tags/v*" }, "signers": ["builder", "x"] }
            ],
            "sources": ["https://github.com/acme/orders", { "glob": "https://github.com/acme/*" }],
            "refs": ["refs/tags/v*"],
            "parameters": { "/workflow/path": ".github/workflows/release.yml", "/a": [1] }
        }"#,
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
        r#"{ "builders": [{ "id": "b", "signers": ["s"] }], "parameters": { "/a~": 1 } }"#,
        r#"{ "builders": [{ "id": "b", "signers": ["s"] }], "parameters": { "/a": 1.5 } }"#,
        "{}",
    ]);
}

#[test]
fn the_schema_and_serde_accept_the_same_of_everything_else() {
    let more = [
        r#""workflows": ["a b", { "glob": ".github/*" }]"#,
        r#""workflows": []"#,
        r#""workflows": [""]"#,
        r#""exact-parameters": true, "complete-parameters": true"#,
        r#""exact-parameters": false"#,
        r#""complete-parameters": 1"#,
        r#""exact_parameters": true"#,
        r#""min-level": 0"#,
        r#""min-level": 4"#,
        r#""min-level": -1"#,
        r#""min-level": "3""#,
        r#""min-level": 3, "verifiers": [{ "id": "v", "signers": ["s"] }]"#,
        r#""min-level": 3, "verifiers": [{ "id": "v", "signers": ["s"], "level": 3 }]"#,
        r#""min-level": 3, "verifiers": [{ "id": "v", "signers": [] }]"#,
        r#""min-level": 3, "verifiers": []"#,
        r#""verifiers": [{ "id": "v", "signers": ["s"] }]"#,
        r#""hermetic": true"#,
        r#""hermetic": false"#,
        r#""hermetic": {}"#,
        r#""hermetic": { "parameter": "/internalParameters/a~0b", "value": null }"#,
        r#""hermetic": { "parameter": "/internalParameters/a~", "value": 1 }"#,
        r#""hermetic": { "parameter": "/externalParameters/", "value": {} }"#,
        r#""hermetic": { "parameter": "/externalParameters", "value": 1 }"#,
        r#""hermetic": { "parameter": "/externalParameters/a" }"#,
        r#""hermetic": { "parameter": "/externalParameters/a", "value": 1, "x": 1 }"#,
        r#""hermetic": { "parameter": 1, "value": 1 }"#,
        r#""materials": {}"#,
        r#""materials": { "pinned": true }"#,
        r#""materials": { "pinned": false }"#,
        r#""materials": { "allow": ["x", { "glob": "y*" }] }"#,
        r#""materials": { "allow": [] }"#,
        r#""materials": { "deny": ["x"] }"#,
        r#""max-age": "30d""#,
        r#""max-age": "0d""#,
        r#""max-age": 30"#,
    ];
    let one = r#""builders": [{ "id": "b", "signers": ["s"] }]"#;
    let level = r#""builders": [{ "id": "b", "signers": ["s"], "level": 2 }]"#;
    let mut all: Vec<String> = more.iter().map(|more| format!("{{ {one}, {more} }}")).collect();
    all.push(format!("{{ {level} }}"));
    all.push(format!(r#"{{ {level}, "min-level": 2 }}"#));
    all.push(format!(r#"{{ {level}, "complete-parameters": true }}"#));
    same(&all.iter().map(String::as_str).collect::<Vec<_>>());
}

fn same(all: &[&str]) {
    let schema: Value = serde_json::from_str(include_str!("../../settings.schema.json")).unwrap();
    let schema = jsonschema::draft202012::new(&schema).unwrap();
    for settings in all {
        let valid = schema.is_valid(&serde_json::from_str(settings).unwrap());
        assert_eq!(valid, problems(settings).is_empty(), "{settings}: {:?}", problems(settings));
    }
}
