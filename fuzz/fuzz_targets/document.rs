//! A file in an evidence folder, beginning with all that there is.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| lockgate_evidence::fuzzing::document(bytes));
