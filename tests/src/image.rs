//! A gate that images in OCI layouts ask to pass.

use std::fs;
use std::path::Path;

use serde_json::json;

use crate::bundle::{Signer, statement};
use crate::run::Ran;
use crate::workbench::Workbench;

/// The media type of a layer that is a Sigstore bundle.
pub const BUNDLE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";

/// A bench whose stage expects that tests passed, by `ci`.
#[must_use]
pub fn expecting_tests(binary: &str) -> Workbench {
    let bench = Workbench::new(binary);
    bench.write("ci.pub", Signer::named("ci").pem());
    bench.write(
        "lockgate.toml",
        r#"
        [[trust.key]]
        name = "ci"
        file = "ci.pub"
        for  = ["test-result", "signature"]

        [stage.production]
        expects = [{ kind = "test-result", signer = "ci" }]

        [[stage.production.policy]]
        name     = "signed"
        plugin   = "builtin:signatures"
        effect   = "advisory"
        settings = { required = ["ci"] }
        "#,
    );
    bench
}

/// Whether an image may enter that stage: the run.
#[must_use]
pub fn check_image(bench: &Workbench, artifact: &str) -> Ran {
    let arguments = ["check", artifact, "--config=lockgate.toml", "--stage=production"];
    bench.run(&[&arguments[..], &["--at=2026-12-01T00:00:00Z", "--output=json"]].concat())
}

/// A bundle by `ci` that says of a manifest that its tests passed.
///
/// # Panics
///
/// If the manifest cannot be read.
#[must_use]
pub fn tests_passed(manifest: &Path) -> String {
    let predicate = json!({ "result": "PASSED", "configuration": [] });
    let kind = "https://in-toto.io/attestation/test-result/v0.1";
    let manifest = fs::read(manifest).expect("read the manifest");
    Signer::named("ci").bundle(&statement(&manifest, kind, &predicate))
}
