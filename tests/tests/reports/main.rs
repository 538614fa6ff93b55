//! Reports in every format: golden, well formed, and harmless whatever strangers wrote into them.
#![forbid(unsafe_code)]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    reason = "tests set up files"
)]

mod github;
mod html;
mod junit;
mod markdown;
mod poison;
mod sarif;
mod scene;

use std::fs;

use lockgate::model::Report;
use lockgate::{Format, explain, render};
use lockgate_tests::{golden, root};
use serde_json::Value;

use crate::scene::Scene;

/// Holds all formats of a scene against what each has to be.
fn check(scene: &Scene) {
    let report = scene.json();
    sarif::check(scene.text("sarif"), &report);
    junit::check(scene.text("junit"), &report);
    markdown::check(scene.text("markdown"));
    markdown::no_mentions(scene.text("markdown"));
    github::check(scene.text("github"), report["outcome"] == "allowed");
    html::check(scene.text("html"));
    for (format, text) in &scene.texts {
        no_terminal_obeys(text);
        if *format != "github" {
            no_command(text);
        }
    }
}

/// What is printed into the log of a job: GitHub Actions looks for commands behind the spaces at the
/// beginning of a line.
fn no_command(text: &str) {
    let command = text.lines().find(|line| line.trim_start().starts_with("::"));
    assert_eq!(command, None, "GitHub Actions obeys a line");
}

fn no_terminal_obeys(text: &str) {
    let obeyed = |c: char| c.is_control() && c != '\n';
    assert!(!text.contains(obeyed), "a terminal obeys {:?}", text.matches(obeyed).next());
    assert!(!text.contains("##[") && !text.contains("##vso["), "a CI system obeys a mark");
}

#[test]
fn the_release_is_shown_in_every_format() {
    let scene = Scene::release();
    check(&scene);
    scene.golden("release");
}

#[test]
fn all_that_a_report_can_have_is_shown_in_every_format() {
    let scene = Scene::everything();
    check(&scene);
    scene.golden("everything");
}

#[test]
fn what_strangers_wrote_is_shown_in_every_format() {
    let scene = Scene::hostile();
    check(&scene);
    scene.golden("hostile");
    // And it is there, and not just left out.
    for (format, text) in &scene.texts {
        assert!(text.contains("alert(1)"), "{format}");
    }
}

#[test]
fn a_list_of_evidence_is_shown_as_a_page_too() {
    let scene = Scene::evidence();
    html::check(scene.text("html"));
    markdown::check(scene.text("markdown"));
    for (format, end) in [("html", "html"), ("markdown", "md")] {
        let path = root().join(format!("tests/golden/reports/evidence.{end}"));
        golden(&path, scene.text(format));
    }
}

#[test]
fn a_report_that_strangers_wrote_themselves_is_harmless_in_every_format() {
    for name in ["release", "everything", "hostile"] {
        let report = poison::poisoned(name);
        every_format(&report);
        let explained = explain(&report, None).unwrap();
        let told = |format| render::explanation(&explained, format).unwrap();
        markdown::check(&told(Format::Markdown));
        markdown::no_mentions(&told(Format::Markdown));
        serde_json::from_str::<Value>(&told(Format::Json)).unwrap();
        for format in Format::OF_EXPLANATION {
            no_terminal_obeys(&told(*format));
            no_command(&told(*format));
        }
    }
}

fn every_format(report: &Report) {
    // The human text is made of the host's own reports alone, whose reasons begin with its own words.
    for format in [Format::Json, Format::Sarif, Format::Junit, Format::Markdown, Format::Html] {
        no_command(&render::check(report, format));
    }
    let as_json: Value = serde_json::from_str(&render::json(report)).unwrap();
    sarif::check(&render::check(report, Format::Sarif), &as_json);
    junit::check(&render::check(report, Format::Junit), &as_json);
    markdown::check(&render::check(report, Format::Markdown));
    github::check(&render::check(report, Format::Github), as_json["outcome"] == "allowed");
    html::check(&render::check(report, Format::Html));
}

/// Golden reports of every case, read back. What is left out of them is any digest.
fn golden_reports() -> Vec<(String, Report)> {
    let cases = fs::read_dir(root().join("tests/cases")).unwrap();
    let mut reports: Vec<_> = cases
        .map(|case| case.unwrap().path().join("report.json"))
        // A case that ends with a usage error has none.
        .filter(|path| path.is_file())
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            let whole = text.split('"').map(|part| match part.strip_prefix("sha256:(") {
                Some(_) => format!("sha256:{}", "0".repeat(64)),
                None => part.to_owned(),
            });
            let text = whole.collect::<Vec<_>>().join("\"");
            let name = path.display().to_string();
            let report = lockgate::read_report(&name, text.as_bytes());
            (name, report.unwrap_or_else(|why| panic!("{why}")))
        })
        .collect();
    reports.sort_by(|(a, _), (b, _)| a.cmp(b));
    reports
}

#[test]
fn every_golden_report_is_read_back_and_keeps_the_rules_of_every_format() {
    let reports = golden_reports();
    assert!(reports.len() >= 20);
    for (_, report) in &reports {
        every_format(report);
    }
}

#[test]
fn what_is_read_back_is_what_was_written() {
    for (name, report) in golden_reports() {
        let again = render::json(&report);
        let reread = lockgate::read_report(&name, again.as_bytes()).unwrap();
        assert_eq!(reread, report, "{name}");
        assert_eq!(render::json(&reread), again, "{name}");
    }
}
