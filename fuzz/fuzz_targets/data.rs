//! A data file, and how a policy asks for it.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| lockgate_evidence::fuzzing::data(bytes));
