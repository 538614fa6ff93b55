//! What fuzzers found is tried again, without a fuzzer: every input that was kept goes through its
//! door, which panics if a law does not hold.
#![forbid(unsafe_code)]
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read the corpora")]

use std::collections::BTreeSet;
use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use lockgate_tests::root;

type Door = (&'static str, fn(&[u8]));

fn doors() -> impl Iterator<Item = Door> {
    let (documents, policies) = (lockgate_evidence::fuzzing::DOORS, lockgate::fuzzing::DOORS);
    documents.iter().chain(policies).copied()
}

/// What lies in a folder, sorted.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap_or_else(|why| panic!("{}: {why}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths
}

#[test]
fn every_input_that_was_kept_keeps_every_law() {
    for (name, door) in doors() {
        let inputs = entries(&root().join("fuzz/corpus").join(name));
        assert!(!inputs.is_empty(), "the corpus of `{name}` is empty, so nothing is tried");
        for input in inputs {
            let bytes = fs::read(&input).unwrap();
            assert!(catch_unwind(|| door(&bytes)).is_ok(), "{} breaks a law", input.display());
        }
    }
}

#[test]
fn every_door_has_a_target_and_a_corpus() {
    let stems = |folder: &str| -> BTreeSet<String> {
        let stem = |path: PathBuf| path.file_stem().unwrap().to_str().unwrap().to_owned();
        entries(&root().join(folder)).into_iter().map(stem).collect()
    };
    let names: BTreeSet<_> = doors().map(|(name, _)| name.to_owned()).collect();
    assert_eq!(names.len(), doors().count(), "two doors have one name");
    assert_eq!(stems("fuzz/fuzz_targets"), names);
    assert_eq!(stems("fuzz/corpus"), names);
}
