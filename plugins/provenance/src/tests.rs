//! What the policy says about provenances in both versions of the format.

use lockgate_plugin::{Report, from_json};
use serde_json::{Value, json};

use super::*;

const BUILDER: &str =
    "https://github.com/acme/builders/.github/workflows/slsa3.yml@refs/tags/v2.1.0";

const SETTINGS: &str = r#"{
    "builders": [{
        "id": {
            "glob": "https://github.com/acme/builders/.github/workflows/slsa3.yml@refs/tags/v*"
        },
        "signers": ["builder"]
    }],
    "sources": ["https://github.com/acme/orders.git"],
    "refs": ["refs/tags/v*"],
    "parameters": { "/workflow/path": ".github/workflows/release.yml" }
}"#;

const ALL_CHECKED: &str = "checked untrusted-builder\nchecked source-not-allowed\n\
                           checked ref-not-allowed\nchecked parameter-mismatch\n";

/// A provenance in v1, as GitHub's workflow build type states it.
fn v1() -> Value {
    json!({
        "buildDefinition": { "externalParameters": { "workflow": {
            "path": ".github/workflows/release.yml",
            "ref": "refs/tags/v1.4.2",
            "repository": "https://github.com/acme/orders"
        } } },
        "runDetails": { "builder": { "id": BUILDER } }
    })
}

/// The same in v0.2.
fn v02() -> Value {
    json!({
        "builder": { "id": BUILDER },
        "invocation": {
            "configSource": { "uri": "git+https://github.com/acme/orders@refs/tags/v1.4.2" },
            "parameters": { "workflow": { "path": ".github/workflows/release.yml" } }
        }
    })
}

/// With the value at the pointer replaced, and removed where it is null.
fn with(mut predicate: Value, pointer: &str, value: Value) -> Value {
    let (parent, member) = pointer.rsplit_once('/').unwrap();
    let parent = predicate.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    match value {
        Value::Null => parent.remove(member),
        value => parent.insert(member.to_owned(), value),
    };
    predicate
}

fn judged(settings: &str, predicate_type: &str, signers: &[&str], predicate: &Value) -> String {
    let policy = from_json::<Provenance>(settings).unwrap();
    let statement = Statement {
        path: "p.json".into(),
        predicate_type: predicate_type.into(),
        signers: signers.iter().map(|&signer| signer.into()).collect(),
    };
    let mut report = Report::new();
    policy.account(&mut report);
    policy.judge(&statement, predicate, &mut report);
    report.to_string()
}

/// The findings on a provenance in v1 by the right signer.
fn findings_v1(predicate: &Value) -> String {
    let report = judged(SETTINGS, "https://slsa.dev/provenance/v1", &["builder"], predicate);
    report.strip_prefix(ALL_CHECKED).unwrap().to_owned()
}

/// The findings on a provenance in v0.2 by the right signer.
fn findings_v02(predicate: &Value) -> String {
    let report = judged(SETTINGS, "https://slsa.dev/provenance/v0.2", &["builder"], predicate);
    report.strip_prefix(ALL_CHECKED).unwrap().to_owned()
}

#[test]
fn a_good_provenance_of_either_version_passes() {
    assert_eq!(findings_v1(&v1()), "");
    assert_eq!(findings_v02(&v02()), "");
}

#[test]
fn what_the_settings_do_not_set_is_not_applicable() {
    let settings =
        format!(r#"{{ "builders": [{{ "id": "{BUILDER}", "signers": ["builder"] }}] }}"#);
    assert_eq!(
        judged(&settings, "https://slsa.dev/provenance/v1", &["builder"], &v1()),
        "checked untrusted-builder\n\
         not applicable source-not-allowed: `sources` is not set in the settings\n\
         not applicable ref-not-allowed: `refs` is not set in the settings\n\
         not applicable parameter-mismatch: `parameters` is not set in the settings\n"
    );
}

#[test]
fn a_builder_id_counts_only_with_a_signer_who_may_state_it() {
    let report = judged(SETTINGS, "https://slsa.dev/provenance/v1", &["ci", "qa"], &v1());
    assert_eq!(
        report.strip_prefix(ALL_CHECKED).unwrap(),
        format!(
            "violation untrusted-builder [{BUILDER}]: provenance `p.json` is signed by `ci`, \
             `qa`, who may not state this builder\n"
        )
    );
    let two =
        r#"{ "builders": [{ "id": "a", "signers": ["x"] }, { "id": "b", "signers": ["y"] }] }"#;
    let crossed = with(v1(), "/runDetails/builder/id", json!("a"));
    let report = judged(two, "https://slsa.dev/provenance/v1", &["y"], &crossed);
    assert!(report.contains("violation untrusted-builder [a]"), "{report}");
}

#[test]
fn another_builder_and_no_builder_are_violations() {
    let other = format!("{BUILDER}/x");
    assert_eq!(
        findings_v1(&with(v1(), "/runDetails/builder/id", json!(other))),
        format!(
            "violation untrusted-builder [{other}]: provenance `p.json` states a builder that \
             `builders` does not name; expected \
             `https://github.com/acme/builders/.github/workflows/slsa3.yml@refs/tags/v*`\n"
        )
    );
    for id in [json!(null), json!(["x"])] {
        assert_eq!(
            findings_v02(&with(v02(), "/builder/id", id)),
            "violation untrusted-builder: provenance `p.json` states no builder\n"
        );
    }
}

#[test]
fn an_unknown_version_is_a_violation() {
    let report = judged(SETTINGS, "https://slsa.dev/provenance/v2", &["builder"], &v1());
    assert_eq!(
        report.strip_prefix(ALL_CHECKED).unwrap(),
        "violation untrusted-builder [https://slsa.dev/provenance/v2]: provenance `p.json` is of \
         a version that this policy does not know\n"
    );
}

#[test]
fn every_stated_source_must_be_allowed() {
    let place = "/buildDefinition/externalParameters/source";
    let fork = "violation source-not-allowed [https://github.com/mallory/orders]: provenance \
                `p.json` states a source that `sources` does not allow; expected \
                `https://github.com/acme/orders`\n";
    for source in [
        json!("https://github.com/mallory/orders"),
        json!({ "uri": "git+https://github.com/mallory/orders@refs/tags/v1" }),
    ] {
        assert_eq!(findings_v1(&with(v1(), place, source)), fork);
    }
    assert_eq!(findings_v1(&with(v1(), place, json!("git+https://github.com/acme/orders"))), "");
    let odd = findings_v1(&with(v1(), place, json!({ "digest": {} })));
    assert!(odd.contains("violation source-not-allowed [{\"digest\":{}}]"), "{odd}");
}

#[test]
fn a_provenance_that_states_no_source_or_ref_does_not_pass() {
    assert_eq!(
        findings_v02(&with(v02(), "/invocation/configSource", json!(null))),
        "violation source-not-allowed: provenance `p.json` states no source\n\
         violation ref-not-allowed: provenance `p.json` states no ref\n"
    );
    let empty = json!({ "path": ".github/workflows/release.yml" });
    assert_eq!(
        findings_v1(&with(v1(), "/buildDefinition/externalParameters/workflow", empty)),
        "violation source-not-allowed: provenance `p.json` states no source\n\
         violation ref-not-allowed: provenance `p.json` states no ref\n"
    );
}

#[test]
fn every_stated_ref_must_be_allowed() {
    let branch = with(
        v1(),
        "/buildDefinition/externalParameters/source",
        json!("git+https://github.com/acme/orders@refs/heads/x@refs/tags/v1"),
    );
    assert_eq!(
        findings_v1(&branch),
        "violation ref-not-allowed [refs/heads/x@refs/tags/v1]: provenance `p.json` states a ref \
         that `refs` does not allow; expected `refs/tags/v*`\n"
    );
}

#[test]
fn parameters_are_compared_as_json() {
    assert_eq!(
        findings_v02(&with(v02(), "/invocation/parameters/workflow/path", json!("other.yml"))),
        "violation parameter-mismatch [/workflow/path]: provenance `p.json` states \
         \"other.yml\", expected \".github/workflows/release.yml\"\n"
    );
    assert_eq!(
        findings_v02(&with(v02(), "/invocation/parameters", json!(null))),
        "violation parameter-mismatch [/workflow/path]: provenance `p.json` states nothing \
         there, expected \".github/workflows/release.yml\"\n"
    );
}
