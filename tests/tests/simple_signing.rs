//! Cosign's simple signing: a payload names the image, and the signature is over the payload.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, reason = "tests set up files")]

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use lockgate_tests::forge::{Bundle, Instance, Key, Signing, Version, WORKFLOW, simple_payload};
use lockgate_tests::{Desk, Layout, Ran, Row, Signer, digest, identity};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const BINARY: &str = env!("CARGO_BIN_EXE_lockgate-under-test");

const SIMPLE_SIGNING: &str = "application/vnd.dev.cosign.simplesigning.v1+json";
const SIGNATURE: &str = "dev.cosignproject.cosign/signature";
const CERTIFICATE: &str = "dev.sigstore.cosign/certificate";
const CHAIN: &str = "dev.sigstore.cosign/chain";
const ANSWER: &str = "dev.sigstore.cosign/bundle";
const TIMESTAMP: &str = "dev.sigstore.cosign/rfc3161timestamp";

/// The instances of these tests: one with a log, and one with a clock instead.
static FORGE: LazyLock<Instance> = LazyLock::new(Instance::new);
/// See [`FORGE`].
static CLOCK: LazyLock<Instance> = LazyLock::new(|| Instance::new().without_log());

/// A desk that trusts the keys `ci` and `release` with signatures over the artifact.
fn desk() -> Desk {
    let desk = Desk::new(BINARY, &FORGE);
    let key = |name: &str| {
        desk.bench.write(&format!("{name}.pub"), Signer::named(name).pem());
        format!(
            "[[trust.key]]\nname = \"{name}\"\nfile = \"{name}.pub\"\nfor = [\"signature\"]\n\n"
        )
    };
    let config = key("ci") + &key("release");
    desk.with(&config)
}

/// A desk with these files in its evidence folder.
fn holding(files: &[(&str, &[u8])]) -> Desk {
    let desk = desk();
    for (name, content) in files {
        desk.bench.write(&format!("evidence/{name}"), content);
    }
    desk
}

fn run(desk: &Desk, command: &[&str]) -> Ran {
    let common = ["--config=lockgate.toml", "--at=2026-10-02T00:00:00Z", "-ojson"];
    desk.bench.run(&[command, &common].concat())
}

/// What becomes of files in a folder.
fn rows(files: &[(&str, &[u8])]) -> Vec<Row> {
    Row::all(&run(&holding(files), &["evidence", "app", "--evidence=evidence"]).exits(0))
}

/// What becomes of one document.
fn row(document: &Value) -> Row {
    rows(&[("document.json", document.to_string().as_bytes())]).remove(0)
}

fn ours() -> String {
    let hex: String = Sha256::digest(Desk::ARTIFACT).iter().map(|b| format!("{b:02x}")).collect();
    format!("sha256:{hex}")
}

/// The payload that names the artifact, as a file has it.
fn payload() -> Vec<u8> {
    simple_payload(&ours()).to_string().into_bytes()
}

fn by(name: &str, bytes: &[u8]) -> Vec<u8> {
    Signer::named(name).sign(bytes)
}

#[test]
fn a_payload_and_its_signature_are_two_files_whatever_they_are_called() {
    let payload = payload();
    let signature = by("ci", &payload);
    let text = BASE64.encode(&signature);
    for (payload_name, signature_name) in [("a.json", "b.sig"), ("z", "app.minisig")] {
        for signature in [&signature[..], text.as_bytes()] {
            let rows = rows(&[(payload_name, &payload), (signature_name, signature)]);
            assert_eq!(rows.len(), 2);
            for row in &rows {
                row.fact("signature", "ci");
            }
        }
    }
    // The image's digest is all that is needed of it.
    let desk = holding(&[("payload.json", &payload), ("payload.sig", &signature)]);
    let report = run(&desk, &["evidence", &ours(), "--evidence=evidence"]).exits(0).json();
    for row in report["documents"].as_array().unwrap() {
        let checks = &row["checks"];
        let over = json!({ "state": "done", "detail": "over the payload" });
        assert_eq!(checks["signature"], over);
        assert_eq!(checks["subject"], json!({ "state": "done", "detail": "sha256" }));
    }
}

#[test]
fn one_key_signs_once_in_however_many_files() {
    let payload = payload();
    let (ci, release) = (by("ci", &payload), by("release", &payload));
    let stage = "[stage.production]\n[[stage.production.policy]]\nname = \"signed\"\n\
                 plugin = \"builtin:signatures\"\nsettings = { threshold = 2 }\n";
    let check = |files: &[(&str, &[u8])]| {
        let desk = holding(files);
        let config = desk.bench.read("lockgate.toml");
        let desk = desk.with(&(config + stage));
        run(&desk, &["check", "app", "--stage=production", "--evidence=evidence"])
    };
    let blob = by("ci", Desk::ARTIFACT);
    drop(check(&[("p.json", &payload), ("p.sig", &ci), ("app.sig", &blob)]).exits(1));
    let ran = check(&[("p.json", &payload), ("ci.sig", &ci), ("release.sig", &release)]).exits(0);
    let signers: Vec<_> = Row::all(&ran).into_iter().map(|row| (row.path, row.signers)).collect();
    let named = |path: &str, names: &[&str]| {
        (path.to_owned(), names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
    };
    assert_eq!(
        signers,
        [
            named("ci.sig", &["ci"]),
            named("p.json", &["ci", "release"]),
            named("release.sig", &["release"]),
        ]
    );
}

#[test]
fn a_payload_about_another_image_is_rejected_with_its_signature() {
    let zeros = format!("sha256:{}", "0".repeat(64));
    for names in [&zeros, &ours().to_uppercase(), &ours()[7..], &format!("{} ", ours()), ""] {
        let payload = simple_payload(names).to_string().into_bytes();
        for row in rows(&[("p.json", &payload), ("p.sig", &by("ci", &payload))]) {
            row.rejected(&[&format!(
                "is signed by `ci`, but is about another artifact: its `docker-manifest-digest` \
                 is `{names}`"
            )]);
        }
    }
}

#[test]
fn a_payload_proves_nothing_without_a_signature_over_its_very_bytes() {
    let payload = payload();
    let signature = by("ci", &payload);
    let alone = "no loose signature beside it is over it by a key in `[trust]`";
    let nobody = "no key in `[trust]` verifies the signature";
    row(&simple_payload(&ours())).rejected(&[alone]);
    rows(&[("p.sig", &signature)]).remove(0).rejected(&[nobody]);

    let mut changed = payload.clone();
    *changed.last_mut().unwrap() = b' ';
    changed.push(b'}');
    let mut flipped = signature.clone();
    flipped[20] ^= 1;
    let stranger = by("stranger", &payload);
    let over_artifact = by("ci", Desk::ARTIFACT);
    for (payload, signature, why) in [
        (&changed, &signature, nobody),
        (&payload, &flipped, nobody),
        (&payload, &stranger, nobody),
        (&payload, &by("ci", &changed), nobody),
    ] {
        let rows = rows(&[("p.json", payload), ("p.sig", signature)]);
        rows[0].rejected(&[alone]);
        rows[1].rejected(&[why]);
    }
    // One over the artifact is one over the artifact, and none over the payload.
    let rows = rows(&[("p.json", &payload), ("p.sig", &over_artifact)]);
    rows[0].rejected(&[alone]);
    rows[1].fact("signature", "ci");
}

#[test]
fn a_signature_over_the_payload_and_one_over_the_artifact_lie_side_by_side() {
    let payload = payload();
    let files: [(&str, &[u8]); 4] = [
        ("artifact.sig", &by("release", Desk::ARTIFACT)),
        ("payload.json", &payload),
        ("payload.sig", &by("ci", &payload)),
        ("stray.sig", &by("ci", b"neither of them")),
    ];
    let report = run(&holding(&files), &["evidence", "app", "--evidence=evidence"]);
    let rows = Row::all(&report.exits(0));
    rows[0].fact("signature", "release");
    rows[1].fact("signature", "ci");
    rows[2].fact("signature", "ci");
    rows[3].rejected(&["no key in `[trust]` verifies the signature"]);
}

#[test]
fn a_payload_that_lies_there_twice_is_signed_twice() {
    let payload = payload();
    let signature = by("ci", &payload);
    for row in rows(&[
        ("amd64/p.json", &payload),
        ("amd64/p.sig", &signature),
        ("arm64/p.json", &payload),
        ("arm64/p.sig", &signature),
        ("p.json", &payload),
    ]) {
        row.fact("signature", "ci");
    }
}

#[test]
fn a_signer_of_payloads_is_one_who_may_sign_artifacts() {
    let payload = payload();
    let desk = holding(&[("p.json", &payload), ("p.sig", &by("ci", &payload))]);
    let config = desk.bench.read("lockgate.toml").replace("\"signature\"", "\"provenance\"");
    let desk = desk.with(&config);
    for row in Row::all(&run(&desk, &["evidence", "app", "--evidence=evidence"]).exits(0)) {
        row.rejected(&["signer-not-for-kind"]);
    }
}

/// What `cosign download signature` prints of a signature by a key.
fn downloaded(payload: &[u8], signature: &[u8]) -> Value {
    json!({
        "Base64Signature": BASE64.encode(signature),
        "Payload": BASE64.encode(payload),
        "Cert": null,
        "Chain": null,
        "Bundle": null,
        "RFC3161Timestamp": null,
    })
}

#[test]
fn what_cosign_downloads_holds_both() {
    let payload = payload();
    row(&downloaded(&payload, &by("ci", &payload))).fact("signature", "ci");
    // It prints one in a line.
    let lines = format!(
        "{}\n{}\n",
        downloaded(&payload, &by("ci", &payload)),
        downloaded(&payload, &by("release", &payload))
    );
    let rows = rows(&[("signatures.json", lines.as_bytes())]);
    rows[0].fact("signature", "ci");
    rows[1].fact("signature", "release");

    let other = simple_payload("sha256:00").to_string().into_bytes();
    row(&downloaded(&other, &by("ci", &other))).rejected(&["is about another artifact"]);
    let nobody = &["no key in `[trust]` verifies the signature"];
    row(&downloaded(&other, &by("ci", &payload))).rejected(nobody);
    row(&downloaded(&payload, &by("stranger", &payload))).rejected(nobody);
    row(&downloaded(&payload, &by("ci", Desk::ARTIFACT))).rejected(nobody);
    // What is signed has to be a payload, and not the artifact itself.
    row(&downloaded(Desk::ARTIFACT, &by("ci", Desk::ARTIFACT))).rejected(&["its payload is not"]);
}

#[test]
fn what_is_no_payload_says_why() {
    let text = String::from_utf8(payload()).unwrap();
    let twice = "\"docker-manifest-digest\":\"sha256:00\",\"docker-manifest-digest\"";
    for (payload, why) in [
        (text.replace("cosign container image signature", "cosign blob signature"), "the type"),
        (text.replace("docker-manifest-digest", "digest"), "missing field"),
        (text.replace("\"type\"", "\"kind\""), "missing field `type`"),
        (text.replace("\"docker-manifest-digest\"", twice), "twice in one object"),
        (format!("{text} {{}}"), "more data after the end"),
        (text.replace(&format!("\"{}\"", ours()), "7"), "is not one"),
        (format!("[{text}]"), "is not one"),
        ("{}".to_owned(), "is not one"),
    ] {
        let signature = by("ci", payload.as_bytes());
        row(&downloaded(payload.as_bytes(), &signature)).rejected(&[why]);
    }
    // Podman writes the other type.
    let podman = text.replace("cosign container image signature", "atomic container signature");
    row(&downloaded(podman.as_bytes(), &by("ci", podman.as_bytes()))).fact("signature", "ci");
    for (key, value, why) in [
        ("Payload", json!("?"), "its payload is not valid base64"),
        ("Base64Signature", json!("?"), "its signature is not valid base64"),
        ("Base64Signature", json!(7), "is not a downloaded signature"),
        ("Cert", json!([]), "is not a downloaded signature"),
        ("Bundle", json!({}), "its log entry is not one"),
        ("RFC3161Timestamp", json!({}), "its timestamp is not one"),
    ] {
        let mut document = downloaded(&payload(), &by("ci", &payload()));
        document[key] = value;
        row(&document).rejected(&[why]);
    }
}

/// Signs the payload with the instance.
fn sign(instance: &Instance) -> Signing<'_> {
    instance.sign(&payload()).version(Version::V01)
}

/// What becomes of a payload with these annotations, about an image, at a desk that trusts an
/// identity of this instance; the same as `cosign download signature` prints it is asked for, too.
fn by_workflow(instance: &Instance, bundle: &Bundle) -> Row {
    let scoped = format!("subject = \"{WORKFLOW}\"\nfor = [\"signature\"]");
    let desk = Desk::new(BINARY, instance).with(&identity(&scoped));
    let document = bundle.downloaded(&payload()).to_string();
    desk.bench.write("document.json", document);
    Row::only(&run(&desk, &["evidence", "app", "--evidence=document.json"]).exits(0))
}

#[test]
fn a_certificate_with_what_the_log_answered_is_an_identity() {
    by_workflow(&FORGE, &sign(&FORGE).bundle()).fact("signature", "builder");
    by_workflow(&FORGE, &sign(&FORGE).version(Version::V03).bundle()).fact("signature", "builder");
    by_workflow(&CLOCK, &sign(&CLOCK).bundle()).fact("signature", "builder");
    let stranger = sign(&FORGE).uri("https://evil.example/workflow").bundle();
    by_workflow(&FORGE, &stranger).rejected(&["whom no identity in `[trust]` asks for"]);
    let (other, unlogged) = (Instance::new(), sign(&FORGE).without_entry().bundle());
    by_workflow(&FORGE, &sign(&FORGE).certified_by(&other).bundle()).rejected(&["proves nothing"]);
    by_workflow(&FORGE, &sign(&FORGE).logged_by(&other).bundle()).rejected(&["proves nothing"]);
    by_workflow(&FORGE, &unlogged).rejected(&["log"]);
    by_workflow(&CLOCK, &sign(&CLOCK).without_timestamp().bundle()).rejected(&["time"]);
    let good = sign(&FORGE).bundle();
    let later = sign(&FORGE).at("2026-10-01T13:00:00Z").bundle();
    by_workflow(&FORGE, &good.flipped(Bundle::PROMISE, 0)).rejected(&["proves nothing"]);
    by_workflow(&FORGE, &good.grafted(Bundle::ENTRY, &later)).rejected(&["proves nothing"]);
    by_workflow(&FORGE, &good.grafted(Bundle::LOGGED_AT, &later)).rejected(&["proves nothing"]);
    by_workflow(&FORGE, &good.grafted(Bundle::SIGNATURE, &later)).rejected(&["proves nothing"]);
    by_workflow(&FORGE, &sign(&FORGE).signed_by_another().bundle()).rejected(&["proves nothing"]);
}

#[test]
fn the_answer_of_the_log_says_when_a_key_signed() {
    let key = Key::fresh();
    let desk = Desk::new(BINARY, &FORGE);
    desk.bench.write("ci.pub", key.pem());
    let desk = desk.with(
        "[trust]\nsigstore-root = \"trusted_root.json\"\n[[trust.key]]\nname = \"ci\"\n\
         file = \"ci.pub\"\nfor = [\"signature\"]\nrevoked-at = \"2026-10-01T12:30:00Z\"\n",
    );
    let ask = |bundle: &Bundle| {
        let document = bundle.downloaded(&payload()).to_string();
        desk.bench.write("document.json", document);
        Row::only(&run(&desk, &["evidence", "app", "--evidence=document.json"]).exits(0))
    };
    let signed = |at: &str| sign(&FORGE).key(&key).at(at).bundle();
    ask(&signed("2026-10-01T12:00:00Z")).fact("signature", "ci");
    ask(&signed("2026-10-01T13:00:00Z")).rejected(&["signer-revoked"]);
    ask(&sign(&FORGE).key(&key).without_entry().bundle()).rejected(&["signer-revoked"]);
}

/// What becomes of a layer of a layout that has the payload about the image, and annotations that
/// are changed before.
fn in_layout(instance: &Instance, change: impl FnOnce(&mut Value)) -> Row {
    let scoped = format!("subject = \"{WORKFLOW}\"\nfor = [\"signature\"]");
    let desk = Desk::new(BINARY, instance).with(&identity(&scoped));
    let (mut layout, image) = Layout::with_image(&desk.bench, "img");
    let payload = simple_payload(digest(&image)).to_string();
    let bundle = instance.sign(payload.as_bytes()).version(Version::V01).bundle();
    let mut layer = layout.blob(SIMPLE_SIGNING, &payload);
    layer["annotations"] = bundle.annotations();
    change(&mut layer["annotations"]);
    let manifest = layout.manifest(&[layer], None);
    layout.list_as(&format!("{}.sig", digest(&image).replace(':', "-")), &manifest);
    layout.done();
    Row::only(&run(&desk, &["evidence", "oci-layout:img:v1"]).exits(0))
}

#[test]
fn what_cosign_wrote_into_a_registry_has_its_certificate_in_annotations() {
    let without = |key: &'static str| {
        move |annotations: &mut Value| {
            assert!(annotations.as_object_mut().unwrap().remove(key).is_some());
        }
    };
    in_layout(&FORGE, |_| {}).fact("signature", "builder");
    in_layout(&CLOCK, |_| {}).fact("signature", "builder");
    // The root has the chain.
    in_layout(&FORGE, without(CHAIN)).fact("signature", "builder");
    in_layout(&FORGE, without(SIGNATURE)).rejected(&["its layer carries no signature"]);
    in_layout(&FORGE, without(CERTIFICATE)).rejected(&["no key in `[trust]`"]);
    in_layout(&FORGE, without(ANSWER)).rejected(&["log"]);
    in_layout(&CLOCK, without(TIMESTAMP)).rejected(&["time"]);
    for (key, value, why) in [
        (SIGNATURE, "AAAA", "proves nothing"),
        (SIGNATURE, "?", "its signature is not valid base64"),
        (CERTIFICATE, "?", "its certificates are not"),
        (ANSWER, "{", "its log entry is not valid JSON"),
        (ANSWER, "{\"Payload\":{},\"Payload\":{}}", "twice in one object"),
        (ANSWER, "{}", "its log entry is not one"),
    ] {
        in_layout(&FORGE, |annotations| annotations[key] = value.into()).rejected(&[why]);
    }
    // What the log said of another time, or of another signature.
    in_layout(&FORGE, |annotations| {
        let mut answer: Value =
            serde_json::from_str(annotations[ANSWER].as_str().unwrap()).unwrap();
        answer["Payload"]["integratedTime"] = json!(1_790_856_001);
        annotations[ANSWER] = answer.to_string().into();
    })
    .rejected(&["proves nothing"]);
    let other = FORGE.sign(b"{}").version(Version::V01).bundle().annotations();
    in_layout(&FORGE, |annotations| annotations[ANSWER] = other[ANSWER].clone())
        .rejected(&["proves nothing"]);
}
