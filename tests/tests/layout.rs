//! An image in an OCI layout: the manifest is the artifact, and what refers to it is evidence.
#![forbid(unsafe_code)]
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests set up files")]

use std::fs;

use lockgate_tests::{
    BUNDLE, Layout, Ran, Signer, TAG, Workbench, copy_folder, digest, root, statement, tests_passed,
};
use serde_json::{Value, json};

const BINARY: &str = env!("CARGO_BIN_EXE_lockgate-under-test");

const ENVELOPE: &str = "application/vnd.dsse.envelope.v1+json";
const SIMPLE_SIGNING: &str = "application/vnd.dev.cosign.simplesigning.v1+json";
const IMAGE: &str = "sha256:456c638fff544766f57bb57ef6c7811efda8cd245d08eeea5e2a15a3cc120de4";

/// A bench with the image that skopeo, cosign and oras made, in `img`.
fn fixture() -> Workbench {
    let bench = Workbench::new(BINARY);
    copy_folder(&root().join("tests/fixtures/oci-layout"), &bench.path("img"));
    bench.write(
        "lockgate.toml",
        r#"
        [[trust.key]]
        name = "cosign"
        file = "img/cosign.pub"
        for  = ["signature", "provenance"]

        [stage.production]
        expects = [{ kind = "signature", signer = "cosign" }, { kind = "provenance" }]

        [[stage.production.policy]]
        name     = "signed"
        plugin   = "builtin:signatures"
        settings = { required = ["cosign"] }
        "#,
    );
    bench
}

/// A bench that trusts `ci`.
fn trusting_ci() -> Workbench {
    let bench = Workbench::new(BINARY);
    bench.write("ci.pub", Signer::named("ci").pem());
    bench.write("lockgate.toml", "[[trust.key]]\nname = \"ci\"\nfile = \"ci.pub\"\n");
    bench
}

fn run(bench: &Workbench, artifact: &str, more: &[&str]) -> Ran {
    let arguments = ["evidence", artifact, "--config=lockgate.toml", "--output=json"];
    bench.run(&[&arguments[..], &["--at=2026-12-01T00:00:00Z"], more].concat())
}

/// What was found, each as a line: digest, kind, status, signers or reason.
fn rows(bench: &Workbench, artifact: &str) -> Vec<String> {
    let report = run(bench, artifact, &[]).exits(0).json();
    let row = |document: &Value| {
        let text = |key: &str| document[key].as_str().unwrap_or("-").to_owned();
        let signers: Vec<_> =
            document["signers"].as_array().unwrap().iter().map(|s| s.as_str().unwrap()).collect();
        let by = if signers.is_empty() { text("reason") } else { signers.join(",") };
        format!("{} {} {}: {by}", text("path"), text("kind"), text("status"))
    };
    report["documents"].as_array().unwrap().iter().map(row).collect()
}

/// The envelope in a bundle.
fn envelope(bundle: &str) -> String {
    serde_json::from_str::<Value>(bundle).unwrap()["dsseEnvelope"].to_string()
}

fn fact(blob: &Value) -> String {
    format!("{} test-result fact: ci", digest(blob))
}

#[test]
fn an_image_brings_its_signature_and_its_attestation() {
    let bench = fixture();
    let rows = rows(&bench, "oci-layout:img:v1");
    assert_eq!(
        rows,
        [
            "sha256:3e866fcf6dd6045add2fcce3859caf98c1493ca6f485e15d815fd4090eeb3902 provenance \
             fact: cosign",
            "sha256:852eb718c776e4b9b4080340b4abfbdbbea6e4d8c9682a2e47307987421625d5 signature \
             fact: cosign",
            "sha256:ca3d163bab055381827226140568f3bef7eaac187cebd76878e0b63e9e442356 sbom \
             rejected: is JSON, but no evidence of a form that this version knows; its media type \
             is `application/vnd.cyclonedx+json`",
        ]
    );
}

#[test]
fn an_image_is_named_by_its_tag_by_its_digest_or_by_nothing_where_it_is_the_only_one() {
    let bench = fixture();
    let report = |artifact: &str| run(&bench, artifact, &[]).exits(0).json();
    let by_tag = report("oci-layout:img:v1");
    assert_eq!(by_tag["subject"], json!({ "name": "img:v1", "digest": IMAGE }));
    assert_eq!(by_tag["documents"].as_array().unwrap().len(), 3);
    let by_digest = report(&format!("oci-layout:img@{IMAGE}"));
    let name = format!("img@{IMAGE}");
    assert_eq!(by_digest["subject"], json!({ "name": name, "digest": IMAGE }));
    assert_eq!(by_digest["documents"], by_tag["documents"]);
    let only = report("oci-layout:./img/");
    assert_eq!(only["subject"], json!({ "name": "img", "digest": IMAGE }));
    assert_eq!(only["documents"], by_tag["documents"]);
}

#[test]
fn a_file_of_that_name_cannot_shadow_a_layout() {
    let bench = fixture();
    bench.write("oci-layout:img:v1", "something else");
    let report = run(&bench, "oci-layout:img:v1", &[]).exits(0).json();
    assert_eq!(report["subject"]["digest"], IMAGE);
}

#[test]
fn an_image_enters_a_stage_by_what_refers_to_it() {
    let bench = fixture();
    let check = |more: &[&str]| {
        let arguments =
            ["check", "oci-layout:img:v1", "--config=lockgate.toml", "--stage=production"];
        bench.run(&[&arguments[..], &["--output=json"], more].concat())
    };
    let report = check(&[]).exits(0).json();
    assert_eq!(report["subject"]["digest"], IMAGE);
    assert_eq!(report["documents"].as_array().unwrap().len(), 3);
    bench.replace("lockgate.toml", "{ kind = \"provenance\" }", "{ kind = \"sbom\" }");
    let report = check(&[]).exits(1).json();
    let message = report["reasons"][0]["message"].as_str().unwrap();
    assert!(
        message
            .contains("`sha256:ca3d163bab055381827226140568f3bef7eaac187cebd76878e0b63e9e442356`"),
        "{message}"
    );
}

#[test]
fn evidence_that_is_named_besides_is_added() {
    let bench = trusting_ci();
    let (mut layout, image) = Layout::with_image(&bench, "img");
    let blob = layout.refer(BUNDLE, tests_passed(&layout.path(&image)), &image);
    layout.done();
    bench.write("more/scan.json", "{}");
    let ran = run(&bench, "oci-layout:img:v1", &["--evidence=more"]);
    let report = ran.exits(0).json();
    let documents = report["documents"].as_array().unwrap();
    let paths: Vec<_> = documents.iter().map(|document| &document["path"]).collect();
    assert_eq!(paths, ["scan.json", digest(&blob)]);
    // The same document twice is two documents and one fact.
    bench.write("more/scan.json", tests_passed(&layout.path(&image)));
    let report = run(&bench, "oci-layout:img:v1", &["--evidence=more"]).exits(0).json();
    let facts = report["documents"].as_array().unwrap().iter().filter(|d| d["status"] == "fact");
    assert_eq!(facts.count(), 2);
}

#[test]
fn another_hash_of_the_manifest_is_computed_where_a_statement_gives_it() {
    let bench = trusting_ci();
    let (mut layout, image) = Layout::with_image(&bench, "img");
    let manifest = fs::read(layout.path(&image)).unwrap();
    let mut about = statement(&manifest, "https://example.com/reviewed", &json!({}));
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA512, &manifest);
    let hex: String = hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    about["subject"][0]["digest"]["sha512"] = json!(hex);
    let good = layout.refer(BUNDLE, Signer::named("ci").bundle(&about), &image);
    about["subject"][0]["digest"]["sha512"] = json!("0".repeat(128));
    let bad = layout.refer(BUNDLE, Signer::named("ci").bundle(&about), &image);
    layout.done();
    let rows = rows(&bench, "oci-layout:img:v1");
    assert!(rows.contains(&format!("{} attestation fact: ci", digest(&good))), "{rows:?}");
    let rejected = format!("{} attestation rejected: ", digest(&bad));
    assert!(
        rows.iter().any(|row| row.starts_with(&rejected) && row.contains("sha512")),
        "{rows:?}"
    );
}

#[test]
fn the_index_under_the_referrers_tag_names_referrers() {
    let bench = trusting_ci();
    let (mut layout, image) = Layout::with_image(&bench, "img");
    let other = layout.image("other");
    let document = tests_passed(&layout.path(&image));
    let signed = layout.blob(BUNDLE, &document);
    // One says to what it refers, one does not, and one says otherwise.
    let with_subject = layout.manifest(&[layout.blob(ENVELOPE, envelope(&document))], Some(&image));
    let without = layout.manifest(std::slice::from_ref(&signed), None);
    let of_another = layout.manifest(&[layout.blob(BUNDLE, "{}")], Some(&other));
    let listed = layout.nested(&[with_subject, without, of_another.clone(), image.clone()]);
    let tag = digest(&image).replace(':', "-");
    layout.list_as(&tag, &listed);
    layout.done();
    let mut expected = [
        fact(&layout.blob(ENVELOPE, envelope(&document))),
        fact(&signed),
        format!(
            "{} - rejected: is among the referrers, and its `subject` is `{}`",
            digest(&of_another),
            digest(&other)
        ),
        format!("{} - rejected: is among its own referrers", digest(&image)),
    ];
    expected.sort();
    assert_eq!(rows(&bench, "oci-layout:img:v1"), expected);
    // The tag is not one of an image, so that the image is the only one.
    assert_eq!(rows(&bench, "oci-layout:img"), expected);
}

#[test]
fn what_older_cosigns_wrote_under_tags_is_read() {
    let bench = trusting_ci();
    let (mut layout, image) = Layout::with_image(&bench, "img");
    let tag = digest(&image).replace(':', "-");
    let attested = layout.blob(ENVELOPE, envelope(&tests_passed(&layout.path(&image))));
    let sbom = layout.blob("text/spdx", "SPDXVersion: SPDX-2.3\n");
    let names = json!({ "critical": {
        "image": { "docker-manifest-digest": digest(&image) },
        "type": "cosign container image signature",
    } });
    let payload = layout.blob(SIMPLE_SIGNING, names.to_string());
    let signed = |signature: &str| {
        let mut layer = payload.clone();
        layer["annotations"] = json!({ "dev.cosignproject.cosign/signature": signature });
        layer
    };
    // Two signatures over one image share a payload; a copy of one of them is no third.
    let signatures = [signed("AAAA"), signed("BBBB"), signed("AAAA"), signed("?"), payload.clone()];
    for (suffix, layers) in [
        (".att", std::slice::from_ref(&attested)),
        (".sbom", std::slice::from_ref(&sbom)),
        (".sig", &signatures[..]),
    ] {
        let manifest = layout.manifest(layers, None);
        layout.list_as(&format!("{tag}{suffix}"), &manifest);
    }
    layout.done();
    let payload = digest(&payload);
    let mut expected = vec![
        fact(&attested),
        format!("{} sbom rejected: is not signed", digest(&sbom)),
        format!(
            "{payload} signature rejected: cosign simple signing: its layer carries no signature"
        ),
        format!(
            "{payload} signature rejected: cosign simple signing: its signature is not valid base64"
        ),
        format!("{payload} signature rejected: no key in `[trust]` verifies the signature"),
        format!("{payload} signature rejected: no key in `[trust]` verifies the signature"),
    ];
    expected.sort();
    let mut found = rows(&bench, "oci-layout:img");
    found.sort();
    assert_eq!(found, expected);
}

#[test]
fn every_tag_that_cosign_wrote_and_skopeo_copied_is_read() {
    let bench = trusting_ci();
    copy_folder(&root().join("tests/fixtures/oci-layout-tags"), &bench.path("img"));
    bench.replace("lockgate.toml", "ci.pub", "img/cosign.pub");
    let expected = [
        "sha256:2771be68952c5a19f45a210b31ef1072f762b1f6fb42f3e76283829d0a5d57e4 signature fact: ci",
        "sha256:2ccdfddae8011a16cc71c7d220a880c80c9904a7f55a2017a1e213ba30ea19e2 provenance \
         fact: ci",
        "sha256:7aee73cad29db18b283d71688e1fd7dfa9223121b38367868a100bcc77ccf857 signature fact: ci",
        "sha256:cec2c34ad25ab0a081b20ae580e7791a45c73472b18f0f363533380b78c11f89 provenance \
         fact: ci",
        "sha256:ecb5a5119b6011249605931750419e8361a051e4fd8e2c9a1bba58453b6374fe signature fact: ci",
    ];
    assert_eq!(rows(&bench, "oci-layout:img:v1"), expected);
    assert_eq!(rows(&bench, "oci-layout:img"), expected);
}

#[test]
fn what_cosign_saved_beside_an_image_is_read_and_is_no_image() {
    let bench = trusting_ci();
    let mut layout = Layout::new(&bench, "img");
    let image = layout.image("app");
    let attested = layout.blob(ENVELOPE, envelope(&tests_passed(&layout.path(&image))));
    let saved = |manifest: &Value, kind: &str, tag: &str| {
        let mut manifest = manifest.clone();
        let kind = format!("dev.cosignproject.cosign/{kind}");
        manifest["annotations"] = json!({ "kind": kind, TAG: tag });
        manifest
    };
    let attestations = layout.manifest(std::slice::from_ref(&attested), None);
    layout.index.push(saved(&image, "image", "example.com/app:v1"));
    layout.index.push(saved(&attestations, "atts", "example.com/app:v1"));
    layout.done();
    assert_eq!(rows(&bench, "oci-layout:img"), [fact(&attested)]);
    let by_digest = format!("oci-layout:img@{}", digest(&image));
    assert_eq!(rows(&bench, &by_digest), [fact(&attested)]);
    // What stands beside another image is about that one.
    layout.index[1]["annotations"][TAG] = json!("example.com/app:v2");
    layout.done();
    assert_eq!(rows(&bench, "oci-layout:img"), [""; 0]);
}

#[test]
fn an_index_of_images_is_an_artifact_and_so_is_each_image_in_it() {
    let bench = trusting_ci();
    let mut layout = Layout::new(&bench, "img");
    let (one, other) = (layout.image("amd64"), layout.image("arm64"));
    let about_one = layout.blob(BUNDLE, tests_passed(&layout.path(&one)));
    let inside = layout.manifest(std::slice::from_ref(&about_one), Some(&one));
    let index = layout.nested(&[one.clone(), other, inside]);
    layout.list_as("v1", &index);
    let about_index = layout.refer(BUNDLE, tests_passed(&layout.path(&index)), &index);
    layout.done();
    let report = run(&bench, "oci-layout:img", &[]).exits(0).json();
    assert_eq!(report["subject"]["digest"], digest(&index));
    assert_eq!(rows(&bench, "oci-layout:img:v1"), [fact(&about_index)]);
    assert_eq!(rows(&bench, &format!("oci-layout:img@{}", digest(&one))), [fact(&about_one)]);
}

#[test]
fn a_blob_that_is_named_twice_is_read_once() {
    let bench = trusting_ci();
    let (mut layout, image) = Layout::with_image(&bench, "img");
    let document = tests_passed(&layout.path(&image));
    let blob = layout.refer(BUNDLE, &document, &image);
    let again = layout.blob(ENVELOPE, &document);
    let twice = layout.manifest(&[blob.clone(), again], Some(&image));
    layout.index.push(twice);
    layout.done();
    assert_eq!(rows(&bench, "oci-layout:img"), [fact(&blob)]);
}

#[test]
fn what_is_not_evidence_by_its_media_type_is_listed_and_not_read() {
    let bench = trusting_ci();
    let (mut layout, image) = Layout::with_image(&bench, "img");
    let readme = layout.refer("text/\u{1b}[2Jmarkdown", tests_passed(&layout.path(&image)), &image);
    let empty = layout.manifest(&[], Some(&image));
    layout.index.push(empty.clone());
    let index = layout.nested(&[]);
    let mut about: Value = serde_json::from_slice(&fs::read(layout.path(&index)).unwrap()).unwrap();
    about["subject"] = image.clone();
    let index = layout.blob(index["mediaType"].as_str().unwrap(), about.to_string());
    layout.index.push(index.clone());
    layout.done();
    let mut expected = [
        format!(
            "{} - unrecognised: its media type `text/\\u{{1b}}[2Jmarkdown` is not one of evidence",
            digest(&readme)
        ),
        format!(
            "{} - unrecognised: is a manifest that refers to the artifact and has no layers",
            digest(&empty)
        ),
        format!(
            "{} - unrecognised: is an index that refers to the artifact: only manifests are read",
            digest(&index)
        ),
    ];
    expected.sort();
    assert_eq!(rows(&bench, "oci-layout:img:v1"), expected);
}

#[test]
fn what_refers_to_another_image_is_not_listed() {
    let bench = trusting_ci();
    let (mut layout, image) = Layout::with_image(&bench, "img");
    let other = layout.image("other");
    layout.list_as("v2", &other);
    let about_other = layout.refer(BUNDLE, tests_passed(&layout.path(&other)), &other);
    let wrong = layout.refer(BUNDLE, format!("{}\n", tests_passed(&layout.path(&other))), &image);
    layout.done();
    assert_eq!(rows(&bench, "oci-layout:img:v2"), [fact(&about_other)]);
    // Nor does it help to say that it refers to this one: what is signed says otherwise.
    let rows = rows(&bench, "oci-layout:img:v1");
    assert_eq!(rows.len(), 1);
    assert!(rows[0].starts_with(&format!("{} test-result rejected: ", digest(&wrong))), "{rows:?}");
}

#[test]
fn the_order_of_the_index_changes_nothing() {
    let bench = trusting_ci();
    let (mut layout, image) = Layout::with_image(&bench, "img");
    let document = tests_passed(&layout.path(&image));
    for number in 0..6 {
        let spaces = " ".repeat(number);
        layout.refer(BUNDLE, format!("{document}{spaces}"), &image);
        layout.refer(&format!("text/{number}"), spaces, &image);
    }
    layout.done();
    let before = run(&bench, "oci-layout:img:v1", &[]).exits(0).stdout;
    layout.index.reverse();
    layout.done();
    assert_eq!(run(&bench, "oci-layout:img:v1", &[]).exits(0).stdout, before);
}
