//! A DSSE envelope: as text, or its parts with a zero byte between them.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| lockgate_evidence::fuzzing::dsse(bytes));
