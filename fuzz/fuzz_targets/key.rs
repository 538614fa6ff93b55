//! A key file: PEM, minisign, OpenSSH, `allowed_signers`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| lockgate_evidence::fuzzing::key(bytes));
