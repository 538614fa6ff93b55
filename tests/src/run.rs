//! Runs the binary.

use std::path::Path;
use std::process::{Command, Output, Stdio};

/// What a run left behind.
#[derive(Debug)]
pub struct Ran {
    /// The exit code; a signal would be none.
    pub exit: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Ran {
    /// From a finished process.
    ///
    /// # Panics
    ///
    /// If it wrote anything but UTF-8: nothing that `lockgate` writes is.
    #[must_use]
    pub fn of(output: Output) -> Self {
        Self {
            exit: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("standard output is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("standard error is UTF-8"),
        }
    }

    /// The report on standard output.
    ///
    /// # Panics
    ///
    /// If there is none: the whole run is shown.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|why| panic!("{why}: {self:#?}"))
    }

    /// The run, if it ended with this code and as the documentation says of it.
    ///
    /// # Panics
    ///
    /// If not: the whole run is shown.
    #[must_use]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.exit, Some(code), "{self:#?}");
        if code == 2 || code == 4 {
            assert_eq!(self.stdout, "", "standard output is empty on exit code {code}");
            assert_ne!(self.stderr, "", "somebody says why");
        }
        self
    }
}

/// The command, in a folder, with an environment that says nothing.
#[must_use]
pub fn lockgate_command(binary: &str, folder: &Path) -> Command {
    let mut command = Command::new(binary);
    command.current_dir(folder).env_clear().stdin(Stdio::null());
    command
}
