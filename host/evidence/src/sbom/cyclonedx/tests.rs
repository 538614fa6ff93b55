//! The fixtures of the specification and real documents, in JSON and in XML.

use lockgate_model::Kind;

use crate::sbom::shown::shown;
use crate::sbom::{Bom, Unreadable};

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/sbom/");

/// Every document in a folder of the fixtures, by name.
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
    Bom::read(Kind::Sbom, bytes)
}

const FOLDERS: &[&str] = &[
    "cyclonedx-examples",
    "cyclonedx-spec/1.3",
    "cyclonedx-spec/1.4",
    "cyclonedx-spec/1.5",
    "cyclonedx-spec/1.6",
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
            let (json, xml) = (shown(&read(json).unwrap()), shown(&read(xml).unwrap()));
            if json != xml {
                differ.push(name.clone());
                let lines = json.lines().zip(xml.lines()).find(|(a, b)| a != b);
                eprintln!("{name}: {lines:#?}");
            }
        }
    }
    assert_eq!(differ, [""; 0]);
    assert_eq!(pairs, 0);
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
    assert_eq!(unreadable, [""; 0]);
    assert_eq!(count, 0);
}
