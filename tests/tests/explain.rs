//! What a report rests on, and what to do; and what is no report.
#![forbid(unsafe_code)]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    reason = "tests set up files"
)]

use std::fs;
use std::io::Write as _;
use std::process::Stdio;

use lockgate_tests::{Ran, Workbench, golden, lockgate_command, root};
use serde_json::{Value, json};

const BINARY: &str = env!("CARGO_BIN_EXE_lockgate-under-test");

/// The golden report of this name; what is left out of it is any digest.
fn report(name: &str) -> Value {
    let path = root().join(format!("tests/golden/reports/{name}.json"));
    let text = fs::read_to_string(path).unwrap();
    let whole = text.split('"').map(|part| match part.strip_prefix("sha256:(") {
        Some(_) => format!("sha256:{}", "0".repeat(64)),
        None => part.to_owned(),
    });
    serde_json::from_str(&whole.collect::<Vec<_>>().join("\"")).unwrap()
}

/// A bench with these bytes in `report.json`.
fn holding(bytes: impl AsRef<[u8]>) -> Workbench {
    let bench = Workbench::new(BINARY);
    bench.write("report.json", bytes);
    bench
}

fn explained(report: &Value, more: &[&str]) -> Ran {
    holding(report.to_string()).run(&[&["explain", "report.json"], more].concat())
}

/// What is said of something that is no report.
fn refused(bytes: impl AsRef<[u8]>) -> String {
    let ran = holding(bytes).run(&["explain", "report.json"]).exits(2);
    assert!(ran.stderr.starts_with("error: `report.json` "), "{}", ran.stderr);
    assert!(!ran.stderr.contains(|c: char| c.is_control() && c != '\n'), "{}", ran.stderr);
    ran.stderr
}

#[test]
fn findings_are_told_with_what_they_rest_on_and_what_to_do() {
    for name in ["release", "everything", "hostile"] {
        let ran = explained(&report(name), &[]).exits(0);
        let path = root().join(format!("tests/golden/reports/{name}.explained.txt"));
        golden(&path, &ran.stdout);
    }
}

#[test]
fn a_policy_is_explained_by_itself() {
    let ran = explained(&report("everything"), &["--policy=base-image", "-ojson"]).exits(0);
    let told = ran.json();
    assert_eq!(told["schema"], "lockgate.explanation/v1");
    assert_eq!(told["reasons"], json!([]));
    let [policy] = &told["policies"].as_array().unwrap()[..] else { panic!("{told:#}") };
    let [finding] = &policy["findings"].as_array().unwrap()[..] else { panic!("{policy:#}") };
    assert_eq!(finding["title"], "Nothing in particular");
    assert_eq!(finding["expected"], "12.8 or later");
    assert_eq!(finding["found"], "12.2");
    assert_eq!(finding["remediation"], "Build on `debian:12.8` or a later one.");
    let [fact] = &finding["rests-on"]["facts"].as_array().unwrap()[..] else {
        panic!("{finding:#}")
    };
    assert_eq!(fact["path"], "sbom.sigstore.json");
    assert_eq!(fact["signers"], json!(["ci"]));
    assert!(fact["checked"].as_str().unwrap().contains("signature over the envelope"), "{fact}");
    // One that names nothing rests on all that was read.
    let ran = explained(&report("everything"), &["--policy=watch-list", "-ojson"]).exits(0);
    let policy = &ran.json()["policies"][0];
    assert_eq!(policy["findings"][0]["rests-on"], Value::Null);
    assert_eq!(policy["read"]["facts"][0]["path"], "app.sigstore.json");
    // What a policy let pass is a relaxation about it.
    let ran = explained(&report("everything"), &["--policy=container-rules", "-ojson"]).exits(0);
    assert_eq!(ran.json()["relaxations"][0]["set-by"], "`allow-not-applicable` under `[[policy]]`");
}

#[test]
fn a_policy_that_is_not_there_is_refused_with_those_that_are() {
    let ran = explained(&report("release"), &["--policy=licences"]).exits(2);
    assert!(
        ran.stderr.contains("no policy `licences`; it has `sbom-readable`, "),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_report_may_come_by_standard_input() {
    let bench = Workbench::new(BINARY);
    let mut command = lockgate_command(BINARY, &bench.path("."));
    let command = command.args(["explain", "-", "-omarkdown"]);
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().unwrap();
    let text = report("everything").to_string();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let ran = Ran::of(child.wait_with_output().unwrap()).exits(0);
    assert!(ran.stdout.starts_with("## Lockgate: denied, explained\n"), "{}", ran.stdout);
}

#[test]
fn an_explanation_is_written_to_files_too() {
    let bench = holding(report("everything").to_string());
    let ran = bench.run(&["explain", "report.json", "-ojson=a.json", "-ohuman=a.txt"]).exits(0);
    assert_eq!(ran.stdout, "");
    assert!(bench.read("a.json").starts_with('{') && bench.read("a.txt").starts_with("denied: "));
    for format in ["sarif", "junit", "github", "html"] {
        let ran = bench.run(&["explain", "report.json", "-o", format]).exits(2);
        assert!(ran.stderr.contains(&format!("`explain` does not write `{format}`")), "{ran:?}");
    }
}

#[test]
fn what_is_no_report_is_refused_with_what_shows_it() {
    let bench = Workbench::new(BINARY);
    let ran = bench.run(&["explain", "nowhere.json"]).exits(2);
    assert!(ran.stderr.contains("cannot open the report `nowhere.json`"), "{}", ran.stderr);
    drop(bench.run(&["explain", "."]).exits(2));
    for (bytes, words) in [
        ("", "EOF while parsing"),
        ("\u{1b}[2J{", "expected value"),
        ("[]", "is no report"),
        ("{}", "it has no `schema`"),
        (
            r#"{"schema":"lockgate.report/v2"}"#,
            "has the schema `lockgate.report/v2`, and this version",
        ),
        (r#"{"schema":"\u001b[2J"}"#, "has the schema `\\u{1b}[2J`"),
        (r#"{"schema":"lockgate.evidence/v1"}"#, "it lists evidence"),
        (r#"{"schema":"lockgate.report/v1"}"#, "missing field"),
        (r#"{"schema":"lockgate.report/v1","schema":"lockgate.report/v1"}"#, "duplicate field"),
    ] {
        let said = refused(bytes);
        assert!(said.contains(words), "{bytes}: {said}");
    }
    assert!(refused(b"\xff\xfe{}".as_slice()).contains("is no report"));
    // However deep something nests, the stack is not.
    for key in ["schema", "other", "reasons"] {
        let deep = "[".repeat(200_000);
        drop(refused(format!(r#"{{"schema":"lockgate.report/v1","{key}":{deep}"#)));
        drop(refused(format!(r#"{{"{key}":{deep}"#)));
    }
}

#[test]
fn a_report_that_contradicts_itself_is_none() {
    let edited = |edit: fn(&mut Value)| {
        let mut report = report("everything");
        edit(&mut report);
        refused(report.to_string())
    };
    for (edit, words) in [
        (
            (|report| report["outcome"] = json!("allowed")) as fn(&mut Value),
            "its outcome is `allowed` and its exit code 1",
        ),
        (|report| report["reasons"] = json!([]), "its outcome is `denied`, and it has 0 reasons"),
        (|report| report["exit"] = json!(7), "7 is no exit code"),
        (
            |report| report["config"]["pin"] = json!(format!("sha256:{}", "1".repeat(64))),
            "of its pin",
        ),
        (|report| report["config"]["digest"] = json!("sha256:ab"), "64 hexadecimal digits"),
        (|report| report["at"] = json!("yesterday"), "RFC 3339"),
        (|report| report["stage"] = json!("Production\n"), "a stage's name"),
        (|report| report["waivers"] = json!([]), "unknown field `waivers`"),
        (|report| report["policies"][0]["opinion"] = json!("fine"), "unknown variant `fine`"),
        (|report| report["documents"][0]["kind"] = json!("gossip"), "`gossip` is not a kind"),
        (
            |report| {
                report["outcome"] = json!("allowed");
                report["exit"] = json!(0);
                report["reasons"] = json!([]);
            },
            "its outcome is `allowed`, and the required policy `",
        ),
        (
            |report| {
                let policies = report["policies"].as_array_mut().unwrap();
                let failed = policies.iter_mut().find(|policy| policy["opinion"] == "fail");
                failed.unwrap()["opinion"] = json!("pass");
            },
            "passes, and finds a violation",
        ),
        (
            |report| {
                let policies = report["policies"].as_array_mut().unwrap();
                let failed = policies.iter_mut().find(|policy| policy["opinion"] == "fail");
                failed.unwrap()["findings"][0]["code"] = json!("made-up");
            },
            "has no rule `made-up`, and finds it broken",
        ),
    ] {
        let said = edited(edit);
        assert!(said.contains(words), "{said}");
    }
}

#[test]
fn a_report_that_is_too_large_is_not_read() {
    let bench = Workbench::new(BINARY);
    // A file with a hole: nothing is written for it.
    let file = fs::File::create(bench.path("report.json")).unwrap();
    file.set_len((64 << 20) + 1).unwrap();
    let ran = bench.run(&["explain", "report.json"]).exits(2);
    assert!(ran.stderr.contains("larger than the 64 MiB"), "{}", ran.stderr);
}

#[test]
fn a_report_is_explained_at_a_length_in_proportion_to_its_own() {
    let mut report = report("everything");
    let digest = report["documents"][0]["digest"].clone();
    // Copies of one document with a long path, and many findings that each name it many times.
    let mut copy = report["documents"][0].clone();
    copy["path"] = json!("x".repeat(30_000));
    report["documents"] = json!(vec![copy; 10]);
    let policies = report["policies"].as_array_mut().unwrap();
    let policy = policies.iter_mut().find(|policy| policy["name"] == "base-image").unwrap();
    let mut finding = policy["findings"][0].clone();
    finding["evidence"] = json!(vec![digest; 100]);
    policy["findings"] = json!(vec![finding; 500]);
    let given = report.to_string().len();
    for format in ["-ohuman", "-ojson", "-omarkdown"] {
        let told = explained(&report, &[format]).exits(0).stdout.len();
        assert!(told < 8 * given, "{format}: {told} bytes of {given}");
    }
}
