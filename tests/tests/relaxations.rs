//! Stages that forbid relaxations: through the binary.
#![forbid(unsafe_code)]
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests set up files")]

use lockgate_tests::{Gate, Ran, Workbench};
use serde_json::Value;

const BINARY: &str = env!("CARGO_BIN_EXE_lockgate-under-test");
const CONFIG: &str = "examples/release/lockgate.toml";

/// The guest in `plugins/hostile`, which does what its setting says.
const HOSTILE: &str = env!("HOSTILE_WASM");

/// A moment that is not now.
const AT: &str = "--at=2026-10-02T00:00:00Z";

/// The example release, whose production says this of relaxations.
fn release(relaxations: &str) -> Workbench {
    let bench = Workbench::with_release(BINARY);
    let line = format!("[stage.production]\nrelaxations = {relaxations}\n");
    bench.replace(CONFIG, "[stage.production]\n", &line);
    bench
}

/// `check` for production, now, as JSON, with more arguments behind.
fn check(bench: &Workbench, more: &[&str]) -> Ran {
    let arguments = ["check", "examples/release/app.tar.gz", "--config", CONFIG, "-ojson"];
    let stage = ["--evidence=examples/release/evidence", "--stage=production"];
    bench.run(&[&arguments[..], &stage, more].concat())
}

/// The argument that pins the configuration as it is.
fn pin(bench: &Workbench) -> String {
    let ran = bench.run(&["evidence", "examples/release/app.tar.gz", "--config", CONFIG, "-ojson"]);
    format!("--config-digest={}", ran.exits(0).json()["config"]["digest"].as_str().unwrap())
}

fn codes<'a>(report: &'a Value, list: &str) -> Vec<&'a str> {
    let list = report[list].as_array().unwrap();
    list.iter().map(|entry| entry["code"].as_str().unwrap()).collect()
}

#[test]
fn relaxations_are_allowed_unless_the_stage_forbids_them() {
    let report = check(&Workbench::with_release(BINARY), &[AT]).exits(0).json();
    assert_eq!(codes(&report, "relaxations"), ["config-unpinned", "time-overridden"]);
    let report = check(&release("\"allowed\""), &[AT]).exits(0).json();
    assert_eq!(codes(&report, "relaxations"), ["config-unpinned", "time-overridden"]);
}

#[test]
fn a_configuration_that_is_not_pinned_may_be_forbidden_and_a_pin_satisfies() {
    let bench = release("\"forbidden\"");
    let report = check(&bench, &[]).exits(1).json();
    assert_eq!(report["outcome"], "denied");
    assert_eq!(codes(&report, "relaxations"), ["config-unpinned"]);
    assert_eq!(codes(&report, "reasons"), ["relaxation-forbidden"]);
    assert_eq!(
        report["reasons"][0]["message"],
        "the stage allows no relaxation, and there is `config-unpinned`: `lockgate.toml` is taken \
         as it lies there, so whoever can change it decides what opens the gate; \
         `--config-digest` pins it"
    );
    // The policies were asked, so that whoever reads the report sees all of it.
    for policy in report["policies"].as_array().unwrap() {
        assert_eq!(policy["opinion"], "pass");
    }
    let report = check(&bench, &[&pin(&bench)]).exits(0).json();
    assert_eq!(codes(&report, "relaxations"), [""; 0]);
}

#[test]
fn another_moment_than_now_may_be_forbidden() {
    let bench = release("\"forbidden\"");
    let report = check(&bench, &[AT, &pin(&bench)]).exits(1).json();
    assert_eq!(codes(&report, "reasons"), ["relaxation-forbidden"]);
    let message = report["reasons"][0]["message"].as_str().unwrap();
    assert!(message.contains("`time-overridden`: `2026-10-02T00:00:00Z`"), "{message}");
}

#[test]
fn another_moment_is_one_that_is_more_than_five_minutes_from_now() {
    // Half a minute is left for a slow machine.
    for (minutes, half, is_another) in
        [(0, 0, false), (4, 30, false), (-4, -30, false), (5, 30, true), (-5, -30, true)]
    {
        let gate = Gate::new(BINARY, "{}", "sbom").holding("unsigned.json", &"{}");
        let away = jiff::SignedDuration::from_secs(minutes * 60 + half);
        let at = jiff::Timestamp::now() + away;
        let arguments = ["check", "app", "--stage=production", "--config=lockgate.toml", "-ojson"];
        let at = format!("--at={at:.0}");
        let report = gate.bench.run(&[&arguments[..], &[&at]].concat()).exits(1).json();
        let is_told = codes(&report, "relaxations").contains(&"time-overridden");
        assert_eq!(is_told, is_another, "{minutes}:{half}");
    }
}

#[test]
fn every_relaxation_is_a_reason_of_its_own() {
    let bench = release("\"forbidden\"");
    bench.replace(CONFIG, "for  = [\"provenance\"]", "");
    bench.replace(CONFIG, "for  = [\"vulnerabilities\", \"vex\"]", "");
    let report = check(&bench, &[AT]).exits(1).json();
    assert_eq!(codes(&report, "reasons"), ["relaxation-forbidden"; 4]);
    let reasons = report["reasons"].as_array().unwrap();
    for named in ["`builder`", "`security`", "`config-unpinned`", "`time-overridden`"] {
        let naming = |reason: &&Value| reason["message"].as_str().unwrap().contains(named);
        assert_eq!(reasons.iter().filter(naming).count(), 1, "{named}: {reasons:#?}");
    }
    // Two signers are two things to mend.
    let report = check(&bench, &[&pin(&bench)]).exits(1).json();
    assert_eq!(codes(&report, "relaxations"), ["unscoped-signer"; 2]);
    assert_eq!(codes(&report, "reasons"), ["relaxation-forbidden"; 2]);
}

#[test]
fn what_only_the_policies_and_their_opinions_show_is_forbidden_too() {
    for (policy, code) in [
        (
            "settings = { mode = \"all-not-applicable\" }\nallow-not-applicable = true",
            "not-applicable-allowed",
        ),
        ("settings = { mode = \"pass\" }\neffect = \"advisory\"", "no-required-policy"),
    ] {
        let judged = |relaxations: &str| {
            let bench = Workbench::with_release(BINARY);
            bench.write("examples/release/odd.wasm", std::fs::read(HOSTILE).unwrap());
            let text = bench.read(CONFIG);
            let (trust, _) = text.split_once("[stage.staging]").unwrap();
            let stage = format!("[stage.production]\nrelaxations = \"{relaxations}\"");
            let entry = "[[stage.production.policy]]\nname = \"odd\"\nplugin = \"./odd.wasm\"";
            bench.write(CONFIG, format!("{trust}{stage}\n{entry}\n{policy}\n"));
            let pin = pin(&bench);
            check(&bench, &[&pin])
        };
        let report = judged("allowed").exits(0).json();
        assert_eq!(codes(&report, "relaxations"), [code]);
        let report = judged("forbidden").exits(1).json();
        assert_eq!(codes(&report, "reasons"), ["relaxation-forbidden"]);
        let message = report["reasons"][0]["message"].as_str().unwrap();
        assert!(message.contains(&format!("there is `{code}`: ")), "{message}");
    }
}

#[test]
fn a_forbidden_relaxation_denies_where_the_gate_was_undecided_and_adds_to_what_denies() {
    let bench = release("\"forbidden\"");
    std::fs::remove_file(bench.path("examples/release/evidence/vex.sigstore.json")).unwrap();
    let report = check(&bench, &[]).exits(1).json();
    assert_eq!(codes(&report, "reasons"), ["missing-evidence", "relaxation-forbidden"]);

    let bench = release("\"forbidden\"");
    bench.replace(
        CONFIG,
        "plugin = \"builtin:provenance\"",
        "plugin = \"builtin:provenance\"\nlimits = { fuel = 1 }",
    );
    let report = check(&bench, &[]).exits(1).json();
    assert_eq!(codes(&report, "reasons"), ["policy-withheld", "relaxation-forbidden"]);
    drop(check(&bench, &[&pin(&bench)]).exits(3));
}

#[test]
fn what_is_neither_allowed_nor_forbidden_is_a_configuration_error() {
    let ran = check(&release("\"Forbidden\""), &[]).exits(2);
    assert!(ran.stderr.contains("relaxations are not `Forbidden`"), "{}", ran.stderr);
    assert!(ran.stderr.contains("they are `allowed` or `forbidden`"), "{}", ran.stderr);
    let ran = check(&release("false"), &[]).exits(2);
    assert!(
        ran.stderr.contains("`relaxations` in [stage.production] is a string"),
        "{}",
        ran.stderr
    );
}
