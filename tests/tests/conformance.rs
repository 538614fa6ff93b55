//! The bundles of the public conformance suite for Sigstore clients, through the binary.
//!
//! A case is a folder; its name says whether the bundle has to be refused. Refusing all of them
//! would be right 49 times of 70, so the two halves are counted apart.
#![forbid(unsafe_code)]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    reason = "tests set up files"
)]

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use lockgate_tests::{Row, Workbench, golden, root};
use sha2::{Digest, Sha256};

const BINARY: &str = env!("CARGO_BIN_EXE_lockgate-under-test");

/// Who signed, where a case does not say: a workflow of the suite's own.
const IDENTITY: &str = "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main";
const ISSUER: &str = "https://token.actions.githubusercontent.com";

/// The cases where what is trusted is what is wrong, so that it is a configuration error: a key that
/// is none, and a trusted root that lacks a date.
const BAD_TRUST: [&str; 2] =
    ["managed-key-wrong-key_fail", "trust-root-tlog-missing-validity-start_fail"];

/// How the artifact is named.
#[derive(Debug, Clone, Copy)]
enum Named {
    File,
    Digest,
}

/// What became of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Verdict {
    /// Its only document is a fact of this kind, by the only signer there is.
    Accepted { kind: String },
    /// It is no fact, for this reason.
    Refused { reason: String },
    /// The configuration is an error, with this message.
    Misconfigured { message: String },
}

struct Case {
    name: String,
    by_file: Verdict,
    by_digest: Verdict,
}

impl Case {
    fn is_good(&self) -> bool {
        !self.name.ends_with("_fail")
    }

    fn verdicts(&self) -> [&Verdict; 2] {
        [&self.by_file, &self.by_digest]
    }
}

/// Every case, judged once for all tests.
static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| {
    let mut folders: Vec<PathBuf> = fs::read_dir(suite())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    let judge = |folder: &PathBuf| Case {
        name: folder.file_name().unwrap().to_str().unwrap().to_owned(),
        by_file: verdict(folder, Named::File),
        by_digest: verdict(folder, Named::Digest),
    };
    folders.iter().map(judge).collect()
});

fn suite() -> PathBuf {
    root().join("tests/fixtures/sigstore-conformance")
}

fn verdict(folder: &Path, named: Named) -> Verdict {
    let bench = Workbench::new(BINARY);
    for file in ["bundle.sigstore.json", "trusted_root.json", "key.pub"] {
        if let Ok(content) = fs::read(folder.join(file)) {
            bench.write(file, content);
        }
    }
    bench.write("lockgate.toml", config(folder));
    let artifact = fs::read(folder.join("artifact"))
        .unwrap_or_else(|_| fs::read(suite().join("a.txt")).unwrap());
    bench.write("artifact", &artifact);
    let hex: String = Sha256::digest(&artifact).iter().map(|byte| format!("{byte:02x}")).collect();
    let artifact = match named {
        Named::File => "artifact".to_owned(),
        Named::Digest => format!("sha256:{hex}"),
    };
    let ran = bench.run(&[
        "evidence",
        &artifact,
        "--config=lockgate.toml",
        "--evidence=bundle.sigstore.json",
        "--at=2026-10-02T00:00:00Z",
        "--output=json",
    ]);
    if ran.exit == Some(2) {
        let ran = ran.exits(2);
        return Verdict::Misconfigured { message: ran.stderr.lines().next().unwrap().to_owned() };
    }
    let row = Row::only(&ran.exits(0));
    match row.reason {
        Some(reason) => Verdict::Refused { reason },
        None => {
            assert_eq!(row.status, "fact");
            assert_eq!(row.signers, ["signer"]);
            Verdict::Accepted { kind: row.kind.unwrap() }
        }
    }
}

/// Trusts the key if there is one, and otherwise an identity, and nobody else.
fn config(folder: &Path) -> String {
    let given = |file: &str, default: &str| {
        fs::read_to_string(folder.join(file)).map_or(default.to_owned(), |text| text.trim().into())
    };
    let mut config = "[trust]\n".to_owned();
    if folder.join("trusted_root.json").exists() {
        config.push_str("sigstore-root = \"trusted_root.json\"\n");
    }
    if folder.join("key.pub").exists() {
        config.push_str("[[trust.key]]\nname = \"signer\"\nfile = \"key.pub\"\n");
    } else {
        let (issuer, subject) = (given("issuer", ISSUER), given("identity", IDENTITY));
        writeln!(config, "[[trust.identity]]\nname = \"signer\"").unwrap();
        writeln!(config, "issuer = \"{issuer}\"\nsubject = \"{subject}\"").unwrap();
    }
    config
}

#[test]
fn all_21_good_bundles_are_facts() {
    let good: Vec<&Case> = CASES.iter().filter(|case| case.is_good()).collect();
    let wrong: Vec<_> = good
        .iter()
        .flat_map(|case| case.verdicts().map(|verdict| (&case.name, verdict)))
        .filter(|(_, verdict)| !matches!(verdict, Verdict::Accepted { .. }))
        .collect();
    assert!(wrong.is_empty(), "{} good bundles are refused: {wrong:#?}", wrong.len());
    assert_eq!(good.len(), 21);
}

#[test]
fn all_49_bad_bundles_are_refused() {
    let bad: Vec<&Case> = CASES.iter().filter(|case| !case.is_good()).collect();
    let refuses = |case: &Case, verdict: &Verdict| match verdict {
        Verdict::Accepted { .. } => false,
        // What this version cannot read says nothing about what is wrong with it.
        Verdict::Refused { reason } => {
            !BAD_TRUST.contains(&&*case.name)
                && (!reason.contains("not supported") || case.name.contains("unknown-version"))
        }
        Verdict::Misconfigured { .. } => BAD_TRUST.contains(&&*case.name),
    };
    let wrong: Vec<_> = bad
        .iter()
        .flat_map(|case| case.verdicts().map(|verdict| (*case, verdict)))
        .filter(|(case, verdict)| !refuses(case, verdict))
        .map(|(case, verdict)| (&case.name, verdict))
        .collect();
    assert!(wrong.is_empty(), "{} bad bundles are not refused: {wrong:#?}", wrong.len());
    assert_eq!(bad.len(), 49);
}

#[test]
fn every_refusal_says_why() {
    let mut table = String::new();
    for case in CASES.iter() {
        writeln!(table, "{}", case.name).unwrap();
        let shown = |verdict: &Verdict| match verdict {
            Verdict::Accepted { kind } => format!("fact: {kind}"),
            Verdict::Refused { reason } => format!("refused: {reason}"),
            Verdict::Misconfigured { message } => format!("exit 2: {message}"),
        };
        writeln!(table, "    {}", shown(&case.by_file)).unwrap();
        if case.by_digest != case.by_file {
            writeln!(table, "    by its digest alone, {}", shown(&case.by_digest)).unwrap();
        }
    }
    golden(&root().join("tests/golden/conformance.txt"), &table);
}
