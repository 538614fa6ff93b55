//! The page, the schema and the shapes say the same.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::shape::*;
use crate::{KINDS, Section, words};

const PAGE: &str = include_str!("../../../docs/facts.md");
const SCHEMA: &str = include_str!("../../../docs/facts.schema.json");

fn text() -> String {
    "x".into()
}

fn digest() -> String {
    format!("sha256:{}", "0".repeat(64))
}

fn moment() -> String {
    crate::moment::text(0).unwrap()
}

fn head() -> Head {
    Head {
        path: text(),
        digest: digest(),
        assurance: "verified".into(),
        signers: vec![text()],
        keys: vec![text()],
    }
}

fn value(shape: &impl serde::Serialize) -> Value {
    serde_json::to_value(shape).unwrap()
}

/// A view with everything in it where `full`, else with as little as there can be.
fn view(full: bool) -> Value {
    let maybe = |text: String| full.then_some(text);
    let number = full.then_some(0);
    let component = Component {
        name: text(),
        version: maybe(text()),
        purl: maybe(text()),
        kind: maybe(text()),
        supplier: maybe(text()),
        licenses: full.then(|| vec![text()]),
        hashes: full.then(|| vec![Hash { algorithm: text(), value: text() }]),
        dependencies: full.then(|| vec![0]),
        direct: full.then_some(true),
    };
    let statement = LicenseStatement { text: text(), form: text() };
    let bom = Bom {
        head: head(),
        format: text(),
        spec_version: text(),
        made_at: maybe(moment()),
        made_at_unix: number,
        tools: vec![text()],
        lifecycles: vec![text()],
        described: maybe(text()),
        component_count: 1,
        dependency_count: full.then_some(1),
        license_statements: full.then(|| vec![value(&statement)]),
        components: full.then(|| vec![value(&component)]),
    };
    let row = Row {
        vulnerability: text(),
        aliases: vec![text()],
        component: text(),
        version: maybe(text()),
        purl: maybe(text()),
        severity: text(),
        severity_source: maybe(text()),
        cvss: vec![Cvss { version: text(), vector: text(), score: 98, source: text() }],
        fixed_versions: vec![text()],
        published_at: maybe(moment()),
        published_at_unix: number,
        vex: full.then(|| Vex {
            status: text(),
            justification: maybe(text()),
            signers: vec![text()],
        }),
    };
    let scan = Scan {
        head: head(),
        format: text(),
        scanner: maybe(text()),
        scanner_version: maybe(text()),
        scanned_at: maybe(moment()),
        scanned_at_unix: number,
        database_at: maybe(moment()),
        database_at_unix: number,
        row_count: 1,
        rows: full.then(|| vec![value(&row)]),
    };
    let configuration =
        Configuration { name: maybe(text()), uri: maybe(text()), sha256: maybe(text()) };
    let test = TestResult {
        head: head(),
        outcome: text(),
        url: maybe(text()),
        configurations: vec![configuration],
        passed: vec![text()],
        warned: vec![],
        failed: vec![],
    };
    let entry = Entry {
        path: text(),
        kind: text(),
        size: 1,
        mode: full.then_some(0o755),
        digest: maybe(digest()),
        link_target: maybe(text()),
    };
    let archive = Archive {
        format: text(),
        ambiguities: vec![Ambiguity { code: text(), path: maybe(text()), detail: text() }],
        entries: vec![value(&entry)],
    };
    let decision = Decision { stage: text(), outcome: text(), at: moment(), at_unix: 0 };
    let history = History { decisions: vec![value(&decision)], runs: maybe(digest()) };
    let mut view = json!({
        "subject": { "digest": digest(), "sha512": maybe(text()) },
        "stage": "production",
        "signatures": [Signature { head: head(), format: text() }],
        "sbom": [bom],
        "scans": [scan],
        "tests": [test],
        "contents": archive,
        "history": history,
    });
    let members = view.as_object_mut().unwrap();
    for kind in KINDS {
        let predicate = json!({ "anything": [1] });
        let row = Attestation { head: head(), predicate_type: text(), predicate };
        members.insert(Section::Attestations(kind).key(), json!([row]));
    }
    if full {
        members.insert("at".into(), moment().into());
        members.insert("at_unix".into(), 0.into());
        members.insert("data".into(), json!({ "reviewed": [1] }));
    }
    view
}

#[test]
fn the_schema_accepts_what_there_can_be() {
    let schema = jsonschema::draft202012::new(&serde_json::from_str(SCHEMA).unwrap()).unwrap();
    for full in [true, false] {
        let errors: Vec<String> =
            schema.iter_errors(&view(full)).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
    let mut more = view(true);
    more["sbom"][0]["secret"] = json!(1);
    assert!(!schema.is_valid(&more), "nothing that it does not know");
}

/// Each object of a view by its path, with its keys: `sbom[].components[]`. Data and predicates are
/// whatever they are.
fn keys(path: &str, value: &Value, found: &mut BTreeMap<String, BTreeSet<String>>) {
    match value {
        Value::Array(elements) => {
            elements.iter().for_each(|element| keys(&format!("{path}[]"), element, found));
        }
        Value::Object(members) if path != "data" && !path.ends_with("predicate") => {
            let names = found.entry(path.to_owned()).or_default();
            names.extend(members.keys().cloned());
            for (name, value) in members {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                keys(&path, value, found);
            }
        }
        _ => {}
    }
}

/// Each table of the page by the path in the heading before it, with its keys and sections.
fn documented() -> BTreeMap<String, BTreeMap<String, String>> {
    let mut tables = BTreeMap::<String, BTreeMap<String, String>>::new();
    let mut path = String::new();
    for line in PAGE.lines() {
        if let Some(heading) = line.strip_prefix('#') {
            path = heading.trim_matches(['#', ' ', '`']).replace("The view", "");
        }
        if let Some(cells) = line.strip_prefix("| `") {
            let (key, rest) = cells.split_once("` | ").unwrap();
            let (section, _) = rest.split_once(" | ").unwrap();
            let before = tables.entry(path.clone()).or_default().insert(key.into(), section.into());
            assert_eq!(before, None, "{path}: `{key}` stands once");
        }
    }
    tables
}

#[test]
fn the_page_and_the_shapes_have_the_same_keys() {
    let mut found = BTreeMap::new();
    keys("", &view(true), &mut found);
    for kind in KINDS.into_iter().skip(1) {
        let same = found.remove(&format!("{}[]", Section::Attestations(kind).key())).unwrap();
        assert_eq!(same, found["provenance[]"]);
    }
    let page: BTreeMap<String, BTreeSet<String>> =
        documented().into_iter().map(|(path, rows)| (path, rows.into_keys().collect())).collect();
    assert_eq!(page, found);
}

#[test]
fn the_page_names_every_section_and_no_other() {
    let mut named = BTreeSet::new();
    for section in documented().values().flat_map(BTreeMap::values) {
        match section.as_str() {
            "always" | "the kind" => {}
            word => {
                named.insert(Section::parse(word.trim_matches('`')).unwrap().word());
            }
        }
    }
    let message = Section::parse("nothing").unwrap_err();
    let every = message.split('`').skip(3).step_by(2).map(str::to_owned).collect();
    assert_eq!(named, every);
}

#[test]
fn what_a_policy_reads_follows_from_its_sections() {
    let sections = ["time", "sbom.licenses", "sbom", "tests", "test-result", "scans", "data.a"]
        .map(|word| Section::parse(word).unwrap());
    assert_eq!(words(&sections, &[]), ["data", "sbom", "test-result", "vulnerabilities"]);
    assert_eq!(words(&[Section::ScansRows], &["sec".into()]), ["vex", "vulnerabilities"]);
    assert_eq!(words(&[Section::Time], &[]), [""; 0]);
}
