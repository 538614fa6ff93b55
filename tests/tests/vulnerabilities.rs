//! What the policy `vulnerabilities` makes of a scan that is large, within the default limits.
#![forbid(unsafe_code)]
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests set up files")]

use std::fmt::Write as _;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use lockgate_tests::{Gate, Signer, statement};
use serde_json::{Value, json};

const BINARY: &str = env!("CARGO_BIN_EXE_lockgate-under-test");

/// As many findings as a large image has, ten times over.
const ROWS: usize = 20_000;

const SEVERITIES: [&str; 4] = ["LOW", "MEDIUM", "HIGH", "CRITICAL"];

/// As many scores as EPSS has.
const SCORES: usize = 280_000;

/// A scan by Trivy in cosign's predicate, with an alias of each and no two of one component.
fn scan() -> Value {
    let one = |n: usize| {
        json!({
            "VulnerabilityID": format!("CVE-{}-{}", 2000 + n % 20, 1000 + n),
            "VendorIDs": [format!("GHSA-{n}")],
            "PkgName": format!("package-{n}"),
            "PkgIdentifier": { "PURL": format!("pkg:npm/package-{n}@1.0.0") },
            "InstalledVersion": "1.0.0",
            "FixedVersion": if n.is_multiple_of(2) { "1.0.1" } else { "" },
            "Severity": SEVERITIES[n % SEVERITIES.len()],
            "PublishedDate": "2026-08-01T00:00:00Z",
            "CVSS": { "nvd": {
                "V3Vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "V3Score": 9.8,
            } },
        })
    };
    json!({
        "invocation": {},
        "scanner": {
            "uri": "pkg:github/aquasecurity/trivy",
            "version": "0.65.0",
            "db": { "lastUpdate": "2026-10-01T12:00:00Z" },
            "result": {
                "SchemaVersion": 2,
                "ArtifactName": "app",
                "Results": [{
                    "Target": "package-lock.json", "Class": "lang-pkgs", "Type": "npm",
                    "Vulnerabilities": (0..ROWS).map(one).collect::<Vec<_>>(),
                }],
            },
        },
        "metadata": {
            "scanStartedOn": "2026-10-01T12:00:00Z", "scanFinishedOn": "2026-10-01T12:01:00Z",
        },
    })
}

/// Scores for every finding and many more, in gzip.
fn scores() -> Vec<u8> {
    let mut text =
        "#model_version:v1,score_date:2026-10-01T12:00:00Z\ncve,epss,percentile\n".to_owned();
    for n in 0..SCORES {
        let id = format!("CVE-{}-{}", 2000 + n % 20, 1000 + n);
        writeln!(text, "{id},0.{:05},0.{:05}", n % 11_000, n % 99_991).unwrap();
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn catalogue() -> String {
    let listed: Vec<_> =
        (0..1_400).map(|n| json!({ "cveID": format!("CVE-2000-{}", 1000 + n * 100) })).collect();
    let date = "2026-10-01T12:00:00.123Z";
    json!({ "dateReleased": date, "count": listed.len(), "vulnerabilities": listed }).to_string()
}

/// How many violations a rule has, and what the last of them says.
fn violations(report: &Value, rule: &str) -> (usize, String) {
    let findings = report["policies"][0]["findings"].as_array().unwrap().iter();
    let of_rule: Vec<_> = findings
        .filter(|finding| finding["code"] == rule && finding["level"] == "violation")
        .filter_map(|finding| finding["message"].as_str())
        .collect();
    let rest = of_rule.iter().find(|message| message.contains("further")).unwrap();
    (of_rule.len(), (*rest).to_owned())
}

#[test]
fn a_scan_of_twenty_thousand_rows_is_judged_by_every_rule_within_the_default_limits() {
    let policy = r#"
        [[stage.production.policy]]
        name     = "vulnerabilities"
        plugin   = "builtin:vulnerabilities"
        data     = { kev = "kev.json", epss = "epss.csv.gz" }
        [stage.production.policy.settings]
        max-age             = "24h"
        database-max-age    = "24h"
        scanners            = ["trivy"]
        deny                = { severity = "high", score = "7.0" }
        grace               = { high = "7d", critical = "2d" }
        known-exploited     = { data = "kev", max-age = "24h" }
        exploit-probability = { data = "epss", at-least = "0.10", max-age = "24h" }
    "#;
    let bundle = Signer::named("ci").bundle(&statement(
        Gate::ARTIFACT,
        "https://cosign.sigstore.dev/attestation/vuln/v1",
        &scan(),
    ));
    let gate = Gate::with(BINARY, policy).holding("scan.sigstore.json", &bundle);
    gate.bench.write("kev.json", catalogue());
    gate.bench.write("epss.csv.gz", scores());
    let report = gate.check(&["evidence"]).exits(1).json();
    let opinion = &report["policies"][0]["opinion"];
    assert_eq!(*opinion, "fail", "{:#}", report["policies"][0]["reason"]);
    let further = |count: usize| (101, format!("{count} further findings like these"));
    assert_eq!(violations(&report, "severity-over-threshold"), further(ROWS / 2 - 100));
    assert_eq!(violations(&report, "score-over-threshold"), further(ROWS - 100));
    // Every hundredth is on the list.
    assert_eq!(violations(&report, "known-exploited"), further(ROWS / 100 - 100));
    // One thousand of eleven have a score of 0.10000 or more, and there are less than twice eleven.
    assert_eq!(violations(&report, "likely-exploited"), further(1_000 - 100));
}

#[test]
fn a_list_that_is_not_handed_over_or_is_none_is_told_before_anything_is_judged() {
    let lines = "\n[[stage.production.policy]]\nname = \"vulnerabilities\"\n\
                 plugin = \"builtin:vulnerabilities\"\ndata = { epss = \"epss.csv\" }\n\
                 settings = { max-age = \"1d\", known-exploited = { data = \"kev\" }, \
                 exploit-probability = { data = \"epss\", at-least = \"0.1\" } }\n";
    let gate = Gate::with(BINARY, lines);
    gate.bench.write("epss.csv", "id,epss\nCVE-1,0.1\n");
    let lint = || gate.bench.run(&["lint", "--config=lockgate.toml"]);
    for ran in [lint(), gate.check(&[])] {
        let ran = ran.exits(2);
        for words in [
            "at `/known-exploited/data`: the policy file hands over no `kev`",
            "at `/exploit-probability/data`: the data file `epss`: it has no column `cve`",
        ] {
            assert!(ran.stderr.contains(words), "{}", ran.stderr);
        }
    }
}
