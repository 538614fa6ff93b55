//! The scan that all JSON has to pass.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| lockgate_evidence::fuzzing::scan(bytes));
