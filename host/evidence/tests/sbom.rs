//! Bills of materials: the index, and the questions that it answers.
#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use std::sync::Arc;

use common::{CYCLONEDX, Case, Key, statement};
use lockgate_evidence::package::Wanted;
use lockgate_evidence::sbom::{
    Bom, ComponentField, DocumentField, LicenseForm, Narrowing, Query, UnknownField, Unreadable,
};
use proptest::prelude::*;
use serde_json::{Value, json};

/// The index of a document, through the one door that there is.
fn read(predicate_type: &str, predicate: &Value) -> Result<Arc<Bom>, Unreadable> {
    let key = Key::p256();
    let case = Case::new().json("sbom.json", &key.bundle(&statement(predicate_type, predicate)));
    let facts = case.facts(&key.trusted("ci"));
    let fact =
        facts.attestations().first().unwrap_or_else(|| panic!("{:?}", common::lines(&facts)));
    fact.get().bom().cloned().map_err(Clone::clone)
}

fn document(components: &Value) -> Value {
    json!({ "bomFormat": "CycloneDX", "specVersion": "1.5", "components": components })
}

fn bom(components: &Value) -> Arc<Bom> {
    read(CYCLONEDX, &document(components)).unwrap()
}

#[test]
fn components_are_ordered_by_purl_name_version_and_place() {
    let bom = bom(&json!([
        { "name": "z", "purl": "pkg:npm/a@2" },
        { "name": "b", "version": "2", "components": [{ "name": "inner", "group": "g", "version": "1" }] },
        { "name": "b", "version": "1", "licenses": [{ "expression": "second" }] },
        { "name": "b", "version": "1", "licenses": [{ "expression": "first" }] },
        { "name": "b" },
        { "name": "@scope/a", "purl": "pkg:npm/@scope/a@1" },
        { "name": "raw", "purl": "not a purl", "group": " ", "version": "" },
    ]));
    let rows: Vec<_> = bom
        .components()
        .iter()
        .map(|c| format!("{:?} {} {:?} {:?}", c.purl, c.name, c.version, c.licenses))
        .collect();
    assert_eq!(
        rows,
        [
            r#"None b None []"#,
            r#"None b Some("1") [1]"#,
            r#"None b Some("1") [0]"#,
            r#"None b Some("2") []"#,
            r#"None g/inner Some("1") []"#,
            r#"Some("not a purl") raw None []"#,
            r#"Some("pkg:npm/%40scope/a@1") @scope/a None []"#,
            r#"Some("pkg:npm/a@2") z None []"#,
        ]
    );
}

#[test]
fn license_statements_are_distinct_and_all_of_a_component_hold_at_once() {
    let bom = bom(&json!([
        { "name": "a", "licenses": [
            { "license": { "id": "MIT" } },
            { "license": { "name": "GPL-3.0-only" } },
            { "expression": "MIT" },
            { "expression": "Apache-2.0 OR MIT" },
        ] },
        { "name": "b", "licenses": [{ "license": { "id": "GPL-3.0-only", "name": "also" } }] },
        { "name": "c", "licenses": [{ "license": {} }, { "license": { "name": " " } }, {}] },
        { "name": "d", "licenses": null },
    ]));
    let statements: Vec<_> =
        bom.licenses().iter().map(|license| (license.text.as_str(), license.form)).collect();
    assert_eq!(
        statements,
        [
            ("Apache-2.0 OR MIT", LicenseForm::Expression),
            ("GPL-3.0-only", LicenseForm::Expression),
            ("GPL-3.0-only", LicenseForm::Name),
            ("MIT", LicenseForm::Expression),
            ("also", LicenseForm::Name),
        ]
    );
    let of: Vec<_> = bom.components().iter().map(|component| component.licenses.clone()).collect();
    assert_eq!(of, [vec![0, 2, 3], vec![1, 4], vec![], vec![]]);
}

#[test]
fn a_document_states_what_it_says_and_not_what_it_leaves_blank() {
    let stated = |document: Value| {
        let bom = read(CYCLONEDX, &document).unwrap();
        DocumentField::ALL.iter().filter(|&&f| bom.has(f)).map(|f| f.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(
        stated(json!({
            "bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": "urn:uuid:x",
            "dependencies": [{ "ref": "a" }],
            "metadata": {
                "timestamp": "2026-01-01T00:00:00Z",
                "authors": [{ "name": "me" }],
                "supplier": { "name": "us" },
                "tools": { "components": [{ "name": "t" }] },
                "component": { "name": "app" },
            },
        })),
        ["serial-number", "timestamp", "authors", "supplier", "tools", "component", "dependencies"]
    );
    assert!(
        stated(json!({
            "bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": "",
            "dependencies": [],
            "metadata": {
                "authors": [{}, { "name": "" }], "supplier": { "name": " ", "url": [] },
                "tools": null, "component": {},
            },
        }))
        .is_empty()
    );
    assert!(stated(json!({ "bomFormat": "CycloneDX", "specVersion": "1.2" })).is_empty());
}

#[test]
fn a_component_lacks_what_is_not_stated_of_it() {
    let bom = bom(&json!([
        { "name": "all", "version": "1", "purl": "pkg:npm/all@1", "supplier": { "name": "s" },
          "licenses": [{ "license": { "id": "MIT" } }], "hashes": [{ "alg": "SHA-256", "content": "ab".repeat(32) }],
          "releaseNotes": { "timestamp": "2026-01-01T00:00:00Z" },
          "externalReferences": [{ "type": "distribution", "url": "https://registry.npmjs.org/all" }] },
        { "name": " ", "version": " ", "purl": "", "supplier": { "name": "" }, "licenses": [],
          "hashes": [] },
    ]));
    let [none, all] = bom.components() else { panic!("two components") };
    for &field in ComponentField::ALL {
        assert!(none.lacks(field) && !all.lacks(field), "{}", field.as_str());
    }
}

#[test]
fn newer_minor_versions_are_read_and_other_documents_say_why_not() {
    for version in ["1.2", "1.3", "1.4", "1.5", "1.6", "1.7", "1.12"] {
        let document = json!({ "bomFormat": "CycloneDX", "specVersion": version, "new": [1] });
        let bom = read(CYCLONEDX, &document).unwrap();
        assert_eq!((bom.format(), bom.spec_version()), ("cyclonedx", version));
    }
    let why = |predicate_type, document| read(predicate_type, &document).unwrap_err().to_string();
    for version in ["1.1", "2.0", "1.x", "1.", "1"] {
        assert_eq!(
            why(CYCLONEDX, json!({ "bomFormat": "CycloneDX", "specVersion": version })),
            format!(
                "version `{version}` of CycloneDX is not supported by this version, which reads 1.2 and later"
            )
        );
    }
    assert_eq!(
        why("https://spdx.dev/Document", json!({ "spdxVersion": "SPDX-1.2" })),
        "version `SPDX-1.2` of SPDX is not supported by this version, which reads 2.2 and later \
         minor versions of 2, and 3.0 and later ones of 3"
    );
    for (components, what) in [
        (json!([{ "version": "1" }]), "missing field `name`"),
        (json!([{ "name": "a", "licenses": {} }]), "invalid type: map, expected a sequence"),
        (json!([{ "name": "a", "version": 1 }]), "invalid type: integer `1`, expected a string"),
        (json!([["a"]]), "invalid type: sequence, expected an object"),
        (json!({}), "invalid type: map, expected a sequence"),
    ] {
        let why = why(CYCLONEDX, document(&components));
        let expected = format!("the document is not valid CycloneDX: {what}");
        assert!(why.starts_with(&expected), "{why}");
    }
}

#[test]
fn words_that_name_no_field_are_refused() {
    assert_eq!("hash".parse(), Ok(ComponentField::Hash));
    assert_eq!("serial-number".parse(), Ok(DocumentField::SerialNumber));
    assert_eq!("Hash".parse::<ComponentField>(), Err(UnknownField("Hash".to_owned())));
    assert_eq!("tool".parse::<DocumentField>().unwrap_err().to_string(), "`tool` is not a field");
}

fn purl(text: &str) -> Narrowing {
    Narrowing::Purl(Wanted::parse(text).unwrap())
}

#[test]
fn a_question_narrows_with_every_word() {
    let bom = bom(&json!([
        { "name": "left-pad", "version": "1.0.0", "purl": "pkg:npm/left-pad@1.0.0" },
        { "name": "left-pad", "version": "1.3.0", "purl": "pkg:npm/left-pad@1.3.0",
          "licenses": [{ "license": { "id": "MIT" } }] },
        { "name": "left", "purl": "pkg:npm/left" },
        { "name": "left", "version": "1.0.0", "purl": "pkg:npm" },
    ]));
    let ask = |narrowings: &[Narrowing]| {
        let mut query = Query::all();
        narrowings.iter().cloned().for_each(|narrowing| query.narrow(narrowing));
        let page = query.next(&bom, 256);
        assert_eq!(query.count(&bom) as usize, page.len());
        page
    };
    assert_eq!(ask(&[]), [0, 1, 2, 3]);
    assert_eq!(ask(&[purl("pkg:npm/left-pad")]), [2, 3]);
    assert_eq!(ask(&[purl("pkg:npm/LEFT-pad@1.3.0")]), [3]);
    assert_eq!(ask(&[Narrowing::PurlPrefix("pkg:npm/left".to_owned())]), [1, 2, 3]);
    assert_eq!(ask(&[Narrowing::PurlPrefix("pkg:npm".to_owned())]), [0, 1, 2, 3]);
    assert_eq!(ask(&[Narrowing::Name("left".to_owned())]), [0, 1]);
    assert_eq!(ask(&[Narrowing::Version("1.0.0".to_owned())]), [0, 2]);
    assert_eq!(ask(&[Narrowing::License(0)]), [3]);
    assert!(ask(&[Narrowing::License(1)]).is_empty());
    assert_eq!(ask(&[Narrowing::Lacks(ComponentField::Version)]), [1]);
    let both = [Narrowing::Name("left-pad".to_owned()), Narrowing::Lacks(ComponentField::License)];
    assert_eq!(ask(&both), [2]);
    assert_eq!(
        Wanted::parse("left-pad").unwrap_err().to_string(),
        "`left-pad` is not a package URL: it does not begin with `pkg:`"
    );
}

#[test]
fn a_component_is_found_by_its_name_with_and_without_its_group() {
    let bom = bom(&json!([{ "group": "g", "name": "a" }, { "name": "g/a" }, { "name": "a" }]));
    let ask = |name: &str| {
        let mut query = Query::all();
        query.narrow(Narrowing::Name(name.to_owned()));
        query.next(&bom, 256)
    };
    assert_eq!(ask("g/a"), [1, 2]);
    assert_eq!(ask("a"), [0, 1]);
    assert!(ask("g").is_empty());
}

#[test]
fn a_narrowing_after_the_first_page_applies_to_what_follows() {
    let bom = bom(&json!([{ "name": "a" }, { "name": "b" }, { "name": "b" }, { "name": "c" }]));
    let mut query = Query::all();
    assert_eq!(query.next(&bom, 2), [0, 1]);
    query.narrow(Narrowing::Name("b".to_owned()));
    assert_eq!(query.width(), 1);
    assert_eq!(query.next(&bom, 2), [2]);
    assert_eq!(query.next(&bom, 2), [] as [u32; 0]);
    assert_eq!(query.count(&bom), 2, "what was read is counted, too");
}

fn any_component() -> impl Strategy<Value = Value> {
    let name = prop::sample::select(vec!["a", "b", "c"]);
    let version = prop::option::of(prop::sample::select(vec!["1", "2"]));
    let license = prop::option::of(prop::sample::select(vec!["MIT", "ISC"]));
    let hashed = any::<bool>();
    (name, version, license, hashed).prop_map(|(name, version, license, hashed)| {
        json!({
            "name": name,
            "version": version,
            "purl": version.map(|version| format!("pkg:npm/{name}@{version}")),
            "licenses": license.map(|id| json!([{ "license": { "id": id } }])),
            "hashes": if hashed { json!([{ "alg": "MD5", "content": "00" }]) } else { json!(null) },
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn pages_together_are_what_a_filter_finds(
        components in prop::collection::vec(any_component(), 0..24),
        name in prop::option::of(prop::sample::select(vec!["a", "b"])),
        purl in prop::option::of(prop::sample::select(vec!["pkg:npm/a", "pkg:npm/b@2"])),
        license in prop::option::of(0..2_u32),
        lacks_hash in any::<bool>(),
        max in 1..5_usize,
    ) {
        let bom = bom(&Value::Array(components));
        let mut query = Query::all();
        if let Some(name) = name {
            query.narrow(Narrowing::Name(name.to_owned()));
        }
        if let Some(purl) = purl {
            query.narrow(self::purl(purl));
        }
        if let Some(license) = license {
            query.narrow(Narrowing::License(license));
        }
        if lacks_hash {
            query.narrow(Narrowing::Lacks(ComponentField::Hash));
        }
        let found: Vec<u32> = (0..).zip(bom.components()).filter(|(_, component)| {
            let with_version = purl.is_some_and(|purl| purl.contains('@'));
            name.is_none_or(|name| component.name == name)
                && purl.is_none_or(|purl| component.purl.as_deref().is_some_and(|given| {
                    given == purl || (!with_version && given.starts_with(&format!("{purl}@")))
                }))
                && license.is_none_or(|license| component.licenses.contains(&license))
                && (!lacks_hash || component.lacks(ComponentField::Hash))
        }).map(|(id, _)| id).collect();
        let mut pages = Vec::new();
        loop {
            let page = query.next(&bom, max);
            if page.is_empty() {
                break;
            }
            prop_assert!(page.len() <= max);
            pages.extend(page);
        }
        prop_assert_eq!(query.count(&bom) as usize, found.len());
        prop_assert_eq!(pages, found);
    }
}
