//! A signature of OpenSSH: its block as text, or what is in the block.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| lockgate_evidence::fuzzing::sshsig(bytes));
