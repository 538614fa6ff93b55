//! Questions about rows, as guests hold them: what is kept of one is bounded, and every answer is paid
//! for before it is looked for.

use std::sync::Arc;

use lockgate_evidence::{Narrowing, Query};
use wasmtime::Result;
use wasmtime::component::Resource;

use super::{Answer, out_of_range, page_size};
use crate::state::State;

/// The longest text that a question narrows by: the longest package URLs seen have some hundreds
/// of bytes.
const MAX_NARROWING: usize = 4 << 10;

/// What a narrowing takes beside its text, about.
const NARROWING_BYTES: usize = 64;

/// The most narrowings of one question: there are a dozen kinds, and few are of use twice.
const MAX_NARROWINGS: usize = 64;

/// A question, and the rows that it is about. Behind the resources `query`.
pub struct Asked<N: Narrowing> {
    pub(super) index: Arc<N::Index>,
    pub(super) query: Query<N>,
}

impl<N: Narrowing> Asked<N> {
    pub(super) fn all(index: Arc<N::Index>) -> Self {
        Self { index, query: Query::all() }
    }
}

impl State {
    pub(super) fn asked<N: Narrowing + 'static>(
        &mut self,
        handle: &Resource<Asked<N>>,
    ) -> Result<&mut Asked<N>> {
        self.enter()?;
        self.at_mut(handle)
    }

    /// A question that is about to be narrowed by a text. What the host keeps of it is bounded: the
    /// guest's own memory is not where it lies.
    pub(super) fn narrow_by<N: Narrowing + 'static>(
        &mut self,
        handle: &Resource<Asked<N>>,
        text: &str,
    ) -> Answer<&mut Asked<N>> {
        self.charge_bytes(text.len())?;
        if text.len() > MAX_NARROWING {
            return out_of_range(format!("{} bytes, and {MAX_NARROWING} are compared", text.len()));
        }
        self.hold(NARROWING_BYTES + text.len())?;
        let asked = self.asked(handle)?;
        if asked.query.width() >= MAX_NARROWINGS {
            return out_of_range(format!("a question has {MAX_NARROWINGS} narrowings at the most"));
        }
        Ok(asked)
    }

    /// Narrows a question, and counts what the host keeps of that.
    pub(super) fn narrow_to<N: Narrowing + 'static>(
        &mut self,
        handle: &Resource<Asked<N>>,
        narrowing: N,
    ) -> Answer<()> {
        self.hold(narrowing.size())?;
        self.at_mut(handle)?.query.narrow(narrowing);
        Ok(())
    }

    /// How many rows a question covers.
    pub(super) fn counted<N: Narrowing + 'static>(
        &mut self,
        handle: &Resource<Asked<N>>,
    ) -> Result<u32> {
        let asked = self.asked(handle)?;
        let work = asked.query.work(&asked.index);
        self.charge_rows(work)?;
        let asked = self.at_mut(handle)?;
        Ok(asked.query.count(&asked.index))
    }

    /// The numbers of the next rows that a question covers.
    pub(super) fn next_rows<N: Narrowing + 'static>(
        &mut self,
        handle: &Resource<Asked<N>>,
        max: u32,
    ) -> Answer<(Arc<N::Index>, Vec<u32>)> {
        let max = page_size(max)?;
        let asked = self.asked(handle)?;
        let work = asked.query.work(&asked.index);
        self.charge_rows(work)?;
        let asked = self.at_mut(handle)?;
        let rows = asked.query.next(&asked.index, max);
        Ok((Arc::clone(&asked.index), rows))
    }
}
