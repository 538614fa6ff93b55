//! Compiles the guests of the tests, the same way as the built-in policies are compiled.
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

/// The guests that only tests run, and the variables that tell where each lies.
const PACKAGES: &[&str] = &["lockgate-policy-hostile", "lockgate-policy-survey"];
const VARIABLES: &[&str] = &["HOSTILE_WASM", "SURVEY_WASM"];

fn main() -> ExitCode {
    for source in ["build.rs", "../host/builtins/build"] {
        println!("cargo::rerun-if-changed={source}");
    }
    let built = script::root("..").and_then(|root| script::build_into_out_dir(&root, PACKAGES));
    match built {
        Ok(paths) => {
            for (variable, path) in VARIABLES.iter().zip(paths) {
                println!("cargo::rustc-env={variable}={}", path.display());
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
