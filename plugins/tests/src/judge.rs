//! What is wrong with one result.

use lockgate_plugin::pattern::{Pattern, glob_matches_any};
use lockgate_plugin::test_results::Configuration;
use lockgate_plugin::{Failure, Level, Report, Rule, brief};

use crate::result::{Results, Statement};
use crate::settings::{Configured, Suite, Warnings};
use crate::{FAILED_TESTS, MISSING_TEST, TOO_FEW_TESTS, Tests, WARNED_TESTS};

/// The most tests of one result that one rule names. Nobody reads further; what is left is summed up in
/// one more finding.
const MAX_NAMED: u32 = 100;

impl Tests {
    /// Adds what is wrong with one result, and counts it for each suite that it is of.
    pub(crate) fn judge(
        &self,
        statement: &Statement,
        results: &dyn Results,
        counted: &mut [u32],
        report: &mut Report,
    ) -> Result<(), Failure> {
        let warned = match self.warnings {
            Warnings::Deny => Level::Violation,
            Warnings::Warn => Level::Warning,
        };
        let outcome = results.outcome();
        // A document may say that all passed and list a test that failed: the worse of both counts.
        for (word, rule, level) in
            [("failed", FAILED_TESTS, Level::Violation), ("warned", WARNED_TESTS, warned)]
        {
            let listed = list(word, rule, level, statement, results, report)?;
            if listed == 0 && outcome == word {
                let message = format!("result `{}` says that the run {word}", statement.path);
                report
                    .finding(level, rule, message)
                    .expected("`passed`")
                    .found(word)
                    .on(&*statement.digest);
            }
        }
        if !matches!(&*outcome, "passed" | "warned" | "failed") {
            let message = format!("result `{}` has an outcome that is not known", statement.path);
            report
                .violation(FAILED_TESTS, message)
                .expected("`passed`")
                .found(brief(&format!("`{outcome}`")))
                .on(&*statement.digest);
        }
        let configurations = results.configurations()?;
        for (suite, counted) in self.suites.iter().zip(counted) {
            if suite.counts(statement, &configurations) {
                *counted += 1;
                self.judge_suite(suite, statement, results, report)?;
            }
        }
        Ok(())
    }

    fn judge_suite(
        &self,
        suite: &Suite,
        statement: &Statement,
        results: &dyn Results,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let (path, name) = (&statement.path, &suite.name);
        // What passed with a warning has passed, where warnings are no violation.
        let passed: &[&str] = match self.warnings {
            Warnings::Deny => &["passed"],
            Warnings::Warn => &["passed", "warned"],
        };
        for test in suite.required_tests.iter().flatten() {
            let mut is_listed = false;
            for outcome in passed {
                is_listed = is_listed || lists(results, outcome, test)?;
            }
            if !is_listed {
                let message =
                    format!("result `{path}` of the suite `{name}` lacks a required test");
                report
                    .violation(MISSING_TEST, message)
                    .about(test.text())
                    .expected("a test of this name that passed")
                    .found("none")
                    .on(&*statement.digest);
            }
        }
        if let Some(wanted) = suite.min_passed {
            let mut count = 0_u32;
            for outcome in passed {
                count = count.saturating_add(results.count(outcome)?);
            }
            if count < wanted {
                let message = format!(
                    "result `{path}` of the suite `{name}` lists too few tests that passed"
                );
                report
                    .violation(TOO_FEW_TESTS, message)
                    .about(name)
                    .expected(format!("at least {wanted}"))
                    .found(format!("{count}"))
                    .on(&*statement.digest);
            }
        }
        Ok(())
    }
}

impl Suite {
    /// Whether a result is one of the suite, by somebody whose word counts for it.
    fn counts(&self, statement: &Statement, configurations: &[Configuration]) -> bool {
        let is_counted = |signer| self.signers.as_ref().is_none_or(|all| all.contains(signer));
        let by = self.signers.is_none() || statement.signers.iter().any(is_counted);
        by && self.configuration.as_ref().is_none_or(|wanted| {
            configurations.iter().any(|configuration| wanted.is(configuration))
        })
    }

    /// What a result of it would be, for a finding.
    pub(crate) fn described(&self) -> String {
        let mut text = String::from("a result");
        if let Some(Configured { name, uri }) = &self.configuration {
            for (word, pattern) in [("configuration", name), ("configuration URI", uri)] {
                if let Some(pattern) = pattern {
                    text.push_str(&format!(", {word} `{}`", pattern.text()));
                }
            }
        }
        if let Some(signers) = &self.signers {
            text.push_str(&format!(", signed by one of `{}`", signers.join("`, `")));
        }
        text
    }
}

impl Configured {
    fn is(&self, configuration: &Configuration) -> bool {
        let is = |wanted: &Option<Pattern>, stated: &Option<String>| {
            let stated = stated.as_deref();
            wanted.as_ref().is_none_or(|it| stated.is_some_and(|stated| it.matches(stated)))
        };
        is(&self.name, &configuration.name) && is(&self.uri, &configuration.uri)
    }
}

/// Names the tests with an outcome, and returns how many there are.
fn list(
    outcome: &str,
    rule: Rule,
    level: Level,
    statement: &Statement,
    results: &dyn Results,
    report: &mut Report,
) -> Result<u32, Failure> {
    let count = results.count(outcome)?;
    let path = &statement.path;
    let mut named = 0;
    if count > 0 {
        results.names(outcome, &mut |name| {
            named += 1;
            let message = format!("result `{path}` lists a test that {outcome}");
            let finding = report.finding(level, rule, message);
            finding.about(brief(name)).expected("`passed`").found(format!("`{outcome}`"));
            finding.on(&*statement.digest);
            named < MAX_NAMED
        })?;
    }
    if count > named {
        let message = format!("result `{path}` lists {} further tests like these", count - named);
        report.finding(level, rule, message).on(&*statement.digest);
    }
    Ok(count)
}

/// Whether a test of this name, or one that the glob matches, is listed with an outcome. A name is no
/// place, so a glob may match any.
fn lists(results: &dyn Results, outcome: &str, test: &Pattern) -> Result<bool, Failure> {
    let glob = match test {
        Pattern::Exact(name) => return results.has(outcome, name),
        Pattern::Glob(glob) => glob,
    };
    let mut is_listed = false;
    results.names(outcome, &mut |name| {
        is_listed = glob_matches_any(glob, name);
        !is_listed
    })?;
    Ok(is_listed)
}
