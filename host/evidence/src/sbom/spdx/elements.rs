//! The elements of a document of SPDX 3, sorted by what they are.
//!
//! Elements stand in any order and in each other, so all are read before anything is made of them
//! (see [`super::third`]). Each has a number; what is not asked for has nothing else. An id that two
//! elements have makes the document unreadable, as a name does that stands twice in an object.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::element::{Element, ExternalIdentifier, OneOrMany, Reference, References};
use super::license::{License, last_part};
use crate::json::Object;
use crate::json::Words;
use crate::reason::quoted;
use crate::sbom::files::of_file;
use crate::sbom::{File, LicenseForm};

/// All elements of a document.
#[derive(Debug, Default)]
pub(super) struct Elements<'a> {
    // INVARIANT: distinct; what each number stands for.
    pub(super) ids: Vec<Cow<'a, str>>,
    numbers: HashMap<Cow<'a, str>, u32>,
    /// Those that stand in the document.
    present: HashSet<u32>,
    pub(super) packages: Vec<Package<'a>>,
    /// Documents and bills of materials, by number.
    pub(super) collections: Vec<Collection<'a>>,
    pub(super) infos: Vec<CreationInfo<'a>>,
    /// Whoever made something: the name, and whether it is a program.
    pub(super) agents: HashMap<u32, Agent<'a>>,
    pub(super) licenses: HashMap<u32, License<'a>>,
    /// What expressions call licenses that are none of SPDX's own, and their numbers.
    pub(super) license_calls: Vec<(Cow<'a, str>, u32)>,
    /// The names of such licenses.
    pub(super) license_names: HashMap<u32, Cow<'a, str>>,
    pub(super) relationships: Vec<Relationship<'a>>,
    /// Files, if they are asked for: most documents have more of them than of all else.
    pub(super) files: Option<Vec<File>>,
}

#[derive(Debug)]
pub(super) struct Package<'a> {
    pub(super) number: u32,
    pub(super) name: Cow<'a, str>,
    pub(super) version: Option<Cow<'a, str>>,
    pub(super) purl: Option<Cow<'a, str>>,
    pub(super) purpose: Option<Cow<'a, str>>,
    pub(super) released: Option<Cow<'a, str>>,
    pub(super) suppliers: Vec<u32>,
    /// Algorithm and value.
    pub(super) hashes: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// Kind and locator.
    pub(super) references: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

/// A document or a bill of materials.
#[derive(Debug)]
pub(super) struct Collection<'a> {
    pub(super) number: u32,
    pub(super) is_document: bool,
    pub(super) info: Option<u32>,
    /// What it is about.
    pub(super) roots: Vec<u32>,
    /// In which phases of the product's life it was made.
    pub(super) phases: Vec<Cow<'a, str>>,
}

#[derive(Debug)]
pub(super) struct CreationInfo<'a> {
    pub(super) number: u32,
    pub(super) version: Option<Cow<'a, str>>,
    pub(super) created: Option<Cow<'a, str>>,
    pub(super) by: Vec<u32>,
    pub(super) using: Vec<u32>,
}

#[derive(Debug)]
pub(super) struct Agent<'a> {
    pub(super) name: Option<Cow<'a, str>>,
    pub(super) is_program: bool,
}

#[derive(Debug)]
pub(super) struct Relationship<'a> {
    pub(super) from: Vec<u32>,
    pub(super) kind: Cow<'a, str>,
    pub(super) to: Vec<u32>,
}

/// Elements that stand in others and are still to be looked at.
type Open<'a> = Vec<(u32, Element<'a>)>;

impl<'a> Elements<'a> {
    /// None as yet, with files or without.
    pub(super) fn new(with_files: bool) -> Self {
        Self { files: with_files.then(Vec::new), ..Self::default() }
    }

    /// Adds an element with all that stand in it. The error is a reason.
    pub(super) fn add(&mut self, element: Element<'a>) -> Result<(), String> {
        if element.kind.is_none() && element.at_kind.is_none() {
            return Err("one of its elements has no `type`".to_owned());
        }
        let mut open = Vec::new();
        self.refer(Reference::Inline(Box::new(element)), &mut open);
        while let Some((number, element)) = open.pop() {
            self.sort(number, element, &mut open)?;
        }
        Ok(())
    }

    fn number(&mut self, id: Cow<'a, str>) -> u32 {
        let next = u32::try_from(self.ids.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(id.clone()).or_insert(next);
        if number == next {
            self.ids.push(id);
        }
        number
    }

    fn refer(&mut self, reference: Reference<'a>, open: &mut Open<'a>) -> u32 {
        let mut element = match reference {
            Reference::Id(id) => return self.number(id),
            Reference::Inline(element) => element,
        };
        let id = element.spdx_id.take().or(element.at_id.take());
        // No id has spaces in it, so nothing else is called so.
        let own = || Words(format!("an element without id {}", self.ids.len()).into());
        let Words(id) = id.unwrap_or_else(own);
        let number = self.number(id);
        open.push((number, *element));
        number
    }

    fn refer_all(&mut self, references: References<'a>, open: &mut Open<'a>) -> Vec<u32> {
        references.0.into_iter().map(|reference| self.refer(reference, open)).collect()
    }

    /// Puts an element where it belongs.
    fn sort(
        &mut self,
        number: u32,
        element: Element<'a>,
        open: &mut Open<'a>,
    ) -> Result<(), String> {
        let said = |words: Option<Words<'a>>| words.map(|words| words.0);
        // What says nothing but an id is a reference.
        let Some(Words(kind)) = element.kind.or(element.at_kind) else { return Ok(()) };
        let id = self.ids.get(number as usize).cloned().unwrap_or_default();
        if !self.present.insert(number) {
            return Err(format!("the element {} stands twice", quoted(&id)));
        }
        // Another element may stand in any of these, whatever this one is.
        let info = element.creation_info.map(|info| self.refer(info, open));
        let roots = self.refer_all(element.root_element, open);
        let by = self.refer_all(element.created_by, open);
        let using = self.refer_all(element.created_using, open);
        let suppliers = self.refer_all(element.supplied_by, open);
        let from = self.refer_all(element.from, open);
        let to = self.refer_all(element.to, open);
        let member = self.refer_all(element.member, open);
        let subject = self.refer_all(element.subject_license, open);
        let extendable = self.refer_all(element.extendable, open);
        let addition = self.refer_all(element.addition, open);
        self.refer_all(element.element, open);
        self.refer_all(element.originated_by, open);
        let name = said(element.name);
        let license = match kind.rsplit(['_', '/', '#', ':']).next().unwrap_or_default() {
            "CreationInfo" => {
                let (version, created) = (said(element.spec_version), said(element.created));
                self.infos.push(CreationInfo { number, version, created, by, using });
                return Ok(());
            }
            collection @ ("SpdxDocument" | "Bom" | "Sbom") => {
                let is_document = collection == "SpdxDocument";
                let phases = element.sbom_type.0.into_iter().map(|phase| phase.0).collect();
                self.collections.push(Collection { number, is_document, info, roots, phases });
                return Ok(());
            }
            "Package" | "AIPackage" | "DatasetPackage" => {
                let name =
                    name.ok_or_else(|| format!("the package {} has no `name`", quoted(&id)))?;
                let own = [("downloadLocation", element.download), ("homepage", element.homepage)];
                let own = own.into_iter().filter_map(|(kind, at)| Some((kind.into(), at?.0)));
                let (purl, identifiers) = identifiers(element.purl, element.external_identifier);
                let references = element.external_ref.0.into_iter().flat_map(|Object(one)| {
                    let kind = said(one.external_ref_type).unwrap_or_default();
                    one.locator.0.into_iter().map(move |locator| (kind.clone(), locator.0))
                });
                let is_hash =
                    |kind: &Option<Words>| kind.as_ref().is_none_or(|kind| kind.0 == "Hash");
                let hashes = element.verified_using.0.into_iter().map(|method| method.0);
                self.packages.push(Package {
                    number,
                    name,
                    version: said(element.version),
                    purl,
                    purpose: said(element.purpose),
                    released: said(element.release_time),
                    suppliers,
                    hashes: hashes
                        .filter(|method| is_hash(&method.kind))
                        .filter_map(|hash| Some((hash.algorithm?.0, hash.hash_value?.0)))
                        .collect(),
                    references: own.chain(identifiers).chain(references).collect(),
                });
                return Ok(());
            }
            "File" => {
                let Some(files) = &mut self.files else { return Ok(()) };
                let name = name.ok_or_else(|| format!("the file {} has no `name`", quoted(&id)))?;
                let hashes = element.verified_using.0.into_iter().map(|Object(method)| method);
                let sums = hashes.filter_map(|hash| Some((hash.algorithm?.0, hash.hash_value?.0)));
                files.extend(of_file(&name, sums));
                return Ok(());
            }
            "Person" | "Organization" | "Agent" => {
                self.agents.insert(number, Agent { name, is_program: false });
                return Ok(());
            }
            "SoftwareAgent" | "Tool" => {
                self.agents.insert(number, Agent { name, is_program: true });
                return Ok(());
            }
            relationship if relationship.ends_with("Relationship") => {
                let kind = said(element.relationship_type).unwrap_or_default();
                self.relationships.push(Relationship { from, kind, to });
                return Ok(());
            }
            "LicenseExpression" => {
                for Object(entry) in element.custom_ids.0 {
                    let (Some(Words(key)), Some(Words(of))) = (entry.key, entry.value) else {
                        continue;
                    };
                    let number = self.number(of);
                    self.license_calls.push((key, number));
                }
                let Some(Words(expression)) = element.expression else { return Ok(()) };
                License::Text(expression, LicenseForm::Expression)
            }
            "SimpleLicensingText" => License::Text(name.unwrap_or(id), LicenseForm::Name),
            "ListedLicense" | "ListedLicenseException" => {
                License::Text(last_of(id), LicenseForm::Expression)
            }
            "CustomLicense" | "CustomLicenseAddition" => self.custom(number, id, name),
            "ConjunctiveLicenseSet" => License::Set(" AND ", member),
            "DisjunctiveLicenseSet" => License::Set(" OR ", member),
            "OrLaterOperator" => License::OrLater(subject),
            "WithAdditionOperator" => License::With(extendable, addition),
            _ => return Ok(()),
        };
        self.licenses.insert(number, license);
        Ok(())
    }

    /// A license that is none of SPDX's own. In expressions it has an id of the document's, if it has
    /// one that can stand there.
    fn custom(&mut self, number: u32, id: Cow<'a, str>, name: Option<Cow<'a, str>>) -> License<'a> {
        let own = last_of(id.clone());
        self.license_names.extend(name.clone().map(|name| (number, name)));
        if !own.starts_with("LicenseRef-") && !own.starts_with("AdditionRef-") {
            return License::Text(name.unwrap_or(id), LicenseForm::Name);
        }
        self.license_calls.push((own.clone(), number));
        License::Text(own, LicenseForm::Expression)
    }
}

fn last_of(id: Cow<'_, str>) -> Cow<'_, str> {
    match id {
        Cow::Borrowed(id) => Cow::Borrowed(last_part(id)),
        Cow::Owned(id) => Cow::Owned(last_part(&id).to_owned()),
    }
}

/// A kind and a text.
type Pair<'a> = (Cow<'a, str>, Cow<'a, str>);

/// The package URL of a package, and all its identifiers. The one that has a place of its own counts
/// before those among the others.
fn identifiers<'a>(
    own: Option<Words<'a>>,
    others: OneOrMany<Object<ExternalIdentifier<'a>>>,
) -> (Option<Cow<'a, str>>, Vec<Pair<'a>>) {
    let others = others.0.into_iter().map(|other| other.0);
    let others =
        others.filter_map(|other| Some((other.external_identifier_type?.0, other.identifier?.0)));
    let others: Vec<Pair> = others.collect();
    let purl = others.iter().find(|(kind, _)| kind == "packageUrl").map(|(_, purl)| purl.clone());
    (own.map(|own| own.0).or(purl), others)
}
