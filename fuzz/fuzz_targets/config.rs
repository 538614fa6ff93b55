//! A policy file, with the policy set and the key that it may name behind it, each after a zero byte.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| lockgate::fuzzing::config(bytes));
