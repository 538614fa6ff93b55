//! What the host knows of packages and licenses reaches policies before there is anything to judge, and
//! what a policy file hands over counts before what documents say.
#![forbid(unsafe_code)]
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read and write files")]

use lockgate_tests::{Ran, Signer, Workbench, bundle, statement};
use serde_json::json;

const ARTIFACT: &[u8] = b"the artifact\n";

/// What `check` says with a policy of these settings, about an SBOM of one component, and with a table of
/// releases.
fn check(policy: &str, settings: &str, released: &str) -> Ran {
    let bench = Workbench::new(env!("CARGO_BIN_EXE_lockgate-under-test"));
    bench.write("app", ARTIFACT);
    bench.write("trust/ci.pub", Signer::named("ci").pem());
    bench.write("released.csv", released);
    let sbom = json!({
        "bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{
            "type": "library", "name": "a", "version": "1.0.0", "purl": "pkg:npm/a@1.0.0",
            "releaseNotes": { "type": "major", "timestamp": "2020-01-01T00:00:00Z" },
        }],
    });
    let statement = statement(ARTIFACT, "https://cyclonedx.org/bom", &sbom).to_string();
    let signer = Signer::named("ci");
    let signed = bundle("application/vnd.in-toto+json", statement.as_bytes(), &[&signer]);
    bench.write("evidence/sbom.sigstore.json", signed);
    let data = if released.is_empty() { "" } else { "data = { released = \"released.csv\" }\n" };
    bench.write(
        "lockgate.toml",
        format!(
            "[[trust.key]]\nname = \"ci\"\nfile = \"trust/ci.pub\"\nfor = [\"sbom\"]\n\n\
             [stage.production]\n\n[[stage.production.policy]]\nname = \"p\"\n\
             plugin = \"builtin:{policy}\"\nsettings = {settings}\n{data}"
        ),
    );
    bench.run(&[
        "check",
        "app",
        "--config=lockgate.toml",
        "--evidence=evidence",
        "--stage=production",
        "--at=2026-10-02T00:00:00Z",
    ])
}

#[test]
fn what_could_never_match_is_a_configuration_error() {
    for (policy, settings, problem) in [
        ("sbom", r#"{ banned = ["pkg:swift/x"] }"#, "packages of its type have a namespace"),
        (
            "sbom",
            r#"{ banned = [{ purl-prefix = "pkg:github/Acme" }] }"#,
            "in canonical form it is `pkg:github/acme`",
        ),
        (
            "sbom",
            r#"{ banned = [{ purl = "pkg:npm/a", versions = "vers:npm/>2.0.0|<1.0.0" }] }"#,
            "its versions are not in order",
        ),
        (
            "sbom",
            r#"{ banned = [{ purl = "pkg:cargo/a", versions = "vers:npm/<1.0.0" }] }"#,
            "versions of `cargo` are compared by `vers:semver/…`, not by `npm`",
        ),
        (
            "sbom",
            r#"{ licenses = { deny = ["GPL-3.0-onyl"] } }"#,
            "`GPL-3.0-onyl` is no SPDX license: is `GPL-3.0-only` meant?",
        ),
        (
            "dependencies",
            r#"{ registries = ["deb"] }"#,
            "`deb` has no default registry that is known",
        ),
        (
            "dependencies",
            r#"{ registries = ["https://repo.acme.com/../x"] }"#,
            "its path has `.` or `..` in it",
        ),
        (
            "dependencies",
            r#"{ internal = { packages = ["pkg:npm/@acme/**"], registries = ["https://a.b"] } }"#,
            "in canonical form `pkg:npm/@acme/aa` is `pkg:npm/%40acme/aa`",
        ),
        (
            "dependencies",
            r#"{ minimum-age = "14d", released = { data = "released" } }"#,
            "a data file of the policy in CSV with the columns `purl` and `released`",
        ),
    ] {
        let ran = check(policy, settings, "").exits(2);
        assert!(ran.stderr.contains(problem), "{settings}\n{}", ran.stderr);
    }
}

#[test]
fn a_table_of_releases_counts_before_what_a_document_says() {
    let settings = r#"{ minimum-age = "14d", released = { data = "released" } }"#;
    let table = |released: &str| format!("purl,released\npkg:npm/a@1.0.0,{released}\n");
    let _ = check("dependencies", settings, &table("2026-09-01")).exits(0);
    let ran = check("dependencies", settings, &table("2026-10-01T00:00:00Z")).exits(1);
    assert!(
        ran.stdout.contains("was released at 2026-10-01T00:00:00Z, less than 14d ago"),
        "{}",
        ran.stdout
    );
    // Nothing is guessed from what is no time.
    let _ = check("dependencies", settings, &table("soon")).exits(3);
}
