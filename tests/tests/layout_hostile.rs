//! What refers to an image in an OCI layout, as nobody should deliver it: it is listed whatever is wrong
//! with it, and denies where it is missed (exit 1). Nothing hangs, leads out, or fills the memory.
#![forbid(unsafe_code)]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    reason = "tests set up files"
)]

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::process::Command;

use lockgate_tests::{
    BUNDLE, Layout, Signer, Workbench, check_image, digest, expecting_tests, statement,
    tests_passed,
};
use serde_json::{Value, json};

const BINARY: &str = env!("CARGO_BIN_EXE_lockgate-under-test");

fn bench() -> Workbench {
    expecting_tests(BINARY)
}

/// A layout with an image, and the blobs of two documents that refer to it: the one that the stage
/// expects, and a signature.
fn with_two_documents(bench: &Workbench) -> (Layout<'_>, Value, Value) {
    let (mut layout, image) = Layout::with_image(bench, "img");
    let manifest = fs::read(layout.path(&image)).unwrap();
    let document = layout.refer(BUNDLE, tests_passed(&layout.path(&image)) + " ", &image);
    let signed = statement(&manifest, "https://sigstore.dev/cosign/sign/v1", &json!({}));
    let other = layout.refer(BUNDLE, Signer::named("ci").bundle(&signed), &image);
    layout.done();
    (layout, document, other)
}

#[test]
fn what_is_not_spoilt_is_allowed() {
    let bench = bench();
    drop(with_two_documents(&bench));
    drop(check_image(&bench, "oci-layout:img:v1").exits(0));
}

/// The row of something that refers to the image, after somebody broke it: the run denies, and says
/// why. What else refers to the image is a fact all the same.
fn spoilt(break_it: impl FnOnce(&Workbench, &mut Layout, &Value)) -> Value {
    let bench = bench();
    let (mut layout, document, other) = with_two_documents(&bench);
    break_it(&bench, &mut layout, &document);
    layout.done();
    let report = check_image(&bench, "oci-layout:img:v1").exits(1).json();
    let documents = report["documents"].as_array().unwrap();
    let (others, rows): (Vec<_>, Vec<_>) =
        documents.iter().partition(|row| row["path"] == digest(&other));
    assert_eq!((others.len(), rows.len()), (1, 1), "{report:#}");
    assert_eq!(others[0]["status"], "fact", "{report:#}");
    assert_eq!(rows[0]["status"], "rejected", "{report:#}");
    let message = report["reasons"][0]["message"].as_str().unwrap();
    assert!(message.contains(reason(rows[0])), "{report:#}");
    rows[0].clone()
}

fn reason(row: &Value) -> &str {
    row["reason"].as_str().unwrap()
}

#[test]
fn a_document_whose_blob_is_missing_is_listed() {
    let row = spoilt(|_, layout, document| fs::remove_file(layout.path(document)).unwrap());
    assert_eq!((reason(&row), &row["digest"]), ("its blob is missing", &Value::Null));
    let row = spoilt(|_, layout, document| {
        fs::remove_file(layout.path(document)).unwrap();
        symlink("nowhere", layout.path(document)).unwrap();
    });
    assert_eq!(reason(&row), "its blob is missing");
}

#[test]
fn a_document_that_was_swapped_is_listed_with_the_digest_that_it_has() {
    let row = spoilt(|_, layout, document| {
        // As long as it was, and it would say the same.
        let text = fs::read_to_string(layout.path(document)).unwrap();
        fs::write(layout.path(document), text.trim_end().to_owned() + "\n").unwrap();
    });
    let found = row["digest"].as_str().unwrap();
    assert_eq!(reason(&row), format!("its blob is another one: its bytes have the digest {found}"));
    assert_ne!(row["path"], found);
}

#[test]
fn a_document_of_another_size_than_its_descriptor_gives_is_listed() {
    let row = spoilt(|_, layout, document| {
        let text = fs::read_to_string(layout.path(document)).unwrap();
        fs::write(layout.path(document), text + " ").unwrap();
    });
    assert!(reason(&row).contains("bytes, and its descriptor gives "), "{row}");
    assert_eq!(row["digest"], Value::Null);
}

#[test]
fn a_document_that_is_too_large_is_listed() {
    let row = spoilt(|bench, _, document| {
        let cap = document["size"].as_u64().unwrap() - 1;
        let cap = format!("[evidence]\nmax-document = {cap}\n[stage.production]");
        bench.replace("lockgate.toml", "[stage.production]", &cap);
    });
    assert!(reason(&row).contains("raise `max-document`"), "{row}");
}

#[test]
fn a_document_behind_a_link_out_of_the_layout_is_not_read() {
    let row = spoilt(|bench, layout, document| {
        fs::rename(layout.path(document), bench.path("planted")).unwrap();
        symlink("../../../planted", layout.path(document)).unwrap();
    });
    assert_eq!(reason(&row), "its blob is a link that leaves the folder");
    let row = spoilt(|bench, layout, document| {
        fs::rename(layout.path(document), bench.path("planted")).unwrap();
        symlink(bench.path("planted"), layout.path(document)).unwrap();
    });
    assert_eq!(reason(&row), "its blob is a link that leaves the folder");
}

#[test]
fn what_is_no_file_is_not_opened() {
    let row = spoilt(|_, layout, document| {
        fs::remove_file(layout.path(document)).unwrap();
        assert!(Command::new("mkfifo").arg(layout.path(document)).status().unwrap().success());
    });
    assert_eq!(reason(&row), "its blob is a FIFO, which is not opened");
    let row = spoilt(|_, layout, document| {
        fs::remove_file(layout.path(document)).unwrap();
        fs::create_dir(layout.path(document)).unwrap();
    });
    assert_eq!(reason(&row), "its blob is a folder");
}

#[test]
fn a_manifest_that_cannot_be_read_may_be_the_one_that_is_missed() {
    let row = spoilt(|_, layout, _| fs::remove_file(layout.path(&layout.index[1])).unwrap());
    assert_eq!(reason(&row), "its blob is missing");
    assert_eq!(row["kind"], Value::Null);
    let row = spoilt(|_, layout, _| {
        let manifest = fs::read_to_string(layout.path(&layout.index[1])).unwrap();
        let twice = manifest.replacen('{', "{\"layers\":[],", 1);
        layout.index[1] = layout.blob("application/vnd.oci.image.manifest.v1+json", twice);
    });
    assert_eq!(reason(&row), "has the name `layers` twice in one object");
    let row = spoilt(|_, layout, _| layout.index[1]["digest"] = json!("sha256:../../../../ci.pub"));
    assert_eq!(row["path"], "sha256:../../../../ci.pub");
    assert_eq!(
        reason(&row),
        "its digest is not supported by this version: `.` is not a lower-case hexadecimal digit"
    );
}

#[test]
fn indexes_end_somewhere() {
    let bench = bench();
    let (mut layout, image) = Layout::with_image(&bench, "img");
    let document = layout.blob(BUNDLE, tests_passed(&layout.path(&image)));
    let mut deep = layout.manifest(&[document], Some(&image));
    for _ in 0..4 {
        deep = layout.nested(&[deep]);
    }
    layout.index.push(deep.clone());
    layout.done();
    drop(check_image(&bench, "oci-layout:img:v1").exits(0));
    layout.index[1] = layout.nested(&[deep]);
    layout.done();
    let report = check_image(&bench, "oci-layout:img:v1").exits(1).json();
    assert_eq!(report["documents"][0]["reason"], "lies more than 4 indexes deep");
}

#[test]
fn a_flood_of_manifests_ends_in_a_line_that_says_so() {
    let bench = bench();
    let (mut layout, image) = Layout::with_image(&bench, "img");
    let listed: Vec<_> = (0..4100)
        .map(|number| {
            json!({
                "mediaType": "application/vnd.oci.image.manifest.v1+json",
                "digest": format!("sha256:{number:064}"),
                "size": 1,
            })
        })
        .collect();
    for half in listed.chunks(2050) {
        let index = layout.nested(half);
        layout.index.push(index);
    }
    layout.done();
    let report = check_image(&bench, "oci-layout:img:v1").exits(1).json();
    let documents = report["documents"].as_array().unwrap();
    let last = "is not read, nor what follows: a layout lists 4096 manifests at most";
    assert_eq!(documents.iter().filter(|row| row["reason"] == last).count(), 1);
    assert_eq!(documents.len(), 4096 - 3 + 1);
    // One index may not list as many either.
    let all = layout.nested(&listed);
    layout.index.truncate(1);
    layout.index.push(all);
    layout.done();
    let report = check_image(&bench, "oci-layout:img:v1").exits(1).json();
    let why = report["documents"][0]["reason"].as_str().unwrap();
    assert!(why.contains("expected an array of at most 4096 elements"), "{why}");
    drop(image);
}

#[test]
fn a_flood_of_layers_ends_in_a_line_that_says_so() {
    let bench = bench();
    let (mut layout, image) = Layout::with_image(&bench, "img");
    for manifest in 0..11 {
        let layers: Vec<_> = (0..1000)
            .map(|layer| {
                let number = manifest * 1000 + layer;
                json!({ "mediaType": "a", "digest": format!("sha256:{number:064}"), "size": 1 })
            })
            .collect();
        let manifest = layout.manifest(&layers, Some(&image));
        layout.index.push(manifest);
    }
    layout.done();
    let report = check_image(&bench, "oci-layout:img:v1").exits(1).json();
    let documents = report["documents"].as_array().unwrap();
    assert_eq!(documents.len(), 10_001);
    let last = "more than 10000 documents: what follows is not read";
    assert_eq!(documents.iter().filter(|row| row["reason"] == last).count(), 1);
}

#[test]
fn a_flood_of_signatures_over_one_payload_ends_in_a_line_that_says_so() {
    let bench = bench();
    let (mut layout, image) = Layout::with_image(&bench, "img");
    let simple_signing = "application/vnd.dev.cosign.simplesigning.v1+json";
    let signed = |payload: &Value, number: u32| {
        let mut layer = payload.clone();
        let signature = format!("{number:08}");
        layer["annotations"] = json!({ "dev.cosignproject.cosign/signature": signature });
        layer
    };
    let payload = layout.blob(simple_signing, "{}");
    let layers: Vec<_> = (0..1000).map(|number| signed(&payload, number)).collect();
    let manifest = layout.manifest(&layers, Some(&image));
    layout.index.push(manifest);
    // A payload that is large is none, however many signatures there are.
    let large = layout.blob(simple_signing, " ".repeat(16_385));
    let manifest = layout.manifest(&[signed(&large, 0)], Some(&image));
    layout.index.push(manifest);
    layout.done();
    let report = check_image(&bench, "oci-layout:img:v1").exits(1).json();
    let documents = report["documents"].as_array().unwrap();
    let (large, rest): (Vec<_>, Vec<_>) =
        documents.iter().partition(|row| row["path"] == digest(&large));
    assert_eq!(
        reason(large[0]),
        "cosign simple signing: its payload has 16385 bytes, and 16384 are read at most"
    );
    assert_eq!(
        (rest.len(), reason(rest[256])),
        (257, "cosign simple signing: more than 256 signatures over one payload are not read")
    );
}

#[test]
fn sparse_manifests_cost_nobody_memory() {
    let bench = bench();
    let (mut layout, image) = Layout::with_image(&bench, "img");
    for number in 0..10_u64 {
        let mut sparse = layout.blob("application/vnd.oci.image.manifest.v1+json", "");
        sparse["digest"] = json!(format!("sha256:{number:064}"));
        sparse["size"] = json!(4 << 20);
        let file = File::create(layout.path(&sparse)).unwrap();
        file.set_len(4 << 20).unwrap();
        layout.index.push(sparse);
    }
    layout.done();
    let report = check_image(&bench, "oci-layout:img:v1").exits(1).json();
    let with = |words: &str| {
        let rows = report["documents"].as_array().unwrap().iter();
        rows.filter(|row| row["reason"].as_str().unwrap().contains(words)).count()
    };
    // Of 32 MiB the image takes some.
    assert_eq!(with("would make all manifests more than 33554432 bytes"), 3);
    assert_eq!(with("its bytes have the digest"), 7);
    drop(image);
}
