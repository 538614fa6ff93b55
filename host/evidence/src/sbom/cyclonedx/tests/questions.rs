//! What depends on what, and the questions that narrow.

use serde_json::{Value, json};

use super::read;
use crate::sbom::{Bom, ComponentField, Narrowing, Query};

/// A document in which `app` depends on what is given.
fn with(components: &Value, dependencies: &[(&str, &[&str])]) -> Bom {
    let dependencies: Vec<_> =
        dependencies.iter().map(|(from, on)| json!({ "ref": from, "dependsOn": on })).collect();
    let document = json!({
        "bomFormat": "CycloneDX", "specVersion": "1.5",
        "metadata": { "component": { "name": "app", "bom-ref": "app" } },
        "components": components, "dependencies": dependencies,
    });
    read(document.to_string().as_bytes()).unwrap()
}

fn called(names: &[&str]) -> Value {
    names.iter().map(|name| json!({ "name": name, "bom-ref": name })).collect()
}

#[test]
fn paths_are_the_shortest_with_the_lowest_numbers_and_begin_behind_what_is_described() {
    let bom = with(
        &called(&["a", "b", "c", "d", "e"]),
        &[
            ("app", &["b", "a", "a", "app"]),
            ("a", &["d", "a"]),
            ("b", &["c", "d"]),
            ("d", &["app", "b"]),
        ],
    );
    assert_eq!(bom.described(), Some("app"));
    assert_eq!(bom.direct(), [0, 1]);
    assert_eq!(bom.dependency_count(), 7);
    assert_eq!(bom.dependencies(1), [2, 3]);
    assert_eq!(bom.dependencies(3), [1], "what is described is no component");
    let paths: Vec<_> = (0..6).map(|id| bom.path_to(id)).collect();
    assert_eq!(paths, [vec![0], vec![1], vec![1, 2], vec![0, 3], vec![], vec![]]);
    assert_eq!(bom.needed_by(0), [1, 2, 3], "by way of what is described, and not itself");
    assert_eq!(bom.needed_by(2), [0_u32; 0]);
}

#[test]
fn dependencies_that_lead_nowhere_are_noted() {
    let twice = json!([{ "name": "a", "bom-ref": "x" }, { "name": "b", "bom-ref": "x" }]);
    let bom = with(&twice, &[("app", &["x", "gone"])]);
    assert_eq!(bom.direct(), [0]);
    let notes = bom.notes();
    assert!(notes[0].contains("called like an earlier one"), "{notes:?}");
    assert!(notes[1].contains("name what is no component"), "{notes:?}");
}

#[test]
fn a_chain_and_a_star_of_many_components_stay_cheap() {
    let names: Vec<String> = (0..50_000).map(|n| format!("{n:06}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let links: Vec<[&str; 1]> = names[1..].iter().map(|name| [*name]).collect();
    let mut chain: Vec<(&str, &[&str])> =
        names.iter().copied().zip(links.iter().map(<[&str; 1]>::as_slice)).collect();
    chain.push(("app", &names[..1]));
    let bom = with(&called(&names), &chain);
    assert_eq!(bom.path_to(49_999).len(), 50_000);
    assert_eq!(bom.needed_by(0).len(), 49_999);
    let star = with(&called(&names), &[("app", &names)]);
    assert_eq!(star.direct().len(), 50_000);
}

#[test]
fn every_new_word_of_a_question_is_understood() {
    let bom = with(
        &json!([
            { "name": "a", "bom-ref": "a", "version": "1", "purl": "pkg:npm/%40x/a@1",
              "licenses": [{ "expression": "(MIT OR gpl-2.0+) AND X" }] },
            { "name": "b", "bom-ref": "b", "purl": "pkg:npm/b@2", "licenses": [{ "license": { "id": "MIT" } }] },
            { "name": "c", "bom-ref": "c", "licenses": [{ "license": { "name": "MIT" } }] },
        ]),
        &[("app", &["b"]), ("b", &["a"])],
    );
    let ask = |narrowing: Narrowing| {
        let mut query = Query::all();
        query.narrow(narrowing);
        let page = query.next(&bom, 256);
        assert_eq!(query.count(&bom) as usize, page.len());
        page.iter().map(|&id| bom.components()[id as usize].name.clone()).collect::<String>()
    };
    assert_eq!(ask(Narrowing::purl_pattern("pkg:npm/*@*")), "b");
    assert_eq!(ask(Narrowing::purl_pattern("**")), "ab");
    assert_eq!(ask(Narrowing::license_named(&bom, "GPL-2.0")), "a");
    assert_eq!(ask(Narrowing::license_named(&bom, "mit")), "ab");
    assert_eq!(ask(Narrowing::license_named(&bom, "GPL")), "");
    assert_eq!(ask(Narrowing::license_named(&bom, "")), "");
    assert_eq!(ask(Narrowing::licenses_any(&[0, 2, 99])), "ca");
    assert_eq!(ask(Narrowing::licenses_any(&[])), "");
    assert_eq!(ask(Narrowing::direct(&bom)), "b");
    assert_eq!(ask(Narrowing::needed_by(&bom, 2)), "a");
    assert_eq!(ask(Narrowing::Has(ComponentField::Version)), "a");
}
