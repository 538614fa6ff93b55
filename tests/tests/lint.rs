//! What is wrong with policies is told before there is an artifact.
#![forbid(unsafe_code)]
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read folders")]

use std::collections::BTreeSet;
use std::fs;

use lockgate_tests::{Ran, Workbench, golden, lockgate_command, root};
use serde_json::Value;

const BINARY: &str = env!("CARGO_BIN_EXE_lockgate-under-test");

/// A configuration with one stage and one policy.
fn bench(policy: &str) -> Workbench {
    let bench = Workbench::new(BINARY);
    bench.write(
        "lockgate.toml",
        format!("[stage.production]\n\n[[stage.production.policy]]\n{policy}"),
    );
    bench
}

#[test]
fn the_example_is_fine_and_says_what_each_policy_looks_at() {
    let bench = Workbench::with_release(BINARY);
    let ran = bench.run(&["lint", "--config=examples/release/lockgate.toml"]).exits(0);
    golden(&root().join("tests/golden/lint.txt"), &ran.stdout);
    let ran = bench.run(&["lint", "--config=examples/release/lockgate.toml", "-ojson"]).exits(0);
    let report = ran.json();
    assert_eq!(report["schema"], "lockgate.lint/v1");
    assert_eq!(report["sets"][0]["name"], "production");
    assert_eq!(report["sets"][0]["policies"][0]["name"], "sbom-readable");
    assert_eq!(report["sets"][0]["policies"][0]["capabilities"], serde_json::json!(["sbom"]));
}

#[test]
fn every_policy_set_that_comes_with_the_project_is_fine_alone() {
    let folder = root().join("policies");
    let mut sets: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path().into_os_string().into_string().unwrap())
        .filter(|path| path.ends_with(".toml"))
        .collect();
    sets.sort();
    assert!(sets.len() >= 2, "{sets:?}");
    let mut arguments = vec!["lint", "-ojson"];
    arguments.extend(sets.iter().map(String::as_str));
    let report = Workbench::new(BINARY).run(&arguments).exits(0).json();
    assert_eq!(report["config"]["digest"], Value::Null);
    assert_eq!(report["sets"].as_array().unwrap().len(), sets.len());
}

#[test]
fn settings_are_refused_for_stages_that_nobody_asked_for() {
    let bench = bench(
        "name = \"sbom\"\nplugin = \"builtin:sbom\"\nsettings = { banned = [\"left-pad\"] }\n",
    );
    let ran = bench.run(&["lint"]).exits(2);
    assert!(ran.stderr.contains("the settings of `sbom`, at `/banned/0`"), "{}", ran.stderr);
    assert!(ran.stderr.contains("pkg:npm/left-pad@1.3.0"), "{}", ran.stderr);
}

/// A plugin, settings that are wrong, where, and words of why; each is told with what would be right.
const WRONG: &[(&str, &str, &str, &str)] = &[
    ("signatures", "threshold = \"two\"", "/threshold", "string \"two\""),
    ("provenance", "builders = []", "/builders", "at least one"),
    (
        "provenance",
        "builders = [{ id = \"https://b\" }]",
        "/builders/0/signers",
        "at least one signer",
    ),
    ("sbom", "banned = [\"pkg:npm\"]", "/banned/0", "pkg:npm"),
    (
        "sbom",
        "banned = [{ purl = \"pkg:npm/a\", versions = \"<=>1\" }]",
        "/banned/0/versions",
        "<=>1",
    ),
    ("sbom", "licenses = { deny = [\"GPL 3\"] }", "/licenses/deny/0", "GPL 3"),
    ("sbom", "min-score = 101", "/min-score", "1 to 100"),
    ("vulnerabilities", "deny = { severity = \"high\" }", "/max-age", "is missing"),
    ("vulnerabilities", "max-age = \"1d\"\ndeny = { score = \"11\" }", "/deny/score", "11"),
    ("tests", "suites = [{ name = \"unit\", min-passed = -1 }]", "/suites/0/min-passed", "-1"),
    ("reproducible", "at-least = 1", "/organisations", "is missing"),
    ("immutability", "kubernetes = 7", "/kubernetes", "not `7`"),
    (
        "contents",
        "secrets = { patterns = [{ name = \"a\", regex = \"a(\" }] }",
        "/secrets/patterns/0/regex",
        "unclosed group",
    ),
    ("contents", "max-size = \"1GB\"", "/max-size", "1GB"),
    ("dependencies", "registries = \"npm\"", "/registries", "npm"),
    (
        "freeze",
        "windows = [{ from = \"2026-02-30T00:00:00Z\", until = \"2026-03-01T00:00:00Z\", reason = \"x\" }]",
        "/windows/0/from",
        "2026-02-30",
    ),
    (
        "freeze",
        "weekly = [{ from = \"freitag\", until = \"mon 08:00\", reason = \"x\" }]",
        "/weekly/0/from",
        "freitag",
    ),
    (
        "cel",
        "input = [\"sbom\"]\nrules = [{ code = \"a\", that = \"size(sbom\", message = \"m\" }]",
        "/rules/0/that",
        "column 10",
    ),
    (
        "cel",
        "input = [\"boms\"]\nrules = [{ code = \"a\", that = \"true\", message = \"m\" }]",
        "/input/0",
        "boms",
    ),
    ("rego", "input = [\"sbom\"]", "/entrypoints", "is missing"),
    ("rego", "input = [\"sbom\"]\nentrypoints = [\"main.deny\"]", "/entrypoints/0", "main.deny"),
    ("signatures", "quorum = 2", "/quorum", "not known"),
];

#[test]
fn settings_that_cannot_be_used_are_refused_by_lint_and_by_check_with_what_would_be_right() {
    let mut silent = Vec::new();
    for (plugin, settings, pointer, why) in WRONG {
        let policy = format!(
            "name = \"it\"\nplugin = \"builtin:{plugin}\"\n[stage.production.policy.settings]\n{settings}\n"
        );
        let bench = bench(&policy);
        bench.write("app", "an artifact");
        for arguments in [&["lint"][..], &["check", "app", "--stage=production"]] {
            let Ran { stderr, .. } = bench.run(arguments).exits(2);
            let is_there = stderr.contains(&format!("at `{pointer}`")) && stderr.contains(why);
            if !is_there {
                silent.push(format!("{plugin}: {settings}: {stderr}"));
            }
            if !stderr.contains("example")
                && !stderr.contains("a right ")
                && !stderr.contains("one of")
                && !stderr.contains("` is\n")
            {
                silent.push(format!("{plugin}: {settings}: {stderr}"));
            }
        }
    }
    assert!(silent.is_empty(), "nothing says what would be right:\n{}", silent.join("\n"));
}

#[test]
fn what_widens_the_gate_whatever_is_asked_is_listed() {
    let bench = bench("name = \"sbom\"\nplugin = \"builtin:sbom\"\neffect = \"advisory\"\n");
    let ran = bench.run(&["lint"]).exits(0);
    assert!(ran.stdout.contains("! no-required-policy: `production`"), "{}", ran.stdout);
}

#[test]
fn a_file_without_policies_and_a_configuration_without_stages_are_refused() {
    let bench = Workbench::new(BINARY);
    bench.write("lockgate.toml", "");
    let ran = bench.run(&["lint"]).exits(2);
    assert!(ran.stderr.contains("`lockgate.toml` has no stage"), "{}", ran.stderr);
    let ran = bench.run(&["lint", "lockgate.toml"]).exits(2);
    assert!(ran.stderr.contains("`lockgate.toml` has no `[[policy]]`"), "{}", ran.stderr);
    let ran = bench.run(&["lint", "nowhere.toml"]).exits(2);
    assert!(ran.stderr.contains("`nowhere.toml` does not exist"), "{}", ran.stderr);
}

#[test]
fn a_pin_holds_for_lint_too() {
    let bench = bench("name = \"sbom\"\nplugin = \"builtin:sbom\"\n");
    let pin = format!("--config-digest=sha256:{}", "0".repeat(64));
    let ran = bench.run(&["lint", &pin]).exits(2);
    assert!(ran.stderr.contains("is not the one that is pinned"), "{}", ran.stderr);
}

/// A report of one policy, as far as it matters.
fn recorded(states: &[(&str, &str)], findings: &[(&str, &str)]) -> String {
    let rules: Vec<_> = states
        .iter()
        .map(|(code, state)| serde_json::json!({ "code": code, "state": state }))
        .collect();
    let findings: Vec<_> = findings
        .iter()
        .map(|(code, level)| serde_json::json!({ "code": code, "level": level }))
        .collect();
    let policy =
        serde_json::json!({ "plugin": "builtin:signatures", "rules": rules, "findings": findings });
    serde_json::json!({ "schema": "lockgate.report/v1", "policies": [policy] }).to_string()
}

#[test]
fn a_rule_that_no_case_covers_is_refused() {
    let bench =
        bench("name = \"signed\"\nplugin = \"builtin:signatures\"\nsettings = { threshold = 1 }\n");
    let ran = bench.run(&["lint", "--cases=cases"]).exits(2);
    assert!(ran.stderr.contains("cannot read `cases`"), "{}", ran.stderr);
    bench.write("cases/a/notes.json", "{}");
    let ran = bench.run(&["lint", "--cases=cases"]).exits(2);
    assert!(ran.stderr.contains("there is no report in `cases`"), "{}", ran.stderr);
    bench.write("cases/a/report.json", "{\"schema\": \"lockgate.report/v1\"}");
    let ran = bench.run(&["lint", "--cases=cases"]).exits(2);
    assert!(
        ran.stderr.contains("`cases/a/report.json` says that it is a report"),
        "{}",
        ran.stderr
    );

    let report = bench.run(&["lint", "-ojson"]).exits(0).json();
    let rules = report["sets"][0]["policies"][0]["rules"].as_array().unwrap().clone();
    let codes: Vec<&str> = rules.iter().map(|rule| rule["code"].as_str().unwrap()).collect();
    let checked: Vec<_> = codes.iter().map(|&code| (code, "checked")).collect();
    let unchecked: Vec<_> = codes.iter().map(|&code| (code, "not-applicable")).collect();
    let found: Vec<_> = codes.iter().map(|&code| (code, "violation")).collect();
    let noted: Vec<_> = codes.iter().map(|&code| (code, "note")).collect();
    let (one, other) = ("cases/a/report.json", "cases/b/c/report.json");
    bench.write(one, recorded(&checked, &[]));
    bench.write(other, recorded(&checked, &noted));
    let ran = bench.run(&["lint", "--cases=cases"]).exits(2);
    for code in &codes {
        let told = format!("  the rule `{code}` of `builtin:signatures`: no case shows it finding");
        assert!(ran.stderr.contains(&told), "{}", ran.stderr);
    }
    bench.write(one, recorded(&unchecked, &[]));
    bench.write(other, recorded(&checked, &found));
    let ran = bench.run(&["lint", "--cases=cases"]).exits(2);
    assert!(ran.stderr.contains("no case shows it checked and finding nothing"), "{}", ran.stderr);
    bench.write(one, recorded(&checked, &[]));
    let _ = bench.run(&["lint", "--cases=cases"]).exits(0);
}

#[test]
fn every_rule_of_every_built_in_policy_has_a_case_that_passes_and_one_that_fails() {
    let config = root().join("tests/fixtures/lint/every-builtin.toml");
    let mut command = lockgate_command(BINARY, &root());
    command.args(["lint", "--cases=tests/cases", "-ojson"]).arg(config);
    let ran = Ran::of(command.output().unwrap()).exits(0);
    let report = ran.json();
    let policies = report["sets"][0]["policies"].as_array().unwrap();
    let named: BTreeSet<&str> = policies.iter().map(|p| p["plugin"].as_str().unwrap()).collect();
    let all: BTreeSet<String> =
        lockgate_builtins::ALL.iter().map(|builtin| format!("builtin:{}", builtin.name)).collect();
    assert_eq!(named, all.iter().map(String::as_str).collect());
}
