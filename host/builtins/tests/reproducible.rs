//! What is embedded is what the sources say, and nothing of the machine that compiled it.
#![forbid(unsafe_code)]
#![expect(
    clippy::disallowed_methods,
    reason = "the test copies the sources to another folder and builds them there"
)]
#![expect(unreachable_pub, reason = "the module is shared, and public where it is a crate's")]

#[path = "../build/guests.rs"]
mod guests;

use std::collections::BTreeSet;
use std::path::Path;
use std::{env, fs, io};

use guests::Guests;
use lockgate_builtins::ALL;
use sha2::{Digest as _, Sha256};
use wit_component::DecodedWasm;

/// The folder that holds `plugins/` and `wit/`.
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// Copies a folder, but for what is compiled.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (name, path) = (entry.file_name(), entry.path());
        if name == "target" {
            continue;
        } else if entry.file_type()?.is_dir() {
            copy(&path, &to.join(name))?;
        } else {
            fs::copy(&path, to.join(name))?;
        }
    }
    Ok(())
}

#[test]
fn the_same_sources_in_another_folder_give_the_same_bytes() {
    let elsewhere = tempfile::tempdir().unwrap();
    let root = elsewhere.path().join("a folder of another length");
    for folder in ["plugins", "wit"] {
        copy(&Path::new(ROOT).join(folder), &root.join(folder)).unwrap();
    }
    let guests =
        Guests { plugins: root.join("plugins"), target: elsewhere.path().join("compiled") };
    let packages: Vec<String> =
        ALL.iter().map(|builtin| format!("lockgate-policy-{}", builtin.name)).collect();
    let packages: Vec<&str> = packages.iter().map(String::as_str).collect();
    let again = guests.build(&packages).unwrap();
    for (builtin, component) in ALL.iter().zip(&again) {
        assert!(
            builtin.component == component.as_slice(),
            "`{}` has {} bytes here and {} there, or differs within",
            builtin.name,
            builtin.component.len(),
            component.len()
        );
    }
}

#[test]
fn no_path_of_this_machine_is_embedded() {
    let root = fs::canonicalize(ROOT).unwrap();
    let home = env::home_dir().unwrap();
    for builtin in ALL {
        for path in [root.as_path(), &home.join(".cargo"), &home.join(".rustup")] {
            let path = path.to_str().unwrap().as_bytes();
            for bytes in [builtin.component, builtin.compiled.bytes()] {
                let found = bytes.windows(path.len()).any(|window| window == path);
                assert!(!found, "`{}` holds `{}`", builtin.name, String::from_utf8_lossy(path));
            }
        }
    }
}

#[test]
fn the_digest_is_the_components() {
    for builtin in ALL {
        assert_eq!(builtin.digest, *Sha256::digest(builtin.component), "{}", builtin.name);
    }
}

/// The interfaces that a component imports.
fn imports(component: &[u8]) -> BTreeSet<String> {
    let decoded = wit_component::decode(component).expect("it is WebAssembly");
    let DecodedWasm::Component(resolve, world) = decoded else { panic!("it is no component") };
    let imports = resolve.worlds[world].imports.keys();
    imports.map(|key| resolve.name_world_key(key)).collect()
}

#[test]
fn a_policy_imports_only_the_interfaces_that_it_uses() {
    let expected: [(&str, &[&str]); 12] = [
        (
            "cel",
            &[
                "attestations",
                "contents",
                "context",
                "data",
                "history",
                "sbom",
                "signatures",
                "tests",
                "vulnerabilities",
            ],
        ),
        ("contents", &["contents", "exceptions"]),
        ("dependencies", &["context", "data", "packages", "sbom"]),
        ("freeze", &["context", "exceptions"]),
        ("immutability", &["contents", "exceptions"]),
        ("provenance", &["attestations", "context"]),
        (
            "rego",
            &[
                "attestations",
                "contents",
                "context",
                "data",
                "exceptions",
                "history",
                "sbom",
                "signatures",
                "tests",
                "vulnerabilities",
            ],
        ),
        ("reproducible", &["attestations"]),
        ("sbom", &["contents", "context", "licenses", "packages", "sbom"]),
        ("signatures", &["signatures"]),
        ("tests", &["tests"]),
        ("vulnerabilities", &["context", "data", "vulnerabilities"]),
    ];
    assert_eq!(ALL.len(), expected.len());
    for (builtin, (name, interfaces)) in ALL.iter().zip(expected) {
        assert_eq!(builtin.name, name);
        let mut wanted: BTreeSet<_> = interfaces
            .iter()
            .map(|interface| format!("lockgate:policy/{interface}@0.1.0"))
            .collect();
        let found = imports(builtin.component);
        // The words that the others share; a policy that uses none of them need not import it.
        let types = "lockgate:policy/types@0.1.0".to_owned();
        wanted.extend(found.contains(&types).then_some(types));
        assert_eq!(found, wanted, "{name}");
    }
}

/// The most bytes of a policy that asks the host, and of one that brings an interpreter.
const SMALL: usize = 150_000;
const INTERPRETER: usize = 2_500_000;

#[test]
fn every_policy_is_small() {
    for builtin in ALL {
        let most = if matches!(builtin.name, "cel" | "rego") { INTERPRETER } else { SMALL };
        let size = builtin.component.len();
        assert!(size < most, "`{}` has {size} bytes, and {most} are too many", builtin.name);
    }
}
