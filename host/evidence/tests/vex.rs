//! What VEX documents state, and what stands of the rows of a scan by them.
#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use std::collections::BTreeSet;

use common::{CYCLONEDX, Case, Key, bytes, repository, sha256, statement, statement_about};
use lockgate_evidence::vex::{self, Applied, Component, Digests, Rules, Target, apply};
use lockgate_evidence::{Facts, Trust};
use lockgate_model::Kind;
use serde_json::{Value, json};

const OPENVEX: &str = "https://openvex.dev/ns/v0.2.0";

const STRICT: Rules = Rules { by_purl: false, covers_all: false };
const BY_PURL: Rules = Rules { by_purl: true, covers_all: false };
const COVERS_ALL: Rules = Rules { by_purl: false, covers_all: true };

const CVE: &str = "CVE-2021-44228";
const LOG4J: &str = "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1";

fn fixture(name: &str) -> Value {
    serde_json::from_slice(&bytes(repository(&format!("tests/fixtures/vex/{name}")))).unwrap()
}

/// A document of these statements.
fn openvex(statements: &Value) -> Value {
    json!({
        "@context": OPENVEX, "@id": "https://example.com/vex", "author": "nobody in particular",
        "timestamp": "2026-01-01T00:00:00Z", "version": 1, "statements": statements,
    })
}

/// A statement that log4j is affected in this way.
fn of_log4j(status: &str) -> Value {
    json!({
        "vulnerability": { "name": CVE }, "status": status, "justification": "component_not_present",
        "products": [{ "subcomponents": [{ "@id": LOG4J }] }],
    })
}

fn signed(key: &Key, document: &Value) -> Value {
    key.bundle(&statement(OPENVEX, document))
}

fn unbound(key: &Key, document: &Value) -> Value {
    key.bundle(&statement_about(&json!([]), OPENVEX, document))
}

fn ours(facts: &Facts, rules: Rules, rows: &[Target]) -> Applied {
    let sha256 = format!("sha256:{}", sha256()).parse().unwrap();
    apply(facts, Digests { sha256, sha512: None }, rules, None, rows.iter().copied())
}

fn row<'a>(vulnerability: &'a str, purl: &'a str) -> Target<'a> {
    Target { vulnerability, aliases: &[], component: "", version: None, purl: Some(purl) }
}

/// What stands of each row: `affected by a, b`, or nothing.
fn told(applied: &Applied) -> Vec<String> {
    let one = |stated: &Option<vex::Stated>| {
        stated.as_ref().map_or_else(String::new, |stated| {
            format!("{} by {}", stated.status.as_str(), stated.signers.join(", "))
        })
    };
    applied.statuses.iter().map(one).collect()
}

/// What one document that `ci` signs says of rows.
fn by_one(statements: &Value, rules: Rules, rows: &[Target]) -> Vec<String> {
    let key = Key::p256();
    let case = Case::new().json("d.json", &signed(&key, &openvex(statements)));
    let applied = ours(&case.facts(&key.trusted("ci")), rules, rows);
    assert_eq!(applied.unreadable, []);
    told(&applied)
}

/// What one document states, or why it states nothing.
fn read(predicate_type: &str, predicate: &Value) -> Result<String, String> {
    let key = Key::p256();
    let case = Case::new().json("d.json", &key.bundle(&statement(predicate_type, predicate)));
    let facts = case.facts(&key.trusted("ci"));
    let document = facts.attestations()[0].get().vex().map_err(ToString::to_string)?;
    let component = |component: &Component| match component {
        Component::Package(package) => package.as_str().to_owned(),
        Component::Named { name, version } => {
            format!("{name} {}", version.as_deref().unwrap_or("*"))
        }
        Component::Vague(what) => format!("?{what}"),
    };
    let mut lines = vec![format!(
        "{} {} by {}",
        document.format(),
        document.version(),
        document.author().unwrap_or("-")
    )];
    for one in document.statements() {
        let at = one.at.map_or_else(|| "-".to_owned(), |at| at.to_string());
        let aliases = one.aliases.join(",");
        let why = one.justification.as_deref().unwrap_or("-");
        lines.push(format!("{}({aliases}) {} {why} {at}", one.vulnerability, one.status.as_str()));
        for product in &one.products {
            let name = product.component.as_ref().map_or_else(|| "-".to_owned(), component);
            let parts: Vec<_> = product.parts.iter().map(component).collect();
            lines.push(format!("  {name} [{}]", parts.join(", ")));
        }
        lines.extend(one.parts.iter().map(|part| format!("  . {}", component(part))));
    }
    lines.extend(document.notes().iter().map(|note| format!("! {note}")));
    Ok(lines.join("\n"))
}

#[test]
fn openvex_of_both_forms_is_read() {
    let of = |name| read(OPENVEX, &fixture(name)).unwrap();
    let git = "\n  pkg:apk/wolfi/git@2.39.0-r1?arch=armv7 []\n  pkg:apk/wolfi/git@2.39.0-r1?arch=x86_64 []";
    for name in ["v0.0.1.json", "v0.0.1-noversion.json"] {
        assert_eq!(
            of(name),
            format!(
                "OpenVEX 0.0.1 by Wolfi J Inkinson\nCVE-2023-12345() fixed - 2023-01-09T00:02:03Z{git}"
            )
        );
    }
    assert_eq!(
        of("v001-1.vex.json"),
        "OpenVEX 0.0.1 by John Doe\nCVE-1234-5678() under-investigation - 2022-12-22T21:36:43Z\n  \
         pkg:apk/wolfi/bash@1.0.0 []"
    );
    assert_eq!(
        of("v020-2.vex.json"),
        "OpenVEX 0.2.0 by John Doe\nCVE-1234-5678() under-investigation - 2022-12-22T21:36:43Z\n  \
         pkg:apk/wolfi/git@2.41.0-1 []"
    );
    let alpine = of("v0.2.0.json");
    assert_eq!(alpine.lines().filter(|line| line.contains(" fixed ")).count(), 3);
    assert_eq!(alpine.lines().filter(|line| line.contains(" not-affected ")).count(), 2);
    let parts = "[pkg:apk/alpine/libssl3@3.0.8-r3, pkg:apk/alpine/libcrypto3@3.0.8-r3]";
    assert_eq!(alpine.lines().filter(|line| line.contains(parts)).count(), 5);
}

#[test]
fn cyclonedx_vex_of_the_field_is_read() {
    assert_eq!(
        read(CYCLONEDX, &fixture("cyclonedx-vex.json")).unwrap(),
        "CycloneDX 1.4 by -\n\
         CVE-2020-25649(SNYK-JAVA-COMFASTERXMLJACKSONCORE-1048302) not-affected code_not_reachable -\n  \
         - [pkg:maven/com.fasterxml.jackson.core/jackson-databind@2.10.0?type=jar]"
    );
    let cisa = read(CYCLONEDX, &fixture("cyclonedx-cisa-8.json")).unwrap();
    let lines: Vec<_> = cisa.lines().collect();
    assert_eq!(lines[1], "CVE-2021-44228() affected - -");
    assert_eq!(
        lines[2], "  - [?urn:cdx:cbb2cd68-2857-43b8-a10b-e8c03d277d18/1#product-ABC]",
        "what lies in another document cannot be told"
    );
    assert!(
        lines.last().unwrap().starts_with("! what is said of a component covers nothing where")
    );
}

#[test]
fn cyclonedx_refers_to_components_of_the_same_document() {
    let uuid = "3e671687-395b-41f5-a30f-a58921a69b79";
    let vulnerability = |state: &str, reference: &str, versions: Value| {
        json!({ "id": CVE, "analysis": { "state": state, "firstIssued": "2025-01-01T00:00:00Z",
            "lastUpdated": "2025-02-01T00:00:00Z", "response": ["update", "rollback"] },
            "affects": [{ "ref": reference, "versions": versions }] })
    };
    let of = |vulnerability: Value| {
        let document = json!({
            "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 2,
            "serialNumber": format!("urn:uuid:{uuid}"),
            "metadata": { "timestamp": "2024-01-01T00:00:00Z", "authors": [{ "name": "A" }],
                "component": { "bom-ref": "app", "name": "app", "version": "1" } },
            "components": [
                { "bom-ref": "lib", "name": "lib", "purl": "pkg:npm/lib@2", "version": "2", "components": [
                    { "bom-ref": "in", "group": "g", "name": "inner", "version": "3" },
                    { "bom-ref": "twice", "name": "a", "purl": "pkg:npm/a@1" }] },
                { "bom-ref": "twice", "name": "b", "purl": "pkg:npm/b@1" }],
            "vulnerabilities": [vulnerability],
        });
        let read = read(CYCLONEDX, &document).unwrap();
        let products = read.lines().skip(2).filter(|line| !line.starts_with('!'));
        products.map(|line| line.trim_start().to_owned()).collect::<Vec<_>>()
    };
    let plain = |reference: &str| of(vulnerability("not_affected", reference, Value::Null));
    assert_eq!(plain("app"), ["- []"], "what is described, as a whole");
    assert_eq!(plain("lib"), ["- [pkg:npm/lib@2]"]);
    assert_eq!(plain("in"), ["- [g/inner 3]"]);
    assert_eq!(plain(&format!("urn:cdx:{uuid}/2#lib")), ["- [pkg:npm/lib@2]"]);
    let foreign = format!("urn:cdx:{uuid}/1#lib");
    assert_eq!(plain(&foreign), [format!("- [?{foreign}]")], "another version of the document");
    assert_eq!(plain("gone"), ["- [?gone]"]);
    assert_eq!(plain("pkg:npm/x@1"), ["- [pkg:npm/x@1]"]);
    assert_eq!(plain("twice"), ["- [?twice]"], "nobody is cleared whom two are called");
    assert_eq!(
        of(vulnerability("exploitable", "twice", Value::Null)),
        ["- [pkg:npm/a@1]", "- [pkg:npm/b@1]"]
    );
    let is = |state: &str, versions: Value| !of(vulnerability(state, "lib", versions)).is_empty();
    for (versions, cleared, affected) in [
        (json!([]), true, true),
        (json!([{ "version": "2" }]), true, true),
        (json!([{ "version": "2", "status": "unaffected" }]), true, false),
        (json!([{ "version": "2", "status": "affected" }]), false, true),
        (json!([{ "version": "3" }]), false, false),
        (json!([{ "range": "vers:npm/>=1" }]), false, true),
        (json!([{ "range": "vers:npm/>=1", "status": "unaffected" }]), false, false),
    ] {
        assert_eq!(is("not_affected", versions.clone()), cleared, "{versions}");
        assert_eq!(is("exploitable", versions.clone()), affected, "{versions}");
    }
}

#[test]
fn a_bill_of_materials_that_analyses_nothing_states_nothing() {
    for vulnerabilities in
        [json!(null), json!([]), json!([{ "id": CVE, "analysis": { "detail": "x" } }])]
    {
        let document = json!({ "bomFormat": "CycloneDX", "specVersion": "1.2", "vulnerabilities": vulnerabilities });
        assert_eq!(read(CYCLONEDX, &document).unwrap(), "CycloneDX  by -");
    }
}

#[test]
fn what_cannot_be_read_says_why() {
    let openvex_of = |statement: Value| read(OPENVEX, &openvex(&json!([statement]))).unwrap_err();
    let cyclonedx_of = |version: &str, vulnerability: Value| {
        let document = json!({ "bomFormat": "CycloneDX", "specVersion": version,
            "vulnerabilities": [vulnerability] });
        read(CYCLONEDX, &document).unwrap_err()
    };
    let versioned = |context: &str| {
        let document = json!({ "@context": context, "statements": [] });
        read(OPENVEX, &document)
    };
    assert_eq!(
        openvex_of(json!({ "vulnerability": CVE, "status": "harmless" })),
        "the document is not valid OpenVEX: statement 1 has the status `harmless`, which is none"
    );
    assert_eq!(
        openvex_of(json!({ "vulnerability": { "aliases": ["x"] }, "status": "fixed" })),
        "the document is not valid OpenVEX: statement 1 names no vulnerability"
    );
    assert_eq!(
        openvex_of(json!({ "vulnerability": CVE, "status": "fixed", "timestamp": "now" })),
        "the document is not valid OpenVEX: `timestamp` of statement 1 is `now`, which is not an \
         RFC 3339 instant"
    );
    assert!(
        openvex_of(json!({ "vulnerability": CVE }))
            .starts_with("the document is not valid OpenVEX: missing field `status` at line 1")
    );
    assert!(
        openvex_of(json!({ "vulnerability": CVE, "status": "fixed", "products": "all" }))
            .starts_with("the document is not valid OpenVEX: invalid type: string \"all\"")
    );
    assert_eq!(
        versioned("https://openvex.dev/ns/v1.0.0").unwrap_err(),
        "version `1.0.0` of OpenVEX is not supported by this version, which reads 0.0.1 and later"
    );
    assert_eq!(
        versioned("https://example.com/ns").unwrap_err(),
        "the format is not supported by this version, which reads OpenVEX and CycloneDX"
    );
    assert_eq!(
        versioned("https://openvex.dev/ns/v0.3.0").unwrap(),
        "OpenVEX 0.3.0 by -\n! its version `0.3.0` of OpenVEX is newer than 0.2.0, the last that \
         this version knows"
    );
    assert_eq!(
        cyclonedx_of("1.6", json!({ "id": CVE, "analysis": { "state": "fine" } })),
        "the document is not valid CycloneDX: the state of vulnerability 1 is `fine`, which is none"
    );
    assert_eq!(
        cyclonedx_of("1.3", json!({ "id": CVE, "analysis": { "state": "resolved" } })),
        "version `1.3` of CycloneDX is not supported by this version, which reads 1.4 and later"
    );
    assert_eq!(
        read("https://example.com/anything", &json!({})).unwrap_err(),
        "the document is of the kind `attestation`, which holds no VEX"
    );
}

#[test]
fn a_statement_covers_the_components_that_it_names() {
    let subcomponents = |parts: Value| {
        json!([{ "vulnerability": { "name": CVE, "aliases": ["GHSA-jfh8-c2jp-5v3q"] }, "status": "fixed",
            "products": [{ "@id": "pkg:generic/app", "subcomponents": parts }] }])
    };
    let said = |parts: Value, row: Target| {
        by_one(&subcomponents(parts), COVERS_ALL, &[row]).remove(0) == "fixed by ci"
    };
    let log4j = json!([{ "@id": LOG4J }]);
    assert!(said(log4j.clone(), row(CVE, LOG4J)));
    assert!(said(
        log4j.clone(),
        row("cve-2021-44228", "PKG:Maven/org.apache.logging.log4j/log4j-core@2.14.1?type=jar")
    ));
    assert!(said(log4j.clone(), row("ghsa-JFH8-c2jp-5v3q", LOG4J)));
    let aliases = ["cve-2021-44228".to_owned()];
    assert!(said(log4j.clone(), Target { aliases: &aliases, ..row("OTHER-1", LOG4J) }));
    assert!(!said(log4j.clone(), row("CVE-2021-4422", LOG4J)));
    assert!(!said(log4j.clone(), row(CVE, "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.2")));
    assert!(!said(log4j.clone(), row(CVE, "pkg:maven/org.apache.logging.log4j/log4j-core")));
    assert!(!said(log4j, row(CVE, "pkg:maven/org.apache.logging.log4j/log4j-api@2.14.1")));
    // Qualifiers are compared where the statement has them.
    let amd64 = json!([{ "@id": "pkg:deb/debian/curl@7.5?arch=amd64" }]);
    assert!(said(amd64.clone(), row(CVE, "pkg:deb/debian/curl@7.5?arch=amd64&distro=sid")));
    assert!(!said(amd64.clone(), row(CVE, "pkg:deb/debian/curl@7.5?arch=arm64")));
    assert!(!said(amd64, row(CVE, "pkg:deb/debian/curl@7.5")));
    // A package URL says more than any other identifier.
    let both = json!([{ "@id": "https://example.com/curl", "identifiers": { "purl": LOG4J } }]);
    assert!(said(both, row(CVE, LOG4J)));
    // Without a version it covers nothing, not even as a statement about all components.
    let vague = json!([{ "@id": "pkg:maven/org.apache.logging.log4j/log4j-core" }]);
    assert!(!said(vague, row(CVE, LOG4J)));
    // Without a package URL there is the name.
    let named = |component, purl| Target {
        vulnerability: CVE,
        aliases: &[],
        component,
        version: Some("1"),
        purl,
    };
    assert!(said(json!(["openssl"]), named("openssl", None)));
    assert!(said(json!([{ "@id": "openssl" }]), named("openssl", Some("not a purl"))));
    assert!(!said(json!(["openssl"]), named("openssl3", None)));
    assert!(!said(json!(["openssl"]), named("openssl", Some("pkg:deb/debian/openssl@1"))));
    assert!(!said(json!([LOG4J]), named("log4j-core", None)));
}

#[test]
fn a_statement_without_a_component_covers_no_row_unless_the_stage_says_so() {
    for statement in [
        json!({ "vulnerability": CVE, "status": "fixed" }),
        json!({ "vulnerability": CVE, "status": "fixed", "products": ["pkg:generic/app@1"] }),
        json!({ "vulnerability": CVE, "status": "fixed", "products": [{ "@id": "app", "subcomponents": [] }] }),
    ] {
        let said =
            |rules| by_one(&json!([statement]), rules, &[row(CVE, LOG4J), row("CVE-1", LOG4J)]);
        assert_eq!(said(STRICT), ["", ""]);
        assert_eq!(said(BY_PURL), ["", ""]);
        assert_eq!(said(COVERS_ALL), ["fixed by ci", ""]);
    }
    let older = json!([{ "vulnerability": CVE, "status": "fixed", "products": ["app"], "subcomponents": [LOG4J] }]);
    let rows = [row(CVE, LOG4J), row(CVE, "pkg:npm/other@1")];
    for rules in [STRICT, BY_PURL, COVERS_ALL] {
        assert_eq!(by_one(&older, rules, &rows), ["fixed by ci", ""]);
    }
}

#[test]
fn a_product_with_another_hash_is_another_product() {
    let statement = |status: &str, products: Value| {
        json!([{ "vulnerability": CVE, "status": status, "justification": "component_not_present",
            "products": products }])
    };
    let product = |hashes: Value| json!({ "hashes": hashes, "subcomponents": [{ "@id": LOG4J }] });
    let said = |products: Value| {
        by_one(&statement("fixed", products), STRICT, &[row(CVE, LOG4J)]).remove(0)
    };
    let zeros = "0".repeat(64);
    let ours = sha256();
    assert_eq!(said(json!([product(json!({ "sha-256": ours.to_uppercase() }))])), "fixed by ci");
    assert_eq!(said(json!([product(json!({ "md5": "00" }))])), "fixed by ci");
    assert_eq!(said(json!([product(json!({ "sha-256": zeros }))])), "");
    assert_eq!(
        said(json!([product(json!({ "sha-256": zeros })), product(json!({ "sha256": ours }))])),
        "fixed by ci"
    );
    let image = |hex: &str| json!([{ "@id": format!("pkg:oci/app@sha256%3A{hex}"), "subcomponents": [{ "@id": LOG4J }] }]);
    assert_eq!(said(image(&ours)), "fixed by ci");
    assert_eq!(said(image(&zeros)), "", "the version of an image is its digest");
    // Of an artifact of which no SHA-512 is known it cannot be told, and that counts only against.
    let untold = json!([product(json!({ "sha-256": ours, "sha-512": "00" }))]);
    let key = Key::p256();
    let of = |status: &str, by_digest: bool| {
        let case =
            Case::new().json("d.json", &signed(&key, &openvex(&statement(status, untold.clone()))));
        let case = if by_digest { case.by_digest() } else { case };
        let mut artifact = case.artifact();
        let facts = case.facts(&key.trusted("ci"));
        let source = lockgate_evidence::Source { kind: None, path: case.path("evidence") };
        let caps = lockgate_evidence::Caps::default();
        lockgate_evidence::gather(&mut artifact, &[source], &caps, &key.trusted("ci")).unwrap();
        let sha512 = artifact.sha512_hex();
        let digests = Digests { sha256: artifact.subject().digest, sha512: sha512.as_deref() };
        told(&apply(&facts, digests, STRICT, None, [row(CVE, LOG4J)])).remove(0)
    };
    assert_eq!(of("fixed", true), "");
    assert_eq!(of("affected", true), "affected by ci");
    assert_eq!(of("affected", false), "", "it was computed, and it is another");
}

#[test]
fn a_product_is_a_component_by_its_purl_where_the_stage_says_so() {
    let statement = |status: &str, product: Value| {
        json!([{ "vulnerability": CVE, "status": status, "justification": "component_not_present",
            "products": [product] }])
    };
    let said = |statements: &Value, rules| by_one(statements, rules, &[row(CVE, LOG4J)]).remove(0);
    let fixed = statement("fixed", json!(LOG4J));
    assert_eq!(said(&fixed, STRICT), "");
    assert_eq!(said(&fixed, BY_PURL), "fixed by ci");
    let vague = statement("fixed", json!("pkg:maven/org.apache.logging.log4j/log4j-core"));
    assert_eq!(said(&vague, BY_PURL), "");
    let inner = json!({ "@id": LOG4J, "subcomponents": [{ "@id": "pkg:npm/a@1" }] });
    assert_eq!(said(&statement("fixed", inner), BY_PURL), "", "it is about what is in it");
    let hashed = json!({ "@id": LOG4J, "hashes": { "sha-256": "00" } });
    assert_eq!(said(&statement("fixed", hashed.clone()), BY_PURL), "");
    assert_eq!(said(&statement("affected", hashed), BY_PURL), "affected by ci");
}

#[test]
fn a_statement_that_does_not_say_why_does_not_count() {
    let mut statement = of_log4j("not_affected");
    let key = Key::p256();
    let trust = key.trusted("ci");
    let mut said = |justification: Value, impact: Value| {
        statement["justification"] = justification;
        statement["impact_statement"] = impact;
        let document = openvex(&json!([of_log4j("under_investigation"), statement]));
        let mut later = document.clone();
        later["statements"][1]["timestamp"] = json!("2026-05-01T00:00:00Z");
        let case = Case::new().json("d.json", &signed(&key, &later));
        let applied = ours(&case.facts(&trust), STRICT, &[row(CVE, LOG4J)]);
        (told(&applied).remove(0), applied.notes)
    };
    for (justification, impact) in [
        (json!("vulnerable_code_not_present"), json!(null)),
        (json!(null), json!("it is never called")),
    ] {
        assert_eq!(said(justification, impact), ("not-affected by ci".to_owned(), vec![]));
    }
    for (justification, impact) in
        [(json!(null), json!(null)), (json!(" "), json!("")), (json!("trust_me"), json!(null))]
    {
        let (status, notes) = said(justification, impact);
        assert_eq!(status, "under-investigation by ci");
        assert_eq!(
            notes,
            [
                "`d.json`: statements with the status `not_affected` that give neither a justification \
              nor an impact statement, of which the specification requires one, do not count: 1 in \
              all, the first is `CVE-2021-44228`"
            ]
        );
    }
}

#[test]
fn later_statements_of_one_signer_supersede_its_earlier_ones() {
    let at = |status: &str, at: Value, updated: Value| {
        let mut statement = of_log4j(status);
        statement["timestamp"] = at;
        statement["last_updated"] = updated;
        statement
    };
    let said =
        |statements: &[Value]| by_one(&json!(statements), STRICT, &[row(CVE, LOG4J)]).remove(0);
    let old = at("affected", json!("2025-01-01T00:00:00Z"), json!(null));
    let new = at("fixed", json!("2025-01-01T00:00:01Z"), json!(null));
    let updated = at("not_affected", json!("2024-01-01T00:00:00Z"), json!("2025-06-01T00:00:00Z"));
    let inherits = at("under_investigation", json!(null), json!(null));
    assert_eq!(said(&[old.clone(), new.clone()]), "fixed by ci");
    assert_eq!(said(&[new.clone(), old.clone()]), "fixed by ci");
    assert_eq!(said(&[new.clone(), updated.clone(), old.clone()]), "not-affected by ci");
    assert_eq!(said(&[inherits, updated, new, old.clone()]), "under-investigation by ci");
    let same = at("fixed", json!("2025-01-01T00:00:00Z"), json!(null));
    assert_eq!(said(&[same, old]), "affected by ci", "of one moment the worse stands");
}

#[test]
fn of_several_signers_the_worst_stands_and_only_honoured_ones_are_heard() {
    let (a, b) = (Key::p256(), Key::ed25519());
    let trust =
        Trust::new(vec![a.entry("a", Some(&[Kind::Vex])), b.entry("b", Some(&[Kind::Vex]))])
            .unwrap();
    let document = |status: &str| openvex(&json!([of_log4j(status)]));
    let case = Case::new()
        .json("1.json", &signed(&a, &document("not_affected")))
        .json("2.json", &signed(&b, &document("affected")));
    let facts = case.facts(&trust);
    let sha256 = format!("sha256:{}", sha256()).parse().unwrap();
    let said = |names: Option<&[&str]>| {
        let names = names.map(|names| names.iter().map(|&name| name.to_owned()).collect());
        let names: Option<BTreeSet<String>> = names;
        let digests = Digests { sha256, sha512: None };
        told(&apply(&facts, digests, STRICT, names.as_ref(), [row(CVE, LOG4J)])).remove(0)
    };
    assert_eq!(said(None), "affected by b");
    assert_eq!(said(Some(&["a"])), "not-affected by a");
    assert_eq!(said(Some(&["a", "b"])), "affected by b");
    assert_eq!(said(Some(&[])), "");
    let case = Case::new()
        .json("1.json", &signed(&a, &document("fixed")))
        .json("2.json", &signed(&b, &document("fixed")));
    let applied = ours(&case.facts(&trust), STRICT, &[row(CVE, LOG4J)]);
    assert_eq!(told(&applied), ["fixed by a, b"], "two copies of one statement are one");
    let stated = applied.statuses[0].as_ref().unwrap();
    assert_eq!(stated.justification.as_deref(), Some("component_not_present"));
    assert_eq!(stated.author.as_deref(), Some("nobody in particular"));
}

#[test]
fn a_bill_of_materials_states_vex_only_by_signers_who_may() {
    let document = json!({
        "bomFormat": "CycloneDX", "specVersion": "1.6",
        "components": [{ "bom-ref": "l", "name": "log4j-core", "purl": LOG4J }],
        "vulnerabilities": [{ "id": CVE, "analysis": { "state": "false_positive" },
            "affects": [{ "ref": "l" }] }],
    });
    let key = Key::p256();
    let case = Case::new().json("d.json", &key.bundle(&statement(CYCLONEDX, &document)));
    let said = |kinds: Option<&[Kind]>| {
        let trust = Trust::new(vec![key.entry("ci", kinds)]).unwrap();
        let applied = ours(&case.facts(&trust), STRICT, &[row(CVE, LOG4J)]);
        (told(&applied).remove(0), applied.notes)
    };
    let counts = ("not-affected by ci".to_owned(), vec![]);
    assert_eq!(said(Some(&[Kind::Sbom, Kind::Vex])), counts);
    assert_eq!(said(None), counts, "one without `for` may vouch for both");
    let note = "`d.json`: what it says of vulnerabilities does not count, for `ci` may not vouch for `vex`";
    assert_eq!(said(Some(&[Kind::Sbom])), (String::new(), vec![note.to_owned()]));
    assert_eq!(said(Some(&[Kind::Vex])), (String::new(), vec![]), "it is no fact at all");
}

#[test]
fn a_document_that_cannot_be_read_is_listed() {
    let key = Key::p256();
    let broken = openvex(&json!([{ "vulnerability": CVE, "status": "harmless" }]));
    let case = Case::new()
        .json("1.json", &signed(&key, &broken))
        .json("2.json", &signed(&key, &openvex(&json!([of_log4j("fixed")]))));
    let facts = case.facts(&key.trusted("ci"));
    let applied = ours(&facts, STRICT, &[row(CVE, LOG4J)]);
    assert_eq!(told(&applied), ["fixed by ci"]);
    let why =
        "the document is not valid OpenVEX: statement 1 has the status `harmless`, which is none";
    assert_eq!(applied.unreadable, [(facts.attestations()[0].get().digest(), why.to_owned())]);
    let more_alike = |count: usize| {
        let part = |number: usize| json!({ "@id": format!("{LOG4J}?type=t{number}") });
        let parts: Vec<_> = (0..count).map(part).collect();
        let statement = json!([{ "vulnerability": CVE, "status": "fixed",
            "products": [{ "subcomponents": parts }] }]);
        let case = Case::new().json("1.json", &signed(&key, &openvex(&statement)));
        ours(&case.facts(&key.trusted("ci")), STRICT, &[]).unreadable
    };
    assert_eq!(more_alike(256), []);
    assert_eq!(
        more_alike(257)[0].1,
        "more than 256 packages are like \
         `pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1?type=t256` but for their qualifiers"
    );
}

#[test]
fn a_document_that_names_no_subject_is_bound_by_the_hash_of_a_product() {
    let key = Key::p256();
    let statement = |hashes: Value| {
        json!([
            { "vulnerability": CVE, "status": "fixed",
              "products": [{ "hashes": hashes, "subcomponents": [{ "@id": LOG4J }] }] },
            { "vulnerability": "CVE-1", "status": "fixed",
              "products": [{ "@id": "app", "subcomponents": [{ "@id": LOG4J }] }] },
            { "vulnerability": "CVE-1", "status": "fixed", "products": [LOG4J] },
            { "vulnerability": "CVE-2", "status": "fixed" },
        ])
    };
    let rows = [row(CVE, LOG4J), row("CVE-1", LOG4J), row("CVE-2", LOG4J)];
    let said = |hashes: Value, rules: Rules| {
        let mut trust = key.trusted("ci");
        trust.vex(rules);
        let case = Case::new().json("d.json", &unbound(&key, &openvex(&statement(hashes))));
        let facts = case.facts(&trust);
        let line = common::lines(&facts).remove(0);
        let checks = facts.documents()[0]
            .checks
            .clone()
            .map(|checks| serde_json::to_value(&checks.subject).unwrap().to_string());
        (
            line,
            checks.unwrap_or_default(),
            told(&ours(&facts, rules, &rows)),
            facts.count(Kind::Vex),
        )
    };
    let all = Rules { by_purl: true, covers_all: true };
    let (line, checks, told, count) = said(json!({ "sha-256": sha256() }), COVERS_ALL);
    assert_eq!(line, "d.json 0 vex fact: by ci");
    assert!(checks.contains("a hash of a product that it is about"), "{checks}");
    assert_eq!(told, ["fixed by ci", "", ""]);
    assert_eq!(count, 1);
    let (_, _, told, _) = said(json!({ "sha-256": sha256() }), all);
    assert_eq!(told, ["fixed by ci", "fixed by ci", ""]);
    let zeros = "0".repeat(64);
    let (line, _, told, count) = said(json!({ "sha-256": zeros }), COVERS_ALL);
    assert_eq!(
        line,
        format!(
            "d.json 0 vex rejected: is signed by `ci`, but names no subject by sha256 or sha512, and \
             of its products it is about sha256:{zeros}"
        )
    );
    assert_eq!((told, count), (vec![String::new(); 3], 0));
    let (line, _, _, _) = said(json!({}), COVERS_ALL);
    assert_eq!(
        line,
        "d.json 0 vex rejected: is signed by `ci`, but names no subject by sha256 or sha512, and \
         gives no product a hash by either"
    );
    let (line, checks, told, count) = said(json!({ "sha-256": zeros }), all);
    assert_eq!(line, "d.json 0 vex fact: by ci");
    assert!(
        checks.contains("it is about packages, and the stage matches them by purl"),
        "{checks}"
    );
    assert_eq!(told, ["", "fixed by ci", ""], "only what packages say of themselves");
    assert_eq!(count, 0, "it is no evidence that there is VEX of the artifact");
}

#[test]
fn a_sha512_of_a_product_is_computed_where_it_binds() {
    let key = Key::p256();
    let sha512 = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA512, common::ARTIFACT);
    let sha512: String = sha512.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let statements = json!([{ "vulnerability": CVE, "status": "fixed",
        "products": [{ "hashes": { "sha-512": sha512 } }] }]);
    let case = Case::new().json("d.json", &unbound(&key, &openvex(&statements)));
    assert_eq!(case.report(&key.trusted("ci")), ["d.json 0 vex fact: by ci"]);
    assert_eq!(
        case.by_digest().report(&key.trusted("ci")),
        [
            "d.json 0 vex rejected: is signed by `ci`, but names no subject by sha256 or sha512, and of \
          its products it names its subject by sha512, which cannot be told from the artifact's \
          sha256 alone"
        ]
    );
}

#[test]
fn a_document_that_names_another_subject_is_about_that() {
    let key = Key::p256();
    let statements = json!([{ "vulnerability": CVE, "status": "fixed",
        "products": [{ "hashes": { "sha-256": sha256() } }] }]);
    let subjects = json!([{ "name": "other", "digest": { "sha256": "0".repeat(64) } }]);
    let document = key.bundle(&statement_about(&subjects, OPENVEX, &openvex(&statements)));
    let mut trust = key.trusted("ci");
    trust.vex(Rules { by_purl: true, covers_all: true });
    let line = common::line(&trust, &document);
    assert!(
        line.starts_with("d.json 0 vex rejected: is signed by `ci`, but is about `other`"),
        "{line}"
    );
}

#[test]
fn a_name_that_may_be_another_package_s_clears_nothing_and_is_a_warning_all_the_same() {
    let said = |status: &str, id: &str| {
        let document = openvex(&json!([{
            "vulnerability": { "name": CVE }, "status": status, "justification": "component_not_present",
            "action_statement": "update", "products": [{ "subcomponents": [{ "@id": id }] }],
        }]));
        move |row: Target| by_one(&document["statements"], STRICT, &[row]).remove(0)
    };
    // These two are two packages of npm.
    let row = row(CVE, "pkg:npm/JSONStream@1.3.5");
    assert_eq!(said("not_affected", "pkg:npm/jsonstream@1.3.5")(row), "");
    assert_eq!(said("fixed", "pkg:npm/jsonstream@1.3.5")(row), "");
    assert_eq!(said("affected", "pkg:npm/jsonstream@1.3.5")(row), "affected by ci");
    assert_eq!(said("fixed", "pkg:npm/JSONStream@1.3.5")(row), "fixed by ci");
    // And these are one, of PyPI and of NuGet, and so are two ways to write a namespace.
    for (one, other) in [
        ("pkg:pypi/zope.interface@6", "pkg:pypi/zope-interface@6"),
        ("pkg:nuget/Newtonsoft.Json@13", "pkg:nuget/newtonsoft.json@13"),
        ("pkg:npm/%40babel%2Fcore@7", "pkg:npm/%40babel/core@7"),
    ] {
        assert_eq!(said("fixed", one)(self::row(CVE, other)), "fixed by ci", "{one}");
    }
}
