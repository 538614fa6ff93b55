use super::*;

#[test]
fn a_scan_is_fresh_and_says_who_made_it() {
    let policy = policy(
        r#""deny": { "severity": "high" }, "database-max-age": "2d", "scanners": ["trivy", "grype"]"#,
    );
    let made = |scanner: Option<&str>, scanned_at, database_at| {
        let scanner = scanner.map(Into::into);
        let made = Made { scanner, scanned_at, database_at, covered_nothing: false, left_out: 0 };
        let mut report = Report::new();
        policy.made(&made, PLACE, AT, &mut report);
        report.to_string()
    };
    assert_eq!(made(Some("Trivy"), Some(AT - DAY), Some(AT - 2 * DAY)), "");
    assert_eq!(
        made(Some("Snyk"), Some(AT - DAY - 1), Some(AT - 2 * DAY - 1)),
        "violation stale-scan: the scan was made at 2026-09-30T23:59:59Z, and 1d is the oldest\n\
         violation stale-database: the database of the scan was made at 2026-09-29T23:59:59Z, and 2d is \
         the oldest\n\
         violation scanner-not-allowed: the scan was made by `Snyk`\n"
    );
    assert_eq!(
        made(None, None, None),
        "violation stale-scan: the scan does not say when it was made\n\
         violation stale-database: the database of the scan does not say when it was made\n\
         violation scanner-not-allowed: the scan does not say what made it\n"
    );
    assert_eq!(made(Some("Trivy"), Some(AT + 300), Some(AT)), "", "clocks differ");
    let future = made(Some("Trivy"), Some(AT + 301), Some(AT));
    assert!(future.contains("after the moment that is asked for"), "{future}");
}

#[test]
fn a_scan_looks_at_something_and_keeps_nothing_back() {
    let made = |settings: &str, covered_nothing, left_out| {
        let scanned_at = Some(AT);
        let made = Made { scanner: None, scanned_at, database_at: None, covered_nothing, left_out };
        let mut report = Report::new();
        policy(settings).made(&made, PLACE, AT, &mut report);
        report.to_string()
    };
    let high = r#""deny": { "severity": "high" }"#;
    assert_eq!(made(high, false, 0), "");
    assert_eq!(made(high, true, 0), "violation empty-scan: the scan looked at nothing\n");
    let left_out =
        "suppressed-finding: the scan lacks findings that the scanner was told to leave out: 2\n";
    assert_eq!(made(high, false, 2), format!("violation {left_out}"));
    let warned = r#""deny": { "severity": "high" }, "suppressed": "warn""#;
    assert_eq!(made(warned, false, 2), format!("warning {left_out}"));
}

#[test]
fn there_are_as_many_scans_as_are_asked_for_and_each_can_be_read() {
    let policy = policy(r#""deny": { "severity": "high" }, "min-scans": 2"#);
    let enough = |count| {
        let mut report = Report::new();
        policy.enough(count, &mut report);
        report.to_string()
    };
    assert_eq!(enough(2), "");
    assert_eq!(
        enough(1),
        "violation missing-scan: only 1 of 2 scans that are asked for are there\n"
    );
    assert_eq!(enough(0), "violation missing-scan: there is no scan\n");
    let mut report = Report::new();
    unreadable("scan.json", "it is of no format", PLACE, &mut report);
    assert_eq!(
        report.to_string(),
        "violation unreadable-scan [scan.json]: the scan `scan.json` cannot be read: it is of no \
         format\n"
    );
}

#[test]
fn what_is_worth_knowing_of_a_scan_is_repeated() {
    let mut report = Report::new();
    noted(&["it covered nothing".into()], PLACE, &mut report);
    assert_eq!(report.to_string(), "note unreadable-scan: of the scan: it covered nothing\n");
    let mut report = Report::new();
    noted(&vec!["again".into(); MAX_NOTES + 2], PLACE, &mut report);
    assert_eq!(report.findings().len(), MAX_NOTES + 1);
    assert_eq!(report.findings()[MAX_NOTES].message, "2 further notes");
}
