//! What the policy says about provenances in both versions of the format.

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
fn the_level_is_that_of_the_builder_for_this_signer_or_of_a_summary() {
    let settings =
        with_builder(r#""max-age": "1d""#).replace(r#""min-level": 1"#, r#""min-level": 3"#);
    let predicate =
        with(v1(), "/runDetails/metadata", json!({ "finishedOn": "2026-10-01T00:00:00Z" }));
    let low = format!(
        "violation level-too-low [{BUILDER}]: provenance `p.json` is by a builder that is not \
         trusted up to the required level\n"
    );
    assert_eq!(findings(&judged(&settings, V1, &["builder"], &predicate)), low);
    assert_eq!(findings(&judged(&settings, V1, &["hsm"], &predicate)), "");
    let report = judged(&settings, V1, &["mallory"], &predicate);
    assert!(report.contains("violation level-too-low"), "{report}");
    let after = |summarised| {
        let seen = Seen { at: Some(1_790_899_200), summarised };
        findings(&judged_after(&settings, V1, &["builder"], &predicate, &seen))
    };
    assert_eq!([after(2), after(3)], [low, String::new()]);
}

/// The level that a summary is evidence for, and what is found.
fn summarised(signers: &[&str], predicate: &Value) -> (u8, String) {
    let settings = r#"{
        "builders": [{ "id": "b", "signers": ["s"] }], "min-level": 3,
        "verifiers": [{ "id": "https://verify.acme.example", "signers": ["verifier"] }]
    }"#;
    let policy = from_json::<Provenance>(settings).unwrap();
    let summary = statement("https://slsa.dev/verification_summary/v1", signers);
    let mut report = Report::new();
    let level = policy.summarised(&summary, predicate, &mut report).unwrap();
    (level, report.to_string())
}

fn summary(levels: &Value) -> Value {
    json!({
        "verifier": { "id": "https://verify.acme.example" },
        "verificationResult": "PASSED",
        "verifiedLevels": levels,
    })
}

#[test]
fn a_summary_that_passed_is_evidence_of_its_build_level() {
    let levels = json!(["SLSA_SOURCE_LEVEL_1", "SLSA_BUILD_LEVEL_3"]);
    assert_eq!(summarised(&["verifier"], &summary(&levels)), (3, String::new()));
    for none in [json!([]), json!(["SLSA_BUILD_LEVEL_UNEVALUATED"]), json!(["ACME"]), json!(null)] {
        assert_eq!(summarised(&["verifier"], &summary(&none)), (0, String::new()), "{none}");
    }
}

#[test]
fn a_summary_that_failed_or_contradicts_itself_is_a_violation() {
    let failed = "violation level-too-low [https://verify.acme.example]: verification summary \
                  `p.json` did not pass\n";
    for levels in [
        json!(["SLSA_BUILD_LEVEL_3", "FAILED"]),
        json!(["SLSA_BUILD_LEVEL_3", "SLSA_BUILD_LEVEL_1"]),
        json!(["SLSA_BUILD_LEVEL_33"]),
        json!(["SLSA_BUILD_LEVEL_"]),
        json!([3]),
    ] {
        let (level, found) = summarised(&["verifier"], &summary(&levels));
        assert_eq!((level, &*found), (0, failed), "{levels}");
    }
    for result in [json!("FAILED"), json!("passed"), json!(null), json!(true)] {
        let summary = with(summary(&json!(["SLSA_BUILD_LEVEL_3"])), "/verificationResult", result);
        assert_eq!(summarised(&["verifier"], &summary), (0, failed.into()));
    }
}

#[test]
fn a_summary_by_anybody_else_counts_for_nothing() {
    let good = summary(&json!(["SLSA_BUILD_LEVEL_3"]));
    let other = with(good.clone(), "/verifier/id", json!("https://evil.example"));
    for (signers, predicate) in [(["ci"], &good), (["verifier"], &other)] {
        let (level, found) = summarised(&signers, predicate);
        assert_eq!(level, 0);
        assert!(
            found.starts_with("note level-too-low [") && !found.contains("violation"),
            "{found}"
        );
    }
}

#[test]
fn a_hermetic_build_has_to_say_so() {
    let yes = r#""hermetic": true"#;
    let place = "/metadata";
    let complete =
        |value: Value| with(v02(), place, json!({ "completeness": { "materials": value } }));
    assert_eq!(found(yes, V02, &complete(json!(true))), "");
    for no in [json!(false), json!(null), json!("true"), json!(1)] {
        assert_eq!(
            found(yes, V02, &complete(no)),
            "violation not-hermetic [/metadata/completeness/materials]: provenance `p.json` does \
             not state that the build was hermetic\n"
        );
    }
    assert_eq!(
        found(yes, V1, &v1()),
        "violation not-hermetic: provenance `p.json` is in v1, which does not say by itself \
         whether a build was hermetic\n"
    );
    let named = r#""hermetic": { "parameter": "/internalParameters/network", "value": "none" }"#;
    let internal =
        |value| with(v1(), "/buildDefinition/internalParameters", json!({ "network": value }));
    assert_eq!(found(named, V1, &internal("none")), "");
    assert_eq!(
        found(named, V1, &internal("host")),
        "violation not-hermetic [/buildDefinition/internalParameters/network]: provenance `p.json` \
         does not state that the build was hermetic\n"
    );
    assert!(found(named, V1, &v1()).contains("not-hermetic"));
    assert_eq!(found(named, V02, &complete(json!(true))), "");
    assert!(found(named, V02, &v02()).contains("not-hermetic"));
}

#[test]
fn complete_parameters_are_stated_in_v02_and_follow_from_the_level_in_v1() {
    let settings = with_builder(r#""complete-parameters": true"#);
    let complete = with(v02(), "/metadata", json!({ "completeness": { "parameters": true } }));
    assert_eq!(findings(&judged(&settings, V02, &["builder"], &complete)), "");
    assert_eq!(
        findings(&judged(&settings, V02, &["hsm"], &v02())),
        "violation incomplete-parameters [/metadata/completeness/parameters]: provenance `p.json` \
         does not state that its parameters are complete\n"
    );
    assert_eq!(findings(&judged(&settings, V1, &["hsm"], &v1())), "");
    assert_eq!(
        findings(&judged(&settings, V1, &["builder"], &v1())),
        "violation incomplete-parameters: provenance `p.json` is by a builder that need not state \
         all parameters\n"
    );
    let none = with(v1(), "/buildDefinition/externalParameters", json!(null));
    assert_eq!(
        findings(&judged(&settings, V1, &["hsm"], &none)),
        "violation incomplete-parameters: provenance `p.json` states no external parameters\n"
    );
}

#[test]
fn a_material_is_pinned_by_a_strong_digest_of_its_length() {
    let settings = r#""materials": { "pinned": true }"#;
    let sha1 = "c27d339ee6075c1f744c5d4b200f7901aad2c369";
    let sha256 = "8ec176ee81673694824c9b61e6eda03d07e0517d1b96e35d69f5e310a730c53d";
    let sha512 = format!("{sha256}{sha256}");
    let judged = |material: Value| {
        let predicate = with(v1(), "/buildDefinition/resolvedDependencies", json!([material]));
        found(settings, V1, &predicate)
    };
    for pinned in [
        json!({ "uri": "https://acme.example/x", "digest": { "sha256": sha256 } }),
        json!({ "uri": "https://acme.example/x", "digest": { "md5": "00", "sha512": sha512 } }),
        json!({ "uri": "git+https://github.com/acme/orders@refs/x", "digest": { "sha1": sha1 } }),
        json!({ "uri": "git+https://github.com/acme/orders", "digest": { "gitCommit": sha1 } }),
        json!({ "uri": "git+https://github.com/acme/orders", "digest": { "gitCommit": sha256 } }),
        json!({ "uri": "https://gitlab.com/acme/orders.git", "digest": { "sha1": sha1 } }),
        json!({ "uri": "pkg:github/acme/orders@v1", "digest": { "gitCommit": sha1 } }),
        json!({ "digest": { "sha256": sha256 } }),
    ] {
        assert_eq!(judged(pinned.clone()), "", "{pinned}");
    }
    for unpinned in [
        json!({ "uri": "https://acme.example/x", "digest": { "sha1": sha1 } }),
        json!({ "uri": "https://acme.example/x", "digest": { "gitCommit": sha1 } }),
        json!({ "uri": "https://acme.example/x?.git", "digest": { "sha1": sha1 } }),
        json!({ "uri": "https://gitlab.com/acme/orders.git", "digest": { "sha256": sha1 } }),
        json!({ "uri": "https://acme.example/x", "digest": { "sha256": "" } }),
        json!({ "uri": "https://acme.example/x", "digest": { "sha256": [sha256] } }),
        json!({ "uri": "https://acme.example/x", "digest": {} }),
        json!({ "uri": "https://acme.example/x" }),
        json!({ "uri": [], "digest": "x" }),
        json!("x"),
        json!(null),
    ] {
        let found = judged(unpinned.clone());
        assert!(found.starts_with("violation unpinned-material ["), "{unpinned}: {found}");
        assert_eq!(found.lines().count(), 1);
    }
    assert_eq!(
        judged(json!({ "uri": "pkg:docker/alpine@3", "digest": { "sha1": sha1 } })),
        "violation unpinned-material [pkg:docker/alpine@3]: provenance `p.json` states a material \
         that no strong digest names\n"
    );
}

#[test]
fn a_material_has_to_be_allowed_by_its_uri() {
    let settings = r#""materials": { "allow": [
        { "glob": "git+https://github.com/acme/*@refs/tags/*" },
        { "glob": "pkg:docker/acme/*@*" }, { "glob": "pkg:npm/%40acme/*@*" }, "https://x/#y"
    ] }"#;
    let judged = |uri: Value| {
        let materials = json!([{ "uri": uri }]);
        found(settings, V02, &with(v02(), "/materials", materials))
    };
    for allowed in [
        "git+https://github.com/acme/orders@refs/tags/v1",
        "pkg:docker/acme/go@1.24?platform=linux%2Famd64",
        "pkg:npm/%40acme/orders@1.0.0",
        "https://x/#y",
    ] {
        assert_eq!(judged(json!(allowed)), "", "{allowed}");
    }
    for foreign in [
        json!("git+https://github.com/mallory/orders@refs/tags/v1"),
        json!("git+https://github.com/acme/orders@refs/tags/v1?x"),
        json!("pkg:npm/%40mallory/orders@1.0.0"),
        json!(null),
        json!(["pkg:docker/acme/go@1"]),
    ] {
        let found = judged(foreign.clone());
        assert!(found.starts_with("violation material-not-allowed ["), "{foreign}: {found}");
    }
}

#[test]
fn no_materials_are_none_that_are_fine() {
    let settings = r#""materials": { "pinned": true, "allow": ["x"] }"#;
    for none in [json!([]), json!(null), json!("x")] {
        assert_eq!(
            found(settings, V02, &with(v02(), "/materials", none)),
            "violation unpinned-material [/materials]: provenance `p.json` states no materials\n\
             violation material-not-allowed [/materials]: provenance `p.json` states no \
             materials\n"
        );
    }
}

#[test]
fn many_materials_are_named_up_to_a_hundred_and_then_counted() {
    let settings = r#""materials": { "pinned": true }"#;
    let materials: Vec<Value> = (0..130).map(|n| json!({ "uri": format!("pkg:a/{n}") })).collect();
    let found = found(settings, V02, &with(v02(), "/materials", json!(materials)));
    assert_eq!(found.lines().count(), 101);
    assert!(found.ends_with("provenance `p.json` has 30 further findings like these\n"), "{found}");
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
