//! A configuration that is pinned: through the binary.
#![forbid(unsafe_code)]
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests set up files")]

use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::OsStringExt;

use lockgate_tests::{Ran, Workbench, lockgate_command};
use proptest::prelude::*;
use serde_json::{Value, json};

const BINARY: &str = env!("CARGO_BIN_EXE_lockgate-under-test");
const CONFIG: &str = "examples/release/lockgate.toml";
const VARIABLE: &str = "LOCKGATE_CONFIG_DIGEST";

/// Every file of the example release's configuration.
const FILES: [&str; 8] = [
    CONFIG,
    "examples/release/trust/allowed_signers",
    "examples/release/trust/builder.pub",
    "examples/release/trust/ci.pub",
    "examples/release/trust/minisign.pub",
    "examples/release/trust/raw-p256.pub",
    "examples/release/trust/security.pub",
    "policies/baseline.toml",
];

/// A digest that nothing here has.
const OTHER: &str = "sha256:0000000000000000000000000000000000000000000000000000000000000000";

/// `evidence` of the example release, as JSON, with more arguments behind.
fn evidence(bench: &Workbench, more: &[&str]) -> Ran {
    let arguments = ["evidence", "examples/release/app.tar.gz", "--output=json"];
    bench.run(&[&arguments[..], more].concat())
}

/// The digest of the example release's configuration, as a report tells it.
fn digest(bench: &Workbench) -> String {
    let report = evidence(bench, &["--config", CONFIG]).exits(0).json();
    report["config"]["digest"].as_str().unwrap().to_owned()
}

/// `evidence` with the variable set, and with more arguments.
fn with_variable(bench: &Workbench, value: impl AsRef<OsStr>, more: &[&str]) -> Ran {
    let mut command = lockgate_command(BINARY, &bench.path("."));
    command.args(["evidence", "examples/release/app.tar.gz", "-ojson", "--config", CONFIG]);
    Ran::of(command.args(more).env(VARIABLE, value).output().unwrap())
}

/// The codes of the relaxations.
fn relaxations(report: &Value) -> Vec<&str> {
    let relaxations = report["relaxations"].as_array().unwrap();
    relaxations.iter().map(|relaxation| relaxation["code"].as_str().unwrap()).collect()
}

#[test]
fn every_report_tells_the_digest_and_the_pin() {
    let bench = Workbench::with_release(BINARY);
    let digest = digest(&bench);
    let unpinned = json!({ "digest": digest, "pin": null });
    let pinned = json!({ "digest": digest, "pin": digest });
    let pin = format!("--config-digest={digest}");

    // The digest is the same for every stage.
    for stage in ["staging", "production"] {
        let check = ["check", "examples/release/app.tar.gz", "--config", CONFIG, "--stage", stage];
        let check = [&check[..], &["--evidence=examples/release/evidence", "-ojson"]].concat();
        let report = bench.run(&check).exits(0).json();
        assert_eq!(report["config"], unpinned, "{stage}");
        assert_eq!(relaxations(&report), ["config-unpinned"], "{stage}");
        assert_eq!(report["relaxations"][0]["about"], "lockgate.toml");
        let report = bench.run(&[&check[..], &[&pin]].concat()).exits(0).json();
        assert_eq!(report["config"], pinned, "{stage}");
        assert_eq!(relaxations(&report), [""; 0], "{stage}");
    }
    let report = evidence(&bench, &["--config", CONFIG, &pin]).exits(0).json();
    assert_eq!(report["config"], pinned);

    let human = |more: &[&str]| {
        bench.run(&[&["evidence", "examples/release/app.tar.gz"], more].concat()).exits(0).stdout
    };
    let text = human(&["--config", CONFIG]);
    assert!(text.contains(&format!("\nconfig    {digest}, not pinned\n")), "{text}");
    let text = human(&["--config", CONFIG, &pin]);
    assert!(text.contains(&format!("\nconfig    {digest}, pinned\n")), "{text}");

    fs::create_dir(bench.path(".git")).unwrap();
    let report = evidence(&bench, &[]).exits(0).json();
    assert_eq!(report["config"], json!({ "digest": null, "pin": null }));
    let text = human(&[]);
    assert!(text.contains("\nconfig    none, so nobody is trusted\n"), "{text}");
}

#[test]
fn another_configuration_than_the_pinned_one_ends_the_run_before_anything_else() {
    let bench = Workbench::with_release(BINARY);
    bench.write("examples/release/broken.wasm", "no component");
    bench.replace(CONFIG, "builtin:provenance", "./broken.wasm");
    let digest = digest(&bench);
    let pin = format!("--config-digest={OTHER}");
    for command in [
        &["check", "nowhere.tar.gz", "--stage=production"][..],
        &["check", "examples/release/app.tar.gz", "--stage=production"],
        &["check", "examples/release/app.tar.gz", "--stage=nowhere"],
        &["check", "examples/release/app.tar.gz", "--stage=staging", "--evidence=nowhere"],
        &["evidence", "nowhere.tar.gz"],
    ] {
        let ran = bench.run(&[command, &["--config", CONFIG, &pin]].concat()).exits(2);
        let expected = format!(
            "error: the configuration `lockgate.toml` is not the one that is pinned: its digest is \
             `{digest}`, and the pin is `{OTHER}`; see what changed, in it or in a file that it \
             names, before you pin it anew\n"
        );
        assert_eq!(ran.stderr, expected, "{command:?}");
    }
}

#[test]
fn a_plugin_that_was_swapped_is_another_configuration_for_every_stage() {
    let bench = Workbench::with_release(BINARY);
    bench.write("examples/release/mine.wasm", "one");
    bench.replace(CONFIG, "builtin:provenance", "./mine.wasm");
    let pin = format!("--config-digest={}", digest(&bench));
    // Only production asks this plugin, and nobody compiles it for staging.
    let check = || {
        bench.run(&[
            "check",
            "examples/release/app.tar.gz",
            "--config",
            CONFIG,
            "--evidence=examples/release/evidence",
            "--stage=staging",
            &pin,
        ])
    };
    drop(check().exits(0));
    bench.write("examples/release/mine.wasm", "two");
    assert!(check().exits(2).stderr.contains("is not the one that is pinned"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_byte_of_any_file_changes_under_a_pin(
        file in prop::sample::select(&FILES[..]),
        at in any::<prop::sample::Index>(),
        flip in 1..=255_u8,
    ) {
        let bench = Workbench::with_release(BINARY);
        let pin = format!("--config-digest={}", digest(&bench));
        let mut bytes = fs::read(bench.path(file)).unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        bench.write(file, bytes);
        let ran = evidence(&bench, &["--config", CONFIG, &pin]);
        prop_assert_eq!(ran.exit, Some(2), "{} at {}: {:#?}", file, at, ran);
        prop_assert_eq!(ran.stdout, "");
    }
}

#[test]
fn a_changed_comment_is_another_configuration() {
    for file in FILES {
        let bench = Workbench::with_release(BINARY);
        let before = digest(&bench);
        let mut bytes = fs::read(bench.path(file)).unwrap();
        bytes.extend(b"\n");
        bench.write(file, bytes);
        let after = digest(&bench);
        let pin = format!("--config-digest={before}");
        let ran = evidence(&bench, &["--config", CONFIG, &pin]).exits(2);
        assert!(ran.stderr.contains(&before) && ran.stderr.contains(&after), "{}", ran.stderr);
    }
}

#[test]
fn neither_the_current_folder_nor_how_the_path_is_typed_changes_the_digest() {
    let bench = Workbench::with_release(BINARY);
    let before = digest(&bench);
    bench.write("examples/release/deep/x", "");
    let absolute = bench.path(CONFIG);
    for (folder, config) in [
        (".", Some("./examples/release/lockgate.toml")),
        (".", Some("policies/../examples/./release/lockgate.toml")),
        (".", absolute.to_str()),
        ("policies", Some("../examples/release/lockgate.toml")),
        ("examples/release", Some("lockgate.toml")),
        ("examples/release", Some("./lockgate.toml")),
        // Found by looking upwards.
        ("examples/release", None),
        ("examples/release/deep", None),
    ] {
        let mut command = lockgate_command(BINARY, &bench.path(folder));
        command.arg("evidence").arg(bench.path("examples/release/app.tar.gz")).arg("-ojson");
        command.args(config.map(|path| format!("--config={path}")));
        let report = Ran::of(command.output().unwrap()).exits(0).json();
        assert_eq!(report["config"]["digest"], before.as_str(), "{folder}: {config:?}");
    }
}

#[test]
fn the_environment_pins_as_the_command_line_does() {
    let bench = Workbench::with_release(BINARY);
    let digest = digest(&bench);
    let report = with_variable(&bench, &digest, &[]).exits(0).json();
    assert_eq!(report["config"]["pin"], digest.as_str());
    let ran = with_variable(&bench, OTHER, &[]).exits(2);
    assert!(ran.stderr.contains("is not the one that is pinned"), "{}", ran.stderr);

    let check = |pin: &str| {
        let mut command = lockgate_command(BINARY, &bench.path("examples/release"));
        command.args(["check", "app.tar.gz", "--stage=staging", "--evidence=evidence", "-ojson"]);
        Ran::of(command.env(VARIABLE, pin).output().unwrap())
    };
    assert_eq!(relaxations(&check(&digest).exits(0).json()), [""; 0]);
    let ran = check(OTHER).exits(2);
    assert!(ran.stderr.contains("is not the one that is pinned"), "{}", ran.stderr);
}

#[test]
fn two_pins_have_to_be_one() {
    let bench = Workbench::with_release(BINARY);
    let digest = digest(&bench);
    let (good, bad) = (format!("--config-digest={digest}"), format!("--config-digest={OTHER}"));
    drop(with_variable(&bench, &digest, &[&good]).exits(0));
    // Neither is weaker than the other, whichever of them is the right one.
    for (variable, flag) in [(digest.as_str(), &bad), (OTHER, &good)] {
        let ran = with_variable(&bench, variable, &[flag]).exits(2);
        assert!(ran.stderr.contains("pin two configurations"), "{}", ran.stderr);
        assert!(ran.stderr.contains(&digest) && ran.stderr.contains(OTHER), "{}", ran.stderr);
    }
    drop(evidence(&bench, &["--config", CONFIG, &good, &good]).exits(2));
}

#[test]
fn a_pin_that_is_no_digest_is_an_error_and_not_no_pin() {
    let bench = Workbench::with_release(BINARY);
    let digest = digest(&bench);
    let good = format!("--config-digest={digest}");
    let upper = digest.to_uppercase();
    for (pin, words) in [
        ("", "a digest begins with `sha256:`"),
        (&digest[7..], "a digest begins with `sha256:`"),
        (&digest[..70], "64 hexadecimal digits"),
        (&upper, "a digest begins with `sha256:`"),
        ("sha512:00", "a digest begins with `sha256:`"),
    ] {
        let flag = format!("--config-digest={pin}");
        let ran = evidence(&bench, &["--config", CONFIG, &flag]).exits(2);
        assert!(ran.stderr.contains("--config-digest"), "{}", ran.stderr);
        assert!(pin.is_empty() || ran.stderr.contains(words), "{}", ran.stderr);
        // A good flag does not make up for it.
        for more in [&[][..], &[good.as_str()]] {
            let ran = with_variable(&bench, pin, more).exits(2);
            let words = if pin.is_empty() { "is empty" } else { words };
            assert!(ran.stderr.contains(VARIABLE), "{}", ran.stderr);
            assert!(ran.stderr.contains(words), "{}", ran.stderr);
        }
    }
    let odd = OsString::from_vec(b"sha256:\xff\x1b[2J".to_vec());
    let ran = with_variable(&bench, odd, &[]).exits(2);
    assert!(ran.stderr.contains("which is no digest"), "{}", ran.stderr);
    assert!(!ran.stderr.contains('\u{1b}'), "{}", ran.stderr);
}

#[test]
fn a_pin_asks_for_a_configuration() {
    let bench = Workbench::with_release(BINARY);
    fs::create_dir(bench.path(".git")).unwrap();
    let pin = format!("--config-digest={OTHER}");
    let ran = evidence(&bench, &[&pin]).exits(2);
    let expected = format!("a configuration is pinned, `{OTHER}`, and none was found");
    assert!(ran.stderr.contains(&expected), "{}", ran.stderr);
    let check = ["check", "examples/release/app.tar.gz", "--stage=production", &pin];
    drop(bench.run(&check).exits(2));
}
