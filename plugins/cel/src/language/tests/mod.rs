//! Expressions and what they come to.

mod laws;
mod refused;
mod stopped;
mod values;
mod words;

use lockgate_facts::Section;
use serde_json::{Map as Object, Value as Json, json};

use super::*;

/// Facts to ask. `it` is the SBOM, and `data.evidence` the provenance as if nothing were known of it.
fn view() -> Object<String, Json> {
    let digest = |byte: &str| format!("sha256:{}", byte.repeat(32));
    let provenance = json!({
        "path": "p.json", "digest": digest("01"), "assurance": "verified",
        "signers": ["builder"], "keys": ["k1"],
        "predicate_type": "https://slsa.dev/provenance/v1",
        "predicate": {
            "runDetails": { "builder": { "id": "https://example.com/builder" }, "note": null },
            "steps": [1, 2.5, "x"], "none": [], "labels": { "a": "1", "b-c": "2" },
        },
    });
    let view = json!({
        "subject": { "digest": digest("aa"), "sha512": null },
        "stage": "production",
        "at": "2026-10-02T00:00:00Z",
        "at_unix": 1_790_899_200,
        "provenance": [provenance],
        "sbom": [{
            "path": "s.json", "digest": digest("02"), "assurance": "verified",
            "signers": ["ci"], "keys": ["k2"], "format": "cyclonedx", "spec_version": "1.6",
            "made_at": null, "made_at_unix": null, "tools": [], "lifecycles": [],
            "described": "app", "component_count": 2,
            "components": [
                { "name": "a", "version": "1.0.0", "purl": "pkg:npm/a@1.0.0", "type": "library",
                  "supplier": null, "licenses": ["MIT"] },
                { "name": "b", "version": null, "purl": null, "type": null,
                  "supplier": "Acme", "licenses": [] },
            ],
            "license_statements": [{ "text": "MIT", "form": "expression" }],
        }],
        "scans": [],
        "data": {
            "reviewed": { "names": ["a"], "count": 18_446_744_073_709_551_615_u64 },
            "evidence": provenance,
        },
    });
    view.as_object().unwrap().clone()
}

fn sections() -> Vec<Section> {
    let words = ["time", "provenance", "sbom.licenses", "scans", "data.reviewed", "data.evidence"];
    Section::all(&words.map(str::to_owned)).unwrap()
}

/// What an expression comes to, as it is shown; or the flaw, or why it stopped.
fn asked(text: &str, empty: Empty) -> String {
    let sections = sections();
    let sboms = Program::new("sbom", &Scope { sections: &sections, it: None }).unwrap();
    let it = Some(sboms.gives().element());
    let program = match Program::new(text, &Scope { sections: &sections, it }) {
        Ok(program) => program,
        Err(flaw) => return format!("flaw: {flaw}"),
    };
    let view = view();
    match program.ask(&Facts::new(&view), Some(&Value::from(&view["sbom"][0])), empty) {
        Ok(value @ Value::Text(_)) => format!("{:?}", value.shown()),
        Ok(value) => value.shown(),
        Err(stop @ Stop::Error { .. }) => format!("stop: {}", program.stopped(&stop)),
        Err(stop @ Stop::Empty { .. }) => format!("empty: {}", program.stopped(&stop)),
    }
}

/// Asserts what each expression comes to, all at once.
fn table(rows: &[(&str, &str)]) {
    let wrong: Vec<String> = rows
        .iter()
        .map(|(text, expected)| (text, expected, asked(text, Empty::Withhold)))
        .filter(|(_, expected, found)| **expected != *found)
        .map(|(text, expected, found)| format!("{text}\n  expected {expected}\n  found    {found}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
