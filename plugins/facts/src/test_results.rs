//! `tests`.

use lockgate_plugin::Failure;
use lockgate_plugin::test_results::{self, Configuration as Stated, Run};
use serde_json::Value;

use crate::caps::{Caps, Meter};
use crate::sbom::unreadable;
use crate::shape::{Configuration, TestResult, head};

/// Every result of tests.
pub(crate) fn documents(caps: &Caps) -> Result<Value, Failure> {
    let mut meter = Meter::new("tests", caps);
    let mut rows = Vec::new();
    for document in test_results::documents() {
        let document = document?;
        meter.rows(1)?;
        let head = head!(document);
        let run = document.open().map_err(|refusal| unreadable(&head.path, &refusal.into()))?;
        let configuration = |stated: Stated| Configuration {
            name: stated.name,
            uri: stated.uri,
            sha256: stated.sha256,
        };
        let mut names = |outcome| listed(&run, outcome, &mut meter);
        let (passed, warned, failed) = (names("passed")?, names("warned")?, names("failed")?);
        rows.push(meter.row(&TestResult {
            head,
            outcome: run.outcome(),
            url: run.url(),
            configurations: run.configurations()?.into_iter().map(configuration).collect(),
            passed,
            warned,
            failed,
        })?);
    }
    Ok(Value::Array(rows))
}

/// The names of the tests that a document lists with an outcome.
fn listed(run: &Run, outcome: &str, meter: &mut Meter<'_>) -> Result<Vec<String>, Failure> {
    meter.rows(u64::from(run.count(outcome)?))?;
    test_results::names(run, outcome).collect()
}
