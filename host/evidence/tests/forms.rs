//! Bills of materials that are not JSON, and those of SPDX 3: as files of their own, and in statements.
#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use common::{CYCLONEDX, Case, Key, line, repository, sha256, statement};
use lockgate_evidence::sbom::Bom;
use lockgate_evidence::{Acceptance, Accepts, Caps, Facts, Source, Trust, gather, verify};
use lockgate_model::Kind;
use serde_json::{Value, json};

const SPDX: &str = "https://spdx.dev/Document";

/// A trust of nobody that accepts bills of materials.
fn accepting() -> Trust {
    let mut trust = Trust::empty();
    trust.accept(Accepts::from([(Kind::Sbom, Acceptance::Unsigned)]));
    trust
}

fn tag_value(sha256: &str) -> String {
    format!(
        "# made by hand\nSPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\n\
         DocumentName: app\nDocumentNamespace: https://example.com/app\nCreator: Tool: hand-1\n\
         Created: 2026-01-01T00:00:00Z\nRelationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-app\n\
         PackageName: app\nSPDXID: SPDXRef-app\nPackageChecksum: SHA256: {sha256}\n\
         PackageName: lib\nSPDXID: SPDXRef-lib\nPackageChecksum: SHA256: 00\n"
    )
}

fn xml(sha256: &str) -> String {
    format!(
        r#"<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.5"><metadata>
        <timestamp>2026-01-01T00:00:00Z</timestamp><component type="application"><name>app</name>
        <hashes><hash alg="SHA-256">{sha256}</hash></hashes></component></metadata>
        <components><component type="library"><name>lib</name></component></components></bom>"#
    )
}

/// A graph of SPDX 3 with one package, which it is about.
fn graph(sha256: &str) -> Value {
    json!({ "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": [
        { "type": "CreationInfo", "@id": "_:info", "specVersion": "3.0.1",
          "created": "2026-01-01T00:00:00Z" },
        { "type": "SpdxDocument", "spdxId": "urn:doc", "creationInfo": "_:info",
          "rootElement": ["urn:bom"] },
        { "type": "software_Sbom", "spdxId": "urn:bom", "rootElement": ["urn:app"] },
        { "type": "software_Package", "spdxId": "urn:app", "name": "app", "verifiedUsing": [
            { "type": "Hash", "algorithm": "sha256", "hashValue": sha256 },
            { "type": "PackageVerificationCode", "algorithm": "sha256", "hashValue": "00" },
        ] },
    ] })
}

/// What becomes of a file that the caller names.
fn named(name: &str, text: impl AsRef<[u8]>) -> Facts {
    let case = Case::new().with(name, text);
    let mut artifact = case.artifact();
    let path = case.path("evidence").join(name);
    let source = Source { kind: Some(Kind::Sbom), path };
    let trust = accepting();
    let gathered = gather(&mut artifact, &[source], &Caps::default(), &trust).unwrap();
    verify(gathered, &artifact, &trust, common::at())
}

fn bom(facts: &Facts) -> &Bom {
    facts.attestations().first().unwrap().get().bom().unwrap()
}

#[test]
fn a_file_that_is_not_json_is_accepted_if_it_is_about_the_artifact() {
    let ours = sha256();
    let other = "0".repeat(64);
    for (name, of, format) in [
        ("tags", tag_value as fn(&str) -> String, "spdx"),
        ("xml", xml as fn(&str) -> String, "cyclonedx"),
        ("graph", (|sha256| graph(sha256).to_string()) as fn(&str) -> String, "spdx"),
    ] {
        let case = Case::new().with(name, of(&ours));
        assert_eq!(
            case.report(&Trust::empty()),
            [format!("{name} 0 sbom rejected: is not signed")]
        );
        let facts = case.facts(&accepting());
        assert_eq!(common::lines(&facts), [format!("{name} 0 sbom accepted: by ")]);
        assert_eq!(bom(&facts).format(), format);
        assert!(bom(&facts).components().iter().any(|one| one.name == "app" || one.name == "lib"));
        let report = Case::new().with(name, of(&other)).report(&accepting()).remove(0);
        let expected = format!("{name} 0 sbom rejected: is not signed, and ");
        assert!(report.starts_with(&expected), "{report}");
        assert!(!report.contains("does not name"), "it names another artifact: {report}");
        // Whoever calls it evidence cannot make it about the artifact against its own words.
        let why = |report: &str| report.split_once(" sbom ").unwrap().1.to_owned();
        let called = common::lines(&named(name, of(&other))).remove(0);
        assert_eq!(why(&called), why(&report));
    }
}

#[test]
fn a_file_that_names_no_digest_counts_if_the_caller_names_it() {
    for path in [
        "tests/fixtures/sbom/spdx/SPDXTagExample-v2.3.spdx",
        "tests/fixtures/sbom/spdx/SPDXLite.spdx",
        "tests/fixtures/sbom/spdx3/example13.spdx3.json",
    ] {
        let text = common::bytes(repository(path));
        let text = String::from_utf8(text).unwrap().replace("PackageChecksum: SHA256", "X");
        assert_eq!(
            Case::new().with("sbom", &text).report(&accepting()),
            ["sbom 0 sbom rejected: is not signed, and does not name the artifact's digest"]
        );
        let called = common::lines(&named("sbom", &text)).remove(0);
        assert!(called.ends_with("sbom 0 sbom accepted: by "), "{called}");
    }
}

#[test]
fn a_file_is_held_against_its_time_and_its_form() {
    let late = |text: &str| text.replace("2026-01-01", "2027-01-01");
    let report = |text: &str| {
        let report = Case::new().with("sbom", text).report(&accepting()).remove(0);
        report.strip_prefix("sbom 0 sbom rejected: ").unwrap().to_owned()
    };
    for (text, field) in [
        (tag_value(&sha256()), "Created"),
        (xml(&sha256()), "metadata.timestamp"),
        (graph(&sha256()).to_string(), "created"),
    ] {
        let why = report(&late(&text));
        assert!(why.contains(field) && why.contains("2027-01-01"), "{why}");
        let why = report(&text.replace("2026-01-01", "some day"));
        assert!(why.contains("some day"), "{why}");
    }
    let why = report(&format!("{}no tag", tag_value(&sha256())));
    assert!(why.contains("line 16 is `no tag`"), "{why}");
    let why = report(&xml(&sha256()).replace("</bom>", ""));
    assert!(why.contains("cannot be read"), "{why}");
}

#[test]
fn forms_that_are_not_read_are_known_by_name() {
    for (path, form) in
        [("SPDXXMLExample-v2.3.spdx.xml", "XML"), ("SPDXYAMLExample-v2.2.spdx.yaml", "YAML")]
    {
        let text = common::bytes(repository("tests/fixtures/sbom/spdx").join(path));
        let facts = Case::new().with("sbom", text).facts(&accepting());
        let document = &facts.documents()[0];
        assert_eq!(
            document.reason.as_ref().unwrap().as_str(),
            format!("is SPDX in {form}, which is not supported by this version")
        );
        assert_eq!(document.help.as_ref().unwrap().as_str(), "convert it to SPDX in JSON");
    }
}

#[test]
fn a_statement_carries_such_a_document_as_a_string() {
    let key = Key::p256();
    let trust = key.trusted("ci");
    let signed = |of: &str, predicate: Value| key.bundle(&statement(of, &predicate));
    for (of, text) in [(SPDX, tag_value("00")), (CYCLONEDX, xml("00"))] {
        let facts = Case::new().json("d.json", &signed(of, json!(text))).facts(&trust);
        assert_eq!(common::lines(&facts), ["d.json 0 sbom fact: by ci"]);
        assert!(bom(&facts).components().iter().any(|component| component.name == "lib"));
        let late = json!(text.replace("2026-01-01", "2027-01-01"));
        let why = line(&trust, &signed(of, late));
        assert!(why.starts_with("d.json 0 sbom rejected: ") && why.contains("2027"), "{why}");
    }
    for (of, predicate, why) in [
        (SPDX, json!(xml("00")), "its predicate is a string, and not SPDX in tag-value form"),
        (CYCLONEDX, json!(tag_value("00")), "its predicate is a string, and not CycloneDX in XML"),
        (
            SPDX,
            json!("{\"spdxVersion\":\"SPDX-2.3\"}"),
            "its predicate is a string, and not SPDX in tag-value form",
        ),
        (SPDX, json!(""), "its predicate is a string, and not SPDX in tag-value form"),
        (SPDX, json!("SPDXID: x"), "its predicate is SPDX in YAML: convert it to SPDX in JSON"),
        (
            SPDX,
            json!("SPDXVersion: SPDX-2.3\nx"),
            "its predicate cannot be read: line 2 is `x`, and not a tag, a colon and a value",
        ),
        ("https://slsa.dev/provenance/v1", json!("x"), "its predicate is not an object"),
    ] {
        let line = line(&trust, &signed(of, predicate));
        assert!(line.ends_with(&format!("rejected: {why}")), "{line}");
    }
}

#[test]
fn one_element_of_spdx_3_can_be_all_of_a_document() {
    let element = json!({
        "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "type": "software_Package",
        "spdxId": "urn:app", "name": "app", "creationInfo": {
            "type": "CreationInfo", "specVersion": "3.0.1", "created": "2026-01-01T00:00:00Z",
        },
    });
    let facts = named("d.json", element.to_string());
    assert_eq!(bom(&facts).components()[0].name, "app");
    let late = element.to_string().replace("2026-01-01", "2027-01-01");
    let why = common::lines(&named("d.json", late)).remove(0);
    assert!(why.contains("2027-01-01"), "{why}");
}
