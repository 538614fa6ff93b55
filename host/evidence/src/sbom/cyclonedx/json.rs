//! The model of it in JSON.
//!
//! It names only what the index keeps and borrows it from the text; everything else is skipped
//! without being built, and components go into the index one by one. It is tolerant of what a newer
//! minor version adds, and of nothing that would let a component go unseen: a member of the wrong type
//! makes the whole unreadable.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::members::{Stated, each};
use super::{Builder, Draft, LicenseDraft, LicenseForm, acknowledgement, malformed};
use crate::json::{Object, Words};
use crate::sbom::index::ServiceDraft;
use crate::sbom::{Bom, DocumentField, Unreadable};

/// Reads a document.
pub(in crate::sbom) fn read(text: &str) -> Result<Bom, Unreadable> {
    let mut document = Document::default();
    let mut reader = serde_json::Deserializer::from_str(text);
    let read = reader.deserialize_map(&mut document).and_then(|()| reader.end());
    read.map_err(|error| malformed(crate::reason::shown(&error)))?;
    if document.format.as_deref() != Some("CycloneDX") {
        return Err(Unreadable::Format);
    }
    if document.is_another {
        return Err(malformed("it claims to be SPDX, too".to_owned()));
    }
    let version = document.version.unwrap_or_default();
    super::check_version(&mut document.builder, &version)?;
    let inner = document.inner.into_iter();
    inner.for_each(|Object(part)| add(&mut document.builder, part));
    Ok(super::finish(document.builder, &version))
}

/// What is read so far.
#[derive(Default)]
struct Document<'a> {
    format: Option<Cow<'a, str>>,
    version: Option<Cow<'a, str>>,
    /// Whether it has the marks of another format: two readers would read different documents.
    is_another: bool,
    /// What lies in what the document describes. It comes behind the other components, whichever stands
    /// first.
    inner: Vec<Object<Part<'a>>>,
    builder: Builder<'a>,
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "camelCase")]
enum Member {
    BomFormat,
    SpecVersion,
    SpdxVersion,
    #[serde(rename = "@graph")]
    Graph,
    SerialNumber,
    Metadata,
    Components,
    Services,
    Dependencies,
    #[serde(other)]
    Other,
}

impl<'a> Visitor<'a> for &mut Document<'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<(), A::Error> {
        let builder = &mut self.builder;
        while let Some(member) = map.next_key()? {
            match member {
                Member::BomFormat => self.format = map.next_value::<Text>()?.0,
                Member::SpecVersion => self.version = map.next_value::<Text>()?.0,
                Member::SpdxVersion | Member::Graph => {
                    map.next_value::<IgnoredAny>()?;
                    self.is_another = true;
                }
                Member::SerialNumber => {
                    let stated = map.next_value::<Stated>()?.0;
                    builder.stated(DocumentField::SerialNumber, stated);
                }
                Member::Metadata => {
                    let metadata: Option<Object<Metadata>> = map.next_value()?;
                    if let Some(Object(metadata)) = metadata {
                        self.inner = add_metadata(builder, metadata);
                    }
                }
                Member::Components => map.next_value_seed(each(|part| add(builder, part)))?,
                Member::Services => {
                    map.next_value_seed(each(|service| add_service(builder, service)))?;
                }
                Member::Dependencies => {
                    map.next_value_seed(each(|dependency| add_dependency(builder, dependency)))?;
                }
                Member::Other => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct Metadata<'a> {
    #[serde(borrow, default)]
    timestamp: Text<'a>,
    #[serde(default)]
    authors: Stated,
    #[serde(default)]
    supplier: Stated,
    #[serde(borrow)]
    tools: Option<Tools<'a>>,
    #[serde(borrow)]
    lifecycles: Option<Vec<Object<Lifecycle<'a>>>>,
    /// What the document describes. It may lack a name, which other components may not.
    #[serde(borrow)]
    component: Option<Object<Described<'a>>>,
}

#[derive(Deserialize)]
struct Described<'a> {
    #[serde(rename = "bom-ref", borrow, default)]
    reference: Text<'a>,
    #[serde(borrow, default)]
    group: Text<'a>,
    #[serde(borrow, default)]
    name: Text<'a>,
    #[serde(borrow)]
    components: Option<Vec<Object<Part<'a>>>>,
}

#[derive(Deserialize)]
struct Lifecycle<'a> {
    #[serde(borrow, default)]
    phase: Text<'a>,
    #[serde(borrow, default)]
    name: Text<'a>,
}

#[derive(Deserialize)]
struct Part<'a> {
    #[serde(rename = "bom-ref", borrow, default)]
    reference: Text<'a>,
    #[serde(rename = "type", borrow, default)]
    component_type: Text<'a>,
    #[serde(borrow, default)]
    group: Text<'a>,
    #[serde(borrow)]
    name: Words<'a>,
    #[serde(borrow, default)]
    version: Text<'a>,
    #[serde(borrow, default)]
    purl: Text<'a>,
    #[serde(borrow, default)]
    cpe: Text<'a>,
    #[serde(default)]
    swid: Stated,
    #[serde(default)]
    swhid: Stated,
    #[serde(rename = "releaseNotes", borrow)]
    notes: Option<Object<ReleaseNotes<'a>>>,
    #[serde(borrow)]
    supplier: Option<Object<Organization<'a>>>,
    #[serde(borrow)]
    licenses: Option<Vec<Object<Choice<'a>>>>,
    #[serde(borrow)]
    hashes: Option<Vec<Object<Hash<'a>>>>,
    #[serde(rename = "externalReferences", borrow)]
    references: Option<Vec<Object<Reference<'a>>>>,
    #[serde(borrow)]
    components: Option<Vec<Object<Part<'a>>>>,
}

#[derive(Deserialize)]
struct ReleaseNotes<'a> {
    #[serde(borrow, default)]
    timestamp: Text<'a>,
}

#[derive(Deserialize)]
struct Organization<'a> {
    #[serde(borrow, default)]
    name: Text<'a>,
    #[serde(borrow)]
    url: Option<Vec<Words<'a>>>,
}

#[derive(Deserialize)]
struct Hash<'a> {
    #[serde(borrow, default)]
    alg: Text<'a>,
    #[serde(borrow, default)]
    content: Text<'a>,
}

#[derive(Deserialize)]
struct Reference<'a> {
    #[serde(rename = "type", borrow, default)]
    kind: Text<'a>,
    #[serde(borrow, default)]
    url: Text<'a>,
}

#[derive(Deserialize)]
struct Choice<'a> {
    #[serde(borrow)]
    license: Option<Object<Named<'a>>>,
    #[serde(borrow, default)]
    expression: Text<'a>,
    #[serde(borrow, default)]
    acknowledgement: Text<'a>,
}

#[derive(Deserialize)]
struct Named<'a> {
    #[serde(borrow, default)]
    id: Text<'a>,
    #[serde(borrow, default)]
    name: Text<'a>,
    #[serde(borrow, default)]
    acknowledgement: Text<'a>,
}

#[derive(Deserialize)]
struct Service<'a> {
    #[serde(borrow, default)]
    group: Text<'a>,
    #[serde(borrow)]
    name: Words<'a>,
    #[serde(borrow, default)]
    version: Text<'a>,
    #[serde(borrow)]
    endpoints: Option<Vec<Words<'a>>>,
    #[serde(borrow)]
    services: Option<Vec<Object<Service<'a>>>>,
}

#[derive(Deserialize)]
struct Dependency<'a> {
    #[serde(rename = "ref", borrow)]
    from: Words<'a>,
    #[serde(rename = "dependsOn", borrow)]
    on: Option<Vec<Words<'a>>>,
}

#[derive(Deserialize)]
struct Tool<'a> {
    #[serde(borrow, default)]
    name: Text<'a>,
    #[serde(borrow, default)]
    version: Text<'a>,
}

/// Tools: a list of them, and since 1.5 an object of components and services instead.
struct Tools<'a>(Vec<Object<Tool<'a>>>);

impl<'de: 'a, 'a> Deserialize<'de> for Tools<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Lists<'a> {
            #[serde(borrow)]
            components: Option<Vec<Object<Tool<'a>>>>,
            #[serde(borrow)]
            services: Option<Vec<Object<Tool<'a>>>>,
        }

        struct Either<'a>(PhantomData<&'a ()>);

        impl<'de: 'a, 'a> Visitor<'de> for Either<'a> {
            type Value = Tools<'a>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of tools, or an object of components and services")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Tools<'a>, A::Error> {
                let mut tools = Vec::new();
                while let Some(tool) = seq.next_element()? {
                    tools.push(tool);
                }
                Ok(Tools(tools))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Tools<'a>, A::Error> {
                let map = serde::de::value::MapAccessDeserializer::new(map);
                let lists = Lists::deserialize(map)?;
                let lists = [lists.components, lists.services];
                Ok(Tools(lists.into_iter().flatten().flatten().collect()))
            }
        }

        deserializer.deserialize_any(Either(PhantomData))
    }
}

/// A string, or none.
#[derive(Default)]
struct Text<'a>(Option<Cow<'a, str>>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let words: Option<Words<'a>> = Option::deserialize(deserializer)?;
        Ok(Self(words.map(|words| words.0)))
    }
}

/// Gives back what lies in what is described.
fn add_metadata<'a>(builder: &mut Builder<'a>, metadata: Metadata<'a>) -> Vec<Object<Part<'a>>> {
    if let Some(timestamp) = metadata.timestamp.0 {
        builder.made_at(&timestamp);
    }
    builder.stated(DocumentField::Authors, metadata.authors.0);
    builder.stated(DocumentField::Supplier, metadata.supplier.0);
    for Object(tool) in metadata.tools.into_iter().flat_map(|tools| tools.0) {
        builder.tool(tool.name.0.as_deref().unwrap_or_default(), tool.version.0.as_deref());
    }
    for Object(lifecycle) in metadata.lifecycles.into_iter().flatten() {
        for word in [lifecycle.phase.0, lifecycle.name.0].into_iter().flatten() {
            builder.lifecycle(&word);
        }
    }
    let Some(Object(described)) = metadata.component else { return Vec::new() };
    builder.described(Draft {
        reference: described.reference.0,
        group: described.group.0,
        name: described.name.0.unwrap_or_default(),
        ..Draft::default()
    });
    described.components.unwrap_or_default()
}

// It recurses no deeper than a document may nest, which was checked before and by the reader.
fn add<'a>(builder: &mut Builder<'a>, part: Part<'a>) {
    let nested = part.components;
    let licenses = part.licenses.into_iter().flatten();
    let hashes = part.hashes.into_iter().flatten();
    let references = part.references.into_iter().flatten();
    let supplier = part.supplier.and_then(|Object(supplier)| {
        let mut urls = supplier.url.into_iter().flatten().map(|url| url.0);
        let name = supplier.name.0.filter(|name| !name.trim().is_empty());
        name.or_else(|| urls.find(|url| !url.trim().is_empty()))
    });
    let cpe = part.cpe.0.is_some_and(|cpe| !cpe.trim().is_empty());
    builder.component(Draft {
        released: part.notes.and_then(|Object(notes)| notes.timestamp.0),
        identified: cpe || part.swid.0 || part.swhid.0,
        reference: part.reference.0,
        group: part.group.0,
        name: part.name.0,
        version: part.version.0,
        purl: part.purl.0,
        component_type: part.component_type.0,
        supplier,
        licenses: licenses.flat_map(|choice| statements(choice.0)).collect(),
        hashes: hashes.filter_map(|hash| Some((hash.0.alg.0?, hash.0.content.0?))).collect(),
        references: references
            .filter_map(|reference| {
                Some((reference.0.kind.0.unwrap_or_default(), reference.0.url.0?))
            })
            .collect(),
    });
    nested.into_iter().flatten().for_each(|part| add(builder, part.0));
}

/// What one entry of `licenses` says.
fn statements<'a>(choice: Choice<'a>) -> impl Iterator<Item = LicenseDraft<'a>> {
    let outer = acknowledgement(choice.acknowledgement.0.as_deref());
    let (id, name, inner) = match choice.license {
        Some(Object(license)) => {
            let how = acknowledgement(license.acknowledgement.0.as_deref());
            (license.id.0, license.name.0, how)
        }
        None => (None, None, None),
    };
    [
        (choice.expression.0, LicenseForm::Expression, outer),
        (id, LicenseForm::Expression, inner),
        (name, LicenseForm::Name, inner),
    ]
    .into_iter()
    .filter_map(|(text, form, how)| Some(LicenseDraft { text: text?, form, how }))
}

// As deep as components.
fn add_service<'a>(builder: &mut Builder<'a>, service: Service<'a>) {
    builder.service(ServiceDraft {
        group: service.group.0,
        name: service.name.0,
        version: service.version.0,
        endpoints: service.endpoints.into_iter().flatten().map(|endpoint| endpoint.0).collect(),
    });
    service.services.into_iter().flatten().for_each(|nested| add_service(builder, nested.0));
}

fn add_dependency<'a>(builder: &mut Builder<'a>, dependency: Dependency<'a>) {
    let from = dependency.from.0;
    builder.stated(DocumentField::Dependencies, !from.trim().is_empty());
    for to in dependency.on.into_iter().flatten() {
        builder.dependency(from.clone(), to.0);
    }
}
