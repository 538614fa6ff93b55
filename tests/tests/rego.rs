//! `builtin:rego` through the whole program: what is refused before it runs, and what ends it.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, reason = "tests")]

use lockgate_tests::Gate;

const BINARY: &str = env!("CARGO_BIN_EXE_lockgate-under-test");

/// A gate whose one policy has this module as a data file.
fn gate(module: &str, settings: &str) -> Gate {
    let policy = format!(
        "\n[[stage.production.policy]]\nname = \"rules\"\nplugin = \"builtin:rego\"\n\
         data = {{ main = \"policy/main.rego\" }}\nsettings = {settings}\n"
    );
    let gate = Gate::with(BINARY, &policy);
    gate.bench.write("policy/main.rego", module);
    gate
}

const MAIN: &str = "{ modules = [\"main\"], entrypoints = [\"data.main\"] }";

#[test]
fn the_component_is_under_two_and_a_half_megabytes() {
    let rego = lockgate_builtins::builtin("rego").unwrap();
    assert!(rego.component.len() < 2_500_000, "{} bytes", rego.component.len());
}

#[test]
fn a_module_that_does_not_parse_is_refused_with_its_place() {
    let gate = gate("package main\n\ndeny[msg] { msg := 1 }\n", MAIN);
    let ran = gate.check(&[]).exits(2);
    assert!(
        ran.stderr.contains(
            "the settings of `rules`, at `/modules/0`: `main`, line 3, column 11: `if` keyword is \
             required before rule body; version 1 writes `deny contains msg if { … }`; for modules \
             of version 0 set rego-version = \"v0\""
        ),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_file_that_is_not_handed_over_is_told_with_how_to_do_that() {
    let settings = "{ modules = [\"main\", \"lib\"], entrypoints = [\"data.main\"] }";
    let gate = gate("package main\ndeny contains \"a\" if input.stage == \"x\"", settings);
    let ran = gate.check(&[]).exits(2);
    assert!(
        ran.stderr.contains(
            "at `/modules/1`: there is no data file `lib`: the policy file hands it over beside the \
             settings, for example data = { lib = \"policy/lib.rego\" }"
        ),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_rule_that_does_not_end_spends_a_budget_and_withholds() {
    for rule in [
        "f(x) := f(x + 1)\ndeny contains \"a\" if f(time.now_ns()) == 2",
        "deny contains \"a\" if { some x in numbers.range(1, 100000000); x == time.now_ns() }",
        "deny contains \"a\" if { some x in numbers.range(1, 30000); some y in numbers.range(1, 30000); x == y + time.now_ns() }",
    ] {
        let gate = gate(&format!("package main\n{rule}\n"), MAIN);
        let ran = gate.check(&[]).exits(3);
        assert!(
            ran.stdout.contains("spent its") || ran.stdout.contains("trapped"),
            "{}",
            ran.stdout
        );
    }
}
