//! Which suites of tests have to have passed.
//!
//! The host has verified who signed each result and that it is about this artifact. Of every suite
//! that the settings name a result has to be there, each that counts for it has to satisfy it, and no
//! result at all may have failed: a good one cannot hide a bad one.
#![forbid(unsafe_code)]

mod judge;
mod result;
mod settings;

use lockgate_plugin::{
    Description, Failure, Policy, Problem, Report, Rule, test_results::documents,
};

use crate::result::Statement;
pub use crate::settings::{Configured, Settings, Suite, Warnings};

/// Of each suite there must be a result that counts.
pub const MISSING_SUITE: Rule = Rule {
    code: "missing-suite",
    title: "There is a result of every required suite of tests",
    remediation: "Run the suite on the artifact, have the result signed by one of the suite's \
                  signers, and deliver it with the evidence.",
};

/// No test may have failed.
pub const FAILED_TESTS: Rule = Rule {
    code: "failed-tests",
    title: "No test failed",
    remediation: "Make the test pass, build the artifact anew, and test that.",
};

/// No test may have passed with a warning, or it is told.
pub const WARNED_TESTS: Rule = Rule {
    code: "warned-tests",
    title: "No test passed with a warning only",
    remediation: "Look at the warning and remove its cause, or set `warnings` to \"warn\".",
};

/// The tests of `required-tests` must be listed as passed.
pub const MISSING_TEST: Rule = Rule {
    code: "missing-test",
    title: "Every required test is listed as passed",
    remediation: "Run the test as a part of the suite, or correct its name in `required-tests`.",
};

/// As many tests as `min-passed` says must be listed as passed.
pub const TOO_FEW_TESTS: Rule = Rule {
    code: "too-few-tests",
    title: "Enough tests are listed as passed",
    remediation: "Find out which tests did not run, and run them; or lower `min-passed`.",
};

/// Every result must be one that can be read.
pub const UNREADABLE_RESULT: Rule = Rule {
    code: "unreadable-result",
    title: "Every result of tests can be read",
    remediation: "Have the result stated as in-toto's `test-result` predicate, version 0.1.",
};

/// The policy.
#[derive(Debug)]
pub struct Tests {
    suites: Vec<Suite>,
    warnings: Warnings,
}

impl Policy for Tests {
    type Settings = Settings;

    const DESCRIPTION: Description = Description {
        name: "tests",
        version: env!("CARGO_PKG_VERSION"),
        rules: &[
            MISSING_SUITE,
            FAILED_TESTS,
            WARNED_TESTS,
            MISSING_TEST,
            TOO_FEW_TESTS,
            UNREADABLE_RESULT,
        ],
        settings_schema: include_str!("../settings.schema.json"),
        needs: &["test-result"],
        uses: &[],
    };

    fn new(settings: Settings) -> Result<Self, Vec<Problem>> {
        let problems = settings.problems();
        if !problems.is_empty() {
            return Err(problems);
        }
        let warnings = settings.warnings.unwrap_or(Warnings::Deny);
        Ok(Self { suites: settings.suites, warnings })
    }

    fn evaluate(&self) -> Result<Report, Failure> {
        let mut report = Report::new();
        let mut counted = vec![0; self.suites.len()];
        for document in documents() {
            let document = document?;
            let statement = Statement::read(&document);
            match document.open() {
                Ok(run) => self.judge(&statement, &run, &mut counted, &mut report)?,
                Err(why) => unreadable(&statement, &Failure::from(why), &mut report),
            }
        }
        self.account(&counted, &mut report);
        Ok(report)
    }
}

/// It is the document that does not say how the tests ended, so it is the document that fails.
fn unreadable(statement: &Statement, why: &Failure, report: &mut Report) {
    let message = format!("result `{}` cannot be read: {why}", statement.path);
    report.violation(UNREADABLE_RESULT, message).on(&*statement.digest);
}

impl Tests {
    /// Every rule was applied to every result, and every suite was looked for.
    fn account(&self, counted: &[u32], report: &mut Report) {
        for (suite, _) in self.suites.iter().zip(counted).filter(|(_, count)| **count == 0) {
            let message = format!("there is no result that counts for the suite `{}`", suite.name);
            report
                .violation(MISSING_SUITE, message)
                .about(&suite.name)
                .expected(suite.described())
                .found("no such result");
        }
        for rule in [MISSING_SUITE, FAILED_TESTS, WARNED_TESTS, UNREADABLE_RESULT] {
            report.checked(rule);
        }
        for (rule, key, is_set) in [
            (
                MISSING_TEST,
                "required-tests",
                self.suites.iter().any(|it| it.required_tests.is_some()),
            ),
            (TOO_FEW_TESTS, "min-passed", self.suites.iter().any(|it| it.min_passed.is_some())),
        ] {
            match is_set {
                true => report.checked(rule),
                false => report.not_applicable(rule, format!("`{key}` is not set in the settings")),
            }
        }
    }
}

lockgate_plugin::export!(Tests);

#[cfg(test)]
mod tests;
