//! `sbom`: bills of materials behind a native index.

use std::sync::Arc;

use lockgate_evidence::package::Wanted;
use lockgate_evidence::sbom::{Bom, Component, LicenseForm, Narrowing, Query};
use lockgate_model::Kind;
use wasmtime::Result;
use wasmtime::component::Resource;

use super::document;
use super::{Answer, count_of, invalid, malformed, out_of_range, page_of, page_size};
use crate::bindings::lockgate::policy::sbom::{
    Component as WitComponent, Host, HostBom, HostDocument, HostQuery, License,
};
use crate::state::State;

/// The longest text that a question narrows by: the longest package URLs seen have some hundreds
/// of bytes.
const MAX_NARROWING: usize = 4 << 10;

/// The most narrowings of one question: there are six kinds, and few are of use twice.
const MAX_NARROWINGS: usize = 64;

document::handle! {
    /// Behind the resource `document`.
    SbomDocument
}

/// Behind the resource `bom`.
#[derive(Clone)]
pub struct SbomBom(Arc<Bom>);

/// Behind the resource `query`.
#[derive(Clone)]
pub struct SbomQuery {
    bom: Arc<Bom>,
    query: Query,
}

impl Host for State {
    document::pages!(SbomDocument, Kind::Sbom);
}

impl State {
    fn bom(&mut self, handle: &Resource<SbomBom>) -> Result<Arc<Bom>> {
        self.enter()?;
        Ok(self.at(handle)?.0)
    }

    fn narrow(&mut self, handle: &Resource<SbomQuery>) -> Result<&mut SbomQuery> {
        self.enter()?;
        self.at_mut(handle)
    }

    /// A question that is about to be narrowed by a text. What the host keeps of it is bounded: the
    /// guest's own memory is not where it lies.
    fn narrow_by(&mut self, handle: &Resource<SbomQuery>, text: &str) -> Answer<&mut SbomQuery> {
        self.charge_bytes(text.len())?;
        if text.len() > MAX_NARROWING {
            return out_of_range(format!("{} bytes, and {MAX_NARROWING} are compared", text.len()));
        }
        let narrowed = self.narrow(handle)?;
        if narrowed.query.width() >= MAX_NARROWINGS {
            return out_of_range(format!("a question has {MAX_NARROWINGS} narrowings at the most"));
        }
        Ok(narrowed)
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

impl HostDocument for State {
    document::answers!(SbomDocument);

    fn open(&mut self, handle: Resource<SbomDocument>) -> Answer<Resource<SbomBom>> {
        let fact = self.document(&handle)?;
        // It is indexed once a run; each policy pays each time it opens it, so that what a policy
        // pays does not depend on who came first.
        self.charge_bytes(fact.get().predicate_bytes().len())?;
        match fact.get().bom() {
            Ok(bom) => Ok(self.hand_out(SbomBom(Arc::clone(bom)))?),
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
        let bom = self.bom(&handle)?;
        match bom.components().get(id as usize) {
            Some(component) => Ok(self.row(id, component)?),
            None => out_of_range(format!("there is no component {id}")),
        }
    }

    fn licenses(&mut self, handle: Resource<SbomBom>, id: u32) -> Answer<Vec<u32>> {
        let bom = self.bom(&handle)?;
        match bom.components().get(id as usize) {
            Some(component) => {
                self.charge_rows(component.licenses.len())?;
                Ok(component.licenses.clone())
            }
            None => out_of_range(format!("there is no component {id}")),
        }
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
        self.hand_out(SbomQuery { bom, query: Query::all() })
    }

    fn drop(&mut self, handle: Resource<SbomBom>) -> Result<()> {
        self.take_back(handle)
    }
}

impl HostQuery for State {
    fn purl(&mut self, handle: Resource<SbomQuery>, purl: String) -> Answer<()> {
        let narrowed = self.narrow_by(&handle, &purl)?;
        match Wanted::parse(&purl) {
            Ok(wanted) => narrowed.query.narrow(Narrowing::Purl(wanted)),
            Err(_) => return invalid(format!("`{purl}` is not a package URL")),
        }
        Ok(())
    }

    fn purl_prefix(&mut self, handle: Resource<SbomQuery>, prefix: String) -> Answer<()> {
        self.narrow_by(&handle, &prefix)?.query.narrow(Narrowing::PurlPrefix(prefix));
        Ok(())
    }

    fn name(&mut self, handle: Resource<SbomQuery>, name: String) -> Answer<()> {
        self.narrow_by(&handle, &name)?.query.narrow(Narrowing::Name(name));
        Ok(())
    }

    fn version(&mut self, handle: Resource<SbomQuery>, version: String) -> Answer<()> {
        self.narrow_by(&handle, &version)?.query.narrow(Narrowing::Version(version));
        Ok(())
    }

    fn license(&mut self, handle: Resource<SbomQuery>, id: u32) -> Answer<()> {
        let narrowed = self.narrow_by(&handle, "")?;
        if narrowed.bom.licenses().get(id as usize).is_none() {
            return out_of_range(format!("there is no license statement {id}"));
        }
        narrowed.query.narrow(Narrowing::License(id));
        Ok(())
    }

    fn lacks(&mut self, handle: Resource<SbomQuery>, field: String) -> Answer<()> {
        let narrowed = self.narrow_by(&handle, &field)?;
        match field.parse() {
            Ok(field) => narrowed.query.narrow(Narrowing::Lacks(field)),
            Err(_) => return invalid(format!("`{field}` is not a field of a component")),
        }
        Ok(())
    }

    fn count(&mut self, handle: Resource<SbomQuery>) -> Result<u32> {
        let narrowed = self.narrow(&handle)?;
        let rows = narrowed.query.work(&narrowed.bom);
        self.charge_rows(rows)?;
        let narrowed = self.narrow(&handle)?;
        Ok(narrowed.query.count(&narrowed.bom))
    }

    fn next(&mut self, handle: Resource<SbomQuery>, max: u32) -> Answer<Vec<WitComponent>> {
        let max = page_size(max)?;
        let narrowed = self.narrow(&handle)?;
        let bom = Arc::clone(&narrowed.bom);
        let rows = narrowed.query.work(&bom);
        self.charge_rows(rows)?;
        let ids = self.at_mut(&handle)?.query.next(&bom, max);
        let found = ids.into_iter().filter_map(|id| Some((id, bom.components().get(id as usize)?)));
        Ok(found.map(|(id, component)| self.row(id, component)).collect::<Result<_>>()?)
    }

    fn drop(&mut self, handle: Resource<SbomQuery>) -> Result<()> {
        self.take_back(handle)
    }
}
