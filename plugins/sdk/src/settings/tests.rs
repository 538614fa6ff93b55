use std::collections::BTreeMap;

use serde::Deserialize;

use super::*;
use crate::{Description, Failure, Report};

#[derive(Debug)]
struct Strict;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    #[expect(dead_code, reason = "read for its form alone")]
    lists: Vec<Vec<u8>>,
}

impl Policy for Strict {
    type Settings = Settings;
    const DESCRIPTION: Description = Description {
        name: "strict",
        version: "1",
        rules: &[],
        settings_schema: "{}",
        needs: &[],
        uses: &[],
    };

    fn new(_: Settings) -> Result<Self, Vec<Problem>> {
        Ok(Self)
    }

    fn evaluate(&self) -> Result<Report, Failure> {
        Ok(Report::new())
    }
}

fn problem(settings: &str) -> String {
    from_json::<Strict>(settings).unwrap_err()[0].to_string()
}

#[test]
fn a_problem_names_the_setting_that_it_is_about() {
    for (settings, expected) in [
        (r#"{"lists": [[1], [2, "x"]]}"#, "/lists/1/1: invalid type: string \"x\", expected u8"),
        (r#"{"list/s": []}"#, "/list~1s: `list/s` is not known here: `lists` is"),
        ("{}", "/lists: `lists` is missing"),
        (r#"{"lists": [], "lists": []}"#, ": duplicate field `lists`"),
        (r#"{"lists": 1.5}"#, "/lists: invalid type: floating point `1.5`, expected a sequence"),
        (r#"{"lists": [[256]]}"#, "/lists/0/0: invalid value: integer `256`, expected u8"),
        (r#"{"lists": null}"#, "/lists: invalid type: null, expected a sequence"),
        (r#"{"lists": []} {}"#, ": the settings are one JSON value, and more follows"),
    ] {
        assert_eq!(problem(settings), expected);
    }
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Unit,
    Newtype(u8),
    Struct { at: Option<i64> },
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(untagged)]
enum Either {
    Text(String),
    Map(BTreeMap<String, bool>),
}

#[derive(Debug, PartialEq, Deserialize)]
struct All {
    kinds: Vec<Kind>,
    either: (Either, Either),
    half: f64,
    #[serde(default)]
    missing: Option<u8>,
}

#[test]
fn every_shape_is_read_as_from_the_text() {
    let text = r#"{
        "kinds": ["unit", { "newtype": 1 }, { "struct": { "at": -5 } }],
        "either": ["a", { "b": true }], "half": 0.5, "missing": null, "ignored": [1.5, {}]
    }"#;
    let theirs: All = serde_json::from_str(text).unwrap();
    assert_eq!(read::<All>(text).unwrap(), theirs);
    for (text, expected) in [
        (r#""other""#, ": unknown variant `other`, expected one of `unit`, `newtype`, `struct`"),
        (r#"{ "newtype": "x" }"#, "/newtype: invalid type: string \"x\", expected u8"),
        (r#"{ "unit": 1, "newtype": 1 }"#, ": invalid value: map, expected map with a single key"),
        ("5", ": invalid type: integer `5`, expected string or map"),
    ] {
        assert_eq!(read::<Kind>(text).unwrap_err().to_string(), expected);
    }
    let long = read::<(u8, u8)>("[1, 2, 3]").unwrap_err().to_string();
    assert_eq!(long, ": invalid length 3, expected fewer elements in sequence");
}
