//! Compiles the guest that misbehaves, the same way as the built-in policies are compiled.
#![forbid(unsafe_code)]
#![expect(
    clippy::disallowed_methods,
    reason = "a build script reads its environment, writes files, and speaks to cargo"
)]
#![expect(unreachable_pub, reason = "the modules are shared, and public where they are a crate's")]

#[path = "../host/builtins/build/guests.rs"]
mod guests;
#[path = "../host/builtins/build/script.rs"]
mod script;

use std::process::ExitCode;

fn main() -> ExitCode {
    for source in ["build.rs", "../host/builtins/build"] {
        println!("cargo::rerun-if-changed={source}");
    }
    let built = script::root("..")
        .and_then(|root| script::build_into_out_dir(&root, &["lockgate-policy-hostile"]));
    match built {
        Ok(paths) => {
            for path in paths {
                println!("cargo::rustc-env=HOSTILE_WASM={}", path.display());
            }
            ExitCode::SUCCESS
        }
        Err(error) => {
            for line in error.to_string().lines() {
                println!("cargo::error={line}");
            }
            ExitCode::FAILURE
        }
    }
}
