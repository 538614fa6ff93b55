//! Reads CycloneDX in JSON and in XML, 1.2 and later.
//!
//! Both readers make the same of the same document. What the document describes
//! (`metadata.component`) is none of its components, but what lies in it is; the licenses of the
//! document itself, of its services, of pedigrees and of evidence are no licenses of components; what
//! `provides` says is no dependency.

mod json;
mod members;
#[cfg(test)]
mod tests;
mod xml;

use super::index::{Builder, Draft, LicenseDraft};
use super::{Acknowledgement, Bom, LicenseForm, Unreadable};

pub(super) use json::read as read_json;
pub(super) use xml::{is_namespace, read as read_xml};

/// The last minor version whose rules are known here, and the first that both JSON and XML have.
const NEWEST: u32 = 7;
const OLDEST: u32 = 2;

/// How its errors call the format.
const NAME: &str = "CycloneDX";

fn malformed(what: String) -> Unreadable {
    Unreadable::Malformed { format: NAME, what }
}

/// Notes a minor version that is newer than those that are known: it only adds. Refuses all others.
fn check_version(builder: &mut Builder, version: &str) -> Result<(), Unreadable> {
    let minor =
        version.strip_prefix("1.").filter(|minor| minor.bytes().all(|b| b.is_ascii_digit()));
    match minor.and_then(|minor| minor.parse().ok()) {
        Some(OLDEST..=NEWEST) => Ok(()),
        Some(newer) if newer > NEWEST => {
            builder.note(format!(
                "version {} of CycloneDX is newer than 1.{NEWEST}: what it adds is not read",
                crate::reason::quoted(version)
            ));
            Ok(())
        }
        _ => Err(Unreadable::Version {
            format: NAME,
            version: crate::reason::quoted(version),
            reads: "1.2 and later",
        }),
    }
}

fn finish(builder: Builder, version: &str) -> Bom {
    builder.finish("cyclonedx", version.to_owned())
}

/// Who acknowledges a license. A word that is not known marks nothing.
fn acknowledgement(word: Option<&str>) -> Option<Acknowledgement> {
    word?.parse().ok()
}
