//! What is read of documents in SPDX, in each of its forms.
#![expect(clippy::disallowed_methods, reason = "tests read the fixtures of this repository")]

use std::path::Path;

use lockgate_model::Kind;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::sbom::shown::shown;
use crate::sbom::{Acknowledgement, Bom, DocumentField, License, LicenseForm, Unreadable};

fn read(text: &str) -> Result<Bom, Unreadable> {
    Bom::read(Kind::Sbom, text.as_bytes())
}

fn fixture(path: &str) -> Bom {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/sbom");
    read(&std::fs::read_to_string(root.join(path)).unwrap()).unwrap()
}

/// A document of SPDX 2 with these members.
fn second(members: &Value) -> Result<Bom, Unreadable> {
    let mut document = json!({ "spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT" });
    document.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    read(&document.to_string())
}

/// A document of SPDX 3 with these elements.
fn third(elements: &[Value]) -> Result<Bom, Unreadable> {
    let info = json!({ "type": "CreationInfo", "@id": "_:info", "specVersion": "3.0.1" });
    let graph = [&[info], elements].concat();
    read(&json!({ "@graph": graph }).to_string())
}

fn why(read: Result<Bom, Unreadable>) -> String {
    read.unwrap_err().to_string()
}

#[test]
fn json_and_tag_value_of_one_document_are_one_index() {
    for version in ["2.2", "2.3"] {
        let json = fixture(&format!("spdx/SPDXJSONExample-v{version}.spdx.json"));
        let tags = fixture(&format!("spdx/SPDXTagExample-v{version}.spdx"));
        assert_eq!(shown(&json), shown(&tags));
        assert_eq!((json.format(), json.spec_version()), ("spdx", version));
    }
}

/// How many components, package URLs, hashes, dependencies and license expressions there are by the
/// count of `spdx-tools` 0.8 for Python: `parse_file(path)`, then `len(packages)`, those with an
/// external reference of the type `purl`, the sum of `len(checksums)`, the relationships between two
/// packages, and the distinct concluded and declared licenses but `NOASSERTION` and `NONE`. It does not
/// read the document of Trivy; of that, and of SPDX 3, `json.load` gave the same numbers.
#[test]
fn public_documents_have_as_many_rows_as_others_count() {
    for (path, expected) in [
        ("spdx/SPDXJSONExample-v2.2.spdx.json", [4, 1, 4, 1, 3]),
        ("spdx/SPDXJSONExample-v2.3.spdx.json", [4, 1, 5, 1, 3]),
        ("spdx/SPDXTagExample-v2.2.spdx", [4, 1, 4, 1, 3]),
        ("spdx/SPDXTagExample-v2.3.spdx", [4, 1, 5, 1, 3]),
        ("spdx/SPDXLite.spdx", [1, 0, 0, 0, 1]),
        ("spdx/invalid-trivy-vmware-fluentd.spdx.json", [514, 512, 0, 513, 124]),
        ("spdx3/example13.spdx3.json", [4, 0, 0, 3, 0]),
        ("spdx3/examplemaven-0.0.1-enriched.spdx3.json", [6, 0, 0, 5, 2]),
        ("spdx3/example6-bin.json", [1, 0, 0, 0, 1]),
        ("spdx3/appbomination.spdx3.json", [7, 4, 0, 4, 5]),
    ] {
        let bom = fixture(path);
        let with_purl = bom.components().iter().filter(|component| component.purl.is_some());
        let hashes = (0..).zip(bom.components()).map(|(id, _)| bom.hashes(id).len()).sum();
        let expressions = bom.licenses().iter().filter(|l| l.form == LicenseForm::Expression);
        let found = [
            bom.components().len(),
            with_purl.count(),
            hashes,
            bom.dependency_count(),
            expressions.count(),
        ];
        assert_eq!(found, expected, "{path}");
    }
}

#[test]
fn what_trivy_writes_by_containment_is_a_tree() {
    let bom = fixture("spdx/invalid-trivy-vmware-fluentd.spdx.json");
    assert_eq!(bom.described(), None);
    assert_eq!(
        bom.notes(),
        [
            "1 of its relationships is of a type that SPDX does not have, such as `DESCRIBE`, which says nothing"
        ]
    );
    let image = "vmware/log-intelligence-fluentd@";
    let image = bom.components().iter().position(|c| c.name.starts_with(image)).unwrap();
    assert_eq!(bom.needed_by(u32::try_from(image).unwrap()).len(), 513);
}

#[test]
fn a_package_has_all_that_is_asserted_of_it() {
    let bom = second(&json!({ "packages": [{
        "SPDXID": "SPDXRef-a", "name": "a", "versionInfo": "1", "supplier": "Organization: Acme (a@b)",
        "downloadLocation": "https://example.com/a", "primaryPackagePurpose": "OPERATING_SYSTEM",
        "licenseConcluded": "MIT", "licenseDeclared": "MIT OR ISC",
        "checksums": [{ "algorithm": "SHA3-256", "checksumValue": "AB" }],
        "externalRefs": [
            { "referenceCategory": "OTHER", "referenceType": "purl", "referenceLocator": "pkg:npm/x" },
            { "referenceCategory": "PACKAGE_MANAGER", "referenceType": "purl",
              "referenceLocator": "pkg:npm/a@1" },
            { "referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
              "referenceLocator": "pkg:npm/b@1" },
        ],
        "hasFiles": 7, "annotations": {},
    }, {
        "name": "b", "versionInfo": "NOASSERTION", "supplier": "NOASSERTION", "homepage": "NONE",
        "downloadLocation": "NOASSERTION", "licenseConcluded": "NONE", "licenseDeclared": "NOASSERTION",
        "checksums": null, "externalRefs": [],
    }] }))
    .unwrap();
    assert_eq!(
        shown(&bom).lines().skip(2).collect::<Vec<_>>(),
        [
            r#""b" b None None type None supplier None licenses [] declared [] concluded [] hashes [] references [] dependencies [] path []"#,
            r#""a" a Some("1") Some("pkg:npm/a@1") type Some("operating-system") supplier Some("Acme") licenses [License { text: "MIT", form: Expression }, License { text: "MIT OR ISC", form: Expression }] declared [1] concluded [0] hashes [Hash { algorithm: "sha3-256", value: "ab" }] references [Reference { kind: "downloadLocation", locator: "https://example.com/a" }, Reference { kind: "purl", locator: "pkg:npm/x" }, Reference { kind: "purl", locator: "pkg:npm/a@1" }, Reference { kind: "purl", locator: "pkg:npm/b@1" }] dependencies [] path []"#,
            "[]",
        ]
    );
    assert_eq!(bom.notes(), ["1 of its packages has several package URLs: the first is its own"]);
}

#[test]
fn a_document_states_what_it_asserts_of_itself() {
    let stated = |members: Value| {
        let bom = second(&members).unwrap();
        DocumentField::ALL.iter().filter(|&&f| bom.has(f)).map(|f| f.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(
        stated(json!({
            "documentNamespace": "https://example.com/a", "documentDescribes": ["SPDXRef-a"],
            "creationInfo": { "created": "2026-01-01T00:00:00Z",
                              "creators": ["Tool: trivy-0.50.1", "Person: Jane (j@example.com)"] },
            "packages": [{ "SPDXID": "SPDXRef-a", "name": "a", "supplier": "Person: Jane" }],
            "relationships": [{ "spdxElementId": "SPDXRef-a", "relationshipType": "DEPENDS_ON",
                                "relatedSpdxElement": "NONE" }],
        })),
        ["serial-number", "timestamp", "authors", "supplier", "tools", "component", "dependencies"]
    );
    assert!(
        stated(json!({
            "documentNamespace": " ", "documentDescribes": ["NOASSERTION"],
            "creationInfo": { "created": "", "creators": ["Tool: ", "Person: NOASSERTION", "x"] },
            "packages": [{ "SPDXID": "SPDXRef-a", "name": "a", "supplier": "Person: Jane" }],
            "relationships": [{ "spdxElementId": "SPDXRef-a", "relationshipType": "DEPENDS_ON",
                                "relatedSpdxElement": "NOASSERTION" }],
        }))
        .is_empty()
    );
    assert!(stated(json!({ "creationInfo": null, "packages": null })).is_empty());
    let several = json!({
        "documentDescribes": ["SPDXRef-a", "SPDXRef-b"],
        "packages": [{ "SPDXID": "SPDXRef-a", "name": "a", "supplier": "Person: Jane" },
                     { "SPDXID": "SPDXRef-b", "name": "b" }],
    });
    assert_eq!(stated(several), ["component"], "of one thing that it describes nothing is stated");
}

#[test]
fn dependencies_lead_from_what_is_described() {
    let relationship = |from: &str, kind: &str, to: &str| {
        let id = |name: &str| format!("SPDXRef-{name}");
        json!({ "spdxElementId": id(from), "relationshipType": kind, "relatedSpdxElement": id(to) })
    };
    let package = |name| json!({ "SPDXID": format!("SPDXRef-{name}"), "name": name });
    let packages = ["app", "lib", "test", "tool"].map(package);
    let bom = second(&json!({
        "relationships": [
            relationship("app", "DESCRIBED_BY", "DOCUMENT"),
            relationship("app", "DESCRIBES", "lib"),
            relationship("app", "DEPENDS_ON", "lib"),
            relationship("test", "TEST_DEPENDENCY_OF", "lib"),
            relationship("file", "CONTAINED_BY", "app"),
            relationship("DOCUMENT", "CONTAINS", "tool"),
            relationship("tool", "BUILD_TOOL_OF", "app"),
            relationship("app", "DEPENDS_ON", "missing"),
        ],
        "packages": packages,
    }))
    .unwrap();
    assert_eq!(bom.described(), Some("app"));
    assert_eq!(bom.dependency_count(), 2);
    assert_eq!((bom.dependencies(0), bom.dependencies(1)), (&[1][..], &[2][..]));
    assert_eq!(bom.path_to(2), [1, 2]);
    assert!(bom.path_to(3).is_empty(), "a tool is no dependency");
    assert_eq!(bom.notes(), ["1 dependencies name what is no component and are left out"]);
}

#[test]
fn licenses_of_the_documents_own_are_known_by_name_where_they_hold() {
    let bom = second(&json!({
        "hasExtractedLicensingInfos": [
            { "licenseId": "LicenseRef-1", "name": "Beerware", "extractedText": "..." },
            { "licenseId": "LicenseRef-2", "name": "NOASSERTION" },
        ],
        "packages": [
            { "name": "a", "licenseConcluded": "MIT AND (LicenseRef-1)" },
            { "name": "b", "licenseDeclared": "MIT or LicenseRef-1" },
            { "name": "c", "licenseDeclared": "LicenseRef-2", "licenseConcluded": "LicenseRef-1" },
        ],
    }))
    .unwrap();
    let texts: Vec<_> = bom.licenses().iter().map(|license| license.text.as_str()).collect();
    let expected = [
        "Beerware",
        "LicenseRef-1",
        "LicenseRef-2",
        "MIT AND (LicenseRef-1)",
        "MIT or LicenseRef-1",
    ];
    assert_eq!(texts, expected);
    let of: Vec<_> = bom.components().iter().map(|component| component.licenses.clone()).collect();
    assert_eq!(of, [vec![0, 3], vec![4], vec![0, 1, 2]]);
    assert_eq!(bom.licenses_as(2, Acknowledgement::Concluded), [0, 1]);
    assert_eq!(bom.licenses_as(2, Acknowledgement::Declared), [2]);
}

#[test]
fn files_and_snippets_are_passed_over() {
    let bom = second(&json!({ "files": [{ "fileName": 7 }], "snippets": "none", "packages": [] }));
    assert_eq!(bom.unwrap().components().len(), 0);
    let tags = "SPDXVersion: SPDX-2.2\nFileName: a\nSPDXID: SPDXRef-x\nLicenseConcluded: MIT\n\
                SnippetSPDXID: SPDXRef-y\nSnippetLicenseConcluded: MIT\nLicenseID: LicenseRef-1\n\
                LicenseName: x\n";
    let bom = read(tags).unwrap();
    assert!(bom.components().is_empty() && bom.licenses().is_empty());
}

#[test]
fn what_is_not_as_it_should_be_is_unreadable() {
    for (members, expected) in [
        (json!({ "packages": [{ "SPDXID": "x" }] }), "missing field `name`"),
        (json!({ "packages": {} }), "invalid type: map, expected a sequence"),
        (json!({ "packages": [["a"]] }), "invalid type: sequence, expected an object"),
        (json!({ "packages": [{ "name": 1 }] }), "invalid type: integer `1`, expected a string"),
        (json!({ "relationships": [{}] }), "missing field `spdxElementId`"),
        (json!({ "documentDescribes": "a" }), "invalid type: string \"a\", expected a sequence"),
        (json!({ "bomFormat": "CycloneDX" }), "it claims to be CycloneDX, too"),
        (json!({ "@graph": [] }), "it claims to be CycloneDX or SPDX 2, too"),
    ] {
        let why = why(second(&members));
        assert!(why.starts_with(&format!("the document is not valid SPDX: {expected}")), "{why}");
    }
    let version = |text: &str| why(read(text));
    let expected = "version `SPDX-3.0` of SPDX is not supported by this version, which reads 2.2 and \
                    later minor versions of 2, and 3.0 and later ones of 3";
    assert_eq!(version(r#"{"spdxVersion":"SPDX-3.0","packages":{}}"#), expected);
    assert_eq!(version("SPDXVersion: SPDX-3.0\nother words"), expected);
    assert!(version(r#"{"SPDXID":"SPDXRef-DOCUMENT"}"#).starts_with("version `` of SPDX"));
    assert_eq!(
        version("spdxVersion: SPDX-2.3"),
        "the document is SPDX in YAML, which is not supported by this version: convert it to SPDX in JSON"
    );
    let tags = |lines: &str| why(read(&format!("SPDXVersion: SPDX-2.3\n{lines}")));
    for (lines, expected) in [
        ("PackageVersion: 1", "`PackageVersion` in line 2 stands outside of a package"),
        ("ExternalRef: OTHER a b", "`ExternalRef` in line 2 stands outside of a package"),
        (
            "FileName: a\nPackageVersion: 1",
            "`PackageVersion` in line 3 stands outside of a package",
        ),
        ("LicenseName: a", "`LicenseName` in line 2 stands outside of a license"),
        (
            "Relationship: a DESCRIBES",
            "`Relationship` in line 2 is `a DESCRIBES`, and not three words",
        ),
        ("PackageName: a\nPackageChecksum: ab", "line 3 is no checksum: write `ALGORITHM: VALUE`"),
        (
            "PackageName: a\nSPDXID: SPDXRef-a\nSPDXID: SPDXRef-b",
            "`SPDXID` stands twice where there is one, in line 4",
        ),
        ("SPDXVersion: SPDX-2.3", "`SPDXVersion` stands twice where there is one, in line 2"),
    ] {
        assert_eq!(tags(lines), format!("the document is not valid SPDX: {expected}"));
    }
}

#[test]
fn licenses_of_spdx_3_are_elements() {
    let relationship = |from: &str, kind: &str, to: &[&str]| {
        json!({ "type": "Relationship", "spdxId": format!("urn:{from}-{kind}"), "from": from,
                "relationshipType": kind, "to": to })
    };
    let bom = third(&[
        json!({ "type": "software_Package", "spdxId": "urn:a", "name": "a" }),
        json!({ "type": "ai_AIPackage", "spdxId": "urn:b", "name": "b" }),
        json!({ "type": "expandedlicensing_ListedLicense", "spdxId": "https://spdx.org/licenses/MIT" }),
        json!({ "type": "expandedlicensing_CustomLicense", "spdxId": "urn:x#LicenseRef-1",
                "name": "Beerware" }),
        json!({ "type": "expandedlicensing_ConjunctiveLicenseSet", "spdxId": "urn:both",
                "expandedlicensing_member": ["https://spdx.org/licenses/MIT", "urn:x#LicenseRef-1"] }),
        json!({ "type": "simplelicensing_LicenseExpression", "spdxId": "urn:expression",
                "simplelicensing_licenseExpression": "ISC OR 0BSD" }),
        relationship("urn:a", "hasConcludedLicense", &["urn:both"]),
        relationship("urn:a", "hasDeclaredLicense", &["urn:expression", "urn:elsewhere"]),
        relationship(
            "urn:b",
            "hasDeclaredLicense",
            &["https://spdx.org/rdf/3.0.1/terms/ExpandedLicensing/NoAssertionLicense"],
        ),
    ])
    .unwrap();
    let expression = |text: &str| License { text: text.to_owned(), form: LicenseForm::Expression };
    let name = |text: &str| License { text: text.to_owned(), form: LicenseForm::Name };
    assert_eq!(
        bom.licenses(),
        [
            name("Beerware"),
            expression("ISC OR 0BSD"),
            expression("MIT AND LicenseRef-1"),
            name("urn:elsewhere"),
        ]
    );
    assert_eq!(bom.licenses_as(0, Acknowledgement::Concluded), [0, 2]);
    assert_eq!(bom.licenses_as(0, Acknowledgement::Declared), [1, 3]);
    assert!(bom.components()[1].licenses.is_empty());
}

#[test]
fn elements_of_spdx_3_may_stand_in_each_other() {
    let bom = third(&[json!({
        "type": "SpdxDocument", "spdxId": "urn:doc",
        "creationInfo": { "type": "CreationInfo", "specVersion": "3.1", "created": "2026-01-01T00:00:00Z",
            "createdBy": [{ "type": "Person", "name": "Jane" }, { "type": "SoftwareAgent", "name": "bot" }],
            "createdUsing": { "type": "Tool", "name": "syft" } },
        "rootElement": [{ "type": "software_Sbom", "software_sbomType": "build", "rootElement": [{
            "type": "software_Package", "name": "app", "spdxId": "urn:app",
            "suppliedBy": { "type": "Organization", "name": "Acme" },
            "software_packageUrl": "pkg:npm/app@1", "externalIdentifier": [
                { "type": "ExternalIdentifier", "externalIdentifierType": "packageUrl",
                  "identifier": "pkg:npm/other@1" },
            ],
        }] }],
        "element": [
            { "type": "Relationship", "from": { "spdxId": "urn:app" }, "relationshipType": "dependsOn",
              "to": [{ "type": "software_Package", "name": "lib" }] },
        ],
    })])
    .unwrap();
    assert_eq!(bom.spec_version(), "3.1");
    assert_eq!(bom.notes(), ["its version 3.1 is newer than 3.0: what that adds is not read"]);
    assert_eq!(bom.tools(), ["bot", "syft"]);
    assert_eq!(bom.lifecycles(), ["build"]);
    assert_eq!(bom.described(), Some("app"));
    let [lib, app] = bom.components() else { panic!("two components") };
    assert_eq!((lib.name.as_str(), app.purl.as_deref()), ("lib", Some("pkg:npm/app@1")));
    assert_eq!(bom.direct(), [0]);
    for field in ["serial-number", "timestamp", "authors", "supplier", "tools", "dependencies"] {
        assert!(bom.has(field.parse().unwrap()), "{field}");
    }
}

#[test]
fn a_graph_that_two_readers_could_read_differently_is_unreadable() {
    let package = json!({ "type": "software_Package", "spdxId": "urn:a", "name": "a" });
    for (elements, expected) in [
        (vec![package.clone(), package], "the element `urn:a` stands twice"),
        (vec![json!({ "spdxId": "urn:a" })], "one of its elements has no `type`"),
        (
            vec![json!({ "type": "software_Package", "spdxId": "urn:a" })],
            "the package `urn:a` has no `name`",
        ),
        (vec![json!({ "type": "x", "name": 1 })], "invalid type: integer `1`, expected a string"),
        (vec![json!([])], "invalid type: sequence, expected an object"),
    ] {
        let why = why(third(&elements));
        assert!(why.starts_with(&format!("the document is not valid SPDX: {expected}")), "{why}");
    }
    assert_eq!(
        why(read(r#"{"@context":{"software_Package":"x"},"@graph":[]}"#)),
        "the document is not valid SPDX: invalid type: map, expected a string at line 1 column 12"
    );
    assert_eq!(
        why(read(r#"{"@context":"https://example.com","@graph":[]}"#)),
        "the document is not valid SPDX: its `@context` is `https://example.com` and not SPDX's own"
    );
    assert!(why(read(r#"{"@graph":[]}"#)).starts_with("version `` of SPDX"));
}

#[test]
fn elements_nest_as_deep_as_the_scan_lets_them() {
    let deep = (0..48).fold("\"urn:x\"".to_owned(), |inner, _| {
        format!(r#"{{"type":"software_Package","name":"a","to":{inner}}}"#)
    });
    let text = format!(
        r#"{{"@graph":[{{"type":"CreationInfo","specVersion":"3.0.1"}},{{"type":"x","to":{deep}}}]}}"#
    );
    assert!(crate::json::scan(text.as_bytes()).is_ok());
    assert_eq!(read(&text).unwrap().components().len(), 48);
}

/// Packages by number, as they are stated: version, license, whether hashed, and what each needs.
type Packages = Vec<(Option<&'static str>, Option<&'static str>, bool, Vec<usize>)>;

fn any_packages() -> impl Strategy<Value = Packages> {
    let version = prop::option::of(prop::sample::select(vec!["1", "2 beta", "NOASSERTION"]));
    let license = prop::option::of(prop::sample::select(vec!["MIT", "ISC AND MIT", "NONE"]));
    let package = (version, license, any::<bool>(), prop::collection::vec(0..6_usize, 0..3));
    prop::collection::vec(package, 0..6)
}

fn as_json(packages: &Packages, order: impl Fn(&mut Vec<Value>)) -> String {
    let mut all: Vec<Value> = (0..).zip(packages).map(|(number, (version, license, hashed, _))| {
        json!({
            "SPDXID": format!("SPDXRef-{number}"), "name": format!("p{number}"), "versionInfo": version,
            "licenseDeclared": license,
            "checksums": if *hashed { json!([{ "algorithm": "SHA1", "checksumValue": "00" }]) } else { json!(null) },
        })
    }).collect();
    order(&mut all);
    let mut relationships: Vec<Value> = vec![json!({
        "spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-0",
    })];
    for (number, (.., needs)) in packages.iter().enumerate() {
        relationships.extend(needs.iter().map(|need| {
            json!({
                "spdxElementId": format!("SPDXRef-{number}"), "relationshipType": "DEPENDS_ON",
                "relatedSpdxElement": format!("SPDXRef-{need}"),
            })
        }));
    }
    order(&mut relationships);
    json!({ "spdxVersion": "SPDX-2.3", "packages": all, "relationships": relationships })
        .to_string()
}

fn as_tags(packages: &Packages) -> String {
    let mut text =
        "SPDXVersion: SPDX-2.3\nRelationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-0\n".to_owned();
    for (number, (version, license, hashed, needs)) in packages.iter().enumerate() {
        text.push_str(&format!("PackageName: p{number}\n# remark\nSPDXID: SPDXRef-{number}\n"));
        let tags = [("PackageVersion", version), ("PackageLicenseDeclared", license)];
        for (tag, value) in tags.into_iter().filter_map(|(tag, value)| Some((tag, (*value)?))) {
            text.push_str(&format!("{tag}: <text>{value}</text>\r\n"));
        }
        if *hashed {
            text.push_str("PackageChecksum: SHA1: 00\n");
        }
        for need in needs {
            text.push_str(&format!("Relationship: SPDXRef-{number} DEPENDS_ON SPDXRef-{need}\n"));
        }
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn neither_order_nor_form_changes_an_answer(packages in any_packages()) {
        let index = |text: &str| shown(&read(text).unwrap());
        let forward = index(&as_json(&packages, |_| {}));
        prop_assert_eq!(&forward, &index(&as_json(&packages, |values| values.reverse())));
        prop_assert_eq!(&forward, &index(&as_tags(&packages)));
    }

    #[test]
    fn no_lines_make_it_panic(lines in prop::collection::vec(prop::sample::select(vec![
        "SPDXVersion: SPDX-2.3", "PackageName: a", "SPDXID: SPDXRef-a", "Relationship: a b c",
        "Relationship: SPDXRef-a CONTAINS SPDXRef-a", "PackageChecksum: SHA1: x", "LicenseID: l",
        "LicenseName: n", "PackageLicenseDeclared: l", "FileName: f", "ExternalRef: a b c", "<text>",
        "PackageVersion: <text>", "</text>", "x: <text></text>", "", "#", ":", "é",
    ]), 0..12)) {
        let _ = read(&lines.join("\n"));
    }
}
