//! Loads the machine code of built-in policies. The only unsafe code of the project is here.
//!
//! wasmtime cannot tell whether code that it is handed does what a compiler would have made it do,
//! so loading it is unsafe. What is loaded here is part of this binary, as the host's own code is:
//! a [`Compiled`] has one maker. Code that comes from anywhere else, a file for example, must not
//! come through here.
#![expect(unsafe_code, reason = "see above: wasmtime's only door for machine code is unsafe")]

use lockgate_builtins::Compiled;
use wasmtime::Engine;
use wasmtime::component::Component;

/// The component as the build script compiled it, or why this engine does not run it: the code was
/// made for another processor, by another wasmtime, or not at all.
pub(crate) fn load(engine: &Engine, compiled: Compiled) -> Result<Component, wasmtime::Error> {
    // SAFETY: the bytes have to be what `Engine::precompile_component` returned, unchanged. Only
    // `lockgate-builtins` makes a `Compiled`, and only of the bytes that its build script got from
    // that function, embedded in this binary as read-only data; whoever can change those can change
    // the host's code beside them. An empty one, where the build script had no compiler for this
    // processor, is refused as any text that is no object file. Whether engine and processor fit is
    // checked by wasmtime, from what the compiler wrote into the object file.
    unsafe { Component::deserialize(engine, compiled.bytes()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::configuration::deterministic;

    /// Why an engine of this configuration does not take the bytes; `None` if it takes them.
    fn refused(config: &wasmtime::Config, bytes: &[u8]) -> Option<String> {
        let engine = Engine::new(config).unwrap();
        // SAFETY: nothing of it is run, and what these tests spoil is read by code that is safe.
        let loaded = unsafe { Component::deserialize(&engine, bytes) };
        loaded.err().map(|error| format!("{error:#}"))
    }

    #[test]
    fn what_is_spoilt_or_cut_short_is_refused() {
        let bytes = lockgate_builtins::ALL[0].compiled.bytes();
        assert_eq!(refused(&deterministic(), bytes), None);
        let mut no_object = bytes.to_vec();
        no_object[0] ^= 1;
        let half = &bytes[..bytes.len() / 2];
        for (spoilt, expected) in [
            (&[][..], "failed to parse precompiled artifact"),
            (half, "failed to parse section headers"),
            (&no_object, "failed to parse precompiled artifact"),
        ] {
            let why = refused(&deterministic(), spoilt).unwrap();
            assert!(why.contains(expected), "{why}");
        }
    }

    #[test]
    fn what_was_made_for_another_configuration_is_refused() {
        let bytes = lockgate_builtins::ALL[0].compiled.bytes();
        let mut without_fuel = deterministic();
        without_fuel.consume_fuel(false);
        let why = refused(&without_fuel, bytes).unwrap();
        assert!(why.contains("fuel support"), "{why}");
    }
}
