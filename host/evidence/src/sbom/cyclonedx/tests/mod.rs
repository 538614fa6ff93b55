//! The fixtures of the specification and real documents, in JSON and in XML.

mod hostile;
mod pairs;
mod questions;

use std::sync::Arc;

use lockgate_model::Kind;

use crate::sbom::shown::shown;
use crate::sbom::{Bom, Source, Unreadable};

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/sbom/");

/// Every document in a folder of the fixtures, by name.
#[expect(clippy::disallowed_methods, reason = "the fixtures lie in the repository")]
fn documents(folder: &str) -> Vec<(String, Vec<u8>)> {
    let entries = std::fs::read_dir(format!("{FIXTURES}{folder}")).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let mut documents: Vec<_> = paths
        .filter(|path| path.extension().is_some_and(|e| e == "json" || e == "xml"))
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read(path).unwrap())
        })
        .collect();
    documents.sort();
    documents
}

fn read(bytes: &[u8]) -> Result<Bom, Unreadable> {
    let source = Source { payload: Arc::new(bytes.to_vec()), body: 0..bytes.len() };
    Bom::read(Kind::Sbom, source)
}

const FOLDERS: &[&str] = &[
    "cyclonedx-examples",
    "cyclonedx-spec/1.3",
    "cyclonedx-spec/1.4",
    "cyclonedx-spec/1.5",
    "cyclonedx-spec/1.6",
];

/// Pairs that are not one document in two forms: names, purls, times or services differ in the files.
/// Of `dropwizard` only the JSON has eleven references with `${…}` and the license of one component.
const NOT_ONE_DOCUMENT: &[&str] = &[
    "dropwizard",
    "valid-bom-1.3",
    "valid-component-ref-1.3",
    "valid-compositions-1.3",
    "valid-dependency-1.3",
    "valid-license-expression-1.3",
    "valid-license-id-1.3",
    "valid-license-name-1.3",
    "valid-metadata-timestamp-1.3",
    "valid-bom-1.4",
    "valid-component-ref-1.4",
    "valid-compositions-1.4",
    "valid-dependency-1.4",
    "valid-license-expression-1.4",
    "valid-license-id-1.4",
    "valid-license-name-1.4",
    "valid-metadata-timestamp-1.4",
    "valid-bom-1.5",
    "valid-component-ref-1.5",
    "valid-compositions-1.5",
    "valid-dependency-1.5",
    "valid-license-expression-1.5",
    "valid-license-id-1.5",
    "valid-license-name-1.5",
    "valid-metadata-timestamp-1.5",
    "valid-saasbom-1.5",
];

#[test]
fn json_and_xml_of_one_document_are_one_index() {
    let mut pairs = 0;
    let mut differ = Vec::new();
    for folder in FOLDERS {
        let documents = documents(folder);
        for (name, json) in documents.iter().filter(|(name, _)| !name.starts_with("invalid")) {
            let Some(stem) = name.strip_suffix(".json") else { continue };
            let Some((_, xml)) = documents.iter().find(|(n, _)| *n == format!("{stem}.xml")) else {
                continue;
            };
            pairs += 1;
            if shown(&read(json).unwrap()) != shown(&read(xml).unwrap()) {
                differ.push(stem.to_owned());
            }
        }
    }
    assert_eq!(differ, NOT_ONE_DOCUMENT);
    assert_eq!(pairs, 135);
}

#[test]
fn which_documents_of_the_specification_are_readable() {
    let mut unreadable = Vec::new();
    let mut count = 0;
    for folder in FOLDERS {
        for (name, bytes) in documents(folder) {
            count += 1;
            if let Err(why) = read(&bytes) {
                unreadable.push(format!("{name}: {why}"));
            }
        }
    }
    let mut expected = Vec::new();
    for version in ["1.3", "1.4", "1.5", "1.6"] {
        let malformed = "the document is not valid CycloneDX";
        let line = if version == "1.6" { [30, 10] } else { [29, 9] };
        expected.extend([
            format!("invalid-bomformat-{version}.json: {}", Unreadable::Format),
            format!(
                "invalid-dependency-{version}.json: {malformed}: missing field `ref` at line {} \
                 column 5",
                line[0]
            ),
            format!("invalid-dependency-{version}.xml: {malformed}: a dependency has no `ref`"),
            format!(
                "invalid-empty-component-{version}.json: {malformed}: missing field `name` at \
                 line {} column 5",
                line[1]
            ),
            format!(
                "invalid-empty-component-{version}.xml: {malformed}: a component has no `name`"
            ),
            format!(
                "invalid-license-id-count-{version}.xml: {malformed}: an element has `id` twice"
            ),
            format!(
                "invalid-license-name-count-{version}.xml: {malformed}: an element has `name` twice"
            ),
            format!(
                "invalid-namespace-{version}.xml: {}",
                Unreadable::Version {
                    format: "CycloneDX",
                    version: "`12`".to_owned(),
                    reads: "1.2 and later",
                }
            ),
        ]);
    }
    assert_eq!(unreadable, expected);
    assert_eq!(count, 478);
}

#[test]
fn the_schema_finds_what_is_invalid_in_json_and_nothing_else() {
    let mut odd = Vec::new();
    let mut count = 0;
    for folder in FOLDERS {
        for (name, bytes) in documents(folder) {
            let Ok(bom) = read(&bytes) else { continue };
            if name.ends_with(".xml") {
                assert!(bom.schema_problems().is_err(), "{name}");
                continue;
            }
            count += 1;
            let problems = bom.schema_problems().unwrap();
            if problems.is_empty() == name.starts_with("invalid") {
                odd.push((name, problems.first().cloned()));
            }
        }
    }
    assert_eq!(odd, []);
    assert_eq!(count, 220);
}
