//! Questions about the components of a document.

use std::sync::Arc;

use lockgate_evidence::package::{Location, Wanted};
use lockgate_evidence::sbom::{Bom, Narrowing, Query};
use lockgate_model::Instant;
use wasmtime::Result;
use wasmtime::component::Resource;

use super::super::asked::Asked;
use super::super::{Answer, invalid, out_of_range};
use crate::bindings::lockgate::policy::sbom::{Component as WitComponent, HostQuery};
use crate::state::State;

/// The most license statements that one narrowing names: the SPDX list has some seven hundred
/// licenses, and documents combine them.
const MAX_IDS: usize = 4096;

/// The most places that one narrowing names: a company has some registries.
const MAX_PLACES: usize = 64;

/// The most questions that one narrowing joins.
const MAX_QUESTIONS: usize = 16;

/// Behind the resource `query`.
pub type SbomQuery = Asked<Narrowing>;

impl State {
    /// Narrows a question by what others cover. Each of them is answered, and paid for.
    fn combine(
        &mut self,
        handle: &Resource<SbomQuery>,
        others: &[Resource<SbomQuery>],
        narrowing: fn(&Bom, &[&Query]) -> Narrowing,
    ) -> Answer<()> {
        let bom = Arc::clone(&self.narrow_by(handle, "")?.index);
        if others.len() > MAX_QUESTIONS {
            let (are, most) = (others.len(), MAX_QUESTIONS);
            return out_of_range(format!("{are} questions, and {most} are joined"));
        }
        let mut questions = Vec::new();
        for other in others {
            let other = self.at_mut(other)?;
            if !Arc::ptr_eq(&bom, &other.index) {
                return invalid("a question is about another document");
            }
            let (query, work) = (other.query.clone(), other.query.work(&bom));
            self.charge_rows(work)?;
            questions.push(query);
        }
        let questions: Vec<&Query> = questions.iter().collect();
        self.narrow_to(handle, narrowing(&bom, &questions))
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
        if narrowed.index.licenses().get(id as usize).is_none() {
            return out_of_range(format!("there is no license statement {id}"));
        }
        narrowed.query.narrow(Narrowing::License(id));
        Ok(())
    }

    fn purl_pattern(&mut self, handle: Resource<SbomQuery>, glob: String) -> Answer<()> {
        self.narrow_by(&handle, &glob)?;
        self.narrow_to(&handle, Narrowing::purl_pattern(&glob))
    }

    fn licenses_any(&mut self, handle: Resource<SbomQuery>, ids: Vec<u32>) -> Answer<()> {
        self.charge_rows(ids.len())?;
        if ids.len() > MAX_IDS {
            return out_of_range(format!("{} ids, and {MAX_IDS} are compared", ids.len()));
        }
        let count = self.narrow_by(&handle, "")?.index.licenses().len();
        if let Some(id) = ids.iter().find(|id| **id as usize >= count) {
            return out_of_range(format!("there is no license statement {id}"));
        }
        self.narrow_to(&handle, Narrowing::licenses_any(&ids))
    }

    fn license_named(&mut self, handle: Resource<SbomQuery>, id: String) -> Answer<()> {
        let bom = Arc::clone(&self.narrow_by(&handle, &id)?.index);
        self.charge_rows(bom.licenses().len())?;
        let narrowing = Narrowing::license_named(&bom, &id);
        self.narrow_to(&handle, narrowing)
    }

    fn needed_by(&mut self, handle: Resource<SbomQuery>, id: u32) -> Answer<()> {
        let bom = Arc::clone(&self.narrow_by(&handle, "")?.index);
        if bom.components().get(id as usize).is_none() {
            return out_of_range(format!("there is no component {id}"));
        }
        self.charge_graph(&bom)?;
        let narrowing = Narrowing::needed_by(&bom, id);
        self.narrow_to(&handle, narrowing)
    }

    fn direct(&mut self, handle: Resource<SbomQuery>) -> Answer<()> {
        let bom = Arc::clone(&self.narrow_by(&handle, "")?.index);
        self.charge_rows(bom.direct().len())?;
        let narrowing = Narrowing::direct(&bom);
        self.narrow_to(&handle, narrowing)
    }

    fn of_package(&mut self, handle: Resource<SbomQuery>, glob: String) -> Answer<()> {
        self.narrow_by(&handle, &glob)?;
        self.narrow_to(&handle, Narrowing::package(&glob))
    }

    fn version_in(&mut self, handle: Resource<SbomQuery>, range: String) -> Answer<()> {
        self.narrow_by(&handle, &range)?;
        match range.parse() {
            Ok(range) => self.narrow_to(&handle, Narrowing::VersionIn(range)),
            Err(why) => invalid(why.to_string()),
        }
    }

    fn component_type(&mut self, handle: Resource<SbomQuery>, word: String) -> Answer<()> {
        self.narrow_by(&handle, &word)?.query.narrow(Narrowing::ComponentType(word));
        Ok(())
    }

    fn released_after(&mut self, handle: Resource<SbomQuery>, moment: i64) -> Answer<()> {
        let narrowed = self.narrow_by(&handle, "")?;
        match Instant::from_unix(moment) {
            Some(moment) => narrowed.query.narrow(Narrowing::ReleasedAfter(moment)),
            None => return out_of_range(format!("{moment} is no moment of a known calendar")),
        }
        Ok(())
    }

    fn origin_outside(&mut self, handle: Resource<SbomQuery>, places: Vec<String>) -> Answer<()> {
        if places.len() > MAX_PLACES {
            let (are, most) = (places.len(), MAX_PLACES);
            return out_of_range(format!("{are} places, and {most} are compared"));
        }
        let text = places.concat();
        self.narrow_by(&handle, &text)?;
        let read: Result<Vec<Location>, _> = places.iter().map(|place| place.parse()).collect();
        match read {
            Ok(places) => self.narrow_to(&handle, Narrowing::OriginOutside(places)),
            Err(why) => invalid(why.to_string()),
        }
    }

    fn described(&mut self, handle: Resource<SbomQuery>) -> Answer<()> {
        let bom = Arc::clone(&self.narrow_by(&handle, "")?.index);
        let narrowing = Narrowing::described(&bom);
        self.narrow_to(&handle, narrowing)
    }

    fn any_of(
        &mut self,
        handle: Resource<SbomQuery>,
        others: Vec<Resource<SbomQuery>>,
    ) -> Answer<()> {
        self.combine(&handle, &others, Narrowing::any_of)
    }

    fn none_of(
        &mut self,
        handle: Resource<SbomQuery>,
        others: Vec<Resource<SbomQuery>>,
    ) -> Answer<()> {
        self.combine(&handle, &others, Narrowing::none_of)
    }

    fn has(&mut self, handle: Resource<SbomQuery>, field: String) -> Answer<()> {
        let narrowed = self.narrow_by(&handle, &field)?;
        match field.parse() {
            Ok(field) => narrowed.query.narrow(Narrowing::Has(field)),
            Err(_) => return invalid(format!("`{field}` is not a field of a component")),
        }
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
        self.counted(&handle)
    }

    fn next(&mut self, handle: Resource<SbomQuery>, max: u32) -> Answer<Vec<WitComponent>> {
        let (bom, rows) = self.next_rows(&handle, max)?;
        let found =
            rows.into_iter().filter_map(|id| Some((id, bom.components().get(id as usize)?)));
        Ok(found.map(|(id, component)| self.row(id, component)).collect::<Result<_>>()?)
    }

    fn drop(&mut self, handle: Resource<SbomQuery>) -> Result<()> {
        self.take_back(handle)
    }
}
