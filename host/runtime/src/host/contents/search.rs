//! Searches of files for bytes.

use std::sync::Arc;

use lockgate_evidence::contents::{Contents, Search};
use wasmtime::Result;
use wasmtime::component::Resource;

use super::super::{Answer, invalid, page_size};
use super::not_held;
use crate::bindings::lockgate::policy::contents::{Hit, HostSearch};
use crate::state::State;

/// Behind the resource `search`.
pub struct ContentsSearch {
    pub(super) contents: Arc<Contents>,
    pub(super) search: Search,
}

impl State {
    fn sought(&mut self, handle: &Resource<ContentsSearch>) -> Result<&mut ContentsSearch> {
        self.enter()?;
        self.at_mut(handle)
    }
}

impl HostSearch for State {
    fn literal(&mut self, handle: Resource<ContentsSearch>, bytes: Vec<u8>) -> Answer<()> {
        self.charge_bytes(bytes.len())?;
        self.hold(bytes.len())?;
        let added = self.sought(&handle)?.search.literal(&bytes);
        added.or_else(|why| invalid(why.to_string()))
    }

    fn regex(&mut self, handle: Resource<ContentsSearch>, pattern: String) -> Answer<()> {
        self.charge_bytes(Search::COMPILE_WORK)?;
        let search = &mut self.sought(&handle)?.search;
        let before = search.size();
        let added = search.regex(&pattern);
        let kept = search.size() - before;
        self.hold(kept)?;
        added.or_else(|why| invalid(why.to_string()))
    }

    fn next(&mut self, handle: Resource<ContentsSearch>, max: u32) -> Answer<Vec<Hit>> {
        let max = page_size(max)?;
        let sought = self.sought(&handle)?;
        let work = sought.search.work(&sought.contents, max);
        self.charge_bytes(usize::try_from(work).unwrap_or(usize::MAX))?;
        let sought = self.at_mut(&handle)?;
        match sought.search.next(&sought.contents, max) {
            Ok(hits) => Ok(hits
                .into_iter()
                .map(|hit| Hit {
                    pattern: hit.pattern,
                    entry: hit.entry,
                    offset: hit.offset,
                    length: hit.length,
                })
                .collect()),
            Err(why) => not_held(&why),
        }
    }

    fn drop(&mut self, handle: Resource<ContentsSearch>) -> Result<()> {
        self.take_back(handle)
    }
}
