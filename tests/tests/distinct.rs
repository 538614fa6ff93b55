//! Who is one signer, whatever they are called, and what follows for revocations and thresholds.
#![forbid(unsafe_code)]

use std::sync::LazyLock;

use lockgate_tests::forge::{Bundle, GITHUB, Instance, Key, Signing, WORKFLOW};
use lockgate_tests::{Desk, identity};

const BINARY: &str = env!("CARGO_BIN_EXE_lockgate-under-test");

/// The instance of these tests.
static FORGE: LazyLock<Instance> = LazyLock::new(Instance::new);

fn sign() -> Signing<'static> {
    FORGE.sign(Desk::ARTIFACT)
}

/// One more identity of GitHub's.
fn another(name: &str, lines: &str) -> String {
    format!("[[trust.identity]]\nname = \"{name}\"\nissuer = \"{GITHUB}\"\n{lines}\n")
}

/// Every workflow of the repository's, at any ref.
fn any_workflow() -> String {
    let (repository, _) = WORKFLOW.split_once("/.github/").unwrap_or_default();
    format!("subject = {{ regex = \"{}/.*\" }}\n", repository.replace('.', "\\\\."))
}

/// A stage that asks for signatures by two.
const TWO: &str = r#"
[stage.production]
expects = [{ kind = "signature", count = 2 }]

[[stage.production.policy]]
name     = "signed"
plugin   = "builtin:signatures"
settings = { threshold = 2 }
"#;

/// The exit code of a check for production over these bundles.
fn exit(config: &str, bundles: &[Bundle]) -> i32 {
    let desk = Desk::new(BINARY, &FORGE).with(config);
    for (number, bundle) in bundles.iter().enumerate() {
        desk.bench.write(&format!("evidence/{number}.json"), bundle.json());
    }
    let at = format!("--at={}", Desk::AT);
    let ran = desk.bench.run(&[
        "check",
        "app",
        "--config=lockgate.toml",
        "--evidence=evidence",
        "--stage=production",
        "--output=json",
        &at,
    ]);
    let report = ran.json();
    i32::try_from(report["exit"].as_i64().unwrap_or(-1)).unwrap_or(-1)
}

#[test]
fn who_is_revoked_under_one_name_does_not_count_under_another() {
    let exact = format!("subject = \"{WORKFLOW}\"\nrevoked = \"compromised\"\n");
    let config = identity(&exact) + &another("wide", &any_workflow());
    let desk = Desk::new(BINARY, &FORGE).with(&config);
    desk.row(&sign().bundle()).rejected(&["signer-revoked"]);
    // Somebody else who is only in the wide one's is not touched by it.
    let other = WORKFLOW.replace("release", "nightly");
    assert_ne!(other, WORKFLOW);
    desk.row(&sign().uri(&other).bundle()).fact("signature", "wide");
    // Since a moment, it is the same: what was signed before counts under both names.
    let since =
        |at: &str| exact.replace("revoked = \"compromised\"", &format!("revoked-at = \"{at}\""));
    let config = identity(&since("2026-09-01T00:00:00Z")) + &another("wide", &any_workflow());
    desk.bench.write("lockgate.toml", config);
    desk.row(&sign().bundle()).rejected(&["signer-revoked"]);
}

#[test]
fn a_key_and_a_certificate_about_it_are_one_signer() {
    let key = Key::fresh();
    let desk = |lines: &str| {
        let desk = Desk::new(BINARY, &FORGE);
        desk.bench.write("ci.pub", key.pem());
        let entry = format!("[[trust.key]]\nname = \"ci\"\nfile = \"ci.pub\"\n{lines}\n");
        desk.with(&(identity(&format!("subject = \"{WORKFLOW}\"\n")) + &entry + TWO))
    };
    let bundle = sign().certified_key(&key).bundle();
    let report = desk("").check(&bundle).exits(1).json();
    assert_eq!(report["documents"][0]["signers"], serde_json::json!(["builder", "ci"]));
    desk("revoked = \"compromised\"").row(&bundle).rejected(&["signer-revoked"]);
}

#[test]
fn one_workflow_is_one_signer_under_two_identities_and_at_two_tags() {
    let workflow = |tag: &str| {
        let (file, _) = WORKFLOW.split_once('@').unwrap_or_default();
        format!("{file}@refs/tags/{tag}")
    };
    let wide = identity(&any_workflow()) + TWO;
    let (one, two) = (sign().uri(&workflow("v1")).bundle(), sign().uri(&workflow("v2")).bundle());
    assert_eq!(exit(&wide, &[one, two]), 1, "one entry that asks for both");

    let exact = format!("subject = \"{}\"\n", workflow("v1"));
    let overlapping = identity(&exact) + &another("wide", &any_workflow()) + TWO;
    let again = || sign().uri(&workflow("v1")).bundle();
    assert_eq!(exit(&overlapping, &[again(), again()]), 1, "one somebody, two entries");

    let other = format!("subject = \"{}\"\n", workflow("v2"));
    let apart = identity(&exact) + &another("other", &other) + TWO;
    let (one, two) = (again(), sign().uri(&workflow("v2")).bundle());
    assert_eq!(exit(&apart, &[one, two]), 0, "two that are asked for apart");
}

#[test]
fn only_its_own_root_says_when_a_key_signed() {
    let (key, dev) = (Key::fresh(), Instance::new());
    let root =
        |name: &str, file: &str| format!("[[trust.root]]\nname = \"{name}\"\nfile = \"{file}\"\n");
    let roots = "[trust]\nsigstore-root = false\n".to_owned()
        + &root("own", "trusted_root.json")
        + &root("dev", "dev.json");
    let entry =
        "[[trust.key]]\nname = \"ci\"\nfile = \"ci.pub\"\nrevoked-at = \"2026-10-01T18:00:00Z\"\n";
    let desk = Desk::new(BINARY, &FORGE);
    desk.bench.write("ci.pub", key.pem());
    desk.bench.write("dev.json", dev.trusted_root());
    desk.bench.write("lockgate.toml", format!("{roots}{entry}root = \"own\"\n"));
    let backdated = dev.sign(Desk::ARTIFACT).key(&key).bundle();
    desk.row(&backdated).rejected(&["signer-revoked"]);
    desk.row(&sign().key(&key).bundle()).fact("signature", "ci");

    // Nor does another root's log by way of a certificate about the key, which that root issued.
    let of_dev = another("dev", &format!("subject = \"{WORKFLOW}\"\nroot = \"dev\""));
    desk.bench.write("lockgate.toml", format!("{roots}{entry}root = \"own\"\n{of_dev}"));
    let certified = dev.sign(Desk::ARTIFACT).certified_key(&key).bundle();
    desk.row(&certified).rejected(&["signer-revoked"]);
    desk.row(&dev.sign(Desk::ARTIFACT).bundle()).fact("signature", "dev");

    desk.bench.write("lockgate.toml", format!("{roots}{entry}"));
    let told = desk.misconfigured();
    assert!(
        told.contains("so say with `root` whose logs and timestamps tell when it signed"),
        "{told}"
    );
    desk.bench.write("lockgate.toml", format!("{roots}{entry}root = \"other\"\n"));
    let told = desk.misconfigured();
    assert!(told.contains("there is no root `other`"), "{told}");
}

#[test]
fn a_log_entry_that_its_log_does_not_witness_spoils_the_bundle() {
    let key = Key::fresh();
    let desk = Desk::new(BINARY, &FORGE);
    desk.bench.write("ci.pub", key.pem());
    let entry = "[[trust.key]]\nname = \"ci\"\nfile = \"ci.pub\"\n";
    desk.bench.write("lockgate.toml", identity(&format!("subject = \"{WORKFLOW}\"\n")) + entry);
    for bundle in [sign().key(&key).bundle(), sign().bundle()] {
        let entries = "/verificationMaterial/tlogEntries";
        let mut both = bundle.get(entries).as_array().cloned().unwrap_or_default();
        let mut silent = both[0].clone();
        for witness in ["inclusionProof", "inclusionPromise"] {
            silent.as_object_mut().map(|members| members.remove(witness));
        }
        both.push(silent);
        let spoilt = bundle.with(entries, both.into());
        desk.row(&spoilt).rejected(&["neither a proof nor a promise"]);
    }
}
