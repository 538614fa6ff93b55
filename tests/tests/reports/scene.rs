//! Three reports: one of an open gate, one of a gate that is shut with all that a report can have, and
//! one in which strangers try to be more than text.

use std::collections::BTreeMap;
use std::fs;

use lockgate_tests::{Signer, Workbench, copy_folder, golden, root, statement};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const BINARY: &str = env!("CARGO_BIN_EXE_lockgate-under-test");

/// The guest in `plugins/hostile`, which does what its setting says.
const HOSTILE: &str = env!("HOSTILE_WASM");

/// Each format, and what its golden file ends with.
pub(crate) const FORMATS: &[(&str, &str)] = &[
    ("human", "txt"),
    ("json", "json"),
    ("sarif", "sarif"),
    ("junit", "xml"),
    ("markdown", "md"),
    ("github", "github.txt"),
    ("html", "html"),
];

/// One run, in every format.
pub(crate) struct Scene {
    pub(crate) texts: BTreeMap<&'static str, String>,
}

impl Scene {
    /// The example release, which is allowed.
    pub(crate) fn release() -> Self {
        let bench = Workbench::with_release(BINARY);
        let release = [
            "examples/release/app.tar.gz",
            "--config=examples/release/lockgate.toml",
            "--evidence=examples/release/evidence",
        ];
        Self::run(&bench, &release, 0)
    }

    /// The same evidence with good and bad company, and policies of every opinion.
    pub(crate) fn everything() -> Self {
        let bench = Workbench::with_release(BINARY);
        copy_folder(&bench.path("examples/release/trust"), &bench.path("trust"));
        copy_folder(&bench.path("examples/release/evidence"), &bench.path("evidence"));
        fs::copy(bench.path("examples/release/app.tar.gz"), bench.path("app.tar.gz")).unwrap();
        fs::remove_file(bench.path("evidence/scan.sigstore.json")).unwrap();
        for broken in ["app-digest-swapped", "provenance-payload-edited", "truncated"] {
            let file = format!("{broken}.sigstore.json");
            let from = root().join("tests/fixtures/release-broken").join(&file);
            fs::copy(from, bench.path("evidence").join(&file)).unwrap();
        }
        bench.write("evidence/notes.txt", "remember to sign the scan\n");
        fs::copy(root().join("tests/fixtures/scans/trivy/pip.json"), bench.path("scan.json"))
            .unwrap();
        bench.write("hostile.wasm", fs::read(HOSTILE).unwrap());
        let release = bench.read("examples/release/lockgate.toml");
        let (trust, _) = release.split_once("[stage.staging]").unwrap();
        bench.write("lockgate.toml", trust.to_owned() + EVERYTHING);
        let evidence = ["app.tar.gz", "--config=lockgate.toml", "--evidence=evidence"];
        let unsigned = "--evidence=vulnerabilities=scan.json";
        Self::run(&bench, &[&evidence[..], &[unsigned]].concat(), 1)
    }

    /// Strangers who name files, write documents and policies.
    pub(crate) fn hostile() -> Self {
        let bench = Workbench::new(BINARY);
        bench.write(ARTIFACT, ARTIFACT);
        let ci = Signer::named("ci");
        bench.write("ci.pub", ci.pem());
        bench.write("hostile.wasm", fs::read(HOSTILE).unwrap());
        bench.write("lockgate.toml", TRUST.to_owned() + MISCHIEF);
        let sbom = json!({ "bomFormat": "CycloneDX", "specVersion": "1.6", "components": [] });
        let signed = |about: &[u8]| statement(about, "https://cyclonedx.org/bom", &sbom);
        bench.write("evidence/good.json", ci.bundle(&signed(ARTIFACT.as_bytes())));
        for (number, name) in NAMES.iter().enumerate() {
            // About another artifact, whose name is told as it is.
            let mut statement = signed(&[u8::try_from(number).unwrap()]);
            statement["subject"][0]["name"] = json!(NAMES[(number + 1) % NAMES.len()]);
            bench.write(&format!("evidence/{name}"), ci.bundle(&statement));
        }
        Self::run(&bench, &[ARTIFACT, "--config=lockgate.toml", "--evidence=evidence"], 1)
    }

    /// What there is about the example release, with nobody asking for a verdict.
    pub(crate) fn evidence() -> Self {
        let bench = Workbench::with_release(BINARY);
        let formats = [("html", "html"), ("markdown", "md")];
        let outputs: Vec<String> =
            formats.iter().map(|(format, end)| format!("--output={format}=report.{end}")).collect();
        let outputs: Vec<&str> = outputs.iter().map(String::as_str).collect();
        let arguments = [
            "evidence",
            "examples/release/app.tar.gz",
            "--config=examples/release/lockgate.toml",
            "--evidence=examples/release/evidence",
            "--at=2026-10-02T00:00:00Z",
        ];
        drop(bench.run(&[&arguments[..], &outputs].concat()).exits(0));
        let read = |end: &str| bench.read(&format!("report.{end}"));
        Self { texts: formats.iter().map(|(format, end)| (*format, read(end))).collect() }
    }

    fn run(bench: &Workbench, arguments: &[&str], exit: i32) -> Self {
        let common = ["check", "--stage=production", "--at=2026-10-02T00:00:00Z"];
        let outputs: Vec<String> =
            FORMATS.iter().map(|(format, end)| format!("--output={format}=report.{end}")).collect();
        let outputs: Vec<&str> = outputs.iter().map(String::as_str).collect();
        let ran = bench.run(&[&common[..], arguments, &outputs].concat()).exits(exit);
        assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", ""));
        let read = |end: &str| bench.read(&format!("report.{end}"));
        Self { texts: FORMATS.iter().map(|(format, end)| (*format, read(end))).collect() }
    }

    pub(crate) fn text(&self, format: &str) -> &str {
        &self.texts[format]
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(self.text("json")).unwrap()
    }

    /// Compares every format with its golden file. What a compiler makes of a guest is left out, and
    /// so is the digest of a configuration that such a guest is part of.
    pub(crate) fn golden(&self, name: &str) {
        let hex = |bytes: &[u8]| -> String {
            Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
        };
        let guest = hex(&fs::read(HOSTILE).unwrap());
        let config = self.json()["config"]["digest"].as_str().unwrap().to_owned();
        for (format, end) in FORMATS {
            let text = self.text(format).replace(&guest, "(hostile as it was built)");
            let text = text.replace(config.trim_start_matches("sha256:"), "(its configuration)");
            golden(&root().join(format!("tests/golden/reports/{name}.{end}")), &text);
        }
    }
}

const EVERYTHING: &str = r#"
[stage.production]
accept  = { vulnerabilities = "unsigned" }
expects = [{ kind = "provenance", signer = "builder" }, { kind = "sbom", select = "any" }]

[[stage.production.policy]]
name     = "signed-by-ci"
plugin   = "builtin:signatures"
settings = { required = ["ci"] }

[[stage.production.policy]]
name     = "signed-by-two-teams"
plugin   = "builtin:signatures"
settings = { required = ["ci", "security"] }

[[stage.production.policy]]
name     = "no-copyleft"
plugin   = "builtin:sbom"
settings = { licenses = { deny = ["BSD-3-Clause"], unknown = "warn" }, banned = ["pkg:composer/laravel/framework"] }

[[stage.production.policy]]
name     = "components-identified"
plugin   = "builtin:sbom"
settings = { required = { component = ["purl", "version"] } }

[[stage.production.policy]]
name   = "built-by-acme"
plugin = "builtin:provenance"

[stage.production.policy.settings]
builders = [{ id = { glob = "https://github.com/acme/builders/.github/workflows/slsa3.yml@refs/tags/v*" }, signers = ["builder"] }]
sources  = ["https://github.com/acme/orders"]
refs     = ["refs/heads/main"]

[[stage.production.policy]]
name     = "in-house-scanner"
plugin   = "./hostile.wasm"
settings = { mode = "trap" }

[[stage.production.policy]]
name     = "base-image"
plugin   = "./hostile.wasm"
settings = { mode = "compare" }

[[stage.production.policy]]
name     = "watch-list"
plugin   = "./hostile.wasm"
settings = { mode = "warn" }

[[stage.production.policy]]
name     = "house-style"
plugin   = "./hostile.wasm"
effect   = "advisory"
settings = { mode = "fail" }

[[stage.production.policy]]
name     = "inventory"
plugin   = "./hostile.wasm"
effect   = "advisory"
settings = { mode = "assurance" }

[[stage.production.policy]]
name                 = "container-rules"
plugin               = "./hostile.wasm"
allow-not-applicable = true
settings             = { mode = "all-not-applicable" }
"#;

const TRUST: &str = r#"
[[trust.key]]
name = "ci"
file = "ci.pub"
for  = ["sbom"]
"#;

const MISCHIEF: &str = r#"
[stage.production]

[[stage.production.policy]]
name     = "escapes"
plugin   = "./hostile.wasm"
settings = { mode = "escapes" }

[[stage.production.policy]]
name     = "markup"
plugin   = "./hostile.wasm"
settings = { mode = "markup" }

[[stage.production.policy]]
name     = "advises"
plugin   = "./hostile.wasm"
effect   = "advisory"
settings = { mode = "markup" }

[[stage.production.policy]]
name     = "withholds"
plugin   = "./hostile.wasm"
settings = { mode = "markup-error" }
"#;

/// An artifact's name is a stranger's, too.
const ARTIFACT: &str = "app <b>|`@octocat` [x](y) ::error::.bin";

/// What files in an evidence folder may be called. None has a slash, and all are valid on Linux.
pub(crate) const NAMES: &[&str] = &[
    "<img src=x onerror=alert(1)>.json",
    "<script>alert(1)<\\script>\"'.json",
    "[link](javascript:alert(1)) ![i](x).json",
    "a|b`c``d.json",
    "# heading\n## two\n::error::owned.json",
    "\u{1b}[31mred\u{1b}]0;title\u{7}.json",
    "\u{202e}nosj.exe.json",
    "@octocat #1 &lt;b&gt;.json",
    "]]>&xxe;\u{ffff}.json",
    "##[error]x ##vso[x] %0A%25.json",
];
