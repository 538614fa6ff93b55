//! Asks what becomes of one document.

use crate::forge::{Bundle, GITHUB, Instance};
use crate::row::Row;
use crate::run::Ran;
use crate::workbench::Workbench;

/// A bench with one artifact, the trusted root of one instance, and a policy file.
///
/// Everything is asked at [`Desk::AT`], half a day after bundles are made unless a test says
/// otherwise.
pub struct Desk {
    /// For whatever else a test puts there.
    pub bench: Workbench,
}

impl Desk {
    /// The bytes of the artifact `app`.
    pub const ARTIFACT: &[u8] = b"an artifact that somebody signs\n";

    /// The moment that is asked for.
    pub const AT: &str = "2026-10-02T00:00:00Z";

    /// One with the instance's root in `trusted_root.json`, and a policy file that trusts nobody.
    #[must_use]
    pub fn new(binary: &str, instance: &Instance) -> Self {
        let bench = Workbench::new(binary);
        bench.write("app", Self::ARTIFACT);
        bench.write("trusted_root.json", instance.trusted_root());
        bench.write("lockgate.toml", "");
        Self { bench }
    }

    /// The same, with this policy file.
    #[must_use]
    pub fn with(self, config: &str) -> Self {
        self.bench.write("lockgate.toml", config);
        self
    }

    /// What becomes of a bundle.
    ///
    /// # Panics
    ///
    /// If it is not looked at.
    #[must_use]
    pub fn row(&self, bundle: &Bundle) -> Row {
        self.row_at(bundle, Self::AT)
    }

    /// What becomes of a bundle at another moment.
    ///
    /// # Panics
    ///
    /// If it is not looked at.
    #[must_use]
    pub fn row_at(&self, bundle: &Bundle, at: &str) -> Row {
        Row::only(&self.evidence(bundle, at).exits(0))
    }

    /// What is said of the policy file, which is an error.
    ///
    /// # Panics
    ///
    /// If it is none.
    #[must_use]
    pub fn misconfigured(&self) -> String {
        self.bench.write("document.sigstore.json", "{}");
        let ran = self.ask(&["evidence"], Self::AT).exits(2);
        assert!(ran.stderr.starts_with("error: "), "{}", ran.stderr);
        ran.stderr
    }

    /// Whether a bundle opens the gate of the stage `production`: the run.
    #[must_use]
    pub fn check(&self, bundle: &Bundle) -> Ran {
        self.bench.write("document.sigstore.json", bundle.json());
        self.ask(&["check", "--stage=production"], Self::AT)
    }

    /// The run that lists a bundle.
    #[must_use]
    pub fn evidence(&self, bundle: &Bundle, at: &str) -> Ran {
        self.bench.write("document.sigstore.json", bundle.json());
        self.ask(&["evidence"], at)
    }

    fn ask(&self, command: &[&str], at: &str) -> Ran {
        let at = format!("--at={at}");
        let common = [
            "app",
            "--config=lockgate.toml",
            "--evidence=document.sigstore.json",
            &at,
            "--output=json",
        ];
        self.bench.run(&[command, &common].concat())
    }
}

/// A policy file that trusts the instance's root, and one identity `builder` of GitHub's with these
/// lines.
#[must_use]
pub fn identity(lines: &str) -> String {
    format!(
        "[trust]\nsigstore-root = \"trusted_root.json\"\n\n\
         [[trust.identity]]\nname = \"builder\"\nissuer = \"{GITHUB}\"\n{lines}\n"
    )
}
