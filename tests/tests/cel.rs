//! Every line that `docs/cel.md` offers, run against the example release.
#![forbid(unsafe_code)]
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read files")]

use std::collections::BTreeSet;
use std::fmt::Write as _;

use lockgate_tests::{Ran, Workbench, root};
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
    let settings: Vec<String> = lines.iter().map(|line| line.settings.clone()).collect();
    let report = run(&settings).json();
    let policies = report["policies"].as_array().unwrap();
    let mut codes = BTreeSet::new();
    let mut wrong = String::new();
    for (policy, line) in policies.iter().zip(&lines) {
        let found = outcome(policy);
        if found != line.outcome {
            writeln!(wrong, "{}\n  said  {}\n  found {found}", policy["name"], line.outcome)
                .unwrap();
        }
        codes.insert(found.split([':', ',']).next().unwrap().to_owned());
    }
    assert_eq!(policies.len(), lines.len());
    assert!(wrong.is_empty(), "{wrong}");
    let kinds: Vec<&str> = codes.iter().map(String::as_str).collect();
    assert_eq!(kinds, ["fails", "passes", "withheld"], "a page of passes shows nothing");
}

/// A run over the example release, with a policy for each of these settings.
fn run(policies: &[String]) -> Ran {
    let bench = Workbench::with_release(BINARY);
    let config = bench.read("examples/release/lockgate.toml");
    let (trust, _) = config.split_once("[stage.staging]").unwrap();
    let mut gate = format!("{trust}\n[stage.production]\n");
    for (number, settings) in policies.iter().enumerate() {
        write!(
            gate,
            "[[stage.production.policy]]\nname = \"line-{number:02}\"\nplugin = \"builtin:cel\"\n\
             [stage.production.policy.settings]\n{settings}\n"
        )
        .unwrap();
    }
    bench.write("examples/release/lockgate.toml", gate);
    bench.check_release(&[])
}

/// One rule with this expression.
fn rule(input: &str, that: &str) -> String {
    format!("input = {input}\nrules = [{{ code = \"a\", message = \"odd\", that = '''{that}''' }}]")
}

#[test]
fn settings_that_are_wrong_end_the_run_with_all_that_is_wrong() {
    let wrong = [
        ("sbom.all(d, size(d.path) > 0", "column 29: `,` is missing before the end"),
        ("sbom.all(d, d.paths == \"\")", "column 15: an SBOM has no key `paths`; it has `path`, "),
        (
            "scans.all(s, s.row_count == 0)",
            "column 1: `scans` belongs to the section `scans`, which `input` does not name: add it",
        ),
        ("sbom.all(d, d.path == 1)", "column 20: `==` is not for a string and an int"),
        ("sbom.all(d, d.path.matches(\"a\"))", "does not say where it begins and ends"),
        (
            "sbom.all(d, d.format != \"CycloneDX\")",
            "column 22: there is no format of SBOMs `CycloneDX`, but `cyclonedx`; there are ",
        ),
        ("sbom[0].path == \"\"", "column 5: which one comes first means nothing: ask each, "),
    ];
    let mut policies: Vec<String> =
        wrong.iter().map(|(that, _)| rule("[\"sbom\"]", that)).collect();
    policies.push(rule("[\"sbom\"]", "1 + 1 == 2"));
    policies.push("input = [\"sboms\"]\nrules = []".into());
    let said = run(&policies).exits(2).stderr;
    for (number, (_, problem)) in wrong.into_iter().enumerate() {
        let place = format!("the settings of `line-{number:02}`, at `/rules/0/that`: ");
        let line = said.lines().find(|line| line.contains(&place)).unwrap_or_default();
        assert!(line.contains(problem), "{said}");
        assert!(
            line.ends_with("a right expression is `sbom.all(d, size(d.signers) > 0)`"),
            "{said}"
        );
    }
    for problem in [
        "at `/rules/0/that`: it reads none of the facts, so it is always the same",
        "at `/input/0`: `sboms` is no section; there are `provenance`, ",
        "at `/rules`: give at least one rule",
    ] {
        assert!(said.contains(problem), "{said}");
    }
}

/// As deep as an expression may be nested, in the stack that a plugin has.
#[test]
fn the_deepest_expression_fits_into_the_stack() {
    let mut macros = "sbom.size() > 0".to_owned();
    for number in 0..30 {
        macros = format!("[true].all(v{number}, v{number} && ({macros}))");
    }
    let expressions = [
        format!("{}sbom.size() > 0{}", "(".repeat(60), ")".repeat(60)),
        "!".repeat(60) + "(sbom.size() > 0)",
        macros,
        "sbom.size() == 0 ? false : ".repeat(60) + "true",
        format!("sbom.size() in {}1{}", "[".repeat(31), "]".repeat(31) + &"[0]".repeat(30)),
    ];
    let _ = run(&expressions.map(|that| rule("[\"sbom\"]", &that))).exits(0);
}

#[test]
fn data_files_are_read_with_the_settings_and_asked_like_facts() {
    let ask = |file: &str, content: &str| {
        let bench = Workbench::with_release(BINARY);
        let config = bench.read("examples/release/lockgate.toml");
        let (trust, _) = config.split_once("[stage.staging]").unwrap();
        let settings = rule("[\"data.our-builders\", \"provenance\"]", BUILDER);
        bench.write(
            "examples/release/lockgate.toml",
            format!(
                "{trust}\n[stage.production]\n[[stage.production.policy]]\nname = \"lines\"\n\
                 plugin = \"builtin:cel\"\ndata = {{ {file} = \"builders.json\" }}\n\
                 [stage.production.policy.settings]\n{settings}\n"
            ),
        );
        bench.write("examples/release/builders.json", content);
        bench.check_release(&[])
    };
    let ours = "https://github.com/acme/builders/.github/workflows/slsa3.yml@refs/tags/v2.1.0";
    let report = ask("our-builders", &format!("[\"{ours}\"]")).exits(0).json();
    assert_eq!(report["policies"][0]["read"]["data"].as_array().unwrap().len(), 1, "{report:#}");
    let _ = ask("our-builders", "[\"https://example.com/builder\"]").exits(1);
    // As deep as JSON is read, in the stack that a plugin has.
    let deep = format!("[{}{}]", "[".repeat(126), "]".repeat(126));
    let report = ask("our-builders", &deep).exits(3).json();
    let reason = report["policies"][0]["reason"].as_str().unwrap();
    assert!(reason.ends_with("`==` is not for a string and a list"), "{reason}");
    for (file, content, problem) in [
        ("builders", "[]", "at `/input/0`: there is no data file `our-builders`: the policy file"),
        ("our-builders", "[", "at `/input/0`: the data file `our-builders` cannot be read as JSON"),
        ("our-builders", "{\"a\": 1, \"a\": 2}", "the member `a` stands twice"),
        ("our-builders", &"[".repeat(500), "recursion limit exceeded"),
    ] {
        let said = ask(file, content).exits(2).stderr;
        assert!(said.contains(problem), "{said}");
    }
}

/// Asks a list in a data file.
const BUILDER: &str = "provenance.all(p, p.predicate.runDetails.builder.id in data.our_builders)";
