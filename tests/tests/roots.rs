//! Under which root: a signature counts under the root that its identity names, and under no other.
#![forbid(unsafe_code)]
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests set up files")]

use std::fs;

use lockgate_tests::forge::{Bundle, GITHUB, Instance, Key, Signing, WORKFLOW};
use lockgate_tests::{Desk, Row, Workbench, identity, root};
use serde_json::{Value, json};

const BINARY: &str = env!("CARGO_BIN_EXE_lockgate-under-test");

fn sign(instance: &Instance) -> Signing<'_> {
    instance.sign(Desk::ARTIFACT)
}

/// An identity that asks for the workflow under a root.
fn under(name: &str, root: &str) -> String {
    format!(
        "[[trust.identity]]\nname = \"{name}\"\nroot = \"{root}\"\nissuer = \"{GITHUB}\"\n\
         subject = \"{WORKFLOW}\"\n"
    )
}

/// A desk with two roots: `sigstore-root`, which is the first instance's, and `private`.
fn two(first: &Instance, private: &Instance, identities: &str) -> Desk {
    let desk = Desk::new(BINARY, first);
    desk.bench.write("trust/private.json", private.trusted_root());
    desk.with(&format!(
        "[trust]\nsigstore-root = \"trusted_root.json\"\n\
         [[trust.root]]\nname = \"private\"\nfile = \"trust/private.json\"\n{identities}"
    ))
}

/// Asserts that a policy file is an error, and that all these words are said of it.
fn misconfigured(desk: Desk, config: &str, words: &[&str]) {
    let said = desk.with(config).misconfigured();
    for word in words {
        assert!(said.contains(word), "`{word}` is not in what is said of `{config}`: {said}");
    }
}

#[test]
fn a_private_authority_mints_no_identity_of_another_root() {
    let (public, private) = (Instance::new(), Instance::new());
    let desk = two(&public, &private, &under("builder", "sigstore-root"));
    desk.row(&sign(&public).bundle()).fact("signature", "builder");
    desk.row(&sign(&private).bundle()).rejected(&["root"]);

    let desk = two(&public, &private, &under("builder", "private"));
    desk.row(&sign(&private).bundle()).fact("signature", "builder");
    desk.row(&sign(&public).bundle()).rejected(&["root"]);

    // Each under its own root, and each only there.
    let both = under("ours", "private") + &under("theirs", "sigstore-root");
    let desk = two(&public, &private, &both);
    desk.row(&sign(&private).bundle()).fact("signature", "ours");
    desk.row(&sign(&public).bundle()).fact("signature", "theirs");
}

#[test]
fn a_root_that_is_not_named_at_all_counts_for_nothing() {
    let (public, stranger) = (Instance::new(), Instance::new());
    let lines = format!("subject = \"{WORKFLOW}\"");
    let desk = Desk::new(BINARY, &public).with(&identity(&lines));
    desk.row(&sign(&public).bundle()).fact("signature", "builder");
    desk.row(&sign(&stranger).bundle()).rejected(&["certificate"]);
}

#[test]
fn roots_do_not_lend_each_other_their_authorities_logs_and_clocks() {
    let both = under("ours", "private") + &under("theirs", "sigstore-root");
    let (first, other) = (Instance::new(), Instance::new());
    let desk = two(&first, &other, &both);
    desk.row(&sign(&first).bundle()).fact("signature", "theirs");
    desk.row(&sign(&first).certified_by(&other).bundle()).rejected(&["certificate"]);
    desk.row(&sign(&first).logged_by(&other).bundle()).rejected(&["log"]);
    let (first, other) = (first.with_timestamps(), other.with_timestamps());
    let desk = two(&first, &other, &both);
    desk.row(&sign(&first).bundle()).fact("signature", "theirs");
    // Under the other root it fails already for its log, and either may be the reason.
    desk.row(&sign(&first).stamped_by(&other).bundle()).rejected(&["timestamp", "log"]);
}

#[test]
fn where_there_are_several_roots_an_identity_names_its_own() {
    let instance = Instance::new();
    let nameless = under("builder", "private").replace("root = \"private\"\n", "");
    let head = "[trust]\nsigstore-root = \"trusted_root.json\"\n\
                [[trust.root]]\nname = \"private\"\nfile = \"trusted_root.json\"\n";
    let desk = || Desk::new(BINARY, &instance);
    misconfigured(desk(), &format!("{head}{nameless}"), &["root", "private", "sigstore-root"]);
    let unknown = under("builder", "public");
    misconfigured(desk(), &format!("{head}{unknown}"), &["`public`", "private", "sigstore-root"]);
    // The one that is compiled in is there too, unless it is turned off or another takes its place.
    let alone = head.replace("sigstore-root = \"trusted_root.json\"\n", "");
    misconfigured(desk(), &format!("{alone}{nameless}"), &["root", "public-good", "private"]);
    let replaced = under("builder", "public-good");
    misconfigured(desk(), &format!("{head}{replaced}"), &["`public-good`"]);
    let off = head.replace("\"trusted_root.json\"\n[[", "false\n[[");
    let desk = desk().with(&format!("{off}{nameless}"));
    desk.row(&sign(&instance).bundle()).fact("signature", "builder");
}

#[test]
fn an_identity_without_any_root_is_a_configuration_error() {
    let instance = Instance::new();
    let nameless = under("builder", "x").replace("root = \"x\"\n", "");
    let off = format!("[trust]\nsigstore-root = false\n{nameless}");
    misconfigured(Desk::new(BINARY, &instance), &off, &["root", "sigstore-root"]);
}

#[test]
fn keys_need_no_root() {
    let (instance, key) = (Instance::new(), Key::fresh());
    let desk = Desk::new(BINARY, &instance);
    desk.bench.write("ci.pub", key.pem());
    let entry = "[[trust.key]]\nname = \"ci\"\nfile = \"ci.pub\"\n";
    let desk = desk.with(&format!("[trust]\nsigstore-root = false\n{entry}"));
    desk.row(&sign(&instance).key(&key).without_entry().bundle()).fact("signature", "ci");
    // An entry of a log that nobody names takes nothing away.
    desk.row(&sign(&instance).key(&key).bundle()).fact("signature", "ci");
    desk.row(&sign(&instance).bundle()).rejected(&["root"]);
}

#[test]
fn what_is_no_trusted_root_is_a_configuration_error() {
    let instance = Instance::new();
    let good: Value = serde_json::from_str(&instance.trusted_root()).unwrap();
    let with = |pointer: &str, value: Value| {
        let mut spoilt = good.clone();
        *spoilt.pointer_mut(pointer).unwrap() = value;
        spoilt.to_string()
    };
    let twice = {
        let mut twice = good.clone();
        let log = twice["tlogs"][0].clone();
        twice["tlogs"].as_array_mut().unwrap().push(log);
        twice.to_string()
    };
    let whole = instance.trusted_root();
    for (what, file) in [
        ("empty", String::new()),
        ("no JSON", "trusted".to_owned()),
        ("cut short", whole[..whole.len() / 2].to_owned()),
        ("another document", "{}".to_owned()),
        ("a bundle", sign(&instance).bundle().json()),
        ("another type", with("/mediaType", json!("application/json"))),
        ("a certificate that is none", {
            with("/certificateAuthorities/0/certChain/certificates/0/rawBytes", json!("AAAA"))
        }),
        ("an authority without certificates", {
            with("/certificateAuthorities/0/certChain/certificates", json!([]))
        }),
        ("a key that is none", with("/tlogs/0/publicKey/rawBytes", json!("AAAA"))),
        ("base64 that is none", with("/tlogs/0/publicKey/rawBytes", json!("*"))),
        ("a window without a start", {
            with("/tlogs/0/publicKey/validFor", json!({ "end": "2030-01-01T00:00:00Z" }))
        }),
        ("a window that ends before it starts", {
            let window = json!({ "start": "2030-01-01T00:00:00Z", "end": "2020-01-01T00:00:00Z" });
            with("/tlogs/0/publicKey/validFor", window)
        }),
        ("a log named twice", twice),
    ] {
        let lines = format!("subject = \"{WORKFLOW}\"");
        let desk = Desk::new(BINARY, &instance).with(&identity(&lines));
        desk.bench.write("trusted_root.json", file);
        let said = desk.misconfigured();
        assert!(said.contains("trusted root"), "{what}: {said}");
        assert!(said.contains("lockgate.toml:"), "{what}, says where: {said}");
        // It is an error whether anybody needs the root or not.
        let bare = desk.with("[trust]\nsigstore-root = \"trusted_root.json\"\n");
        assert!(bare.misconfigured().contains("trusted root"), "{what}");
    }
}

#[test]
fn a_trusted_root_that_cannot_be_read_is_a_configuration_error() {
    let instance = Instance::new();
    let lines = format!("subject = \"{WORKFLOW}\"");
    let absent = identity(&lines).replace("trusted_root.json", "absent.json");
    misconfigured(Desk::new(BINARY, &instance), &absent, &["`absent.json`"]);
    let folder = identity(&lines).replace("trusted_root.json", ".");
    misconfigured(Desk::new(BINARY, &instance), &folder, &["`.`"]);
    let number = identity(&lines).replace("\"trusted_root.json\"", "7");
    misconfigured(Desk::new(BINARY, &instance), &number, &["sigstore-root"]);
    let on = identity(&lines).replace("\"trusted_root.json\"", "true");
    misconfigured(Desk::new(BINARY, &instance), &on, &["sigstore-root"]);
}

#[test]
fn what_is_wrong_with_a_further_root_is_a_configuration_error() {
    let instance = Instance::new();
    for (lines, words) in [
        ("name = \"a\"", "file"),
        ("file = \"trusted_root.json\"", "name"),
        ("name = \"\"\nfile = \"trusted_root.json\"", "name"),
        ("name = \"a\"\nfile = \"absent.json\"", "`absent.json`"),
        ("name = \"a\"\nfile = \"builtin:staging\"", "staging"),
        ("name = \"a\"\nfile = \"builtin:\"", "built-in"),
        ("name = \"a\"\nfile = \"trusted_root.json\"\nrequires = [\"sct\"]", "sct"),
        ("name = \"a\"\nfile = \"trusted_root.json\"\nrequires = []", "requires"),
        ("name = \"a\"\nfile = \"trusted_root.json\"\nrequires = [\"timestamp\"]", "timestamp"),
        ("name = \"a\"\nfile = \"trusted_root.json\"\nlogs = []", "logs"),
        ("name = \"sigstore-root\"\nfile = \"trusted_root.json\"", "`sigstore-root`"),
        (
            "name = \"a\"\nfile = \"trusted_root.json\"\n\
             [[trust.root]]\nname = \"a\"\nfile = \"trusted_root.json\"",
            "`a`",
        ),
    ] {
        let config = format!(
            "[trust]\nsigstore-root = \"trusted_root.json\"\n[[trust.root]]\n{lines}\n{}",
            under("builder", "sigstore-root")
        );
        misconfigured(Desk::new(BINARY, &instance), &config, &[words, "lockgate.toml:"]);
    }
}

#[test]
fn a_root_is_looked_for_beside_the_policy_file() {
    let instance = Instance::new();
    let desk = Desk::new(BINARY, &instance);
    desk.bench.write("deep/trust/root.json", instance.trusted_root());
    fs::remove_file(desk.bench.path("trusted_root.json")).unwrap();
    let lines = format!("subject = \"{WORKFLOW}\"");
    let config = identity(&lines).replace("trusted_root.json", "trust/root.json");
    desk.bench.write("deep/lockgate.toml", config);
    desk.bench.write("document.sigstore.json", sign(&instance).bundle().json());
    let ran = desk.bench.run(&[
        "evidence",
        "app",
        "--config=deep/lockgate.toml",
        "--evidence=document.sigstore.json",
        "--at=2026-10-02T00:00:00Z",
        "--output=json",
    ]);
    Row::only(&ran.exits(0)).fact("signature", "builder");
}

/// What becomes of a bundle under a root of this name with these lines.
fn requiring(instance: &Instance, lines: &str, bundle: &Bundle) -> Row {
    let config = format!(
        "[trust]\nsigstore-root = false\n\
         [[trust.root]]\nname = \"ours\"\nfile = \"trusted_root.json\"\n{lines}\n{}",
        under("builder", "ours")
    );
    Desk::new(BINARY, instance).with(&config).row(bundle)
}

#[test]
fn a_root_with_a_log_asks_for_an_entry_in_it() {
    let both = Instance::new().with_timestamps();
    requiring(&both, "", &sign(&both).bundle()).fact("signature", "builder");
    requiring(&both, "", &sign(&both).without_timestamp().bundle()).fact("signature", "builder");
    // A timestamp is no entry.
    requiring(&both, "", &sign(&both).without_entry().bundle()).rejected(&["proof", "log"]);
    let neither = sign(&both).without_entry().without_timestamp().bundle();
    requiring(&both, "", &neither).rejected(&["proof", "log", "time"]);
}

#[test]
fn a_root_asks_for_what_its_entry_requires() {
    let both = Instance::new().with_timestamps();
    let all = "requires = [\"log\", \"timestamp\"]";
    requiring(&both, all, &sign(&both).bundle()).fact("signature", "builder");
    requiring(&both, all, &sign(&both).without_timestamp().bundle()).rejected(&["timestamp"]);
    requiring(&both, all, &sign(&both).without_entry().bundle()).rejected(&["proof", "log"]);
    let stamped = "requires = [\"timestamp\"]";
    requiring(&both, stamped, &sign(&both).without_entry().bundle()).fact("signature", "builder");
    requiring(&both, stamped, &sign(&both).without_timestamp().bundle()).rejected(&["timestamp"]);
    // An entry that is there has to be right even where none is asked for.
    let other = sign(&both).bundle();
    let grafted = sign(&both).bundle().grafted(Bundle::PROOF, &other);
    requiring(&both, stamped, &grafted).rejected(&["log", "proof"]);
}

#[test]
fn a_root_without_a_log_asks_for_a_timestamp() {
    let clock = Instance::new().without_log();
    requiring(&clock, "", &sign(&clock).bundle()).fact("signature", "builder");
    requiring(&clock, "", &sign(&clock).without_timestamp().bundle())
        .rejected(&["time", "timestamp"]);
    let stranger = Instance::new().without_log();
    requiring(&clock, "", &sign(&clock).stamped_by(&stranger).bundle()).rejected(&["timestamp"]);
    let spoilt = sign(&clock).bundle().flipped(Bundle::TIMESTAMP, 0);
    requiring(&clock, "", &spoilt).rejected(&["timestamp"]);
    // A timestamp over another signature.
    let other = sign(&clock).bundle();
    let grafted = sign(&clock).bundle().grafted(Bundle::TIMESTAMP, &other);
    requiring(&clock, "", &grafted).rejected(&["timestamp"]);
}

#[test]
fn a_root_with_a_certificate_log_asks_for_an_sct() {
    let logged = Instance::new().with_ct_log();
    requiring(&logged, "", &sign(&logged).bundle()).fact("signature", "builder");
    requiring(&logged, "", &sign(&logged).without_sct().bundle()).rejected(&["SCT", "certificate"]);
    let other = Instance::new().with_ct_log();
    let foreign = sign(&other).certified_by(&logged).logged_by(&logged).bundle();
    requiring(&logged, "", &foreign).rejected(&["SCT", "certificate"]);
    // Where there is no such log nobody asks for one.
    let unlogged = Instance::new();
    requiring(&unlogged, "", &sign(&unlogged).bundle()).fact("signature", "builder");
}

/// What becomes of a public bundle, which is about the artifact of this digest.
fn public(bundle: &str, digest: &str, config: &str) -> Row {
    let bench = Workbench::new(BINARY);
    let fixtures = root().join("tests/fixtures/sigstore-rust");
    for file in ["scaffolding.json", bundle] {
        bench.write(file, fs::read(fixtures.join(file)).unwrap());
    }
    bench.write("lockgate.toml", config);
    let ran = bench.run(&[
        "evidence",
        &format!("sha256:{digest}"),
        "--config=lockgate.toml",
        &format!("--evidence={bundle}"),
        "--at=2026-10-02T00:00:00Z",
        "--output=json",
    ]);
    Row::only(&ran.exits(0))
}

/// GitHub signs releases with a certificate of its own, which names no OIDC issuer.
const RELEASES: &str = "issuer = false\nsubject = \"https://dotcom.releases.github.com\"\n";

const GITHUB_ROOT: &str = "[[trust.root]]\nname = \"github\"\nfile = \"builtin:github\"\n";

#[test]
fn what_github_signs_is_a_fact_under_the_root_of_github() {
    let bundle = "github-private-attestation.sigstore.json";
    let identity = format!("[[trust.identity]]\nname = \"github\"\nroot = \"github\"\n{RELEASES}");
    let config = format!("{GITHUB_ROOT}{identity}for = [\"release\"]\n");
    for digest in [
        "76f1fe8593bf227cca2c089e3c16dc95014a8d3e89c5dd220530469ca043c428",
        "b958c6046bab52febf958c94974e1ffcc450bff78c28d7233e179bfd73828912",
    ] {
        public(bundle, digest, &config).fact("release", "github");
    }
    let another = "0".repeat(64);
    public(bundle, &another, &config).rejected(&["is about"]);
    let other_kind = config.replace("release\"]", "provenance\"]");
    let digest = "76f1fe8593bf227cca2c089e3c16dc95014a8d3e89c5dd220530469ca043c428";
    public(bundle, digest, &other_kind).rejected(&["signer-not-for-kind"]);
    // No issuer is not the issuer of workflows.
    let issuer = format!("issuer = \"{GITHUB}\"");
    public(bundle, digest, &config.replace("issuer = false", &issuer)).rejected(&["issuer"]);
}

#[test]
fn what_github_signs_counts_for_nothing_under_the_public_good_root() {
    let bundle = "github-private-attestation.sigstore.json";
    let digest = "76f1fe8593bf227cca2c089e3c16dc95014a8d3e89c5dd220530469ca043c428";
    let identity = format!("[[trust.identity]]\nname = \"github\"\n{RELEASES}");
    // The library would take the bundle for one that lacks a log entry before it sees whose it is.
    public(bundle, digest, &identity).rejected(&["certificate", "log", "proof"]);
    let named = format!("{GITHUB_ROOT}{identity}root = \"public-good\"\n");
    public(bundle, digest, &named).rejected(&["root"]);
}

#[test]
fn an_identity_without_an_issuer_is_not_one_with_any() {
    let instance = Instance::new();
    let lines = format!("subject = \"{WORKFLOW}\"\n");
    let nobody = identity(&lines).replace(&format!("issuer = \"{GITHUB}\""), "issuer = false");
    let desk = Desk::new(BINARY, &instance).with(&nobody);
    desk.row(&sign(&instance).without_issuer().bundle()).fact("signature", "builder");
    desk.row(&sign(&instance).bundle()).rejected(&["issuer"]);
    desk.row(&sign(&instance).issuer("").bundle()).rejected(&["issuer"]);
}

#[test]
fn an_address_that_the_public_good_root_knows_is_a_fact() {
    let bundle = "cosign-v3-blob.sigstore.json";
    let digest = "e194b99df6639501325c5f44da79fe3a8efae6f239bd79443a19787e06fb1764";
    let config = "[[trust.identity]]\nname = \"wolf\"\nissuer = \"https://github.com/login/oauth\"\n\
                  subject = \"w.vollprecht@gmail.com\"\nsubject-type = \"email\"\n";
    public(bundle, digest, config).fact("signature", "wolf");
    public(bundle, digest, &config.replace("gmail", "example")).rejected(&["subject"]);
    public(bundle, digest, &config.replace("login", "logout")).rejected(&["issuer"]);
    // Another root in its place.
    let other = format!("[trust]\nsigstore-root = \"scaffolding.json\"\n{config}");
    public(bundle, digest, &other).rejected(&["certificate", "log"]);
}

#[test]
fn a_name_of_a_type_that_is_not_read_is_nobody() {
    // The certificate is good, and its only name is an `otherName`.
    let bundle = "othername.sigstore.json";
    let digest = "bc103b4a84971ef6459b294a2b98568a2bfb72cded09d4acd1e16366a401f95b";
    for subject in ["\"foo!oidc.local\"", "{ regex = \"(?:.|\\n)*\" }", "{ glob = \"*\" }"] {
        for issuer in ["http://oidc.local:8080", "https://token.actions.githubusercontent.com"] {
            let config = format!(
                "[trust]\nsigstore-root = \"scaffolding.json\"\n[[trust.identity]]\n\
                 name = \"anybody\"\nissuer = \"{issuer}\"\nsubject = {subject}\n"
            );
            public(bundle, digest, &config).rejected(&["subject", "issuer"]);
        }
    }
}

#[test]
fn a_root_that_has_logs_and_asks_for_none_is_a_relaxation() {
    let both = Instance::new().with_timestamps();
    let codes = |requires: &str| {
        let config = format!(
            "[trust]\nsigstore-root = false\n\
             [[trust.root]]\nname = \"ours\"\nfile = \"trusted_root.json\"\n{requires}\n{}\
             for = [\"signature\"]\n\
             [stage.production]\n[[stage.production.policy]]\nname = \"signed\"\n\
             plugin = \"builtin:signatures\"\nsettings = {{ required = [\"builder\"] }}\n",
            under("builder", "ours")
        );
        let ran = Desk::new(BINARY, &both).with(&config).check(&sign(&both).bundle());
        let report = ran.exits(0).json();
        let relaxations = report["relaxations"].as_array().unwrap().iter();
        let told = |one: &Value| {
            format!("{}: {}", one["code"].as_str().unwrap(), one["about"].as_str().unwrap())
        };
        relaxations.map(told).filter(|told| told.starts_with("log-")).collect::<Vec<_>>()
    };
    assert_eq!(codes("requires = [\"timestamp\"]"), ["log-not-required: ours"]);
    assert_eq!(codes("requires = [\"log\", \"timestamp\"]"), [""; 0]);
    assert_eq!(codes(""), [""; 0]);
}
