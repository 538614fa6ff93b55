//! Every folder in `examples/rego`: existing Rego gives the findings that stand beside it.
//!
//! An example has the form of a case, with `expected.txt` in place of a report: what matters of one,
//! or where the configuration is refused, what is told. `UPDATE_GOLDEN=1` writes it.
#![forbid(unsafe_code)]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests read folders"
)]

use std::fmt::Write as _;
use std::fs;

use lockgate_tests::{Case, Ran, golden, root};
use serde_json::Value;

#[test]
fn every_example_gives_its_expected_findings() {
    let mut folders: Vec<_> =
        fs::read_dir(root().join("examples/rego")).unwrap().map(|e| e.unwrap().path()).collect();
    folders.sort();
    assert!(folders.len() >= 14, "only {} examples", folders.len());
    for folder in folders {
        println!("{}", folder.display());
        let ran = Case::read(&folder).run(env!("CARGO_BIN_EXE_lockgate-under-test"));
        golden(&folder.join("expected.txt"), &told(&ran));
    }
}

/// What a run says of its rules.
fn told(ran: &Ran) -> String {
    if ran.exit == Some(2) {
        return ran.stderr.clone();
    }
    let report = ran.json();
    let mut text = format!("{}\n", text(&report["outcome"]));
    for policy in report["policies"].as_array().unwrap() {
        writeln!(text, "{}: {}", self::text(&policy["name"]), self::text(&policy["opinion"]))
            .unwrap();
        if let Some(reason) = policy["reason"].as_str() {
            writeln!(text, "  {reason}").unwrap();
        }
        for finding in policy["findings"].as_array().unwrap() {
            let (level, code) = (self::text(&finding["level"]), self::text(&finding["code"]));
            let about = finding["about"].as_str().map(|about| format!(" [{about}]"));
            let about = about.unwrap_or_default();
            writeln!(text, "  {level} {code}{about}: {}", self::text(&finding["message"])).unwrap();
            if let Some(expected) = finding["expected"].as_str() {
                writeln!(text, "    expected: {expected}").unwrap();
            }
            // That of the rule is the same everywhere.
            let own = policy["rules"].as_array().unwrap().iter().all(|rule| {
                rule["code"] != finding["code"] || rule["remediation"] != finding["remediation"]
            });
            if own {
                writeln!(text, "    what to do: {}", self::text(&finding["remediation"])).unwrap();
            }
        }
    }
    for relaxation in report["relaxations"].as_array().unwrap() {
        if relaxation["code"] == "policy-exception" {
            let (about, message) = (&relaxation["about"], &relaxation["message"]);
            writeln!(text, "policy-exception {}: {}", self::text(about), self::text(message))
                .unwrap();
        }
    }
    text
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}
