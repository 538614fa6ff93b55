//! A manifest or an index of an OCI layout.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| lockgate_evidence::fuzzing::manifest(bytes));
