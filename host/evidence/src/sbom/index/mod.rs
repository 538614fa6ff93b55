//! Makes the index of a document from what a reader finds in it.
//!
//! Readers hand over [`Draft`]s, borrowed from the document and in any order; what is blank counts as
//! not stated, here and so for every format. Words that many components share are kept once, and the
//! names by which dependencies call components are gone when the index is made.
//!
//! Numbers are of 32 bits: [`Bom::read`] takes no document of 4 GiB, and whatever is counted takes at
//! least a byte of it.

mod draft;
mod licenses;

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use lockgate_model::Instant;

pub(super) use draft::{Draft, LicenseDraft, ServiceDraft};

use super::component::Hash;
use super::component::{Component, Service, Span, Word};
use super::graph::{Graph, NONE};
use super::origin::{is_origin, is_place, origins_of_purl};
use super::posting::Postings;
use super::{Bom, DocumentField};
use crate::package::purl;

/// The most notes on one document, so that a stranger does not say how many there are.
const MAX_NOTES: usize = 32;

/// An index in the making.
#[derive(Debug, Default)]
pub(super) struct Builder<'a> {
    stated: [bool; DocumentField::COUNT],
    notes: Vec<String>,
    made_at: Option<Instant>,
    tools: Vec<String>,
    lifecycles: Vec<String>,
    services: Vec<Service>,
    components: Vec<Component>,
    /// What dependencies call each component, `NONE` where they do not.
    called: Vec<u32>,
    names: Numbers<'a>,
    /// From one name to another.
    edges: Vec<(u32, u32)>,
    /// From a whole to its part.
    parts: Vec<(u32, u32)>,
    described: Vec<Described>,
    /// License statements by text, of each form.
    expressions: HashMap<Cow<'a, str>, u32>,
    free: HashMap<Cow<'a, str>, u32>,
    /// By what expressions call them, and what they are called otherwise.
    license_names: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    licenses: u32,
    marks: Vec<u8>,
    words: Numbers<'a>,
    hashes: Vec<(Word, Span)>,
    references: Vec<(Word, Span)>,
    /// The values of hashes and the locators of references, one behind the other.
    texts: String,
}

/// What a document is about.
#[derive(Debug)]
struct Described {
    /// None where it is a component, which has a name.
    name: Option<String>,
    called: u32,
}

/// Distinct texts, numbered in the order in which they are found.
#[derive(Debug, Default)]
struct Numbers<'a>(HashMap<Cow<'a, str>, u32>);

impl<'a> Numbers<'a> {
    fn of(&mut self, text: Cow<'a, str>) -> u32 {
        let next = count(self.0.len());
        *self.0.entry(text).or_insert(next)
    }

    /// The texts by number.
    fn texts(self) -> Vec<Box<str>> {
        let mut texts = vec![Box::default(); self.0.len()];
        for (text, number) in self.0 {
            if let Some(place) = texts.get_mut(number as usize) {
                *place = text.into();
            }
        }
        texts
    }
}

impl<'a> Builder<'a> {
    /// Adds a component, nested or not.
    pub(super) fn component(&mut self, draft: Draft<'a>) {
        let reference = said(draft.reference);
        self.called.push(reference.map_or(NONE, |reference| self.names.of(reference)));
        let (licenses, marks) = self.licenses(draft.licenses);
        let (hashes, has_strong_hash) = self.hashes(draft.hashes);
        let mut has_origin = draft.references.iter().any(|(kind, at)| is_origin(kind, at));
        let references = self.references(draft.references);
        let (name, own_name) = full_name(draft.group, draft.name);
        let written = said(draft.purl);
        let (purl, canonical) = match written.as_deref().and_then(purl::canonical) {
            Some((text, parts)) => (Some(text), Some(parts)),
            None => (written.map(Cow::into_owned), None),
        };
        if let Some((text, parts)) = purl.as_deref().zip(canonical.as_ref()) {
            has_origin |= origins_of_purl(text, parts).next().is_some();
            has_origin |= parts.version(text).is_some_and(|version| is_place(&version));
        }
        let version = said(draft.version).map(Cow::into_owned);
        has_origin |= version.as_deref().is_some_and(is_place);
        let released = said(draft.released).and_then(|text| text.trim().parse().ok());
        self.components.push(Component {
            name,
            version,
            purl,
            licenses,
            canonical,
            own_name,
            component_type: said(draft.component_type).map(|word| self.words.of(word)),
            supplier: said(draft.supplier).map(|word| self.words.of(word)),
            marks,
            hashes,
            references,
            released,
            identified: draft.identified,
            has_origin,
            has_strong_hash,
        });
    }

    /// What the document is about, where that is no component; it counts as stated if it has a name. What it depends on is reached from it.
    pub(super) fn described(&mut self, draft: Draft<'a>) {
        let called = said(draft.reference).map_or(NONE, |reference| self.names.of(reference));
        self.stated(DocumentField::Component, !draft.name.trim().is_empty());
        let name = Some(full_name(draft.group, draft.name).0);
        self.described.push(Described { name, called });
    }

    /// What the document is about, where that is the component of this reference.
    #[allow(dead_code, reason = "for formats in which that is a component")]
    pub(super) fn describes(&mut self, reference: Cow<'a, str>) {
        let called = self.names.of(reference);
        self.described.push(Described { name: None, called });
    }

    /// States that one component depends on another, by what they are called.
    pub(super) fn dependency(&mut self, from: Cow<'a, str>, to: Cow<'a, str>) {
        let edge = (self.names.of(from), self.names.of(to));
        self.edges.push(edge);
    }

    /// States that one component is a part of another, by what they are called. Where either is no
    /// component nothing is missing: packages are made of files, too.
    pub(super) fn part(&mut self, whole: Cow<'a, str>, part: Cow<'a, str>) {
        let edge = (self.names.of(whole), self.names.of(part));
        self.parts.push(edge);
    }

    /// Whether each of these names calls a component whose supplier is stated; false where there is
    /// none.
    pub(super) fn are_supplied(&self, names: &[Cow<str>]) -> bool {
        let numbers: Option<BTreeSet<u32>> =
            names.iter().map(|name| self.names.0.get(name.as_ref()).copied()).collect();
        let Some(mut open) = numbers.filter(|numbers| !numbers.is_empty()) else { return false };
        for (called, component) in self.called.iter().zip(&self.components) {
            if component.supplier.is_some() {
                open.remove(called);
            }
        }
        open.is_empty()
    }

    /// The name of a license that is none of SPDX's own and that expressions call by this id.
    pub(super) fn license_name(&mut self, id: Cow<'a, str>, name: Cow<'a, str>) {
        self.license_names.push((id, name));
    }

    /// Adds a service.
    pub(super) fn service(&mut self, draft: ServiceDraft<'a>) {
        let endpoints = draft.endpoints.into_iter().filter_map(|endpoint| said(Some(endpoint)));
        self.services.push(Service {
            name: full_name(draft.group, draft.name).0,
            version: said(draft.version).map(Cow::into_owned),
            endpoints: endpoints.map(Cow::into_owned).collect(),
        });
    }

    /// States something of the document itself, once or more often.
    pub(super) fn stated(&mut self, field: DocumentField, is: bool) {
        if let Some(stated) = self.stated.get_mut(field as usize) {
            *stated |= is;
        }
    }

    /// What the document was made with, which then counts as stated.
    pub(super) fn tool(&mut self, name: &str, version: Option<&str>) {
        if name.trim().is_empty() {
            return;
        }
        self.stated(DocumentField::Tools, true);
        let version = version.filter(|version| !version.trim().is_empty());
        self.tools.push(match version {
            Some(version) => format!("{name} {version}"),
            None => name.to_owned(),
        });
    }

    /// A phase in which it was made.
    pub(super) fn lifecycle(&mut self, phase: &str) {
        if !phase.trim().is_empty() {
            self.lifecycles.push(phase.to_owned());
        }
    }

    /// When the document says that it was made, in RFC 3339. Anything else is noted, and states nothing.
    pub(super) fn made_at(&mut self, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        match text.trim().parse() {
            Ok(instant) => {
                self.made_at = Some(instant);
                self.stated(DocumentField::Timestamp, true);
            }
            Err(_) => self.note(format!(
                "its timestamp {} is no RFC 3339 instant, so nobody knows when it was made",
                crate::reason::quoted(text)
            )),
        }
    }

    /// A sentence about how the document was read. Those beyond a fixed number are left out.
    pub(super) fn note(&mut self, sentence: String) {
        if self.notes.len() < MAX_NOTES {
            self.notes.push(sentence);
        }
    }

    /// Puts all in order.
    pub(super) fn finish(mut self, format: &'static str, spec_version: String) -> Bom {
        let order = self.order();
        let mut rows = vec![0; order.len()];
        for (row, &place) in (0..).zip(&order) {
            if let Some(at) = rows.get_mut(place as usize) {
                *at = row;
            }
        }
        self.name_licenses();
        let licenses = self.number_licenses();
        let (graph, only) = self.graph(&rows);
        permute(&mut self.components, rows);
        let component = |node: u32| self.components.get(node as usize).map(|c| c.name.clone());
        let described = match self.described.as_mut_slice() {
            [described] => described.name.take().or_else(|| only.and_then(component)),
            _ => None,
        };
        let described = described.filter(|name| !name.trim().is_empty());
        self.components.shrink_to_fit();
        self.texts.shrink_to_fit();
        for list in [&mut self.notes, &mut self.tools, &mut self.lifecycles] {
            list.sort_unstable();
            list.dedup();
        }
        // Stable: services that agree keep their order in the document.
        self.services.sort_by(|a, b| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
        let by_license =
            Postings::new(licenses.len(), self.components.iter().map(|c| c.licenses.as_slice()));
        Bom {
            format,
            spec_version,
            stated: self.stated,
            notes: self.notes,
            made_at: self.made_at,
            tools: self.tools,
            lifecycles: self.lifecycles,
            described,
            components: self.components,
            licenses,
            marks: self.marks,
            words: self.words.texts(),
            hashes: self.hashes,
            references: self.references,
            texts: self.texts,
            services: self.services,
            graph,
            by_license,
            ..Bom::default()
        }
    }

    /// Where they stand, and whether one is strong.
    fn hashes(&mut self, drafts: Vec<(Cow<'a, str>, Cow<'a, str>)>) -> (Span, bool) {
        let drafts = drafts.into_iter().filter_map(|(algorithm, value)| {
            let value = value.trim().to_ascii_lowercase();
            Some((algorithm_name(said(Some(algorithm))?), value)).filter(|hash| !hash.1.is_empty())
        });
        let mut found: Vec<(Cow<str>, String)> = drafts.collect();
        found.sort_unstable();
        found.dedup();
        let start = count(self.hashes.len());
        let mut has_strong = false;
        for (algorithm, value) in found {
            has_strong |= Hash { algorithm: &algorithm, value: &value }.is_strong();
            let row = (self.words.of(algorithm), self.keep(&value));
            self.hashes.push(row);
        }
        (Span { start, end: count(self.hashes.len()) }, has_strong)
    }

    fn references(&mut self, drafts: Vec<(Cow<'a, str>, Cow<'a, str>)>) -> Span {
        let start = count(self.references.len());
        for (kind, locator) in drafts {
            if !locator.trim().is_empty() {
                let row = (self.words.of(kind), self.keep(&locator));
                self.references.push(row);
            }
        }
        Span { start, end: count(self.references.len()) }
    }

    fn keep(&mut self, text: &str) -> Span {
        let start = count(self.texts.len());
        self.texts.push_str(text);
        Span { start, end: count(self.texts.len()) }
    }

    /// Where the component of each number stands as yet.
    fn order(&self) -> Vec<u32> {
        let purls = || self.components.iter().filter_map(|component| component.purl.as_deref());
        // Behind what they all begin with they differ soon, so that most comparisons are of two numbers
        // that lie side by side.
        let shared = purls().fold(None, |shared: Option<&str>, purl| match shared {
            Some(shared) => shared.get(..agreeing(shared.as_bytes(), purl.as_bytes())).or(Some("")),
            None => Some(purl),
        });
        let shared = shared.map_or(0, str::len);
        let places = (0..).zip(&self.components);
        let mut order: Vec<(Option<u128>, u32)> = places
            .map(|(place, c)| (c.purl.as_deref().map(|purl| beginning(purl, shared)), place))
            .collect();
        let key = |place: u32| {
            let component = self.components.get(place as usize);
            (component.map(|c| (&c.purl, &c.name, &c.version)), place)
        };
        order.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| key(a.1).cmp(&key(b.1))));
        order.into_iter().map(|(_, place)| place).collect()
    }

    /// What depends on what by number, and the node of what is described if that is one thing.
    fn graph(&mut self, rows: &[u32]) -> (Graph, Option<u32>) {
        let components = count(rows.len());
        // INVARIANT: of components that are called the same the one with the lowest number answers,
        // so that the order in the document does not matter.
        let mut nodes = vec![NONE; self.names.0.len()];
        let mut shared = 0_u32;
        for (&called, &row) in self.called.iter().zip(rows) {
            if let Some(node) = nodes.get_mut(called as usize) {
                shared += u32::from(*node != NONE);
                *node = row.min(*node);
            }
        }
        let mut end = components;
        let mut roots = Vec::new();
        for described in &self.described {
            let Some(node) = nodes.get_mut(described.called as usize) else { continue };
            if *node == NONE && described.name.is_some() {
                *node = end;
                end += 1;
            }
            roots.push(*node);
        }
        let node = |name: u32| nodes.get(name as usize).copied().filter(|&node| node != NONE);
        let mut lost = 0_u32;
        let mut edges = std::mem::take(&mut self.edges);
        edges.retain_mut(|edge| {
            let known = node(edge.0).zip(node(edge.1));
            lost += u32::from(known.is_none());
            *edge = known.unwrap_or((NONE, NONE));
            known.is_some()
        });
        let mut parts = std::mem::take(&mut self.parts);
        parts.retain_mut(|part| {
            let known = node(part.0).zip(node(part.1));
            *part = known.unwrap_or((NONE, NONE));
            known.is_some()
        });
        self.stated(DocumentField::Dependencies, !parts.is_empty());
        edges.append(&mut parts);
        if shared > 0 {
            self.note(format!(
                "{shared} components are called like an earlier one, which is meant by what the \
                 document says of dependencies"
            ));
        }
        if lost > 0 {
            self.note(format!("{lost} dependencies name what is no component and are left out"));
        }
        let named = roots.len();
        roots.retain(|&root| root != NONE);
        if roots.len() < named {
            self.note("it describes something that is none of its components".to_owned());
        }
        let only = roots.first().copied().filter(|_| roots.len() == 1);
        (Graph::new(components, end, edges, roots), only)
    }
}

/// A text, unless it is blank.
pub(super) fn said(text: Option<Cow<'_, str>>) -> Option<Cow<'_, str>> {
    text.filter(|text| !text.trim().is_empty())
}

/// A number of things, each of which takes a byte of a document of less than 4 GiB.
fn count(things: usize) -> u32 {
    u32::try_from(things).unwrap_or(u32::MAX)
}

/// `group/name`, and where in it the name begins.
fn full_name(group: Option<Cow<str>>, name: Cow<str>) -> (String, u32) {
    match said(group) {
        Some(group) => (format!("{group}/{name}"), count(group.len() + 1)),
        None => (name.into_owned(), 0),
    }
}

/// The name of a hash algorithm in one spelling: in lower case, `sha-256` for `SHA256`, a hyphen for
/// an underscore.
fn algorithm_name(written: Cow<str>) -> Cow<str> {
    let name = written.trim();
    let plain = name.bytes().all(|b| b == b'-' || b.is_ascii_digit() || b.is_ascii_lowercase());
    let bare = name.get(..3).is_some_and(|sha| sha.eq_ignore_ascii_case("sha"))
        && name.len() > 3
        && name.bytes().skip(3).all(|digit| digit.is_ascii_digit());
    match name.get(3..) {
        Some(digits) if bare => Cow::Owned(format!("sha-{digits}")),
        _ if plain && name.len() == written.len() => written,
        _ => Cow::Owned(name.to_ascii_lowercase().replace('_', "-")),
    }
}

/// How many bytes two texts have in common from their beginning on.
fn agreeing(one: &[u8], other: &[u8]) -> usize {
    one.iter().zip(other).take_while(|(a, b)| a == b).count()
}

/// The next bytes of a text as a number: where two numbers differ, the texts differ likewise.
fn beginning(text: &str, from: usize) -> u128 {
    let mut bytes = [0; size_of::<u128>()];
    let rest = text.as_bytes().get(from..).unwrap_or_default();
    bytes.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    u128::from_be_bytes(bytes)
}

/// Puts each thing into its place, given by the place of each.
fn permute<T>(things: &mut [T], mut places: Vec<u32>) {
    for at in 0..things.len() {
        while let Some(&to) = places.get(at) {
            let to = to as usize;
            if to == at || to >= things.len() {
                break;
            }
            things.swap(at, to);
            places.swap(at, to);
        }
    }
}
