//! A folder of its own for every test.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::run::{Ran, lockgate_command};

/// The repository's root.
///
/// # Panics
///
/// Never: this package lies one folder below it.
#[must_use]
pub fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().expect("this package lies below the root").to_owned()
}

/// A temporary folder, and the binary that runs in it.
pub struct Workbench {
    folder: TempDir,
    binary: String,
}

impl Workbench {
    /// An empty one. The binary is `env!("CARGO_BIN_EXE_lockgate-under-test")`, which only an
    /// integration test can name.
    ///
    /// # Panics
    ///
    /// If there is no place for temporary files.
    #[must_use]
    pub fn new(binary: &str) -> Self {
        let folder = tempfile::tempdir().expect("a place for temporary files");
        Self { folder, binary: binary.to_owned() }
    }

    /// One with a copy of the example release in `release/`, and of the policy sets that it uses.
    ///
    /// # Panics
    ///
    /// If it cannot be copied.
    #[must_use]
    pub fn with_release(binary: &str) -> Self {
        let bench = Self::new(binary);
        copy_folder(&root().join("examples/release"), &bench.path("examples/release"));
        copy_folder(&root().join("policies"), &bench.path("policies"));
        bench
    }

    /// A path in it.
    #[must_use]
    pub fn path(&self, relative: &str) -> PathBuf {
        self.folder.path().join(relative)
    }

    /// Writes a file, and the folders above it.
    ///
    /// # Panics
    ///
    /// If it cannot be written.
    pub fn write(&self, relative: &str, content: impl AsRef<[u8]>) {
        let path = self.path(relative);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("make the folder");
        fs::write(path, content).expect("write the file");
    }

    /// Reads a file as text.
    ///
    /// # Panics
    ///
    /// If it is not there or not UTF-8.
    #[must_use]
    pub fn read(&self, relative: &str) -> String {
        fs::read_to_string(self.path(relative)).expect("read the file")
    }

    /// Changes a text file: `from` stands in it, and `to` takes its place.
    ///
    /// # Panics
    ///
    /// If `from` does not stand in it: the test would test nothing.
    pub fn replace(&self, relative: &str, from: &str, to: &str) {
        let text = self.read(relative);
        assert!(text.contains(from), "`{from}` is not in {relative}");
        self.write(relative, text.replace(from, to));
    }

    /// Runs the command in it.
    ///
    /// # Panics
    ///
    /// If the binary does not start.
    #[must_use]
    pub fn run(&self, arguments: &[&str]) -> Ran {
        let mut command = lockgate_command(&self.binary, self.folder.path());
        Ran::of(command.args(arguments).output().expect("the binary starts"))
    }

    /// `check` of the example release for production at a fixed moment, as JSON, with more
    /// arguments behind.
    #[must_use]
    pub fn check_release(&self, more: &[&str]) -> Ran {
        let mut arguments = vec![
            "check",
            "examples/release/app.tar.gz",
            "--config=examples/release/lockgate.toml",
            "--evidence=examples/release/evidence",
            "--stage=production",
            "--at=2026-10-02T00:00:00Z",
            "--output=json",
        ];
        arguments.extend(more);
        self.run(&arguments)
    }
}

/// Copies a folder with all that is in it.
///
/// # Panics
///
/// If something cannot be read or written.
pub fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("make the folder");
    for entry in fs::read_dir(from).expect("read the folder") {
        let entry = entry.expect("read the folder");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a file has a type").is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("copy the file");
        }
    }
}
