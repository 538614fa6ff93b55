//! Which of several documents count: `select` and `max-age` of an entry of `expects`.
#![forbid(unsafe_code)]
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests set up files")]

use lockgate_tests::{Gate, Signer, statement};
use serde_json::{Value, json};

const BINARY: &str = env!("CARGO_BIN_EXE_lockgate-under-test");

/// Denies GPL-3.0-only; it asks at 2026-10-02T00:00:00Z.
const POLICY: &str = r#"
[[stage.production.policy]]
name = "no-copyleft"
plugin = "builtin:sbom"
settings = { licenses = { deny = ["GPL-3.0-only"] } }
"#;

/// A gate whose stage expects this.
fn gate(expects: &str) -> Gate {
    Gate::with(BINARY, &format!("expects = [{expects}]\n{POLICY}"))
}

/// An SBOM by `ci` with one component of this license, made then.
fn sbom(license: &str, made: Option<&str>) -> String {
    by("ci", license, made)
}

fn by(signer: &str, license: &str, made: Option<&str>) -> String {
    let predicate = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "metadata": { "timestamp": made },
        "components": [{ "name": "a", "licenses": [{ "license": { "id": license } }] }],
    });
    let statement = statement(Gate::ARTIFACT, "https://cyclonedx.org/bom", &predicate);
    Signer::named(signer).bundle(&statement)
}

const GOOD: &str = "MIT";
const BAD: &str = "GPL-3.0-only";
const EARLY: Option<&str> = Some("2026-09-01T00:00:00Z");
const LATE: Option<&str> = Some("2026-10-01T00:00:00Z");

fn reasons(report: &Value) -> Vec<String> {
    let reasons = report["reasons"].as_array().unwrap();
    reasons.iter().map(|reason| reason["code"].as_str().unwrap().to_owned()).collect()
}

/// Why each document does not count, by path.
fn aside(report: &Value) -> Vec<(String, String)> {
    let documents = report["documents"].as_array().unwrap().iter();
    documents
        .filter_map(|document| {
            let path = document["path"].as_str().unwrap().to_owned();
            Some((path, document["reason"].as_str()?.to_owned()))
        })
        .collect()
}

fn codes(report: &Value) -> Vec<&str> {
    let relaxations = report["relaxations"].as_array().unwrap().iter();
    relaxations.map(|relaxation| relaxation["code"].as_str().unwrap()).collect()
}

#[test]
fn all_documents_have_to_satisfy_a_policy_unless_the_stage_says_otherwise() {
    for select in ["", ", select = \"all\""] {
        let gate = gate(&format!("{{ kind = \"sbom\"{select} }}"))
            .holding("early.json", &sbom(GOOD, EARLY))
            .holding("late.json", &sbom(BAD, LATE));
        let report = gate.check(&["evidence"]).exits(1).json();
        assert_eq!(reasons(&report), ["policy-failed"]);
        assert!(aside(&report).is_empty() && !codes(&report).contains(&"select-any"));
        assert_eq!(report["policies"][0]["read"]["documents"].as_array().unwrap().len(), 2);
    }
}

#[test]
fn the_latest_counts_and_the_others_are_shown_as_set_aside() {
    let latest = "{ kind = \"sbom\", select = \"latest\" }";
    let good =
        gate(latest).holding("a.json", &sbom(BAD, EARLY)).holding("b.json", &sbom(GOOD, LATE));
    let report = good.check(&["evidence"]).exits(0).json();
    let why = "is set aside: `b.json` is later, and the stage takes the latest";
    assert_eq!(aside(&report), [("a.json".to_owned(), why.to_owned())]);
    assert_eq!(report["documents"][0]["status"], "fact");
    assert_eq!(report["policies"][0]["read"]["documents"].as_array().unwrap().len(), 1);

    let bad =
        gate(latest).holding("a.json", &sbom(GOOD, EARLY)).holding("b.json", &sbom(BAD, LATE));
    assert_eq!(reasons(&bad.check(&["evidence"]).exits(1).json()), ["policy-failed"]);
}

#[test]
fn where_the_latest_cannot_be_told_the_gate_is_undecided() {
    let latest = "{ kind = \"sbom\", select = \"latest\" }";
    for (other, why) in [
        (sbom("ISC", LATE), "`a.json` and `b.json` are of the same time"),
        (sbom("ISC", None), "`b.json` states no time"),
    ] {
        let gate = gate(latest).holding("a.json", &sbom(GOOD, LATE)).holding("b.json", &other);
        let report = gate.check(&["evidence"]).exits(3).json();
        assert_eq!(reasons(&report), ["ambiguous-evidence"]);
        assert_eq!(
            report["reasons"][0]["message"],
            format!("the latest `sbom` cannot be told: {why}")
        );
        assert_eq!(
            report["policies"][0]["reason"],
            "it was not asked, for it cannot be told which documents count"
        );
    }
}

#[test]
fn claimed_times_of_two_signers_are_not_compared() {
    let gate = gate("{ kind = \"sbom\", select = \"latest\" }")
        .holding("a.json", &sbom(GOOD, EARLY))
        .holding("b.json", &by("builder", BAD, LATE));
    let config = gate.bench.read("lockgate.toml");
    gate.bench.write("lockgate.toml", config.replace("[\"provenance\"]", "[\"sbom\"]"));
    let report = gate.check(&["evidence"]).exits(3).json();
    let why = "the latest `sbom` cannot be told: the time of `a.json` is only claimed, and claims \
               order documents of one signer only";
    assert_eq!(report["reasons"][0]["message"], why);
}

#[test]
fn any_is_enough_where_the_stage_says_so_and_is_a_relaxation() {
    let any = "{ kind = \"sbom\", select = \"any\" }";
    let mixed =
        gate(any).holding("a.json", &sbom(BAD, EARLY)).holding("b.json", &sbom(GOOD, EARLY));
    let report = mixed.check(&["evidence"]).exits(0).json();
    assert!(codes(&report).contains(&"select-any"), "{report:#}");
    let read = &report["policies"][0]["read"]["documents"];
    assert_eq!(*read, json!([report["documents"][1]["digest"]]), "it saw that one alone");

    let bad = gate(any).holding("a.json", &sbom(BAD, EARLY)).holding("b.json", &sbom(BAD, LATE));
    assert_eq!(reasons(&bad.check(&["evidence"]).exits(1).json()), ["policy-failed"]);
    assert_eq!(reasons(&gate(any).check(&[]).exits(1).json()), ["missing-evidence"]);
}

#[test]
fn too_old_a_document_does_not_count_and_the_report_says_how_old_it_is() {
    let fresh = "{ kind = \"sbom\", max-age = \"30d\" }";
    let old = gate(fresh).holding("a.json", &sbom(GOOD, EARLY));
    let report = old.check(&["evidence"]).exits(1).json();
    let why = "is set aside: it is of 2026-09-01T00:00:00Z, 31d before 2026-10-02T00:00:00Z, and \
               `max-age` is 30d";
    assert_eq!(aside(&report), [("a.json".to_owned(), why.to_owned())]);
    assert_eq!(
        report["reasons"][0]["message"],
        format!(
            "`production` expects `sbom`, and there is none; `a.json` is set aside: {}",
            why.strip_prefix("is set aside: ").unwrap()
        )
    );
    let timeless = gate(fresh).holding("a.json", &sbom(GOOD, None));
    let report = timeless.check(&["evidence"]).exits(1).json();
    let why = "is set aside: it states no time, and `max-age` asks how old it is";
    assert_eq!(aside(&report), [("a.json".to_owned(), why.to_owned())]);
    // To the second.
    for (max_age, exit) in [("31d", 0), ("744h", 0), ("2678400s", 0), ("2678399s", 1)] {
        let gate = gate(&format!("{{ kind = \"sbom\", max-age = \"{max_age}\" }}"));
        let gate = gate.holding("a.json", &sbom(GOOD, EARLY));
        drop(gate.check(&["evidence"]).exits(exit));
    }
}

#[test]
fn an_old_document_that_is_bad_is_set_aside_and_a_fresh_one_counts() {
    let gate = gate("{ kind = \"sbom\", max-age = \"30d\" }")
        .holding("a.json", &sbom(BAD, EARLY))
        .holding("b.json", &sbom(GOOD, LATE));
    let report = gate.check(&["evidence"]).exits(0).json();
    assert_eq!(aside(&report).len(), 1);
    let text = gate.bench.run(&[
        "check",
        "app",
        "--stage=production",
        "--config=lockgate.toml",
        "--evidence=evidence",
        "--at=2026-10-02T00:00:00Z",
    ]);
    assert!(text.exits(0).stdout.contains("      is set aside: it is of 2026-09-01T00:00:00Z"));
}

#[test]
fn files_of_one_name_in_two_folders_are_two_documents() {
    let both = |expects: &str, first: &str, second: &str| {
        let gate = gate(expects).holding("sbom.json", &first);
        gate.bench.write("more/sbom.json", second);
        gate
    };
    let (old, new) = (sbom(BAD, EARLY), sbom(GOOD, LATE));
    let fresh = both("{ kind = \"sbom\", max-age = \"30d\" }", &old, &new);
    drop(fresh.check(&["evidence", "more"]).exits(0));
    let latest = both("{ kind = \"sbom\", select = \"latest\" }", &old, &new);
    let report = latest.check(&["evidence", "more"]).exits(0).json();
    assert_eq!(aside(&report).len(), 1, "one of the two is set aside");
    let any = both("{ kind = \"sbom\", select = \"any\" }", &old, &new);
    drop(any.check(&["evidence", "more"]).exits(0));
    // And the bad one is seen where it is the one that counts.
    let bad =
        both("{ kind = \"sbom\", select = \"latest\" }", &sbom(GOOD, EARLY), &sbom(BAD, LATE));
    drop(bad.check(&["evidence", "more"]).exits(1));
}

#[test]
fn what_a_stage_cannot_mean_is_a_configuration_error() {
    for (expects, what) in [
        ("{ kind = \"sbom\", select = \"newest\" }", "`newest` is not known here"),
        ("{ kind = \"sbom\", max-age = \"soon\" }", "`max-age` in an entry of `expects`"),
        ("{ kind = \"sbom\", max-age = \"0d\" }", "`max-age` in an entry of `expects`"),
        ("{ kind = \"signature\", select = \"any\" }", "are counted, so none is selected"),
        (
            "{ kind = \"sbom\", select = \"latest\", count = 2 }",
            "the latest is one document, so there are never 2 of them",
        ),
        (
            "{ kind = \"sbom\", select = \"any\" }, { kind = \"sbom\", select = \"latest\" }",
            "`sbom` is selected from twice in one stage",
        ),
    ] {
        let ran = gate(expects).check(&[]).exits(2);
        assert!(ran.stderr.contains(what), "{expects}: {}", ran.stderr);
    }
}
