//! Bills of materials against cyclonedx-python-lib, spdx-tools and a plain walk.

use std::collections::BTreeSet;

use lockgate_evidence::sbom::{Bom, ComponentField, LicenseForm};
use lockgate_model::Kind;
use serde_json::{Value, json};

use crate::{Differences, Known, expected, fixture, only};

const KNOWN: &[Known] = &[
    (
        "sbom/cyclonedx-spec/*/invalid-*",
        "library refuses",
        "it refuses words that the format does not have; they hide no component",
    ),
    (
        "sbom/cyclonedx-spec/*/valid-external-elements-*.xml",
        "library refuses",
        "it cannot sort a component beside an element of another namespace",
    ),
    (
        "sbom/cyclonedx-spec/*/valid-saasbom-*",
        "library refuses",
        "its model of a service's data lacks a name",
    ),
    (
        "sbom/cyclonedx-spec/1.6/valid-cryptography-full-1.6.xml",
        "library refuses",
        "it fails at a reference between cryptographic assets",
    ),
    (
        "sbom/cyclonedx-spec/*/invalid-bomformat-*.json",
        "library reads",
        "it does not look at `bomFormat`, by which we know the format",
    ),
    (
        "sbom/cyclonedx-spec/*/invalid-namespace-*.xml",
        "library reads",
        "it does not look at the namespace, which has our version in it",
    ),
    (
        "sbom/cyclonedx-spec/*/invalid-component-ref-*.json",
        "library components",
        "it merges components that are the same in all but their place",
    ),
    (
        "sbom/cyclonedx-spec/*/invalid-component-ref-*.json",
        "library components_with_version",
        "it merges components that are the same in all but their place",
    ),
    (
        "sbom/cyclonedx-generated/application-1.2.xml",
        "library components_with_version",
        "it reads an empty `version` as the word `None`",
    ),
    (
        "sbom/cyclonedx-spec/*/invalid-license-choice-*.json",
        "library licenses",
        "it drops an expression that stands beside a license",
    ),
    ("sbom/cyclonedx-spec/*/invalid-license-*-count-*.xml", "walk reads", TWICE),
    ("sbom/cyclonedx-spec/*/invalid-license-*-count-*.xml", "library reads", TWICE),
    ("sbom/cyclonedx-spec/*/invalid-metadata-timestamp-*", "walk reads", TIME),
    ("sbom/cyclonedx-spec/*/invalid-metadata-timestamp-*", "library reads", TIME),
    (
        "sbom/cyclonedx-spec/*/invalid-dependency-*",
        "walk reads",
        "whose dependencies they are is not known where `ref` is missing",
    ),
    (
        "sbom/spdx/SPDX*Example-*",
        "library licenses",
        "it writes expressions anew, without their outer parentheses",
    ),
    ("sbom/spdx/SPDX*Example-*.xml", "library reads", "we read JSON and tag-value"),
    ("sbom/spdx/SPDX*Example-*.yaml", "library reads", "we read JSON and tag-value"),
    (
        "sbom/spdx/invalid-trivy-vmware-fluentd.spdx.json",
        "library refuses",
        "it refuses a time with a fraction and empty fields, as an early Trivy wrote them",
    ),
    ("sbom/spdx3/*", "library refuses", "it reads SPDX 2"),
];

const TWICE: &str = "an element that may stand once stands twice, and each reader takes another";
const TIME: &str = "a time that is none leaves open how old the document is";

/// What is compared of a document: the keys are those of the expectations.
fn summary(bom: &Bom) -> Value {
    let components = bom.components();
    let of = |field| components.iter().filter(|component| !component.lacks(field)).count();
    let ids = || 0..u32::try_from(components.len()).unwrap();
    let licenses = (0..).zip(bom.licenses()).map(|(id, license)| {
        let makers = components.iter().filter(|component| component.licenses.contains(&id));
        let form = match license.form {
            LicenseForm::Expression => "expression",
            LicenseForm::Name => "name",
        };
        json!([license.text, form, makers.count()])
    });
    let names: BTreeSet<&str> = components.iter().map(|component| &*component.name).collect();
    json!({
        "format": bom.format(),
        "spec_version": bom.spec_version(),
        "root": bom.described(),
        "made_at": bom.made_at().map(|at| at.unix()),
        "tools": bom.tools(),
        "lifecycles": bom.lifecycles(),
        "components": components.len(),
        "components_with_purl": of(ComponentField::Purl),
        "components_with_version": of(ComponentField::Version),
        "components_with_license": of(ComponentField::License),
        "hashes": ids().map(|id| bom.hashes(id).len()).sum::<usize>(),
        "services": bom.services().len(),
        "edges": bom.dependency_count(),
        "licenses": licenses.collect::<Vec<_>>(),
        "names": names.into_iter().take(8).collect::<Vec<_>>(),
    })
}

#[test]
fn every_bill_of_materials_says_what_other_libraries_read_in_it() {
    let mut differences = Differences::new(KNOWN);
    let expected = expected("sbom");
    assert!(expected.len() > 450, "only {} documents", expected.len());
    for (path, expected) in &expected {
        let ours = only(&fixture(Kind::Sbom, path), |facts| {
            let fact = facts.attestations().first()?;
            Some(fact.get().bom().map(|bom| summary(bom)).map_err(ToString::to_string))
        });
        let walk = &expected["walk"];
        for reader in ["walk", "library"] {
            let theirs = &expected[reader];
            let (ours, theirs) = match (&ours, theirs.as_object()) {
                (Ok(ours), Some(theirs)) => (ours, theirs),
                (Ok(_), None) => {
                    differences.hold(
                        path,
                        &format!("{reader} refuses"),
                        &json!(true),
                        &expected["why_not"][reader],
                    );
                    continue;
                }
                (Err(why), Some(_)) => {
                    differences.hold(path, &format!("{reader} reads"), &json!(why), &json!(true));
                    continue;
                }
                (Err(_), None) => continue,
            };
            for (key, ours) in ours.as_object().unwrap() {
                // The library says only what is not as the walk has it.
                let theirs = theirs.get(key).unwrap_or(&walk[key]);
                differences.hold(path, &format!("{reader} {key}"), ours, theirs);
            }
        }
    }
    differences.settle();
}

/// What of the schema is known to be judged otherwise.
const SCHEMA: &[Known] = &[];

#[test]
fn a_document_in_json_is_valid_where_other_libraries_say_so() {
    let mut differences = Differences::new(SCHEMA);
    let (mut valid, mut invalid) = (0, 0);
    for (path, expected) in &expected("sbom") {
        // SPDX: the library has rules of its own, and no schema.
        let Some(theirs) = expected["schema"]["normal"]["valid"].as_bool() else { continue };
        let facts = fixture(Kind::Sbom, path);
        let Some(Ok(bom)) = facts.attestations().first().map(|fact| fact.get().bom()) else {
            continue;
        };
        match bom.schema_problems() {
            Ok(problems) => {
                *(if theirs { &mut valid } else { &mut invalid }) += 1;
                let ours = problems.is_empty();
                let problem = &expected["schema"]["normal"]["problem"];
                if ours != theirs {
                    differences.hold(path, "schema", &json!(problems), problem);
                }
            }
            Err(why) => {
                let is_xml = expected["syntax"] == json!("xml");
                assert!(is_xml, "{path}: {why}");
            }
        }
    }
    assert!(valid > 140 && invalid > 70, "only {valid} valid and {invalid} invalid documents");
    differences.settle();
}
