use super::*;

#[test]
fn what_is_too_severe_is_a_violation_and_so_is_what_is_unknown() {
    let rows = [
        one("CVE-1", "critical").fixed(),
        one("CVE-2", "high").in_component("b"),
        one("CVE-3", "medium"),
        one("CVE-4", "unknown").in_component(""),
        one("CVE-5", "none"),
    ];
    let (report, _) = judged(r#""deny": { "severity": "high" }"#, &rows);
    assert_eq!(
        report.to_string(),
        "violation severity-over-threshold [CVE-1 in pkg:npm/a@1]: `CVE-1` in `a@1` is critical; fixed \
         in `1.1`\n\
         violation severity-over-threshold [CVE-2 in b]: `CVE-2` in `b` is high\n\
         violation severity-over-threshold [CVE-4 in a component without a name]: `CVE-4` in `a \
         component without a name` is of unknown severity, which may be any\n"
    );
    let first = &report.findings()[0];
    assert_eq!(first.expected.as_deref(), Some("below high"));
    assert_eq!(first.found.as_deref(), Some("critical"));
    assert_eq!(first.evidence, ["sha256:scan"]);
}

#[test]
fn what_scores_too_high_is_a_violation_and_so_is_what_has_no_score() {
    let rows =
        [one("CVE-1", "low").score(70), one("CVE-2", "high").score(69), one("CVE-3", "none")];
    assert_eq!(
        findings(r#""deny": { "score": "7.0" }"#, &rows),
        "violation score-over-threshold [CVE-1 in pkg:npm/a@1]: `CVE-1` in `a@1` has the score 7.0 by \
         `nvd`\n\
         violation score-over-threshold [CVE-3 in pkg:npm/a@1]: `CVE-3` in `a@1` has no score, so it \
         may be any\n"
    );
}

#[test]
fn what_vex_clears_is_a_note_and_other_statuses_clear_nothing() {
    let rows = [
        one("CVE-1", "high").vex("not-affected"),
        one("CVE-2", "high").vex("fixed"),
        one("CVE-3", "high").vex("affected"),
        one("CVE-4", "high").vex("under-investigation"),
        one("CVE-5", "low").vex("not-affected"),
    ];
    let (report, _) = judged(r#""deny": { "severity": "high" }"#, &rows);
    let of = |id: &str, what: &str| {
        format!("severity-over-threshold [{id} in pkg:npm/a@1]: `{id}` in `a@1` is {what}\n")
    };
    assert_eq!(
        report.to_string(),
        format!(
            "violation {}violation {}note {}note {}",
            of("CVE-3", "high"),
            of("CVE-4", "high"),
            of(
                "CVE-1",
                "cleared by VEX of `security`: `not-affected`, `vulnerable_code_not_present`"
            ),
            of("CVE-2", "cleared by VEX of `security`: `fixed`"),
        )
    );
    let note = report.findings().iter().find(|finding| finding.level == Level::Note).unwrap();
    assert_eq!(note.evidence, ["sha256:scan", "sha256:vex"]);
}

#[test]
fn what_has_no_fix_is_a_warning_where_only_fixable_ones_are_denied() {
    let rows = [one("CVE-1", "high"), one("CVE-2", "high").fixed()];
    assert_eq!(
        findings(r#""deny": { "severity": "high" }, "fixable-only": true"#, &rows),
        "violation severity-over-threshold [CVE-2 in pkg:npm/a@1]: `CVE-2` in `a@1` is high; fixed in \
         `1.1`\n\
         warning severity-over-threshold [CVE-1 in pkg:npm/a@1]: `CVE-1` in `a@1` is high; no fix is \
         known\n"
    );
}

#[test]
fn what_was_published_lately_is_a_warning_that_says_until_when() {
    let settings = r#""deny": { "severity": "high" }, "grace": { "high": "7d" }"#;
    let rows = [
        one("CVE-1", "high").published(7),
        one("CVE-2", "high").published(8),
        one("CVE-3", "high"),
        one("CVE-4", "critical").published(1),
        one("CVE-5", "unknown").published(1),
        one("CVE-6", "high").published(-1),
        one("CVE-7", "medium").published(1),
        one("CVE-8", "high").published(1).vex("fixed"),
    ];
    let found = findings(settings, &rows);
    let warnings: Vec<_> = found.lines().filter(|line| line.starts_with("warning")).collect();
    assert_eq!(
        warnings,
        [
            "warning severity-over-threshold [CVE-1 in pkg:npm/a@1]: `CVE-1` in `a@1` is high; there is \
          time until 2026-10-02T00:00:00Z"
        ]
    );
    for id in ["CVE-2", "CVE-3", "CVE-4", "CVE-5", "CVE-6"] {
        let line = format!("violation severity-over-threshold [{id} in");
        assert!(found.contains(&line), "{id}\n{found}");
    }
    assert_eq!(found.lines().count(), 7, "one is below, and one is cleared\n{found}");
    let score = r#""deny": { "score": "7.0" }, "grace": { "low": "7d" }"#;
    let rows = [
        one("CVE-1", "low").score(80).published(1),
        one("CVE-2", "none").score(80).published(1),
        one("CVE-3", "low").score(60).published(1),
    ];
    let found = findings(score, &rows);
    assert!(
        found.starts_with("warning score-over-threshold [CVE-1") && found.lines().count() == 2,
        "{found}"
    );
    assert!(found.contains("violation score-over-threshold [CVE-2"), "{found}");
}

#[test]
fn what_has_no_fix_needs_no_grace() {
    let settings =
        r#""deny": { "severity": "high" }, "grace": { "high": "7d" }, "fixable-only": true"#;
    let rows = [one("CVE-1", "high").published(90), one("CVE-2", "high").published(90).fixed()];
    let found = findings(settings, &rows);
    assert!(found.contains("warning severity-over-threshold [CVE-1"), "{found}");
    assert!(found.contains("violation severity-over-threshold [CVE-2"), "{found}");
}

#[test]
fn one_vulnerability_at_many_places_of_a_component_is_one_finding() {
    let rows = [one("CVE-1", "high"), one("CVE-1", "high"), one("CVE-1", "high").in_component("b")];
    let found = findings(r#""deny": { "severity": "high" }"#, &rows);
    assert_eq!(found.lines().count(), 2, "{found}");
}

#[test]
fn more_findings_than_anyone_reads_are_counted_by_the_host_and_not_read() {
    let rows: Vec<_> =
        (0..20_000).map(|n| one(&format!("CVE-{n}"), "high").published(90)).collect();
    for (settings, read) in [
        (r#""deny": { "severity": "high" }"#, MAX_NAMED),
        (r#""deny": { "severity": "high" }, "grace": { "critical": "1d" }"#, MAX_NAMED),
        // When each was published is looked at, one by one.
        (r#""deny": { "severity": "high" }, "grace": { "high": "1d" }"#, rows.len()),
    ] {
        let (report, rows_read) = judged(settings, &rows);
        assert_eq!((report.findings().len(), rows_read), (MAX_NAMED + 1, read), "{settings}");
        let last = &report.findings()[MAX_NAMED];
        assert_eq!(last.message, "19900 further findings like these");
        assert_eq!(last.level, Level::Violation);
    }
    let cleared: Vec<_> = rows.iter().map(|one| one.clone().vex("fixed")).collect();
    let (report, _) = judged(r#""deny": { "severity": "high" }"#, &cleared);
    let last = report.findings().last().unwrap();
    assert_eq!(
        (last.level, last.message.as_str()),
        (Level::Note, "19900 further findings like these")
    );
}
