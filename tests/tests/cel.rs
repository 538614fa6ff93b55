//! Every line that `docs/cel.md` offers, run against the example release.
#![forbid(unsafe_code)]
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read files")]

use std::collections::BTreeSet;
use std::fmt::Write as _;

use lockgate_tests::{Workbench, root};
use serde_json::Value;

const BINARY: &str = env!("CARGO_BIN_EXE_lockgate-under-test");

/// One line of the page: what it is said to come to, and the settings.
struct Line {
    outcome: String,
    settings: String,
}

/// Every line of the page, in its order.
fn lines() -> Vec<Line> {
    let page = std::fs::read_to_string(root().join("docs/cel.md")).unwrap();
    let (_, page) = page.split_once("\n# Lines to take\n").expect("the page has lines to take");
    let blocks = page.split("```toml\n").skip(1);
    let line = |block: &str| {
        let (block, _) = block.split_once("```").expect("a block ends");
        let (outcome, settings) = block.split_once('\n').expect("a block has lines");
        Line {
            outcome: outcome.strip_prefix("# ").expect("it says what it comes to").to_owned(),
            settings: settings.replace("[[rules]]", "[[stage.production.policy.settings.rules]]"),
        }
    };
    blocks.map(line).collect()
}

/// What a policy came to, as the page says it.
fn outcome(policy: &Value) -> String {
    let reason = || policy["reason"].as_str().unwrap();
    match policy["opinion"].as_str().unwrap() {
        "pass" => match policy["findings"].as_array().unwrap().len() {
            0 => "passes".to_owned(),
            _ => format!("passes, and shows {}", abouts(policy)),
        },
        "fail" => format!("fails: {}", abouts(policy)),
        "withheld" => reason().replacen("it could not judge", "withheld", 1),
        other => panic!("{other}: {policy:#}"),
    }
}

/// What the first findings are about, and how many more there are.
fn abouts(policy: &Value) -> String {
    let findings = policy["findings"].as_array().unwrap();
    let about = |finding: &Value| finding["about"].as_str().unwrap().to_owned();
    let first: Vec<String> = findings.iter().take(2).map(about).collect();
    match findings.len() - first.len() {
        0 => first.join(", "),
        more => format!("{}, and {more} more", first.join(", ")),
    }
}

#[test]
fn every_line_of_the_page_comes_to_what_it_says() {
    let lines = lines();
    assert!(lines.len() >= 25, "{} lines", lines.len());
    let bench = Workbench::with_release(BINARY);
    let config = bench.read("examples/release/lockgate.toml");
    let (trust, _) = config.split_once("[stage.staging]").unwrap();
    let mut gate = format!("{trust}\n[stage.production]\n");
    for (number, line) in lines.iter().enumerate() {
        let settings = &line.settings;
        write!(
            gate,
            "[[stage.production.policy]]\nname = \"line-{number:02}\"\nplugin = \"builtin:cel\"\n\
             [stage.production.policy.settings]\n{settings}\n"
        )
        .unwrap();
    }
    bench.write("examples/release/lockgate.toml", gate);
    let report = bench.check_release(&[]).json();
    let policies = report["policies"].as_array().unwrap();
    let mut codes = BTreeSet::new();
    let mut wrong = String::new();
    for (policy, line) in policies.iter().zip(&lines) {
        let found = outcome(policy);
        if found != line.outcome {
            writeln!(wrong, "{}\n  said  {}\n  found {found}", policy["name"], line.outcome).unwrap();
        }
        codes.insert(found.split([':', ',']).next().unwrap().to_owned());
    }
    assert_eq!(policies.len(), lines.len());
    assert!(wrong.is_empty(), "{wrong}");
    let kinds: Vec<&str> = codes.iter().map(String::as_str).collect();
    assert_eq!(kinds, ["fails", "passes", "withheld"], "a page of passes shows nothing");
}
