//! Plugins that misbehave: refused when they are loaded, or withheld; never a crash, never allowed.
#![forbid(unsafe_code)]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests set up files"
)]

use lockgate_tests::{Ran, Workbench, policy_of_wat};
use serde_json::Value;

const BINARY: &str = env!("CARGO_BIN_EXE_lockgate-under-test");

/// The guest in `plugins/hostile`, which does what its setting says.
const HOSTILE: &str = env!("HOSTILE_WASM");

/// Runs one required policy over the example release's evidence.
fn judge_with(plugin: &[u8], more: &str) -> Ran {
    let bench = Workbench::with_release(BINARY);
    bench.write("examples/release/plugin.wasm", plugin);
    let config = "examples/release/lockgate.toml";
    let text = bench.read(config);
    let (trust, _) = text.split_once("[stage.staging]").unwrap();
    let policy = format!(
        "{trust}\n[[stage.production.policy]]\nname = \"odd\"\nplugin = \"./plugin.wasm\"\n{more}\n"
    );
    bench.write(config, policy);
    bench.check_release(&[])
}

fn hostile(mode: &str, more: &str) -> Ran {
    let component = std::fs::read(HOSTILE).unwrap();
    judge_with(&component, &format!("settings = {{ mode = \"{mode}\" }}\n{more}"))
}

/// The reason for which the opinion is withheld, from a run that is undecided.
fn withheld(ran: Ran) -> String {
    let report = ran.exits(3).json();
    assert_eq!(report["outcome"], "undecided");
    let policy = &report["policies"][0];
    assert_eq!(policy["opinion"], "withheld");
    assert_eq!(policy["findings"], serde_json::json!([]));
    assert_eq!(report["reasons"][0]["code"], "policy-withheld");
    policy["reason"].as_str().unwrap().to_owned()
}

fn wat(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap()
}

#[test]
fn a_plugin_that_is_no_component_is_a_configuration_error() {
    let ran = judge_with(b"#!/bin/sh\nexit 0\n", "").exits(2);
    assert!(ran.stderr.contains("is not a WebAssembly component"), "{}", ran.stderr);
    assert!(ran.stderr.contains("plugin = \"./plugin.wasm\""), "{}", ran.stderr);
    let ran = judge_with(&wat("(module)"), "").exits(2);
    assert!(ran.stderr.contains("not a component"), "{}", ran.stderr);
    let ran = judge_with(b"", "").exits(2);
    assert!(ran.stderr.contains("is not a WebAssembly component"), "{}", ran.stderr);
}

#[test]
fn a_component_that_is_no_policy_is_a_configuration_error() {
    let ran = judge_with(&wat("(component)"), "").exits(2);
    assert!(ran.stderr.contains("exports no `lockgate:policy/plugin`"), "{}", ran.stderr);
}

#[test]
fn an_import_from_elsewhere_is_refused_by_name() {
    let wants_files = wat(r#"(component (import "wasi:filesystem/types@0.2.6" (instance)))"#);
    let ran = judge_with(&wants_files, "").exits(2);
    assert!(ran.stderr.contains("imports `wasi:filesystem/types@0.2.6`"), "{}", ran.stderr);
    let newer = wat(r#"(component (import "lockgate:policy/sbom@0.9.0" (instance)))"#);
    let ran = judge_with(&newer, "").exits(2);
    assert!(ran.stderr.contains("this host serves `lockgate:policy` 0.1.0"), "{}", ran.stderr);
}

#[test]
fn a_plugin_that_is_not_there_is_a_configuration_error() {
    let bench = Workbench::with_release(BINARY);
    bench.replace("examples/release/lockgate.toml", "builtin:provenance", "./nowhere.wasm");
    let ran = bench.check_release(&[]).exits(2);
    assert!(ran.stderr.contains("`./nowhere.wasm` does not exist"), "{}", ran.stderr);
}

#[test]
fn settings_that_the_plugin_refuses_are_a_configuration_error() {
    let ran = hostile("no-such-mode", "").exits(2);
    assert!(ran.stderr.contains("the settings of `odd`"), "{}", ran.stderr);
    assert!(ran.stderr.contains("examples/release/lockgate.toml"), "{}", ran.stderr);
}

#[test]
fn a_trap_withholds() {
    assert_eq!(withheld(hostile("trap", "")), "trapped in `evaluate`: it panicked or aborted");
}

#[test]
fn an_endless_loop_spends_its_fuel() {
    let reason = withheld(hostile("loop", "limits = { fuel = 1_000_000 }"));
    assert_eq!(reason, "spent its fuel in `evaluate`: 1000000; `limits.fuel` raises it");
    // With the fuel that a plugin has by default, too.
    assert!(withheld(hostile("loop", "")).starts_with("spent its fuel"));
}

#[test]
fn a_short_deadline_ends_what_fuel_does_not() {
    let limits = "limits = { fuel = 1_000_000_000_000, deadline = \"500ms\" }";
    let reason = withheld(hostile("loop", limits));
    assert_eq!(
        reason,
        "spent its deadline in `evaluate`: 500 milliseconds; `limits.deadline` raises it"
    );
}

#[test]
fn endless_recursion_spends_its_stack() {
    let component = policy_of_wat(include_str!("wat/recurses-in-describe.wat"));
    let reason = withheld(judge_with(&component, ""));
    assert_eq!(reason, "spent its stack in `describe`: 524288 bytes, the same for all plugins");
    // A Rust guest keeps a stack of its own in its memory, and runs out of that first.
    assert!(withheld(hostile("recurse", "")).starts_with("trapped in `evaluate`"));
}

#[test]
fn endless_growth_spends_its_memory() {
    let reason = withheld(hostile("memory", "limits = { memory = \"8MiB\" }"));
    assert_eq!(reason, "spent its memory in `evaluate`: 8388608 bytes; `limits.memory` raises it");
    assert!(withheld(hostile("memory", "")).starts_with("spent its memory"));
}

#[test]
fn ten_million_findings_are_not_cut_short_but_withheld() {
    let reason = withheld(hostile("findings", ""));
    assert!(reason.starts_with("spent its "), "{reason}");
    // Given all the memory it wants, it is the findings that are too many, or too large.
    let much = "limits = { memory = \"2GiB\", fuel = 100_000_000_000, deadline = \"60s\" }";
    let reason = withheld(hostile("findings", much));
    let expected = ["spent its output", "spent its findings"];
    assert!(expected.iter().any(|budget| reason.starts_with(budget)), "{reason}");
}

#[test]
fn a_finding_of_megabytes_spends_its_output() {
    assert!(withheld(hostile("big-finding", "")).starts_with("spent its output in `evaluate`"));
}

#[test]
fn calls_handles_and_logs_are_counted() {
    assert!(withheld(hostile("host-calls", "")).starts_with("spent its host-calls"));
    assert!(withheld(hostile("handles", "")).starts_with("spent its handles"));
    assert!(withheld(hostile("log-flood", "")).starts_with("spent its log"));
    let little = "limits = { host-work = 1 }";
    assert!(withheld(hostile("pass", little)).starts_with("spent its host-work"));
}

#[test]
fn an_account_that_is_not_total_withholds() {
    let no_rules = withheld(hostile("no-rules", ""));
    assert!(no_rules.starts_with("it does not account for "), "{no_rules}");
    let undeclared = withheld(hostile("undeclared-code", ""));
    assert!(undeclared.contains("does not declare"), "{undeclared}");
    let twice = withheld(hostile("twice", ""));
    assert!(twice.contains("twice"), "{twice}");
    let blind = withheld(hostile("nothing-read", ""));
    assert_eq!(blind, "it passes without having looked at a single fact");
    let error = withheld(hostile("error", ""));
    assert!(error.starts_with("it could not judge: "), "{error}");
}

#[test]
fn evidence_that_was_not_declared_is_not_handed_out() {
    let reason = withheld(hostile("undeclared-kind", ""));
    assert!(reason.to_lowercase().contains("undeclared"), "{reason}");
    let reason = withheld(hostile("bad-page", ""));
    assert!(reason.contains("1 to 256"), "{reason}");
}

#[test]
fn terminal_escapes_never_reach_the_report() {
    let report = hostile("escapes", "").exits(1);
    for hostile in ['\u{1b}', '\r', '\u{202e}', '\u{9b}'] {
        assert!(!report.stdout.contains(hostile), "{hostile:?}");
    }
    assert!(
        !report.stdout.contains("\\u001b") && !report.stdout.contains("\\r"),
        "{}",
        report.stdout
    );
    let finding = &report.json()["policies"][0]["findings"][0];
    assert_eq!(finding["level"], "violation");
}

#[test]
fn an_opinion_that_is_not_applicable_has_to_be_allowed() {
    let report = hostile("all-not-applicable", "").exits(1).json();
    assert_eq!(report["policies"][0]["opinion"], "not-applicable");
    assert_eq!(report["reasons"][0]["code"], "policy-not-applicable");
    let report = hostile("all-not-applicable", "allow-not-applicable = true").exits(0).json();
    let codes: Vec<&Value> =
        report["relaxations"].as_array().unwrap().iter().map(|r| &r["code"]).collect();
    assert_eq!(codes, ["config-unpinned", "not-applicable-allowed", "time-overridden"]);
}

#[test]
fn an_advisory_policy_is_reported_and_denies_nothing() {
    for (mode, opinion) in [("fail", "fail"), ("trap", "withheld"), ("loop", "withheld")] {
        let bench = Workbench::with_release(BINARY);
        bench.write("examples/release/plugin.wasm", std::fs::read(HOSTILE).unwrap());
        let config = "examples/release/lockgate.toml";
        let advisory = format!(
            "{}\n[[stage.production.policy]]\nname = \"odd\"\nplugin = \"./plugin.wasm\"\n\
             effect = \"advisory\"\nsettings = {{ mode = \"{mode}\" }}\n",
            bench.read(config)
        );
        bench.write(config, advisory);
        let report = bench.check_release(&[]).exits(0).json();
        let policies = report["policies"].as_array().unwrap();
        let odd = policies.iter().find(|policy| policy["name"] == "odd").unwrap();
        assert_eq!(odd["opinion"], opinion, "{mode}");
    }
    // A stage that has nothing else says so.
    let report = hostile("fail", "effect = \"advisory\"").exits(0).json();
    assert_eq!(report["relaxations"][1]["code"], "no-required-policy");
}

#[test]
fn two_files_that_spell_a_plugin_alike_have_each_their_own() {
    let bench = Workbench::with_release(BINARY);
    bench.write("examples/release/a/check.wasm", std::fs::read(HOSTILE).unwrap());
    bench.write("examples/release/b/check.wasm", "not wasm at all");
    let config = "examples/release/lockgate.toml";
    let policy = |name: &str| {
        format!(
            "[[policy]]\nname = \"{name}\"\nplugin = \"./check.wasm\"\nsettings = {{ mode = \"pass\" }}\n"
        )
    };
    bench.write("examples/release/a/set.toml", policy("a"));
    bench.write("examples/release/b/set.toml", policy("b"));
    bench.replace(
        config,
        "[\"../../policies/baseline.toml\"]\n\n# What is true",
        "[\"a/set.toml\", \"b/set.toml\"]\n\n# What is true",
    );
    let ran = bench.check_release(&[]).exits(2);
    assert!(ran.stderr.contains("is not a WebAssembly component"), "{}", ran.stderr);
    assert!(ran.stderr.contains("b/set.toml"), "{}", ran.stderr);
    bench.write("examples/release/b/check.wasm", std::fs::read(HOSTILE).unwrap());
    drop(bench.check_release(&[]).exits(0));
}

#[test]
fn denied_counts_before_undecided() {
    let bench = Workbench::with_release(BINARY);
    bench.write("examples/release/plugin.wasm", std::fs::read(HOSTILE).unwrap());
    let config = "examples/release/lockgate.toml";
    let policy = |name: &str, mode: &str| {
        format!(
            "\n[[stage.production.policy]]\nname = \"{name}\"\nplugin = \"./plugin.wasm\"\n\
             settings = {{ mode = \"{mode}\" }}\n"
        )
    };
    bench.write(config, bench.read(config) + &policy("a", "trap") + &policy("b", "fail"));
    let report = bench.check_release(&[]).exits(1).json();
    let codes: Vec<&Value> =
        report["reasons"].as_array().unwrap().iter().map(|r| &r["code"]).collect();
    assert_eq!(codes, ["policy-failed", "policy-withheld"]);
}

#[test]
fn a_trap_in_describe_withholds() {
    let component = policy_of_wat(include_str!("wat/traps-in-describe.wat"));
    let reason = withheld(judge_with(&component, ""));
    assert_eq!(reason, "trapped in `describe`: it panicked or aborted");
}

#[test]
fn a_start_function_that_loops_spends_its_fuel() {
    let component = policy_of_wat(include_str!("wat/loops-at-start.wat"));
    let reason = withheld(judge_with(&component, "limits = { fuel = 1_000_000 }"));
    assert_eq!(reason, "spent its fuel in `start`: 1000000; `limits.fuel` raises it");
}
