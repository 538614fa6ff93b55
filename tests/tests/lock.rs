//! `lockgate lock`: what was accepted stays what it was, and whatever changed is told before anything
//! is judged.
#![forbid(unsafe_code)]
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests set up files")]

use lockgate_tests::{Ran, Workbench};

const BINARY: &str = env!("CARGO_BIN_EXE_lockgate-under-test");

/// A guest that asks for everything, and one that asks for little.
const SURVEY: &str = env!("SURVEY_WASM");
const HOSTILE: &str = env!("HOSTILE_WASM");

const CONFIG: &str = "--config=examples/release/lockgate.toml";
const LOCK: &str = "examples/release/lockgate.lock";

/// The example release with these further lines, locked.
fn locked(lines: &str) -> Workbench {
    let bench = Workbench::with_release(BINARY);
    let config = "examples/release/lockgate.toml";
    bench.write(config, bench.read(config) + lines);
    bench.write("examples/release/plugin.wasm", std::fs::read(HOSTILE).unwrap());
    let ran = bench.run(&["lock", CONFIG]).exits(0);
    assert!(ran.stdout.contains("plugin `builtin:sbom` is not in the lock"), "{}", ran.stdout);
    assert!(ran.stdout.ends_with("plugins and files are pinned\n"), "{}", ran.stdout);
    bench
}

fn says(ran: &Ran, words: &[&str]) {
    for words in words {
        assert!(ran.stderr.contains(words), "`{words}` is not in {}", ran.stderr);
    }
    assert!(ran.stdout.is_empty(), "{}", ran.stdout);
}

/// Whatever looks at the configuration refuses it with these words.
fn refused(bench: &Workbench, words: &[&str]) {
    let header = "the configuration is not what `lockgate.lock` says";
    let words = [&[header][..], words].concat();
    says(&bench.check_release(&[]).exits(2), &words);
    says(&bench.run(&["lint", CONFIG]).exits(2), &words);
    let lock = bench.read(LOCK);
    says(&bench.run(&["lock", CONFIG]).exits(2), &words);
    assert_eq!(bench.read(LOCK), lock, "what is refused changes nothing");
}

fn upgraded(bench: &Workbench, names: &[&str]) {
    let names: Vec<String> = names.iter().map(|name| format!("--upgrade={name}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    drop(bench.run(&[&["lock", CONFIG][..], &names].concat()).exits(0));
    drop(bench.run(&["lint", CONFIG]).exits(0));
}

#[test]
fn what_is_locked_stays_allowed_and_locking_again_changes_nothing() {
    let bench = locked("");
    let lock = bench.read(LOCK);
    assert!(lock.starts_with("# Made by `lockgate lock`"), "{lock}");
    for part in [
        "schema = \"lockgate.lock/v1\"",
        "[plugin.\"builtin:sbom\"]",
        "\"lockgate:policy/sbom@0.1.0\"",
        "[policy.\"production/no-copyleft\"]",
        "looks-at = [\"sbom\"]",
        "\"trust/ci.pub\" = \"sha256:",
    ] {
        assert!(lock.contains(part), "{part}: {lock}");
    }
    drop(bench.check_release(&["--locked"]).exits(0));
    let ran = bench.run(&["lock", CONFIG]).exits(0);
    assert_eq!(ran.stdout.lines().count(), 1, "{}", ran.stdout);
    assert_eq!(bench.read(LOCK), lock);
    let ran = bench.check_release(&[&format!("-ojson={LOCK}")]).exits(2);
    assert!(ran.stderr.contains("which would overwrite"), "{}", ran.stderr);
    assert_eq!(bench.read(LOCK), lock);
}

#[test]
fn without_a_lock_only_who_wants_one_is_refused() {
    let bench = Workbench::with_release(BINARY);
    drop(bench.check_release(&[]).exits(0));
    let ran = bench.run(&["lock", CONFIG, "--upgrade=builtin:sbom"]).exits(2);
    says(&ran, &["no change of `builtin:sbom` to accept"]);
    let ran = bench.check_release(&["--locked"]).exits(2);
    says(&ran, &["there is no lock `examples/release/lockgate.lock`; `lockgate lock` makes it"]);
}

#[test]
fn another_key_under_the_same_name_is_told() {
    let bench = locked("");
    let other = std::fs::read(bench.path("examples/release/trust/security.pub")).unwrap();
    // Not the other key itself, which nobody may have under two names.
    let other = String::from_utf8(other).unwrap() + "\n";
    bench.write("examples/release/trust/security.pub", other);
    let changed = ["trust `trust/security.pub` was sha256:", "--upgrade trust/security.pub"];
    refused(&bench, &changed);
    let evidence = ["evidence", "examples/release/app.tar.gz", CONFIG];
    says(&bench.run(&evidence).exits(2), &changed);
    let ran = bench.run(&["lock", CONFIG, "--upgrade=trust/ci.pub"]).exits(2);
    says(&ran, &["no change of `trust/ci.pub` to accept; what changed is `trust/security.pub`"]);
    upgraded(&bench, &["trust/security.pub"]);
    let ran = bench.run(&["lock", CONFIG, "--upgrade=trust/ci.pub"]).exits(2);
    says(&ran, &["nothing changed that has to be accepted"]);
}

#[test]
fn a_plugin_that_is_another_or_wants_more_is_told_with_what_that_lets_it_do() {
    let policy = "\n[[stage.staging.policy]]\nname = \"own\"\nplugin = \"./plugin.wasm\"\n\
                  settings = { mode = \"pass\" }\n";
    let bench = locked(policy);
    bench.write("examples/release/plugin.wasm", std::fs::read(SURVEY).unwrap());
    bench.replace("examples/release/lockgate.toml", "mode = \"pass\"", "look = []");
    let words = [
        "plugin `./plugin.wasm` was sha256:",
        "plugin `./plugin.wasm` imports `lockgate:policy/contents@0.1.0`, which it did not: it reads \
         files inside the artifact",
        "--upgrade ./plugin.wasm",
    ];
    says(&bench.run(&["lint", CONFIG]).exits(2), &words);
    // Of another stage nothing is compiled.
    drop(bench.check_release(&[]).exits(0));
    upgraded(&bench, &["./plugin.wasm", "staging/own"]);
}

#[test]
fn settings_that_let_a_policy_see_more_are_told() {
    let policy = "\n[[stage.production.policy]]\nname = \"own\"\nplugin = \"builtin:cel\"\n\
                  [stage.production.policy.settings]\ninput = [\"sbom\"]\nrules = [{ code = \"some\", \
                  that = \"size(sbom) > 0\", message = \"there is an SBOM\" }]\n";
    let bench = locked(policy);
    let config = "examples/release/lockgate.toml";
    let (less, more) = ("input = [\"sbom\"]\nrules", "input = [\"sbom\", \"signatures\"]\nrules");
    bench.replace(config, less, more);
    bench.replace(config, "size(sbom) > 0", "size(sbom) > 0 && size(signatures) > 0");
    refused(&bench, &["policy `production/own` can look at `signature`, which it could not"]);
    upgraded(&bench, &["production/own"]);
    // Less is no change that anybody has to accept.
    bench.replace(config, more, less);
    bench.replace(config, "size(sbom) > 0 && size(signatures) > 0", "size(sbom) > 0");
    drop(bench.check_release(&[]).exits(0));
}

#[test]
fn what_is_new_is_refused_until_it_is_locked() {
    let bench = locked("");
    let config = "examples/release/lockgate.toml";
    let policy = "\n[[stage.production.policy]]\nname = \"inside\"\nplugin = \"builtin:contents\"\n\
                  settings = { secrets = true }\n";
    bench.write(config, bench.read(config) + policy);
    let words = [
        "plugin `builtin:contents` is not in the lock",
        "policy `production/inside` is not in the lock",
        "help: see what changed; `lockgate lock` accepts it",
    ];
    says(&bench.check_release(&[]).exits(2), &words);
    let ran = bench.run(&["lock", CONFIG]).exits(0);
    assert!(ran.stdout.contains("policy `production/inside` is not in the lock"), "{}", ran.stdout);
    drop(bench.check_release(&["--locked"]).exits(0));
    bench.write(config, bench.read(config).replace(policy, ""));
    drop(bench.check_release(&["--locked"]).exits(0));
    let ran = bench.run(&["lock", CONFIG]).exits(0);
    assert!(
        ran.stdout.contains("plugin `builtin:contents` is not there any more"),
        "{}",
        ran.stdout
    );
    assert!(!bench.read(LOCK).contains("builtin:contents"));
}

#[test]
fn what_differs_in_files_and_in_each_stage_is_told_at_once() {
    let bench = locked("");
    let (config, key) = ("examples/release/lockgate.toml", "examples/release/trust/security.pub");
    bench.write(key, bench.read(key) + "\n");
    let policy = |stage: &str| {
        format!(
            "\n[[stage.{stage}.policy]]\nname = \"inside\"\nplugin = \"builtin:contents\"\n\
                 settings = {{ secrets = true }}\n"
        )
    };
    bench.write(config, bench.read(config) + &policy("production") + &policy("staging"));
    let words = [
        "trust `trust/security.pub` was sha256:",
        "policy `production/inside` is not in the lock",
        "policy `staging/inside` is not in the lock",
    ];
    says(&bench.run(&["lint", CONFIG]).exits(2), &words);
}

#[test]
fn the_lock_is_part_of_the_configurations_digest() {
    let bench = Workbench::with_release(BINARY);
    let digest = || {
        let report = bench.check_release(&[]).exits(0).json();
        report["config"]["digest"].as_str().unwrap().to_owned()
    };
    let before = digest();
    drop(bench.run(&["lock", CONFIG]).exits(0));
    let after = digest();
    assert_ne!(before, after);
    drop(bench.check_release(&[&format!("--config-digest={after}")]).exits(0));
    drop(bench.check_release(&[&format!("--config-digest={before}")]).exits(2));
}

#[test]
fn a_lock_that_is_none_is_refused_and_never_passed_over() {
    let bench = locked("");
    let lock = bench.read(LOCK);
    for (text, words) in [
        (String::new(), "missing field `schema`"),
        ("not a lock".to_owned(), "the lock `examples/release/lockgate.lock` is none"),
        (lock.replace("lock/v1", "lock/v9"), "its schema is `lockgate.lock/v9`, and this version"),
        (lock.replace("looks-at", "looks-away"), "unknown field `looks-away`"),
        (lock.replacen("\"sha256:", "\"sha256:x", 1), "is none"),
    ] {
        bench.write(LOCK, text);
        let help = "help: restore it, or remove it and run `lockgate lock`";
        says(&bench.check_release(&[]).exits(2), &[words, help]);
    }
    bench.write(LOCK, [0xff, 0xfe]);
    says(&bench.check_release(&[]).exits(2), &["is not UTF-8"]);
    std::fs::remove_file(bench.path(LOCK)).unwrap();
    std::fs::create_dir(bench.path(LOCK)).unwrap();
    says(&bench.check_release(&[]).exits(2), &["is not a file"]);
    let ran = bench.run(&["lock", CONFIG]);
    says(&ran.exits(2), &["is not a file"]);
}
