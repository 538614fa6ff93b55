//! What the whole library costs: a process that asks all built-in policies about the example release,
//! beside one that asks three of them.
//!
//! `cargo bench -p lockgate-tests --bench library`. The target is three times the time.
#![forbid(unsafe_code)]
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark measures and prints"
)]

mod measure;

use std::process::Command;

use lockgate_tests::{Workbench, copy_folder, root};

/// How much longer all may take than three.
const TARGET: f64 = 3.0;

const BINARY: &str = env!("CARGO_BIN_EXE_lockgate-under-test");

fn main() {
    let bench = Workbench::with_release(BINARY);
    copy_folder(&root().join("tests/fixtures/lint"), &bench.path("sets"));
    let config = bench.read("examples/release/lockgate.toml");
    let (trust, _) = config.split_once("[stage.staging]").unwrap();
    let stages = "[stage.three]\npolicies = [\"../../sets/three.toml\"]\n\
                  [stage.all]\npolicies = [\"../../sets/every-builtin.toml\"]\n";
    bench.write("examples/release/lockgate.toml", format!("{trust}{stages}"));
    // What they say does not matter, but that each was asked does.
    for (stage, count) in [("three", 3), ("all", lockgate_builtins::ALL.len())] {
        let stage = format!("--stage={stage}");
        let report = bench.run(&[&ARGUMENTS[..], &[&stage, "-ojson"]].concat()).json();
        let policies = report["policies"].as_array().unwrap();
        assert_eq!(policies.len(), count);
        for policy in policies {
            assert_ne!(policy["opinion"], "withheld", "{policy:#}");
        }
    }
    let folder = bench.path("");
    let run = |stage: &str| {
        let mut command = Command::new(BINARY);
        command.current_dir(&folder).args(ARGUMENTS).args(["--stage", stage, "-ojson"]);
        command.output().unwrap();
    };
    let (mut three, mut all) = (|| run("three"), || run("all"));
    let mut nothing = || drop(Command::new(BINARY).arg("--version").output().unwrap());
    let [three, all, nothing] = measure::medians([&mut three, &mut all, &mut nothing]);
    let millis = |time: std::time::Duration| time.as_secs_f64() * 1e3;
    println!("{:>8.1} ms  a process that does nothing", millis(nothing));
    println!("{:>8.1} ms  a check by three policies: the reference", millis(three));
    println!("{:>8.1} ms  a check by all {}", millis(all), lockgate_builtins::ALL.len());
    let ratio = all.as_secs_f64() / three.as_secs_f64();
    let is_met = if ratio <= TARGET { "" } else { "   ABOVE THE TARGET" };
    println!("{ratio:>8.2}     ratio{is_met}");
}

const ARGUMENTS: [&str; 5] = [
    "check",
    "examples/release/app.tar.gz",
    "--config=examples/release/lockgate.toml",
    "--evidence=examples/release/evidence",
    "--at=2026-10-02T00:00:00Z",
];
