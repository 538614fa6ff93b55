//! Folders that someone else filled: every thing in them is listed, and nothing in them hangs,
//! leads out, or fills the memory.
#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::net::UnixListener;

use camino::Utf8PathBuf;
use cap_std::fs::OpenOptions;
use common::{Case, Key, TEST_RESULT, lines, passed, statement};
use lockgate_evidence::{Artifact, Caps, Source, Trust, gather, verify};
use rustix::fs::{CWD, FileType, Mode};

fn fifo(case: &Case, path: &str) {
    let path = case.path(path);
    rustix::fs::mknodat(CWD, path.as_std_path(), FileType::Fifo, Mode::RUSR, 0).unwrap();
}

fn good(key: &Key) -> String {
    key.bundle(&statement(TEST_RESULT, &passed())).to_string()
}

#[test]
fn links_are_followed_within_the_folder_and_never_out_of_it() {
    let key = Key::p256();
    let case = Case::new().with("good.json", good(&key));
    let dir = &case.evidence;
    dir.create_dir_all("deep/er").unwrap();
    dir.write("deep/er/good.json", good(&key)).unwrap();
    dir.symlink_contents("/etc/passwd", "absolute").unwrap();
    dir.symlink_contents("nothing", "dangling").unwrap();
    dir.symlink_contents("../good.json", "deep/inside.json").unwrap();
    dir.symlink_contents("..", "deep/up").unwrap();
    dir.symlink_contents("..", "deep/er/up").unwrap();
    dir.symlink_contents("loop", "loop").unwrap();
    dir.symlink_contents("../app", "out").unwrap();
    dir.symlink_contents("..", "out-folder").unwrap();
    dir.symlink_contents("deep/er", "shortcut").unwrap();
    assert_eq!(
        case.report(&key.trusted("ci")),
        [
            "absolute 0 - rejected: is a link that leaves the folder",
            "dangling 0 - rejected: is a link to nothing",
            "deep/er/good.json 0 test-result fact: by ci",
            "deep/er/up 0 - rejected: is a link to a folder that is read already",
            "deep/inside.json 0 test-result fact: by ci",
            "deep/up 0 - rejected: is a link to a folder that is read already",
            "good.json 0 test-result fact: by ci",
            "loop 0 - rejected: is a link that leads back to itself",
            "out 0 - rejected: is a link that leaves the folder",
            "out-folder 0 - rejected: is a link that leaves the folder",
            "shortcut 0 - rejected: is a link to a folder that is read already",
        ]
    );
    let facts = case.facts(&key.trusted("ci"));
    assert_eq!(facts.attestations().len(), 1, "copies count once");
}

#[test]
fn a_folder_behind_a_link_that_comes_first_is_read_under_both_names() {
    let key = Key::p256();
    let case = Case::new();
    case.evidence.create_dir("z").unwrap();
    case.evidence.write("z/good.json", good(&key)).unwrap();
    case.evidence.symlink_contents("z", "a").unwrap();
    case.evidence.symlink_contents("../z", "z/again").unwrap();
    assert_eq!(
        case.report(&key.trusted("ci")),
        [
            "a/again 0 - rejected: is a link to a folder that is read already",
            "a/good.json 0 test-result fact: by ci",
            "z/again 0 - rejected: is a link to a folder that is read already",
            "z/good.json 0 test-result fact: by ci",
        ]
    );
}

#[test]
fn what_is_no_file_is_not_opened() {
    let case = Case::new();
    fifo(&case, "evidence/pipe");
    case.evidence.symlink_contents("pipe", "to-pipe").unwrap();
    let _socket = UnixListener::bind(case.path("evidence/socket")).unwrap();
    assert_eq!(
        case.report(&Trust::empty()),
        [
            "pipe 0 - rejected: is a FIFO, which is not opened",
            "socket 0 - rejected: is a socket, which is not opened",
            "to-pipe 0 - rejected: is a FIFO, which is not opened",
        ]
    );
}

#[test]
fn an_oversized_document_names_the_key_that_raises_the_cap() {
    let case = Case::new();
    let mut options = OpenOptions::new();
    let sparse = case.evidence.open_with("sparse", options.write(true).create(true)).unwrap();
    sparse.set_len(5 << 30).unwrap();
    assert_eq!(
        case.report(&Trust::empty()),
        ["sparse 0 - rejected: has 5368709120 bytes, and the cap is 67108864: raise \
          `max-document` under `[evidence]` in the policy file"]
    );
    let case = Case::new().with("a", "12345678").with("b", "123456789").cap(8);
    assert_eq!(
        case.report(&Trust::empty()),
        [
            "a 0 - unrecognised: is no evidence of a form that this version knows",
            "b 0 - rejected: has 9 bytes, and the cap is 8: raise `max-document` under \
             `[evidence]` in the policy file",
        ]
    );
}

#[test]
fn a_file_that_holds_more_than_it_states_is_refused_by_reading() {
    // Files of the kernel state a size of 0 and hold bytes.
    let path = Utf8PathBuf::from("/proc/self/status");
    let mut artifact = Case::new().artifact();
    let source = Source { kind: None, path };
    let gathered = gather(
        &mut artifact,
        &[source],
        &Caps { document_bytes: 16, ..Caps::default() },
        &Trust::empty(),
    )
    .unwrap();
    let facts = verify(gathered, &artifact, &Trust::empty(), common::at());
    assert_eq!(
        lines(&facts),
        ["status 0 - rejected: has more than 16 bytes, which is the cap: raise `max-document` \
          under `[evidence]` in the policy file"]
    );
}

#[test]
fn all_documents_together_have_a_cap() {
    let mut case = Case::new().cap(10);
    for name in 'a'..='i' {
        case = case.with(&name.to_string(), "0123456789");
    }
    let report = case.report(&Trust::empty());
    assert_eq!(report.iter().filter(|line| line.contains("unrecognised")).count(), 8);
    assert_eq!(
        report[8],
        "i 0 - rejected: would make all documents more than 80 bytes: raise `max-document` under \
         `[evidence]` in the policy file"
    );
}

#[test]
fn what_is_no_evidence_says_what_it_is() {
    let media_type = "application/vnd.dev.sigstore.bundle.v0.3+json";
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let case = Case::new()
        .with("bare", "MEUCIBMU9OGxf+gPO98Er0SxWhtT0AYgRa2Tk+cABC/wJnhFAiEAnzpaX4pL2jk+mwMpNbm1TxmbSpc8iMnp+xUucb1G14o=\n")
        .with("binary", b"\x1f\x8b\xff\x00")
        .with("blank", " \n\n")
        .with("bundle-deep", format!("{{\"mediaType\":\"{media_type}\",\"x\":{deep}}}"))
        .with("bundle-latin1", [b"{\"mediaType\":\"", media_type.as_bytes(), b"\",\"x\":\"\xe9\"}"].concat())
        .with("deep", deep)
        .with("empty", "")
        .with("key", Key::p256().pem())
        .with("latin1", b"{\"a\":\"\xe9\"}")
        .with("note.txt", "built on a Tuesday\n")
        .with("other.json", "{\"a\":1}")
        .with("short", "aGVsbG8=")
        .with("trailing", "{\"a\":1} x")
        .with("words", "\u{feff}{}")
        .with("xml", "<?xml version=\"1.0\"?><bom/>");
    assert_eq!(
        case.report(&Trust::empty()),
        [
            "bare 0 signature rejected: no key in `[trust]` verifies the signature",
            "binary 0 - unrecognised: is not UTF-8, and no evidence of a form that this version knows",
            "blank 0 - unrecognised: is blank",
            "bundle-deep 0 - rejected: is nested deeper than 100 levels",
            "bundle-latin1 0 - rejected: is not UTF-8",
            "deep 0 - unrecognised: is nested deeper than 100 levels",
            "empty 0 - unrecognised: is empty",
            "key 0 - unrecognised: a public key, which is no evidence",
            "latin1 0 - unrecognised: is not UTF-8",
            "note.txt 0 - unrecognised: is no evidence of a form that this version knows",
            "other.json 0 - unrecognised: is JSON, but no evidence of a form that this version knows",
            "short 0 - unrecognised: is no evidence of a form that this version knows",
            "trailing 0 - unrecognised: is not valid JSON: more data after the end at line 1 column 9",
            "words 0 - unrecognised: is no evidence of a form that this version knows",
            "xml 0 sbom rejected: is not signed",
        ]
    );
}

#[test]
fn names_are_shown_so_that_no_terminal_obeys_them() {
    let case = Case::new().with("a\u{1b}[2J\n\u{202e}", "x");
    case.evidence.write(OsStr::from_bytes(b"bad\xff.json"), "x").unwrap();
    case.evidence.create_dir(OsStr::from_bytes(b"dir\xff")).unwrap();
    case.evidence.write(OsStr::from_bytes(b"dir\xff/x"), "x").unwrap();
    assert_eq!(
        case.report(&Trust::empty()),
        [
            "a\\u{1b}[2J\\u{a}\\u{202e} 0 - unrecognised: is no evidence of a form that this version knows",
            "bad\u{fffd}.json 0 - rejected: its name is not UTF-8",
            "dir\u{fffd} 0 - rejected: its name is not UTF-8",
        ]
    );
}

#[test]
fn folders_end_somewhere() {
    let case = Case::new();
    let deep = vec!["d"; 40].join("/");
    case.evidence.create_dir_all(&deep).unwrap();
    let reached = vec!["d"; 33].join("/");
    assert_eq!(
        case.report(&Trust::empty()),
        [format!("{reached} 0 - rejected: lies more than 32 folders deep")]
    );
    let case = Case::new();
    for number in 0..10_010 {
        case.evidence.write(format!("{number:05}"), "").unwrap();
    }
    let report = case.report(&Trust::empty());
    assert_eq!(report.len(), 10_001);
    assert_eq!(
        report[10_000],
        "10000 0 - rejected: is not read, nor what follows: a folder has 10000 files at most"
    );
}

#[test]
fn an_empty_folder_holds_nothing() {
    assert!(Case::new().report(&Trust::empty()).is_empty());
}

#[test]
fn only_what_the_caller_named_can_be_an_error() {
    let case = Case::new().with("file", "x");
    fifo(&case, "pipe");
    let message = |path: &str| {
        let source = Source { kind: None, path: case.path(path) };
        let error =
            gather(&mut case.artifact(), &[source], &Caps::default(), &Trust::empty()).unwrap_err();
        assert!(!error.is_host_failure());
        error.to_string().replace(case.path("").as_str(), "")
    };
    assert_eq!(message("nothing"), "the evidence `nothing` does not exist");
    assert_eq!(message("evidence/file/x"), "the evidence `evidence/file/x` does not exist");
    assert_eq!(message("pipe"), "the evidence `pipe` is a FIFO, and a file or a folder is needed");
    case.evidence.symlink_contents("loop", "loop").unwrap();
    assert_eq!(message("evidence/loop"), "cannot open the evidence `evidence/loop`");
}

#[test]
fn an_artifact_is_a_file_or_a_digest() {
    let case = Case::new();
    fifo(&case, "pipe");
    let name = case.path("app");
    let artifact = Artifact::resolve(name.as_str()).unwrap();
    assert_eq!(artifact.subject().name, *"app");
    assert_eq!(artifact.subject().digest.hex(), common::sha256());
    assert_eq!(artifact.sha512_hex(), None);
    let message = |text: &str| {
        let error = Artifact::resolve(text).unwrap_err();
        assert!(!error.is_host_failure());
        error.to_string().replace(case.path("").as_str(), "")
    };
    assert_eq!(message(case.path("nothing").as_str()), "the artifact `nothing` does not exist");
    assert_eq!(message(""), "the artifact `` does not exist");
    assert_eq!(
        message(case.path("evidence").as_str()),
        "the artifact `evidence` is a folder, and a file is needed"
    );
    assert_eq!(
        message(case.path("pipe").as_str()),
        "the artifact `pipe` is a FIFO, and a file is needed"
    );
    assert_eq!(message("/dev/zero"), "the artifact `/dev/zero` is a device, and a file is needed");
    assert_eq!(message("sha256:abc"), "the artifact `sha256:abc` is not a digest");
    assert_eq!(message("SHA256:abc"), "the artifact `SHA256:abc` is not a digest");
    for other in ["oci://example.com/app:v1", "OCI-layout:folder", "sha512:abc", "https://x"] {
        assert_eq!(
            message(other),
            format!(
                "the artifact `{other}` is not supported by this version: name a file, \
                 `oci-layout:PATH` or `sha256:HEX`"
            )
        );
    }
}

#[test]
fn a_file_cannot_shadow_a_digest() {
    let text = format!("sha256:{}", "0".repeat(64));
    let artifact = Artifact::resolve(&text).unwrap();
    assert_eq!(artifact.subject().name, *text.as_str());
    assert_eq!(artifact.subject().digest.to_string(), text);
}
