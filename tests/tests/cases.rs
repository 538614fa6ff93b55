//! Every folder in `tests/cases`.
#![forbid(unsafe_code)]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests read folders"
)]

use std::fs;

use lockgate_tests::{Case, root};

#[test]
fn every_case_gives_its_golden_report() {
    let mut folders: Vec<_> =
        fs::read_dir(root().join("tests/cases")).unwrap().map(|e| e.unwrap().path()).collect();
    folders.sort();
    assert!(folders.len() >= 20, "only {} cases", folders.len());
    for folder in folders {
        println!("{}", folder.display());
        Case::read(&folder).check(env!("CARGO_BIN_EXE_lockgate-under-test"));
    }
}
