//! SARIF keeps the official schema, and nothing that shuts the gate is missing in it.

use std::collections::BTreeSet;
use std::fs;
use std::sync::LazyLock;

use jsonschema::Validator;
use lockgate_tests::root;
use serde_json::Value;

/// The schema of SARIF 2.1.0 with its errata, by OASIS.
static SCHEMA: LazyLock<Validator> = LazyLock::new(|| {
    let path = root().join("tests/fixtures/reports/sarif-schema-2.1.0.json");
    let schema: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
});

/// Holds one log against the schema, and against what the schema cannot say.
pub(crate) fn check(text: &str, report: &Value) -> Value {
    let log: Value = serde_json::from_str(text).unwrap();
    let errors: Vec<String> =
        SCHEMA.iter_errors(&log).map(|it| format!("{}: {it}", it.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let ids: BTreeSet<&str> = rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), rules.len(), "rules have ids of their own");
    let results = run["results"].as_array().unwrap();
    let mut prints = BTreeSet::new();
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(prints.insert(result["partialFingerprints"].to_string()), "{result:#}");
        let message = result["message"]["text"].as_str().unwrap();
        assert!(!is_link(message), "SARIF sees a link in {message}");
        let artifacts = run["artifacts"].as_array().unwrap();
        for location in result["relatedLocations"].as_array().into_iter().flatten() {
            let place = &location["physicalLocation"]["artifactLocation"];
            let index = usize::try_from(place["index"].as_u64().unwrap()).unwrap();
            assert_eq!(artifacts[index]["location"]["uri"], place["uri"]);
        }
    }
    let findings = report["policies"].as_array().unwrap().iter();
    let findings = findings.map(|policy| policy["findings"].as_array().unwrap().len());
    let reasons = report["reasons"].as_array().unwrap().iter();
    let reasons = reasons.filter(|reason| reason["code"] != "policy-failed").count();
    let relaxations = report["relaxations"].as_array().unwrap().len();
    assert_eq!(results.len(), findings.sum::<usize>() + reasons + relaxations);
    let errors = results.iter().filter(|result| result["level"] == "error").count();
    assert_eq!(errors == 0, report["outcome"] == "allowed", "errors if and only if it is shut");
    let invocation = &run["invocations"][0];
    assert_eq!(invocation["exitCode"], report["exit"]);
    let withheld = report["policies"].as_array().unwrap().iter();
    let withheld = withheld.filter(|policy| policy["opinion"] == "withheld").count();
    assert_eq!(invocation["toolExecutionNotifications"].as_array().unwrap().len(), withheld);
    assert!(withheld == 0 || invocation["executionSuccessful"] == false);
    log
}

/// Whether a bracket that makes a link is not escaped.
fn is_link(message: &str) -> bool {
    message.match_indices("](").any(|(at, _)| !message[..at].ends_with('\\'))
}
