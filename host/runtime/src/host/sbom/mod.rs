//! `sbom`: bills of materials behind a native index.

mod query;

use std::sync::Arc;

use lockgate_evidence::sbom::{Bom, Component, LicenseForm, UnreadableFiles};
use lockgate_model::{Instant, Kind};
use wasmtime::Result;
use wasmtime::component::Resource;

pub use query::SbomQuery;

use super::document;
use super::{Answer, NoAnswer, count_of, invalid, malformed, out_of_range, page_of};
use crate::bindings::lockgate::policy::sbom::{
    Component as WitComponent, File, Hash, Host, HostBom, HostDocument, License, Reference, Service,
};
use crate::bindings::lockgate::policy::types::Refusal;
use crate::state::State;

document::handle! {
    /// Behind the resource `document`.
    SbomDocument
}

/// How often the schema is taken to look at each byte of a document: it makes a tree of it first, and
/// some parts are held against several alternatives.
const SCHEMA_PASSES: usize = 32;

/// Behind the resource `bom`.
#[derive(Clone)]
pub struct SbomBom {
    bom: Arc<Bom>,
    /// Whether reading the document once more for its files is paid for.
    files_paid: bool,
}

impl Host for State {
    document::pages!(SbomDocument, Kind::Sbom);
}

impl State {
    fn bom(&mut self, handle: &Resource<SbomBom>) -> Result<Arc<Bom>> {
        self.enter()?;
        Ok(self.at(handle)?.bom)
    }

    /// The document behind a handle, if it has a component of that number, and the component's place.
    fn one(&mut self, handle: &Resource<SbomBom>, id: u32) -> Answer<(Arc<Bom>, usize)> {
        let bom = self.bom(handle)?;
        if (id as usize) < bom.components().len() {
            Ok((bom, id as usize))
        } else {
            out_of_range(format!("there is no component {id}"))
        }
    }

    /// The document behind a handle, whose files are about to be asked for. It is read for them once a
    /// run; each policy pays, once a handle.
    fn bom_with_files(&mut self, handle: &Resource<SbomBom>) -> Answer<Arc<Bom>> {
        let bom = self.bom(handle)?;
        if !std::mem::replace(&mut self.at_mut(handle)?.files_paid, true) {
            self.charge_bytes(bom.size())?;
        }
        Ok(bom)
    }

    /// Charges for a walk over all dependencies.
    fn charge_graph(&mut self, bom: &Bom) -> Result<()> {
        self.charge_rows(bom.components().len() + bom.dependency_count())
    }

    /// A row as it crosses, charged.
    fn row(&mut self, id: u32, component: &Component) -> Result<WitComponent> {
        Ok(WitComponent {
            id,
            name: self.text(&component.name)?,
            version: component.version.as_deref().map(|text| self.text(text)).transpose()?,
            purl: component.purl.as_deref().map(|text| self.text(text)).transpose()?,
        })
    }
}

impl From<UnreadableFiles> for NoAnswer {
    fn from(why: UnreadableFiles) -> Self {
        Self::Refused(Refusal::Malformed(why.to_string()))
    }
}

impl HostDocument for State {
    document::answers!(SbomDocument);

    fn open(&mut self, handle: Resource<SbomDocument>) -> Answer<Resource<SbomBom>> {
        let fact = self.document(&handle)?;
        // It is indexed once a run; each policy pays each time it opens it, so that what a policy
        // pays does not depend on who came first.
        self.charge_bytes(fact.get().predicate_bytes().len())?;
        match fact.get().bom() {
            Ok(bom) => {
                let bom = SbomBom { bom: Arc::clone(bom), files_paid: false };
                Ok(self.hand_out(bom)?)
            }
            Err(why) => malformed(why.to_string()),
        }
    }
}

impl HostBom for State {
    fn format(&mut self, handle: Resource<SbomBom>) -> Result<String> {
        let bom = self.bom(&handle)?;
        self.text(bom.format())
    }

    fn spec_version(&mut self, handle: Resource<SbomBom>) -> Result<String> {
        let bom = self.bom(&handle)?;
        self.text(bom.spec_version())
    }

    fn notes(&mut self, handle: Resource<SbomBom>) -> Result<Vec<String>> {
        let bom = self.bom(&handle)?;
        bom.notes().iter().map(|note| self.text(note)).collect()
    }

    fn schema_problems(&mut self, handle: Resource<SbomBom>) -> Answer<Vec<String>> {
        let bom = self.bom(&handle)?;
        // The schema looks at every value of the document, some of them several times.
        self.charge_bytes(bom.size().saturating_mul(SCHEMA_PASSES))?;
        match bom.schema_problems() {
            Ok(problems) => {
                Ok(problems.iter().map(|problem| self.text(problem)).collect::<Result<_>>()?)
            }
            Err(why) => malformed(why.to_string()),
        }
    }

    fn made_at(&mut self, handle: Resource<SbomBom>) -> Result<Option<i64>> {
        Ok(self.bom(&handle)?.made_at().map(Instant::unix))
    }

    fn tools(&mut self, handle: Resource<SbomBom>) -> Result<Vec<String>> {
        let bom = self.bom(&handle)?;
        bom.tools().iter().map(|tool| self.text(tool)).collect()
    }

    fn lifecycles(&mut self, handle: Resource<SbomBom>) -> Result<Vec<String>> {
        let bom = self.bom(&handle)?;
        bom.lifecycles().iter().map(|phase| self.text(phase)).collect()
    }

    fn described(&mut self, handle: Resource<SbomBom>) -> Result<Option<String>> {
        let bom = self.bom(&handle)?;
        bom.described().map(|name| self.text(name)).transpose()
    }

    fn has(&mut self, handle: Resource<SbomBom>, field: String) -> Answer<bool> {
        let bom = self.bom(&handle)?;
        match field.parse() {
            Ok(field) => Ok(bom.has(field)),
            Err(_) => invalid(format!("`{field}` is not a field of a document")),
        }
    }

    fn component_count(&mut self, handle: Resource<SbomBom>) -> Result<u32> {
        Ok(count_of(self.bom(&handle)?.components().len()))
    }

    fn component(&mut self, handle: Resource<SbomBom>, id: u32) -> Answer<WitComponent> {
        let (bom, place) = self.one(&handle, id)?;
        Ok(self.row(id, &bom.components()[place])?)
    }

    fn licenses(&mut self, handle: Resource<SbomBom>, id: u32) -> Answer<Vec<u32>> {
        let (bom, place) = self.one(&handle, id)?;
        let found = &bom.components()[place].licenses;
        self.charge_rows(found.len())?;
        Ok(found.clone())
    }

    fn licenses_as(&mut self, handle: Resource<SbomBom>, id: u32, how: String) -> Answer<Vec<u32>> {
        let (bom, _) = self.one(&handle, id)?;
        match how.parse() {
            Ok(how) => {
                let found = bom.licenses_as(id, how);
                self.charge_rows(found.len())?;
                Ok(found)
            }
            Err(_) => invalid(format!("`{how}` is neither `declared` nor `concluded`")),
        }
    }

    fn component_type(&mut self, handle: Resource<SbomBom>, id: u32) -> Answer<Option<String>> {
        let (bom, _) = self.one(&handle, id)?;
        Ok(bom.component_type(id).map(|word| self.text(word)).transpose()?)
    }

    fn supplier(&mut self, handle: Resource<SbomBom>, id: u32) -> Answer<Option<String>> {
        let (bom, _) = self.one(&handle, id)?;
        Ok(bom.supplier(id).map(|name| self.text(name)).transpose()?)
    }

    fn hashes(&mut self, handle: Resource<SbomBom>, id: u32) -> Answer<Vec<Hash>> {
        let (bom, _) = self.one(&handle, id)?;
        let hashes = bom.hashes(id).into_iter().map(|hash| {
            let algorithm = self.text(hash.algorithm)?;
            Ok(Hash { algorithm, value: self.text(hash.value)? })
        });
        Ok(hashes.collect::<Result<_>>()?)
    }

    fn released_at(&mut self, handle: Resource<SbomBom>, id: u32) -> Answer<Option<i64>> {
        let (bom, place) = self.one(&handle, id)?;
        Ok(bom.components()[place].released().map(Instant::unix))
    }

    fn origins(&mut self, handle: Resource<SbomBom>, id: u32) -> Answer<Vec<String>> {
        let (bom, _) = self.one(&handle, id)?;
        Ok(bom.origins(id).iter().map(|origin| self.text(origin)).collect::<Result<_>>()?)
    }

    fn package_types(&mut self, handle: Resource<SbomBom>) -> Result<Vec<String>> {
        let bom = self.bom(&handle)?;
        self.charge_rows(bom.components().len())?;
        bom.package_types().into_iter().map(|word| self.text(word)).collect()
    }

    fn references(&mut self, handle: Resource<SbomBom>, id: u32) -> Answer<Vec<Reference>> {
        let (bom, _) = self.one(&handle, id)?;
        let references = bom.references(id).into_iter().map(|reference| {
            let kind = self.text(reference.kind)?;
            Ok(Reference { kind, locator: self.text(reference.locator)? })
        });
        Ok(references.collect::<Result<_>>()?)
    }

    fn dependency_count(&mut self, handle: Resource<SbomBom>) -> Result<u32> {
        Ok(count_of(self.bom(&handle)?.dependency_count()))
    }

    fn dependencies(&mut self, handle: Resource<SbomBom>, id: u32) -> Answer<Vec<u32>> {
        let (bom, _) = self.one(&handle, id)?;
        let found = bom.dependencies(id);
        self.charge_rows(found.len())?;
        Ok(found.to_vec())
    }

    fn path_to(&mut self, handle: Resource<SbomBom>, id: u32) -> Answer<Vec<u32>> {
        let (bom, _) = self.one(&handle, id)?;
        self.charge_graph(&bom)?;
        Ok(bom.path_to(id))
    }

    fn file_count(&mut self, handle: Resource<SbomBom>) -> Answer<u32> {
        let bom = self.bom_with_files(&handle)?;
        Ok(count_of(bom.files()?.len()))
    }

    fn files(&mut self, handle: Resource<SbomBom>, start: u32, max: u32) -> Answer<Vec<File>> {
        let bom = self.bom_with_files(&handle)?;
        let files = bom.files()?;
        let page = files.get(page_of(files.len(), start, max)?).unwrap_or_default().iter();
        let page = page.map(|file| {
            let sha256 = file.sha256.as_deref().map(|sum| self.text(sum)).transpose()?;
            Ok(File { path: self.text(&file.path)?, sha256 })
        });
        Ok(page.collect::<Result<_>>()?)
    }

    fn service_count(&mut self, handle: Resource<SbomBom>) -> Result<u32> {
        Ok(count_of(self.bom(&handle)?.services().len()))
    }

    fn service(&mut self, handle: Resource<SbomBom>, number: u32) -> Answer<Service> {
        let bom = self.bom(&handle)?;
        let Some(service) = bom.services().get(number as usize) else {
            return out_of_range(format!("there is no service {number}"));
        };
        let endpoints = service.endpoints.iter().map(|endpoint| self.text(endpoint));
        let endpoints = endpoints.collect::<Result<_>>()?;
        let version = service.version.as_deref().map(|text| self.text(text)).transpose()?;
        Ok(Service { name: self.text(&service.name)?, version, endpoints })
    }

    fn license_count(&mut self, handle: Resource<SbomBom>) -> Result<u32> {
        Ok(count_of(self.bom(&handle)?.licenses().len()))
    }

    fn license(&mut self, handle: Resource<SbomBom>, id: u32) -> Answer<License> {
        let bom = self.bom(&handle)?;
        let Some(license) = bom.licenses().get(id as usize) else {
            return out_of_range(format!("there is no license statement {id}"));
        };
        let form = match license.form {
            LicenseForm::Expression => "expression",
            LicenseForm::Name => "name",
        };
        Ok(License { id, text: self.text(&license.text)?, form: form.to_owned() })
    }

    fn query(&mut self, handle: Resource<SbomBom>) -> Result<Resource<SbomQuery>> {
        let bom = self.bom(&handle)?;
        self.hand_out(SbomQuery::all(bom))
    }

    fn drop(&mut self, handle: Resource<SbomBom>) -> Result<()> {
        self.take_back(handle)
    }
}
