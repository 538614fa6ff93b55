//! The elements of SPDX 3 in JSON-LD, as they are written.
//!
//! One model for all types, for an element may say last of what type it is. It names only what the
//! index keeps. An element may stand inside another one where it is referred to, so a reference is
//! either.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::{BorrowedStrDeserializer, MapAccessDeserializer};
use serde::de::{Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess, Visitor};

use crate::json::{Object, Words};

/// Any element. The default states nothing.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Element<'a> {
    #[serde(borrow, rename = "type")]
    pub(super) kind: Option<Words<'a>>,
    #[serde(borrow, rename = "@type")]
    pub(super) at_kind: Option<Words<'a>>,
    #[serde(borrow)]
    pub(super) spdx_id: Option<Words<'a>>,
    #[serde(borrow, rename = "@id")]
    pub(super) at_id: Option<Words<'a>>,
    #[serde(borrow)]
    pub(super) name: Option<Words<'a>>,
    #[serde(borrow)]
    pub(super) creation_info: Option<Reference<'a>>,

    // Of a `CreationInfo`.
    #[serde(borrow)]
    pub(super) spec_version: Option<Words<'a>>,
    #[serde(borrow)]
    pub(super) created: Option<Words<'a>>,
    #[serde(borrow)]
    pub(super) created_by: References<'a>,
    #[serde(borrow)]
    pub(super) created_using: References<'a>,

    // Of an `SpdxDocument` and of a bill of materials.
    #[serde(borrow)]
    pub(super) root_element: References<'a>,
    /// What belongs to it. Elements may stand in here.
    #[serde(borrow)]
    pub(super) element: References<'a>,
    #[serde(borrow, rename = "software_sbomType")]
    pub(super) sbom_type: OneOrMany<Words<'a>>,

    // Of a package.
    #[serde(borrow, rename = "software_packageVersion")]
    pub(super) version: Option<Words<'a>>,
    #[serde(borrow, rename = "software_packageUrl")]
    pub(super) purl: Option<Words<'a>>,
    #[serde(borrow, rename = "software_downloadLocation")]
    pub(super) download: Option<Words<'a>>,
    #[serde(borrow, rename = "software_homePage")]
    pub(super) homepage: Option<Words<'a>>,
    #[serde(borrow, rename = "software_primaryPurpose")]
    pub(super) purpose: Option<Words<'a>>,
    #[serde(borrow)]
    pub(super) release_time: Option<Words<'a>>,
    #[serde(borrow)]
    pub(super) supplied_by: References<'a>,
    #[serde(borrow)]
    pub(super) originated_by: References<'a>,
    #[serde(borrow)]
    pub(super) verified_using: OneOrMany<Object<IntegrityMethod<'a>>>,
    #[serde(borrow)]
    pub(super) external_identifier: OneOrMany<Object<ExternalIdentifier<'a>>>,
    #[serde(borrow)]
    pub(super) external_ref: OneOrMany<Object<ExternalRef<'a>>>,

    // Of a relationship.
    #[serde(borrow)]
    pub(super) from: References<'a>,
    #[serde(borrow)]
    pub(super) to: References<'a>,
    #[serde(borrow)]
    pub(super) relationship_type: Option<Words<'a>>,

    // Of a license.
    #[serde(borrow, rename = "simplelicensing_licenseExpression")]
    pub(super) expression: Option<Words<'a>>,
    /// What the ids are in an expression that are the document's own.
    #[serde(borrow, rename = "simplelicensing_customIdToUri")]
    pub(super) custom_ids: OneOrMany<Object<Entry<'a>>>,
    #[serde(borrow, rename = "expandedlicensing_member")]
    pub(super) member: References<'a>,
    #[serde(borrow, rename = "expandedlicensing_subjectLicense")]
    pub(super) subject_license: References<'a>,
    #[serde(borrow, rename = "expandedlicensing_subjectExtendableLicense")]
    pub(super) extendable: References<'a>,
    #[serde(borrow, rename = "expandedlicensing_subjectAddition")]
    pub(super) addition: References<'a>,
}

/// What an element is verified by: a hash, or something else that has one in it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct IntegrityMethod<'a> {
    #[serde(borrow, rename = "type")]
    pub(super) kind: Option<Words<'a>>,
    #[serde(borrow)]
    pub(super) algorithm: Option<Words<'a>>,
    #[serde(borrow)]
    pub(super) hash_value: Option<Words<'a>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ExternalIdentifier<'a> {
    #[serde(borrow)]
    pub(super) external_identifier_type: Option<Words<'a>>,
    #[serde(borrow)]
    pub(super) identifier: Option<Words<'a>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ExternalRef<'a> {
    #[serde(borrow)]
    pub(super) external_ref_type: Option<Words<'a>>,
    #[serde(borrow, default)]
    pub(super) locator: OneOrMany<Words<'a>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Entry<'a> {
    #[serde(borrow)]
    pub(super) key: Option<Words<'a>>,
    #[serde(borrow)]
    pub(super) value: Option<Words<'a>>,
}

/// A reference to an element: its id, or all of it.
#[derive(Debug)]
pub(super) enum Reference<'a> {
    Id(Cow<'a, str>),
    Inline(Box<Element<'a>>),
}

pub(super) type References<'a> = OneOrMany<Reference<'a>>;

impl<'de: 'a, 'a> Deserialize<'de> for Reference<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = Reference<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an element or its id")
            }

            fn visit_borrowed_str<E>(self, id: &'de str) -> Result<Reference<'de>, E> {
                Ok(Reference::Id(Cow::Borrowed(id)))
            }

            fn visit_str<E>(self, id: &str) -> Result<Reference<'de>, E> {
                Ok(Reference::Id(Cow::Owned(id.to_owned())))
            }

            // The scan bounds how deep they stand in each other.
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Reference<'de>, A::Error> {
                let element = Element::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Reference::Inline(Box::new(element)))
            }
        }

        deserializer.deserialize_any(Either)
    }
}

/// A list, or its only element without brackets; null is an empty one.
#[derive(Debug)]
pub(super) struct OneOrMany<T>(pub(super) Vec<T>);

impl<T> Default for OneOrMany<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Either<T> {
            type Value = Vec<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a sequence, or its only element")
            }

            fn visit_unit<E>(self) -> Result<Vec<T>, E> {
                Ok(Vec::new())
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Vec<T>, E> {
                T::deserialize(BorrowedStrDeserializer::new(text)).map(|one| vec![one])
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Vec<T>, E> {
                T::deserialize(text.into_deserializer()).map(|one| vec![one])
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Vec<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(|one| vec![one])
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<T>, A::Error> {
                let mut many = Vec::new();
                while let Some(one) = seq.next_element()? {
                    many.push(one);
                }
                Ok(many)
            }
        }

        deserializer.deserialize_any(Either(PhantomData)).map(Self)
    }
}
