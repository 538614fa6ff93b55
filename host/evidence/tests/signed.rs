//! What it takes for a signed document to become a fact, and what each refusal says.
#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use common::{
    ARTIFACT, Case, IN_TOTO, Key, PROVENANCE, TEST_RESULT, bundle, envelope, line, passed,
    statement,
};
use lockgate_evidence::Trust;
use lockgate_model::Kind;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha512};

#[test]
fn an_envelope_is_a_fact_in_a_bundle_or_bare_with_every_type_of_key() {
    for key in Key::of_every_type() {
        let trust = key.trusted("ci");
        let signed = statement(TEST_RESULT, &passed());
        assert_eq!(line(&trust, &key.bundle(&signed)), "d.json 0 test-result fact: by ci");
        let mut bare = key.envelope(&signed);
        assert_eq!(line(&trust, &bare), "d.json 0 test-result fact: by ci");
        bare["signatures"][0]["keyid"] = json!("nonsense, which chooses nothing");
        assert_eq!(line(&trust, &bare), "d.json 0 test-result fact: by ci");
        let payload = STANDARD.decode(bare["payload"].as_str().unwrap()).unwrap();
        bare["payload"] = json!(URL_SAFE.encode(payload));
        assert_eq!(line(&trust, &bare), "d.json 0 test-result fact: by ci");
    }
}

#[test]
fn both_statement_versions_and_narrower_payload_types_are_read() {
    let key = Key::p256();
    let mut old = statement(TEST_RESULT, &passed());
    old["_type"] = json!("https://in-toto.io/Statement/v0.1");
    let signed =
        envelope(&[&key], "application/vnd.in-toto.test-result+json", old.to_string().as_bytes());
    assert_eq!(line(&key.trusted("ci"), &signed), "d.json 0 test-result fact: by ci");
    old["_type"] = json!("https://in-toto.io/Statement/v9");
    assert_eq!(
        line(&key.trusted("ci"), &key.bundle(&old)),
        "d.json 0 test-result rejected: its statement type `https://in-toto.io/Statement/v9` is \
         not supported by this version"
    );
}

#[test]
fn all_who_signed_are_named_once_and_a_bad_signature_counts_for_nothing() {
    let (a, b, stranger) = (Key::p256(), Key::ed25519(), Key::p256());
    let kinds = Some(&[Kind::TestResult][..]);
    let trust = Trust::new(vec![b.entry("b", kinds), a.entry("a", kinds)]).unwrap();
    let payload = statement(TEST_RESULT, &passed()).to_string();
    let mut signed = envelope(&[&stranger, &b, &a, &a], IN_TOTO, payload.as_bytes());
    for bad in [json!({ "sig": "????" }), json!({ "sig": "AAAA" }), json!({})] {
        signed["signatures"].as_array_mut().unwrap().push(bad);
    }
    assert_eq!(line(&trust, &signed), "d.json 0 test-result fact: by a, b");

    let only_bad = json!({ "payload": signed["payload"], "payloadType": IN_TOTO, "signatures": [{ "sig": "????" }] });
    assert_eq!(
        line(&trust, &only_bad),
        "d.json 0 test-result rejected: its signature is not valid base64"
    );
    let strangers = envelope(&[&stranger, &stranger], IN_TOTO, payload.as_bytes());
    assert_eq!(
        line(&trust, &strangers),
        "d.json 0 test-result rejected: no key in `[trust]` verifies any of its signatures"
    );
    let many = envelope(&[&a; 33], IN_TOTO, payload.as_bytes());
    assert_eq!(
        line(&trust, &many).split(": ").nth(1).unwrap(),
        "is not a DSSE envelope",
        "who writes it does not say how long we verify"
    );
}

#[test]
fn a_hint_words_the_reason_and_chooses_nothing() {
    let (key, other) = (Key::p256(), Key::p256());
    let kinds = Some(Kind::ALL);
    let trust = Trust::new(vec![key.entry("key", kinds), other.entry("other", kinds)]).unwrap();
    let inner = key.envelope(&statement(TEST_RESULT, &passed()));
    let misled = bundle(&other.hint(), "dsseEnvelope", &inner);
    assert_eq!(line(&trust, &misled), "d.json 0 test-result fact: by key");
    let none = json!({ "mediaType": misled["mediaType"], "dsseEnvelope": inner });
    assert_eq!(line(&trust, &none), "d.json 0 test-result fact: by key");
}

#[test]
fn what_is_signed_has_one_meaning_or_none() {
    let key = Key::p256();
    let payload = statement(TEST_RESULT, &passed()).to_string();
    let sign = |payload: &[u8]| {
        let line = line(&key.trusted("ci"), &envelope(&[&key], IN_TOTO, payload));
        line.strip_prefix("d.json 0 ").unwrap().to_owned()
    };
    let twice = payload.replace("\"result\":", "\"result\":\"FAILED\",\"result\":");
    assert_eq!(
        sign(twice.as_bytes()),
        "test-result rejected: its payload has the name `result` twice in one object"
    );
    assert_eq!(
        sign(format!("{payload}{{}}").as_bytes()).split(" at line").next().unwrap(),
        "- rejected: its payload is not valid JSON: more data after the end"
    );
    let deep = payload.replace("\"PASSED\"", &format!("{}{}", "[".repeat(100), "]".repeat(100)));
    assert_eq!(
        sign(deep.as_bytes()),
        "test-result rejected: its payload is nested deeper than 100 levels"
    );
    let mut garbled = payload.clone().into_bytes();
    garbled[10] = 0xff;
    assert_eq!(sign(&garbled), "- rejected: its payload is not UTF-8");
    assert!(sign(b"[1]").starts_with("- rejected: its payload is not an in-toto statement: "));
    let array = r#"["https://in-toto.io/Statement/v1","t",[],{}]"#;
    assert!(
        sign(array.as_bytes()).starts_with("- rejected: its payload is not an in-toto statement")
    );

    let envelope = envelope(&[&key], IN_TOTO, payload.as_bytes()).to_string();
    let twice = envelope.replacen('{', "{\"payload\":\"\",", 1);
    assert_eq!(
        Case::new().with("d.json", twice).report(&key.trusted("ci")),
        ["d.json 0 - rejected: has the name `payload` twice in one object"]
    );
}

#[test]
fn bundles_that_are_not_in_order_are_named() {
    let key = Key::p256();
    let trust = key.trusted("ci");
    let good = key.bundle(&statement(TEST_RESULT, &passed()));
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut document = good.clone();
        change(&mut document);
        line(&trust, &document).strip_prefix("d.json 0 ").unwrap().to_owned()
    };
    for version in ["bundle+json;version=0.1", "bundle+json;version=0.2", "bundle+json;version=0.3"]
    {
        let media_type = format!("application/vnd.dev.sigstore.{version}");
        let read = changed(&|d| d["mediaType"] = json!(media_type));
        assert_eq!(read, "test-result fact: by ci", "{version}");
    }
    let later = "application/vnd.dev.sigstore.bundle.v0.4+json";
    assert_eq!(
        changed(&|d| d["mediaType"] = json!(later)),
        format!(
            "test-result rejected: a sigstore bundle of type `{later}`: not supported by this version"
        )
    );
    for certificate in ["certificate", "x509CertificateChain"] {
        assert_eq!(
            changed(&|d| d["verificationMaterial"][certificate] = json!({ "rawBytes": "AA==" })),
            "test-result rejected: is not a sigstore bundle: `verificationMaterial` has several of \
             `publicKey`, `certificate` and `x509CertificateChain`"
        );
    }
    let broken = changed(&|d| {
        d["verificationMaterial"] = json!({ "certificate": { "rawBytes": "AA==" } });
    });
    assert!(broken.contains("its certificate cannot be read"), "{broken}");
    assert_eq!(
        changed(&|d| d["messageSignature"] = json!({ "signature": "AA==" })),
        "signature rejected: has both a `dsseEnvelope` and a `messageSignature`"
    );
    assert_eq!(
        changed(&|d| drop(d.as_object_mut().unwrap().remove("dsseEnvelope"))),
        "- rejected: has neither a `dsseEnvelope` nor a `messageSignature`"
    );
    assert_eq!(
        changed(&|d| d["dsseEnvelope"]["payload"] = json!("e30")),
        "- rejected: its payload is not valid base64"
    );
    assert_eq!(
        changed(&|d| d["verificationMaterial"] = json!([])),
        "test-result rejected: is not a sigstore bundle: `verificationMaterial`: invalid type: \
         sequence, expected an object at line 1 column 0"
    );
    assert!(
        changed(&|d| d["dsseEnvelope"] = json!({ "payload": 7 }))
            .contains("is not a DSSE envelope")
    );
}

#[test]
fn a_stranger_does_not_say_how_much_of_a_bundle_is_looked_at() {
    let key = Key::p256();
    let trust = key.trusted("ci");
    let with = |material: Value| {
        let mut document = key.bundle(&statement(TEST_RESULT, &passed()));
        document["verificationMaterial"] = material;
        line(&trust, &document).strip_prefix("d.json 0 ").unwrap().to_owned()
    };
    let certificate = json!({ "rawBytes": "AA==" });
    let chain = json!({ "x509CertificateChain": { "certificates": vec![certificate; 9] } });
    assert!(with(chain).contains("an array of at most 8 elements"));
    let entries = json!({ "publicKey": {}, "tlogEntries": vec![json!({}); 9] });
    assert!(with(entries).contains("an array of at most 8 elements"));
    let padded = json!({ "certificate": { "rawBytes": "A".repeat(300 << 10) } });
    assert!(with(padded).contains("bytes, and 262144 are read at most"));
    // An array of values is no object, whoever would read it as one.
    for odd in [json!({ "certificate": ["AA=="] }), json!({ "publicKey": {}, "tlogEntries": [[]] })]
    {
        assert!(with(odd).contains("expected an object"));
    }
}

#[test]
fn a_signature_over_the_artifact_is_verified_from_its_digest() {
    let p256 = Key::p256();
    let trust = p256.trusted("ci");
    let case = || Case::new().json("d.json", &p256.blob(ARTIFACT));
    assert_eq!(case().report(&trust), ["d.json 0 signature fact: by ci"]);
    assert_eq!(case().by_digest().report(&trust), ["d.json 0 signature fact: by ci"]);

    let mut without = p256.blob(ARTIFACT);
    without["messageSignature"].as_object_mut().unwrap().remove("messageDigest");
    assert_eq!(line(&trust, &without), "d.json 0 signature fact: by ci");
    let mut other = p256.blob(ARTIFACT);
    other["messageSignature"]["messageDigest"]["algorithm"] = json!("SHA2_512");
    assert_eq!(
        line(&trust, &other),
        "d.json 0 signature rejected: its `messageDigest` is not a SHA-512 digest in base64"
    );
    other["messageSignature"]["messageDigest"] =
        json!({ "algorithm": "SHA2_512", "digest": STANDARD.encode(Sha512::digest(ARTIFACT)) });
    assert_eq!(line(&trust, &other), "d.json 0 signature fact: by ci");
    other["messageSignature"]["messageDigest"]["digest"] = json!(STANDARD.encode([7; 64]));
    let about_another = line(&trust, &other);
    assert!(
        about_another.contains("is about another artifact: its `messageDigest` is sha512:0707")
    );
    other["messageSignature"]["messageDigest"]["algorithm"] = json!("SHA3_256");
    assert_eq!(
        line(&trust, &other),
        "d.json 0 signature rejected: its digest algorithm `SHA3_256` is not supported by this version"
    );
    other["messageSignature"]["messageDigest"] = json!({ "digest": "AAAA" });
    assert_eq!(
        line(&trust, &other),
        "d.json 0 signature rejected: its `messageDigest` is not a SHA-256 digest in base64"
    );
}

#[test]
fn a_signature_in_the_form_of_a_statement_is_a_signature_and_no_attestation() {
    let key = Key::p256();
    let signed = statement("https://sigstore.dev/cosign/sign/v1", &json!({}));
    let mut bare = signed.clone();
    bare.as_object_mut().unwrap().remove("predicate");
    let case = Case::new()
        .json("a.json", &key.bundle(&signed))
        .json("b.json", &key.envelope(&bare))
        .json("c.json", &key.blob(ARTIFACT))
        .json("d.json", &key.blob(ARTIFACT));
    let facts = case.facts(&key.trusted("ci"));
    assert!(facts.attestations().is_empty());
    let formats: Vec<_> = facts.signatures().iter().map(|fact| fact.get().format()).collect();
    assert_eq!(
        formats,
        ["sigstore-bundle", "dsse", "sigstore-bundle"],
        "one key that signs one thing twice says it once"
    );
    assert_eq!(facts.count(Kind::Signature), 1, "one key signed, in whatever form");
    assert!(facts.documents().iter().all(|document| document.reason.is_none()));
}

#[test]
fn unsigned_documents_are_known_for_what_they_are() {
    for (document, expected) in [
        (json!({ "bomFormat": "CycloneDX" }), "sbom"),
        (json!({ "spdxVersion": "SPDX-2.3" }), "sbom"),
        (
            json!({ "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": [] }),
            "sbom",
        ),
        (json!({ "@context": "https://openvex.dev/ns/v0.2.0" }), "vex"),
        (statement(PROVENANCE, &json!({})), "provenance"),
    ] {
        assert_eq!(
            line(&Trust::empty(), &document),
            format!("d.json 0 {expected} rejected: is not signed")
        );
    }
}

#[test]
fn a_file_may_hold_a_document_in_each_line() {
    let key = Key::p256();
    let good = key.bundle(&statement(TEST_RESULT, &passed())).to_string();
    let bare = key.envelope(&statement(TEST_RESULT, &json!({ "result": "WARNED" }))).to_string();
    let text = format!("\n{good}\r\n   \n{{\"mediaType\"\n{bare}\n[]\n");
    let case = Case::new().with("d.jsonl", text);
    let facts = case.facts(&key.trusted("ci"));
    assert_eq!(
        common::lines(&facts),
        [
            "d.jsonl 0 test-result fact: by ci",
            "d.jsonl 1 - unrecognised: is not valid JSON: expected `:` at line 1 column 13",
            "d.jsonl 2 test-result fact: by ci",
            "d.jsonl 3 - unrecognised: is JSON, but no evidence of a form that this version knows",
        ]
    );
    let whole = Case::new().with("d.json", &good).facts(&key.trusted("ci"));
    assert_eq!(
        facts.documents()[0].digest,
        whole.documents()[0].digest,
        "the digest is of the line, not of the file"
    );
    let noise = Case::new().with("d.jsonl", format!("noise\n{good}\n"));
    assert_eq!(
        noise.report(&key.trusted("ci")),
        [
            "d.jsonl 0 - unrecognised: is no evidence of a form that this version knows",
            "d.jsonl 1 test-result fact: by ci",
        ]
    );
    let flood = format!("{good}\n").repeat(1025);
    assert_eq!(
        Case::new().with("d.jsonl", flood).report(&key.trusted("ci")),
        ["d.jsonl 0 - rejected: holds more than 1024 documents, one in a line: split it"]
    );
}

#[test]
fn copies_of_one_statement_count_once_and_gather_their_signers() {
    let (a, b) = (Key::p256(), Key::p256());
    let kinds = Some(Kind::ALL);
    let trust = Trust::new(vec![a.entry("a", kinds), b.entry("b", kinds)]).unwrap();
    let signed = statement(TEST_RESULT, &passed());
    let case = Case::new()
        .json("1.json", &a.bundle(&signed))
        .json("2.json", &a.envelope(&signed))
        .json("3.json", &b.bundle(&signed))
        .json("4.json", &a.bundle(&statement(TEST_RESULT, &json!({ "result": "FAILED" }))));
    let facts = case.facts(&trust);
    assert_eq!(
        common::lines(&facts),
        [
            "1.json 0 test-result fact: by a",
            "2.json 0 test-result fact: by a",
            "3.json 0 test-result fact: by b",
            "4.json 0 test-result fact: by a",
        ]
    );
    assert_eq!(facts.count(Kind::TestResult), 2);
    assert_eq!(facts.count_by(Kind::TestResult, "a"), 2);
    assert_eq!(facts.count_by(Kind::TestResult, "b"), 1);
    let names: Vec<_> = facts.attestations()[0].signers().iter().map(|by| by.name()).collect();
    assert_eq!(names, ["a", "b"]);
}

#[test]
fn a_document_that_is_not_what_the_caller_calls_it_is_rejected() {
    let key = Key::p256();
    let case = || Case::new().json("d.json", &key.bundle(&statement(TEST_RESULT, &passed())));
    let trust = key.trusted("ci");
    assert_eq!(
        case().called(Kind::TestResult).report(&trust),
        ["d.json 0 test-result fact: by ci"]
    );
    assert_eq!(
        case().called(Kind::Sbom).report(&trust),
        ["d.json 0 test-result rejected: was given as `sbom`, and is `test-result`"]
    );
}

#[test]
fn the_predicate_is_handed_on_as_it_was_signed() {
    let key = Key::p256();
    let payload = statement(TEST_RESULT, &json!("HERE"))
        .to_string()
        .replace("\"HERE\"", "{ \"result\" : \"PASSED\", \"big\": 1e999 }");
    let signed = envelope(&[&key], IN_TOTO, payload.as_bytes());
    let case = Case::new().json("d.json", &signed);
    let facts = case.facts(&key.trusted("ci"));
    let fact = facts.attestations()[0].get();
    assert_eq!(fact.predicate_bytes(), b"{ \"result\" : \"PASSED\", \"big\": 1e999 }");
    assert_eq!(fact.predicate_type(), TEST_RESULT);
    assert_eq!(
        fact.predicate().unwrap_err().to_string(),
        "the predicate cannot be read: number out of range at line 1 column 35"
    );
    assert_eq!(
        fact.bom().unwrap_err().to_string(),
        "the document is of the kind `test-result`, not `sbom`"
    );
}
