//! Compiles components to machine code.
//!
//! With the sandbox's own configuration, which is included below, so that the sandbox takes what is
//! made here. The code is for the oldest processor of its architecture: nothing of this machine's
//! reaches it, so the same sources give the same bytes, and any later processor runs them.

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use wasmtime::Engine;

#[path = "../../runtime/src/configuration.rs"]
mod configuration;

/// Writes `NAME.cwasm` beside each `NAME.wasm`; none where there is no compiler for what this package
/// is being built for, and the sandbox then compiles when it runs.
///
/// # Errors
///
/// A component does not compile, or a file cannot be read or written.
pub fn precompile(components: &[PathBuf]) -> Result<(), Box<dyn Error>> {
    let compiler = match compiler() {
        Ok(compiler) => compiler,
        Err(why) => {
            let why = why.to_string().replace('\n', " ");
            println!("cargo::warning=built-in policies will be compiled whenever they run: {why}");
            return Ok(());
        }
    };
    for path in components {
        let compiled = compiler
            .precompile_component(&fs::read(path)?)
            .map_err(|why| format!("cannot compile `{}`: {why:#}", path.display()))?;
        fs::write(path.with_extension("cwasm"), compiled)?;
    }
    Ok(())
}

/// A compiler for what this package is being built for, if wasmtime has one here.
fn compiler() -> Result<Engine, Box<dyn Error>> {
    let mut config = configuration::deterministic();
    // Said even where it is this machine: unsaid, code is for just the processor that it has.
    config.target(&env::var("TARGET")?)?;
    Ok(Engine::new(&config)?)
}
