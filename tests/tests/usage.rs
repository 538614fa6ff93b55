//! The caller's mistakes end in exit 2, the host's failures in exit 4; both leave standard output
//! empty.
#![forbid(unsafe_code)]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests set up files"
)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use lockgate_tests::{Ran, Workbench, golden, lockgate_command, root};

const BINARY: &str = env!("CARGO_BIN_EXE_lockgate-under-test");
const CONFIG: &str = "examples/release/lockgate.toml";
const EVIDENCE: &str = "examples/release/evidence";

fn check_artifact(bench: &Workbench, artifact: &str) -> Ran {
    let config = format!("--config={CONFIG}");
    let evidence = format!("--evidence={EVIDENCE}");
    bench.run(&["check", artifact, &config, &evidence, "--stage=production"])
}

/// Asserts that standard error says all of this.
fn says(ran: &Ran, words: &[&str]) {
    for word in words {
        assert!(ran.stderr.contains(word), "`{word}` is not in:\n{}", ran.stderr);
    }
}

#[test]
fn an_artifact_is_a_file_or_a_digest() {
    let bench = Workbench::with_release(BINARY);
    let refused = |artifact: &str, words: &str| {
        let ran = check_artifact(&bench, artifact).exits(2);
        says(&ran, &[artifact, words]);
    };
    refused("nowhere.tar.gz", "does not exist");
    refused("examples", "is a folder");
    refused("sha256:abc", "64 hexadecimal digits");
    refused(&format!("sha256:{}", "A".repeat(64)), "lower-case");
    refused("oci://example.com/app:v1", "not supported by this version");
    refused("OCI-LAYOUT:layout:v1", "not supported by this version");
    refused(&format!("sha512:{}", "a".repeat(128)), "not supported by this version");
    refused("/dev/zero", "a file is needed");
    assert!(Command::new("mkfifo").arg(bench.path("pipe")).status().unwrap().success());
    refused("pipe", "a file is needed");
}

#[test]
fn evidence_that_was_named_has_to_be_there() {
    let bench = Workbench::with_release(BINARY);
    let ran = bench.check_release(&["--evidence=nowhere"]).exits(2);
    says(&ran, &["`nowhere`", "does not exist"]);
    says(&bench.check_release(&["--evidence=/dev/zero"]).exits(2), &["/dev/zero"]);
    says(&bench.check_release(&["--evidence="]).exits(2), &["the path is empty"]);
}

#[test]
fn the_stage_has_to_be_in_the_policy_file() {
    let bench = Workbench::with_release(BINARY);
    let ran =
        bench.run(&["check", "examples/release/app.tar.gz", "--config", CONFIG, "--stage=prod"]);
    says(&ran.exits(2), &["`prod`", "`production`, `staging`"]);
    let ran = bench.run(&["check", "examples/release/app.tar.gz", "--config", CONFIG]);
    says(&ran.exits(2), &["--stage"]);
}

#[test]
fn a_stage_without_policies_is_a_configuration_error() {
    let bench = Workbench::with_release(BINARY);
    bench.write(CONFIG, "[stage.production]\nexpects = [{ kind = \"sbom\" }]\n");
    says(&bench.check_release(&[]).exits(2), &["the stage `production` has no policy"]);
    // An empty set of policies is none.
    bench.write("examples/release/empty.toml", "");
    bench.write(CONFIG, "[stage.production]\npolicies = [\"empty.toml\"]\n");
    says(&bench.check_release(&[]).exits(2), &["`empty.toml` has no `[[policy]]`"]);
}

#[test]
fn a_policy_file_has_to_be_there_and_to_be_one() {
    let bench = Workbench::with_release(BINARY);
    let run = |config: &str| {
        bench.run(&[
            "check",
            "examples/release/app.tar.gz",
            "--stage=production",
            "--config",
            config,
        ])
    };
    says(&run("nowhere.toml").exits(2), &["`nowhere.toml` does not exist"]);
    says(&run("examples").exits(2), &["`examples` is not a file"]);
    bench.write("binary.toml", b"\xff\xfe");
    says(&run("binary.toml").exits(2), &["`binary.toml` is not UTF-8"]);
    bench.write("deep.toml", format!("a = {}", "[".repeat(100_000)));
    drop(run("deep.toml").exits(2));
}

#[test]
fn all_problems_of_a_policy_file_are_reported_at_once() {
    let bench = Workbench::with_release(BINARY);
    for case in ["problems", "syntax", "later"] {
        let folder = root().join("tests/golden/config");
        bench.write("lockgate.toml", fs::read(folder.join(format!("{case}.toml"))).unwrap());
        bench.write("ci.pub", fs::read(root().join("examples/release/trust/ci.pub")).unwrap());
        bench.write(
            "minisign.pub",
            fs::read(root().join("examples/release/trust/minisign.pub")).unwrap(),
        );
        let arguments = ["check", "examples/release/app.tar.gz", "--stage=production"];
        let ran = bench.run(&[&arguments[..], &["--config=lockgate.toml"]].concat()).exits(2);
        golden(&folder.join(format!("{case}.txt")), &ran.stderr);
    }
}

#[test]
fn the_same_key_under_two_names_is_a_configuration_error() {
    let bench = Workbench::with_release(BINARY);
    bench.replace(CONFIG, "trust/security.pub", "trust/ci.pub");
    says(&bench.check_release(&[]).exits(2), &["the public key of `ci`, too"]);
}

#[test]
fn a_policy_file_is_found_above_but_not_beyond_the_repository() {
    let bench = Workbench::with_release(BINARY);
    bench.write("examples/release/deep/er/x", "");
    let check = |folder: &str| {
        let mut command = lockgate_command(BINARY, &bench.path(folder));
        let artifact = bench.path("examples/release/app.tar.gz");
        let evidence = bench.path(EVIDENCE);
        command.arg("check").arg(artifact).arg("--evidence").arg(evidence);
        Ran::of(command.arg("--stage=production").output().unwrap())
    };
    drop(check("examples/release/deep/er").exits(0));
    fs::create_dir(bench.path("examples/release/deep/.git")).unwrap();
    says(&check("examples/release/deep/er").exits(2), &["--config", "up to the repository's root"]);
    // One that cannot be looked at is not passed over for a laxer one above.
    for link in ["gone", "../../../../outside.toml"] {
        let planted = bench.path("examples/release/deep/er/lockgate.toml");
        std::os::unix::fs::symlink(link, &planted).unwrap();
        bench.write("outside.toml", "");
        fs::remove_dir(bench.path("examples/release/deep/.git")).unwrap();
        says(&check("examples/release/deep/er").exits(2), &["cannot look into", "lockgate.toml"]);
        fs::create_dir(bench.path("examples/release/deep/.git")).unwrap();
        fs::remove_file(planted).unwrap();
    }
    // A file that anyone could have put there is not taken unless it is named.
    let config = bench.path(CONFIG);
    fs::set_permissions(&config, fs::Permissions::from_mode(0o666)).unwrap();
    says(&check("examples/release").exits(2), &["lockgate.toml` may be written by others"]);
    drop(bench.check_release(&[]).exits(0));
    fs::set_permissions(&config, fs::Permissions::from_mode(0o644)).unwrap();
    drop(check("examples/release").exits(0));
    // Nor one in a folder where anyone could have put it.
    let folder = bench.path("examples/release");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o777)).unwrap();
    says(&check("examples/release").exits(2), &["release` may be written by others"]);
    drop(bench.check_release(&[]).exits(0));
}

#[test]
fn a_key_that_nobody_knows_is_an_error_in_every_table() {
    let bench = Workbench::with_release(BINARY);
    bench.write("ci.pub", fs::read(bench.path("examples/release/trust/ci.pub")).unwrap());
    let root = "[[trust.root]]\nname = \"github\"\nfile = \"builtin:github\"\n";
    let key = "[[trust.key]]\nname = \"ci\"\nfile = \"ci.pub\"\n";
    let identity = "[[trust.identity]]\nname = \"builder\"\nissuer = \"https://example.com\"\n";
    let subject = "subject = \"https://example.com/a\"\n";
    let policy = "[[stage.production.policy]]\nname = \"a\"\nplugin = \"builtin:sbom\"\n";
    for (config, unknown) in [
        ("[trust]\nsigstoreroot = false\n".to_owned(), "sigstoreroot"),
        (format!("{root}require = [\"log\"]\n"), "require"),
        (format!("{key}notbefore = 2026-01-01T00:00:00Z\n"), "notbefore"),
        (format!("{key}issuer = \"https://example.com\"\n"), "issuer"),
        (format!("{identity}{subject}revoked_at = 2026-01-01T00:00:00Z\n"), "revoked_at"),
        (format!("{identity}{subject}extensions = {{ colour = \"red\" }}\n"), "colour"),
        (format!("{identity}subject = {{ regx = \"a\" }}\n"), "regx"),
        (format!("{identity}subject = {{ glob = \"a\", regex = \"a\" }}\n"), "subject"),
        ("[evidence]\nmax-documents = 1\n".to_owned(), "max-documents"),
        (format!("[stage.production]\nexpect = []\n{policy}"), "expect"),
        (
            format!("[stage.production]\nexpects = [{{ kind = \"sbom\", by = \"ci\" }}]\n{policy}"),
            "by",
        ),
        (format!("{policy}setting = {{}}\n"), "setting"),
        (format!("{policy}limits = {{ cpu = 1 }}\n"), "cpu"),
        ("[stages.production]\n".to_owned(), "stages"),
        (policy.replace("[[stage.production.policy]]", "[[policy]]"), "policy"),
        ("[trusted]\n".to_owned(), "trusted"),
    ] {
        bench.write("lockgate.toml", &config);
        let ran = bench.run(&["evidence", "examples/release/app.tar.gz", "--config=lockgate.toml"]);
        says(&ran.exits(2), &[&format!("`{unknown}`"), "--> lockgate.toml:"]);
    }
}

#[test]
fn evidence_needs_no_policy_file() {
    let bench = Workbench::with_release(BINARY);
    fs::create_dir(bench.path(".git")).unwrap();
    let ran =
        bench.run(&["evidence", "examples/release/app.tar.gz", "--evidence", EVIDENCE, "-ojson"]);
    let report = ran.exits(0).json();
    for document in report["documents"].as_array().unwrap() {
        assert_ne!(document["status"], "fact", "nobody is trusted: {document}");
    }
    let ran = bench.run(&["evidence", "examples/release/app.tar.gz", "--config=nowhere.toml"]);
    drop(ran.exits(2));
}

#[test]
fn the_command_line_says_what_it_takes() {
    let bench = Workbench::with_release(BINARY);
    says(&bench.run(&["evidence", "x", "--at=yesterday"]).exits(2), &["RFC 3339"]);
    says(&bench.check_release(&["--output=xml"]).exits(2), &["the formats are `human`, `json`, "]);
    let list = |format: &str| bench.run(&["evidence", "examples/release/app.tar.gz", "-o", format]);
    for format in ["sarif", "junit=x", "github"] {
        let says_what = ["which is for what `check` says", "it writes `human`, `json`"];
        says(&list(format).exits(2), &says_what);
    }
    says(&bench.check_release(&["--output=human"]).exits(2), &["given twice"]);
    says(&bench.check_release(&["-ojson=a", "-ohuman=a"]).exits(2), &["`a` twice"]);
    says(&bench.check_release(&["-ojson=a", "-ohuman=./a"]).exits(2), &["`./a` twice"]);
    says(&bench.check_release(&["--jobs=0"]).exits(2), &["--jobs"]);
    drop(bench.run(&[]).exits(2));
    drop(bench.run(&["promote"]).exits(2));
    let help = bench.run(&["--help"]).exits(0);
    assert!(help.stdout.contains("Exit codes:"), "{}", help.stdout);
}

#[test]
fn an_output_that_cannot_be_written_is_the_hosts_failure() {
    let bench = Workbench::with_release(BINARY);
    let run = |file: &str| bench.check_release(&[&format!("--output=human={file}")]).exits(4);
    says(&run("nowhere/report.txt"), &["cannot write `nowhere/report.txt`"]);
    says(&run("examples"), &["cannot write `examples`"]);
    says(&run("/dev/full"), &["cannot write `/dev/full`"]);

    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = lockgate_command(BINARY, &bench.path("."));
    command.args(["evidence", "examples/release/app.tar.gz"]).stdout(Stdio::from(full));
    assert_eq!(command.status().unwrap().code(), Some(4));
}

#[test]
fn a_report_file_is_written_whole_or_not_at_all() {
    let bench = Workbench::with_release(BINARY);
    bench.write("report.json", "the report of the last run");
    for broken in ["/dev/full", "nowhere/x", "examples"] {
        let bench_output = format!("--output=human={broken}");
        let evidence = ["evidence", "examples/release/app.tar.gz", "--evidence", EVIDENCE];
        let ran = bench.run(&[&evidence[..], &["-ojson=report.json", &bench_output]].concat());
        drop(ran.exits(4));
        assert_eq!(bench.read("report.json"), "the report of the last run", "{broken}");
    }
    let ran = bench.run(&[
        "evidence",
        "examples/release/app.tar.gz",
        "--evidence",
        EVIDENCE,
        "-ojson=report.json",
        "-ohuman",
    ]);
    let ran = ran.exits(0);
    assert!(ran.stdout.contains("documents are facts"), "{}", ran.stdout);
    assert!(bench.read("report.json").starts_with("{\n  \"schema\": \"lockgate.evidence/v1\""));
    let left: Vec<_> =
        fs::read_dir(bench.path(".")).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left.len(), 3, "{left:?}");
}

#[test]
fn two_outputs_are_two_files() {
    let bench = Workbench::with_release(BINARY);
    let run = |other: &str| {
        let evidence = ["evidence", "examples/release/app.tar.gz", "-ojson=report", other];
        bench.run(&evidence)
    };
    says(&run("-ohuman=examples/../report").exits(4), &["another output is the same file"]);
    assert!(!bench.path("report").exists());
    drop(run("-ohuman=examples/report").exits(0));
    let report = bench.read("report");
    let stdout = bench.run(&["evidence", "examples/release/app.tar.gz", "-ojson=/dev/stdout"]);
    assert_eq!(stdout.exits(0).stdout, report);
}

#[test]
fn an_output_never_takes_the_place_of_what_is_read() {
    let bench = Workbench::with_release(BINARY);
    let sbom = format!("{EVIDENCE}/sbom.sigstore.json");
    let of_config = ["examples/release/trust/ci.pub", "policies/baseline.toml"];
    for read in ["examples/release/app.tar.gz", CONFIG, &sbom].into_iter().chain(of_config) {
        let before = fs::read(bench.path(read)).unwrap();
        std::os::unix::fs::symlink(bench.path(read), bench.path("link")).unwrap();
        for target in [read, "link", &format!("./policies/../{read}")] {
            let ran = bench.check_release(&[&format!("-ojson={target}"), "--evidence", &sbom]);
            let overwrites = format!("names the file `{target}`, which would overwrite `");
            // A file of the configuration is named as that spells it.
            let name = format!("{}`", read.rsplit('/').next().unwrap());
            says(&ran.exits(2), &[&overwrites, &name, "help: write to another file"]);
            assert_eq!(fs::read(bench.path(read)).unwrap(), before, "{target}");
        }
        fs::remove_file(bench.path("link")).unwrap();
    }
}

#[test]
fn a_policy_file_may_end_its_lines_as_it_likes() {
    let bench = Workbench::with_release(BINARY);
    bench.write(CONFIG, bench.read(CONFIG).replace('\n', "\r\n"));
    drop(bench.check_release(&[]).exits(0));
    bench.replace(CONFIG, "for  = [\"provenance\"]", "for  = [\"colour\"]");
    let ran = bench.check_release(&[]).exits(2);
    says(&ran, &["7 | for  = [\"colour\"]"]);
    assert!(!ran.stderr.contains('?') && !ran.stderr.contains('\r'), "{}", ran.stderr);
}

#[test]
fn a_policy_file_with_thousands_of_problems_is_read_in_no_time() {
    let bench = Workbench::with_release(BINARY);
    let keys: String = (0..8_000).map(|key| format!("k{key} = 1\n")).collect();
    bench.write("lockgate.toml", keys);
    let ran = bench.run(&["check", "x", "--stage=production", "--config=lockgate.toml"]);
    says(&ran.exits(2), &["and 7900 more problems"]);
}

#[test]
fn a_panic_inside_the_host_is_caught() {
    let bench = Workbench::with_release(BINARY);
    says(
        &bench.check_release(&["--panic-in-evaluate"]).exits(4),
        &["internal error", "injected fault"],
    );
}
