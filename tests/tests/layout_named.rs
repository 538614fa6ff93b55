//! Which manifest of an OCI layout is the artifact. What the caller named has to be there, to be clear,
//! and to be what its digest says, or there is nothing to judge: exit 2, and what to do.
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
    BUNDLE, Layout, TAG, Workbench, check_image, digest, expecting_tests, tests_passed,
};
use serde_json::{Value, json};

const BINARY: &str = env!("CARGO_BIN_EXE_lockgate-under-test");

fn bench() -> Workbench {
    expecting_tests(BINARY)
}

/// What stands on standard error of a run that is the caller's mistake.
fn refused(bench: &Workbench, artifact: &str) -> String {
    check_image(bench, artifact).exits(2).stderr
}

/// Asserts that it ends with exit 2, and what it says: the error's causes and the help, on a line
/// each.
fn says(bench: &Workbench, artifact: &str, lines: &[&str]) {
    let stderr = refused(bench, artifact);
    let mut expected = vec![format!("error: cannot take the artifact `{artifact}`")];
    expected.extend(lines.iter().map(|line| (*line).to_owned()));
    assert_eq!(stderr.lines().map(str::trim_start).collect::<Vec<_>>(), expected);
}

const FORMS: &str =
    "help: write `oci-layout:PATH`, `oci-layout:PATH:TAG` or `oci-layout:PATH@sha256:HEX`";

#[test]
fn a_reference_that_is_malformed_is_the_callers_mistake() {
    let bench = bench();
    for artifact in ["oci-layout:", "oci-layout::v1"] {
        says(&bench, artifact, &["because: no path stands behind `oci-layout:`", FORMS]);
    }
    says(&bench, "oci-layout:img:", &["because: no tag stands behind the last `:`", FORMS]);
    says(
        &bench,
        "oci-layout:img@sha256:abc",
        &[
            "because: `sha256:abc` is not a digest by which a manifest is named",
            "because: a sha256 digest has 64 hexadecimal digits, and this has 3",
            FORMS,
        ],
    );
    let digest = format!("sha256:{}", "0".repeat(64));
    says(
        &bench,
        &format!("oci-layout:img:v1@{digest}"),
        &[
            "because: it names a tag and a digest",
            "help: leave the tag out; behind a path whose last name has a `:`, write a `/`",
        ],
    );
}

#[test]
fn a_layout_has_to_be_there_and_to_be_one() {
    let bench = bench();
    let ends = format!("{FORMS}; the path ends at the last `:` behind its last `/`");
    says(&bench, "oci-layout:img:v1", &["because: the layout `img` does not exist", &ends]);
    bench.write("img", "");
    says(&bench, "oci-layout:img", &["because: `img` is a file, and a layout is a folder", &ends]);
    fs::remove_file(bench.path("img")).unwrap();
    assert!(Command::new("mkfifo").arg(bench.path("img")).status().unwrap().success());
    says(&bench, "oci-layout:img", &["because: `img` is a FIFO, and a layout is a folder", &ends]);
    fs::remove_file(bench.path("img")).unwrap();
    symlink("img", bench.path("img")).unwrap();
    let stderr = refused(&bench, "oci-layout:img");
    assert!(stderr.contains("because: cannot open the layout `img`"), "{stderr}");
    fs::remove_file(bench.path("img")).unwrap();

    let help = "help: name the folder that holds `oci-layout`, `index.json` and `blobs`";
    let is_none = |file: &str, reason: &str| {
        let because = format!("because: `img` is not an OCI image layout: its `{file}` {reason}");
        says(&bench, "oci-layout:img", &[&because, help]);
    };
    fs::create_dir(bench.path("img")).unwrap();
    is_none("oci-layout", "is missing");
    bench.write("img/oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"");
    is_none("oci-layout", "is not valid JSON: the text ends too early at line 1 column 30");
    bench.write("img/oci-layout", "{}");
    is_none("oci-layout", "cannot be read: missing field `imageLayoutVersion` at line 1 column 2");
    bench.write("img/oci-layout", r#"{"imageLayoutVersion":"2.0.0"}"#);
    is_none("oci-layout", "gives the version `2.0.0`, and 1.0.0 is supported by this version");
    File::create(bench.path("img/oci-layout")).unwrap().set_len(5 << 30).unwrap();
    is_none("oci-layout", "has more than 65536 bytes");

    drop(Layout::new(&bench, "img"));
    is_none("index.json", "is missing");
    bench.write("outside.json", r#"{"schemaVersion":2,"manifests":[]}"#);
    symlink("../outside.json", bench.path("img/index.json")).unwrap();
    is_none("index.json", "is a link that leaves the folder");
    fs::remove_file(bench.path("img/index.json")).unwrap();
    for (text, reason) in [
        (
            r#"{"schemaVersion":2,"manifests":[],"manifests":[]}"#,
            "has the name `manifests` twice in one object",
        ),
        (r#"{"schemaVersion":1}"#, "has the schema version 1, and 2 is supported by this version"),
        (r#"{"schemaVersion":2,"layers":[]}"#, "has what only a manifest has"),
        (
            r#"{"schemaVersion":2,"mediaType":"application/json"}"#,
            "calls itself `application/json`, and not `application/vnd.oci.image.index.v1+json`",
        ),
        ("[]", "cannot be read: invalid type: sequence, expected an object at line 1 column 0"),
    ] {
        bench.write("img/index.json", text);
        is_none("index.json", reason);
    }
    let stderr = refused(&bench, "img");
    assert!(stderr.contains("help: an image in an OCI layout is named by `oci-layout:PATH`"));
}

#[test]
fn which_manifest_is_meant_has_to_be_clear() {
    let bench = bench();
    let mut layout = Layout::new(&bench, "img");
    layout.done();
    let nothing = "because: the layout lists no manifest that could be the artifact";
    let name_one = "help: name one by its tag or by `@sha256:HEX`";
    says(&bench, "oci-layout:img", &[nothing, name_one]);
    says(
        &bench,
        "oci-layout:img:v1",
        &[
            "because: no manifest in the layout has the tag `v1`",
            "help: it has no tags; name a manifest by `@sha256:HEX`, or none if there is only one",
        ],
    );
    let images: Vec<_> = (0..3).map(|number| layout.image(&number.to_string())).collect();
    layout.refer(BUNDLE, "{}", &images[0]);
    layout.done();
    // A referrer is not the artifact unless it is named.
    says(&bench, "oci-layout:img", &[nothing, name_one]);
    layout.list_as("v1", &images[0]);
    layout.list_as("v1\u{1b}[2J", &images[1]);
    layout.index.push(images[2].clone());
    layout.done();
    let several = "because: the layout lists several manifests that could be the artifact";
    let candidates =
        format!("help: name one: `:v1`, `:v1\\u{{1b}}[2J` and `@{}`", digest(&images[2]));
    says(&bench, "oci-layout:img", &[several, &candidates]);
    let tags = "help: it has the tags `v1` and `v1\\u{1b}[2J`; any manifest that it lists can be \
                named by `@sha256:HEX`";
    says(
        &bench,
        "oci-layout:img:v2",
        &["because: no manifest in the layout has the tag `v2`", tags],
    );
    let unknown = format!("sha256:{}", "0".repeat(64));
    says(
        &bench,
        &format!("oci-layout:img@{unknown}"),
        &[&format!("because: the layout lists no manifest {unknown}"), tags],
    );
    // A blob that is there and not listed is nobody's manifest.
    let unlisted = layout.image("unlisted");
    let stderr = refused(&bench, &format!("oci-layout:img@{}", digest(&unlisted)));
    assert!(stderr.contains("lists no manifest"), "{stderr}");

    layout.list_as("v1", &images[2]);
    layout.done();
    says(
        &bench,
        "oci-layout:img:v1",
        &[
            "because: several manifests in the layout have the tag `v1`",
            "help: name one by `@sha256:HEX`",
        ],
    );
}

/// Breaks the manifest of the image `v1`, and says why it cannot be used.
fn unusable(break_it: impl FnOnce(&mut Layout, &Value)) -> String {
    let bench = bench();
    let (mut layout, image) = Layout::with_image(&bench, "img");
    layout.refer(BUNDLE, tests_passed(&layout.path(&image)), &image);
    break_it(&mut layout, &image);
    layout.done();
    let stderr = refused(&bench, "oci-layout:img:v1");
    assert!(stderr.ends_with("\nhelp: copy the image into the layout anew\n"), "{stderr}");
    let (_, because) = stderr.split_once("because: the manifest ").unwrap();
    because.lines().next().unwrap().replace(digest(&image), "DIGEST")
}

#[test]
fn an_artifact_that_is_not_what_its_digest_says_is_not_judged() {
    assert_eq!(
        unusable(|layout, image| fs::remove_file(layout.path(image)).unwrap()),
        "DIGEST cannot be used: its blob is missing"
    );
    let other = "is another one: its bytes have the digest sha256:";
    let swapped = unusable(|layout, image| {
        let text = fs::read_to_string(layout.path(image)).unwrap();
        fs::write(layout.path(image), text.replace("\"schemaVersion\":2", "\"schemaVersion\":3"))
            .unwrap();
    });
    assert!(
        swapped.starts_with("DIGEST cannot be used: its blob ") && swapped.contains(other),
        "{swapped}"
    );
    let longer = unusable(|layout, image| {
        let text = fs::read_to_string(layout.path(image)).unwrap();
        fs::write(layout.path(image), text + " ").unwrap();
    });
    assert!(longer.contains("bytes, and its descriptor gives"), "{longer}");
    let size = unusable(|layout, _| layout.index[0]["size"] = json!(7));
    assert!(size.contains("bytes, and its descriptor gives 7"), "{size}");
    assert_eq!(
        unusable(|layout, _| layout.index[0]["size"] = json!(5_u64 << 30)),
        "DIGEST cannot be used: has 5368709120 bytes, and a manifest 4194304 at most"
    );
    assert_eq!(
        unusable(|layout, image| {
            let manifest = layout.path(image);
            let out = manifest.ancestors().nth(4).unwrap().join("out");
            fs::rename(&manifest, out).unwrap();
            symlink("../../../out", layout.path(image)).unwrap();
        }),
        "DIGEST cannot be used: its blob is a link that leaves the folder"
    );
}

#[test]
fn an_artifact_that_is_no_manifest_is_not_judged() {
    let media_type =
        |text: &'static str| unusable(move |layout, _| layout.index[0]["mediaType"] = json!(text));
    assert_eq!(
        media_type("application/vnd.oci.image.index.v1+json"),
        "DIGEST cannot be used: calls itself `application/vnd.oci.image.manifest.v1+json`, and its descriptor \
         `application/vnd.oci.image.index.v1+json`"
    );
    assert_eq!(
        media_type("application/xml"),
        "DIGEST cannot be used: is not one: its media type `application/xml` is not one of a manifest"
    );
    let other = unusable(|layout, _| {
        let manifest = layout.blob("application/vnd.oci.image.manifest.v1+json", "{}");
        layout.index.clear();
        layout.list_as("v1", &manifest);
    });
    assert!(other.ends_with("cannot be read: missing field `schemaVersion` at line 1 column 2"));
    let hash = format!("sha512:{}", "0".repeat(128));
    let other = unusable(|layout, _| layout.index[0]["digest"] = json!(hash));
    assert!(other.contains("its digest is not supported by this version"), "{other}");
}

#[test]
fn where_a_manifest_cannot_be_read_the_artifact_has_to_be_named() {
    let bench = bench();
    let (mut layout, image) = Layout::with_image(&bench, "img");
    layout.refer(BUNDLE, tests_passed(&layout.path(&image)), &image);
    let other = layout.image("other");
    layout.index.push(other.clone());
    layout.done();
    fs::remove_file(layout.path(&other)).unwrap();
    let stderr = refused(&bench, "oci-layout:img");
    assert!(stderr.contains(&format!("name one: `:v1` and `@{}`", digest(&other))), "{stderr}");
    drop(check_image(&bench, "oci-layout:img:v1").exits(0));
}

#[test]
fn a_link_within_the_layout_is_followed() {
    let bench = bench();
    let (mut layout, image) = Layout::with_image(&bench, "img");
    let document = layout.refer(BUNDLE, tests_passed(&layout.path(&image)), &image);
    layout.done();
    fs::rename(layout.path(&document), bench.path("img/blobs/elsewhere")).unwrap();
    symlink("../elsewhere", layout.path(&document)).unwrap();
    drop(check_image(&bench, "oci-layout:img:v1").exits(0));
    // So may the layout be behind a link: that is the caller's own word.
    symlink("img", bench.path("link")).unwrap();
    drop(check_image(&bench, "oci-layout:link:v1").exits(0));
}

#[test]
fn tags_count_in_the_index_of_the_layout_alone() {
    let bench = bench();
    let mut layout = Layout::new(&bench, "img");
    let mut inner = layout.image("inner");
    inner["annotations"] = json!({ TAG: "v1" });
    let index = layout.nested(&[inner]);
    layout.list_as("v2", &index);
    layout.done();
    let stderr = refused(&bench, "oci-layout:img:v1");
    assert!(stderr.contains("no manifest in the layout has the tag `v1`"), "{stderr}");
}
