//! Data files: what a policy sees of them, and what becomes of those that are missing, wrong or
//! changed.
#![forbid(unsafe_code)]
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests set up files")]

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use lockgate_tests::{Gate, Ran};
use serde_json::Value;
use sha2::{Digest, Sha256};

const BINARY: &str = env!("CARGO_BIN_EXE_lockgate-under-test");

/// The guest in `plugins/survey`.
const SURVEY: &str = env!("SURVEY_WASM");

const SCORES: &str = "#model_version:v1,score_date:2026-10-01T00:00:00Z\n\
                      cve,epss,percentile\n\
                      CVE-2021-44228,0.94,0.99\n\
                      \"CVE-1999-0001\",\"0.01\",\n";

const CATALOGUE: &str = r#"{ "catalogVersion": "1", "count": 1, "vulnerabilities": [
    { "cveID": "CVE-2021-44228", "dueDate": "2021-12-24", "cwes": [] }
] }"#;

/// Two tables, and what there is to ask of them.
const TABLES: &str = r#"[
    { file = "scores", key = "cve", get = [["CVE-2021-44228", "epss"], ["CVE-1999-0001", "percentile"],
        ["CVE-1999-0001", "colour"], ["cve-2021-44228", "epss"]], text = ["/count"] },
    { file = "kev", key = "cveID", pointer = "/vulnerabilities", get = [["CVE-2021-44228", "dueDate"],
        ["CVE-2021-44228", "cwes"], ["CVE-1999-0001", "dueDate"]], text = ["/count", "/vulnerabilities"] },
]"#;

/// A gate whose one policy is the survey with these files and settings.
fn gate(data: &str, settings: &str) -> Gate {
    let policy = format!(
        "\n[[stage.production.policy]]\nname = \"survey\"\nplugin = \"./survey.wasm\"\n{data}\n\
         settings = {settings}\n"
    );
    let gate = Gate::with(BINARY, &policy);
    gate.bench.write("survey.wasm", std::fs::read(SURVEY).unwrap());
    gate.bench.write("lists/scores.csv", SCORES);
    gate.bench.write("lists/kev.json", CATALOGUE);
    gate
}

/// The same with both lists.
fn both() -> Gate {
    gate(
        "data = { scores = \"lists/scores.csv\", kev = \"lists/kev.json\" }",
        &format!(
            "{{ look = [\"data\"], tables = {} }}",
            TABLES.replace('\n', " ").replace("}, ]", "}]")
        ),
    )
}

/// The notes, one a line.
fn notes(ran: &Ran) -> String {
    let report = ran.json();
    let findings = report["policies"][0]["findings"].as_array().unwrap();
    findings
        .iter()
        .map(|finding| finding["message"].as_str().unwrap()[5..].to_owned() + "\n")
        .collect()
}

fn digest(bytes: &[u8]) -> String {
    let hex: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

/// What is said of a configuration that cannot be used.
fn misconfigured(gate: &Gate) -> String {
    gate.check(&[]).exits(2).stderr
}

#[test]
fn a_policy_asks_lists_for_the_rows_that_matter() {
    let ran = both().check(&[]).exits(0);
    let (scores, kev) = (digest(SCORES.as_bytes()), digest(CATALOGUE.as_bytes()));
    let expected = format!(
        "file: (\"kev\", \"{kev}\")\n  size, bytes 2 to 8, behind the end: (132, \"\\\"catal\", 0)\n\
         file: (\"scores\", \"{scores}\")\n  size, bytes 2 to 8, behind the end: (119, \"odel_v\", 0)\n\
         table: (\"scores\", 2, [\"model_version:v1,score_date:2026-10-01T00:00:00Z\"])\n  \
           row: (\"CVE-2021-44228\", true, \"epss\", Some(\"0.94\"))\n  \
           row: (\"CVE-1999-0001\", true, \"percentile\", None)\n  \
           row: (\"CVE-1999-0001\", true, \"colour\", None)\n  \
           row: (\"cve-2021-44228\", false, \"epss\", None)\n  \
           text: (\"/count\", None)\n\
         table: (\"kev\", 1, [])\n  \
           row: (\"CVE-2021-44228\", true, \"dueDate\", Some(\"2021-12-24\"))\n  \
           row: (\"CVE-2021-44228\", true, \"cwes\", None)\n  \
           row: (\"CVE-1999-0001\", false, \"dueDate\", None)\n  \
           text: (\"/count\", Some(\"1\"))\n  \
           text: (\"/vulnerabilities\", None)\n"
    );
    assert_eq!(notes(&ran), expected);
    let mut read: Vec<_> = vec![scores, kev];
    read.sort();
    assert_eq!(ran.json()["policies"][0]["read"]["data"], Value::from(read));
}

#[test]
fn a_list_in_gzip_is_read_as_what_it_inflates_to() {
    let gate = both();
    let plain = notes(&gate.check(&[]).exits(0));
    let packed = gzip(SCORES);
    gate.bench.write("lists/scores.csv", &packed);
    let inflated = notes(&gate.check(&[]).exits(0));
    let (before, after) = (digest(SCORES.as_bytes()), digest(&packed));
    assert_eq!(inflated, plain.replace(&before, &after), "only the digest is that of the file");
    gate.bench.write("lists/scores.csv", &packed[..packed.len() - 4]);
    let damaged = notes(&gate.check(&[]).exits(0));
    let why = "the data file `scores`: its gzip cannot be inflated: ";
    assert!(damaged.contains("  unreadable: ") && damaged.matches(why).count() == 2, "{damaged}");
}

#[test]
fn a_list_that_is_no_table_is_told_with_its_place() {
    for (file, from, to, why) in [
        (
            "lists/scores.csv",
            "CVE-1999-0001",
            "CVE-2021-44228",
            "the data file `scores`: line 4 has the key `CVE-2021-44228`, which an earlier row has",
        ),
        (
            "lists/scores.csv",
            ",0.99\n",
            "\n",
            "the data file `scores`: line 3 has 2 fields, and 3 columns are named",
        ),
        (
            "lists/scores.csv",
            "\"0.01\"",
            "\"0.01",
            "the data file `scores`: line 4 opens a quote that nothing closes",
        ),
        (
            "lists/scores.csv",
            "cve,epss",
            "id,epss",
            "the data file `scores`: it has no column `cve`; it has `id`, `epss` and `percentile`",
        ),
        (
            "lists/kev.json",
            "cveID",
            "cve",
            "the data file `kev`: `/vulnerabilities/0` has nothing in `cveID`, by which rows are found",
        ),
        (
            "lists/kev.json",
            "\"count\"",
            "\"catalogVersion\"",
            "the data file `kev`: it has the name `catalogVersion` twice in one object",
        ),
        (
            "lists/kev.json",
            "\"vulnerabilities\"",
            "\"others\"",
            "the data file `kev`: it has no array at the pointer `/vulnerabilities`",
        ),
    ] {
        let gate = both();
        gate.bench.replace(file, from, to);
        let notes = notes(&gate.check(&[]).exits(0));
        assert!(notes.contains("no table: ") && notes.contains(why), "{why}\n{notes}");
    }
}

#[test]
fn what_the_policy_file_does_not_hand_over_is_not_there() {
    let settings = "{ look = [\"data\"], tables = [{ file = \"other\", key = \"a\" }] }";
    let ran = gate("data = { kev = \"lists/kev.json\" }", settings).check(&[]).exits(0);
    assert!(notes(&ran).contains("the policy file hands over no `other`"), "{}", notes(&ran));
    let ran = gate("", "{ look = [\"data\"] }").check(&[]).exits(0);
    assert!(!notes(&ran).contains("kev"), "{}", notes(&ran));
}

#[test]
fn files_for_a_policy_that_reads_none_are_an_error() {
    let gate = gate("data = { kev = \"lists/kev.json\" }", "{ look = [\"history\"] }");
    let said = misconfigured(&gate);
    let why = "`survey` names data files, and `./survey.wasm` reads none with these settings";
    assert!(said.contains(why), "{said}");
}

#[test]
fn a_data_file_that_cannot_be_used_is_a_problem_of_the_policy_file() {
    let other = format!("sha256:{}", "0".repeat(64));
    let pinned = |digest: &str| {
        format!("data = {{ kev = {{ file = \"lists/kev.json\", digest = \"{digest}\" }} }}")
    };
    for (data, why) in [
        ("data = { kev = \"lists/none.json\" }", "the data file `lists/none.json` does not exist"),
        ("data = { kev = \"lists\" }", "the data file `lists` is not a file"),
        ("data = { Kev = \"lists/kev.json\" }", "`Kev` is no name of a data file"),
        ("data = {}", "`data` in [[policy]] names 0 files"),
        ("data = \"lists/kev.json\"", "`data` in [[policy]] is a table, not `\"lists/kev.json\"`"),
        ("data = { kev = 1 }", "`data.kev` in [[policy]] is a path, not `1`"),
        ("data = { kev = {} }", "`data.kev` in [[policy]] lacks the key `file`"),
        (
            "data = { kev = { file = \"lists/kev.json\", sha = \"1\" } }",
            "unknown key `sha` in `data.kev` in [[policy]]",
        ),
        (&pinned("sha256:1"), "`sha256:1` is no digest"),
        (&pinned(&other), "the data file `lists/kev.json` is not the one that is pinned"),
    ] {
        let said = misconfigured(&gate(data, "{ look = [\"data\"] }"));
        assert!(said.contains(why), "{why}\n{said}");
    }
    let said = misconfigured(&gate(&pinned(&other), "{ look = [\"data\"] }"));
    let digest = digest(CATALOGUE.as_bytes());
    assert!(said.contains(&format!("it has {digest}, and {other} is asked for")), "{said}");
}

#[test]
fn a_file_of_more_bytes_than_are_held_is_refused_before_it_is_read_whole() {
    let gate = both();
    gate.bench.write("lists/kev.json", vec![b' '; (64 << 20) + 1]);
    let said = misconfigured(&gate);
    assert!(said.contains("the data file `lists/kev.json` has more than 67108864 bytes"), "{said}");
}

/// The relaxations of a report, by code and subject.
fn relaxed(ran: &Ran) -> Vec<(String, String)> {
    let report = ran.json();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let relaxations = report["relaxations"].as_array().unwrap().iter();
    relaxations.map(|one| (text(&one["code"]), text(&one["about"]))).collect()
}

#[test]
fn a_file_that_nothing_pins_is_a_relaxation() {
    let unpinned = |name: &str| ("data-unpinned".to_owned(), format!("survey/{name}"));
    let gate = both();
    let ran = gate.check(&[]).exits(0);
    let relaxations = relaxed(&ran);
    assert!(relaxations.contains(&unpinned("kev")) && relaxations.contains(&unpinned("scores")));

    let digest = digest(SCORES.as_bytes());
    let pin = format!("{{ file = \"lists/scores.csv\", digest = \"{digest}\" }}");
    gate.bench.replace("lockgate.toml", "\"lists/scores.csv\"", &pin);
    let ran = gate.check(&[]).exits(0);
    let relaxations = relaxed(&ran);
    assert!(relaxations.contains(&unpinned("kev")) && !relaxations.contains(&unpinned("scores")));

    let config = ran.json()["config"]["digest"].as_str().unwrap().to_owned();
    let pinned = |config: &str| {
        let pin = format!("--config-digest={config}");
        let common = ["check", "app", "--config=lockgate.toml", "--stage=production", "-ojson"];
        gate.bench.run(&[&common[..], &[pin.as_str()]].concat())
    };
    assert_eq!(relaxed(&pinned(&config).exits(0)), []);
    // Whoever changes a list changes the configuration.
    gate.bench.write("lists/kev.json", CATALOGUE.replace("CVE-2021-44228", "CVE-2000-0000"));
    let ran = pinned(&config).exits(2);
    assert!(ran.stderr.contains(&config), "{}", ran.stderr);
}
