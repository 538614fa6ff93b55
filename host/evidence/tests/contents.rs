//! Files inside the artifact: what writers of archives wrote is listed, read and searched.
#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod archive;
mod common;

use std::fmt::Write as _;

use archive::{Tar, Zip, gzip};
use cap_std::ambient_authority;
use cap_std::fs::Dir;
use common::{Case, bytes, repository};
use lockgate_evidence::contents::{
    BadPattern, Caps, Contents, Glob, Hit, Narrowing, NotHeld, Query, Search, Unreadable,
};
use lockgate_evidence::contents::{Entry, EntryKind};
use lockgate_evidence::{Artifact, ResolveError};
use proptest::prelude::*;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

fn read(archive: &[u8], caps: &Caps) -> Result<Contents, Unreadable> {
    Case::about(archive).artifact().contents(caps).unwrap()
}

fn contents(archive: &[u8]) -> Contents {
    read(archive, &Caps::default()).unwrap()
}

/// One line for each entry, as Python's script writes it beside the fixtures.
fn lines(contents: &Contents, with_owner: bool) -> Vec<String> {
    let line = |(id, entry): (u32, &Entry)| {
        let mut line = format!("{} {} {}", entry.path, entry.kind, entry.size);
        match entry.mode {
            Some(mode) => write!(line, " {mode:o}").unwrap(),
            None => line.push_str(" -"),
        }
        if with_owner {
            // Python takes none for zero.
            let (user, group) = entry.owner.unwrap_or_default();
            write!(line, " {user}:{group}").unwrap();
        }
        let target = entry.link_target.as_deref().unwrap_or("-");
        let digest = contents.digest(id).map_or_else(|_| "-".to_owned(), |digest| digest.hex());
        write!(line, " {target} {digest}").unwrap();
        line
    };
    (0..).zip(contents.entries()).map(line).collect()
}

#[test]
fn what_other_programs_wrote_is_listed_as_another_reader_has_it_and_is_not_ambiguous() {
    let folder = repository("tests/fixtures/archives");
    #[expect(
        clippy::disallowed_methods,
        reason = "all fixtures are read, whatever they are called"
    )]
    let names = std::fs::read_dir(&folder).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let names: Vec<String> = names.filter(|name| name.ends_with(".list")).collect();
    assert_eq!(names.len(), 20);
    for name in names {
        let archive = name.strip_suffix(".list").unwrap();
        let contents = contents(&bytes(folder.join(archive)));
        assert_eq!(contents.ambiguities(), [], "{archive}");
        let expected = String::from_utf8(bytes(folder.join(&name))).unwrap();
        let is_zip = archive.ends_with(".zip");
        let mut lines = lines(&contents, !is_zip);
        lines.sort();
        assert_eq!(lines, expected.lines().collect::<Vec<_>>(), "{archive}");
        let format = match archive.rsplit_once('.').unwrap().1 {
            "zip" => "zip",
            "tar" => "tar",
            _ => "tar-gzip",
        };
        assert_eq!(contents.format(), format);
        for (id, entry) in (0..).zip(contents.entries()) {
            if entry.kind == EntryKind::File {
                assert_eq!(contents.bytes(id).unwrap().len() as u64, entry.size);
            }
        }
    }
}

#[test]
fn a_name_in_a_zip_that_does_not_say_how_it_is_encoded_is_ambiguous() {
    // Info-ZIP writes UTF-8 and does not say so; Python then reads `caf├⌐.txt`.
    let contents = contents(&bytes(repository("tests/fixtures/archives/info-bare.zip")));
    let [ambiguity] = contents.ambiguities() else { panic!("one") };
    assert_eq!(ambiguity.code.as_str(), "unreadable-name");
    assert_eq!(ambiguity.path.as_deref(), Some("share/caf\u{e9}.txt"));
}

#[test]
fn the_owner_in_a_zip_is_told() {
    let contents = contents(&bytes(repository("tests/fixtures/archives/info-owner.zip")));
    assert!(contents.entries().iter().all(|entry| entry.owner == Some((0, 0))));
}

#[test]
fn sparse_files_are_listed_with_their_size_and_what_stands_behind_them_is_read() {
    for name in ["sparse-gnu.tgz", "sparse-posix.tgz"] {
        let contents = contents(&bytes(repository("tests/fixtures/archives").join(name)));
        let [sparse, behind] = contents.entries() else { panic!("{name}") };
        assert_eq!((sparse.path.as_str(), sparse.size), ("sparse", 40 * 65536 + 4));
        let why = contents.bytes(0).unwrap_err();
        assert_eq!(why.to_string(), "the file `sparse` cannot be read: it is sparse");
        assert_eq!(
            (behind.path.as_str(), contents.bytes(1).unwrap()),
            ("zbehind", &b"behind\n"[..])
        );
        assert!(contents.ambiguities().iter().all(|a| a.path.as_deref() == Some("sparse")));
    }
}

#[test]
fn an_owner_that_is_not_stated_is_none() {
    let contents = contents(&bytes(repository("tests/fixtures/archives/npm.tgz")));
    assert!(contents.entries().iter().all(|entry| entry.owner.is_none()));
}

#[test]
fn the_layers_of_an_image_are_listed_one_after_the_other() {
    let path = repository("tests/fixtures/archives/image");
    let mut image = Artifact::resolve(&format!("oci-layout:{}:v1", path.display())).unwrap();
    let contents = image.contents(&Caps::default()).unwrap().unwrap();
    assert_eq!(contents.format(), "oci-layout");
    assert_eq!(contents.ambiguities(), []);
    let layers: std::collections::BTreeSet<_> =
        contents.entries().iter().map(|entry| entry.layer.unwrap()).collect();
    assert_eq!(layers.len(), 2);
    let at = |path: &str| {
        let entries = (0..).zip(contents.entries());
        entries.filter(|(_, entry)| entry.path == path).collect::<Vec<(u32, _)>>()
    };
    let [(_, run)] = at("bin/run")[..] else { panic!("once") };
    assert_eq!((run.kind, run.mode), (EntryKind::File, Some(0o4755)));
    let [(lower, _), (upper, _)] = at("share/nothing")[..] else { panic!("in both layers") };
    assert_eq!((contents.bytes(lower), contents.bytes(upper)), (Ok(&b""[..]), Ok(&b"upper\n"[..])));
    assert_eq!(at(".wh.empty").len(), 1);
    assert_eq!(at("absolute")[0].1.link_target.as_deref(), Some("/bin/run"));
}

#[test]
fn a_layer_that_is_not_what_its_digest_says_is_not_listed() {
    let case = Case::new();
    let from = repository("tests/fixtures/archives/image");
    let mut layers = Vec::new();
    case.evidence.create_dir_all("blobs/sha256").unwrap();
    #[expect(clippy::disallowed_methods, reason = "all blobs are copied")]
    for blob in std::fs::read_dir(from.join("blobs/sha256")).unwrap() {
        let name = blob.unwrap().file_name().into_string().unwrap();
        let mut content = bytes(from.join("blobs/sha256").join(&name));
        if content.starts_with(b"\x1f\x8b") {
            // The time in the header of the gzip: whatever is inside stays as it is.
            content[4] ^= 1;
            layers.push(name.clone());
        }
        case.evidence.write(format!("blobs/sha256/{name}"), content).unwrap();
    }
    for name in ["oci-layout", "index.json"] {
        case.evidence.write(name, bytes(from.join(name))).unwrap();
    }
    let mut image = Artifact::resolve(&format!("oci-layout:{}:v1", case.path("evidence"))).unwrap();
    let why = image.contents(&Caps::default()).unwrap().unwrap_err().to_string();
    let named = layers.iter().any(|layer| why.starts_with(&format!("the layer sha256:{layer} is")));
    assert!(named && why.contains("another one: its blob has the digest sha256:"), "{why}");
    case.evidence.remove_dir_all("blobs").unwrap();
    let why = image.contents(&Caps::default()).unwrap().unwrap_err().to_string();
    assert!(why.ends_with("cannot be read: its blob is missing"), "{why}");
}

/// An image of these layers, each with its media type and its bytes, and an index that lists it.
fn image(case: &Case, layers: &[(&str, &[u8])]) {
    image_with(case, layers, b"{}");
}

fn image_with(case: &Case, layers: &[(&str, &[u8])], config: &[u8]) {
    let put = |content: &[u8]| {
        let digest = Sha256::digest(content);
        let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        case.evidence.write(format!("blobs/sha256/{hex}"), content).unwrap();
        json!({ "digest": format!("sha256:{hex}"), "size": content.len() })
    };
    let typed = |mut descriptor: Value, media: &str| {
        descriptor["mediaType"] = media.into();
        descriptor
    };
    case.evidence.create_dir_all("blobs/sha256").unwrap();
    let layers: Vec<_> = layers.iter().map(|(media, bytes)| typed(put(bytes), media)).collect();
    let config = typed(put(config), "application/vnd.oci.image.config.v1+json");
    let manifest = json!({ "schemaVersion": 2, "config": config, "layers": layers }).to_string();
    let media = |what: &str| format!("application/vnd.oci.image.{what}.v1+json");
    let manifest = typed(put(manifest.as_bytes()), &media("manifest"));
    let index = json!({ "schemaVersion": 2, "manifests": [manifest] }).to_string();
    let index = typed(put(index.as_bytes()), &media("index"));
    let tagged = |mut descriptor: Value, tag: &str| {
        descriptor["annotations"] = json!({ "org.opencontainers.image.ref.name": tag });
        descriptor
    };
    let top = [tagged(manifest, "image"), tagged(index, "index")];
    let top = json!({ "schemaVersion": 2, "manifests": top }).to_string();
    case.evidence.write("index.json", top).unwrap();
    case.evidence.write("oci-layout", r#"{"imageLayoutVersion":"1.0.0"}"#).unwrap();
}

fn inside(layers: &[(&str, &[u8])], tag: &str) -> Result<Contents, Unreadable> {
    let case = Case::new();
    image(&case, layers);
    let path = case.path("evidence");
    let mut artifact = Artifact::resolve(&format!("oci-layout:{path}:{tag}")).unwrap();
    artifact.contents(&Caps::default()).unwrap()
}

#[test]
fn layers_are_read_by_their_media_types_and_a_path_of_two_layers_is_not_ambiguous() {
    let docker = "application/vnd.docker.image.rootfs.diff.tar.gzip";
    let plain = "application/vnd.oci.image.layer.v1.tar";
    let (lower, upper) = (Tar::new().file("f", b"1").end(), Tar::new().file("/f", b"2").end());
    let contents = inside(&[(docker, &gzip(&lower)), (plain, &upper)], "image").unwrap();
    let paths: Vec<_> = contents.entries().iter().map(|entry| entry.path.as_str()).collect();
    assert_eq!(paths, ["/f", "f"]);
    assert_eq!(contents.ambiguities(), []);
    assert!(inside(&[], "image").unwrap().entries().is_empty());
}

#[test]
fn the_config_and_the_manifest_of_an_image_are_searched_and_not_listed() {
    let case = Case::new();
    let layer = Tar::new().file("f", b"KEY=1").end();
    let config = br#"{"config":{"Env":["KEY=2"]},"history":[{"created_by":"ENV KEY=2"}]}"#;
    image_with(&case, &[("application/vnd.oci.image.layer.v1.tar", &layer)], config);
    let open = || {
        let name = format!("oci-layout:{}:image", case.path("evidence"));
        Artifact::resolve(&name).unwrap().contents(&Caps::default()).unwrap().unwrap()
    };
    let search = |contents: &Contents, narrowing: Option<Narrowing>, text: &str| {
        let mut query = Query::all();
        narrowing.into_iter().for_each(|narrowing| query.narrow(narrowing));
        let mut search = Search::new(&query, contents);
        search.literal(text.as_bytes()).unwrap();
        assert!(search.work(contents, 1) > config.len() as u64 || query.width() > 0);
        let found = hits(contents, &mut search)?;
        let path = |id: u32| contents.entry(id).unwrap().path.clone();
        Ok::<_, NotHeld>(found.iter().map(|hit| (path(hit.0), hit.1)).collect::<Vec<_>>())
    };
    let contents = open();
    assert_eq!(contents.entries().len(), 1);
    assert_eq!((Query::all().count(&contents), Query::all().rows(&contents)), (1, vec![0]));
    assert_eq!(Query::all().next(&contents, 9), [0]);
    let own = |path: &str, at| (path.to_owned(), at);
    let all = [own("f", 0), own("image:config/", 19), own("image:config/", 58)];
    assert_eq!(search(&contents, None, "KEY=").unwrap(), all);
    let files = Narrowing::Kind(EntryKind::File);
    assert_eq!(search(&contents, Some(files), "KEY=").unwrap(), all);
    let path = Narrowing::Path(Glob::new("f").unwrap());
    assert_eq!(search(&contents, Some(path), "KEY=").unwrap(), all[..1]);
    let manifest = search(&contents, None, "schemaVersion").unwrap();
    assert_eq!(manifest.iter().map(|found| &found.0).collect::<Vec<_>>(), ["image:manifest/"]);
    let hex: String = Sha256::digest(config).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(contents.digest(1).unwrap().hex().to_string(), hex);
    assert!(contents.entry(3).is_err());
    case.evidence.remove_file(format!("blobs/sha256/{hex}")).unwrap();
    let contents = open();
    assert_eq!(contents.entries().len(), 1);
    assert_eq!(
        search(&contents, None, "KEY=").unwrap_err().to_string(),
        "the file `image:config/` cannot be read: it is not in the layout as it is described"
    );
}

#[test]
fn a_layer_that_is_not_read_says_which_and_why() {
    let tar = Tar::new().file("f", b"1").end();
    let zipped = gzip(&tar);
    let layer = "application/vnd.oci.image.layer.v1.tar";
    let why = |media: &str, bytes: &[u8]| {
        let why = inside(&[(media, bytes)], "image").unwrap_err().to_string();
        let (layer, why) = why.split_at("the layer sha256:".len() + 64);
        assert!(layer.starts_with("the layer sha256:"));
        why.trim_start().to_owned()
    };
    let zstd = format!("{layer}+zstd");
    assert_eq!(why(&zstd, b"\x28\xb5\x2f\xfd"), "is compressed by zstd, which is not read");
    assert_eq!(
        why("application/wasm", b"\0asm"),
        "has the media type `application/wasm`, which is not one of a tar"
    );
    assert_eq!(why(layer, &zipped), format!("has the media type `{layer}`, and begins otherwise"));
    assert!(why(&format!("{layer}+gzip"), &tar).ends_with("and begins otherwise"));
    assert_eq!(
        why(layer, &tar[..700]),
        "cannot be read: the archive is damaged at byte 700: it ends inside a block"
    );
    assert_eq!(why(layer, b"text"), "holds no tar");
    assert_eq!(
        inside(&[(layer, &tar)], "index").unwrap_err().to_string(),
        "the artifact is an index of images: name one of its manifests by `@sha256:HEX` to see what \
         is inside"
    );
}

#[test]
fn what_is_no_archive_says_what_is_read_instead() {
    let why = |bytes: &[u8]| read(bytes, &Caps::default()).unwrap_err().to_string();
    let none = "the artifact is no archive: a tar, with gzip or without, a zip or an image is read";
    for bytes in [&b""[..], b"text", &[0; 511], &[7; 4096], b"MZ"] {
        assert_eq!(why(bytes), none);
    }
    // A disk begins with zeros, too.
    assert_eq!(why(&[vec![0; 4096], vec![1]].concat()), none);
    assert!(why(b"\xfd7zXZ\0").starts_with("the artifact is compressed by xz, which is not read"));
    assert!(why(b"\x28\xb5\x2f\xfdx").starts_with("the artifact is compressed by zstd"));
    assert!(why(&gzip(b"text")).starts_with("the artifact is a gzip that holds no tar"));
    let mut digest = Artifact::resolve(&format!("sha256:{}", "0".repeat(64))).unwrap();
    let unreadable = digest.contents(&Caps::default()).unwrap().unwrap_err();
    assert_eq!(
        unreadable.to_string(),
        "only the artifact's digest is known: name its file to see what is inside"
    );
}

#[test]
fn an_archive_without_entries_is_one() {
    assert!(contents(&[0; 10240]).entries().is_empty());
    assert!(contents(&gzip(&[0; 1024])).entries().is_empty());
    assert!(contents(&Zip::new().end()).entries().is_empty());
}

#[test]
fn an_artifact_that_changed_behind_its_digest_is_not_listed() {
    let archive = Tar::new().file("a", b"one").end();
    let case = Case::about(&archive);
    let mut artifact = case.artifact();
    let other = Tar::new().file("a", b"two").end();
    let folder = Dir::open_ambient_dir(case.path(""), ambient_authority()).unwrap();
    folder.write("app", &other).unwrap();
    let error = artifact.contents(&Caps::default()).unwrap_err();
    assert!(matches!(error, ResolveError::Changed { .. }), "{error}");
    folder.write("app", [archive, vec![0]].concat()).unwrap();
    assert!(artifact.contents(&Caps::default()).unwrap_err().is_host_failure());
}

#[test]
fn a_file_that_no_longer_fits_is_listed_with_its_digest_and_is_not_read() {
    let archive = Tar::new().file("a", b"12345").file("b", b"123456").file("c", b"1").end();
    let caps = Caps { inflated: 6, ..Caps::default() };
    let contents = read(&archive, &caps).unwrap();
    assert_eq!(contents.bytes(0).unwrap(), b"12345");
    let why = contents.bytes(1).unwrap_err();
    assert!(why.is_capped());
    assert_eq!(
        why.to_string(),
        "the file `b` is not held: the files of the archive up to it have more than 6 bytes, which \
         is the cap"
    );
    assert_eq!(contents.bytes(2).unwrap(), b"1");
    let hex = contents.digest(1).unwrap().hex();
    assert_eq!(hex, "8d969eef6ecad3c29a3a629280e686cf0c3f5d5a86aff3ca12020c923adc6c92");
    assert_eq!(contents.bytes(3), Err(NotHeld::NoEntry { id: 3 }));
}

#[test]
fn entries_paths_and_sizes_have_caps_each_with_a_sentence() {
    let archive = Tar::new().file("a", b"1").file("bc", b"2").end();
    let why = |caps: Caps| read(&archive, &caps).unwrap_err().to_string();
    let caps = Caps::default();
    assert_eq!(
        why(Caps { entries: 1, ..caps }),
        "the archive has more than 1 entries, which is the cap"
    );
    assert_eq!(
        why(Caps { paths: 2, ..caps }),
        "the archive has more than 2 bytes in its paths, which is the cap"
    );
    let zip = Zip::new().file("a", b"").end();
    assert!(
        read(&zip, &Caps { zip: 3, ..caps }).unwrap_err().to_string().contains("3 bytes in a zip")
    );
    for bomb in [gzip(&archive), Zip::new().file("a", &[0; 2000]).end()] {
        let why = read(&bomb, &Caps { total: 1999, ..caps }).unwrap_err();
        assert_eq!(why, Unreadable::Bomb { cap: 1999 });
    }
}

#[test]
fn questions_narrow_by_path_kind_size_and_mode() {
    let archive = bytes(repository("tests/fixtures/archives/gnu-posix.tar"));
    let contents = contents(&archive);
    let paths = |narrowings: &[Narrowing]| {
        let mut query = Query::all();
        narrowings.iter().for_each(|narrowing| query.narrow(narrowing.clone()));
        let rows = query.next(&contents, 100);
        assert_eq!(query.count(&contents) as usize, rows.len());
        assert_eq!(query.rows(&contents), rows);
        let path = |id: u32| contents.entry(id).unwrap().path.clone();
        rows.into_iter().map(path).collect::<Vec<_>>()
    };
    let glob = |text: &str| Narrowing::Path(Glob::new(text).unwrap());
    assert_eq!(paths(&[glob("bin/*")]), ["bin/run", "bin/same", "bin/start"]);
    assert_eq!(paths(&[glob("bin/*"), Narrowing::Kind(EntryKind::Symlink)]), ["bin/start"]);
    assert_eq!(paths(&[glob("**umbers")]), ["share/numbers"]);
    assert_eq!(paths(&[Narrowing::SizeAtLeast(1000)]), ["share/numbers"]);
    assert_eq!(paths(&[Narrowing::ModeAny(0o6000)]), ["bin/run", "bin/same"]);
    assert_eq!(paths(&[glob("nowhere/**")]), Vec::<String>::new());
}

/// All places of a search, a few at a time.
fn hits(contents: &Contents, search: &mut Search) -> Result<Vec<(u32, u64, u32, u32)>, NotHeld> {
    let mut all = Vec::new();
    loop {
        let page = search.next(contents, 2)?;
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page.iter().map(|hit| (hit.entry, hit.offset, hit.pattern, hit.length)));
    }
}

#[test]
fn a_search_finds_bytes_and_expressions_in_their_order() {
    let archive = Tar::new().file("a", b"aaaa key=ab12 key=\xff").file("b", b"aa").end();
    let contents = contents(&archive);
    let mut search = Search::new(&Query::all(), &contents);
    search.literal(b"aa").unwrap();
    search.regex(r"key=[0-9a-f]+|(?-u)\xff").unwrap();
    search.literal(b"aaaa").unwrap();
    let all = [(0, 0, 0, 2), (0, 0, 2, 4), (0, 2, 0, 2), (0, 5, 1, 8), (0, 18, 1, 1), (1, 0, 0, 2)];
    assert_eq!(hits(&contents, &mut search).unwrap(), all);
    assert_eq!(search.next(&contents, 5).unwrap(), []);
    // One more pattern begins the pass anew.
    search.literal(b"b1").unwrap();
    assert_eq!(hits(&contents, &mut search).unwrap().len(), all.len() + 1);
}

#[test]
fn a_search_does_not_pass_over_a_file_that_is_not_held() {
    let archive = Tar::new().file("a", b"x").file("b", b"xx").end();
    let contents = read(&archive, &Caps { inflated: 1, ..Caps::default() }).unwrap();
    let mut search = Search::new(&Query::all(), &contents);
    search.literal(b"x").unwrap();
    let hit = Hit { entry: 0, offset: 0, pattern: 0, length: 1 };
    assert_eq!(search.next(&contents, 5), Ok(vec![hit]));
    for _ in 0..2 {
        assert!(search.next(&contents, 5).unwrap_err().is_capped());
    }
    let mut query = Query::all();
    query.narrow(Narrowing::Path(Glob::new("a").unwrap()));
    let mut search = Search::new(&query, &contents);
    search.literal(b"x").unwrap();
    assert_eq!(hits(&contents, &mut search).unwrap().len(), 1);
}

#[test]
fn patterns_that_match_nothing_or_are_too_large_are_refused() {
    let contents = contents(&Tar::new().file("a", b"").end());
    let mut search = Search::new(&Query::all(), &contents);
    assert_eq!(search.literal(b""), Err(BadPattern::Empty));
    for nothing in ["", "a*", r"\b", "^", "(?:)", "[a&&b]"] {
        assert_eq!(search.regex(nothing), Err(BadPattern::Nothing), "{nothing}");
    }
    assert_eq!(search.regex(r"(?:a{500}){500}"), Err(BadPattern::TooLarge));
    assert_eq!(search.regex(&"a".repeat(5000)), Err(BadPattern::TooLong));
    assert_eq!(
        search.regex("(").unwrap_err().to_string(),
        "the regex is not valid: unclosed group"
    );
    assert_eq!(search.next(&contents, 1), Ok(vec![]));
    for _ in 0..128 {
        search.literal(b"a").unwrap();
    }
    assert_eq!(search.literal(b"a"), Err(BadPattern::TooMany));
}

#[test]
fn an_expression_that_looks_to_the_end_each_time_takes_linear_time() {
    // `regex` would read all of the file for each of its bytes.
    let contents = contents(&Tar::new().file("a", &vec![b'a'; 2 << 20]).end());
    let mut search = Search::new(&Query::all(), &contents);
    search.regex("(?s).*X|a").unwrap();
    let page = search.next(&contents, 256).unwrap();
    assert_eq!(page.len(), 256);
    assert!(page.iter().enumerate().all(|(at, hit)| (hit.offset, hit.length) == (at as u64, 1)));
    assert!(search.work(&contents, 256) < 32 << 20);
}

fn any_tree() -> impl Strategy<Value = Vec<(String, Vec<u8>)>> {
    let content = prop::collection::vec(any::<u8>(), 0..2000);
    let path =
        prop::collection::vec("[a-z\u{e4}-\u{f6}]{1,60}", 1..6).prop_map(|parts| parts.join("/"));
    prop::collection::btree_map(path, content, 0..8).prop_map(|tree| tree.into_iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_was_written_is_read(tree in any_tree()) {
        let long = |tar: Tar, path: &str| tar.pax(b'x', &[("path", path)]);
        let cut = |path: &str| path.as_bytes()[..path.len().min(100)].to_vec();
        let (mut tar, mut zip) = (Tar::new(), Zip::new());
        for (path, content) in &tree {
            let name = &cut(path)[..];
            tar = long(tar, path).entry(&archive::Header { name, ..Default::default() }, content);
            zip = zip.file(path, content);
        }
        let tar = tar.end();
        for archive in [gzip(&tar), tar, zip.end()] {
            let contents = contents(&archive);
            let read = (0..).zip(contents.entries());
            let read = read.map(|(id, e)| (e.path.clone(), contents.bytes(id).unwrap().to_vec()));
            prop_assert_eq!(read.collect::<Vec<_>>(), tree.clone());
            let told = contents.ambiguities().iter().filter(|a| a.code.as_str() != "colliding-path");
            prop_assert_eq!(told.count(), 0);
        }
    }

    #[test]
    fn no_bytes_make_it_panic(
        magic in prop::sample::select(vec![&b"PK\x03\x04"[..], b"\x1f\x8b\x08", b"PK\x05\x06", b""]),
        bytes in prop::collection::vec(any::<u8>(), 0..600),
    ) {
        drop(read(&[magic, &bytes].concat(), &Caps::default()));
    }

    #[test]
    fn a_flipped_byte_of_an_archive_makes_nothing_panic(at in any::<prop::sample::Index>(), to in any::<u8>()) {
        for name in ["gnu-gnu.tar", "bsd-pax.tar", "info.zip", "python-stream.zip", "npm.tgz"] {
            let mut archive = bytes(repository("tests/fixtures/archives").join(name));
            let at = at.index(archive.len());
            archive[at] = to;
            drop(read(&archive, &Caps::default()));
        }
    }
}
