//! A report that somebody says `lockgate check` wrote.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| lockgate::fuzzing::report(bytes));
