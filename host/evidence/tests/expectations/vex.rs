//! VEX documents against a plain walk.

use lockgate_evidence::vex::{Component, Document, Product, Statement};
use serde_json::{Value, json};

use crate::common::{CYCLONEDX, Case, Key, bytes, lines, repository, statement};
use crate::{Differences, Known, expected};

const KNOWN: &[Known] = &[];

fn summary(document: &Document) -> Value {
    json!({
        "format": document.format().to_lowercase(),
        "version": document.version(),
        "author": document.author(),
        "statements": document.statements().len(),
        "rows": sorted(document.statements().iter().flat_map(rows)),
    })
}

/// Vulnerability, status, product, subcomponents, justification and time; one row for each product, or
/// for each component where it names no product.
fn rows(statement: &Statement) -> Vec<Value> {
    let row = |product: Option<&Component>, parts: &[Component]| {
        let mut parts: Vec<String> = parts.iter().chain(&statement.parts).map(name).collect();
        parts.sort_unstable();
        json!([
            statement.vulnerability,
            statement.status.as_str(),
            product.map(name),
            parts,
            statement.justification,
            statement.at.map(|at| at.unix()),
        ])
    };
    let of_product = |product: &Product| match &product.component {
        Some(component) => vec![row(Some(component), &product.parts)],
        None => product.parts.chunks(1).map(|part| row(None, part)).collect(),
    };
    statement.products.iter().flat_map(of_product).collect()
}

fn name(component: &Component) -> String {
    match component {
        Component::Package(package) => package.as_str().to_owned(),
        Component::Named { name, .. } => name.clone(),
        Component::Vague(text) => text.clone(),
    }
}

fn sorted(rows: impl Iterator<Item = Value>) -> Value {
    let mut rows: Vec<Value> = rows.collect();
    rows.sort_by_key(ToString::to_string);
    Value::Array(rows)
}

/// What a document states. It has to be signed, for nobody else is heard.
fn read(path: &str) -> Result<Value, String> {
    let document: Value =
        serde_json::from_slice(&bytes(repository("tests/fixtures").join(path))).unwrap();
    let is_cyclonedx = document.get("bomFormat").is_some();
    let predicate_type = if is_cyclonedx { CYCLONEDX } else { "https://openvex.dev/ns" };
    let key = Key::p256();
    let case = Case::new().json("d.json", &key.bundle(&statement(predicate_type, &document)));
    let facts = case.facts(&key.trusted("ci"));
    match facts.attestations() {
        [fact] => fact.get().vex().map(|vex| summary(vex)).map_err(ToString::to_string),
        _ => Err(lines(&facts).join("; ")),
    }
}

#[test]
fn every_vex_document_states_what_a_plain_walk_reads_in_it() {
    let mut differences = Differences::new(KNOWN);
    let expected = expected("vex");
    assert!(expected.len() >= 10, "only {} documents", expected.len());
    for (path, theirs) in &expected {
        match read(path) {
            Ok(ours) => {
                for (key, ours) in ours.as_object().unwrap() {
                    let theirs = match key.as_str() {
                        "rows" => sorted(theirs["rows"].as_array().unwrap().iter().cloned()),
                        _ => theirs[key].clone(),
                    };
                    differences.hold(path, key, ours, &theirs);
                }
            }
            Err(why) => differences.hold(path, "reads", &json!(why), &json!(true)),
        }
    }
    differences.settle();
}
