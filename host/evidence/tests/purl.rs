//! The official test suite of package URLs, and laws that hold for every text.

#![expect(clippy::disallowed_methods, reason = "the suite is read from this repository")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use lockgate_evidence::package::{NotAPurl, Purl, canonical};
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
struct Suite {
    tests: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    test_type: String,
    input: Either,
    #[serde(default)]
    expected_output: Option<Either>,
    expected_failure: bool,
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
enum Either {
    Text(String),
    Parts(Parts),
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
struct Parts {
    #[serde(rename = "type")]
    package_type: Option<String>,
    namespace: Option<String>,
    name: Option<String>,
    version: Option<String>,
    qualifiers: Option<BTreeMap<String, String>>,
    subpath: Option<String>,
}

/// Cases that are not met: (file, `test_type`, input, why). One that starts to pass fails the test.
const MISSES: &[(&str, &str, &str, &str)] = &[
    (
        "types/gem-test.json",
        "parse",
        "pkg:gem/jruby-launcher@1.1.2?Platform=java",
        "refuses a key in upper case, which `validate` of the same text asks to be made small",
    ),
    (
        "types/rpm-test.json",
        "parse",
        "pkg:Rpm/fedora/curl@7.50.3-1.fc25?Arch=i386&Distro=fedora-25",
        "refuses a key in upper case, which `validate` of the same text asks to be made small",
    ),
];

#[test]
fn the_official_suite_passes_but_for_the_misses_that_are_listed() {
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut failures = String::new();
    for (file, suite) in suites() {
        for case in suite.tests {
            let met = outcome(&case) == expected(&case);
            let is_listed = MISSES.iter().any(|(listed, test_type, input, _)| {
                *listed == file
                    && *test_type == case.test_type
                    && matches!(&case.input, Either::Text(text) if text == input)
            });
            let (passed, all) = counts.entry(case.test_type.clone()).or_default();
            *all += 1;
            *passed += usize::from(met);
            if met == is_listed {
                let shown = (&case.test_type, &case.input, outcome(&case), expected(&case));
                writeln!(failures, "{file}: listed: {is_listed}: {shown:?}").unwrap();
            }
        }
    }
    assert_eq!(failures, "");
    let counts: Vec<_> = counts.iter().map(|(name, count)| (name.as_str(), *count)).collect();
    // What docs/evidence.md says.
    assert_eq!(counts, [("build", (176, 176)), ("parse", (204, 206)), ("validate", (204, 204))]);
}

fn outcome(case: &Case) -> Option<Either> {
    match (&case.input, case.test_type.as_str()) {
        (Either::Text(text), "validate" | "roundtrip") => canonical(text).ok().map(Either::Text),
        (Either::Text(text), "parse") => text.parse().ok().map(|purl| Either::Parts(parts(&purl))),
        (Either::Parts(parts), "build") => {
            build(parts).ok().map(|purl| Either::Text(purl.to_string()))
        }
        (input, test_type) => panic!("a case of the type {test_type} has {input:?}"),
    }
}

fn expected(case: &Case) -> Option<Either> {
    if case.expected_failure {
        return None;
    }
    match case.expected_output.as_ref().expect("what is no failure has an output") {
        Either::Text(text) => Some(Either::Text(text.clone())),
        Either::Parts(parts) => {
            let some = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
            let qualifiers = parts.qualifiers.clone().filter(|all| !all.is_empty());
            Some(Either::Parts(Parts {
                package_type: some(&parts.package_type),
                namespace: some(&parts.namespace),
                name: some(&parts.name),
                version: some(&parts.version),
                qualifiers,
                subpath: some(&parts.subpath),
            }))
        }
    }
}

fn parts(purl: &Purl) -> Parts {
    let own = |text: &str| text.to_owned();
    let qualifiers: BTreeMap<_, _> =
        purl.qualifiers().map(|(key, value)| (own(key), own(value))).collect();
    Parts {
        package_type: Some(own(purl.package_type())),
        namespace: purl.namespace().map(own),
        name: Some(own(purl.name())),
        version: purl.version().map(own),
        qualifiers: Some(qualifiers).filter(|all| !all.is_empty()),
        subpath: purl.subpath().map(own),
    }
}

fn build(parts: &Parts) -> Result<Purl, NotAPurl> {
    let text = |part: &'_ Option<String>| part.clone().unwrap_or_default();
    let qualifiers = parts.qualifiers.iter().flatten();
    let qualifiers: Vec<(&str, &str)> =
        qualifiers.map(|(key, value)| (key.as_str(), value.as_str())).collect();
    Purl::new(
        &text(&parts.package_type),
        &text(&parts.namespace),
        &text(&parts.name),
        &text(&parts.version),
        &qualifiers,
        &text(&parts.subpath),
    )
}

fn suites() -> Vec<(String, Suite)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/purl");
    let files = ["spec", "types"].iter().flat_map(|folder| {
        let listed = std::fs::read_dir(root.join(folder)).expect("the fixtures are here");
        listed.map(|entry| entry.expect("it can be listed").path())
    });
    let mut files: Vec<PathBuf> = files.collect();
    files.sort();
    let read = |path: PathBuf| {
        let name = path.strip_prefix(&root).expect("it lies there").display().to_string();
        let text = std::fs::read_to_string(&path).expect("it can be read");
        (name, serde_json::from_str(&text).expect("it is a suite"))
    };
    files.into_iter().map(read).collect()
}

#[test]
fn what_is_wrong_is_said() {
    let why = |text: &str| canonical(text).unwrap_err().to_string();
    for (text, expected) in [
        ("left-pad", "it does not begin with `pkg:`"),
        ("pkg:npm", "it has no name behind a type"),
        ("pkg:npm/", "it has no name"),
        ("pkg:3d/x", "its type does not begin with a letter"),
        ("pkg:a+b/x", "its type has other characters than letters, digits, `.` and `-`"),
        ("pkg:npm/a?b=c?d=e", "it has a second `?`, to be written `%3F`"),
        ("pkg:npm/a#b#c", "it has a second `#`, to be written `%23`"),
        ("pkg:npm/a%2", "a percent sign is not followed by two hexadecimal digits"),
        ("pkg:npm/a%ff", "what it encodes is not UTF-8"),
        ("pkg:npm/a%2Fb/c", "a segment of it has a slash inside, written `%2F`"),
        ("pkg:npm/a?b", "a qualifier has no `=`"),
        ("pkg:npm/a?b=1&B=2", "it has a qualifier twice"),
        ("pkg:julia/Dates", "packages of its type have the qualifier `uuid`"),
    ] {
        assert_eq!(why(text), format!("`{text}` is not a package URL: {expected}"));
    }
}

/// Texts in which the marks of a package URL are frequent.
fn any_text() -> impl Strategy<Value = String> {
    let types = prop::sample::select(vec![
        "npm", "pypi", "nuget", "git", "golang", "mlflow", "pub", "oci", "Generic", "hex", "x",
    ]);
    let tokens = prop::sample::select(vec![
        "/",
        "@",
        "?",
        "#",
        "&",
        "=",
        "%",
        "%2F",
        "%25",
        "%C3%A9",
        "%40",
        ".",
        "..",
        "a",
        "B",
        "_",
        "-",
        "1",
        ":",
        "+",
        " ",
        "é",
        "uuid",
        "repository_url",
        "databricks",
        "%00",
    ]);
    (types, prop::collection::vec(tokens, 0..12))
        .prop_map(|(name, tokens)| format!("pkg:{name}/{}", tokens.concat()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn a_canonical_text_stays_as_it_is(text in prop_oneof![any_text(), any::<String>()]) {
        if let Ok(once) = canonical(&text) {
            prop_assert_eq!(canonical(&once), Ok(once.clone()));
            prop_assert_eq!(text.parse::<Purl>().unwrap().to_string(), once);
        }
    }

    #[test]
    fn parts_that_are_put_together_come_apart_again(
        namespace in "[a-z@/%é]{0,6}",
        name in "[a-zA-Z@?#%+ é:]{1,6}",
        version in "[0-9a-z@/?#%+é]{0,6}",
        value in "[a-z@/?#%+&=é ]{0,6}",
        subpath in "[a-z@/?#%+&=é .]{0,6}",
    ) {
        let built =
            Purl::new("generic", &namespace, &name, &version, &[("key", &value)], &subpath).unwrap();
        prop_assert_eq!(built.to_string().parse::<Purl>(), Ok(built.clone()), "{}", built);
        prop_assert_eq!(built.name(), name);
        prop_assert_eq!(built.version().unwrap_or_default(), version);
        let values: Vec<_> = built.qualifiers().collect();
        prop_assert!(value.is_empty() && values.is_empty() || values == [("key", &*value)]);
    }
}
