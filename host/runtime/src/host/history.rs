//! `history`: earlier decisions, and what stages run.

use wasmtime::Result;
use wasmtime::component::Resource;

use super::{Answer, count_of, page_of};
use crate::bindings::lockgate::policy::history::{Host, HostDecision};
use crate::question::{Decided, Question};
use crate::state::State;

/// Behind the resource `decision`.
#[derive(Clone)]
pub struct Decision(Decided);

impl Host for State {
    fn count(&mut self) -> Result<u32> {
        Ok(count_of(self.remembered()?.history.decisions.len()))
    }

    fn page(&mut self, start: u32, max: u32) -> Answer<Vec<Resource<Decision>>> {
        let question = self.remembered()?;
        let all = &question.history.decisions;
        let page = page_of(all.len(), start, max)?;
        self.charge_rows(page.len())?;
        let decisions = all[page].iter().cloned();
        Ok(decisions.map(|decided| self.hand_out(Decision(decided))).collect::<Result<_>>()?)
    }

    fn runs(&mut self, stage: String) -> Result<Option<String>> {
        let question = self.remembered()?;
        self.charge_bytes(stage.len())?;
        let stage = stage.parse().ok();
        let runs = stage.and_then(|stage| question.history.runs.get(&stage));
        Ok(runs.map(ToString::to_string))
    }
}

impl State {
    /// What is asked, with history noted as read.
    fn remembered(&mut self) -> Result<std::sync::Arc<Question>> {
        let question = self.question()?;
        if !self.may_read("history") {
            return Err(wasmtime::Error::msg("asked for history, which its settings do not"));
        }
        self.reads.history = true;
        Ok(question)
    }

    fn decided(&mut self, handle: &Resource<Decision>) -> Result<Decided> {
        self.enter()?;
        // The resource has a function of the same name.
        Ok(State::at(self, handle)?.0)
    }
}

impl HostDecision for State {
    fn stage(&mut self, handle: Resource<Decision>) -> Result<String> {
        let decided = self.decided(&handle)?;
        self.text(decided.stage.as_str())
    }

    fn outcome(&mut self, handle: Resource<Decision>) -> Result<String> {
        let decided = self.decided(&handle)?;
        self.text(decided.outcome.as_str())
    }

    fn at(&mut self, handle: Resource<Decision>) -> Result<i64> {
        Ok(self.decided(&handle)?.at.unix())
    }

    fn drop(&mut self, handle: Resource<Decision>) -> Result<()> {
        self.take_back(handle)
    }
}
