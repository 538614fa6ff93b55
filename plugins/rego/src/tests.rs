#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use lockgate_plugin::Problem;
use serde_json::{Value, json};

use super::*;

/// The moment of all tests: 2026-10-02T00:00:00Z.
fn at() -> i64 {
    1_790_899_200
}

impl Files for BTreeMap<&str, &str> {
    fn read(&self, name: &str, most: u64) -> Result<Vec<u8>, String> {
        match self.get(name) {
            None => Err(format!("there is no data file `{name}`")),
            Some(text) if text.len() as u64 > most => Err("too large".to_owned()),
            Some(text) => Ok(text.as_bytes().to_vec()),
        }
    }
}

fn loaded(settings: Value, files: &[(&str, &str)]) -> Result<Rego, Vec<Problem>> {
    let settings = serde_json::from_value(settings).unwrap();
    Rego::load(settings, &files.iter().copied().collect::<BTreeMap<_, _>>(), at)
}

/// All that is wrong, a line each.
fn refused(settings: Value, files: &[(&str, &str)]) -> String {
    let problems = loaded(settings, files).unwrap_err();
    problems.iter().map(|problem| format!("{problem}\n")).collect()
}

/// The whole report, with what was printed and excepted, or why it is withheld.
fn judged(settings: Value, files: &[(&str, &str)], view: Value) -> String {
    match loaded(settings, files).unwrap().judge(view, at) {
        Err(why) => format!("withheld: {why}\n"),
        Ok((report, beside)) => {
            let printed = beside.printed.iter().map(|line| format!("printed {line}\n"));
            let excepted = beside.exceptions.iter();
            let excepted = excepted.map(|(rule, why)| format!("exception {}: {why}\n", rule.code));
            report.to_string() + &printed.chain(excepted).collect::<String>()
        }
    }
}

/// The findings that a module of version 1 comes to, in package `main`.
fn says(body: &str, view: Value) -> String {
    let source = format!("package main\n\n{body}\n");
    let settings = json!({
        "source": source, "entrypoints": ["data.main"], "input": ["provenance"],
    });
    // Every test looks at the section, so that it is not refused as one that nobody looks at.
    let settings = match body.contains("input.provenance") {
        true => settings,
        false => json!({ "source": source, "entrypoints": ["data.main"] }),
    };
    let told = judged(settings, &[], view);
    let account = |line: &&str| !line.starts_with("checked") && !line.starts_with("not applicable");
    told.lines().filter(account).map(|line| format!("{line}\n")).collect()
}

/// What is wrong with a module of version 1 in package `main`.
fn wrong(body: &str) -> String {
    let source = format!("package main\n\n{body}\n");
    refused(json!({ "source": source, "entrypoints": ["data.main"], "input": ["provenance"] }), &[])
}

fn builds() -> Value {
    json!({
        "subject": { "digest": "sha256:00" },
        "stage": "production",
        "provenance": [{ "path": "a.json", "predicate": { "builder": "https://ci.example", "n": 3 } }],
    })
}

mod entrypoints;
mod modules;
mod names;
mod verdicts;

#[test]
fn the_schema_accepts_what_serde_and_the_plan_accept() {
    let schema: Value = serde_json::from_str(Rego::DESCRIPTION.settings_schema).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let rule = "package main\ndeny contains \"a\" if input.stage == \"x\"";
    let good = json!({ "source": rule, "entrypoints": ["data.main.deny"] });
    let with = |key: &str, value: Value| {
        let mut settings = good.clone();
        settings[key] = value;
        settings
    };
    for settings in [
        good.clone(),
        with("entrypoints", json!([{ "rule": "data.main.deny", "level": "warning" }])),
        with("rego-version", json!("v1")),
        with("exceptions", json!(false)),
        with("input", json!([])),
        with("max-rows", json!(1)),
        with("max-bytes", json!(1000)),
    ] {
        assert!(schema.is_valid(&settings), "{settings}");
        assert!(loaded(settings, &[]).is_ok());
    }
    for settings in [
        json!({}),
        json!({ "source": rule }),
        json!({ "entrypoints": ["data.main.deny"] }),
        with("entrypoints", json!([])),
        with("entrypoints", json!(["main.deny"])),
        with("entrypoints", json!(["data.main.deny", "data.main.deny"])),
        with("entrypoints", json!([{ "rule": "data.main.deny" }])),
        with("entrypoints", json!([{ "rule": "data.main.deny", "level": "note" }])),
        with("entrypoints", json!([{ "rule": "data.main.deny", "level": "warning", "x": 1 }])),
        with("modules", json!([])),
        with("modules", json!(["a", "a"])),
        with("modules", json!([""])),
        with("documents", json!([])),
        with("documents", json!(["1a"])),
        with("input", json!(["nothing"])),
        with("input", json!(["data.allowlist"])),
        with("input", json!(["provenance", "provenance"])),
        with("may-be-empty", json!([])),
        with("honour-vex", json!([])),
        with("rego-version", json!("v2")),
        with("max-rows", json!(0)),
        with("max-bytes", json!(0)),
        with("sections", json!([])),
    ] {
        assert!(!schema.is_valid(&settings), "{settings}");
        let accepted = serde_json::from_value(settings.clone())
            .is_ok_and(|settings| Rego::load(settings, &BTreeMap::from([("a", rule)]), at).is_ok());
        assert!(!accepted, "{settings}");
    }
}

#[test]
fn every_section_can_be_read() {
    for word in [
        "provenance",
        "test-result",
        "verification-summary",
        "svr",
        "release",
        "scai",
        "attestation",
        "vex",
        "signatures",
        "sbom.dependencies",
        "scans.rows",
        "tests",
    ] {
        let section = lockgate_facts::Section::parse(word).unwrap();
        for word in lockgate_facts::words(&[section], &["a".into()]) {
            assert!(Rego::DESCRIPTION.uses.contains(&word.as_str()), "{word}");
        }
    }
}

#[test]
fn what_is_read_follows_from_the_settings() {
    let rule = "package main\ndeny contains \"a\" if input.scans[_].rows[_].severity == \"high\"";
    let settings = json!({
        "modules": ["rule"], "entrypoints": ["data.main"], "input": ["scans.rows"],
        "honour-vex": ["security"],
    });
    let policy = loaded(settings, &[("rule", rule)]).unwrap();
    assert_eq!(policy.reads(), ["vex", "vulnerabilities", "data"]);
}

#[test]
fn a_section_of_which_there_is_nothing_withholds_unless_the_settings_say_otherwise() {
    let source =
        "package main\ndeny contains \"a\" if input.sbom[_].components[_].name == \"log4j\"";
    let mut settings = json!({
        "source": source, "entrypoints": ["data.main"], "input": ["sbom.components"],
    });
    let none = json!({ "sbom": [] });
    let hollow = json!({ "sbom": [{ "components": [] }] });
    let told = "withheld: there is nothing in `sbom.components`, and a rule about each of none says \
                nothing: let the stage expect it, or set may-be-empty = [\"sbom.components\"]\n";
    assert_eq!(judged(settings.clone(), &[], none.clone()), told);
    assert_eq!(judged(settings.clone(), &[], hollow.clone()), told);
    settings["may-be-empty"] = json!(["sbom.components"]);
    for view in [none, hollow] {
        assert!(judged(settings.clone(), &[], view).starts_with("checked deny\n"));
    }
}

#[test]
fn a_history_without_a_decision_is_empty() {
    let source = "package main\n\
        deny contains \"a\" if { some d in input.history.decisions; d.outcome == \"denied\" }";
    let mut settings =
        json!({ "source": source, "entrypoints": ["data.main"], "input": ["history"] });
    let none = json!({ "history": { "decisions": [], "runs": null } });
    let told = judged(settings.clone(), &[], none.clone());
    assert!(told.starts_with("withheld: there is nothing in `history`"), "{told}");
    settings["may-be-empty"] = json!(["history"]);
    assert!(judged(settings, &[], none).starts_with("checked deny\n"));
}

#[test]
fn rules_that_look_at_no_fact_are_refused() {
    let blind = |rule: &str, input: Value| {
        let source = format!("package main\ndeny contains \"a\" if {rule}");
        let settings = json!({ "source": source, "entrypoints": ["data.main"], "input": input });
        loaded(settings, &[]).unwrap().blind().map(|problem| problem.to_string())
    };
    assert_eq!(
        blind("input.stage == \"x\"", json!([])).unwrap(),
        "/input: no fact is looked at, so the rules say the same of every artifact: name sections, for \
         example [\"provenance\"]"
    );
    assert_eq!(blind("time.now_ns() > 5", json!([])), None);
    assert_eq!(blind("count(input.provenance) > 5", json!(["provenance"])), None);
}
