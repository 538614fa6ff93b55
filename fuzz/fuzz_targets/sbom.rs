//! A bill of materials, in any form.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| lockgate_evidence::fuzzing::sbom(bytes));
