//! What the policy says about results.

use lockgate_plugin::test_results::Configuration;
use lockgate_plugin::{Failure, Report, from_json};

use super::*;
use crate::result::Results;

/// A result of tests without a host.
#[derive(Default)]
struct Fake {
    outcome: &'static str,
    configuration: Vec<(&'static str, &'static str)>,
    passed: Vec<String>,
    warned: Vec<String>,
    failed: Vec<String>,
}

impl Fake {
    fn listed(&self, outcome: &str) -> Result<&[String], Failure> {
        match outcome {
            "passed" => Ok(&self.passed),
            "warned" => Ok(&self.warned),
            "failed" => Ok(&self.failed),
            other => Err(format!("`{other}` is no outcome").into()),
        }
    }
}

impl Results for Fake {
    fn outcome(&self) -> String {
        self.outcome.into()
    }

    fn configurations(&self) -> Result<Vec<Configuration>, Failure> {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let all = self.configuration.iter();
        let all = all.map(|&(name, uri)| Configuration {
            name: some(name),
            uri: some(uri),
            sha256: None,
        });
        Ok(all.collect())
    }

    fn count(&self, outcome: &str) -> Result<u32, Failure> {
        Ok(u32::try_from(self.listed(outcome)?.len()).unwrap())
    }

    fn has(&self, outcome: &str, name: &str) -> Result<bool, Failure> {
        Ok(self.listed(outcome)?.iter().any(|listed| listed == name))
    }

    fn names(&self, outcome: &str, more: &mut dyn FnMut(&str) -> bool) -> Result<(), Failure> {
        for name in self.listed(outcome)? {
            if !more(name) {
                break;
            }
        }
        Ok(())
    }
}

fn passed(tests: &[&str]) -> Fake {
    let passed = tests.iter().map(|&test| test.to_owned()).collect();
    Fake { outcome: "passed", passed, ..Fake::default() }
}

/// The whole report on results, each with who signed it.
fn report(settings: &str, results: &[(&str, Fake)]) -> Report {
    let policy = from_json::<Tests>(settings).unwrap();
    let mut report = Report::new();
    let mut counted = vec![0; policy.suites.len()];
    for (index, (signer, result)) in results.iter().enumerate() {
        let statement = Statement {
            path: format!("{index}.json"),
            digest: format!("sha256:{index}"),
            signers: if signer.is_empty() { Vec::new() } else { vec![(*signer).to_owned()] },
        };
        policy.judge(&statement, result, &mut counted, &mut report).unwrap();
    }
    policy.account(&counted, &mut report);
    report
}

/// The findings alone.
fn found(settings: &str, results: &[(&str, Fake)]) -> String {
    let report = report(settings, results).to_string();
    let is_finding = |line: &&str| line.starts_with("violation") || line.starts_with("warning");
    report.lines().filter(is_finding).map(|line| format!("{line}\n")).collect()
}

const UNIT: &str = r#"{ "suites": [{ "name": "unit" }] }"#;

#[test]
fn a_result_that_passed_is_enough_for_a_suite_that_asks_no_more() {
    assert_eq!(
        report(UNIT, &[("ci", passed(&[]))]).to_string(),
        "checked missing-suite\n\
         checked failed-tests\n\
         checked warned-tests\n\
         checked unreadable-result\n\
         not applicable missing-test: `required-tests` is not set in the settings\n\
         not applicable too-few-tests: `min-passed` is not set in the settings\n"
    );
}

#[test]
fn a_suite_of_which_there_is_no_result_is_missing() {
    let missing = "violation missing-suite [unit]: there is no result that counts for the suite \
                   `unit`\n";
    assert_eq!(found(UNIT, &[]), missing);
    let by_ci = r#"{ "suites": [{ "name": "unit", "signers": ["ci", "qa"] }] }"#;
    assert_eq!(found(by_ci, &[("dev", passed(&[])), ("", passed(&[]))]), missing);
    assert_eq!(found(by_ci, &[("dev", passed(&[])), ("qa", passed(&[]))]), "");
}

#[test]
fn a_result_is_of_a_suite_by_one_of_its_configurations() {
    let settings = r#"{ "suites": [{
        "name": "unit",
        "configuration": { "name": "unit", "uri": { "glob": "https://acme.example/*.yml" } }
    }] }"#;
    let configured = |configuration: &[(&'static str, &'static str)]| Fake {
        configuration: configuration.to_vec(),
        ..passed(&[])
    };
    let unit = ("unit", "https://acme.example/unit.yml");
    assert_eq!(found(settings, &[("ci", configured(&[("e2e", ""), unit]))]), "");
    for other in [
        &[][..],
        &[("unit", "")],
        &[("", "https://acme.example/unit.yml")],
        // Name and URI have to be those of one configuration.
        &[("unit", "https://evil.example"), ("e2e", "https://acme.example/unit.yml")],
        &[("unit", "https://acme.example/evil/unit.yml")],
    ] {
        let found = found(settings, &[("ci", configured(other))]);
        assert!(found.starts_with("violation missing-suite [unit]"), "{other:?}: {found}");
    }
}

#[test]
fn whatever_failed_fails_even_where_another_passed_or_no_suite_is_meant() {
    let settings = r#"{ "suites": [{ "name": "unit", "signers": ["ci"] }] }"#;
    let failed = |outcome, failed: &[&str]| Fake {
        outcome,
        failed: failed.iter().map(|&test| test.to_owned()).collect(),
        ..Fake::default()
    };
    assert_eq!(
        found(settings, &[("ci", passed(&["a"])), ("dev", failed("failed", &[]))]),
        "violation failed-tests: result `1.json` says that the run failed\n"
    );
    for outcome in ["failed", "passed", "warned"] {
        let found = found(settings, &[("ci", failed(outcome, &["a", "b"]))]);
        let lines = "violation failed-tests [a]: result `0.json` lists a test that failed\n\
                     violation failed-tests [b]: result `0.json` lists a test that failed\n";
        assert!(found.starts_with(lines), "{found}");
    }
    assert_eq!(
        found(settings, &[("ci", failed("skipped", &[]))]),
        "violation failed-tests: result `0.json` has an outcome that is not known\n"
    );
}

#[test]
fn after_a_hundred_tests_that_failed_the_rest_are_counted() {
    let failed = (0..130).map(|number| format!("t{number}")).collect();
    let found = found(UNIT, &[("ci", Fake { outcome: "failed", failed, ..Fake::default() })]);
    assert_eq!(found.lines().count(), 101);
    assert!(found.ends_with("result `0.json` lists 30 further tests like these\n"), "{found}");
}

#[test]
fn warnings_are_violations_unless_the_settings_say_otherwise() {
    let warned = || Fake { outcome: "warned", warned: vec!["a".into()], ..Fake::default() };
    let bare = || Fake { outcome: "warned", ..Fake::default() };
    let message = "warned-tests [a]: result `0.json` lists a test that warned\n";
    assert_eq!(found(UNIT, &[("ci", warned())]), format!("violation {message}"));
    assert_eq!(
        found(UNIT, &[("ci", bare())]),
        "violation warned-tests: result `0.json` says that the run warned\n"
    );
    let warn = |more: &str| {
        format!(r#"{{ "suites": [{{ "name": "unit", {more} }}], "warnings": "warn" }}"#)
    };
    let settings = warn(r#""required-tests": ["a"], "min-passed": 1"#);
    assert_eq!(found(&settings, &[("ci", warned())]), format!("warning {message}"));
    // Where they are violations, they have not passed either.
    let settings = settings.replace(r#""warn""#, r#""deny""#);
    let found = found(&settings, &[("ci", warned())]);
    assert!(found.contains("violation missing-test [a]"), "{found}");
    assert!(found.contains("violation too-few-tests [unit]"), "{found}");
}

#[test]
fn required_tests_have_to_be_listed_as_passed() {
    let settings = r#"{ "suites": [{ "name": "unit",
        "required-tests": ["log in", { "glob": "payment::*" }, { "glob": "a *" }] }] }"#;
    assert_eq!(found(settings, &[("ci", passed(&["log in", "payment::card", "a test [x]"]))]), "");
    let missing = |test| {
        format!(
            "violation missing-test [{test}]: result `0.json` of the suite `unit` lacks a required \
             test\n"
        )
    };
    let found = found(settings, &[("ci", passed(&["log in twice", "payment", "a/b"]))]);
    assert_eq!(found, ["log in", "payment::*", "a *"].map(missing).concat());
}

#[test]
fn every_result_of_a_suite_has_to_list_enough_tests() {
    let settings = r#"{ "suites": [{ "name": "unit", "min-passed": 2 }] }"#;
    assert_eq!(found(settings, &[("ci", passed(&["a", "b"]))]), "");
    assert_eq!(
        found(settings, &[("ci", passed(&["a", "b"])), ("ci", passed(&["a"]))]),
        "violation too-few-tests [unit]: result `1.json` of the suite `unit` lists too few tests \
         that passed\n"
    );
}

#[test]
fn a_result_that_cannot_be_read_is_a_violation() {
    let statement = Statement { path: "x".into(), digest: "sha256:0".into(), signers: vec![] };
    let mut report = Report::new();
    unreadable(&statement, &"it lacks `result`".into(), &mut report);
    assert_eq!(
        report.to_string(),
        "violation unreadable-result: result `x` cannot be read: it lacks `result`\n"
    );
}

#[test]
fn findings_say_what_would_have_been_right_and_on_what_they_rest() {
    let settings = r#"{ "suites": [
        { "name": "unit", "min-passed": 2 },
        { "name": "e2e", "configuration": { "name": "e2e" }, "signers": ["ci"] }
    ] }"#;
    let report = report(settings, &[("ci", passed(&["a"]))]);
    let said: Vec<_> = report
        .findings()
        .iter()
        .map(|finding| {
            let text = |text: &Option<String>| text.clone().unwrap_or_default();
            (text(&finding.expected), text(&finding.found), finding.evidence.join(" "))
        })
        .collect();
    assert_eq!(
        said,
        [
            ("at least 2".into(), "1".into(), "sha256:0".into()),
            (
                "a result, configuration `e2e`, signed by one of `ci`".into(),
                "no such result".into(),
                String::new()
            ),
        ]
    );
}
