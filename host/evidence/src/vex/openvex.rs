//! Reads OpenVEX, 0.0.1 and later.
//!
//! In 0.0.1 a vulnerability, a product and a subcomponent are strings, and subcomponents stand in
//! the statement; from 0.2.0 on all three are objects, and subcomponents stand in their product.
//! Both forms are read wherever they stand (github.com/openvex/spec, `OPENVEX-SPEC.md`).

use std::borrow::Cow;

use serde::Deserialize;

use super::words::{Named, Words, moment, said};
use super::{
    Component, Document, Draft, MAX_ALIASES, MAX_NAMED, MAX_STATEMENTS, Product, Statement, Status,
    Unreadable,
};
use crate::claim::Subject;
use crate::json::{self, Bounded, Object};
use crate::predicate::numbers;
use crate::reason::{quoted, shown};

const FORMAT: &str = "OpenVEX";

/// The namespace of the format, and by itself that of 0.0.1, which had no other.
const NAMESPACE: &str = "https://openvex.dev/ns";

/// The last version whose rules are known here.
const LATEST: &[u32] = &[0, 2, 0];

/// Why nothing has to be done, in the words of the specification.
const JUSTIFICATIONS: &[&str] = &[
    "component_not_present",
    "vulnerable_code_not_present",
    "vulnerable_code_not_in_execute_path",
    "vulnerable_code_cannot_be_controlled_by_adversary",
    "inline_mitigations_already_exist",
];

#[derive(Deserialize)]
struct Written<'a> {
    #[serde(borrow, rename = "@context")]
    context: Cow<'a, str>,
    #[serde(borrow)]
    author: Option<Words<'a>>,
    #[serde(borrow)]
    timestamp: Option<Words<'a>>,
    #[serde(borrow)]
    last_updated: Option<Words<'a>>,
    #[serde(borrow)]
    statements: Bounded<Object<WrittenStatement<'a>>, MAX_STATEMENTS>,
}

#[derive(Deserialize)]
struct WrittenStatement<'a> {
    #[serde(borrow)]
    vulnerability: Named<'a, Vulnerability<'a>>,
    #[serde(borrow)]
    products: Option<Bounded<Named<'a, WrittenProduct<'a>>, MAX_NAMED>>,
    #[serde(borrow)]
    subcomponents: Option<Bounded<Named<'a, WrittenPart<'a>>, MAX_NAMED>>,
    #[serde(borrow)]
    status: Words<'a>,
    #[serde(borrow)]
    justification: Option<Words<'a>>,
    #[serde(borrow)]
    impact_statement: Option<Words<'a>>,
    #[serde(borrow)]
    action_statement: Option<Words<'a>>,
    #[serde(borrow)]
    timestamp: Option<Words<'a>>,
    #[serde(borrow)]
    last_updated: Option<Words<'a>>,
}

#[derive(Deserialize)]
struct Vulnerability<'a> {
    #[serde(borrow, rename = "@id")]
    id: Option<Words<'a>>,
    #[serde(borrow)]
    name: Option<Words<'a>>,
    #[serde(borrow)]
    aliases: Option<Bounded<Words<'a>, MAX_ALIASES>>,
}

#[derive(Deserialize)]
struct WrittenProduct<'a> {
    #[serde(borrow, rename = "@id")]
    id: Option<Words<'a>>,
    #[serde(borrow)]
    identifiers: Option<Object<Identifiers<'a>>>,
    #[serde(borrow)]
    hashes: Option<Object<Hashes<'a>>>,
    #[serde(borrow)]
    subcomponents: Option<Bounded<Named<'a, WrittenPart<'a>>, MAX_NAMED>>,
}

#[derive(Deserialize)]
struct WrittenPart<'a> {
    #[serde(borrow, rename = "@id")]
    id: Option<Words<'a>>,
    #[serde(borrow)]
    identifiers: Option<Object<Identifiers<'a>>>,
}

#[derive(Deserialize)]
struct Identifiers<'a> {
    #[serde(borrow)]
    purl: Option<Words<'a>>,
}

/// The hashes that bind. The specification writes them with a dash; some programs do not.
#[derive(Deserialize)]
struct Hashes<'a> {
    #[serde(borrow, rename = "sha-256", alias = "sha256", alias = "SHA-256", alias = "SHA256")]
    sha256: Option<Words<'a>>,
    #[serde(borrow, rename = "sha-512", alias = "sha512", alias = "SHA-512", alias = "SHA512")]
    sha512: Option<Words<'a>>,
}

/// Reads a document.
pub(super) fn read(text: &str) -> Result<Document, Unreadable> {
    let written: Written = json::object(text).map_err(|error| malformed(shown(&error)))?;
    let version = version(&written.context)?;
    let mut draft = Draft::default();
    if numbers(&version).is_some_and(|numbers| numbers.as_slice() > LATEST) {
        draft.note(format!(
            "its version {} of {FORMAT} is newer than 0.2.0, the last that this version knows",
            quoted(&version)
        ));
    }
    let stamps = [("timestamp", written.timestamp), ("last_updated", written.last_updated)];
    let of_document = latest(stamps, "the document")?;
    for (place, Object(statement)) in (1..).zip(written.statements.0) {
        let at = format!("statement {place}");
        if let Some(statement) = statement.read(&mut draft, &at, of_document)? {
            draft.add(statement);
        }
    }
    Ok(draft.finish(FORMAT, version, said(written.author)))
}

impl WrittenStatement<'_> {
    /// None where it does not count; the draft says so.
    fn read(
        self,
        draft: &mut Draft,
        place: &str,
        of_document: Option<lockgate_model::Instant>,
    ) -> Result<Option<Statement>, Unreadable> {
        let (vulnerability, aliases) = match self.vulnerability {
            Named::Name(name) => (Some(name.into_owned()), Vec::new()),
            Named::Object(Vulnerability { id, name, aliases }) => {
                let aliases = aliases.into_iter().flat_map(|aliases| aliases.0);
                let aliases = aliases.filter_map(|alias| said(Some(alias))).collect();
                (said(name).or_else(|| said(id)), aliases)
            }
        };
        let vulnerability = vulnerability.filter(|name| !name.trim().is_empty());
        let vulnerability =
            vulnerability.ok_or_else(|| malformed(format!("{place} names no vulnerability")))?;
        let status = match &*self.status.0 {
            "not_affected" => Status::NotAffected,
            "affected" => Status::Affected,
            "fixed" => Status::Fixed,
            "under_investigation" => Status::UnderInvestigation,
            other => {
                let other = quoted(other);
                return Err(malformed(format!("{place} has the status {other}, which is none")));
            }
        };
        let stamps = [("timestamp", self.timestamp), ("last_updated", self.last_updated)];
        let at = latest(stamps, place)?.or(of_document);
        let (justification, impact) = (said(self.justification), said(self.impact_statement));
        let known = |word: &String| JUSTIFICATIONS.contains(&word.as_str());
        if status == Status::NotAffected
            && impact.is_none()
            && !justification.as_ref().is_some_and(known)
        {
            draft.unexplained(&vulnerability);
            return Ok(None);
        }
        let products = self.products.into_iter().flat_map(|products| products.0);
        let products = products.map(|product| product_of(draft, product)).collect();
        let parts = self.subcomponents.into_iter().flat_map(|parts| parts.0);
        let parts = parts.map(|part| part_of(draft, part)).collect();
        let action = said(self.action_statement);
        Ok(Some(Statement {
            vulnerability,
            aliases,
            status,
            justification,
            impact,
            action,
            at,
            products,
            parts,
        }))
    }
}

fn product_of(draft: &mut Draft, written: Named<WrittenProduct>) -> Product {
    let (component, mut hashes, parts) = match written {
        Named::Name(id) => (Some(Component::of(&id)), Subject::default(), Vec::new()),
        Named::Object(WrittenProduct { id, identifiers, hashes, subcomponents }) => {
            let mut given = Subject::default();
            if let Some(Object(Hashes { sha256, sha512 })) = hashes {
                let lower = |hex: Words| hex.0.trim().to_ascii_lowercase();
                given.sha256 = sha256.map(lower);
                given.sha512 = sha512.map(lower);
            }
            let parts = subcomponents.into_iter().flat_map(|parts| parts.0);
            let parts = parts.map(|part| part_of(draft, part)).collect();
            (named(id, identifiers), given, parts)
        }
    };
    if let Some(Component::Package(package)) = &component {
        hashes.name = Some(package.as_str().to_owned());
        // An image is named by its digest, as the type `oci` of package URLs has it.
        if !hashes.binds() {
            hashes.sha256 = package.image_digest();
        }
    }
    Product { component, parts, hashes }
}

fn part_of(draft: &mut Draft, written: Named<WrittenPart>) -> Component {
    let component = match written {
        Named::Name(id) => Component::of(&id),
        Named::Object(WrittenPart { id, identifiers }) => named(id, identifiers)
            .unwrap_or_else(|| Component::Vague("a component without a name".to_owned())),
    };
    if let Component::Vague(what) = &component {
        draft.vague(what);
    }
    component
}

/// What something is called: its package URL says more than any other identifier.
fn named(id: Option<Words>, identifiers: Option<Object<Identifiers>>) -> Option<Component> {
    let purl = identifiers.and_then(|identifiers| said(identifiers.0.purl));
    purl.or_else(|| said(id)).map(|id| Component::of(&id))
}

/// The version that a context names.
fn version(context: &str) -> Result<String, Unreadable> {
    let rest = context.strip_prefix(NAMESPACE).ok_or(Unreadable::Format)?;
    if rest.is_empty() {
        return Ok("0.0.1".to_owned());
    }
    let version = rest.strip_prefix("/v").ok_or(Unreadable::Format)?;
    match numbers(version).as_deref() {
        // What comes before 1.0 is one family; with 1.0 the rules may become others.
        Some([0, ..]) => Ok(version.to_owned()),
        _ => Err(Unreadable::Version { format: FORMAT, version: quoted(version), read: "0.0.1" }),
    }
}

/// The latest of the moments that something gives for itself.
fn latest<'a>(
    stamps: impl IntoIterator<Item = (&'static str, Option<Words<'a>>)>,
    place: &str,
) -> Result<Option<lockgate_model::Instant>, Unreadable> {
    let mut latest = None;
    for (field, words) in stamps {
        let at = moment(words).map_err(|what| {
            malformed(format!("`{field}` of {place} is {what}, which is not an RFC 3339 instant"))
        })?;
        latest = latest.max(at);
    }
    Ok(latest)
}

fn malformed(what: String) -> Unreadable {
    Unreadable::Malformed { format: FORMAT, what }
}
