//! Compresses the official schemas, which are read in the repository and carried in the binary.
#![forbid(unsafe_code)]
#![expect(
    clippy::disallowed_methods,
    reason = "a build script reads its environment, writes files, and speaks to cargo"
)]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs, io};

use flate2::Compression;
use flate2::write::DeflateEncoder;

const FOLDERS: &[&str] = &["schema/cyclonedx", "schema/spdx"];

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=build.rs");
    let out = env::var_os("OUT_DIR").map(PathBuf::from);
    let out = out.ok_or_else(|| io::Error::other("cargo sets no OUT_DIR"));
    match out.and_then(|out| FOLDERS.iter().try_for_each(|folder| compress(folder, &out))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("cargo::error=cannot compress the schemas: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Writes each schema of a folder, compressed, under its own name.
fn compress(folder: &str, out: &Path) -> io::Result<()> {
    println!("cargo::rerun-if-changed={folder}");
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let Some(name) = path.file_name().filter(|_| path.extension().is_some_and(|e| e == "json"))
        else {
            continue;
        };
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&fs::read(&path)?)?;
        fs::write(out.join(name), encoder.finish()?)?;
    }
    Ok(())
}
