//! `contents`: files inside the artifact.

mod query;
mod search;

use std::sync::Arc;

use lockgate_evidence::contents::{Contents, Entry, NotHeld, Search};
use wasmtime::Result;
use wasmtime::component::Resource;

pub use query::ContentsQuery;
pub use search::ContentsSearch;

use super::{Answer, MAX_SLICE, NoAnswer, count_of, invalid, malformed, out_of_range};
use crate::bindings::lockgate::policy::contents::{
    Ambiguity, Entry as WitEntry, Host, HostArchive,
};
use crate::budget::Capped;
use crate::state::State;

/// Behind the resource `archive`.
#[derive(Clone)]
pub struct Archive(Arc<Contents>);

impl Host for State {
    fn open(&mut self) -> Answer<Resource<Archive>> {
        let question = self.question()?;
        self.scoped("contents")?;
        self.reads.contents = true;
        match &question.contents {
            Some(Ok(contents)) => Ok(self.hand_out(Archive(Arc::clone(contents)))?),
            Some(Err(why)) => malformed(why.to_string()),
            // The host looks inside where the scope of a policy of the run holds it, and this one's does.
            None => Err(wasmtime::Error::msg("the artifact was not looked into").into()),
        }
    }

    fn check_regex(&mut self, pattern: String) -> Answer<()> {
        self.enter()?;
        self.charge_bytes(Search::COMPILE_WORK)?;
        Search::check_regex(&pattern).or_else(|why| invalid(why.to_string()))
    }
}

impl State {
    fn archive(&mut self, handle: &Resource<Archive>) -> Result<Arc<Contents>> {
        self.enter()?;
        Ok(Self::at(self, handle)?.0)
    }

    fn within(&mut self, handle: &Resource<Archive>, id: u32) -> Answer<Arc<Contents>> {
        let contents = self.archive(handle)?;
        match contents.entry(id) {
            Ok(_) => Ok(contents),
            Err(why) => out_of_range(why.to_string()),
        }
    }

    /// A row as it crosses, charged.
    fn entry(&mut self, id: u32, entry: &Entry) -> Result<WitEntry> {
        let path = self.text(&entry.path)?;
        let kind = self.text(entry.kind.as_str())?;
        Ok(WitEntry { id, path, kind, size: entry.size })
    }
}

/// What is there and not held, because of a cap or because nobody here can read it, ends the plugin by
/// name: it may not go on as if there were nothing.
fn not_held<T>(why: &NotHeld) -> Answer<T> {
    match why {
        NotHeld::NotAFile { .. } => invalid(why.to_string()),
        NotHeld::NoEntry { .. } => out_of_range(why.to_string()),
        _ => Err(NoAnswer::Trapped(Capped(why.to_string()).into())),
    }
}

impl HostArchive for State {
    fn format(&mut self, handle: Resource<Archive>) -> Result<String> {
        let contents = self.archive(&handle)?;
        self.text(contents.format())
    }

    fn ambiguities(&mut self, handle: Resource<Archive>) -> Answer<Vec<Ambiguity>> {
        let contents = self.archive(&handle)?;
        let found = contents.ambiguities().iter().map(|ambiguity| {
            Ok(Ambiguity {
                code: self.text(ambiguity.code.as_str())?,
                path: ambiguity.path.as_deref().map(|path| self.text(path)).transpose()?,
                detail: self.text(&ambiguity.detail)?,
            })
        });
        Ok(found.collect::<Result<_>>()?)
    }

    fn entry_count(&mut self, handle: Resource<Archive>) -> Result<u32> {
        Ok(count_of(self.archive(&handle)?.entries().len()))
    }

    fn entry(&mut self, handle: Resource<Archive>, id: u32) -> Answer<WitEntry> {
        let contents = self.within(&handle, id)?;
        match contents.entry(id) {
            Ok(entry) => Ok(State::entry(self, id, entry)?),
            Err(why) => not_held(&why),
        }
    }

    fn mode(&mut self, handle: Resource<Archive>, id: u32) -> Answer<Option<u32>> {
        let contents = self.within(&handle, id)?;
        Ok(contents.entry(id).ok().and_then(|entry| entry.mode))
    }

    fn owner(&mut self, handle: Resource<Archive>, id: u32) -> Answer<Option<(u64, u64)>> {
        let contents = self.within(&handle, id)?;
        Ok(contents.entry(id).ok().and_then(|entry| entry.owner))
    }

    fn link_target(&mut self, handle: Resource<Archive>, id: u32) -> Answer<Option<String>> {
        let contents = self.within(&handle, id)?;
        let target = contents.entry(id).ok().and_then(|entry| entry.link_target.as_deref());
        Ok(target.map(|target| self.text(target)).transpose()?)
    }

    fn layer(&mut self, handle: Resource<Archive>, id: u32) -> Answer<Option<String>> {
        let contents = self.within(&handle, id)?;
        let layer = contents.entry(id).ok().and_then(|entry| entry.layer);
        Ok(layer.map(|digest| digest.to_string()))
    }

    fn digest(&mut self, handle: Resource<Archive>, id: u32) -> Answer<Option<String>> {
        let contents = self.within(&handle, id)?;
        match contents.digest(id) {
            Ok(digest) => Ok(Some(digest.to_string())),
            Err(NotHeld::NotAFile { .. }) => Ok(None),
            Err(why) => not_held(&why),
        }
    }

    fn read(
        &mut self,
        handle: Resource<Archive>,
        id: u32,
        offset: u64,
        max: u32,
    ) -> Answer<Vec<u8>> {
        let contents = self.within(&handle, id)?;
        if !(1..=MAX_SLICE).contains(&max) {
            return out_of_range(format!(
                "a slice has 1 to {MAX_SLICE} bytes, and {max} were asked for"
            ));
        }
        let bytes = match contents.bytes(id) {
            Ok(bytes) => bytes,
            Err(why) => return not_held(&why),
        };
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
        let slice = &bytes[start..bytes.len().min(start.saturating_add(max as usize))];
        self.charge_bytes(slice.len())?;
        Ok(slice.to_vec())
    }

    fn query(&mut self, handle: Resource<Archive>) -> Result<Resource<ContentsQuery>> {
        let contents = self.archive(&handle)?;
        self.hand_out(ContentsQuery::all(contents))
    }

    fn drop(&mut self, handle: Resource<Archive>) -> Result<()> {
        self.take_back(handle)
    }
}
