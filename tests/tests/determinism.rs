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
