//! Reads the vulnerabilities of a CycloneDX document in JSON, 1.4 and later
//! (<https://cyclonedx.org/docs/1.6/json/#vulnerabilities>): a row for each component that one
//! affects.
//!
//! What the document says of exploitability (`analysis`) is VEX and no part of a scan.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer};

use super::draft::{Draft, Entry};
use super::words::{Score, Words, each, moment, said};
use super::{Unreadable, malformed};
use crate::json::{self, Object};
use crate::package::purl;
use crate::reason::quoted;

/// The minor versions of 1 that have vulnerabilities, and whose rules are known here.
const MINORS: std::ops::RangeInclusive<u32> = 4..=7;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    #[serde(borrow)]
    spec_version: Option<Words<'a>>,
    #[serde(borrow)]
    metadata: Option<Object<Metadata<'a>>>,
    #[serde(borrow)]
    components: Option<Vec<Object<Part<'a>>>>,
    #[serde(borrow)]
    services: Option<Vec<Object<Part<'a>>>>,
    #[serde(borrow)]
    vulnerabilities: Option<Vec<Object<Vulnerability<'a>>>>,
}

#[derive(Deserialize)]
struct Metadata<'a> {
    #[serde(borrow)]
    timestamp: Option<Words<'a>>,
    #[serde(borrow)]
    tools: Option<Tools<'a>>,
    #[serde(borrow)]
    component: Option<Object<Part<'a>>>,
}

/// The first of the tools that made the document.
struct Tools<'a>(Option<Tool<'a>>);

#[derive(Deserialize)]
struct Tool<'a> {
    #[serde(borrow)]
    name: Option<Words<'a>>,
    #[serde(borrow)]
    version: Option<Words<'a>>,
}

/// Tools since 1.5.
#[derive(Deserialize)]
struct Made<'a> {
    #[serde(borrow)]
    components: Option<Vec<Object<Tool<'a>>>>,
}

/// A component or a service.
#[derive(Deserialize)]
struct Part<'a> {
    #[serde(borrow, rename = "bom-ref")]
    bom_ref: Option<Words<'a>>,
    #[serde(borrow)]
    group: Option<Words<'a>>,
    #[serde(borrow)]
    name: Option<Words<'a>>,
    #[serde(borrow)]
    version: Option<Words<'a>>,
    #[serde(borrow)]
    purl: Option<Words<'a>>,
    #[serde(borrow)]
    components: Option<Vec<Object<Part<'a>>>>,
    #[serde(borrow)]
    services: Option<Vec<Object<Part<'a>>>>,
}

#[derive(Deserialize)]
struct Vulnerability<'a> {
    #[serde(borrow, rename = "bom-ref")]
    bom_ref: Option<Words<'a>>,
    #[serde(borrow)]
    id: Option<Words<'a>>,
    #[serde(borrow)]
    references: Option<Vec<Object<Reference<'a>>>>,
    #[serde(borrow)]
    ratings: Option<Vec<Object<Rated<'a>>>>,
    #[serde(borrow)]
    published: Option<Words<'a>>,
    #[serde(borrow)]
    affects: Option<Vec<Object<Affected<'a>>>>,
}

/// Another record of the same vulnerability.
#[derive(Deserialize)]
struct Reference<'a> {
    #[serde(borrow)]
    id: Option<Words<'a>>,
}

#[derive(Deserialize)]
struct Rated<'a> {
    #[serde(borrow)]
    source: Option<Object<Source<'a>>>,
    #[serde(default)]
    score: Score,
    #[serde(borrow)]
    severity: Option<Words<'a>>,
    #[serde(borrow)]
    method: Option<Words<'a>>,
    #[serde(borrow)]
    vector: Option<Words<'a>>,
}

#[derive(Deserialize)]
struct Source<'a> {
    #[serde(borrow)]
    name: Option<Words<'a>>,
}

#[derive(Deserialize)]
struct Affected<'a> {
    #[serde(borrow, rename = "ref")]
    bom_ref: Option<Words<'a>>,
}

/// Reads a document.
pub(super) fn read(text: &str, mut draft: Draft) -> Result<Draft, Unreadable> {
    let document: Document = json::object(text).map_err(|error| malformed("CycloneDX", &error))?;
    known(&said(document.spec_version).unwrap_or_default(), &mut draft)?;
    let Some(vulnerabilities) = document.vulnerabilities else {
        return Err(Unreadable::Malformed {
            format: "CycloneDX",
            what: "it lacks `vulnerabilities`, so it is a bill of materials and no scan".to_owned(),
        });
    };
    // One that names no components at all may speak of those of another document.
    let names_none = document.components.as_ref().is_some_and(Vec::is_empty)
        && document.services.as_ref().is_none_or(Vec::is_empty);
    if names_none && vulnerabilities.is_empty() {
        draft.covers_nothing();
    }
    let mut parts = Parts::default();
    parts.add(document.components);
    parts.add(document.services);
    if let Some(Object(metadata)) = document.metadata {
        draft.scanned(moment(metadata.timestamp.as_ref()));
        if let Some(Tools(Some(tool))) = metadata.tools {
            draft.scanner = said(tool.name).map(Cow::into_owned);
            draft.scanner_version = said(tool.version).map(Cow::into_owned);
        }
        parts.add(metadata.component.map(|component| vec![component]));
    }
    for Object(vulnerability) in vulnerabilities {
        add(vulnerability, &parts, &mut draft)?;
    }
    Ok(draft)
}

/// Whether a version's rules are known here. A minor version after the last that was published only
/// adds.
fn known(version: &str, draft: &mut Draft) -> Result<(), Unreadable> {
    let minor = version.strip_prefix("1.").and_then(|minor| minor.parse::<u32>().ok());
    match minor {
        Some(minor) if MINORS.contains(&minor) => Ok(()),
        Some(minor) if minor > *MINORS.end() => {
            draft.note(format!(
                "the document is of version 1.{minor} of CycloneDX, which is newer than 1.{}",
                MINORS.end()
            ));
            Ok(())
        }
        _ => Err(Unreadable::Version {
            format: "CycloneDX",
            version: quoted(version),
            supported: "1.4 and later for vulnerabilities",
        }),
    }
}

/// What components and services are called by.
#[derive(Default)]
struct Parts<'a> {
    by_ref: HashMap<Cow<'a, str>, Named<'a>>,
}

struct Named<'a> {
    name: Cow<'a, str>,
    version: Option<Cow<'a, str>>,
    purl: Option<Cow<'a, str>>,
    /// Whether another has the same reference.
    is_shared: bool,
}

impl<'a> Parts<'a> {
    // It goes as deep as the document nests, which the scan of its JSON has bounded.
    fn add(&mut self, parts: Option<Vec<Object<Part<'a>>>>) {
        for part in each(parts) {
            self.add(part.components);
            self.add(part.services);
            let Some(bom_ref) = said(part.bom_ref) else { continue };
            let name = said(part.name).unwrap_or_default();
            let name = match said(part.group) {
                Some(group) => format!("{group}/{name}").into(),
                None => name,
            };
            let (version, purl) = (said(part.version), said(part.purl));
            self.by_ref
                .entry(bom_ref)
                .and_modify(|other| other.is_shared = true)
                .or_insert(Named { name, version, purl, is_shared: false });
        }
    }
}

/// Adds a row for each component that a vulnerability affects; one without a component where the
/// document names none, for what affects nobody knows what may affect everything.
fn add(vulnerability: Vulnerability, parts: &Parts, draft: &mut Draft) -> Result<(), Unreadable> {
    let affects = vulnerability.affects;
    let mut about = Entry {
        vulnerability: said(vulnerability.id)
            .or_else(|| said(vulnerability.bom_ref))
            .unwrap_or_default(),
        aliases: each(vulnerability.references).filter_map(|other| said(other.id)).collect(),
        published_at: moment(vulnerability.published.as_ref()),
        ..Entry::default()
    };
    each(vulnerability.ratings).for_each(|rated| rate(&mut about, rated, draft));
    let mut is_placed = false;
    for affected in each(affects) {
        let bom_ref = said(affected.bom_ref).unwrap_or_default();
        is_placed = true;
        draft.add(within(&about, &bom_ref, parts)?)?;
    }
    if !is_placed {
        draft.note("some vulnerabilities name no component that they affect");
        draft.add(about)?;
    }
    Ok(())
}

/// Adds what one source says.
fn rate<'a>(entry: &mut Entry<'a>, rated: Rated<'a>, draft: &mut Draft) {
    let source = rated.source.and_then(|source| said(source.0.name));
    if let Some(word) = said(rated.severity) {
        entry.severities.push((word, source.clone()));
    }
    let version = match rated.method.as_ref().map(|method| method.0.as_ref()) {
        Some("CVSSv2") => "2.0",
        Some("CVSSv3") => "3.0",
        Some("CVSSv31") => "3.1",
        Some("CVSSv4") => "4.0",
        // It does not say by which; a score is read as one of CVSS, a vector by its prefix.
        None => "",
        // OWASP, SSVC and others are no CVSS.
        Some(_) => return,
    };
    let (vector, Score(score)) = (said(rated.vector).unwrap_or_default(), rated.score);
    if !vector.is_empty() || score.is_some_and(|score| score > 0) {
        draft.rate(entry, source.as_deref().unwrap_or_default(), version, &vector, score);
    }
}

/// The same in the component of that reference. One that the document does not have is called by
/// its reference, which may be a package URL.
fn within<'b>(
    about: &'b Entry,
    bom_ref: &'b str,
    parts: &'b Parts,
) -> Result<Entry<'b>, Unreadable> {
    let borrowed = |text: &'b Cow<str>| Cow::Borrowed(text.as_ref());
    let (component, version, purl) = match parts.by_ref.get(bom_ref) {
        Some(Named { is_shared: true, .. }) => {
            return Err(Unreadable::Malformed {
                format: "CycloneDX",
                what: format!("two components have the bom-ref {}", quoted(bom_ref)),
            });
        }
        Some(part) => (part.name.as_ref(), part.version.as_deref(), part.purl.as_deref()),
        None => (bom_ref, None, purl::canonical(bom_ref).map(|_| bom_ref)),
    };
    let word = |(word, source): &'b (Cow<str>, Option<Cow<str>>)| {
        (borrowed(word), source.as_ref().map(borrowed))
    };
    Ok(Entry {
        vulnerability: borrowed(&about.vulnerability),
        aliases: about.aliases.iter().map(borrowed).collect(),
        component: component.into(),
        version: version.map(Cow::Borrowed),
        purl: purl.map(Cow::Borrowed),
        fixed_versions: Vec::new(),
        severities: about.severities.iter().map(word).collect(),
        cvss: about.cvss.clone(),
        unscored: about.unscored,
        published_at: about.published_at,
    })
}

impl<'de: 'a, 'a> Deserialize<'de> for Tools<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = Tools<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of tools, or an object with `components`")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Tools<'de>, A::Error> {
                let made = Made::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Tools(each(made.components).next()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Tools<'de>, A::Error> {
                let mut first = None;
                while let Some(Object(tool)) = seq.next_element()? {
                    first.get_or_insert(tool);
                }
                Ok(Tools(first))
            }
        }

        deserializer.deserialize_any(Either)
    }
}
