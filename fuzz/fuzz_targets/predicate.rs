//! A provenance, a result of tests, or a verification summary.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| lockgate_evidence::fuzzing::predicate(bytes));
