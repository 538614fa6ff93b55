//! What a bill of materials that is not JSON says at its head: when it was made, and what it is about.
//!
//! Whoever verifies a document wants to know that of it before anybody asks for its index.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::cyclonedx;
use super::spdx::Lines;
use crate::xml::{Flaw, Xml};

/// What a document says of itself.
#[derive(Debug, Default)]
pub(crate) struct Head<'a> {
    /// When it was made, as it was written, and the name of the field.
    pub(crate) created: (&'static str, Option<Cow<'a, str>>),
    /// The tags that it has before its first package.
    pub(crate) tags: BTreeSet<&'a str>,
    /// What it is about, in CycloneDX.
    pub(crate) described: Option<Described<'a>>,
}

/// What a document of CycloneDX describes.
#[derive(Debug, Default)]
pub(crate) struct Described<'a> {
    pub(crate) name: Option<Cow<'a, str>>,
    pub(crate) version: Option<Cow<'a, str>>,
    /// Algorithm and value, as they are written.
    pub(crate) hashes: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

/// The most hashes of one component. There are a dozen algorithms.
const MAX_HASHES: usize = 64;

/// Reads the head of SPDX in tag-value form. The error is a reason.
pub(crate) fn head_of_tag_value(text: &str) -> Result<Head<'_>, Flaw> {
    let mut head = Head { created: ("Created", None), ..Head::default() };
    let mut is_of_document = true;
    for line in Lines::new(text) {
        let line = line?;
        is_of_document &= !matches!(line.tag, "PackageName" | "FileName" | "LicenseID");
        // It may stand behind packages, too, where the index takes it all the same.
        if line.tag == "Created" {
            once(&mut head.created.1, line.value.into(), line.tag)?;
        }
        if (is_of_document || line.tag == "Created") && !line.value.is_empty() {
            head.tags.insert(line.tag);
        }
    }
    Ok(head)
}

/// Reads the head of CycloneDX in XML. The error is a reason.
pub(crate) fn head_of_xml(text: &str) -> Result<Head<'_>, Flaw> {
    let mut head = Head { created: ("metadata.timestamp", None), ..Head::default() };
    let (mut xml, root, namespace) = Xml::open(text)?;
    if !cyclonedx::is_namespace(&namespace) || root.name() != "bom" {
        return Err("it is no CycloneDX".to_owned());
    }
    let mut found = false;
    while let Some(child) = xml.child()? {
        match child.name() {
            "metadata" if found => return Err("it has `metadata` twice".to_owned()),
            "metadata" => {
                found = true;
                metadata(&mut xml, &mut head)?;
            }
            _ => xml.skip()?,
        }
    }
    xml.close()?;
    Ok(head)
}

fn metadata<'a>(xml: &mut Xml<'a>, head: &mut Head<'a>) -> Result<(), Flaw> {
    while let Some(child) = xml.child()? {
        match child.name() {
            "timestamp" => once(&mut head.created.1, xml.text()?, "timestamp")?,
            "component" => {
                let described = described(xml)?;
                if head.described.replace(described).is_some() {
                    return Err("it has `component` twice".to_owned());
                }
            }
            _ => xml.skip()?,
        }
    }
    Ok(())
}

fn described<'a>(xml: &mut Xml<'a>) -> Result<Described<'a>, Flaw> {
    let mut described = Described::default();
    while let Some(child) = xml.child()? {
        match child.name() {
            "name" => once(&mut described.name, xml.text()?, "name")?,
            "version" => once(&mut described.version, xml.text()?, "version")?,
            "hashes" => {
                while let Some(hash) = xml.child()? {
                    if described.hashes.len() == MAX_HASHES {
                        return Err(format!("what it describes has more than {MAX_HASHES} hashes"));
                    }
                    let algorithm = hash.attribute("alg")?.unwrap_or_default();
                    described.hashes.push((algorithm, xml.text()?));
                }
            }
            _ => xml.skip()?,
        }
    }
    Ok(described)
}

/// Notes a text that may stand once: two readers could take a different one of two.
fn once<'a>(place: &mut Option<Cow<'a, str>>, text: Cow<'a, str>, name: &str) -> Result<(), Flaw> {
    match place.replace(text) {
        None => Ok(()),
        Some(_) => Err(format!("it has `{name}` twice")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_says_when_a_document_was_made_and_what_it_is_about() {
        let tags = "SPDXVersion: SPDX-2.3\nCreator: Tool: x\nPackageName: a\nSPDXID: SPDXRef-a\n\
                    Created: 2026-01-01T00:00:00Z";
        let head = head_of_tag_value(tags).unwrap();
        assert_eq!(head.created, ("Created", Some("2026-01-01T00:00:00Z".into())));
        assert_eq!(Vec::from_iter(head.tags), ["Created", "Creator", "SPDXVersion"]);
        let xml = r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.4"><metadata>
            <timestamp>2026-01-01T00:00:00Z</timestamp>
            <component><name>app</name><version>1</version><hashes>
            <hash alg="SHA-256">ab</hash></hashes></component></metadata></bom>"#;
        let head = head_of_xml(xml).unwrap();
        assert_eq!(head.created, ("metadata.timestamp", Some("2026-01-01T00:00:00Z".into())));
        let described = head.described.unwrap();
        assert_eq!((described.name, described.version), (Some("app".into()), Some("1".into())));
        assert_eq!(described.hashes, [("SHA-256".into(), "ab".into())]);
    }

    #[test]
    fn what_two_readers_could_read_differently_is_refused() {
        let why = head_of_tag_value("Created: a\nCreated: b").unwrap_err();
        assert_eq!(why, "it has `Created` twice");
        let bom = |inner: &str| {
            format!(r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.4">{inner}</bom>"#)
        };
        for (inner, why) in [
            ("<metadata/><metadata/>", "it has `metadata` twice"),
            ("<metadata><component/><component/></metadata>", "it has `component` twice"),
            (
                "<metadata><component><name/><name>a</name></component></metadata>",
                "it has `name` twice",
            ),
        ] {
            assert_eq!(head_of_xml(&bom(inner)).unwrap_err(), why);
        }
        assert_eq!(head_of_xml("<bom/>").unwrap_err(), "it is no CycloneDX");
    }
}
