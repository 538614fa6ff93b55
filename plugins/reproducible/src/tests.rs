//! What the policy says about builds.

use lockgate_plugin::from_json;

use super::*;

const SETTINGS: &str = r#"{ "organisations": [
    { "name": "acme", "signers": ["acme-ci", "acme-hsm"] },
    { "name": "globex", "signers": ["globex"], "builders": [{ "glob": "https://globex.example/*" }] },
    { "name": "initech", "signers": ["initech"] }
] }"#;

/// A build by these (name, key).
fn build(path: &str, builder: Option<&str>, signers: &[(&str, &str)]) -> Build {
    Build {
        path: path.into(),
        digest: format!("sha256:{path}"),
        signers: signers
            .iter()
            .map(|&(name, key)| Signer { name: name.into(), key: key.into() })
            .collect(),
        builder: builder.map(Into::into),
    }
}

fn acme(path: &str) -> Build {
    build(path, Some("https://acme.example"), &[("acme-ci", "k1")])
}

/// The findings on builds.
fn found(settings: &str, builds: &[Build]) -> String {
    let report = from_json::<Reproducible>(settings).unwrap().judge(builds).to_string();
    let rest = report.strip_prefix("checked too-few-builders\nchecked builder-not-declared\n");
    rest.unwrap().to_owned()
}

const ONE: &str = "violation too-few-builders: 1 of at least 2 independent organisations attest \
                   that they built this; who could still: `globex`, `initech`\n";

#[test]
fn two_organisations_with_keys_of_their_own_pass() {
    let globex = build("b", Some("https://globex.example/rebuild"), &[("globex", "k2")]);
    assert_eq!(found(SETTINGS, &[acme("a"), globex]), "");
    let initech = build("b", None, &[("initech", "k3")]);
    assert_eq!(found(SETTINGS, &[acme("a"), initech]), "");
}

#[test]
fn two_signers_or_builders_of_one_organisation_are_one() {
    let other = build("b", Some("https://another.example"), &[("acme-hsm", "k9")]);
    assert_eq!(found(SETTINGS, &[acme("a"), other, acme("c")]), ONE);
}

#[test]
fn one_key_under_the_names_of_two_organisations_counts_once() {
    let same = build("b", None, &[("initech", "k1")]);
    assert_eq!(found(SETTINGS, &[acme("a"), same]), ONE);
    // It may count for either, and then another key has to be there for the other.
    let hsm = build("c", None, &[("acme-hsm", "k9")]);
    let same = build("b", None, &[("initech", "k1")]);
    assert_eq!(found(SETTINGS, &[acme("a"), same, hsm]), "");
}

#[test]
fn what_is_signed_for_nobody_or_for_several_counts_for_nothing() {
    let nobody = build("b", None, &[("mallory", "k6")]);
    let both = build("c", None, &[("acme-ci", "k1"), ("initech", "k3")]);
    assert_eq!(
        found(SETTINGS, &[acme("a"), nobody, both]),
        format!(
            "note too-few-builders: provenance `b` is signed for no declared organisation, and \
             counts for nothing\n\
             note too-few-builders: provenance `c` is signed for several organisations, so it is \
             one build of none, and counts for nothing\n{ONE}"
        )
    );
}

#[test]
fn a_builder_that_is_not_declared_fails_and_does_not_count() {
    for (builder, about) in
        [(Some("https://evil.example/x"), " [https://evil.example/x]"), (None, "")]
    {
        let globex = build("b", builder, &[("globex", "k2")]);
        assert_eq!(
            found(SETTINGS, &[acme("a"), globex]),
            format!(
                "violation builder-not-declared{about}: provenance `b` states a builder that is not \
                 one of `globex`\n{ONE}"
            )
        );
    }
}

#[test]
fn without_any_build_nobody_agrees() {
    assert_eq!(
        found(SETTINGS, &[]),
        "violation too-few-builders: 0 of at least 2 independent organisations attest that they \
         built this; who could still: `acme`, `globex`, `initech`\n"
    );
}

#[test]
fn builders_that_nobody_lists_are_not_applicable() {
    let settings = r#"{ "organisations": [{ "name": "a", "signers": ["acme-ci"] },
                                          { "name": "b", "signers": ["b"] }] }"#;
    let b = build("b", None, &[("b", "k2")]);
    assert_eq!(
        from_json::<Reproducible>(settings).unwrap().judge(&[acme("a"), b]).to_string(),
        "checked too-few-builders\n\
         not applicable builder-not-declared: `builders` is not set in the settings\n"
    );
}

#[test]
fn findings_say_what_would_have_been_right_and_on_what_they_rest() {
    let globex = build("b", Some("x"), &[("globex", "k2")]);
    let report = from_json::<Reproducible>(SETTINGS).unwrap().judge(&[acme("a"), globex]);
    let said: Vec<_> = report
        .findings()
        .iter()
        .map(|finding| {
            let text = |text: &Option<String>| text.clone().unwrap_or_default();
            (text(&finding.expected), text(&finding.found), finding.evidence.join(" "))
        })
        .collect();
    assert_eq!(
        said,
        [
            ("`https://globex.example/*`".into(), "x".into(), "sha256:b".into()),
            ("provenance by 2 organisations".into(), "`acme`".into(), String::new()),
        ]
    );
}
