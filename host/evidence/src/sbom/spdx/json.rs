//! Reads SPDX 2 in JSON.
//!
//! Packages and relationships are handed on one by one as they are read, so that a document of
//! hundreds of thousands never stands in memory as values. Files, snippets and whatever else is not
//! asked for are passed over without being built. A member of the wrong type makes the whole
//! unreadable.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};

use super::document::{Document, Package, Reference};
use crate::json::{self, Each, Object, Words};
use crate::sbom::File;
use crate::sbom::files::of_file;

/// Reads a document.
pub(super) fn read<'a>(text: &'a str, document: &mut Document<'a>) -> serde_json::Result<()> {
    let mut reader = serde_json::Deserializer::from_str(text);
    Members(document).deserialize(&mut reader)?;
    reader.end()
}

/// Reads its files, and nothing else of it.
pub(super) fn files(text: &str) -> serde_json::Result<Vec<File>> {
    let files = json::object::<Files>(text)?.files.unwrap_or_default();
    let stated = files.into_iter().flat_map(|Object(file)| {
        let sums = file.checksums.unwrap_or_default().into_iter();
        let sums = sums.map(|Object(sum)| (sum.algorithm.0, sum.checksum_value.0));
        of_file(&file.name.0, sums)
    });
    Ok(stated.collect())
}

#[derive(Deserialize)]
struct Files<'a> {
    #[serde(borrow)]
    files: Option<Vec<Object<WrittenFile<'a>>>>,
}

#[derive(Deserialize)]
struct WrittenFile<'a> {
    #[serde(borrow, rename = "fileName")]
    name: Words<'a>,
    #[serde(borrow)]
    checksums: Option<Vec<Object<Checksum<'a>>>>,
}

/// The members at the root.
struct Members<'d, 'a>(&'d mut Document<'a>);

impl<'a> DeserializeSeed<'a> for Members<'_, 'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'a> Visitor<'a> for Members<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<(), A::Error> {
        let document = self.0;
        while let Some(Words(name)) = map.next_key()? {
            match name.as_ref() {
                "spdxVersion" => document.version = said(map.next_value()?),
                "documentNamespace" => document.namespace = said(map.next_value()?),
                "creationInfo" => {
                    let info: Option<Object<CreationInfo>> = map.next_value()?;
                    let Some(Object(info)) = info else { continue };
                    document.created = said(info.created);
                    let creators = info.creators.unwrap_or_default();
                    document.creators = creators.into_iter().map(|creator| creator.0).collect();
                }
                "documentDescribes" => {
                    map.next_value_seed(Each::new(|Words(id)| {
                        document.describes(id);
                        Ok(())
                    }))?;
                }
                "hasExtractedLicensingInfos" => {
                    map.next_value_seed(Each::new(|Object(license): Object<Extracted<'a>>| {
                        if let (Some(id), Some(name)) = (license.license_id, license.name) {
                            document.extracted(id.0, name.0);
                        }
                        Ok(())
                    }))?;
                }
                "packages" => {
                    map.next_value_seed(Each::new(|Object(package): Object<Written<'a>>| {
                        document.package(package.into());
                        Ok(())
                    }))?;
                }
                "relationships" => {
                    map.next_value_seed(Each::new(|Object(written): Object<Relationship<'a>>| {
                        let Relationship { from, kind, to } = written;
                        document.relate(from.0, &kind.0, to.0);
                        Ok(())
                    }))?;
                }
                // Two readers would read different documents.
                "bomFormat" => return Err(A::Error::custom("it claims to be CycloneDX, too")),
                "@graph" => return Err(A::Error::custom("it claims to be SPDX 3, too")),
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

fn said(words: Option<Words<'_>>) -> Option<Cow<'_, str>> {
    words.map(|words| words.0)
}

#[derive(Deserialize)]
struct CreationInfo<'a> {
    #[serde(borrow)]
    created: Option<Words<'a>>,
    #[serde(borrow)]
    creators: Option<Vec<Words<'a>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Extracted<'a> {
    #[serde(borrow)]
    license_id: Option<Words<'a>>,
    #[serde(borrow)]
    name: Option<Words<'a>>,
}

#[derive(Deserialize)]
struct Relationship<'a> {
    #[serde(borrow, rename = "spdxElementId")]
    from: Words<'a>,
    #[serde(borrow, rename = "relationshipType")]
    kind: Words<'a>,
    #[serde(borrow, rename = "relatedSpdxElement")]
    to: Words<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written<'a> {
    #[serde(borrow, rename = "SPDXID")]
    id: Option<Words<'a>>,
    #[serde(borrow)]
    name: Words<'a>,
    #[serde(borrow)]
    version_info: Option<Words<'a>>,
    #[serde(borrow)]
    supplier: Option<Words<'a>>,
    #[serde(borrow)]
    download_location: Option<Words<'a>>,
    #[serde(borrow)]
    homepage: Option<Words<'a>>,
    #[serde(borrow)]
    primary_package_purpose: Option<Words<'a>>,
    #[serde(borrow)]
    release_date: Option<Words<'a>>,
    #[serde(borrow)]
    license_concluded: Option<Words<'a>>,
    #[serde(borrow)]
    license_declared: Option<Words<'a>>,
    #[serde(borrow)]
    checksums: Option<Vec<Object<Checksum<'a>>>>,
    #[serde(borrow)]
    external_refs: Option<Vec<Object<ExternalRef<'a>>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Checksum<'a> {
    #[serde(borrow)]
    algorithm: Words<'a>,
    #[serde(borrow)]
    checksum_value: Words<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExternalRef<'a> {
    #[serde(borrow)]
    reference_category: Words<'a>,
    #[serde(borrow)]
    reference_type: Words<'a>,
    #[serde(borrow)]
    reference_locator: Words<'a>,
}

impl<'a> From<Written<'a>> for Package<'a> {
    fn from(written: Written<'a>) -> Self {
        let checksums = written.checksums.unwrap_or_default().into_iter();
        let references = written.external_refs.unwrap_or_default().into_iter();
        Self {
            id: said(written.id),
            name: written.name.0,
            version: said(written.version_info),
            supplier: said(written.supplier),
            download: said(written.download_location),
            homepage: said(written.homepage),
            purpose: said(written.primary_package_purpose),
            released: said(written.release_date),
            concluded: said(written.license_concluded),
            declared: said(written.license_declared),
            checksums: checksums.map(|sum| (sum.0.algorithm.0, sum.0.checksum_value.0)).collect(),
            references: references
                .map(|Object(reference)| Reference {
                    category: reference.reference_category.0,
                    kind: reference.reference_type.0,
                    locator: reference.reference_locator.0,
                })
                .collect(),
        }
    }
}
