//! An in-toto statement, its predicate, and its bill of materials.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| lockgate_evidence::fuzzing::statement(bytes));
