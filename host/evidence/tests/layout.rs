//! What holds for any OCI layout: no byte counts that does not have the digest by which it was found.
#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use std::sync::LazyLock;

use camino::Utf8PathBuf;
use cap_std::ambient_authority;
use cap_std::fs::Dir;
use common::{Key, at, bytes, lines, repository};
use lockgate_evidence::{Artifact, Caps, KeyEntry, Source, Trust, gather, verify};
use lockgate_model::Kind;
use proptest::prelude::*;

/// The files of a layout, by their paths.
type Files = Vec<(String, Vec<u8>)>;

/// An image with documents under every tag that cosign ever wrote.
static FIXTURE: LazyLock<Files> = LazyLock::new(|| {
    let folder = repository("tests/fixtures/oci-layout-tags");
    let dir = Dir::open_ambient_dir(&folder, ambient_authority()).unwrap();
    let blobs = dir.read_dir("blobs/sha256").unwrap();
    let name = |blob: std::io::Result<cap_std::fs::DirEntry>| {
        format!("blobs/sha256/{}", blob.unwrap().file_name().into_string().unwrap())
    };
    let mut names: Vec<String> = blobs.map(name).collect();
    names.sort();
    names.extend(["index.json".to_owned(), "oci-layout".to_owned()]);
    names.into_iter().map(|name| (name.clone(), bytes(folder.join(&name)))).collect()
});

fn cosign() -> Trust {
    let file = bytes(repository("tests/fixtures/oci-layout-tags/cosign.pub"));
    let kinds = Some(Kind::ALL.to_vec());
    Trust::new(vec![KeyEntry { name: "ci".to_owned(), file, kinds, ..KeyEntry::default() }])
        .unwrap()
}

/// A layout of these files, in `img`, and an empty folder `evidence`.
fn written(files: &Files) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let dir = Dir::open_ambient_dir(folder.path(), ambient_authority()).unwrap();
    dir.create_dir_all("img/blobs/sha256").unwrap();
    dir.create_dir("evidence").unwrap();
    for (name, content) in files {
        dir.write(format!("img/{name}"), content).unwrap();
    }
    folder
}

fn path(folder: &tempfile::TempDir, name: &str) -> Utf8PathBuf {
    Utf8PathBuf::from_path_buf(folder.path().join(name)).unwrap()
}

fn resolved(folder: &tempfile::TempDir) -> Result<Artifact, lockgate_evidence::ResolveError> {
    Artifact::resolve(&format!("oci-layout:{}:v1", path(folder, "img")))
}

/// The facts about the image as lines, or none where there is no image.
fn facts(files: &Files) -> Option<Vec<String>> {
    let folder = written(files);
    let mut artifact = match resolved(&folder) {
        Ok(artifact) => artifact,
        Err(error) => {
            assert!(!error.is_host_failure(), "{error}");
            return None;
        }
    };
    let trust = cosign();
    let gathered = gather(&mut artifact, &[], &Caps::default(), &trust).unwrap();
    let mut lines = lines(&verify(gathered, &artifact, &trust, at()));
    lines.retain(|line| line.contains(" fact: "));
    Some(lines)
}

#[test]
fn all_that_cosign_signed_with_its_key_is_a_fact() {
    assert_eq!(facts(&FIXTURE).unwrap().len(), 5, "two of them by simple signing");
}

#[test]
fn a_signature_over_the_bytes_is_one_over_the_manifest() {
    let key = Key::ed25519();
    let (_, manifest) =
        FIXTURE.iter().find(|(name, _)| name.starts_with("blobs/sha256/9c4a6077")).unwrap();
    let folder = written(&FIXTURE);
    let dir = Dir::open_ambient_dir(folder.path(), ambient_authority()).unwrap();
    dir.write("evidence/app.json", key.blob(manifest).to_string()).unwrap();
    let source = Source { kind: None, path: path(&folder, "evidence") };
    let trust = key.trusted("ci");
    let line = |artifact_bytes| {
        let mut artifact = resolved(&folder).unwrap();
        let caps = Caps { artifact_bytes, ..Caps::default() };
        let gathered = gather(&mut artifact, std::slice::from_ref(&source), &caps, &trust).unwrap();
        lines(&verify(gathered, &artifact, &trust, at())).remove(0)
    };
    assert_eq!(line(1024), "app.json 0 signature fact: by ci");
    assert_eq!(
        line(344),
        "app.json 0 signature rejected: its check with `ci` is not possible: it signs the \
         artifact's bytes, which are 345, and the cap is 344: raise `max-artifact` under \
         `[evidence]` in the policy file"
    );
}

/// The facts while nothing is flipped.
static BEFORE: LazyLock<Vec<String>> = LazyLock::new(|| facts(&FIXTURE).unwrap());

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_flipped_bit_makes_no_fact(
        file in 0..FIXTURE.len(),
        byte in any::<prop::sample::Index>(),
        bit in 0..8_u32,
    ) {
        let mut files = FIXTURE.clone();
        let (name, content) = &mut files[file];
        let at = byte.index(content.len());
        content[at] ^= 1 << bit;
        let blob = name.strip_prefix("blobs/sha256/").map(|hex| format!("sha256:{hex}"));
        for fact in facts(&files).unwrap_or_default() {
            prop_assert!(BEFORE.contains(&fact), "{fact}");
            prop_assert!(!blob.as_ref().is_some_and(|blob| fact.contains(blob)), "{fact}");
        }
    }
}
