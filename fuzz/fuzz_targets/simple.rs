//! A payload of cosign's simple signing, with what stands beside it, each after a zero byte.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| lockgate_evidence::fuzzing::simple(bytes));
