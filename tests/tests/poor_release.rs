//! The release in `examples/poor`, in which much is wrong: what the gate says of it.
//!
//! It is made of `tests/fixtures/poor-release`, the same bytes in every run; `UPDATE_GOLDEN=1` writes it.
#![forbid(unsafe_code)]
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests read files, and the environment"
)]

use std::fs;
use std::path::{Path, PathBuf};

use lockgate_tests::{Case, Workbench, copy_folder, golden, lockgate_command, root};

const BINARY: &str = env!("CARGO_BIN_EXE_lockgate-under-test");

/// Every file below a folder, by its path from there, sorted.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path.strip_prefix(folder).unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

#[test]
fn the_poor_example_is_made_of_what_is_told_of_it() {
    let bench = Workbench::new(BINARY);
    Case::read(&root().join("tests/fixtures/poor-release")).set_up(&bench);
    let (made, example) = (bench.path(""), root().join("examples/poor"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        copy_folder(&made, &example);
    }
    assert_eq!(files(&made), files(&example));
    for file in files(&made) {
        let same = fs::read(made.join(&file)).unwrap() == fs::read(example.join(&file)).unwrap();
        assert!(same, "examples/poor/{} differs; UPDATE_GOLDEN=1 writes it", file.display());
    }
}

#[test]
fn a_person_sees_all_that_is_wrong_with_it_at_once() {
    let mut command = lockgate_command(BINARY, &root());
    command.args([
        "check",
        "examples/poor/app.tar.gz",
        "--stage=production",
        "--config=examples/poor/lockgate.toml",
        "--evidence=examples/poor/evidence",
        "--at=2026-12-24T10:00:00Z",
    ]);
    let ran = lockgate_tests::Ran::of(command.output().unwrap()).exits(1);
    golden(&root().join("tests/golden/poor.txt"), &ran.stdout);
}

#[test]
fn the_readme_shows_it_as_it_looks_in_a_terminal() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let shown = fs::read_to_string(root().join("tests/golden/poor.txt")).unwrap();
    assert!(
        readme.contains(&format!("```text\n{shown}```")),
        "tests/golden/poor.txt is what it shows"
    );
}
