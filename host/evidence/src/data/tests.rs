//! What files and tables say, and why one is none.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;

use super::*;

const EPSS: &str = "#model_version:v2026.01.01,score_date:2026-10-01T00:00:00+0000\n\
                    cve,epss,percentile\n\
                    CVE-2021-44228,0.94358,0.99958\n\
                    CVE-1999-0001,0.01,0.6\n";

const KEV: &str = r#"{
    "catalogVersion": "2026.10.01", "count": 2, "a/b": { "~": [true, null] },
    "vulnerabilities": [
        { "cveID": "CVE-2021-44228", "dateAdded": "2021-12-10", "cwes": ["CWE-20"], "rank": 1.50 },
        { "cveID": "CVE-2014-\u0030160", "dateAdded": "2022-05-04", "known": true, "notes": "" }
    ]
}"#;

fn file(bytes: impl AsRef<[u8]>) -> File {
    File::new(bytes.as_ref().into(), Digest::from_sha256([7; 32]))
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn csv_flaw(text: impl AsRef<[u8]>) -> String {
    file(text).csv("cve").unwrap_err().to_string()
}

fn json_flaw(text: &str) -> String {
    file(text).json("/vulnerabilities", "cveID").unwrap_err().to_string()
}

#[test]
fn rows_of_csv_are_found_by_a_column() {
    for bytes in [EPSS.into(), EPSS.replace('\n', "\r\n").into_bytes(), gzip(EPSS.as_bytes())] {
        let table = file(&bytes).csv("cve").unwrap();
        assert_eq!(table.len(), 2);
        let row = table.row("CVE-1999-0001").unwrap();
        assert_eq!(row.get("epss").as_deref(), Some("0.01"));
        assert_eq!(row.get("percentile").as_deref(), Some("0.6"));
        assert_eq!(row.get("colour"), None);
        assert!(table.row("cve-1999-0001").is_none(), "keys are compared exactly");
        assert_eq!(
            table.comments(),
            ["model_version:v2026.01.01,score_date:2026-10-01T00:00:00+0000"]
        );
        assert_eq!(table.value("/count"), None);
    }
    let by_score = file(EPSS).csv("epss").unwrap();
    assert_eq!(by_score.row("0.01").unwrap().get("cve").as_deref(), Some("CVE-1999-0001"));
}

#[test]
fn fields_in_quotes_hold_what_separates_others() {
    let text = "\u{feff}\"a\",\"b \"\"x\"\"\",c\r\n\"1,\n2\",\"\"\"\",\n3,\"\",\"é\"";
    let table = file(text).csv("a").unwrap();
    let row = table.row("1,\n2").unwrap();
    assert_eq!(row.get("b \"x\"").as_deref(), Some("\""));
    assert_eq!(row.get("c"), None, "there is nothing");
    let row = table.row("3").unwrap();
    assert_eq!((row.get("b \"x\""), row.get("c").as_deref()), (None, Some("é")));
    assert!(file(text).csv("c").is_err(), "a row has nothing there");
}

#[test]
fn what_readers_of_csv_mend_is_an_error() {
    for (text, flaw) in [
        ("", "it has no line that names the columns"),
        ("# only\n", "it has no line that names the columns"),
        ("a,b\n", "it has no column `cve`; it has `a` and `b`"),
        ("cve,cve\n", "it has two columns `cve`"),
        (
            &(1..=8).map(|n| format!("{n}{}", "b".repeat(69))).collect::<Vec<_>>().join(","),
            &format!(
                "it has no column `cve`; it has {} and `5{b}`, and 3 more",
                (1..=4).map(|n| format!("`{n}{}`", "b".repeat(69))).collect::<Vec<_>>().join(", "),
                b = "b".repeat(69)
            ),
        ),
        ("cve,x\nA,1\nB\n", "line 3 has 1 fields, and 2 columns are named"),
        ("cve,x\nA,1\n\n", "line 3 has 1 fields, and 2 columns are named"),
        ("#\ncve,x\nA,1\n#B,1\nA,2\nB,1\nB,2", "line 5 has the key `A`, which an earlier row has"),
        ("cve,x\n,1\n", "line 2 has nothing in `cve`, by which rows are found"),
        ("cve,x\nA,\"1\nB,2\n", "line 2 opens a quote that nothing closes"),
        ("cve,x\nA,1\"\n", "line 2 has a quote in a field that does not begin with one"),
        ("cve,x\n\"A\"B,1\n", "line 2 has something between a closing quote and the next comma"),
        ("cve,x\nA,1\rB,2\n", "line 2 has a carriage return without a line feed"),
        ("cve,x\nA,1\r", "line 2 has a carriage return without a line feed"),
    ] {
        assert_eq!(csv_flaw(text), flaw, "{text:?}");
    }
    assert_eq!(csv_flaw(b"cve\nA\n\xff\n"), "it is not UTF-8, at line 3");
    let many = "#\n".repeat(1_001) + "cve\n";
    assert_eq!(csv_flaw(many), "it begins with more than 1000 comments, which is the cap");
    let wide = "cve".to_owned() + &",".repeat(1_000);
    assert_eq!(csv_flaw(wide), "it has more than 1000 columns, which is the cap");
}

#[test]
fn elements_of_an_array_in_json_are_found_by_a_member() {
    let kev = file(KEV);
    let table = kev.json("/vulnerabilities", "cveID").unwrap();
    assert_eq!((table.len(), table.comments().len()), (2, 0));
    let row = table.row("CVE-2021-44228").unwrap();
    assert_eq!(row.get("dateAdded").as_deref(), Some("2021-12-10"));
    assert_eq!(row.get("rank").as_deref(), Some("1.50"), "numbers stay as they are written");
    assert_eq!(row.get("cwes"), None);
    let row = table.row("CVE-2014-0160").unwrap();
    assert_eq!(row.get("known").as_deref(), Some("true"));
    assert_eq!(row.get("notes").as_deref(), Some(""));
    for (pointer, value) in [
        ("/catalogVersion", Some("2026.10.01")),
        ("/count", Some("2")),
        ("/a~1b/~0/0", Some("true")),
        ("/a~1b/~0/1", None),
        ("/a~1b/~0/00", None),
        ("/a~1b/~0/-", None),
        ("/vulnerabilities", None),
        ("/vulnerabilities/1/cveID", Some("CVE-2014-0160")),
        ("/count/0", None),
        ("/a~2b", None),
        ("count", None),
        ("", None),
    ] {
        assert_eq!(table.value(pointer).as_deref(), value, "{pointer}");
    }
    let root = file("[{\"id\":1},{\"id\":\"2\"}]").json("", "id").unwrap();
    assert!(root.row("1").is_some() && root.row("2").is_some() && root.row("3").is_none());
}

#[test]
fn json_that_is_no_such_table_is_an_error() {
    for (text, flaw) in [
        ("", "it is not valid JSON: the text ends too early at line 1 column 1"),
        (
            r#"{"vulnerabilities":[],"vulnerabilities":[]}"#,
            "it has the name `vulnerabilities` twice in one object",
        ),
        ("[]", "it has no array at the pointer `/vulnerabilities`"),
        (r#"{"vulnerabilities":{}}"#, "it has no array at the pointer `/vulnerabilities`"),
        (r#"{"vulnerabilities":[{"cveID":"A"},1]}"#, "`/vulnerabilities/1` is no object"),
        (
            r#"{"vulnerabilities":[{"cve":"A"}]}"#,
            "`/vulnerabilities/0` has nothing in `cveID`, by which rows are found",
        ),
        (
            r#"{"vulnerabilities":[{"cveID":null}]}"#,
            "`/vulnerabilities/0` has nothing in `cveID`, by which rows are found",
        ),
        (
            r#"{"vulnerabilities":[{"cveID":""}]}"#,
            "`/vulnerabilities/0` has nothing in `cveID`, by which rows are found",
        ),
        (
            r#"{"vulnerabilities":[{"cveID":"A"},{"cveID":"B"},{"cveID":"\u0041"}]}"#,
            "`/vulnerabilities/2` has the key `A`, which an earlier row has",
        ),
    ] {
        assert_eq!(json_flaw(text), flaw, "{text}");
    }
    assert_eq!(file(b"\"\xff\"").json("", "a").unwrap_err().to_string(), "it is not UTF-8");
}

#[test]
fn a_table_without_rows_is_one() {
    assert!(file("cve,epss\n").csv("cve").unwrap().is_empty());
    assert!(file("cve").csv("cve").unwrap().is_empty());
    let table = file(r#"{"vulnerabilities":[]}"#).json("/vulnerabilities", "cveID").unwrap();
    assert!(table.is_empty() && table.row("A").is_none());
}

#[test]
fn a_file_in_gzip_is_what_it_inflates_to() {
    let twice = [gzip(b"ab"), gzip(b"c")].concat();
    assert_eq!(file(&twice).contents(), Ok(&b"abc"[..]));
    let damaged = &twice[..twice.len() - 3];
    let flaw = file(damaged).contents().unwrap_err().to_string();
    assert!(flaw.starts_with("its gzip cannot be inflated: "), "{flaw}");
    assert!(file(damaged).csv("ab").is_err());
    assert!(file([&gzip(b"ab")[..], b"more"].concat()).contents().is_err(), "what is behind it?");
    let zeros = vec![0; usize::try_from(MAX_CONTENTS).unwrap() + 1];
    assert_eq!(file(gzip(&zeros[1..])).contents().map(<[u8]>::len), Ok(zeros.len() - 1));
    for bomb in [gzip(&zeros), zeros] {
        assert_eq!(file(bomb).contents(), Err(Unreadable::TooLarge));
    }
}

#[test]
fn a_table_is_made_once_and_another_key_is_another() {
    let file = file(EPSS);
    assert!(Arc::ptr_eq(&file.csv("cve").unwrap(), &file.csv("cve").unwrap()));
    assert_eq!(
        file.csv("epss").unwrap().row("0.01").unwrap().size(),
        "CVE-1999-0001,0.01,0.6\n".len()
    );
    assert_eq!(file.csv("CVE").unwrap_err(), file.csv("CVE").unwrap_err());
}

/// A field as a writer of CSV would put it, with quotes at will.
fn written(field: &str, in_quotes: bool) -> String {
    if in_quotes || field.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

proptest! {
    #[test]
    fn every_row_that_is_written_is_found_and_no_other(
        rows in prop::collection::btree_map("[a-c,\"\n\r#é]{1,3}", ("[a\",\r\n]{0,3}", any::<bool>()), 0..40),
        order in any::<bool>(),
    ) {
        let mut lines: Vec<_> = rows.iter().map(|(key, (value, in_quotes))| {
            written(key, *in_quotes) + "," + &written(value, *in_quotes) + "\n"
        }).collect();
        if order {
            lines.reverse();
        }
        let table = file("key,value\n".to_owned() + &lines.concat()).csv("key").unwrap();
        prop_assert_eq!(table.len(), rows.len());
        for (key, (value, _)) in &rows {
            let found = table.row(key).unwrap().get("value").unwrap_or_default();
            prop_assert_eq!(&found, value);
            let other = key.clone() + "x";
            prop_assert!(table.row(&other).is_none());
        }
    }

    #[test]
    fn what_is_taken_for_csv_another_reader_reads_alike(text in "[ab,\"\n\r#]{0,24}") {
        let text = "a,b\n".to_owned() + &text;
        let Ok(table) = file(&text).csv("a") else { return Ok(()) };
        let mut reader = ::csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let rows: Vec<_> = reader.records().collect::<Result<_, _>>().unwrap();
        prop_assert_eq!(table.len(), rows.len());
        for row in &rows {
            let found = table.row(&row[0]).unwrap();
            prop_assert_eq!(found.get("b").unwrap_or_default(), &row[1]);
        }
    }

    #[test]
    fn no_bytes_are_more_than_an_error(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        let _ = file(&bytes).csv("");
        let _ = file(&bytes).json("", "");
    }
}
