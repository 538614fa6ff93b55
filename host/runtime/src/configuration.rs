//! The configuration of the engine.
//!
//! Machine code runs only in an engine of the configuration that it was made with. The build script
//! of `lockgate-builtins` makes the code of the built-in policies, and includes this file; so it
//! names nothing of this crate.

use wasmtime::Config;

/// 512 KiB holds some thousand frames of a recursive-descent parser, and a thread of ours that is
/// asked for it has room for it.
pub(crate) const STACK_BYTES: usize = 512 << 10;

/// The same inputs give the same bytes: no threads, no relaxed SIMD, canonical NaNs, fuel.
pub(crate) fn deterministic() -> Config {
    let mut config = Config::new();
    config
        .consume_fuel(true)
        .epoch_interruption(true)
        .cranelift_nan_canonicalization(true)
        .wasm_relaxed_simd(false)
        .relaxed_simd_deterministic(true)
        .max_wasm_stack(STACK_BYTES)
        // Nobody is shown a stranger's symbol names, so they are not collected on a trap, and where
        // in the component an instruction comes from is not kept.
        .wasm_backtrace_max_frames(None)
        .generate_address_map(false)
        // Only debuggers and profilers walk these tables; traps are found without them.
        .native_unwind_info(false);
    config
}
