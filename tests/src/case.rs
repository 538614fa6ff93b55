//! Cases as folders: a policy file, predicates that are signed on the fly, and a golden report.
//!
//! ```text
//! tests/cases/NAME/
//!   case.toml       what it shows, the exit code, who signs what, and the artifact's entries where
//!                   it is an archive
//!   lockgate.toml   the policy file; its keys lie in trust/NAME.pub
//!   *.json          predicates, and documents that nobody signs; `../../fixtures/…` for those that lie
//!                   there
//!   artifact/       files inside the artifact
//!   policy/         files that the policy file names: modules, lists
//!   report.json     the golden report
//! ```
//!
//! A document has a `type` and `signers`; without them it is put into the evidence as it is. With
//! `report = "scans/trivy/pip.json"` what that fixture holds is `scanner.result` of the predicate: a
//! report as `cosign attest --type vuln` puts it there. `at` is the moment that is asked for, where it is
//! not [`AT`].
//!
//! A case without a golden report fails. `UPDATE_GOLDEN=1` writes what came out; look at it before
//! you commit it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::bundle::{Signer, bundle, statement};
use crate::parcel::Parcel;
use crate::run::Ran;
use crate::workbench::{Workbench, copy_folder, root};

/// The moment that is asked for.
const AT: &str = "2026-10-02T00:00:00Z";

/// A case, read from its folder.
pub struct Case {
    folder: PathBuf,
    exit: i32,
    at: String,
    documents: Vec<Document>,
    artifact: Parcel,
}

/// A document, and how it comes to be evidence.
struct Document {
    file: String,
    /// None: as it is.
    signed: Option<Signed>,
}

/// What a predicate is signed as.
struct Signed {
    predicate_type: String,
    signers: Vec<String>,
    /// A fixture that is in it.
    report: Option<String>,
}

impl Case {
    /// Reads `case.toml`.
    ///
    /// # Panics
    ///
    /// If it is not there or lacks something.
    #[must_use]
    pub fn read(folder: &Path) -> Self {
        let text = fs::read_to_string(folder.join("case.toml")).expect("a case has a case.toml");
        let table: toml::Table = text.parse().expect("case.toml is TOML");
        assert!(table.get("shows").is_some_and(toml::Value::is_str), "a case says what it shows");
        let exit = table.get("exit").and_then(toml::Value::as_integer).expect("an exit code");
        let documents = table.get("document").and_then(toml::Value::as_array);
        Self {
            folder: folder.to_owned(),
            exit: i32::try_from(exit).expect("an exit code is small"),
            at: table.get("at").and_then(toml::Value::as_str).unwrap_or(AT).to_owned(),
            documents: documents.into_iter().flatten().map(document).collect(),
            artifact: Parcel::read(folder, &table),
        }
    }

    /// Signs its documents, runs `check`, and compares with the golden report.
    ///
    /// # Panics
    ///
    /// If the exit code or the report is another one.
    pub fn check(&self, binary: &str) {
        let Ran { stdout, .. } = self.run(binary);
        golden(&self.folder.join("report.json"), &stdout);
    }

    /// Signs its documents and runs `check`, with the report as JSON on standard output.
    ///
    /// # Panics
    ///
    /// If the exit code is another one.
    #[must_use]
    pub fn run(&self, binary: &str) -> Ran {
        let bench = Workbench::new(binary);
        let artifact = self.set_up(&bench);
        let at = format!("--at={}", self.at);
        let ran = bench.run(&[
            "check",
            artifact,
            "--config=lockgate.toml",
            "--evidence=evidence",
            "--stage=production",
            &at,
            "--output=json",
        ]);
        ran.exits(self.exit)
    }

    /// Writes its artifact, its keys, its policy file and its signed documents, and returns what the
    /// artifact is called.
    ///
    /// # Panics
    ///
    /// If something that it names is not there.
    pub fn set_up(&self, bench: &Workbench) -> &'static str {
        let artifact = self.artifact.write(bench);
        let config = self.text("lockgate.toml");
        for key in config.lines().filter_map(|line| line.strip_prefix("file = \"trust/")) {
            let name = key.trim_end_matches(".pub\"");
            bench.write(&format!("trust/{name}.pub"), Signer::named(name).pem());
        }
        bench.write("lockgate.toml", config);
        if self.folder.join("policy").is_dir() {
            copy_folder(&self.folder.join("policy"), &bench.path("policy"));
        }
        fs::create_dir_all(bench.path("evidence")).expect("make the folder");
        for Document { file, signed } in &self.documents {
            let text = self.text(file);
            // It may be a fixture that lies elsewhere.
            let name = file.rsplit('/').next().unwrap_or_default();
            match signed {
                None => bench.write(&format!("evidence/{name}"), text),
                Some(signed) => {
                    let name = name.replace(".json", ".sigstore.json");
                    let bundle = signed.bundle(&text, &artifact.subject);
                    bench.write(&format!("evidence/{name}"), bundle);
                }
            }
        }
        artifact.name
    }

    fn text(&self, file: &str) -> String {
        fs::read_to_string(self.folder.join(file))
            .unwrap_or_else(|why| panic!("{}/{file}: {why}", self.folder.display()))
    }
}

impl Signed {
    /// A bundle around a statement about the artifact.
    fn bundle(&self, predicate: &str, artifact: &[u8]) -> String {
        let mut predicate: serde_json::Value = serde_json::from_str(predicate).expect("JSON");
        if let Some(report) = &self.report {
            let path = root().join("tests/fixtures").join(report);
            let text =
                fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
            let report: serde_json::Value = serde_json::from_str(&text).expect("JSON");
            predicate["scanner"]["result"] = report;
        }
        let statement = statement(artifact, &self.predicate_type, &predicate).to_string();
        let signers: Vec<_> = self.signers.iter().map(|name| Signer::named(name)).collect();
        let signers: Vec<_> = signers.iter().collect();
        bundle("application/vnd.in-toto+json", statement.as_bytes(), &signers)
    }
}

fn document(value: &toml::Value) -> Document {
    let text = |key: &str| value.get(key).and_then(toml::Value::as_str).map(str::to_owned);
    let file = text("file").expect("a document of a case has a `file`");
    let signers = value.get("signers").and_then(toml::Value::as_array);
    let signed = match (text("type"), signers) {
        (Some(predicate_type), Some(signers)) => {
            let name = |signer: &toml::Value| signer.as_str().expect("a name").to_owned();
            let signers = signers.iter().map(name).collect();
            Some(Signed { predicate_type, signers, report: text("report") })
        }
        (None, None) => None,
        _ => panic!("a document of a case has both a `type` and `signers`, or neither"),
    };
    Document { file, signed }
}

/// Compares with a golden file. The digests of built-in policies follow from their sources and are
/// left out, or every change to one of them would change every golden report.
///
/// # Panics
///
/// If they differ, or there is none.
pub fn golden(path: &Path, actual: &str) {
    let actual = lockgate_builtins::ALL.iter().fold(actual.to_owned(), |text, builtin| {
        let hex: String = builtin.digest.iter().map(|byte| format!("{byte:02x}")).collect();
        text.replace(&hex, &format!("({} as it was built)", builtin.name))
    });
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(path, &actual).expect("write the golden file");
        return;
    }
    let expected = fs::read_to_string(path).unwrap_or_else(|why| {
        panic!("no golden file {}: {why}; UPDATE_GOLDEN=1 writes it\n{actual}", path.display())
    });
    assert!(
        expected == actual,
        "{} differs; UPDATE_GOLDEN=1 writes what came out:\n{actual}",
        path.display()
    );
}
