//! Where the time of a check goes: each step on the example release, by itself, in one process.
//!
//! `cargo bench -p lockgate-tests --bench phases` prints medians. The last lines are whole
//! processes, and the reference for them: a process of the same binary that does nothing.
#![forbid(unsafe_code)]
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark measures and prints"
)]

mod measure;

use std::process::Command;
use std::sync::Arc;

use lockgate_evidence::vex::Rules;
use lockgate_evidence::{Artifact, Caps, KeyEntry, Source, Trust, gather, verify};
use lockgate_model::{Instant, Stage};
use lockgate_runtime::{Brief, History, Limits, Question, Sandbox};
use lockgate_tests::root;

fn main() {
    let release = root().join("examples/release");
    let artifact_path = release.join("app.tar.gz").to_str().unwrap().to_owned();
    let source = Source { kind: None, path: release.join("evidence").to_str().unwrap().into() };
    let at: Instant = "2026-10-02T00:00:00Z".parse().unwrap();
    let key = |name: &str| KeyEntry {
        name: name.into(),
        file: std::fs::read(release.join(format!("trust/{name}.pub"))).unwrap(),
        ..KeyEntry::default()
    };
    let trust = Trust::new(["builder", "ci", "security"].map(key).to_vec()).unwrap();

    report("resolve: hash the artifact (131 KB)", || Artifact::resolve(&artifact_path).unwrap());
    let mut artifact = Artifact::resolve(&artifact_path).unwrap();
    let sources = [source];
    report("gather: read 9 documents (128 KB)", || {
        gather(&mut artifact, &sources, &Caps::default(), &trust).unwrap()
    });
    report("gather and verify: 6 signatures", || {
        let gathered = gather(&mut artifact, &sources, &Caps::default(), &trust).unwrap();
        verify(gathered, &artifact, &trust, at)
    });
    report("start the sandbox", || Sandbox::new().unwrap());
    let sandbox = Sandbox::new().unwrap();
    for builtin in lockgate_builtins::ALL {
        let size = builtin.compiled.bytes().len() / 1024;
        report(&format!("load {}, which came compiled ({size} KiB)", builtin.name), || {
            sandbox.load_builtin(builtin).unwrap()
        });
    }
    let sbom = lockgate_builtins::builtin("sbom").unwrap().component;
    report(&format!("compile sbom, as from a file ({} KiB)", sbom.len() / 1024), || {
        sandbox.load(sbom).unwrap()
    });
    let gathered = gather(&mut artifact, &sources, &Caps::default(), &trust).unwrap();
    let question = Arc::new(Question {
        contents: None,
        vex: Rules::default(),
        history: History::default(),
        subject: artifact.subject().clone(),
        sha512: None,
        stage: "production".parse::<Stage>().unwrap(),
        at,
        facts: verify(gathered, &artifact, &trust, at),
    });
    let limits = Limits::default();
    let settings = [
        ("signatures", r#"{"required":["ci"]}"#),
        (
            "provenance",
            r#"{"builders":[{"id":{"glob":"https://github.com/acme/builders/.github/workflows/slsa3.yml@refs/tags/v*"},"signers":["builder"]}]}"#,
        ),
        ("sbom", r#"{"licenses":{"deny":["GPL-3.0-only"]}}"#),
    ];
    for (name, settings) in settings {
        let builtin = lockgate_builtins::builtin(name).unwrap();
        let plugin = sandbox.load_builtin(builtin).unwrap();
        let description = plugin.describe(&limits).unwrap();
        let scope = plugin
            .validate_settings(&description, settings, &Arc::default(), &limits)
            .unwrap()
            .unwrap();
        report(&format!("evaluate {name}, fresh instance"), || {
            let brief = Brief { settings, scope: &scope, data: &Arc::default(), limits: &limits };
            plugin.evaluate(&description, &brief, &question)
        });
    }

    let binary = env!("CARGO_BIN_EXE_lockgate-under-test");
    let config = release.join("lockgate.toml");
    report("whole process: check", || {
        let mut command = Command::new(binary);
        command.arg("check").arg(&artifact_path).arg("--config").arg(&config);
        command.arg("--evidence").arg(release.join("evidence")).arg("--stage=production");
        assert!(command.output().unwrap().status.success());
    });
    report("whole process: --version, the reference", || {
        assert!(Command::new(binary).arg("--version").output().unwrap().status.success());
    });
}

/// Prints the median.
fn report<T>(what: &str, work: impl FnMut() -> T) {
    let median = measure::median(work).as_secs_f64() * 1e3;
    println!("{median:>10.3} ms  {what}");
}
