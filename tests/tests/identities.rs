//! Who signed: what an identity of `[trust]` asks for is held against the whole certificate, and
//! nobody who only looks like it gets through.
#![forbid(unsafe_code)]

use std::sync::LazyLock;

use lockgate_tests::forge::{Bundle, CLAIMS, GITHUB, Instance, Key, Signing, WORKFLOW};
use lockgate_tests::{Desk, Row, identity, statement};
use serde_json::{Value, json};

const BINARY: &str = env!("CARGO_BIN_EXE_lockgate-under-test");

/// The instance of these tests.
static FORGE: LazyLock<Instance> = LazyLock::new(Instance::new);

/// A signature over the artifact, by the workflow unless more is said.
fn sign() -> Signing<'static> {
    FORGE.sign(Desk::ARTIFACT)
}

/// What becomes of a bundle where one identity is trusted, with these lines.
fn ask(lines: &str, bundle: &Bundle) -> Row {
    Desk::new(BINARY, &FORGE).with(&identity(lines)).row(bundle)
}

/// What is said of an identity with these lines, which cannot be meant.
fn misconfigured(lines: &str) -> String {
    Desk::new(BINARY, &FORGE).with(&identity(lines)).misconfigured()
}

/// The lines of an identity that asks for the workflow.
fn exactly() -> String {
    format!("subject = \"{WORKFLOW}\"\n")
}

/// The release workflow, asked for in three ways.
fn release_workflow() -> [String; 3] {
    let path = "https://github.com/acme/app/.github/workflows/release.yml";
    let expression = path.replace('.', r"\.");
    [
        exactly(),
        format!("subject = {{ glob = \"{path}@refs/tags/v*\" }}"),
        format!("subject = {{ regex = '{expression}@refs/tags/v[0-9.]+' }}"),
    ]
}

#[test]
fn the_workflow_is_who_it_is_asked_for_in_each_way() {
    for lines in release_workflow() {
        ask(&lines, &sign().bundle()).fact("signature", "builder");
    }
}

#[test]
fn look_alikes_are_refused_in_each_way() {
    let look_alikes = [
        // Another workflow, on a branch that somebody called so.
        "https://github.com/acme/app/.github/workflows/evil.yml@refs/heads/release.yml@refs/tags/v1.2.3",
        "https://github.com/acme/app/.github/workflows/release.yml@refs/heads/x@refs/tags/v1.2.3",
        // The same workflow, from a branch.
        "https://github.com/acme/app/.github/workflows/release.yml@refs/heads/v1.2.3",
        // Another repository, another owner, another forge.
        "https://github.com/acme/other/.github/workflows/release.yml@refs/tags/v1.2.3",
        "https://github.com/acme/app-evil/.github/workflows/release.yml@refs/tags/v1.2.3",
        "https://github.com/acme-evil/app/.github/workflows/release.yml@refs/tags/v1.2.3",
        "https://github.com/evil/acme/app/.github/workflows/release.yml@refs/tags/v1.2.3",
        "https://github.com.evil.example/acme/app/.github/workflows/release.yml@refs/tags/v1.2.3",
        "https://evil.example/https://github.com/acme/app/.github/workflows/release.yml@refs/tags/v1.2.3",
        // The dots of a regex are dots.
        "https://github.com/acme/app/.github/workflows/releaseXyml@refs/tags/v1.2.3",
        "https://githubXcom/acme/app/.github/workflows/release.yml@refs/tags/v1.2.3",
        // A deeper tag, and more behind it.
        "https://github.com/acme/app/.github/workflows/release.yml@refs/tags/v1.2.3/evil",
        "https://github.com/acme/app/.github/workflows/release.yml@refs/tags/v1.2.3@evil",
        // Another case.
        "https://github.com/Acme/app/.github/workflows/release.yml@refs/tags/v1.2.3",
        "https://github.com/acme/app/.github/workflows/release.yml@refs/tags/V1.2.3",
        // Less than all of it.
        "https://github.com/acme/app/.github/workflows/release.yml@refs/tags/",
        "https://github.com/acme/app/.github/workflows/release.yml",
        "",
        // Lines and spaces around it.
        "https://evil.example\nhttps://github.com/acme/app/.github/workflows/release.yml@refs/tags/v1.2.3",
        "https://github.com/acme/app/.github/workflows/release.yml@refs/tags/v1.2.3\nhttps://evil.example",
        "\nhttps://github.com/acme/app/.github/workflows/release.yml@refs/tags/v1.2.3",
        " https://github.com/acme/app/.github/workflows/release.yml@refs/tags/v1.2.3",
    ];
    for lines in release_workflow() {
        for other in look_alikes {
            let row = ask(&lines, &sign().uri(other).bundle());
            assert_eq!(row.status, "rejected", "{lines} takes {other:?} for it");
            row.rejected(&["subject"]);
        }
    }
    // No text of a certificate (RFC 5280: IA5), so that nobody is anybody.
    let cyrillic = WORKFLOW.replace("acme", "\u{430}cme");
    ask(&exactly(), &sign().uri(&cyrillic).bundle()).rejected(&["certificate", "subject"]);
}

#[test]
fn what_ends_with_a_line_or_a_nul_is_not_the_same() {
    for lines in release_workflow() {
        for end in ["\n", "\r\n", "\0", "\u{1b}[2K"] {
            let row = ask(&lines, &sign().uri(&format!("{WORKFLOW}{end}")).bundle());
            assert_eq!(row.status, "rejected", "{lines} takes it with {end:?} behind");
        }
    }
}

#[test]
fn an_exact_subject_is_no_prefix_and_no_pattern() {
    for other in [format!("{WORKFLOW}0"), WORKFLOW[..WORKFLOW.len() - 1].to_owned()] {
        ask(&exactly(), &sign().uri(&other).bundle()).rejected(&["subject"]);
    }
    // What means something in a pattern means itself here.
    let star = "https://github.com/acme/*";
    let lines = format!("subject = \"{star}\"");
    ask(&lines, &sign().uri(star).bundle()).fact("signature", "builder");
    ask(&lines, &sign().uri("https://github.com/acme/app").bundle()).rejected(&["subject"]);
    let lines = "subject = \".*\"";
    ask(lines, &sign().bundle()).rejected(&["subject"]);
}

#[test]
fn the_star_of_a_glob_crosses_neither_slash_nor_at() {
    let glob = "https://github.com/acme/*/.github/workflows/*.yml@refs/tags/v*";
    let lines = format!("subject = {{ glob = \"{glob}\" }}");
    let with = |repository: &str, workflow: &str, tag: &str| {
        format!(
            "https://github.com/acme/{repository}/.github/workflows/{workflow}.yml@refs/tags/{tag}"
        )
    };
    for good in [with("app", "release", "v1"), with("x.y", "a-b", "v"), with("", "", "v2.0")] {
        ask(&lines, &sign().uri(&good).bundle()).fact("signature", "builder");
    }
    for bad in [
        with("app/evil", "release", "v1"),
        with("app", "a/b", "v1"),
        with("app", "release", "v1/x"),
        with("app", "release", "v1@x"),
        with("app", "evil.yml@refs/heads/release", "v1"),
    ] {
        ask(&lines, &sign().uri(&bad).bundle()).rejected(&["subject"]);
    }
    let everybody = "subject = { glob = \"*\" }";
    ask(everybody, &sign().bundle()).rejected(&["subject"]);
}

#[test]
fn an_alternation_does_not_leak_out_of_the_whole_value() {
    let lines = r"subject = { regex = 'https://good\.example|https://fair\.example/.*' }";
    let by = |uri: &str| ask(lines, &sign().uri(uri).bundle());
    by("https://good.example").fact("signature", "builder");
    by("https://fair.example/anything").fact("signature", "builder");
    for bad in [
        "https://good.example.evil.example",
        "https://good.example/https://fair.example",
        "evil https://fair.example/anything",
        "https://evil.example/https://fair.example/anything",
        "https://fair.example/any\nthing",
    ] {
        by(bad).rejected(&["subject"]);
    }
}

#[test]
fn anchors_of_its_own_change_nothing_about_a_regex() {
    let expression = WORKFLOW.replace('.', r"\.");
    for around in ["^{}$", "^{}", "{}$", r"\A{}\z", "(?:{})"] {
        let lines = format!("subject = {{ regex = '{}' }}", around.replace("{}", &expression));
        ask(&lines, &sign().bundle()).fact("signature", "builder");
        for bad in [format!("{WORKFLOW}0"), format!("x{WORKFLOW}"), format!("x\n{WORKFLOW}\nx")] {
            ask(&lines, &sign().uri(&bad).bundle()).rejected(&["subject"]);
        }
    }
}

#[test]
fn a_regex_that_moves_its_anchors_is_a_configuration_error() {
    for expression in [
        "(?m)^https://good$",
        "(?im)^https://good$",
        "(?m:^https://good$)",
        "https://(?m:^good$)",
        "https://good(?m)$",
        "(?mR)^https://good$",
    ] {
        let said = misconfigured(&format!("subject = {{ regex = '{expression}' }}"));
        assert!(said.contains("regex") && said.contains("flag"), "{expression}: {said}");
    }
    for expression in ["https://good)|(?:.*", "(https://good", "[a", "*", "a{2,1}", r"\y", "a)(b"] {
        let said = misconfigured(&format!("subject = {{ regex = '{expression}' }}"));
        assert!(said.contains("regex"), "{expression}: {said}");
    }
}

#[test]
fn what_an_identity_lacks_or_nobody_knows_is_a_configuration_error() {
    for (lines, words) in [
        ("", "subject"),
        ("subject = \"\"", "subject"),
        ("subject = { glob = \"\" }", "subject"),
        ("subject = { regex = \"\" }", "subject"),
        ("subject = {}", "subject"),
        ("subject = 7", "subject"),
        ("subject = [\"a\"]", "subject"),
        ("subject = { prefix = \"https://\" }", "prefix"),
        ("subject = { glob = \"a\", regex = \"a\" }", "subject"),
        ("subject = { glob = \"https://**\" }", "glob"),
        ("subject = \"a\"\nsubject-type = \"dns\"", "dns"),
        ("subject = \"a\"\nsubject-type = \"URI\"", "URI"),
        ("subject = \"a\"\nextensions = { workflow = \"a\" }", "workflow"),
        ("subject = \"a\"\nextensions = { build-trigger = { regex = \"(\" } }", "build-trigger"),
        ("subject = \"a\"\nextensions = { build-trigger = \"\" }", "build-trigger"),
        ("subject = \"a\"\nfor = []", "for"),
        ("subject = \"a\"\nfor = [\"color\"]", "color"),
        ("subject = \"a\"\nsubjects = \"b\"", "subjects"),
        ("subject = \"a\"\nrevoked = \"lost\"", "lost"),
        ("subject = \"a\"\nrevoked-at = \"tomorrow\"", "RFC 3339"),
        (
            "subject = \"a\"\nnot-before = 2026-01-02T00:00:00Z\nnot-after = 2026-01-01T00:00:00Z",
            "no moment",
        ),
    ] {
        let said = misconfigured(lines);
        assert!(said.contains(words), "`{words}` is not in what is said of `{lines}`: {said}");
        assert!(said.contains("lockgate.toml:"), "says where: {said}");
    }
    for issuer in ["", "issuer = \"\"\n"] {
        let desk = Desk::new(BINARY, &FORGE);
        let config = format!(
            "[trust]\nsigstore-root = \"trusted_root.json\"\n[[trust.identity]]\nname = \"a\"\n\
             {issuer}subject = \"a\"\n"
        );
        let said = desk.with(&config).misconfigured();
        assert!(said.contains("issuer"), "{said}");
    }
}

#[test]
fn an_address_is_no_uri_and_a_uri_is_no_address() {
    let (ann, subject) = ("ann@example.com", "subject = \"ann@example.com\"\n");
    let (address, uri) = (sign().email(ann).bundle(), sign().uri(ann).bundle());
    let typed = |word: &str| format!("{subject}subject-type = \"{word}\"\n");
    ask(&typed("email"), &address).fact("signature", "builder");
    ask(&typed("uri"), &uri).fact("signature", "builder");
    ask(&typed("email"), &uri).rejected(&["subject"]);
    ask(&typed("uri"), &address).rejected(&["subject"]);
    // Where it is not asked for, either will do.
    ask(subject, &address).fact("signature", "builder");
    ask(subject, &uri).fact("signature", "builder");
}

#[test]
fn addresses_are_matched_as_a_whole_too() {
    let lines = "subject = { glob = \"*@example.com\" }\nsubject-type = \"email\"";
    ask(lines, &sign().email("ann@example.com").bundle()).fact("signature", "builder");
    for bad in ["ann@example.com.evil", "ann@evil@example.com", "ann@evil.example", "@example"] {
        ask(lines, &sign().email(bad).bundle()).rejected(&["subject"]);
    }
}

#[test]
fn the_issuer_is_compared_exactly() {
    for other in [
        "https://token.actions.githubusercontent.com/",
        "https://token.actions.githubusercontent.com/acme",
        "https://token.actions.githubusercontent.co",
        "https://token.actions.githubusercontent.com.evil.example",
        "http://token.actions.githubusercontent.com",
        "HTTPS://TOKEN.ACTIONS.GITHUBUSERCONTENT.COM",
        "token.actions.githubusercontent.com",
        "https://token.actions.githubusercontent.com\n",
        "https://accounts.google.com",
        "",
    ] {
        let row = ask(&exactly(), &sign().issuer(other).bundle());
        assert_eq!(row.status, "rejected", "{other:?} is taken for the issuer");
        row.rejected(&["issuer"]);
    }
    ask(&exactly(), &sign().without_issuer().bundle()).rejected(&["issuer"]);
}

#[test]
fn each_extension_takes_the_right_value_and_neither_a_wrong_one_nor_none() {
    for (name, _, value) in CLAIMS {
        let lines = format!("{}extensions = {{ {name} = \"{value}\" }}", exactly());
        ask(&lines, &sign().bundle()).fact("signature", "builder");
        let prefix = &value[..value.len() - 1];
        for wrong in ["something else", &format!("{value}x"), prefix, ""] {
            let row = ask(&lines, &sign().claim(name, wrong).bundle());
            assert_eq!(row.status, "rejected", "{name} is taken to be {wrong:?}");
            row.rejected(&[name]);
        }
        ask(&lines, &sign().without_claim(name).bundle()).rejected(&[name]);
    }
}

#[test]
fn an_extension_is_asked_for_by_patterns_too_and_all_have_to_hold() {
    let lines = format!(
        "{}extensions = {{ source-repository-ref = {{ glob = \"refs/tags/v*\" }}, \
         source-repository-uri = {{ regex = 'https://github\\.com/acme/[a-z]+' }}, \
         runner-environment = \"github-hosted\" }}",
        exactly()
    );
    ask(&lines, &sign().bundle()).fact("signature", "builder");
    for (name, wrong) in [
        ("source-repository-ref", "refs/heads/main"),
        ("source-repository-ref", "refs/tags/v1/x"),
        ("source-repository-ref", "x/refs/tags/v1"),
        ("source-repository-uri", "https://github.com/acme/app/x"),
        ("source-repository-uri", "https://github.com/acme/"),
        ("source-repository-uri", "https://githubXcom/acme/app"),
        ("runner-environment", "self-hosted"),
    ] {
        ask(&lines, &sign().claim(name, wrong).bundle()).rejected(&[name]);
    }
}

#[test]
fn a_second_name_in_a_certificate_is_nobody() {
    let two = sign().uri("https://evil.example").and_uri(WORKFLOW).bundle();
    ask(&exactly(), &two).rejected(&["subject", "certificate"]);
}

#[test]
fn what_a_certificate_says_drives_no_terminal() {
    let bundle = sign().uri("https://evil.example/\u{1b}[2J\u{7}").bundle();
    let desk = Desk::new(BINARY, &FORGE).with(&identity(&exactly()));
    let ran = desk.evidence(&bundle, Desk::AT).exits(0);
    assert!(!ran.stdout.contains('\u{1b}') && !ran.stdout.contains("\\u001b"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("\\u0007"), "{}", ran.stdout);
    assert!(ran.stdout.contains("evil.example"), "{}", ran.stdout);
}

/// A statement about the artifact that some builder built it.
fn provenance() -> Value {
    let predicate = json!({
        "buildDefinition": {
            "buildType": "https://example.com/build",
            "externalParameters": { "workflow": { "repository": "https://github.com/acme/app" } },
        },
        "runDetails": { "builder": { "id": "https://github.com/actions/runner" } },
    });
    statement(Desk::ARTIFACT, "https://slsa.dev/provenance/v1", &predicate)
}

#[test]
fn an_identity_vouches_for_the_kinds_that_it_is_trusted_with() {
    let provenance = FORGE.attest(&provenance()).bundle();
    let scoped = format!("{}for = [\"provenance\"]", exactly());
    ask(&scoped, &provenance).fact("provenance", "builder");
    let row = ask(&scoped, &sign().bundle());
    row.rejected(&["signer-not-for-kind"]);
    assert_eq!(row.kind.as_deref(), Some("signature"));
    let other = format!("{}for = [\"signature\", \"sbom\"]", exactly());
    ask(&other, &provenance).rejected(&["signer-not-for-kind"]);
    ask(&other, &sign().bundle()).fact("signature", "builder");
}

/// A stage that expects provenance by the builder, and takes any.
const STAGE: &str = r#"
[stage.production]
expects = [{ kind = "provenance", signer = "builder" }]

[[stage.production.policy]]
name     = "built"
plugin   = "builtin:provenance"
settings = { builders = [{ id = "https://github.com/actions/runner", signers = ["builder"] }] }
"#;

#[test]
fn provenance_by_the_identity_opens_the_gate_and_by_another_does_not() {
    let scoped = format!("{}for = [\"provenance\"]\n", exactly());
    let desk = Desk::new(BINARY, &FORGE).with(&(identity(&scoped) + STAGE));
    let report = desk.check(&FORGE.attest(&provenance()).bundle()).exits(0).json();
    assert_eq!(report["documents"][0]["signers"], json!(["builder"]));
    assert_eq!(codes(&report), ["config-unpinned", "time-overridden"]);

    let other = FORGE.attest(&provenance()).uri("https://evil.example").bundle();
    let report = desk.check(&other).exits(1).json();
    assert_eq!(report["reasons"][0]["code"], "missing-evidence");
    let message = report["reasons"][0]["message"].as_str().unwrap_or_default();
    assert!(message.contains("subject"), "{message}");
}

#[test]
fn an_identity_without_for_works_and_is_a_relaxation() {
    let desk = Desk::new(BINARY, &FORGE).with(&(identity(&exactly()) + STAGE));
    let report = desk.check(&FORGE.attest(&provenance()).bundle()).exits(0).json();
    assert_eq!(codes(&report), ["config-unpinned", "time-overridden", "unscoped-signer"]);
    let about: Vec<_> = relaxations(&report).iter().map(|one| &one["about"]).collect();
    assert!(about.contains(&&json!("builder")), "{about:?}");
}

fn relaxations(report: &Value) -> &[Value] {
    report["relaxations"].as_array().map_or(&[], Vec::as_slice)
}

fn codes(report: &Value) -> Vec<&str> {
    relaxations(report).iter().filter_map(|one| one["code"].as_str()).collect()
}

/// A second identity of GitHub's, with a name and these lines.
fn second(name: &str, lines: &str) -> String {
    format!("[[trust.identity]]\nname = \"{name}\"\nissuer = \"{GITHUB}\"\n{lines}\n")
}

#[test]
fn one_identity_under_two_names_is_a_configuration_error() {
    let with = |config: String| Desk::new(BINARY, &FORGE).with(&config).misconfigured();
    for lines in release_workflow() {
        let said = with(identity(&lines) + &second("other", &lines));
        assert!(said.contains("`builder`"), "{said}");
    }
    // What else it may do does not make it another one.
    let other = second("other", &format!("{}for = [\"sbom\"]", exactly()));
    assert!(with(identity(&exactly()) + &other).contains("`builder`"));
    // The same in another spelling.
    let spelled = second("other", &format!("subject = {{ exact = \"{WORKFLOW}\" }}"));
    let said = with(identity(&exactly()) + &spelled);
    assert!(said.contains("`builder`") || said.contains("exact"), "{said}");
}

#[test]
fn a_name_is_one_signers_whether_key_or_identity() {
    let key = Key::fresh();
    let entry = "[[trust.key]]\nname = \"builder\"\nfile = \"builder.pub\"\n";
    for config in [
        identity(&exactly()) + entry,
        identity(&exactly()) + &second("builder", "subject = \"https://example.com\""),
    ] {
        let desk = Desk::new(BINARY, &FORGE);
        desk.bench.write("builder.pub", key.pem());
        let said = desk.with(&config).misconfigured();
        assert!(said.contains("`builder`"), "{said}");
    }
}

#[test]
fn a_key_and_an_identity_each_sign_for_themselves() {
    let key = Key::fresh();
    let desk = Desk::new(BINARY, &FORGE);
    desk.bench.write("ci.pub", key.pem());
    let entry = "[[trust.key]]\nname = \"ci\"\nfile = \"ci.pub\"\n";
    let desk = desk.with(&(identity(&exactly()) + entry));
    desk.row(&sign().bundle()).fact("signature", "builder");
    desk.row(&sign().key(&key).bundle()).fact("signature", "ci");
    desk.row(&sign().key(&Key::fresh()).bundle()).rejected(&["no key in `[trust]`"]);
    desk.row(&sign().uri("https://evil.example").bundle()).rejected(&["subject"]);
}

#[test]
fn one_signature_is_one_signer_however_many_identities_it_is_of() {
    let stage = "[stage.production]\n[[stage.production.policy]]\nname = \"signed\"\n\
                 plugin = \"builtin:signatures\"\nsettings = { threshold = 2 }\n";
    let glob =
        "subject = { glob = \"https://github.com/acme/app/.github/workflows/*.yml@refs/tags/v*\" }";
    let config = identity(&exactly()) + &second("other", glob) + stage;
    let desk = Desk::new(BINARY, &FORGE).with(&config);
    drop(desk.check(&sign().bundle()).exits(1));
}
