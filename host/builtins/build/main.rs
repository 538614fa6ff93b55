//! Compiles the built-in policies, so that the binary carries them without any manual step: to
//! components, and those to machine code.
#![forbid(unsafe_code)]
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a build script reads its environment, writes files, and speaks to cargo"
)]
#![expect(unreachable_pub, reason = "the modules are shared, and public where they are a crate's")]

mod guests;
#[cfg(feature = "precompiled")]
mod precompile;
mod script;

use std::error::Error;
use std::fs;
use std::process::ExitCode;

use sha2::{Digest as _, Sha256};

const PACKAGES: &[&str] = &[
    "lockgate-policy-cel",
    "lockgate-policy-contents",
    "lockgate-policy-dependencies",
    "lockgate-policy-freeze",
    "lockgate-policy-immutability",
    "lockgate-policy-provenance",
    "lockgate-policy-rego",
    "lockgate-policy-reproducible",
    "lockgate-policy-sbom",
    "lockgate-policy-signatures",
    "lockgate-policy-tests",
    "lockgate-policy-vulnerabilities",
];

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=build");
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            for line in error.to_string().lines() {
                println!("cargo::error={line}");
            }
            ExitCode::FAILURE
        }
    }
}

/// Writes for each policy its component, the component's digest, and its machine code.
fn build() -> Result<(), Box<dyn Error>> {
    let components = script::build_into_out_dir(&script::root("../..")?, PACKAGES)?;
    for path in &components {
        fs::write(path.with_extension("sha256"), Sha256::digest(fs::read(path)?))?;
        // None, if nothing below makes any.
        fs::write(path.with_extension("cwasm"), [])?;
    }
    #[cfg(feature = "precompiled")]
    precompile::precompile(&components)?;
    Ok(())
}
