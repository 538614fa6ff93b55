use serde_json::Value;

use super::made;

pub(crate) const WHOLE: &str = r#"{
    "secrets": {
        "allow": [
            { "path": "tests/**", "detector": "pem-private-key" },
            { "path": "a", "detector": "acme-token",
              "digest": "sha256:0000000000000000000000000000000000000000000000000000000000000000" }
        ],
        "patterns": [{ "name": "acme-token", "regex": "acme_[0-9a-f]{32}" }]
    },
    "setuid": { "allow": ["usr/bin/sudo"] },
    "world-writable": "deny",
    "unstated-modes": { "allow": ["**"] },
    "device-files": "deny",
    "max-files": 10000,
    "max-size": "64MiB",
    "max-total-size": 536870912,
    "forbidden": ["**/.git/**"],
    "required": ["LICENSE*"],
    "ambiguities": { "allow": ["duplicate-path"] }
}"#;

fn problems(settings: &str) -> Vec<String> {
    let refused = made(settings).err().unwrap_or_default();
    refused.iter().map(ToString::to_string).collect()
}

#[test]
fn every_problem_is_told_at_once_with_its_place() {
    let settings = r#"{
        "secrets": {
            "allow": [
                { "path": "/etc", "detector": "pem" },
                { "detector": "jwt", "digest": "abc", "by": "me" }
            ],
            "patterns": [
                { "name": "jwt", "regex": "" },
                { "name": "Acme", "regex": "a" },
                { "name": "b", "regex": "b" },
                { "name": "b", "regex": "c" }
            ]
        },
        "setuid": "allow",
        "world-writable": { "allow": [] },
        "device-files": {},
        "max-files": 0,
        "max-size": "2GiB",
        "max-total-size": "1GiB",
        "forbidden": ["a", "a/"],
        "required": ["a", 1, "*.{x,y}"],
        "ambiguities": { "allow": ["twice"] },
        "modes": true
    }"#;
    let detectors = crate::secrets::ids().join("`, `");
    assert_eq!(
        problems(settings),
        [
            "/modes: `modes` is not known here: `secrets`, `setuid`, `world-writable`, \
             `unstated-modes`, `device-files`, `max-files`, `max-size`, `max-total-size`, \
             `forbidden`, `required`, `ambiguities` is",
            "/secrets/patterns/0/name: `jwt` is built in: choose another name",
            "/secrets/patterns/0/regex: it matches nothing: write one as `acme_[0-9a-f]{32}`",
            "/secrets/patterns/1/name: lower-case letters, digits and `-`, for example `acme-token`",
            "/secrets/patterns/3/name: `b` is named twice",
            "/secrets/allow/0/path: paths inside an archive begin with neither `/` nor `./`: leave \
             it out",
            &format!(
                "/secrets/allow/0/detector: `pem` is no detector: one of `{detectors}`, or a name in \
                 `patterns`"
            ),
            "/secrets/allow/1/by: `by` is not known here: `path`, `detector`, `digest` is",
            "/secrets/allow/1/path: `path` is missing: give a text, for example `\"tests/keys/**\"`",
            "/secrets/allow/1/digest: this has to be `sha256:` and 64 lower-case hexadecimal digits, not \
             `\"abc\"`",
            "/setuid: this has to be `\"deny\"`, or a table with `allow`, not `\"allow\"`",
            "/world-writable/allow: name at least one, or leave the key out",
            "/device-files: give `allow`, or write `\"deny\"`",
            "/max-files: this has to be a number of at least 1, for example `10000`, not `0`",
            "/forbidden/1: no path ends with `/`: write `a/**` for all that is in the folder",
            "/required/1: this has to be a text, for example `\"LICENSE\"`, not `1`",
            "/required/2: `{` has no meaning here: `*`, `**` and `?` are special in a glob",
            "/ambiguities/allow/0: `twice` is no code: one of `colliding-path`, \
             `conflicting-header`, `conflicting-name`, `duplicate-path`, `escaping-link`, \
             `escaping-path`, `roundabout-path`, `through-link`, `trailing-data`, `unreadable-name`",
            "/max-size: larger than `max-total-size`, so it says nothing: make it smaller",
            "/required/0: `a` is both forbidden and required",
        ]
    );
    assert_eq!(
        problems(r#"{ "forbidden": ["Docs"], "required": ["docs/a", "docs/*", "doc/docs"] }"#),
        ["/required/0: `docs/a` is both forbidden and required"]
    );
    assert_eq!(
        problems(r#"{ "unstated-modes": "deny", "secrets": false, "max-size": -1 }"#),
        [
            "/secrets: this has to be `true`, or a table with `allow`, `patterns` or both, not `false`",
            "/max-size: this has to be a number of bytes of at least 1, for example `\"64MiB\"`, not \
             `-1`",
            "/unstated-modes: says nothing without `setuid` or `world-writable`: set one of them",
        ]
    );
}

#[test]
fn the_schema_accepts_what_is_read() {
    let schema: Value = serde_json::from_str(include_str!("../../settings.schema.json")).unwrap();
    let schema = jsonschema::draft202012::new(&schema).unwrap();
    for settings in [
        WHOLE,
        "{}",
        "[]",
        r#"{ "secret": true }"#,
        r#"{ "secrets": true }"#,
        r#"{ "secrets": false }"#,
        r#"{ "secrets": {} }"#,
        r#"{ "secrets": { "allow": [] } }"#,
        r#"{ "secrets": { "allow": [{ "path": "a", "detector": "jwt" }] } }"#,
        r#"{ "secrets": { "allow": [{ "path": "a" }] } }"#,
        r#"{ "secrets": { "allow": [{ "path": "/a", "detector": "jwt" }] } }"#,
        r#"{ "secrets": { "allow": [{ "path": "a", "detector": "jwt", "digest": "sha256:0" }] } }"#,
        r#"{ "secrets": { "patterns": [] } }"#,
        r#"{ "secrets": { "patterns": [{ "name": "a", "regex": "" }] } }"#,
        r#"{ "secrets": { "patterns": [{ "name": "A", "regex": "a" }] } }"#,
        r#"{ "secrets": { "patterns": [{ "name": "a", "regex": "a" }] } }"#,
        r#"{ "setuid": "deny" }"#,
        r#"{ "setuid": "allow" }"#,
        r#"{ "setuid": {} }"#,
        r#"{ "setuid": { "allow": [] } }"#,
        r#"{ "setuid": { "allow": ["a", "a"] } }"#,
        r#"{ "setuid": { "allow": ["a"], "deny": ["b"] } }"#,
        r#"{ "setuid": { "allow": ["./a"] } }"#,
        r#"{ "setuid": { "allow": [".a"] } }"#,
        r#"{ "setuid": { "allow": [""] } }"#,
        r#"{ "setuid": { "allow": ["a/"] } }"#,
        r#"{ "setuid": { "allow": ["[a]"] } }"#,
        r#"{ "setuid": { "allow": ["a]"] } }"#,
        r#"{ "max-files": 0 }"#,
        r#"{ "max-files": 1 }"#,
        r#"{ "max-files": -1 }"#,
        r#"{ "max-files": 1.5 }"#,
        r#"{ "max-files": "1" }"#,
        r#"{ "max-size": 1 }"#,
        r#"{ "max-size": 0 }"#,
        r#"{ "max-size": "1" }"#,
        r#"{ "max-size": "0KiB" }"#,
        r#"{ "max-size": "010KiB" }"#,
        r#"{ "max-size": "1KB" }"#,
        r#"{ "max-size": "KiB" }"#,
        r#"{ "max-size": "+1KiB" }"#,
        r#"{ "max-total-size": "1 GiB" }"#,
        r#"{ "forbidden": [] }"#,
        r#"{ "forbidden": "a" }"#,
        r#"{ "forbidden": [1] }"#,
        r#"{ "required": ["**"] }"#,
        r#"{ "ambiguities": "deny" }"#,
        r#"{ "ambiguities": { "allow": ["nothing"] } }"#,
        r#"{ "ambiguities": { "allow": ["escaping-link"] } }"#,
    ] {
        let valid = schema.is_valid(&serde_json::from_str(settings).unwrap());
        assert_eq!(valid, problems(settings).is_empty(), "{settings}");
    }
}
