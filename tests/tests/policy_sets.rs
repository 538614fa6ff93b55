//! A policy set can make a stage stricter than it is by itself, and never laxer.
#![forbid(unsafe_code)]

use lockgate_tests::{Ran, Workbench};
use serde_json::Value;

const BINARY: &str = env!("CARGO_BIN_EXE_lockgate-under-test");

const CONFIG: &str = "examples/release/lockgate.toml";

/// The example release, whose set for every stage begins with these lines.
fn release(lines: &str) -> Workbench {
    let bench = Workbench::with_release(BINARY);
    let set = bench.read("policies/baseline.toml");
    bench.write("policies/baseline.toml", format!("{lines}\n{set}"));
    bench
}

fn codes<'a>(report: &'a Value, list: &str) -> Vec<&'a str> {
    let list = report[list].as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(|entry| entry["code"].as_str()).collect()
}

#[test]
fn what_a_set_expects_the_stage_expects() {
    let _ = release("expects = [{ kind = \"sbom\" }]").check_release(&[]).exits(0);
    let bench = release("expects = [{ kind = \"svr\" }]");
    let report = bench.check_release(&[]).exits(1).json();
    assert_eq!(codes(&report, "reasons"), ["missing-evidence"]);
    assert!(report["reasons"][0]["message"].as_str().is_some_and(|text| text.contains("`svr`")));
}

#[test]
fn a_set_forbids_relaxations_whatever_the_stage_says() {
    let bench = release("relaxations = \"forbidden\"");
    let report = bench.check_release(&[]).exits(1).json();
    assert!(codes(&report, "reasons").contains(&"relaxation-forbidden"));
    bench.replace(
        CONFIG,
        "[stage.production]\n",
        "[stage.production]\nrelaxations = \"allowed\"\n",
    );
    let report = bench.check_release(&[]).exits(1).json();
    assert!(codes(&report, "reasons").contains(&"relaxation-forbidden"));
    // And it lifts nothing that the stage forbids.
    let bench = release("relaxations = \"allowed\"");
    bench.replace(
        CONFIG,
        "[stage.production]\n",
        "[stage.production]\nrelaxations = \"forbidden\"\n",
    );
    let report = bench.check_release(&[]).exits(1).json();
    assert!(codes(&report, "reasons").contains(&"relaxation-forbidden"));
}

#[test]
fn what_a_set_may_not_say_is_refused_where_it_stands() {
    for (lines, told) in [
        ("accept = { sbom = \"unsigned\" }", "unknown key `accept`"),
        (
            "expects = [{ kind = \"sbom\", signer = \"nobody\" }]",
            "does not name the signer `nobody`",
        ),
        (
            "expects = [{ kind = \"sbom\", select = \"latest\" }, { kind = \"sbom\", select = \"any\" }]",
            "`sbom` is selected from twice in one stage",
        ),
        ("relaxations = \"some\"", "relaxations are not `some`"),
    ] {
        let Ran { stderr, .. } = release(lines).check_release(&[]).exits(2);
        assert!(stderr.contains(told), "{lines}: {stderr}");
        assert!(stderr.contains("policies/baseline.toml:1:"), "{lines}: {stderr}");
    }
    // Alone a set knows no signers.
    let bench = release("expects = [{ kind = \"sbom\", signer = \"nobody\" }]");
    let _ = bench.run(&["lint", "policies/baseline.toml"]).exits(0);
    let bench = release("relaxations = \"some\"");
    let _ = bench.run(&["lint", "policies/baseline.toml"]).exits(2);
}
