//! Reads SPDX: 2.2 and 2.3 in JSON and in tag-value form, and 3.0 in JSON-LD.
//!
//! A newer minor version is read with a note, for it only adds; other major versions have other
//! rules. SPDX in XML, YAML and RDF is told apart and refused: whoever has it can convert it.

mod document;
mod element;
mod elements;
mod json;
mod license;
mod lines;
mod relationship;
mod tag;
#[cfg(test)]
mod tests;
mod third;
mod version;
mod words;

use std::borrow::Cow;

use serde::Deserialize;

use super::{Bom, File, Unreadable};
use crate::reason::shown;
use document::Document;
use version::version_of;

pub(super) use lines::Lines;
pub(super) use tag::is_meant as is_tag_value;
pub(crate) use third::is_context;

/// What the versions are of, in messages.
const SPDX: &str = "SPDX";

/// Reads a document of SPDX 2 in JSON.
pub(super) fn read_json(text: &str) -> Result<Bom, Unreadable> {
    let mut document = Document::default();
    match json::read(text, &mut document) {
        Ok(()) => finish(document),
        // That its version has other rules is why the rest is not as it should be.
        Err(error) => Err(match head(text).map(|head| version_of(head.as_deref())) {
            Some(Err(version)) => version,
            _ => malformed(shown(&error)),
        }),
    }
}

/// Reads a document of SPDX 2 in tag-value form.
pub(super) fn read_tag_value(text: &str) -> Result<Bom, Unreadable> {
    let mut document = Document::default();
    let read = tag::read(text, &mut document);
    match (read, version_of(document.version.as_deref())) {
        (_, Err(version)) => Err(version),
        (Err(what), Ok(_)) => Err(malformed(what)),
        (Ok(()), Ok(_)) => finish(document),
    }
}

/// Reads a document of SPDX 3 in JSON-LD.
pub(super) fn read_json_ld(text: &str) -> Result<Bom, Unreadable> {
    third::read(text)
}

/// The files of a document of SPDX 2 in JSON. The error is a reason; likewise the others.
pub(super) fn files_of_json(text: &str) -> Result<Vec<File>, String> {
    json::files(text).map_err(|error| shown(&error))
}

/// The files of a document of SPDX 2 in tag-value form.
pub(super) fn files_of_tag_value(text: &str) -> Result<Vec<File>, String> {
    tag::files(text)
}

/// The files of a document of SPDX 3 in JSON-LD.
pub(super) fn files_of_json_ld(text: &str) -> Result<Vec<File>, String> {
    third::files(text)
}

fn finish(mut document: Document) -> Result<Bom, Unreadable> {
    let version = document.version.take();
    let (version, note) = version_of(version.as_deref())?;
    document.note(note);
    Ok(document.finish(version))
}

fn malformed(what: String) -> Unreadable {
    Unreadable::Malformed { format: SPDX, what }
}

/// The version that a document names, where the rest of it cannot be read.
fn head(text: &str) -> Option<Option<Cow<'_, str>>> {
    #[derive(Deserialize)]
    struct Head<'a> {
        #[serde(borrow, rename = "spdxVersion")]
        version: Option<Cow<'a, str>>,
    }
    crate::json::object::<Head>(text).ok().map(|head| head.version)
}
