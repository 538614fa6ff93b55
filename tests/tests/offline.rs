//! Nothing is fetched: without a network the report is the same, byte for byte.
#![forbid(unsafe_code)]
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests set up files")]

use std::fs;
use std::process::Command;

use lockgate_tests::forge::{Instance, WORKFLOW};
use lockgate_tests::{Desk, Ran, identity, lockgate_command, root};

const BINARY: &str = env!("CARGO_BIN_EXE_lockgate-under-test");

/// Enters a network namespace of its own, in which there is no network: `unshare` of util-linux,
/// with a user namespace where the caller is not root.
const ALONE: [&str; 4] = ["unshare", "--user", "--map-root-user", "--net"];

/// Asserts that such a namespace can be entered, and that there is nothing in it.
fn is_alone() {
    let [program, arguments @ ..] = ALONE;
    let seen = Command::new(program)
        .args(arguments)
        .args(["cat", "/proc/net/dev", "/proc/net/route"])
        .output()
        .unwrap_or_else(|why| panic!("this test needs `unshare` (util-linux): {why}"));
    let (out, err) = (String::from_utf8_lossy(&seen.stdout), String::from_utf8_lossy(&seen.stderr));
    assert!(
        seen.status.success(),
        "this test needs a namespace without a network, and this system lets nobody make one \
         (user namespaces: kernel.unprivileged_userns_clone, or AppArmor): {err}"
    );
    let devices: Vec<&str> =
        out.lines().filter_map(|line| line.split_once(':')).map(|(name, _)| name.trim()).collect();
    assert_eq!(devices, ["lo"], "{out}");
    let routes = out.lines().skip_while(|line| !line.starts_with("Iface")).skip(1);
    assert_eq!(routes.count(), 0, "{out}");
}

#[test]
fn the_report_is_the_same_without_a_network() {
    is_alone();
    let instance = Instance::new().with_ct_log().with_timestamps();
    let desk = Desk::new(BINARY, &instance).with(&format!(
        "{}\n{}",
        identity(&format!("root = \"sigstore-root\"\nsubject = \"{WORKFLOW}\"")),
        "[[trust.root]]\nname = \"public\"\nfile = \"builtin:public-good\"\n\
         [[trust.root]]\nname = \"github\"\nfile = \"builtin:github\"\n\
         [stage.production]\nexpects = [{ kind = \"signature\", signer = \"builder\" }]\n\
         [[stage.production.policy]]\nname = \"signed\"\nplugin = \"builtin:signatures\"\n\
         settings = { required = [\"builder\"] }\n"
    ));
    let folder = desk.bench.path("evidence");
    fs::create_dir(&folder).unwrap();
    let signing = || instance.sign(Desk::ARTIFACT);
    desk.bench.write("evidence/good.sigstore.json", signing().bundle().json());
    let evil = signing().uri("https://evil.example").bundle();
    desk.bench.write("evidence/evil.sigstore.json", evil.json());
    // Of instances that could be asked.
    for fixture in [
        "npm/provenance-npm-test-ossf.tgz.json",
        "sigstore-conformance/happy-path-v0.3/bundle.sigstore.json",
        "sigstore-conformance/intoto-missing-inclusion-proof_fail/bundle.sigstore.json",
        "sigstore-rust/cosign-v3-blob.sigstore.json",
        "sigstore-rust/github-private-attestation.sigstore.json",
    ] {
        let name = fixture.replace('/', "-");
        fs::copy(root().join("tests/fixtures").join(fixture), folder.join(name)).unwrap();
    }

    let common =
        ["app", "--config=lockgate.toml", "--evidence=evidence", "--at=2026-10-02T00:00:00Z"];
    for command in [
        &["check", "--stage=production", "--output=json"][..],
        &["check", "--stage=production", "--output=human"],
        &["evidence", "--output=json"],
    ] {
        let arguments = [command, &common].concat();
        let here = desk.bench.run(&arguments).exits(0);
        let mut alone = lockgate_command(ALONE[0], desk.bench.path(".").as_path());
        // The name of a program is looked for in no other place.
        alone.env("PATH", "/usr/bin:/bin");
        let alone = alone.args(&ALONE[1..]).arg(BINARY).args(&arguments).output().unwrap();
        let alone = Ran::of(alone).exits(0);
        assert_eq!(alone.stdout, here.stdout, "{command:?}");
        assert_eq!(alone.stderr, here.stderr, "{command:?}");
    }
}
