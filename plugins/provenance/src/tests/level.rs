//! What the policy says of levels, and of what a provenance says of its own completeness.

use serde_json::{Value, json};

use super::*;

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
