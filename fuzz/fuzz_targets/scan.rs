//! A vulnerability scan: a report, or a predicate.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| lockgate_evidence::fuzzing::report(bytes));
