//! What the policy says about those who signed.

use lockgate_plugin::from_json;

use super::*;

/// The report on signatures by these (name, key).
fn report(settings: &str, signers: &[(&str, &str)]) -> String {
    let policy = from_json::<Signatures>(settings).unwrap();
    let signers = signers
        .iter()
        .map(|&(name, key)| Signer { name: name.to_owned(), key: format!("sha256:{key}") });
    judge(&policy, &signers.collect::<Vec<_>>()).to_string()
}

const BOTH: &str = r#"{ "required": ["ci"], "threshold": 2, "accepted": ["ci", "release"] }"#;

#[test]
fn the_required_signer_and_enough_keys_pass() {
    assert_eq!(
        report(BOTH, &[("ci", "01"), ("release", "02")]),
        "checked missing-signer\nchecked too-few-signers\n\
         not applicable too-few-of-group: `need` is not set in the settings\n"
    );
}

#[test]
fn a_required_signer_who_did_not_sign_is_named() {
    assert_eq!(
        report(r#"{ "required": ["ci", "qa"] }"#, &[("ci", "01")]),
        "checked missing-signer\n\
         not applicable too-few-signers: `threshold` is not set in the settings\n\
         not applicable too-few-of-group: `need` is not set in the settings\n\
         violation missing-signer [qa]: no verified signature over the artifact is by `qa`\n"
    );
}

#[test]
fn one_key_under_two_names_counts_once() {
    assert_eq!(
        report(r#"{ "threshold": 2 }"#, &[("ci", "01"), ("release", "01")]),
        "not applicable missing-signer: `required` is not set in the settings\n\
         checked too-few-signers\n\
         not applicable too-few-of-group: `need` is not set in the settings\n\
         violation too-few-signers: 1 of at least 2 distinct accepted keys signed the artifact \
         (`ci`, `release`)\n"
    );
}

#[test]
fn a_signer_who_is_not_accepted_does_not_count() {
    assert_eq!(
        report(r#"{ "threshold": 1, "accepted": ["release"] }"#, &[("ci", "01")]),
        "not applicable missing-signer: `required` is not set in the settings\n\
         checked too-few-signers\n\
         not applicable too-few-of-group: `need` is not set in the settings\n\
         violation too-few-signers: 0 of at least 1 distinct accepted keys signed the \
         artifact\n"
    );
    assert!(!report(r#"{ "threshold": 1 }"#, &[("ci", "01")]).contains("violation"));
}

#[test]
fn no_signature_at_all_fails_both_rules() {
    let report = report(BOTH, &[]);
    assert!(report.contains("violation missing-signer [ci]"), "{report}");
    assert!(report.contains("violation too-few-signers: 0 of at least 2"), "{report}");
}

const GROUPS: &str = r#"{
    "groups": { "security": ["alice", "bob"], "release": ["alice", "carol", "dave"] },
    "need": [{ "group": "security", "count": 1 }, { "group": "release", "count": 2 }]
}"#;

/// The findings about groups.
fn short(settings: &str, signers: &[(&str, &str)]) -> String {
    let report = report(settings, signers);
    let rest = report.strip_prefix(
        "not applicable missing-signer: `required` is not set in the settings\n\
         not applicable too-few-signers: `threshold` is not set in the settings\n\
         checked too-few-of-group\n",
    );
    rest.unwrap().to_owned()
}

#[test]
fn enough_of_every_group_pass_however_they_are_spread() {
    // `alice` is of both, and has to count for the second here and for the first there.
    for signers in [
        [("alice", "01"), ("bob", "02"), ("carol", "03")],
        [("alice", "01"), ("carol", "02"), ("dave", "03")],
        [("alice", "09"), ("bob", "02"), ("carol", "03")],
    ] {
        assert_eq!(short(GROUPS, &signers), "");
    }
}

#[test]
fn who_is_of_two_groups_counts_for_one() {
    assert_eq!(
        short(GROUPS, &[("alice", "01"), ("carol", "02")]),
        "violation too-few-of-group [release]: the group `release` lacks 1 of 2 signers; counted for \
         another group: `alice`; who could still sign: `bob`, `dave`\n"
    );
}

#[test]
fn one_key_under_the_names_of_two_groups_counts_once() {
    let settings = r#"{
        "groups": { "a": ["x"], "b": ["y"] },
        "need": [{ "group": "a", "count": 1 }, { "group": "b", "count": 1 }]
    }"#;
    assert_eq!(
        short(settings, &[("x", "01"), ("y", "01")]),
        "violation too-few-of-group [b]: the group `b` lacks 1 of 1 signers; counted for another \
         group: `y`; who could still sign: nobody\n"
    );
    assert_eq!(short(settings, &[("x", "01"), ("y", "02")]), "");
}

#[test]
fn every_group_that_lacks_signers_is_told_with_who_could_sign() {
    assert_eq!(
        short(GROUPS, &[("mallory", "66")]),
        "violation too-few-of-group [security]: the group `security` lacks 1 of 1 signers; who could still sign: `alice`, `bob`\n\
         violation too-few-of-group [release]: the group `release` lacks 2 of 2 signers; \
         who could still sign: `alice`, `carol`, `dave`\n"
    );
}

#[test]
fn a_finding_says_what_would_have_been_right_and_what_was_there() {
    let policy = from_json::<Signatures>(
        r#"{
            "required": ["qa"], "threshold": 2, "accepted": ["qa", "carol"],
            "groups": { "release": ["carol", "dave"] },
            "need": [{ "group": "release", "count": 2 }]
        }"#,
    );
    let signer = Signer { name: "carol".into(), key: "sha256:01".into() };
    let report = judge(&policy.unwrap(), &[signer]);
    let said = report.findings().iter().map(|finding| {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        format!("{}: {} / {}", finding.rule.code, text(&finding.expected), text(&finding.found))
    });
    assert_eq!(
        said.collect::<Vec<_>>(),
        [
            "missing-signer: a signature by `qa` / signatures by `carol`",
            "too-few-signers: distinct keys that signed: 2, of `qa`, `carol` / 1 (`carol`)",
            "too-few-of-group: distinct signers of the group: 2 / 1 (`carol`)",
        ]
    );
}
