//! What settings are taken, and what is said of those that are not.

use serde_json::Value;

use super::Settings;

fn problems(settings: &str) -> Vec<String> {
    // As the host's way in has it, but that no list is opened here.
    let read = lockgate_plugin::read(settings).map_err(|problem| vec![problem]);
    let refused = read.and_then(|value| Settings::read(&value)).err().unwrap_or_default();
    refused.iter().map(ToString::to_string).collect()
}

const LEFT: &str = "it softens `deny`, which is not set; leave the key out";

#[test]
fn all_problems_are_told_at_once_with_an_example() {
    let settings = r#"{
        "min-scans": 0, "scanners": [], "honour-vex": ["a", "", "a", 1], "deny": {}, "grace": {},
        "known-exploited": { "data": "KEV" }, "colour": "red",
        "exploit-probability": { "at-least": "10%", "max-age": "1w", "unknown": "warn" }
    }"#;
    assert_eq!(
        problems(settings),
        [
            "/colour: `colour` is not known here: `max-age`, `database-max-age`, `min-scans`, `scanners`, \
             `suppressed`, `deny`, `honour-vex`, `known-exploited`, `exploit-probability`, \
             `fixable-only`, `grace` is",
            "/max-age: `max-age` is missing: give a duration, for example `\"24h\"` or `\"7d\"`",
            "/min-scans: this has to be a whole number from 1 on, for example `2`, not `0`",
            "/scanners: name at least one, or leave the key out",
            "/deny: set `severity` or `score`, for example `{ severity = \"high\" }`",
            "/honour-vex/1: an empty text names nobody",
            "/honour-vex/2: `a` is named twice",
            "/honour-vex/3: this has to be a text, for example `\"security\"`, not `1`",
            "/known-exploited/data: this has to be what the policy file calls the data file, for example `\"kev\"`, \
             not `\"KEV\"`",
            "/exploit-probability/at-least: this has to be a probability above 0 and up to 1 in quotes, for example \
             `\"0.10\"` for one in ten, not `\"10%\"`",
            "/exploit-probability/max-age: this has to be a duration, for example `\"24h\"` or `\"7d\"`, not \
             `\"1w\"`",
            "/exploit-probability/unknown: this has to be `\"deny\"` or `\"pass\"`, not `\"warn\"`",
            "/exploit-probability/data: `data` is missing: give what the policy file calls the data file, for example \
             `\"kev\"`",
            "/grace: set one for a severity, for example `{ high = \"7d\" }`",
        ]
    );
}

#[test]
fn settings_that_let_everything_pass_are_refused() {
    assert_eq!(
        problems(r#"{ "max-age": "1d", "fixable-only": true, "grace": { "low": "1d" } }"#),
        [
            ": set `deny`, `known-exploited` or `exploit-probability`, for example \
             `deny = { severity = \"high\" }`: without one every vulnerability passes"
                .to_owned(),
            format!("/fixable-only: {LEFT}"),
            format!("/grace: {LEFT}"),
        ]
    );
    let grace = r#"{ "max-age": "1d", "deny": { "severity": "high" }, "grace": { "low": "1d" } }"#;
    assert_eq!(
        problems(grace),
        [
            "/grace/low: `deny.severity` is `high`, so nothing of this severity is denied; leave the key \
          out"
        ]
    );
}

#[test]
fn a_value_of_another_form_is_told_where_it_is() {
    for (more, problem) in [
        (
            "\"deny\": { \"severity\": \"unknown\" }",
            "/deny/severity: this has to be one of `\"low\"`, `\"medium\"`, `\"high\"`, `\"critical\"`, not \
             `\"unknown\"`",
        ),
        (
            "\"deny\": { \"score\": 7.0 }",
            "/deny/score: invalid type: floating point `7.0`, expected a text (a fraction in quotes, as \
             `\"7.0\"`), a whole number, `true`, `false`, a list or a table",
        ),
        (
            "\"deny\": { \"score\": 7 }",
            "/deny/score: this has to be a CVSS score from 0.1 to 10.0 in quotes, for example `\"7.0\"`, not `7`",
        ),
        ("\"deny\": []", "/deny: this has to be a table with `severity`, `score`, not a list"),
        (
            "\"deny\": { \"severity\": \"low\" }, \"suppressed\": \"pass\"",
            "/suppressed: this has to be `\"deny\"` or `\"warn\"`, not `\"pass\"`",
        ),
        (
            "\"deny\": { \"severity\": \"low\" }, \"fixable-only\": \"yes\"",
            "/fixable-only: this has to be `true` or `false`, not `\"yes\"`",
        ),
        (
            "\"deny\": { \"severity\": \"low\" }, \"scanners\": \"Trivy\"",
            "/scanners: this has to be a list of texts, for example `[\"Trivy\"]`, not `\"Trivy\"`",
        ),
        (
            "\"deny\": { \"severity\": \"low\" }, \"a/b\": null",
            "/a~1b: `a/b` is not known here: `max-age`, `database-max-age`, `min-scans`, `scanners`, \
             `suppressed`, `deny`, `honour-vex`, `known-exploited`, `exploit-probability`, \
             `fixable-only`, `grace` is",
        ),
    ] {
        assert_eq!(problems(&format!("{{ \"max-age\": \"1d\", {more} }}")), [problem]);
    }
    assert_eq!(
        problems("[]"),
        [": this has to be a table with `max-age`, `database-max-age`, `min-scans`, `scanners`, \
          `suppressed`, `deny`, `honour-vex`, `known-exploited`, `exploit-probability`, `fixable-only`, \
          `grace`, not a list"]
    );
}

#[test]
fn the_schema_and_the_policy_accept_the_same_settings() {
    let schema: Value = serde_json::from_str(include_str!("../../settings.schema.json")).unwrap();
    let compiled = jsonschema::draft202012::new(&schema).unwrap();
    let check = |settings: &Value| {
        let text = settings.to_string();
        let problems = problems(&text);
        assert_eq!(compiled.is_valid(settings), problems.is_empty(), "{text}: {problems:?}");
    };
    for example in schema["examples"].as_array().unwrap() {
        assert_eq!(problems(&example.to_string()), [""; 0], "{example}");
        check(example);
    }
    let high = r#""max-age": "1d", "deny": { "severity": "high" }"#;
    for more in [
        r#""deny": { "severity": "high" }"#,
        r#""max-age": "1d""#,
        r#""max-age": "0d", "deny": { "severity": "high" }"#,
        r#""max-age": 1, "deny": { "severity": "high" }"#,
        r#""max-age": "1d", "deny": {}"#,
        r#""max-age": "1d", "deny": { "severity": "none" }"#,
        r#""max-age": "1d", "deny": { "severity": "low", "scores": "1.0" }"#,
        r#""max-age": "1d", "known-exploited": { "data": "kev" }"#,
        r#""max-age": "1d", "known-exploited": { "data": "kev", "max-age": "1d" }"#,
        r#""max-age": "1d", "known-exploited": {}"#,
        r#""max-age": "1d", "known-exploited": { "data": "a--b" }"#,
        r#""max-age": "1d", "known-exploited": { "data": "kev" }, "fixable-only": false"#,
        r#""max-age": "1d", "known-exploited": { "data": "kev" }, "grace": { "low": "1d" }"#,
        r#""max-age": "1d", "exploit-probability": { "data": "epss" }"#,
        r#""max-age": "1d", "exploit-probability": { "data": "epss", "at-least": "0.1", "unknown": "pass" }"#,
        r#""max-age": "1d", "exploit-probability": { "data": "epss", "at-least": "0.1", "unknown": "warn" }"#,
        r#""max-age": "1d", "deny": { "score": "7.0" }, "grace": { "low": "1d" }"#,
        r#""max-age": "1d", "deny": { "score": "7.0", "severity": "high" }, "grace": { "low": "1d" }"#,
    ] {
        check(&serde_json::from_str(&format!("{{ {more} }}")).unwrap());
    }
    for more in [
        r#""database-max-age": "1d""#,
        r#""database-max-age": """#,
        r#""min-scans": 0"#,
        r#""min-scans": 1"#,
        r#""min-scans": 4294967296"#,
        r#""scanners": []"#,
        r#""scanners": [""]"#,
        r#""scanners": ["Trivy", "Trivy"]"#,
        r#""scanners": ["Trivy"]"#,
        r#""honour-vex": []"#,
        r#""honour-vex": ["a", "b"]"#,
        r#""fixable-only": true"#,
        r#""fixable-only": "true""#,
        r#""grace": {}"#,
        r#""grace": { "unknown": "1d" }"#,
        r#""grace": { "medium": "1d" }"#,
        r#""grace": { "high": "1d", "critical": "1h" }"#,
        r#""colour": 1"#,
    ] {
        check(&serde_json::from_str(&format!("{{ {high}, {more} }}")).unwrap());
    }
    for severity in ["low", "medium", "high", "critical"] {
        for grace in ["low", "medium", "high", "critical"] {
            check(&serde_json::json!({
                "max-age": "1d", "deny": { "severity": severity }, "grace": { grace: "1d" },
            }));
        }
    }
    for text in ["7.0", "10.0", "0.1", "0.0", "10.1", "7", "7.00", "07.0", ""] {
        check(&serde_json::json!({ "max-age": "1d", "deny": { "score": text } }));
    }
    for text in ["0.1", "0.0", "0", "1", "1.0", "1.01", "0.", ".5", "0.000001", "2", ""] {
        let list = serde_json::json!({ "data": "epss", "at-least": text });
        check(&serde_json::json!({ "max-age": "1d", "exploit-probability": list }));
    }
}
