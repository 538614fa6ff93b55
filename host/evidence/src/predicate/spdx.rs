//! What SPDX says of itself: when it was made, and what it has to have.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Claimed, Members, Want, claimed, words_of};
use crate::json;
use crate::reason::shown;
use crate::sbom;

/// SPDX 2 names its version and its creation at the root; SPDX 3 is a graph in which elements of
/// the type `CreationInfo` say when.
pub(super) fn examine(root: &Members) -> Result<Vec<Claimed>, String> {
    let Some(graph) = root.at("@graph")? else {
        if is_single_element(root)? {
            let element: Element = json::object(root.0.get()).map_err(|error| shown(&error))?;
            return Ok(element.claimed()?.into_iter().collect());
        }
        Want::Words.check("spdxVersion", root.at("spdxVersion")?)?;
        let path = "creationInfo.created";
        return Ok(claimed(path, root.at(path)?)?.into_iter().collect());
    };
    let elements: Vec<&RawValue> = serde_json::from_str(graph)
        .map_err(|_| "`@graph` of its predicate is not an array".to_owned())?;
    let mut found = Vec::new();
    for element in elements {
        let Ok(element) = json::object::<Element>(element.get()) else { continue };
        found.extend(element.claimed()?);
    }
    Ok(found)
}

/// One element of a graph of SPDX 3.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Element<'a> {
    #[serde(borrow, rename = "type")]
    element_type: Option<&'a RawValue>,
    #[serde(borrow)]
    created: Option<&'a RawValue>,
    /// The same, where it stands in an element that it is about.
    #[serde(borrow)]
    creation_info: Option<&'a RawValue>,
}

impl Element<'_> {
    /// When it says that something was made.
    fn claimed(&self) -> Result<Option<Claimed>, String> {
        let is_info = self.element_type.map(RawValue::get).and_then(words_of).as_deref()
            == Some("CreationInfo");
        let own = self.created.filter(|_| is_info);
        let inner: Option<Element> =
            self.creation_info.and_then(|info| json::object(info.get()).ok());
        let created = own.or_else(|| inner?.created);
        claimed("created", created.map(RawValue::get))
    }
}

/// Whether the root is an element of SPDX 3 that is all of the document.
fn is_single_element(root: &Members) -> Result<bool, String> {
    let context = root.at("@context")?.and_then(words_of);
    Ok(context.is_some_and(|context| sbom::is_spdx_context(&context)))
}

/// What SPDX 2 requires of a document, as tags.
pub(super) const REQUIRED_TAGS: &[&str] =
    &["Created", "Creator", "DataLicense", "DocumentName", "DocumentNamespace", "SPDXID"];

/// What SPDX 2 requires of a document; SPDX 3 requires nothing of the graph itself.
pub(super) fn absent(root: &Members) -> Vec<&'static str> {
    const REQUIRED: &[&str] =
        &["SPDXID", "creationInfo", "dataLicense", "documentNamespace", "name"];
    if matches!(root.at("@graph"), Ok(Some(_))) || matches!(is_single_element(root), Ok(true)) {
        return Vec::new();
    }
    let is_absent = |path: &&&str| matches!(root.at(path), Ok(None) | Err(_));
    REQUIRED.iter().filter(is_absent).copied().collect()
}
