//! The digest of a configuration: over every file that it names, and over nothing else.
#![forbid(unsafe_code)]
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests set up files")]

use std::fs;

use camino::Utf8PathBuf;
use lockgate::Config;
use lockgate::model::Digest;
use proptest::prelude::*;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

const CONFIG: &str = r#"# who is trusted
[trust]
key = [
    { name = "ci", file = "trust/ci.pub", for = ["sbom"] },
    { name = "security", file = "trust/security.pub", for = ["vex"] },
]
[stage.staging]
policies = ["sets/base.toml"]
[stage.production]
policies = ["sets/base.toml", "sets/more.toml"]
[[stage.production.policy]]
name   = "inline"
plugin = "./sets/mine.wasm"
data   = { list = "sets/list.csv" }
"#;

const BASE: &str = "# for all\n[[policy]]\nname = \"base\"\nplugin = \"builtin:sbom\"\n";
const MORE: &str = "# for one\n[[policy]]\nname = \"more\"\nplugin = \"./mine.wasm\"\n\
                    data = { list = \"list.csv\" }\n";
const LIST: &str = "nobody reads it here";
const PLUGIN: &str = "nobody compiles it here";

/// Every file of the configuration.
const FILES: [&str; 7] = [
    "lockgate.toml",
    "sets/base.toml",
    "sets/more.toml",
    "sets/list.csv",
    "sets/mine.wasm",
    "trust/ci.pub",
    "trust/security.pub",
];

/// A folder with a configuration.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for name in ["trust", "sets"] {
            fs::create_dir(folder.path(name)).unwrap();
        }
        let keys = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/release/trust/");
        for name in ["ci.pub", "security.pub"] {
            let to = folder.path(&format!("trust/{name}"));
            fs::copy(format!("{keys}{name}"), to).unwrap();
        }
        folder.write("lockgate.toml", CONFIG);
        folder.write("sets/base.toml", BASE);
        folder.write("sets/more.toml", MORE);
        folder.write("sets/list.csv", LIST);
        folder.write("sets/mine.wasm", PLUGIN);
        folder
    }

    fn path(&self, relative: &str) -> Utf8PathBuf {
        Utf8PathBuf::from_path_buf(self.0.path().join(relative)).unwrap()
    }

    fn read(&self, relative: &str) -> Vec<u8> {
        fs::read(self.path(relative)).unwrap()
    }

    fn write(&self, relative: &str, contents: impl AsRef<[u8]>) {
        fs::write(self.path(relative), contents).unwrap();
    }

    fn change(&self, relative: &str, from: &str, to: &str) {
        let text = String::from_utf8(self.read(relative)).unwrap();
        assert!(text.contains(from), "`{from}` is not in {relative}");
        self.write(relative, text.replace(from, to));
    }

    /// The digest; none where the configuration has problems.
    fn attempt(&self) -> Option<Digest> {
        Config::read(&self.path("lockgate.toml")).ok().map(|config| config.digest)
    }

    fn digest(&self) -> Digest {
        let read = Config::read(&self.path("lockgate.toml"));
        read.unwrap_or_else(|problems| panic!("{problems}")).digest
    }
}

fn sha256(bytes: impl AsRef<[u8]>) -> Digest {
    Digest::from_sha256(Sha256::digest(bytes).into())
}

#[test]
fn the_digest_is_over_the_documented_list() {
    let folder = Folder::new();
    let of = |file: &str| sha256(folder.read(file));
    let list = format!(
        "lockgate.config/v1\n\
         config {}\n\
         data {} 13 sets/list.csv\n\
         plugin {} 16 ./sets/mine.wasm\n\
         plugin {} 16 sets/./mine.wasm\n\
         policy {} 14 sets/base.toml\n\
         policy {} 14 sets/more.toml\n\
         trust {} 12 trust/ci.pub\n\
         trust {} 18 trust/security.pub\n",
        of("lockgate.toml"),
        of("sets/list.csv"),
        of("sets/mine.wasm"),
        of("sets/mine.wasm"),
        of("sets/base.toml"),
        of("sets/more.toml"),
        of("trust/ci.pub"),
        of("trust/security.pub"),
    );
    assert_eq!(folder.digest(), sha256(list));
}

proptest! {
    #[test]
    fn any_byte_of_any_file_changes_the_digest(
        file in prop::sample::select(&FILES[..]),
        at in any::<prop::sample::Index>(),
        flip in 1..=255_u8,
    ) {
        let folder = Folder::new();
        let before = folder.digest();
        let mut bytes = folder.read(file);
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        folder.write(file, bytes);
        // Most flips make it no configuration at all, which has no digest.
        prop_assert_ne!(folder.attempt(), Some(before), "{} at {}", file, at);
    }
}

#[test]
fn a_change_that_means_nothing_changes_the_digest_too() {
    for file in FILES {
        let folder = Folder::new();
        let before = folder.digest();
        let mut bytes = folder.read(file);
        bytes.push(b'\n');
        folder.write(file, bytes);
        assert_ne!(folder.digest(), before, "{file}");
    }
}

#[test]
fn which_file_holds_what_is_part_of_the_digest() {
    for (one, other) in
        [("trust/ci.pub", "trust/security.pub"), ("sets/base.toml", "sets/more.toml")]
    {
        let folder = Folder::new();
        let before = folder.digest();
        let contents = folder.read(one);
        folder.write(one, folder.read(other));
        folder.write(other, contents);
        assert_ne!(folder.digest(), before, "{one} and {other} swapped");
    }
    let folder = Folder::new();
    let before = folder.digest();
    fs::rename(folder.path("trust/ci.pub"), folder.path("trust/ci.pem")).unwrap();
    assert_eq!(folder.attempt(), None);
    folder.change("lockgate.toml", "ci.pub", "ci.pem");
    assert_ne!(folder.digest(), before);
}

#[test]
fn the_order_of_the_stages_is_the_files_own_and_counts() {
    let folder = Folder::new();
    let before = folder.digest();
    folder.change("lockgate.toml", r#"["sets/base.toml", "#, "[");
    folder.change(
        "lockgate.toml",
        r#""sets/more.toml"]"#,
        r#""sets/more.toml", "sets/base.toml"]"#,
    );
    assert_ne!(folder.digest(), before);
}

#[test]
fn two_spellings_of_one_path_are_two_lines_whichever_comes_first() {
    for [one, other] in
        [["sets/base.toml", "sets/./base.toml"], ["sets/./base.toml", "sets/base.toml"]]
    {
        let folder = Folder::new();
        folder.change(
            "lockgate.toml",
            "policies = [\"sets/base.toml\"]",
            &format!("policies = [\"{one}\"]"),
        );
        folder.change(
            "lockgate.toml",
            "policies = [\"sets/base.toml\", ",
            &format!("policies = [\"{other}\", "),
        );
        let of = |file: &str| sha256(folder.read(file));
        let list = format!(
            "lockgate.config/v1\n\
             config {}\n\
             data {} 13 sets/list.csv\n\
             plugin {plugin} 16 ./sets/mine.wasm\n\
             plugin {plugin} 16 sets/./mine.wasm\n\
             policy {base} 16 sets/./base.toml\n\
             policy {base} 14 sets/base.toml\n\
             policy {} 14 sets/more.toml\n\
             trust {} 12 trust/ci.pub\n\
             trust {} 18 trust/security.pub\n",
            of("lockgate.toml"),
            of("sets/list.csv"),
            of("sets/more.toml"),
            of("trust/ci.pub"),
            of("trust/security.pub"),
            plugin = of("sets/mine.wasm"),
            base = of("sets/base.toml"),
        );
        assert_eq!(folder.digest(), sha256(list), "{one} first");
    }
}

#[test]
fn a_file_that_nobody_names_is_no_part_of_it() {
    let folder = Folder::new();
    let before = folder.digest();
    folder.write("sets/other.toml", BASE);
    folder.write("README", "hello");
    assert_eq!(folder.digest(), before);
}

#[test]
fn neither_where_it_lies_nor_how_its_path_is_typed_changes_the_digest() {
    let folder = Folder::new();
    let before = folder.digest();
    assert_eq!(Folder::new().digest(), before, "another folder");
    let elsewhere = tempfile::tempdir().unwrap();
    let link = Utf8PathBuf::from_path_buf(elsewhere.path().join("link")).unwrap();
    std::os::unix::fs::symlink(folder.path(""), &link).unwrap();
    fs::copy(folder.path("lockgate.toml"), folder.path("other-name.toml")).unwrap();
    for path in [
        folder.path("./lockgate.toml"),
        folder.path("sets/../lockgate.toml"),
        folder.path("/").join(folder.path("trust/.././/lockgate.toml")),
        folder.path("other-name.toml"),
        link.join("lockgate.toml"),
    ] {
        assert_eq!(Config::read(&path).unwrap().digest, before, "{path}");
    }
}

#[test]
fn a_plugin_that_cannot_be_read_is_reported_where_it_is_named_and_nothing_else_is() {
    let folder = Folder::new();
    fs::remove_file(folder.path("sets/mine.wasm")).unwrap();
    let problems = Config::read(&folder.path("lockgate.toml")).unwrap_err().to_string();
    assert!(problems.contains("the plugin `./mine.wasm` does not exist"), "{problems}");
    assert!(problems.contains("the plugin `./sets/mine.wasm` does not exist"), "{problems}");
    assert_eq!(problems.matches("error: ").count(), 2, "{problems}");
}

#[test]
fn a_data_file_of_two_policies_is_one() {
    let folder = Folder::new();
    let config = Config::read(&folder.path("lockgate.toml")).unwrap();
    let production =
        config.stages.iter().find(|stage| stage.name.as_str() == "production").unwrap();
    let files: Vec<_> =
        production.policies.iter().filter_map(|policy| policy.data.files.get("list")).collect();
    let [first, second] = files[..] else { panic!("two policies have it: {files:?}") };
    assert!(std::sync::Arc::ptr_eq(first, second));
    assert_eq!(first.digest(), sha256(LIST));
}
