//! Provenance, results of tests and verification summaries: what real documents say, and what is
//! refused.
#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use std::fmt::Debug;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use common::{Case, Key, PROVENANCE, TEST_RESULT, bytes, repository, statement};
use lockgate_evidence::provenance::{Completeness, Provenance, Source};
use lockgate_evidence::summary::Summary;
use lockgate_evidence::test_result::{Outcome, TestRun};
use lockgate_evidence::{Attestation, Resource, Unreadable};
use proptest::prelude::*;
use serde_json::{Value, json};

const PROVENANCE_V02: &str = "https://slsa.dev/provenance/v0.2";
const SUMMARY: &str = "https://slsa.dev/verification_summary/v1";

type Door<T> = fn(&Attestation) -> Result<&Arc<T>, &Unreadable>;

/// What a verified statement says, through the one door that there is.
fn read<T>(door: Door<T>, predicate_type: &str, predicate: &Value) -> Result<Arc<T>, Unreadable> {
    let key = Key::p256();
    let case = Case::new().json("a.json", &key.bundle(&statement(predicate_type, predicate)));
    let facts = case.facts(&key.trusted("ci"));
    let fact =
        facts.attestations().first().unwrap_or_else(|| panic!("{:?}", common::lines(&facts)));
    let (one, other) = (door(fact.get()), door(fact.get()));
    if let (Ok(one), Ok(other)) = (one, other) {
        assert!(Arc::ptr_eq(one, other), "it is read once, and shared");
    }
    one.cloned().map_err(Clone::clone)
}

fn provenance(predicate_type: &str, predicate: &Value) -> Provenance {
    Provenance::clone(&read(Attestation::provenance, predicate_type, predicate).unwrap())
}

fn test_run(predicate: &Value) -> TestRun {
    TestRun::clone(&read(Attestation::test_run, TEST_RESULT, predicate).unwrap())
}

fn summary(predicate: &Value) -> Summary {
    Summary::clone(&read(Attestation::summary, SUMMARY, predicate).unwrap())
}

/// The type and the predicate of a statement in an envelope.
fn of_envelope(bundle: &Value) -> (String, Value) {
    let payload = bundle["dsseEnvelope"]["payload"].as_str().unwrap();
    let statement: Value = serde_json::from_slice(&STANDARD.decode(payload).unwrap()).unwrap();
    (statement["predicateType"].as_str().unwrap().to_owned(), statement["predicate"].clone())
}

/// The provenance in a response of npm's registry.
fn of_npm(package: &str) -> Provenance {
    let file = repository(&format!("tests/fixtures/npm/{package}.tgz.json"));
    let response: Value = serde_json::from_slice(&bytes(file)).unwrap();
    let all = response["attestations"].as_array().unwrap().iter();
    let mut all = all.map(|attestation| of_envelope(&attestation["bundle"]));
    let (predicate_type, predicate) =
        all.find(|(predicate_type, _)| predicate_type.contains("provenance")).unwrap();
    provenance(&predicate_type, &predicate)
}

fn of_release(name: &str) -> Value {
    let file = repository(&format!("examples/release/evidence/{name}.sigstore.json"));
    of_envelope(&serde_json::from_slice(&bytes(file)).unwrap()).1
}

fn source(uri: &str, repository: &str, reference: &str, digest: [&str; 2], path: &str) -> Source {
    Source {
        uri: Some(uri.to_owned()),
        repository: Some(repository.to_owned()),
        reference: Some(reference.to_owned()),
        digests: [(digest[0].to_owned(), digest[1].to_owned())].into(),
        entry_point: Some(path.to_owned()),
    }
}

#[test]
fn provenance_of_npm_in_both_versions_names_its_source() {
    let one = of_npm("gundam-visor-cli-v1-tag");
    assert_eq!(
        (one.version, &*one.builder_id),
        ("1", "https://github.com/actions/runner/github-hosted")
    );
    assert_eq!(
        one.source,
        Some(source(
            "https://github.com/ramonpetgrave64/gundam-visor",
            "https://github.com/ramonpetgrave64/gundam-visor",
            "refs/tags/v1.0.1",
            ["gitCommit", "599500821344b070902a7a5666064bfdaba715df"],
            ".github/workflows/npm-publish.yml",
        ))
    );
    assert_eq!(
        one.invocation_id.as_deref(),
        Some("https://github.com/ramonpetgrave64/gundam-visor/actions/runs/9358004112/attempts/1")
    );
    assert_eq!((one.started_at, one.finished_at, one.byproducts), (None, None, 0));
    assert_eq!(one.completeness, Completeness::default());

    let main = |path| {
        source(
            "git+https://github.com/laurentsimon/provenance-npm-test@refs/heads/main",
            "https://github.com/laurentsimon/provenance-npm-test",
            "refs/heads/main",
            path,
            "",
        )
    };
    for (package, builder, commit, path) in [
        (
            "provenance-npm-test-cli-v02-prega",
            "https://github.com/actions/runner",
            "b38894f2dda4355ea5606fccb166e61565e12a14",
            ".github/workflows/release.yml",
        ),
        (
            "provenance-npm-test-ossf",
            "https://github.com/slsa-framework/slsa-github-generator/.github/workflows/builder_nodejs_slsa3.yml@refs/tags/v1.6.0",
            "34490b44db557f009617bcb92b8780f972c189ab",
            ".github/workflows/release-slsa3.yml",
        ),
    ] {
        let two = of_npm(package);
        assert_eq!((two.version, &*two.builder_id), ("0.2", builder));
        let expected = Source { entry_point: Some(path.to_owned()), ..main(["sha1", commit]) };
        assert_eq!(two.source, Some(expected));
        let [material] = &two.dependencies[..] else { panic!("{:?}", two.dependencies) };
        assert_eq!(material.digests["sha1"], commit);
    }
    let said = of_npm("provenance-npm-test-cli-v02-prega").completeness;
    assert_eq!(
        (said.parameters, said.materials, said.reproducible),
        (Some(false), Some(false), Some(false))
    );
    let said = of_npm("provenance-npm-test-ossf").completeness;
    assert_eq!((said.parameters, said.materials, said.reproducible), (Some(true), None, None));
}

#[test]
fn the_releases_provenance_says_when_it_was_built() {
    let built = provenance(PROVENANCE, &of_release("provenance"));
    assert_eq!(
        built.builder_id,
        "https://github.com/acme/builders/.github/workflows/slsa3.yml@refs/tags/v2.1.0"
    );
    assert_eq!(built.build_type, "https://actions.github.io/buildtypes/workflow/v1");
    let shown = |moment: Option<lockgate_model::Instant>| moment.unwrap().to_string();
    assert_eq!(shown(built.started_at), "2026-10-01T10:00:00Z");
    assert_eq!(shown(built.finished_at), "2026-10-01T10:07:31Z");
    let source = built.source.unwrap();
    assert_eq!(source.digests["gitCommit"], "c27d339ee6075c1f744c5d4b200f7901aad2c369");
    assert_eq!(source.reference.as_deref(), Some("refs/tags/v1.4.2"));
}

/// Provenance v1 with these external parameters and dependencies.
fn v1(build_type: &str, parameters: &Value, dependencies: &Value) -> Value {
    json!({
        "buildDefinition": {
            "buildType": build_type,
            "externalParameters": parameters,
            "resolvedDependencies": dependencies,
        },
        "runDetails": {
            "builder": { "id": "b", "version": { "a": "1" } },
            "byproducts": [{ "name": "log" }, { "uri": "https://example.com/log" }],
        },
    })
}

const WORKFLOW: &str = "https://actions.github.io/buildtypes/workflow/v1";

#[test]
fn a_source_is_read_of_parameters_that_are_known_and_digests_of_the_one_that_is_meant() {
    let parameters =
        json!({ "workflow": { "repository": "https://h/o/r", "ref": "refs/heads/a@b" } });
    let dependency =
        |uri: &str, commit: &str| json!({ "uri": uri, "digest": { "gitCommit": commit } });
    let digests = |dependencies: Value| {
        let built = provenance(PROVENANCE, &v1(WORKFLOW, &parameters, &dependencies));
        assert_eq!(built.byproducts, 2);
        let source = built.source.unwrap();
        assert_eq!(source.entry_point, None);
        source.digests.into_values().collect::<Vec<_>>()
    };
    let meant = "git+https://h/o/r@refs/heads/a@b";
    assert_eq!(digests(json!([dependency(meant, "AB")])), ["ab"]);
    assert_eq!(
        digests(json!([
            dependency("git+https://h/o/x@refs/heads/a@b", "1"),
            dependency(meant, "2")
        ])),
        ["2"]
    );
    assert!(digests(json!([dependency("git+https://h/o/r@refs/heads/a", "1")])).is_empty());
    assert!(digests(json!([dependency("git+https://h/o/r", "1")])).is_empty());
    assert!(
        digests(json!([dependency(meant, "1"), dependency(meant, "2")])).is_empty(),
        "two are meant"
    );
    assert!(digests(json!(null)).is_empty());

    let other =
        provenance(PROVENANCE, &v1("https://example.com/build/v1", &parameters, &json!([])));
    assert_eq!(other.source, None, "what its parameters mean is not known");
    let none = provenance(PROVENANCE, &v1(WORKFLOW, &json!({ "inputs": {} }), &json!([])));
    assert_eq!(none.source, None);
}

#[test]
fn a_source_of_the_older_version_may_lack_a_ref() {
    for (uri, repository, reference) in [
        ("git+https://h/o/r@refs/heads/main", "https://h/o/r", Some("refs/heads/main")),
        ("git+https://user@h/o/r@v1", "https://user@h/o/r", Some("v1")),
        ("git+https://user@h/o/r", "https://user@h/o/r", None),
        ("git+https://h", "https://h", None),
        ("git+ssh://git@h/o/r.git@v1", "ssh://git@h/o/r.git", Some("v1")),
        ("git+https://h/o/r@", "https://h/o/r", None),
        ("https://h/o/r@v1", "https://h/o/r@v1", None),
        ("git+", "", None),
    ] {
        let predicate = json!({
            "buildType": "t",
            "builder": { "id": "b" },
            "invocation": { "configSource": { "uri": uri } },
        });
        let source = provenance(PROVENANCE_V02, &predicate).source.unwrap();
        assert_eq!(source.uri.as_deref(), Some(uri));
        assert_eq!(source.repository.as_deref(), Some(repository), "{uri}");
        assert_eq!(source.reference.as_deref(), reference, "{uri}");
    }
}

#[test]
fn the_releases_tests_passed() {
    let run = test_run(&of_release("tests"));
    assert_eq!(run.outcome, "passed");
    assert_eq!(run.url.as_deref(), Some("https://example.com/runs/1536140711"));
    assert_eq!(run.names(Outcome::Passed), ["integration", "unit"]);
    assert!(run.has(Outcome::Passed, "unit") && !run.has(Outcome::Passed, "uni"));
    assert!(run.names(Outcome::Failed).is_empty() && run.notes().is_empty());
    let [configuration] = &run.configurations[..] else { panic!("{run:?}") };
    assert_eq!(configuration.name.as_deref(), Some("ci.yml"));
    assert_eq!(configuration.sha256(), None);
}

#[test]
fn a_run_that_contradicts_itself_is_kept_as_it_was_written_with_a_note() {
    let run = test_run(&json!({
        "result": "PASSED",
        "configuration": [],
        "passedTests": ["b", "a", "b"],
        "failedTests": ["a"],
    }));
    assert_eq!(run.outcome, "passed");
    assert_eq!(run.names(Outcome::Passed), ["a", "b"]);
    assert_eq!(run.names(Outcome::Failed), ["a"]);
    assert_eq!(
        run.notes(),
        [
            "the result is `passed`, and tests are listed that failed",
            "a test is listed with two outcomes",
        ]
    );
    let run = test_run(&json!({ "result": "WARNED", "warnedTests": ["a"], "passedTests": null }));
    assert_eq!((&*run.outcome, run.notes().len()), ("warned", 0));
}

#[test]
fn a_result_counts_only_as_it_is_written_in_the_specification() {
    let outcome = |word: &str| {
        let predicate = json!({ "result": word });
        read(Attestation::test_run, TEST_RESULT, &predicate).map(|run| run.outcome.clone())
    };
    assert_eq!(outcome("FAILED").unwrap(), "failed");
    assert_eq!(outcome("TIMED_OUT").unwrap(), "timed-out");
    assert_eq!(outcome("Not run").unwrap(), "not-run");
    for word in ["passed", "Passed", "PASSED!", " PASSED", "_PASSED", "!"] {
        assert_eq!(
            outcome(word).unwrap_err().to_string(),
            format!(
                "the document is not valid in-toto test result v0.1: `result` is `{word}`, which is no word of it"
            )
        );
    }
}

#[test]
fn a_configuration_states_its_digest_in_lower_case_or_none() {
    let upper = "A".repeat(64);
    let run = test_run(&json!({ "result": "PASSED", "configuration": [
        { "name": " ", "uri": "https://example.com/a", "digest": { "sha256": upper } },
        { "downloadLocation": "https://example.com/b", "digest": { "sha256": "abc" } },
        { "digest": null },
    ] }));
    let digests: Vec<_> = run.configurations.iter().map(Resource::sha256).collect();
    assert_eq!(digests, [Some(&*"a".repeat(64)), None, None]);
    assert_eq!(run.configurations[0].name, None);
    assert_eq!(run.configurations[1].uri.as_deref(), Some("https://example.com/b"));
}

#[test]
fn a_summary_says_who_verified_what_by_which_policy_to_which_levels() {
    let said = summary(&json!({
        "verifier": { "id": "https://example.com/verifier", "version": { "v": "1" } },
        "timeVerified": "2026-09-30T12:00:00+02:00",
        "resourceUri": "pkg:npm/orders@1.4.2",
        "policy": { "uri": "https://example.com/policy", "digest": { "sha256": "b".repeat(64) } },
        "inputAttestations": [{ "uri": "https://example.com/a", "digest": { "sha256": "c".repeat(64) } }],
        "verificationResult": "PASSED",
        "verifiedLevels": ["SLSA_BUILD_LEVEL_3", "ACME_REVIEWED", "SLSA_BUILD_LEVEL_3", ""],
        "dependencyLevels": { "SLSA_BUILD_LEVEL_1": 16, "SLSA_BUILD_LEVEL_3": 5 },
        "slsaVersion": "1.0",
    }));
    assert_eq!(said.verifier, "https://example.com/verifier");
    assert_eq!(said.verified_at.unwrap().to_string(), "2026-09-30T10:00:00Z");
    assert_eq!(said.resource.as_deref(), Some("pkg:npm/orders@1.4.2"));
    assert_eq!(said.policy.unwrap().sha256(), Some(&*"b".repeat(64)));
    assert_eq!(said.inputs[0].sha256(), Some(&*"c".repeat(64)));
    assert_eq!(said.result, "passed");
    assert_eq!(said.levels, ["ACME_REVIEWED", "SLSA_BUILD_LEVEL_3"]);
    assert_eq!(said.dependency_levels["SLSA_BUILD_LEVEL_1"], 16);
    assert_eq!(said.slsa_version.as_deref(), Some("1.0"));

    let said = summary(&json!({ "verifier": { "id": "v" }, "verificationResult": "FAILED" }));
    assert_eq!((&*said.result, said.verified_at, said.policy), ("failed", None, None));
    assert!(said.levels.is_empty() && said.inputs.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_text_makes_a_model_panic(text in prop_oneof!["(git\\+)?[a-z:/@+é]{0,12}", any::<String>()]) {
        let predicate = json!({
            "buildType": "t",
            "builder": { "id": "b" },
            "invocation": { "configSource": { "uri": text, "digest": { "sha256": text } } },
        });
        let built = provenance(PROVENANCE_V02, &predicate);
        let uri = built.source.unwrap().uri;
        prop_assert!(uri.is_none_or(|uri| uri == text));
        let _ = read(Attestation::test_run, TEST_RESULT, &json!({ "result": format!("x{text}") }));
    }
}

/// Why a document has no model.
fn why<T: Debug>(door: Door<T>, predicate_type: &str, predicate: &Value) -> String {
    read(door, predicate_type, predicate).unwrap_err().to_string()
}

#[test]
fn a_document_without_a_model_says_why() {
    let run = json!({ "result": "PASSED" });
    assert_eq!(
        why(Attestation::provenance, TEST_RESULT, &run),
        "the document is of the kind `test-result`, not `provenance`"
    );
    assert_eq!(
        why(Attestation::summary, TEST_RESULT, &run),
        "the document is of the kind `test-result`, not `verification-summary`"
    );
    let built = v1(WORKFLOW, &json!({}), &json!([]));
    assert_eq!(
        why(Attestation::test_run, PROVENANCE, &built),
        "the document is of the kind `provenance`, not `test-result`"
    );
    for (predicate, expected) in [
        (v1(WORKFLOW, &json!([]), &json!([])), "`buildDefinition.externalParameters`: "),
        (
            v1(WORKFLOW, &json!({ "workflow": "x" }), &json!([])),
            "`buildDefinition.externalParameters`: ",
        ),
        (v1(WORKFLOW, &json!({}), &json!({})), "invalid type: map, expected a sequence"),
        (
            v1(WORKFLOW, &json!({}), &json!([{ "digest": { "sha256": 1 } }])),
            "invalid type: integer",
        ),
        (v1(WORKFLOW, &json!({}), &json!([["a"]])), "invalid type: sequence, expected an object"),
        (
            json!({
                "buildDefinition": { "buildType": "t" },
                "runDetails": { "builder": { "id": "b" }, "metadata": { "startedOn": "yesterday" } },
            }),
            "`runDetails.metadata.startedOn` is `yesterday`, which is not an RFC 3339 instant",
        ),
        (
            json!({ "buildDefinition": { "buildType": " " }, "runDetails": { "builder": { "id": "b" } } }),
            "it lacks `buildDefinition.buildType`",
        ),
    ] {
        let why = why(Attestation::provenance, PROVENANCE, &predicate);
        let expected = format!("the document is not valid SLSA provenance v1: {expected}");
        assert!(why.starts_with(&expected), "{why}");
    }
    let predicate =
        json!({ "buildType": "t", "builder": { "id": "b" }, "metadata": { "reproducible": "no" } });
    let why_not = why(Attestation::provenance, PROVENANCE_V02, &predicate);
    assert!(
        why_not.starts_with("the document is not valid SLSA provenance v0.2: invalid type"),
        "{why_not}"
    );
    for (member, value) in
        [("failedTests", json!("a")), ("passedTests", json!([1])), ("configuration", json!({}))]
    {
        let mut predicate = run.clone();
        predicate[member] = value;
        let why = why(Attestation::test_run, TEST_RESULT, &predicate);
        assert!(
            why.starts_with("the document is not valid in-toto test result v0.1: invalid type"),
            "{why}"
        );
    }
    for (member, value) in
        [("dependencyLevels", json!({ "a": -1 })), ("verifiedLevels", json!("a"))]
    {
        let mut predicate = json!({ "verifier": { "id": "v" }, "verificationResult": "PASSED" });
        predicate[member] = value;
        let why = why(Attestation::summary, SUMMARY, &predicate);
        assert!(
            why.starts_with("the document is not valid SLSA verification summary v1: invalid"),
            "{why}"
        );
    }
}
