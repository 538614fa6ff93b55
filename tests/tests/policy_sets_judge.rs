//! What each policy set says of a good release and of a poor one.
//!
//! The good one is the example release, whose bytes are of one day in 2026; the poor one lacks
//! provenance, and much else is wrong with it. Each is judged with its configuration pinned, as
//! `regulated` demands it.
#![forbid(unsafe_code)]
#![allow(clippy::disallowed_methods, reason = "tests read files")]

use std::fs;

use lockgate_tests::{Workbench, copy_folder, golden, root};

const BINARY: &str = env!("CARGO_BIN_EXE_lockgate-under-test");

/// A release in `examples/`, and when it is judged.
struct Release {
    name: &'static str,
    at: &'static str,
}

const GOOD: Release = Release { name: "release", at: "2026-10-02T00:00:00Z" };
const POOR: Release = Release { name: "poor", at: "2026-12-24T10:00:00Z" };

/// Each set, and how it judges the good release; the poor one none of them lets pass. To `regulated`,
/// that the moment is asked for and not the present is reason enough.
const SETS: [(&str, i32); 5] = [
    ("baseline", 0),
    ("open-source-release", 0),
    ("production", 1),
    ("regulated", 1),
    ("slsa-build-l3", 0),
];

/// The report for people.
fn judged(release: &Release, set: &str, exit: i32) -> String {
    let bench = Workbench::new(BINARY);
    let folder = format!("examples/{}", release.name);
    copy_folder(&root().join(&folder), &bench.path(&folder));
    copy_folder(&root().join("policies"), &bench.path("policies"));
    let sets = root().join(format!("tests/fixtures/sets/{}.toml", release.name));
    bench.write(&format!("{folder}/sets.toml"), fs::read(sets).expect("read the fixture"));
    let (config, evidence) =
        (format!("--config={folder}/sets.toml"), format!("--evidence={folder}/evidence"));
    let (artifact, stage, at) =
        (format!("{folder}/app.tar.gz"), format!("--stage={set}"), format!("--at={}", release.at));
    let check = ["check", &artifact, &config, &evidence, &stage, &at];
    let unpinned = bench.run(&[&check[..], &["--output=json"]].concat()).json();
    let digest = unpinned["config"]["digest"].as_str().expect("every report tells it");
    let pin = format!("--config-digest={digest}");
    bench.run(&[&check[..], &[&pin, "--output=human"]].concat()).exits(exit).stdout
}

#[test]
fn of_a_good_release() {
    for (set, exit) in SETS {
        let report = judged(&GOOD, set, exit);
        golden(&root().join(format!("tests/golden/sets/{set}-release.txt")), &report);
    }
}

#[test]
fn of_a_poor_release() {
    for (set, _) in SETS {
        let report = judged(&POOR, set, 1);
        golden(&root().join(format!("tests/golden/sets/{set}-poor.txt")), &report);
    }
}
