//! `tests`: results of tests.

use std::sync::Arc;

use lockgate_evidence::test_result::TestRun;
use lockgate_model::Kind;
use wasmtime::Result;
use wasmtime::component::Resource;

use super::document;
use super::{Answer, count_of, invalid, malformed, page_of};
use crate::bindings::lockgate::policy::tests::{Configuration, Host, HostDocument, HostRun};
use crate::state::State;

document::handle! {
    /// Behind the resource `document`.
    TestDocument
}

/// Behind the resource `run`.
#[derive(Clone)]
pub struct TestResult(Arc<TestRun>);

impl Host for State {
    document::pages!(TestDocument, Kind::TestResult);
}

impl State {
    fn test_run(&mut self, handle: &Resource<TestResult>) -> Result<Arc<TestRun>> {
        self.enter()?;
        Ok(Self::at(self, handle)?.0)
    }
}

/// The tests that a document lists with a result.
fn listed<'r>(run: &'r TestRun, outcome: &str) -> Answer<&'r [String]> {
    match outcome.parse() {
        Ok(outcome) => Ok(run.names(outcome)),
        Err(_) => invalid(format!("`{outcome}` is none of `passed`, `warned` and `failed`")),
    }
}

impl HostDocument for State {
    document::answers!(TestDocument);

    fn open(&mut self, handle: Resource<TestDocument>) -> Answer<Resource<TestResult>> {
        let fact = self.document(&handle)?;
        // As for the other indexes: read once a run, paid for each time it is opened.
        self.charge_bytes(fact.get().predicate_bytes().len())?;
        match fact.get().test_run() {
            Ok(run) => Ok(self.hand_out(TestResult(Arc::clone(run)))?),
            Err(why) => malformed(why.to_string()),
        }
    }
}

impl HostRun for State {
    fn outcome(&mut self, handle: Resource<TestResult>) -> Result<String> {
        let run = self.test_run(&handle)?;
        self.text(&run.outcome)
    }

    fn url(&mut self, handle: Resource<TestResult>) -> Result<Option<String>> {
        let run = self.test_run(&handle)?;
        run.url.as_deref().map(|url| self.text(url)).transpose()
    }

    fn configurations(&mut self, handle: Resource<TestResult>) -> Answer<Vec<Configuration>> {
        let run = self.test_run(&handle)?;
        let mut optional = |text: Option<&str>| text.map(|text| self.text(text)).transpose();
        let configurations = run.configurations.iter().map(|configuration| {
            Ok(Configuration {
                name: optional(configuration.name.as_deref())?,
                uri: optional(configuration.uri.as_deref())?,
                sha256: optional(configuration.sha256())?,
            })
        });
        Ok(configurations.collect::<Result<_>>()?)
    }

    fn count(&mut self, handle: Resource<TestResult>, outcome: String) -> Answer<u32> {
        let run = self.test_run(&handle)?;
        Ok(count_of(listed(&run, &outcome)?.len()))
    }

    fn names(
        &mut self,
        handle: Resource<TestResult>,
        outcome: String,
        start: u32,
        max: u32,
    ) -> Answer<Vec<String>> {
        let run = self.test_run(&handle)?;
        let listed = listed(&run, &outcome)?;
        let page = page_of(listed.len(), start, max)?;
        Ok(listed[page].iter().map(|name| self.text(name)).collect::<Result<_>>()?)
    }

    fn has(&mut self, handle: Resource<TestResult>, outcome: String, name: String) -> Answer<bool> {
        let run = self.test_run(&handle)?;
        self.charge_bytes(name.len())?;
        let listed = listed(&run, &outcome)?;
        self.charge_rows(listed.len().checked_ilog2().unwrap_or(0) as usize + 1)?;
        Ok(listed.binary_search(&name).is_ok())
    }

    fn drop(&mut self, handle: Resource<TestResult>) -> Result<()> {
        self.take_back(handle)
    }
}
