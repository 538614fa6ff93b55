//! What a build script that needs guests tells cargo, and writes where.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use crate::guests::Guests;

/// The folder that holds `plugins/` and `wit/`, from the package that is being built, to which
/// `up` leads back.
///
/// Asked when the script runs: one target folder may serve two checkouts, and what stood there when
/// the script was compiled may be the other's.
///
/// # Errors
///
/// Cargo does not say which package it is, or its folder is gone.
pub fn root(up: &str) -> Result<PathBuf, Box<dyn Error>> {
    let package = env::var_os("CARGO_MANIFEST_DIR").ok_or("`CARGO_MANIFEST_DIR` is not set")?;
    let root = PathBuf::from(package).join(up);
    root.canonicalize().map_err(|error| format!("cannot find `{}`: {error}", root.display()).into())
}

/// Builds guests, and writes `PACKAGE.wasm` for each into the folder for what is generated.
///
/// `root` is the folder that holds `plugins/` and `wit/`.
///
/// # Errors
///
/// What to print before giving up.
pub fn build_into_out_dir(root: &Path, packages: &[&str]) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("`OUT_DIR` is not set")?);
    let guests = Guests { plugins: root.join("plugins"), target: target_folder(&out)? };
    rerun_if_changed(root)?;
    let mut paths = Vec::new();
    for (package, component) in packages.iter().zip(guests.build(packages)?) {
        let path = out.join(format!("{package}.wasm"));
        fs::write(&path, component)?;
        paths.push(path);
    }
    Ok(paths)
}

/// `guests` beside the profiles' folders: one for dev, release and clippy, which would else each
/// compile all guests.
fn target_folder(out: &Path) -> Result<PathBuf, Box<dyn Error>> {
    // <target>[/<triple>]/<profile>/build/<package>-<hash>/out
    let folder = out.ancestors().nth(4).ok_or("`OUT_DIR` is not below a target folder")?;
    let for_triple = folder.file_name() == env::var_os("TARGET").as_deref();
    let target = if for_triple { folder.parent().unwrap_or(folder) } else { folder };
    Ok(target.join("guests"))
}

/// Every source of the guests: `wit/`, and `plugins/` without what is compiled there by hand.
fn rerun_if_changed(root: &Path) -> Result<(), Box<dyn Error>> {
    let mut sources = vec![root.join("wit"), root.join("rust-toolchain.toml")];
    for entry in fs::read_dir(root.join("plugins"))? {
        let entry = entry?;
        let name = entry.file_name();
        if name != "target" && !name.to_string_lossy().starts_with('.') {
            sources.push(entry.path());
        }
    }
    for source in sources {
        println!("cargo::rerun-if-changed={}", source.display());
    }
    Ok(())
}
