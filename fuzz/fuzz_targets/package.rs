//! A package URL, versions, and a range of them.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| lockgate_evidence::fuzzing::package(bytes));
