//! What nobody signed, and a stage accepts all the same.
#![forbid(unsafe_code)]
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests set up files")]

use lockgate_tests::{Gate, Layout, Row, Signer, digest, statement};
use serde_json::{Value, json};
use sha2::{Digest, Sha256, Sha512};

const BINARY: &str = env!("CARGO_BIN_EXE_lockgate-under-test");

/// The guest in `plugins/hostile`, which does what its setting says.
const HOSTILE: &str = env!("HOSTILE_WASM");

const UNSIGNED: &str = "{ sbom = \"unsigned\" }";
const CODE: &str = "accepted-unsigned";
const CYCLONEDX: &str = "https://cyclonedx.org/bom";

/// A gate that accepts an unsigned SBOM, and this one in the folder.
fn gate(sbom: &Value) -> Gate {
    Gate::new(BINARY, UNSIGNED, "sbom").holding("sbom.json", sbom)
}

fn sbom() -> Value {
    json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "components": [{
            "type": "library",
            "name": "left-pad",
            "version": "1.3.0",
            "licenses": [{ "license": { "id": "MIT" } }],
        }],
    })
}

/// An SBOM that says that it is about something with these hashes.
fn naming(hashes: &[(&str, &str)]) -> Value {
    let mut sbom = sbom();
    let hash = |(alg, content): &(&str, &str)| json!({ "alg": alg, "content": content });
    let hashes: Vec<Value> = hashes.iter().map(hash).collect();
    sbom["metadata"]["component"] =
        json!({ "type": "application", "name": "app", "hashes": hashes });
    sbom
}

fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn sha256() -> String {
    hex(Sha256::digest(Gate::ARTIFACT))
}

fn sha512() -> String {
    hex(Sha512::digest(Gate::ARTIFACT))
}

fn codes<'a>(report: &'a Value, list: &str) -> Vec<&'a str> {
    let list = report[list].as_array().unwrap();
    list.iter().map(|entry| entry["code"].as_str().unwrap()).collect()
}

#[test]
fn lying_in_the_folder_is_not_enough_and_being_named_is() {
    let gate = gate(&sbom());
    let row = gate.refuses("evidence", "is not signed, and does not name the artifact's digest");
    assert_eq!(row["help"], "name it as `--evidence sbom=PATH`, if it is about the artifact");
    let row = gate.takes("sbom=evidence/sbom.json", CODE);
    let checks = &row["checks"];
    for (check, detail) in [
        ("signature", "nobody signed it, and the stage accepts that"),
        ("subject", "it names none; the caller names it, and the stage accepts that"),
    ] {
        assert_eq!(checks[check], json!({ "state": "not-possible", "detail": detail }), "{check}");
    }
    for check in ["context", "identity", "log", "sct", "validity"] {
        assert_eq!(checks[check]["state"], "not-required", "{check}");
    }
    assert_eq!(checks["shape"]["state"], "done");
    // A path without a kind, and a folder whatever is said of it, names no document.
    for source in ["evidence/sbom.json", "sbom=evidence", "sbom=evidence/"] {
        let why = "is not signed, and does not name the artifact's digest";
        drop(gate.refuses(source, why));
    }
    // What was named as something else is not what was meant.
    drop(
        gate.refuses("test-result=evidence/sbom.json", "was given as `test-result`, and is `sbom`"),
    );
    // CycloneDX can be a scan, too, if it is called one; but this stage accepts no scan.
    drop(gate.refuses("vulnerabilities=evidence/sbom.json", "is not signed"));
}

#[test]
fn an_accepted_sbom_opens_the_gate_as_a_verified_one_does() {
    let stage = |settings: &str| {
        format!(
            "accept = {UNSIGNED}\nexpects = [{{ kind = \"sbom\" }}]\n\n\
             [[stage.production.policy]]\nname = \"licenses\"\nplugin = \"builtin:sbom\"\n\
             settings = {settings}\n"
        )
    };
    let judged = |settings: &str| {
        let gate = Gate::with(BINARY, &stage(settings)).holding("sbom.json", &sbom());
        gate.check(&["sbom=evidence/sbom.json"])
    };
    let report = judged("{ licenses = { allow = [\"MIT\"] } }").exits(0).json();
    assert_eq!(report["policies"][0]["opinion"], "pass");
    assert_eq!(codes(&report, "relaxations"), [CODE, "config-unpinned", "time-overridden"]);
    let relaxation = &report["relaxations"][0];
    assert_eq!(relaxation["about"], "sbom.json");
    assert_eq!(relaxation["message"], "is signed by nobody, and the stage accepts that");
    // It is judged like any other.
    let report = judged("{ licenses = { deny = [\"MIT\"] } }").exits(1).json();
    assert_eq!(codes(&report, "reasons"), ["policy-failed"]);
}

#[test]
fn one_that_names_the_artifact_counts_wherever_it_lies() {
    let (ours, ours512) = (sha256(), sha512());
    for (hashes, detail) in [
        (&[("SHA-256", &*ours)][..], "sha256"),
        (&[("SHA-256", &*ours.to_uppercase()), ("MD5", "00"), ("SHA-1", "00")], "sha256"),
        (&[("SHA-512", &*ours512)], "sha512"),
        (&[("SHA-512", &*ours512), ("SHA-256", &*ours)], "sha256 and sha512"),
    ] {
        let row = gate(&naming(hashes)).takes("evidence", CODE);
        assert_eq!(row["checks"]["subject"], json!({ "state": "done", "detail": detail }));
    }
    // As tools write it that describe an image.
    let mut image = sbom();
    image["metadata"]["component"] =
        json!({ "type": "container", "name": "app", "version": format!("sha256:{ours}") });
    drop(gate(&image).takes("evidence", CODE));
}

#[test]
fn one_that_names_another_artifact_never_counts() {
    let (ours, ours512) = (sha256(), sha512());
    let (zeros, zeros512) = ("0".repeat(64), "0".repeat(128));
    let another = format!("is not signed, and is about `app` (sha256:{zeros})");
    let contradicts = "is not signed, and the sha512 that it gives for `app` is not the artifact's";
    let short = format!("is not signed, and is about `app` (sha512:{}…)", "0".repeat(89));
    let both = format!("is not signed, and is about `app` (sha256:{ours} and 0");
    for (hashes, why) in [
        (&[("SHA-256", &*zeros)][..], &*another),
        (&[("SHA-256", &*zeros), ("SHA-512", &*ours512)], &another),
        (&[("SHA-256", &*ours), ("SHA-512", &*zeros512)], contradicts),
        (&[("SHA-512", &*zeros512)], &short),
        (&[("SHA-256", &*ours), ("SHA-256", &*zeros)], &both),
        (&[("SHA-256", &*zeros), ("SHA256", &*ours)], "is not signed, and is about `app` (sha256:"),
    ] {
        let gate = gate(&naming(hashes));
        for source in ["evidence", "sbom=evidence/sbom.json"] {
            let report = gate.check(&[source]).exits(1).json();
            let reason = report["documents"][0]["reason"].as_str().unwrap();
            assert!(reason.starts_with(why), "{hashes:?}: {reason}");
        }
    }
    // What else is in it says nothing of what it is about, nor do hashes that bind nothing.
    let mut sbom = naming(&[("SHA-1", "00"), ("SHA-384", "00")]);
    sbom["components"][0]["hashes"] = json!([{ "alg": "SHA-256", "content": ours }]);
    let why = "is not signed, and does not name the artifact's digest";
    drop(gate(&sbom).refuses("evidence", why));
}

#[test]
fn one_of_which_it_cannot_be_read_what_it_names_never_counts() {
    let mut odd = naming(&[("SHA-256", &"0".repeat(64))]);
    odd["metadata"]["component"]["hashes"].as_array_mut().unwrap().push(json!({ "alg": "MD5" }));
    let row = Row::only(&gate(&odd).check(&["sbom=evidence/sbom.json"]).exits(1));
    row.rejected(&["is not signed, and what it describes cannot be read: missing field `content`"]);
}

#[test]
fn what_refers_to_an_image_is_accepted_by_what_it_names() {
    let ask = |names_it: bool| {
        let gate = Gate::new(BINARY, UNSIGNED, "sbom");
        let (mut layout, image) = Layout::with_image(&gate.bench, "img");
        let mut sbom = sbom();
        if names_it {
            sbom["metadata"]["component"] = json!({ "name": "app", "version": digest(&image) });
        }
        let _ = layout.refer("application/vnd.cyclonedx+json", sbom.to_string(), &image);
        layout.done();
        gate.check_of("oci-layout:img:v1", &[])
    };
    assert_eq!(Row::only(&ask(true).exits(3)).status, "accepted");
    let row = Row::only(&ask(false).exits(1));
    row.rejected(&["is not signed, and does not name the artifact's digest"]);
}

#[test]
fn from_a_digest_alone_a_sha512_cannot_be_told() {
    let gate = gate(&naming(&[("SHA-512", &sha512())]));
    let artifact = format!("sha256:{}", sha256());
    let row = Row::only(&gate.check_of(&artifact, &["sbom=evidence/sbom.json"]).exits(1));
    row.rejected(&["names `app` by sha512, which cannot be told from the artifact's sha256 alone"]);
}

#[test]
fn where_a_verified_one_exists_what_is_only_accepted_counts_for_nothing() {
    // The verified one has what the policy denies, and the other would pass.
    let stage = format!(
        "accept = {UNSIGNED}\nexpects = [{{ kind = \"sbom\" }}]\n\n\
         [[stage.production.policy]]\nname = \"licenses\"\nplugin = \"builtin:sbom\"\n\
         settings = {{ licenses = {{ deny = [\"GPL-3.0-only\"] }} }}\n"
    );
    let mut copyleft = sbom();
    copyleft["components"][0]["licenses"] = json!([{ "license": { "id": "GPL-3.0-only" } }]);
    let signed =
        |by: &str| Signer::named(by).bundle(&statement(Gate::ARTIFACT, CYCLONEDX, &copyleft));
    let judged = |by: &str| {
        let gate = Gate::with(BINARY, &stage).holding("a.json", &naming(&[("SHA-256", &sha256())]));
        gate.holding("b.json", &sbom())
            .holding("signed.json", &signed(by))
            .check(&["evidence", "sbom=evidence/b.json"])
    };
    let ran = judged("ci").exits(1);
    let report = ran.json();
    assert_eq!(codes(&report, "reasons"), ["policy-failed"]);
    assert_eq!(codes(&report, "relaxations"), ["config-unpinned", "time-overridden"]);
    let rows = Row::all(&ran);
    let unneeded = "is only accepted, and counts for nothing where there is a verified `sbom`";
    let said: Vec<_> = rows.iter().map(|row| (&*row.path, row.reason.as_deref())).collect();
    let in_folder = "is not signed, and does not name the artifact's digest";
    assert_eq!(
        said,
        [
            ("a.json", Some(unneeded)),
            ("b.json", Some(in_folder)),
            ("b.json", Some(unneeded)),
            ("signed.json", None),
        ]
    );
    // One that is not believed takes the place of nothing.
    let report = judged("stranger").exits(0).json();
    assert_eq!(codes(&report, "relaxations"), [CODE, CODE, "config-unpinned", "time-overridden"]);
}

#[test]
fn what_a_stranger_signed_is_not_what_nobody_signed() {
    let signed = Signer::named("stranger").bundle(&statement(Gate::ARTIFACT, CYCLONEDX, &sbom()));
    let gate = Gate::new(BINARY, UNSIGNED, "sbom").holding("sbom.json", &signed);
    for source in ["evidence", "sbom=evidence/sbom.json"] {
        drop(gate.refuses(source, "no key in `[trust]` verifies the signature"));
    }
    let by_builder =
        Signer::named("builder").bundle(&statement(Gate::ARTIFACT, CYCLONEDX, &sbom()));
    let gate = gate.holding("sbom.json", &by_builder);
    let why =
        "signer-not-for-kind: `builder` signs it, and its `for` lists `provenance`, not `sbom`";
    drop(gate.refuses("sbom=evidence/sbom.json", why));
}

#[test]
fn without_accept_what_nobody_signed_is_rejected_and_the_way_out_is_told() {
    let help = "sign it; or let the stage take it, with `accept = { sbom = \"unsigned\" }`, and \
                name it as `--evidence sbom=PATH` unless it names the artifact's digest itself";
    for accept in ["{}", "{ sbom = \"unbound\" }", "{ vulnerabilities = \"unsigned\" }"] {
        let gate = Gate::new(BINARY, accept, "sbom")
            .holding("sbom.json", &naming(&[("SHA-256", &sha256())]));
        for source in ["evidence", "sbom=evidence/sbom.json"] {
            assert_eq!(gate.refuses(source, "is not signed")["help"], help, "{accept}");
        }
    }
    // What another stage accepts says nothing of this one, and `evidence` asks for no stage.
    let gate = gate(&naming(&[("SHA-256", &sha256())]));
    gate.bench.replace("lockgate.toml", "accept = { sbom = \"unsigned\" }\n", "");
    let config = gate.bench.read("lockgate.toml");
    let staging = "\n[stage.staging]\naccept = { sbom = \"unsigned\" }\n\
                   [[stage.staging.policy]]\nname = \"silent\"\nplugin = \"./silent.wasm\"\n";
    gate.bench.write("lockgate.toml", config + staging);
    drop(gate.refuses("sbom=evidence/sbom.json", "is not signed"));
    let ran = gate.bench.run(&[
        "evidence",
        "app",
        "--config=lockgate.toml",
        "--evidence=sbom=evidence/sbom.json",
        "-ojson",
    ]);
    Row::only(&ran.exits(0)).rejected(&["is not signed"]);
}

#[test]
fn a_signer_that_is_expected_has_to_have_signed() {
    let gate = gate(&naming(&[("SHA-256", &sha256())]));
    gate.bench.replace(
        "lockgate.toml",
        "{ kind = \"sbom\" }",
        "{ kind = \"sbom\", signer = \"ci\" }",
    );
    let report = gate.check(&["sbom=evidence/sbom.json"]).exits(1).json();
    assert_eq!(codes(&report, "reasons"), ["missing-evidence"]);
    assert_eq!(
        report["reasons"][0]["message"],
        "`production` expects `sbom` by `ci`, and there is none; `sbom.json` is only accepted, so \
         nobody vouches for it"
    );
}

#[test]
fn copies_of_an_accepted_document_count_once() {
    let gate = gate(&naming(&[("SHA-256", &sha256())]))
        .holding("copy.json", &naming(&[("SHA-256", &sha256())]));
    drop(gate.check(&["evidence"]).exits(3));
    gate.bench.replace("lockgate.toml", "{ kind = \"sbom\" }", "{ kind = \"sbom\", count = 2 }");
    let report = gate.check(&["evidence"]).exits(1).json();
    assert_eq!(
        report["reasons"][0]["message"],
        "`production` expects 2 `sbom`, and there is 1; copies of one statement count once"
    );
}

#[test]
fn what_is_accepted_is_a_relaxation_that_a_stage_can_forbid() {
    let gate = gate(&sbom());
    gate.bench.replace("lockgate.toml", "accept", "relaxations = \"forbidden\"\naccept");
    let report = gate.check(&["sbom=evidence/sbom.json"]).exits(1).json();
    let reasons = report["reasons"].as_array().unwrap();
    let told = reasons.iter().filter(|reason| {
        reason["message"].as_str().unwrap()
            == "the stage allows no relaxation, and there is `accepted-unsigned`: `sbom.json` is \
                signed by nobody, and the stage accepts that"
    });
    assert_eq!(told.count(), 1, "{reasons:#?}");
}

#[test]
fn what_cannot_be_accepted_is_a_configuration_error() {
    let kinds = "it can accept `sbom`, `vulnerabilities`, `test-result`";
    let words = "there are `unbound`, `unsigned`";
    for (accept, message, help) in [
        ("{ provenance = \"unsigned\" }", "`provenance` has to be verified", kinds),
        ("{ vex = \"unsigned\" }", "`vex` has to be verified", kinds),
        ("{ signature = \"unbound\" }", "`signature` has to be verified", kinds),
        ("{ verification-summary = \"unsigned\" }", "has to be verified", kinds),
        ("{ attestation = \"unsigned\" }", "`attestation` has to be verified", kinds),
        ("{ bom = \"unsigned\" }", "`bom` is not a kind of evidence", "the kinds are `provenance`"),
        ("{ sbom = \"anything\" }", "`anything` is not known here", words),
        ("{ sbom = \"Unsigned\" }", "`Unsigned` is not known here", words),
        ("{ sbom = \"\" }", "`` is not known here", words),
        ("{ sbom = true }", "`sbom` in `accept` is a string, not `true`", ""),
        ("{ sbom = [\"unsigned\"] }", "`sbom` in `accept` is a string, not a list", ""),
        ("\"unsigned\"", "[accept] is a table", ""),
        ("[\"sbom\"]", "[accept] is a table", ""),
    ] {
        let gate = Gate::new(BINARY, accept, "sbom").holding("sbom.json", &sbom());
        let said = gate.check(&["evidence"]).exits(2).stderr;
        assert!(said.contains(message) && said.contains(help), "{accept}: {said}");
        assert!(said.contains("lockgate.toml:"), "it says where: {said}");
    }
    // It stands in a stage and nowhere else.
    for place in ["[trust]\n", "[evidence]\n", ""] {
        let gate = Gate::new(BINARY, "{}", "sbom");
        let config = gate.bench.read("lockgate.toml");
        gate.bench.write("lockgate.toml", format!("{place}accept = {UNSIGNED}\n{config}"));
        let said = gate.bench.run(&["evidence", "app", "--config=lockgate.toml"]).exits(2).stderr;
        assert!(said.contains("unknown key `accept`"), "{said}");
    }
}

/// A statement that nobody signed.
fn unsigned(predicate_type: &str, predicate: &Value, subjects: Value) -> Value {
    let mut statement = statement(Gate::ARTIFACT, predicate_type, predicate);
    statement["subject"] = subjects;
    statement
}

#[test]
fn statements_without_an_envelope_are_accepted_by_the_same_rules() {
    let scan = json!({ "scanner": { "uri": "https://example.com/scanner" } });
    let passed = json!({ "result": "PASSED", "configuration": [] });
    let zeros = "0".repeat(64);
    for (kind, predicate_type, predicate) in [
        ("sbom", CYCLONEDX, &sbom()),
        ("vulnerabilities", "https://in-toto.io/attestation/vulns/v0.1", &scan),
        ("test-result", "https://in-toto.io/attestation/test-result/v0.1", &passed),
    ] {
        let gate = |subjects: Value| {
            let document = unsigned(predicate_type, predicate, subjects);
            Gate::new(BINARY, &format!("{{ {kind} = \"unsigned\" }}"), kind)
                .holding("document.json", &document)
        };
        let named = &format!("{kind}=evidence/document.json");
        let ours = json!([{ "name": "app", "digest": { "sha256": sha256() } }]);
        assert_eq!(gate(ours).takes("evidence", CODE)["kind"], kind);
        let nothing = gate(json!([{ "name": "app", "digest": { "gitCommit": "00" } }]));
        let why = "is not signed, and does not name the artifact's digest";
        drop(nothing.refuses("evidence", why));
        drop(nothing.takes(named, CODE));
        let other = gate(json!([{ "name": "app", "digest": { "sha256": zeros } }]));
        let why = format!("is not signed, and is about `app` (sha256:{zeros})");
        drop(other.refuses("evidence", &why));
        drop(other.refuses(named, &why));
    }
}

#[test]
fn a_kind_that_is_not_accepted_is_no_other_one() {
    // The stage accepts all that it can, and is given what it cannot.
    let accept =
        "{ sbom = \"unsigned\", vulnerabilities = \"unsigned\", test-result = \"unsigned\" }";
    let built = json!({
        "buildDefinition": { "buildType": "https://example.com/build", "externalParameters": {} },
        "runDetails": { "builder": { "id": "https://example.com/builder" } },
    });
    let gate = Gate::new(BINARY, accept, "provenance").holding(
        "provenance.json",
        &statement(Gate::ARTIFACT, "https://slsa.dev/provenance/v1", &built),
    );
    for source in ["evidence", "provenance=evidence/provenance.json"] {
        let row = gate.refuses(source, "is not signed");
        assert_eq!(row["help"], Value::Null, "there is nothing that a stage could accept");
    }
    let row = Row::only(&gate.check(&["sbom=evidence/provenance.json"]).exits(1));
    row.rejected(&["was given as `sbom`, and is `provenance`"]);
    let vex = json!({ "@context": "https://openvex.dev/ns/v0.2.0", "statements": [] });
    let gate = Gate::new(BINARY, accept, "vex").holding("vex.json", &vex);
    drop(gate.refuses("vex=evidence/vex.json", "is not signed"));
}

#[test]
fn spdx_is_accepted_by_what_it_describes() {
    let describing = |checksum: &str| {
        json!({
            "spdxVersion": "SPDX-2.3",
            "SPDXID": "SPDXRef-DOCUMENT",
            "relationships": [{
                "spdxElementId": "SPDXRef-DOCUMENT",
                "relationshipType": "DESCRIBES",
                "relatedSpdxElement": "SPDXRef-app",
            }],
            "packages": [
                {
                    "SPDXID": "SPDXRef-app",
                    "name": "app",
                    "checksums": [{ "algorithm": "SHA256", "checksumValue": checksum }],
                },
                {
                    "SPDXID": "SPDXRef-lib",
                    "name": "lib",
                    "checksums": [{ "algorithm": "SHA256", "checksumValue": sha256() }],
                },
            ],
        })
    };
    drop(gate(&describing(&sha256())).takes("evidence", CODE));
    let zeros = "0".repeat(64);
    let why = format!("is not signed, and is about `app` (sha256:{zeros})");
    drop(gate(&describing(&zeros)).refuses("sbom=evidence/sbom.json", &why));
    // So is a graph of SPDX 3, by what its document has as its root.
    let graph = |hashes: Value| {
        let created = json!({
            "type": "CreationInfo", "@id": "_:c", "specVersion": "3.0.1",
            "created": "2026-09-01T00:00:00Z", "createdBy": ["https://example.com/somebody"],
        });
        let document = json!({
            "type": "SpdxDocument", "spdxId": "https://example.com/document", "creationInfo": "_:c",
            "rootElement": ["https://example.com/app"],
        });
        let app = json!({
            "type": "software_Package", "spdxId": "https://example.com/app", "creationInfo": "_:c",
            "name": "app", "verifiedUsing": hashes,
        });
        json!({
            "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
            "@graph": [created, document, app],
        })
    };
    let hash = json!([{ "type": "Hash", "algorithm": "sha256", "hashValue": sha256() }]);
    drop(gate(&graph(hash)).takes("evidence", CODE));
    let why = "is not signed, and does not name the artifact's digest";
    drop(gate(&graph(json!([]))).refuses("evidence", why));
    drop(gate(&graph(json!([]))).takes("sbom=evidence/sbom.json", CODE));
}

#[test]
fn an_accepted_document_has_to_be_what_it_says_and_not_from_the_future() {
    let named = "sbom=evidence/sbom.json";
    let mut late = sbom();
    late["metadata"] = json!({ "timestamp": "2026-10-02T00:05:00Z" });
    let row = gate(&late).takes(named, CODE);
    assert_eq!(row["checks"]["time"]["source"], "document", "its author claims so");
    late["metadata"] = json!({ "timestamp": "2026-10-02T00:05:01Z" });
    let why = "its `metadata.timestamp` is 2026-10-02T00:05:01Z, which is more than five minutes \
               after 2026-10-02T00:00:00Z";
    drop(gate(&late).refuses(named, why));
    let odd = json!({ "bomFormat": "CycloneDX" });
    drop(gate(&odd).refuses(named, "its predicate lacks `specVersion`"));
    let twice = sbom().to_string().replace("\"name\":", "\"name\":\"other\",\"name\":");
    let gate = Gate::new(BINARY, UNSIGNED, "sbom").holding("sbom.json", &twice);
    drop(gate.refuses(named, "has the name `name` twice in one object"));
}

#[test]
fn a_policy_sees_that_nobody_vouches_for_it() {
    let stage = "accept = { sbom = \"unsigned\", test-result = \"unbound\" }\n\n\
                 [[stage.production.policy]]\nname = \"look\"\nplugin = \"./look.wasm\"\n\
                 settings = { mode = \"assurance\" }\n";
    let ci = Signer::named("ci");
    let scan = json!({ "scanner": { "uri": "https://example.com/scanner" } });
    let scan = statement(Gate::ARTIFACT, "https://in-toto.io/attestation/vulns/v0.1", &scan);
    let result = "https://in-toto.io/attestation/test-result/v0.1";
    let unbound = unsigned(result, &json!({ "result": "PASSED" }), json!([]));
    let gate = Gate::with(BINARY, stage)
        .holding("sbom.json", &naming(&[("SHA-256", &sha256())]))
        .holding("scan.json", &ci.bundle(&scan))
        .holding("tests.json", &ci.bundle(&unbound));
    gate.bench.write("look.wasm", std::fs::read(HOSTILE).unwrap());
    let report = gate.check(&["evidence", "test-result=evidence/tests.json"]).exits(0).json();
    let findings = report["policies"][0]["findings"].as_array().unwrap();
    let mut said: Vec<_> =
        findings.iter().map(|finding| finding["message"].as_str().unwrap()).collect();
    said.sort_unstable();
    assert_eq!(
        said,
        [
            "bom sbom.json: accepted by [], 0 keys",
            "sbom sbom.json: accepted by [], 0 keys",
            "test-result tests.json: accepted by [], 0 keys",
            "vulnerabilities scan.json: verified by [\"ci\"], 1 keys",
        ]
    );
}

#[test]
fn a_person_sees_what_is_only_accepted() {
    let gate = gate(&sbom());
    let common = ["app", "--stage=production", "--config=lockgate.toml"];
    let evidence = ["--evidence=sbom=evidence/sbom.json", "--at=2026-10-02T00:00:00Z"];
    let said = gate.bench.run(&[&["check"], &common[..], &evidence].concat()).exits(3).stdout;
    for lines in [
        "  ! sbom  sbom.json  accepted, not verified\n      checked: shape; signature not possible: \
         nobody signed it, and the stage accepts that; subject not possible: it names none; the \
         caller names it, and the stage accepts that\n",
        "  ! accepted-unsigned: `sbom.json` is signed by nobody, and the stage accepts that\n",
    ] {
        assert!(said.contains(lines), "{said}");
    }
}
