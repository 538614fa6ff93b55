//! Compiles the built-in policies, so that the binary carries them without any manual step.
#![forbid(unsafe_code)]
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a build script reads its environment, writes files, and speaks to cargo"
)]
#![expect(unreachable_pub, reason = "the modules are shared, and public where they are a crate's")]

mod guests;
mod script;

use std::process::ExitCode;

const PACKAGES: &[&str] = &[
    "lockgate-policy-cel",
    "lockgate-policy-provenance",
    "lockgate-policy-sbom",
    "lockgate-policy-signatures",
];

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=build");
    let built = script::root("../..").and_then(|root| script::build_into_out_dir(&root, PACKAGES));
    match built {
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            for line in error.to_string().lines() {
                println!("cargo::error={line}");
            }
            ExitCode::FAILURE
        }
    }
}
