//! Documents that nobody signed, and what they say that they are about.
//!
//! They count only where a stage accepts them, and then only if they name the artifact's digest
//! themselves, or the caller names them.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use lockgate_model::Kind;
use serde::Deserialize;

use super::statement::{Statement, Subject};
use crate::json::{self, Bounded, Object};
use crate::predicate::{Predicate, words_of};
use crate::reason::shown;
use crate::sbom::{self, Bom};

/// The most packages of a document that are looked through for the one that it describes.
const MAX_PACKAGES: usize = 1_000_000;

/// The most hashes of one component. There are a dozen algorithms.
const MAX_HASHES: usize = 64;

/// A statement or a bill of materials outside of any envelope.
#[derive(Debug)]
pub(crate) struct Unsigned {
    pub(crate) predicate_type: String,
    pub(crate) predicate: Predicate,
    pub(crate) bytes: Vec<u8>,
    /// Where the predicate stands in the bytes.
    pub(crate) body: Range<usize>,
    /// What a statement names; none where there is no statement.
    subjects: Option<Vec<Subject>>,
}

impl Unsigned {
    /// A statement. The error is a reason.
    pub(super) fn statement(text: &str) -> Result<Self, String> {
        let Statement { predicate_type, predicate, subjects, body, .. } =
            Statement::read(text.as_bytes())?;
        let bytes = text.as_bytes().to_vec();
        Ok(Self { predicate_type, predicate, bytes, body, subjects: Some(subjects) })
    }

    /// A bill of materials, which is all of the document.
    pub(super) fn bom(text: &str, predicate_type: &str) -> Self {
        Self {
            predicate_type: predicate_type.to_owned(),
            predicate: Predicate::of(predicate_type),
            bytes: text.as_bytes().to_vec(),
            body: 0..text.len(),
            subjects: None,
        }
    }

    /// What it names: a statement's subjects, or what a bill of materials describes. The error is a
    /// reason.
    pub(crate) fn named(&self) -> Result<Vec<Subject>, String> {
        match &self.subjects {
            Some(subjects) => Ok(subjects.clone()),
            None => described(self.predicate, &self.bytes),
        }
    }
}

/// What a bill of materials describes, by its digests; empty where it says nothing that binds. What
/// cannot be read may name another artifact, so it is an error, which is a reason.
pub(crate) fn described(predicate: Predicate, body: &[u8]) -> Result<Vec<Subject>, String> {
    let text = std::str::from_utf8(body).unwrap_or_default();
    let found = match (predicate, text.bytes().find(|byte| !byte.is_ascii_whitespace())) {
        (Predicate::Spdx | Predicate::CycloneDx, Some(b'"')) => match words_of(text) {
            Some(text) => of_text(predicate, &text),
            None => Err("it is not valid JSON".to_owned()),
        },
        (Predicate::Spdx, Some(b'{')) if sbom::mark(text) == Some(sbom::Mark::SpdxGraph) => {
            of_index(text)
        }
        (Predicate::Spdx, Some(b'{' | b'[')) => of_spdx(text).map_err(|error| shown(&error)),
        (Predicate::CycloneDx, Some(b'{' | b'[')) => {
            of_cyclonedx(text).map_err(|error| shown(&error))
        }
        _ => of_text(predicate, text),
    };
    let mut found = found.map_err(|why| format!("what it describes cannot be read: {why}"))?;
    found.retain(Subject::binds);
    Ok(found)
}

/// What a document describes that is not JSON.
fn of_text(predicate: Predicate, text: &str) -> Result<Vec<Subject>, String> {
    match predicate {
        Predicate::Spdx => of_index(text),
        Predicate::CycloneDx => {
            let Some(described) = sbom::head_of_xml(text)?.described else { return Ok(Vec::new()) };
            let hashes = described.hashes.into_iter();
            let hashes = hashes.map(|(alg, hex)| (alg.into_owned(), hex.into_owned()));
            let name = described.name.map(Cow::into_owned);
            Ok(vec![subject(name, described.version.as_deref(), hashes)])
        }
        _ => Ok(Vec::new()),
    }
}

/// What a document of SPDX describes, by its index.
fn of_index(text: &str) -> Result<Vec<Subject>, String> {
    let bom = Bom::read(Kind::Sbom, text.as_bytes()).map_err(|why| why.to_string())?;
    let subjects = bom.roots().filter_map(|id| {
        let component = bom.components().get(id as usize)?;
        let hashes = bom.hashes(id).into_iter();
        let hashes = hashes.map(|hash| (hash.algorithm.to_owned(), hash.value.to_owned()));
        Some(subject(Some(component.name.clone()), component.version.as_deref(), hashes))
    });
    Ok(subjects.collect())
}

#[derive(Deserialize)]
struct CycloneDx<'a> {
    #[serde(borrow)]
    metadata: Option<Object<Metadata<'a>>>,
}

#[derive(Deserialize)]
struct Metadata<'a> {
    #[serde(borrow)]
    component: Option<Object<Component<'a>>>,
}

#[derive(Deserialize)]
struct Component<'a> {
    #[serde(borrow)]
    name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    version: Option<Cow<'a, str>>,
    hashes: Option<Bounded<Object<Hash>, MAX_HASHES>>,
}

#[derive(Deserialize)]
struct Hash {
    alg: String,
    content: String,
}

/// `metadata.component`: its `hashes`, or for an image its version, which is the manifest's digest.
fn of_cyclonedx(text: &str) -> serde_json::Result<Vec<Subject>> {
    let document: CycloneDx = json::object(text)?;
    let component = document.metadata.and_then(|metadata| metadata.0.component);
    let Some(Object(component)) = component else { return Ok(Vec::new()) };
    let hashes = component.hashes.map(|hashes| hashes.0).unwrap_or_default();
    let hashes = hashes.into_iter().map(|hash| (hash.0.alg, hash.0.content));
    let name = component.name.map(Cow::into_owned);
    Ok(vec![subject(name, component.version.as_deref(), hashes)])
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Spdx<'a> {
    #[serde(borrow)]
    document_describes: Option<Bounded<Cow<'a, str>, MAX_HASHES>>,
    #[serde(borrow)]
    relationships: Option<Bounded<Object<Relationship<'a>>, MAX_PACKAGES>>,
    #[serde(borrow)]
    packages: Option<Bounded<Object<Package<'a>>, MAX_PACKAGES>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Relationship<'a> {
    #[serde(borrow)]
    spdx_element_id: Cow<'a, str>,
    #[serde(borrow)]
    relationship_type: Cow<'a, str>,
    #[serde(borrow)]
    related_spdx_element: Cow<'a, str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Package<'a> {
    #[serde(borrow, rename = "SPDXID")]
    id: Cow<'a, str>,
    #[serde(borrow)]
    name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    version_info: Option<Cow<'a, str>>,
    checksums: Option<Bounded<Object<Checksum>, MAX_HASHES>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Checksum {
    algorithm: String,
    checksum_value: String,
}

/// The packages that an SPDX 2 document describes: their `checksums`, or for an image the version.
fn of_spdx(text: &str) -> serde_json::Result<Vec<Subject>> {
    let document: Spdx = json::object(text)?;
    let ids = document.document_describes.map(|ids| ids.0).unwrap_or_default();
    let mut ids: BTreeSet<Cow<'_, str>> = ids.into_iter().collect();
    for Object(relationship) in document.relationships.into_iter().flat_map(|all| all.0) {
        if relationship.relationship_type == "DESCRIBES"
            && relationship.spdx_element_id == "SPDXRef-DOCUMENT"
        {
            ids.insert(relationship.related_spdx_element);
        }
    }
    let packages = document.packages.into_iter().flat_map(|packages| packages.0);
    let described = packages.filter(|package| ids.contains(&package.0.id));
    let subjects = described.map(|Object(package)| {
        let checksums = package.checksums.map(|checksums| checksums.0).unwrap_or_default();
        let hashes = checksums.into_iter().map(|sum| (sum.0.algorithm, sum.0.checksum_value));
        subject(package.name.map(Cow::into_owned), package.version_info.as_deref(), hashes)
    });
    Ok(subjects.collect())
}

/// What is known by its hashes. Tools that describe an image write its digest as its version.
fn subject(
    name: Option<String>,
    version: Option<&str>,
    hashes: impl Iterator<Item = (String, String)>,
) -> Subject {
    let mut subject = Subject { name, ..Subject::default() };
    for (algorithm, hex) in hashes {
        // CycloneDX writes the first, SPDX the second, and the index the third.
        let known = match algorithm.as_str() {
            "SHA-256" | "SHA256" | "sha-256" => &mut subject.sha256,
            "SHA-512" | "SHA512" | "sha-512" => &mut subject.sha512,
            _ => continue,
        };
        let hex = hex.to_ascii_lowercase();
        // Nothing has two digests by one algorithm, so two that differ match nothing.
        *known = match known.take() {
            Some(other) if other != hex => Some(format!("{other} and {hex}")),
            _ => Some(hex),
        };
    }
    if !subject.binds() {
        let digest = version.and_then(|version| version.strip_prefix("sha256:"));
        subject.sha256 = digest.map(str::to_ascii_lowercase);
    }
    subject
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bill_of_materials_names_what_it_describes() {
        let bom = r#"{"bomFormat":"CycloneDX","metadata":{"component":{"name":"app","hashes":[
            {"alg":"SHA-256","content":"AB"},{"alg":"SHA-512","content":"cd"},{"alg":"MD5","content":"ef"}]}},
            "components":[{"name":"lib","hashes":[{"alg":"SHA-256","content":"00"}]}]}"#;
        let named = Unsigned::bom(bom, "https://cyclonedx.org/bom").named().unwrap();
        let app = Subject {
            name: Some("app".to_owned()),
            sha256: Some("ab".to_owned()),
            sha512: Some("cd".to_owned()),
        };
        assert_eq!(named, [app]);
        let image = r#"{"metadata":{"component":{"name":"app","version":"sha256:ab"}}}"#;
        let named = Unsigned::bom(image, "https://cyclonedx.org/bom").named().unwrap();
        assert_eq!(named[0].sha256.as_deref(), Some("ab"));
        let two = r#"{"metadata":{"component":{"hashes":[{"alg":"SHA-256","content":"ab"},
            {"alg":"sha256","content":"AB"},{"alg":"SHA-256","content":"cd"}]}}}"#;
        let named = Unsigned::bom(two, "https://cyclonedx.org/bom").named().unwrap();
        assert_eq!(named[0].sha256.as_deref(), Some("ab and cd"), "which is no digest at all");
        let spdx = r#"{"spdxVersion":"SPDX-2.3","relationships":[
            {"spdxElementId":"SPDXRef-DOCUMENT","relationshipType":"DESCRIBES","relatedSpdxElement":"SPDXRef-a"}],
            "packages":[{"SPDXID":"SPDXRef-a","name":"app","checksums":[{"algorithm":"SHA256","checksumValue":"ab"}]},
            {"SPDXID":"SPDXRef-b","checksums":[{"algorithm":"SHA256","checksumValue":"00"}]}]}"#;
        let named = Unsigned::bom(spdx, "https://spdx.dev/Document").named().unwrap();
        assert_eq!(named.len(), 1, "a package that is only contained is not what it is about");
        assert_eq!(named[0].sha256.as_deref(), Some("ab"));
    }

    #[test]
    fn what_names_nothing_that_binds_names_nothing() {
        for text in ["{}", r#"{"metadata":{"component":{"name":"app","version":"1"}}}"#] {
            for predicate_type in ["https://cyclonedx.org/bom", "https://spdx.dev/Document"] {
                assert_eq!(Unsigned::bom(text, predicate_type).named(), Ok(Vec::new()));
            }
        }
    }

    #[test]
    fn what_cannot_be_read_may_name_anything() {
        for text in [
            "[]",
            r#"{"metadata":[]}"#,
            r#"{"metadata":{"component":{"hashes":[{"alg":"SHA-256"}]}}}"#,
            r#"{"metadata":{"component":{"hashes":{}}}}"#,
            r#"{"metadata":{"component":{"version":7}}}"#,
        ] {
            let why = Unsigned::bom(text, "https://cyclonedx.org/bom").named().unwrap_err();
            assert!(why.starts_with("what it describes cannot be read: "), "{why}");
        }
    }
}
