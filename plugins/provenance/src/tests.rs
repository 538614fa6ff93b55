//! What the policy says about provenances in both versions of the format.

mod level;
mod materials;

use lockgate_plugin::{Report, from_json};
use serde_json::{Value, json};

use super::*;

const V1: &str = "https://slsa.dev/provenance/v1";
const V02: &str = "https://slsa.dev/provenance/v0.2";

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

/// The whole report on a provenance, with nothing seen before it.
fn judged(settings: &str, predicate_type: &str, signers: &[&str], predicate: &Value) -> String {
    let seen = Seen { at: Some(1_790_899_200), summarised: 0 };
    judged_after(settings, predicate_type, signers, predicate, &seen)
}

fn judged_after(
    settings: &str,
    predicate_type: &str,
    signers: &[&str],
    predicate: &Value,
    seen: &Seen,
) -> String {
    let policy = from_json::<Provenance>(settings).unwrap();
    let mut report = Report::new();
    policy.account(&mut report);
    policy.judge(&statement(predicate_type, signers), predicate, seen, &mut report);
    report.to_string()
}

fn statement(predicate_type: &str, signers: &[&str]) -> Statement {
    Statement {
        path: "p.json".into(),
        digest: "sha256:00".into(),
        predicate_type: predicate_type.into(),
        signers: signers.iter().map(|&signer| signer.into()).collect(),
    }
}

/// The findings in a report.
fn findings(report: &str) -> String {
    let is_finding = |line: &&str| line.starts_with("violation") || line.starts_with("note");
    report.lines().filter(is_finding).map(|line| format!("{line}\n")).collect()
}

/// The findings on a provenance in v1 by the right signer.
fn findings_v1(predicate: &Value) -> String {
    findings(&judged(SETTINGS, V1, &["builder"], predicate))
}

/// The findings on a provenance in v0.2 by the right signer.
fn findings_v02(predicate: &Value) -> String {
    findings(&judged(SETTINGS, V02, &["builder"], predicate))
}

/// Settings of the trusted builder and whatever else.
fn with_builder(more: &str) -> String {
    format!(
        r#"{{ "builders": [{{ "id": "{BUILDER}", "signers": ["builder"], "level": 2 }},
                           {{ "id": "{BUILDER}", "signers": ["hsm"], "level": 3 }}],
              "min-level": 1, {more} }}"#
    )
}

/// The findings of settings on a provenance by the builder's signer.
fn found(more: &str, predicate_type: &str, predicate: &Value) -> String {
    findings(&judged(&with_builder(more), predicate_type, &["builder"], predicate))
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
        judged(&settings, V1, &["builder"], &v1()),
        "checked untrusted-builder\n\
         not applicable source-not-allowed: `sources` is not set in the settings\n\
         not applicable ref-not-allowed: `refs` is not set in the settings\n\
         not applicable workflow-not-allowed: `workflows` is not set in the settings\n\
         not applicable parameter-mismatch: `parameters` is not set in the settings\n\
         not applicable unexpected-parameter: `exact-parameters` is not set in the settings\n\
         not applicable incomplete-parameters: `complete-parameters` is not set in the settings\n\
         not applicable level-too-low: `min-level` is not set in the settings\n\
         not applicable not-hermetic: `hermetic` is not set in the settings\n\
         not applicable unpinned-material: `materials.pinned` is not set in the settings\n\
         not applicable material-not-allowed: `materials.allow` is not set in the settings\n\
         not applicable stale-provenance: `max-age` is not set in the settings\n"
    );
}

#[test]
fn a_builder_id_counts_only_with_a_signer_who_may_state_it() {
    let report = judged(SETTINGS, V1, &["ci", "qa"], &v1());
    assert_eq!(
        findings(&report),
        format!(
            "violation untrusted-builder [{BUILDER}]: provenance `p.json` is signed by nobody who \
             may state its builder\n"
        )
    );
    let two =
        r#"{ "builders": [{ "id": "a", "signers": ["x"] }, { "id": "b", "signers": ["y"] }] }"#;
    let crossed = with(v1(), "/runDetails/builder/id", json!("a"));
    let report = judged(two, V1, &["y"], &crossed);
    assert!(report.contains("violation untrusted-builder [a]"), "{report}");
}

#[test]
fn another_builder_and_no_builder_are_violations() {
    let other = format!("{BUILDER}/x");
    assert_eq!(
        findings_v1(&with(v1(), "/runDetails/builder/id", json!(other))),
        format!(
            "violation untrusted-builder [{other}]: provenance `p.json` states a builder that \
             `builders` does not name\n"
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
        findings(&report),
        "violation untrusted-builder [https://slsa.dev/provenance/v2]: provenance `p.json` is of \
         a version that this policy does not know\n"
    );
}

#[test]
fn every_stated_source_must_be_allowed() {
    let place = "/buildDefinition/externalParameters/source";
    let fork = "violation source-not-allowed [https://github.com/mallory/orders]: provenance \
                `p.json` states a source that `sources` does not allow\n";
    for source in [
        json!("https://github.com/mallory/orders"),
        json!({ "uri": "git+https://github.com/mallory/orders@refs/tags/v1" }),
    ] {
        assert_eq!(findings_v1(&with(v1(), place, source)), fork);
    }
    assert_eq!(findings_v1(&with(v1(), place, json!("git+https://github.com/acme/orders"))), "");
    for odd in [json!({ "digest": {} }), json!({ "uri": null }), json!(["x"]), json!(5)] {
        let found = findings_v1(&with(v1(), place, odd));
        assert!(found.contains("violation source-not-allowed ["), "{found}");
    }
    let workflow = "/buildDefinition/externalParameters/workflow/repository";
    let object = json!({ "uri": "https://github.com/acme/orders" });
    let found = findings_v1(&with(v1(), workflow, object));
    assert!(found.contains("violation source-not-allowed [{"), "{found}");
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
         that `refs` does not allow\n"
    );
}

#[test]
fn parameters_are_compared_as_json() {
    let place = "/invocation/parameters/workflow/path";
    for other in [json!("other.yml"), json!({ "a": 1 })] {
        assert_eq!(
            findings_v02(&with(v02(), place, other)),
            "violation parameter-mismatch [/workflow/path]: provenance `p.json` states another \
             value for a parameter\n"
        );
    }
    assert_eq!(
        findings_v02(&with(v02(), "/invocation/parameters", json!(null))),
        "violation parameter-mismatch [/workflow/path]: provenance `p.json` does not state a \
         parameter\n"
    );
    let settings = r#""parameters": { "/debug": { "level": 15, "on": [false] } }"#;
    let same = json!({ "debug": { "on": [false], "level": 15 } });
    assert_eq!(found(settings, V02, &with(v02(), "/invocation/parameters", same)), "");
}

#[test]
fn every_stated_workflow_must_be_allowed_and_one_must_be_stated() {
    let settings = r#""workflows": [{ "glob": ".github/workflows/release*.yml" }, "build-job"]"#;
    assert_eq!(found(settings, V1, &v1()), "");
    let place = "/invocation/configSource/entryPoint";
    assert_eq!(found(settings, V02, &with(v02(), place, json!("build-job"))), "");
    assert_eq!(
        found(settings, V02, &v02()),
        "violation workflow-not-allowed: provenance `p.json` states no workflow\n"
    );
    // GitLab's builders state a job.
    let both = with(v1(), "/buildDefinition/externalParameters/entryPoint", json!("other"));
    assert_eq!(
        found(settings, V1, &both),
        "violation workflow-not-allowed [other]: provenance `p.json` states a workflow that \
         `workflows` does not allow\n"
    );
}

#[test]
fn a_parameter_that_no_setting_is_about_is_unexpected() {
    let settings = r#""exact-parameters": true, "sources": ["https://github.com/acme/orders"],
                      "parameters": { "/inputs/debug": false, "/a~1b": 1 }"#;
    let parameters = json!({
        "workflow": { "repository": "https://github.com/acme/orders", "ref": "x", "path": "y" },
        "inputs": { "debug": false, "image": "evil", "more": { "deep": 1 } },
        "a/b": 1,
        "list": [],
        "nothing": null,
    });
    let predicate = with(v1(), "/buildDefinition/externalParameters", parameters);
    let unexpected = |pointer: &str| {
        format!(
            "violation unexpected-parameter [{pointer}]: provenance `p.json` states a parameter \
             that no setting is about\n"
        )
    };
    let all =
        ["/inputs/image", "/inputs/more", "/list", "/nothing", "/workflow/path", "/workflow/ref"];
    assert_eq!(found(settings, V1, &predicate), all.map(unexpected).concat());
    let refs = format!(r#"{settings}, "refs": ["*"], "workflows": ["y"]"#);
    assert_eq!(
        found(&refs, V1, &predicate),
        all[..4].iter().map(|it| unexpected(it)).collect::<String>()
    );
}

#[test]
fn a_source_covers_what_names_it_and_nothing_else() {
    let settings = r#""exact-parameters": true, "sources": ["https://github.com/acme/orders"]"#;
    let source = |source: Value| {
        let parameters = json!({ "source": source });
        found(settings, V1, &with(v1(), "/buildDefinition/externalParameters", parameters))
    };
    let uri = "git+https://github.com/acme/orders@refs/tags/v1";
    for fine in [json!(uri), json!({ "uri": uri, "digest": { "sha1": "00", "sha256": "00" } })] {
        assert_eq!(source(fine.clone()), "", "{fine}");
    }
    assert_eq!(
        source(json!({ "uri": uri, "digest": {}, "subdir": "../../evil" })),
        "violation unexpected-parameter [/source/subdir]: provenance `p.json` states a parameter \
         that no setting is about\n"
    );
    for odd in [json!([uri]), json!(5), json!({ "uri": uri, "more": { "uri": uri } })] {
        let found = source(odd.clone());
        assert!(found.contains("violation unexpected-parameter [/source"), "{odd}: {found}");
    }
}

#[test]
fn what_is_no_object_cannot_hide_parameters() {
    let settings = r#""exact-parameters": true, "sources": ["https://github.com/acme/orders"]"#;
    let only = r#""exact-parameters": true"#;
    let place = "/buildDefinition/externalParameters";
    for odd in [json!(["evil"]), json!("evil"), json!({ "workflow": ["evil"] })] {
        let found = found(settings, V1, &with(v1(), place, odd.clone()));
        assert!(found.contains("violation unexpected-parameter ["), "{odd}: {found}");
    }
    for nothing in [json!({}), json!(null)] {
        assert_eq!(found(only, V1, &with(v1(), place, nothing)), "");
    }
    let null = json!({ "buildDefinition": { "externalParameters": null },
                       "runDetails": { "builder": { "id": BUILDER } } });
    assert_eq!(found(only, V1, &null), "");
}

#[test]
fn the_end_of_the_build_has_to_be_stated_and_recent() {
    let settings = r#""max-age": "24h""#;
    let v1 = |end: Value| with(v1(), "/runDetails/metadata", json!({ "finishedOn": end }));
    // The moment of the question is 2026-10-02T00:00:00Z.
    assert_eq!(found(settings, V1, &v1(json!("2026-10-01T00:00:00Z"))), "");
    assert_eq!(
        found(settings, V1, &v1(json!("2026-09-30T23:59:59Z"))),
        "violation stale-provenance: provenance `p.json` is of a build that finished too long ago\n"
    );
    for odd in [json!("yesterday"), json!(5)] {
        assert_eq!(
            found(settings, V1, &v1(odd)),
            "violation stale-provenance: provenance `p.json` states an end of the build that is no \
             RFC 3339 instant\n"
        );
    }
    let v02 = with(v02(), "/metadata", json!({ "buildFinishedOn": "2026-10-01T10:07:31Z" }));
    assert_eq!(found(settings, V02, &v02), "");
    let none = with(v02, "/metadata/buildFinishedOn", json!(null));
    assert_eq!(
        found(settings, V02, &none),
        "violation stale-provenance: provenance `p.json` does not state when the build finished\n"
    );
}

#[test]
fn findings_say_what_would_have_been_right_what_was_there_and_on_what_they_rest() {
    let settings = r#"{
        "builders": [{ "id": "b", "signers": ["s"] }],
        "refs": ["refs/tags/v*", "refs/tags/r*", "x", "y"],
        "max-age": "30d"
    }"#;
    let policy = from_json::<Provenance>(settings).unwrap();
    let mut report = Report::new();
    let seen = Seen { at: Some(1_790_899_200), summarised: 0 };
    let long =
        with(v1(), "/buildDefinition/externalParameters/workflow/ref", json!("é".repeat(200)));
    policy.judge(&statement(V1, &["s"]), &long, &seen, &mut report);
    let all: Vec<_> = report
        .findings()
        .iter()
        .map(|finding| {
            assert_eq!(finding.evidence, ["sha256:00"]);
            (finding.expected.as_deref(), finding.found.as_deref())
        })
        .collect();
    let brief = format!("{}… (400 bytes)", "é".repeat(100));
    assert_eq!(
        all,
        [
            (Some("`b`"), Some(BUILDER)),
            (Some("`refs/tags/v*` or `refs/tags/r*` or `x` or 1 more"), Some(&*brief)),
            (
                Some("2026-09-02T00:00:00Z or later, which is 30d before this moment"),
                Some("nothing")
            ),
        ]
    );
}
