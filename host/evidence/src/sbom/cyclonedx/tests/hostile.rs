//! Documents that are made to be misread.

use super::read;
use crate::sbom::Unreadable;

fn why(text: &str) -> String {
    read(text.as_bytes()).unwrap_err().to_string()
}

/// A document in XML with something in it.
fn holding(inner: &str) -> String {
    format!("<bom xmlns='http://cyclonedx.org/schema/bom/1.5'>{inner}</bom>")
}

#[test]
fn xml_that_two_readers_could_read_differently_is_refused() {
    let component =
        |inner: &str| holding(&format!("<components><component>{inner}</component></components>"));
    for (text, what) in [
        (
            format!("<!DOCTYPE bom [<!ENTITY e 'x'>]>{}", component("<name>&e;</name>")),
            "it has a document type, which is not read",
        ),
        (component("<name>&e;</name>"), "it refers to `e`, which is no entity of XML itself"),
        (component("<name>&#0;</name>"), "invalid character reference"),
        (component("<name>&#1;</name>"), "it refers to a character that XML does not allow"),
        (component("<name>\u{1}</name>"), "it has the character U+0001, which XML does not allow"),
        (component("<name>a</name><name>b</name>"), "an element has `name` twice"),
        (component("<name>a<b/></name>"), "the element `b` stands where only text may"),
        (component("<version>1</version>"), "a component has no `name`"),
        (component("<name>a</version>"), "ill-formed document"),
        (component("<name a='1' a='2'>a</name>"), "position"),
        (component("<x:name>a</x:name>"), "the prefix `x` is bound to no namespace"),
        (
            component("<name xmlns=''>a</name>"),
            "the element `name` is in no namespace, unlike those around it",
        ),
        (
            component("<name xmlns='http://cyclonedx.org/schema/bom/1.4'>a</name>"),
            "the element `name` is in the namespace `http://cyclonedx.org/schema/bom/1.4`",
        ),
        (format!("{}<bom/>", holding("")), "there is more behind its last element"),
        (format!("{}text", holding("")), "there is more behind its last element"),
        (holding("<components>"), "ill-formed document"),
        ("<bom xmlns='http://cyclonedx.org/schema/bom/1.5'>".to_owned(), "it ends too early"),
        (format!("<?xml version='1.1'?>{}", holding("")), "it is XML `1.1`, and only 1.0 is read"),
        (
            format!("<?xml version='1.0' encoding='latin1'?>{}", holding("")),
            "it says that its encoding is `latin1`, and only UTF-8 is read",
        ),
        (
            holding(&"<components><component>".repeat(60)),
            "its elements nest deeper than 100 levels",
        ),
        (
            holding(&format!("<x {}/>", (0..70).map(|n| format!("a{n}='' ")).collect::<String>())),
            "an element has more than 64 attributes",
        ),
        (holding("<dependencies><dependency/></dependencies>"), "a dependency has no `ref`"),
    ] {
        let why = why(&text);
        assert!(
            why.starts_with("the document is not valid CycloneDX: ") && why.contains(what),
            "{text}: {why}"
        );
    }
}

#[test]
fn other_xml_says_why_it_is_not_read() {
    assert!(
        why("<bom xmlns='http://cyclonedx.org/schema/bom/1.1'/>")
            .starts_with("version `1.1` of CycloneDX")
    );
    assert!(matches!(read(b"<bom xmlns='urn:x'/>"), Err(Unreadable::Format)));
    assert!(matches!(
        read(b"<x xmlns='http://cyclonedx.org/schema/bom/1.5'/>"),
        Err(Unreadable::Format)
    ));
    assert!(matches!(read(b"\xff"), Err(Unreadable::NotText)));
    let newer = read(b"<bom xmlns='http://cyclonedx.org/schema/bom/1.12'/>").unwrap();
    assert_eq!(
        newer.notes(),
        ["version `1.12` of CycloneDX is newer than 1.7: what it adds is not read"]
    );
    assert_eq!(newer.spec_version(), "1.12");
}

#[test]
fn a_document_that_claims_two_formats_is_neither() {
    let both = r#"{"bomFormat":"CycloneDX","specVersion":"1.5","spdxVersion":"SPDX-2.3"}"#;
    assert_eq!(why(both), "the document is not valid CycloneDX: it claims to be SPDX, too");
}
