//! Archives that two readers may read in two ways, and those that are made to hurt.
#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod archive;
mod common;

use archive::{Header, Stated, Tar, Zip, gzip, record};
use common::Case;
use lockgate_evidence::contents::{Caps, Contents, Unreadable};

fn read(archive: &[u8]) -> Result<Contents, Unreadable> {
    Case::about(archive).artifact().contents(&Caps::default()).unwrap()
}

/// What is ambiguous, each as its code and its path.
fn ambiguities(archive: &[u8]) -> Vec<String> {
    let contents = read(archive).unwrap_or_else(|why| panic!("{why}"));
    let line = |a: &lockgate_evidence::contents::Ambiguity| {
        assert!(a.detail.starts_with(char::is_lowercase) || a.detail.starts_with(char::is_numeric));
        format!("{} {}", a.code.as_str(), a.path.as_deref().unwrap_or("-"))
    };
    contents.ambiguities().iter().map(line).collect()
}

fn why(archive: &[u8]) -> String {
    read(archive).unwrap_err().to_string()
}

#[test]
fn one_path_twice_is_ambiguous_unless_it_is_the_same_folder() {
    let twice = Tar::new().file("a/b", b"1").file("./a//b", b"2").end();
    assert_eq!(ambiguities(&twice), ["duplicate-path a//b"]);
    let folders = Tar::new().of(b'5', "a/", b"").of(b'5', "./a", b"").end();
    assert_eq!(ambiguities(&folders), [""; 0]);
    let kinds = Tar::new().of(b'5', "a", b"").link(b'2', "a", "b").end();
    assert_eq!(ambiguities(&kinds), ["duplicate-path a"]);
    let zip = Zip::new().file("a", b"1").file("a", b"2").end();
    assert_eq!(ambiguities(&zip), ["duplicate-path a"]);
    let climbing = Tar::new().file("b", b"1").file("a/../b", b"2").end();
    assert_eq!(ambiguities(&climbing), ["duplicate-path a/../b", "escaping-path a/../b"]);
}

#[test]
fn paths_that_some_file_systems_take_for_one_are_ambiguous() {
    let tar = Tar::new().file("README", b"").file("readme", b"").file("caf\u{e9}", b"");
    let tar = tar.file("cafe\u{301}", b"").end();
    assert_eq!(ambiguities(&tar), ["colliding-path caf\u{e9}", "colliding-path readme"]);
}

#[test]
fn paths_and_links_out_of_the_root_are_ambiguous() {
    let tar = Tar::new()
        .file("/etc/passwd", b"")
        .file("../up", b"")
        .file("a\\..\\..\\b", b"")
        .file("C:\\x", b"")
        .link(b'2', "absolute", "/etc/shadow")
        .link(b'2', "d/inside", "../x/y")
        .link(b'2', "d/outside", "../../x")
        .link(b'1', "d/hard", "../x")
        .end();
    assert_eq!(
        ambiguities(&tar),
        [
            "escaping-link absolute",
            "escaping-link d/hard",
            "escaping-link d/outside",
            "escaping-path ../up",
            "escaping-path /etc/passwd",
            "escaping-path C:\\x",
            "escaping-path a\\..\\..\\b",
        ]
    );
    let zip = Zip::new().file("a\\b", b"").file("../c", b"").end();
    assert_eq!(ambiguities(&zip), ["escaping-path ../c", "escaping-path a\\b"]);
}

#[test]
fn a_path_through_a_link_and_a_climb_out_of_one_are_ambiguous() {
    let tar = Tar::new().link(b'2', "d/l", "x").file("d/l/f", b"").file("d/lx/f", b"");
    let tar = tar.link(b'2', "m", "d/l/../../y").end();
    assert_eq!(ambiguities(&tar), ["escaping-link m", "through-link d/l/f"]);
}

#[test]
fn a_link_in_a_zip_leads_where_its_content_says() {
    let link = |_: &mut Stated, record: &mut Stated| record.attributes = 0o120_777 << 16;
    let zip = Zip::new().odd("l", b"../../etc/passwd", link).end();
    assert_eq!(ambiguities(&zip), ["escaping-link l"]);
    let contents = read(&zip).unwrap();
    let entry = &contents.entries()[0];
    assert_eq!((entry.kind.as_str(), entry.size), ("symlink", 0));
    assert_eq!(entry.link_target.as_deref(), Some("../../etc/passwd"));
}

#[test]
fn names_that_are_not_utf_8_are_shown_escaped() {
    let tar = Tar::new().entry(&Header { name: b"a\xff", ..Header::default() }, b"").end();
    assert_eq!(ambiguities(&tar), ["unreadable-name a\\xff"]);
    let bare = |header: &mut Stated, record: &mut Stated| {
        (header.flags, record.flags) = (0, 0);
    };
    let zip = Zip::new().odd("caf\u{e9}", b"", bare).odd("plain", b"", bare).end();
    assert_eq!(ambiguities(&zip), ["unreadable-name caf\u{e9}"]);
}

#[test]
fn a_long_name_that_is_not_the_short_one_is_ambiguous() {
    let pax = |path: &str, name: &str| {
        ambiguities(&Tar::new().pax(b'x', &[("path", path)]).file(name, b"").end())
    };
    assert_eq!(pax("evil", "good"), ["conflicting-name evil"]);
    assert_eq!(pax("good", "good"), [""; 0]);
    assert_eq!(pax("a\0b", "a\0b"), ["conflicting-name a\0b"]);
    let long = Tar::new().of(b'L', "././@LongLink", b"evil\0").file("good", b"").end();
    assert_eq!(ambiguities(&long), ["conflicting-name evil"]);
    let link = Tar::new().pax(b'x', &[("linkpath", "evil")]).link(b'2', "l", "good").end();
    assert_eq!(ambiguities(&link), ["conflicting-name l"]);
    let both = Tar::new().of(b'L', "././@LongLink", b"good\0").pax(b'x', &[("path", "evil")]);
    assert_eq!(ambiguities(&both.file("evil", b"").end()), ["conflicting-name evil"]);
    let old = Header { name: b"b", prefix: b"a", magic: b"ustar\x0077", ..Header::default() };
    assert_eq!(ambiguities(&Tar::new().entry(&old, b"").end()), ["conflicting-name a/b"]);
}

#[test]
fn headers_of_a_tar_that_disagree_are_ambiguous() {
    let sizes = |stated: &str| {
        let header = Header { size: Some(0), ..Header::default() };
        let mut tar = Tar::new().pax(b'x', &[("size", stated)]).entry(&header, b"");
        tar.0.extend([7; 512]);
        ambiguities(&tar.end())
    };
    assert_eq!(sizes("512"), ["conflicting-header f"]);
    let global = Tar::new().pax(b'g', &[("path", "g")]).file("g", b"").end();
    assert_eq!(ambiguities(&global), ["conflicting-header -"]);
    let comment = Tar::new().pax(b'g', &[("comment", "0123")]).file("a", b"").end();
    assert_eq!(ambiguities(&comment), [""; 0]);
    let twice = Tar::new().pax(b'x', &[("path", "a")]).pax(b'x', &[("path", "a")]).file("a", b"");
    assert_eq!(ambiguities(&twice.end()), ["conflicting-header a"]);
    let key = Tar::new().pax(b'x', &[("path", "a"), ("path", "b")]).file("b", b"").end();
    assert_eq!(ambiguities(&key), ["conflicting-header b"]);
    let slash = Tar::new().file("a/", b"x").of(b'Z', "b", b"y").end();
    assert_eq!(ambiguities(&slash), ["conflicting-header a", "conflicting-header b"]);
    let header = Header { kind: b'5', size: Some(512), ..Header::default() };
    assert_eq!(ambiguities(&Tar::new().entry(&header, b"").end()), ["conflicting-header f"]);
}

#[test]
fn what_hides_behind_the_size_of_what_is_no_file_does_not_pass() {
    let header = Header { kind: b'2', size: Some(512), link: b"x", ..Header::default() };
    let mut tar = Tar::new().entry(&header, b"");
    tar.0.extend([7; 512]);
    assert_eq!(
        why(&tar.end()),
        "the archive is damaged at byte 512: no header with a valid checksum stands there"
    );
}

#[test]
fn sparse_files_are_listed_and_not_read() {
    let records =
        [("GNU.sparse.major", "1"), ("GNU.sparse.name", "s"), ("GNU.sparse.realsize", "9")];
    let tar = Tar::new().pax(b'x', &records).file("GNUSparseFile.0/s", b"x").end();
    let contents = read(&tar).unwrap();
    assert_eq!((contents.entries()[0].path.as_str(), contents.entries()[0].size), ("s", 9));
    assert_eq!(
        contents.bytes(0).unwrap_err().to_string(),
        "the file `s` cannot be read: it is sparse"
    );
    assert_eq!(contents.digest(0).unwrap_err(), contents.bytes(0).unwrap_err());
    assert_eq!(ambiguities(&tar), ["conflicting-header s", "conflicting-name s"]);
}

#[test]
fn what_stands_behind_the_end_is_ambiguous() {
    let tar = Tar::new().file("a", b"1").end();
    let appended = [tar.clone(), Tar::new().file("b", b"2").end()].concat();
    assert_eq!(ambiguities(&appended), ["trailing-data -"]);
    assert_eq!(read(&appended).unwrap().entries().len(), 1);
    assert_eq!(ambiguities(&gzip(&appended)), ["trailing-data -"]);
    let mut lone = Tar::new().file("a", b"1");
    lone.0.extend([0; 512]);
    assert_eq!(ambiguities(&lone.file("b", b"2").end()), ["trailing-data -"]);
    assert_eq!(ambiguities(&[gzip(&tar), vec![0; 700]].concat()), [""; 0]);
    assert_eq!(ambiguities(&[gzip(&tar), b"x".to_vec()].concat()), ["trailing-data -"]);
    assert_eq!(ambiguities(&[gzip(&tar), gzip(&appended)].concat()), ["trailing-data -"]);
    assert_eq!(ambiguities(&[tar.clone(), vec![0; 9000]].concat()), [""; 0]);
    // Without an end it is whole all the same.
    assert_eq!(ambiguities(&tar[..1024]), [""; 0]);
    let zip = Zip::new().file("a", b"1");
    assert_eq!(ambiguities(&[zip.clone().end(), b"x".to_vec()].concat()), ["trailing-data -"]);
    assert_eq!(ambiguities(&zip.end_with(b"a comment")), [""; 0]);
}

#[test]
fn headers_of_a_zip_that_differ_from_its_directory_are_ambiguous() {
    type Spoil = fn(&mut Stated, &mut Stated);
    let spoils: [Spoil; 5] = [
        |header, _| header.name = b"g".to_vec(),
        |header, _| header.size += 1,
        |header, _| header.compressed += 1,
        |header, _| header.crc ^= 1,
        |header, _| header.flags ^= 0x800,
    ];
    for spoil in spoils {
        let zip = Zip::new().odd("f", b"content", spoil).end();
        assert_eq!(ambiguities(&zip), ["conflicting-header f"]);
    }
    let folder = Zip::new().odd("f", b"", |_, record| record.attributes = 0o040_755 << 16).end();
    assert_eq!(ambiguities(&folder), ["conflicting-header f"]);
    assert_eq!(ambiguities(&Zip::new().file("d/", b"").end()), ["conflicting-header d"]);
    let java = |_: &mut Stated, record: &mut Stated| record.made_by = 0;
    assert_eq!(ambiguities(&Zip::new().odd("d/", b"", java).end()), [""; 0]);
    assert_eq!(ambiguities(&Zip::new().odd("d/", b"x", java).end()), ["conflicting-header d"]);
    let mut count = Zip::new().file("f", b"");
    count.count += 1;
    // Both numbers at the end are the one that is wrong.
    assert_eq!(ambiguities(&count.end()), ["conflicting-header -"]);
}

#[test]
fn a_name_of_a_zip_in_utf_8_that_is_another_one_is_ambiguous() {
    let extra = |name: &str, path: &str| {
        let mut extra = b"\x75\x70".to_vec();
        extra.extend(u16::try_from(path.len() + 5).unwrap().to_le_bytes());
        extra.push(1);
        extra.extend(crc32fast::hash(name.as_bytes()).to_le_bytes());
        extra.extend(path.as_bytes());
        extra
    };
    let zip = Zip::new().odd("good", b"", |_, record| record.extra = extra("good", "evil")).end();
    assert_eq!(ambiguities(&zip), ["conflicting-name evil"]);
    let zip = Zip::new().odd("good", b"", |_, record| record.extra = extra("other", "evil")).end();
    assert_eq!(ambiguities(&zip), ["conflicting-name good"]);
}

#[test]
fn a_file_that_the_directory_of_a_zip_does_not_list_is_ambiguous() {
    let mut zip = Zip::new().file("a", b"1");
    let hidden = Zip::new().file("hidden", b"2").bytes;
    zip.bytes.extend(hidden);
    let zip = zip.file("b", b"3").end();
    assert_eq!(ambiguities(&zip), ["conflicting-header -", "trailing-data -"]);
    let mut zip = Zip::new().file("a", b"1");
    zip.bytes.extend(b"signing block");
    assert_eq!(ambiguities(&zip.end()), ["trailing-data -"]);
}

#[test]
fn a_zip_with_two_ends_is_ambiguous_and_one_with_a_zip_inside_is_not() {
    let zip = Zip::new().file("a", b"1").end();
    let stored = |header: &mut Stated, record: &mut Stated| {
        (header.method, record.method) = (0, 0);
        (header.compressed, record.compressed) = (header.size, record.size);
    };
    assert_eq!(ambiguities(&Zip::new().odd("inner.zip", &zip, stored).end()), [""; 0]);
    // A second directory, in the comment of the first.
    let (directory, mut end) = (&zip[34..zip.len() - 22], zip[zip.len() - 22..].to_vec());
    end[16..20].copy_from_slice(&u32::try_from(zip.len()).unwrap().to_le_bytes());
    let twice = Zip::new().file("a", b"1").end_with(&[directory, &end].concat());
    assert_eq!(ambiguities(&twice), ["conflicting-header -", "trailing-data -"]);
    assert_eq!(
        why(&Zip::new().file("a", b"1").end_with(&end)),
        "the archive is damaged at byte 103: its directory does not lie where its end says, right \
         before it"
    );
}

#[test]
fn files_of_a_zip_that_lie_over_each_other_are_a_bomb() {
    let zip = Zip::new().file("a", &[0; 999]).odd("a", &[0; 999], |_, record| record.at = 0).end();
    assert_eq!(
        why(&zip),
        "the archive is damaged at byte 0: two of its files lie over each other, as in a bomb"
    );
}

#[test]
fn what_cannot_be_inflated_is_listed_and_not_read() {
    type Spoil = fn(&mut Stated, &mut Stated);
    let cases: [(Spoil, &str); 2] = [
        (
            |header, record| {
                (header.method, record.method) = (14, 14);
            },
            "the file `f` cannot be read: it is compressed by a method that is not read",
        ),
        (
            |header, record| {
                (header.flags, record.flags) = (0x801, 0x801);
            },
            "the file `f` cannot be read: it is encrypted",
        ),
    ];
    for (spoil, reason) in cases {
        let zip = Zip::new().odd("f", b"content", spoil).end();
        assert_eq!(ambiguities(&zip), [""; 0]);
        let contents = read(&zip).unwrap();
        assert_eq!(contents.bytes(0).unwrap_err().to_string(), reason);
        assert!(contents.digest(0).is_err() && contents.entries()[0].size == 7);
    }
}

#[test]
fn damage_says_where_and_what() {
    let tar = Tar::new().file("a", &[1; 600]).file("b", b"2").end();
    let at = |at: u64, reason: &str| format!("the archive is damaged at byte {at}: {reason}");
    assert_eq!(why(&tar[..700]), at(700, "it ends inside a file"));
    assert_eq!(why(&tar[..1600]), at(1600, "it ends inside a block"));
    assert!(why(&gzip(&tar)[..40]).ends_with("its gzip ends too early"));
    let mut checksum = gzip(&tar);
    let last = checksum.len() - 6;
    checksum[last] ^= 1;
    assert!(why(&checksum).ends_with("its gzip cannot be inflated, or has another checksum"));
    let front = Tar::new().file("a", b"").pax(b'x', &[("path", "b")]);
    assert!(why(&front.clone().end()).ends_with("an extended header has no entry behind it"));
    assert!(why(&front.0).ends_with("an extended header has no entry behind it"));
    let pax = Tar::new().of(b'x', "p", b"5 path=x\n").file("a", b"").end();
    assert_eq!(why(&pax), at(0, "its extended header is not one"));
    let volume = Tar::new().of(b'M', "p", b"").end();
    assert_eq!(why(&volume), at(0, "it is a part of an archive of several volumes"));
    let mode = Header { mode: b"99", ..Header::default() };
    let mode = Tar::new().entry(&mode, b"").end();
    assert_eq!(why(&mode), at(0, "its mode is no number that is read"));
    let large = Tar::new().of(b'x', "p", record("comment", &"x".repeat(1 << 20)).as_bytes());
    assert!(why(&large.end()).ends_with("an extended header has more than 1048576 bytes"));
    let path = "p/".repeat(40 << 10);
    let path = Tar::new().pax(b'x', &[("path", &path)]).file(&path[..100], b"").end();
    assert_eq!(why(&path), "the archive has more than 65536 bytes in one path, which is the cap");
}

#[test]
fn damage_of_a_zip_says_where_and_what() {
    let zip = Zip::new().file("a", b"content").end();
    assert!(why(&zip[..zip.len() - 1]).contains("without the end of a directory"));
    assert!(why(&zip[1..]).contains("is no archive"));
    type Spoil = fn(&mut Stated, &mut Stated);
    let cases: [(Spoil, &str); 5] = [
        (|_, record| record.crc ^= 1, "a file has another checksum than it states"),
        (|_, record| record.size -= 1, "a file inflates to more bytes than it states"),
        (|_, record| record.size += 1, "a file inflates to fewer bytes than it states"),
        (|_, record| record.compressed -= 1, "a file ends before all of it is inflated"),
        (|_, record| record.at += 1, "no header of a file stands there"),
    ];
    for (spoil, reason) in cases {
        let zip = Zip::new().odd("a", b"content", spoil).end();
        assert!(why(&zip).ends_with(reason), "{}: {reason}", why(&zip));
    }
    let mut beyond = Zip::new();
    beyond = beyond.odd("a", b"content", |header, record| {
        (header.compressed, record.compressed) = (1000, 1000);
    });
    assert!(why(&beyond.end()).ends_with("a file reaches beyond what is there"));
}

#[test]
fn a_file_that_is_two_archives_is_none() {
    let header = Header { name: b"PK\x03\x04", ..Header::default() };
    let tar = Tar::new().entry(&header, b"").end();
    assert_eq!(why(&tar), "the artifact is a tar and a zip at once, so it has no one meaning");
}
