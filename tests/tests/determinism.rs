//! The same inputs give the same bytes.
#![forbid(unsafe_code)]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests set up files"
)]

use std::fs;

use lockgate_builtins::{ALL, Builtin};
use lockgate_tests::Workbench;

const BINARY: &str = env!("CARGO_BIN_EXE_lockgate-under-test");

#[test]
fn the_report_is_the_same_however_many_policies_run_at_a_time() {
    let bench = Workbench::with_release(BINARY);
    let first = bench.check_release(&["--jobs=1"]).exits(0).stdout;
    for jobs in ["--jobs=1", "--jobs=2", "--jobs=7"] {
        assert_eq!(bench.check_release(&[jobs]).exits(0).stdout, first, "{jobs}");
    }
    // Another folder, and copies that were made in another order.
    let elsewhere = Workbench::with_release(BINARY);
    let evidence = elsewhere.path("examples/release/evidence");
    let mut names: Vec<_> = fs::read_dir(&evidence).unwrap().map(|e| e.unwrap().path()).collect();
    names.sort();
    for name in names.iter().rev() {
        let bytes = fs::read(name).unwrap();
        fs::remove_file(name).unwrap();
        fs::write(name, bytes).unwrap();
    }
    assert_eq!(elsewhere.check_release(&[]).exits(0).stdout, first);
}

#[test]
fn the_report_is_the_same_whether_a_policy_came_compiled_or_is_compiled_for_the_run() {
    let bench = Workbench::with_release(BINARY);
    let came_compiled = bench.check_release(&[]).exits(0).json();
    let files =
        ["examples/release/lockgate.toml", "policies/baseline.toml", "policies/production.toml"];
    for file in files {
        let (folder, _) = file.rsplit_once('/').unwrap();
        for Builtin { name, component, .. } in ALL {
            bench.write(&format!("{folder}/{name}.wasm"), component);
            let text =
                bench.read(file).replace(&format!("builtin:{name}"), &format!("./{name}.wasm"));
            bench.write(file, text);
        }
    }
    let mut compiled = bench.check_release(&[]).exits(0).json();
    // The same, but for what the policies are called, and so for what is in the files that name them.
    assert_ne!(compiled["config"]["digest"], came_compiled["config"]["digest"]);
    compiled["config"]["digest"] = came_compiled["config"]["digest"].clone();
    for (policy, as_it_was) in compiled["policies"]
        .as_array_mut()
        .unwrap()
        .iter_mut()
        .zip(came_compiled["policies"].as_array().unwrap())
    {
        assert_ne!(policy["plugin"], as_it_was["plugin"]);
        policy["plugin"] = as_it_was["plugin"].clone();
    }
    assert_eq!(compiled, came_compiled);
}
