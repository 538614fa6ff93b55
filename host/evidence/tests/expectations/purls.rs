//! Package URLs against packageurl-python, on the official suite.

use lockgate_evidence::package::{Purl, canonical};
use serde_json::{Map, Value, json};

use crate::common::{bytes, repository};
use crate::{Differences, Known, expected};

const KNOWN: &[Known] = &[];

const PARTS: [&str; 6] = ["type", "namespace", "name", "version", "qualifiers", "subpath"];

/// What we make of a case; null where we refuse it.
fn made(kind: &str, input: &Value) -> Value {
    let purl = match input.as_str() {
        Some(text) if kind == "parse" => {
            return text.parse().map_or(Value::Null, |purl| parts(&purl));
        }
        Some(text) => canonical(text),
        None => built(input).map(|purl| purl.to_string()),
    };
    purl.map_or(Value::Null, Value::String)
}

fn built(input: &Value) -> Result<Purl, lockgate_evidence::package::NotAPurl> {
    let [kind, namespace, name, version, _, subpath] =
        PARTS.map(|part| input[part].as_str().unwrap_or_default());
    let none = Map::new();
    let qualifiers = input["qualifiers"].as_object().unwrap_or(&none);
    let qualifiers: Vec<(&str, &str)> =
        qualifiers.iter().map(|(key, value)| (&**key, value.as_str().unwrap())).collect();
    Purl::new(kind, namespace, name, version, &qualifiers, subpath)
}

fn parts(purl: &Purl) -> Value {
    let qualifiers: Map<String, Value> =
        purl.qualifiers().map(|(key, value)| (key.to_owned(), json!(value))).collect();
    json!({
        "type": purl.package_type(),
        "namespace": purl.namespace(),
        "name": purl.name(),
        "version": purl.version(),
        "qualifiers": (!qualifiers.is_empty()).then_some(qualifiers),
        "subpath": purl.subpath(),
    })
}

#[test]
fn every_case_of_the_suite_is_what_another_library_makes_of_it_where_the_suite_agrees_with_that() {
    let mut differences = Differences::new(KNOWN);
    let mut compared = 0;
    for (path, theirs) in &expected("purl") {
        let suite: Value =
            serde_json::from_slice(&bytes(repository("tests/fixtures").join(path))).unwrap();
        let cases = suite["tests"].as_array().unwrap();
        let theirs = theirs.as_array().unwrap();
        assert_eq!(cases.len(), theirs.len(), "{path}");
        for (case, theirs) in cases.iter().zip(theirs) {
            let [kind, agrees, theirs] = theirs.as_array().unwrap().as_slice() else {
                panic!("three members")
            };
            // Where the suite contradicts the library it is the suite that counts: purl.rs.
            if *agrees == json!(true) {
                let input = &case["input"];
                let ours = made(kind.as_str().unwrap(), input);
                differences.hold(&format!("{path} {input}"), kind.as_str().unwrap(), &ours, theirs);
                compared += 1;
            }
        }
    }
    assert!(compared > 450, "only {compared} cases");
    differences.settle();
}
