//! A result of tests, as the policy asks it: the host's, or one of a test.

use lockgate_plugin::Failure;
use lockgate_plugin::test_results::{Configuration, Document, Run, names};

/// What the host says about a document, beside its contents.
#[derive(Debug)]
pub(crate) struct Statement {
    pub(crate) path: String,
    pub(crate) digest: String,
    pub(crate) signers: Vec<String>,
}

/// What a document says. Outcomes are `passed`, `warned` and `failed`.
pub(crate) trait Results {
    /// How the run ended.
    fn outcome(&self) -> String;

    /// What it was configured by.
    fn configurations(&self) -> Result<Vec<Configuration>, Failure>;

    /// How many tests are listed with an outcome.
    fn count(&self, outcome: &str) -> Result<u32, Failure>;

    /// Whether a test is listed with an outcome.
    fn has(&self, outcome: &str, name: &str) -> Result<bool, Failure>;

    /// Hands over the names of the tests that are listed with an outcome, until `more` wants no more.
    fn names(&self, outcome: &str, more: &mut dyn FnMut(&str) -> bool) -> Result<(), Failure>;
}

impl Statement {
    pub(crate) fn read(document: &Document) -> Self {
        Self { path: document.path(), digest: document.digest(), signers: document.signers() }
    }
}

impl Results for Run {
    fn outcome(&self) -> String {
        self.outcome()
    }

    fn configurations(&self) -> Result<Vec<Configuration>, Failure> {
        Ok(self.configurations()?)
    }

    fn count(&self, outcome: &str) -> Result<u32, Failure> {
        Ok(self.count(outcome)?)
    }

    fn has(&self, outcome: &str, name: &str) -> Result<bool, Failure> {
        Ok(self.has(outcome, name)?)
    }

    fn names(&self, outcome: &str, more: &mut dyn FnMut(&str) -> bool) -> Result<(), Failure> {
        for name in names(self, outcome) {
            if !more(&name?) {
                break;
            }
        }
        Ok(())
    }
}
