//! Signed statements: what they are about, what is signed, and by how many.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, reason = "tests set up files")]

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA384, digest};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use lockgate_tests::{Ran, Row, Signer, Workbench, bundle, statement};
use serde_json::{Value, json};
use sha2::{Digest, Sha256, Sha512};

const BINARY: &str = env!("CARGO_BIN_EXE_lockgate-under-test");

const ARTIFACT: &[u8] = b"what statements are about\n";
const TEST_RESULT: &str = "https://in-toto.io/attestation/test-result/v0.1";
const PROVENANCE: &str = "https://slsa.dev/provenance/v1";
const IN_TOTO: &str = "application/vnd.in-toto+json";

/// A bench that trusts `ci` and `release`.
fn bench() -> Workbench {
    let bench = Workbench::new(BINARY);
    bench.write("app", ARTIFACT);
    let key = |name: &str| {
        bench.write(&format!("{name}.pub"), Signer::named(name).pem());
        format!(
            "[[trust.key]]\nname = \"{name}\"\nfile = \"{name}.pub\"\n\
             for = [\"test-result\", \"provenance\", \"signature\"]\n\n"
        )
    };
    bench.write("lockgate.toml", key("ci") + &key("release"));
    bench
}

fn evidence(bench: &Workbench) -> Ran {
    bench.run(&[
        "evidence",
        "app",
        "--config=lockgate.toml",
        "--evidence=evidence",
        "--at=2026-10-02T00:00:00Z",
        "--output=json",
    ])
}

/// What becomes of one document.
fn row(document: &str) -> Row {
    let bench = bench();
    bench.write("evidence/document.json", document);
    Row::only(&evidence(&bench).exits(0))
}

fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn passed() -> Value {
    statement(ARTIFACT, TEST_RESULT, &json!({ "result": "PASSED", "configuration": [] }))
}

/// A statement with these subjects, signed by `ci`.
fn about(subjects: &Value) -> String {
    let mut statement = passed();
    statement["subject"] = subjects.clone();
    Signer::named("ci").bundle(&statement)
}

#[test]
fn one_subject_that_is_the_artifact_is_enough() {
    let (ours, ours512) = (hex(Sha256::digest(ARTIFACT)), hex(Sha512::digest(ARTIFACT)));
    let zeros = "0".repeat(64);
    let upper = ours512.to_uppercase();
    let zero_named = json!({ "name": "app", "digest": { "sha256": zeros } });
    for subject in [
        json!({ "name": "whatever it is called", "digest": { "sha256": ours } }),
        json!({ "digest": { "sha512": ours512 } }),
        json!({ "digest": { "sha256": ours.to_uppercase(), "sha512": upper } }),
        json!({ "digest": { "sha256": ours, "sha1": "wrong", "gitCommit": "wrong" } }),
    ] {
        row(&about(&json!([subject]))).fact("test-result", "ci");
        // Wherever it stands among others, which may be called as the artifact is.
        row(&about(&json!([subject, zero_named]))).fact("test-result", "ci");
        row(&about(&json!([zero_named, {}, subject]))).fact("test-result", "ci");
    }
}

#[test]
fn all_digests_of_a_subject_that_bind_have_to_be_the_artifacts() {
    let (ours, ours512) = (hex(Sha256::digest(ARTIFACT)), hex(Sha512::digest(ARTIFACT)));
    let (zeros, zeros512) = ("0".repeat(64), "0".repeat(128));
    for (digests, words) in [
        (json!({ "sha256": zeros }), "is about"),
        (json!({ "sha256": zeros, "sha512": ours512 }), "is about"),
        (json!({ "sha256": ours, "sha512": zeros512 }), "sha512"),
        (json!({ "sha256": ours, "sha512": "" }), "sha512"),
        (json!({ "sha256": "", "sha512": ours512 }), "is about"),
        (json!({ "sha256": &ours[..63] }), "is about"),
        (json!({ "sha256": format!(" {ours}") }), "is about"),
        (json!({ "sha256": format!("sha256:{ours}") }), "is about"),
        (json!({ "sha512": ours }), "is about"),
        (json!({ "sha256": [ours] }), "is not an in-toto statement"),
    ] {
        let subject = json!({ "name": "app", "digest": digests });
        row(&about(&json!([subject]))).rejected(&[words]);
    }
    // What one subject lacks no other one makes up for.
    let halves = [json!({ "sha256": ours, "sha512": zeros512 }), json!({ "sha256": zeros })];
    let halves = halves.map(|digest| json!({ "name": "app", "digest": digest }));
    row(&about(&json!(halves))).rejected(&["sha512"]);
}

#[test]
fn digests_by_other_algorithms_never_bind() {
    let sha1 = hex(digest(&SHA1_FOR_LEGACY_USE_ONLY, ARTIFACT));
    let sha384 = hex(digest(&SHA384, ARTIFACT));
    let ours = hex(Sha256::digest(ARTIFACT));
    for digests in [
        json!({ "sha1": sha1 }),
        json!({ "gitCommit": sha1, "gitBlob": sha1 }),
        json!({ "sha384": sha384 }),
        json!({ "md5": "00", "blake2b": "00", "sha3_256": "00" }),
        // Names of algorithms are compared as they are.
        json!({ "SHA256": ours, "sha-256": ours, "sha2_256": ours }),
        json!({}),
    ] {
        let subject = json!({ "name": "app", "digest": digests });
        row(&about(&json!([subject]))).rejected(&["names no subject by sha256 or sha512"]);
    }
}

#[test]
fn what_is_signed_has_to_be_an_in_toto_statement_by_its_payload_type() {
    let ci = Signer::named("ci");
    let payload = passed().to_string();
    let typed = |payload_type: &str| row(&ci.bundle_of(payload_type, payload.as_bytes()));
    for payload_type in [
        IN_TOTO,
        "application/vnd.in-toto.provenance+json",
        "application/vnd.in-toto.test-result+json",
    ] {
        typed(payload_type).fact("test-result", "ci");
    }
    // Each is validly signed under the type that it has.
    for payload_type in [
        "application/json",
        "",
        "application/vnd.in-toto",
        "application/vnd.in-toto+json; charset=utf-8",
        "text/plain",
    ] {
        let row = typed(payload_type);
        row.rejected(&[&format!("its payload type `{payload_type}` is not")]);
        assert_eq!(row.kind.as_deref(), Some("test-result"), "it claims to be one");
    }
    // And none under one that it was not signed under.
    let renamed = ci.bundle_of("application/json", payload.as_bytes());
    let renamed = renamed.replace("application/json", IN_TOTO);
    row(&renamed).rejected(&["no key in `[trust]` verifies the signature"]);
}

#[test]
fn all_who_signed_are_named_and_a_bad_signature_counts_for_nothing() {
    let (ci, release) = (Signer::named("ci"), Signer::named("release"));
    let (stranger, payload) = (Signer::named("stranger"), passed().to_string());
    let payload = payload.as_bytes();
    let both = bundle(IN_TOTO, payload, &[&release, &ci]);
    assert_eq!(row(&both).signers, ["ci", "release"]);
    let one = bundle(IN_TOTO, payload, &[&stranger, &ci]);
    row(&one).fact("test-result", "ci");
    let mut odd: Value = serde_json::from_str(&one).unwrap();
    let signatures = odd["dsseEnvelope"]["signatures"].as_array_mut().unwrap();
    // One over something else, one that is none, and one that is not there.
    let other = bundle(IN_TOTO, b"{}", &[&release]);
    let other: Value = serde_json::from_str(&other).unwrap();
    signatures.push(other["dsseEnvelope"]["signatures"][0].clone());
    signatures.extend([json!({ "sig": "?" }), json!({ "sig": "" }), json!({ "keyid": "ci" })]);
    row(&odd.to_string()).fact("test-result", "ci");
    // The same one twice is one.
    row(&bundle(IN_TOTO, payload, &[&ci, &ci])).fact("test-result", "ci");
    row(&bundle(IN_TOTO, payload, &[&stranger])).rejected(&["no key in `[trust]`"]);
}

/// A text with a member in front of the one that begins with `before`.
fn twice(text: &str, before: &str, member: &str) -> String {
    assert_eq!(text.matches(before).count(), 1, "`{before}` stands once in {text}");
    text.replace(before, &format!("{member},{before}"))
}

#[test]
fn a_name_that_stands_twice_is_rejected_at_any_depth() {
    let ci = Signer::named("ci");
    let good = ci.bundle(&passed());
    row(&good).fact("test-result", "ci");
    // In the bundle, its material and its envelope: the first of two would be the good one, too.
    for (before, member, name) in [
        (
            "\"mediaType\"",
            "\"mediaType\":\"application/vnd.dev.sigstore.bundle.v0.3+json\"",
            "mediaType",
        ),
        ("\"dsseEnvelope\"", "\"dsseEnvelope\":{}", "dsseEnvelope"),
        ("\"verificationMaterial\"", "\"verificationMaterial\":{}", "verificationMaterial"),
        ("\"publicKey\"", "\"publicKey\":{}", "publicKey"),
        ("\"hint\"", "\"hint\":\"\"", "hint"),
        ("\"payloadType\"", "\"payloadType\":\"application/json\"", "payloadType"),
        ("\"signatures\"", "\"signatures\":[]", "signatures"),
        ("\"sig\"", "\"sig\":\"AAAA\"", "sig"),
        // What is not read could be read by others.
        ("\"sig\"", "\"x\":1,\"x\":1", "x"),
        // The same name in another spelling.
        ("\"payload\"", "\"p\\u0061yload\":\"e30=\"", "payload"),
    ] {
        row(&twice(&good, before, member)).rejected(&[&format!("has the name `{name}` twice")]);
    }
    // In the payload, which is signed as it is.
    let payload = passed().to_string();
    let signed = |payload: &str| row(&ci.bundle_of(IN_TOTO, payload.as_bytes()));
    for (before, member, name) in [
        ("\"_type\"", "\"_type\":\"https://in-toto.io/Statement/v0.1\"", "_type"),
        (
            "\"predicateType\"",
            "\"predicateType\":\"https://slsa.dev/provenance/v1\"",
            "predicateType",
        ),
        ("\"predicate\":", "\"predicate\":{}", "predicate"),
        ("\"subject\"", "\"subject\":[]", "subject"),
        ("\"sha256\"", "\"sha256\":\"00\"", "sha256"),
        ("\"sha256\"", "\"sh\\u0061256\":\"00\"", "sha256"),
        ("\"result\"", "\"result\":\"FAILED\"", "result"),
        ("\"configuration\"", "\"x\":[{\"y\":{\"z\":1,\"z\":1}}]", "z"),
    ] {
        let why = format!("its payload has the name `{name}` twice in one object");
        signed(&twice(&payload, before, member)).rejected(&[&why]);
    }
}

#[test]
fn what_comes_behind_the_end_is_rejected() {
    let ci = Signer::named("ci");
    let good = ci.bundle(&passed());
    let payload = passed().to_string();
    for behind in ["{}", "x", "\0", ",", "]"] {
        row(&format!("{good}{behind}")).rejected(&["more data after the end"]);
        let signed = ci.bundle_of(IN_TOTO, format!("{payload}{behind}").as_bytes());
        row(&signed).rejected(&["its payload is not valid JSON: more data after the end"]);
    }
    let mut odd: Value = serde_json::from_str(&good).unwrap();
    let encoded = odd["dsseEnvelope"]["payload"].as_str().unwrap().to_owned();
    odd["dsseEnvelope"]["payload"] = json!(format!("{encoded}{}", BASE64.encode("{}")));
    row(&odd.to_string()).rejected(&["its payload is not valid"]);
}

#[test]
fn provenance_without_parameters_is_a_fact_that_says_so_and_its_policy_refuses_it() {
    let built = |parameters: Option<Value>| {
        let mut predicate = json!({
            "buildDefinition": { "buildType": "https://example.com/build" },
            "runDetails": { "builder": { "id": "https://example.com/builder" } },
        });
        if let Some(parameters) = parameters {
            predicate["buildDefinition"]["externalParameters"] = parameters;
        }
        Signer::named("ci").bundle(&statement(ARTIFACT, PROVENANCE, &predicate))
    };
    let bench = bench();
    let stage = r#"
        [[stage.production.policy]]
        name     = "built"
        plugin   = "builtin:provenance"

        [stage.production.policy.settings]
        builders   = [{ id = "https://example.com/builder", signers = ["ci"] }]
        parameters = { "/channel" = "stable" }
        "#;
    bench.write("lockgate.toml", bench.read("lockgate.toml") + stage);
    let check = |document: String| {
        bench.write("evidence/document.json", document);
        bench.run(&[
            "check",
            "app",
            "--stage=production",
            "--config=lockgate.toml",
            "--evidence=evidence",
            "--at=2026-10-02T00:00:00Z",
            "--output=json",
        ])
    };
    let report = check(built(None)).exits(1).json();
    let row = &report["documents"][0];
    assert_eq!(row["status"], "fact");
    let absent = json!({ "state": "done", "absent": ["buildDefinition.externalParameters"] });
    assert_eq!(row["checks"]["shape"], absent);
    assert_eq!(report["policies"][0]["opinion"], "fail");
    assert_eq!(report["policies"][0]["findings"][0]["code"], "parameter-mismatch");
    let report = check(built(Some(json!({ "channel": "stable" })))).exits(0).json();
    assert_eq!(report["documents"][0]["checks"]["shape"], json!({ "state": "done", "absent": [] }));
    // What identifies it is another matter.
    let nothing = Signer::named("ci").bundle(&statement(ARTIFACT, PROVENANCE, &json!({})));
    self::row(&nothing).rejected(&["its predicate lacks `buildDefinition.buildType`"]);
}
