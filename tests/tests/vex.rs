//! What a stage lets VEX documents do: through the binary.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, reason = "tests set up files")]

use lockgate_tests::{Gate, Signer, statement};
use serde_json::{Value, json};

const BINARY: &str = env!("CARGO_BIN_EXE_lockgate-under-test");

/// A gate whose stage says this of VEX, expects some, and has a document in the folder that is signed
/// and names no subject, but a package.
fn gate(vex: &str) -> Gate {
    let lines = format!(
        "{vex}expects = [{{ kind = \"vex\" }}]\n\n[[stage.production.policy]]\nname = \"silent\"\n\
         plugin = \"./silent.wasm\"\n"
    );
    let predicate = json!({
        "@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://example.com/vex",
        "author": "a", "timestamp": "2026-01-01T00:00:00Z", "version": 1,
        "statements": [{ "vulnerability": { "name": "CVE-1" }, "status": "fixed",
            "products": [{ "@id": "pkg:npm/a@1" }] }],
    });
    let mut document = statement(Gate::ARTIFACT, "https://openvex.dev/ns/v0.2.0", &predicate);
    document["subject"] = json!([]);
    let gate =
        Gate::with(BINARY, &lines).holding("vex.json", &Signer::named("ci").bundle(&document));
    gate.bench.replace("lockgate.toml", "[\"sbom\", ", "[\"sbom\", \"vex\", ");
    gate
}

fn codes(report: &Value) -> Vec<&str> {
    let relaxations = report["relaxations"].as_array().unwrap();
    relaxations.iter().map(|entry| entry["code"].as_str().unwrap()).collect()
}

#[test]
fn without_a_word_a_document_that_names_no_subject_is_rejected() {
    let report = gate("").check(&["evidence"]).exits(1).json();
    let row = &report["documents"][0];
    assert_eq!(row["status"], "rejected");
    assert_eq!(
        row["reason"],
        "is signed by `ci`, but names no subject by sha256 or sha512, and gives no product a hash by \
         either"
    );
    assert_eq!(
        row["help"],
        "sign a statement that names the artifact, or give a product its `sha-256`; or let the stage \
         match products by their package URLs, with `vex = { match = \"purl\" }`"
    );
    assert_eq!(codes(&report), ["config-unpinned", "time-overridden"]);
}

#[test]
fn what_a_stage_lets_vex_do_is_a_relaxation() {
    let report = gate("vex = { match = \"purl\" }\n").check(&["evidence"]).exits(1).json();
    let row = &report["documents"][0];
    assert_eq!((&row["status"], &row["signers"]), (&json!("fact"), &json!(["ci"])));
    assert_eq!(row["checks"]["subject"]["state"], "not-possible");
    assert_eq!(
        row["checks"]["subject"]["detail"],
        "it names none; it is about packages, and the stage matches them by purl"
    );
    assert_eq!(codes(&report), ["config-unpinned", "time-overridden", "vex-match-purl"]);
    let missing = report["reasons"][0]["message"].as_str().unwrap();
    assert!(
        missing.contains("expects `vex`"),
        "such a document is none of the artifact: {missing}"
    );

    let all = "vex = { match = \"purl\", without-subcomponent = \"all\" }\n";
    let report = gate(all).check(&["evidence"]).exits(1).json();
    let expected = ["config-unpinned", "time-overridden", "vex-covers-all", "vex-match-purl"];
    assert_eq!(codes(&report), expected);
    let entry = report["relaxations"].as_array().unwrap().last().unwrap();
    assert_eq!(entry["about"], "production");
    assert_eq!(
        entry["message"],
        "lets what VEX says of a package hold wherever that package is found"
    );
    let forbidden = format!("relaxations = \"forbidden\"\n{all}");
    let report = gate(&forbidden).check(&["evidence"]).exits(1).json();
    let reasons = report["reasons"].as_array().unwrap();
    for code in ["`vex-covers-all`", "`vex-match-purl`"] {
        let told = |reason: &&Value| reason["message"].as_str().unwrap().contains(code);
        assert_eq!(reasons.iter().filter(told).count(), 1, "{code}: {reasons:#?}");
    }
}

#[test]
fn what_a_stage_cannot_say_of_vex_is_a_configuration_error() {
    for (vex, message, help) in [
        ("{ match = \"hash\" }", "`hash` is not known here", "there are `purl`"),
        ("{ match = true }", "`match` in [vex] is a string, not", ""),
        ("{ without-subcomponent = \"none\" }", "`none` is not known here", "there are `all`"),
        ("{ matches = \"purl\" }", "unknown key `matches` in [vex]", "did you mean `match`?"),
        ("\"purl\"", "[vex] is a table", ""),
    ] {
        let said = gate(&format!("vex = {vex}\n")).check(&["evidence"]).exits(2).stderr;
        assert!(said.contains(message) && said.contains(help), "{vex}: {said}");
        assert!(said.contains("lockgate.toml:"), "it says where: {said}");
    }
    // It stands in a stage and nowhere else.
    for place in ["[trust]\n", "[evidence]\n", ""] {
        let gate = gate("");
        let config = gate.bench.read("lockgate.toml");
        gate.bench.write("lockgate.toml", format!("{place}vex = {{ match = \"purl\" }}\n{config}"));
        let said = gate.bench.run(&["evidence", "app", "--config=lockgate.toml"]).exits(2).stderr;
        assert!(said.contains("unknown key `vex`"), "{said}");
    }
}
