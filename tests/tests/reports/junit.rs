//! JUnit XML keeps the schema of Jenkins' xunit plugin, which is in `tests/fixtures/reports`; this is
//! what it says, for there is no validator of XSD to ask. Nightly, `xmllint` is asked, too.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde_json::Value;

/// Each element, its attributes, and the elements in it.
const SCHEMA: &[(&str, &[&str], &[&str])] = &[
    ("testsuites", &["name", "tests", "failures", "errors"], &["testsuite"]),
    (
        "testsuite",
        &["name", "tests", "failures", "errors", "skipped", "time", "timestamp"],
        &["properties", "testcase"],
    ),
    ("properties", &[], &["property"]),
    ("property", &["name", "value"], &[]),
    ("testcase", &["name", "classname", "time"], &["failure", "error", "skipped", "system-out"]),
    ("failure", &["type", "message"], &[]),
    ("error", &["type", "message"], &[]),
    ("skipped", &["type", "message"], &[]),
    ("system-out", &[], &[]),
];

/// Holds a document against the schema, and its counts against what it has.
pub(crate) fn check(text: &str, report: &Value) {
    let forbidden = |c: char| {
        (c < ' ' && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{fffe}' | '\u{ffff}')
    };
    assert!(!text.contains(forbidden), "XML 1.0 forbids a character that is there");
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let mut within: Vec<String> = Vec::new();
    let mut counted: BTreeMap<String, usize> = BTreeMap::new();
    let mut stated: BTreeMap<String, String> = BTreeMap::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(element) => {
                let name = open(&element, within.last().map(String::as_str), &mut stated);
                *counted.entry(name.clone()).or_default() += 1;
                within.push(name);
            }
            Event::Empty(element) => {
                let name = open(&element, within.last().map(String::as_str), &mut stated);
                *counted.entry(name).or_default() += 1;
            }
            Event::End(_) => drop(within.pop()),
            Event::Text(text) => {
                let blank = text.trim().is_empty();
                let takes = ["failure", "error", "system-out"];
                assert!(blank || takes.contains(&within.last().unwrap().as_str()), "{text:?}");
            }
            Event::GeneralRef(name) => {
                let known = ["lt", "gt", "amp", "quot", "apos"];
                assert!(known.contains(&&*name) || name.starts_with('#'), "{name:?}");
            }
            Event::Decl(_) => {}
            Event::Eof => break,
            odd => panic!("{odd:?}"),
        }
    }
    assert!(within.is_empty());
    let count = |name: &str| counted.get(name).copied().unwrap_or(0).to_string();
    assert_eq!(stated["tests"], count("testcase"));
    assert_eq!(stated["failures"], count("failure"));
    assert_eq!(stated["errors"], count("error"));
    let red = counted.contains_key("failure") || counted.contains_key("error");
    assert_eq!(red, report["outcome"] != "allowed", "red if and only if the gate is shut");
}

/// The element's name, if it may stand there and has the attributes that it may have.
fn open(
    element: &BytesStart<'_>,
    within: Option<&str>,
    stated: &mut BTreeMap<String, String>,
) -> String {
    let name = element.name().as_ref().to_owned();
    let known = |wanted: &str| SCHEMA.iter().find(|(name, ..)| *name == wanted);
    let (_, attributes, _) =
        known(&name).unwrap_or_else(|| panic!("`{name}` is no element of ours"));
    match within {
        None => assert_eq!(name, "testsuites"),
        Some(outer) => {
            assert!(known(outer).unwrap().2.contains(&name.as_str()), "{name} in {outer}");
        }
    }
    for attribute in element.attributes() {
        let attribute = attribute.unwrap();
        let key = attribute.key.as_ref().to_owned();
        assert!(attributes.contains(&key.as_str()), "`{key}` of `{name}` is no attribute of ours");
        if name == "testsuites" {
            stated.insert(key, attribute.value.to_string());
        }
    }
    name
}
