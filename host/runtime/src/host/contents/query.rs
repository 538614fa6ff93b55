//! Questions about the entries of an archive.

use lockgate_evidence::contents::{Glob, Narrowing, Search};
use wasmtime::Result;
use wasmtime::component::Resource;

use super::super::asked::Asked;
use super::super::{Answer, invalid};
use super::search::ContentsSearch;
use crate::bindings::lockgate::policy::contents::{Entry, HostQuery};
use crate::state::State;

/// Behind the resource `query`.
pub type ContentsQuery = Asked<Narrowing>;

impl HostQuery for State {
    fn path(&mut self, handle: Resource<ContentsQuery>, glob: String) -> Answer<()> {
        self.narrow_by(&handle, &glob)?;
        self.charge_bytes(Search::COMPILE_WORK)?;
        match Glob::new(&glob) {
            Ok(glob) => self.narrow_to(&handle, Narrowing::Path(glob)),
            Err(why) => invalid(why.to_string()),
        }
    }

    fn kind(&mut self, handle: Resource<ContentsQuery>, kind: String) -> Answer<()> {
        let narrowed = self.narrow_by(&handle, &kind)?;
        match kind.parse() {
            Ok(kind) => narrowed.query.narrow(Narrowing::Kind(kind)),
            Err(_) => return invalid(format!("`{kind}` is not a kind of entry")),
        }
        Ok(())
    }

    fn size_at_least(&mut self, handle: Resource<ContentsQuery>, bytes: u64) -> Answer<()> {
        self.narrow_by(&handle, "")?.query.narrow(Narrowing::SizeAtLeast(bytes));
        Ok(())
    }

    fn mode_any(&mut self, handle: Resource<ContentsQuery>, bits: u32) -> Answer<()> {
        self.narrow_by(&handle, "")?.query.narrow(Narrowing::ModeAny(bits));
        Ok(())
    }

    fn count(&mut self, handle: Resource<ContentsQuery>) -> Result<u32> {
        self.counted(&handle)
    }

    fn next(&mut self, handle: Resource<ContentsQuery>, max: u32) -> Answer<Vec<Entry>> {
        let (contents, rows) = self.next_rows(&handle, max)?;
        let all = contents.entries();
        let found = rows.into_iter().filter_map(|id| Some((id, all.get(id as usize)?)));
        Ok(found.map(|(id, entry)| State::entry(self, id, entry)).collect::<Result<_>>()?)
    }

    fn search(&mut self, handle: Resource<ContentsQuery>) -> Result<Resource<ContentsSearch>> {
        let asked = self.asked(&handle)?;
        let work = asked.query.work(&asked.index);
        self.charge_rows(work)?;
        let asked = self.at_mut(&handle)?;
        let contents = std::sync::Arc::clone(&asked.index);
        let search = Search::new(&asked.query, &contents);
        self.hold(search.size())?;
        self.hand_out(ContentsSearch { contents, search })
    }

    fn drop(&mut self, handle: Resource<ContentsQuery>) -> Result<()> {
        self.take_back(handle)
    }
}
